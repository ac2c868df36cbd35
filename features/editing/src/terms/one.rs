//! One term: name, address, place in the tree, description.

use gp_admin::{Answer, Desk, Page, html};
use gp_content::{Taxonomy, Term, Verb, actions, address::links, terms};
use gp_kernel::{Error, Result, TermId};
use gp_markup::text::{esc_attr, esc_html};

use super::{acts, address, items, list, list_of, name};

/// All terms, and the one that is asked for.
async fn found(desk: &Desk, taxonomy: &Taxonomy) -> Result<(Vec<Term>, Term)> {
    let mut conn = desk.read().await?;
    let all = terms::fresh(&mut conn, &taxonomy.name).await?;
    let id = TermId(desk.query.int("tag_ID").unwrap_or(0));
    let found = all.iter().find(|term| term.term_id == id).cloned();
    let one = taxonomy.singular.to_lowercase();
    let term = found.ok_or_else(|| Error::not_found(format!("There is no such {one} any more.")))?;
    Ok((all, term))
}

pub(super) async fn shown(desk: &Desk, taxonomy: &Taxonomy) -> Result<Page> {
    let (all, term) = found(desk, taxonomy).await?;
    Ok(page(desk, taxonomy, &all, &term, &term, ""))
}

pub(super) async fn saved(desk: &Desk, taxonomy: &Taxonomy) -> Result<Answer> {
    let (all, term) = found(desk, taxonomy).await?;
    let grant = desk.actor().may_on_terms(Verb::Update, taxonomy)?;
    let mut typed = acts::typed(desk, term.clone());
    if !taxonomy.hierarchical {
        typed.parent = term.parent;
    }
    // The name is kept escaped: one that was only looked at stays byte for byte.
    if typed.name == gp_markup::text::decode_entities(&term.name) {
        typed.name.clone_from(&term.name);
    }
    let mut tx = desk.app.db.write().await?;
    match actions::update_term(&mut desk.act(&mut tx), &grant, typed.clone()).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Answer::Go(address(
                &taxonomy.name,
                &[("saved", &term.term_id.to_string())],
            )))
        }
        Err(error) => {
            drop(tx);
            let why = acts::why(taxonomy, error)?;
            let notes = html::note(html::Note::Stop, &why);
            let page = page(desk, taxonomy, &all, &term, &typed, &notes);
            Ok(Page {
                status: Some(422),
                ..page
            }
            .into())
        }
    }
}

fn page(desk: &Desk, taxonomy: &Taxonomy, all: &[Term], term: &Term, typed: &Term, notes: &str) -> Page {
    let form = format!(
        "<form method=\"post\" data-keep action=\"/wp-admin/{}\">{}{}<div class=\"a-acts\"><button class=\"a-btn a-btn--main\">Save</button>\
         <a class=\"a-btn\" href=\"/wp-admin/{}\">Leave as it was</a></div></form>",
        esc_attr(&list::one(taxonomy, term)),
        html::meant(desk),
        list::fields(taxonomy, all, Some(term), typed),
        esc_attr(&list_of(&taxonomy.name)),
    );
    let link = links::of_term(&desk.site, &desk.app.types, term, all);
    let view = if taxonomy.public {
        format!(
            "<div><dt>Page</dt><dd><a href=\"{0}\">{0}</a></dd></div>",
            esc_attr(&link)
        )
    } else {
        String::new()
    };
    let delete = if acts::may_go(desk, taxonomy, term) {
        format!(
            "<form method=\"post\" action=\"/wp-admin/{}\" class=\"a-after\">{}<button class=\"a-btn a-btn--stop\" name=\"delete\" value=\"{}\">Delete</button></form>",
            esc_attr(&list_of(&taxonomy.name)),
            html::meant(desk),
            term.term_id
        )
    } else {
        String::new()
    };
    let body = format!(
        "{notes}<div class=\"a-cols\"><div>{form}</div><aside class=\"a-panel a-stick\" aria-labelledby=\"about\"><h2 id=\"about\">About it</h2>\
         <dl class=\"a-facts a-facts--long\"><div><dt>Used by</dt><dd>{}</dd></div>{view}<div><dt>Number</dt><dd>{}</dd></div></dl>{delete}</aside></div>",
        esc_html(&items(term.count)),
        term.term_id,
    );
    Page {
        entry: list_of(&taxonomy.name),
        ..Page::new(format!("{}: {}", taxonomy.singular, name(term)), body)
    }
}
