//! Writes values in PHP's serialised format.

use crate::number;
use crate::value::{Key, Value};

/// The serialised text of a value, byte for byte as PHP 7.1 and later write it.
pub fn serialize(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write_value(&mut out, value);
    out
}

fn write_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.extend_from_slice(b"N;"),
        Value::Bool(yes) => out.extend_from_slice(if *yes { b"b:1;" } else { b"b:0;" }),
        Value::Int(number) => out.extend_from_slice(format!("i:{number};").as_bytes()),
        Value::Float(number) => {
            out.extend_from_slice(format!("d:{};", number::float_text(*number)).as_bytes());
        }
        Value::Bytes(bytes) => {
            write_named(out, b's', bytes);
            out.push(b';');
        }
        Value::Array(entries) => {
            out.extend_from_slice(b"a:");
            write_entries(out, entries);
        }
        Value::Object { class, fields } => {
            write_named(out, b'O', class);
            out.push(b':');
            write_entries(out, fields);
        }
        Value::Custom { class, data } => {
            write_named(out, b'C', class);
            out.extend_from_slice(format!(":{}:{{", data.len()).as_bytes());
            out.extend_from_slice(data);
            out.push(b'}');
        }
        Value::Enum(name) => {
            write_named(out, b'E', name);
            out.push(b';');
        }
        Value::Reference { slot, shared } => {
            let letter = if *shared { 'R' } else { 'r' };
            out.extend_from_slice(format!("{letter}:{slot};").as_bytes());
        }
    }
}

fn write_named(out: &mut Vec<u8>, letter: u8, bytes: &[u8]) {
    out.push(letter);
    out.extend_from_slice(format!(":{}:\"", bytes.len()).as_bytes());
    out.extend_from_slice(bytes);
    out.push(b'"');
}

fn write_entries(out: &mut Vec<u8>, entries: &[(Key, Value)]) {
    out.extend_from_slice(format!("{}:{{", entries.len()).as_bytes());
    for (key, value) in entries {
        match key {
            Key::Int(number) => out.extend_from_slice(format!("i:{number};").as_bytes()),
            Key::Bytes(bytes) => {
                write_named(out, b's', bytes);
                out.push(b';');
            }
        }
        write_value(out, value);
    }
    out.push(b'}');
}
