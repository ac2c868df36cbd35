//! Functions of values with a schema.

use gp_markup::text;
use gp_schema::{Formats, Misfit};
use serde_json::{Value, json};

use super::Function;

/// The functions by name.
pub(super) const TABLE: &[(&str, Function)] = &[
    ("rest_sanitize_value_from_schema", |a| {
        let cleaned = gp_schema::sanitize(a.value(0), a.value(1), &a.text(2)?, &FORMATS);
        Some(cleaned.unwrap_or_else(|misfit| error(&misfit)))
    }),
    ("rest_validate_value_from_schema", |a| {
        let checked = gp_schema::validate(a.value(0), a.value(1), &a.text(2)?, &FORMATS);
        Some(checked.map_or_else(|misfit| error(&misfit), |()| true.into()))
    }),
];

const FORMATS: Formats = Formats {
    is_email: text::is_email,
    text_field: text::sanitize_text_field,
    textarea_field: text::sanitize_textarea_field,
    url: text::sanitize_url,
};

fn error(misfit: &Misfit) -> Value {
    json!({"WP_Error": {"code": misfit.code, "message": misfit.message, "codes": [misfit.code]}})
}
