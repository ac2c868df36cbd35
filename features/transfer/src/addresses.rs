//! Every public address of an imported site, so that the new one can be asked for all of them.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, RandomState},
};

use gp_content::{
    Site, Types,
    address::{FeedKind, links},
    terms, users,
};
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

/// All old public addresses as paths, a few hundred at a time: home, items of public types, attachments, archives of
/// terms, authors and months, feeds, and uploads.
pub struct OldAddresses<'a> {
    site: &'a Site,
    types: &'a Types,
    next: Stage,
    seen: HashSet<u64>,
    hasher: RandomState,
}

/// What comes next; items and files go on after the last one.
enum Stage {
    Fixed,
    Items(i64),
    Archives,
    Files(String),
    Done,
}

impl<'a> OldAddresses<'a> {
    /// From the first one.
    pub fn new(site: &'a Site, types: &'a Types) -> Self {
        Self {
            site,
            types,
            next: Stage::Fixed,
            seen: HashSet::new(),
            hasher: RandomState::new(),
        }
    }

    /// About how many there are, for a progress bar.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn estimate(&self, conn: &mut Conn) -> Result<u64> {
        store::count(conn, &self.item_types()).await
    }

    /// The next ones, none of them twice; `None` after the last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next(&mut self, conn: &mut Conn) -> Result<Option<Vec<String>>> {
        let (mut found, next) = match &self.next {
            Stage::Fixed => {
                let feed = links::of_feed(self.site, "/", FeedKind::Rss2);
                (vec!["/".to_owned(), feed], Stage::Items(0))
            }
            Stage::Items(after) => self.items(conn, *after).await?,
            Stage::Archives => (self.archives(conn).await?, Stage::Files(String::new())),
            Stage::Files(after) => files(conn, after).await?,
            Stage::Done => return Ok(None),
        };
        self.next = next;
        found.retain(|address| self.seen.insert(self.hasher.hash_one(address)));
        Ok(Some(found))
    }

    fn item_types(&self) -> Vec<&'a str> {
        let mut public: Vec<&str> = self.types.public().map(|t| t.name).collect();
        if !public.contains(&"attachment") {
            public.push("attachment");
        }
        public
    }

    async fn items(&self, conn: &mut Conn, after: i64) -> Result<(Vec<String>, Stage)> {
        let batch = store::public_items(conn, &self.item_types(), after).await?;
        let Some(last) = batch.last() else {
            return Ok((Vec::new(), Stage::Archives));
        };
        let mut links = links::of_items(conn, self.site, self.types, &batch).await?;
        let found = batch.iter().filter_map(|item| links.remove(&item.id)).collect();
        Ok((found, Stage::Items(last.id.0)))
    }

    async fn archives(&self, conn: &mut Conn) -> Result<Vec<String>> {
        let mut all = Vec::new();
        for taxonomy in self.types.taxonomies().iter().filter(|t| t.public) {
            let list = terms::of_taxonomy(conn, &taxonomy.name).await?;
            all.extend(
                list.iter()
                    .map(|term| links::of_term(self.site, self.types, term, &list)),
            );
        }
        let ids: Vec<UserId> = store::authors(conn).await?.into_iter().map(UserId).collect();
        let mut people: Vec<_> = users::by_ids(conn, &ids).await?.into_values().collect();
        people.sort_by_key(|user| user.id);
        all.extend(people.iter().map(|user| links::of_author(self.site, user)));
        let months = store::months(conn).await?;
        all.extend(months.iter().map(|month| links::of_date(self.site, month)));
        Ok(all)
    }
}

async fn files(conn: &mut Conn, after: &str) -> Result<(Vec<String>, Stage)> {
    let page = store::paths(conn, after).await?;
    let next = page.last().map_or(Stage::Done, |last| Stage::Files(last.clone()));
    let addresses = page
        .iter()
        .map(|path| format!("/wp-content/uploads/{}", utf8_percent_encode(path, PATH)))
        .collect();
    Ok((addresses, next))
}
