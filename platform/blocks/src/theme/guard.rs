//! CSS from outside: a value stays inside its declaration, a selector inside its rule, and nothing asks a foreign address.
//!
//! What must never be here: a judgement of taste. What is harmless passes as it is written.

/// How long one value may be; pictures inside the CSS (`data:`) are long.
const LONGEST: usize = 16 * 1024;

/// How deep rules stand in each other; deeper ones are left out.
const DEEPEST: usize = 8;

/// Functions that ask for an address in another way than `url()`, or that run something.
const REFUSED: &[&str] = &[
    "image-set",
    "-webkit-image-set",
    "image",
    "src",
    "cross-fade",
    "-webkit-cross-fade",
    "element",
    "paint",
    "expression",
];

/// At-rules that may hold rules or declarations. `@import` and whatever is not known is left out.
const NESTING: &[&str] = &[
    "@media",
    "@supports",
    "@container",
    "@layer",
    "@keyframes",
    "@-webkit-keyframes",
    "@font-face",
    "@page",
    "@scope",
    "@starting-style",
    "@property",
    "@counter-style",
];

/// Whether a value can neither leave its declaration nor ask a foreign address.
pub(crate) fn is_safe_value(value: &str) -> bool {
    value.len() <= LONGEST && is_closed(value) && asks_nobody(value)
}

/// Whether a selector can not leave its rule.
pub(crate) fn is_safe_selector(selector: &str) -> bool {
    selector.len() <= LONGEST && !selector.contains(['@', '<', '\\']) && is_closed(selector)
}

/// Whether this is the name of a property: `--wp--custom--x` and `-webkit-x` too.
pub(crate) fn is_property(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let harmless = !matches!(name, "behavior" | "-moz-binding");
    harmless
        && name.len() < 200
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-')
        && name.chars().all(plain)
}

/// Whether quotes and brackets are closed again and nothing outside of quotes ends the declaration.
fn is_closed(text: &str) -> bool {
    let mut open: Vec<char> = Vec::new();
    let mut quote: Option<char> = None;
    let mut before = ' ';
    let mut escaped = false;
    for c in text.chars() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(_) if matches!(c, '\n' | '\r' | '\u{c}') => return false,
            Some(q) => quote = (c != q).then_some(q),
            None => match c {
                '"' | '\'' => quote = Some(c),
                '(' => open.push(')'),
                '[' => open.push(']'),
                ')' | ']' if open.pop() != Some(c) => return false,
                '{' | '}' | ';' | '\\' | '<' | '\0' => return false,
                '*' if before == '/' => return false,
                _ => {}
            },
        }
        before = c;
    }
    quote.is_none() && open.is_empty() && !escaped
}

/// Whether every `url()` is a picture inside the CSS or an address of the site itself, and no other function asks for one.
fn asks_nobody(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    for (at, _) in lower.match_indices('(') {
        let name_start = lower[..at]
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
            .map_or(0, |n| n + lower[n..].chars().next().map_or(1, char::len_utf8));
        let name = &lower[name_start..at];
        if REFUSED.contains(&name) {
            return false;
        }
        if name == "url" && !is_own(address(&lower[at + 1..])) {
            return false;
        }
    }
    true
}

/// The address at the beginning of what stands inside `url(`.
fn address(rest: &str) -> &str {
    let rest = rest.trim_start();
    match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => rest[1..].split(quote).next().unwrap_or_default(),
        _ => rest.split([')', '(']).next().unwrap_or_default().trim(),
    }
}

/// A picture inside the CSS, a part of the page, or a path.
fn is_own(address: &str) -> bool {
    let address = address.trim();
    let path = !address.starts_with("//") && !address.starts_with("/\\") && !address.contains(['\\', '\t', '\n']);
    let scheme = address
        .find([':', '/', '?', '#'])
        .is_some_and(|n| address[n..].starts_with(':'));
    address.starts_with("data:image/") || address.starts_with("data:font/") || (path && !scheme)
}

