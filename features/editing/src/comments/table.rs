//! Comments as a table: who wrote what, below what, and what may be done with it.

use std::{collections::HashMap, fmt::Write as _};

use gp_admin::{Desk, html};
use gp_content::{Comment, Item, Verb, address::links, items};
use gp_kernel::{ItemId, Result};
use gp_markup::text::{decode_entities, esc_attr, esc_html, plain_text};
use gp_store::Conn;

use super::{Asked, STATES};
use crate::kinds;

/// So much of a comment stands in the list; the rest is behind a fold.
const SHOWN: usize = 600;

pub(super) async fn rows(conn: &mut Conn, desk: &Desk, asked: &Asked, list: &[Comment]) -> Result<String> {
    let ids: Vec<ItemId> = list.iter().map(|comment| comment.item).collect();
    let on = items::by_ids(conn, &ids).await?;
    let all: Vec<Item> = on.values().cloned().collect();
    let addresses = links::of_items(conn, &desk.site, &desk.app.types, &all).await?;
    let rows: String = list
        .iter()
        .map(|comment| row(desk, asked, comment, &on, &addresses))
        .collect();
    let page = asked.page.to_string();
    Ok(format!(
        "<form method=\"post\" action=\"{}\">{}{}<table class=\"a-stack\"><caption class=\"a-vh\">Comments, newest first</caption><thead><tr>\
         <td><input type=\"checkbox\" data-all=\"comment[]\" aria-label=\"Pick all on this page\"></td><th scope=\"col\">By</th>\
         <th scope=\"col\">Comment</th><th scope=\"col\">Below</th><th scope=\"col\">When</th></tr></thead><tbody>{rows}</tbody></table></form>",
        esc_attr(&asked.address(&[("paged", if asked.page > 1 { &page } else { "" })])),
        html::meant(desk),
        bulk(asked),
    ))
}

/// What may be done with a comment in a state: the deed, what it is called, whether it takes something away.
fn deeds(kept: &str) -> &'static [(&'static str, &'static str, bool)] {
    match kept {
        "0" => &[
            ("approve", "Approve", false),
            ("spam", "Spam", true),
            ("trash", "To trash", true),
        ],
        "1" => &[
            ("unapprove", "Hold back", false),
            ("spam", "Spam", true),
            ("trash", "To trash", true),
        ],
        "spam" => &[("restore", "No spam", false), ("delete", "Delete for good", true)],
        _ => &[
            ("restore", "Put back", false),
            ("spam", "Spam", true),
            ("delete", "Delete for good", true),
        ],
    }
}

fn bulk(asked: &Asked) -> String {
    let own = STATES.iter().find(|(name, ..)| *name == asked.state);
    let deeds = match own {
        Some((_, kept, ..)) => deeds(kept),
        None => &[
            ("approve", "Approve", false),
            ("unapprove", "Hold back", false),
            ("spam", "Spam", true),
            ("trash", "To trash", true),
        ],
    };
    let buttons: String = deeds
        .iter()
        .map(|(deed, word, takes)| {
            let class = if *takes { " a-btn--stop" } else { "" };
            format!("<button class=\"a-btn a-btn--small{class}\" name=\"do\" value=\"{deed}\">{word}</button>")
        })
        .collect();
    format!("<div class=\"a-bulk\"><strong data-picked>With those that are ticked</strong>{buttons}</div>")
}

fn row(
    desk: &Desk,
    asked: &Asked,
    comment: &Comment,
    on: &HashMap<ItemId, Item>,
    addresses: &HashMap<ItemId, String>,
) -> String {
    let author = match plain_text(&comment.author).trim() {
        "" => "Anonymous".to_owned(),
        name => name.to_owned(),
    };
    let about = format!("<span class=\"a-vh\"> the comment of {}</span>", esc_html(&author));
    let mut acts: String = deeds(&comment.approved)
        .iter()
        .map(|(deed, word, takes)| {
            let class = if *takes { " a-link--stop" } else { "" };
            format!(
                "<button class=\"a-link{class}\" name=\"{deed}\" value=\"{}\">{word}{about}</button>",
                comment.id
            )
        })
        .collect();
    if let (Some(link), "1") = (addresses.get(&comment.item), comment.approved.as_str()) {
        let link = links::of_comment(&desk.site, link, 0, comment.id);
        let _ = write!(acts, "<a href=\"{}\">View{about}</a>", esc_attr(&link));
    }
    let state = STATES.iter().find(|(_, kept, ..)| *kept == comment.approved);
    let state = state.map_or(String::new(), |(_, _, word, shape)| html::state(shape, word));
    format!(
        "<tr><td><input type=\"checkbox\" name=\"comment[]\" value=\"{}\" aria-label=\"{}\"></td><td class=\"a-who\"><strong>{}</strong>{}</td>\
         <th scope=\"row\">{}{}<span class=\"a-rowacts\">{acts}</span></th><td data-l=\"Below\" class=\"a-where\">{}</td><td data-l=\"When\" class=\"a-nw\">{}</td></tr>",
        comment.id,
        esc_attr(&format!("Pick the comment of {author}")),
        esc_html(&author),
        whence(comment),
        if asked.state.is_empty() {
            format!("{state}<br>")
        } else {
            String::new()
        },
        words(&readable(&comment.content)),
        below(desk, asked, on.get(&comment.item)),
        html::moment(desk, &comment.date),
    )
}

