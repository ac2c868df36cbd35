//! Blocks that WordPress renders when a page is shown, each on a small site.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod site;

use gp_blocks::{Listing, PageContext, Renderer};
use gp_content::{
    Item, Term, User,
    address::{Address, List, Request, Shape},
    terms, users,
};
use gp_kernel::{ItemId, TermId, TermTaxonomyId, UserId};
use gp_store::Arg;
use site::{TestSite, item, theme};

async fn new_site() -> TestSite {
    TestSite::new(tempfile::tempdir().unwrap()).await
}

/// What these blocks show as the template of a page.
async fn page(site: &mut TestSite, page: &PageContext, markup: &str) -> String {
    whole(site, page, markup).await.body
}

async fn whole(site: &mut TestSite, page: &PageContext, markup: &str) -> gp_blocks::RenderedPage {
    let renderer = Renderer::new(theme(&[("templates/index.html", markup)]), Vec::new());
    renderer.page(&mut site.conn, page).await.unwrap()
}

async fn person(site: &mut TestSite, id: i64, name: &str, meta: &[(&str, &str)]) {
    let user = User {
        id: UserId(id),
        nicename: name.to_lowercase(),
        display_name: name.to_owned(),
        ..User::default()
    };
    site.conn
        .insert_many(users::INSERT, users::WIDTH, "", &user.args())
        .await
        .unwrap();
    for (key, value) in meta {
        let sql = "insert into user_meta (id, user_id, key, value) values ($1, $2, $3, $4)";
        let number = site.conn.next_id("user_meta").await.unwrap();
        let args: [Arg; 4] = [number.into(), id.into(), (*key).into(), value.as_bytes().into()];
        site.conn.run(sql, &args).await.unwrap();
    }
}

async fn picture(site: &mut TestSite, id: i64, file: &str) {
    let upload = Item {
        status: "inherit".to_owned(),
        mime_type: "image/png".to_owned(),
        ..item(id, "attachment", "Picture", "")
    };
    site.add(&upload).await;
    site.meta(id, "_wp_attached_file", file).await;
}

/// A term below another one.
async fn term_below(site: &mut TestSite, id: i64, parent: i64, name: &str, on: &[i64]) {
    let term = Term {
        id: TermTaxonomyId(id),
        term_id: TermId(id),
        taxonomy: "category".to_owned(),
        name: name.to_owned(),
        slug: name.to_lowercase(),
        description: format!("About \"{name}\""),
        parent: TermId(parent),
        ..Term::default()
    };
    site.conn
        .insert_many(terms::INSERT, terms::WIDTH, "", &term.args())
        .await
        .unwrap();
    for one in on {
        let sql = "insert into item_terms (item_id, term_taxonomy_id, term_order) values ($1, $2, 0)";
        site.conn.run(sql, &[(*one).into(), id.into()]).await.unwrap();
    }
}

#[tokio::test]
async fn people_have_a_biography_and_only_a_picture_of_this_site() {
    let mut site = new_site().await;
    person(
        &mut site,
        5,
        "Ann",
        &[
            ("description", "Writes <b>here</b><script>x</script>"),
            ("wp_user_avatar", "9"),
        ],
    )
    .await;
    person(
        &mut site,
        6,
        "Bob",
        &[("session_tokens", "zq-secret"), ("description", "")],
    )
    .await;
    picture(&mut site, 9, "2026/ann.png").await;
    let by = |id: i64, author: i64| Item {
        author: UserId(author),
        ..item(id, "post", "One", "x")
    };
    let (post, other) = (by(1, 5), by(2, 6));
    site.add(&post).await;
    site.add(&other).await;
    let blocks = "<!-- wp:avatar {\"size\":40,\"isLink\":true,\"linkTarget\":\"_blank\",\"style\":{\"border\":{\"radius\":\"20px\"}}} /-->\
                  <!-- wp:post-author-biography {\"fontSize\":\"small\"} /--><!-- wp:post-author {\"showBio\":true} /-->";
    let one = site.item_page(&post);
    let body = page(&mut site, &one, blocks).await;
    assert!(
        body.contains(
            "<img alt=\"Ann Avatar\" src=\"/wp-content/uploads/2026/ann.png\" class=\"avatar avatar-40 photo \
             wp-block-avatar__image\" height=\"40\" width=\"40\" decoding=\"async\" style=\"border-radius:20px\">"
        ),
        "{body}"
    );
    assert!(
        body.contains(
            "<a href=\"/author/ann/\" target=\"_blank\" aria-label=\"(Ann author archive, opens in a new tab)\""
        ),
        "{body}"
    );
    assert!(
        body.contains("<div class=\"has-small-font-size wp-block-post-author-biography\">Writes <b>here</b>"),
        "{body}"
    );
    assert!(
        body.contains("post-author__avatar") && body.contains("post-author__bio"),
        "{body}"
    );
    assert!(!body.contains("<script") && !body.contains("gravatar"), "{body}");
    let one = site.item_page(&other);
    let body = page(&mut site, &one, blocks).await;
    assert!(
        !body.contains("<img") && !body.contains("biography") && !body.contains("zq-secret"),
        "{body}"
    );
    site.option("show_avatars", "0");
    let one = site.item_page(&post);
    assert!(!page(&mut site, &one, blocks).await.contains("<img"));
}

