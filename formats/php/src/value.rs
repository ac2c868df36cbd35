//! The value tree that a serialised text stands for, and PHP's ways of looking at it.

use crate::number;
use std::borrow::Cow;

/// One PHP value. Objects stay data: class name and fields.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A string; PHP strings are bytes.
    Bytes(Vec<u8>),
    /// A list or a map, in the order of the text. A key may occur twice: the last one counts.
    Array(Vec<(Key, Value)>),
    /// An object: its class name and its fields (private and protected ones with PHP's prefix).
    Object {
        /// Class name as written.
        class: Vec<u8>,
        /// Fields in the order of the text.
        fields: Vec<(Key, Value)>,
    },
    /// An object that wrote itself in a format of its own (`C:`).
    Custom {
        /// Class name as written.
        class: Vec<u8>,
        /// What the class wrote; opaque.
        data: Vec<u8>,
    },
    /// A case of an enumeration, as `Class:Case`.
    Enum(Vec<u8>),
    /// A pointer to a value that came earlier in the same text.
    Reference {
        /// Number of the value meant, counted from 1 as PHP does; see [`Value::slot`].
        slot: usize,
        /// `true` for a PHP reference (`R:`), `false` for the same object again (`r:`).
        shared: bool,
    },
}

/// The key of an array element or object field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A whole number.
    Int(i64),
    /// A string.
    Bytes(Vec<u8>),
}

impl Key {
    /// The key as text; bytes that are no UTF-8 are replaced.
    pub fn as_str(&self) -> Cow<'_, str> {
        match self {
            Key::Int(number) => Cow::Owned(number.to_string()),
            Key::Bytes(bytes) => String::from_utf8_lossy(bytes),
        }
    }

    /// The key as a number, if it is one or is written as one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Key::Int(number) => Some(*number),
            Key::Bytes(bytes) => number::array_key(bytes),
        }
    }

    /// Whether `$array[name]` in PHP would mean this key.
    fn means(&self, name: &str) -> bool {
        match self {
            Key::Bytes(bytes) => bytes == name.as_bytes(),
            Key::Int(number) => number::array_key(name.as_bytes()) == Some(*number),
        }
    }
}

impl From<&str> for Key {
    /// As PHP does: `"5"` becomes the number 5.
    fn from(name: &str) -> Key {
        match number::array_key(name.as_bytes()) {
            Some(number) => Key::Int(number),
            None => Key::Bytes(name.as_bytes().to_vec()),
        }
    }
}

impl From<i64> for Key {
    fn from(number: i64) -> Key {
        Key::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Bytes(text.as_bytes().to_vec())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Bytes(text.into_bytes())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Int(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Float(number)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Value {
        Value::Bool(yes)
    }
}

impl Value {
    /// An array with the keys 0, 1, 2, …
    pub fn list<V: Into<Value>>(items: impl IntoIterator<Item = V>) -> Value {
        let numbered = (0i64..).zip(items);
        Value::Array(numbered.map(|(at, item)| (Key::Int(at), item.into())).collect())
    }

    /// An array with the given keys.
    pub fn map<K: Into<Key>, V: Into<Value>>(items: impl IntoIterator<Item = (K, V)>) -> Value {
        Value::Array(items.into_iter().map(|(key, item)| (key.into(), item.into())).collect())
    }

    /// The elements of an array or the fields of an object; empty for everything else.
    pub fn entries(&self) -> &[(Key, Value)] {
        match self {
            Value::Array(entries) | Value::Object { fields: entries, .. } => entries,
            _ => &[],
        }
    }

    /// Walks over the elements of an array or the fields of an object.
    pub fn iter(&self) -> std::slice::Iter<'_, (Key, Value)> {
        self.entries().iter()
    }

    /// The element or public field of that name. `"5"` also finds the number 5.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entries()
            .iter()
            .rev()
            .find(|(key, _)| key.means(name))
            .map(|(_, value)| value)
    }

    /// The element with that number.
    pub fn index(&self, number: i64) -> Option<&Value> {
        self.entries()
            .iter()
            .rev()
            .find(|(key, _)| key.as_int() == Some(number))
            .map(|(_, v)| v)
    }

