//! Style variations: other looks that a theme brings along (`styles/NAME.json`). Choosing one writes it where the site editor
//! would: into the site's `wp_global_styles` row of the theme, whose earlier content stays as a revision.

use gp_blocks::Theme;
use gp_content::{
    Actor, Item, ItemQuery, Order, Scope, Term, Verb,
    actions::{self, Act, Changes},
    items, terms,
};
use gp_kernel::{Error, Result};
use serde_json::{Map, Value};

const KIND: &str = "wp_global_styles";

/// A look of the whole theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variation {
    /// By which it is chosen: the file's name.
    pub name: String,
    /// As people read it.
    pub title: String,
}

/// The looks of a theme; what is for single blocks only is none.
pub fn variations(theme: &Theme) -> Vec<Variation> {
    let whole = theme
        .variations
        .iter()
        .filter(|(_, json)| json.get("blockTypes").is_none());
    whole
        .map(|(name, json)| Variation {
            name: name.clone(),
            title: json.get("title").and_then(Value::as_str).unwrap_or(name).to_owned(),
        })
        .collect()
}

/// Puts a look into use, by its name or title; an empty one takes away what was chosen or changed.
///
/// # Errors
/// When there is no such look: the message names those there are.
pub async fn choose(act: &mut Act<'_>, theme: &Theme, wanted: &str) -> Result<()> {
    let mut json = match wanted {
        "" => Map::new(),
        wanted => found(theme, wanted)?,
    };
    for described in ["$schema", "title", "slug", "description"] {
        json.remove(described);
    }
    json.entry("version").or_insert(3.into());
    json.insert("isGlobalStylesUserThemeJSON".to_owned(), true.into());
    let content = Value::Object(json).to_string();
    let actor = Actor::system();
    match row(act, &theme.name, &actor).await? {
        Some(row) => {
            let grant = actor.may(Verb::Update, &row, None, act.types)?;
            let changes = Changes {
                content: Some(content),
                ..Changes::default()
            };
            actions::update(act, &grant, row.id, changes).await?;
        }
        None => add(act, &theme.name, content, &actor).await?,
    }
    Ok(())
}

fn found(theme: &Theme, wanted: &str) -> Result<Map<String, Value>> {
    let known = variations(theme);
    let same = |v: &&Variation| v.name == wanted || v.title.eq_ignore_ascii_case(wanted);
    let json = known
        .iter()
        .find(same)
        .and_then(|variation| theme.variations.get(&variation.name)?.as_object());
    json.cloned().ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|v| v.name.as_str()).collect();
        let there = if names.is_empty() {
            "it has none".to_owned()
        } else {
            format!("there are {}", names.join(", "))
        };
        Error::not_found(format!("the theme {:?} has no style {wanted:?}", theme.name)).hint(there)
    })
}

/// The row that counts.
async fn row(act: &mut Act<'_>, theme: &str, actor: &Actor) -> Result<Option<Item>> {
    let Some(term) = terms::by_slug(act.tx, "wp_theme", theme).await?.into_iter().next() else {
        return Ok(None);
    };
    let query = ItemQuery {
        types: vec![KIND.to_owned()],
        terms: vec![vec![term.id.0]],
        order: Order::Newest,
        limit: 1,
        ..ItemQuery::default()
    };
    let scope = Scope::new(actor.clone(), act.types);
    Ok(items::some(act.tx, &scope, &query).await?.into_iter().next())
}

async fn add(act: &mut Act<'_>, theme: &str, content: String, actor: &Actor) -> Result<()> {
    let new = Item {
        kind: KIND.to_owned(),
        status: "publish".to_owned(),
        name: format!("wp-global-styles-{theme}"),
        title: "Custom Styles".to_owned(),
        content,
        ..Item::default()
    };
    let grant = actor.may(Verb::Publish, &new, None, act.types)?;
    let made = actions::create(act, &grant, new).await?;
    let wanted = Term {
        taxonomy: "wp_theme".to_owned(),
        name: theme.to_owned(),
        slug: theme.to_owned(),
        ..Term::default()
    };
    let grant_terms = actor.may_manage(Verb::SetOption)?;
    let term = actions::ensure_term(act, &grant_terms, wanted).await?;
    let grant = actor.may(Verb::Update, &made, None, act.types)?;
    actions::set_terms(act, &grant, made.id, "wp_theme", &[term.id]).await
}
