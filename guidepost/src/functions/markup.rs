//! Functions of markup: paragraphs, typography, escaping, sanitising, shortcodes, blocks.

use std::borrow::Cow;

use gp_markup::sanitize::{self, Allowed, Kses};
use gp_markup::text::{self, Piece, Quotes};
use gp_markup::{block, shortcode};
use serde_json::{Value, json};

use super::arguments::text_of;
use super::{Arguments, Function, HOST};

/// The functions by name.
pub(super) const TABLE: &[(&str, Function)] = &[
    ("_wp_specialchars", special_chars),
    ("balanceTags", |a| Some(text::balance_tags(&a.text(0)?).into())),
    ("convert_chars", |a| Some(text::convert_chars(&a.text(0)?).into())),
    ("convert_smilies", |a| Some(a.text(0)?.into())),
    ("do_shortcode", |a| Some(gp_blocks::do_shortcode(&a.text(0)?).into())),
    ("ent2ncr", |a| Some(text::ent2ncr(&a.text(0)?).into())),
    ("esc_attr", |a| Some(text::esc_attr(&a.text(0)?).into())),
    ("esc_html", |a| Some(text::esc_html(&a.text(0)?).into())),
    ("esc_js", |a| Some(text::esc_js(&a.text(0)?).into())),
    ("esc_xml", |a| Some(text::esc_xml(&a.text(0)?).into())),
    ("make_clickable", |a| Some(text::make_clickable(&a.text(0)?).into())),
    ("normalize_whitespace", |a| {
        Some(text::normalize_whitespace(&a.text(0)?).into())
    }),
    ("parse_blocks", |a| {
        let mut blocks = block::to_json(&block::parse(&a.text(0)?));
        empty_as_lists(&mut blocks);
        Some(blocks)
    }),
    ("safecss_filter_attr", |a| {
        Some(sanitize::safecss_filter_attr(&a.text(0)?).into())
    }),
    ("serialize_blocks", |a| {
        Some(block::serialize(&block::from_json(a.value(0)).ok()?).into())
    }),
    ("shortcode_unautop", |a| {
        Some(text::shortcode_unautop(&a.text(0)?).into())
    }),
    ("strip_core_block_namespace", |a| {
        let name = a.text(0)?;
        Some(name.strip_prefix("core/").unwrap_or(&name).into())
    }),
    ("strip_shortcodes", |a| {
        Some(shortcode::strip(&a.text(0)?, &shortcode::is_core_shortcode).into())
    }),
    ("wp_encode_emoji", |a| Some(text::wp_encode_emoji(&a.text(0)?).into())),
    ("wp_html_excerpt", |a| {
        Some(text::wp_html_excerpt(&a.text(0)?, a.count_or(1, 0), &a.text_or(2, "")?).into())
    }),
    ("wp_html_split", |a| Some(split(&a.text(0)?))),
    ("wp_kses", kses),
    ("wp_kses_bad_protocol", |a| {
        let protocols = a.texts(1);
        let protocols: Vec<&str> = protocols.iter().map(String::as_str).collect();
        Some(sanitize::bad_protocol(&a.text(0)?, &protocols).into())
    }),
    ("wp_kses_data", |a| {
        Some(filter(Allowed::data()).clean(&a.text(0)?).into())
    }),
    ("wp_kses_normalize_entities", |a| {
        Some(text::normalize_entities(&a.text(0)?).into())
    }),
    ("wp_kses_one_attr", |a| {
        let element = a.text(1)?;
        Some(filter(Allowed::post()).one_attribute(&a.text(0)?, &element).into())
    }),
    ("wp_kses_post", |a| {
        Some(filter(Allowed::post()).clean(&a.text(0)?).into())
    }),
    ("wp_replace_in_html_tags", replace_in_tags),
    ("wp_strip_all_tags", |a| {
        let text = a.text(0).unwrap_or_default();
        Some(text::strip_all_tags(&text, a.truth(1)).into())
    }),
    ("wp_trim_words", |a| {
        Some(text::wp_trim_words(&a.text(0)?, a.count_or(1, 55), &a.text_or(2, "&hellip;")?).into())
    }),
    ("wpautop", |a| {
        let text = a.text(0)?;
        let with_breaks = a.given(1).is_none() || a.truth(1);
        Some(
            if with_breaks {
                text::wpautop(&text)
            } else {
                text::wpautop_without_breaks(&text)
            }
            .into(),
        )
    }),
    ("wptexturize", |a| Some(text::wptexturize(&a.text(0)?).into())),
];

fn filter(allowed: &Allowed) -> Kses<'_> {
    Kses {
        host: Some(HOST),
        ..Kses::new(allowed)
    }
}

/// Elements as a map or by the name of a context; schemes.
fn kses(a: &Arguments<'_>) -> Option<Value> {
    let allowed: Cow<'_, Allowed> = match a.value(1).as_str() {
        Some("post") => Cow::Borrowed(Allowed::post()),
        Some("strip") => Cow::Owned(Allowed::default()),
        Some(_) => Cow::Borrowed(Allowed::data()),
        None => Cow::Owned(Allowed::from_json(a.value(1))),
    };
    let protocols = a.texts(2);
    let protocols: Vec<&str> = protocols.iter().map(String::as_str).collect();
    let mut kses = filter(&allowed);
    if !protocols.is_empty() {
        kses.protocols = &protocols;
    }
    Some(kses.clean(&a.text(0)?).into())
}

/// Text, quotes as PHP's number or a word, a character set, whether references are escaped again.
fn special_chars(a: &Arguments<'_>) -> Option<Value> {
    let quotes = match a.value(1) {
        Value::String(word) if word == "single" => Quotes::Single,
        Value::String(word) if word == "double" => Quotes::Double,
        Value::Bool(true) => Quotes::Both,
        value => match value.as_u64() {
            Some(2) => Quotes::Double,
            Some(3) => Quotes::Both,
            _ => Quotes::Neither,
        },
    };
    Some(text::special_chars(&a.text(0)?, quotes, a.truth(3)).into())
}

/// Text and elements in turn, starting and ending with a text, which may be empty.
fn split(html: &str) -> Value {
    let mut parts = vec![String::new()];
    for piece in text::pieces(html) {
        match piece {
            Piece::Element(element) => parts.extend([element.to_owned(), String::new()]),
            Piece::Text(text) => {
                if let Some(last) = parts.last_mut() {
                    last.push_str(text);
                }
            }
        }
    }
    json!(parts)
}

/// Replaces texts inside tags and comments only.
fn replace_in_tags(a: &Arguments<'_>) -> Option<Value> {
    let html = a.text(0)?;
    let pairs = a.value(1).as_object()?;
    let mut out = String::new();
    for piece in text::pieces(&html) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Element(element) => {
                let with = pairs.iter().filter_map(|(find, with)| Some((find, text_of(with)?)));
                out.push_str(&with.fold(element.to_owned(), |element, (find, with)| element.replace(find, &with)));
            }
        }
    }
    Some(out.into())
}

/// PHP has no empty map: attributes without any are an empty list.
fn empty_as_lists(blocks: &mut Value) {
    for block in blocks.as_array_mut().into_iter().flatten() {
        if block["attrs"].as_object().is_some_and(serde_json::Map::is_empty) {
            block["attrs"] = json!([]);
        }
        empty_as_lists(&mut block["innerBlocks"]);
    }
}
