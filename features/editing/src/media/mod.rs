//! `upload.php` and `media-new.php`: the files of the library, with what became of reading them; one file; new ones.

mod item;
mod list;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Group, Page, Screen, html};
use gp_content::{Item, documents::Reading, files::File};
use gp_kernel::Result;
use serde_json::Value;

pub(crate) struct Media;

impl Screen for Media {
    fn paths(&self) -> &'static [&'static str] {
        &["upload.php", "media-new.php"]
    }

    fn entries(&self, desk: &Desk) -> Vec<Entry> {
        match desk.can("upload_files") {
            true => vec![Entry::new(Group::Library, "Files", "upload.php")],
            false => Vec::new(),
        }
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            desk.needs("upload_files")?;
            match (desk.path.as_str(), desk.query.int("item")) {
                ("media-new.php", _) if desk.post => item::upload(desk).await,
                ("media-new.php", _) => Ok(new_form(desk, "").into()),
                (_, Some(id)) => item::answer(desk, id).await,
                (_, None) => list::shown(desk).await.map(Answer::Page),
            }
        })
    }
}

/// A file with all that is shown of it.
struct Shown {
    item: Item,
    file: Option<File>,
    reading: Option<Reading>,
    /// The picture of its first page, below the uploads.
    first_page: Option<String>,
    /// What the API tells of it.
    told: Value,
}

impl Shown {
    /// The name of the file.
    fn name(&self) -> &str {
        let path = self.file.as_ref().map_or("", |file| file.path.as_str());
        path.rsplit('/').next().unwrap_or_default()
    }

    fn is_picture(&self) -> bool {
        self.item.mime_type.starts_with("image/")
    }

    /// What a search can read in it: shape, word, and the reason where there is one.
    fn state(&self) -> (&'static str, String, String) {
        if self.file.is_none() {
            return ("stop", "The file is missing".to_owned(), String::new());
        }
        let Some(reading) = &self.reading else {
            let word = if gp_content::files::is_offered(self.name()) {
                "Not read yet"
            } else {
                "Not for reading"
            };
            return ("draft", word.to_owned(), String::new());
        };
        let (kind, word) = match reading.status.as_str() {
            "text" => ("ok", "Text"),
            "picture" => ("ok", "Picture"),
            "other" => ("", "Not for reading"),
            "scanned" => ("warn", "Scanned"),
            "locked" => ("stop", "Locked"),
            "damaged" => ("stop", "Damaged"),
            "too big" => ("stop", "Too big"),
            other => ("warn", other),
        };
        (kind, word.to_owned(), reading.reason.clone())
    }

    /// "24 pages, 1.2 MB".
    fn measure(&self) -> String {
        let size = self.file.as_ref().map_or(0, |file| file.size);
        match self.reading.as_ref().map_or(0, |reading| reading.pages) {
            0 => html::size(size),
            1 => format!("1 page, {}", html::size(size)),
            n => format!("{n} pages, {}", html::size(size)),
        }
    }

    /// A small picture of it, or nothing.
    fn picture(&self) -> Option<&str> {
        let sizes = &self.told["media_details"]["sizes"];
        let small = ["thumbnail", "medium", "full"]
            .iter()
            .find_map(|size| sizes[*size]["source_url"].as_str());
        small.or_else(|| self.told["source_url"].as_str().filter(|_| self.is_picture()))
    }
}

/// The page with which files are sent.
fn new_form(desk: &Desk, notes: &str) -> Page {
    let body = format!(
        "{notes}<form method=\"post\" action=\"/wp-admin/media-new.php\" enctype=\"multipart/form-data\">{}<div class=\"a-field\">\
         <label for=\"f-files\">Files</label><p class=\"a-help\">Several at once, up to 512 MB each. Documents are read afterwards, so that readers \
         can search in them.</p><input id=\"f-files\" type=\"file\" name=\"files\" multiple required></div>\
         <button class=\"a-btn a-btn--main\">Send</button></form>",
        html::meant(desk)
    );
    Page {
        entry: "upload.php".to_owned(),
        ..Page::new("New files", body)
    }
}
