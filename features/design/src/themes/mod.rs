//! Installed block themes: a folder each below the data folder, brought in from a folder or an archive.
//!
//! Kept of WordPress:
//! - the option `stylesheet` names the theme in use, `template` its parent or the same;
//! - files answer at `/wp-content/themes/NAME/…`.
//!
//! What must never be here: PHP that is run or kept, a file outside of the theme's own folder.

mod archive;
mod patterns;
mod variations;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use gp_blocks::{Theme, theme::clean_css};
use gp_content::{
    Actor, Verb,
    actions::{self, Act},
};
use gp_kernel::{Error, Result};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub use variations::{Variation, choose, variations};

/// The name of the theme that is built in.
pub const BUILT_IN: &str = "guidepost";

/// Kinds of file that are kept: what themes are made of, and what readers may fetch.
const KEPT: &[&str] = &[
    "html", "json", "css", "txt", "md", "woff2", "woff", "ttf", "otf", "png", "jpg", "jpeg", "gif", "webp", "avif",
    "svg", "ico",
];

/// Limits of one theme: a bomb is refused before it fills the disk.
const MOST_FILES: usize = 5_000;
const MOST_BYTES: u64 = 200 << 20;
const MOST_BYTES_OF_FILE: u64 = 32 << 20;
/// How deep folders stand in each other.
const DEEPEST: usize = 12;

/// The folder of the installed themes.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// What an installation did.
#[derive(Debug, Default)]
pub struct Installed {
    /// The theme's name.
    pub name: String,
    /// How many files were kept.
    pub files: usize,
    /// What was left out and why.
    pub notes: Vec<String>,
}

impl Folder {
    /// Below the data folder.
    pub fn below(data: &Path) -> Self {
        Self(data.join("themes"))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The names of the installed themes, with the built-in one.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn names(&self) -> Result<Vec<String>> {
        let mut names = vec![BUILT_IN.to_owned()];
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(names),
            Err(error) => return Err(Error::from(error).at(self.0.display())),
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() && is_name(&name) {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// Reads an installed theme; `None` when there is none of this name.
    ///
    /// # Errors
    /// When a file of it cannot be read or is not what it should be.
    pub fn read(&self, name: &str) -> Result<Option<Theme>> {
        let folder = self.0.join(name);
        if !is_name(name) || !folder.is_dir() {
            return Ok(None);
        }
        let mut found = Found::default();
        // Readers fetch fonts and pictures from the disk; the theme itself is text.
        archive::folder(
            &folder,
            &|path| path.ends_with(".html") || path.ends_with(".json") || path == "style.css",
            &mut found,
        )?;
        Theme::from_files(name, found.files).map(Some)
    }

    /// Brings a theme in from a folder or a zip archive; one of the same name is replaced. PHP is left out.
    ///
    /// # Errors
    /// When it cannot be read, holds no theme, or is not safe to unpack: the message says which file is the reason.
    pub fn install(&self, from: &Path) -> Result<Installed> {
        let mut found = Found::default();
        if from.is_dir() {
            archive::folder(from, &|_| true, &mut found)?;
        } else {
            archive::zip(from, &mut found)?;
        }
        let name = name_of(from, &mut found)?;
        if name == BUILT_IN {
            return Err(
                Error::invalid(format!("{name:?} is the name of the built-in theme")).hint("rename the theme's folder")
            );
        }
        if !found.files.contains_key("theme.json") && !found.files.keys().any(|path| path.starts_with("templates/")) {
            return Err(Error::invalid(format!("{} holds no block theme", from.display()))
                .hint("a block theme has theme.json and templates/ at its top"));
        }
        take_patterns(&name, &mut found)?;
        // Read once before anything is written: a theme that cannot be read is not installed.
        Theme::from_files(&name, found.files.clone())?;
        let files = kept(&name, found.files, &mut found.notes)?;
        self.write(&name, &files)?;
        Ok(Installed {
            name,
            files: files.len(),
            notes: found.notes,
        })
    }

    /// Writes beside the place first and then changes places, so that a reader never meets half a theme.
    fn write(&self, name: &str, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
        let fresh = self.0.join(format!(".new-{name}"));
        let old = self.0.join(format!(".old-{name}"));
        let place = self.0.join(name);
        let clear = |path: &Path| match fs::remove_dir_all(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::from(error).at(path.display())),
            _ => Ok(()),
        };
        clear(&fresh)?;
        clear(&old)?;
        for (path, bytes) in files {
            let file = fresh.join(path);
            if let Some(parent) = file.parent() {
                fs::create_dir_all(parent).map_err(|e| Error::from(e).at(parent.display()))?;
            }
            fs::write(&file, bytes).map_err(|e| Error::from(e).at(file.display()))?;
        }
        if place.exists() {
            fs::rename(&place, &old).map_err(|e| Error::from(e).at(place.display()))?;
        }
        fs::rename(&fresh, &place).map_err(|e| Error::from(e).at(place.display()))?;
        clear(&old)
    }

    /// A checksum of an installed theme's files.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn version(&self, name: &str) -> Result<String> {
        let mut found = Found::default();
        archive::folder(&self.0.join(name), &|_| true, &mut found)?;
        let mut hash = Sha256::new();
        for (path, bytes) in &found.files {
            hash.update(path.as_bytes());
            hash.update([0]);
            hash.update(bytes);
        }
        Ok(hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect())
    }
}

/// Files as they were found, by their paths with `/`.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub files: BTreeMap<String, Vec<u8>>,
    pub notes: Vec<String>,
    /// The one folder that everything stood in, when there was one.
    pub top: Option<String>,
    bytes: u64,
}