    /// Whether this is an array whose keys are 0, 1, 2, … in this order.
    pub fn is_list(&self) -> bool {
        match self {
            Value::Array(entries) => (0i64..).zip(entries).all(|(at, (key, _))| *key == Key::Int(at)),
            _ => false,
        }
    }

    /// The value as a whole number: numbers (fractions are cut), booleans and numeric strings.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            Value::Bool(yes) => Some(i64::from(*yes)),
            Value::Float(number) => number::to_int(*number),
            Value::Bytes(bytes) => number::numeric_int(bytes),
            _ => None,
        }
    }

    /// The value as a floating point number: numbers, booleans and numeric strings.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Value::Int(number) => Some(*number as f64),
            Value::Bool(yes) => Some(f64::from(u8::from(*yes))),
            Value::Float(number) => Some(*number),
            Value::Bytes(bytes) => number::numeric_float(bytes),
            _ => None,
        }
    }

    /// The bytes of a string.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The value as text, as PHP would print it: strings (bytes that are no UTF-8 are replaced),
    /// numbers and booleans (`"1"` and `""`). Null, arrays and objects have no text.
    pub fn as_str(&self) -> Option<Cow<'_, str>> {
        match self {
            Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes)),
            Value::Int(number) => Some(Cow::Owned(number.to_string())),
            Value::Float(number) => Some(Cow::Owned(number::float_text(*number))),
            Value::Bool(yes) => Some(Cow::Borrowed(if *yes { "1" } else { "" })),
            _ => None,
        }
    }

    /// PHP's idea of truth: `0`, `0.0`, `""`, `"0"`, `null` and the empty array are false.
    pub fn as_bool(&self) -> bool {
        match self {
            Value::Null => false,
            Value::Bool(yes) => *yes,
            Value::Int(number) => *number != 0,
            Value::Float(number) => *number != 0.0,
            Value::Bytes(bytes) => !bytes.is_empty() && bytes != b"0",
            Value::Array(entries) => !entries.is_empty(),
            _ => true,
        }
    }

    /// The whole numbers among the elements, in order (lists of post or term numbers).
    pub fn int_list(&self) -> Vec<i64> {
        self.iter().filter_map(|(_, value)| value.as_int()).collect()
    }

    /// The value that a [`Value::Reference`] in this tree means. `self` must be the root.
    pub fn slot(&self, number: usize) -> Option<&Value> {
        let mut left = number;
        find_slot(self, &mut left)
    }

    /// A copy in which references are replaced by what they mean. References that lead back
    /// into themselves, or that would make the tree larger than `max_values`, become null.
    pub fn resolved(&self, max_values: usize) -> Value {
        let mut budget = max_values;
        resolve(self, self, &mut budget, 0)
    }
}

/// Counts as PHP does: every value has a number, only `R:` has none; keys do not count.
fn find_slot<'a>(value: &'a Value, left: &mut usize) -> Option<&'a Value> {
    if !matches!(value, Value::Reference { shared: true, .. }) {
        *left = left.checked_sub(1)?;
        if *left == 0 {
            return Some(value);
        }
    }
    value
        .iter()
        .find_map(|(_, inner)| if *left == 0 { None } else { find_slot(inner, left) })
}

/// Deeper than this, a reference can only lead into itself (the reader allows 64 levels).
const MAX_RESOLVED_DEPTH: usize = 128;

fn resolve(root: &Value, value: &Value, budget: &mut usize, depth: usize) -> Value {
    if *budget == 0 || depth > MAX_RESOLVED_DEPTH {
        return Value::Null;
    }
    *budget -= 1;
    let inner = |entries: &[(Key, Value)], budget: &mut usize| {
        let copy = |(key, value): &(Key, Value)| (key.clone(), resolve(root, value, budget, depth + 1));
        entries.iter().map(copy).collect()
    };
    match value {
        Value::Reference { slot, .. } => match root.slot(*slot) {
            Some(target) => resolve(root, target, budget, depth + 1),
            None => Value::Null,
        },
        Value::Array(entries) => Value::Array(inner(entries, budget)),
        Value::Object { class, fields } => Value::Object {
            class: class.clone(),
            fields: inner(fields, budget),
        },
        plain => plain.clone(),
    }
}
