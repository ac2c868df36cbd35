//! Writes small WordPress databases as mysqldump would.
#![allow(dead_code, reason = "each test uses its part")]

use std::fmt::Write as _;

/// A row of `wp_posts`.
#[derive(Debug, Clone)]
pub struct Post {
    pub id: u64,
    pub kind: &'static str,
    pub status: &'static str,
    pub name: String,
    pub title: String,
    pub content: String,
    pub excerpt: String,
    pub password: String,
    pub author: u64,
    pub parent: u64,
    pub date: &'static str,
    pub mime: &'static str,
}

impl Post {
    /// A published post of the first account.
    pub fn new(id: u64, kind: &'static str, status: &'static str, name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            id,
            kind,
            status,
            title: name.clone(),
            content: String::new(),
            excerpt: String::new(),
            password: String::new(),
            author: 1,
            parent: 0,
            date: "2026-03-04 05:06:07",
            mime: "",
            name,
        }
    }
}

/// A row of `wp_comments`.
#[derive(Debug, Clone)]
pub struct Comment {
    pub id: u64,
    pub post: u64,
    pub approved: &'static str,
    pub kind: &'static str,
    pub content: String,
}

/// A database.
#[derive(Debug, Clone, Default)]
pub struct Wordpress {
    pub posts: Vec<Post>,
    pub comments: Vec<Comment>,
    /// (post, key, value)
    pub meta: Vec<(u64, String, Vec<u8>)>,
    /// (id, login, role)
    pub users: Vec<(u64, &'static str, &'static str)>,
    /// (id, taxonomy, name, slug)
    pub terms: Vec<(u64, &'static str, &'static str, &'static str)>,
    /// (post, term)
    pub labelled: Vec<(u64, u64)>,
    pub options: Vec<(&'static str, Vec<u8>)>,
}

impl Wordpress {
    /// A site with pretty addresses, and accounts of every role named after it.
    pub fn new() -> Self {
        let options: &[(&str, &str)] = &[
            ("siteurl", "http://library.example"),
            ("home", "http://library.example"),
            ("blogname", "The Test Library"),
            ("blogdescription", "Made for tests"),
            ("permalink_structure", "/%postname%/"),
            ("posts_per_page", "10"),
            ("posts_per_rss", "100"),
            ("blog_public", "1"),
            ("show_on_front", "posts"),
            ("default_category", "1"),
        ];
        Self {
            users: vec![
                (1, "administrator", "administrator"),
                (2, "editor", "editor"),
                (3, "author", "author"),
                (4, "other_author", "author"),
                (5, "contributor", "contributor"),
                (6, "subscriber", "subscriber"),
            ],
            terms: vec![
                (1, "category", "Open Label", "open-label"),
                (2, "post_tag", "Open Tag", "open-tag"),
            ],
            options: options.iter().map(|(n, v)| (*n, v.as_bytes().to_vec())).collect(),
            ..Self::default()
        }
    }

    /// Many posts with long texts, for imports that take their time.
    pub fn large(posts: u64) -> Self {
        let mut site = Self::new();
        let text = "Guidance for those who look after children, in plain words. ".repeat(30);
        site.posts = (1..=posts)
            .map(|id| {
                let mut post = Post::new(id, "post", "publish", format!("guidance-{id}"));
                post.content = format!("<p>{text}</p>");
                post
            })
            .collect();
        site.meta = (1..=posts)
            .map(|id| (id, "source".to_owned(), b"a report".to_vec()))
            .collect();
        site
    }

    /// The dump.
    pub fn sql(&self) -> Vec<u8> {
        let mut out = Dump::new();
        out.table("posts", POSTS, self.posts.iter().map(post_row).collect());
        let meta = self.meta.iter().enumerate();
        out.table(
            "postmeta",
            "meta_id bigint,post_id bigint,meta_key varchar(255),meta_value longtext",
            meta.map(|(n, (post, key, value))| row(&[num(n + 1), num(*post), text(key), quoted(value)]))
                .collect(),
        );
        out.table("comments", COMMENTS, self.comments.iter().map(comment_row).collect());
        out.table("users", USERS, self.users.iter().map(user_row).collect());
        out.table(
            "usermeta",
            "umeta_id bigint,user_id bigint,meta_key varchar(255),meta_value longtext",
            self.users
                .iter()
                .map(|(id, _, role)| {
                    let value = format!("a:1:{{s:{}:\"{role}\";b:1;}}", role.len());
                    row(&[num(*id), num(*id), text("wp_capabilities"), text(&value)])
                })
                .collect(),
        );
        let terms = self.terms.iter();
        out.table(
            "terms",
            "term_id bigint,name varchar(200),slug varchar(200),term_group bigint",
            terms
                .map(|(id, _, name, slug)| row(&[num(*id), text(name), text(slug), num(0u8)]))
                .collect(),
        );
        let count = |term: u64| self.labelled.iter().filter(|(_, t)| *t == term).count();
        out.table(
            "term_taxonomy",
            "term_taxonomy_id bigint,term_id bigint,taxonomy varchar(32),description longtext,parent bigint,count bigint",
            self.terms
                .iter()
                .map(|(id, taxonomy, ..)| row(&[num(*id), num(*id), text(taxonomy), text(""), num(0u8), num(count(*id))]))
                .collect(),
        );
        out.table(
            "term_relationships",
            "object_id bigint,term_taxonomy_id bigint,term_order int",
            self.labelled
                .iter()
                .map(|(post, term)| row(&[num(*post), num(*term), num(0u8)]))
                .collect(),
        );
        let options = self.options.iter().enumerate();
        out.table(
            "options",
            "option_id bigint,option_name varchar(191),option_value longtext,autoload varchar(20)",
            options
                .map(|(n, (name, value))| row(&[num(n + 1), text(name), quoted(value), text("yes")]))
                .collect(),
        );
        out.end()
    }
}

const POSTS: &str = "ID bigint,post_author bigint,post_date datetime,post_date_gmt datetime,post_content longtext,\
    post_title text,post_excerpt text,post_status varchar(20),comment_status varchar(20),ping_status varchar(20),\
    post_password varchar(255),post_name varchar(200),to_ping text,pinged text,post_modified datetime,\
    post_modified_gmt datetime,post_content_filtered longtext,post_parent bigint,guid varchar(255),menu_order int,\
    post_type varchar(20),post_mime_type varchar(100),comment_count bigint";
const COMMENTS: &str = "comment_ID bigint,comment_post_ID bigint,comment_author tinytext,comment_author_email varchar(100),\
    comment_author_url varchar(200),comment_author_IP varchar(100),comment_date datetime,comment_date_gmt datetime,\
    comment_content text,comment_karma int,comment_approved varchar(20),comment_agent varchar(255),\
    comment_type varchar(20),comment_parent bigint,user_id bigint";
const USERS: &str = "ID bigint,user_login varchar(60),user_pass varchar(255),user_nicename varchar(50),user_email varchar(100),\
    user_url varchar(100),user_registered datetime,user_activation_key varchar(255),user_status int,display_name varchar(250)";

fn post_row(p: &Post) -> Vec<u8> {
    let guid = format!("http://library.example/?p={}", p.id);
    row(&[
        num(p.id),
        num(p.author),
        text(p.date),
        text(p.date),
        text(&p.content),
        text(&p.title),
        text(&p.excerpt),
        text(p.status),
        text("open"),
        text("open"),
        text(&p.password),
        text(&p.name),
        text(""),
        text(""),
        text(p.date),
        text(p.date),
        text(""),
        num(p.parent),
        text(&guid),
        num(0u8),
        text(p.kind),
        text(p.mime),
        num(0u8),
    ])
}

fn comment_row(c: &Comment) -> Vec<u8> {
    let date = "2026-03-05 06:07:08";
    row(&[
        num(c.id),
        num(c.post),
        text("A Reader"),
        text("reader@mail.example"),
        text(""),
        text("192.0.2.7"),
        text(date),
        text(date),
        text(&c.content),
        num(0u8),
        text(c.approved),
        text(""),
        text(c.kind),
        num(0u8),
        num(0u8),
    ])
}

fn user_row((id, login, _): &(u64, &str, &str)) -> Vec<u8> {
    let mail = format!("{login}@library.example");
    let name = login.replace('_', "-");
    let date = "2026-01-01 00:00:00";
    row(&[
        num(*id),
        text(login),
        text("$P$Bnobody.knows.this.password.0"),
        text(&name),
        text(&mail),
        text(""),
        text(date),
        text(""),
        num(0u8),
        text(&name),
    ])
}

fn num(value: impl ToString) -> Vec<u8> {
    value.to_string().into_bytes()
}

fn text(value: &str) -> Vec<u8> {
    quoted(value.as_bytes())
}

/// A value between quotes, escaped as MySQL does.
fn quoted(value: &[u8]) -> Vec<u8> {
    let mut out = vec![b'\''];
    for byte in value {
        match byte {
            b'\'' => out.extend(b"\\'"),
            b'\\' => out.extend(b"\\\\"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            0 => out.extend(b"\\0"),
            other => out.push(*other),
        }
    }
    out.push(b'\'');
    out
}

fn row(cells: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![b'('];
    out.extend(cells.join(&b','));
    out.push(b')');
    out
}

/// A dump as it is written.
struct Dump(Vec<u8>);

impl Dump {
    fn new() -> Self {
        let head = "-- MySQL dump 10.13  Distrib 8.0.39, for Linux (x86_64)\n--\n-- Host: localhost    Database: library\n\
            -- ------------------------------------------------------\n/*!40101 SET NAMES utf8mb4 */;\n\n";
        Self(head.as_bytes().to_vec())
    }

    fn table(&mut self, name: &str, columns: &str, rows: Vec<Vec<u8>>) {
        let mut lines = String::new();
        for column in columns.split(',') {
            let (column, kind) = column.trim().split_once(' ').unwrap();
            // A comma inside a type does not happen here.
            let _ = writeln!(lines, "  `{column}` {kind} NOT NULL,");
        }
        let lines = lines.trim_end_matches(",\n");
        let made = format!(
            "DROP TABLE IF EXISTS `wp_{name}`;\nCREATE TABLE `wp_{name}` (\n{lines}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n"
        );
        self.0.extend(made.as_bytes());
        for some in rows.chunks(200) {
            self.0.extend(format!("INSERT INTO `wp_{name}` VALUES ").as_bytes());
            self.0.extend(some.join(&b','));
            self.0.extend(b";\n");
        }
    }

    fn end(mut self) -> Vec<u8> {
        self.0.extend(b"-- Dump completed on 2026-11-25 12:00:00\n");
        self.0
    }
}