impl Found {
    /// Takes a file, within the limits.
    pub(crate) fn take(&mut self, path: String, bytes: Vec<u8>) -> Result<()> {
        self.bytes += bytes.len() as u64;
        if self.files.len() >= MOST_FILES {
            return Err(Error::invalid(format!("it has more than {MOST_FILES} files")));
        }
        if self.bytes > MOST_BYTES {
            return Err(Error::invalid(format!(
                "its files have more than {} MB",
                MOST_BYTES >> 20
            )));
        }
        self.files.insert(path, bytes);
        Ok(())
    }
}

/// Whether this can be the name of a theme: a folder, and a part of an address.
pub fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (1..=64).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(plain)
}

/// The theme's name: that of the folder around it, or of the archive.
fn name_of(from: &Path, found: &mut Found) -> Result<String> {
    let outer = if from.is_dir() {
        fs::canonicalize(from)
            .ok()
            .and_then(|p| Some(p.file_name()?.to_string_lossy().into_owned()))
    } else {
        from.file_stem().map(|s| s.to_string_lossy().into_owned())
    };
    let name = found.top.take().or(outer).unwrap_or_default();
    if is_name(&name) {
        Ok(name)
    } else {
        Err(Error::invalid(format!("{name:?} cannot be the name of a theme"))
            .hint("letters, digits, - and _; the name is that of the theme's folder"))
    }
}

/// Patterns that stand in PHP files go into `patterns.json`, as far as they only say texts.
fn take_patterns(theme: &str, found: &mut Found) -> Result<()> {
    let is_pattern = |path: &str| path.strip_prefix("patterns/")?.strip_suffix(".php").map(str::to_owned);
    let files: Vec<(String, String)> = found
        .files
        .iter()
        .filter_map(|(path, bytes)| Some((is_pattern(path)?, String::from_utf8_lossy(bytes).into_owned())))
        .collect();
    let mut list = match found.files.get("patterns.json") {
        Some(bytes) => serde_json::from_slice(bytes)
            .map_err(|e| Error::invalid(format!("theme {theme}: patterns.json is no JSON: {e}")))?,
        None => Value::Array(Vec::new()),
    };
    let mut read = 0;
    for (file, text) in files {
        match (patterns::read(theme, &file, &text), &mut list) {
            (Ok(pattern), Value::Array(list)) => {
                let name = pattern.get("name");
                if list
                    .iter()
                    .all(|known| known.get("name") != name && known.get("slug") != name)
                {
                    list.push(pattern);
                    read += 1;
                }
            }
            (Ok(_), _) => {}
            (Err(why), _) => found
                .notes
                .push(format!("left out a pattern that only PHP can make, {why}")),
        }
    }
    if read > 0 {
        found.notes.push(format!(
            "read {read} patterns out of PHP files, whose texts are as they stand there"
        ));
        found
            .files
            .insert("patterns.json".to_owned(), list.to_string().into_bytes());
    }
    Ok(())
}

