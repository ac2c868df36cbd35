//! Writes a large WordPress dump for benchmarks: `gendump --items N [--prefix wp_] > FILE`.
//!
//! The same arguments always give the same bytes. Every item is a published post with a body of
//! about 3 kB of block markup, six meta values and two terms; some have comments.

use std::io::{BufWriter, Write};

type Done = std::io::Result<()>;

const USERS: u64 = 5;
const TERMS: u64 = 60;
/// mysqldump begins a new INSERT after about this many bytes.
const STATEMENT: usize = 1_000_000;

const WORDS: [&str; 40] = [
    "children",
    "guidance",
    "safe",
    "adult",
    "listen",
    "school",
    "protect",
    "report",
    "risk",
    "family",
    "training",
    "policy",
    "care",
    "trust",
    "worker",
    "community",
    "it\\'s",
    "help",
    "young",
    "people",
    "l\\'école",
    "enfants",
    "protección",
    "Kinder",
    "the",
    "and",
    "with",
    "for",
    "before",
    "after",
    "who",
    "must",
    "always",
    "support",
    "case",
    "review",
    "سلامة",
    "儿童",
    "plan",
    "when",
];

/// A small generator of repeatable numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn words(&mut self, count: u64) -> String {
        let words = (0..count).map(|_| WORDS[self.below(WORDS.len() as u64) as usize]);
        words.collect::<Vec<_>>().join(" ")
    }
}

/// Writes the rows of one table as extended inserts.
struct Table<'w, W: Write> {
    out: &'w mut W,
    name: String,
    length: usize,
}

impl<'w, W: Write> Table<'w, W> {
    fn begin(out: &'w mut W, name: String, columns: &str, keys: &str) -> std::io::Result<Self> {
        writeln!(
            out,
            "DROP TABLE IF EXISTS `{name}`;\n/*!50503 SET character_set_client = utf8mb4 */;"
        )?;
        writeln!(
            out,
            "CREATE TABLE `{name}` (\n  {},\n  {keys}",
            columns.replace("; ", ",\n  ")
        )?;
        writeln!(
            out,
            ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;\n"
        )?;
        writeln!(
            out,
            "LOCK TABLES `{name}` WRITE;\n/*!40000 ALTER TABLE `{name}` DISABLE KEYS */;"
        )?;
        Ok(Table { out, name, length: 0 })
    }

    fn row(&mut self, row: &str) -> Done {
        if self.length == 0 {
            write!(self.out, "INSERT INTO `{}` VALUES ({row})", self.name)?;
        } else {
            write!(self.out, ",({row})")?;
        }
        self.length += row.len();
        if self.length > STATEMENT {
            writeln!(self.out, ";")?;
            self.length = 0;
        }
        Ok(())
    }

    fn end(self) -> Done {
        if self.length > 0 {
            writeln!(self.out, ";")?;
        }
        let name = &self.name;
        writeln!(
            self.out,
            "/*!40000 ALTER TABLE `{name}` ENABLE KEYS */;\nUNLOCK TABLES;\n"
        )
    }
}

fn date(id: u64) -> String {
    let (day, month, year) = (id % 28 + 1, id / 28 % 12 + 1, 2005 + id / 336 % 20);
    format!("{year}-{month:02}-{day:02} {:02}:{:02}:00", id % 24, id % 60)
}

/// About 3 kB of block markup, escaped as in a dump.
fn body(random: &mut Random, id: u64) -> String {
    let mut text = String::with_capacity(3400);
    while text.len() < 2900 {
        let level = 2 + random.below(2);
        let heading = random.words(5);
        text.push_str(&format!(
            "<!-- wp:heading {{\\\"level\\\":{level}}} -->\\n<h{level} class=\\\"wp-block-heading\\\">{heading}</h{level}>\\n<!-- /wp:heading -->\\n\\n"
        ));
        for _ in 0..2 {
            let sentence = random.words(35);
            text.push_str(&format!(
                "<!-- wp:paragraph -->\\n<p>{sentence}.</p>\\n<!-- /wp:paragraph -->\\n\\n"
            ));
        }
    }
    text.push_str(&format!("<!-- wp:file {{\\\"id\\\":{id}}} -->\\n<div class=\\\"wp-block-file\\\"><a href=\\\"/wp-content/uploads/{id}.pdf\\\">{id}.pdf</a></div>\\n<!-- /wp:file -->"));
    text
}

