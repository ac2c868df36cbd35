//! Addresses and forms that search plugins of WordPress made: Search & Filter, its Pro edition, FacetWP. Each has one address
//! of our own, to which it leads; what has no meaning here is left out. Nothing is looked up.

use super::{
    Request,
    rules::variable_of,
    sought::{Condition, Kind, Sought, asked, name_of, values},
};
use crate::types::{Taxonomy, Types};

/// Longer spans of years are no wish.
const MOST_YEARS: i16 = 40;

/// Parameters of Search & Filter Pro besides `_sft_…` and `_sfm_…`.
const PRO: &[&str] = &["_sf_s", "_sf_post_type", "_sf_ppp", "sf_paged"];

/// Whether one of these plugins reads a parameter of this name.
pub(super) fn is_old_name(types: &Types, name: &str) -> bool {
    PRO.contains(&name)
        || name.starts_with("_sft_")
        || name.starts_with("_sfm_")
        || matches!(name, "post_types" | "post_date" | "sort_order" | "_paged")
        || facet(types, name).is_some()
}

/// What an address of a plugin asks; `None` when it is none.
pub(super) fn of_address(types: &Types, request: &Request) -> Option<Sought> {
    let has = |name: &str| request.parameters.contains_key(name);
    let span = request.parameter("post_date").and_then(years);
    let mut names = request.parameters.keys();
    let pro = names.any(|name| PRO.contains(&name.as_str()) || name.starts_with("_sft_") || name.starts_with("_sfm_"));
    let facets = types
        .taxonomies()
        .iter()
        .any(|t| named_facets(t).any(|name| request.says(&name)));
    let facets = facets || request.says("_post_type") || request.says("_post_types");
    let free = has("s") && (has("post_types") || has("post_date"));
    if !(pro || facets || free || span.is_some()) {
        return None;
    }
    let mut sought = asked(types, request);
    if let Some(words) = request.parameter("_sf_s") {
        words.clone_into(&mut sought.words);
    }
    for name in ["_sf_post_type", "_post_type", "_post_types"] {
        sought.add_types(types, request.parameter(name).map(str::to_owned));
    }
    for taxonomy in public(types) {
        let pro = [format!("_sft_{}", taxonomy.name)];
        for name in pro.into_iter().chain(named_facets(taxonomy)) {
            let written = request.parameter(&name).unwrap_or_default();
            sought.add_terms(name_of(&taxonomy.name), written, Kind::Below);
        }
    }
    sought
        .conditions
        .extend(span.filter(|_| !sought.conditions.iter().any(|c| c.name == "year")));
    if let Some(authors) = request.parameter("authors") {
        sought.add(Condition::any("author_name", values(authors), Kind::Plain));
    }
    match request.parameter("sort_order").unwrap_or_default() {
        "date desc" | "date+desc" => "newest".clone_into(&mut sought.sort),
        "date asc" | "date+asc" => "oldest".clone_into(&mut sought.sort),
        _ => {}
    }
    let page = ["sf_paged", "_paged", "paged"]
        .iter()
        .find_map(|name| request.parameter(name));
    sought.page = page
        .or_else(|| page_of(&request.path))
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
        .min(10_000);
    Some(sought)
}

/// What a form of Search & Filter asks, as it was sent.
pub(super) fn of_form(types: &Types, sent: &Request) -> Option<Sought> {
    if sent.parameter("ofsubmitted") != Some("1") {
        return None;
    }
    let mut sought = Sought {
        words: sent.parameter("ofsearch").unwrap_or_default().to_owned(),
        ..Sought::default()
    };
    sought.add_types(types, sent.all("ofpost_types"));
    for taxonomy in public(types) {
        let numbers = sent.all(&format!("of{}", taxonomy.name));
        let numbers: Vec<String> = numbers.into_iter().filter(|n| n != "0" && is_number(n)).collect();
        let name = name_of(&taxonomy.name);
        if sent.parameter(&format!("of{}_operator", taxonomy.name)) == Some("or") {
            if !numbers.is_empty() {
                sought.add(Condition::any(name, numbers, Kind::Numbers));
            }
            continue;
        }
        for number in numbers {
            sought.add(Condition::any(name, vec![number], Kind::Numbers));
        }
    }
    sought.conditions.extend(years(&sent.all("ofpost_date").join("+")));
    Some(sought)
}

