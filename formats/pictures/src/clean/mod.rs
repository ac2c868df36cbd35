//! Takes out of a file what it tells beside the picture, without touching a pixel.
//!
//! Each kind has a list of the parts that a browser needs to show the picture as it is. All else
//! goes, known or unknown: place and time, camera, owner, captions, edit history, the small
//! picture of before the cropping, and whatever was put behind the picture's end.

mod gif;
mod jpeg;
mod png;
mod webp;

use image::metadata::Orientation;

use crate::{Kind, Refused};

/// What a walk through a file finds.
pub(crate) struct Walk {
    /// The file with only the parts that are needed to show it.
    pub(crate) kept: Vec<u8>,
    /// Whether anything was left out of `kept`.
    pub(crate) dropped: bool,
    /// How a browser turns the picture before it shows it.
    pub(crate) orientation: Orientation,
    /// Whether the picture moves.
    pub(crate) animated: bool,
    /// Whether it says where it was taken.
    pub(crate) placed: bool,
}

impl Walk {
    fn new(capacity: usize) -> Self {
        Self {
            kept: Vec::with_capacity(capacity),
            dropped: false,
            orientation: Orientation::NoTransforms,
            animated: false,
            placed: false,
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.kept.extend_from_slice(bytes);
    }

    /// Remembers the orientation of an EXIF part, the first that has one.
    fn exif(&mut self, exif: &[u8]) {
        let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
        self.placed |= has_place(exif);
        if self.orientation == Orientation::NoTransforms
            && let Some(orientation) = Orientation::from_exif_chunk(exif)
        {
            self.orientation = orientation;
        }
    }
}

/// Walks through a file of one of the four kinds that are read here.
pub(crate) fn walk(kind: Kind, bytes: &[u8]) -> Result<Walk, Refused> {
    match kind {
        Kind::Jpeg => jpeg::walk(bytes),
        Kind::Png => png::walk(bytes),
        Kind::Gif => gif::walk(bytes),
        Kind::Webp => webp::walk(bytes),
        Kind::Avif | Kind::Svg | Kind::Other => Err(Refused::damaged(kind.spoken())),
    }
}

/// Whether the first directory of an EXIF part leads to one of places (GPS).
fn has_place(exif: &[u8]) -> bool {
    const GPS: u16 = 0x8825;
    const ENTRY: usize = 12;
    let big = exif.starts_with(b"MM");
    let two = |at: usize| {
        let bytes = exif.get(at..)?.first_chunk::<2>()?;
        Some(if big {
            u16::from_be_bytes(*bytes)
        } else {
            u16::from_le_bytes(*bytes)
        })
    };
    let four = |at: usize| {
        let bytes = exif.get(at..)?.first_chunk::<4>()?;
        Some(if big {
            u32::from_be_bytes(*bytes)
        } else {
            u32::from_le_bytes(*bytes)
        })
    };
    let Some(start) = four(4).and_then(|at| usize::try_from(at).ok()) else {
        return false;
    };
    let count = usize::from(two(start).unwrap_or(0));
    (0..count).any(|entry| two(start.saturating_add(2 + entry * ENTRY)) == Some(GPS))
}

/// The next so many bytes, or the sentence about a missing end.
fn take<'a>(bytes: &'a [u8], at: &mut usize, count: usize, kind: Kind) -> Result<&'a [u8], Refused> {
    let part = at.checked_add(count).and_then(|end| bytes.get(*at..end));
    let part = part.ok_or_else(|| Refused::cut_off(kind.spoken()))?;
    *at += count;
    Ok(part)
}
