//! Which of WordPress's tables go to which of ours, column by column.

/// How a column is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// The row's own id, greater than 0.
    Id,
    /// A whole number; 0 where there is none.
    Int,
    /// Text.
    Text,
    /// Text by which rows are found: the databases limit its length.
    Indexed,
    /// A date; the zero date where there is none.
    Date,
    /// Bytes as they are.
    Bytes,
    /// `yes`, `no` and their kin.
    Flag,
}

/// A column: WordPress's name, our name, how.
pub(crate) type Column = (&'static str, &'static str, How);

/// A table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Spec {
    /// WordPress's name without prefix.
    pub from: &'static str,
    /// Our name, which is also the sequence's.
    pub to: &'static str,
    /// The columns; the key comes first.
    pub columns: &'static [Column],
    /// Our columns that make the key.
    pub key: &'static [&'static str],
}

use How::{Bytes, Date, Flag, Id, Indexed, Int, Text};

/// All tables whose rows become rows of ours one by one. `terms` and `term_taxonomy` are merged elsewhere.
pub(crate) const SPECS: &[Spec] = &[
    Spec {
        from: "posts",
        to: "items",
        key: &["id"],
        columns: &[
            ("ID", "id", Id),
            ("post_type", "type", Indexed),
            ("post_status", "status", Indexed),
            ("post_name", "name", Indexed),
            ("post_title", "title", Text),
            ("post_content", "content", Text),
            ("post_excerpt", "excerpt", Text),
            ("post_author", "author", Int),
            ("post_parent", "parent", Int),
            ("menu_order", "menu_order", Int),
            ("post_date", "date", Date),
            ("post_date_gmt", "date_gmt", Date),
            ("post_modified", "modified", Date),
            ("post_modified_gmt", "modified_gmt", Date),
            ("post_password", "password", Text),
            ("comment_status", "comment_status", Text),
            ("ping_status", "ping_status", Text),
            ("to_ping", "to_ping", Text),
            ("pinged", "pinged", Text),
            ("post_content_filtered", "content_filtered", Text),
            ("guid", "guid", Text),
            ("post_mime_type", "mime_type", Text),
            ("comment_count", "comment_count", Int),
        ],
    },
    meta(
        "postmeta",
        "item_meta",
        &[
            ("meta_id", "id", Id),
            ("post_id", "item_id", Int),
            ("meta_key", "key", Indexed),
            ("meta_value", "value", Bytes),
        ],
    ),
    meta(
        "termmeta",
        "term_meta",
        &[
            ("meta_id", "id", Id),
            ("term_id", "term_id", Int),
            ("meta_key", "key", Indexed),
            ("meta_value", "value", Bytes),
        ],
    ),
    meta(
        "usermeta",
        "user_meta",
        &[
            ("umeta_id", "id", Id),
            ("user_id", "user_id", Int),
            ("meta_key", "key", Indexed),
            ("meta_value", "value", Bytes),
        ],
    ),
    meta(
        "commentmeta",
        "comment_meta",
        &[
            ("meta_id", "id", Id),
            ("comment_id", "comment_id", Int),
            ("meta_key", "key", Indexed),
            ("meta_value", "value", Bytes),
        ],
    ),
    Spec {
        from: "users",
        to: "users",
        key: &["id"],
        columns: &[
            ("ID", "id", Id),
            ("user_login", "login", Indexed),
            ("user_pass", "password", Text),
            ("user_nicename", "nicename", Indexed),
            ("user_email", "email", Text),
            ("user_url", "url", Text),
            ("user_registered", "registered", Date),
            ("user_activation_key", "activation_key", Text),
            ("user_status", "status", Int),
            ("display_name", "display_name", Text),
        ],
    },
    Spec {
        from: "comments",
        to: "comments",
        key: &["id"],
        columns: &[
            ("comment_ID", "id", Id),
            ("comment_post_ID", "item_id", Int),
            ("comment_author", "author", Text),
            ("comment_author_email", "author_email", Text),
            ("comment_author_url", "author_url", Text),
            ("comment_author_IP", "author_ip", Text),
            ("comment_date", "date", Date),
            ("comment_date_gmt", "date_gmt", Date),
            ("comment_content", "content", Text),
            ("comment_karma", "karma", Int),
            ("comment_approved", "approved", Indexed),
            ("comment_agent", "agent", Text),
            ("comment_type", "type", Text),
            ("comment_parent", "parent", Int),
            ("user_id", "user_id", Int),
        ],
    },
    Spec {
        from: "term_relationships",
        to: "item_terms",
        key: &["item_id", "term_taxonomy_id"],
        columns: &[
            ("object_id", "item_id", Int),
            ("term_taxonomy_id", "term_taxonomy_id", Int),
            ("term_order", "term_order", Int),
        ],
    },
    Spec {
        from: "options",
        to: "options",
        key: &["name"],
        columns: &[
            ("option_name", "name", Indexed),
            ("option_value", "value", Bytes),
            ("autoload", "autoload", Flag),
        ],
    },
];

/// Our terms: what `terms` and `term_taxonomy` become together.
pub(crate) const TERMS: Spec = Spec {
    from: "term_taxonomy",
    to: "terms",
    key: &["id"],
    columns: &[
        ("term_taxonomy_id", "id", Id),
        ("term_id", "term_id", Int),
        ("taxonomy", "taxonomy", Indexed),
        ("name", "name", Text),
        ("slug", "slug", Indexed),
        ("description", "description", Text),
        ("parent", "parent", Int),
        ("count", "count", Int),
        ("term_group", "term_group", Int),
    ],
};

const fn meta(from: &'static str, to: &'static str, columns: &'static [Column]) -> Spec {
    Spec {
        from,
        to,
        columns,
        key: &["id"],
    }
}

/// The table of WordPress's name without prefix.
pub(crate) fn spec(name: &str) -> Option<&'static Spec> {
    SPECS.iter().find(|s| s.from == name)
}

impl Spec {
    /// Where a column of ours stands.
    pub fn position(&self, to: &str) -> usize {
        self.columns.iter().position(|c| c.1 == to).unwrap_or(0)
    }
}
