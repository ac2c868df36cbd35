//! What a worker makes out of a picture, or out of the first page of a document, and how it comes out of the box: how long the
//! head is (four bytes), the head as JSON, and the bytes of the files behind it.

use gp_pictures::{FIRST_PAGE, Limits, Made, Picture, Refused, Size, Step};
use serde::{Deserialize, Serialize};

/// The name of the cleaned original among what was drawn.
pub const ORIGINAL: &str = "original";
/// The most strokes on a page that is drawn: each takes some microseconds, and there is an end to the time.
const MOST_STROKES: usize = 400_000;

/// What is wished of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wish {
    /// The picture without what it tells of its maker, and its sizes: name, width, height, whether they are met by cutting.
    Sizes {
        /// Which sizes.
        sizes: Vec<(String, u32, u32, bool)>,
        /// Whether a very large picture also gets the size that is served in its place.
        scaled: bool,
    },
    /// The same picture as WebP, where that is smaller.
    Webp,
    /// The first page of a PDF, so many pixels wide.
    FirstPage(u32),
    /// A page of a PDF, counted from 1, and so many pixels wide: in grey, to be read by a machine.
    Page(usize, u32),
    /// The picture after these steps.
    Edited(Vec<Change>),
}

/// A step of editing a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Left and right change places, and above and below.
    Flip(bool, bool),
    /// Turned clockwise by so many degrees.
    Rotate(i32),
    /// Only a part: left, top, width, height in thousandths of a hundredth, so that a wish can be compared.
    Crop(u32, u32, u32, u32),
}

impl From<Change> for Step {
    fn from(change: Change) -> Self {
        let share = |thousandths: u32| f64::from(thousandths) / 1000.0;
        match change {
            Change::Flip(horizontal, vertical) => Self::Flip { horizontal, vertical },
            Change::Rotate(degrees) => Self::Rotate(degrees),
            Change::Crop(left, top, width, height) => Self::Crop {
                left: share(left),
                top: share(top),
                width: share(width),
                height: share(height),
            },
        }
    }
}

/// What was drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Drawn {
    /// Why nothing was, in a sentence for editors.
    pub refused: Option<String>,
    /// The media type of the file that was looked at, by its bytes.
    pub mime: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Whether it says where it was taken.
    pub placed: bool,
    /// The files that were made.
    pub files: Vec<File>,
}

/// A file that was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct File {
    /// The name of the size.
    pub name: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Media type.
    pub mime: String,
    /// How many bytes.
    pub length: usize,
    /// The bytes.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

impl From<Made> for File {
    fn from(made: Made) -> Self {
        Self {
            name: made.name,
            width: made.width,
            height: made.height,
            mime: made.mime.to_owned(),
            length: made.bytes.len(),
            bytes: made.bytes,
        }
    }
}

impl Drawn {
    /// Nothing, and why.
    pub fn refused(reason: impl Into<String>) -> Self {
        Self {
            refused: Some(reason.into()),
            ..Self::default()
        }
    }

    /// Out of the box.
    fn bytes(&self) -> Vec<u8> {
        let head = serde_json::to_vec(self).unwrap_or_default();
        let length = u32::try_from(head.len()).unwrap_or(0);
        let files = self.files.iter().flat_map(|file| &file.bytes);
        length
            .to_le_bytes()
            .into_iter()
            .chain(head)
            .chain(files.copied())
            .collect()
    }

