//! The rules on single files: first line, module names, sizes, and what may be named where.

use super::Finding;
use super::source::Source;

/// Longest file and function, in lines, tests aside.
const LONGEST_FILE: usize = 800;
const LONGEST_FUNCTION: usize = 100;
/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 6] = ["utils", "util", "helpers", "helper", "common", "misc"];

/// Checks one file against every rule.
pub(crate) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(first_line(source));
    findings.extend(module_names(source));
    findings.extend(sizes(source));
    findings.extend(sql(source));
    for kept in &KEPT_IN_PLACE {
        findings.extend(kept_in_place(source, kept));
    }
    findings
}

fn first_line(source: &Source) -> Option<Finding> {
    let sentence = source.first_line.strip_prefix("//! ").unwrap_or_default();
    (sentence.split_whitespace().count() < 2).then(|| {
        let message = "the first line is no `//!` sentence; say there what this file is for";
        Finding::new("first-line", &source.path, 1, message.to_owned())
    })
}

fn module_names(source: &Source) -> Vec<Finding> {
    let named = source.words("mod").map(|at| (at, source.word_after(at + 3)));
    named
        .filter(|(_, name)| EMPTY_NAMES.contains(name))
        .map(|(at, name)| {
            let message = format!("module `{name}` says nothing; name it after what is inside, or move it to its use");
            Finding::new("module-name", &source.path, source.line(at), message)
        })
        .collect()
}

fn sizes(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if source.is_test_file() {
        return findings;
    }
    let lines = source.lines_without_tests();
    if lines > LONGEST_FILE {
        let message = format!("{lines} lines without tests, at most {LONGEST_FILE}; split it by what it does");
        findings.push(Finding::new("long-file", &source.path, 1, message));
    }
    for function in source.functions() {
        if function.lines > LONGEST_FUNCTION && !source.is_test(function.at) {
            let (name, lines) = (&function.name, function.lines);
            let message = format!("function `{name}` has {lines} lines, at most {LONGEST_FUNCTION}; name its steps");
            let mut finding = Finding::new("long-function", &source.path, source.line(function.at), message);
            finding.item.clone_from(name);
            findings.push(finding);
        }
    }
    findings
}

/// A library that only some folders may name.
struct Kept {
    library: &'static str,
    allowed: fn(&str) -> bool,
    places: &'static str,
}

const KEPT_IN_PLACE: [Kept; 3] = [
    Kept {
        library: "axum",
        allowed: may_name_axum,
        places: "platform/web, platform/rest, platform/admin, features and the binary",
    },
    Kept {
        library: "tantivy",
        allowed: may_name_tantivy,
        places: "platform/search",
    },
    Kept {
        library: "sqlx",
        allowed: may_name_sqlx,
        places: "platform/store and features/transfer/**/mysql.rs",
    },
];

/// Whether a path may name axum.
pub(crate) fn may_name_axum(path: &str) -> bool {
    starts_with_any(
        path,
        &[
            "platform/web/",
            "platform/rest/",
            "platform/admin/",
            "features/",
            "guidepost/",
        ],
    )
}

/// Whether a path may name tantivy.
pub(crate) fn may_name_tantivy(path: &str) -> bool {
    path.starts_with("platform/search/")
}

/// Whether a path may name sqlx.
pub(crate) fn may_name_sqlx(path: &str) -> bool {
    path.starts_with("platform/store/") || is_mysql_reader(path)
}

fn is_mysql_reader(path: &str) -> bool {
    path.starts_with("features/transfer/") && (path.ends_with("/mysql.rs") || path.contains("/mysql/"))
}

fn starts_with_any(path: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| path.starts_with(start))
}

fn kept_in_place(source: &Source, kept: &Kept) -> Vec<Finding> {
    let Kept {
        library,
        allowed,
        places,
    } = kept;
    if allowed(&source.path) {
        return Vec::new();
    }
    let is_path = |at: &usize| source.code[at + library.len()..].trim_start().starts_with("::");
    let named = source.words(library).filter(is_path);
    named
        .filter(|&at| !source.is_test(at))
        .map(|at| {
            let message = format!("`{library}` is named only in {places}; use what they offer, or add it there");
            Finding::new("place", &source.path, source.line(at), message)
        })
        .collect()
}

fn sql(source: &Source) -> Vec<Finding> {
    if may_hold_sql(&source.path) {
        return Vec::new();
    }
    let statements = source.literals.iter().filter(|literal| looks_like_sql(&literal.text));
    statements
        .filter(|literal| !source.is_test(literal.at))
        .map(|literal| {
            let message = "SQL outside of platform/store, platform/content and files called store.rs; move it there";
            Finding::new("sql", &source.path, source.line(literal.at), message.to_owned())
        })
        .collect()
}

/// Readers of dumps and live databases speak of SQL, too; so does this check.
fn may_hold_sql(path: &str) -> bool {
    starts_with_any(
        path,
        &["platform/store/", "platform/content/", "formats/sqldump/", "xtask/"],
    ) || path.ends_with("/store.rs")
        || path.contains("/store/")
        || is_mysql_reader(path)
}

