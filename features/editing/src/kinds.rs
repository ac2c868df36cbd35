//! What is said of types and states in this room, and who may work with them.

use gp_admin::{Desk, Group};
use gp_content::{ContentType, Item, types::Rights};

/// The states of items, in the order of the tabs: WordPress's name, what it is called, its shape.
pub(crate) const STATES: &[(&str, &str, &str)] = &[
    ("publish", "Published", "ok"),
    ("pending", "In review", "draft"),
    ("future", "Scheduled", "warn"),
    ("draft", "Drafts", "draft"),
    ("private", "Private", ""),
    ("trash", "Trash", "stop"),
];

/// Every state but the trash.
pub(crate) fn living() -> Vec<&'static str> {
    STATES
        .iter()
        .map(|(name, ..)| *name)
        .filter(|name| *name != "trash")
        .collect()
}

/// The state of an item as shape and word.
pub(crate) fn state(item: &Item) -> String {
    let known = STATES.iter().find(|(name, ..)| *name == item.status);
    let (word, kind) = match known {
        Some(("draft", ..)) => ("Draft", "draft"),
        Some(("trash", ..)) => ("In the trash", "stop"),
        Some((_, word, kind)) => (*word, *kind),
        None => (item.status.as_str(), ""),
    };
    let locked = if item.password.is_empty() {
        ""
    } else {
        ", with a password"
    };
    gp_admin::html::state(kind, &format!("{word}{locked}"))
}

/// The types with a list of their own, with the group of the menu where it stands.
pub(crate) const LISTED: &[(&str, Group)] = &[
    ("post", Group::Library),
    ("page", Group::Library),
    ("ai1ec_event", Group::Library),
    ("wp_block", Group::Design),
    ("wp_navigation", Group::Design),
    ("wp_template", Group::Design),
    ("wp_template_part", Group::Design),
];

/// A type that has a list here, by name; the empty name is `post`.
pub(crate) fn listed<'a>(desk: &'a Desk, name: &str) -> Option<&'a ContentType> {
    let name = if name.is_empty() { "post" } else { name };
    LISTED.iter().find(|(listed, _)| *listed == name)?;
    desk.app.types.get(name)
}

/// Whether who is at the desk may work with items of a type at all.
pub(crate) fn works_with(desk: &Desk, kind: &ContentType) -> bool {
    match kind.rights {
        Rights::PerItem(plural) => desk.can(&format!("edit_{plural}")),
        Rights::One(capability) => desk.can(capability),
        Rights::OfParent => false,
    }
}

/// Whether items of a type are written in the editors of this room: those that the API knows.
pub(crate) fn is_written_here(kind: &ContentType) -> bool {
    kind.rest_base.is_some()
}

/// The title of an item as plain text; those without one say so.
pub(crate) fn title(item: &Item) -> String {
    let title = gp_markup::text::plain_text(&item.title);
    if title.trim().is_empty() {
        "(no title)".to_owned()
    } else {
        title
    }
}

/// "1 resource", "3 resources".
pub(crate) fn counted(kind: &ContentType, count: usize) -> String {
    let name = if count == 1 { kind.singular } else { kind.plural };
    format!("{count} {}", name.to_lowercase())
}

/// Where the list of a type is.
pub(crate) fn list_of(kind: &str) -> String {
    match kind {
        "post" => "edit.php".to_owned(),
        kind => format!("edit.php?post_type={kind}"),
    }
}

/// Where an item is edited.
pub(crate) fn edit_of(item: &Item) -> String {
    format!("/wp-admin/post.php?post={}&action=edit", item.id)
}
