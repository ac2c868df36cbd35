//! The sizes of a picture: which, how large, and what is in them.

use gp_pictures::{Limits, Made, Size, picture};
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageFormat, Rgba, RgbaImage};

use crate::build::*;

fn made(bytes: &[u8], sizes: &[Size]) -> Vec<Made> {
    let made = picture(bytes, sizes, &Limits::default()).unwrap().made;
    for file in &made {
        let image = image::load_from_memory(&file.bytes).unwrap();
        assert_eq!(image.dimensions(), (file.width, file.height), "{}", file.name);
        let kind = image::guess_format(&file.bytes).unwrap();
        assert_eq!(kind.to_mime_type(), file.mime);
    }
    made
}

fn listed(made: &[Made]) -> Vec<(&str, u32, u32, &str)> {
    made.iter()
        .map(|file| (file.name.as_str(), file.width, file.height, file.mime))
        .collect()
}

#[test]
fn a_photograph_in_wordpress_sizes() {
    let file = encoded(&photograph(2800, 1400), ImageFormat::Jpeg);
    let made = made(&file, &Size::wordpress());
    let own: Vec<_> = listed(&made)
        .into_iter()
        .filter(|file| file.3 == "image/jpeg")
        .collect();
    let expected = [
        ("scaled", 2560, 1280, "image/jpeg"),
        ("thumbnail", 150, 150, "image/jpeg"),
        ("medium", 300, 150, "image/jpeg"),
        ("medium_large", 768, 384, "image/jpeg"),
        ("large", 1024, 512, "image/jpeg"),
        ("1536x1536", 1536, 768, "image/jpeg"),
        ("2048x2048", 2048, 1024, "image/jpeg"),
    ];
    assert_eq!(own, expected);
    for pair in made.windows(2).filter(|pair| pair[1].mime == "image/webp") {
        assert_eq!(pair[0].name, pair[1].name);
        assert!(pair[1].bytes.len() < pair[0].bytes.len());
    }
    assert!(made.len() > own.len(), "some are smaller as WebP");
}

#[test]
fn sizes_are_of_the_picture_as_shown() {
    let file = jpeg_with(&fields(800, 400), &jpeg_private(6));
    let made = made(&file, &[Size::new("medium", 300, 300, false)]);
    assert_eq!((made[0].width, made[0].height), (150, 300));
    let image = image::load_from_memory(&made[0].bytes).unwrap().to_rgb8();
    let shown = image.get_pixel(5, 5).0;
    assert!(
        shown.iter().zip(CORNERS[2]).all(|(a, b)| a.abs_diff(b) < 12),
        "{shown:?}"
    );
    assert!(made.iter().all(|file| !holds(&file.bytes, SECRET)));
}

#[test]
fn a_png_is_never_scaled_and_keeps_its_transparency() {
    let image = RgbaImage::from_fn(2600, 300, |x, _| Rgba([200, 20, 20, if x < 1300 { 0 } else { 255 }]));
    let file = encoded(&DynamicImage::ImageRgba8(image), ImageFormat::Png);
    let made = made(&file, &[Size::new("medium", 300, 300, false)]);
    assert_eq!(made[0].mime, "image/png");
    for file in &made {
        let image = image::load_from_memory(&file.bytes).unwrap().to_rgba8();
        assert_eq!(image.get_pixel(5, 5).0[3], 0);
        let solid = image.get_pixel(290, 30).0;
        assert!(solid[0] > 185 && solid[3] == 255, "{solid:?}");
    }
}

#[test]
fn grey_stays_grey_and_small_stays_itself() {
    let grey = DynamicImage::ImageLuma8(photograph(400, 300).to_luma8());
    let thumbnail = [Size::new("thumbnail", 150, 150, true)];
    let made_of_grey = made(&encoded(&grey, ImageFormat::Jpeg), &thumbnail);
    let image = image::load_from_memory(&made_of_grey[0].bytes).unwrap();
    assert_eq!(image.color(), image::ColorType::L8);
    assert!(made(&encoded(&fields(100, 90), ImageFormat::Gif), &thumbnail).is_empty());
    let of_gif = made(&encoded(&fields(300, 200), ImageFormat::Gif), &thumbnail);
    assert_eq!(of_gif[0].mime, "image/gif");
    let sixteen = DynamicImage::ImageRgb16(photograph(300, 200).to_rgb16());
    assert_eq!(
        made(&encoded(&sixteen, ImageFormat::Png), &thumbnail)[0].mime,
        "image/png"
    );
}

#[test]
fn wide_colours_are_said_in_every_size() {
    let image = photograph(600, 400);
    let wide = profile(*b"RGB ");
    let file = jpeg_with(&image, &[jpeg_profile(&wide)]);
    let sizes = [Size::new("medium", 300, 300, false)];
    let files = made(&file, &sizes);
    assert_eq!(files.len(), 2);
    for file in &files {
        let reader = image::ImageReader::new(std::io::Cursor::new(&file.bytes))
            .with_guessed_format()
            .unwrap();
        assert_eq!(
            reader.into_decoder().unwrap().icc_profile().unwrap(),
            Some(wide.clone()),
            "{}",
            file.mime
        );
    }
    // What browsers assume anyway is not said.
    let mut usual = profile(*b"RGB ");
    usual[150..154].copy_from_slice(b"sRGB");
    let files = made(&jpeg_with(&image, &[jpeg_profile(&usual)]), &sizes);
    assert!(files.iter().all(|file| !holds(&file.bytes, b"acsp")));
}
