//! The terms of a taxonomy as a list, in the order of their tree, with the form for a new one beside it.

use std::fmt::Write as _;

use gp_admin::{Desk, Page, html};
use gp_content::{Taxonomy, Term, Verb, address::links, terms};
use gp_kernel::Result;
use gp_markup::text::{esc_attr, esc_html};

use super::{acts, address, counted, items, list_of, name, parents, tree};

const PER_PAGE: i64 = 100;

pub(super) async fn shown(desk: &Desk, taxonomy: &Taxonomy) -> Result<Page> {
    let mut conn = desk.read().await?;
    let all = terms::fresh(&mut conn, &taxonomy.name).await?;
    drop(conn);
    let body = match desk.query.get("confirm") {
        "delete" => acts::confirm_delete(desk, taxonomy, &all),
        "merge" => acts::confirm_merge(desk, taxonomy, &all),
        _ => listed(desk, taxonomy, &all),
    };
    Ok(Page {
        entry: list_of(&taxonomy.name),
        ..Page::new(taxonomy.plural.as_str(), body)
    })
}

fn listed(desk: &Desk, taxonomy: &Taxonomy, all: &[Term]) -> String {
    let words = desk.query.get("s").trim();
    let page = desk.query.int("paged").unwrap_or(1).clamp(1, 100_000);
    let found = found(all, words);
    let total = i64::try_from(found.len()).unwrap_or(0);
    let skip = usize::try_from((page - 1) * PER_PAGE).unwrap_or(0);
    let part: Vec<(&Term, usize)> = found.into_iter().skip(skip).take(100).collect();
    let rows = match part.is_empty() {
        true => nothing(taxonomy, words),
        false => table(desk, taxonomy, all, &part, words),
    };
    let pages = html::pages(page, PER_PAGE, total, |page| {
        format!(
            "/wp-admin/{}",
            address(&taxonomy.name, &[("s", words), ("paged", &page.to_string())])
        )
    });
    let search = match all.is_empty() {
        true => String::new(),
        false => search(taxonomy, words),
    };
    format!(
        "{}<div class=\"a-cols\"><div>{search}{rows}{pages}</div><div>{}</div></div>",
        acts::told(desk, taxonomy),
        new_form(desk, taxonomy, all),
    )
}

/// What holds the words in its name, slug or description; in the order of the tree, those that are found set in no further.
fn found<'a>(all: &'a [Term], words: &str) -> Vec<(&'a Term, usize)> {
    let words = words.to_lowercase();
    if words.is_empty() {
        return tree(all);
    }
    let holds = |text: &str| text.to_lowercase().contains(&words);
    let fits = |term: &Term| holds(&name(term)) || holds(&term.slug) || holds(&term.description);
    tree(all)
        .into_iter()
        .filter(|(term, _)| fits(term))
        .map(|(term, _)| (term, 0))
        .collect()
}

fn nothing(taxonomy: &Taxonomy, words: &str) -> String {
    if words.is_empty() {
        let text = format!(
            "There are no {} yet. The form on this page makes the first one.",
            taxonomy.plural.to_lowercase()
        );
        return html::empty(&text, "<a class=\"a-btn\" href=\"#f-name\">Write its name</a>");
    }
    let all = format!(
        "<a class=\"a-btn\" href=\"/wp-admin/{}\">Show all</a>",
        esc_attr(&list_of(&taxonomy.name))
    );
    html::empty(&format!("Nothing here is called “{words}”."), &all)
}

fn search(taxonomy: &Taxonomy, words: &str) -> String {
    format!(
        "<form class=\"a-filter\" role=\"search\" aria-label=\"{}\" action=\"/wp-admin/edit-tags.php\">{}\
         <p><label for=\"t-s\">Words</label><input id=\"t-s\" name=\"s\" type=\"search\" value=\"{}\"></p><button class=\"a-btn\">Find</button></form>",
        esc_attr(&taxonomy.plural),
        html::hidden("taxonomy", &taxonomy.name),
        html::exact(words),
    )
}

fn table(desk: &Desk, taxonomy: &Taxonomy, all: &[Term], part: &[(&Term, usize)], words: &str) -> String {
    let rows: String = part
        .iter()
        .map(|(term, depth)| row(desk, taxonomy, all, term, *depth, words))
        .collect();
    let may_delete = desk.actor().may_on_terms(Verb::Delete, taxonomy).is_ok();
    let bulk = if may_delete {
        "<div class=\"a-bulk\"><strong data-picked>With those that are ticked</strong>\
             <button class=\"a-btn a-btn--small\" name=\"do\" value=\"merge\">Merge into one</button>\
             <button class=\"a-btn a-btn--small a-btn--stop\" name=\"do\" value=\"delete\">Delete</button></div>"
            .to_owned()
    } else {
        String::new()
    };
    format!(
        "<form method=\"post\" action=\"/wp-admin/{}\">{}{bulk}<table class=\"a-stack\"><caption class=\"a-vh\">{}</caption><thead><tr>\
         <td><input type=\"checkbox\" data-all=\"tag[]\" aria-label=\"Pick all on this page\"></td><th scope=\"col\">Name</th>\
         <th scope=\"col\">Description</th><th scope=\"col\" class=\"a-end\">Items</th></tr></thead><tbody>{rows}</tbody></table></form>",
        esc_attr(&list_of(&taxonomy.name)),
        html::meant(desk),
        esc_html(&taxonomy.plural),
    )
}

