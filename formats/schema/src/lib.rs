//! The part of JSON Schema (drafts 3 and 4) by which WordPress's REST API checks and cleans values, with its words.
//!
//! Must never be in here: the schemas of single routes, a request, a database. What a format such as a mail address
//! means is handed in as [`Formats`].

mod combine;
mod numbers;
mod sanitize;
mod types;
mod validate;

#[cfg(test)]
mod tests;

use serde_json::Value;

/// Functions for the formats of texts.
#[derive(Debug, Clone, Copy)]
pub struct Formats {
    /// Whether a text is a mail address.
    pub is_email: fn(&str) -> bool,
    /// Cleans a text of one line.
    pub text_field: fn(&str) -> String,
    /// Cleans a text of many lines.
    pub textarea_field: fn(&str) -> String,
    /// Cleans an address.
    pub url: fn(&str) -> String,
}

/// Why a value does not fit, with WordPress's code for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Misfit {
    /// For programs: `rest_invalid_type`.
    pub code: &'static str,
    /// For people: `id is not of type integer.`
    pub message: String,
    /// The place of the value: `filter[id]`.
    pub param: String,
}

impl Misfit {
    fn new(code: &'static str, message: String, param: &str) -> Misfit {
        Misfit {
            code,
            message,
            param: param.to_owned(),
        }
    }
}

/// Checks a value; `param` names it in the message. (`rest_validate_value_from_schema`)
///
/// # Errors
/// The first demand of the schema that the value does not meet.
pub fn validate(value: &Value, schema: &Value, param: &str, formats: &Formats) -> Result<(), Misfit> {
    validate::value(value, schema, param, formats)
}

/// The value as the schema's type, as far as it can be read as one. (`rest_sanitize_value_from_schema`)
///
/// # Errors
/// Where one of several schemas must be chosen and none fits, or items that must differ do not.
pub fn sanitize(value: &Value, schema: &Value, param: &str, formats: &Formats) -> Result<Value, Misfit> {
    sanitize::value(value, schema, param, formats)
}
