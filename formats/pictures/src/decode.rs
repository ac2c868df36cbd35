//! From a checked file to pixels, within the limits, turned as a browser would turn them.

use std::io::Cursor;

use image::codecs::{gif::GifDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError};

use crate::{Kind, Limits, Refused};

/// Room for a decoder's own tables and lines, beside the pixels.
const WORKING_BYTES: u64 = 64 << 20;

/// A picture opened, none of its pixels read.
pub(crate) struct Opened<'a> {
    kind: Kind,
    decoder: Box<dyn ImageDecoder + 'a>,
}

/// Reads the head of a file and holds its size against the limits.
pub(crate) fn open<'a>(kind: Kind, bytes: &'a [u8], limits: &Limits) -> Result<Opened<'a>, Refused> {
    let reader = Cursor::new(bytes);
    let failed = |error: ImageError| refusal(kind, &error);
    let mut decoder: Box<dyn ImageDecoder + 'a> = match kind {
        Kind::Jpeg => Box::new(JpegDecoder::new(reader).map_err(failed)?),
        Kind::Png => Box::new(PngDecoder::new(reader).map_err(failed)?),
        Kind::Gif => Box::new(GifDecoder::new(reader).map_err(failed)?),
        Kind::Webp => Box::new(WebPDecoder::new(reader).map_err(failed)?),
        Kind::Avif | Kind::Svg | Kind::Other => return Err(Refused::damaged(kind.spoken())),
    };
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Refused::damaged(kind.spoken()));
    }
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits.max_pixels || width.max(height) > limits.max_edge {
        return Err(Refused::new(format!(
            "This {} is {width} × {height} pixels large. Pictures may have up to {} million pixels, and up to {} along \
             one edge.",
            kind.spoken(),
            limits.max_pixels / 1_000_000,
            limits.max_edge,
        )));
    }
    let mut bounds = image::Limits::no_limits();
    bounds.max_image_width = Some(limits.max_edge);
    bounds.max_image_height = Some(limits.max_edge);
    bounds.max_alloc = Some(decoder.total_bytes().saturating_mul(2).saturating_add(WORKING_BYTES));
    decoder.set_limits(bounds).map_err(failed)?;
    Ok(Opened { kind, decoder })
}

impl Opened<'_> {
    /// The colour profile, if it belongs to the pixels that come out: those of a picture for print
    /// (CMYK) come out as RGB, to which its profile does not apply.
    pub(crate) fn profile(&mut self) -> Option<Vec<u8>> {
        let profile = self.decoder.icc_profile().ok().flatten()?;
        let fits = match profile.get(16..20)? {
            b"RGB " => self.decoder.color_type().has_color(),
            b"GRAY" => !self.decoder.color_type().has_color(),
            _ => false,
        };
        fits.then_some(profile)
    }

    /// All pixels, of an animation those of its first frame.
    pub(crate) fn pixels(self, orientation: Orientation) -> Result<DynamicImage, Refused> {
        let kind = self.kind;
        let mut image = DynamicImage::from_decoder(self.decoder).map_err(|error| refusal(kind, &error))?;
        image.apply_orientation(orientation);
        Ok(image)
    }
}

fn refusal(kind: Kind, error: &ImageError) -> Refused {
    match error {
        ImageError::Unsupported(_) => Refused::new(format!(
            "This {} is of a sort that cannot be read here. Please save it anew in a picture editor.",
            kind.spoken()
        )),
        ImageError::Limits(_) => Refused::new(format!("This {} needs too much memory to be read.", kind.spoken())),
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Refused::cut_off(kind.spoken())
        }
        _ => Refused::damaged(kind.spoken()),
    }
}

/// Pixels of eight bits with no more channels than they need.
pub(crate) fn plain(image: DynamicImage) -> DynamicImage {
    let color = image.color();
    match (color.has_color(), color.has_alpha() && !opaque(&image)) {
        (false, false) => DynamicImage::ImageLuma8(image.into_luma8()),
        (false, true) => DynamicImage::ImageLumaA8(image.into_luma_alpha8()),
        (true, false) => DynamicImage::ImageRgb8(image.into_rgb8()),
        (true, true) => DynamicImage::ImageRgba8(image.into_rgba8()),
    }
}

fn opaque(image: &DynamicImage) -> bool {
    match image {
        DynamicImage::ImageRgba8(pixels) => pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX),
        DynamicImage::ImageLumaA8(pixels) => pixels.pixels().all(|pixel| pixel.0[1] == u8::MAX),
        DynamicImage::ImageRgba16(pixels) => pixels.pixels().all(|pixel| pixel.0[3] == u16::MAX),
        DynamicImage::ImageLumaA16(pixels) => pixels.pixels().all(|pixel| pixel.0[1] == u16::MAX),
        _ => !image.color().has_alpha(),
    }
}
