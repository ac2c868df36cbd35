//! The site's settings that pages need, read once per content version from WordPress's options.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use gp_kernel::{ItemId, Result, TermId};
use gp_php::Value;
use gp_store::{Conn, settings};
use jiff::tz::{Offset, TimeZone};

use crate::{address::rules::Rules, types::Types};

/// A snapshot of the settings.
#[derive(Debug, Clone)]
pub struct Site {
    /// `blogname`, HTML-escaped as WordPress stores it.
    pub name: String,
    /// `blogdescription`, HTML-escaped.
    pub description: String,
    /// `home`, without a slash at the end; empty on a new site.
    pub home: String,
    /// `permalink_structure`; empty is plain `?p=` addresses.
    pub permalinks: String,
    /// `category_base`, or its default.
    pub category_base: String,
    /// `tag_base`, or its default.
    pub tag_base: String,
    /// `posts_per_page`, at least 1.
    pub per_page: usize,
    /// `posts_per_rss`, at least 1.
    pub per_feed: usize,
    /// `rss_use_excerpt`.
    pub feed_excerpts: bool,
    /// `page_on_front`, when `show_on_front` is `page`.
    pub front_page: Option<ItemId>,
    /// `page_for_posts`, when `show_on_front` is `page`.
    pub posts_page: Option<ItemId>,
    /// `sticky_posts`.
    pub sticky: Vec<ItemId>,
    /// `default_category`.
    pub default_category: TermId,
    /// `stylesheet`: the theme in use.
    pub stylesheet: String,
    /// `template`: its parent, or the same.
    pub template: String,
    /// Menu locations of the theme in use.
    pub menu_locations: BTreeMap<String, TermId>,
    /// The site's time zone.
    pub zone: TimeZone,
    /// `date_format` in PHP's letters.
    pub date_format: String,
    /// `WPLANG` as a language tag, `en` when empty.
    pub language: String,
    /// `blog_public`: search engines are welcome.
    pub public: bool,
    /// `wp_attachment_pages_enabled`.
    pub attachment_pages: bool,
    /// `site_icon`.
    pub icon: Option<ItemId>,
    /// `site_logo`.
    pub logo: Option<ItemId>,
    /// `page_comments`.
    pub page_comments: bool,
    /// `comments_per_page`.
    pub comments_per_page: usize,
    /// Whether any address of the site's own leads elsewhere.
    pub redirects: bool,
    /// The rules of its addresses, made when the first is asked for.
    rules: OnceLock<Arc<Rules>>,
    /// All autoloaded options, byte for byte.
    options: BTreeMap<String, Vec<u8>>,
}

impl Site {
    /// Reads the settings.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load(conn: &mut Conn) -> Result<Self> {
        let mut options: BTreeMap<String, Vec<u8>> = settings::autoloaded(conn).await?.into_iter().collect();
        // WordPress does not autoload those of a theme that was switched to and back; menus are placed by them all the same.
        let mods = format!("theme_mods_{}", text_of(&options, "stylesheet"));
        if !options.contains_key(&mods)
            && let Some(value) = settings::get(conn, &mods).await?
        {
            options.insert(mods, value);
        }
        let mut site = Self::from_options(options);
        site.redirects = crate::address::redirects::any(conn).await?;
        Ok(site)
    }

    /// From options as stored.
    pub fn from_options(options: BTreeMap<String, Vec<u8>>) -> Self {
        let text = |name: &str| text_of(&options, name);
        let or = |name: &str, default: &str| {
            Some(text(name))
                .filter(|v| !v.is_empty())
                .unwrap_or_else(|| default.to_owned())
        };
        let number = |name: &str, default: usize| text(name).trim().parse().ok().filter(|n| *n > 0).unwrap_or(default);
        let id = |name: &str| text(name).trim().parse().ok().filter(|n| *n > 0).map(ItemId);
        let page_front = text("show_on_front") == "page";
        let permalinks = text("permalink_structure");
        let stylesheet = or("stylesheet", "guidepost");
        Self {
            name: text("blogname"),
            description: text("blogdescription"),
            home: text("home").trim_end_matches('/').to_owned(),
            category_base: base(&text("category_base"), "category"),
            tag_base: base(&text("tag_base"), "tag"),
            permalinks,
            per_page: number("posts_per_page", 10),
            per_feed: number("posts_per_rss", 10),
            feed_excerpts: text("rss_use_excerpt") == "1",
            front_page: id("page_on_front").filter(|_| page_front),
            posts_page: id("page_for_posts").filter(|_| page_front),
            sticky: int_list(&options, "sticky_posts").into_iter().map(ItemId).collect(),
            default_category: TermId(text("default_category").trim().parse().unwrap_or(1)),
            menu_locations: menu_locations(&options, &stylesheet),
            template: or("template", &stylesheet),
            stylesheet,
            zone: zone(&text("timezone_string"), &text("gmt_offset")),
            date_format: or("date_format", "j F Y"),
            language: or("WPLANG", "en").replace('_', "-"),
            public: text("blog_public") != "0",
            attachment_pages: text("wp_attachment_pages_enabled") != "0",
            icon: id("site_icon"),
            logo: id("site_logo"),
            page_comments: text("page_comments") == "1",
            comments_per_page: number("comments_per_page", 50),
            redirects: false,
            rules: OnceLock::new(),
            options,
        }
    }

    /// An option as text; empty when it is not set.
    pub fn text(&self, name: &str) -> String {
        text_of(&self.options, name)
    }

    /// An option, byte for byte.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.options.get(name).map(Vec::as_slice)
    }

    /// The prefixes of the site's tables, by its lists of roles (`wp_user_roles`): an import's own before ours.
    pub fn role_prefixes(&self) -> Vec<String> {
        let names = self.options.keys().filter_map(|name| name.strip_suffix("user_roles"));
        let (ours, own): (Vec<&str>, Vec<&str>) = names.partition(|prefix| *prefix == "wp_");
        own.into_iter().chain(ours).map(str::to_owned).collect()
    }

    /// An option that holds a PHP-serialised value.
    pub fn value(&self, name: &str) -> Option<Value> {
        gp_php::parse_lenient(self.options.get(name)?).ok()
    }

    /// The rules of its addresses.
    pub(crate) fn rules(&self, types: &Types) -> Arc<Rules> {
        self.rules.get_or_init(|| Arc::new(Rules::of(self, types))).clone()
    }

    /// Whether addresses are plain (`?p=1`).
    pub fn plain(&self) -> bool {
        self.permalinks.is_empty()
    }

    /// What stands before the first tag of the structure: `/archives/` of `/archives/%post_id%`.
    pub fn front(&self) -> &str {
        let end = self.permalinks.find('%').unwrap_or(0);
        let literal = self.permalinks.get(..end).unwrap_or_default();
        literal.rfind('/').map_or("/", |slash| &literal[..=slash])
    }

    /// `/` when the structure ends with one.
    pub fn trailing(&self) -> &'static str {
        if self.permalinks.ends_with('/') { "/" } else { "" }
    }
}

