//! PNG: a row of chunks. Kept are those that say how pixels look: the picture, its palette and
//! transparency, its colours, its size on paper, its further frames.

use super::{Walk, take};
use crate::{Kind, Refused};

/// Palette and pixels, transparency, colour space, background, resolution, animation.
const KEPT: [&[u8; 4]; 17] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV",
    b"cLLI", b"bKGD", b"pHYs", b"acTL", b"fcTL",
];

pub(super) fn walk(bytes: &[u8]) -> Result<Walk, Refused> {
    let mut walk = Walk::new(bytes.len());
    let mut at = 0;
    walk.keep(take(bytes, &mut at, 8, Kind::Png)?);
    loop {
        let begin = at;
        let head = take(bytes, &mut at, 8, Kind::Png)?;
        let size = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let name = [head[4], head[5], head[6], head[7]];
        let body = take(bytes, &mut at, size as usize, Kind::Png)?;
        take(bytes, &mut at, 4, Kind::Png)?;
        if &name == b"eXIf" {
            walk.exif(body);
        }
        walk.animated |= &name == b"acTL";
        if KEPT.contains(&&name) || &name == b"fdAT" {
            walk.keep(&bytes[begin..at]);
        } else {
            walk.dropped = true;
        }
        if &name == b"IEND" {
            break;
        }
    }
    walk.dropped |= at < bytes.len();
    Ok(walk)
}
