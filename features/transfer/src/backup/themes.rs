//! The installed themes in a backup: `themes/NAME/…`, the only files of a site that are not in the blob store.
//!
//! What must never be here: a path from a backup that is not checked part by part.

use std::{
    fs,
    io::Write as _,
    path::{Component, Path, PathBuf},
};

use gp_kernel::{Error, ErrorKind, Result};

/// First part of the members' names.
pub(super) const MEMBER: &str = "themes";
/// Folders in folders, at most.
const DEEPEST: usize = 16;

/// The files of the installed themes, as paths below their folder, in order.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        walk(folder, Path::new(""), 0, &mut found).map_err(|e| e.at(folder.display()))?;
    }
    found.sort();
    Ok(found)
}

fn walk(folder: &Path, below: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<()> {
    if depth > DEEPEST {
        return Err(Error::invalid("folders of themes lie too deep in each other"));
    }
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        // Links lead elsewhere, and what begins with a dot is an installation that was not finished.
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let kind = entry.file_type()?;
        if kind.is_dir() && !hidden {
            walk(folder, &path, depth + 1, found)?;
        } else if kind.is_file() && !hidden {
            found.push(path);
        }
    }
    Ok(())
}

/// Themes that come back: beside their place until everything is there.
pub(super) struct Returning {
    place: PathBuf,
    beside: PathBuf,
    any: bool,
}

impl Returning {
    /// # Errors
    /// When themes are installed there already.
    pub(super) fn to(place: &Path) -> Result<Self> {
        let occupied = fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_some());
        if occupied {
            return Err(Error::new(ErrorKind::Conflict, "themes are installed here already")
                .at(place.display())
                .hint("restore into an empty data folder"));
        }
        let beside = place.with_extension(format!("restoring-{}", std::process::id()));
        Ok(Self {
            place: place.to_owned(),
            beside,
            any: false,
        })
    }

    /// One file; `name` is its path below the folder of the themes.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = Path::new(name);
        let plain = path.components().all(|part| match part {
            Component::Normal(part) => !part.to_string_lossy().starts_with('.'),
            _ => false,
        });
        if !plain || path.components().count() < 2 {
            return Err(Error::invalid(format!("{name:?} is no path of a theme's file")));
        }
        let path = self.beside.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        self.any = true;
        let mut file = fs::File::create(&path).map_err(|e| Error::from(e).at(path.display()))?;
        file.write_all(bytes).map_err(|e| Error::from(e).at(path.display()))
    }

    /// Everything is there: they get their place.
    pub(super) fn settle(mut self) -> Result<()> {
        if self.any {
            // An empty folder may stand there.
            let _ = fs::remove_dir(&self.place);
            fs::rename(&self.beside, &self.place).map_err(|e| Error::from(e).at(self.place.display()))?;
            self.any = false;
        }
        Ok(())
    }
}

impl Drop for Returning {
    fn drop(&mut self) {
        if self.any {
            let _ = fs::remove_dir_all(&self.beside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_themes_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("themes");
        let mut returning = Returning::to(&place).unwrap();
        for name in ["../x", "a/../../x", "/etc/x", "a", "a/.x", "", "./a/b/../../../x"] {
            assert!(returning.add(name, b"x").is_err(), "{name}");
        }
        returning.add("a/parts/header.html", b"x").unwrap();
        assert!(!place.exists());
        returning.settle().unwrap();
        assert_eq!(files(&place).unwrap(), [PathBuf::from("a/parts/header.html")]);
        assert!(Returning::to(&place).is_err(), "themes are there already");
    }
}