#[tokio::test]
async fn comments_are_read_on_one_page() {
    let mut site = new_site().await;
    let mut post = item(1, "post", "Talk", "x");
    post.comment_status = "open".to_owned();
    post.comment_count = 2;
    site.add(&post).await;
    for id in 1..=2 {
        site.comment(id, 1, "comment", "1", "fine").await;
    }
    let blocks = "<!-- wp:post-comments-link {\"textAlign\":\"right\"} /--><!-- wp:comments --><div class=\"wp-block-comments\">\
                  <!-- wp:comment-template --><!-- wp:comment-author-avatar /--><!-- wp:avatar /--><!-- wp:comment-content /-->\
                  <!-- wp:comment-edit-link /--><!-- wp:comment-reply-link /--><!-- /wp:comment-template -->\
                  <!-- wp:comments-pagination --><!-- wp:comments-pagination-previous /--><!-- wp:comments-pagination-numbers /-->\
                  <!-- wp:comments-pagination-next /--><!-- /wp:comments-pagination --></div><!-- /wp:comments -->";
    let one = site.item_page(&post);
    let body = page(&mut site, &one, blocks).await;
    assert!(
        body.contains(
            "<div class=\"has-text-align-right wp-block-post-comments-link\"><a href=\"/talk/#comments\">2 comments<span \
             class=\"screen-reader-text\"> on Talk</span></a></div>"
        ),
        "{body}"
    );
    for absent in ["pagination", "edit-link", "reply-link", "<img"] {
        assert!(!body.contains(absent), "{absent}: {body}");
    }
    let kept = "<!-- wp:comments-pagination --><!-- wp:paragraph --><p>End</p><!-- /wp:paragraph --><!-- /wp:comments-pagination -->";
    let body = page(&mut site, &one, kept).await;
    assert!(
        body.contains("wp-block-comments-pagination\"><p") || body.contains("is-layout-flex"),
        "{body}"
    );
    post.comment_status = "closed".to_owned();
    let one = site.item_page(&post);
    assert!(!page(&mut site, &one, blocks).await.contains("comments-link"));
}

