//! `export.php`: the whole site as a file that moves elsewhere.

use std::{fs::File, io::Seek as _};

use axum::{
    body::Body,
    http::{HeaderValue, Response, header},
};
use bytes::Bytes;
use futures_util::{future::BoxFuture, stream};
use gp_admin::{Answer, Desk, Entry, Page, Screen};
use gp_content::{Verb, actions};
use gp_kernel::{Error, Result, UserId};
use tokio::io::AsyncReadExt as _;

use crate::{Outside, tools};

pub(crate) struct Export {
    pub(crate) outside: Outside,
}

/// So much of the file is sent at once.
const PIECE: usize = 64 * 1024;

impl Screen for Export {
    fn paths(&self) -> &'static [&'static str] {
        &["export.php"]
    }

    fn entries(&self, _: &Desk) -> Vec<Entry> {
        Vec::new()
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            let grant = desk.actor().may_manage(Verb::Export)?;
            if desk.query.get("download") != "wxr" {
                return Ok(shown().into());
            }
            let file = tempfile::tempfile().map_err(Error::from)?;
            let mut kept = file.try_clone().map_err(Error::from)?;
            (self.outside.export)(file).await?;
            kept.rewind().map_err(Error::from)?;
            let mut tx = desk.app.db.write().await?;
            actions::note(
                &mut desk.act(&mut tx),
                grant.actor(),
                "exported",
                UserId(0),
                "everything, as WXR",
            )
            .await?;
            tx.commit().await?;
            sent(desk, kept).map(Answer::Other)
        })
    }
}

fn shown() -> Page {
    // A form that asks for a page: a script that keeps others from being sent twice leaves it alone.
    let body = "<section class=\"a-part\"><h2 class=\"a-h\">Texts</h2><div class=\"a-narrow\"><p>One file (WXR) with all items in every state, their labels, \
         comments, custom fields and the names of who wrote them. WordPress imports it, and so does this program.</p>\
         <p class=\"a-help\">Files, passwords and settings are not in it. A whole copy of the site, to be put back as it was, is made on the \
         server: <code>guidepost backup FILE</code>.</p>\
         <form class=\"a-after\" action=\"/wp-admin/export.php\"><input type=\"hidden\" name=\"download\" value=\"wxr\">\
         <button class=\"a-btn a-btn--main\">Download the file</button></form></div></section>";
    Page {
        entry: tools::ENTRY.to_owned(),
        ..Page::new("Export", body)
    }
}

fn sent(desk: &Desk, file: File) -> Result<Response<Body>> {
    let size = file.metadata().map_err(Error::from)?.len();
    let host = desk.base_url.split_once("://").map_or("", |(_, host)| host);
    let host: String = host
        .chars()
        .take_while(|c| *c != ':')
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '.')
        .collect();
    let name = format!("{host}-{}.xml", desk.shown(desk.now).strftime("%Y-%m-%d"));
    let pieces = stream::try_unfold(tokio::fs::File::from_std(file), |mut file| async move {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then(|| (Bytes::from(piece), file)))
    });
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, "text/xml; charset=UTF-8");
    set(header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""));
    set(header::CONTENT_LENGTH, &size.to_string());
    set(header::CACHE_CONTROL, "private, no-store");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    Ok(response)
}
