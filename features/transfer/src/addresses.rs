//! Every public address of an imported site, so that the new one can be asked for all of them.

use gp_content::{Site, Types, address::links, terms, users};
use gp_kernel::{Result, UserId};
use gp_store::Conn;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::store::addresses as store;

/// What may not stand as it is in the path of an address.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// All old public addresses as paths: home, items of public types, attachments, archives of terms, authors and months,
/// feeds, and uploads.
///
/// # Errors
/// When the database does not answer.
pub async fn old_addresses(conn: &mut Conn, site: &Site, types: &Types) -> Result<Vec<String>> {
    let mut all = vec!["/".to_owned(), "/feed/".to_owned()];
    let mut public: Vec<&str> = types.public().map(|t| t.name).collect();
    if !public.contains(&"attachment") {
        public.push("attachment");
    }
    let mut after = 0;
    loop {
        let batch = store::public_items(conn, &public, after).await?;
        let Some(last) = batch.last() else { break };
        after = last.id.0;
        let found = links::of_items(conn, site, types, &batch).await?;
        all.extend(batch.iter().filter_map(|item| found.get(&item.id).cloned()));
    }
    for taxonomy in types.taxonomies().iter().filter(|t| t.public) {
        let list = terms::of_taxonomy(conn, &taxonomy.name).await?;
        all.extend(list.iter().map(|term| links::of_term(site, types, term, &list)));
    }
    let ids: Vec<UserId> = store::authors(conn).await?.into_iter().map(UserId).collect();
    let mut people: Vec<_> = users::by_ids(conn, &ids).await?.into_values().collect();
    people.sort_by_key(|user| user.id);
    all.extend(people.iter().map(|user| links::of_author(site, user)));
    all.extend(
        store::months(conn)
            .await?
            .iter()
            .map(|month| links::of_date(site, month)),
    );
    let mut after = String::new();
    loop {
        let page = store::paths(conn, &after).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(last);
        all.extend(
            page.iter()
                .map(|path| format!("/wp-content/uploads/{}", utf8_percent_encode(path, PATH))),
        );
    }
    let mut seen = std::collections::HashSet::new();
    all.retain(|address| seen.insert(address.clone()));
    Ok(all)
}