fn posts(out: &mut impl Write, prefix: &str, items: u64) -> Done {
    let columns = "`ID` bigint(20) unsigned NOT NULL AUTO_INCREMENT; `post_author` bigint(20) unsigned NOT NULL DEFAULT 0; \
        `post_date` datetime NOT NULL DEFAULT '0000-00-00 00:00:00'; `post_date_gmt` datetime NOT NULL DEFAULT '0000-00-00 00:00:00'; \
        `post_content` longtext NOT NULL; `post_title` text NOT NULL; `post_excerpt` text NOT NULL; \
        `post_status` varchar(20) NOT NULL DEFAULT 'publish'; `comment_status` varchar(20) NOT NULL DEFAULT 'open'; \
        `ping_status` varchar(20) NOT NULL DEFAULT 'open'; `post_password` varchar(255) NOT NULL DEFAULT ''; \
        `post_name` varchar(200) NOT NULL DEFAULT ''; `to_ping` text NOT NULL; `pinged` text NOT NULL; \
        `post_modified` datetime NOT NULL DEFAULT '0000-00-00 00:00:00'; `post_modified_gmt` datetime NOT NULL DEFAULT '0000-00-00 00:00:00'; \
        `post_content_filtered` longtext NOT NULL; `post_parent` bigint(20) unsigned NOT NULL DEFAULT 0; \
        `guid` varchar(255) NOT NULL DEFAULT ''; `menu_order` int(11) NOT NULL DEFAULT 0; `post_type` varchar(20) NOT NULL DEFAULT 'post'; \
        `post_mime_type` varchar(100) NOT NULL DEFAULT ''; `comment_count` bigint(20) NOT NULL DEFAULT 0";
    let keys = "PRIMARY KEY (`ID`),\n  KEY `post_name` (`post_name`(191))";
    let mut table = Table::begin(out, format!("{prefix}posts"), columns, keys)?;
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for id in 1..=items {
        let (date, author, title, body) = (date(id), id % USERS + 1, random.words(6), body(&mut random, id));
        let excerpt = random.words(20);
        let comments = u64::from(id.is_multiple_of(5));
        table.row(&format!(
            "{id},{author},'{date}','{date}','{body}','{title} {id}','{excerpt}','publish','open','closed','','guidance-{id}','','','{date}','{date}','',0,'https://library.example/?p={id}',0,'post','',{comments}"
        ))?;
    }
    table.end()
}

fn postmeta(out: &mut impl Write, prefix: &str, items: u64) -> Done {
    let columns = "`meta_id` bigint(20) unsigned NOT NULL AUTO_INCREMENT; `post_id` bigint(20) unsigned NOT NULL DEFAULT 0; \
        `meta_key` varchar(255) DEFAULT NULL; `meta_value` longtext DEFAULT NULL";
    let keys = "PRIMARY KEY (`meta_id`),\n  KEY `post_id` (`post_id`)";
    let mut table = Table::begin(out, format!("{prefix}postmeta"), columns, keys)?;
    let mut random = Random(7);
    for id in 1..=items {
        let source = random.words(3);
        let values = [
            ("_edit_last", format!("'{}'", id % USERS + 1)),
            ("_edit_lock", format!("'{}:1'", 1_700_000_000 + id)),
            ("publisher", format!("'{source}'")),
            ("_publisher", "'field_5f3a1b2c3d4e5'".to_owned()),
            ("countries", "'a:2:{i:0;s:2:\\\"KE\\\";i:1;s:2:\\\"NP\\\";}'".to_owned()),
            ("subtitle", "NULL".to_owned()),
        ];
        for (at, (key, value)) in (0u64..).zip(values) {
            table.row(&format!("{},{id},'{key}',{value}", (id - 1) * 6 + at + 1))?;
        }
    }
    table.end()
}