/// The declarations of a rule's inside that are safe, in order.
pub(crate) fn declarations(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut reader = Reader::new(text);
    while let Some((piece, end)) = reader.piece() {
        match end {
            End::Open => reader.skip_block(),
            _ => found.extend(declaration(&piece)),
        }
    }
    found
}

fn declaration(piece: &str) -> Option<(String, String)> {
    let (name, value) = piece.split_once(':')?;
    let (name, value) = (name.trim(), value.trim());
    let custom = name.starts_with("--");
    let name = if custom {
        name.to_owned()
    } else {
        name.to_ascii_lowercase()
    };
    (is_property(&name) && !value.is_empty() && is_safe_value(value)).then(|| (name, value.to_owned()))
}

/// A rule: the media query around it, its selector, its declarations.
type FlatRule = (String, String, Vec<(String, String)>);

/// The rules of a stylesheet one by one. At-rules other than media queries are left out.
pub(crate) fn flat_rules(css: &str) -> Vec<FlatRule> {
    let mut found = Vec::new();
    let mut reader = Reader::new(css);
    let mut media = String::new();
    while let Some((piece, end)) = reader.piece() {
        let piece = piece.trim();
        match end {
            End::Open if piece.starts_with("@media") && may_open(piece) => piece.clone_into(&mut media),
            End::Open if !piece.starts_with('@') && is_safe_selector(piece) => {
                let mut inside = Vec::new();
                while let Some((piece, end)) = reader.piece() {
                    match end {
                        End::Open => reader.skip_block(),
                        _ => inside.extend(declaration(&piece)),
                    }
                    if end == End::Close {
                        break;
                    }
                }
                found.push((media.clone(), piece.to_owned(), inside));
            }
            End::Open => reader.skip_block(),
            End::Close => media.clear(),
            End::Semicolon => {}
        }
    }
    found
}

/// A stylesheet with everything left out that could end its element, ask a foreign address or that is no CSS.
pub fn clean(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut reader = Reader::new(css);
    rules(&mut reader, 0, &mut out);
    out
}

fn rules(reader: &mut Reader<'_>, depth: usize, out: &mut String) {
    while let Some((piece, end)) = reader.piece() {
        let piece = piece.trim();
        match end {
            End::Open if depth < DEEPEST && may_open(piece) => {
                let mut inner = String::new();
                rules(reader, depth + 1, &mut inner);
                if !inner.is_empty() {
                    out.push_str(&format!("{piece}{{{inner}}}"));
                }
            }
            End::Open => reader.skip_block(),
            End::Close | End::Semicolon => {
                if depth > 0
                    && let Some((name, value)) = declaration(piece)
                {
                    out.push_str(&format!("{name}:{value};"));
                }
                if end == End::Close && depth > 0 {
                    return;
                }
            }
        }
    }
}

fn may_open(prelude: &str) -> bool {
    if !prelude.starts_with('@') {
        return !prelude.is_empty() && is_safe_selector(prelude);
    }
    let name_end = prelude
        .find(|c: char| c.is_whitespace() || c == '(')
        .unwrap_or(prelude.len());
    let (name, rest) = prelude.split_at(name_end);
    let known = NESTING.contains(&name.to_ascii_lowercase().as_str());
    // Outside of selectors `<` compares: `@media (width <= 600px)`.
    known && !rest.contains(['@', '\\']) && is_closed(&rest.replace('<', " ")) && asks_nobody(rest)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Semicolon,
    Open,
    Close,
}

/// Cuts CSS at `;`, `{` and `}`, minding quotes, brackets and comments. Each character is looked at once.
struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
}

impl<'a> Reader<'a> {
    fn new(css: &'a str) -> Self {
        Self {
            rest: css.chars().peekable(),
        }
    }

