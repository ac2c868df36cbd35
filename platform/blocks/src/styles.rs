//! The site's own styles: what editors changed of the theme (`wp_global_styles`) and added to it (`custom_css`), with the look
//! that comes of both. Kept from request to request.

use std::sync::Arc;

use gp_content::{ContentType, Item, ItemQuery, Order, Scope, Types, items, terms};
use gp_kernel::Result;
use gp_store::Conn;
use serde_json::Value;

use crate::theme::{Theme, served::Look};

/// The styles of one state of the site.
pub(crate) struct Styles {
    user: String,
    custom: String,
    pub look: Arc<Look>,
}

impl Styles {
    /// About how many bytes they take in memory.
    pub(crate) fn size(&self) -> usize {
        const COMPILED: usize = 200_000;
        self.user.len() + self.custom.len() + COMPILED
    }
}

/// Reads the site's styles and compiles them.
pub(crate) async fn load(conn: &mut Conn, theme: &Theme) -> Result<Styles> {
    let user = changed(conn, &theme.name).await?;
    let custom = added(conn, &theme.name).await?;
    // A row that is no JSON changes nothing, as in WordPress.
    let changes: Value = serde_json::from_str(&user).unwrap_or_default();
    let look = Arc::new(Look::new(theme, &changes, &custom));
    Ok(Styles { user, custom, look })
}

/// The content of the newest published row of the theme.
async fn changed(conn: &mut Conn, theme: &str) -> Result<String> {
    let Some(term) = terms::by_slug(conn, "wp_theme", theme).await?.into_iter().next() else {
        return Ok(String::new());
    };
    let types = Types::new(vec![ContentType {
        public: true,
        ..ContentType::internal("wp_global_styles", "", "")
    }]);
    let query = ItemQuery {
        types: vec!["wp_global_styles".to_owned()],
        terms: vec![vec![term.id.0]],
        order: Order::Newest,
        limit: 1,
        ..ItemQuery::default()
    };
    let found = items::some(conn, &Scope::public(&types), &query).await?;
    Ok(found.into_iter().next().map(|item| item.content).unwrap_or_default())
}

/// The CSS that the site adds to the theme.
async fn added(conn: &mut Conn, theme: &str) -> Result<String> {
    let found = items::by_name(conn, theme, &["custom_css"]).await?;
    let shown = |item: &Item| item.status == "publish";
    Ok(found
        .into_iter()
        .rfind(shown)
        .map(|item| item.content)
        .unwrap_or_default())
}
