//! Files that are damaged, or made to do damage: one sentence, no panic, no waiting.

use gp_pictures::{Limits, Refused, Size, first_page, picture};
use image::ImageFormat;
use proptest::prelude::*;

use crate::build::*;

fn refused(bytes: &[u8]) -> String {
    let Refused { reason } = picture(bytes, &Size::wordpress(), &Limits::default()).expect_err("refused");
    assert!(reason.ends_with('.') && reason.contains(' '), "{reason}");
    reason
}

#[test]
fn what_is_no_picture_is_said() {
    assert!(refused(b"").contains("empty"));
    assert!(refused(b"<html><body>picture.jpg").contains("not a JPEG"));
    assert!(refused(b"%PDF-1.4").contains("not a JPEG"));
    assert!(refused(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>").contains("SVG"));
    assert!(refused(b"\0\0\0\x1cftypavif\0\0\0\0").contains("AVIF"));
    assert!(refused(b"\xff\xd8\xff<?php system($_GET[0]);").contains("picture"));
    let small = Limits {
        max_bytes: 10,
        ..Limits::default()
    };
    assert!(picture(&[0; 11], &[], &small).is_err());
}

/// A few bytes that say they are many pixels.
#[test]
fn bombs_are_not_opened() {
    let head = |width: u32, height: u32| [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let png = |width, height| {
        let parts = [
            png_chunk(b"IHDR", &head(width, height)),
            png_chunk(b"IDAT", &[0; 40]),
            png_chunk(b"IEND", b""),
        ];
        [&b"\x89PNG\r\n\x1a\n"[..], &parts.concat()].concat()
    };
    assert!(refused(&png(50_000, 50_000)).contains("50000 × 50000"));
    assert!(refused(&png(10_000_000, 1)).contains("along"));
    refused(&png(0, 10));
    refused(&png(1000, 1000));
    refused(&png(u32::MAX, u32::MAX));
    let mut jpeg = encoded(&fields(16, 16), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    assert!(refused(&jpeg).contains("65535 × 65535"));
    let mut gif = encoded(&fields(16, 16), ImageFormat::Gif);
    gif[6..10].fill(0xff);
    assert!(refused(&gif).contains("65535 × 65535"));
}

#[test]
fn a_jpeg_of_a_thousand_layers_is_refused() {
    let plain = encoded(&fields(16, 16), ImageFormat::Jpeg);
    let scan = plain.windows(2).position(|two| two == [0xff, 0xda]).unwrap();
    let scans = plain[scan..plain.len() - 2].repeat(1000);
    assert!(refused(&[&plain[..scan], &scans, &[0xff, 0xd9]].concat()).contains("layers"));
}

#[test]
fn what_is_cut_off_is_refused_wherever_the_cut_is() {
    let image = photograph(60, 50);
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let whole = encoded(&image, format);
        // A GIF may go without its last byte.
        for length in (0..whole.len() - 1).step_by(7) {
            refused(&whole[..length]);
        }
    }
}

/// Some bytes changed, taken out or put in.
fn mutated(files: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..4_u8);
    (prop::sample::select(files), prop::collection::vec(change, 1..12)).prop_map(|(mut file, changes)| {
        for (place, byte, what) in changes {
            if file.is_empty() {
                break;
            }
            let place = place.index(file.len());
            match what {
                0 => drop(file.remove(place)),
                1 => file.insert(place, byte),
                2 => file.truncate(place.max(file.len() / 2)),
                _ => file[place] = byte,
            }
        }
        file
    })
}

fn pictures() -> Vec<Vec<u8>> {
    let image = photograph(40, 24);
    let exif = exif(6, true);
    vec![
        jpeg_with(&image, &jpeg_private(6)),
        png_with(&image, &[png_chunk(b"eXIf", &exif), png_chunk(b"tEXt", SECRET)]),
        encoded(&fields(40, 24), ImageFormat::Gif),
        webp_with(&image, 0x0c, &[riff_chunk(b"EXIF", &exif), riff_chunk(b"XMP ", SECRET)]),
        webp::Encoder::from_rgb(image.as_bytes(), 40, 24).encode(60.0).to_vec(),
    ]
}

fn documents() -> Vec<Vec<u8>> {
    let content = "0.2 0.4 0.8 rg 20 20 100 60 re f q 1 0 0 1 9 9 cm Q BT /F 18 Tf 20 150 Td (Guidance) Tj ET";
    vec![pdf("[0 0 200 200]", content)]
}

proptest! {
    #[test]
    fn no_picture_makes_it_panic(bytes in mutated(pictures())) {
        let sizes = [Size::new("thumbnail", 15, 15, true), Size::new("wide", 30, 0, false)];
        let limits = Limits { max_pixels: 1_000_000, ..Limits::default() };
        match picture(&bytes, &sizes, &limits) {
            Ok(read) => {
                if let Some(clean) = read.clean {
                    let again = picture(&clean, &[], &limits).expect("what is served can be read");
                    prop_assert_eq!((again.width, again.height), (read.width, read.height));
                    prop_assert_eq!(again.clean, None);
                }
            }
            Err(refused) => prop_assert!(refused.reason.ends_with('.')),
        }
    }

    #[test]
    fn no_document_makes_it_panic(bytes in mutated(documents())) {
        let limits = Limits { max_pixels: 1_000_000, ..Limits::default() };
        if let Err(refused) = first_page(&bytes, 60, &limits) {
            prop_assert!(refused.reason.ends_with('.'));
        }
    }
}
