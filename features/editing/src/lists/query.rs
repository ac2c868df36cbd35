//! What a list is asked for, in WordPress's words, and the form that asks.

use gp_admin::{Desk, html};
use gp_content::{ContentType, ItemQuery, Order, Term, items::Between, terms};
use gp_kernel::{Result, UserId};
use gp_store::Conn;

use crate::kinds;

/// Items of a page of a list.
pub(super) const PER_PAGE: i64 = 20;
/// Words of a search that count.
const MOST_WORDS: usize = 20;

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub words: String,
    pub status: String,
    /// Slug of a term of the type's first tree of terms.
    pub label: String,
    /// `202611`.
    pub month: String,
    pub author: i64,
    pub order_by: String,
    pub up: bool,
    pub page: i64,
    /// The item that is edited in the list.
    pub quick: i64,
}

impl Asked {
    pub(super) fn of(desk: &Desk) -> Self {
        let query = &desk.query;
        let known = kinds::STATES
            .iter()
            .any(|(status, ..)| *status == query.get("post_status"));
        let month = query.get("m");
        Self {
            words: query.get("s").trim().to_owned(),
            status: if known {
                query.get("post_status").to_owned()
            } else {
                String::new()
            },
            label: query.get("label").to_owned(),
            month: if month.len() == 6 && month.bytes().all(|b| b.is_ascii_digit()) {
                month.to_owned()
            } else {
                String::new()
            },
            author: query.int("author").unwrap_or(0),
            order_by: query.get("orderby").to_owned(),
            up: query.get("order") == "asc",
            page: query.int("paged").unwrap_or(1).clamp(1, 100_000),
            quick: query.int("quick").unwrap_or(0),
        }
    }

    /// Whether fewer than all are shown.
    pub(super) fn narrows(&self) -> bool {
        let said = [&self.words, &self.status, &self.label, &self.month];
        said.iter().any(|text| !text.is_empty()) || self.author > 0
    }

    /// The address of this list with other values.
    pub(super) fn address(&self, kind: &ContentType, other: &[(&str, &str)]) -> String {
        let author = if self.author > 0 {
            self.author.to_string()
        } else {
            String::new()
        };
        let post_type = if kind.name == "post" { "" } else { kind.name };
        let own = [
            ("post_type", post_type),
            ("post_status", &self.status),
            ("s", &self.words),
            ("label", &self.label),
            ("m", &self.month),
            ("author", &author),
            ("orderby", &self.order_by),
            ("order", if self.up { "asc" } else { "" }),
        ];
        let kept = own
            .into_iter()
            .filter(|(name, _)| !other.iter().any(|(changed, _)| changed == name));
        let pairs: Vec<(&str, &str)> = kept.chain(other.iter().copied()).collect();
        let query = html::query(&pairs);
        if query.is_empty() {
            "/wp-admin/edit.php".to_owned()
        } else {
            format!("/wp-admin/edit.php?{query}")
        }
    }

    /// Everything in one state.
    pub(super) fn only_state(&self, kind: &ContentType, status: &str) -> String {
        let all = Self::default();
        all.address(kind, &[("post_status", status)])
    }

    pub(super) async fn query(&self, conn: &mut Conn, desk: &Desk, kind: &ContentType) -> Result<ItemQuery> {
        let statuses = match self.status.as_str() {
            "" => kinds::living(),
            one => vec![one],
        };
        let mut query = ItemQuery {
            types: vec![kind.name.to_owned()],
            shelves: Some(desk.scope.at_work(kind, &statuses)),
            words: self
                .words
                .split_whitespace()
                .take(MOST_WORDS)
                .map(str::to_owned)
                .collect(),
            authors: (self.author > 0).then_some(UserId(self.author)).into_iter().collect(),
            between: self.between(),
            order: self.order(),
            offset: usize::try_from((self.page - 1) * PER_PAGE).unwrap_or(0),
            limit: usize::try_from(PER_PAGE).unwrap_or(20),
            ..ItemQuery::default()
        };
        if let (Some(tree), false) = (tree(desk, kind), self.label.is_empty()) {
            let all = terms::all_of(conn, &tree).await?;
            let wanted = all.iter().find(|term| term.slug == self.label);
            query.terms.push(
                wanted
                    .map(|term| terms::with_descendants(&all, term))
                    .unwrap_or_default(),
            );
        }
        Ok(query)
    }

