//! Writes a WordPress export (WXR 1.2) entry by entry, with the elements in WordPress's order.

use std::io::Write;

use crate::error::Error;
use crate::model::{Author, Channel, Comment, Item, Meta, Term};
use crate::raw;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
<!-- WordPress eXtended RSS: posts, pages, comments, terms and authors of a site. -->
<!-- In WordPress, read it with Tools > Import > WordPress. Files of the media library are not inside. -->
<rss version="2.0"
	xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:wfw="http://wellformedweb.org/CommentAPI/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:wp="http://wordpress.org/export/1.2/"
>

<channel>
"#;

/// A value that XML 1.0 cannot carry as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncarried {
    /// Whose value: `item 12 "Title"`, `term category/reports` and so on.
    pub entry: String,
    /// The place in it, as in [`crate::raw`].
    pub path: String,
    /// Whether the original is kept in a meta row and comes back when Guidepost reads the file.
    pub kept: bool,
}

/// How far the file has come; entries may only go forward.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Authors,
    Categories,
    Tags,
    Terms,
    Items,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Authors => "an author",
            Self::Categories => "a category",
            Self::Tags => "a tag",
            Self::Terms => "a term",
            Self::Items => "an item",
        }
    }
}

/// Writes an export. Parents come before children where the caller gives them so.
pub struct Writer<W> {
    out: W,
    stage: Stage,
    channel: Channel,
    uncarried: Vec<Uncarried>,
}

impl<W: Write> Writer<W> {
    /// Starts the file. The version is always 1.2, whatever the channel says.
    pub fn new(out: W, channel: &Channel) -> Result<Self, Error> {
        let mut writer = Self {
            out,
            stage: Stage::Authors,
            channel: channel.clone(),
            uncarried: Vec::new(),
        };
        let mut piece = Piece::new(HEAD);
        piece.escaped("\t", "title", &channel.title);
        piece.escaped("\t", "link", &channel.link);
        piece.escaped("\t", "description", &channel.description);
        piece.escaped("\t", "pubDate", &channel.pub_date);
        piece.escaped("\t", "language", &channel.language);
        piece.escaped("\t", "wp:wxr_version", "1.2");
        piece.escaped("\t", "wp:base_site_url", &channel.base_site_url);
        piece.escaped("\t", "wp:base_blog_url", &channel.base_blog_url);
        piece.xml.push('\n');
        writer.give(piece, || "channel".to_owned())?;
        Ok(writer)
    }

    /// What could not be carried since the last call. Call it now and then in a long export.
    pub fn take_uncarried(&mut self) -> Vec<Uncarried> {
        std::mem::take(&mut self.uncarried)
    }

    /// Writes an author.
    pub fn author(&mut self, author: &Author) -> Result<(), Error> {
        self.go_to(Stage::Authors)?;
        // On one line, as WordPress does: its last resort, a reader by regular expressions, asks it.
        let mut piece = Piece::new(&format!("\t<wp:author><wp:author_id>{}</wp:author_id>", author.id));
        piece.inline("wp:author_login", author.login.as_bytes());
        piece.inline("wp:author_email", author.email.as_bytes());
        piece.inline("wp:author_display_name", author.display_name.as_bytes());
        piece.inline("wp:author_first_name", author.first_name.as_bytes());
        piece.inline("wp:author_last_name", author.last_name.as_bytes());
        piece.xml.push_str("</wp:author>\n");
        self.give(piece, || format!("author {}", author.login))
    }

