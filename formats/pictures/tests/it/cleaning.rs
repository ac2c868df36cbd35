//! What a picture tells of its maker is gone, and the picture is the same.

use gp_pictures::{Kind, Limits, Picture, picture};
use image::{DynamicImage, ImageFormat};

use crate::build::*;

fn read(bytes: &[u8]) -> Picture {
    picture(bytes, &[], &Limits::default()).unwrap()
}

/// What is served, after a look at whether it is clean for good.
fn served(bytes: &[u8]) -> Vec<u8> {
    let clean = read(bytes).clean.expect("something private was there");
    assert!(!holds(&clean, SECRET));
    assert!(!holds(&clean, b"Exif") && !holds(&clean, b"EXIF"));
    assert_eq!(read(&clean).clean, None, "clean for good");
    clean
}

fn pixels(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

#[test]
fn a_jpeg_loses_all_but_pixels_and_profile() {
    let image = photograph(64, 48);
    let profile = profile(*b"RGB ");
    let mut segments = jpeg_private(1);
    segments.push(jpeg_profile(&profile));
    let file = jpeg_with(&image, &segments);
    let clean = served(&file);
    assert_eq!(pixels(&clean), pixels(&file));
    assert!(holds(&clean, &profile));
    assert_eq!(clean, jpeg_with_profile_where_it_was(&image, &profile));
}

fn jpeg_with_profile_where_it_was(image: &DynamicImage, profile: &[u8]) -> Vec<u8> {
    jpeg_with(image, &[jpeg_profile(profile)])
}

#[test]
fn nothing_private_nothing_changed() {
    let image = photograph(40, 30);
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let picture = read(&encoded(&image, format));
        assert_eq!(picture.clean, None, "{format:?}");
        assert_eq!((picture.width, picture.height), (40, 30));
    }
}

#[test]
fn the_small_picture_in_a_head_of_jfif_goes() {
    let mut file = encoded(&photograph(32, 32), ImageFormat::Jpeg);
    // The head's size, then at the end of its 14 bytes the size of the small picture: 1 × 1.
    assert_eq!(&file[2..6], [0xff, 0xe0, 0, 16]);
    file[5] = 19;
    file[18..20].copy_from_slice(&[1, 1]);
    file.splice(20..20, *b"RGB");
    assert_eq!(served(&file), encoded(&photograph(32, 32), ImageFormat::Jpeg));
}

#[test]
fn a_png_loses_words_and_time() {
    let image = photograph(33, 21);
    let private = [
        png_chunk(b"tEXt", &[b"Author\0", SECRET].concat()),
        png_chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", SECRET].concat()),
        png_chunk(b"eXIf", &exif(1, true)),
        png_chunk(b"tIME", &[7, 234, 5, 1, 12, 0, 0]),
        png_chunk(b"prVt", SECRET),
    ];
    let kept = png_chunk(b"pHYs", &[0, 0, 11, 19, 0, 0, 11, 19, 1]);
    let mut chunks = private.to_vec();
    chunks.insert(2, kept.clone());
    let file = [png_with(&image, &chunks), b"<html>".to_vec()].concat();
    let clean = served(&file);
    assert_eq!(clean, png_with(&image, &[kept]));
}

#[test]
fn a_webp_loses_its_chunks_and_their_flags() {
    let image = photograph(34, 20);
    let profile = profile(*b"RGB ");
    let chunks = [
        riff_chunk(b"EXIF", &exif(1, false)),
        riff_chunk(b"XMP ", SECRET),
        riff_chunk(b"ABCD", SECRET),
    ];
    let mut file = webp_with(&image, 0x2c, &chunks);
    // The profile stands before the pixels.
    let icc = riff_chunk(b"ICCP", &profile);
    file.splice(30..30, icc.clone());
    let size = (file.len() - 8) as u32;
    file[4..8].copy_from_slice(&size.to_le_bytes());
    let clean = served(&file);
    assert_eq!(pixels(&clean), image);
    assert_eq!(clean[20], 0x20);
    assert!(holds(&clean, &icc));
}

