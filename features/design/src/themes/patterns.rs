//! The patterns of a theme that stand in PHP files. Most of these are markup with texts and addresses that PHP says; they are read,
//! never run: what says more than a text stays outside, and the installation tells which.

use gp_markup::text::{esc_attr, esc_html};
use serde_json::{Map, Value, json};

/// What the head of a pattern's file may say, and as what it is known (`patterns.json`).
const HEAD: &[(&str, &str, Kind)] = &[
    ("Title", "title", Kind::Text),
    ("Slug", "slug", Kind::Text),
    ("Description", "description", Kind::Text),
    ("Viewport Width", "viewportWidth", Kind::Number),
    ("Inserter", "inserter", Kind::Flag),
    ("Categories", "categories", Kind::List),
    ("Keywords", "keywords", Kind::List),
    ("Block Types", "blockTypes", Kind::List),
    ("Post Types", "postTypes", Kind::List),
    ("Template Types", "templateTypes", Kind::List),
];

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Flag,
    List,
}

/// How deep calls may stand in each other.
const DEEPEST: usize = 16;

/// Why a file is not used.
pub(super) type Refused = String;

/// A pattern from its file, as an entry of `patterns.json`; `file` is its name without the ending.
///
/// # Errors
/// What in it only PHP could say.
pub(super) fn read(theme: &str, file: &str, text: &str) -> Result<Value, Refused> {
    let (head, markup) = text
        .strip_prefix("<?php")
        .and_then(|rest| rest.split_once("?>"))
        .ok_or("it has no head")?;
    let mut about = said(head);
    let name = match about.get("slug").and_then(Value::as_str) {
        Some(slug) => slug.to_owned(),
        None => format!("{theme}/{file}"),
    };
    // Between the comment and the markup a file can do things.
    let rest = head.rsplit_once("*/").map_or("", |(_, rest)| rest);
    said_by(rest, theme).map_err(|why| format!("{name}: {why}"))?;
    let content = printed(markup.trim_start_matches(['\r', '\n']), theme).map_err(|why| format!("{name}: {why}"))?;
    about.insert("slug".to_owned(), name.clone().into());
    about.insert("name".to_owned(), name.into());
    about.insert("content".to_owned(), content.into());
    Ok(Value::Object(about))
}

/// What the comment at the head of a file says.
fn said(head: &str) -> Map<String, Value> {
    let mut about = Map::new();
    for line in head.lines() {
        let line = line.trim_start_matches([' ', '*', '\t', '/', '#']);
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let known = HEAD.iter().find(|(name, ..)| name.eq_ignore_ascii_case(key.trim()));
        let Some((_, key, kind)) = known else { continue };
        let value = value.trim().trim_end_matches("*/").trim_end();
        let value = match kind {
            Kind::Text => value.into(),
            Kind::Number => value.parse::<u32>().map_or(Value::Null, Value::from),
            Kind::Flag => (!matches!(value.to_ascii_lowercase().as_str(), "no" | "false")).into(),
            Kind::List => json!(
                value
                    .split(',')
                    .map(str::trim)
                    .filter(|v| !v.is_empty())
                    .collect::<Vec<_>>()
            ),
        };
        if !value.is_null() {
            about.entry((*key).to_owned()).or_insert(value);
        }
    }
    about
}

/// Markup with what the PHP in it says in its place.
fn printed(markup: &str, theme: &str) -> Result<String, Refused> {
    let mut out = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some((before, after)) = rest.split_once("<?") {
        out.push_str(before);
        let (code, short) = match (after.strip_prefix("php"), after.strip_prefix('=')) {
            (Some(code), _) => (code, false),
            (None, Some(code)) => (code, true),
            (None, None) => return Err("\"<?\" begins something else than PHP".to_owned()),
        };
        let (code, after) = split_at_end(code);
        let said = match short {
            true => said_by(&format!("echo {code}"), theme)?,
            false => said_by(code, theme)?,
        };
        out.push_str(&said);
        rest = after.strip_prefix("\r\n").or(after.strip_prefix('\n')).unwrap_or(after);
    }
    out.push_str(rest);
    Ok(out)
}

/// The code up to `?>` outside of quotes and of comments that end by themselves, and what comes after.
fn split_at_end(code: &str) -> (&str, &str) {
    let mut at = 0;
    while let Some(c) = code[at..].chars().next() {
        let rest = &code[at..];
        at += match c {
            _ if rest.starts_with("?>") => return (&code[..at], &rest[2..]),
            '\'' | '"' => quoted_end(rest, c),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '#' => line_end(rest),
            '/' if rest.starts_with("//") => line_end(rest),
            c => c.len_utf8(),
        };
    }
    (code, "")
}

/// Where a comment of one line ends: with the line, or with the code.
fn line_end(code: &str) -> usize {
    code.find('\n')
        .into_iter()
        .chain(code.find("?>"))
        .min()
        .unwrap_or(code.len())
}

fn quoted_end(code: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in code.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Text(String),
    Name(String),
    Mark(char),
}

