//! Pictures as a site serves them: smaller, and without what they tell of whoever made them.
//!
//! A photograph from a telephone says where and when it was taken, and by which device; that can
//! endanger those whom guidance protects. [`picture`] gives back what is served instead of the file
//! that was sent: the same pixels with all of this taken out, and the sizes that pages ask for, in
//! the dimensions that WordPress computes. [`as_webp`] says the same in fewer bytes, [`first_page`] draws the beginning of a PDF.
//!
//! Never in here: files, threads, the network, unsafe code, or anything of Guidepost itself. No SVG
//! is drawn and none is let through.
//!
//! # What is known not to be done
//! AVIF is recognised and refused. Of an animation only the first frame is made smaller, and an
//! orientation is not applied to it. The gain map of a photograph of high dynamic range is a second
//! picture behind the first, and goes with everything that is there.

mod clean;
mod decode;
mod edited;
mod encode;
mod kind;
mod names;
mod page;
mod refused;
mod resize;
mod sizes;

use fast_image_resize::Resizer;
use image::DynamicImage;
use image::metadata::Orientation;

pub use edited::{EDITED, Step, edited};
pub use kind::Kind;
pub use names::size_file_name;
pub use page::{FIRST_PAGE, first_page, page_to_read};
pub use refused::Refused;
pub use sizes::{Cut, Size, constrain, cut};

use encode::Purpose;

/// The name of the size that WordPress serves in place of a very large original.
pub const SCALED: &str = "scaled";

/// A profile larger than this is not repeated in every size.
const MAX_SIZE_PROFILE: usize = 64 << 10;

/// How much is taken on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest file.
    pub max_bytes: usize,
    /// The most pixels, before anything is made smaller. Reading takes up to about ten bytes each.
    pub max_pixels: u64,
    /// The longest edge in pixels.
    pub max_edge: u32,
    /// The most drawing operations on the first page of a PDF.
    pub max_operations: usize,
    /// WordPress's threshold of 2560: of a picture that is larger along one edge, and no PNG, a size
    /// named [`SCALED`] is made to be served in its place. `None`: none is.
    pub scaled_edge: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 64 << 20,
            max_pixels: 64_000_000,
            max_edge: 32_768,
            max_operations: 1_000_000,
            scaled_edge: Some(2560),
        }
    }
}

/// A picture in one of its sizes, as one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The name of the size.
    pub name: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The media type of `bytes`.
    pub mime: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// What is known of a picture, and what is made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What the file is.
    pub kind: Kind,
    /// Width as shown.
    pub width: u32,
    /// Height as shown.
    pub height: u32,
    /// Whether it moves.
    pub animated: bool,
    /// Whether the file that was sent says where it was taken.
    pub placed: bool,
    /// The file to serve instead of the one that was sent. `None`: that one tells nothing beside
    /// the picture, and may be served as it is.
    pub clean: Option<Vec<u8>>,
    /// Every size that is smaller than the picture, in the kind of the original, each followed by
    /// itself as WebP if that is smaller.
    pub made: Vec<Made>,
}

/// Reads a picture, takes out what it tells of its maker, and makes its sizes.
pub fn picture(bytes: &[u8], sizes: &[Size], limits: &Limits) -> Result<Picture, Refused> {
    let kind = Kind::of(bytes);
    readable(kind, bytes, limits)?;
    let mut walk = clean::walk(kind, bytes)?;
    // An animation would have to be turned frame by frame.
    let orientation = if walk.animated {
        Orientation::NoTransforms
    } else {
        walk.orientation
    };
    // The other notation of the same (XMP), wherever it stands.
    walk.placed |= bytes.windows(11).any(|part| part == b"GPSLatitude");
    contained_picture(kind, &walk, orientation, sizes, limits)
}

