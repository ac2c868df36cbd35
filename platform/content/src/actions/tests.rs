//! The verbs on both databases: one story, told to each.

use gp_kernel::{ErrorKind, ItemId, Result, UserId};
use gp_store::testing::databases;

use super::*;
use crate::{
    Actor, ContentType, MetaKind, Scope, Sight, Verb,
    address::{self, Address, Request},
    items, meta,
    types::{Rights, SlugScope},
};

fn types() -> Types {
    let post = ContentType {
        public: true,
        searchable: true,
        revisions: true,
        rights: Rights::PerItem("posts"),
        ..ContentType::internal("post", "Resource", "Resources")
    };
    let page = ContentType {
        name: "page",
        hierarchical: true,
        rights: Rights::PerItem("pages"),
        slugs: SlugScope::Siblings,
        ..post.clone()
    };
    let attachment = ContentType {
        name: "attachment",
        revisions: false,
        slugs: SlugScope::Everything,
        ..post.clone()
    };
    let css = ContentType {
        rights: Rights::One("edit_css"),
        revisions: true,
        ..ContentType::internal("custom_css", "CSS", "CSS")
    };
    Types::new(vec![post, page, attachment, css])
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn new(kind: &str, status: &str, title: &str) -> Item {
    Item {
        kind: kind.to_owned(),
        status: status.to_owned(),
        title: title.to_owned(),
        ..Item::default()
    }
}

struct Story<'a> {
    act: Act<'a>,
}

impl Story<'_> {
    async fn make(&mut self, item: Item) -> Item {
        let grant = Actor::system().may(Verb::Publish, &item, None, self.act.types).unwrap();
        create(&mut self.act, &grant, item).await.unwrap()
    }

    fn leave(&self, verb: Verb, item: &Item) -> Grant {
        Actor::system().may(verb, item, None, self.act.types).unwrap()
    }
}

#[tokio::test]
async fn an_item_lives_from_draft_to_deletion() {
    let folder = tempfile::tempdir().unwrap();
    for test in databases(folder.path(), "life").await.unwrap() {
        let types = types();
        let mut tx = test.db.write().await.unwrap();
        let mut story = Story {
            act: Act {
                tx: &mut tx,
                types: &types,
                now: at("2026-11-25T10:00:00Z"),
                zone: TimeZone::UTC,
            },
        };
        let draft = story.make(new("post", "draft", "Árvores & co")).await;
        assert_eq!(
            (draft.name.as_str(), draft.date_gmt.as_str()),
            ("", gp_kernel::ZERO_DATE)
        );
        let leave = story.leave(Verb::Publish, &draft);
        let post = publish(&mut story.act, &leave, draft.id).await.unwrap();
        assert_eq!((post.name.as_str(), post.status.as_str()), ("arvores-co", "publish"));
        let twin = story.make(new("post", "publish", "Árvores & co")).await;
        assert_eq!(twin.name, "arvores-co-2");

        let leave = story.leave(Verb::Update, &post);
        let changes = Changes {
            content: Some("new".to_owned()),
            name: Some("trees".to_owned()),
            ..Changes::default()
        };
        let post = update(&mut story.act, &leave, post.id, changes).await.unwrap();
        let revisions = items::children(story.act.tx, post.id, "revision").await.unwrap();
        assert_eq!(revisions.len(), 2, "the state before the first change is kept too");
        let old = items::by_old_slug(story.act.tx, "arvores-co").await.unwrap();
        assert_eq!(old.iter().map(|i| i.id).collect::<Vec<_>>(), [post.id]);

        let leave = story.leave(Verb::Trash, &post);
        let trashed = trash(&mut story.act, &leave, post.id).await.unwrap();
        assert_eq!(trashed.name, "trees__trashed");
        let leave = story.leave(Verb::Restore, &trashed);
        let back = restore(&mut story.act, &leave, post.id).await.unwrap();
        assert_eq!((back.name.as_str(), back.status.as_str()), ("trees", "draft"));
        let leave = story.leave(Verb::Delete, &back);
        delete(&mut story.act, &leave, post.id).await.unwrap();
        for sql in [
            "select count(*) from items where parent = $1",
            "select count(*) from item_meta where item_id = $1",
            "select count(*) from old_slugs where item_id = $1",
        ] {
            assert_eq!(
                tx.number(sql, &[post.id.into()]).await.unwrap(),
                0,
                "{}: {sql}",
                test.name
            );
        }
        let audited = tx.number("select count(*) from audit", &[]).await.unwrap();
        let changed = tx.number("select count(*) from changes where kind not in ('list', 'name', 'below', 'members', 'touched', 'pages', 'stamp')", &[]).await.unwrap();
        assert_eq!(audited, changed, "every deed is audited and announced");
        assert!(audited >= 7);
    }
}

#[tokio::test]
async fn the_slower_of_two_writers_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for test in databases(folder.path(), "slower").await.unwrap() {
        let types = types();
        let mut tx = test.db.write().await.unwrap();
        let mut story = Story {
            act: Act {
                tx: &mut tx,
                types: &types,
                now: at("2026-11-25T10:00:00Z"),
                zone: TimeZone::UTC,
            },
        };
        let post = story.make(new("post", "publish", "a")).await;
        let leave = story.leave(Verb::Update, &post);
        let changes = |text: &str| Changes {
            title: Some(text.to_owned()),
            if_version: Some(1),
            ..Changes::default()
        };
        update(&mut story.act, &leave, post.id, changes("b")).await.unwrap();
        let error = update(&mut story.act, &leave, post.id, changes("c")).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict, "{}", test.name);
    }
}