/// What is kept of the files; CSS is freed of everything that asks foreign addresses.
fn kept(name: &str, files: BTreeMap<String, Vec<u8>>, notes: &mut Vec<String>) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut kept = BTreeMap::new();
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    for (path, bytes) in files {
        let file = path.rsplit('/').next().unwrap_or_default();
        let ending = file
            .rsplit_once('.')
            .map(|(_, e)| e.to_ascii_lowercase())
            .unwrap_or_default();
        // `x.php.png` is somebody's trick, on some servers.
        let tricky = file.to_ascii_lowercase().contains(".php");
        if !KEPT.contains(&ending.as_str()) || tricky || file.starts_with('.') {
            *left_out.entry(ending).or_default() += 1;
            continue;
        }
        let bytes = if ending == "css" {
            let text = String::from_utf8(bytes).map_err(|_| Error::invalid(format!("{name}: {path} is no UTF-8")))?;
            head_of(&text).into_bytes()
        } else {
            bytes
        };
        kept.insert(path, bytes);
    }
    for (ending, count) in left_out {
        let what = if ending == "php" {
            "never run here"
        } else {
            "not needed by readers"
        };
        notes.push(format!("left out {count} files of the kind {ending:?}: {what}"));
    }
    Ok(kept)
}

/// A stylesheet checked, with the comment at its head, which says what the theme is.
fn head_of(css: &str) -> String {
    let head = css
        .trim_start()
        .strip_prefix("/*")
        .and_then(|rest| rest.split_once("*/"));
    let head = head.map(|(head, _)| format!("/*{head}*/\n")).unwrap_or_default();
    head + &clean_css(css)
}

/// Puts a theme into use. `stylesheet` is set last: what reads it finds the rest done.
///
/// # Errors
/// When there is no such theme: the message names those there are.
pub async fn activate(act: &mut Act<'_>, folder: &Folder, name: &str) -> Result<()> {
    let names = folder.names()?;
    if !names.iter().any(|known| known == name) {
        return Err(Error::not_found(format!("the theme {name:?} is not installed"))
            .hint(format!("installed are {}", names.join(", "))));
    }
    let parent = match folder.read(name)? {
        Some(theme) => parent_of(&theme.style).unwrap_or_else(|| name.to_owned()),
        None => name.to_owned(),
    };
    if !names.contains(&parent) {
        return Err(Error::not_found(format!(
            "the theme {name:?} builds on {parent:?}, which is not installed"
        ))
        .hint(format!("install {parent} first")));
    }
    let grant = Actor::system().may_manage(Verb::SetOption)?;
    actions::set_option(act, &grant, "template", parent.as_bytes()).await?;
    actions::set_option(act, &grant, "stylesheet", name.as_bytes()).await
}

/// Says which themes are installed in which version, so that running servers read them again.
///
/// # Errors
/// When a theme cannot be read or the database does not answer.
pub async fn announce(act: &mut Act<'_>, folder: &Folder) -> Result<()> {
    let mut versions = serde_json::Map::new();
    for name in folder.names()?.into_iter().filter(|name| name != BUILT_IN) {
        let version = folder.version(&name)?;
        versions.insert(name, version.into());
    }
    let grant = Actor::system().may_manage(Verb::SetOption)?;
    let json = serde_json::Value::Object(versions).to_string();
    actions::set_option(act, &grant, gp_blocks::INSTALLED, json.as_bytes()).await
}

/// `Template: NAME` in the head of a child theme's stylesheet.
fn parent_of(style: &str) -> Option<String> {
    let head = style.trim_start().strip_prefix("/*")?.split("*/").next()?;
    let line = head
        .lines()
        .find_map(|line| line.trim_start_matches([' ', '*', '\t']).strip_prefix("Template:"))?;
    Some(line.trim().to_owned()).filter(|name| is_name(name))
}

#[cfg(test)]
mod tests;