fn public(types: &Types) -> impl Iterator<Item = &Taxonomy> {
    types.taxonomies().iter().filter(|t| t.public)
}

/// How a facet of a taxonomy may be named: `_category`, `_category_name`.
fn named_facets(taxonomy: &Taxonomy) -> impl Iterator<Item = String> {
    let mut names = vec![format!("_{}", taxonomy.name)];
    let variable = variable_of(&taxonomy.name);
    if variable != taxonomy.name {
        names.push(format!("_{variable}"));
    }
    names.into_iter().filter(|_| taxonomy.public)
}

fn facet<'a>(types: &'a Types, name: &str) -> Option<&'a str> {
    let bare = name.strip_prefix('_')?;
    match bare {
        "post_type" | "post_types" => Some("type"),
        _ => public(types)
            .find(|t| t.name == bare || variable_of(&t.name) == bare)
            .map(|t| name_of(&t.name)),
    }
}

/// `…/page/3/`.
fn page_of(path: &str) -> Option<&str> {
    let (_, number) = path.trim_end_matches('/').rsplit_once("/page/")?;
    is_number(number).then_some(number)
}

fn is_number(text: &str) -> bool {
    (1..=18).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// A day, or a span of days, as the years that it touches: the search knows years. Half a span says nothing.
fn years(written: &str) -> Option<Condition> {
    let days: Vec<&str> = written.split([' ', '+']).collect();
    let (first, last) = match days.as_slice() {
        [day] => (year_of(day)?, year_of(day)?),
        [from, to] => (year_of(from)?, year_of(to)?),
        _ => return None,
    };
    let (first, last) = (first.min(last), first.max(last));
    (last - first < MOST_YEARS)
        .then(|| Condition::any("year", (first..=last).map(|y| format!("{y:04}")).collect(), Kind::Plain))
}

/// The year of `31122019` or `2019-12-31`.
fn year_of(day: &str) -> Option<i16> {
    let (year, month, date) = match day.len() {
        8 => (day.get(4..8)?, day.get(2..4)?, day.get(0..2)?),
        10 if day.get(4..5)? == "-" && day.get(7..8)? == "-" => (day.get(0..4)?, day.get(5..7)?, day.get(8..10)?),
        _ => return None,
    };
    if ![year, month, date].iter().all(|part| is_number(part)) {
        return None;
    }
    let day = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?).ok()?;
    (day.year() > 0).then(|| day.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::sought::tests::types;

    #[test]
    fn an_address_of_a_plugin_has_one_of_ours() {
        for (path, query, address) in [
            ("/", "_sf_s=child+safety", "/?s=child+safety"),
            (
                "/results/",
                "_sft_category=law,police&_sft_post_tag=x+y",
                "/?s=&label=law,police&topic=x+y",
            ),
            (
                "/",
                "_sf_s=a&_sf_post_type=post,page&sf_paged=3&_sf_ppp=50",
                "/?s=a&type=resources,pages",
            ),
            ("/", "_sf_s=a&_sf_post_type=acf-field", "/?s=a&type=acf-field"),
            ("/", "_sf_s=a&_sfm_price=1+9&sort_order=date+desc", "/?s=a&sort=newest"),
            ("/", "_sf_s=a&sort_order=date%2Basc", "/?s=a&sort=oldest"),
            ("/", "_sf_s=a&authors=jo,li", "/?s=a&author_name=jo,li"),
            (
                "/",
                "_sft_region=africa&post_date=31122018+01022020",
                "/?s=&region=africa&year=2018,2019,2020",
            ),
            ("/", "post_date=01012020", "/?s=&year=2020"),
            (
                "/",
                "s=a&post_types=post&post_date=2019-05-01",
                "/?s=a&type=resources&year=2019",
            ),
            (
                "/category/law/",
                "s=a&post_types=all&post_date=2020-01-01+2019-12-31",
                "/?s=a&year=2019,2020",
            ),
            ("/", "s=a&post_date=nonsense", "/?s=a"),
            ("/", "s=a&post_date=2019-13-01", "/?s=a"),
            ("/", "s=a&post_date=1000-01-01+2020-01-01", "/?s=a"),
            ("/", "s=a&post_date=2019-01-01+", "/?s=a"),
            ("/guidance/", "_category=law,police&_paged=2", "/?s=&label=law,police"),
            ("/guidance/", "_post_type=page&_post_tag=x", "/?s=&type=pages&topic=x"),
            (
                "/",
                "_sf_s=%0d%0aSet-Cookie:%20a&_sft_category=//evil.example",
                "/?s=%0D%0ASet-Cookie%3A+a&label=evil-example",
            ),
        ] {
            let sought = of_address(&types(), &Request::parse(path, query));
            assert_eq!(sought.map(|s| s.address()).as_deref(), Some(address), "{path}?{query}");
        }
        for (path, query) in [
            ("/", "s=a"),
            ("/", "s=a&label=law&year=2019"),
            ("/", "s=a&category_name=law"),
            ("/about/", "post_types=post"),
            ("/about/", "post_date=soon"),
            ("/about/", "_ga=1.2.3&_nav_menu=main&sort_order=date+desc"),
            ("/about/", "utm_source=x"),
        ] {
            assert_eq!(
                of_address(&types(), &Request::parse(path, query)),
                None,
                "{path}?{query}"
            );
        }
    }

    #[test]
    fn the_page_is_kept() {
        for (path, query, page) in [
            ("/", "_sf_s=a&sf_paged=3", 3),
            ("/results/page/4/", "_sf_s=a", 4),
            ("/", "_category=law&_paged=2", 2),
            ("/", "_sf_s=a&sf_paged=-1", 0),
            ("/", "_sf_s=a&sf_paged=99999999999999999999999", 0),
        ] {
            let sought = of_address(&types(), &Request::parse(path, query)).unwrap();
            assert_eq!(sought.page, page, "{path}?{query}");
        }
    }

    #[test]
    fn a_form_has_an_address() {
        for (body, address) in [
            ("ofsubmitted=1&ofsearch=a", "/?s=a"),
            ("ofsubmitted=1", "/?s="),
            (
                "ofsubmitted=1&ofcategory[]=3&ofcategory[]=4&ofpost_tag[]=0",
                "/?s=&label=3+4",
            ),
            (
                "ofsubmitted=1&ofcategory%5B%5D=3&ofcategory%5B%5D=4&ofcategory_operator=or",
                "/?s=&label=3,4",
            ),
            (
                "ofsubmitted=1&ofregion=9&ofpost_types[]=post&ofpost_types[]=page",
                "/?s=&type=resources,pages&region=9",
            ),
            (
                "ofsubmitted=1&ofpost_date[]=2018-01-01&ofpost_date[]=2019-01-01",
                "/?s=&year=2018,2019",
            ),
            ("ofsubmitted=1&ofcategory[]=%22%3E&ofnav_menu[]=2", "/?s="),
        ] {
            let sought = of_form(&types(), &Request::parse("/", body));
            assert_eq!(sought.map(|s| s.address()).as_deref(), Some(address), "{body}");
        }
        assert_eq!(of_form(&types(), &Request::parse("/", "post_password=x")), None);
        assert_eq!(of_form(&types(), &Request::parse("/", "ofsearch=x")), None);
    }
}
