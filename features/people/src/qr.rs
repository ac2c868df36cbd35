//! A QR code as SVG: dark on white in every colour scheme, since cameras look for that, with the white margin that they need.
//!
//! What must never be here: a style, which the policy of the pages would forbid.

use gp_markup::text::esc_attr;
use qrcode::{Color, EcLevel, QrCode};

/// Of white modules around (ISO/IEC 18004).
const MARGIN: usize = 4;

/// The code of a text; `label` says what it is. `None` for a text that is too long.
pub(crate) fn svg(text: &str, label: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        // Dark modules side by side are one bar: without seams, and a third of the text.
        for bar in row.chunk_by(|a, b| a == b) {
            if bar[0] == Color::Dark {
                let (left, top, length) = (x + MARGIN, y + MARGIN, bar.len());
                path.push_str(&format!("M{left} {top}h{length}v1h-{length}z"));
            }
            x += bar.len();
        }
    }
    let size = width + 2 * MARGIN;
    Some(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {size} {size}\" role=\"img\" aria-label=\"{}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>",
        esc_attr(label)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_a_margin() {
        let svg = svg("otpauth://totp/Library:anna?secret=MZXW6YTBOI", "a <label>").unwrap();
        assert!(
            svg.contains("aria-label=\"a &lt;label&gt;\"") && !svg.contains("style"),
            "{svg}"
        );
        let size: usize = svg
            .split("viewBox=\"0 0 ")
            .nth(1)
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let right = size - MARGIN - 7;
        for (x, y) in [(MARGIN, MARGIN), (right, MARGIN), (MARGIN, right)] {
            assert!(svg.contains(&format!("M{x} {y}h7v1h-7z")), "{x} {y}: {svg}");
        }
        assert!(super::svg(&"x".repeat(10_000), "").is_none());
    }
}
