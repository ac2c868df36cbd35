//! `_links`: where to go from here.

use serde_json::{Map, Value, json};

use crate::turn::Turn;

/// The links of one thing, in their order.
#[derive(Debug, Clone, Default)]
pub struct Links(Map<String, Value>);

impl Links {
    /// A link; `more` says more of it.
    pub fn add(&mut self, rel: &str, href: String, more: Value) {
        let mut link = Map::new();
        if let Value::Object(more) = more {
            link.extend(more);
        }
        link.insert("href".to_owned(), href.into());
        let list = self.0.entry(rel).or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(Value::Object(link));
        }
    }

    /// A plain link.
    pub fn plain(&mut self, rel: &str, href: String) {
        self.add(rel, href, Value::Null);
    }

    /// A link to something that `_embed` may bring along.
    pub fn embeddable(&mut self, rel: &str, href: String) {
        self.add(rel, href, json!({"embeddable": true}));
    }

    /// The thing itself, with the methods that whoever asks may use on it.
    pub fn own(&mut self, turn: &Turn, route: &str, allow: &[&str]) {
        let more = if allow.is_empty() {
            Value::Null
        } else {
            json!({"targetHints": {"allow": allow}})
        };
        self.add("self", turn.href(route), more);
    }

    /// As they are sent: names with a prefix say what it stands for.
    pub fn value(mut self) -> Value {
        if self.0.keys().any(|rel| rel.starts_with("wp:")) {
            let curie = json!([{"name": "wp", "href": "https://api.w.org/{rel}", "templated": true}]);
            self.0.insert("curies".to_owned(), curie);
        }
        Value::Object(self.0)
    }
}
