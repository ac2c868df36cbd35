//! Parameters against what a route says of them: missing, misfit, default.

use gp_markup::text;
use gp_schema::Formats;
use serde_json::{Map, Value, json};

use crate::{
    reply::{Failure, Outcome},
    request::Request,
};

/// How texts of a format are checked and cleaned.
pub(crate) const FORMATS: Formats = Formats {
    is_email: text::is_email,
    text_field: text::sanitize_text_field,
    textarea_field: text::sanitize_textarea_field,
    url: text::sanitize_url,
};

/// A parameter that its route checks itself, later: `title` may be a text or an object.
pub(crate) const UNCHECKED: &str = "unchecked";

/// Fills `request.params` from route, body, query and defaults, checked and cleaned by `args`.
pub(crate) fn settle(request: &mut Request, captured: Map<String, Value>, args: &Map<String, Value>) -> Outcome<()> {
    if request.broken_json {
        return Err(Failure::new(400, "rest_invalid_json", "Invalid JSON body passed."));
    }
    let mut params = Map::new();
    params.extend(request.query.clone());
    params.extend(request.body.clone());
    params.extend(captured);
    request.given = params.keys().cloned().collect();
    for (name, arg) in args {
        if let Some(default) = arg.get("default")
            && params.get(name).is_none_or(Value::is_null)
            && !request.given.contains(name)
        {
            params.insert(name.clone(), default.clone());
        }
    }
    let is_missing = |(name, arg): &(&String, &Value)| {
        arg.get("required") == Some(&Value::Bool(true)) && params.get(*name).is_none_or(Value::is_null)
    };
    let missing: Vec<&str> = args.iter().filter(is_missing).map(|(name, _)| name.as_str()).collect();
    if !missing.is_empty() {
        let message = format!("Missing parameter(s): {}", missing.join(", "));
        let missing = json!(missing);
        // What there is, for whoever asks next what is allowed here.
        request.params = params;
        return Err(Failure::new(400, "rest_missing_callback_param", message).with("params", missing));
    }
    let checked = check(&mut params, args);
    request.params = params;
    checked
}

fn check(params: &mut Map<String, Value>, args: &Map<String, Value>) -> Outcome<()> {
    let (mut sentences, mut details) = (Map::new(), Map::new());
    for (name, arg) in args {
        let Some(value) = params.get_mut(name).filter(|value| !value.is_null()) else {
            continue;
        };
        if arg.get(UNCHECKED).is_some() || arg.get("type").is_none() && arg.get("oneOf").is_none() {
            continue;
        }
        let checked = gp_schema::validate(value, arg, name, &FORMATS)
            .and_then(|()| gp_schema::sanitize(value, arg, name, &FORMATS));
        match checked {
            Ok(clean) => *value = clean,
            Err(misfit) => {
                // Only a wrong type says where.
                let place = match misfit.code {
                    "rest_invalid_type" => json!({"param": misfit.param}),
                    _ => Value::Null,
                };
                let detail = json!({"code": misfit.code, "message": misfit.message, "data": place});
                details.insert(name.clone(), detail);
                sentences.insert(name.clone(), misfit.message.into());
            }
        }
    }
    if sentences.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = sentences.keys().map(String::as_str).collect();
    let message = format!("Invalid parameter(s): {}", names.join(", "));
    Err(Failure::new(400, "rest_invalid_param", message)
        .with("params", Value::Object(sentences))
        .with("details", Value::Object(details)))
}

/// What a route says of a parameter, as it is shown.
pub(crate) fn shown(arg: &Value) -> Value {
    let mut out = arg.as_object().cloned().unwrap_or_default();
    out.remove(UNCHECKED);
    out.entry("required").or_insert(Value::Bool(false));
    Value::Object(out)
}