    fn between(&self) -> Between {
        let Some((year, month)) = self.month.split_at_checked(4) else {
            return Between::default();
        };
        let (Ok(year), Ok(month)) = (year.parse::<i32>(), month.parse::<u32>()) else {
            return Between::default();
        };
        let (next_year, next_month) = if month >= 12 { (year + 1, 1) } else { (year, month + 1) };
        Between {
            modified_after: format!("{year:04}-{month:02}-01 00:00:00"),
            modified_before: format!("{next_year:04}-{next_month:02}-01 00:00:00"),
            ..Between::default()
        }
    }

    fn order(&self) -> Order {
        match (self.order_by.as_str(), self.up) {
            ("title", true) => Order::Title,
            ("title", false) => Order::TitleDown,
            ("date", true) => Order::Oldest,
            ("date", false) => Order::Newest,
            ("author", true) => Order::Author,
            ("author", false) => Order::AuthorDown,
            ("modified", true) => Order::ModifiedUp,
            _ => Order::Modified,
        }
    }
}

/// The tree of terms by which items of a type are labelled.
pub(super) fn tree(desk: &Desk, kind: &ContentType) -> Option<String> {
    let all = desk.app.types.taxonomies().iter();
    let own = all.filter(|taxonomy| taxonomy.types.contains(&kind.name) && taxonomy.hierarchical && taxonomy.public);
    own.map(|taxonomy| taxonomy.name.clone()).next()
}

/// Terms as a choice, children set in below their parents.
pub(super) fn choice_of(all: &[Term]) -> Vec<(String, String)> {
    fn below(all: &[Term], parent: i64, depth: usize, into: &mut Vec<(String, String)>) {
        if depth > 8 {
            return;
        }
        for term in all.iter().filter(|term| term.parent.0 == parent) {
            let name = format!(
                "{}{}",
                "\u{2003}".repeat(depth),
                gp_markup::text::plain_text(&term.name)
            );
            into.push((term.slug.clone(), name));
            below(all, term.term_id.0, depth + 1, into);
        }
    }
    let mut list = Vec::new();
    below(all, 0, 0, &mut list);
    list
}

/// The form above the list.
pub(super) async fn filters(conn: &mut Conn, desk: &Desk, kind: &ContentType, asked: &Asked) -> Result<String> {
    let labels = match tree(desk, kind) {
        Some(tree) => choice_of(&terms::all_of(conn, &tree).await?),
        None => Vec::new(),
    };
    let field =
        |name: &str, label: &str, control: &str| format!("<p><label for=\"{name}\">{label}</label>{control}</p>");
    let select = |id: &str, name: &str, any: &str, chosen: &str, all: &[(String, String)]| {
        let all = std::iter::once(("", any)).chain(all.iter().map(|(value, label)| (value.as_str(), label.as_str())));
        format!(
            "<select id=\"{id}\" name=\"{name}\">{}</select>",
            html::options(chosen, all)
        )
    };
    let mut fields = field(
        "l-s",
        "Words",
        &format!(
            "<input id=\"l-s\" name=\"s\" type=\"search\" value=\"{}\">",
            html::exact(&asked.words)
        ),
    );
    if !labels.is_empty() {
        fields += &field("l-l", "Label", &select("l-l", "label", "Any", &asked.label, &labels));
    }
    fields += &field(
        "l-m",
        "Changed",
        &select("l-m", "m", "Any time", &asked.month, &months(desk)),
    );
    let kept = [
        ("post_type", if kind.name == "post" { "" } else { kind.name }),
        ("post_status", &asked.status),
    ];
    let kept: String = kept
        .iter()
        .filter(|(_, v)| !v.is_empty())
        .map(|(n, v)| html::hidden(n, v))
        .collect();
    Ok(format!(
        "<form class=\"a-filter\" role=\"search\" aria-label=\"{}\" action=\"/wp-admin/edit.php\">{kept}{fields}\
         <button class=\"a-btn\">Filter</button></form>",
        kind.plural
    ))
}

/// The last twelve months.
fn months(desk: &Desk) -> Vec<(String, String)> {
    let today = desk.shown(desk.now).date();
    let first = today.first_of_month();
    (0..12)
        .filter_map(|back| first.checked_sub(jiff::Span::new().months(back)).ok())
        .map(|day| (day.strftime("%Y%m").to_string(), day.strftime("%B %Y").to_string()))
        .collect()
}