    /// The text up to the next end; at the end of everything the last piece counts as closed.
    fn piece(&mut self) -> Option<(String, End)> {
        self.rest.peek()?;
        let mut piece = String::new();
        let mut brackets = 0usize;
        while let Some(c) = self.rest.next() {
            match c {
                '/' if self.rest.peek() == Some(&'*') => {
                    self.skip_comment();
                    piece.push(' ');
                }
                '"' | '\'' => {
                    piece.push(c);
                    self.quoted(c, &mut piece);
                }
                ';' if brackets == 0 => return Some((piece, End::Semicolon)),
                // A bracket that is never closed must not swallow the rest of the stylesheet.
                '{' => return Some((piece, End::Open)),
                '}' => return Some((piece, End::Close)),
                '(' | '[' => {
                    brackets += 1;
                    piece.push(c);
                }
                ')' | ']' => {
                    brackets = brackets.saturating_sub(1);
                    piece.push(c);
                }
                _ => piece.push(c),
            }
        }
        Some((piece, End::Close))
    }

    fn quoted(&mut self, quote: char, piece: &mut String) {
        let mut escaped = false;
        for c in self.rest.by_ref() {
            piece.push(c);
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                // A quotation that is not closed on its line makes the piece unsafe, which its check finds out.
                '\n' => return,
                _ if c == quote => return,
                _ => {}
            }
        }
    }

    fn skip_comment(&mut self) {
        self.rest.next();
        let mut before = ' ';
        for c in self.rest.by_ref() {
            if before == '*' && c == '/' {
                return;
            }
            before = c;
        }
    }

    /// Leaves out what stands between here and the brace that closes it.
    fn skip_block(&mut self) {
        let mut depth = 1usize;
        while depth > 0 {
            match self.piece() {
                Some((_, End::Open)) => depth += 1,
                Some((_, End::Close)) => depth -= 1,
                Some((_, End::Semicolon)) => {}
                None => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_its_declaration_is_refused() {
        for bad in [
            "red;}body{display:none",
            "red}",
            "url(https://elsewhere.example/x)",
            "url( //elsewhere.example/x )",
            "url('\\68ttps://elsewhere.example')",
            "URL(\"HTTPS://elsewhere.example\")",
            "image-set(\"https://elsewhere.example/x\" 1x)",
            "expression(alert(1))",
            "\"open",
            "calc((1px)",
            "1px/*",
            "</style>",
            "url(javascript:alert(1))",
        ] {
            assert!(!is_safe_value(bad), "{bad}");
        }
        for good in [
            "\"Inter\", sans-serif",
            "clamp(1rem, 1rem + ((1vw - 0.2rem) * 0.767), 1.5rem)",
            "url(/wp-content/themes/x/a.webp)",
            "url(assets/a.webp)",
            "url(\"data:image/svg+xml;utf8,<svg/>\")",
            "linear-gradient(135deg,rgb(6,147,227) 0%,rgb(155,81,224) 100%)",
            "'\u{201c}'",
            "var(--wp--preset--color--base)",
        ] {
            assert!(is_safe_value(good), "{good}");
        }
    }

    #[test]
    fn a_stylesheet_keeps_its_rules_and_loses_what_asks_elsewhere() {
        let css = "@import url(https://elsewhere.example/a.css);/* a } comment */ a{color:red;background:url(//x.example/t.gif)}\
                   @media (width <= 600px){b{color:blue;&:hover{color:green}}}@weird{c{d:e}} i{color:teal";
        assert_eq!(
            clean(css),
            "a{color:red;}@media (width <= 600px){b{color:blue;&:hover{color:green;}}}i{color:teal;}"
        );
        assert_eq!(clean("</style><script>x{y:z}</script>"), "");
        assert_eq!(clean("a{color:red}}}b{color:blue}"), "a{color:red;}b{color:blue;}");
        assert_eq!(clean(&"a{".repeat(100_000)), "");
    }

    #[test]
    fn declarations_are_read_one_by_one() {
        let found = declarations("color:red; --x:\"a;b\";bad value;background:url(https://x.example/a)");
        let found: Vec<String> = found.iter().map(|(n, v)| format!("{n}={v}")).collect();
        assert_eq!(found, ["color=red", "--x=\"a;b\""]);
    }
}
