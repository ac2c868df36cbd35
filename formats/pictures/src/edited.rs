//! A picture as somebody wants it: turned, mirrored, cut out.

use image::{DynamicImage, metadata::Orientation};

use crate::{
    Kind, Limits, Made, Refused, clean, decode,
    encode::{self, Purpose},
    readable, refused,
};

/// The name of what comes out.
pub const EDITED: &str = "edited";

/// One step of editing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Mirrored: left and right change places, or above and below.
    Flip {
        /// Left and right.
        horizontal: bool,
        /// Above and below.
        vertical: bool,
    },
    /// Turned clockwise by so many degrees, a multiple of 90.
    Rotate(i32),
    /// Only a part, in hundredths of width and height.
    Crop {
        /// Where it begins, from the left.
        left: f64,
        /// Where it begins, from above.
        top: f64,
        /// How wide it is.
        width: f64,
        /// How high it is.
        height: f64,
    },
}

/// The picture after all steps, without what it told of its maker, in the kind that it was.
pub fn edited(bytes: &[u8], steps: &[Step], limits: &Limits) -> Result<Made, Refused> {
    let kind = Kind::of(bytes);
    readable(kind, bytes, limits)?;
    let walk = clean::walk(kind, bytes)?;
    if walk.animated {
        return Err(Refused::new("A moving picture cannot be edited here."));
    }
    refused::contained(kind.spoken(), || {
        let mut opened = decode::open(kind, &walk.kept, limits)?;
        let profile = opened.profile();
        let mut image = opened.pixels(walk.orientation)?;
        for step in steps {
            image = after(image, *step)?;
        }
        let bytes = encode::encode(&image, kind, profile.as_deref(), Purpose::Original)?;
        Ok(Made {
            name: EDITED.to_owned(),
            width: image.width(),
            height: image.height(),
            mime: kind.mime(),
            bytes,
        })
    })
}

fn after(mut image: DynamicImage, step: Step) -> Result<DynamicImage, Refused> {
    match step {
        Step::Flip { horizontal, vertical } => {
            if horizontal {
                image.apply_orientation(Orientation::FlipHorizontal);
            }
            if vertical {
                image.apply_orientation(Orientation::FlipVertical);
            }
            Ok(image)
        }
        Step::Rotate(degrees) => {
            match degrees.rem_euclid(360) {
                0 => {}
                90 => image.apply_orientation(Orientation::Rotate90),
                180 => image.apply_orientation(Orientation::Rotate180),
                270 => image.apply_orientation(Orientation::Rotate270),
                _ => return Err(Refused::new("A picture can be turned by quarters only.")),
            }
            Ok(image)
        }
        Step::Crop {
            left,
            top,
            width,
            height,
        } => {
            let (wide, high) = (image.width(), image.height());
            let (x, y) = (part(wide, left), part(high, top));
            let (w, h) = (part(wide, width).min(wide - x), part(high, height).min(high - y));
            if w == 0 || h == 0 {
                return Err(Refused::new("Nothing of the picture would be left."));
            }
            Ok(image.crop_imm(x, y, w, h))
        }
    }
}

/// So many hundredths of an edge, in whole pixels and never more than there are.
fn part(edge: u32, hundredths: f64) -> u32 {
    let share = hundredths.clamp(0.0, 100.0) / 100.0;
    let pixels = (f64::from(edge) * share).round();
    // Between nothing and the edge, which fits.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to edge")]
    let pixels = pixels as u32;
    pixels.min(edge)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{GrayImage, ImageFormat, Luma};

    use super::*;

    /// 4 by 2 pixels, each of its own grey.
    fn sample() -> Vec<u8> {
        let image = GrayImage::from_fn(4, 2, |x, y| Luma([u8::try_from(x * 10 + y * 100).unwrap()]));
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(image)
            .write_to(&mut bytes, ImageFormat::Png)
            .unwrap();
        bytes.into_inner()
    }

    fn pixels(steps: &[Step]) -> Vec<Vec<u8>> {
        let made = edited(&sample(), steps, &Limits::default()).unwrap();
        let image = image::load_from_memory(&made.bytes).unwrap().into_luma8();
        assert_eq!((made.width, made.height), image.dimensions());
        image.rows().map(|row| row.map(|pixel| pixel[0]).collect()).collect()
    }

    #[test]
    fn pictures_are_turned_mirrored_and_cut() {
        assert_eq!(pixels(&[Step::Rotate(90)])[0], [100, 0]);
        assert_eq!(pixels(&[Step::Rotate(-90)])[0], [30, 130]);
        let mirrored = Step::Flip {
            horizontal: true,
            vertical: false,
        };
        assert_eq!(pixels(&[mirrored])[0], [30, 20, 10, 0]);
        let cut = Step::Crop {
            left: 50.0,
            top: 0.0,
            width: 500.0,
            height: 50.0,
        };
        assert_eq!(pixels(&[cut]), [[20, 30]]);
        assert_eq!(pixels(&[cut, Step::Rotate(180)]), [[30, 20]]);
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        let nothing = Step::Crop {
            left: 100.0,
            top: 0.0,
            width: 10.0,
            height: 10.0,
        };
        for step in [Step::Rotate(45), nothing] {
            assert!(edited(&sample(), &[step], &Limits::default()).is_err(), "{step:?}");
        }
        assert!(edited(b"nonsense", &[], &Limits::default()).is_err());
    }
}
