//! Numbers inside of values that mean items or terms: they follow when an item or a term got another id.

use std::{collections::HashMap, sync::LazyLock};

use gp_wxr::Item;
use regex::{Captures, Regex};

use super::plan::Target;

/// Ids of the file that are others here.
#[derive(Debug, Default)]
pub(crate) struct Moved {
    /// For items whose id came twice in the file: they mean each other.
    pub again: HashMap<i64, i64>,
    pub items: HashMap<i64, i64>,
    pub terms: HashMap<i64, i64>,
    pub users: HashMap<i64, i64>,
}

/// The id here.
pub(crate) fn now(map: &HashMap<i64, i64>, id: i64) -> i64 {
    map.get(&id).copied().unwrap_or(id)
}

impl Moved {
    /// Learns where the items of a file go.
    pub fn learn(&mut self, targets: &[Target]) {
        self.again.clear();
        for target in targets.iter().filter(|t| t.old > 0) {
            if target.again {
                self.again.insert(target.old, target.new);
            } else if target.old == target.new {
                self.items.remove(&target.old);
            } else {
                self.items.insert(target.old, target.new);
            }
        }
    }

    fn item(&self, again: bool) -> impl Fn(i64) -> Option<i64> {
        move |id| {
            let own = if again { self.again.get(&id) } else { None };
            own.or_else(|| self.items.get(&id)).copied()
        }
    }

    /// Brings all references of an item up to date, its own parent too.
    pub fn apply(&self, item: &mut Item, again: bool) {
        if self.items.is_empty() && self.terms.is_empty() && !again {
            return;
        }
        let kind = meta_text(item, "_menu_item_type");
        let of_term = kind.as_deref() == Some("taxonomy");
        let (items, terms) = (self.item(again), |id| self.terms.get(&id).copied());
        item.post_parent = if of_term {
            terms(item.post_parent)
        } else {
            items(item.post_parent)
        }
        .unwrap_or(item.post_parent);
        for meta in &mut item.meta {
            let Ok(id) = meta.text().trim().parse() else { continue };
            let new = match meta.key.as_str() {
                "_menu_item_object_id" if of_term => terms(id),
                "_thumbnail_id" | "_menu_item_menu_item_parent" | "_menu_item_object_id" => items(id),
                _ => continue,
            };
            if let Some(new) = new {
                meta.value = new.to_string().into_bytes();
            }
        }
        item.content = self.content(&item.content, again);
        item.excerpt = self.content(&item.excerpt, again);
    }

    fn content(&self, text: &str, again: bool) -> String {
        if !text.contains("<!-- wp:") && !text.contains('[') && !text.contains("wp-image-") {
            return text.to_owned();
        }
        let items = self.item(again);
        let text = BLOCK.replace_all(text, |block: &Captures<'_>| {
            let whole = &block[0];
            let terms = whole.contains("\"kind\":\"taxonomy\"");
            let map = |id| if terms { self.terms.get(&id).copied() } else { items(id) };
            let single = ATTRIBUTE.replace_all(whole, |c: &Captures<'_>| format!("{}{}", &c[1], number(&map, &c[2])));
            LIST.replace_all(&single, |c: &Captures<'_>| format!("{}{}]", &c[1], list(&map, &c[2])))
                .into_owned()
        });
        let text = GALLERY.replace_all(&text, |shortcode: &Captures<'_>| {
            IDS.replace_all(&shortcode[0], |c: &Captures<'_>| {
                format!("{}{}{}", &c[1], list(&items, &c[2]), &c[3])
            })
            .into_owned()
        });
        NAMED
            .replace_all(&text, |c: &Captures<'_>| format!("{}{}", &c[1], number(&items, &c[2])))
            .into_owned()
    }
}

fn meta_text(item: &Item, key: &str) -> Option<String> {
    item.meta.iter().find(|m| m.key == key).map(|m| m.text().into_owned())
}

fn number(map: &impl Fn(i64) -> Option<i64>, digits: &str) -> String {
    match digits.parse().ok().and_then(map) {
        Some(new) => new.to_string(),
        None => digits.to_owned(),
    }
}

fn list(map: &impl Fn(i64) -> Option<i64>, ids: &str) -> String {
    let one = |part: &str| {
        let digits = part.trim();
        part.replacen(digits, &number(map, digits), 1)
    };
    ids.split(',').map(one).collect::<Vec<_>>().join(",")
}

fn compiled(pattern: &str) -> Regex {
    match Regex::new(pattern) {
        Ok(regex) => regex,
        Err(_) => unreachable!("the pattern is fixed and tested"),
    }
}

static BLOCK: LazyLock<Regex> = LazyLock::new(|| compiled(r"<!-- wp:[a-z][a-z0-9/-]* \{[^\n]*?\} /?-->"));
static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| compiled(r#"("(?:ref|id|mediaId)":)([0-9]+)"#));
static LIST: LazyLock<Regex> = LazyLock::new(|| compiled(r#"("ids":\[)([0-9, ]+)\]"#));
static GALLERY: LazyLock<Regex> = LazyLock::new(|| compiled(r"\[(?:gallery|playlist)\b[^\]\n]*\]"));
static IDS: LazyLock<Regex> =
    LazyLock::new(|| compiled(r#"((?:ids|include|exclude|id)=["']?)([0-9][0-9, ]*)(["'\s\]])"#));
static NAMED: LazyLock<Regex> = LazyLock::new(|| compiled(r#"(\bwp-image-|\[caption id="attachment_)([0-9]+)"#));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_in_content_follow() {
        let moved = Moved {
            items: HashMap::from([(7, 70), (8, 80)]),
            terms: HashMap::from([(7, 3)]),
            ..Moved::default()
        };
        for (before, after) in [
            ("<!-- wp:block {\"ref\":7} /-->", "<!-- wp:block {\"ref\":70} /-->"),
            (
                "<!-- wp:image {\"id\":7,\"width\":8} -->\n<img class=\"wp-image-7\"/>",
                "<!-- wp:image {\"id\":70,\"width\":8} -->\n<img class=\"wp-image-70\"/>",
            ),
            (
                "<!-- wp:navigation-link {\"id\":7,\"kind\":\"taxonomy\"} /-->",
                "<!-- wp:navigation-link {\"id\":3,\"kind\":\"taxonomy\"} /-->",
            ),
            (
                "<!-- wp:gallery {\"ids\":[7,9,8]} -->",
                "<!-- wp:gallery {\"ids\":[70,9,80]} -->",
            ),
            (
                "[gallery ids=\"7, 8,77\" columns=\"7\"]",
                "[gallery ids=\"70, 80,77\" columns=\"7\"]",
            ),
            (
                "[caption id=\"attachment_8\" align=\"none\"]x[/caption]",
                "[caption id=\"attachment_80\" align=\"none\"]x[/caption]",
            ),
            (
                "plain \"id\":7 and [other ids=\"7\"]",
                "plain \"id\":7 and [other ids=\"7\"]",
            ),
        ] {
            assert_eq!(moved.content(before, false), after);
        }
    }
}
