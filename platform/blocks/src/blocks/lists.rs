//! Lists of the whole site: newest items and comments, terms, months, a calendar.

use std::collections::{BTreeMap, HashMap, HashSet};

use gp_content::{Comment, Item, Sight, Term, address::links};
use gp_kernel::TermId;
use gp_markup::block::Block;
use jiff::civil::Date;

use super::{flag, number, people, post::title_of, text};
use crate::{content, dates, html, needs::latest_query, page::PageContext, render::Render, supports::wrapper};

pub(super) fn latest_posts(r: &mut Render<'_>, block: &Block) -> String {
    let (key, _) = latest_query(block);
    let entries: String = r
        .data
        .lists
        .get(&key)
        .into_iter()
        .flat_map(|list| &list.items)
        .map(|item| latest_entry(r, block, item))
        .collect();
    let mut classes = String::from("wp-block-latest-posts__list");
    for (attribute, class) in [("displayPostDate", "has-dates"), ("displayAuthor", "has-author")] {
        if flag(block, attribute, false) {
            classes.push_str(&format!(" {class}"));
        }
    }
    if text(block, "postLayout") == "grid" {
        classes.push_str(&format!(" is-grid columns-{}", number(block, "columns", 3)));
    }
    let layout = if entries.is_empty() {
        String::new()
    } else {
        r.layout(block)
    };
    format!("<ul{}>{entries}</ul>", wrapper(block, &format!("{classes} {layout}")))
}

fn latest_entry(r: &Render<'_>, block: &Block, item: &gp_content::Item) -> String {
    let title = title_of(item);
    let title = if title.is_empty() {
        "(no title)".to_owned()
    } else {
        title
    };
    let mut out = format!(
        "<a class=\"wp-block-latest-posts__post-title\" href=\"{}\">{title}</a>",
        html::url(&r.link(item))
    );
    if flag(block, "displayAuthor", false)
        && let Some(user) = r.data.users.get(&item.author)
    {
        out.push_str(&format!(
            "<div class=\"wp-block-latest-posts__post-author\">by {}</div>",
            html::esc(&user.display_name)
        ));
    }
    if flag(block, "displayPostDate", false) {
        let zone = &r.page.site.zone;
        out.push_str(&format!(
            "<time datetime=\"{}\" class=\"wp-block-latest-posts__post-date\">{}</time>",
            dates::machine(&item.date, zone),
            html::esc(&dates::format(&item.date, &r.page.site.date_format, zone))
        ));
    }
    if flag(block, "displayPostContent", false) && !r.locked(item) {
        let words = content::excerpt_words(item, number(block, "excerptLength", 55).clamp(1, 200));
        out.push_str(&format!(
            "<div class=\"wp-block-latest-posts__post-excerpt\">{words}</div>"
        ));
    }
    format!("<li>{out}</li>")
}

pub(super) fn latest_comments(r: &mut Render<'_>, block: &Block) -> String {
    let (dated, quoted) = (flag(block, "displayDate", true), flag(block, "displayExcerpt", true));
    let pictured = flag(block, "displayAvatar", true);
    let shown: String = r
        .data
        .newest_comments
        .iter()
        .take(number(block, "commentsToShow", 5))
        .filter_map(|comment| {
            let item = r.data.others.get(&comment.item)?;
            if r.page.scope.sight(item, None) != Sight::Full {
                return None;
            }
            Some(comment_entry(r, comment, item, (pictured, dated, quoted)))
        })
        .collect();
    let mut classes = String::new();
    for (on, class) in [
        (pictured, "has-avatars "),
        (dated, "has-dates "),
        (quoted, "has-excerpts "),
    ] {
        classes.push_str(if on { class } else { "" });
    }
    if shown.is_empty() {
        return format!(
            "<div{}>No comments to show.</div>",
            wrapper(block, &format!("{classes}no-comments"))
        );
    }
    format!("<ol{}>{shown}</ol>", wrapper(block, &classes))
}

