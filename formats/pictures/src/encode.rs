//! From pixels to files.

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, Frame, ImageEncoder};

use crate::{Kind, Refused};

/// WordPress's quality of the sizes it makes.
const SIZE_QUALITY: u8 = 82;
/// About the same to the eye, in libwebp's measure.
const WEBP_QUALITY: f32 = 80.0;
/// The quality of an original that has to be written anew because it stood on its side.
const TURNED_QUALITY: u8 = 93;
/// WebP cannot be larger along one edge.
const WEBP_EDGE: u32 = 16_383;
/// Up to so many pixels a drawing is also tried without loss.
const LOSSLESS_PIXELS: u64 = 1_600_000;

/// What a file is written for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// One of the sizes.
    Size,
    /// The original, turned.
    Original,
}

/// Writes pixels as a file of a kind, with their colour profile.
pub(crate) fn encode(
    image: &DynamicImage,
    kind: Kind,
    profile: Option<&[u8]>,
    purpose: Purpose,
) -> Result<Vec<u8>, Refused> {
    let written = match kind {
        Kind::Jpeg => jpeg(image, profile, purpose),
        Kind::Png => png(image, profile, purpose),
        Kind::Gif => gif(image),
        _ => webp_of_photograph(image, profile, purpose),
    };
    written.ok_or_else(|| Refused::new(format!("This {} could not be written anew.", kind.spoken())))
}

fn jpeg(image: &DynamicImage, profile: Option<&[u8]>, purpose: Purpose) -> Option<Vec<u8>> {
    let quality = match purpose {
        Purpose::Size => SIZE_QUALITY,
        Purpose::Original => TURNED_QUALITY,
    };
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.to_vec()).ok()?;
    }
    let written = match image {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => image.write_with_encoder(encoder),
        other if other.color().has_color() => other.to_rgb8().write_with_encoder(encoder),
        other => other.to_luma8().write_with_encoder(encoder),
    };
    written.ok()?;
    Some(bytes)
}

fn png(image: &DynamicImage, profile: Option<&[u8]>, purpose: Purpose) -> Option<Vec<u8>> {
    let compression = match purpose {
        Purpose::Size => CompressionType::Level(8),
        Purpose::Original => CompressionType::Default,
    };
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new_with_quality(&mut bytes, compression, FilterType::Adaptive);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.to_vec()).ok()?;
    }
    image.write_with_encoder(encoder).ok()?;
    Some(bytes)
}

fn gif(image: &DynamicImage) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 10);
    encoder.encode_frame(Frame::new(image.to_rgba8())).ok()?;
    drop(encoder);
    Some(bytes)
}

fn webp_of_photograph(image: &DynamicImage, profile: Option<&[u8]>, purpose: Purpose) -> Option<Vec<u8>> {
    let quality = match purpose {
        Purpose::Size => WEBP_QUALITY,
        Purpose::Original => f32::from(TURNED_QUALITY),
    };
    webp(image, profile, Some(quality))
}

/// A WebP for a size of another kind. Drawings and pictures of screens have edges that loss makes
/// dirty, and are often small without loss: then they are kept so.
pub(crate) fn webp_beside(image: &DynamicImage, kind: Kind, profile: Option<&[u8]>) -> Option<Vec<u8>> {
    let lossy = webp(image, profile, Some(WEBP_QUALITY))?;
    let pixels = u64::from(image.width()) * u64::from(image.height());
    if kind == Kind::Jpeg || pixels > LOSSLESS_PIXELS {
        return Some(lossy);
    }
    let lossless = webp(image, profile, None)?;
    let drawing = lossless.len() <= lossy.len().saturating_mul(2);
    Some(if drawing { lossless } else { lossy })
}

/// Writes a WebP; without a quality: without loss.
pub(crate) fn webp(image: &DynamicImage, profile: Option<&[u8]>, quality: Option<f32>) -> Option<Vec<u8>> {
    let (width, height) = (image.width(), image.height());
    if width.max(height) > WEBP_EDGE {
        return None;
    }
    let alpha = image.color().has_alpha();
    let encoded = if alpha {
        let pixels = image.to_rgba8();
        webp::Encoder::from_rgba(&pixels, width, height).encode_simple(quality.is_none(), quality.unwrap_or(75.0))
    } else {
        let pixels = image.to_rgb8();
        webp::Encoder::from_rgb(&pixels, width, height).encode_simple(quality.is_none(), quality.unwrap_or(75.0))
    };
    let encoded = encoded.ok()?;
    match profile {
        Some(profile) if image.color().has_color() => with_profile(&encoded, width, height, alpha, profile),
        _ => Some(encoded.to_vec()),
    }
}

/// Puts a colour profile into a WebP of one picture.
fn with_profile(webp: &[u8], width: u32, height: u32, alpha: bool, profile: &[u8]) -> Option<Vec<u8>> {
    const PROFILE: u8 = 0x20;
    const ALPHA: u8 = 0x10;
    let mut chunks = webp.get(12..)?;
    // libwebp writes its own head when there is transparency beside lossy pixels: 8 bytes and 10.
    if chunks.starts_with(b"VP8X") {
        chunks = chunks.get(18..)?;
    }
    let flags = PROFILE | if alpha { ALPHA } else { 0 };
    let mut bytes = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
    bytes.extend_from_slice(&[flags, 0, 0, 0]);
    bytes.extend_from_slice(&(width - 1).to_le_bytes()[..3]);
    bytes.extend_from_slice(&(height - 1).to_le_bytes()[..3]);
    bytes.extend_from_slice(b"ICCP");
    bytes.extend_from_slice(&u32::try_from(profile.len()).ok()?.to_le_bytes());
    bytes.extend_from_slice(profile);
    if profile.len() % 2 == 1 {
        bytes.push(0);
    }
    bytes.extend_from_slice(chunks);
    let size = u32::try_from(bytes.len() - 8).ok()?;
    bytes[4..8].copy_from_slice(&size.to_le_bytes());
    Some(bytes)
}
