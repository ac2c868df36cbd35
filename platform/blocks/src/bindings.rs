//! Attributes of blocks that are taken from elsewhere when the page is shown: a field of the item, its date, a term, or the
//! words that a page puts into a synced pattern.

use gp_content::{Item, Sight, Term};
use gp_kernel::TermId;
use gp_markup::{block::Block, sanitize::kses_post, text as words};
use serde_json::Value;

use crate::{
    blocks::term_of,
    dates,
    html::{self, Tag},
    render::{At, Render},
};

/// The attributes that can be taken from elsewhere, by block.
const OPEN: &[(&str, &[&str])] = &[
    ("core/paragraph", &["content"]),
    ("core/heading", &["content"]),
    ("core/button", &["text", "url", "linkTarget", "rel"]),
    ("core/image", &["url", "alt", "title", "caption"]),
    ("core/navigation-link", &["url"]),
    ("core/navigation-submenu", &["url"]),
];

fn open_of(block: &Block) -> &'static [&'static str] {
    let name = block.name.as_deref().unwrap_or_default();
    OPEN.iter()
        .find(|(known, _)| *known == name)
        .map_or(&[], |(_, open)| *open)
}

/// Where an attribute is taken from.
fn binding<'b>(block: &'b Block, attribute: &str) -> Option<&'b Value> {
    block.attrs.get("metadata")?.get("bindings")?.get(attribute)
}

fn source(binding: &Value) -> &str {
    binding.get("source").and_then(Value::as_str).unwrap_or_default()
}

/// The sources that the attributes of a block are taken from.
pub(crate) fn sources(block: &Block) -> impl Iterator<Item = &str> {
    let bindings = block.attrs.get("metadata").and_then(|m| m.get("bindings")?.as_object());
    bindings.into_iter().flat_map(|b| b.values()).map(source)
}

const OVERRIDES: &str = "core/pattern-overrides";

/// Whether a page may put its own value into an attribute of a block of a synced pattern.
pub(crate) fn is_overridable(block: &Block, attribute: &str) -> bool {
    let named = binding(block, attribute).map(source);
    match named {
        Some(name) => name == OVERRIDES,
        None => binding(block, "__default").map(source) == Some(OVERRIDES) && open_of(block).contains(&attribute),
    }
}

/// The markup of a block with what its attributes are taken from put in; as it was when there is nothing to put in.
pub(crate) fn filled(r: &Render<'_>, block: &Block, at: At<'_>, markup: String) -> String {
    if binding_set(block).is_none() {
        return markup;
    }
    let mut markup = markup;
    for attribute in open_of(block) {
        let found = binding(block, attribute).and_then(|binding| value(r, block, at, binding));
        if let Some(found) = found {
            markup = put(block.name.as_deref().unwrap_or_default(), &markup, attribute, &found);
        }
    }
    markup
}

fn binding_set(block: &Block) -> Option<&Value> {
    block.attrs.get("metadata")?.get("bindings")
}

/// The address of a menu's entry that is taken from what it points at.
pub(crate) fn address(r: &Render<'_>, block: &Block, at: At<'_>) -> Option<String> {
    value(r, block, at, binding(block, "url")?)
}

/// What a source says.
fn value(r: &Render<'_>, block: &Block, at: At<'_>, binding: &Value) -> Option<String> {
    let arg = |key: &str| binding.get("args").and_then(|a| a.get(key)?.as_str());
    let field = arg("field").or_else(|| arg("key")).filter(|field| !field.is_empty())?;
    match source(binding) {
        "core/post-meta" => meta(r, at.item?, arg("key")?),
        "core/post-data" => of_item(r, block, at, field),
        "core/term-data" => of_term(r, block, at, field),
        _ => None,
    }
}

/// A field of an item: none of those that are nobody's business (`_edit_lock`), and no lists.
fn meta(r: &Render<'_>, item: &Item, key: &str) -> Option<String> {
    if key.starts_with('_') || r.locked(item) || r.page.scope.sight(item, None) == Sight::Nothing {
        return None;
    }
    let value = r.data.meta.get(&item.id.0)?.bytes(key)?;
    let text = String::from_utf8_lossy(value).into_owned();
    let is_list = gp_php::parse_lenient(value).is_ok_and(|v| v.iter().next().is_some());
    Some(text).filter(|_| !is_list)
}

fn of_item(r: &Render<'_>, block: &Block, at: At<'_>, field: &str) -> Option<String> {
    let target = target(block).map(|id| r.data.others.get(&id.into()));
    let item = match target {
        Some(found) => found.filter(|item| r.page.scope.sight(item, None) != Sight::Nothing)?,
        None => at.item.filter(|item| !r.locked(item))?,
    };
    let zone = &r.page.site.zone;
    match field {
        "link" => Some(r.link(item)),
        "date" => Some(dates::machine(&item.date, zone)),
        "modified" if item.modified > item.date => Some(dates::machine(&item.modified, zone)),
        "modified" => Some(String::new()),
        _ => None,
    }
}