    /// Writes a term: categories as `wp:category`, tags as `wp:tag`, all others as `wp:term`.
    pub fn term(&mut self, term: &Term) -> Result<(), Error> {
        let names: [&str; 5] = match term.taxonomy.as_str() {
            "category" => {
                self.go_to(Stage::Categories)?;
                [
                    "category",
                    "category_nicename",
                    "category_parent",
                    "cat_name",
                    "category_description",
                ]
            }
            // wp:tag has no place for a parent.
            "post_tag" if term.parent_slug.is_empty() => {
                self.go_to(Stage::Tags)?;
                ["tag", "tag_slug", "", "tag_name", "tag_description"]
            }
            _ => {
                self.go_to(Stage::Terms)?;
                ["term", "term_slug", "term_parent", "term_name", "term_description"]
            }
        };
        let [element, slug, parent, name, description] = names.map(|name| format!("wp:{name}"));
        let mut piece = Piece::new("");
        piece.xml.push_str(&format!("\t<{element}>\n"));
        if let Some(id) = term.id {
            piece.number("\t\t", "wp:term_id", id);
        }
        if element == "wp:term" {
            piece.cdata("\t\t", "wp:term_taxonomy", term.taxonomy.as_bytes());
        }
        piece.cdata("\t\t", &slug, term.slug.as_bytes());
        if parent != "wp:" {
            piece.cdata("\t\t", &parent, term.parent_slug.as_bytes());
        }
        piece.cdata("\t\t", &name, term.name.as_bytes());
        if !term.description.is_empty() {
            piece.cdata("\t\t", &description, term.description.as_bytes());
        }
        piece.metas("wp:termmeta", "", &term.meta);
        piece.xml.push_str(&format!("\t</{element}>\n"));
        self.give(piece, || format!("term {}/{}", term.taxonomy, term.slug))
    }

    /// Writes a post with its terms, meta and comments.
    pub fn item(&mut self, item: &Item) -> Result<(), Error> {
        self.go_to(Stage::Items)?;
        let mut piece = item_head(item);
        let mut comments = Piece::new("");
        for (at, comment) in item.comments.iter().enumerate() {
            write_comment(&mut comments, at, comment);
        }
        let originals: Vec<(String, Vec<u8>)> = piece.originals.drain(..).chain(comments.originals.drain(..)).collect();
        for (path, original) in &originals {
            let row = raw::row(path, original);
            piece.metas("wp:postmeta", "", std::slice::from_ref(&row));
            let entry = format!("item {} {:?}", item.id, item.title);
            self.uncarried.push(Uncarried {
                entry,
                path: path.clone(),
                kept: true,
            });
        }
        piece.xml.push_str(&comments.xml);
        piece.xml.push_str("\t</item>\n");
        self.give(piece, String::new)
    }

    /// Ends the file; returns the output and what could not be carried and was not asked for yet.
    pub fn finish(mut self) -> Result<(W, Vec<Uncarried>), Error> {
        self.go_to(Stage::Items)?;
        self.out.write_all(b"</channel>\n</rss>\n")?;
        self.out.flush()?;
        Ok((self.out, self.uncarried))
    }

    /// Moves forward; before the first item comes the generator.
    fn go_to(&mut self, stage: Stage) -> Result<(), Error> {
        if stage < self.stage {
            return Err(Error::Order {
                what: stage.name(),
                after: self.stage.name(),
            });
        }
        if stage == Stage::Items && self.stage != Stage::Items {
            let mut piece = Piece::new("\n");
            piece.escaped("\t", "generator", &self.channel.generator);
            if !self.channel.image_url.is_empty() {
                piece.xml.push_str("\t<image>\n");
                piece.escaped("\t\t", "url", &self.channel.image_url);
                piece.escaped("\t\t", "title", &self.channel.title);
                piece.escaped("\t\t", "link", &self.channel.link);
                piece.xml.push_str("\t</image>\n");
            }
            piece.xml.push('\n');
            self.give(piece, || "channel".to_owned())?;
        }
        self.stage = stage;
        Ok(())
    }

    fn give(&mut self, piece: Piece, entry: impl Fn() -> String) -> Result<(), Error> {
        for (path, _) in piece.originals {
            self.uncarried.push(Uncarried {
                entry: entry(),
                path,
                kept: false,
            });
        }
        self.out.write_all(piece.xml.as_bytes())?;
        Ok(())
    }
}

