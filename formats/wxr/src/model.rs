//! The entries of a WordPress export as plain data, named as WordPress names them.

use std::borrow::Cow;

/// One entry of the file, in the order of the file; the channel comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// What the file says about the site.
    Channel(Channel),
    /// A user who wrote something in the file.
    Author(Author),
    /// A category, tag or other term.
    Term(Term),
    /// A post of any type.
    Item(Box<Item>),
}

/// The head of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Channel {
    /// Title of the site.
    pub title: String,
    /// Address of the site.
    pub link: String,
    /// Tagline of the site.
    pub description: String,
    /// When the export was made, as RSS writes dates.
    pub pub_date: String,
    /// Language tag such as `en-US`.
    pub language: String,
    /// Version of the format, such as `1.2`.
    pub wxr_version: String,
    /// Address of the network's main site.
    pub base_site_url: String,
    /// Address of this site; the reader fills in `base_site_url` where the file has none.
    pub base_blog_url: String,
    /// The program that wrote the file. WordPress writes it after the terms, so it is only
    /// complete in [`crate::Reader::channel`] once the first item has been read.
    pub generator: String,
    /// Address of the site icon, of which the file says no more; like `generator`, after the terms.
    pub image_url: String,
}

/// A user as far as an export knows users: no role, no password.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Author {
    /// User ID; 0 where the file has none.
    pub id: i64,
    /// Login name, to which items refer as their creator.
    pub login: String,
    /// E-mail address.
    pub email: String,
    /// Name shown to readers.
    pub display_name: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Line of the file where the element starts; the writer does not look at it.
    pub line: u64,
}

/// A term. A full export repeats terms: the key is (taxonomy, slug).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Term {
    /// `category`, `post_tag`, `nav_menu` and so on.
    pub taxonomy: String,
    /// Term ID.
    pub id: Option<i64>,
    /// Slug.
    pub slug: String,
    /// Slug of the parent; empty for none.
    pub parent_slug: String,
    /// Name as stored, that is with `&` as `&amp;`.
    pub name: String,
    /// Description.
    pub description: String,
    /// Term meta in file order.
    pub meta: Vec<Meta>,
    /// Line of the file where the element starts; the writer does not look at it.
    pub line: u64,
}

/// A post of any type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Post ID; 0 where the file has none.
    pub id: i64,
    /// Title.
    pub title: String,
    /// Permalink at the time of the export.
    pub link: String,
    /// Publication date as RSS writes dates.
    pub pub_date: String,
    /// Login of the author (`dc:creator`).
    pub creator: String,
    /// Identifier that never changes; not an address to serve.
    pub guid: String,
    /// Whether the file calls the guid a permalink (WordPress always says no).
    pub guid_is_permalink: bool,
    /// RSS description, empty in WordPress's own files.
    pub description: String,
    /// `post_content`.
    pub content: String,
    /// `post_excerpt`.
    pub excerpt: String,
    /// Date in the site's time zone.
    pub post_date: String,
    /// Date in UTC; `0000-00-00 00:00:00` for a draft without date.
    pub post_date_gmt: String,
    /// Last change in the site's time zone (since WordPress 5.7).
    pub post_modified: Option<String>,
    /// Last change in UTC (since WordPress 5.7).
    pub post_modified_gmt: Option<String>,
    /// `open` or `closed`.
    pub comment_status: String,
    /// `open` or `closed`.
    pub ping_status: String,
    /// Slug.
    pub post_name: String,
    /// `publish`, `draft`, `private` and so on.
    pub status: String,
    /// ID of the parent, 0 for none.
    pub post_parent: i64,
    /// Order among siblings.
    pub menu_order: i64,
    /// `post`, `page`, `attachment` and so on.
    pub post_type: String,
    /// Password in clear; empty for none.
    pub post_password: String,
    /// Whether the post sticks to the front of the blog.
    pub is_sticky: bool,
    /// Address of the file of an attachment.
    pub attachment_url: Option<String>,
    /// Terms with a slug, in file order.
    pub terms: Vec<ItemTerm>,
    /// Names of RSS categories without a slug: WordPress's importer passes over them.
    pub categories_without_slug: Vec<String>,
    /// Post meta in file order.
    pub meta: Vec<Meta>,
    /// Comments in file order.
    pub comments: Vec<Comment>,
    /// Line of the file where the element starts; the writer does not look at it.
    pub line: u64,
}

/// A term as an item names it: without parent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemTerm {
    /// Taxonomy (`domain` in the file).
    pub taxonomy: String,
    /// Slug (`nicename` in the file).
    pub slug: String,
    /// Name as stored.
    pub name: String,
}

/// A meta row. Several rows may have the same key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    /// Key.
    pub key: String,
    /// Value byte for byte: PHP-serialised values count bytes, and old ones are not always UTF-8.
    pub value: Vec<u8>,
}

impl Meta {
    /// The value as text; bytes that are not UTF-8 become U+FFFD.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.value)
    }
}

/// A comment, pingback, trackback or editorial note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comment {
    /// Comment ID; 0 where the file has none.
    pub id: i64,
    /// Name of the author.
    pub author: String,
    /// E-mail address of the author.
    pub author_email: String,
    /// Web address of the author.
    pub author_url: String,
    /// IP address of the author.
    pub author_ip: String,
    /// Date in the site's time zone.
    pub date: String,
    /// Date in UTC.
    pub date_gmt: String,
    /// Text.
    pub content: String,
    /// `1`, `0`, `trash`, `post-trashed` or `spam`.
    pub approved: String,
    /// `comment`, `pingback`, `trackback` or `note` (internal, never public); empty in old files.
    pub comment_type: String,
    /// ID of the comment this one answers, 0 for none.
    pub parent: i64,
    /// ID of the user who wrote it, 0 for a visitor.
    pub user_id: i64,
    /// Comment meta in file order.
    pub meta: Vec<Meta>,
}
