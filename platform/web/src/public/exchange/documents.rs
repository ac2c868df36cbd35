//! `/api/v1/documents/ID`: what is known of a resource or event, and its citations.

use axum::http::StatusCode;
use gp_citation::{Place, Work};
use gp_content::{Item, items};
use gp_kernel::{ItemId, Result};
use gp_store::Conn;
use serde_json::{Value, json};

use super::{FORMS, JSON, form_address, head, is_number, place};
use crate::{answer::Answer, public::Visit};

pub(super) const PATH: &str = "/api/v1/documents/";

/// `rest` is what stands behind the path.
pub(super) async fn answer(visit: &Visit<'_>, conn: &mut Conn, rest: &str) -> Result<Answer> {
    let (id, form) = rest.split_once('/').unwrap_or((rest, ""));
    let found = match id.parse().map(ItemId) {
        Ok(id) => found(visit, conn, id).await?,
        Err(_) => None,
    };
    let Some((item, work)) = found else {
        return Ok(missing());
    };
    let place = match passage(visit) {
        Some(passage) => place(conn, &work, &[], passage).await?,
        None => return Ok(wrong("para and page are numbers, as 62 or 24.1")),
    };
    let (mime, body) = match form {
        "" => (JSON, described(visit, &item, &work).to_string()),
        "citation.bib" => ("application/x-bibtex; charset=utf-8", work.bibtex(&place)),
        "citation.ris" => ("application/x-research-info-systems; charset=utf-8", work.ris(&place)),
        "citation.json" => ("application/vnd.citationstyles.csl+json", work.csl_json(&place)),
        "citation.txt" => ("text/plain; charset=utf-8", sentence(visit, &work, &place)),
        "metadata.jsonld" => ("application/ld+json", gp_citation::jsonld(&work).to_string()),
        "linkset.json" => (
            "application/linkset+json",
            head::linkset(visit, &item, &work).to_string(),
        ),
        _ => return Ok(missing()),
    };
    Ok(Answer::data(StatusCode::OK, mime, body))
}

/// The item of this number and the work that it is, if everybody may read it in full.
async fn found(visit: &Visit<'_>, conn: &mut Conn, id: ItemId) -> Result<Option<(Item, Work)>> {
    let Some(item) = items::by_id(conn, id).await? else {
        return Ok(None);
    };
    let scope = visit.app.public_scope();
    let mut works = super::works(visit, conn, &scope, std::slice::from_ref(&item)).await?;
    Ok(works.remove(&id).map(|work| (item, work)))
}

/// The paragraph and page that are cited; `None` when they are nonsense.
fn passage<'a>(visit: &'a Visit<'_>) -> Option<(&'a str, &'a str)> {
    let number = |name: &str| visit.request.parameter(name).unwrap_or_default();
    let (paragraph, page) = (number("para"), number("page"));
    (is_number(paragraph) && is_number(page)).then_some((paragraph, page))
}

fn sentence(visit: &Visit<'_>, work: &Work, place: &Place) -> String {
    let lang = visit.request.parameter("lang").unwrap_or(&work.lang);
    format!("{}\n", (visit.app.sentence)(work, lang, place))
}

fn missing() -> Answer {
    let body = json!({"error": {"code": "not_found", "message": "there is no such document"}});
    Answer::data(StatusCode::NOT_FOUND, JSON, body.to_string())
}

fn wrong(what: &str) -> Answer {
    let body = json!({"error": {"code": "invalid", "message": what}});
    Answer::data(StatusCode::BAD_REQUEST, JSON, body.to_string())
}

/// The document as JSON; what is unknown is null or empty, never left out.
fn described(visit: &Visit<'_>, item: &Item, work: &Work) -> Value {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let files: Vec<Value> = work
        .files
        .iter()
        .map(|f| {
            json!({
                "url": f.url, "upload": f.upload, "title": f.title, "lang": text(&f.lang), "kind": text(&f.kind),
                "type": text(&f.mime), "size": f.size, "pages": (f.pages > 0).then_some(f.pages),
                "sha256": text(&f.sha256), "published": text(&f.published),
            })
        })
        .collect();
    let versions: Vec<Value> = work
        .versions
        .iter()
        .map(|v| json!({"lang": v.lang, "url": v.url}))
        .collect();
    let authors: Vec<&str> = work.authors.iter().map(|b| b.name.as_str()).collect();
    let event = work.event.as_ref();
    let address = |form: &str| form_address(visit, item.id, form);
    json!({
        "id": item.id.0,
        "url": work.url,
        "type": item.kind,
        "title": work.title,
        "lang": work.lang,
        "description": work.description,
        "modified": text(&work.modified),
        "record": {
            "publisher": authors, "issued": text(&work.issued), "adopted": text(&work.adopted),
            "symbol": text(&work.symbol), "also_known_as": work.also_known_as, "series": text(&work.series),
            "original": text(&work.original), "audience": work.audience, "status": text(&work.status),
            "licence": text(&work.licence), "licence_url": gp_citation::licence_address(&work.licence),
            "explains": text(&work.explains), "external": text(&work.elsewhere),
        },
        "labels": work.labels,
        "topics": work.topics,
        "regions": work.regions,
        "files": files,
        "versions": versions,
        "event": event.map(|e| json!({"start": e.start, "end": e.end, "venue": text(&e.venue)})),
        "citation": {
            "text": (visit.app.sentence)(work, &work.lang, &Place::default()),
            "bibtex": address(FORMS[0].0), "ris": address(FORMS[1].0), "csl_json": address(FORMS[2].0),
        },
        "jsonld": address("metadata.jsonld"),
    })
}
