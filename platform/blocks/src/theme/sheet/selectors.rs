//! Selectors put together: lists of them, one inside the other, one with a state.

/// The selectors of a list; commas inside brackets and quotes belong to one of them.
pub(crate) fn split(list: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut depth) = (0usize, 0usize);
    let mut quote = None;
    for (at, c) in list.char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                found.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&list[start..]);
    found
}

fn each(list: &str, change: impl Fn(&str) -> String) -> String {
    split(list)
        .into_iter()
        .map(|one| change(one.trim()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Each selector of the list with this behind it: a state, or more of the same selector.
pub(crate) fn append(list: &str, ending: &str) -> String {
    each(list, |one| format!("{one}{ending}"))
}

/// Each selector of the inner list below each of the outer.
pub(crate) fn inside(outer: &str, inner: &str) -> String {
    let inner = split(inner);
    let pairs = split(outer)
        .into_iter()
        .flat_map(|o| inner.iter().map(move |i| format!("{} {}", o.trim(), i.trim())));
    pairs.collect::<Vec<_>>().join(", ")
}

/// Each selector of the list with a class at its first element: `.wp-block-button .link` in the style `outline` is
/// `.wp-block-button.is-style-outline .link`.
pub(crate) fn in_style(list: &str, style: &str) -> String {
    each(list, |one| {
        let end = one.find(|c: char| c.is_whitespace() || c == ':').unwrap_or(one.len());
        let (first, rest) = one.split_at(end);
        format!("{first}.is-style-{style}{rest}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_changed_one_by_one() {
        assert_eq!(split("a:is(b, c), d").len(), 2);
        assert_eq!(append(".a, .b", ":hover"), ".a:hover, .b:hover");
        assert_eq!(inside(".a, .b", " i, u"), ".a i, .a u, .b i, .b u");
        assert_eq!(in_style(".x .y, p", "z"), ".x.is-style-z .y, p.is-style-z");
    }
}
