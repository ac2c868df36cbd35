//! `guidepost/key-data`: the facts of a publication in a column beside the text.

use gp_blocks::html;

use super::desk::Desk;

pub(super) fn html(desk: &Desk<'_>) -> String {
    let Some(subject) = desk.subject.as_ref().filter(|s| !s.locked) else {
        return String::new();
    };
    let (words, record) = (desk.inside(), &subject.record);
    let mut rows: Vec<(&'static str, String)> = Vec::new();
    let linked = desk.terms_of("publisher");
    rows.push((
        "Publisher",
        if linked.is_empty() {
            items(&record.publisher)
        } else {
            list(&linked)
        },
    ));
    rows.push(("Series", text(&record.series)));
    rows.push(("Explains", text(&record.explains)));
    rows.push(("Written for", items(&record.audience)));
    rows.push(("Region", list(&desk.terms_of("region"))));
    rows.push(("Topics", list(&desk.terms_of("post_tag"))));
    rows.push(("Also known as", items(&record.also_known_as)));
    rows.push(("Licence", text(&record.licence)));
    let rows: String = rows
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("<div><dt>{}</dt><dd>{value}</dd></div>", words.say(name)))
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<aside aria-labelledby=\"key\"><h2 class=\"g-h\" id=\"key\">{}</h2><dl class=\"g-keys\">{rows}</dl></aside>",
        words.say("Key data")
    )
}

/// A fact in whatever language it was written.
fn text(value: &str) -> String {
    if value.is_empty() {
        String::new()
    } else {
        format!("<span dir=\"auto\">{}</span>", html::esc(value))
    }
}

fn items(values: &[String]) -> String {
    list(&values.iter().map(|v| html::esc(v)).collect::<Vec<_>>())
}

fn list(values: &[String]) -> String {
    match values {
        [] => String::new(),
        [one] => format!("<span dir=\"auto\">{one}</span>"),
        more => {
            let rows: String = more.iter().map(|v| format!("<li dir=\"auto\">{v}</li>")).collect();
            format!("<ul class=\"g-plain\">{rows}</ul>")
        }
    }
}
