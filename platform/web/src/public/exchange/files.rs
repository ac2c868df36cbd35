//! Files below the page of the item that offers them (`/SLUG/FILE.pdf`): where scholarly search engines look for them. The same
//! bytes, with the same permission, as at their old addresses.

use axum::http::{HeaderValue, Response, header};
use gp_content::{
    Item, MetaKind, Sight,
    address::{Address, links},
    files, items, meta,
};
use gp_kernel::{ItemId, Result};
use gp_store::Conn;

use crate::{
    answer::Answer,
    public::{Visit, reading, uploads},
};

/// The file of an address; `None`: there is none for this visitor.
pub(crate) async fn answer(visit: &Visit<'_>, conn: &mut Conn) -> Result<Option<Answer>> {
    let Some((path, name)) = visit.request.path.rsplit_once('/') else {
        return Ok(None);
    };
    if !files::is_offered(name) || path.is_empty() || path.starts_with("/wp-") {
        return Ok(None);
    }
    let Address::Item { item, link, .. } = reading::item_at(visit, conn, path).await? else {
        return Ok(None);
    };
    let own = meta::of(conn, MetaKind::Item, item.id.0).await?;
    match reading::file_of(visit, conn, &item, &own, name).await? {
        Some(file) => {
            let mut answer = uploads::of_path(visit, conn, &file.path).await?;
            sign(visit, &mut answer, &link, &file.path);
            Ok(Some(answer))
        }
        None => Ok(None),
    }
}

/// Says at a file's old address which page it belongs to.
pub(crate) async fn sign_upload(
    visit: &Visit<'_>,
    conn: &mut Conn,
    file: &files::File,
    answer: &mut Answer,
) -> Result<()> {
    if let Some(item) = page_of(visit, conn, file).await? {
        let link = links::of_item(conn, &visit.site, &visit.app.types, &item).await?;
        sign(visit, answer, &link, &file.path);
    }
    Ok(())
}

/// The item that a file was uploaded to, if everybody may read it in full.
async fn page_of(visit: &Visit<'_>, conn: &mut Conn, file: &files::File) -> Result<Option<Item>> {
    let Some(own) = items::by_id(conn, file.item).await? else {
        return Ok(None);
    };
    let item = match (own.kind.as_str(), own.parent) {
        ("attachment", ItemId(0)) => None,
        ("attachment", parent) => items::by_id(conn, parent).await?,
        _ => Some(own),
    };
    let scope = visit.app.public_scope();
    Ok(item.filter(|item| scope.sight(item, None) == Sight::Full))
}

fn sign(visit: &Visit<'_>, answer: &mut Answer, link: &str, path: &str) {
    let Answer::Raw(response) = answer else { return };
    let page = format!("{}{link}", visit.base_url);
    add(response, &format!("<{page}>; rel=\"collection\"; type=\"text/html\""));
    add(response, &format!("<{page}>; rel=\"cite-as\""));
    let name = path.rsplit('/').next().unwrap_or_default();
    if let Some(own) = files::own_address(link, name) {
        add(response, &format!("<{}{own}>; rel=\"canonical\"", visit.base_url));
    }
}

fn add<B>(response: &mut Response<B>, link: &str) {
    let link = percent_encoding::utf8_percent_encode(link, percent_encoding::CONTROLS).to_string();
    if let Ok(link) = HeaderValue::from_str(&link) {
        response.headers_mut().append(header::LINK, link);
    }
}
