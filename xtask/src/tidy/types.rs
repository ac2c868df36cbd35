//! The 22 content types: each has one folder in one feature, and the registry of the binary lists exactly these.

use std::path::Path;

use super::source::Source;
use super::{Finding, entries, read_optional};

/// The WordPress names of the content types, `-` as `_`, alphabetical.
const TYPES: [&str; 22] = [
    "acf_field",
    "acf_field_group",
    "acf_post_type",
    "acf_taxonomy",
    "ai1ec_event",
    "attachment",
    "custom_css",
    "customize_changeset",
    "exactmetrics_note",
    "nav_menu_item",
    "oembed_cache",
    "page",
    "post",
    "revision",
    "user_request",
    "wp_block",
    "wp_font_face",
    "wp_font_family",
    "wp_global_styles",
    "wp_navigation",
    "wp_template",
    "wp_template_part",
];
const REGISTRY: &str = "guidepost/src/registry.rs";

/// Where content types stand now.
#[derive(Debug, Default)]
pub(crate) struct ContentTypes {
    /// Folders below `features/*/src`: the path, its last part, and whether it has a `mod.rs`.
    pub(crate) folders: Vec<(String, String, bool)>,
    /// The registry's text; empty where there is none.
    pub(crate) registry: String,
}

/// Looks into the features and the registry.
pub(crate) fn read(root: &Path) -> Result<ContentTypes, String> {
    let mut folders = Vec::new();
    for (feature, _) in entries(root, "features")?
        .into_iter()
        .filter(|(_, is_folder)| *is_folder)
    {
        let source = format!("features/{feature}/src");
        for (name, _) in entries(root, &source)?.into_iter().filter(|(_, is_folder)| *is_folder) {
            let path = format!("{source}/{name}");
            let has_mod = root.join(&path).join("mod.rs").is_file();
            folders.push((path, name, has_mod));
        }
    }
    Ok(ContentTypes {
        folders,
        registry: read_optional(root, REGISTRY)?,
    })
}

/// Checks folders and registry against the list.
pub(crate) fn check(found: &ContentTypes) -> Vec<Finding> {
    let mut findings: Vec<Finding> = TYPES.iter().filter_map(|name| check_folder(found, name)).collect();
    findings.extend(check_registry(&found.registry));
    findings
}

fn check_folder(found: &ContentTypes, name: &str) -> Option<Finding> {
    let places: Vec<_> = found.folders.iter().filter(|(_, folder, _)| folder == name).collect();
    let (path, message) = match places[..] {
        [(_, _, true)] => return None,
        [(path, _, false)] => (
            path.as_str(),
            "this content type has no mod.rs; put its descriptor there".to_owned(),
        ),
        [] => (
            "features",
            format!("content type `{name}` has no folder; make features/*/src/{name}/mod.rs"),
        ),
        [_, (second, _, _), ..] => (
            second.as_str(),
            format!("content type `{name}` has two folders; keep everything of it in one"),
        ),
    };
    Some(Finding::new("content-types", path, 1, message))
}

fn check_registry(text: &str) -> Vec<Finding> {
    if text.is_empty() {
        let message = "there is no registry; list the 22 content types there";
        return vec![Finding::new("content-types", REGISTRY, 1, message.to_owned())];
    }
    let source = Source::new(REGISTRY, text);
    let mut listed: Vec<(usize, &str)> = Vec::new();
    for name in TYPES {
        let first = source
            .words(name)
            .find(|at| !source.is_test(*at) && source.code[at + name.len()..].trim_start().starts_with("::"));
        match first {
            Some(at) => listed.push((at, name)),
            None => continue,
        }
    }
    let mut findings = Vec::new();
    for name in TYPES
        .iter()
        .filter(|name| !listed.iter().any(|(_, listed)| listed == *name))
    {
        let message =
            format!("content type `{name}` is missing; list it as FEATURE::{name}::…, in the order of the alphabet");
        findings.push(Finding::new("content-types", REGISTRY, 1, message));
    }
    // TYPES is alphabetical, so in a sorted registry positions rise.
    for pair in listed.windows(2).filter(|pair| pair[0].0 > pair[1].0) {
        let message = format!(
            "`{}` stands before `{}`; keep the order of the alphabet",
            pair[1].1, pair[0].1
        );
        findings.push(Finding::new("content-types", REGISTRY, source.line(pair[1].0), message));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> ContentTypes {
        let folder = |name: &&str| (format!("features/x/src/{name}"), (*name).to_owned(), true);
        let registry = TYPES
            .iter()
            .map(|name| format!("    gp_x::{name}::descriptor(),\n"))
            .collect();
        ContentTypes {
            folders: TYPES.iter().map(folder).collect(),
            registry,
        }
    }

    #[test]
    fn the_list_is_alphabetical_and_complete() {
        assert!(TYPES.is_sorted());
        assert_eq!(check(&complete()), []);
    }

    #[test]
    fn missing_doubled_and_empty_folders_are_named() {
        let mut found = complete();
        found.folders[0].2 = false;
        found.folders[1].1 = "other".to_owned();
        found
            .folders
            .push(("features/y/src/post".to_owned(), "post".to_owned(), true));
        let paths: Vec<String> = check(&found).into_iter().map(|finding| finding.path).collect();
        assert_eq!(paths, ["features/x/src/acf_field", "features", "features/y/src/post"]);
    }

    #[test]
    fn the_registry_lists_all_in_order() {
        let mut found = complete();
        found.registry = found.registry.replace("    gp_x::page::descriptor(),\n", "");
        assert!(check(&found)[0].message.contains("`page` is missing"));
        found.registry = format!("gp_x::page::descriptor(),\n{}", found.registry);
        assert!(
            check(&found)[0].message.contains("`page` stands before `oembed_cache`"),
            "{:?}",
            check(&found)
        );
    }
}
