//! `themes install`, `list`, `activate`, `css`, `settings`.

use gp_blocks::Theme;
use gp_design::themes::{self, BUILT_IN, Folder};
use gp_kernel::{Error, Result};
use serde_json::{Value, json};

use crate::{
    app::Site,
    builtin,
    cli::{Format, Themes},
    commands::act,
};

/// Block themes.
pub(super) async fn themes(site: &Site, what: Themes) -> Result<()> {
    let folder = Folder::below(&site.config.data);
    match what {
        Themes::Install { from, activate } => install(site, &folder, &from, activate).await,
        Themes::List { format } => list(site, &folder, format).await,
        Themes::Activate { name, style } => activate(site, &folder, &name, style.as_deref()).await,
        Themes::Styles { name, format } => {
            let known = themes::variations(&named(site, &folder, name).await?);
            match format {
                Format::Json => {
                    let list = known.iter().map(|v| json!({ "name": v.name, "title": v.title }));
                    println!("{}", Value::from_iter(list));
                }
                Format::Text => known.iter().for_each(|v| println!("{}\t{}", v.name, v.title)),
            }
            Ok(())
        }
        Themes::Css { name } => {
            println!("{}", named(site, &folder, name).await?.stylesheet(&Value::Null));
            Ok(())
        }
        Themes::Settings { name } => {
            println!("{}", named(site, &folder, name).await?.settings(&Value::Null));
            Ok(())
        }
    }
}

async fn install(site: &Site, folder: &Folder, from: &std::path::Path, activate: bool) -> Result<()> {
    let done = folder.install(from)?;
    let mut tx = site.db.write().await?;
    let mut act = act(site, &mut tx).await?;
    themes::announce(&mut act, folder).await?;
    if activate {
        themes::activate(&mut act, folder, &done.name).await?;
    }
    tx.commit().await?;
    println!("installed {} ({} files)", done.name, done.files);
    for note in &done.notes {
        eprintln!("note: {note}");
    }
    Ok(())
}

async fn activate(site: &Site, folder: &Folder, name: &str, style: Option<&str>) -> Result<()> {
    let mut tx = site.db.write().await?;
    let mut act = act(site, &mut tx).await?;
    themes::activate(&mut act, folder, name).await?;
    if let Some(style) = style {
        let theme = match folder.read(name)? {
            Some(theme) => theme,
            None => builtin::theme()?,
        };
        themes::choose(&mut act, &theme, style).await?;
    }
    tx.commit().await?;
    println!("{name} is in use");
    Ok(())
}

async fn in_use(site: &Site) -> Result<String> {
    let mut conn = site.db.read().await?;
    Ok(gp_content::Site::load(&mut conn).await?.stylesheet)
}

async fn list(site: &Site, folder: &Folder, format: Format) -> Result<()> {
    let current = in_use(site).await?;
    let names = folder.names()?;
    // What is not installed is shown with the built-in theme.
    let shown = if names.contains(&current) {
        current.as_str()
    } else {
        BUILT_IN
    };
    match format {
        Format::Json => {
            let list: Vec<Value> = names
                .iter()
                .map(|name| json!({ "name": name, "active": name == shown, "built_in": name == BUILT_IN }))
                .collect();
            println!("{}", Value::from(list));
        }
        Format::Text => {
            for name in &names {
                let mark = if name == shown { "*" } else { " " };
                println!("{mark} {name}");
            }
            if current != shown {
                println!("the site names {current:?}, which is not installed: the built-in theme is shown");
            }
        }
    }
    Ok(())
}

async fn named(site: &Site, folder: &Folder, name: Option<String>) -> Result<Theme> {
    let name = match name {
        Some(name) => name,
        None => in_use(site).await?,
    };
    match folder.read(&name)? {
        Some(theme) => Ok(theme),
        None if name == BUILT_IN => builtin::theme(),
        None => Err(Error::not_found(format!("the theme {name:?} is not installed"))
            .hint(format!("installed are {}", folder.names()?.join(", ")))),
    }
}
