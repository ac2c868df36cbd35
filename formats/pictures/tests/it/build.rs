//! Files of each kind, put together byte by byte where it matters.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// What must not be found in any file that is served.
pub const SECRET: &[u8] = b"SECRET-51.5007N-0.1246W";

/// The colours of the four corners: upper left, upper right, lower left, lower right.
pub const CORNERS: [[u8; 3]; 4] = [[220, 30, 30], [30, 200, 30], [30, 30, 220], [230, 220, 40]];

/// A picture of four fields of different colours.
pub fn fields(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        Rgb(CORNERS[usize::from(x >= width / 2) + 2 * usize::from(y >= height / 2)])
    }))
}

/// A picture as uneven as a photograph.
pub fn photograph(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        let wave = |a: u32, b: u32| ((f64::from(a) / 37.0).sin() * 60.0 + (f64::from(b) / 23.0).cos() * 50.0) as i32;
        let grain = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 27;
        let channel = |base: i32| (base + wave(x, y) + grain as i32).clamp(0, 255) as u8;
        Rgb([channel(120), channel(100), channel(90)])
    }))
}

pub fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// An EXIF block with an orientation, a maker and a place, in either byte order.
pub fn exif(orientation: u16, big: bool) -> Vec<u8> {
    let two = |value: u16| if big { value.to_be_bytes() } else { value.to_le_bytes() };
    let four = |value: u32| if big { value.to_be_bytes() } else { value.to_le_bytes() };
    let entry =
        |tag: u16, kind: u16, count: u32, value: [u8; 4]| [&two(tag)[..], &two(kind), &four(count), &value].concat();
    let short = |value: u16| [two(value)[0], two(value)[1], 0, 0];
    let secret = SECRET.len() as u32;
    // Head 8, three entries and a pointer 42, then the GPS directory of 18 bytes, then text.
    let gps = 8 + 2 + 3 * 12 + 4;
    let text = gps + 2 + 12 + 4;
    let mut block = if big {
        b"MM\0\x2a".to_vec()
    } else {
        b"II\x2a\0".to_vec()
    };
    block.extend(four(8));
    block.extend(two(3));
    block.extend(entry(0x010f, 2, secret, four(text)));
    block.extend(entry(0x0112, 3, 1, short(orientation)));
    block.extend(entry(0x8825, 4, 1, four(gps)));
    block.extend(four(0));
    block.extend(two(1));
    block.extend(entry(0x001b, 7, secret, four(text)));
    block.extend(four(0));
    block.extend(SECRET);
    block
}

/// A colour profile by its head; nobody looks further.
pub fn profile(space: [u8; 4]) -> Vec<u8> {
    let mut profile = vec![0; 200];
    profile[3] = 200;
    profile[12..16].copy_from_slice(b"mntr");
    profile[16..20].copy_from_slice(&space);
    profile[36..40].copy_from_slice(b"acsp");
    profile
}

fn jpeg_segment(marker: u8, head: &[u8], body: &[u8]) -> Vec<u8> {
    let size = (2 + head.len() + body.len()) as u16;
    [&[0xff, marker], &size.to_be_bytes()[..], head, body].concat()
}

/// A JPEG with more segments after its first two bytes.
pub fn jpeg_with(image: &DynamicImage, segments: &[Vec<u8>]) -> Vec<u8> {
    let plain = encoded(image, ImageFormat::Jpeg);
    [&plain[..2], &segments.concat(), &plain[2..]].concat()
}

/// Everything that a JPEG tells of its maker.
pub fn jpeg_private(orientation: u16) -> Vec<Vec<u8>> {
    vec![
        jpeg_segment(0xe1, b"Exif\0\0", &exif(orientation, orientation.is_multiple_of(2))),
        jpeg_segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0", SECRET),
        jpeg_segment(0xe2, b"MPF\0", SECRET),
        jpeg_segment(0xe0, b"JFXX\0\x10", SECRET),
        jpeg_segment(0xeb, b"JP", SECRET),
        jpeg_segment(0xed, b"Photoshop 3.0\0", SECRET),
        jpeg_segment(0xfe, b"", SECRET),
    ]
}

pub fn jpeg_profile(profile: &[u8]) -> Vec<u8> {
    jpeg_segment(0xe2, b"ICC_PROFILE\0\x01\x01", profile)
}

pub fn png_chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut crc = u32::MAX;
    for byte in name.iter().chain(body) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    [
        &(body.len() as u32).to_be_bytes()[..],
        name,
        body,
        &(!crc).to_be_bytes(),
    ]
    .concat()
}

/// A PNG with more chunks after its head.
pub fn png_with(image: &DynamicImage, chunks: &[Vec<u8>]) -> Vec<u8> {
    let plain = encoded(image, ImageFormat::Png);
    [&plain[..33], &chunks.concat(), &plain[33..]].concat()
}

pub fn riff_chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let fill = if body.len() % 2 == 1 { &[0][..] } else { &[] };
    [name, &(body.len() as u32).to_le_bytes()[..], body, fill].concat()
}

/// A WebP without loss, with a head and more chunks behind its pixels.
pub fn webp_with(image: &DynamicImage, flags: u8, chunks: &[Vec<u8>]) -> Vec<u8> {
    let plain = encoded(image, ImageFormat::WebP);
    let size = |length: u32| [(length - 1) as u8, ((length - 1) >> 8) as u8, 0];
    let head = [&[flags, 0, 0, 0][..], &size(image.width()), &size(image.height())].concat();
    let body = [b"WEBP", &riff_chunk(b"VP8X", &head)[..], &plain[12..], &chunks.concat()].concat();
    riff_chunk(b"RIFF", &body)
}

/// A PDF of one page with this content; `box_` is its media box.
pub fn pdf(box_: &str, content: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox {box_} /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
        ),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
    }
    let table = file.len();
    file.extend(b"xref\n0 6\n0000000000 65535 f \n");
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    file.extend(format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").into_bytes());
    file
}

pub fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