fn row(desk: &Desk, taxonomy: &Taxonomy, all: &[Term], term: &Term, depth: usize, words: &str) -> String {
    let own = name(term);
    let about = format!("<span class=\"a-vh\"> {}</span>", esc_html(&own));
    let edit = format!("/wp-admin/{}", one(taxonomy, term));
    // Set in by a class of its own: a style attribute would need leave in the policy of the page.
    let inset = if depth > 0 {
        format!(" class=\"a-in a-in--{depth}\"")
    } else {
        String::new()
    };
    let above = terms::with_ancestors(all, term);
    let above: Vec<String> = above.iter().rev().skip(1).rev().map(|term| name(term)).collect();
    let path = match (words.is_empty(), above.is_empty()) {
        (false, false) => format!("in {}, ", above.join(", ")),
        _ => String::new(),
    };
    let link = links::of_term(&desk.site, &desk.app.types, term, all);
    let mut deeds = format!("<a href=\"{}\">Edit{about}</a>", esc_attr(&edit));
    if taxonomy.public {
        let _ = write!(deeds, "<a href=\"{}\">View{about}</a>", esc_attr(&link));
    }
    if acts::may_go(desk, taxonomy, term) {
        let _ = write!(
            deeds,
            "<button class=\"a-link a-link--stop\" name=\"delete\" value=\"{}\">Delete{about}</button>",
            term.term_id
        );
    }
    let description = gp_markup::text::plain_text(&term.description);
    format!(
        "<tr><td><input type=\"checkbox\" name=\"tag[]\" value=\"{}\" aria-label=\"{}\"></td><th scope=\"row\"{inset}><a class=\"a-t\" href=\"{}\">{}</a><br>\
         <span class=\"a-s a-2\">{}<bdi>{}</bdi></span><span class=\"a-rowacts\">{deeds}</span></th>{}<td data-l=\"Items\" class=\"a-end\">{}</td></tr>",
        term.term_id,
        esc_attr(&format!("Pick: {own}")),
        esc_attr(&edit),
        esc_html(&own),
        esc_html(&path),
        esc_html(&term.slug),
        match description.trim() {
            "" => "<td></td>".to_owned(),
            text => format!("<td data-l=\"Description\">{}</td>", esc_html(text)),
        },
        count(taxonomy, term, &link),
    )
}

/// How many items have it, with the way to them.
fn count(taxonomy: &Taxonomy, term: &Term, link: &str) -> String {
    let shown = html::thousands(term.count);
    let to = match (term.count, taxonomy.name.as_str()) {
        (..=0, _) => return shown,
        (_, "category") => format!("/wp-admin/edit.php?label={}", html::part(&term.slug)),
        _ if taxonomy.public => link.to_owned(),
        _ => return shown,
    };
    format!(
        "<a href=\"{}\">{shown}<span class=\"a-vh\"> with {}</span></a>",
        esc_attr(&to),
        esc_html(&name(term))
    )
}

/// Where one term is edited.
pub(super) fn one(taxonomy: &Taxonomy, term: &Term) -> String {
    format!("term.php?taxonomy={}&tag_ID={}", taxonomy.name, term.term_id)
}

/// The fields of a term, and of a new one; what was typed and refused comes back in the query of nobody: it stands in the form.
pub(super) fn fields(taxonomy: &Taxonomy, all: &[Term], term: Option<&Term>, typed: &Term) -> String {
    let parent = if taxonomy.hierarchical {
        html::choice("parent", "Stands below", &parents(all, term, typed.parent.0), "")
    } else {
        String::new()
    };
    [
        html::field(
            "name",
            "Name",
            &gp_markup::text::decode_entities(&typed.name),
            "required",
            "",
        ),
        html::field(
            "slug",
            "Address",
            &typed.slug,
            "spellcheck=\"false\" autocapitalize=\"none\"",
            "The last part of its address; empty: made from the name.",
        ),
        parent,
        html::area(
            "description",
            "Description",
            &typed.description,
            3,
            "Shown at the top of its page.",
        ),
    ]
    .concat()
}

fn new_form(desk: &Desk, taxonomy: &Taxonomy, all: &[Term]) -> String {
    if desk.actor().may_on_terms(Verb::Create, taxonomy).is_err() {
        return String::new();
    }
    let typed = Term {
        name: gp_markup::text::special_chars(desk.form.get("name"), gp_markup::text::Quotes::Neither, true),
        slug: desk.form.get("slug").to_owned(),
        description: desk.form.get("description").to_owned(),
        parent: gp_kernel::TermId(desk.form.int("parent").unwrap_or(0)),
        ..Term::default()
    };
    format!(
        "<section class=\"a-panel a-stick\" aria-labelledby=\"new\"><h2 id=\"new\">New {}</h2><form method=\"post\" action=\"/wp-admin/{}\">{}{}\
         <button class=\"a-btn a-btn--main\" name=\"do\" value=\"add\">Add</button></form></section>",
        esc_html(&taxonomy.singular.to_lowercase()),
        esc_attr(&list_of(&taxonomy.name)),
        html::meant(desk),
        fields(taxonomy, all, None, &typed),
    )
}

/// The list again with what went wrong above it, and what was typed in its form.
pub(super) async fn again(desk: &Desk, taxonomy: &Taxonomy, why: &str) -> Result<Page> {
    let page = shown(desk, taxonomy).await?;
    Ok(Page {
        body: format!("{}{}", html::note(html::Note::Stop, why), page.body),
        status: Some(422),
        ..page
    })
}

/// What a page of confirming says of terms: each with how many items have it.
pub(super) fn named(terms: &[&Term]) -> String {
    let list: String = terms
        .iter()
        .map(|term| {
            format!(
                "<li><strong>{}</strong>, {}</li>",
                esc_html(&name(term)),
                items(term.count)
            )
        })
        .collect();
    format!("<ul class=\"a-links\">{list}</ul>")
}

/// "3 topics", for headings.
pub(super) fn several(taxonomy: &Taxonomy, terms: &[&Term]) -> String {
    counted(taxonomy, terms.len())
}
