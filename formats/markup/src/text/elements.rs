//! Cuts a text into HTML elements and what stands between them, without judging either.

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A tag, a comment or a CDATA section, from `<` to `>` or to the end of the text.
    Element(&'a str),
    /// Text without `<`.
    Text(&'a str),
}

/// The pieces of `text` in order; joined they are the text again.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let length = if rest.starts_with('<') {
            element_length(rest)
        } else {
            rest.find('<').unwrap_or(rest.len())
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some(if piece.starts_with('<') {
            Piece::Element(piece)
        } else {
            Piece::Text(piece)
        })
    })
}

/// The length of the element at the start of `text`; what is not closed runs to the end.
fn element_length(text: &str) -> usize {
    let (from, end) = if text.starts_with("<!--") {
        (2, "-->")
    } else if text.starts_with("<![CDATA[") {
        (9, "]]>")
    } else {
        (1, ">")
    };
    text[from..].find(end).map_or(text.len(), |at| from + at + end.len())
}

/// The name in a tag and whether it closes; `None` for comments and what is no tag.
pub(crate) fn tag_name(element: &str) -> Option<(bool, &str)> {
    let inner = element.strip_prefix('<')?;
    let (closing, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let length = inner
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        .count();
    let starts_well = inner.starts_with(|c: char| c.is_ascii_alphabetic());
    starts_well.then(|| (closing, &inner[..length]))
}
