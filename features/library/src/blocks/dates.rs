//! `guidepost/dates`: the next events; with `{"all":true}` the whole calendar as a list. When an event takes place stands in the meta `_guidepost_event`.

use gp_blocks::html;
use gp_content::{Item, ItemQuery, MetaKind, Order, address::links, items, meta, terms};
use gp_kernel::{ItemId, Result};
use gp_markup::block::Block;
use jiff::civil::Date;

use super::{desk::Desk, occasion::Occasion, yes};
use crate::words::Words;

/// How many are shown.
const SHOWN: usize = 4;
/// How many events are looked at.
const MOST: usize = 300;

pub(super) async fn html(desk: &mut Desk<'_>, block: &Block) -> Result<String> {
    let whole = yes(block, "all");
    let page = desk.page;
    let Some(kind) = page.types.get("ai1ec_event").filter(|t| t.public) else {
        return Ok(String::new());
    };
    let query = ItemQuery {
        types: vec![kind.name.to_owned()],
        order: Order::Newest,
        limit: MOST,
        ..ItemQuery::default()
    };
    let events = items::some(desk.conn, &page.scope, &query).await?;
    let ids: Vec<i64> = events.iter().map(|e| e.id.0).collect();
    let metas = meta::of_many(desk.conn, MetaKind::Item, &ids).await?;
    let today = page.now.to_zoned(page.site.zone.clone()).date();
    let (mut coming, mut past): (Vec<Dated>, Vec<Dated>) = (Vec::new(), Vec::new());
    let own = desk.subject.as_ref().map(|s| s.item.id);
    for event in events
        .into_iter()
        .filter(|e| e.password.is_empty() && Some(e.id) != own)
    {
        let Some(occasion) = metas.get(&event.id.0).and_then(Occasion::read) else {
            continue;
        };
        match occasion.next(today) {
            Some(next) => coming.push((next, event)),
            None => past.push((occasion, event)),
        }
    }
    coming.sort_by(|(a, x), (b, y)| a.start.cmp(&b.start).then(x.id.cmp(&y.id)));
    past.sort_by(|(a, x), (b, y)| b.start.cmp(&a.start).then(x.id.cmp(&y.id)));
    if !whole {
        coming.truncate(SHOWN);
        return match coming.is_empty() {
            true => Ok(String::new()),
            false => {
                let dates = section(desk, "Coming dates", &coming, "dates", false).await?;
                let whole = format!("/{}{}", kind.front, page.site.trailing());
                let link = html::link(&whole, desk.words.say("Whole calendar"));
                Ok(format!("<div>{dates}<p class=\"g-more\">{link}</p></div>"))
            }
        };
    }
    let words = desk.words;
    let mut out = format!("<div class=\"g-bar\"><h1>{}</h1></div>", words.say("Calendar"));
    if coming.is_empty() {
        out.push_str(&format!(
            "<p class=\"g-about\">{}</p>",
            words.say("There are no coming dates.")
        ));
    } else {
        out.push_str(&section(desk, "Coming dates", &coming, "dates", true).await?);
    }
    if !past.is_empty() {
        out.push_str(&section(desk, "Past dates", &past, "past", false).await?);
    }
    Ok(out)
}

type Dated = (Occasion, Item);

/// Events in their order, each with its day; `by_month` under a heading for every month.
async fn section(
    desk: &mut Desk<'_>,
    heading: &'static str,
    dated: &[Dated],
    id: &str,
    by_month: bool,
) -> Result<String> {
    let list: Vec<Item> = dated.iter().map(|(_, e)| e.clone()).collect();
    let addresses = links::of_items(desk.conn, &desk.page.site, &desk.page.types, &list).await?;
    let ids: Vec<ItemId> = list.iter().map(|e| e.id).collect();
    let kinds = terms::of_items(desk.conn, &ids).await?;
    let words = desk.words;
    let today = desk.page.now.to_zoned(desk.page.site.zone.clone()).date();
    let mut rows = String::new();
    let mut month = String::new();
    for (occasion, event) in dated {
        let kind = kinds
            .get(&event.id)
            .into_iter()
            .flatten()
            .find(|t| t.taxonomy == "events_categories");
        let kind = kind
            .map(|t| format!("<p class=\"g-kind{}\">{}</p>", tone(&t.slug), html::stored(&t.name)))
            .unwrap_or_default();
        let address = addresses.get(&event.id).map_or("", String::as_str);
        let of = occasion.month(words);
        if by_month && of != month {
            let before = if month.is_empty() { "" } else { "</ul>" };
            rows.push_str(&format!(
                "{before}<h2 class=\"g-sub\">{of}</h2><ul class=\"g-plain g-days\">"
            ));
        }
        month = of;
        rows.push_str(&row(words, occasion, event, address, &kind, by_month.then_some(today)));
    }
    let heading = words.say(heading);
    if by_month {
        return Ok(format!("<section aria-label=\"{heading}\">{rows}</ul></section>"));
    }
    Ok(format!(
        "<section aria-labelledby=\"{id}\"><h2 class=\"g-h\" id=\"{id}\">{heading}</h2><ul class=\"g-plain g-days\">{rows}</ul></section>"
    ))
}

/// The colour of a kind of event.
pub(super) fn tone(slug: &str) -> &'static str {
    match slug {
        s if s.contains("deadline") => " g-kind--due",
        s if s.contains("training") || s.contains("workshop") => " g-kind--train",
        s if s.contains("consult") => " g-kind--consult",
        _ => "",
    }
}

/// One event; under the heading of its month the day of the week stands below the number, and today is marked.
fn row(words: &Words, occasion: &Occasion, event: &Item, address: &str, kind: &str, today: Option<Date>) -> String {
    let day = occasion.start.date();
    let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
    let below = match today {
        Some(_) => words.day(weekday).to_owned(),
        None => occasion.month(words),
    };
    let current = if today == Some(day) {
        " aria-current=\"date\""
    } else {
        ""
    };
    let mut facts = Vec::new();
    if !occasion.all_day {
        facts.push(occasion.hours(words));
    } else if occasion.end.date() > day {
        facts.push(occasion.when(words));
    }
    if !occasion.venue.is_empty() {
        facts.push(html::esc(&occasion.venue));
    }
    facts.push(words.say(occasion.repeats()).to_owned());
    let facts: String = facts
        .iter()
        .filter(|f| !f.is_empty())
        .map(|f| format!("<span>{f}</span> "))
        .collect();
    format!(
        "<li class=\"g-day\"><p class=\"g-date\"><time datetime=\"{day}\"{current}><b>{}</b><span>{below}</span></time></p><div class=\"g-ev\">{kind}<h3>{}</h3><p class=\"g-meta\">{facts}</p></div></li>",
        words.figures(&day.day().to_string()),
        html::link(address, &html::title(&event.title))
    )
}
