//! A small site in a fresh database, written row by row as an import would leave it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![allow(dead_code, reason = "each suite uses its part")]

use std::{collections::BTreeMap, path::Path, sync::Arc};

use gp_blocks::{Listing, PageContext, Theme};
use gp_content::{
    Comment, ContentType, Item, Scope, Sight, Site, Term, Types,
    address::{Address, Request},
    comments, items, terms,
    types::Rights,
};
use gp_kernel::{CommentId, ItemId, TermId, TermTaxonomyId};
use gp_store::{Arg, Conn, testing::databases};

pub struct TestSite {
    pub conn: Conn,
    pub types: Arc<Types>,
    pub options: BTreeMap<String, Vec<u8>>,
    _folder: tempfile::TempDir,
}

pub fn types() -> Types {
    let post = ContentType {
        public: true,
        rights: Rights::PerItem("posts"),
        ..ContentType::internal("post", "Resource", "Resources")
    };
    let page = ContentType {
        name: "page",
        hierarchical: true,
        ..post.clone()
    };
    let file = ContentType {
        name: "attachment",
        ..post.clone()
    };
    Types::new(vec![
        post,
        page,
        file,
        ContentType::internal("wp_block", "Pattern", "Patterns"),
    ])
}

pub fn item(id: i64, kind: &str, title: &str, content: &str) -> Item {
    Item {
        id: ItemId(id),
        kind: kind.to_owned(),
        status: "publish".to_owned(),
        name: title.to_lowercase().replace(' ', "-"),
        title: title.to_owned(),
        content: content.to_owned(),
        date: format!("2026-11-{:02} 10:00:00", id % 28 + 1),
        date_gmt: format!("2026-11-{:02} 10:00:00", id % 28 + 1),
        modified: format!("2026-11-{:02} 10:00:00", id % 28 + 1),
        version: 1,
        ..Item::default()
    }
}

impl TestSite {
    pub async fn new(folder: tempfile::TempDir) -> Self {
        let db = made(folder.path()).await;
        let options = [
            ("blogname", "Child &amp; Safety"),
            ("permalink_structure", "/%postname%/"),
            ("stylesheet", "tiny"),
            ("date_format", "j F Y"),
        ];
        Self {
            conn: db.write().await.unwrap(),
            types: Arc::new(types()),
            options: options
                .iter()
                .map(|(k, v)| ((*k).to_owned(), v.as_bytes().to_vec()))
                .collect(),
            _folder: folder,
        }
    }

    pub async fn add(&mut self, item: &Item) {
        self.conn
            .insert_many(items::INSERT, items::WIDTH, "", &item.args())
            .await
            .unwrap();
    }

    pub async fn meta(&mut self, id: i64, key: &str, value: &str) {
        let sql = "insert into item_meta (id, item_id, key, value) values ($1, $2, $3, $4)";
        let number = self.conn.next_id("item_meta").await.unwrap();
        let args: [Arg; 4] = [number.into(), id.into(), key.into(), value.as_bytes().into()];
        self.conn.run(sql, &args).await.unwrap();
    }

    pub async fn term(&mut self, id: i64, taxonomy: &str, name: &str, on: &[i64]) {
        let term = Term {
            id: TermTaxonomyId(id),
            term_id: TermId(id),
            taxonomy: taxonomy.to_owned(),
            name: name.to_owned(),
            slug: name.to_lowercase(),
            ..Term::default()
        };
        self.conn
            .insert_many(terms::INSERT, terms::WIDTH, "", &term.args())
            .await
            .unwrap();
        for item in on {
            let sql = "insert into item_terms (item_id, term_taxonomy_id, term_order) values ($1, $2, 0)";
            self.conn.run(sql, &[(*item).into(), id.into()]).await.unwrap();
        }
    }

    pub async fn comment(&mut self, id: i64, on: i64, kind: &str, approved: &str, content: &str) {
        let comment = Comment {
            id: CommentId(id),
            item: ItemId(on),
            author: "Ann".to_owned(),
            date: "2026-11-20 10:00:00".to_owned(),
            date_gmt: "2026-11-20 10:00:00".to_owned(),
            content: content.to_owned(),
            approved: approved.to_owned(),
            kind: kind.to_owned(),
            ..Comment::default()
        };
        self.conn
            .insert_many(comments::INSERT, comments::WIDTH, "", &comment.args())
            .await
            .unwrap();
    }

    pub fn option(&mut self, name: &str, value: &str) {
        self.options.insert(name.to_owned(), value.as_bytes().to_vec());
    }

    pub fn page(&self, address: Address, listing: Listing) -> PageContext {
        PageContext {
            site: Arc::new(Site::from_options(self.options.clone())),
            types: Arc::clone(&self.types),
            scope: Scope::public(&self.types),
            address,
            listing,
            password: gp_blocks::Password::None,
            base_url: "https://library.example".to_owned(),
            request: Request::parse("/", ""),
            now: "2026-11-25T12:00:00Z".parse().unwrap(),
            reading: None,
            alike: Vec::new(),
        }
    }

    pub fn item_page(&self, item: &Item) -> PageContext {
        let sight = Scope::public(&self.types).sight(item, None);
        assert_ne!(
            sight,
            Sight::Nothing,
            "a page of an item that nobody sees is never asked for"
        );
        let link = format!("/{}/", item.name);
        let address = Address::Item {
            item: Box::new(item.clone()),
            parent: None,
            sight,
            part: 1,
            embed: false,
            link,
        };
        self.page(address, Listing::default())
    }
}

async fn made(folder: &Path) -> gp_store::Db {
    databases(folder, "blocks").await.unwrap().remove(0).db
}

pub fn theme(files: &[(&str, &str)]) -> Theme {
    Theme::from_files(
        "tiny",
        files
            .iter()
            .map(|(p, t)| ((*p).to_owned(), t.as_bytes().to_vec()))
            .collect(),
    )
    .unwrap()
}
