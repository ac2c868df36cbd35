//! `anyOf` and `oneOf`: the choice of a schema, and what to say when none fits.

use serde_json::Value;

use crate::{Formats, Misfit, validate};

/// A schema that did not fit, and why.
struct Refusal {
    schema: Value,
    misfit: Misfit,
}

/// The schema that a value fits, where there are several to choose from.
pub(crate) fn chosen(value: &Value, schema: &Value, param: &str, formats: &Formats) -> Result<Option<Value>, Misfit> {
    let mut found = None;
    for (key, only_one) in [("anyOf", false), ("oneOf", true)] {
        let Some(choices) = schema[key].as_array() else {
            continue;
        };
        let (mut fitting, mut refusals) = (Vec::new(), Vec::new());
        for choice in choices {
            let mut choice = choice.clone();
            if choice["type"].is_null() && !schema["type"].is_null() {
                choice["type"] = schema["type"].clone();
            }
            match validate::value(value, &choice, param, formats) {
                Ok(()) if !only_one => {
                    fitting.push(choice);
                    break;
                }
                Ok(()) => fitting.push(choice),
                Err(misfit) => refusals.push(Refusal { schema: choice, misfit }),
            }
        }
        if fitting.len() > 1 {
            return Err(too_many(&fitting, param));
        }
        if fitting.is_empty() {
            return Err(none_fits(value, &refusals, param));
        }
        found = fitting.pop();
    }
    Ok(found)
}

/// The titles of schemas, if each has one.
fn titles<'a>(schemas: impl Iterator<Item = &'a Value>) -> Option<Vec<String>> {
    schemas
        .map(|schema| schema["title"].as_str().map(str::to_owned))
        .collect()
}

fn too_many(fitting: &[Value], param: &str) -> Misfit {
    let message = match titles(fitting.iter()) {
        Some(titles) => format!("{param} matches {}, but should match only one.", listed(&titles)),
        None => format!("{param} matches more than one of the expected formats."),
    };
    Misfit::new("rest_one_of_multiple_matches", message, param)
}

/// The most telling of the refusals, or that nothing fits.
fn none_fits(value: &Value, refusals: &[Refusal], param: &str) -> Misfit {
    let telling: Vec<&Refusal> = match refusals {
        [only] => vec![only],
        // That the whole value is of another type says little.
        _ => refusals
            .iter()
            .filter(|refusal| refusal.misfit.code != "rest_invalid_type" || refusal.misfit.param != param)
            .collect(),
    };
    if let [only] = telling.as_slice() {
        return because(only, param);
    }
    let of_objects = telling
        .first()
        .is_some_and(|refusal| refusal.schema["type"] == "object");
    let mut best: Option<(&Refusal, usize)> = None;
    for refusal in telling.iter().filter(|_| of_objects) {
        let own = refusal.schema["properties"].as_object();
        let shared = own.map_or(0, |own| {
            own.keys().filter(|name| value.get(name.as_str()).is_some()).count()
        });
        if shared > best.map_or(0, |(_, most)| most) {
            best = Some((refusal, shared));
        }
    }
    if let Some((refusal, _)) = best {
        return because(refusal, param);
    }
    let message = match titles(refusals.iter().map(|refusal| &refusal.schema)) {
        Some(titles) if !titles.is_empty() => format!("{param} is not a valid {}.", listed(&titles)),
        _ => format!("{param} does not match any of the expected formats."),
    };
    Misfit::new("rest_no_matching_schema", message, param)
}

fn because(refusal: &Refusal, param: &str) -> Misfit {
    let reason = &refusal.misfit.message;
    let message = match refusal.schema["title"].as_str() {
        Some(title) => format!("{param} is not a valid {title}. Reason: {reason}"),
        None => format!("{param} does not match the expected format. Reason: {reason}"),
    };
    Misfit::new("rest_no_matching_schema", message, param)
}

/// `a`, `a and b`, `a, b, and c`.
pub(crate) fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [front @ .., last] => format!("{}, and {last}", front.join(", ")),
    }
}
