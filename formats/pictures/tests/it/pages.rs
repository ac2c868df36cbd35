//! First pages of documents.

use gp_pictures::{Limits, Made, first_page};

use crate::build::pdf;

fn page(bytes: &[u8], width: u32) -> Made {
    first_page(bytes, width, &Limits::default()).unwrap()
}

fn refused(bytes: &[u8]) -> String {
    let reason = first_page(bytes, 300, &Limits::default()).expect_err("refused").reason;
    assert!(reason.ends_with('.') && reason.contains("PDF"), "{reason}");
    reason
}

#[test]
fn a_page_is_drawn_as_wide_as_asked() {
    let file = pdf(
        "[0 0 595 842]",
        "1 0 0 rg 0 421 595 421 re f BT 0 g /F 40 Tf 60 200 Td (Guidance) Tj ET",
    );
    for width in [1, 2, 150, 300, 601] {
        assert_eq!(page(&file, width).width, width);
    }
    let made = page(&file, 300);
    assert_eq!((made.width, made.height, made.mime), (300, 425, "image/webp"));
    let image = image::load_from_memory(&made.bytes).unwrap().to_rgb8();
    let (upper, lower) = (image.get_pixel(150, 50).0, image.get_pixel(150, 400).0);
    assert!(upper[0] > 200 && upper[1] < 40, "{upper:?}");
    assert!(lower.iter().all(|channel| *channel > 240), "{lower:?}");
    let ink = image
        .pixels()
        .filter(|pixel| pixel.0.iter().all(|channel| *channel < 100))
        .count();
    assert!(ink > 100, "letters are drawn");
}

#[test]
fn pages_of_any_shape_are_bounded() {
    let ink = "0 0 1 rg 0 0 9 9 re f";
    let tall = page(&pdf("[0 0 100 14400]", ink), 4000);
    assert!(tall.height <= 4096 && tall.width < 40);
    let wide = page(&pdf("[0 0 14400 100]", ink), u32::MAX);
    assert!(wide.width == 4096 && wide.height < 40);
    assert!(first_page(&pdf("[0 0 1000000 1]", ink), 300, &Limits::default()).is_err());
    assert!(first_page(&pdf("[0 0 1e38 1e38]", ink), 300, &Limits::default()).is_err());
    let _ = first_page(&pdf("[0 0 0 0]", ink), 300, &Limits::default());
    let _ = first_page(&pdf("[nonsense]", ink), 300, &Limits::default());
}

#[test]
fn what_cannot_be_drawn_is_said() {
    assert!(refused(b"").contains("not a PDF"));
    assert!(refused(b"PK\x03\x04").contains("not a PDF"));
    assert!(refused(b"%PDF-1.7\nnothing more").contains("damaged"));
    assert!(refused(&pdf("[0 0 200 200]", "")).contains("blank"));
    let strokes = "0 0 1 1 re f ".repeat(600_000);
    assert!(refused(&pdf("[0 0 200 200]", &strokes)).contains("strokes"));
    let limits = Limits {
        max_bytes: 100,
        ..Limits::default()
    };
    assert!(first_page(&pdf("[0 0 200 200]", "0 0 9 9 re f"), 300, &limits).is_err());
}