#[tokio::test]
async fn a_date_to_come_schedules_and_its_job_publishes() {
    let folder = tempfile::tempdir().unwrap();
    for test in databases(folder.path(), "future").await.unwrap() {
        let types = types();
        let mut tx = test.db.write().await.unwrap();
        let mut story = Story {
            act: Act {
                tx: &mut tx,
                types: &types,
                now: at("2026-11-25T10:00:00Z"),
                zone: TimeZone::get("Europe/Zurich").unwrap(),
            },
        };
        let post = story
            .make(Item {
                date: "2026-11-26 09:00:00".to_owned(),
                ..new("post", "publish", "later")
            })
            .await;
        assert_eq!(
            (post.status.as_str(), post.date_gmt.as_str()),
            ("future", "2026-11-26 08:00:00")
        );
        assert_eq!(Scope::public(&types).sight(&post, None), Sight::Nothing);
        let due = tx
            .number("select run_at from jobs where kind = 'publish'", &[])
            .await
            .unwrap();
        assert_eq!(due, at("2026-11-26T08:00:00Z").as_second(), "{}", test.name);
    }
}

#[test]
fn leave_for_one_deed_does_not_cover_another() {
    let types = types();
    let mine = Item {
        id: ItemId(5),
        author: UserId(3),
        ..new("post", "draft", "x")
    };
    let author = Actor::with_capabilities(UserId(3), ["edit_posts", "delete_posts"].map(str::to_owned));
    let leave = author.may(Verb::Update, &mine, None, &types).unwrap();
    assert!(leave.covers(&[Verb::Update], ItemId(5), "post").is_ok());
    assert!(leave.covers(&[Verb::Update], ItemId(6), "post").is_err());
    assert!(leave.covers(&[Verb::Delete], ItemId(5), "post").is_err());
    assert_eq!(
        author.may(Verb::Publish, &mine, None, &types).unwrap_err().kind,
        ErrorKind::Forbidden
    );
    let others = Item {
        author: UserId(4),
        ..mine.clone()
    };
    assert!(author.may(Verb::Update, &others, None, &types).is_err());
    let css = new("custom_css", "publish", "x");
    assert!(author.may(Verb::Update, &css, None, &types).is_err());
    assert_eq!(
        Actor::anonymous()
            .may(Verb::Update, &mine, None, &types)
            .unwrap_err()
            .kind,
        ErrorKind::Unauthenticated
    );
}

async fn asked(conn: &mut Conn, structure: &str, types: &Types, path: &str) -> Result<Address> {
    let site = crate::Site::from_options([("permalink_structure".to_owned(), structure.as_bytes().to_vec())].into());
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    address::resolve(conn, &site, types, &Scope::public(types), &Request::parse(path, query)).await
}

#[tokio::test]
async fn addresses_lead_to_items_under_all_five_structures() {
    let folder = tempfile::tempdir().unwrap();
    for test in databases(folder.path(), "addresses").await.unwrap() {
        let types = types();
        let mut tx = test.db.write().await.unwrap();
        let mut story = Story {
            act: Act {
                tx: &mut tx,
                types: &types,
                now: at("2026-11-25T10:00:00Z"),
                zone: TimeZone::UTC,
            },
        };
        let post = story
            .make(Item {
                date: "2026-11-05 09:00:00".to_owned(),
                ..new("post", "publish", "Hello World")
            })
            .await;
        let about = story.make(new("page", "publish", "About")).await;
        let team = story
            .make(Item {
                parent: about.id,
                ..new("page", "publish", "Team")
            })
            .await;
        story.make(new("post", "draft", "secret")).await;
        let id = post.id;
        let structures = [
            ("", format!("/?p={id}")),
            ("/%postname%/", "/hello-world/".to_owned()),
            (
                "/%year%/%monthnum%/%day%/%postname%/",
                "/2026/11/05/hello-world/".to_owned(),
            ),
            ("/archives/%post_id%", format!("/archives/{id}")),
        ];
        for (structure, link) in structures {
            match asked(&mut tx, structure, &types, &link).await.unwrap() {
                Address::Item { item, .. } => assert_eq!(item.id, id, "{structure}"),
                other => panic!("{} {structure} {link}: {other:?}", test.name),
            }
            if !structure.is_empty() {
                let moved = asked(&mut tx, structure, &types, &format!("/?p={id}&utm_source=x"))
                    .await
                    .unwrap();
                assert_eq!(moved, Address::Moved(format!("{link}?utm_source=x")), "{structure}");
                let path = if structure.ends_with('/') {
                    "/about/team/"
                } else {
                    "/about/team"
                };
                match asked(&mut tx, structure, &types, path).await.unwrap() {
                    Address::Item { item, .. } => assert_eq!(item.id, team.id, "{structure}"),
                    other => panic!("{structure} {path}: {other:?}"),
                }
            }
            for nothing in [
                "/secret/",
                "/?p=4",
                "/nothing/at/all/",
                "/?p=99999999999999999999",
                "/?p=-1",
            ] {
                assert_eq!(
                    asked(&mut tx, structure, &types, nothing).await.unwrap(),
                    Address::Missing,
                    "{structure} {nothing}"
                );
            }
        }
        assert_eq!(
            asked(&mut tx, "/%postname%/", &types, "/hello-world").await.unwrap(),
            Address::Moved("/hello-world/".to_owned())
        );
        assert_eq!(
            asked(&mut tx, "/%postname%/", &types, "/hello-wor/").await.unwrap(),
            Address::Moved("/hello-world/".to_owned())
        );
        let kept = meta::of(&mut tx, MetaKind::Item, id.0).await.unwrap();
        assert!(kept.0.is_empty());
    }
}
