//! Lists by words, parents and every order: the same on each database.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use gp_content::{ContentType, Item, ItemQuery, Order, Scope, Types, items};
use gp_kernel::{ItemId, UserId};
use gp_store::testing::databases;

fn item(id: i64, title: &str, content: &str) -> Item {
    Item {
        id: ItemId(id),
        kind: "post".to_owned(),
        status: "publish".to_owned(),
        name: title.to_lowercase(),
        title: title.to_owned(),
        content: content.to_owned(),
        author: UserId(10 - id),
        parent: ItemId(id / 2 * 100),
        menu_order: id % 2,
        comment_count: id % 3,
        date: format!("2026-11-0{id} 10:00:00"),
        modified: format!("2026-11-{}0 10:00:00", id % 3),
        ..Item::default()
    }
}

#[tokio::test]
async fn lists_are_narrowed_and_ordered_alike_on_both_databases() {
    let folder = tempfile::tempdir().unwrap();
    let types = Types::new(vec![ContentType {
        public: true,
        ..ContentType::internal("post", "Resource", "Resources")
    }]);
    let scope = Scope::public(&types);
    for test in databases(folder.path(), "lists").await.unwrap() {
        let mut conn = test.db.write().await.unwrap();
        let locked = Item {
            password: "pw".to_owned(),
            ..item(5, "Locked", "honey")
        };
        for one in [
            item(1, "Ant", "Safety at 100%"),
            item(2, "Bee", "HONEY_pot of safety"),
            item(3, "Cat", "a\\b"),
            item(4, "Dog", "nothing! at all"),
            locked,
        ] {
            conn.insert_many(items::INSERT, items::WIDTH, "", &one.args())
                .await
                .unwrap();
        }
        let with = |words: &[&str]| ItemQuery {
            words: words.iter().map(|w| (*w).to_owned()).collect(),
            ..ItemQuery::default()
        };
        let by = |order: Order| ItemQuery {
            order,
            ..ItemQuery::default()
        };
        let below = ItemQuery {
            parents: vec![ItemId(100), ItemId(200)],
            order: Order::Id,
            ..ItemQuery::default()
        };
        for (query, wanted) in [
            (with(&["honey"]), vec![2]),
            (with(&["SAFETY", "100%"]), vec![1]),
            (with(&["s%y"]), vec![]),
            (with(&["y_p"]), vec![2]),
            (with(&["g_a"]), vec![]),
            (with(&["nothing!"]), vec![4]),
            (with(&["a\\b"]), vec![3]),
            (with(&["dog"]), vec![4]),
            (below, vec![2, 3, 4, 5]),
            (by(Order::ModifiedUp), vec![3, 1, 4, 2, 5]),
            (by(Order::Menu), vec![2, 4, 1, 3, 5]),
            (by(Order::MenuDown), vec![5, 3, 1, 4, 2]),
            (by(Order::Name), vec![1, 2, 3, 4, 5]),
            (by(Order::NameDown), vec![5, 4, 3, 2, 1]),
            (by(Order::Author), vec![5, 4, 3, 2, 1]),
            (by(Order::AuthorDown), vec![1, 2, 3, 4, 5]),
            (by(Order::Comments), vec![3, 1, 4, 2, 5]),
            (by(Order::CommentsDown), vec![5, 2, 4, 1, 3]),
            (by(Order::IdDown), vec![5, 4, 3, 2, 1]),
            (by(Order::Shuffled(1)), vec![4, 1, 2, 5, 3]),
            (by(Order::Shuffled(5_983_333)), vec![2, 1, 5, 3, 4]),
        ] {
            let query = ItemQuery {
                types: vec!["post".to_owned()],
                limit: 50,
                ..query
            };
            let found = items::list(&mut conn, &scope, &query).await.unwrap();
            let ids: Vec<i64> = found.items.iter().map(|i| i.id.0).collect();
            assert_eq!(ids, wanted, "{}: {query:?}", test.name);
            assert_eq!(found.total, i64::try_from(wanted.len()).unwrap());
        }
    }
}
