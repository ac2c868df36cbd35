//! `options-permalink.php`: how the addresses of the site are made. What would change is shown before it does.

mod change;
mod structure;

use std::fmt::Write as _;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Fields, Page, Screen, html};
use gp_kernel::Result;
use gp_markup::text::{esc_attr, esc_html};

use crate::settings::{Faults, fault, page, tabs};
use change::{Fate, Sample};
use structure::Wish;

pub(crate) struct Addresses;

const HERE: &str = "options-permalink.php";

/// The forms that most sites use: structure, what it is called, how it looks.
const PRESETS: &[(&str, &str, &str)] = &[
    ("", "Plain", "/?p=123"),
    (
        "/%year%/%monthnum%/%day%/%postname%/",
        "Day and name",
        "/2026/11/27/example/",
    ),
    ("/%year%/%monthnum%/%postname%/", "Month and name", "/2026/11/example/"),
    ("/archives/%post_id%", "Number", "/archives/123"),
    ("/%postname%/", "Name", "/example/"),
];
/// What stands for a form of the site's own.
const OWN: &str = "own";

impl Screen for Addresses {
    fn paths(&self) -> &'static [&'static str] {
        &[HERE]
    }

    fn entries(&self, _: &Desk) -> Vec<Entry> {
        Vec::new()
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            desk.needs("manage_options")?;
            if desk.post {
                return done(desk).await;
            }
            if desk.query.has("look") {
                return looked(desk).await.map(Answer::Page);
            }
            let present = Wish::of_site(&desk.site);
            let body = format!("{}{}", told(desk), form(desk, &present, &Faults::new()));
            Ok(shown(body, false).into())
        })
    }
}

fn shown(body: String, wrong: bool) -> Page {
    page("Addresses", format!("{}{body}", tabs(HERE)), wrong)
}

/// What was asked for, in a query or a form.
fn asked(fields: &Fields) -> Wish {
    let structure = match fields.get("form") {
        OWN => fields.get("structure"),
        preset => preset,
    };
    Wish::new(structure, fields.get("category_base"), fields.get("tag_base"))
}

async fn done(desk: &Desk) -> Result<Answer> {
    let wish = asked(&desk.form);
    let faults = wish.faults();
    if !faults.is_empty() {
        let note = html::note(html::Note::Stop, "Nothing was changed: see below.");
        return Ok(shown(format!("{note}{}", form(desk, &wish, &faults)), true).into());
    }
    let kept = change::keep(desk, &wish).await?;
    Ok(Answer::Go(format!("{HERE}?saved={kept}")))
}

fn told(desk: &Desk) -> String {
    match desk.query.int("saved") {
        None => String::new(),
        Some(0) => html::note(
            html::Note::Done,
            "Addresses are made like this from now on, and old ones lead to the new ones.",
        ),
        Some(n) => html::note_html(
            html::Note::Done,
            &format!(
                "Addresses are made like this from now on. Old ones lead to the new ones; for {} of them a \
                 <a href=\"/wp-admin/redirects.php\">redirect</a> was made.",
                html::thousands(n)
            ),
        ),
    }
}

