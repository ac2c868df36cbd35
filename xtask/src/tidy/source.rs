//! A Rust file as the rules see it: code without comments and strings, the strings apart, which lines are tests.

use std::ops::Range;

/// A string literal: where it begins and what stands between its quotes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    /// Byte position of the opening quote.
    pub(crate) at: usize,
    /// The text between the quotes, escapes as written.
    pub(crate) text: String,
}

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: String,
    /// Byte position of the word `fn`.
    pub(crate) at: usize,
    /// Lines from the word `fn` to the closing brace.
    pub(crate) lines: usize,
}

/// One file, read.
#[derive(Debug)]
pub(crate) struct Source {
    /// Path from the root of the workspace.
    pub(crate) path: String,
    /// The file's first line.
    pub(crate) first_line: String,
    /// The code: as long as the file, with comments and the insides of strings blanked.
    pub(crate) code: String,
    /// All string literals, in order.
    pub(crate) literals: Vec<Literal>,
    /// Number of lines.
    pub(crate) lines: usize,
    tests: Vec<Range<usize>>,
}

impl Source {
    /// Reads a file's text.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let (code, literals) = blank(text);
        let tests = test_items(&code);
        Self {
            path: path.to_owned(),
            first_line: text.lines().next().unwrap_or_default().to_owned(),
            code,
            literals,
            lines: text.lines().count(),
            tests,
        }
    }

    /// Whether the whole file is tests, by its place or name.
    pub(crate) fn is_test_file(&self) -> bool {
        let mut parts = self.path.rsplit('/');
        let name = parts.next().unwrap_or_default();
        name == "tests.rs"
            || name.ends_with("_tests.rs")
            || parts.any(|folder| matches!(folder, "tests" | "benches" | "fuzz"))
    }

    /// Whether a byte position lies in an item marked `#[cfg(test)]`, or the file is tests.
    pub(crate) fn is_test(&self, at: usize) -> bool {
        self.is_test_file() || self.tests.iter().any(|range| range.contains(&at))
    }

    /// Lines without those of items marked `#[cfg(test)]`.
    pub(crate) fn lines_without_tests(&self) -> usize {
        let inside = self
            .tests
            .iter()
            .map(|range| count_lines(&self.code[range.clone()]) + 1);
        self.lines.saturating_sub(inside.sum())
    }

    /// The line, from 1, of a byte position.
    pub(crate) fn line(&self, at: usize) -> usize {
        count_lines(&self.code[..at.min(self.code.len())]) + 1
    }

    /// Positions at which a word stands in code as a word of its own.
    pub(crate) fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        words(&self.code, word)
    }

    /// The word that follows a position, after white space; empty where something else follows.
    pub(crate) fn word_after(&self, at: usize) -> &str {
        let rest = self.code[at..].trim_start();
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        &rest[..end]
    }

    /// All functions with a body, tests included.
    pub(crate) fn functions(&self) -> Vec<Function> {
        let mut functions = Vec::new();
        for at in self.words("fn") {
            let name = self.word_after(at + 2);
            if name.is_empty() {
                continue; // the type `fn(...)`
            }
            if let Some(body) = body_after(&self.code, at) {
                let lines = count_lines(&self.code[at..body.end]) + 1;
                functions.push(Function {
                    name: name.to_owned(),
                    at,
                    lines,
                });
            }
        }
        functions
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn count_lines(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\n').count()
}

fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// The braces that follow a position, or none where a `;` ends the item first.
fn body_after(code: &str, at: usize) -> Option<Range<usize>> {
    let mut depth = 0usize;
    for (step, byte) in code[at..].bytes().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b';' if depth == 0 => return None,
            b'{' if depth == 0 => return Some(at + step..closing_brace(code, at + step)),
            _ => {}
        }
    }
    None
}

/// The position after the brace that closes the one at `open`.
fn closing_brace(code: &str, open: usize) -> usize {
    let mut depth = 0usize;
    for (step, byte) in code[open..].bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return open + step + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// Ranges of items with an attribute `#[cfg(...test...)]`, from the attribute to the closing brace.
fn test_items(code: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in code.match_indices("#[cfg(") {
        let Some(end) = code[at..].find(']').map(|step| at + step + 1) else {
            continue;
        };
        let condition = &code[at..end];
        let for_tests = words(condition, "test").next().is_some() && !condition.contains("not(test");
        if !for_tests || found.iter().any(|range| range.contains(&at)) {
            continue;
        }
        if let Some(body) = body_after(code, end) {
            found.push(at..body.end);
        }
    }
    found
}

/// Takes comments and the insides of strings out, keeping every position; gives the strings apart.
fn blank(text: &str) -> (String, Vec<Literal>) {
    let bytes = text.as_bytes();
    let mut code = String::with_capacity(bytes.len());
    let mut literals = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        if rest.starts_with("//") {
            let end = at + rest.find('\n').unwrap_or(rest.len());
            push_blank(&mut code, &text[at..end]);
            at = end;
        } else if rest.starts_with("/*") {
            let end = block_comment_end(text, at);
            push_blank(&mut code, &text[at..end]);
            at = end;
        } else if let Some((open, inside, end)) = string_at(text, at) {
            code.push_str(&text[at..open]);
            push_blank(&mut code, &text[open..inside.end]);
            code.push_str(&text[inside.end..end]);
            literals.push(Literal {
                at,
                text: text[inside].to_owned(),
            });
            at = end;
        } else if let Some(end) = char_end(text, at) {
            push_blank(&mut code, &text[at..end]);
            at = end;
        } else {
            let step = rest.chars().next().map_or(1, char::len_utf8);
            code.push_str(&rest[..step]);
            at += step;
        }
    }
    (code, literals)
}

