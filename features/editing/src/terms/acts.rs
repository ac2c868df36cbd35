//! What is done with terms: a new one, several merged into one, some deleted; asked about first, and told afterwards.

use gp_admin::{Answer, Desk, html};
use gp_content::{Taxonomy, Term, Verb, actions, terms};
use gp_kernel::{Error, ErrorKind, Result, TermId};
use gp_markup::text::{esc_attr, esc_html};

use super::{address, counted, items, list, list_of, name};

/// Most terms that are changed at once.
const MOST: usize = 100;

pub(super) async fn done(desk: &Desk, taxonomy: &Taxonomy) -> Result<Answer> {
    let form = &desk.form;
    let picked: Vec<i64> = match form.int("delete") {
        Some(id) => vec![id],
        None => form.ints("tag[]").into_iter().take(MOST).collect(),
    };
    let deed = if form.has("delete") { "delete" } else { form.get("do") };
    match (deed, form.get("sure")) {
        ("add", _) => return add(desk, taxonomy).await,
        _ if picked.is_empty() => return Ok(back(taxonomy, &[("none", "1")])),
        ("merge", "yes") => return merge(desk, taxonomy, &picked).await,
        ("merge", _) if picked.len() < 2 => return Ok(back(taxonomy, &[("few", "1")])),
        ("delete", "yes") => return delete(desk, taxonomy, &picked).await,
        ("merge" | "delete", _) => {}
        _ => return Err(Error::invalid("This list knows no such deed.")),
    }
    let ids: Vec<String> = picked.iter().map(i64::to_string).collect();
    Ok(back(taxonomy, &[("confirm", deed), ("ids", &ids.join(","))]))
}

fn back(taxonomy: &Taxonomy, told: &[(&str, &str)]) -> Answer {
    Answer::Go(address(&taxonomy.name, told))
}

/// Whether somebody may delete a term, and the site can do without it.
pub(super) fn may_go(desk: &Desk, taxonomy: &Taxonomy, term: &Term) -> bool {
    let needed = taxonomy.name == "category" && term.term_id == desk.site.default_category;
    !needed && desk.actor().may_on_terms(Verb::Delete, taxonomy).is_ok()
}

/// A term as the form says.
pub(super) fn typed(desk: &Desk, before: Term) -> Term {
    let form = &desk.form;
    Term {
        name: form.get("name").to_owned(),
        slug: form.get("slug").trim().to_owned(),
        description: form.get("description").replace("\r\n", "\n"),
        parent: TermId(form.int("parent").unwrap_or(before.parent.0)),
        ..before
    }
}

async fn add(desk: &Desk, taxonomy: &Taxonomy) -> Result<Answer> {
    let grant = desk.actor().may_on_terms(Verb::Create, taxonomy)?;
    let wanted = typed(
        desk,
        Term {
            taxonomy: taxonomy.name.clone(),
            ..Term::default()
        },
    );
    let mut tx = desk.app.db.write().await?;
    let made = actions::create_term(&mut desk.act(&mut tx), &grant, wanted).await;
    match made {
        Ok(term) => {
            tx.commit().await?;
            Ok(back(taxonomy, &[("added", &term.term_id.to_string())]))
        }
        Err(error) => {
            drop(tx);
            let why = why(taxonomy, error)?;
            list::again(desk, taxonomy, &why).await.map(Answer::Page)
        }
    }
}

/// Why a term could not be written, in words; failures that are not its own go on.
pub(super) fn why(taxonomy: &Taxonomy, error: Error) -> Result<String> {
    let one = taxonomy.singular.to_lowercase();
    match error.kind {
        ErrorKind::Conflict if error.message.parse::<i64>().is_ok() => Ok(format!(
            "There is a {one} of this name or address already, at the same place. Nothing was saved."
        )),
        ErrorKind::Conflict => Ok(format!(
            "Another {one} has this address already. Nothing was saved; choose another address."
        )),
        ErrorKind::Invalid if error.message.contains("name") => Ok(format!("A {one} needs a name. Nothing was saved.")),
        ErrorKind::Invalid if error.message.contains("below") => {
            Ok(format!("A {one} cannot stand below itself. Nothing was saved."))
        }
        ErrorKind::Invalid => Ok(format!(
            "What it should stand below is not there any more. Nothing was saved; choose another place for this {one}."
        )),
        _ => Err(error),
    }
}

