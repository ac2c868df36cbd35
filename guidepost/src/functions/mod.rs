//! Our counterparts of WordPress's functions of plain data, by WordPress's names: one table, which the command `text`
//! and the conformance suite read.
//!
//! Must never be in here: the functions themselves. They live in the crates that need them; here arguments are read
//! as PHP would read them, and results written as JSON.

mod arguments;
mod fields;
mod links;
mod markup;
mod schema;
mod values;

pub use arguments::Arguments;
use serde_json::Value;

/// A function of arguments; `None` when these are none that it can take.
pub type Function = fn(&Arguments<'_>) -> Option<Value>;

/// Every table, in no order.
const TABLES: [&[(&str, Function)]; 5] = [markup::TABLE, fields::TABLE, links::TABLE, values::TABLE, schema::TABLE];

/// The home of the site that functions of addresses speak of, as in WordPress's own tests.
const HOME: &str = "http://example.org";

/// Its host.
const HOST: &str = "example.org";

/// The function of that name.
pub fn find(name: &str) -> Option<Function> {
    let mut all = TABLES.iter().flat_map(|table| table.iter());
    all.find(|(known, _)| *known == name).map(|(_, function)| *function)
}

/// The names of all functions, sorted.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = TABLES
        .iter()
        .flat_map(|table| table.iter().map(|(name, _)| *name))
        .collect();
    names.sort_unstable();
    names
}
