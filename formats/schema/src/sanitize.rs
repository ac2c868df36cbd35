//! Cleans values: each becomes what its schema's type is, as far as it can be read as that.

use serde_json::{Map, Value};

use crate::types::{Member, Wanted, are_unique, items, member, members, text, wanted};
use crate::validate::{duplicates, is_hex_color, is_text_format};
use crate::{Formats, Misfit, combine, numbers};

/// Cleans one value with all that is inside it.
pub(crate) fn value(value: &Value, schema: &Value, param: &str, formats: &Formats) -> Result<Value, Misfit> {
    let chosen = combine::chosen(value, schema, param, formats)?;
    let cleaned = match &chosen {
        Some(chosen) => self::value(value, chosen, param, formats)?,
        None => value.clone(),
    };
    let kind = match wanted(&cleaned, schema) {
        Wanted::One(kind) => Some(kind),
        Wanted::NoneFits(_) => return Ok(Value::Null),
        Wanted::None => chosen.as_ref().and_then(|chosen| chosen["type"].as_str()),
    };
    match kind {
        Some("array") => return array(&cleaned, schema, param, formats),
        Some("object") => return object(&cleaned, schema, param, formats),
        Some("null") => return Ok(Value::Null),
        Some("integer") => return Ok(Value::from(numbers::leading(&cleaned) as i64)),
        Some("number") => return Ok(Value::from(numbers::leading(&cleaned))),
        Some("boolean") => return Ok(Value::from(truth(&cleaned))),
        _ => {}
    }
    let formatted = is_text_format(kind)
        .then(|| format(&cleaned, schema, formats))
        .flatten();
    if let Some(formatted) = formatted {
        return Ok(Value::from(formatted));
    }
    Ok(match kind {
        Some("string") if !cleaned.is_array() && !cleaned.is_object() => Value::from(text(&cleaned)),
        _ => cleaned,
    })
}

fn array(value: &Value, schema: &Value, param: &str, formats: &Formats) -> Result<Value, Misfit> {
    let items = items(value).into_iter().enumerate();
    let cleaned: Result<Vec<Value>, Misfit> = items
        .map(|(at, item)| match &schema["items"] {
            items if items.is_object() => self::value(&item, items, &format!("{param}[{at}]"), formats),
            _ => Ok(item.into_owned()),
        })
        .collect();
    let cleaned = cleaned?;
    if schema["uniqueItems"] == Value::Bool(true) && !are_unique(&cleaned) {
        return Err(duplicates(param));
    }
    Ok(Value::Array(cleaned))
}

fn object(value: &Value, schema: &Value, param: &str, formats: &Formats) -> Result<Value, Misfit> {
    let mut cleaned = Map::new();
    for (name, value) in members(value) {
        match member(schema, &name) {
            Member::Schema(schema) => {
                let value = self::value(value, schema, &format!("{param}[{name}]"), formats)?;
                cleaned.insert(name.into_owned(), value);
            }
            Member::Free => drop(cleaned.insert(name.into_owned(), value.clone())),
            Member::Forbidden => {}
        }
    }
    // PHP has no empty map.
    if cleaned.is_empty() {
        return Ok(Value::Array(Vec::new()));
    }
    Ok(Value::Object(cleaned))
}

fn truth(value: &Value) -> bool {
    match value {
        Value::String(text) => !matches!(text.to_ascii_lowercase().as_str(), "" | "0" | "false"),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        other => numbers::leading(other) != 0.0,
    }
}

fn format(value: &Value, schema: &Value, formats: &Formats) -> Option<String> {
    let text = text(value);
    Some(match schema["format"].as_str()? {
        "hex-color" if text.is_empty() || is_hex_color(&text) => text.into_owned(),
        "hex-color" => String::new(),
        "date-time" | "email" | "ip" | "uuid" | "text-field" => (formats.text_field)(&text),
        "textarea-field" => (formats.textarea_field)(&text),
        "uri" => (formats.url)(&text),
        _ => return None,
    })
}
