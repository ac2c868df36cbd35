//! A list as a table: what each item is, and what may be done with it.

use std::{collections::HashMap, fmt::Write as _};

use gp_admin::{Desk, html};
use gp_content::{ContentType, Item, Meta, MetaKind, Term, Verb, address::links, locks, meta, terms, users};
use gp_kernel::{ItemId, Result, UserId};
use gp_markup::text::{esc_attr, esc_html};
use gp_store::Conn;

use super::query::{self, Asked};
use crate::kinds;

/// What is shown beside the items themselves.
struct Beside {
    terms: HashMap<ItemId, Vec<Term>>,
    metas: HashMap<i64, Meta>,
    links: HashMap<ItemId, String>,
    people: HashMap<UserId, String>,
    locks: HashMap<ItemId, UserId>,
    tree: Vec<Term>,
    tree_name: String,
}

impl Beside {
    async fn read(conn: &mut Conn, desk: &Desk, kind: &ContentType, list: &[Item]) -> Result<Self> {
        let ids: Vec<ItemId> = list.iter().map(|item| item.id).collect();
        let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let locks = locks::of(conn, &ids, desk.now.as_second()).await?;
        let locks: HashMap<ItemId, UserId> = locks.into_iter().map(|(id, lock)| (id, lock.who)).collect();
        let people: Vec<UserId> = list
            .iter()
            .map(|item| item.author)
            .chain(locks.values().copied())
            .collect();
        let people = users::by_ids(conn, &people).await?;
        let tree_name = query::tree(desk, kind).unwrap_or_default();
        let tree = if tree_name.is_empty() {
            Vec::new()
        } else {
            terms::all_of(conn, &tree_name).await?.to_vec()
        };
        Ok(Self {
            terms: terms::of_items(conn, &ids).await?,
            metas: meta::of_many(conn, MetaKind::Item, &numbers).await?,
            links: links::of_items(conn, &desk.site, &desk.app.types, list).await?,
            people: people.into_iter().map(|(id, user)| (id, user.display_name)).collect(),
            locks,
            tree,
            tree_name,
        })
    }

    fn labels(&self, id: ItemId) -> Vec<&Term> {
        let all = self.terms.get(&id).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|term| term.taxonomy == self.tree_name).collect()
    }
}

/// The table, with the form around it.
pub(super) async fn rows(
    conn: &mut Conn,
    desk: &Desk,
    kind: &ContentType,
    asked: &Asked,
    list: &[Item],
) -> Result<String> {
    let beside = Beside::read(conn, desk, kind, list).await?;
    let mut body = String::new();
    for item in list {
        body += &row(desk, kind, asked, &beside, item);
        if asked.quick == item.id.0 {
            body += &quick(desk, kind, asked, &beside, item);
        }
    }
    let head = [
        sorted(kind, asked, "title", "Title", ""),
        "<th scope=\"col\">Label</th><th scope=\"col\">State</th>".to_owned(),
        sorted(kind, asked, "author", "By", ""),
        sorted(kind, asked, "modified", "Changed", ""),
    ]
    .concat();
    Ok(format!(
        "<form method=\"post\" id=\"list\" action=\"{}\">{}{}<table class=\"a-stack\"><caption class=\"a-vh\">{}</caption><thead><tr>\
         <td><input type=\"checkbox\" data-all=\"post[]\" aria-label=\"Pick all on this page\"></td>{head}</tr></thead><tbody>{body}</tbody></table></form>",
        esc_attr(&asked.address(kind, &[("paged", &asked.page.to_string())])),
        html::meant(desk),
        bulk(desk, kind, asked, &beside),
        kind.plural,
    ))
}

/// A heading by which the list can be ordered.
fn sorted(kind: &ContentType, asked: &Asked, by: &str, label: &str, class: &str) -> String {
    let present = if asked.order_by.is_empty() {
        "modified"
    } else {
        &asked.order_by
    };
    let here = present == by;
    let sort = match (here, asked.up) {
        (true, true) => " aria-sort=\"ascending\"",
        (true, false) => " aria-sort=\"descending\"",
        _ => "",
    };
    // Names from A, dates from the newest; a second time the other way round.
    let up = if here {
        !asked.up
    } else {
        matches!(by, "title" | "author")
    };
    let order = if up { "asc" } else { "desc" };
    let address = asked.address(kind, &[("orderby", by), ("order", order)]);
    format!(
        "<th scope=\"col\"{sort}{class}><a href=\"{}\">{label}</a></th>",
        esc_attr(&address)
    )
}

