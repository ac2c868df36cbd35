//! WordPress exports into a site that has things of its own: ids move aside, references follow, bad files leave nothing.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

mod home;

use gp_transfer::check;
use home::{Home, assert_same};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old</title>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://old.example</wp:base_site_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login>anna</wp:author_login><wp:author_email>anna@old.example</wp:author_email></wp:author>
<wp:category><wp:term_id>5</wp:term_id><wp:category_nicename>child</wp:category_nicename><wp:category_parent>top</wp:category_parent><wp:cat_name>Child</wp:cat_name></wp:category>
<wp:category><wp:term_id>4</wp:term_id><wp:category_nicename>top</wp:category_nicename><wp:category_parent></wp:category_parent><wp:cat_name>Top</wp:cat_name>
 <wp:termmeta><wp:meta_key>colour</wp:meta_key><wp:meta_value>blue</wp:meta_value></wp:termmeta></wp:category>
<wp:term><wp:term_id>4</wp:term_id><wp:term_taxonomy>category</wp:term_taxonomy><wp:term_slug>top</wp:term_slug><wp:term_parent></wp:term_parent><wp:term_name>Top</wp:term_name></wp:term>
"#;

fn item(id: i64, kind: &str, title: &str, rest: &str) -> String {
    format!(
        "<item><title>{title}</title><dc:creator>anna</dc:creator><guid isPermaLink=\"false\">https://old.example/?p={id}</guid>\
         <wp:post_id>{id}</wp:post_id><wp:post_date>2020-01-0{} 10:00:00</wp:post_date><wp:post_name>{title}</wp:post_name>\
         <wp:status>publish</wp:status><wp:post_type>{kind}</wp:post_type>{rest}</item>\n",
        id % 9 + 1
    )
}