fn tokens(code: &str) -> Result<Vec<Token>, Refused> {
    let mut out = Vec::new();
    let mut rest = code.trim_start();
    while let Some(c) = rest.chars().next() {
        rest = match c {
            '\'' | '"' => {
                let (text, after) = quoted(rest, c)?;
                out.push(Token::Text(text));
                after
            }
            '(' | ')' | ',' | '.' | ';' => {
                out.push(Token::Mark(c));
                &rest[1..]
            }
            '/' if rest.starts_with("/*") => rest.split_once("*/").map_or("", |(_, after)| after),
            '/' if rest.starts_with("//") => rest.split_once('\n').map_or("", |(_, after)| after),
            '#' => rest.split_once('\n').map_or("", |(_, after)| after),
            _ if c.is_ascii_alphabetic() || c == '_' => {
                let end = rest
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                out.push(Token::Name(rest[..end].to_owned()));
                &rest[end..]
            }
            other => return Err(format!("{other:?} is more than a text")),
        }
        .trim_start();
    }
    Ok(out)
}

/// A text in quotes, and what comes after it.
fn quoted(code: &str, quote: char) -> Result<(String, &str), Refused> {
    let mut text = String::new();
    let mut chars = code.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => return Ok((text, &code[at + 1..])),
            '\\' => match chars.next() {
                Some((_, c)) if c == quote || c == '\\' => text.push(c),
                Some((_, 'n')) if quote == '"' => text.push('\n'),
                Some((_, 't')) if quote == '"' => text.push('\t'),
                Some((_, '$')) if quote == '"' => text.push('$'),
                Some((_, c)) if quote == '\'' => text.extend(['\\', c]),
                _ => return Err("a text has an escape that is not known here".to_owned()),
            },
            '$' | '{' if quote == '"' => return Err("a text has a variable in it".to_owned()),
            c => text.push(c),
        }
    }
    Err("a text does not end".to_owned())
}

/// What statements print.
fn said_by(code: &str, theme: &str) -> Result<String, Refused> {
    let mut reader = Reader {
        tokens: tokens(code)?,
        at: 0,
        theme,
    };
    let mut out = String::new();
    while reader.at < reader.tokens.len() {
        if reader.takes(';') {
            continue;
        }
        let echoes = matches!(reader.peek(), Some(Token::Name(name)) if name == "echo" || name == "print");
        if echoes {
            reader.at += 1;
        }
        let (value, prints) = reader.expression(0)?;
        if echoes || prints {
            out.push_str(&value);
        }
        if reader.at < reader.tokens.len() && !reader.takes(';') {
            return Err("a statement does not end with \";\"".to_owned());
        }
    }
    Ok(out)
}

struct Reader<'t> {
    tokens: Vec<Token>,
    at: usize,
    theme: &'t str,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn takes(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(found);
        found
    }

    /// A text, a call, or several of them joined by dots; and whether it prints by itself.
    fn expression(&mut self, depth: usize) -> Result<(String, bool), Refused> {
        let (mut value, prints) = self.value(depth)?;
        while self.takes('.') {
            value.push_str(&self.value(depth)?.0);
        }
        Ok((value, prints))
    }

    fn value(&mut self, depth: usize) -> Result<(String, bool), Refused> {
        if depth > DEEPEST {
            return Err("calls stand too deep in each other".to_owned());
        }
        match self.tokens.get(self.at).cloned() {
            Some(Token::Text(text)) => {
                self.at += 1;
                Ok((text, false))
            }
            Some(Token::Name(name)) => {
                self.at += 1;
                if !self.takes('(') {
                    return Err(format!("{name:?} is more than a text"));
                }
                let mut given = Vec::new();
                while !self.takes(')') {
                    given.push(self.expression(depth + 1)?.0);
                    if !self.takes(',') && self.peek() != Some(&Token::Mark(')')) {
                        return Err(format!("the call of {name} cannot be read"));
                    }
                }
                self.call(&name, &given)
            }
            _ => Err("something else than a text is printed".to_owned()),
        }
    }

    /// What WordPress's functions for texts and addresses give back, and whether they print it themselves.
    fn call(&self, name: &str, given: &[String]) -> Result<(String, bool), Refused> {
        let first = given.first().map(String::as_str).unwrap_or_default();
        let prints = matches!(name, "_e" | "_ex" | "esc_html_e" | "esc_attr_e" | "printf");
        let value = match name {
            "__" | "_x" | "_e" | "_ex" | "esc_url" | "wp_kses_post" | "wp_kses_data" => first.to_owned(),
            "esc_html__" | "esc_html_x" | "esc_html_e" | "esc_html" => esc_html(first),
            "esc_attr__" | "esc_attr_x" | "esc_attr_e" | "esc_attr" => esc_attr(first),
            "get_template_directory_uri" | "get_stylesheet_directory_uri" => self.folder(),
            "get_theme_file_uri" | "get_parent_theme_file_uri" => {
                format!("{}/{}", self.folder(), first.trim_start_matches('/'))
            }
            "home_url" => format!("/{}", first.trim_start_matches('/')),
            "sprintf" | "printf" => formatted(first, &given[1.min(given.len())..])?,
            other => return Err(format!("it calls {other}()")),
        };
        Ok((value, prints))
    }

    fn folder(&self) -> String {
        format!("/wp-content/themes/{}", self.theme)
    }
}

