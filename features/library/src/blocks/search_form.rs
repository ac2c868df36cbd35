//! `guidepost/search-form`: a field, and a choice of what to look in by the names that readers use.

use gp_blocks::html;
use gp_content::address::{Address, Shape};
use gp_markup::block::Block;

use super::{desk::Desk, word, yes};

/// What stands in an address as it is: letters, figures and the four marks that are never encoded.
const UNRESERVED: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What a search was asked for, as far as its address says.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub words: String,
    pub parameters: Vec<(String, String)>,
}

impl Asked {
    pub(super) fn of(desk: &Desk<'_>) -> Self {
        let Address::List(list) = &desk.page.address else {
            return Self::default();
        };
        let Shape::Search(words) = &list.shape else {
            return Self::default();
        };
        let query = list.first.split_once('?').map_or("", |(_, query)| query);
        let decode = |text: &str| {
            percent_encoding::percent_decode_str(&text.replace('+', " "))
                .decode_utf8_lossy()
                .into_owned()
        };
        let pairs = query.split('&').take(50).filter_map(|pair| pair.split_once('='));
        let pairs = pairs.map(|(name, value)| (decode(name), decode(value)));
        Self {
            words: words.clone(),
            parameters: pairs.filter(|(name, value)| name != "s" && !value.is_empty()).collect(),
        }
    }

    pub(super) fn value(&self, name: &str) -> &str {
        self.parameters
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, value)| value)
    }

    /// How many conditions it puts together.
    pub(super) fn depth(&self) -> usize {
        let conditions = self.parameters.iter().filter(|(name, _)| name != "sort");
        conditions.map(|(name, value)| conditions_of(name, value)).sum()
    }

    /// What links to this search with one more choice say to programs: that many choices together lead nowhere for them.
    pub(super) fn rel_with(&self, name: &str) -> &'static str {
        let own = self.value(name);
        let others = self.depth() - if own.is_empty() { 0 } else { conditions_of(name, own) };
        if others + 1 >= DEEP { " rel=\"nofollow\"" } else { "" }
    }

    /// The same for links that leave the choices as they are.
    pub(super) fn rel(&self) -> &'static str {
        if self.depth() >= DEEP { " rel=\"nofollow\"" } else { "" }
    }

    /// The address of the same words without any choice; the order stays.
    pub(super) fn wide(&self) -> String {
        let sort = self.parameters.iter().filter(|(name, _)| name == "sort").cloned();
        let all = Self {
            words: self.words.clone(),
            parameters: sort.collect(),
        };
        all.with("paged", "")
    }

    /// The address of this search with one parameter changed; an empty value takes it out.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let encode = |text: &str| percent_encoding::utf8_percent_encode(text, UNRESERVED).to_string();
        let mut address = format!("/?s={}", encode(&self.words));
        let others = self
            .parameters
            .iter()
            .filter(|(n, _)| n != name)
            .map(|(n, v)| (n.as_str(), v.as_str()));
        let changed = [(name, value)].into_iter().filter(|(_, v)| !v.is_empty());
        for (n, v) in others.chain(changed) {
            address.push_str(&format!("&{}={}", encode(n), encode(v)));
        }
        address
    }
}

/// From so many conditions on, programs are asked not to go there (the server has few turns for such searches).
const DEEP: usize = 3;

/// `a+b` are two conditions; names of types have blanks.
fn conditions_of(name: &str, value: &str) -> usize {
    match name {
        "type" => 1,
        _ => value.split([' ', '+']).filter(|part| !part.is_empty()).count(),
    }
}

pub(super) fn html(desk: &Desk<'_>, block: &Block) -> String {
    let words = desk.words;
    let asked = Asked::of(desk);
    match word(block, "place") {
        "head" => head(desk),
        "foot" => format!(
            "<div class=\"g-find g-find--foot g-noprint\"><div class=\"g-wrap\"><h2 class=\"g-sub\" id=\"seek\">{}</h2>{}</div></div>",
            words.say("Search the library"),
            form(desk, &asked, "fq", false)
        ),
        _ => form(desk, &asked, "q", yes(block, "big")),
    }
}

/// The small field of the head; not where the page has a large one.
fn head(desk: &Desk<'_>) -> String {
    let large = match &desk.page.address {
        Address::List(list) => matches!(list.shape, Shape::Front | Shape::Search(_)),
        Address::Missing => true,
        Address::Item { item, .. } => Some(item.id) == desk.page.site.front_page,
        _ => false,
    };
    if large {
        return String::new();
    }
    let label = desk.words.say("Search the library");
    format!(
        "<form class=\"g-headseek\" role=\"search\" action=\"/\" aria-label=\"{label}\"><label class=\"g-vh\" for=\"hq\">{label}</label>\
         <input id=\"hq\" name=\"s\" type=\"search\" placeholder=\"{label}\"></form>"
    )
}

/// The field with its choice of types; the one in the main part of a page completes what is typed.
pub(super) fn form(desk: &Desk<'_>, asked: &Asked, id: &str, big: bool) -> String {
    let words = desk.words;
    let label = words.say(if big {
        "Words, a title, or a symbol"
    } else {
        "Search the library"
    });
    let chosen = asked.value("type");
    let options: String = desk
        .page
        .types
        .public()
        .filter(|t| t.searchable)
        .map(|t| {
            let name = t.plural.to_lowercase();
            let selected = if chosen.eq_ignore_ascii_case(&name) || chosen.eq_ignore_ascii_case(t.singular) {
                " selected"
            } else {
                ""
            };
            format!(
                "<option value=\"{}\"{selected}>{}</option>",
                html::attr(&name),
                html::esc(words.say(t.plural))
            )
        })
        .collect();
    let kept: String = asked
        .parameters
        .iter()
        .filter(|(name, _)| name != "type" && name != "paged")
        .map(|(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
                html::attr(name),
                html::attr(value)
            )
        })
        .collect();
    let script = match id {
        "q" => format!("<script>{}</script>", gp_blocks::script::SUGGEST),
        _ => String::new(),
    };
    let class = if big { "g-seek g-seek--big" } else { "g-seek" };
    format!(
        "<form class=\"{class}\" role=\"search\" action=\"/\" aria-label=\"{search_label}\"><label class=\"g-vh\" for=\"{id}\">{label}</label>\
         <input id=\"{id}\" name=\"s\" type=\"search\" value=\"{}\" placeholder=\"{label}\" autocomplete=\"off\">\
         <label class=\"g-vh\" for=\"{id}t\">{}</label><select id=\"{id}t\" name=\"type\"><option value=\"\">{}</option>{options}</select>\
         {kept}<button class=\"g-btn\">{}</button></form>{script}",
        html::attr(&asked.words),
        words.say("Look in"),
        words.say("Everything"),
        words.say("Search"),
        search_label = words.say("Search the library"),
    )
}
