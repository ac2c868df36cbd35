//! Checks values.

use std::net::IpAddr;

use serde_json::Value;

use crate::types::{KNOWN, Member, Wanted, are_unique, items, matches, member, members, passes, same, text, wanted};
use crate::{Formats, Misfit, combine, numbers, sanitize};

/// Checks one value with all that is inside it.
pub(crate) fn value(value: &Value, schema: &Value, param: &str, formats: &Formats) -> Result<(), Misfit> {
    let chosen = combine::chosen(value, schema, param, formats)?;
    let kind = match wanted(value, schema) {
        Wanted::One(kind) => Some(kind),
        Wanted::NoneFits(kinds) => return Err(invalid_type(&kinds, param)),
        Wanted::None => chosen.as_ref().and_then(|schema| schema["type"].as_str()),
    };
    if let Some(kind) = kind {
        of_kind(value, kind, schema, param, formats)?;
    }
    if !choices(schema).is_empty() {
        one_of_known(value, schema, param, formats)?;
    }
    if is_text_format(kind) {
        format(value, schema, param, formats)?;
    }
    Ok(())
}

/// Whether formats count: for texts, and (as WordPress keeps it) where the type is unknown.
pub(crate) fn is_text_format(kind: Option<&str>) -> bool {
    kind.is_none_or(|kind| kind == "string" || !KNOWN.contains(&kind))
}

fn invalid_type(kind: &str, param: &str) -> Misfit {
    Misfit::new("rest_invalid_type", format!("{param} is not of type {kind}."), param)
}

fn of_kind(value: &Value, kind: &str, schema: &Value, param: &str, formats: &Formats) -> Result<(), Misfit> {
    if KNOWN.contains(&kind) && !passes(value, kind) {
        return Err(invalid_type(kind, param));
    }
    match kind {
        "integer" | "number" => numbers::check(numbers::numeric(value).unwrap_or_default(), schema, param),
        "string" => string(value.as_str().unwrap_or_default(), schema, param),
        "array" => array(value, schema, param, formats),
        "object" => object(value, schema, param, formats),
        _ => Ok(()),
    }
}

/// The count that a schema demands under a name.
fn count(schema: &Value, name: &str) -> Option<u64> {
    numbers::numeric(&schema[name]).map(|count| count.max(0.0) as u64)
}

