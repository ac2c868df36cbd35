//! The drawings that the icon block offers, by name. Drawings only: what stands around them is the block's.
//!
//! They are WordPress's own (`@wordpress/icons`, GPL-2.0-or-later, see LICENSE.md), brought here by `scripts/vendor-icons`.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

/// One drawing, of 24 by 24.
#[derive(Debug, Deserialize)]
pub struct Icon {
    /// What it shows, in English.
    pub label: String,
    /// What stands inside of the `<svg>`.
    pub drawing: String,
}

static CORE: LazyLock<BTreeMap<String, Icon>> =
    LazyLock::new(|| serde_json::from_str(include_str!("icons.json")).unwrap_or_default());

/// WordPress's collection, by name: `arrow-left`.
pub fn core() -> &'static BTreeMap<String, Icon> {
    &CORE
}

/// An icon by the name that blocks hold: `core/arrow-left`.
pub fn by_name(name: &str) -> Option<&'static Icon> {
    core().get(name.strip_prefix("core/")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_are_paths_and_nothing_that_runs() {
        assert_eq!(core().len(), 88);
        for (name, icon) in core() {
            let plain = icon
                .drawing
                .split('<')
                .skip(1)
                .all(|tag| tag.starts_with("path ") && tag.ends_with("/>"));
            assert!(plain, "{name}: {}", icon.drawing);
        }
    }

    #[test]
    fn names_belong_to_a_collection() {
        assert_eq!(by_name("core/tip").map(|icon| icon.label.as_str()), Some("Tip"));
        assert!(by_name("tip").is_none() && by_name("core/nothing").is_none());
    }
}