fn terms(out: &mut impl Write, prefix: &str, items: u64) -> Done {
    let columns = "`term_id` bigint(20) unsigned NOT NULL AUTO_INCREMENT; `name` varchar(200) NOT NULL DEFAULT ''; \
        `slug` varchar(200) NOT NULL DEFAULT ''; `term_group` bigint(10) NOT NULL DEFAULT 0";
    let mut table = Table::begin(&mut *out, format!("{prefix}terms"), columns, "PRIMARY KEY (`term_id`)")?;
    for id in 1..=TERMS {
        table.row(&format!("{id},'Topic {id}','topic-{id}',0"))?;
    }
    table.end()?;
    let columns = "`term_taxonomy_id` bigint(20) unsigned NOT NULL AUTO_INCREMENT; `term_id` bigint(20) unsigned NOT NULL DEFAULT 0; \
        `taxonomy` varchar(32) NOT NULL DEFAULT ''; `description` longtext NOT NULL; \
        `parent` bigint(20) unsigned NOT NULL DEFAULT 0; `count` bigint(20) NOT NULL DEFAULT 0";
    let key = "PRIMARY KEY (`term_taxonomy_id`)";
    let mut table = Table::begin(&mut *out, format!("{prefix}term_taxonomy"), columns, key)?;
    for id in 1..=TERMS {
        let taxonomy = if id <= TERMS / 2 { "category" } else { "post_tag" };
        table.row(&format!("{id},{id},'{taxonomy}','',0,{}", items * 2 / TERMS))?;
    }
    table.end()?;
    let columns = "`object_id` bigint(20) unsigned NOT NULL DEFAULT 0; `term_taxonomy_id` bigint(20) unsigned NOT NULL DEFAULT 0; \
        `term_order` int(11) NOT NULL DEFAULT 0";
    let key = "PRIMARY KEY (`object_id`,`term_taxonomy_id`)";
    let mut table = Table::begin(out, format!("{prefix}term_relationships"), columns, key)?;
    for id in 1..=items {
        table.row(&format!("{id},{},0", id % (TERMS / 2) + 1))?;
        table.row(&format!("{id},{},0", id % (TERMS / 2) + 1 + TERMS / 2))?;
    }
    table.end()
}

fn users(out: &mut impl Write, prefix: &str) -> Done {
    let columns = "`ID` bigint(20) unsigned NOT NULL AUTO_INCREMENT; `user_login` varchar(60) NOT NULL DEFAULT ''; \
        `user_pass` varchar(255) NOT NULL DEFAULT ''; `user_nicename` varchar(50) NOT NULL DEFAULT ''; \
        `user_email` varchar(100) NOT NULL DEFAULT ''; `user_url` varchar(100) NOT NULL DEFAULT ''; \
        `user_registered` datetime NOT NULL DEFAULT '0000-00-00 00:00:00'; `user_activation_key` varchar(255) NOT NULL DEFAULT ''; \
        `user_status` int(11) NOT NULL DEFAULT 0; `display_name` varchar(250) NOT NULL DEFAULT ''";
    let mut table = Table::begin(&mut *out, format!("{prefix}users"), columns, "PRIMARY KEY (`ID`)")?;
    for id in 1..=USERS {
        table.row(&format!(
            "{id},'editor{id}','5f4dcc3b5aa765d61d8327deb882cf99','editor{id}','editor{id}@library.example','','2010-01-01 00:00:00','',0,'Editor {id}'"
        ))?;
    }
    table.end()?;
    let columns = "`umeta_id` bigint(20) unsigned NOT NULL AUTO_INCREMENT; `user_id` bigint(20) unsigned NOT NULL DEFAULT 0; \
        `meta_key` varchar(255) DEFAULT NULL; `meta_value` longtext DEFAULT NULL";
    let mut table = Table::begin(out, format!("{prefix}usermeta"), columns, "PRIMARY KEY (`umeta_id`)")?;
    for id in 1..=USERS {
        let (role, length) = if id == 1 { ("administrator", 13) } else { ("editor", 6) };
        let value = format!("a:1:{{s:{length}:\\\"{role}\\\";b:1;}}");
        table.row(&format!("{id},{id},'{prefix}capabilities','{value}'"))?;
    }
    table.end()
}

