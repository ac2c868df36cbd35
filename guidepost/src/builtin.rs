//! What is built into the program: the theme and the demo library. In development they are read from the tree.

use std::collections::BTreeMap;

use gp_blocks::Theme;
use gp_kernel::{Error, Result};
use gp_web::Assets;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../theme"]
struct ThemeFiles;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../platform/admin/assets"]
struct AdminFiles;

/// The block editor, when it was built (`scripts/setup` does); without it the plain one is everybody's.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../editor/dist"]
#[allow_missing = true]
struct EditorFiles;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../demo"]
struct DemoFiles;

fn all<E: RustEmbed>() -> BTreeMap<String, Vec<u8>> {
    E::iter()
        .filter_map(|name| Some((name.to_string(), E::get(&name)?.data.into_owned())))
        .collect()
}

/// The built-in theme.
///
/// # Errors
/// When its files cannot be read: a fault in the build.
pub fn theme() -> Result<Theme> {
    Theme::from_files("guidepost", all::<ThemeFiles>()).map_err(|e| Error::internal(format!("built-in theme: {e}")))
}

/// What of the theme's style the rooms where a site is worked on share with it: fonts and tokens, up to this line.
const END_OF_TOKENS: &str = "/* end of tokens */";

/// Style, fonts and marks of the built-in theme, and of the rooms where a site is worked on.
pub fn assets() -> Assets {
    let mut files = BTreeMap::new();
    for (name, bytes) in all::<ThemeFiles>() {
        if name == "style.css" {
            files.insert(name, bytes);
        } else if let Some(name) = name.strip_prefix("assets/") {
            files.insert(name.to_owned(), bytes);
        }
    }
    let style = files.remove("style.css").unwrap_or_default();
    let style = without_remarks(&String::from_utf8_lossy(&style));
    let tokens = style.split(END_OF_TOKENS).next().unwrap_or_default().to_owned();
    files.insert(
        "style.css".to_owned(),
        style.replacen(END_OF_TOKENS, "", 1).into_bytes(),
    );
    for (name, bytes) in all::<AdminFiles>() {
        let bytes = if name == "admin.css" {
            [tokens.as_bytes(), &bytes].concat()
        } else {
            bytes
        };
        files.insert(name, bytes);
    }
    files.extend(
        all::<EditorFiles>()
            .into_iter()
            .map(|(name, bytes)| (format!("editor/{name}"), bytes)),
    );
    Assets::new(files)
}

/// A style without what is written in it for its authors: remarks, and blanks around lines.
fn without_remarks(style: &str) -> String {
    let mut out = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, after)) = rest.split_once("/*") {
        let (remark, after) = after.split_once("*/").unwrap_or((after, ""));
        out.push_str(before);
        if END_OF_TOKENS == format!("/*{remark}*/") {
            out.push_str(END_OF_TOKENS);
        }
        rest = after;
    }
    out.push_str(rest);
    let lines: Vec<&str> = out.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// The files of the demo library by name: `items/post/x.html`, `uploads/2026/11/x.pdf`, `menus.toml`.
pub fn demo() -> BTreeMap<String, Vec<u8>> {
    all::<DemoFiles>()
}
