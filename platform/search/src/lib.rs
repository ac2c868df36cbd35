//! The full-text index: schema, writer, query language, snippets.
