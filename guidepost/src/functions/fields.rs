//! Functions of single fields: names, codes, slugs, sizes.

use gp_markup::text;
use serde_json::{Value, json};

use super::arguments::number_of;
use super::{Arguments, Function};

/// The functions by name.
pub(super) const TABLE: &[(&str, Function)] = &[
    ("human_time_diff", |a| {
        Some(text::human_time_diff(number_of(a.value(0)) as i64, number_of(a.value(1)) as i64).into())
    }),
    ("is_email", |a| {
        let address = a.text(0)?;
        Some(if text::is_email(&address) {
            address.into()
        } else {
            false.into()
        })
    }),
    ("remove_accents", remove_accents),
    ("sanitize_file_name", |a| {
        let name = text::without_broken_bytes(&a.bytes(0)?);
        Some(text::sanitize_file_name(&name).into())
    }),
    ("sanitize_hex_color", |a| {
        Some(text::sanitize_hex_color(&a.text(0)?).into())
    }),
    ("sanitize_hex_color_no_hash", |a| {
        Some(text::sanitize_hex_color_no_hash(&a.text(0)?).into())
    }),
    ("sanitize_key", |a| {
        Some(text::sanitize_key(&a.text(0).unwrap_or_default()).into())
    }),
    ("sanitize_locale_name", |a| {
        Some(text::sanitize_locale_name(&a.text(0)?).into())
    }),
    ("sanitize_mime_type", |a| {
        Some(text::sanitize_mime_type(&a.text(0)?).into())
    }),
    ("sanitize_text_field", |a| {
        Some(text::sanitize_text_field(&a.text(0).unwrap_or_default()).into())
    }),
    ("sanitize_textarea_field", |a| {
        Some(text::sanitize_textarea_field(&a.text(0).unwrap_or_default()).into())
    }),
    ("sanitize_title", |a| Some(sanitize_title(a)?.into())),
    ("sanitize_title_with_dashes", |a| {
        let saving = a.value(2).as_str() == Some("save");
        Some(text::sanitize_title_with_dashes(&a.text(0)?, saving).into())
    }),
    ("sanitize_trackback_urls", |a| {
        Some(text::sanitize_trackback_urls(&a.text(0)?).into())
    }),
    ("sanitize_user", |a| {
        Some(text::sanitize_user(&a.text(0)?, a.truth(1)).into())
    }),
    ("seems_utf8", |a| Some(std::str::from_utf8(&a.bytes(0)?).is_ok().into())),
    ("size_format", |a| {
        let bytes = number_of(a.value(0));
        // WordPress calls only the whole number zero a size.
        let is_size = bytes != 0.0 || a.value(0).is_u64();
        let size = is_size.then(|| text::size_format(bytes, a.count_or(1, 0))).flatten();
        Some(size.map_or(Value::Bool(false), Value::from))
    }),
    ("utf8_uri_encode", |a| {
        let most = Some(a.count_or(1, 0)).filter(|most| *most > 0);
        Some(text::utf8_uri_encode(&a.text(0)?, most).into())
    }),
    ("wp_check_filetype", check_filetype),
];

/// A slug, or the given text where nothing is left of it.
fn sanitize_title(a: &Arguments<'_>) -> Option<String> {
    let slug = text::sanitize_title(&a.text(0)?);
    if slug.is_empty() {
        return a.text_or(1, "").map(|text| text.into_owned());
    }
    Some(slug)
}

/// Text without accents; bytes that are no UTF-8 are read as Western European.
fn remove_accents(a: &Arguments<'_>) -> Option<Value> {
    let bytes = a.bytes(0)?;
    let locale = a.text_or(1, "en_US")?;
    Some(match std::str::from_utf8(&bytes) {
        Ok(text) => text::remove_accents_in(text, &locale).into(),
        Err(_) => text::remove_accents_latin1(&bytes).into(),
    })
}

/// A file's name and, perhaps, the kinds of files to choose from.
fn check_filetype(a: &Arguments<'_>) -> Option<Value> {
    let name = a.text(0)?;
    let found = match a.value(1).as_object() {
        Some(types) => {
            let types = types
                .iter()
                .filter_map(|(ends, kind)| Some((ends.as_str(), kind.as_str()?)));
            text::file_type(&name, types)
        }
        None => text::file_type(&name, text::FILE_TYPES.iter().copied()),
    };
    Some(match found {
        Some((extension, kind)) => json!({"ext": extension, "type": kind}),
        None => json!({"ext": false, "type": false}),
    })
}