/// Who wrote where, when, and the beginning of it; with a picture only when the site itself holds one.
fn comment_entry(
    r: &Render<'_>,
    comment: &Comment,
    item: &Item,
    (pictured, dated, quoted): (bool, bool, bool),
) -> String {
    const CLASS: &str = "wp-block-latest-comments__comment";
    let who = if comment.author.is_empty() {
        "Anonymous".to_owned()
    } else {
        html::stored(&comment.author)
    };
    let who = match html::url(&comment.author_url).as_str() {
        "" => format!("<span class=\"{CLASS}-author\">{who}</span>"),
        address => format!("<a class=\"{CLASS}-author\" href=\"{address}\">{who}</a>"),
    };
    let address = format!("{}#comment-{}", r.link(item), comment.id);
    let mut meta = format!(
        "{who} on <a class=\"{CLASS}-link\" href=\"{}\">{}</a>",
        html::url(&address),
        title_of(item)
    );
    if dated {
        let zone = &r.page.site.zone;
        meta.push_str(&format!(
            "<time datetime=\"{}\" class=\"{CLASS}-date\">{}</time>",
            dates::machine(&comment.date, zone),
            html::esc(&dates::format(&comment.date, &r.page.site.date_format, zone))
        ));
    }
    let mut inner = format!("<footer class=\"{CLASS}-meta\">{meta}</footer>");
    let class = format!(" {CLASS}-avatar");
    let picture = people::picture(r, comment.user, 48, ("", &class), "").filter(|_| pictured);
    if quoted {
        let words = gp_markup::text::wp_trim_words(&comment.content, 20, "&hellip;");
        inner.push_str(&format!("<div class=\"{CLASS}-excerpt\"><p>{words}</p></div>"));
    }
    let picture = picture.unwrap_or_default();
    format!("<li class=\"{CLASS}\">{picture}<article>{inner}</article></li>")
}

fn taxonomy_of<'b>(block: &'b Block, default: &'b str) -> &'b str {
    if text(block, "taxonomy").is_empty() {
        default
    } else {
        text(block, "taxonomy")
    }
}

pub(super) fn categories(r: &mut Render<'_>, block: &Block) -> String {
    let taxonomy = taxonomy_of(block, "category");
    let all = r.data.taxonomies.get(taxonomy).map(Vec::as_slice).unwrap_or_default();
    let nested = flag(block, "showHierarchy", false);
    let top_only = flag(block, "showOnlyTopLevel", false);
    let counts = r.data.counts.get(taxonomy);
    let counted = |term: &Term| counts.and_then(|c| c.get(&term.id.0)).copied().unwrap_or(0);
    let show_empty = flag(block, "showEmpty", false);
    // A term stands in the list when it, or one below it, has items.
    let shown: Vec<&Term> = all
        .iter()
        .filter(|t| {
            show_empty
                || counted(t) > 0
                || (nested
                    && gp_content::terms::with_descendants(all, t)
                        .iter()
                        .any(|id| counts.is_some_and(|c| c.contains_key(id))))
        })
        .filter(|t| !top_only || t.parent.0 == 0)
        .collect();
    let counts_shown = flag(block, "showPostCounts", false);
    let entry = |term: &Term| {
        let address = html::url(&links::of_term(&r.page.site, &r.page.types, term, all));
        let count = if counts_shown {
            format!(" ({})", counted(term))
        } else {
            String::new()
        };
        format!("<a href=\"{address}\">{}</a>{count}", html::stored(&term.name))
    };
    let entries = if nested {
        level(&tree_of(&shown), TermId(0), &entry, 0)
    } else {
        shown
            .iter()
            .map(|t| format!("<li class=\"cat-item cat-item-{}\">{}</li>", t.term_id, entry(t)))
            .collect()
    };
    let entries = if entries.is_empty() {
        "<li class=\"cat-item-none\">No categories</li>".to_owned()
    } else {
        entries
    };
    let mut classes = String::from("wp-block-categories-list");
    if !all.is_empty() {
        classes.push_str(&format!(" wp-block-categories-taxonomy-{taxonomy}"));
    }
    format!("<ul{}>{entries}</ul>", wrapper(block, &classes))
}

/// How deep trees of terms are followed.
const DEEPEST: usize = 10;

/// Terms by the `term_id` of the one above them; one whose parent is not shown stands at the top.
fn tree_of<'a>(terms: &[&'a Term]) -> HashMap<i64, Vec<&'a Term>> {
    let known: HashSet<i64> = terms.iter().map(|t| t.term_id.0).collect();
    let mut below: HashMap<i64, Vec<&Term>> = HashMap::new();
    for term in terms {
        let parent = if known.contains(&term.parent.0) {
            term.parent.0
        } else {
            0
        };
        below.entry(parent).or_default().push(term);
    }
    below
}

fn level(below: &HashMap<i64, Vec<&Term>>, parent: TermId, entry: &dyn Fn(&Term) -> String, depth: usize) -> String {
    if depth > DEEPEST {
        return String::new();
    }
    let here = below.get(&parent.0).into_iter().flatten();
    here.filter(|t| t.term_id != parent)
        .map(|t| {
            let below = level(below, t.term_id, entry, depth + 1);
            let below = if below.is_empty() {
                below
            } else {
                format!("<ul class=\"children\">{below}</ul>")
            };
            format!("<li class=\"cat-item cat-item-{}\">{}{below}</li>", t.term_id, entry(t))
        })
        .collect()
}