#[tokio::test]
async fn breadcrumbs_lead_from_the_home_page_down() {
    let mut site = new_site().await;
    let top = item(1, "page", "Top \"quoted\"", "x");
    let hidden = Item {
        parent: ItemId(1),
        status: "draft".to_owned(),
        ..item(2, "page", "Hidden", "x")
    };
    let leaf = Item {
        parent: ItemId(2),
        ..item(3, "page", "Leaf", "x")
    };
    let post = item(4, "post", "News", "x");
    for one in [&top, &hidden, &leaf, &post] {
        site.add(one).await;
    }
    term_below(&mut site, 10, 0, "Law", &[]).await;
    term_below(&mut site, 11, 10, "Courts", &[4]).await;
    let block = "<!-- wp:breadcrumbs {\"separator\":\"\\u0022;x\\\\\"} /-->";
    let one = site.item_page(&leaf);
    let body = page(&mut site, &one, block).await;
    assert!(
        body.contains(
            "aria-label=\"Breadcrumbs\"><ol><li><a href=\"/\">Home</a></li><li><a href=\"/top-\"quoted\"/\">"
        ) || body
            .contains("Top &#8220;quoted&#8221;</a></li><li><span aria-current=\"page\">Leaf</span></li></ol></nav>"),
        "{body}"
    );
    assert!(!body.contains("Hidden"), "{body}");
    assert!(
        body.contains("style=\"--separator: &quot;\\&quot;;x\\\\&quot;;\""),
        "{body}"
    );
    let one = site.item_page(&post);
    let body = page(&mut site, &one, "<!-- wp:breadcrumbs {\"showCurrentItem\":false} /-->").await;
    assert!(
        body.contains(
            "<li><a href=\"/category/law/\">Law</a></li><li><a href=\"/category/law/courts/\">Courts</a></li></ol>"
        ),
        "{body}"
    );
    let courts = site.page(Address::Missing, Listing::default());
    let body = page(&mut site, &courts, "<!-- wp:breadcrumbs /-->").await;
    assert!(
        body.contains("<span aria-current=\"page\">Page not found</span>"),
        "{body}"
    );
    let list = |shape: Shape, page: usize| {
        Address::List(List {
            shape,
            page,
            first: "/list/".to_owned(),
            ..List::default()
        })
    };
    for (address, wanted) in [
        (list(Shape::Front, 1), ""),
        (
            list(Shape::Search("a <b>".to_owned()), 2),
            "<li><a href=\"/list/\">Search results for: &quot;a &lt;b&gt;&quot;</a></li><li><span aria-current=\"page\">Page 2</span>",
        ),
        (
            list(Shape::Date("2026-11-05".to_owned()), 1),
            "<a href=\"/2026/\">2026</a></li><li><a href=\"/2026/11/\">November</a></li><li><span aria-current=\"page\">5</span>",
        ),
    ] {
        let one = site.page(address, Listing::default());
        let body = page(&mut site, &one, "<!-- wp:breadcrumbs /-->").await;
        assert_eq!(body.contains("breadcrumbs"), !wanted.is_empty(), "{body}");
        assert!(body.contains(wanted), "{wanted}: {body}");
    }
}

