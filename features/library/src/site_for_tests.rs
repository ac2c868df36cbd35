//! A small site in a temporary folder, for the tests of this feature.

use gp_content::{Item, Term};
use gp_kernel::ItemId;
use gp_store::{Arg, Db};
use tempfile::TempDir;

/// What the site holds.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) items: Vec<Item>,
    pub(crate) terms: Vec<Term>,
    pub(crate) has: Vec<(i64, i64)>,
    pub(crate) meta: Vec<(i64, String, String)>,
    /// Path and size.
    pub(crate) files: Vec<(String, i64)>,
}

impl Given {
    /// A published resource with these terms.
    pub(crate) fn post(&mut self, id: i64, date: &str, terms: &[i64]) -> &mut Item {
        self.has.extend(terms.iter().map(|term| (id, *term)));
        self.items.push(Item {
            id: ItemId(id),
            kind: "post".to_owned(),
            status: "publish".to_owned(),
            name: format!("post-{id}"),
            title: format!("Title {id}"),
            date: format!("{date} 09:00:00"),
            modified: format!("{date} 09:00:00"),
            ..Item::default()
        });
        self.item(id)
    }

    /// The item of this id.
    pub(crate) fn item(&mut self, id: i64) -> &mut Item {
        self.items.iter_mut().find(|i| i.id.0 == id).unwrap()
    }
}

/// The site, and the folder that it goes away with.
pub(crate) async fn site(given: &Given) -> (Db, TempDir) {
    let folder = TempDir::new().unwrap();
    let db = Db::open("", folder.path()).await.unwrap();
    gp_store::migrate(&db).await.unwrap();
    let mut tx = db.write().await.unwrap();
    for item in &given.items {
        tx.insert_many(gp_content::items::INSERT, gp_content::items::WIDTH, "", &item.args())
            .await
            .unwrap();
    }
    for term in &given.terms {
        tx.insert_many(gp_content::terms::INSERT, gp_content::terms::WIDTH, "", &term.args())
            .await
            .unwrap();
    }
    for (item, term) in &given.has {
        let sql = "insert into item_terms (item_id, term_taxonomy_id) values ($1, $2)";
        tx.run(sql, &[(*item).into(), (*term).into()]).await.unwrap();
    }
    for (n, (item, key, value)) in given.meta.iter().enumerate() {
        let sql = "insert into item_meta (id, item_id, key, value) values ($1, $2, $3, $4)";
        let args: [Arg; 4] = [(n + 1).into(), (*item).into(), key.into(), value.as_bytes().into()];
        tx.run(sql, &args).await.unwrap();
    }
    for (path, size) in &given.files {
        let sql = "insert into files (path, digest, size, mime_type) values ($1, '', $2, 'application/pdf')";
        tx.run(sql, &[path.into(), (*size).into()]).await.unwrap();
    }
    tx.commit().await.unwrap();
    (db, folder)
}
