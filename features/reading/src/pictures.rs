//! The pictures of a site as they are served: without what they tell of whoever made them, in the sizes that pages ask for, and as
//! WebP beside. And the first pages of documents.
//!
//! What is there from another system stays, byte for byte: of a picture whose sizes are known, only those are made whose files are
//! missing. Only a picture that says where it was taken is cleaned all the same: that can endanger people.

use std::collections::HashSet;

use gp_content::{
    Actor, Item, Meta, Site, Verb,
    actions::{self, Act},
    documents::{READER, Reading},
    files::{self, File},
};
use gp_kernel::Result;
use gp_php::Value;
use gp_store::{Conn, Digest};

use crate::{
    drawing::{Drawn, ORIGINAL, Wish, is_first_page},
    reader::Reader,
};

/// WordPress's notes about a picture: its size, and the files of its other sizes.
const DETAILS: &str = "_wp_attachment_metadata";
/// The path of the file of an attachment.
const ATTACHED: &str = "_wp_attached_file";
/// Pictures of first pages are shown up to half as wide.
const FIRST_PAGE_WIDTH: u32 = 360;
/// WordPress's sizes: the options of width and height, and what they are where nobody set them.
const SIZES: [(&str, u32, u32); 4] = [
    ("thumbnail", 150, 150),
    ("medium", 300, 300),
    ("medium_large", 768, 0),
    ("large", 1024, 1024),
];
/// Sizes that nobody sets, for screens of more pixels.
const LARGER: [(&str, u32); 2] = [("1536x1536", 1536), ("2048x2048", 2048)];

/// What is to be made of the picture of an attachment.
#[derive(Debug)]
pub struct Plan {
    item: Item,
    file: File,
    /// Sizes whose files are missing, with the file's path where it is known already.
    wanted: Vec<(Wanted, Option<String>)>,
    /// Files of sizes that are there.
    there: Vec<File>,
    /// Nothing is noted about the picture yet.
    new: bool,
}

/// Name, width, height, whether it is cut out.
type Wanted = (String, u32, u32, bool);

/// The files of a picture, in the blob store already.
#[derive(Debug)]
pub struct Made {
    drawn: Drawn,
    files: Vec<(File, String)>,
}

/// What is to be made for an item; nothing when it is no picture, or when all is made.
///
/// # Errors
/// When the database does not answer.
pub async fn plan(conn: &mut Conn, item: &Item, own: &Meta) -> Result<Option<Plan>> {
    let path = own.text(ATTACHED).trim_start_matches('/').to_owned();
    if item.kind != "attachment" || !files::is_picture(&path) {
        return Ok(None);
    }
    let Some(file) = files::by_path(conn, &path).await? else {
        return Ok(None);
    };
    if own.text(files::MADE) == files::made_of(&file.digest) {
        return Ok(None);
    }
    let details = own.bytes(DETAILS).and_then(|php| gp_php::parse_lenient(php).ok());
    let details = details.filter(|details| details.get("width").is_some());
    let Some(details) = details else {
        let site = Site::load(conn).await?;
        let wanted = sizes_of(&site).into_iter().map(|size| (size, None)).collect();
        return Ok(Some(Plan {
            item: item.clone(),
            file,
            wanted,
            there: Vec::new(),
            new: true,
        }));
    };
    let noted = noted(&path, &details);
    let paths: Vec<String> = noted.iter().map(|(_, path)| path.clone()).collect();
    let there = files::by_paths(conn, &paths).await?;
    let have: HashSet<&str> = there.iter().map(|file| file.path.as_str()).collect();
    let wanted = noted.into_iter().filter(|(_, path)| !have.contains(path.as_str()));
    let wanted = wanted.map(|(size, path)| (size, Some(path))).collect();
    Ok(Some(Plan {
        item: item.clone(),
        file,
        wanted,
        there,
        new: false,
    }))
}

