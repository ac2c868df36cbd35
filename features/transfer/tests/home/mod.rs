//! A site for a test: a database, blobs, and the imports into it.
#![allow(dead_code, missing_docs, reason = "each test uses its part")]

pub mod dumps;

use std::path::{Path, PathBuf};

use gp_content::{Actor, ContentType, Grant, Types, Verb};
use gp_kernel::{Error, SystemClock};
use gp_store::{BlobStore, Conn, Db, migrate};
use gp_transfer::{Report, Silent, SiteImport, SiteSource, WxrImport, export_wxr, import_site, import_wxr};
use serde_json::Value;

pub fn fixtures(set: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GUIDEPOST_FIXTURES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures"),
        PathBuf::from,
    );
    let folder = root.join(set);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("transfer, {set}: skipped, {} is absent", folder.display());
    None
}

pub fn json(file: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

pub fn grant() -> Grant {
    Actor::system().may_manage(Verb::Import).unwrap()
}

pub fn types() -> Types {
    let public = |name| ContentType {
        public: true,
        ..ContentType::internal(name, name, name)
    };
    Types::new(vec![public("post"), public("page"), public("attachment")])
}

pub struct Home {
    pub db: Db,
    pub blobs: BlobStore,
    pub folder: tempfile::TempDir,
}

pub type Cells = Vec<Vec<u8>>;

impl Home {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open("", folder.path()).await.unwrap();
        migrate(&db).await.unwrap();
        let blobs = BlobStore::open("", folder.path()).unwrap();
        Self { db, blobs, folder }
    }

    /// One for each kind of database that this machine has.
    pub async fn each(label: &str) -> Vec<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut homes = Vec::new();
        for test in gp_store::testing::databases(folder.path(), label).await.unwrap() {
            homes.push(Self {
                db: test.db,
                blobs: BlobStore::in_memory(),
                folder: tempfile::tempdir().unwrap(),
            });
        }
        // The file of SQLite lives as long as the process needs it.
        let _ = folder.keep();
        homes
    }

    pub async fn try_import(&self, options: &SiteImport) -> Result<Report, Error> {
        Ok(
            import_site(&self.db, &self.blobs, &grant(), options, &Silent, &SystemClock)
                .await?
                .1,
        )
    }

    pub async fn import(&self, dump: &Path, uploads: Option<PathBuf>) -> Report {
        self.try_import(&site(dump, uploads)).await.unwrap()
    }

    pub async fn wxr(&self, file: &Path) -> Result<Report, Error> {
        let options = WxrImport {
            files: vec![file.to_owned()],
            ..WxrImport::default()
        };
        import_wxr(&self.db, &self.blobs, &grant(), &options, &Silent, &SystemClock).await
    }

    pub async fn export(&self) -> PathBuf {
        let path = self.folder.path().join("out.xml");
        let out = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
        export_wxr(&self.db, &types(), out, &Silent, &SystemClock)
            .await
            .unwrap();
        path
    }

    pub async fn conn(&self) -> Conn {
        self.db.read().await.unwrap()
    }

    pub async fn number(&self, sql: &str) -> i64 {
        self.conn().await.number(sql, &[]).await.unwrap()
    }

    pub async fn text(&self, sql: &str) -> String {
        self.conn().await.one(sql, &[]).await.unwrap().unwrap().text(0).unwrap()
    }

    pub async fn bytes(&self, sql: &str) -> Vec<u8> {
        self.conn()
            .await
            .one(sql, &[])
            .await
            .unwrap()
            .unwrap()
            .bytes(0)
            .unwrap()
    }

    /// Rows of a statement; `kinds` says what each column is: `i`, `t` or `b`.
    pub async fn rows(&self, sql: &str, kinds: &str) -> Vec<Cells> {
        let rows = self.conn().await.all(sql, &[]).await.unwrap();
        let cell = |row: &gp_store::Row, at, kind| match kind {
            'i' => row.int(at).unwrap().to_string().into_bytes(),
            't' => row.text(at).unwrap().into_bytes(),
            _ => row.bytes(at).unwrap(),
        };
        rows.iter()
            .map(|row| {
                kinds
                    .chars()
                    .enumerate()
                    .map(|(at, kind)| cell(row, at, kind))
                    .collect()
            })
            .collect()
    }

    /// Everything that an export of WordPress's own format carries.
    pub async fn carried(&self) -> Vec<(&'static str, Vec<Cells>)> {
        let mut all = Vec::new();
        for (name, sql, kinds) in [
            (
                "items",
                "select id, type, status, name, title, content, excerpt, parent, menu_order, date, date_gmt, modified, \
              modified_gmt, password, comment_status, ping_status, guid from items order by id",
                "ittttttiitttttttt",
            ),
            (
                "authors",
                "select i.id, u.id, u.login, u.email, u.display_name from items i join users u on u.id = i.author order by 1",
                "iittt",
            ),
            (
                "meta",
                "select item_id, key, value from item_meta order by item_id, id",
                "itb",
            ),
            (
                "terms",
                "select term_id, taxonomy, name, slug, description, parent from terms order by taxonomy, slug, term_id",
                "itttti",
            ),
            (
                "term meta",
                "select term_id, key, value from term_meta order by term_id, id",
                "itb",
            ),
            (
                "item terms",
                "select x.item_id, t.taxonomy, t.slug from item_terms x join terms t on t.id = x.term_taxonomy_id \
              order by 1, 2, 3",
                "itt",
            ),
            (
                "comments",
                "select id, item_id, author, author_email, author_url, author_ip, date, date_gmt, content, approved, type, \
              parent, user_id from comments order by id",
                "iitttttttttii",
            ),
            (
                "comment meta",
                "select comment_id, key, value from comment_meta order by comment_id, id",
                "itb",
            ),
        ] {
            all.push((name, self.rows(sql, kinds).await));
        }
        all
    }

    /// Every value of every table, as bytes.
    pub async fn everything(&self) -> Cells {
        let mut found = Vec::new();
        for (table, columns) in [
            (
                "items",
                "title, content, excerpt, name, guid, content_filtered, password",
            ),
            ("item_meta", "value"),
            ("term_meta", "value"),
            ("user_meta", "value"),
            ("comment_meta", "value"),
            ("terms", "name, slug, description"),
            ("users", "login, display_name, email"),
            ("comments", "content, author"),
            ("options", "value"),
            ("kept_rows", "data"),
        ] {
            for column in columns.split(", ") {
                let sql = format!("select cast({column} as blob) from {table}");
                found.extend(self.rows(&sql, "b").await.into_iter().flatten());
            }
        }
        found
    }
}

pub fn site(dump: &Path, uploads: Option<PathBuf>) -> SiteImport {
    SiteImport {
        from: SiteSource::Dump(dump.to_owned()),
        uploads,
        prefix: None,
        dry_run: false,
    }
}

/// Compares what two sites hold and says where they differ first.
pub fn assert_same(a: &[(&'static str, Vec<Cells>)], b: &[(&'static str, Vec<Cells>)], what: &str) {
    let show = |row: Option<&Cells>| {
        row.map(|r| {
            r.iter()
                .map(|c| String::from_utf8_lossy(c).chars().take(200).collect::<String>())
                .collect::<Vec<_>>()
        })
    };
    for ((name, left), (_, right)) in a.iter().zip(b) {
        for at in 0..left.len().max(right.len()) {
            assert_eq!(show(left.get(at)), show(right.get(at)), "{what}: {name}, row {at}");
            assert_eq!(left.get(at), right.get(at), "{what}: {name}, row {at}");
        }
    }
}