/// The same picture as WebP. `None`: that would not be smaller, or the picture moves, or is a WebP.
pub fn as_webp(bytes: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>, Refused> {
    let kind = Kind::of(bytes);
    readable(kind, bytes, limits)?;
    let walk = clean::walk(kind, bytes)?;
    if walk.animated || kind == Kind::Webp {
        return Ok(None);
    }
    refused::contained(kind.spoken(), || {
        let mut opened = decode::open(kind, &walk.kept, limits)?;
        let profile = opened.profile();
        let image = decode::plain(opened.pixels(walk.orientation)?);
        let webp = encode::webp_beside(&image, kind, profile.as_deref());
        Ok(webp.filter(|webp| webp.len() < bytes.len()))
    })
}

fn contained_picture(
    kind: Kind,
    walk: &clean::Walk,
    orientation: Orientation,
    sizes: &[Size],
    limits: &Limits,
) -> Result<Picture, Refused> {
    refused::contained(kind.spoken(), || {
        let mut opened = decode::open(kind, &walk.kept, limits)?;
        let profile = opened.profile();
        let image = opened.pixels(orientation)?;
        let clean = if orientation == Orientation::NoTransforms {
            walk.dropped.then(|| walk.kept.clone())
        } else {
            Some(encode::encode(&image, kind, profile.as_deref(), Purpose::Original)?)
        };
        let (width, height) = (image.width(), image.height());
        let made = make(kind, image, profile.as_deref(), sizes, limits)?;
        Ok(Picture {
            kind,
            width,
            height,
            animated: walk.animated,
            placed: walk.placed,
            clean,
            made,
        })
    })
}

/// Says what is wrong with a file that is not a picture of a kind that is read here.
fn readable(kind: Kind, bytes: &[u8], limits: &Limits) -> Result<(), Refused> {
    if bytes.is_empty() {
        return Err(Refused::new("This file is empty."));
    }
    if bytes.len() > limits.max_bytes {
        return Err(Refused::new(format!(
            "This file is larger than {} MB, the most that a picture may have.",
            limits.max_bytes >> 20
        )));
    }
    match kind {
        Kind::Jpeg | Kind::Png | Kind::Gif | Kind::Webp => Ok(()),
        Kind::Avif => Err(Refused::new(
            "AVIF pictures cannot be read here. Please save it as JPEG, PNG or WebP.",
        )),
        Kind::Svg => Err(Refused::new(
            "SVG drawings can hold programs and are not taken as pictures. Please save it as PNG or WebP.",
        )),
        Kind::Other => Err(Refused::new(
            "This file is not a JPEG, PNG, GIF or WebP picture, whatever its name says.",
        )),
    }
}

fn make(
    kind: Kind,
    image: DynamicImage,
    profile: Option<&[u8]>,
    sizes: &[Size],
    limits: &Limits,
) -> Result<Vec<Made>, Refused> {
    let wanted = wanted(kind, &image, sizes, limits);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let image = decode::plain(image);
    let profile = profile.filter(|profile| profile.len() <= MAX_SIZE_PROFILE && !is_srgb(profile));
    let mut resizer = Resizer::new();
    let mut made = Vec::new();
    for (name, cut) in wanted {
        let small = resize::resize(&mut resizer, &image, &cut)?;
        let file = |kind: Kind, bytes: Vec<u8>| Made {
            name: name.clone(),
            width: cut.width,
            height: cut.height,
            mime: kind.mime(),
            bytes,
        };
        let bytes = encode::encode(&small, kind, profile, Purpose::Size)?;
        let webp = if kind == Kind::Webp {
            None
        } else {
            encode::webp_beside(&small, kind, profile).filter(|webp| webp.len() < bytes.len())
        };
        made.push(file(kind, bytes));
        made.extend(webp.map(|webp| file(Kind::Webp, webp)));
    }
    Ok(made)
}

/// The sizes that this picture is made in, the scaled one first.
fn wanted(kind: Kind, image: &DynamicImage, sizes: &[Size], limits: &Limits) -> Vec<(String, Cut)> {
    let (width, height) = (image.width(), image.height());
    let scaled = limits
        .scaled_edge
        .filter(|edge| kind != Kind::Png && width.max(height) > *edge)
        .map(|edge| Size::new(SCALED, edge, edge, false));
    scaled
        .iter()
        .chain(sizes)
        .filter_map(|size| Some((size.name.clone(), cut(width, height, size)?)))
        .collect()
}

/// Whether a profile describes what browsers assume anyway; three kilobytes in each thumbnail would
/// say nothing.
fn is_srgb(profile: &[u8]) -> bool {
    profile.windows(4).any(|name| name == b"sRGB") || profile.windows(8).any(|name| name == b"\0s\0R\0G\0B")
}
