//! Whose file a path is: from the meta in which WordPress notes names of files.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use gp_kernel::Result;
use gp_store::Conn;

use crate::store::files;

/// The owners of paths. Paths are known by their hash: large sites have a million of them.
#[derive(Debug, Default)]
pub(crate) struct Names {
    owners: HashMap<u64, (i64, Role)>,
    originals: Vec<(i64, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Original,
    Size,
    Upload,
    Backup,
    Font,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Size => "size",
            Self::Upload => "upload",
            Self::Backup => "backup",
            Self::Font => "font",
        }
    }
}

pub(crate) fn hash(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

impl Names {
    /// Reads all names.
    pub async fn load(conn: &mut Conn) -> Result<Self> {
        let mut names = Self::default();
        let mut after = 0;
        loop {
            let rows = files::named_in_meta(conn, after).await?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            let items: Vec<i64> = rows.iter().map(|r| r.item).collect();
            let folders = files::attached(conn, &items).await?;
            for row in rows {
                let own = folders.get(&row.item).map(|path| below_uploads(path));
                names.read(row.item, &row.key, &row.value, own.as_deref());
            }
        }
        Ok(names)
    }

    /// The item that a path belongs to, and as what.
    pub fn owner(&self, path: &str) -> Option<(i64, &'static str)> {
        self.owners.get(&hash(path)).map(|(item, role)| (*item, role.word()))
    }

    /// The files without which an item is not whole.
    pub fn originals(&self) -> impl Iterator<Item = (u64, i64, &str)> {
        self.originals
            .iter()
            .map(|(item, path)| (hash(path), *item, path.as_str()))
    }

    fn add(&mut self, path: String, item: i64, role: Role) {
        let at = hash(&path);
        self.owners.entry(at).or_insert((item, role));
        if matches!(role, Role::Original | Role::Font) {
            self.originals.push((item, path));
        }
    }

    fn read(&mut self, item: i64, key: &str, value: &[u8], attached: Option<&str>) {
        let plain = || below_uploads(&String::from_utf8_lossy(value));
        match key {
            "_wp_attached_file" => self.add(plain(), item, Role::Original),
            "_wp_font_face_file" => self.add(
                format!("fonts/{}", plain().trim_start_matches("fonts/")),
                item,
                Role::Font,
            ),
            _ => {
                let Ok(value) = gp_php::parse_lenient(value) else {
                    return;
                };
                let own = value.get("file").and_then(|f| f.as_str()).map(|f| below_uploads(&f));
                let folder = attached
                    .or(own.as_deref())
                    .and_then(|p| p.rsplit_once('/'))
                    .map_or("", |p| p.0);
                let (list, role) = match key {
                    "_wp_attachment_metadata" => (value.get("sizes"), Role::Size),
                    _ => (Some(&value), Role::Backup),
                };
                let beside = |name: &str| {
                    let name = name.rsplit('/').next().unwrap_or(name);
                    if folder.is_empty() {
                        name.to_owned()
                    } else {
                        format!("{folder}/{name}")
                    }
                };
                for (_, size) in list.iter().flat_map(|l| l.iter()) {
                    if let Some(name) = size.get("file").and_then(|f| f.as_str()) {
                        self.add(beside(&name), item, role);
                    }
                }
                if let Some(name) = value.get("original_image").and_then(|f| f.as_str()) {
                    self.add(beside(&name), item, Role::Upload);
                }
            }
        }
    }
}

/// A path as WordPress notes it, relative to the uploads folder; very old sites note the server's own path.
fn below_uploads(path: &str) -> String {
    let path = match path.rfind("/uploads/") {
        Some(at) if path.starts_with('/') => &path[at + 9..],
        _ => path,
    };
    path.trim_start_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_all_the_names_that_wordpress_notes() {
        let mut names = Names::default();
        names.read(5, "_wp_attached_file", b"2026/11/map-scaled.jpg", None);
        let meta = br#"a:3:{s:4:"file";s:22:"2026/11/map-scaled.jpg";s:5:"sizes";a:1:{s:6:"medium";a:1:{s:4:"file";s:15:"map-300x225.jpg";}}s:14:"original_image";s:7:"map.jpg";}"#;
        names.read(5, "_wp_attachment_metadata", meta, Some("2026/11/map-scaled.jpg"));
        let backup = br#"a:1:{s:9:"full-orig";a:1:{s:4:"file";s:7:"old.jpg";}}"#;
        names.read(5, "_wp_attachment_backup_sizes", backup, Some("2026/11/map-scaled.jpg"));
        names.read(9, "_wp_font_face_file", b"plex.woff2", None);
        for (path, owner) in [
            ("2026/11/map-scaled.jpg", Some((5, "original"))),
            ("2026/11/map-300x225.jpg", Some((5, "size"))),
            ("2026/11/map.jpg", Some((5, "upload"))),
            ("2026/11/old.jpg", Some((5, "backup"))),
            ("fonts/plex.woff2", Some((9, "font"))),
            ("map.jpg", None),
        ] {
            assert_eq!(names.owner(path), owner, "{path}");
        }
    }

    #[test]
    fn a_path_of_the_server_is_brought_below_the_folder() {
        assert_eq!(below_uploads("/var/www/wp-content/uploads/2009/a.pdf"), "2009/a.pdf");
        assert_eq!(below_uploads("2009/uploads/a.pdf"), "2009/uploads/a.pdf");
    }
}
