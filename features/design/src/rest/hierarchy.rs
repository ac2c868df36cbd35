//! The templates of WordPress's hierarchy and the areas of a page: what they are called and what they are for, in the words that
//! editors know them by.

use std::sync::LazyLock;

use serde_json::{Value, json};

static KNOWN: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("hierarchy.json")).unwrap_or_default());

/// Formats of posts, each of which may have an archive of its own.
const FORMATS: &[&str] = &[
    "Standard", "Aside", "Chat", "Gallery", "Link", "Image", "Quote", "Status", "Video", "Audio",
];

/// The title of a template of the hierarchy, and what it is for.
pub(super) fn named(slug: &str) -> Option<(&'static str, &'static str)> {
    let all = KNOWN["templates"].as_array()?;
    let found = all.iter().find(|template| template["slug"] == slug)?;
    Some((found["title"].as_str()?, found["description"].as_str()?))
}

/// All of them, those for the formats of posts last.
pub(super) fn templates() -> Value {
    let mut all = KNOWN["templates"].as_array().cloned().unwrap_or_default();
    all.extend(FORMATS.iter().map(|format| {
        json!({
            "title": format!("Post Format: {format}"),
            "description": format!("Displays the {format} post format archive."),
            "slug": format!("taxonomy-post_format-post-format-{}", format.to_lowercase()),
        })
    }));
    Value::Array(all)
}

/// The areas of a page that template parts are for.
pub(super) fn areas() -> Value {
    KNOWN["areas"].clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_every_template_says_what_it_is_for() {
        let (title, about) = named("single").unwrap();
        assert_eq!(title, "Single Posts");
        assert!(!about.is_empty());
        assert!(templates().as_array().unwrap().len() > 20 && areas().as_array().unwrap().len() == 4);
        assert!(named("nothing").is_none());
    }
}
