//! GIF: blocks. Kept are pictures, their timing and how often they repeat; comments, words and
//! what programs note for themselves (XMP among it) go.

use super::{Walk, take};
use crate::{Kind, Refused};

const EXTENSION: u8 = 0x21;
const PICTURE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;
const CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;

pub(super) fn walk(bytes: &[u8]) -> Result<Walk, Refused> {
    let mut walk = Walk::new(bytes.len());
    let mut at = 0;
    let head = take(bytes, &mut at, 13, Kind::Gif)?;
    walk.keep(head);
    walk.keep(take(bytes, &mut at, table(head[10]), Kind::Gif)?);
    let mut pictures = 0;
    loop {
        let begin = at;
        // Many writers leave out the last byte; then the file ends between two blocks.
        let block = if pictures > 0 && at == bytes.len() {
            TRAILER
        } else {
            take(bytes, &mut at, 1, Kind::Gif)?[0]
        };
        match block {
            EXTENSION => extension(bytes, &mut at, begin, &mut walk)?,
            PICTURE => {
                pictures += 1;
                let head = take(bytes, &mut at, 9, Kind::Gif)?;
                // A table of its own, and the size of the first codes.
                take(bytes, &mut at, table(head[8]) + 1, Kind::Gif)?;
                data(bytes, &mut at)?;
                walk.keep(&bytes[begin..at]);
            }
            TRAILER => break,
            // Zeros between blocks are overlooked by browsers.
            0 => walk.dropped = true,
            _ => return Err(Refused::damaged(Kind::Gif.spoken())),
        }
    }
    if pictures == 0 {
        return Err(Refused::damaged(Kind::Gif.spoken()));
    }
    walk.keep(&[TRAILER]);
    walk.animated = pictures > 1;
    walk.dropped |= at < bytes.len();
    Ok(walk)
}

/// How many bytes of colours follow these flags.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Blocks of data, the last of which is empty.
fn data(bytes: &[u8], at: &mut usize) -> Result<(), Refused> {
    while let size @ 1.. = take(bytes, at, 1, Kind::Gif)?[0] {
        take(bytes, at, usize::from(size), Kind::Gif)?;
    }
    Ok(())
}

fn extension(bytes: &[u8], at: &mut usize, begin: usize, walk: &mut Walk) -> Result<(), Refused> {
    let label = take(bytes, at, 1, Kind::Gif)?[0];
    let body = *at;
    data(bytes, at)?;
    let body = &bytes[body..*at];
    let kept = match label {
        CONTROL => body.len() == 6,
        APPLICATION => {
            let repeats = matches!(body.get(..12), Some(b"\x0bNETSCAPE2.0" | b"\x0bANIMEXTS1.0"));
            // The number of repeats and nothing after it.
            (repeats && body.len() == 17) || body.starts_with(b"\x0bICCRGBG1012")
        }
        _ => false,
    };
    if kept {
        walk.keep(&bytes[begin..*at]);
    }
    walk.dropped |= !kept;
    Ok(())
}