#[tokio::test]
async fn terms_are_listed_with_what_they_say() {
    let mut site = new_site().await;
    for id in 1..=3 {
        site.add(&item(id, "post", &format!("P {id}"), "x")).await;
    }
    term_below(&mut site, 10, 0, "Law", &[1, 2]).await;
    term_below(&mut site, 11, 10, "Courts", &[3]).await;
    term_below(&mut site, 12, 0, "Empty", &[]).await;
    term_below(&mut site, 13, 0, "Art", &[3]).await;
    let listed = |set: &str| {
        format!(
            "<!-- wp:terms-query {{\"termQuery\":{{{set}}}}} --><div class=\"wp-block-terms-query\"><!-- wp:term-template -->\
             <!-- wp:term-name {{\"isLink\":true,\"level\":3}} /-->\
             <!-- wp:term-count {{\"bracketType\":\"square\"}} /--><!-- wp:term-description /-->\
             <!-- wp:paragraph {{\"metadata\":{{\"bindings\":{{\"content\":{{\"source\":\"core/term-data\",\"args\":{{\"field\":\"slug\"}}}}}}}}}} -->\
             <p>old</p><!-- /wp:paragraph --><!-- /wp:term-template --></div><!-- /wp:terms-query -->"
        )
    };
    let nowhere = site.page(Address::Missing, Listing::default());
    let names = |body: &str| -> Vec<String> {
        let parts = body.split("wp-block-term-name\">").skip(1);
        parts
            .map(|p| {
                p.split("\">")
                    .nth(1)
                    .unwrap_or_default()
                    .split('<')
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    };
    let body = page(&mut site, &nowhere, &listed("\"taxonomy\":\"category\"")).await;
    assert_eq!(names(&body), ["Art", "Law"]);
    assert!(
        body.contains("<li class=\"wp-block-term term-10 category taxonomy-category\"><h3 class=\"wp-block-term-name\"><a href=\"/category/law/\">Law</a></h3>\
                       <div class=\"wp-block-term-count\">[2]</div><div class=\"wp-block-term-description\"><p>About &#8220;Law&#8221;</p>"),
        "{body}"
    );
    assert!(body.contains(">law</p>") && !body.contains("old"), "{body}");
    for (set, wanted) in [
        (
            "\"showNested\":true,\"orderBy\":\"count\",\"order\":\"desc\"",
            vec!["Law", "Courts", "Art"],
        ),
        ("\"hideEmpty\":false,\"perPage\":2", vec!["Art", "Empty"]),
        ("\"include\":[11,10]", vec!["Courts", "Law"]),
        ("\"taxonomy\":\"wp_theme\"", vec![]),
    ] {
        assert_eq!(names(&page(&mut site, &nowhere, &listed(set)).await), wanted, "{set}");
    }
    let law = Term {
        id: TermTaxonomyId(10),
        term_id: TermId(10),
        taxonomy: "category".to_owned(),
        name: "Law".to_owned(),
        slug: "law".to_owned(),
        ..Term::default()
    };
    let archive = Address::List(List {
        shape: Shape::Term(Box::new(law), vec![10, 11]),
        page: 1,
        first: "/category/law/".to_owned(),
        ..List::default()
    });
    let archive = site.page(archive, Listing::default());
    let body = page(&mut site, &archive, &listed("\"inherit\":true")).await;
    assert_eq!(names(&body), ["Courts"]);
    let body = page(&mut site, &archive, "<!-- wp:term-name /--><!-- wp:breadcrumbs /-->").await;
    assert!(body.contains("<p class=\"wp-block-term-name\">Law</p>"), "{body}");
}

#[tokio::test]
async fn a_text_says_how_long_it_is_and_lists_its_headings() {
    let mut site = new_site().await;
    let content = format!(
        "<!-- wp:table-of-contents /--><!-- wp:heading --><h2 class=\"wp-block-heading\" id=\"one\">One</h2><!-- /wp:heading -->\
         <!-- wp:heading {{\"level\":3}} --><h3 class=\"wp-block-heading\">Two <em>more</em></h3><!-- /wp:heading -->\
         <!-- wp:paragraph --><p>{}</p><!-- /wp:paragraph --><!--nextpage--><!-- wp:heading --><h2 id=\"far\">Far</h2><!-- /wp:heading -->",
        "word ".repeat(600)
    );
    let post = item(1, "post", "Long", &content);
    site.add(&post).await;
    let one = site.item_page(&post);
    let body = page(
        &mut site,
        &one,
        "<!-- wp:post-time-to-read /-->\
         <!-- wp:post-time-to-read {\"displayAsRange\":true} /--><!-- wp:post-time-to-read {\"displayMode\":\"words\"} /--><!-- wp:post-content /-->",
    )
    .await;
    for wanted in [
        "<div class=\"wp-block-post-time-to-read\">3 minutes</div>",
        "3–4 minutes",
        "603 words",
        "<nav class=\"wp-block-table-of-contents\" aria-label=\"Table of Contents\"><ol><li><a class=\"wp-block-table-of-contents__entry\" \
         href=\"#one\">One</a><ol><li><span class=\"wp-block-table-of-contents__entry\">Two more</span></li></ol></li><li><a \
         class=\"wp-block-table-of-contents__entry\" href=\"/long/2/#far\">Far</a></li></ol></nav>",
    ] {
        assert!(body.contains(wanted), "{wanted}: {body}");
    }
    let mut locked = post.clone();
    locked.password = "pw".to_owned();
    let one = site.item_page(&locked);
    let body = page(
        &mut site,
        &one,
        "<!-- wp:post-time-to-read /--><!-- wp:table-of-contents /-->",
    )
    .await;
    assert!(!body.contains("minutes") && !body.contains("One"), "{body}");
}

#[tokio::test]
async fn accordions_are_open_and_pictures_can_be_enlarged_without_a_script() {
    let mut site = new_site().await;
    picture(&mut site, 9, "2026/full.png").await;
    let accordion = "<!-- wp:accordion --><div role=\"group\" class=\"wp-block-accordion\"><!-- wp:accordion-item -->\
        <div class=\"wp-block-accordion-item\"><!-- wp:accordion-heading --><h3 class=\"wp-block-accordion-heading\"><button type=\"button\" \
        class=\"wp-block-accordion-heading__toggle\"><span class=\"wp-block-accordion-heading__toggle-title\">Why?</span></button></h3>\
        <!-- /wp:accordion-heading --><!-- wp:accordion-panel --><div role=\"region\" class=\"wp-block-accordion-panel\">\
        <!-- wp:paragraph --><p>Because</p><!-- /wp:paragraph --></div><!-- /wp:accordion-panel --></div><!-- /wp:accordion-item --></div><!-- /wp:accordion -->";
    let image = "<!-- wp:image {\"id\":9,\"lightbox\":{\"enabled\":true}} --><figure class=\"wp-block-image\"><img \
        src=\"/wp-content/uploads/2026/full-300x200.png\" alt=\"A map\"/></figure><!-- /wp:image -->";
    let nowhere = site.page(Address::Missing, Listing::default());
    let body = page(&mut site, &nowhere, &format!("{accordion}{image}")).await;
    assert!(
        body.contains("<div class=\"wp-block-accordion-item is-open\">")
            && body.contains("aria-expanded=\"true\"")
            && body.contains("aria-disabled=\"true\"")
            && !body.contains("inert"),
        "{body}"
    );
    let after = |key: &str| body.split(key).nth(1).unwrap().split('"').next().unwrap();
    let (toggle, panel) = (after("aria-labelledby=\""), after("aria-controls=\""));
    assert!(
        body.contains(&format!(" id=\"{toggle}\"")) && body.contains(&format!(" id=\"{panel}\"")),
        "{body}"
    );
    assert!(
        body.contains("<figure class=\"wp-block-image wp-lightbox-container\"><a class=\"lightbox-trigger\" href=\"/wp-content/uploads/2026/full.png\" aria-label=\"Enlarge: A map\"><img "),
        "{body}"
    );
    let linked = image
        .replace("<img ", "<a href=\"/x/\"><img ")
        .replace("/></figure", "/></a></figure");
    assert!(!page(&mut site, &nowhere, &linked).await.contains("lightbox-trigger"));
}

#[tokio::test]
async fn signing_in_leads_back_to_the_page() {
    let mut site = new_site().await;
    let mut nowhere = site.page(Address::Missing, Listing::default());
    nowhere.request = Request::parse("/a/", "query-1-page=2&utm_source=x");
    let body = page(&mut site, &nowhere, "<!-- wp:loginout /-->").await;
    assert!(
        body.contains(
            "href=\"/wp-login.php?redirect_to=https%3A%2F%2Flibrary.example%2Fa%2F%3Fquery-1-page%3D2\">Log in"
        ),
        "{body}"
    );
    let body = page(
        &mut site,
        &nowhere,
        "<!-- wp:loginout {\"redirectToCurrent\":false} /-->",
    )
    .await;
    assert!(body.contains("href=\"/wp-login.php\">Log in"), "{body}");
}

#[tokio::test]
async fn attributes_are_taken_from_the_item_unless_it_is_locked() {
    let mut site = new_site().await;
    let mut post = item(1, "post", "Bound", "x");
    post.modified = "2026-11-20 10:00:00".to_owned();
    site.add(&post).await;
    for (key, value) in [
        ("colour", "<i>teal</i><script>x</script>"),
        ("_hidden", "zq-hidden"),
        ("many", "a:1:{i:0;s:1:\"x\";}"),
        ("address", "javascript:alert(1)"),
    ] {
        site.meta(1, key, value).await;
    }
    let bound = |key: &str| {
        format!(
            "<!-- wp:paragraph {{\"metadata\":{{\"bindings\":{{\"content\":{{\"source\":\"core/post-meta\",\"args\":{{\"key\":\"{key}\"}}}}}}}}}} -->\
             <p>saved {key}</p><!-- /wp:paragraph -->"
        )
    };
    let button = "<!-- wp:button {\"metadata\":{\"bindings\":{\"url\":{\"source\":\"core/post-meta\",\"args\":{\"key\":\"address\"}}}}} -->\
        <div class=\"wp-block-button\"><a class=\"wp-block-button__link\" href=\"/safe/\">Go</a></div><!-- /wp:button -->\
        <!-- wp:post-date {\"metadata\":{\"bindings\":{\"datetime\":{\"source\":\"core/post-data\",\"args\":{\"field\":\"modified\"}}}}} /-->";
    let markup = ["colour", "_hidden", "many", "absent"].map(bound).concat() + button;
    let one = site.item_page(&post);
    let body = page(&mut site, &one, &markup).await;
    for wanted in [
        "<i>teal</i>",
        "saved _hidden",
        "saved many",
        "saved absent",
        "href=\"/safe/\"",
        "2026-11-20T10:00:00",
    ] {
        assert!(body.contains(wanted), "{wanted}: {body}");
    }
    assert!(
        !body.contains("<script") && !body.contains("zq-hidden") && !body.contains("javascript"),
        "{body}"
    );
    post.password = "pw".to_owned();
    let one = site.item_page(&post);
    let body = page(&mut site, &one, &markup).await;
    assert!(body.contains("saved colour") && !body.contains("teal"), "{body}");
}

#[tokio::test]
async fn a_menus_entry_takes_its_address_from_what_it_points_at() {
    let mut site = new_site().await;
    site.add(&item(1, "page", "About", "x")).await;
    site.term(10, "category", "Law", &[1]).await;
    let entry = |kind: &str, id: i64, what: &str, source: &str| {
        format!(
            "<!-- wp:navigation-link {{\"label\":\"L\",\"kind\":\"{kind}\",\"type\":\"{what}\",\"id\":{id},\"url\":\"/old/\",\
             \"metadata\":{{\"bindings\":{{\"url\":{{\"source\":\"core/{source}\",\"args\":{{\"field\":\"link\"}}}}}}}}}} /-->"
        )
    };
    let entries = entry("post-type", 1, "page", "post-data") + &entry("taxonomy", 10, "category", "term-data");
    let nowhere = site.page(Address::Missing, Listing::default());
    let body = page(
        &mut site,
        &nowhere,
        &format!("<!-- wp:navigation -->{entries}<!-- /wp:navigation -->"),
    )
    .await;
    assert!(
        body.contains("href=\"/about/\"") && body.contains("href=\"/category/law/\"") && !body.contains("/old/"),
        "{body}"
    );
}

#[tokio::test]
async fn blocks_are_hidden_coloured_and_filtered_when_they_ask_for_it() {
    let mut site = new_site().await;
    let nowhere = site.page(Address::Missing, Listing::default());
    let markup = "<!-- wp:paragraph {\"metadata\":{\"blockVisibility\":false}} --><p>zq-hidden</p><!-- /wp:paragraph -->\
        <!-- wp:paragraph {\"metadata\":{\"blockVisibility\":{\"viewport\":{\"tablet\":false,\"mobile\":false,\"desktop\":true}}}} --><p>wide</p><!-- /wp:paragraph -->\
        <!-- wp:group {\"style\":{\"elements\":{\"link\":{\"color\":{\"text\":\"var:preset|color|accent\"},\":hover\":{\"color\":{\"text\":\"#f00;}x{\"}}},\"heading\":{\"color\":{\"text\":\"#123\"}}}}} -->\
        <div class=\"wp-block-group\"><p>links</p></div><!-- /wp:group -->\
        <!-- wp:image {\"style\":{\"color\":{\"duotone\":[\"#000\",\"#00ff00\"]}}} --><figure class=\"wp-block-image\"><img src=\"/a.png\" alt=\"\"/></figure><!-- /wp:image -->\
        <!-- wp:image {\"style\":{\"color\":{\"duotone\":\"var:preset|duotone|dark\"}}} --><figure class=\"wp-block-image\"><img src=\"/b.png\" alt=\"\"/></figure><!-- /wp:image -->\
        <!-- wp:image {\"style\":{\"color\":{\"duotone\":[\"red;}\",\"#0f0\"]}}} --><figure class=\"wp-block-image\"><img src=\"/c.png\" alt=\"\"/></figure><!-- /wp:image -->\
        <!-- wp:cover {\"style\":{\"dimensions\":{\"aspectRatio\":\"16/9\"}}} --><div class=\"wp-block-cover\" style=\"color:red\"></div><!-- /wp:cover -->\
        <!-- wp:site-title {\"style\":{\"elements\":{\"link\":{\"color\":{\"text\":\"#111\"}}},\"border\":{\"top\":{\"width\":\"2px\"}},\"shadow\":\"var:preset|shadow|deep\"}} /-->";
    let done = whole(&mut site, &nowhere, markup).await;
    let (body, css) = (done.body, done.css);
    assert!(!body.contains("zq-hidden"), "{body}");
    assert!(body.contains("wp-block-hidden-mobile wp-block-hidden-tablet"), "{body}");
    assert!(
        css.contains("@media (width <= 480px){.wp-block-hidden-mobile{display:none !important}}")
            && css.contains("@media (480px < width <= 782px)")
            && !css.contains("wp-block-hidden-desktop"),
        "{css}"
    );
    assert!(
        css.contains(" a:where(:not(.wp-element-button)){color:var(--wp--preset--color--accent);}")
            && css.contains(" h6{color:#123;}")
            && !css.contains("#f00"),
        "{css}"
    );
    assert_eq!(body.matches("<filter id=\"wp-duotone-").count(), 1, "{body}");
    assert!(
        css.contains(".wp-block-image img") && css.contains("{filter:url(#wp-duotone-"),
        "{css}"
    );
    assert!(
        body.contains("wp-block-image wp-duotone-dark") && css.contains("{filter:var(--wp--preset--duotone--dark)}"),
        "{css}"
    );
    assert!(
        body.contains("style=\"color:red;aspect-ratio:16/9;min-height:unset;\""),
        "{body}"
    );
    assert!(
        body.contains("style=\"border-top-width:2px;box-shadow:var(--wp--preset--shadow--deep)\"")
            && body.contains("has-link-color"),
        "{body}"
    );
}

#[tokio::test]
async fn covers_show_the_picture_of_their_item() {
    let mut site = new_site().await;
    picture(&mut site, 9, "2026/a;b).png").await;
    site.meta(9, "_wp_attachment_image_alt", "A \"map\"").await;
    let mut post = item(1, "post", "One", "x");
    site.add(&post).await;
    site.meta(1, "_thumbnail_id", "9").await;
    let cover = |more: &str| {
        format!(
            "<!-- wp:cover {{\"useFeaturedImage\":true,\"focalPoint\":{{\"x\":0.25,\"y\":1}}{more}}} --><div class=\"wp-block-cover\"><span></span>\
             <div class=\"wp-block-cover__inner-container\"><p>words</p></div></div><!-- /wp:cover -->"
        )
    };
    let beside = "<!-- wp:media-text {\"useFeaturedImage\":true} --><div class=\"wp-block-media-text\">\
        <figure class=\"wp-block-media-text__media\"></figure><div>x</div></div><!-- /wp:media-text -->";
    let all = cover("") + &cover(",\"isRepeated\":true") + beside;
    let one = site.item_page(&post);
    let body = page(&mut site, &one, &all).await;
    for wanted in [
        "<span></span><img data-object-fit=\"cover\" data-object-position=\"25% 100%\" style=\"object-position:25% 100%;\"",
        "class=\"wp-block-cover__image-background wp-post-image\"",
        "<div role=\"img\" aria-label=\"A &quot;map&quot;\" class=\"wp-block-cover__image-background wp-image-9 is-repeated\" \
         style=\"background-position:25% 100%;background-image:url(/wp-content/uploads/2026/a%3Bb%29.png);\">",
        "<figure class=\"wp-block-media-text__media\"><img decoding=\"async\" src=\"/wp-content/uploads/2026/a;b).png\" class=\"wp-image-9 size-full\"",
    ] {
        assert!(body.contains(wanted), "{wanted}: {body}");
    }
    post.password = "pw".to_owned();
    let one = site.item_page(&post);
    assert!(!page(&mut site, &one, &all).await.contains("uploads"));
}

#[tokio::test]
async fn tabs_and_playlists_work_without_a_script() {
    let mut site = new_site().await;
    let tab = |id: &str, words: &str| {
        format!(
            "<!-- wp:tab-panel {{{id}}} --><section class=\"wp-block-tab-panel\" role=\"tabpanel\"><p>{words}</p></section><!-- /wp:tab-panel -->"
        )
    };
    let tabs = format!(
        "<!-- wp:tabs --><div class=\"wp-block-tabs\"><!-- wp:tab-list --><div class=\"wp-block-tab-list\" role=\"tablist\">\
         <button type=\"button\" role=\"tab\" class=\"b\">One</button><button type=\"button\" role=\"tab\" class=\"b\">Two</button></div>\
         <!-- /wp:tab-list --><!-- wp:tab-panels --><div class=\"wp-block-tab-panels\">{}{}</div><!-- /wp:tab-panels --></div><!-- /wp:tabs -->",
        tab("", "first"),
        tab("", "second"),
    );
    let list = "<!-- wp:playlist --><figure class=\"wp-block-playlist\"><ol>\
        <!-- wp:playlist-track {\"id\":3,\"src\":\"/wp-content/uploads/a.mp3\",\"title\":\"A <b>\",\"artist\":\"B\",\"length\":\"3:12\"} /-->\
        <!-- wp:playlist-track {\"id\":4,\"src\":\"javascript:x\"} /--></ol></figure><!-- /wp:playlist -->";
    let nowhere = site.page(Address::Missing, Listing::default());
    let body = page(&mut site, &nowhere, &format!("{tabs}{list}")).await;
    assert!(!body.contains("<button") && !body.contains("hidden"), "{body}");
    for words in ["One", "Two"] {
        let before = body.split(&format!(">{words}</a>")).next().unwrap();
        let target = before.rsplit("href=\"#").next().unwrap().split('"').next().unwrap();
        assert!(body.contains(&format!(" id=\"{target}\"")), "{target}: {body}");
    }
    assert!(
        body.contains("<span class=\"wp-block-playlist-track__title\">A &lt;b&gt;</span>")
            && body.contains("<audio controls preload=\"none\" src=\"/wp-content/uploads/a.mp3\"")
            && body.matches("<audio").count() == 1,
        "{body}"
    );
}

#[test]
fn icons_take_the_colours_that_they_are_given() {
    let shown = |attributes: &str| gp_blocks::render_static(&format!("<!-- wp:icon {attributes} /-->"));
    let plain = shown(r#"{"icon":"core/tip"}"#);
    assert!(
        plain.starts_with(
            "<div class=\"wp-block-icon\"><svg aria-hidden=\"true\" focusable=\"false\" \
             xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><path d="
        ),
        "{plain}"
    );
    let tag = shown(
        r##"{"icon":"core/tag","textColor":"contrast","style":{"border":{"width":"2px","color":"#ff0000"},"spacing":{"padding":"4px",
            "margin":{"top":"3px"}},"dimensions":{"width":"48px"}},"align":"center","ariaLabel":"A \"tag\"","rotation":90,
            "flipVertical":true,"anchor":"here"}"##,
    );
    for part in [
        "<div id=\"here\" style=\"margin-top:3px\" class=\"aligncenter wp-block-icon\">",
        "role=\"img\" aria-label=\"A &quot;tag&quot;\"",
        "class=\"has-text-color has-contrast-color has-border-color is-flip-vertical\"",
        "style=\"color:var(--wp--preset--color--contrast);border-color:#ff0000;border-width:2px;width:48px;padding:4px;rotate:90deg\"",
    ] {
        assert!(tag.contains(part), "{part} in {tag}");
    }
    for none in [r#"{"icon":"tip"}"#, r#"{"icon":"core/nothing"}"#, "{}"] {
        assert_eq!(shown(none).trim(), "", "{none}");
    }
    let evil = shown(
        r#"{"icon":"core/tip","textColor":"x;}*{display:none","style":{"dimensions":{"width":"1px;position:fixed"}}}"#,
    );
    assert!(!evil.contains("display:none") && !evil.contains("position"), "{evil}");
}