fn push_blank(code: &mut String, text: &str) {
    code.extend(text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
}

fn block_comment_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0usize, start);
    while at < bytes.len() {
        match &bytes[at..bytes.len().min(at + 2)] {
            b"/*" => {
                depth += 1;
                at += 2;
            }
            b"*/" => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A string literal that begins here: where its inside begins, the inside, and the position after the literal.
fn string_at(text: &str, at: usize) -> Option<(usize, Range<usize>, usize)> {
    let bytes = text.as_bytes();
    if text[..at].chars().next_back().is_some_and(is_word) && bytes[at] != b'"' {
        return None; // the last letter of a word
    }
    let mut open = at;
    if matches!(bytes[open], b'b' | b'c') {
        open += 1;
    }
    let raw = bytes.get(open) == Some(&b'r');
    open += usize::from(raw);
    let hashes = if raw {
        bytes[open..].iter().take_while(|&&byte| byte == b'#').count()
    } else {
        0
    };
    open += hashes;
    if bytes.get(open) != Some(&b'"') {
        return None;
    }
    let inside = open + 1;
    if raw {
        let close = format!("\"{}", "#".repeat(hashes));
        let end = text[inside..].find(&close).map_or(text.len(), |step| inside + step);
        return Some((inside, inside..end, text.len().min(end + close.len())));
    }
    let mut end = inside;
    while end < bytes.len() && bytes[end] != b'"' {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    let end = end.min(bytes.len());
    Some((inside, inside..end, bytes.len().min(end + 1)))
}

/// The end of a character literal that begins here; none for a lifetime.
fn char_end(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].strip_prefix('\'')?;
    let mut chars = rest.char_indices();
    let (_, first) = chars.next()?;
    if first == '\\' {
        let (escaped, _) = chars.next()?;
        let close = rest[escaped + 1..].find('\'')?;
        return Some(at + 1 + escaped + 1 + close + 1);
    }
    let (next, closing) = chars.next()?;
    (closing == '\'').then_some(at + 1 + next + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_blanked_and_keep_their_place() {
        let text = "let a = \"x // y\"; // \"z\"\n/* /* \" */ */ b('\"', 'é', '\\'', r#\"q\"w\"#, &'a c)";
        let source = Source::new("a.rs", text);
        let texts: Vec<&str> = source.literals.iter().map(|literal| literal.text.as_str()).collect();
        assert_eq!(texts, ["x // y", "q\"w"]);
        assert_eq!(source.code.len(), text.len());
        assert_eq!(source.code.lines().count(), 2);
        assert!(source.code.contains("&'a c)") && !source.code.contains('z'));
    }

    #[test]
    fn unfinished_text_ends_somewhere() {
        for text in [
            "\"abc",
            "r##\"abc\"#",
            "/* a",
            "'",
            "'\\",
            "b",
            "fn a() {",
            "\"\\",
            "#[cfg(test",
            "é'",
        ] {
            let source = Source::new("a.rs", text);
            assert_eq!(source.code.len(), text.len(), "{text}");
            source.functions();
        }
    }

    #[test]
    fn functions_are_measured_from_fn_to_brace() {
        let text = "fn a(x: [u8; 3]) -> fn(u8) {\n  {\n  }\n}\ntrait T { fn b(); fn c() {} }\nlet f: fn() = a;";
        let found = Source::new("a.rs", text).functions();
        let found: Vec<(&str, usize)> = found.iter().map(|one| (one.name.as_str(), one.lines)).collect();
        assert_eq!(found, [("a", 4), ("c", 1)]);
    }

    #[test]
    fn test_items_are_known() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\n#[cfg(not(test))]\nfn c() {}\n#[cfg(test)]\nmod t;\n";
        let source = Source::new("x/src/a.rs", text);
        let position = |needle| text.find(needle).map(|at| source.is_test(at));
        assert_eq!(
            [position("fn a"), position("fn b"), position("fn c")],
            [Some(false), Some(true), Some(false)]
        );
        assert_eq!(source.lines_without_tests(), 5);
        assert!(Source::new("x/tests/a.rs", "").is_test(0) && Source::new("x/src/y/tests.rs", "").is_test(0));
    }
}
