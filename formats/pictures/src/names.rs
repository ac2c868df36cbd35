//! What the file of a size is called, beside the file that it was made of.

use crate::{Kind, Made, SCALED};

/// WordPress's name for a size of a file: `photo-300x225.jpg`, `photo-scaled.jpg`. A WebP made of
/// another kind is `photo-300x225-jpg.webp`, so that `photo.jpg` and `photo.webp` do not meet.
pub fn size_file_name(file_name: &str, made: &Made) -> String {
    let (stem, extension) = match file_name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && !extension.contains('/') => (stem, extension),
        _ => (file_name, ""),
    };
    let extension = extension.to_lowercase();
    let suffix = if made.name == SCALED {
        SCALED.to_owned()
    } else {
        format!("{}x{}", made.width, made.height)
    };
    if made.mime == Kind::Webp.mime() && !Kind::Webp.fits(file_name) {
        let dash = if extension.is_empty() { "" } else { "-" };
        return format!("{stem}-{suffix}{dash}{extension}.webp");
    }
    let dot = if extension.is_empty() { "" } else { "." };
    format!("{stem}-{suffix}{dot}{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(file: &str, size: &str, mime: &'static str) -> String {
        let made = Made {
            name: size.to_owned(),
            width: 150,
            height: 120,
            mime,
            bytes: Vec::new(),
        };
        size_file_name(file, &made)
    }

    #[test]
    fn named_as_in_wordpress() {
        assert_eq!(name("photo.jpg", "thumbnail", "image/jpeg"), "photo-150x120.jpg");
        assert_eq!(
            name("photo.v2.JPEG", "thumbnail", "image/jpeg"),
            "photo.v2-150x120.jpeg"
        );
        assert_eq!(name("photo.jpg", "scaled", "image/jpeg"), "photo-scaled.jpg");
        assert_eq!(name("photo.webp", "medium", "image/webp"), "photo-150x120.webp");
        assert_eq!(
            name("2026/05/été.png", "medium", "image/webp"),
            "2026/05/été-150x120-png.webp"
        );
        assert_eq!(
            name("2026.05/photo", "medium", "image/webp"),
            "2026.05/photo-150x120.webp"
        );
        assert_eq!(name("photo", "medium", "image/gif"), "photo-150x120");
    }
}
