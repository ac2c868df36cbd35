//! A library in which everything private carries a word of its own, and who may read which word.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::{
    site::Site,
    wordpress::{Comment, Post, Wordpress},
};

/// Types that nobody visits.
const INTERNAL: &[&str] = &[
    "acf-field",
    "acf-field-group",
    "acf-post-type",
    "acf-taxonomy",
    "custom_css",
    "customize_changeset",
    "exactmetrics_note",
    "nav_menu_item",
    "oembed_cache",
    "revision",
    "user_request",
    "wp_block",
    "wp_font_face",
    "wp_font_family",
    "wp_global_styles",
    "wp_navigation",
    "wp_template",
    "wp_template_part",
    "acme_note",
];

const STATUSES: &[&str] = &[
    "publish",
    "future",
    "draft",
    "pending",
    "private",
    "trash",
    "auto-draft",
    "inherit",
];

/// The accounts, one for each role, and the visitor without one.
pub const ROLES: &[&str] = &[
    "anonymous",
    "subscriber",
    "contributor",
    "author",
    "other_author",
    "editor",
    "administrator",
];

/// The account that wrote everything.
const AUTHOR: u64 = 3;
/// The password of what is locked.
pub const PASSWORD: &str = "open-sesame";

/// How much somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    Full,
    Title,
    Nothing,
}

/// A word that stands in one part of one item: `t`itle, `c`ontent, e`x`cerpt, `m`eta, `s`lug.
pub fn word(id: u64, part: char) -> String {
    format!("zk{id:04}{part}")
}

/// The word of a comment.
pub fn comment_word(id: u64) -> String {
    format!("zc{id:04}")
}

/// The word in an attachment's file.
pub fn file_word(id: u64) -> String {
    format!("zf{id:04}")
}

/// All words that a text holds.
pub fn words(text: &str) -> BTreeSet<String> {
    let bytes = text.as_bytes();
    let mut found = BTreeSet::new();
    for at in 0..bytes.len().saturating_sub(5) {
        let kind = &bytes[at..at + 2];
        if ![b"zk", b"zc", b"zf"].iter().any(|k| k.as_slice() == kind) {
            continue;
        }
        if bytes[at + 2..at + 6].iter().all(u8::is_ascii_digit) {
            let part = usize::from(kind == b"zk");
            let end = (at + 6 + part).min(bytes.len());
            found.insert(String::from_utf8_lossy(&bytes[at..end]).into_owned());
        }
    }
    found
}

/// The library as data, for the oracle.
pub struct Library {
    pub site: Wordpress,
}

impl Library {
    pub fn new() -> Self {
        let mut library = Self { site: Wordpress::new() };
        for kind in ["post", "page", "ai1ec_event"] {
            for status in STATUSES {
                library.add(kind, status, 0);
            }
            let locked = library.add(kind, "publish", 0);
            library.post_mut(locked).password = PASSWORD.to_owned();
        }
        let locked = library.add("post", "private", 0);
        library.post_mut(locked).password = PASSWORD.to_owned();
        library.add_internal();
        library.add_attachments();
        library.add_comments();
        let everything: Vec<u64> = library.site.posts.iter().map(|p| p.id).collect();
        library.site.labelled = everything.iter().flat_map(|id| [(*id, 1), (*id, 2)]).collect();
        library
    }

    fn add(&mut self, kind: &'static str, status: &'static str, parent: u64) -> u64 {
        let id = 100 + self.site.posts.len() as u64;
        let mut post = Post::new(id, kind, status, word(id, 's'));
        post.title = format!("Title {}", word(id, 't'));
        post.content = format!("<p>Content {}</p>", word(id, 'c'));
        post.excerpt = format!("Excerpt {}", word(id, 'x'));
        post.author = AUTHOR;
        post.parent = parent;
        if status == "future" {
            post.date = "2099-01-02 03:04:05";
        }
        self.site
            .meta
            .push((id, "internal_note".to_owned(), word(id, 'm').into_bytes()));
        self.site.posts.push(post);
        id
    }

    fn add_internal(&mut self) {
        let parent = self.first("post", "publish");
        for kind in INTERNAL {
            self.add(kind, "publish", 0);
            self.add(kind, "inherit", parent);
        }
    }

    fn add_attachments(&mut self) {
        let mut parents: Vec<u64> = STATUSES.iter().map(|status| self.first("post", status)).collect();
        parents.push(self.locked("post"));
        parents.push(self.first("wp_block", "publish"));
        parents.push(self.first("acme_note", "publish"));
        parents.extend([0, 99_999]);
        for parent in parents {
            self.add_attachment("inherit", parent);
        }
        for status in ["private", "trash", "draft"] {
            self.add_attachment(status, 0);
        }
    }

    fn add_attachment(&mut self, status: &'static str, parent: u64) {
        let id = self.add("attachment", status, parent);
        self.post_mut(id).mime = "text/plain";
        self.site
            .meta
            .push((id, "_wp_attached_file".to_owned(), file_name(id).into_bytes()));
    }