/// Mail address and the site that somebody names: both as text.
fn whence(comment: &Comment) -> String {
    let said = [
        comment.author_email.clone(),
        host(&comment.author_url).unwrap_or_default(),
    ];
    said.iter()
        .filter(|text| !text.trim().is_empty())
        .map(|text| {
            format!(
                "<br><span class=\"a-s a-2\"><bdi class=\"a-far\">{}</bdi></span>",
                esc_html(text)
            )
        })
        .collect()
}

fn below(desk: &Desk, asked: &Asked, item: Option<&Item>) -> String {
    let Some(item) = item else {
        return "<span class=\"a-2\">an item that is gone</span>".to_owned();
    };
    let title = esc_html(&kinds::title(item));
    let title = match desk.actor().may(Verb::Update, item, None, &desk.app.types).is_ok() {
        true => format!("<a href=\"{}\">{title}</a>", esc_attr(&kinds::edit_of(item))),
        false => title,
    };
    if asked.item == item.id.0 {
        return title;
    }
    format!(
        "{title}<br><a class=\"a-s\" href=\"{}\">Only these<span class=\"a-vh\"> comments below {}</span></a>",
        esc_attr(&Asked::default().address(&[("p", &item.id.to_string())])),
        esc_html(&kinds::title(item))
    )
}

fn words(text: &str) -> String {
    let lines = |text: &str| esc_html(text).replace('\n', "<br>");
    match text.char_indices().nth(SHOWN) {
        None => format!("<span class=\"a-said\">{}</span>", lines(text)),
        Some((end, _)) => {
            let end = text[..end]
                .rfind(char::is_whitespace)
                .filter(|at| *at > 0)
                .unwrap_or(end);
            format!(
                "<span class=\"a-said\">{} …</span><details><summary class=\"a-s\">All of it</summary><span class=\"a-said\">{}</span></details>",
                lines(&text[..end]),
                lines(text)
            )
        }
    }
}

/// The host of an address, without what could mislead before or behind it.
fn host(address: &str) -> Option<String> {
    let address = decode_entities(address.trim()).into_owned();
    let (_, rest) = address.split_once("://").or_else(|| address.split_once("//"))?;
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap_or_default();
    (!host.is_empty()).then(|| host.to_lowercase())
}

/// A comment as text: where it links to stands behind the words, and every line is one.
fn readable(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    let mut leads = None;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let tag = &rest[at..];
        if !tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            text.push('<');
            rest = &tag[1..];
            continue;
        }
        let Some(end) = tag.find('>') else {
            rest = tag;
            break;
        };
        let inner = tag[1..end].to_lowercase();
        let name: String = inner
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
            .collect();
        match name.trim_end_matches('/') {
            "a" => leads = attribute(&tag[1..end], "href").as_deref().and_then(host),
            "/a" => {
                if let Some(host) = leads.take() {
                    text.push_str(&format!(" ({host})"));
                }
            }
            "br" | "/p" | "/li" | "/blockquote" | "/div" => text.push('\n'),
            _ => {}
        }
        rest = &tag[end + 1..];
    }
    text.push_str(rest);
    let text = decode_entities(&text);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// An attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.to_ascii_lowercase().find(&format!("{name}="))? + name.len() + 1;
    let rest = tag.get(at..)?;
    let value = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].split(quote).next()?,
        _ => rest.split(|c: char| c.is_whitespace()).next()?,
    };
    Some(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_told_by_their_host() {
        let told = readable(
            "<p>See <a href=\"https://good.example@spam.example/x?y\" rel=nofollow>this</a>.</p><p>Yes &lt;b&gt;</p>",
        );
        assert_eq!(told, "See this (spam.example).\nYes <b>");
        assert_eq!(readable("1 < 2 > 0 & 3"), "1 < 2 > 0 & 3");
        assert_eq!(readable("a<br>b <i>c</i>\nd"), "a\nb c\nd");
        assert_eq!(readable("an open <a href=\"http://x"), "an open <a href=\"http://x");
    }

    #[test]
    fn hosts_do_not_mislead() {
        assert_eq!(host("http://a.example\\@b.example/").as_deref(), Some("a.example"));
        assert_eq!(host("javascript:alert(1)"), None);
        assert_eq!(
            host("HTTPS://User:pw@Spam.Example:8080/?x").as_deref(),
            Some("spam.example:8080")
        );
    }
}
