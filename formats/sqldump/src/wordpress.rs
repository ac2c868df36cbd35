//! Finds WordPress's tables in a dump: prefixes, sites of a network, standard columns.

use std::collections::BTreeSet;

/// Prefixes of the WordPress installations among the tables, such as `wp_`: those that have
/// both PREFIX`posts` and PREFIX`options`, without the further sites of a network. The most
/// likely one comes first: it has users of its own.
pub fn find_prefixes<'t>(tables: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let tables: BTreeSet<&str> = tables.into_iter().collect();
    let has = |prefix: &str, name: &str| tables.contains(format!("{prefix}{name}").as_str());
    let all: Vec<&str> = tables
        .iter()
        .filter_map(|table| table.strip_suffix("posts"))
        .filter(|prefix| has(prefix, "options"))
        .collect();
    let is_site = |prefix: &str| all.iter().any(|main| site_number(prefix, main).is_some());
    let mut main: Vec<&str> = all.iter().copied().filter(|prefix| !is_site(prefix)).collect();
    main.sort_by_key(|prefix| (!has(prefix, "users"), prefix.len()));
    main.into_iter().map(str::to_owned).collect()
}

/// The most likely prefix; `None` when there is no WordPress among the tables.
pub fn find_prefix<'t>(tables: impl IntoIterator<Item = &'t str>) -> Option<String> {
    find_prefixes(tables).into_iter().next()
}

/// The sites of a network: number and prefix, the main site (1) first.
pub fn sites<'t>(tables: impl IntoIterator<Item = &'t str>, prefix: &str) -> Vec<(u64, String)> {
    let tables: BTreeSet<&str> = tables.into_iter().collect();
    let further = tables
        .iter()
        .filter_map(|table| table.strip_suffix("posts"))
        .filter_map(|other| Some((site_number(other, prefix)?, other.to_owned())));
    let mut sites: Vec<(u64, String)> = further.collect();
    sites.push((1, prefix.to_owned()));
    sites.sort();
    sites
}

/// The number in the prefix of a network's further site: 2 in `wp_2_` for `wp_`.
fn site_number(prefix: &str, main: &str) -> Option<u64> {
    let number = prefix.strip_prefix(main)?.strip_suffix('_')?;
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        number.parse().ok()
    } else {
        None
    }
}

/// Columns of a standard table (name without prefix), for dumps that name none.
pub fn standard_columns(table: &str) -> Option<&'static [&'static str]> {
    Some(match table {
        "posts" => &POSTS,
        "postmeta" => &["meta_id", "post_id", "meta_key", "meta_value"],
        "options" => &["option_id", "option_name", "option_value", "autoload"],
        "users" => &USERS,
        "usermeta" => &["umeta_id", "user_id", "meta_key", "meta_value"],
        "comments" => &COMMENTS,
        "commentmeta" => &["meta_id", "comment_id", "meta_key", "meta_value"],
        "terms" => &["term_id", "name", "slug", "term_group"],
        "termmeta" => &["meta_id", "term_id", "meta_key", "meta_value"],
        "term_taxonomy" => &[
            "term_taxonomy_id",
            "term_id",
            "taxonomy",
            "description",
            "parent",
            "count",
        ],
        "term_relationships" => &["object_id", "term_taxonomy_id", "term_order"],
        "links" => &LINKS,
        _ => return None,
    })
}

const POSTS: [&str; 23] = [
    "ID",
    "post_author",
    "post_date",
    "post_date_gmt",
    "post_content",
    "post_title",
    "post_excerpt",
    "post_status",
    "comment_status",
    "ping_status",
    "post_password",
    "post_name",
    "to_ping",
    "pinged",
    "post_modified",
    "post_modified_gmt",
    "post_content_filtered",
    "post_parent",
    "guid",
    "menu_order",
    "post_type",
    "post_mime_type",
    "comment_count",
];

const USERS: [&str; 10] = [
    "ID",
    "user_login",
    "user_pass",
    "user_nicename",
    "user_email",
    "user_url",
    "user_registered",
    "user_activation_key",
    "user_status",
    "display_name",
];

const COMMENTS: [&str; 15] = [
    "comment_ID",
    "comment_post_ID",
    "comment_author",
    "comment_author_email",
    "comment_author_url",
    "comment_author_IP",
    "comment_date",
    "comment_date_gmt",
    "comment_content",
    "comment_karma",
    "comment_approved",
    "comment_agent",
    "comment_type",
    "comment_parent",
    "user_id",
];

const LINKS: [&str; 13] = [
    "link_id",
    "link_url",
    "link_name",
    "link_image",
    "link_target",
    "link_description",
    "link_visible",
    "link_owner",
    "link_rating",
    "link_updated",
    "link_rel",
    "link_notes",
    "link_rss",
];