/// The sizes of this site.
fn sizes_of(site: &Site) -> Vec<Wanted> {
    let number = |option: String, default: u32| site.text(&option).trim().parse().unwrap_or(default);
    let mut sizes: Vec<Wanted> = Vec::new();
    for (name, width, height) in SIZES {
        let crop = name == "thumbnail" && site.text("thumbnail_crop") != "0";
        let width = number(format!("{name}_size_w"), width);
        let height = number(format!("{name}_size_h"), height);
        sizes.push((name.to_owned(), width, height, crop));
    }
    sizes.extend(LARGER.map(|(name, edge)| (name.to_owned(), edge, edge, false)));
    sizes.retain(|(_, width, height, _)| *width > 0 || *height > 0);
    sizes
}

/// The sizes that are noted, each with the path of its file. They are met to the pixel.
fn noted(path: &str, details: &Value) -> Vec<(Wanted, String)> {
    let number = |size: &Value, key: &str| {
        let number = size.get(key).and_then(Value::as_int)?;
        u32::try_from(number).ok().filter(|number| *number > 0)
    };
    let sizes = details.get("sizes").map(Value::entries).unwrap_or_default();
    let mut found: Vec<(Wanted, String)> = Vec::new();
    for (name, size) in sizes {
        let file = size.get("file").and_then(Value::as_str);
        let (Some(width), Some(height), Some(file)) = (number(size, "width"), number(size, "height"), file) else {
            continue;
        };
        let path = beside(path, &file);
        if files::is_picture(&path) && found.iter().all(|(_, known)| *known != path) {
            found.push(((name.as_str().into_owned(), width, height, true), path));
        }
    }
    found
}

/// The path of a file in the folder of another.
fn beside(path: &str, name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    match path.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{name}"),
        None => name.to_owned(),
    }
}

/// Makes what is planned. No database is held meanwhile.
///
/// # Errors
/// When blobs or machine do not answer.
pub async fn make(reader: &Reader, plan: &Plan) -> Result<Made> {
    let mut made = Made {
        drawn: Drawn::refused("The file has lost its bytes: upload it again."),
        files: Vec::new(),
    };
    let Some(digest) = Digest::parse(&plan.file.digest) else {
        return Ok(made);
    };
    let wish = Wish::Sizes {
        sizes: plan.wanted.iter().map(|(size, _)| size.clone()).collect(),
        scaled: plan.new,
    };
    made.drawn = reader.draw(&digest, size_of(&plan.file), &wish).await?;
    let mut original = plan.file.clone();
    if !plan.new && !made.drawn.placed {
        made.drawn.files.retain(|drawn| drawn.name != ORIGINAL);
    }
    for drawn in &mut made.drawn.files {
        let bytes = std::mem::take(&mut drawn.bytes);
        let path = path_of(plan, drawn);
        let file = put(reader, path, &drawn.mime, bytes).await?;
        if drawn.name == ORIGINAL {
            original = file.clone();
        }
        made.files.push((file, drawn.name.clone()));
    }
    if made.drawn.refused.is_none() {
        for file in plan.there.iter().chain([&original]) {
            made.files
                .extend(webp(reader, file).await?.map(|webp| (webp, String::new())));
        }
    }
    Ok(made)
}

/// Where the file of a size stands.
fn path_of(plan: &Plan, drawn: &crate::drawing::File) -> String {
    let path = &plan.file.path;
    if drawn.name == ORIGINAL {
        return path.clone();
    }
    let noted = plan.wanted.iter().find(|((name, ..), _)| *name == drawn.name);
    let plain = noted.and_then(|(_, path)| path.clone()).unwrap_or_else(|| {
        let made = gp_pictures::Made {
            name: drawn.name.clone(),
            width: drawn.width,
            height: drawn.height,
            mime: "",
            bytes: Vec::new(),
        };
        gp_pictures::size_file_name(path, &made)
    });
    let converted = drawn.mime == "image/webp" && !plain.to_ascii_lowercase().ends_with(".webp");
    if converted { files::webp_of(&plain) } else { plain }
}

