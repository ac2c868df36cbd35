//! How large each size of a picture becomes: WordPress's computation, to the pixel.

/// A size that pictures are made in, as WordPress's `add_image_size` takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Size {
    /// WordPress's name of the size, `thumbnail` for example.
    pub name: String,
    /// The most that it may be wide; 0 for any width.
    pub width: u32,
    /// The most that it may be high; 0 for any height.
    pub height: u32,
    /// Whether the middle is cut out so that width and height are met exactly.
    pub crop: bool,
}

impl Size {
    /// A size of this name.
    pub fn new(name: &str, width: u32, height: u32, crop: bool) -> Self {
        Self {
            name: name.to_owned(),
            width,
            height,
            crop,
        }
    }

    /// The sizes of a new WordPress site.
    pub fn wordpress() -> Vec<Size> {
        vec![
            Size::new("thumbnail", 150, 150, true),
            Size::new("medium", 300, 300, false),
            Size::new("medium_large", 768, 0, false),
            Size::new("large", 1024, 1024, false),
            Size::new("1536x1536", 1536, 1536, false),
            Size::new("2048x2048", 2048, 2048, false),
        ]
    }
}

/// Which part of a picture a size shows, and how large that becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Left edge of the part.
    pub x: u32,
    /// Upper edge of the part.
    pub y: u32,
    /// Width of the part.
    pub from_width: u32,
    /// Height of the part.
    pub from_height: u32,
    /// Width of the result.
    pub width: u32,
    /// Height of the result.
    pub height: u32,
}

/// WordPress's `image_resize_dimensions`. `None`: the picture is not made in this size, since it
/// would be enlarged or stay what it is.
pub fn cut(width: u32, height: u32, size: &Size) -> Option<Cut> {
    if width == 0 || height == 0 {
        return None;
    }
    let smaller = match (size.width, size.height) {
        (0, 0) => return None,
        (most, 0) => width < most,
        (0, most) => height < most,
        (wide, high) => width < wide && height < high,
    };
    if smaller {
        return None;
    }
    let cut = if size.crop {
        cropped(width, height, size)
    } else {
        let (new_width, new_height) = constrain(width, height, size.width, size.height);
        Cut {
            x: 0,
            y: 0,
            from_width: width,
            from_height: height,
            width: new_width,
            height: new_height,
        }
    };
    // As WordPress has it: one pixel more or less is the same size.
    let same = cut.width.abs_diff(width) <= 1 && cut.height.abs_diff(height) <= 1;
    (!same).then_some(cut)
}

fn cropped(width: u32, height: u32, size: &Size) -> Cut {
    let (full_width, full_height) = (f64::from(width), f64::from(height));
    let aspect = full_width / full_height;
    let mut new_width = f64::from(size.width.min(width));
    let mut new_height = f64::from(size.height.min(height));
    if new_width == 0.0 {
        new_width = (new_height * aspect).round();
    }
    if new_height == 0.0 {
        new_height = (new_width / aspect).round();
    }
    // A line of one pixel can round to nothing; WordPress's editors then fail, this keeps a pixel.
    let (new_width, new_height) = (new_width.max(1.0), new_height.max(1.0));
    let ratio = (new_width / full_width).max(new_height / full_height);
    let from_width = (new_width / ratio).round().clamp(1.0, full_width);
    let from_height = (new_height / ratio).round().clamp(1.0, full_height);
    Cut {
        x: ((full_width - from_width) / 2.0).floor() as u32,
        y: ((full_height - from_height) / 2.0).floor() as u32,
        from_width: from_width as u32,
        from_height: from_height as u32,
        width: new_width as u32,
        height: new_height as u32,
    }
}

