//! What the file of a size is called, beside the file that it was made of.

use crate::{Made, SCALED};

/// WordPress's name for a size of a file: `photo-300x225.jpg`, `photo-scaled.jpg`.
pub fn size_file_name(file_name: &str, made: &Made) -> String {
    let (stem, extension) = match file_name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && !extension.contains('/') => (stem, extension),
        _ => (file_name, ""),
    };
    let suffix = if made.name == SCALED {
        SCALED.to_owned()
    } else {
        format!("{}x{}", made.width, made.height)
    };
    let dot = if extension.is_empty() { "" } else { "." };
    format!("{stem}-{suffix}{dot}{}", extension.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(file: &str, size: &str) -> String {
        let made = Made {
            name: size.to_owned(),
            width: 150,
            height: 120,
            mime: "image/jpeg",
            bytes: Vec::new(),
        };
        size_file_name(file, &made)
    }

    #[test]
    fn named_as_in_wordpress() {
        assert_eq!(name("photo.jpg", "thumbnail"), "photo-150x120.jpg");
        assert_eq!(name("photo.v2.JPEG", "thumbnail"), "photo.v2-150x120.jpeg");
        assert_eq!(name("photo.jpg", "scaled"), "photo-scaled.jpg");
        assert_eq!(name("2026.05/photo", "medium"), "2026.05/photo-150x120");
        assert_eq!(name("photo", "medium"), "photo-150x120");
    }
}