/// Whether a text reads as a statement or a clause of one.
fn looks_like_sql(text: &str) -> bool {
    const CAPITALS: [&str; 7] = [
        " FROM ",
        " WHERE ",
        "ORDER BY ",
        "GROUP BY ",
        "LEFT JOIN ",
        "INNER JOIN ",
        "VALUES (",
    ];
    // Escapes as written in the source: `\n`, and the backslash that joins lines.
    let plain = text.replace("\\n", " ").replace('\\', " ");
    let text: String = plain.split_whitespace().map(|word| format!("{word} ")).collect();
    starts_as_statement(&text.to_lowercase()) && !starts_as_heading(&text)
        || CAPITALS.iter().any(|words| text.contains(words))
}

/// "Select a file from the list" is a sentence: one capital, the rest small.
fn starts_as_heading(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
}

fn starts_as_statement(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(4).collect();
    match words[..] {
        ["select", ..] => text.contains(" from "),
        ["insert" | "replace", "into", ..] | ["delete", "from", ..] | ["order" | "group", "by", ..] => true,
        ["create" | "alter" | "drop", "table" | "index" | "view", ..] | ["create", "unique", "index", ..] => true,
        ["update", _, "set", ..] => true,
        ["with", _, "as", query, ..] => query.starts_with('('),
        ["left" | "inner", "join", ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<(&'static str, usize)> {
        check(&Source::new(path, text))
            .iter()
            .map(|finding| (finding.rule, finding.line))
            .collect()
    }

    #[test]
    fn a_good_file_has_no_findings() {
        let text = "//! Turns days into weeks.\nuse axum::Router;\nfn a() -> &'static str { \"Select a file from the list\" }\n";
        assert_eq!(rules("features/events/src/week.rs", text), []);
    }

    #[test]
    fn each_file_opens_with_a_sentence() {
        assert_eq!(rules("a/src/b.rs", "use std::fs;\n"), [("first-line", 1)]);
        assert_eq!(rules("a/src/b.rs", "//! Stuff.\n"), [("first-line", 1)]);
    }

    #[test]
    fn empty_names_are_refused() {
        assert_eq!(
            rules("a/src/b.rs", "//! What it is.\nmod model;\npub mod utils;\n"),
            [("module-name", 3)]
        );
    }

    #[test]
    fn libraries_stay_in_their_place() {
        let text = "//! What it is.\n// sqlx::query\nuse tantivy::Index;\nuse sqlx::Row;\n";
        assert_eq!(rules("platform/content/src/a.rs", text), [("place", 3), ("place", 4)]);
        assert_eq!(rules("platform/search/src/a.rs", text), [("place", 4)]);
        assert_eq!(rules("features/transfer/src/live/mysql.rs", text), [("place", 3)]);
    }

    #[test]
    fn sql_stays_in_stores_and_tests() {
        let text = "//! What it is.\nconst Q: &str = \"SELECT id\n FROM items\";\n#[cfg(test)]\nmod tests { const R: &str = \"DROP TABLE x\"; }\n";
        assert_eq!(rules("features/events/src/ai1ec_event/public.rs", text), [("sql", 2)]);
        assert_eq!(rules("features/events/src/ai1ec_event/store.rs", text), []);
        assert_eq!(rules("guidepost/tests/it/main.rs", text), []);
    }

    #[test]
    fn statements_are_told_from_sentences() {
        let statements = [
            "select id from items",
            "update items set a = 1",
            "order by id",
            "with x as (select 1) select 2",
            "\\n \\\n insert into a (b) values ($1)",
            "CREATE UNIQUE INDEX a ON b (c)",
            "and a = 1 ORDER BY b",
        ];
        for text in statements {
            assert!(looks_like_sql(text), "{text}");
        }
        let sentences = [
            "update the settings",
            "Select a file from the list",
            "the query selects nothing from an empty index",
            "Delete from trash",
            "with some as a start",
            "FROM: the editor",
        ];
        for text in sentences {
            assert!(!looks_like_sql(text), "{text}");
        }
    }

    #[test]
    fn long_files_and_functions_are_refused() {
        let long = format!("//! What it is.\nfn long() {{\n{}}}\n", "x();\n".repeat(99));
        assert_eq!(rules("a/src/b.rs", &long), [("long-function", 2)]);
        assert_eq!(rules("a/src/tests.rs", &long), []);
        let file = format!("//! What it is.\n{}", "x!();\n".repeat(800));
        assert_eq!(rules("a/src/b.rs", &file), [("long-file", 1)]);
        let tested = format!(
            "//! What it is.\n#[cfg(test)]\nmod tests {{\n{}}}\n",
            "x!();\n".repeat(800)
        );
        assert_eq!(rules("a/src/b.rs", &tested), []);
    }
}