#[test]
fn a_gif_loses_its_comments() {
    let plain = encoded(&fields(20, 20), ImageFormat::Gif);
    let head = 13
        + if plain[10] & 0x80 == 0 {
            0
        } else {
            3 << ((plain[10] & 7) + 1)
        };
    let block = |label: u8, head: &[u8]| [&[0x21, label], head, &[SECRET.len() as u8], SECRET, &[0]].concat();
    let private = [block(0xfe, b""), block(0xff, b"\x0bXMP DataXMP")].concat();
    let repeats = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00";
    let file = [&plain[..head], &private, repeats, &plain[head..], b"PK\x03\x04"].concat();
    assert_eq!(served(&file), [&plain[..head], repeats, &plain[head..]].concat());
}

/// Appended to a picture, a page or an archive would be served from the site's own address.
#[test]
fn nothing_stays_behind_the_end() {
    let image = photograph(30, 30);
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let plain = encoded(&image, format);
        for tail in [
            &b"<html><script>alert(1)</script>"[..],
            b"PK\x03\x04\x14\0",
            b"\xff\xd8\xff\xe1\0\x08",
            b"\0",
        ] {
            assert_eq!(served(&[&plain[..], tail].concat()), plain, "{format:?}");
        }
    }
}

/// Where the four corners of the stored picture are shown, by EXIF's eight orientations.
const SHOWN: [[usize; 4]; 8] = [
    [0, 1, 2, 3],
    [1, 0, 3, 2],
    [3, 2, 1, 0],
    [2, 3, 0, 1],
    [0, 2, 1, 3],
    [2, 0, 3, 1],
    [3, 1, 2, 0],
    [1, 3, 0, 2],
];

fn assert_turned(clean: &[u8], orientation: u16) {
    let image = pixels(clean).to_rgb8();
    let sideways = orientation > 4;
    assert_eq!(image.dimensions(), if sideways { (40, 80) } else { (80, 40) });
    let (right, low) = (image.width() - 5, image.height() - 5);
    for (place, corner) in [(4, 4), (right, 4), (4, low), (right, low)]
        .into_iter()
        .zip(SHOWN[usize::from(orientation) - 1])
    {
        let shown = image.get_pixel(place.0, place.1).0;
        let near = shown.iter().zip(CORNERS[corner]).all(|(a, b)| a.abs_diff(b) < 12);
        assert!(
            near,
            "orientation {orientation}: {shown:?} is not {:?}",
            CORNERS[corner]
        );
    }
}

#[test]
fn turned_as_a_browser_would() {
    let image = fields(80, 40);
    for orientation in 1..=8 {
        let exif = exif(orientation, orientation.is_multiple_of(2));
        let files = [
            jpeg_with(&image, &jpeg_private(orientation)),
            png_with(&image, &[png_chunk(b"eXIf", &exif)]),
            webp_with(&image, 0x08, &[riff_chunk(b"EXIF", &exif)]),
        ];
        for file in files {
            let picture = read(&file);
            let shown = if orientation > 4 { (40, 80) } else { (80, 40) };
            assert_eq!((picture.width, picture.height), shown);
            assert_turned(&served(&file), orientation);
        }
    }
}

#[test]
fn a_turned_picture_keeps_its_profile_if_that_fits() {
    for (space, fits) in [(*b"RGB ", true), (*b"CMYK", false)] {
        let mut segments = jpeg_private(6);
        segments.push(jpeg_profile(&profile(space)));
        let clean = served(&jpeg_with(&photograph(48, 32), &segments));
        assert_eq!(holds(&clean, b"ICC_PROFILE"), fits);
    }
}

#[test]
fn kinds_are_known_by_content() {
    let jpeg = encoded(&fields(4, 4), ImageFormat::Jpeg);
    assert_eq!(Kind::of(&jpeg), Kind::Jpeg);
    assert!(Kind::of(&jpeg).fits("a.JPG") && !Kind::of(&jpeg).fits("a.png") && !Kind::Other.fits("a"));
    assert_eq!(
        Kind::of(b"\xef\xbb\xbf <?xml version='1.0'?><!-- x --><svg>"),
        Kind::Svg
    );
    assert_eq!(Kind::of(b"<html><svg>"), Kind::Other);
    assert_eq!(Kind::of(b"\0\0\0\x1cftypavif"), Kind::Avif);
}
