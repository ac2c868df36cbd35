//! Lists of items: WordPress's parameters as a query of ours.

use gp_content::{ContentType, Item, ItemQuery, Order, Taxonomy, Term, items, terms};
use gp_kernel::{ItemId, UserId};
use gp_markup::text::sanitize_title;
use serde_json::Value;

use super::super::facts;
use crate::{
    dates,
    reply::{Failure, Outcome},
    request::{Request, ints},
    turn::Turn,
};

/// A part of a list, with how many there are in all.
pub struct Found {
    /// The items of this page.
    pub items: Vec<Item>,
    /// How many there are in all.
    pub total: i64,
    /// How many a page has.
    pub per_page: i64,
}

/// Looks for items of a type.
///
/// # Errors
/// When a parameter asks for what cannot be, or for what whoever asks may not see.
pub async fn found(turn: &mut Turn, kind: &ContentType, request: &Request) -> Outcome<Found> {
    let per_page = request.int("per_page").unwrap_or(10);
    let page = request.int("page").unwrap_or(1);
    let offset = request.int("offset").unwrap_or((page - 1).saturating_mul(per_page));
    let mut query = query(turn, kind, request).await?;
    let order_by = request.text("orderby").unwrap_or("date");
    let found = if matches!(order_by, "include" | "include_slugs") {
        given(turn, &mut query, request, order_by, (offset, per_page)).await?
    } else {
        query.offset = usize::try_from(offset).unwrap_or(0);
        query.limit = usize::try_from(per_page).unwrap_or(10);
        let page = items::list(&mut turn.conn, &turn.scope, &query).await?;
        Found {
            items: page.items,
            total: page.total,
            per_page,
        }
    };
    let pages = pages(found.total, per_page);
    if page > pages && found.total > 0 && request.param("offset").is_none() {
        return Err(Failure::new(
            400,
            "rest_post_invalid_page_number",
            "The page number requested is larger than the number of pages available.",
        ));
    }
    Ok(found)
}

/// How many pages a list has.
pub(crate) fn pages(total: i64, per_page: i64) -> i64 {
    (total + per_page - 1) / per_page.max(1)
}

/// In the order in which they were named.
async fn given(
    turn: &mut Turn,
    query: &mut ItemQuery,
    request: &Request,
    by: &str,
    (offset, per_page): (i64, i64),
) -> Outcome<Found> {
    const MOST: usize = 1000;
    query.limit = MOST;
    let mut all = items::list(&mut turn.conn, &turn.scope, query).await?.items;
    if by == "include" {
        let ids = request.ints("include");
        all.sort_by_key(|item| ids.iter().position(|id| *id == item.id.0));
    } else {
        let slugs = request.texts("slug");
        all.sort_by_key(|item| slugs.iter().position(|slug| *slug == item.name));
    }
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(offset).unwrap_or(0);
    let take = usize::try_from(per_page).unwrap_or(10);
    Ok(Found {
        items: all.into_iter().skip(skip).take(take).collect(),
        total,
        per_page,
    })
}

/// The statuses that are asked for, if whoever asks may ask for them.
fn statuses(turn: &Turn, kind: &ContentType, request: &Request) -> Outcome<Vec<String>> {
    let asked = request.texts("status");
    let default = if kind.name == "attachment" {
        "inherit"
    } else {
        "publish"
    };
    let can = |deed: &str| turn.can(&facts::capability(kind, deed));
    for status in &asked {
        let allowed = status == default || can("edit") || (status == "private" && can("read_private"));
        if !allowed {
            return Err(Failure::param(
                "status",
                "rest_forbidden_status",
                "Status is forbidden.",
            ));
        }
    }
    let any = ["publish", "future", "draft", "pending", "private"].map(str::to_owned);
    let mut out = Vec::new();
    for status in asked {
        match status.as_str() {
            "any" if kind.name == "attachment" => out.extend(["inherit".to_owned(), "private".to_owned()]),
            "any" => out.extend(any.clone()),
            _ => out.push(status),
        }
    }
    out.dedup();
    Ok(out)
}