/// `%s`, `%2$s` and `%%`; other forms are not known here.
fn formatted(form: &str, given: &[String]) -> Result<String, Refused> {
    let unknown = || format!("the form {form:?} is not known here");
    let mut out = String::new();
    let mut next = 0;
    let mut rest = form;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = after.split_at(digits);
        rest = if digits == 0 && tail.starts_with('%') {
            out.push('%');
            &tail[1..]
        } else {
            let (place, tail) = match (number.parse::<usize>().ok(), tail.strip_prefix('$')) {
                (Some(place), Some(tail)) => (place.checked_sub(1).ok_or_else(unknown)?, tail),
                (None, None) => {
                    next += 1;
                    (next - 1, tail)
                }
                _ => return Err(unknown()),
            };
            let tail = tail.strip_prefix(['s', 'd']).ok_or_else(unknown)?;
            out.push_str(given.get(place).ok_or_else(unknown)?);
            tail
        };
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn content(markup: &str) -> Result<String, String> {
        let file = format!("<?php\n/**\n * Title: One\n */\n?>\n{markup}");
        read("tiny", "one", &file).map(|p| p["content"].as_str().unwrap().to_owned())
    }

    #[test]
    fn the_head_says_what_a_pattern_is() {
        let head = "<?php\n/**\n * Title: A banner\n * Slug: tiny/banner\n * Categories: banner, call-to-action\n * Viewport Width: 1400\n * Inserter: no\n */\n?>\n<p>x</p>";
        let about = read("tiny", "other", head).unwrap();
        assert_eq!(
            about,
            json!({"title": "A banner", "slug": "tiny/banner", "name": "tiny/banner", "categories": ["banner", "call-to-action"],
                   "viewportWidth": 1400, "inserter": false, "content": "<p>x</p>"})
        );
        assert_eq!(
            read("tiny", "other", "<?php // nothing ?>x").unwrap()["name"],
            "tiny/other"
        );
    }

    #[test]
    fn texts_and_addresses_are_read() {
        for (markup, wanted) in [
            (
                "<p><?php esc_html_e( 'It\\'s <here>', 'tiny' ); ?></p>",
                "<p>It&#039;s &lt;here&gt;</p>",
            ),
            (
                "<?php echo esc_html_x( 'A ?> b', 'Said of it', 'tiny' ) ?>",
                "A ?&gt; b",
            ),
            (
                "<img src=\"<?php echo esc_url( get_template_directory_uri() ); ?>/a.webp\">",
                "<img src=\"/wp-content/themes/tiny/a.webp\">",
            ),
            (
                "<?php echo esc_url( get_template_directory_uri() . '/b.webp' ); ?>",
                "/wp-content/themes/tiny/b.webp",
            ),
            ("<?= __( \"two\\nlines\" ) ?>", "two\nlines"),
            (
                "<?php /* translators: what */ printf( esc_html__( '%2$s by %1$s, 100%%', 'tiny' ), '<i>a</i>', 'b' ); ?>!",
                "b by <i>a</i>, 100%!",
            ),
            ("<?php __( 'not printed' ); ?>.", "."),
            (
                "<?php /* the locale's ?> */ echo 'a &amp; b'; // it's ?>.",
                "a &amp; b.",
            ),
        ] {
            assert_eq!(content(markup).as_deref(), Ok(wanted), "{markup}");
        }
    }

    #[test]
    fn what_says_more_than_a_text_is_refused_with_its_reason() {
        for (markup, why) in [
            ("<?php echo 1; ?>", "'1'"),
            ("<?php echo $title; ?>", "'$'"),
            ("<?php if ( true ) : ?>x<?php endif; ?>", "':'"),
            ("<?php echo gmdate( 'Y' ); ?>", "gmdate()"),
            ("<?php echo \"$x\"; ?>", "variable"),
            ("<?php echo 'x", "does not end"),
            ("<?php printf( '%d of %s', '1' ); ?>", "%d of %s"),
            ("<?xml version=\"1.0\"?>", "something else"),
        ] {
            let refused = content(markup).unwrap_err();
            assert!(
                refused.contains(why) && refused.starts_with("tiny/one"),
                "{markup}: {refused}"
            );
        }
        let acts = "<?php\n/** Title: One */\n$x = evil();\n?>x";
        assert!(read("tiny", "one", acts).is_err());
    }

    proptest! {
        #[test]
        fn no_file_makes_it_fall(text in "(<\\?php|<\\?=|\\?>|'|\"|\\\\|%|\\$|[a-z_]{1,8}\\(|[().,;]| |é){0,60}") {
            let _ = content(&text);
        }
    }
}