#[tokio::test]
async fn pictures_in_texts_come_in_the_sizes_that_there_are() {
    let mut site = new_site().await;
    picture(&mut site, 5, "2026/a.png").await;
    let details = "a:3:{s:5:\"width\";i:1200;s:6:\"height\";i:800;s:5:\"sizes\";a:1:{s:6:\"medium\";a:3:{s:4:\"file\";\
        s:13:\"a-300x200.png\";s:5:\"width\";i:300;s:6:\"height\";i:200;}}}";
    site.meta(5, "_wp_attachment_metadata", details).await;
    let block = "<!-- wp:image {\"id\":5,\"sizeSlug\":\"medium\"} --><figure class=\"wp-block-image\">\
        <img src=\"/wp-content/uploads/2026/a-300x200.png\" alt=\"A\" class=\"wp-image-5\"/></figure><!-- /wp:image -->";
    let classic = "<p><img class=\"size-full wp-image-5\" src=\"https://old.example/wp-content/uploads/2026/a.png\" width=\"600\"></p>";
    for (content, wanted) in [
        (block, "<img width=\"300\" height=\"200\" decoding=\"async\""),
        (block, "sizes=\"(max-width: 300px) 100vw, 300px\""),
        (
            classic,
            "srcset=\"/wp-content/uploads/2026/a.png 1200w, /wp-content/uploads/2026/a-300x200.png 300w\"",
        ),
        (classic, "sizes=\"(max-width: 600px) 100vw, 600px\""),
    ] {
        let post = item(1, "post", "Pictures", content);
        let shown = site.item_page(&post);
        let body = page(&mut site, &shown, "<!-- wp:post-content /-->").await;
        assert!(body.contains(wanted), "{wanted}: {body}");
    }
}
