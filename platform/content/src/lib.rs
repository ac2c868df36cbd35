//! The generic item, meta, terms, permission and the verbs: one function each.