/// Checks a length against the least and the most.
fn length(
    actual: usize,
    bounds: [(Option<u64>, &'static str); 2],
    words: [&str; 3],
    param: &str,
) -> Result<(), Misfit> {
    let actual = actual as u64;
    let [(least, few), (most, many)] = bounds;
    let [verb, one, several] = words;
    let (code, how, bound) = match (least, most) {
        (Some(least), _) if actual < least => (few, "at least", least),
        (_, Some(most)) if actual > most => (many, "at most", most),
        _ => return Ok(()),
    };
    let noun = if bound == 1 { one } else { several };
    Err(Misfit::new(
        code,
        format!("{param} must {verb} {how} {bound} {noun}."),
        param,
    ))
}

fn string(value: &str, schema: &Value, param: &str) -> Result<(), Misfit> {
    let bounds = [
        (count(schema, "minLength"), "rest_too_short"),
        (count(schema, "maxLength"), "rest_too_long"),
    ];
    length(
        value.chars().count(),
        bounds,
        ["be", "character long", "characters long"],
        param,
    )?;
    match schema["pattern"].as_str() {
        Some(pattern) if !matches(pattern, value) => {
            let message = format!("{param} does not match pattern {pattern}.");
            Err(Misfit::new("rest_invalid_pattern", message, param))
        }
        _ => Ok(()),
    }
}

fn array(value: &Value, schema: &Value, param: &str, formats: &Formats) -> Result<(), Misfit> {
    let items = items(value);
    if schema["items"].is_object() {
        for (at, item) in items.iter().enumerate() {
            self::value(item, &schema["items"], &format!("{param}[{at}]"), formats)?;
        }
    }
    let bounds = [
        (count(schema, "minItems"), "rest_too_few_items"),
        (count(schema, "maxItems"), "rest_too_many_items"),
    ];
    length(items.len(), bounds, ["contain", "item", "items"], param)?;
    if schema["uniqueItems"] == Value::Bool(true) && !are_unique(items.iter().map(AsRef::as_ref)) {
        return Err(duplicates(param));
    }
    Ok(())
}

pub(crate) fn duplicates(param: &str) -> Misfit {
    Misfit::new("rest_duplicate_items", format!("{param} has duplicate items."), param)
}

fn object(value: &Value, schema: &Value, param: &str, formats: &Formats) -> Result<(), Misfit> {
    let members = members(value);
    let missing = |name: &&str| !members.iter().any(|(known, _)| known == name);
    // Draft 4 lists the names; draft 3 says it of each member.
    let required: Vec<&str> = match schema["required"].as_array() {
        Some(names) => names.iter().filter_map(Value::as_str).collect(),
        None => {
            let own = schema["properties"].as_object().into_iter().flatten();
            own.filter(|(_, schema)| schema["required"] == Value::Bool(true))
                .map(|(name, _)| name.as_str())
                .collect()
        }
    };
    if let Some(name) = required.into_iter().find(missing) {
        let message = format!("{name} is a required property of {param}.");
        return Err(Misfit::new("rest_property_required", message, param));
    }
    for (name, value) in &members {
        match member(schema, name) {
            Member::Schema(schema) => self::value(value, schema, &format!("{param}[{name}]"), formats)?,
            Member::Free => {}
            Member::Forbidden => {
                let message = format!("{name} is not a valid property of Object.");
                return Err(Misfit::new("rest_additional_properties_forbidden", message, param));
            }
        }
    }
    let bounds = [
        (count(schema, "minProperties"), "rest_too_few_properties"),
        (count(schema, "maxProperties"), "rest_too_many_properties"),
    ];
    length(members.len(), bounds, ["contain", "property", "properties"], param)
}

/// What a value may be; to PHP a map of them is a list as well.
fn choices(schema: &Value) -> Vec<&Value> {
    match &schema["enum"] {
        Value::Array(known) => known.iter().collect(),
        Value::Object(known) => known.values().collect(),
        _ => Vec::new(),
    }
}

fn one_of_known(value: &Value, schema: &Value, param: &str, formats: &Formats) -> Result<(), Misfit> {
    let value = sanitize::value(value, schema, param, formats)?;
    let known = choices(schema);
    if known.iter().any(|one| same(&value, one)) {
        return Ok(());
    }
    let names: Vec<String> = known
        .iter()
        .map(|one| match one {
            Value::Array(_) | Value::Object(_) => one.to_string(),
            scalar => text(scalar).into_owned(),
        })
        .collect();
    let message = match names.as_slice() {
        [only] => format!("{param} is not {only}."),
        _ => format!("{param} is not one of {}.", combine::listed(&names)),
    };
    Err(Misfit::new("rest_not_in_enum", message, param))
}

fn format(value: &Value, schema: &Value, param: &str, formats: &Formats) -> Result<(), Misfit> {
    let value = text(value);
    let (fits, code, message) = match schema["format"].as_str() {
        Some("hex-color") => (
            is_hex_color(&value),
            "rest_invalid_hex_color",
            "Invalid hex color.".to_owned(),
        ),
        Some("date-time") => (is_date(&value), "rest_invalid_date", "Invalid date.".to_owned()),
        Some("email") => (
            (formats.is_email)(&value),
            "rest_invalid_email",
            "Invalid email address.".to_owned(),
        ),
        Some("ip") => {
            let message = format!("{param} is not a valid IP address.");
            (value.parse::<IpAddr>().is_ok(), "rest_invalid_ip", message)
        }
        Some("uuid") => (
            is_uuid(&value),
            "rest_invalid_uuid",
            format!("{param} is not a valid UUID."),
        ),
        _ => return Ok(()),
    };
    if fits {
        Ok(())
    } else {
        Err(Misfit::new(code, message, param))
    }
}

pub(crate) fn is_hex_color(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A date with a time as RFC 3339 writes it, the zone left out or not.
fn is_date(text: &str) -> bool {
    const SHAPE: &str = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt ]([01][0-9]|2[0-4]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?(Z|[+-][0-9]{2}(:[0-9]{2})?)?$";
    text.len() < 100 && matches(SHAPE, text)
}

fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').collect();
    let is_hex = |part: &str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    parts.len() == lengths.len()
        && parts
            .iter()
            .zip(lengths)
            .all(|(part, length)| part.len() == length && is_hex(part))
}