async fn merge(desk: &Desk, taxonomy: &Taxonomy, picked: &[i64]) -> Result<Answer> {
    let Some(keep) = desk.form.int("into").filter(|id| picked.contains(id)) else {
        return Err(Error::invalid(
            "Choose the one that stays. Nothing was merged; go back and choose.",
        ));
    };
    let grant = desk.actor().may_on_terms(Verb::Delete, taxonomy)?;
    let others: Vec<TermId> = picked.iter().filter(|id| **id != keep).map(|id| TermId(*id)).collect();
    let mut tx = desk.app.db.write().await?;
    let moved = actions::merge_terms(&mut desk.act(&mut tx), &grant, &taxonomy.name, TermId(keep), &others).await?;
    tx.commit().await?;
    let told = [
        ("merged", others.len().to_string()),
        ("moved", moved.to_string()),
        ("into", keep.to_string()),
    ];
    let told: Vec<(&str, &str)> = told.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(back(taxonomy, &told))
}

/// All of them or none.
async fn delete(desk: &Desk, taxonomy: &Taxonomy, picked: &[i64]) -> Result<Answer> {
    let grant = desk.actor().may_on_terms(Verb::Delete, taxonomy)?;
    let mut tx = desk.app.db.write().await?;
    let (mut gone, mut kept) = (0, 0);
    for id in picked {
        let all = terms::fresh(&mut tx, &taxonomy.name).await?;
        let Some(term) = all.iter().find(|term| term.term_id.0 == *id) else {
            continue;
        };
        if !may_go(desk, taxonomy, term) {
            kept += 1;
            continue;
        }
        let fallback = all
            .iter()
            .find(|term| taxonomy.name == "category" && term.term_id == desk.site.default_category)
            .map(|term| term.id);
        actions::delete_term(&mut desk.act(&mut tx), &grant, term, fallback).await?;
        gone += 1;
    }
    tx.commit().await?;
    let (gone, kept) = (
        gone.to_string(),
        if kept > 0 { kept.to_string() } else { String::new() },
    );
    Ok(back(taxonomy, &[("deleted", &gone), ("kept", &kept)]))
}

/// What was done, as the address tells.
pub(super) fn told(desk: &Desk, taxonomy: &Taxonomy) -> String {
    let query = &desk.query;
    let number = |name: &str| query.int(name).filter(|n| *n > 0).and_then(|n| usize::try_from(n).ok());
    let mut notes = String::new();
    if let Some(id) = number("added").or(number("saved")) {
        let word = if query.has("added") { "Added" } else { "Saved" };
        notes += &html::note_html(
            html::Note::Done,
            &format!(
                "{word}. <a href=\"/wp-admin/term.php?taxonomy={}&amp;tag_ID={id}\">Open it again</a>",
                esc_attr(&taxonomy.name)
            ),
        );
    }
    if let Some(gone) = number("deleted") {
        notes += &html::note(html::Note::Done, &format!("{} deleted.", counted(taxonomy, gone)));
    }
    if let Some(merged) = number("merged") {
        let moved = items(query.int("moved").unwrap_or(0));
        let text = format!(
            "{} merged: {moved} moved, and the old addresses lead to the one that stayed.",
            counted(taxonomy, merged)
        );
        notes += &html::note(html::Note::Done, &text);
    }
    let mut stop = |text: &str| notes.push_str(&html::note(html::Note::Stop, text));
    if query.has("none") {
        stop("Nothing was picked, so nothing was changed. Tick the boxes in front of what you mean.");
    }
    if query.has("few") {
        stop("To merge, tick two or more: one of them stays, the others go into it.");
    }
    if query.has("kept") {
        stop(
            "The label that everything without one gets was left as it was: choose another one for that in the settings first.",
        );
    }
    notes
}

