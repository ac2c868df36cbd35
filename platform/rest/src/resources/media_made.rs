//! Files that nobody sent as they are: a picture from an address, and a picture made of another by editing it.

use std::{io::Read as _, time::Duration};

use gp_content::{Item, files, meta};
use gp_fetch::{Limits, Refusal};
use gp_kernel::ItemId;
use gp_markup::text;
use serde_json::Value;

use super::{
    fetched::noted,
    items::{self as things, write},
    media::{Kept, Media, free_path, source_url},
};
use crate::{
    reply::{Answer, Failure, Outcome, Reply},
    request::{Request, Upload},
    routes::Edit,
    turn::Turn,
};

/// How large a picture from elsewhere may be, and how long it may take.
const PICTURE: Limits = Limits {
    bytes: 64 << 20,
    whole: true,
    time: Duration::from_secs(60),
};

/// Pictures by their first bytes: ending and media type.
fn kind_of(head: &[u8]) -> Option<(&'static str, &'static str)> {
    match head {
        [0xff, 0xd8, 0xff, ..] => Some(("jpg", "image/jpeg")),
        [0x89, b'P', b'N', b'G', ..] => Some(("png", "image/png")),
        [b'G', b'I', b'F', b'8', ..] => Some(("gif", "image/gif")),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(("webp", "image/webp")),
        _ => None,
    }
}

/// The picture that a request names by its address, as if it had been sent. Nobody waits for it but whoever asked: the transaction is let
/// go meanwhile, and leave is to be asked for again.
pub(super) async fn fetched(turn: &mut Turn, request: &Request) -> Outcome<Upload> {
    let url = request.text("url").unwrap_or_default().to_owned();
    let failed = |message: String| Failure::new(400, "rest_upload_sideload_error", message);
    let mut bytes = tempfile::NamedTempFile::new().map_err(gp_kernel::Error::from)?;
    turn.pause();
    let fetched = turn
        .kit
        .fetcher
        .fetch_into(&url, "image/*", PICTURE, bytes.as_file_mut())
        .await;
    turn.resume(true).await?;
    let fetched = fetched.map_err(|refusal| {
        noted(&url, &refusal);
        failed(match refusal {
            Refusal::Large { most, .. } => format!("The picture has more than {} MB.", most >> 20),
            Refusal::Slow(..) => "The picture came too slowly.".to_owned(),
            Refusal::Busy => refusal.to_string(),
            // What else is known of it is the operator's business.
            _ => "Nothing can be fetched from this address.".to_owned(),
        })
    })?;
    if fetched.status != 200 {
        return Err(failed(format!(
            "The other site answers with the status {}.",
            fetched.status
        )));
    }
    let mut head = [0; 12];
    let begun = std::fs::File::open(bytes.path()).and_then(|mut file| file.read_exact(&mut head));
    let kind = begun.ok().and_then(|()| kind_of(&head));
    let (ending, mime) = kind.ok_or_else(|| failed("What is at this address is no picture.".to_owned()))?;
    let last = fetched.url.path_segments().and_then(|mut parts| parts.next_back());
    Ok(Upload {
        field: "file".to_owned(),
        name: named(last.unwrap_or_default(), ending, mime),
        bytes,
    })
}

/// A file's name from an address, with an ending that says what its bytes are.
fn named(last: &str, ending: &str, mime: &str) -> String {
    let name = percent_encoding::percent_decode_str(last).decode_utf8_lossy();
    let name = text::sanitize_file_name(&name);
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    match text::file_type(&name, text::FILE_TYPES.iter().copied()) {
        Some((_, said)) if said == mime && !stem.is_empty() => name,
        _ if stem.is_empty() => format!("image.{ending}"),
        _ => format!("{stem}.{ending}"),
    }
}

/// The steps that a request asks for, in the form of today or of before.
fn steps(request: &Request) -> Outcome<Vec<Edit>> {
    let mut out = Vec::new();
    if let Some(Value::Array(all)) = request.param("modifiers") {
        for one in all {
            out.push(step(one)?);
        }
        return Ok(out);
    }
    let number = |name: &str| request.param(name).and_then(Value::as_f64);
    if let Some(angle) = number("rotation") {
        out.push(Edit::Rotate(quarter(angle)?));
    }
    if let (Some(width), Some(height)) = (number("width"), number("height")) {
        let part = [number("x").unwrap_or(0.0), number("y").unwrap_or(0.0), width, height];
        out.push(Edit::Crop(part));
    }
    Ok(out)
}

