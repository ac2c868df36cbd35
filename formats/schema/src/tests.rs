//! Own cases, and arbitrary values against panics.

use proptest::prelude::*;
use serde_json::json;

use super::*;

const FORMATS: Formats = Formats {
    is_email: |text| text.contains('@'),
    text_field: |text| text.trim().to_owned(),
    textarea_field: |text| text.to_owned(),
    url: |text| text.replace(' ', "%20"),
};

fn message(value: &Value, schema: &Value) -> String {
    validate(value, schema, "x", &FORMATS)
        .map_or_else(|misfit| format!("{}: {misfit}", misfit.code), |()| String::new())
}

#[test]
fn says_what_is_wrong() {
    let cases = [
        (
            json!("a"),
            json!({"type": "integer"}),
            "rest_invalid_type: x is not of type integer.",
        ),
        (
            json!([]),
            json!({"type": ["integer", "null"]}),
            "rest_invalid_type: x is not of type integer,null.",
        ),
        (
            json!(1),
            json!({"type": "integer", "minimum": 2}),
            "rest_out_of_bounds: x must be greater than or equal to 2",
        ),
        (
            json!(2),
            json!({"type": "integer", "minimum": 2, "exclusiveMinimum": true, "maximum": 5}),
            "rest_out_of_bounds: x must be between 2 (exclusive) and 5 (inclusive)",
        ),
        (
            json!("ab"),
            json!({"type": "string", "maxLength": 1}),
            "rest_too_long: x must be at most 1 character long.",
        ),
        (
            json!("ab"),
            json!({"type": "string", "pattern": "^b"}),
            "rest_invalid_pattern: x does not match pattern ^b.",
        ),
        (
            json!("1,a"),
            json!({"type": "array", "items": {"type": "integer"}}),
            "rest_invalid_type: x[1] is not of type integer.",
        ),
        (
            json!([1]),
            json!({"type": "array", "minItems": 2}),
            "rest_too_few_items: x must contain at least 2 items.",
        ),
        (
            json!({"a": {}}),
            json!({"type": "object", "properties": {"a": {"type": "object", "required": ["b"]}}}),
            "rest_property_required: b is a required property of x[a].",
        ),
        (
            json!("d"),
            json!({"type": "string", "enum": ["a", "b", "c"]}),
            "rest_not_in_enum: x is not one of a, b, and c.",
        ),
        (
            json!("2026-13-01T00:00:00Z"),
            json!({"type": "string", "format": "date-time"}),
            "rest_invalid_date: Invalid date.",
        ),
        (json!("1"), json!({"type": "integer", "enum": [1.0]}), ""),
        (
            json!({"b": 1, "a": 2}),
            json!({"type": "object", "minProperties": 2, "maxProperties": 2}),
            "",
        ),
    ];
    for (value, schema, expected) in cases {
        assert_eq!(message(&value, &schema), expected, "{value} {schema}");
    }
}

#[test]
fn reads_values_as_their_type() {
    let cases = [
        (json!("7 apples"), json!({"type": "integer"}), json!(7)),
        (json!("-1.5e"), json!({"type": "number"}), json!(-1.5)),
        (json!("FALSE"), json!({"type": "boolean"}), json!(false)),
        (json!("a, b"), json!({"type": "array"}), json!(["a", "b"])),
        (
            json!({"a": "1", "b": 2}),
            json!({"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false}),
            json!({"a": 1}),
        ),
        (json!("a b"), json!({"type": "string", "format": "uri"}), json!("a%20b")),
        (
            json!("#abcd"),
            json!({"type": "string", "format": "hex-color"}),
            json!(""),
        ),
    ];
    for (value, schema, expected) in cases {
        assert_eq!(
            sanitize(&value, &schema, "", &FORMATS),
            Ok(expected),
            "{value} {schema}"
        );
    }
    let unique = json!({"type": "array", "uniqueItems": true, "items": {"type": "integer"}});
    assert_eq!(
        sanitize(&json!(["1", 1]), &unique, "x", &FORMATS).map_err(|misfit| misfit.code),
        Err("rest_duplicate_items")
    );
}

proptest! {
    #[test]
    fn no_panic_on_any_value(text in r#"[\[\]{}",:0-9.e+\-a-c ]{0,40}"#, pattern in ".{0,12}") {
        let value = serde_json::from_str(&text).unwrap_or_else(|_| json!(text));
        for kind in ["array", "object", "string", "number", "integer", "boolean", "null", "x"] {
            let schema = json!({"type": kind, "pattern": pattern, "multipleOf": 0, "enum": [value], "items": {"type": "integer"},
                "patternProperties": {&pattern: {"type": "number"}}, "format": "date-time", "uniqueItems": true});
            let _ = (validate(&value, &schema, "x", &FORMATS), sanitize(&value, &schema, "x", &FORMATS));
        }
    }
}