fn bulk(desk: &Desk, kind: &ContentType, asked: &Asked, beside: &Beside) -> String {
    if asked.status == "trash" {
        return "<div class=\"a-bulk\"><button class=\"a-btn a-btn--small\" name=\"do\" value=\"untrash\">Put back</button>\
            <button class=\"a-btn a-btn--small a-btn--stop\" name=\"do\" value=\"delete\">Delete for good</button></div>"
            .to_owned();
    }
    let states = [
        ("", "State"),
        ("publish", "Publish"),
        ("pending", "In review"),
        ("draft", "Draft"),
        ("private", "Private"),
    ];
    let mut acts = format!(
        "<label class=\"a-vh\" for=\"b-state\">State for what is picked</label><select id=\"b-state\" name=\"status\">{}</select>",
        html::options("", states)
    );
    if !beside.tree.is_empty() {
        let labels = query::choice_of(&beside.tree);
        let all = std::iter::once(("", "Add a label")).chain(labels.iter().map(|(v, l)| (v.as_str(), l.as_str())));
        let _ = write!(
            acts,
            "<label class=\"a-vh\" for=\"b-label\">Label for what is picked</label><select id=\"b-label\" name=\"label\">{}</select>",
            html::options("", all)
        );
    }
    let may_trash = kinds::works_with(desk, kind);
    let trash = if may_trash {
        "<button class=\"a-btn a-btn--small a-btn--stop\" name=\"do\" value=\"trash\">To trash</button>"
    } else {
        ""
    };
    format!(
        "<div class=\"a-bulk\"><strong data-picked>With what is picked</strong>{acts}\
         <button class=\"a-btn a-btn--small\" name=\"do\" value=\"edit\">Change</button>{trash}</div>"
    )
}

fn row(desk: &Desk, kind: &ContentType, asked: &Asked, beside: &Beside, item: &Item) -> String {
    let title = kinds::title(item);
    let may = |verb| desk.actor().may(verb, item, None, &desk.app.types).is_ok();
    let edits = may(Verb::Update) && item.status != "trash" && kinds::is_written_here(kind);
    let name = match edits {
        true => format!(
            "<a class=\"a-t\" href=\"{}\">{}</a>",
            esc_attr(&kinds::edit_of(item)),
            esc_html(&title)
        ),
        false => format!("<span class=\"a-t\">{}</span>", esc_html(&title)),
    };
    let labels: Vec<String> = beside
        .labels(item.id)
        .iter()
        .map(|t| esc_html(&gp_markup::text::plain_text(&t.name)))
        .collect();
    let author = beside.people.get(&item.author).map_or("", String::as_str);
    let edited = beside.locks.get(&item.id).filter(|who| **who != desk.actor().user());
    let edited = edited.map(|who| beside.people.get(who).map_or("somebody", String::as_str));
    let edited = edited.map_or(String::new(), |who| {
        format!("<strong>Being edited by {} now</strong>", esc_html(who))
    });
    let picked = format!("Pick: {title}");
    format!(
        "<tr><td><input type=\"checkbox\" name=\"post[]\" value=\"{}\" aria-label=\"{}\"></td><th scope=\"row\">{name}{}<span class=\"a-s a-2\">{}{edited}</span>{}</th>\
         <td data-l=\"Label\">{}</td><td>{}</td><td data-l=\"By\">{}</td><td data-l=\"Changed\" class=\"a-nw\">{}</td></tr>",
        item.id,
        esc_attr(&picked),
        "<br>",
        facts(desk, beside, item),
        acts(desk, kind, asked, beside, item, edits),
        labels.join(", "),
        kinds::state(item),
        esc_html(author),
        html::moment(desk, &item.modified),
    )
}

/// What the record says of an item: its symbols and its year.
fn facts(desk: &Desk, beside: &Beside, item: &Item) -> String {
    let none = Meta::default();
    let described = (desk.app.describe)(item, beside.metas.get(&item.id.0).unwrap_or(&none));
    let symbols = described
        .symbols
        .iter()
        .take(1)
        .map(|symbol| format!("<bdi>{}</bdi>", esc_html(symbol)));
    let years = described
        .facets
        .iter()
        .filter(|(field, _)| field == "year")
        .map(|(_, year)| esc_html(year));
    let said: Vec<String> = symbols.chain(years.take(1)).collect();
    if said.is_empty() {
        String::new()
    } else {
        format!("{} ", said.join(", "))
    }
}

