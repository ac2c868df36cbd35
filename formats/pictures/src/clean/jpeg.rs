//! JPEG: a row of segments, then scans of coded pixels. Kept are tables, frames and scans, JFIF's
//! header without its small picture, the colour profile, and Adobe's note on the colour transform.

use super::{Walk, take};
use crate::{Kind, Refused};

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const COM: u8 = 0xfe;

/// A progressive picture has about ten scans. Each costs a walk through all pixels, so that a
/// small file of a thousand scans would cost minutes.
const MAX_SCANS: usize = 64;

pub(super) fn walk(bytes: &[u8]) -> Result<Walk, Refused> {
    let mut walk = Walk::new(bytes.len());
    let mut at = 0;
    let mut scans = 0;
    walk.keep(take(bytes, &mut at, 2, Kind::Jpeg)?);
    loop {
        match next_marker(bytes, &mut at, &mut walk)? {
            EOI => break,
            // Restart markers and TEM stand alone; outside of a scan they say nothing.
            SOI | 0x01 | 0xd0..=0xd7 => walk.dropped = true,
            marker => {
                segment(bytes, &mut at, marker, &mut walk)?;
                if marker == SOS {
                    scans += 1;
                    scan(bytes, &mut at, &mut walk)?;
                }
            }
        }
        if scans > MAX_SCANS {
            return Err(Refused::new(
                "This JPEG picture is built of more layers than pictures are. Please save it anew in a picture editor.",
            ));
        }
    }
    if scans == 0 {
        return Err(Refused::damaged(Kind::Jpeg.spoken()));
    }
    walk.keep(&[0xff, EOI]);
    walk.dropped |= at < bytes.len();
    Ok(walk)
}

/// Goes to the next marker, over filling bytes and over rubbish as browsers do.
fn next_marker(bytes: &[u8], at: &mut usize, walk: &mut Walk) -> Result<u8, Refused> {
    loop {
        while take(bytes, at, 1, Kind::Jpeg)? != [0xff] {
            walk.dropped = true;
        }
        let mut marker = 0xff;
        while marker == 0xff {
            marker = take(bytes, at, 1, Kind::Jpeg)?[0];
        }
        if marker != 0 {
            return Ok(marker);
        }
        walk.dropped = true;
    }
}

fn segment(bytes: &[u8], at: &mut usize, marker: u8, walk: &mut Walk) -> Result<(), Refused> {
    let length = take(bytes, at, 2, Kind::Jpeg)?;
    let size = usize::from(u16::from_be_bytes([length[0], length[1]]));
    let size = size
        .checked_sub(2)
        .ok_or_else(|| Refused::damaged(Kind::Jpeg.spoken()))?;
    let body = take(bytes, at, size, Kind::Jpeg)?;
    if marker == 0xe1 && body.starts_with(b"Exif\0") {
        walk.exif(body);
    }
    let kept = match marker {
        0xe0 if body.starts_with(b"JFIF\0") => return jfif(body, walk),
        0xe2 => body.starts_with(b"ICC_PROFILE\0"),
        0xee => body.starts_with(b"Adobe"),
        0xe0..=0xef | COM => false,
        _ => true,
    };
    if kept {
        walk.keep(&[0xff, marker, length[0], length[1]]);
        walk.keep(body);
    }
    walk.dropped |= !kept;
    Ok(())
}

/// JFIF's header may hold a small picture, which nobody shows any more.
fn jfif(body: &[u8], walk: &mut Walk) -> Result<(), Refused> {
    const BARE: usize = 14;
    let bare = body.get(..BARE).ok_or_else(|| Refused::damaged(Kind::Jpeg.spoken()))?;
    walk.keep(&[0xff, 0xe0, 0, BARE as u8 + 2]);
    walk.keep(&bare[..BARE - 2]);
    walk.keep(&[0, 0]);
    walk.dropped |= body.len() > BARE || bare[BARE - 2..] != [0, 0];
    Ok(())
}

/// Coded pixels, up to the next marker that is not part of them.
fn scan(bytes: &[u8], at: &mut usize, walk: &mut Walk) -> Result<(), Refused> {
    let begin = *at;
    let rest = &bytes[begin..];
    let end = rest
        .windows(2)
        .position(|two| two[0] == 0xff && !matches!(two[1], 0 | 0xd0..=0xd7 | 0xff))
        .ok_or_else(|| Refused::cut_off(Kind::Jpeg.spoken()))?;
    walk.keep(&rest[..end]);
    *at = begin + end;
    Ok(())
}