fn step(one: &Value) -> Outcome<Edit> {
    let number = |name: &str| one["args"][name].as_f64().unwrap_or_default();
    let flip = &one["args"]["flip"];
    match one["type"].as_str().unwrap_or_default() {
        "flip" => Ok(Edit::Flip {
            horizontal: flip["horizontal"] == true,
            vertical: flip["vertical"] == true,
        }),
        "rotate" => Ok(Edit::Rotate(quarter(number("angle"))?)),
        "crop" => Ok(Edit::Crop(["left", "top", "width", "height"].map(number))),
        _ => Err(Failure::param(
            "modifiers",
            "rest_invalid_param",
            "modifiers holds a step that is not known.",
        )),
    }
}

/// Degrees as quarters of a turn: in between, corners would have to be made up.
fn quarter(angle: f64) -> Outcome<i32> {
    let known = [0, 90, 180, 270]
        .into_iter()
        .find(|known| f64::from(*known) == angle.rem_euclid(360.0));
    known.ok_or_else(|| {
        let message = "Unable to rotate this image: it can be turned by 90, 180 and 270 degrees.";
        Failure::new(400, "rest_image_rotation_failed", message)
    })
}

/// A new file out of a picture, which itself stays as it is.
pub(super) async fn edit(media: &Media, turn: &mut Turn, request: &Request) -> Answer {
    let item = things::by_id(turn, &media.kind, request.int("id").unwrap_or(0)).await?;
    let stored = meta::of(&mut turn.conn, gp_content::MetaKind::Item, item.id.0).await?;
    let path = stored.text("_wp_attached_file").trim_start_matches('/').to_owned();
    let file = files::by_path(&mut turn.conn, &path).await?;
    let file = file.filter(|_| is_of(turn, &item, &path, request.text("src").unwrap_or_default()));
    let file = file.ok_or_else(|| {
        let message = "Unable to get meta information for file.";
        Failure::new(404, "rest_unknown_attachment", message)
    })?;
    if !files::is_picture(&path) {
        let message = "This type of file cannot be edited.";
        return Err(Failure::new(400, "rest_cannot_edit_file_type", message));
    }
    let steps = steps(request)?;
    if steps.is_empty() {
        let message = "The image was not edited. Edit the image before applying the changes.";
        return Err(Failure::new(400, "rest_image_not_edited", message));
    }
    let bytes = drawn(turn, &file, steps).await?;
    // Others may have written meanwhile.
    let item = things::by_id(turn, &media.kind, item.id.0).await?;
    let parent = turn.parent_of(&item).await?;
    let types = turn.types();
    turn.actor()
        .may(gp_content::Verb::Update, &item, parent.as_ref(), &types)?;
    made(media, turn, request, &item, &path, bytes).await
}

/// Whether an address is that of a file, or of one of its sizes, which stand beside it.
fn is_of(turn: &Turn, item: &Item, path: &str, src: &str) -> bool {
    let own = source_url(turn, item, path);
    let strip = |url: &str| {
        let url = url.split(['?', '#']).next().unwrap_or_default();
        url.split_once("://").map_or(url, |(_, rest)| rest).to_owned()
    };
    let (own, src) = (strip(&own), strip(src));
    if own == src {
        return true;
    }
    let stem = own.rsplit_once('.').map_or(own.as_str(), |(stem, _)| stem);
    let stem = stem.strip_suffix("-scaled").unwrap_or(stem);
    src.strip_prefix(stem)
        .is_some_and(|rest| rest.starts_with(['-', '.']) && !rest.contains('/'))
}

async fn drawn(turn: &mut Turn, file: &files::File, steps: Vec<Edit>) -> Outcome<Vec<u8>> {
    let unable = |message: String| Failure::new(400, "rest_unknown_image_file_type", message);
    let Some(edit) = turn.kit.edit_picture.clone() else {
        return Err(unable("Unable to edit this image.".to_owned()));
    };
    let digest = gp_store::Digest::parse(&file.digest)
        .ok_or_else(|| gp_kernel::Error::internal(format!("the digest of {} is none", file.path)))?;
    let size = u64::try_from(file.size).unwrap_or(0);
    turn.pause();
    let drawn = edit(digest, size, steps).await;
    turn.resume(true).await?;
    drawn?.map_err(|reason| unable(format!("Unable to edit this image. {reason}")))
}