/// The terms of the query that are there.
fn meant<'a>(desk: &Desk, all: &'a [Term]) -> Vec<&'a Term> {
    let ids: Vec<i64> = desk
        .query
        .get("ids")
        .split(',')
        .filter_map(|id| id.parse().ok())
        .take(MOST)
        .collect();
    all.iter().filter(|term| ids.contains(&term.term_id.0)).collect()
}

fn confirming(desk: &Desk, taxonomy: &Taxonomy, meant: &[&Term], deed: &str, body: &str, button: &str) -> String {
    let picked: String = meant
        .iter()
        .map(|term| html::hidden("tag[]", &term.term_id.to_string()))
        .collect();
    format!(
        "<form method=\"post\" action=\"/wp-admin/{list}\">{}{picked}{}{body}<div class=\"a-acts a-after\">{button}\
         <a class=\"a-btn\" href=\"/wp-admin/{list}\">Leave them as they are</a></div></form>",
        html::meant(desk),
        html::hidden("do", deed),
        list = esc_attr(&list_of(&taxonomy.name)),
    )
}

fn none_there(taxonomy: &Taxonomy) -> String {
    let act = format!(
        "<a class=\"a-btn\" href=\"/wp-admin/{}\">Back to the list</a>",
        esc_attr(&list_of(&taxonomy.name))
    );
    html::empty("What was picked is not there any more.", &act)
}

pub(super) fn confirm_delete(desk: &Desk, taxonomy: &Taxonomy, all: &[Term]) -> String {
    let meant = meant(desk, all);
    if meant.is_empty() {
        return none_there(taxonomy);
    }
    let what = list::several(taxonomy, &meant);
    let body = format!(
        "<h2>Delete {what}?</h2><p>Items lose them and stay; what stands below them moves up. This cannot be undone. \
         To keep the items together, merge them into another one instead.</p>{}",
        list::named(&meant)
    );
    let button = format!("<button class=\"a-btn a-btn--stop\" name=\"sure\" value=\"yes\">Delete {what}</button>");
    confirming(desk, taxonomy, &meant, "delete", &body, &button)
}

pub(super) fn confirm_merge(desk: &Desk, taxonomy: &Taxonomy, all: &[Term]) -> String {
    let mut meant = meant(desk, all);
    if meant.len() < 2 {
        return none_there(taxonomy);
    }
    // The one with the most items most likely stays; the one for what has no label must.
    let needed = |term: &Term| taxonomy.name == "category" && term.term_id == desk.site.default_category;
    meant.sort_by_key(|term| (!needed(term), std::cmp::Reverse(term.count), term.term_id));
    let ways: String = meant
        .iter()
        .enumerate()
        .map(|(at, term)| {
            format!(
                "<label class=\"a-check\"><input type=\"radio\" name=\"into\" value=\"{}\"{}> {}, {}</label>",
                term.term_id,
                if at == 0 { " checked" } else { "" },
                esc_html(&name(term)),
                items(term.count)
            )
        })
        .collect();
    let body = format!(
        "<fieldset class=\"a-field\"><legend class=\"a-lab\">Which of these {} stays?</legend>\
         <p class=\"a-help\">Items of the others get the one that stays; the others are deleted, and their addresses lead to it. \
         This cannot be undone.</p>{ways}</fieldset>",
        list::several(taxonomy, &meant)
    );
    let button = "<button class=\"a-btn a-btn--main\" name=\"sure\" value=\"yes\">Merge into it</button>";
    confirming(desk, taxonomy, &meant, "merge", &body, button)
}
