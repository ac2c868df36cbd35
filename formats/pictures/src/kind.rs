//! What a file is, by what it begins with; its name is not asked.

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A JPEG photograph.
    Jpeg,
    /// A PNG picture, animated or not.
    Png,
    /// A GIF picture, animated or not.
    Gif,
    /// A WebP picture, animated or not.
    Webp,
    /// An AVIF picture: recognised, not read.
    Avif,
    /// An SVG drawing: recognised, never drawn here.
    Svg,
    /// Anything else.
    Other,
}

/// So much of the beginning is searched for `<svg`.
const SVG_WITHIN: usize = 4096;

impl Kind {
    /// Says what a file is from its first bytes.
    pub fn of(bytes: &[u8]) -> Kind {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Kind::Jpeg,
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Kind::Png,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Kind::Gif,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Kind::Webp,
            [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f' | b's', ..] => Kind::Avif,
            _ if is_svg(bytes) => Kind::Svg,
            _ => Kind::Other,
        }
    }

    /// Whether a file of this name is expected to be of this kind.
    pub fn fits(self, file_name: &str) -> bool {
        let extension = file_name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let extension = extension.to_ascii_lowercase();
        match self {
            Kind::Jpeg => matches!(extension.as_str(), "jpg" | "jpeg" | "jpe" | "jfif"),
            Kind::Png => matches!(extension.as_str(), "png" | "apng"),
            Kind::Gif => extension == "gif",
            Kind::Webp => extension == "webp",
            Kind::Avif => extension == "avif",
            Kind::Svg => matches!(extension.as_str(), "svg" | "svgz"),
            Kind::Other => false,
        }
    }

    /// The media type that this kind is served as.
    pub fn mime(self) -> &'static str {
        match self {
            Kind::Jpeg => "image/jpeg",
            Kind::Png => "image/png",
            Kind::Gif => "image/gif",
            Kind::Webp => "image/webp",
            Kind::Avif => "image/avif",
            Kind::Svg => "image/svg+xml",
            Kind::Other => "application/octet-stream",
        }
    }

    /// The name of this kind inside a sentence.
    pub(crate) fn spoken(self) -> &'static str {
        match self {
            Kind::Jpeg => "JPEG picture",
            Kind::Png => "PNG picture",
            Kind::Gif => "GIF picture",
            Kind::Webp => "WebP picture",
            Kind::Avif => "AVIF picture",
            Kind::Svg => "SVG drawing",
            Kind::Other => "file",
        }
    }
}

/// Markup whose first element is `svg`, whatever comments and declarations are before it.
fn is_svg(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(SVG_WITHIN)];
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let is_html = start.len() >= 5 && start[..5].eq_ignore_ascii_case(b"<html");
    start.starts_with(b"<") && !is_html && start.windows(4).any(|four| four.eq_ignore_ascii_case(b"<svg"))
}