/// What is asked for, and the way to look at what would change.
fn form(desk: &Desk, wish: &Wish, faults: &Faults) -> String {
    let preset = PRESETS.iter().any(|(structure, ..)| *structure == wish.structure);
    let mut choices = String::new();
    let all = PRESETS.iter().copied().chain([(OWN, "Own form", "")]);
    for (at, (value, name, example)) in all.enumerate() {
        let checked = if value == wish.structure || (value == OWN && !preset) {
            " checked"
        } else {
            ""
        };
        let example = match example {
            "" => String::new(),
            example => format!(" <code>{example}</code>"),
        };
        let _ = write!(
            choices,
            "<label class=\"a-check\"><input type=\"radio\" name=\"form\" id=\"p-{at}\" value=\"{}\"{checked}> {name}{example}</label>",
            esc_attr(value)
        );
    }
    let field = |name: &'static str, label: &str, value: &str, help: &str| {
        let (said, invalid) = fault(faults, name);
        let rest = format!("autocomplete=\"off\" spellcheck=\"false\" dir=\"ltr\" {invalid}");
        html::field(name, label, value, &rest, help) + &said
    };
    let own = if preset { "" } else { wish.structure.as_str() };
    let tags: Vec<String> = structure::TAGS.iter().map(|tag| format!("%{tag}%")).collect();
    format!(
        "<form action=\"/wp-admin/{HERE}\" class=\"a-narrow\"><input type=\"hidden\" name=\"look\" value=\"1\">\
         <fieldset class=\"a-field\"><legend class=\"a-lab\">Addresses of resources</legend>{choices}</fieldset>{}{}{}\
         <button class=\"a-btn a-btn--main\">Look at what would change</button>\
         <p class=\"a-help a-after\">Nothing changes yet. The address of the site itself, {}, is set where the program is started (GUIDEPOST_URL).</p></form>",
        field(
            "structure",
            "Own form",
            own,
            &format!("Counts where “Own form” is chosen. It may hold {}.", tags.join(", "))
        ),
        field(
            "category_base",
            "Before labels",
            &wish.category_base,
            "Empty: category, as in /category/example/."
        ),
        field(
            "tag_base",
            "Before topics",
            &wish.tag_base,
            "Empty: tag, as in /tag/example/."
        ),
        esc_html(if desk.app.url.is_empty() {
            &desk.base_url
        } else {
            &desk.app.url
        }),
    )
}

/// The look at what would change, with the button that changes it.
async fn looked(desk: &Desk) -> Result<Page> {
    let wish = asked(&desk.query);
    let faults = wish.faults();
    if !faults.is_empty() {
        let note = html::note(html::Note::Stop, "Nothing can be shown yet: see below.");
        return Ok(shown(format!("{note}{}", form(desk, &wish, &faults)), true));
    }
    if wish == Wish::of_site(&desk.site) {
        let note = html::note(
            html::Note::Know,
            "Addresses are made like this already; nothing would change.",
        );
        return Ok(shown(format!("{note}{}", form(desk, &wish, &faults)), false));
    }
    let samples = change::samples(desk, &wish).await?;
    let fields = [
        ("form", OWN),
        ("structure", &wish.structure),
        ("category_base", &wish.category_base),
        ("tag_base", &wish.tag_base),
    ];
    let hidden: String = fields.iter().map(|(name, value)| html::hidden(name, value)).collect();
    let change = format!(
        "<form method=\"post\" action=\"/wp-admin/{HERE}\" class=\"a-acts a-after\">{}{hidden}<button class=\"a-btn a-btn--main\">Change the addresses</button>\
         <a class=\"a-btn\" href=\"/wp-admin/{HERE}\">Leave them as they are</a></form>",
        html::meant(desk)
    );
    Ok(shown(format!("{}{change}", table(&samples)), false))
}

fn table(samples: &[Sample]) -> String {
    if samples.is_empty() {
        return html::empty("Nothing is published yet, so no address would change.", "");
    }
    let mut rows = String::new();
    for sample in samples {
        let (kind, word) = match sample.fate {
            Fate::Same => ("", "stays as it is"),
            Fate::Leads => ("ok", "leads to the new one"),
            Fate::Redirect => ("ok", "gets a redirect to the new one"),
            Fate::Taken => ("stop", "is something else’s then"),
        };
        let _ = write!(
            rows,
            "<tr><th scope=\"row\">{}</th><td data-l=\"Now\" class=\"a-far\"><code dir=\"ltr\">{}</code></td>\
             <td data-l=\"Then\" class=\"a-far\"><code dir=\"ltr\">{}</code></td><td data-l=\"The old one\">{}</td></tr>",
            esc_html(&sample.title),
            esc_html(&readable(&sample.before)),
            esc_html(&readable(&sample.after)),
            html::state(kind, word),
        );
    }
    format!(
        "<table class=\"a-stack\"><caption>What would become of these addresses of the site</caption><thead><tr><th scope=\"col\">Of</th>\
         <th scope=\"col\">Now</th><th scope=\"col\">Then</th><th scope=\"col\">The old one</th></tr></thead><tbody>{rows}</tbody></table>"
    )
}

/// An address as people read it.
fn readable(address: &str) -> String {
    percent_encoding::percent_decode_str(address)
        .decode_utf8()
        .map_or_else(|_| address.to_owned(), std::borrow::Cow::into_owned)
}