pub(super) fn tag_cloud(r: &mut Render<'_>, block: &Block) -> String {
    let taxonomy = taxonomy_of(block, "post_tag");
    let all = r.data.taxonomies.get(taxonomy).map(Vec::as_slice).unwrap_or_default();
    let Some(counts) = r.data.counts.get(taxonomy) else {
        return String::new();
    };
    let mut used: Vec<(&Term, i64)> = all.iter().filter_map(|t| Some((t, *counts.get(&t.id.0)?))).collect();
    used.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.name.cmp(&b.0.name)));
    used.truncate(number(block, "numberOfTags", 45).min(500));
    used.sort_by(|a, b| a.0.name.cmp(&b.0.name));
    let counts_shown = flag(block, "showTagCounts", false);
    let links: Vec<String> = used
        .iter()
        .map(|(term, count)| {
            let address = html::url(&links::of_term(&r.page.site, &r.page.types, term, all));
            let noun = if *count == 1 { "item" } else { "items" };
            let shown = if counts_shown { format!("<span class=\"tag-link-count\"> ({count})</span>") } else { String::new() };
            let name = html::stored(&term.name);
            format!("<a href=\"{address}\" class=\"tag-cloud-link tag-link-{}\" aria-label=\"{name} ({count} {noun})\">{name}{shown}</a>", term.term_id)
        })
        .collect();
    if links.is_empty() {
        String::new()
    } else {
        format!("<p{}>{}</p>", wrapper(block, ""), links.join("\n"))
    }
}

pub(super) fn archives(r: &mut Render<'_>, block: &Block) -> String {
    let yearly = text(block, "type") == "yearly";
    let mut groups: Vec<(String, i64)> = Vec::new();
    for (month, count) in &r.data.months {
        let key = if yearly { month.get(..4).unwrap_or(month) } else { month };
        match groups.last_mut().filter(|(last, _)| last == key) {
            Some((_, sum)) => *sum += count,
            None => groups.push((key.to_owned(), *count)),
        }
    }
    if groups.is_empty() {
        return format!(
            "<div{}>No archives to show.</div>",
            wrapper(block, "wp-block-archives-list")
        );
    }
    let counts_shown = flag(block, "showPostCounts", false);
    let entries: String = groups
        .iter()
        .map(|(date, count)| {
            let month = date
                .get(5..7)
                .and_then(|m| m.parse().ok())
                .map(dates::month_name)
                .unwrap_or_default();
            let words = format!("{month} {}", date.get(..4).unwrap_or_default());
            let count = if counts_shown {
                format!("&nbsp;({count})")
            } else {
                String::new()
            };
            format!(
                "<li>{}{count}</li>",
                html::link(&links::of_date(&r.page.site, date), words.trim())
            )
        })
        .collect();
    format!("<ul{}>{entries}</ul>", wrapper(block, "wp-block-archives-list"))
}

/// The month that a calendar block shows: this one.
pub(crate) fn calendar_month(page: &PageContext) -> String {
    page.now.to_zoned(page.site.zone.clone()).strftime("%Y-%m").to_string()
}

pub(super) fn calendar(r: &mut Render<'_>, block: &Block) -> String {
    let month = calendar_month(r.page);
    let Ok(first) = format!("{month}-01").parse::<Date>() else {
        return String::new();
    };
    let mut days: BTreeMap<i8, usize> = BTreeMap::new();
    for item in &r.data.days {
        if let Some(day) = item.date.get(8..10).and_then(|d| d.parse().ok()) {
            *days.entry(day).or_default() += 1;
        }
    }
    let mut cells = vec!["<td></td>".to_owned(); usize::try_from(first.weekday().to_monday_zero_offset()).unwrap_or(0)];
    for day in 1..=first.days_in_month() {
        let address = links::of_date(&r.page.site, &format!("{month}-{day:02}"));
        cells.push(match days.get(&day) {
            Some(1) => format!(
                "<td><a href=\"{}\" aria-label=\"{day}: 1 item\">{day}</a></td>",
                html::url(&address)
            ),
            Some(n) => format!(
                "<td><a href=\"{}\" aria-label=\"{day}: {n} items\">{day}</a></td>",
                html::url(&address)
            ),
            None => format!("<td>{day}</td>"),
        });
    }
    let rows: String = cells
        .chunks(7)
        .map(|week| format!("<tr>{}</tr>", week.concat()))
        .collect();
    let head: String = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        .iter()
        .map(|d| format!("<th scope=\"col\">{d}</th>"))
        .collect();
    let caption = format!(
        "{} {}",
        dates::month_name(usize::try_from(first.month()).unwrap_or(0)),
        first.year()
    );
    format!(
        "<div{}><table class=\"wp-calendar-table\"><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>",
        wrapper(block, "")
    )
}