fn item_head(item: &Item) -> Piece {
    let mut piece = Piece::new("\t<item>\n");
    let tabs = "\t\t";
    piece.cdata(tabs, "title", item.title.as_bytes());
    piece.escaped(tabs, "link", &item.link);
    piece.escaped(tabs, "pubDate", &item.pub_date);
    piece.cdata(tabs, "dc:creator", item.creator.as_bytes());
    let permalink = if item.guid_is_permalink { "true" } else { "false" };
    piece.guid(permalink, &item.guid);
    piece.escaped(tabs, "description", &item.description);
    piece.cdata(tabs, "content:encoded", item.content.as_bytes());
    piece.cdata(tabs, "excerpt:encoded", item.excerpt.as_bytes());
    piece.number(tabs, "wp:post_id", item.id);
    piece.cdata(tabs, "wp:post_date", item.post_date.as_bytes());
    piece.cdata(tabs, "wp:post_date_gmt", item.post_date_gmt.as_bytes());
    if let Some(date) = &item.post_modified {
        piece.cdata(tabs, "wp:post_modified", date.as_bytes());
    }
    if let Some(date) = &item.post_modified_gmt {
        piece.cdata(tabs, "wp:post_modified_gmt", date.as_bytes());
    }
    piece.cdata(tabs, "wp:comment_status", item.comment_status.as_bytes());
    piece.cdata(tabs, "wp:ping_status", item.ping_status.as_bytes());
    piece.cdata(tabs, "wp:post_name", item.post_name.as_bytes());
    piece.cdata(tabs, "wp:status", item.status.as_bytes());
    piece.number(tabs, "wp:post_parent", item.post_parent);
    piece.number(tabs, "wp:menu_order", item.menu_order);
    piece.cdata(tabs, "wp:post_type", item.post_type.as_bytes());
    piece.cdata(tabs, "wp:post_password", item.post_password.as_bytes());
    piece.number(tabs, "wp:is_sticky", i64::from(item.is_sticky));
    if let Some(url) = &item.attachment_url {
        piece.cdata(tabs, "wp:attachment_url", url.as_bytes());
    }
    for (at, term) in item.terms.iter().enumerate() {
        let domain = piece.attribute(&format!("category/{at}/domain"), &term.taxonomy);
        let nicename = piece.attribute(&format!("category/{at}/nicename"), &term.slug);
        piece
            .xml
            .push_str(&format!("\t\t<category domain=\"{domain}\" nicename=\"{nicename}\">"));
        piece.cdata_text(|| format!("category/{at}"), term.name.as_bytes());
        piece.xml.push_str("</category>\n");
    }
    for (at, name) in item.categories_without_slug.iter().enumerate() {
        piece.xml.push_str("\t\t<category>");
        piece.cdata_text(|| format!("category-without-slug/{at}"), name.as_bytes());
        piece.xml.push_str("</category>\n");
    }
    piece.metas("wp:postmeta", "", &item.meta);
    piece
}

fn write_comment(piece: &mut Piece, at: usize, comment: &Comment) {
    let tabs = "\t\t\t";
    piece.prefix = format!("wp:comment/{at}/");
    piece.xml.push_str("\t\t<wp:comment>\n");
    piece.number(tabs, "wp:comment_id", comment.id);
    piece.cdata(tabs, "wp:comment_author", comment.author.as_bytes());
    piece.cdata(tabs, "wp:comment_author_email", comment.author_email.as_bytes());
    piece.cdata(tabs, "wp:comment_author_url", comment.author_url.as_bytes());
    piece.cdata(tabs, "wp:comment_author_IP", comment.author_ip.as_bytes());
    piece.cdata(tabs, "wp:comment_date", comment.date.as_bytes());
    piece.cdata(tabs, "wp:comment_date_gmt", comment.date_gmt.as_bytes());
    piece.cdata(tabs, "wp:comment_content", comment.content.as_bytes());
    piece.cdata(tabs, "wp:comment_approved", comment.approved.as_bytes());
    piece.cdata(tabs, "wp:comment_type", comment.comment_type.as_bytes());
    piece.number(tabs, "wp:comment_parent", comment.parent);
    piece.number(tabs, "wp:comment_user_id", comment.user_id);
    piece.metas("wp:commentmeta", "\t", &comment.meta);
    piece.xml.push_str("\t\t</wp:comment>\n");
}

