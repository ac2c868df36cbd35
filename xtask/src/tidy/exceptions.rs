//! Exceptions to the rules on sizes and on SQL: each names its place and its reason, and goes when it is not needed.

use super::Finding;

/// Rules that may have exceptions; the others have none.
const MAY_BE_EXCEPTED: [&str; 3] = ["long-file", "long-function", "sql"];

#[derive(Debug, PartialEq, Eq)]
struct Exception {
    line: usize,
    rule: String,
    path: String,
    item: String,
}

/// The list, read: one exception a line, `RULE PATH[#FUNCTION] REASON`; `#` at the start of a line is a comment.
#[derive(Debug, Default)]
pub(crate) struct Exceptions(Vec<Exception>);

impl Exceptions {
    /// Reads the list; lines that are not understood become findings.
    pub(crate) fn parse(list: &str, text: &str) -> (Self, Vec<Finding>) {
        let (mut exceptions, mut faults) = (Vec::new(), Vec::new());
        for (index, content) in text.lines().enumerate() {
            if content.trim().is_empty() || content.starts_with('#') {
                continue;
            }
            match parse_line(index + 1, content) {
                Ok(exception) => exceptions.push(exception),
                Err(message) => faults.push(Finding::new("exceptions", list, index + 1, message)),
            }
        }
        (Self(exceptions), faults)
    }

    /// Takes excepted findings out, and adds one for each exception that excepts nothing.
    pub(crate) fn apply(&self, list: &str, findings: Vec<Finding>) -> Vec<Finding> {
        let mut used = vec![false; self.0.len()];
        let mut kept = Vec::new();
        for finding in findings {
            match self.0.iter().position(|exception| exception.covers(&finding)) {
                Some(index) => used[index] = true,
                None => kept.push(finding),
            }
        }
        for (exception, _) in self.0.iter().zip(used).filter(|(_, used)| !used) {
            let message = format!(
                "nothing in {} needs this exception any more; take the line out",
                exception.path
            );
            kept.push(Finding::new("exceptions", list, exception.line, message));
        }
        kept
    }
}

impl Exception {
    fn covers(&self, finding: &Finding) -> bool {
        self.rule == finding.rule && self.path == finding.path && self.item == finding.item
    }
}

fn parse_line(line: usize, content: &str) -> Result<Exception, String> {
    let mut words = content.split_whitespace();
    let (Some(rule), Some(place)) = (words.next(), words.next()) else {
        return Err("write `RULE PATH[#FUNCTION] REASON`".to_owned());
    };
    if !MAY_BE_EXCEPTED.contains(&rule) {
        return Err(format!(
            "`{rule}` has no exceptions; only {} have",
            MAY_BE_EXCEPTED.join(", ")
        ));
    }
    if words.count() < 3 {
        return Err("the reason is missing; say why this place may differ".to_owned());
    }
    let (path, item) = place.split_once('#').unwrap_or((place, ""));
    Ok(Exception {
        line,
        rule: rule.to_owned(),
        path: path.to_owned(),
        item: item.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long_function(path: &str, name: &str) -> Finding {
        let mut finding = Finding::new("long-function", path, 7, String::new());
        name.clone_into(&mut finding.item);
        finding
    }

    #[test]
    fn an_exception_covers_its_place_only() {
        let text = "# why\n\nlong-function a/b.rs#table one row per WordPress rule\n";
        let (exceptions, faults) = Exceptions::parse("list", text);
        assert_eq!(faults, []);
        let kept = exceptions.apply(
            "list",
            vec![long_function("a/b.rs", "table"), long_function("a/b.rs", "other")],
        );
        assert_eq!(kept, [long_function("a/b.rs", "other")]);
    }

    #[test]
    fn unused_and_unclear_lines_are_findings() {
        let text = "long-file a.rs a table of all the entities\nfirst-line a.rs it is just so\nlong-file b.rs\n";
        let (exceptions, faults) = Exceptions::parse("list", text);
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(exceptions.apply("list", Vec::new())[0].line, 1);
    }
}
