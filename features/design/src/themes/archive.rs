//! Reads the files of a theme from a folder or a zip archive that somebody else made.

use std::{
    fs,
    io::Read as _,
    path::{Component, Path},
};

use gp_kernel::{Error, Result};

use super::{DEEPEST, Found, MOST_BYTES_OF_FILE, MOST_FILES};

/// What a file of an archive may unpack to, as a multiple of its packed size: text packs to a tenth, a bomb to a thousandth.
const MOST_RATIO: u64 = 200;
/// Small files may pack better than that.
const SMALL: u64 = 1 << 20;

/// The files below a folder that are wanted by their path. Links are left out.
pub(super) fn folder(top: &Path, wanted: &dyn Fn(&str) -> bool, found: &mut Found) -> Result<()> {
    let mut open = vec![(top.to_path_buf(), String::new(), 0usize)];
    while let Some((place, below, depth)) = open.pop() {
        let entries = fs::read_dir(&place).map_err(|e| Error::from(e).at(place.display()))?;
        for entry in entries {
            let entry = entry?;
            let path = format!("{below}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type()?;
            if kind.is_symlink() {
                found.notes.push(format!("left out the link {path}"));
            } else if kind.is_dir() {
                let skipped = matches!(path.as_str(), ".git" | "node_modules");
                if depth < DEEPEST && !skipped {
                    open.push((entry.path(), format!("{path}/"), depth + 1));
                }
            } else if kind.is_file() && wanted(&path) {
                let size = entry.metadata()?.len();
                if size > MOST_BYTES_OF_FILE {
                    return Err(too_large(&path));
                }
                let bytes = fs::read(entry.path()).map_err(|e| Error::from(e).at(entry.path().display()))?;
                found.take(path, bytes).map_err(|e| e.at(top.display()))?;
            }
        }
    }
    Ok(())
}

fn too_large(path: &str) -> Error {
    Error::invalid(format!("{path} has more than {} MB", MOST_BYTES_OF_FILE >> 20))
}

/// The files of a zip archive. Paths that lead outside, links and bombs are refused as a whole.
pub(super) fn zip(file: &Path, found: &mut Found) -> Result<()> {
    let at = |error: Error| error.at(file.display());
    let opened = fs::File::open(file).map_err(|e| at(Error::from(e)))?;
    let broken = |e: zip::result::ZipError| {
        Error::invalid(format!("{} is no zip archive that can be read: {e}", file.display()))
    };
    let mut archive = zip::ZipArchive::new(opened).map_err(broken)?;
    if archive.len() > MOST_FILES {
        return Err(at(Error::invalid(format!("it has more than {MOST_FILES} entries"))));
    }
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(broken)?;
        let path = entry.name().map_err(broken)?.into_owned();
        check_path(&path).map_err(at)?;
        if entry.is_symlink() {
            return Err(at(Error::invalid(format!(
                "{path} is a link, which a theme must not hold"
            ))));
        }
        if entry.is_dir() || path.starts_with("__MACOSX/") {
            continue;
        }
        let packed = entry.compressed_size();
        let most = MOST_BYTES_OF_FILE.min(packed.saturating_mul(MOST_RATIO).max(SMALL));
        let mut bytes = Vec::new();
        // What the archive says of its sizes is not believed: reading stops at the limit.
        entry
            .by_ref()
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| at(Error::invalid(format!("{path} cannot be unpacked: {e}"))))?;
        if bytes.len() as u64 > most {
            return Err(at(Error::invalid(format!(
                "{path} unpacks to far more than it says or should"
            ))));
        }
        found.take(path, bytes).map_err(at)?;
    }
    without_top(found);
    Ok(())
}

/// A path stays below the theme's folder, whatever system it was written on.
fn check_path(path: &str) -> Result<()> {
    let refuse = |why: &str| Err(Error::invalid(format!("{path:?} {why}")));
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.is_empty() || path.contains(['\\', '\0']) || path.starts_with('/') || drive {
        return refuse("is no path below the theme's folder");
    }
    if path.chars().any(char::is_control) || path.len() > 500 {
        return refuse("is no usable path");
    }
    if path.matches('/').count() > DEEPEST {
        return refuse("stands too deep");
    }
    let inside = Path::new(path).components().all(|c| matches!(c, Component::Normal(_)));
    if inside && !path.split('/').any(|part| part == "." || part == "..") {
        Ok(())
    } else {
        refuse("leads out of the theme's folder")
    }
}

/// Archives mostly hold one folder with everything in it: the theme's.
fn without_top(found: &mut Found) {
    let Some(top) = found
        .files
        .keys()
        .next()
        .and_then(|path| Some(path.split_once('/')?.0.to_owned()))
    else {
        return;
    };
    let prefix = format!("{top}/");
    let themed = matches!(top.as_str(), "templates" | "parts" | "patterns" | "styles" | "assets");
    if themed || !found.files.keys().all(|path| path.starts_with(&prefix)) {
        return;
    }
    found.files = std::mem::take(&mut found.files)
        .into_iter()
        .filter_map(|(path, bytes)| Some((path.strip_prefix(&prefix)?.to_owned(), bytes)))
        .collect();
    found.top = Some(top);
}
