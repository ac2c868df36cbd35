//! Pixels made fewer.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};

use crate::Refused;
use crate::sizes::Cut;

/// A part of a picture of eight bits, made smaller.
pub(crate) fn resize(resizer: &mut Resizer, image: &DynamicImage, cut: &Cut) -> Result<DynamicImage, Refused> {
    resized(resizer, image, cut).ok_or_else(|| Refused::new("This picture could not be made smaller."))
}

fn resized(resizer: &mut Resizer, image: &DynamicImage, cut: &Cut) -> Option<DynamicImage> {
    let pixel = match image {
        DynamicImage::ImageLuma8(_) => PixelType::U8,
        DynamicImage::ImageLumaA8(_) => PixelType::U8x2,
        DynamicImage::ImageRgb8(_) => PixelType::U8x3,
        DynamicImage::ImageRgba8(_) => PixelType::U8x4,
        _ => return None,
    };
    let from = ImageRef::new(image.width(), image.height(), image.as_bytes(), pixel).ok()?;
    let mut into = Image::new(cut.width, cut.height, pixel);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .crop(
            cut.x.into(),
            cut.y.into(),
            cut.from_width.into(),
            cut.from_height.into(),
        );
    resizer.resize(&from, &mut into, &options).ok()?;
    let (width, height, bytes) = (cut.width, cut.height, into.into_vec());
    Some(match pixel {
        PixelType::U8 => DynamicImage::ImageLuma8(GrayImage::from_raw(width, height, bytes)?),
        PixelType::U8x2 => DynamicImage::ImageLumaA8(GrayAlphaImage::from_raw(width, height, bytes)?),
        PixelType::U8x3 => DynamicImage::ImageRgb8(RgbImage::from_raw(width, height, bytes)?),
        _ => DynamicImage::ImageRgba8(RgbaImage::from_raw(width, height, bytes)?),
    })
}
