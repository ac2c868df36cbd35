//! Slugs: made from titles, unique where WordPress wants them unique.

use gp_kernel::Result;
use gp_store::{Arg, Conn};

use crate::{
    items::Item,
    types::{SlugScope, Types},
};

/// Slugs that would shadow an address of the site itself.
const RESERVED: &[&str] = &["embed", "feed", "rdf", "rss", "rss2", "atom"];

/// Statuses whose slugs are not final: they may collide until publication.
const FLOATING: &[&str] = &["draft", "pending", "auto-draft"];

/// The slug that this item gets: `wanted` (or its title), made unique by `-2`, `-3` …
///
/// # Errors
/// When the database does not answer.
pub async fn unique(conn: &mut Conn, types: &Types, item: &Item, wanted: &str) -> Result<String> {
    let wanted = if wanted.is_empty() { &item.title } else { wanted };
    let slug = gp_markup::text::sanitize_title(wanted);
    let Some(kind) = types.get(&item.kind) else {
        return Ok(slug);
    };
    if FLOATING.contains(&item.status.as_str()) || kind.slugs == SlugScope::Free {
        return Ok(slug);
    }
    lock(conn).await?;
    let slug = if slug.is_empty() { item.id.to_string() } else { slug };
    let mut candidate = slug.clone();
    let mut number = 2;
    while reserved(&candidate, kind.hierarchical) || taken(conn, kind.slugs, item, &candidate).await? {
        let suffix = format!("-{number}");
        candidate = format!("{}{suffix}", cut(&slug, 200 - suffix.len()));
        number += 1;
    }
    Ok(candidate)
}

/// Two writers at once must not both find a slug free. On SQLite there is only one writer.
async fn lock(conn: &mut Conn) -> Result<()> {
    if conn.dialect() == gp_store::Dialect::Postgres {
        conn.all("select cast(pg_advisory_xact_lock(727002) as text)", &[])
            .await?;
    }
    Ok(())
}

fn reserved(slug: &str, hierarchical: bool) -> bool {
    RESERVED.contains(&slug)
        || (hierarchical
            && slug
                .strip_prefix("page")
                .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())))
}

/// At most `bytes` bytes, never half of a percent-encoded letter.
fn cut(slug: &str, bytes: usize) -> &str {
    if slug.len() <= bytes {
        return slug;
    }
    let mut end = bytes;
    while !slug.is_char_boundary(end) || slug[..end].rfind('%').is_some_and(|at| end - at < 3) {
        end -= 1;
    }
    &slug[..end]
}

async fn taken(conn: &mut Conn, scope: SlugScope, item: &Item, slug: &str) -> Result<bool> {
    let mut args: Vec<Arg> = vec![slug.into(), item.id.into()];
    let condition = match scope {
        SlugScope::Everything | SlugScope::Free => "",
        SlugScope::Type => {
            args.push((&item.kind).into());
            " and type = $3"
        }
        SlugScope::Siblings => {
            args.push((&item.kind).into());
            args.push(item.parent.into());
            " and type in ($3, 'attachment') and parent = $4"
        }
        SlugScope::Theme => {
            args.push((&item.kind).into());
            " and type = $3 and exists (select 1 from item_terms a join item_terms b on a.term_taxonomy_id = b.term_taxonomy_id \
              join terms t on t.id = a.term_taxonomy_id where t.taxonomy = 'wp_theme' and a.item_id = items.id and b.item_id = $2)"
        }
    };
    let sql = format!("select count(*) from items where name = $1 and id <> $2{condition}");
    Ok(conn.number(&sql, &args).await? > 0)
}

/// The slug of a trashed item, which frees the real one.
pub fn trashed(slug: &str) -> String {
    format!("{}__trashed", cut(slug, 191))
}