fn text_of(options: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    options
        .get(name)
        .map(|v| String::from_utf8_lossy(v).into_owned())
        .unwrap_or_default()
}

fn base(set: &str, default: &str) -> String {
    let set = set.trim_matches('/');
    if set.is_empty() {
        default.to_owned()
    } else {
        set.to_owned()
    }
}

fn int_list(options: &BTreeMap<String, Vec<u8>>, name: &str) -> Vec<i64> {
    options
        .get(name)
        .and_then(|v| gp_php::parse_lenient(v).ok())
        .map(|v| v.int_list())
        .unwrap_or_default()
}

fn menu_locations(options: &BTreeMap<String, Vec<u8>>, stylesheet: &str) -> BTreeMap<String, TermId> {
    let mods = options
        .get(&format!("theme_mods_{stylesheet}"))
        .and_then(|v| gp_php::parse_lenient(v).ok());
    let Some(locations) = mods.as_ref().and_then(|m| m.get("nav_menu_locations")) else {
        return BTreeMap::new();
    };
    locations
        .iter()
        .filter_map(|(key, value)| Some((key.as_str().into_owned(), TermId(value.as_int().filter(|n| *n > 0)?))))
        .collect()
}

/// WordPress's two ways to set a zone: a name, or hours as a decimal number.
fn zone(name: &str, offset: &str) -> TimeZone {
    if !name.is_empty()
        && let Ok(zone) = TimeZone::get(name)
    {
        return zone;
    }
    let hours: f64 = offset.trim().parse().unwrap_or(0.0);
    #[expect(clippy::cast_possible_truncation, reason = "an offset is at most 26 hours")]
    let seconds = (hours.clamp(-25.0, 25.0) * 3600.0) as i32;
    Offset::from_seconds(seconds).map_or(TimeZone::UTC, TimeZone::fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(options: &[(&str, &str)]) -> Site {
        Site::from_options(
            options
                .iter()
                .map(|(k, v)| ((*k).to_owned(), v.as_bytes().to_vec()))
                .collect(),
        )
    }

    #[tokio::test]
    async fn settings_of_the_theme_in_use_are_read_even_where_they_are_not_autoloaded() {
        let folder = tempfile::tempdir().unwrap();
        for test in gp_store::testing::databases(folder.path(), "mods").await.unwrap() {
            let mut tx = test.db.write().await.unwrap();
            let mods = b"a:1:{s:18:\"nav_menu_locations\";a:1:{s:7:\"primary\";i:37;}}";
            settings::set(&mut tx, "stylesheet", b"moved", true).await.unwrap();
            settings::set(&mut tx, "theme_mods_moved", mods, false).await.unwrap();
            settings::set(&mut tx, "theme_mods_other", mods, false).await.unwrap();
            let site = Site::load(&mut tx).await.unwrap();
            assert_eq!(site.menu_locations.get("primary"), Some(&TermId(37)), "{}", test.name);
            assert!(
                site.bytes("theme_mods_other").is_none(),
                "those of other themes are left alone"
            );
        }
    }

    #[test]
    fn structure_and_pages_are_read_as_wordpress_does() {
        let s = site(&[
            ("permalink_structure", "/archives/%post_id%"),
            ("page_on_front", "7"),
            ("show_on_front", "posts"),
            ("sticky_posts", "a:2:{i:0;i:3;i:1;s:1:\"5\";}"),
        ]);
        assert_eq!((s.front(), s.trailing()), ("/archives/", ""));
        assert_eq!(s.front_page, None);
        assert_eq!(s.sticky, [ItemId(3), ItemId(5)]);
    }

    #[test]
    fn a_zone_may_be_a_name_or_hours() {
        assert_eq!(zone("Europe/Zurich", "").iana_name(), Some("Europe/Zurich"));
        assert_eq!(zone("", "5.5"), TimeZone::fixed(Offset::from_seconds(19800).unwrap()));
    }
}