/// A piece of the file in the making, and the originals of what it could not carry.
struct Piece {
    xml: String,
    /// What comes before the paths of the originals.
    prefix: String,
    originals: Vec<(String, Vec<u8>)>,
}

impl Piece {
    fn new(start: &str) -> Self {
        Self {
            xml: start.to_owned(),
            prefix: String::new(),
            originals: Vec::new(),
        }
    }

    fn number(&mut self, tabs: &str, name: &str, value: i64) {
        self.xml.push_str(&format!("{tabs}<{name}>{value}</{name}>\n"));
    }

    fn cdata(&mut self, tabs: &str, name: &str, value: &[u8]) {
        self.xml.push_str(tabs);
        self.inline(name, value);
        self.xml.push('\n');
    }

    fn inline(&mut self, name: &str, value: &[u8]) {
        self.xml.push_str(&format!("<{name}>"));
        self.cdata_text(|| name.to_owned(), value);
        self.xml.push_str(&format!("</{name}>"));
    }

    /// An element that WordPress writes without CDATA.
    fn escaped(&mut self, tabs: &str, name: &str, value: &str) {
        let text = self.escape(name, value, false);
        self.xml.push_str(&format!("{tabs}<{name}>{text}</{name}>\n"));
    }

    fn guid(&mut self, permalink: &str, value: &str) {
        let text = self.escape("guid", value, false);
        self.xml
            .push_str(&format!("\t\t<guid isPermaLink=\"{permalink}\">{text}</guid>\n"));
    }

    fn attribute(&mut self, path: &str, value: &str) -> String {
        self.escape(path, value, true)
    }

    fn escape(&mut self, path: &str, value: &str, attribute: bool) -> String {
        let carried = raw::stand_in(value.as_bytes());
        if carried != value {
            self.originals
                .push((format!("{}{path}", self.prefix), value.as_bytes().to_vec()));
        }
        let mut out = String::with_capacity(value.len());
        for character in carried.chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' if attribute => out.push_str("&quot;"),
                '\t' if attribute => out.push_str("&#9;"),
                '\n' if attribute => out.push_str("&#10;"),
                '\r' => out.push_str("&#13;"),
                other => out.push(other),
            }
        }
        out
    }

    /// A value in CDATA: `]]>` goes into two sections, carriage returns stand between sections as
    /// references, because XML readers turn plain ones into line feeds.
    fn cdata_text(&mut self, path: impl Fn() -> String, value: &[u8]) {
        let carried = raw::stand_in(value);
        if carried.as_bytes() != value {
            self.originals
                .push((format!("{}{}", self.prefix, path()), value.to_vec()));
        }
        self.xml.push_str("<![CDATA[");
        for (at, part) in carried.split('\r').enumerate() {
            if at > 0 {
                self.xml.push_str("]]>&#13;<![CDATA[");
            }
            self.xml.push_str(&part.replace("]]>", "]]]]><![CDATA[>"));
        }
        self.xml.push_str("]]>");
    }

    fn metas(&mut self, element: &str, tab: &str, metas: &[Meta]) {
        for (at, meta) in metas.iter().enumerate() {
            self.xml
                .push_str(&format!("{tab}\t\t<{element}>\n{tab}\t\t\t<wp:meta_key>"));
            self.cdata_text(|| format!("{element}/{at}/wp:meta_key"), meta.key.as_bytes());
            self.xml
                .push_str(&format!("</wp:meta_key>\n{tab}\t\t\t<wp:meta_value>"));
            self.cdata_text(|| format!("{element}/{at}/wp:meta_value"), &meta.value);
            self.xml.push_str(&format!("</wp:meta_value>\n{tab}\t\t</{element}>\n"));
        }
    }
}
