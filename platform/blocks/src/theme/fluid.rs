//! Font sizes that grow with the window between two sizes: WordPress's fluid typography.

use serde_json::Value;

/// The window at which a size stops growing, unless the theme says otherwise.
const WIDEST: &str = "1600px";
/// The window below which a size no longer shrinks.
const NARROWEST: &str = "320px";
/// Text is never made smaller than this.
const SMALLEST: &str = "14px";
/// How many pixels 1rem has.
const ROOT_PIXELS: f64 = 16.0;

/// A length in one of the three units that can be counted with.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Length {
    value: f64,
    unit: &'static str,
}

/// The size of a preset (`{size, fluid}`) under these settings; `None` when it has none.
pub fn font_size(preset: &Value, settings: &Value) -> Option<Value> {
    let size = preset.get("size").filter(|s| !s.is_null())?;
    let own = preset.get("fluid");
    let fluid = settings.pointer("/typography/fluid");
    if own == Some(&Value::Bool(false)) || !is_set(Some(size)) || !is_set(fluid) {
        return Some(size.clone());
    }
    Some(fluid_size(size, own, fluid, settings).map_or_else(|| size.clone(), Value::from))
}

/// PHP's "not empty".
fn is_set(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(on)) => *on,
        Some(Value::String(text)) => !text.is_empty() && text != "0",
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::Array(list)) => !list.is_empty(),
        Some(Value::Object(entries)) => !entries.is_empty(),
    }
}

fn fluid_size(size: &Value, own: Option<&Value>, fluid: Option<&Value>, settings: &Value) -> Option<String> {
    let setting = |key: &str| fluid.and_then(|f| f.get(key)).map(text);
    let countable = |raw: Option<String>| raw.filter(|r| length(r, None).is_some());
    let narrow = setting("minViewportWidth").unwrap_or_else(|| NARROWEST.to_owned());
    let wide = setting("maxViewportWidth")
        .or_else(|| countable(settings.pointer("/layout/wideSize").map(text)))
        .unwrap_or_else(|| WIDEST.to_owned());
    let preferred = length(&text(size), None)?;
    let limit = countable(setting("minFontSize")).unwrap_or_else(|| SMALLEST.to_owned());
    let limit = length(&limit, Some(preferred.unit));
    let explicit = |key: &str| own.and_then(|o| o.get(key)).filter(|v| is_set(Some(v))).map(text);
    let (least, most) = (explicit("min"), explicit("max"));
    if least.is_none() && most.is_none() && limit.is_some_and(|l| preferred.value <= l.value) {
        return None;
    }
    let most = most.unwrap_or_else(|| written(preferred));
    let least = least.unwrap_or_else(|| smaller(preferred, limit));
    clamp(&least, &most, &narrow, &wide, 1.0)
}

/// The least size of one that says none: the larger a size, the more it shrinks, to a quarter at most.
fn smaller(preferred: Length, limit: Option<Length>) -> String {
    let pixels = if preferred.unit == "px" {
        preferred.value
    } else {
        preferred.value * ROOT_PIXELS
    };
    let factor = (1.0 - 0.075 * pixels.log2()).clamp(0.25, 0.75);
    let value = rounded(preferred.value * factor);
    match limit {
        Some(limit) if value <= limit.value => written(limit),
        _ => written(Length { value, ..preferred }),
    }
}

/// `clamp(…)` from the least to the most size between two widths of the window; `None` when the units cannot be counted with.
pub fn clamp(least: &str, most: &str, narrow: &str, wide: &str, scale: f64) -> Option<String> {
    let from = length(least, None)?;
    let to = length(most, Some(from.unit))?;
    let in_rem = length(least, Some("rem"))?;
    let narrow = length(narrow, Some(from.unit))?;
    let span = length(wide, Some(from.unit))?.value - narrow.value;
    if span == 0.0 {
        return None;
    }
    let slope = rounded(100.0 * (to.value - from.value) / span * scale);
    let slope = if slope == 0.0 { 1.0 } else { slope };
    let offset = written(Length {
        value: rounded(narrow.value / 100.0),
        unit: from.unit,
    });
    Some(format!(
        "clamp({least}, {} + ((1vw - {offset}) * {}), {most})",
        written(in_rem),
        number(slope)
    ))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn length(raw: &str, into: Option<&'static str>) -> Option<Length> {
    let with_unit;
    let raw = if raw.parse::<f64>().is_ok() {
        with_unit = format!("{raw}px");
        &with_unit
    } else {
        raw
    };
    let unit = ["rem", "px", "em"].into_iter().find(|unit| raw.ends_with(unit))?;
    let digits = raw.strip_suffix(unit)?;
    if digits.is_empty() || digits.ends_with('.') || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let value: f64 = digits.parse().ok()?;
    let (value, unit) = match (unit, into.unwrap_or(unit)) {
        ("px", into @ ("rem" | "em")) => (value / ROOT_PIXELS, into),
        ("rem" | "em", "px") => (value * ROOT_PIXELS, "px"),
        (_, into) => (value, into),
    };
    Some(Length {
        value: rounded(value),
        unit,
    })
}

fn written(length: Length) -> String {
    format!("{}{}", number(length.value), length.unit)
}

/// A number without needless zeros.
pub(crate) fn number(value: f64) -> String {
    format!("{value}")
}

/// To three digits after the point.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_size_is_fluid_only_where_it_can_be() {
        let on = json!({"typography": {"fluid": true}});
        let size = |preset: Value, settings: &Value| font_size(&preset, settings).unwrap_or_default();
        assert_eq!(size(json!({"size": "2rem"}), &json!({})), "2rem");
        assert_eq!(size(json!({"size": "2rem", "fluid": false}), &on), "2rem");
        assert_eq!(size(json!({"size": "50%"}), &on), "50%");
        assert_eq!(size(json!({"size": "13px"}), &on), "13px");
        assert_eq!(
            size(json!({"size": "2rem", "fluid": {"min": "1rem", "max": "3rem"}}), &on),
            "clamp(1rem, 1rem + ((1vw - 0.2rem) * 2.5), 3rem)"
        );
        assert_eq!(font_size(&json!({}), &on), None);
    }

    #[test]
    fn the_widest_window_is_the_wide_size() {
        let settings = json!({"typography": {"fluid": true}, "layout": {"wideSize": "1000px"}});
        let size = font_size(&json!({"size": "40px", "fluid": {"min": "20px"}}), &settings);
        assert_eq!(
            size,
            Some(json!("clamp(20px, 1.25rem + ((1vw - 3.2px) * 2.941), 40px)"))
        );
    }
}