/// What an entry of a menu points at.
fn target(block: &Block) -> Option<i64> {
    let entry = matches!(
        block.name.as_deref(),
        Some("core/navigation-link" | "core/navigation-submenu")
    );
    block.attrs.get("id").and_then(Value::as_i64).filter(|_| entry)
}

/// The taxonomy that an entry of a menu names.
pub(crate) fn taxonomy_of_entry(block: &Block) -> &str {
    match block.attrs.get("type").and_then(Value::as_str) {
        Some("tag") => "post_tag",
        other => other.unwrap_or_default(),
    }
}

fn of_term(r: &Render<'_>, block: &Block, at: At<'_>, field: &str) -> Option<String> {
    let term: &Term = match target(block) {
        Some(id) => {
            let all = r.data.taxonomies.get(taxonomy_of_entry(block))?;
            all.iter().find(|t| t.term_id == TermId(id))?
        }
        None => at.term?,
    };
    if !r.page.types.taxonomy(&term.taxonomy).is_some_and(|t| t.public) {
        return None;
    }
    match field {
        "id" => Some(term.term_id.to_string()),
        "name" => Some(html::stored(&term.name)),
        "link" => term_of(r, term),
        "slug" => Some(html::esc(&term.slug)),
        "description" => Some(kses_post(&term.description)),
        "parent" => Some(term.parent.to_string()),
        "count" => Some(crate::blocks::count_of(r, term).to_string()),
        _ => None,
    }
}

/// Puts a value into the place of an attribute in a block's markup; an address that runs things is not taken.
pub(crate) fn put(name: &str, markup: &str, attribute: &str, value: &str) -> String {
    let set = |element: &str, key: &str| match Tag::find_named(markup, 0, element) {
        Some(tag) if matches!(key, "href" | "src") => match html::url(value) {
            address if address.is_empty() && !value.is_empty() => markup.to_owned(),
            address => tag.set(key, &words::decode_entities(&address)),
        },
        Some(tag) => tag.set(key, value),
        None => markup.to_owned(),
    };
    match (name, attribute) {
        ("core/paragraph" | "core/heading", "content") => between_tags(markup, None, &kses_post(value)),
        ("core/button", "text") => between_tags(markup, Some("a"), &kses_post(value)),
        ("core/button", "url") => set("a", "href"),
        ("core/button", "linkTarget") => set("a", "target"),
        ("core/button", "rel") => set("a", "rel"),
        ("core/image", "url") => set("img", "src"),
        ("core/image", "alt") => set("img", "alt"),
        ("core/image", "title") => set("img", "title"),
        ("core/image", "caption") => between_tags(markup, Some("figcaption"), &kses_post(value)),
        _ => markup.to_owned(),
    }
}

/// Replaces what stands between an opening tag and its last closing tag.
fn between_tags(markup: &str, name: Option<&str>, content: &str) -> String {
    let tag = match name {
        Some(name) => Tag::find_named(markup, 0, name),
        None => Tag::find(markup, 0),
    };
    let Some(tag) = tag else { return markup.to_owned() };
    let end = markup.rfind(&format!("</{}", tag.name)).filter(|end| *end >= tag.end);
    end.map_or_else(
        || markup.to_owned(),
        |end| format!("{}{content}{}", &markup[..tag.end], &markup[end..]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_in_its_place() {
        let button = "<div class=\"wp-block-button\"><a class=\"wp-block-button__link\" href=\"/old\">Old</a></div>";
        let put = |attribute: &str, value: &str| put("core/button", button, attribute, value);
        assert!(put("url", "https://x.example/?a=1&b=2").contains("href=\"https://x.example/?a=1&amp;b=2\""));
        assert_eq!(put("url", "javascript:alert(1)"), button);
        assert!(put("rel", "\"><script>").contains("rel=\"&quot;&gt;&lt;script&gt;\""));
        let words = put("text", "New <script>x</script><b>b</b>");
        assert!(words.contains("<b>b</b></a>") && !words.contains("<script"), "{words}");
    }

    #[test]
    fn only_open_attributes_are_overridden() {
        let attrs = |json: &str| serde_json::from_str(json).unwrap_or_default();
        let all = Block::void(
            "core/button",
            attrs(r#"{"metadata":{"bindings":{"__default":{"source":"core/pattern-overrides"}}}}"#),
        );
        assert!(is_overridable(&all, "url") && !is_overridable(&all, "className"));
        let one = Block::void(
            "core/button",
            attrs(r#"{"metadata":{"bindings":{"text":{"source":"core/pattern-overrides"}}}}"#),
        );
        assert!(is_overridable(&one, "text") && !is_overridable(&one, "url"));
    }
}