    /// What came out of the box; `None` where that is not understood.
    pub(crate) fn parse(answer: &[u8]) -> Option<Self> {
        let (length, rest) = answer.split_first_chunk::<4>()?;
        let (head, mut rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let mut drawn: Self = serde_json::from_slice(head).ok()?;
        for file in &mut drawn.files {
            let (bytes, behind) = rest.split_at_checked(file.length)?;
            file.bytes = bytes.to_vec();
            rest = behind;
        }
        rest.is_empty().then_some(drawn)
    }
}

/// The worker's work: what is wished (as JSON) of these bytes.
pub fn draw(bytes: &[u8], wish: &str) -> Vec<u8> {
    let limits = Limits {
        max_operations: MOST_STROKES,
        scaled_edge: None,
        ..Limits::default()
    };
    let drawn = match serde_json::from_str(wish) {
        Ok(Wish::Sizes { sizes, scaled }) => {
            let limits = if scaled {
                Limits {
                    max_operations: limits.max_operations,
                    ..Limits::default()
                }
            } else {
                limits
            };
            let sizes: Vec<Size> = sizes
                .iter()
                .map(|(name, w, h, crop)| Size::new(name, *w, *h, *crop))
                .collect();
            gp_pictures::picture(bytes, &sizes, &limits).map(of_picture)
        }
        Ok(Wish::Webp) => gp_pictures::as_webp(bytes, &limits).map(of_webp),
        Ok(Wish::FirstPage(width)) => gp_pictures::first_page(bytes, width, &limits).map(of_page),
        Ok(Wish::Page(number, width)) => gp_pictures::page_to_read(bytes, number, width, &limits).map(of_page),
        Ok(Wish::Edited(changes)) => {
            let steps: Vec<Step> = changes.into_iter().map(Step::from).collect();
            gp_pictures::edited(bytes, &steps, &limits).map(|made| Drawn {
                mime: made.mime.to_owned(),
                width: made.width,
                height: made.height,
                files: vec![made.into()],
                ..Drawn::default()
            })
        }
        Err(error) => Ok(Drawn::refused(format!("The wish {wish} is not understood: {error}."))),
    };
    drawn
        .unwrap_or_else(|Refused { reason }| Drawn::refused(reason))
        .bytes()
}

fn of_picture(picture: Picture) -> Drawn {
    let clean = picture.clean.map(|bytes| File {
        name: ORIGINAL.to_owned(),
        width: picture.width,
        height: picture.height,
        mime: picture.kind.mime().to_owned(),
        length: bytes.len(),
        bytes,
    });
    Drawn {
        refused: None,
        mime: picture.kind.mime().to_owned(),
        width: picture.width,
        height: picture.height,
        placed: picture.placed,
        files: clean
            .into_iter()
            .chain(picture.made.into_iter().map(File::from))
            .collect(),
    }
}

fn of_page(page: Made) -> Drawn {
    Drawn {
        mime: "application/pdf".to_owned(),
        files: vec![page.into()],
        ..Drawn::default()
    }
}

fn of_webp(webp: Option<Vec<u8>>) -> Drawn {
    let file = webp.map(|bytes| File {
        name: "webp".to_owned(),
        mime: "image/webp".to_owned(),
        length: bytes.len(),
        bytes,
        ..File::default()
    });
    Drawn {
        files: file.into_iter().collect(),
        ..Drawn::default()
    }
}

/// The name of the size that a first page is drawn in.
pub(crate) fn is_first_page(file: &File) -> bool {
    file.name == FIRST_PAGE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_comes_out_as_it_went_in() {
        let file = |name: &str, bytes: &[u8]| File {
            name: name.to_owned(),
            length: bytes.len(),
            bytes: bytes.to_vec(),
            ..File::default()
        };
        let drawn = Drawn {
            width: 3,
            files: vec![file("a", b"one"), file("b", b""), file("c", b"three")],
            ..Drawn::default()
        };
        let bytes = drawn.bytes();
        assert_eq!(Drawn::parse(&bytes), Some(drawn));
        for end in 0..bytes.len() {
            assert_eq!(Drawn::parse(&bytes[..end]), None, "cut off at {end}");
        }
        assert_eq!(Drawn::parse(b"\xff\xff\xff\xffx"), None);
    }

    #[test]
    fn nonsense_is_refused_with_a_sentence() {
        for (bytes, wish) in [
            (&b"GIF89a"[..], r#"{"sizes":{"sizes":[["a",1,1,true]],"scaled":true}}"#),
            (b"%PDF-1.7", r#"{"first-page":300}"#),
            (b"\xff\xd8\xff", r#""webp""#),
            (b"", "nothing"),
        ] {
            let drawn = Drawn::parse(&draw(bytes, wish)).unwrap();
            assert!(drawn.refused.is_some_and(|reason| reason.ends_with('.')), "{wish}");
        }
    }
}