async fn put(reader: &Reader, path: String, mime: &str, bytes: Vec<u8>) -> Result<File> {
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let digest = reader.blobs.put(bytes.into()).await?;
    Ok(File {
        path,
        digest: digest.0,
        size,
        mime_type: mime.to_owned(),
        ..File::default()
    })
}

/// A file that is there, as WebP, where that says the same in fewer bytes.
async fn webp(reader: &Reader, file: &File) -> Result<Option<File>> {
    let Some(digest) = Digest::parse(&file.digest) else {
        return Ok(None);
    };
    let drawn = reader.draw(&digest, size_of(file), &Wish::Webp).await?;
    let Some(webp) = drawn.files.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(
        put(reader, files::webp_of(&file.path), "image/webp", webp.bytes).await?,
    ))
}

fn size_of(file: &File) -> u64 {
    u64::try_from(file.size).unwrap_or(0)
}

/// Keeps what was made: files beside the picture, and the notes about a picture that had none. What the name of the picture
/// answered before stays reachable for editors. Nothing is kept when the picture was replaced meanwhile: it gets its turn.
///
/// # Errors
/// When the database does not answer.
pub async fn keep(act: &mut Act<'_>, plan: &Plan, made: Made) -> Result<()> {
    let (item, path) = (&plan.item, plan.file.path.as_str());
    let now = files::by_path(act.tx, path).await?;
    if now.is_none_or(|now| now.digest != plan.file.digest) {
        return Ok(());
    }
    let import = Actor::system().may_manage(Verb::Import)?;
    let mut served = plan.file.digest.clone();
    for (file, name) in &made.files {
        let file = File {
            item: item.id,
            ..file.clone()
        };
        if name == ORIGINAL {
            let grant = Actor::system().may(Verb::Update, item, None, act.types)?;
            if let Some(digest) = Digest::parse(&file.digest) {
                actions::remember_file(
                    act,
                    &grant,
                    item.id,
                    path,
                    &digest,
                    size_of(&file),
                    &plan.file.mime_type,
                )
                .await?;
            }
            served = file.digest;
        } else {
            actions::keep_made(act, &import, &file).await?;
        }
    }
    // A very large picture is served scaled, by the name that then is the attachment's.
    let scaled = made
        .files
        .iter()
        .find(|(file, name)| name == gp_pictures::SCALED && file.mime_type == made.drawn.mime);
    if let Some((file, _)) = scaled {
        served.clone_from(&file.digest);
    }
    if plan.new && made.drawn.refused.is_none() {
        note(act, plan, &made).await?;
    }
    let grant = Actor::system().may(Verb::SetMeta, item, None, act.types)?;
    let noted = files::made_of(&served);
    actions::set_meta(act, &grant, item.id, files::MADE, &[noted.as_bytes()]).await?;
    let reading = reading(served, &made.drawn);
    actions::keep_reading(act, &import, &reading, &[], &[]).await
}

fn reading(digest: String, drawn: &Drawn) -> Reading {
    let status = if drawn.refused.is_some() {
        "unsupported"
    } else {
        "picture"
    };
    Reading {
        digest,
        reader: READER,
        status: status.to_owned(),
        reason: drawn.refused.clone().unwrap_or_default(),
        mime: drawn.mime.clone(),
        facts: serde_json::json!({ "width": drawn.width, "height": drawn.height }).to_string(),
        ..Reading::default()
    }
}

