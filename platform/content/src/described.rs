//! What the feature that knows documents says of an item for those who do not: names, symbols, facts to narrow a search by.

/// An item as it can be looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// Other names under which it is known.
    pub names: Vec<String>,
    /// Its symbols.
    pub symbols: Vec<String>,
    /// Pairs of a field and a value: `year`, `status`, `lang`.
    pub facets: Vec<(String, String)>,
}