async fn made(media: &Media, turn: &mut Turn, request: &Request, from: &Item, path: &str, bytes: Vec<u8>) -> Answer {
    let name = edited_name(path.rsplit('/').next().unwrap_or(path));
    let new_path = free_path(turn, &name).await?;
    let size = bytes.len() as u64;
    let digest = turn.app.blobs.put(bytes.into()).await?;
    let file_name = new_path.rsplit('/').next().unwrap_or_default();
    let stem = file_name
        .rsplit_once('.')
        .map_or(file_name, |(stem, _)| stem)
        .to_owned();
    let new = Item {
        kind: "attachment".to_owned(),
        status: "inherit".to_owned(),
        title: if from.title.is_empty() {
            stem.clone()
        } else {
            from.title.clone()
        },
        content: from.content.clone(),
        excerpt: from.excerpt.clone(),
        name: text::sanitize_title(&stem),
        author: turn.actor().user(),
        parent: request.int("post").map_or(from.parent, ItemId),
        mime_type: from.mime_type.clone(),
        guid: format!("/wp-content/uploads/{new_path}"),
        comment_status: "closed".to_owned(),
        ping_status: "closed".to_owned(),
        ..Item::default()
    };
    let mut changes = media.changes(turn, request, &new).await?;
    changes.title = write::raw(request.param("title"));
    let id = things::make(turn, new, changes).await?;
    let kept = Kept {
        path: &new_path,
        digest: &digest,
        size,
        mime: &from.mime_type,
    };
    let parent = gp_php::Value::map([
        ("attachment_id", gp_php::Value::from(from.id.0)),
        ("file", gp_php::Value::from(path)),
    ]);
    let grant = media.keep(turn, id, &kept, vec![("parent_image", parent)]).await?;
    let alt = meta::of(&mut turn.conn, gp_content::MetaKind::Item, from.id.0).await?;
    let alt = alt.text("_wp_attachment_image_alt");
    if !alt.is_empty() {
        let act = &mut turn.act();
        gp_content::actions::set_meta(act, &grant, id, "_wp_attachment_image_alt", &[alt.as_bytes()]).await?;
    }
    media.alt(turn, request, &grant, id).await?;
    let location = turn.href(&format!("/wp/v2/media/{id}"));
    Ok(Reply::created(media.written(turn, id).await?, location))
}

/// `boat.jpg` edited is `boat-edited.jpg`; edited again it is called so once more, and gets a number.
fn edited_name(name: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let stem = match stem.rsplit_once("-edited") {
        Some((first, rest)) if rest.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit()) => first,
        _ => stem,
    };
    format!("{stem}-edited.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fetched_picture_is_called_what_its_bytes_are() {
        assert_eq!(named("boat%20one.jpg", "jpg", "image/jpeg"), "boat-one.jpg");
        assert_eq!(named("boat.php", "png", "image/png"), "boat.png");
        assert_eq!(named("boat.jpg", "png", "image/png"), "boat.png");
        assert_eq!(named("", "gif", "image/gif"), "image.gif");
        assert_eq!(kind_of(b"<html><body>"), None);
        assert_eq!(kind_of(b"RIFF1234WEBPVP8 ").unwrap().0, "webp");
    }

    #[test]
    fn what_is_edited_twice_is_named_once() {
        assert_eq!(edited_name("boat.jpg"), "boat-edited.jpg");
        assert_eq!(edited_name("boat-edited.jpg"), "boat-edited.jpg");
        assert_eq!(edited_name("boat-edited-3.jpg"), "boat-edited.jpg");
        assert_eq!(edited_name("co-edited-book.jpg"), "co-edited-book-edited.jpg");
    }

    #[test]
    fn pictures_are_turned_by_quarters() {
        assert_eq!(quarter(-90.0).unwrap(), 270);
        assert_eq!(quarter(450.0).unwrap(), 90);
        assert!(quarter(45.0).is_err());
    }
}