/// Notes about a picture what WordPress would: its size, its other sizes, and nothing of who took it where.
async fn note(act: &mut Act<'_>, plan: &Plan, made: &Made) -> Result<()> {
    let grant = Actor::system().may(Verb::SetMeta, &plan.item, None, act.types)?;
    let name_of = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let lengths = made.files.iter().filter(|(file, _)| file.mime_type == made.drawn.mime);
    let files: Vec<(&File, &crate::drawing::File)> = lengths
        .filter_map(|(file, name)| {
            let drawn = made
                .drawn
                .files
                .iter()
                .find(|d| d.name == *name && d.mime == file.mime_type)?;
            Some((file, drawn))
        })
        .collect();
    let find = |name: &str| files.iter().find(|(_, drawn)| drawn.name == name);
    let scaled = find(gp_pictures::SCALED);
    let served = scaled.or_else(|| find(ORIGINAL)).map_or(&plan.file, |(file, _)| *file);
    let served_path = if scaled.is_some() {
        served.path.as_str()
    } else {
        plan.file.path.as_str()
    };
    let (width, height) = scaled.map_or((made.drawn.width, made.drawn.height), |(_, d)| (d.width, d.height));
    let other = |name: &str| name != gp_pictures::SCALED && name != ORIGINAL;
    let sizes = files
        .iter()
        .filter(|(_, drawn)| other(&drawn.name))
        .map(|(file, drawn)| {
            let size = Value::map([
                ("file", Value::from(name_of(&file.path).as_str())),
                ("width", Value::from(i64::from(drawn.width))),
                ("height", Value::from(i64::from(drawn.height))),
                ("mime-type", Value::from(file.mime_type.as_str())),
                ("filesize", Value::from(file.size)),
            ]);
            (drawn.name.as_str(), size)
        });
    let mut details = vec![
        ("width", Value::from(i64::from(width))),
        ("height", Value::from(i64::from(height))),
        ("file", Value::from(served_path)),
        ("filesize", Value::from(served.size)),
        ("sizes", Value::map(sizes.collect::<Vec<_>>())),
        ("image_meta", nothing_private()),
    ];
    if scaled.is_some() {
        details.push(("original_image", Value::from(name_of(&plan.file.path).as_str())));
        actions::set_meta(act, &grant, plan.item.id, ATTACHED, &[served_path.as_bytes()]).await?;
    }
    let php = gp_php::serialize(&Value::map(details));
    actions::set_meta(act, &grant, plan.item.id, DETAILS, &[&php]).await
}

/// WordPress's notes about the making of a photograph, all of them empty.
fn nothing_private() -> Value {
    let empty = ["credit", "camera", "caption", "copyright", "title"];
    let zero = [
        "aperture",
        "created_timestamp",
        "focal_length",
        "iso",
        "shutter_speed",
        "orientation",
    ];
    let texts = empty.map(|key| (key, Value::from(""))).into_iter();
    let numbers = zero.map(|key| (key, Value::from("0")));
    Value::map(
        texts
            .chain(numbers)
            .chain([("keywords", Value::list(Vec::<Value>::new()))]),
    )
}

/// Whether a picture of the first page of this file is to be drawn: of a PDF that has none, or that was replaced.
///
/// # Errors
/// When the database does not answer.
pub async fn wants_first_page(conn: &mut Conn, path: &str) -> Result<bool> {
    let names = files::first_pages_of(path);
    if names.is_empty() {
        return Ok(false);
    }
    Ok(files::by_paths(conn, &names).await?.is_empty() || !files::versions(conn, path).await?.is_empty())
}

/// Draws the first page of a document of the store; nothing where that cannot be done.
///
/// # Errors
/// When blobs or machine do not answer.
pub async fn first_page(reader: &Reader, file: &crate::Unread) -> Result<Option<File>> {
    let (Some(digest), Some(path)) = (
        Digest::parse(&file.digest),
        files::first_pages_of(&file.path).into_iter().next(),
    ) else {
        return Ok(None);
    };
    let drawn = reader
        .draw(&digest, file.size, &Wish::FirstPage(FIRST_PAGE_WIDTH))
        .await?;
    if let Some(reason) = &drawn.refused {
        tracing::debug!(file.path, reason, "no picture of the first page");
    }
    let Some(page) = drawn.files.into_iter().find(is_first_page) else {
        return Ok(None);
    };
    let made = put(reader, path, "image/webp", page.bytes).await?;
    Ok(Some(File {
        item: file.item,
        ..made
    }))
}

/// Keeps the picture of a first page.
///
/// # Errors
/// When the database does not answer.
pub async fn keep_first_page(act: &mut Act<'_>, page: &File) -> Result<()> {
    let import = Actor::system().may_manage(Verb::Import)?;
    actions::keep_made(act, &import, page).await
}