    fn add_comments(&mut self) {
        let on = [
            self.first("post", "publish"),
            self.first("post", "private"),
            self.first("post", "draft"),
            self.locked("post"),
        ];
        let kinds = [
            ("1", "comment"),
            ("1", "pingback"),
            ("1", "note"),
            ("0", "comment"),
            ("spam", "comment"),
            ("trash", "comment"),
            ("post-trashed", "comment"),
        ];
        for post in on {
            for (approved, kind) in kinds {
                let id = 1 + self.site.comments.len() as u64;
                let content = format!("Comment {}", comment_word(id));
                self.site.comments.push(Comment {
                    id,
                    post,
                    approved,
                    kind,
                    content,
                });
            }
        }
    }

    fn post_mut(&mut self, id: u64) -> &mut Post {
        self.site.posts.iter_mut().find(|p| p.id == id).unwrap()
    }

    /// An item by its id.
    pub fn post(&self, id: u64) -> Option<&Post> {
        self.site.posts.iter().find(|p| p.id == id)
    }

    /// The first item of this type and status that needs no password.
    pub fn first(&self, kind: &str, status: &str) -> u64 {
        let wanted = |p: &&Post| p.kind == kind && p.status == status && p.password.is_empty();
        self.site.posts.iter().find(wanted).unwrap().id
    }

    /// The published item of this type that needs a password.
    pub fn locked(&self, kind: &str) -> u64 {
        let wanted = |p: &&Post| p.kind == kind && p.status == "publish" && !p.password.is_empty();
        self.site.posts.iter().find(wanted).unwrap().id
    }

    /// What somebody may see of an item, by the rules of WordPress's public side, told once more in other words.
    pub fn sight(&self, role: &str, post: &Post) -> Sight {
        match post.kind {
            "post" | "page" | "ai1ec_event" => own_sight(role, post),
            "attachment" => self.attachment_sight(role, post),
            _ => Sight::Nothing,
        }
    }

    fn attachment_sight(&self, role: &str, post: &Post) -> Sight {
        if post.status != "inherit" {
            return own_sight(role, post);
        }
        match (post.parent, self.post(post.parent)) {
            (0, _) => Sight::Full,
            (_, None) => Sight::Nothing,
            // What is published by a plugin that is gone.
            (_, Some(parent)) if parent.kind == "acme_note" => own_sight("anonymous", parent),
            (_, Some(parent)) => self.sight(role, parent),
        }
    }

    /// Every word that somebody may read, somewhere.
    pub fn readable(&self, role: &str) -> BTreeSet<String> {
        let mut readable = BTreeSet::new();
        for post in &self.site.posts {
            let parts = match self.sight(role, post) {
                Sight::Full => "tcxs",
                Sight::Title => "ts",
                Sight::Nothing => "",
            };
            readable.extend(parts.chars().map(|part| word(post.id, part)));
        }
        for comment in &self.site.comments {
            let post = self.post(comment.post).unwrap();
            let shown = comment.approved == "1" && comment.kind != "note";
            if shown && self.sight(role, post) == Sight::Full {
                readable.insert(comment_word(comment.id));
            }
        }
        readable
    }

    /// Whether a word of an item is told where its editors look at what is not published yet: only this item's, and only to them.
    pub fn previewed(&self, role: &str, word_told: &str, at: &str) -> bool {
        let id = at
            .strip_prefix("/?p=")
            .and_then(|rest| rest.strip_suffix("&preview=true"));
        let post = id.and_then(|id| self.post(id.parse().ok()?));
        let Some(post) = post.filter(|post| matches!(post.kind, "post" | "page" | "ai1ec_event")) else {
            return false;
        };
        let own = "tcxs".chars().any(|part| word(post.id, part) == word_told);
        let below = self
            .site
            .comments
            .iter()
            .filter(|comment| comment.post == post.id && comment.approved == "1");
        let edits = role == "administrator" || (role == "editor" && post.kind != "ai1ec_event");
        edits && post.status != "trash" && (own || below.map(|c| comment_word(c.id)).any(|told| told == word_told))
    }

    /// Writes the uploads folder.
    pub fn write_uploads(&self, site: &Site) -> PathBuf {
        for post in self.site.posts.iter().filter(|p| p.kind == "attachment") {
            site.file(
                &format!("uploads/{}", file_name(post.id)),
                file_word(post.id).as_bytes(),
            );
        }
        site.file("uploads/2026/03/loose.txt", b"nobody names this file");
        site.file("uploads/wp-personal-data-exports/zf9999.zip", b"zf9999 a person's data");
        site.path("uploads")
    }

    /// Brings the library in.
    pub fn bring(&self, site: &Site) {
        let uploads = self.write_uploads(site);
        site.import(&self.site.sql(), Some(Path::new(&uploads)));
    }
}

/// An attachment's file below the uploads.
pub fn file_name(id: u64) -> String {
    format!("2026/03/file-{id}.txt")
}

fn own_sight(role: &str, post: &Post) -> Sight {
    let owner = role == "author";
    let editors = match post.kind {
        "ai1ec_event" => role == "administrator",
        _ => matches!(role, "editor" | "administrator"),
    };
    let seen = match post.status {
        "publish" => true,
        "private" => owner || editors,
        _ => false,
    };
    match (seen, post.password.is_empty()) {
        (false, _) => Sight::Nothing,
        (true, true) => Sight::Full,
        // Who may change it needs no password.
        (true, false) if owner || editors => Sight::Full,
        (true, false) => Sight::Title,
    }
}
