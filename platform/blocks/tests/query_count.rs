//! A page asks the database a number of times that does not grow with what it lists.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod site;

use std::sync::atomic::{AtomicUsize, Ordering};

use gp_blocks::{Listing, Renderer};
use gp_content::{
    Item,
    address::{Address, List, Shape},
};
use gp_kernel::UserId;
use site::{TestSite, item, theme};
use tracing::{Event, Metadata, Subscriber, span};

static STATEMENTS: AtomicUsize = AtomicUsize::new(0);

/// Counts what the database driver reports.
struct Count;

impl Subscriber for Count {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }
    fn event(&self, _: &Event<'_>) {
        STATEMENTS.fetch_add(1, Ordering::SeqCst);
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

const TEMPLATE: &str = "<!-- wp:navigation /--><!-- wp:query {\"query\":{\"inherit\":true}} --><div><!-- wp:post-template --><!-- wp:post-title {\"isLink\":true} /--><!-- wp:post-featured-image /--><!-- wp:post-author-name /--><!-- wp:avatar /--><!-- wp:post-author-biography /--><!-- wp:paragraph {\"metadata\":{\"bindings\":{\"content\":{\"source\":\"core/post-meta\",\"args\":{\"key\":\"k\"}}}}} --><p>x</p><!-- /wp:paragraph --><!-- wp:post-terms {\"term\":\"category\"} /--><!-- wp:post-excerpt /--><!-- /wp:post-template --></div><!-- /wp:query --><!-- wp:latest-posts /--><!-- wp:breadcrumbs /--><!-- wp:terms-query --><div><!-- wp:term-template --><!-- wp:term-name {\"isLink\":true} /--><!-- wp:term-count /--><!-- /wp:term-template --></div><!-- /wp:terms-query --><!-- wp:categories /-->";

async fn count(site: &mut TestSite, size: i64) -> usize {
    let items = (1..=size)
        .map(|id| Item {
            author: UserId(id),
            ..item(id, "post", &format!("Item {id}"), "x")
        })
        .collect();
    let list = List {
        shape: Shape::Front,
        page: 1,
        first: "/".to_owned(),
        ..List::default()
    };
    let page = site.page(
        Address::List(list),
        Listing {
            items,
            total: size,
            pages: 1,
            ..Listing::default()
        },
    );
    let renderer = Renderer::new(theme(&[("templates/index.html", TEMPLATE)]), Vec::new());
    let before = STATEMENTS.load(Ordering::SeqCst);
    let body = renderer.page(&mut site.conn, &page).await.unwrap().body;
    assert!(body.contains(&format!("Item {size}")), "{body}");
    STATEMENTS.load(Ordering::SeqCst) - before
}

#[tokio::test]
async fn statements_do_not_grow_with_the_list() {
    tracing::subscriber::set_global_default(Count).unwrap();
    let mut site = TestSite::new(tempfile::tempdir().unwrap()).await;
    let mut on = Vec::new();
    for id in 1..=40 {
        site.add(&item(id, "post", &format!("Item {id}"), "x")).await;
        site.meta(id, "_thumbnail_id", &(id + 100).to_string()).await;
        on.push(id);
    }
    site.term(1, "category", "Guidance", &on).await;
    let (few, many) = (count(&mut site, 2).await, count(&mut site, 40).await);
    println!("statements for an archive page: {many}");
    assert!(few > 0, "the driver reports nothing: this test would prove nothing");
    assert_eq!(few, many);
    assert!(many <= 20, "{many} statements for one page");
}
