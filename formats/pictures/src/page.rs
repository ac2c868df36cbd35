//! The first page of a PDF as a picture, for lists of documents.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::object::Stream;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::{DynamicImage, RgbImage};

use crate::refused::contained;
use crate::{Kind, Limits, Made, Refused, encode};

/// The name of the size that a first page is.
pub const FIRST_PAGE: &str = "first-page";

const SPOKEN: &str = "PDF";
/// The drawing of a page is never larger, whatever is asked for and whatever shape the page has.
const MAX_EDGE: u32 = 4096;
/// The quality of the picture, in libwebp's measure.
const QUALITY: f32 = 80.0;

/// Draws the first page of a PDF, so many pixels wide, as WebP on white.
///
/// Hostile files are held back by size, by the number of drawing operations and by the pixels of
/// the pictures on the page. A PDF is a small program nevertheless, and can take long within all
/// of this: call it where time and memory end.
pub fn first_page(pdf: &[u8], width: u32, limits: &Limits) -> Result<Made, Refused> {
    let image = page(pdf, 1, width, limits)?;
    let bytes = encode::webp(&image, None, Some(QUALITY)).ok_or_else(|| Refused::damaged(SPOKEN))?;
    Ok(made(FIRST_PAGE, &image, Kind::Webp, bytes))
}

/// Draws a page of a PDF, counted from 1, in grey without loss: for whoever reads pictures of letters. The same holds as for
/// [`first_page`].
pub fn page_to_read(pdf: &[u8], number: usize, width: u32, limits: &Limits) -> Result<Made, Refused> {
    let image = DynamicImage::ImageLuma8(page(pdf, number, width, limits)?.into_luma8());
    let bytes = encode::encode(&image, Kind::Png, None, encode::Purpose::Original)?;
    Ok(made("page", &image, Kind::Png, bytes))
}

fn made(name: &str, image: &DynamicImage, kind: Kind, bytes: Vec<u8>) -> Made {
    Made {
        name: name.to_owned(),
        width: image.width(),
        height: image.height(),
        mime: kind.mime(),
        bytes,
    }
}

fn page(pdf: &[u8], number: usize, width: u32, limits: &Limits) -> Result<DynamicImage, Refused> {
    if pdf.len() > limits.max_bytes {
        return Err(too_large(limits));
    }
    // As readers do, so as not to search through films: the mark stands within the first kilobyte.
    let start = &pdf[..pdf.len().min(1024)];
    if !start.windows(5).any(|five| five == b"%PDF-") {
        return Err(Refused::new("This file is not a PDF, whatever its name says."));
    }
    contained(SPOKEN, || draw(pdf, number, width.clamp(1, MAX_EDGE), limits))
}

fn too_large(limits: &Limits) -> Refused {
    Refused::new(format!(
        "This PDF is larger than {} MB, so that no picture is made of its first page.",
        limits.max_bytes >> 20
    ))
}

fn draw(bytes: &[u8], number: usize, width: u32, limits: &Limits) -> Result<DynamicImage, Refused> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(unreadable)?;
    let page = pdf
        .pages()
        .get(number.saturating_sub(1))
        .ok_or_else(|| Refused::new("This PDF has no such page, or is damaged."))?;
    bounded(page, limits)?;
    let (page_width, page_height) = page.render_dimensions();
    let scale = scale(page_width, page_height, width, limits)?;
    let settings = PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
    };
    // Fitting letters to the grid walks through tables of the page's own fonts, where a damaged one
    // can lead in circles. At the size of a thumbnail it is not missed.
    let drawing = RenderSettings {
        hinting: false,
        ..RenderSettings::default()
    };
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &drawing,
        &settings,
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    // On white nothing shines through, so that the fourth channel says nothing.
    let pixels: Vec<u8> = pixmap
        .data()
        .iter()
        .flat_map(|pixel| [pixel.r, pixel.g, pixel.b])
        .collect();
    if pixels.windows(4).all(|four| four[0] == four[3]) {
        return Err(Refused::new(
            "Nothing can be seen on the first page of this PDF: it is blank, or made in a way that cannot be drawn here.",
        ));
    }
    let image = RgbImage::from_raw(width, height, pixels).ok_or_else(|| Refused::damaged(SPOKEN))?;
    Ok(DynamicImage::ImageRgb8(image))
}

/// Pixels per point so that the page becomes so wide, less for pages like ribbons.
fn scale(page_width: f32, page_height: f32, width: u32, limits: &Limits) -> Result<f32, Refused> {
    let usable = |length: f32| length.is_finite() && length > 0.0;
    if !usable(page_width) || !usable(page_height) {
        return Err(Refused::damaged(SPOKEN));
    }
    let edge = MAX_EDGE.min(limits.max_edge) as f32;
    let by_pixels = (limits.max_pixels as f32 / page_width / page_height).sqrt();
    // The renderer cuts off what is behind the point: half a pixel more meets the width.
    let scale = ((width as f32 + 0.5) / page_width)
        .min(edge / page_width)
        .min(edge / page_height)
        .min(by_pixels);
    if page_width * scale < 1.0 || page_height * scale < 1.0 {
        return Err(Refused::new(
            "The first page of this PDF is a line rather than a page, so that no picture is made of it.",
        ));
    }
    Ok(scale)
}

/// Looks at a page before it is drawn.
fn bounded(page: &Page<'_>, limits: &Limits) -> Result<(), Refused> {
    let mut operations = page.operations();
    let mut count = 0;
    while operations.next().is_some() {
        count += 1;
        if count > limits.max_operations {
            return Err(Refused::new(
                "The first page of this PDF is drawn with more strokes than pages are, so that no picture is made of it.",
            ));
        }
    }
    let pictures = &page.resources().x_objects;
    for name in pictures.keys() {
        let Some(stream) = pictures.get::<Stream<'_>>(&*name) else {
            continue;
        };
        let length = |key: &[u8]| stream.dict().get::<u32>(key).map_or(0, u64::from);
        if length(b"Width").saturating_mul(length(b"Height")) > limits.max_pixels.saturating_mul(4) {
            return Err(Refused::new(
                "The first page of this PDF has a picture of too many pixels, so that no smaller one is made of it.",
            ));
        }
    }
    Ok(())
}

fn unreadable(error: LoadPdfError) -> Refused {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            Refused::new("This PDF asks for a password, so that its first page cannot be shown.")
        }
        LoadPdfError::Decryption(_) => Refused::new(
            "This PDF is encrypted in a way that is not understood, so that its first page cannot be shown.",
        ),
        LoadPdfError::Invalid => Refused::damaged(SPOKEN),
    }
}
