//! `blocks` and `text`: filters from stdin to stdout. Only `blocks render` looks at a site, where there is one.

use std::io::{Read as _, Write as _};

use gp_blocks::{Listing, PageContext, Password};
use gp_content::{Scope, address::Address};
use gp_kernel::{Clock as _, Error, Result, SystemClock};
use gp_markup::block;
use serde_json::Value;

use crate::app;
use crate::cli::{Blocks, Place};
use crate::functions::{self, Arguments};

fn stdin() -> Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    String::from_utf8(bytes)
        .map_err(|e| Error::invalid(format!("stdin is not UTF-8 at byte {}", e.utf8_error().valid_up_to())))
}

fn stdout(text: &str) -> Result<()> {
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(Error::from)
}

fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|e| Error::invalid(format!("stdin is not JSON: {e}")))
}

/// `blocks parse|serialize|render`.
pub(super) async fn blocks(place: &Place, what: Blocks) -> Result<()> {
    let input = stdin()?;
    match what {
        Blocks::Parse => stdout(&format!("{}\n", block::to_json(&block::parse(&input)))),
        Blocks::Serialize => {
            let blocks =
                block::from_json(&json(&input)?).map_err(|e| Error::invalid(format!("stdin holds no blocks: {e}")))?;
            stdout(&block::serialize(&blocks))
        }
        Blocks::Render if is_site(place)? => stdout(&render_within(place, &input).await?),
        Blocks::Render => stdout(&gp_blocks::render_static(&input)),
    }
}

/// Whether there is a site: a database that was named, or that lies in the data folder. None is made only to look at it.
fn is_site(place: &Place) -> Result<bool> {
    let config = app::config(place)?;
    Ok(!config.database.is_empty() || config.data.join(gp_store::DATABASE_FILE).exists())
}

/// Renders markup as a visitor would see it in the site, on no page in particular.
async fn render_within(place: &Place, markup: &str) -> Result<String> {
    let site = app::open(place).await?;
    let app = app::assemble(&site)?;
    let mut conn = site.db.read().await?;
    let page = PageContext {
        site: app.site(&mut conn).await?,
        types: site.types.clone(),
        scope: Scope::public(&site.types),
        address: Address::Missing,
        listing: Listing::default(),
        password: Password::None,
        base_url: site.config.url.clone(),
        request: gp_content::address::Request::parse("/", ""),
        now: SystemClock.now(),
        reading: None,
        alike: Vec::new(),
    };
    let html = app.renderer.fragment(&mut conn, &page, markup).await?;
    drop(conn);
    site.db.close().await;
    Ok(html)
}

/// `text FUNCTION`: a list of argument lists in, the list of results out. A call whose arguments the function cannot
/// take gives null.
pub(super) fn function(name: &str) -> Result<()> {
    let function = functions::find(name).ok_or_else(|| Error::invalid(format!("there is no counterpart of {name}")))?;
    let input = json(&stdin()?)?;
    let calls = input
        .as_array()
        .ok_or_else(|| Error::invalid("stdin is not a list of argument lists"))?;
    let results: Vec<Value> = calls
        .iter()
        .map(|arguments| {
            let arguments = arguments.as_array().map(Vec::as_slice).unwrap_or_default();
            function(&Arguments(arguments)).unwrap_or_default()
        })
        .collect();
    stdout(&format!("{}\n", Value::from(results)))
}
