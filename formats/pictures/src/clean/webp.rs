//! WebP: a RIFF list of chunks. Kept are pixels, transparency, animation and the colour profile;
//! the header's flags then say what is still there.

use super::{Walk, take};
use crate::{Kind, Refused};

/// Flags of VP8X.
const EXIF: u8 = 0x08;
const XMP: u8 = 0x04;
const ANIMATION: u8 = 0x02;

/// What an ANMF chunk holds before its own chunks.
const FRAME_HEAD: usize = 16;

pub(super) fn walk(bytes: &[u8]) -> Result<Walk, Refused> {
    let mut walk = Walk::new(bytes.len());
    let mut at = 0;
    let head = take(bytes, &mut at, 12, Kind::Webp)?;
    walk.keep(head);
    let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
    let end = size.checked_add(8).filter(|end| *end <= bytes.len());
    // A writer that forgot the last filling byte is forgiven, as browsers do.
    let end = match end {
        Some(end) => end,
        None if size.checked_add(7) == Some(bytes.len()) => bytes.len(),
        None => return Err(Refused::cut_off(Kind::Webp.spoken())),
    };
    chunks(&bytes[..end], &mut at, &mut walk)?;
    walk.dropped |= end < bytes.len();
    let size = u32::try_from(walk.kept.len() - 8).map_err(|_| Refused::damaged(Kind::Webp.spoken()))?;
    walk.kept[4..8].copy_from_slice(&size.to_le_bytes());
    Ok(walk)
}

fn chunks(bytes: &[u8], at: &mut usize, walk: &mut Walk) -> Result<(), Refused> {
    while *at < bytes.len() {
        let (name, body) = chunk(bytes, at)?;
        match &name {
            b"VP8X" => extended(body, walk)?,
            b"ICCP" | b"ANIM" | b"ALPH" | b"VP8 " | b"VP8L" => keep(walk, name, body),
            b"ANMF" => frame(body, walk)?,
            b"EXIF" => {
                walk.exif(body);
                walk.dropped = true;
            }
            _ => walk.dropped = true,
        }
    }
    Ok(())
}

/// The next chunk, past its filling byte.
fn chunk<'a>(bytes: &'a [u8], at: &mut usize) -> Result<([u8; 4], &'a [u8]), Refused> {
    let head = take(bytes, at, 8, Kind::Webp)?;
    let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
    let body = take(bytes, at, size, Kind::Webp)?;
    *at = (*at + size % 2).min(bytes.len());
    Ok(([head[0], head[1], head[2], head[3]], body))
}

fn keep(walk: &mut Walk, name: [u8; 4], body: &[u8]) {
    walk.keep(&name);
    walk.keep(&(body.len() as u32).to_le_bytes());
    walk.keep(body);
    if body.len() % 2 == 1 {
        walk.keep(&[0]);
    }
}

fn extended(body: &[u8], walk: &mut Walk) -> Result<(), Refused> {
    let damaged = || Refused::damaged(Kind::Webp.spoken());
    let (&flags, rest) = body.split_first().ok_or_else(damaged)?;
    walk.animated |= flags & ANIMATION != 0;
    walk.dropped |= flags & (EXIF | XMP) != 0;
    let mut clean = vec![flags & !(EXIF | XMP)];
    clean.extend_from_slice(rest.get(..9).ok_or_else(damaged)?);
    walk.dropped |= rest.len() > 9;
    keep(walk, *b"VP8X", &clean);
    Ok(())
}

/// A frame of an animation is a list of chunks of its own.
fn frame(body: &[u8], walk: &mut Walk) -> Result<(), Refused> {
    let mut at = 0;
    let mut clean = take(body, &mut at, FRAME_HEAD, Kind::Webp)?.to_vec();
    while at < body.len() {
        let begin = at;
        let (name, _) = chunk(body, &mut at)?;
        if matches!(&name, b"ALPH" | b"VP8 " | b"VP8L") {
            clean.extend_from_slice(&body[begin..at]);
        } else {
            walk.dropped = true;
        }
    }
    keep(walk, *b"ANMF", &clean);
    Ok(())
}