async fn query(turn: &mut Turn, kind: &ContentType, request: &Request) -> Outcome<ItemQuery> {
    let statuses = statuses(turn, kind, request)?;
    let statuses: Vec<&str> = statuses.iter().map(String::as_str).collect();
    let people = |name: &str| request.ints(name).into_iter().map(UserId).collect::<Vec<_>>();
    let things = |name: &str| request.ints(name).into_iter().map(ItemId).collect::<Vec<_>>();
    let include = things("include");
    let mut query = ItemQuery {
        types: vec![kind.name.to_owned()],
        shelves: Some(turn.scope.at_work(kind, &statuses)),
        authors: people("author"),
        without_authors: people("author_exclude"),
        ids: (!include.is_empty()).then_some(include),
        without_ids: things("exclude"),
        without_parents: things("parent_exclude"),
        names: request.texts("slug").iter().map(|slug| sanitize_title(slug)).collect(),
        menu_order: request.int("menu_order"),
        order: order(request)?,
        ..ItemQuery::default()
    };
    match things("parent").as_slice() {
        [] => {}
        // The default is not a condition; whoever asks for nothing's children says so.
        [ItemId(0)] if !request.given.contains("parent") => {}
        [one] => query.parent = Some(*one),
        several => query.parents = several.to_vec(),
    }
    words(request, &mut query);
    let moment = |name: &str| {
        let sent = request.text(name)?;
        dates::read(sent, &turn.site.zone)
    };
    query.between.after = moment("after").unwrap_or_default();
    query.between.before = moment("before").unwrap_or_default();
    query.between.modified_after = moment("modified_after").unwrap_or_default();
    query.between.modified_before = moment("modified_before").unwrap_or_default();
    if let Some(sticky) = request.param("sticky").and_then(Value::as_bool) {
        stick(turn, sticky, &mut query);
    }
    query.any_terms = request.text("tax_relation") == Some("OR");
    for taxonomy in super::taxonomies_of(turn, kind) {
        by_terms(turn, &taxonomy, request, &mut query).await?;
    }
    by_format(turn, request, &mut query).await?;
    media(request, &mut query);
    Ok(query)
}

fn words(request: &Request, query: &mut ItemQuery) {
    let Some(search) = request.text("search").filter(|s| !s.trim().is_empty()) else {
        return;
    };
    const MOST: usize = 20;
    query.words = match request.text("search_semantics") {
        Some("exact") => vec![search.trim().to_owned()],
        _ => search.split_whitespace().take(MOST).map(str::to_owned).collect(),
    };
    query.word_columns = request
        .texts("search_columns")
        .iter()
        .filter_map(|column| match column.as_str() {
            "post_title" => Some("title"),
            "post_content" => Some("content"),
            "post_excerpt" => Some("excerpt"),
            _ => None,
        })
        .collect();
    if request.text("orderby").is_none_or(|by| by == "relevance") {
        query.order = Order::Fitting;
    }
}

fn order(request: &Request) -> Outcome<Order> {
    let up = request.text("order") == Some("asc");
    let either = |down: Order, upward: Order| if up { upward } else { down };
    Ok(match request.text("orderby").unwrap_or("date") {
        "relevance" if request.text("search").is_none_or(str::is_empty) => {
            return Err(Failure::new(
                400,
                "rest_no_search_term_defined",
                "You need to define a search term to order by relevance.",
            ));
        }
        "relevance" => Order::Fitting,
        "author" => either(Order::AuthorDown, Order::Author),
        "id" => either(Order::IdDown, Order::Id),
        "modified" => either(Order::Modified, Order::ModifiedUp),
        "parent" => either(Order::ParentDown, Order::Parent),
        "slug" => either(Order::NameDown, Order::Name),
        "title" => either(Order::TitleDown, Order::Title),
        "menu_order" => either(Order::MenuDown, Order::Menu),
        "include" | "include_slugs" => Order::Id,
        _ => either(Order::Newest, Order::Oldest),
    })
}