fn comments(out: &mut impl Write, prefix: &str, items: u64) -> Done {
    let columns = "`comment_ID` bigint(20) unsigned NOT NULL AUTO_INCREMENT; `comment_post_ID` bigint(20) unsigned NOT NULL DEFAULT 0; \
        `comment_author` tinytext NOT NULL; `comment_author_email` varchar(100) NOT NULL DEFAULT ''; \
        `comment_author_url` varchar(200) NOT NULL DEFAULT ''; `comment_author_IP` varchar(100) NOT NULL DEFAULT ''; \
        `comment_date` datetime NOT NULL DEFAULT '0000-00-00 00:00:00'; `comment_date_gmt` datetime NOT NULL DEFAULT '0000-00-00 00:00:00'; \
        `comment_content` text NOT NULL; `comment_karma` int(11) NOT NULL DEFAULT 0; `comment_approved` varchar(20) NOT NULL DEFAULT '1'; \
        `comment_agent` varchar(255) NOT NULL DEFAULT ''; `comment_type` varchar(20) NOT NULL DEFAULT 'comment'; \
        `comment_parent` bigint(20) unsigned NOT NULL DEFAULT 0; `user_id` bigint(20) unsigned NOT NULL DEFAULT 0";
    let mut table = Table::begin(out, format!("{prefix}comments"), columns, "PRIMARY KEY (`comment_ID`)")?;
    let mut random = Random(11);
    for post in (5..=items).step_by(5) {
        let (id, date, text) = (post / 5, date(post), random.words(25));
        table.row(&format!(
            "{id},{post},'Reader {id}','reader{id}@mail.example','','203.0.113.9','{date}','{date}','{text}',0,'1','Browser','comment',0,0"
        ))?;
    }
    table.end()
}

fn options(out: &mut impl Write, prefix: &str) -> Done {
    let columns = "`option_id` bigint(20) unsigned NOT NULL AUTO_INCREMENT; `option_name` varchar(191) NOT NULL DEFAULT ''; \
        `option_value` longtext NOT NULL; `autoload` varchar(20) NOT NULL DEFAULT 'yes'";
    let mut table = Table::begin(out, format!("{prefix}options"), columns, "PRIMARY KEY (`option_id`)")?;
    let roles = format!("{prefix}user_roles");
    let values = [
        ("siteurl", "https://library.example"),
        ("home", "https://library.example"),
        ("blogname", "Large Library"),
        ("permalink_structure", "/%postname%/"),
        ("timezone_string", "UTC"),
        ("db_version", "60421"),
        (roles.as_str(), "a:0:{}"),
    ];
    for (at, (name, value)) in values.iter().enumerate() {
        table.row(&format!("{},'{name}','{value}','yes'", at + 1))?;
    }
    table.end()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut items, mut prefix) = (1000, "wp_".to_owned());
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or("usage: gendump --items N [--prefix wp_]")?;
        match name.as_str() {
            "--items" => items = value.parse()?,
            "--prefix" => prefix = value,
            other => return Err(format!("unknown argument {other}").into()),
        }
    }
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    writeln!(
        out,
        "-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\n/*!50503 SET NAMES utf8mb4 */;"
    )?;
    writeln!(
        out,
        "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;\n"
    )?;
    comments(&mut out, &prefix, items)?;
    options(&mut out, &prefix)?;
    postmeta(&mut out, &prefix, items)?;
    posts(&mut out, &prefix, items)?;
    terms(&mut out, &prefix, items)?;
    users(&mut out, &prefix)?;
    writeln!(
        out,
        "/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;\n\n-- Dump completed on 2026-11-25 12:00:00"
    )?;
    out.flush()?;
    Ok(())
}