fn meta(key: &str, value: &str) -> String {
    format!(
        "<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )
}

fn comment(id: i64, parent: i64, text: &str) -> String {
    format!(
        "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author>Ben</wp:comment_author><wp:comment_date>2020-02-0{} 00:00:00</wp:comment_date>\
         <wp:comment_content>{text}</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>",
        id % 9 + 1
    )
}

/// Children before parents, references in all places, terms that only an item names.
fn export() -> String {
    let block =
        "<content:encoded><![CDATA[<!-- wp:block {\"ref\":11} /-->\n[gallery ids=\"12,10\"]]]></content:encoded>";
    let mut file = HEAD.to_owned();
    file += &item(9, "page", "child", "<wp:post_parent>10</wp:post_parent>");
    file += &item(
        10,
        "page",
        "parent",
        &(block.to_owned()
            + &meta("_thumbnail_id", "12")
            + &comment(3, 4, "answer")
            + &comment(4, 0, "first")
            + "<category domain=\"post_tag\" nicename=\"only-here\"><![CDATA[Only here]]></category><category domain=\"category\" nicename=\"child\"><![CDATA[Child]]></category>"),
    );
    file += &item(11, "wp_block", "pattern", "");
    file += &item(12, "attachment", "file", &meta("_wp_attached_file", "2020/01/f.pdf"));
    file += &item(
        13,
        "nav_menu_item",
        "",
        &(meta("_menu_item_type", "post_type")
            + &meta("_menu_item_object_id", "10")
            + &meta("_menu_item_menu_item_parent", "14")),
    );
    file += &item(
        14,
        "nav_menu_item",
        "",
        &(meta("_menu_item_type", "taxonomy")
            + &meta("_menu_item_object_id", "5")
            + &meta("_menu_item_menu_item_parent", "0")),
    );
    file + "</channel></rss>\n"
}

async fn import(home: &Home, text: &str) -> gp_transfer::Report {
    let path = home.folder.path().join("in.xml");
    std::fs::write(&path, text).unwrap();
    home.wxr(&path).await.unwrap()
}

#[tokio::test]
async fn ids_are_kept_in_an_empty_site() {
    for home in Home::each("wxr").await {
        let report = import(&home, &export()).await;
        assert!(report.tables.values().all(gp_transfer::Count::adds_up));
        let items = home
            .rows("select id, parent, mime_type from items order by id", "iit")
            .await;
        assert_eq!(items[0], [&b"9"[..], b"10", b""]);
        assert_eq!(items[3], [&b"12"[..], b"0", b"application/pdf"]);
        assert_eq!(
            home.rows("select id, parent from comments order by id", "ii").await,
            [[b"3", b"4"], [b"4", b"0"]]
        );
        let terms = home
            .rows("select term_id, slug, parent, count from terms order by slug", "itii")
            .await;
        assert_eq!(terms[0], [&b"5"[..], b"child", b"4", b"1"]);
        assert_eq!(home.number("select comment_count from items where id = 10").await, 2);
        assert_eq!(
            home.text("select date_gmt from items where id = 9").await,
            "2020-01-01 10:00:00"
        );
        assert_eq!(check(&home.db, &home.blobs).await.unwrap(), []);
        let again = import(&home, &export()).await;
        assert_eq!(
            (again.total().imported, again.total().updated),
            (0, 0),
            "{}",
            again.to_text()
        );
    }
}

#[tokio::test]
async fn where_an_id_is_taken_references_follow() {
    for home in Home::each("moved").await {
        let mut tx = home.db.write().await.unwrap();
        for id in [10, 11, 12] {
            tx.run(
                "insert into items (id, type, status, title, guid) values ($1, 'page', 'publish', 'own', 'own')",
                &[i64::from(id).into()],
            )
            .await
            .unwrap();
        }
        tx.run(
            "insert into terms (id, term_id, taxonomy, name, slug) values (5, 5, 'post_tag', 'Own', 'own')",
            &[],
        )
        .await
        .unwrap();
        tx.run("insert into users (id, login) values (1, 'own')", &[])
            .await
            .unwrap();
        tx.run(
            "insert into comments (id, item_id, date) values (4, 10, '2001-01-01 00:00:00')",
            &[],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        import(&home, &export()).await;
        let id = async |title: &str| {
            home.number(&format!("select id from items where title = '{title}'"))
                .await
        };
        let (parent, pattern, file) = (id("parent").await, id("pattern").await, id("file").await);
        assert!(parent > 14 && pattern > 14 && file > 14);
        assert_eq!(
            home.number("select parent from items where title = 'child'").await,
            parent
        );
        let content = home
            .text(&format!("select content from items where id = {parent}"))
            .await;
        assert_eq!(
            content,
            format!("<!-- wp:block {{\"ref\":{pattern}}} /-->\n[gallery ids=\"{file},{parent}\"]")
        );
        let thumbnail = home
            .bytes(&format!(
                "select value from item_meta where item_id = {parent} and key = '_thumbnail_id'"
            ))
            .await;
        assert_eq!(thumbnail, file.to_string().into_bytes());
        let menu = home
            .rows("select value from item_meta where item_id = 13 order by id", "b")
            .await;
        assert_eq!(menu[1..], [[parent.to_string().into_bytes()], [b"14".to_vec()]]);
        let term = home.number("select term_id from terms where slug = 'child'").await;
        assert_ne!(term, 5);
        let object = home
            .bytes("select value from item_meta where item_id = 14 and key = '_menu_item_object_id'")
            .await;
        assert_eq!(object, term.to_string().into_bytes());
        let first = home.number("select id from comments where content = 'first'").await;
        assert_eq!(
            home.number("select parent from comments where content = 'answer'")
                .await,
            first
        );
        assert_ne!(first, 4);
        assert_eq!(
            home.text("select u.login from users u join items i on i.author = u.id where i.title = 'child'")
                .await,
            "anna"
        );
        let before = home.carried().await;
        let again = import(&home, &export()).await;
        assert_eq!(again.total().imported, 0, "{}", again.to_text());
        assert_same(&before, &home.carried().await, "again");
    }
}

#[tokio::test]
async fn of_a_file_that_cannot_be_read_nothing_is_kept() {
    let home = Home::new().await;
    let whole = export();
    for (name, text, says) in [
        ("cut.xml", &whole[..whole.len() - 200], "line "),
        (
            "feed.xml",
            "<rss version=\"2.0\"><channel><title>x</title><item><title>y</title></item></channel></rss>",
            "wxr_version",
        ),
        (
            "bomb.xml",
            "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\">]><rss><channel></channel></rss>",
            "document type",
        ),
        ("text.xml", "hello", "line "),
    ] {
        let path = home.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let error = home.wxr(&path).await.unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(says), "{error}");
        assert_eq!(
            home.number(
                "select (select count(*) from items) + (select count(*) from terms) + (select count(*) from users)"
            )
            .await,
            0
        );
    }
}

#[tokio::test]
async fn an_export_of_each_database_reads_back_the_same() {
    for home in Home::each("out").await {
        import(&home, &export()).await;
        let other = Home::new().await;
        other.wxr(&home.export().await).await.unwrap();
        assert_same(&home.carried().await, &other.carried().await, "through an export");
    }
}