fn stick(turn: &Turn, sticky: bool, query: &mut ItemQuery) {
    let stuck = &turn.site.sticky;
    if !sticky {
        query.without_ids.extend(stuck);
        return;
    }
    query.ids = Some(match query.ids.take() {
        Some(ids) => ids.into_iter().filter(|id| stuck.contains(id)).collect(),
        None => stuck.clone(),
    });
}

/// What is asked about a taxonomy: a list of ids, or an object with `terms`.
struct Wanted {
    ids: Vec<i64>,
    children: bool,
    all: bool,
}

fn wanted(value: &Value) -> Wanted {
    match value {
        // To PHP a list is a map whose keys are numbers.
        Value::Object(list) if list.keys().all(|key| key.bytes().all(|b| b.is_ascii_digit())) => Wanted {
            ids: list.values().flat_map(ints).collect(),
            children: false,
            all: false,
        },
        Value::Object(query) => Wanted {
            ids: query.get("terms").map(ints).unwrap_or_default(),
            children: query.get("include_children") == Some(&Value::Bool(true)),
            all: query.get("operator").and_then(Value::as_str) == Some("AND"),
        },
        list => Wanted {
            ids: ints(list),
            children: false,
            all: false,
        },
    }
}

async fn by_terms(turn: &mut Turn, taxonomy: &Taxonomy, request: &Request, query: &mut ItemQuery) -> Outcome<()> {
    let base = taxonomy.rest_base;
    let with = request.param(base).map(wanted).filter(|w| !w.ids.is_empty());
    let without = request.param(&format!("{base}_exclude")).map(wanted);
    let without = without.filter(|w| !w.ids.is_empty());
    if with.is_none() && without.is_none() {
        return Ok(());
    }
    let all = terms::all_of(&mut turn.conn, &taxonomy.name).await?;
    let of = |id: i64, children: bool| -> Vec<i64> {
        let Some(term) = all.iter().find(|t: &&Term| t.term_id.0 == id) else {
            return Vec::new();
        };
        if children {
            terms::with_descendants(&all, term)
        } else {
            vec![term.id.0]
        }
    };
    if let Some(with) = with {
        let groups: Vec<Vec<i64>> = with.ids.iter().map(|id| of(*id, with.children)).collect();
        if with.all {
            query.terms.extend(groups);
        } else {
            query.terms.push(groups.concat());
        }
    }
    if let Some(without) = without {
        let ids = without.ids.iter().flat_map(|id| of(*id, without.children));
        query.without_terms.extend(ids);
    }
    Ok(())
}

async fn by_format(turn: &mut Turn, request: &Request, query: &mut ItemQuery) -> Outcome<()> {
    let formats = request.texts("format");
    if formats.is_empty() {
        return Ok(());
    }
    let all = terms::all_of(&mut turn.conn, "post_format").await?;
    let id_of = |format: &str| {
        let slug = format!("post-format-{format}");
        all.iter().find(|t| t.slug == slug).map(|t| t.id.0)
    };
    if formats.iter().any(|format| format == "standard") {
        // No format is what none of the others is.
        let others = all
            .iter()
            .filter(|t| !formats.iter().any(|f| t.slug == format!("post-format-{f}")));
        query.without_terms.extend(others.map(|t| t.id.0));
    } else {
        query
            .terms
            .push(formats.iter().filter_map(|format| id_of(format)).collect());
    }
    Ok(())
}

fn media(request: &Request, query: &mut ItemQuery) {
    query.mime_types.extend(request.texts("media_type"));
    query.mime_types.extend(request.texts("mime_type"));
}