fn acts(desk: &Desk, kind: &ContentType, asked: &Asked, beside: &Beside, item: &Item, edits: bool) -> String {
    let may = |verb| desk.actor().may(verb, item, None, &desk.app.types).is_ok();
    let mut acts = String::new();
    let about = format!("<span class=\"a-vh\"> {}</span>", esc_html(&kinds::title(item)));
    if item.status == "trash" {
        if may(Verb::Restore) {
            let _ = write!(
                acts,
                "<button class=\"a-link\" name=\"untrash\" value=\"{}\">Put back{about}</button>",
                item.id
            );
        }
        if may(Verb::Delete) {
            let _ = write!(
                acts,
                "<button class=\"a-link a-link--stop\" name=\"delete\" value=\"{}\">Delete for good{about}</button>",
                item.id
            );
        }
        return format!("<span class=\"a-rowacts\">{acts}</span>");
    }
    if edits {
        let quick = asked.address(
            kind,
            &[("paged", &asked.page.to_string()), ("quick", &item.id.to_string())],
        );
        let _ = write!(acts, "<a href=\"{}\">Edit{about}</a>", esc_attr(&kinds::edit_of(item)));
        if kind.rest_base.is_some() && !kind.name.starts_with("wp_template") {
            let _ = write!(acts, "<a href=\"{}#quick\">Quick edit{about}</a>", esc_attr(&quick));
        }
    }
    if let Some(link) = beside.links.get(&item.id).filter(|_| kind.public) {
        let word = if item.status == "publish" { "View" } else { "Preview" };
        let _ = write!(acts, "<a href=\"{}\">{word}{about}</a>", esc_attr(link));
    }
    if may(Verb::Trash) {
        let _ = write!(
            acts,
            "<button class=\"a-link a-link--stop\" name=\"trash\" value=\"{}\">To trash{about}</button>",
            item.id
        );
    }
    format!("<span class=\"a-rowacts\">{acts}</span>")
}

/// The row in which an item is changed without leaving the list. Its fields belong to the form of the list.
fn quick(desk: &Desk, kind: &ContentType, asked: &Asked, beside: &Beside, item: &Item) -> String {
    let own: Vec<&str> = beside.labels(item.id).iter().map(|term| term.slug.as_str()).collect();
    let ticks: String = query::choice_of(&beside.tree)
        .iter()
        .map(|(slug, name)| html::tick("quick_label[]", slug, name, own.contains(&slug.as_str())))
        .collect();
    let labels = match beside.tree.is_empty() {
        true => String::new(),
        false => format!(
            "<fieldset class=\"a-field\"><legend class=\"a-lab\">Label</legend>{}<div class=\"a-ticks\">{ticks}</div></fieldset>",
            html::hidden("quick_labels", "1")
        ),
    };
    let states = [
        ("publish", "Published"),
        ("pending", "In review"),
        ("draft", "Draft"),
        ("private", "Private"),
        ("future", "Scheduled"),
    ];
    let may_publish = desk.actor().may(Verb::Publish, item, None, &desk.app.types).is_ok();
    let states = states
        .into_iter()
        .filter(|(status, _)| may_publish || matches!(*status, "pending" | "draft") || *status == item.status);
    let date = item.date.get(..16).unwrap_or_default().replace(' ', "T");
    let date = if date.starts_with("0000") { String::new() } else { date };
    format!(
        "<tr class=\"is-quick\" id=\"quick\"><td colspan=\"6\"><div class=\"a-quick\" role=\"group\" aria-label=\"Quick edit\">{}<div class=\"a-quickgrid\">{}{}{}{}</div>{labels}\
         <div class=\"a-acts\"><button class=\"a-btn a-btn--main a-btn--small\" name=\"quick\" value=\"{}\">Save</button>\
         <a class=\"a-btn a-btn--small\" href=\"{}\">Leave as it was</a><span class=\"a-s a-2\">When the address changes, the old one leads to the new one.</span></div></div></td></tr>",
        html::hidden("quick_modified", &item.modified_gmt),
        html::field("quick_title", "Title", &item.title, "", ""),
        html::field("quick_slug", "Address", &item.name, "spellcheck=\"false\"", ""),
        html::choice("quick_status", "State", &html::options(&item.status, states), ""),
        html::field("quick_date", "Date", &date, "type=\"datetime-local\"", ""),
        item.id,
        esc_attr(&asked.address(kind, &[("paged", &asked.page.to_string())])),
    )
}
