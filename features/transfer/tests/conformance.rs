//! Judges imports by recorded sites: the folder that `GUIDEPOST_FIXTURES` names. Skipped when it is absent.

use std::path::{Path, PathBuf};

use gp_content::{Actor, Verb};
use gp_kernel::SystemClock;
use gp_store::{BlobStore, Db, migrate};
use gp_transfer::{Report, Silent, SiteImport, SiteSource, import_site};
use serde_json::Value;

fn fixtures(set: &str) -> Option<PathBuf> {
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

fn json(file: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

struct Home {
    db: Db,
    blobs: BlobStore,
    _folder: tempfile::TempDir,
}

async fn home() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open("", folder.path()).await.unwrap();
    migrate(&db).await.unwrap();
    let blobs = BlobStore::open("", folder.path()).unwrap();
    Home { db, blobs, _folder: folder }
}

impl Home {
    async fn import(&self, dump: &Path, uploads: Option<PathBuf>) -> Report {
        let options = SiteImport {
            from: SiteSource::Dump(dump.to_owned()),
            uploads,
            prefix: None,
            dry_run: false,
        };
        let grant = Actor::system().may_manage(Verb::Import).unwrap();
        import_site(&self.db, &self.blobs, &grant, &options, &Silent, &SystemClock).await.unwrap().1
    }

    async fn number(&self, sql: &str) -> i64 {
        self.db.read().await.unwrap().number(sql, &[]).await.unwrap()
    }

    /// Every value of every table, as bytes.
    async fn everything(&self) -> Vec<Vec<u8>> {
        let mut conn = self.db.read().await.unwrap();
        let mut found = Vec::new();
        for (table, columns) in [
            ("items", "title, content, excerpt, name, guid, content_filtered, password"),
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
                for row in conn.all(&sql, &[]).await.unwrap() {
                    found.push(row.bytes(0).unwrap());
                }
            }
        }
        found
    }
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|w| w == needle)
}

#[tokio::test]
async fn a_whole_site_is_imported_without_losing_a_row() {
    let Some(folder) = fixtures("site") else { return };
    let home = home().await;
    let report = home.import(&folder.join("dump.sql"), Some(folder.join("uploads.tar"))).await;
    let counts = json(&folder.join("counts.json"));
    let mut wrong = Vec::new();
    for (table, rows) in counts["tables"].as_object().unwrap() {
        let count = report.tables.get(table).copied().unwrap_or_default();
        if Some(count.rows) != rows.as_u64() || !count.adds_up() || count.refused > 0 {
            wrong.push(format!("{table}: {count:?}, recorded {rows}"));
        }
    }
    for (kind, by_status) in counts["posts"].as_object().unwrap() {
        for (status, number) in by_status.as_object().unwrap() {
            let found = home.number(&format!("select count(*) from items where type = '{kind}' and status = '{status}'")).await;
            if Some(found) != number.as_i64() {
                wrong.push(format!("{kind}/{status}: {found}, recorded {number}"));
            }
        }
    }
    for (taxonomy, number) in counts["terms"].as_object().unwrap() {
        let found = home.number(&format!("select count(*) from terms where taxonomy = '{taxonomy}'")).await;
        let kept = home.number("select count(*) from kept_rows where table_name = 'wp_term_taxonomy'").await;
        if Some(found) != number.as_i64() && kept == 0 {
            wrong.push(format!("{taxonomy}: {found}, recorded {number}"));
        }
    }
    for (kind, by_status) in counts["comments"].as_object().unwrap() {
        for (status, number) in by_status.as_object().unwrap() {
            let sql = format!("select count(*) from comments where type = '{kind}' and approved = '{status}'");
            let found = home.number(&sql).await;
            if Some(found) != number.as_i64() {
                wrong.push(format!("comment {kind}/{status}: {found}, recorded {number}"));
            }
        }
    }
    for (name, value) in counts["options"].as_object().unwrap() {
        let stored = gp_store::settings::get(&mut home.db.read().await.unwrap(), name).await.unwrap();
        if value.as_str().is_some_and(|v| Some(v.as_bytes()) != stored.as_deref()) {
            wrong.push(format!("option {name}"));
        }
    }
    println!("transfer, site: {} tables, {:?}", report.tables.len(), report.total());
    assert!(wrong.is_empty(), "{wrong:#?}\n{}", report.to_text());

    let again = home.import(&folder.join("dump.sql"), Some(folder.join("uploads.tar"))).await;
    let total = again.total();
    assert_eq!((total.imported, total.updated, total.refused), (0, 0, 0), "{}", again.to_text());
    assert_eq!(total.unchanged + total.kept, total.rows);
    assert_eq!(again.uploads.as_ref().map(|u| u.imported), Some(0));
}

#[tokio::test]
async fn every_marker_of_the_site_is_found() {
    let Some(folder) = fixtures("site") else { return };
    let home = home().await;
    home.import(&folder.join("dump.sql"), None).await;
    let all = home.everything().await;
    let text = std::fs::read_to_string(folder.join("markers.json")).unwrap();
    let mut markers: Vec<&str> = text.match_indices("zq7-").map(|(at, _)| {
        let end = text[at..].find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(text.len() - at);
        &text[at..at + end]
    }).collect();
    markers.sort_unstable();
    markers.dedup();
    let lost: Vec<&&str> = markers.iter().filter(|m| !all.iter().any(|v| holds(v, m.as_bytes()))).collect();
    println!("transfer, site: {} of {} markers found", markers.len() - lost.len(), markers.len());
    assert!(lost.is_empty(), "{lost:?}");
}

#[tokio::test]
async fn uploads_keep_every_byte() {
    let Some(folder) = fixtures("site") else { return };
    let home = home().await;
    let report = home.import(&folder.join("dump.sql"), Some(folder.join("uploads.tar"))).await;
    let mut conn = home.db.read().await.unwrap();
    let mut right = 0;
    let list = json(&folder.join("uploads.json"));
    let list = list.as_array().unwrap();
    for file in list {
        let path = file[0].as_str().unwrap();
        let path = path.strip_prefix("uploads/").unwrap_or(path);
        let row = conn.one("select digest, size from files where path = $1", &[path.into()]).await.unwrap();
        if path.contains("wp-personal-data-exports") {
            assert!(row.is_none(), "{path} must not have a name");
            right += 1;
            continue;
        }
        let row = row.unwrap_or_else(|| panic!("{path} has no name"));
        assert_eq!((row.text(0).unwrap().as_str(), row.int(1).unwrap()), (file[2].as_str().unwrap(), file[1].as_i64().unwrap()));
        let digest = gp_store::Digest::parse(&row.text(0).unwrap()).unwrap();
        assert_eq!(gp_store::Digest::of(&home.blobs.get(&digest).await.unwrap()), digest);
        right += 1;
    }
    println!("transfer, site: {right} of {} files, {:?}", list.len(), report.uploads);
}