/// WordPress's `wp_constrain_dimensions`: the largest of the same shape within a box, a pixel given
/// back where rounding took it. 0 means: no bound.
pub fn constrain(width: u32, height: u32, most_width: u32, most_height: u32) -> (u32, u32) {
    if most_width == 0 && most_height == 0 {
        return (width, height);
    }
    let narrower = most_width > 0 && width > most_width;
    let lower = most_height > 0 && height > most_height;
    let ratio = |most: u32, now: u32| f64::from(most) / f64::from(now);
    let by_width = if narrower { ratio(most_width, width) } else { 1.0 };
    let by_height = if lower { ratio(most_height, height) } else { 1.0 };
    let scaled = |now: u32, ratio: f64| (f64::from(now) * ratio).round();
    let larger = by_width.max(by_height);
    let too_large = scaled(width, larger) > f64::from(most_width) || scaled(height, larger) > f64::from(most_height);
    let ratio = if too_large { by_width.min(by_height) } else { larger };
    let given_back = |now: u32, did: bool, most: u32| {
        let new = scaled(now, ratio).max(1.0) as u32;
        if did && new + 1 == most { most } else { new }
    };
    (
        given_back(width, narrower, most_width),
        given_back(height, lower, most_height),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(width: u32, height: u32, size: (u32, u32, bool)) -> Option<(u32, u32)> {
        cut(width, height, &Size::new("s", size.0, size.1, size.2)).map(|cut| (cut.width, cut.height))
    }

    /// Numbers from WordPress's own tests and its comments.
    #[test]
    fn constrained_as_wordpress_does() {
        assert_eq!(constrain(465, 700, 177, 177), (118, 177));
        assert_eq!(constrain(300, 465, 177, 177), (114, 177));
        assert_eq!(constrain(465, 300, 177, 177), (177, 114));
        assert_eq!(constrain(700, 465, 177, 177), (177, 118));
        assert_eq!(constrain(465, 700, 177, 0), (177, 266));
        assert_eq!(constrain(465, 700, 0, 177), (118, 177));
        assert_eq!(constrain(640, 480, 0, 0), (640, 480));
        assert_eq!(constrain(128, 1, 64, 64), (64, 1));
        assert_eq!(constrain(640, 480, 640, 480), (640, 480));
        assert_eq!(constrain(640, 480, 320, 480), (320, 240));
    }

    #[test]
    fn sizes_of_a_photograph() {
        let sizes: Vec<_> = Size::wordpress()
            .iter()
            .filter_map(|size| cut(4000, 3000, size).map(|cut| (size.name.clone(), cut.width, cut.height)))
            .collect();
        let expected = [
            ("thumbnail", 150, 150),
            ("medium", 300, 225),
            ("medium_large", 768, 576),
            ("large", 1024, 768),
            ("1536x1536", 1536, 1152),
            ("2048x2048", 2048, 1536),
        ];
        assert_eq!(sizes, expected.map(|(name, w, h)| (name.to_owned(), w, h)));
    }

    #[test]
    fn never_larger_and_never_the_same() {
        assert_eq!(made(640, 480, (1024, 1024, false)), None);
        assert_eq!(made(640, 480, (640, 480, false)), None);
        assert_eq!(made(640, 480, (641, 480, true)), None);
        assert_eq!(made(640, 480, (639, 479, false)), None);
        assert_eq!(made(640, 480, (768, 0, false)), None);
        assert_eq!(made(100, 100, (150, 150, true)), None);
        assert_eq!(made(0, 10, (150, 150, true)), None);
        assert_eq!(made(10, 10, (0, 0, true)), None);
    }

    #[test]
    fn the_middle_is_cut_out() {
        let thumbnail = Size::new("thumbnail", 150, 150, true);
        let expected = Cut {
            x: 80,
            y: 0,
            from_width: 480,
            from_height: 480,
            width: 150,
            height: 150,
        };
        assert_eq!(cut(640, 480, &thumbnail), Some(expected));
        // Less high than asked: as wide as asked, as high as it is.
        assert_eq!(made(640, 100, (150, 150, true)), Some((150, 100)));
        assert_eq!(made(640, 480, (400, 0, true)), Some((400, 300)));
        assert_eq!(made(640, 480, (0, 240, true)), Some((320, 240)));
        assert_eq!(made(5000, 1, (0, 1, true)), None);
        assert_eq!(made(5000, 1, (150, 0, true)), Some((150, 1)));
    }
}
