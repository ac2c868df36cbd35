//! CBOR (RFC 8949) as WebAuthn allows it: whole numbers, bytes, text, lists, maps, true, false and null; each length said before and in
//! the shortest way; nothing nested deeper than an authenticator nests.
//!
//! What must never be here: what a value means, memory taken because a length says so.

/// Authenticators nest four deep at most (CTAP2 canonical form).
const DEEPEST: usize = 4;
/// More members than this has nothing that is read here.
const MOST: u64 = 64;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Int(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    List(Vec<Value<'a>>),
    /// In the order that was sent; no key stands there twice.
    Map(Vec<(Value<'a>, Value<'a>)>),
    Bool(bool),
    Null,
}

impl<'a> Value<'a> {
    fn get(&self, wanted: &Value<'_>) -> Option<&Value<'a>> {
        let Value::Map(members) = self else {
            return None;
        };
        members.iter().find(|(key, _)| key == wanted).map(|(_, value)| value)
    }

    /// A member of a map by a number.
    pub(super) fn at(&self, key: i64) -> Option<&Value<'a>> {
        self.get(&Value::Int(key))
    }

    /// A member of a map by a word.
    pub(super) fn named(&self, key: &str) -> Option<&Value<'a>> {
        self.get(&Value::Text(key))
    }

    pub(super) fn int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

/// The value that stands first, and what comes after it; `None` for what is no such CBOR.
pub(super) fn first(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let mut rest = bytes;
    let value = value(&mut rest, DEEPEST)?;
    Some((value, rest))
}

/// The one value that these bytes are.
pub(super) fn whole(bytes: &[u8]) -> Option<Value<'_>> {
    first(bytes).filter(|(_, rest)| rest.is_empty()).map(|(value, _)| value)
}

fn take<'a>(rest: &mut &'a [u8], length: u64) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    *rest = after;
    Some(taken)
}

/// The kind of an item and its number, in the shortest form.
fn head(rest: &mut &[u8]) -> Option<(u8, u64)> {
    let first = take(rest, 1)?[0];
    let (kind, short) = (first >> 5, first & 0x1f);
    let (width, least) = match short {
        0..24 => return Some((kind, u64::from(short))),
        24 => (1, 24),
        25 => (2, 1 << 8),
        26 => (4, 1 << 16),
        27 => (8, 1 << 32),
        // Lengths that are told at the end only.
        _ => return None,
    };
    let number = take(rest, width)?.iter().fold(0, |n, b| n << 8 | u64::from(*b));
    (number >= least).then_some((kind, number))
}

fn value<'a>(rest: &mut &'a [u8], deeper: usize) -> Option<Value<'a>> {
    let (kind, number) = head(rest)?;
    match kind {
        0 => Some(Value::Int(i64::try_from(number).ok()?)),
        1 => Some(Value::Int(-1 - i64::try_from(number).ok()?)),
        2 => Some(Value::Bytes(take(rest, number)?)),
        3 => Some(Value::Text(std::str::from_utf8(take(rest, number)?).ok()?)),
        4 => {
            let mut list = Vec::new();
            for _ in 0..members(number, deeper)? {
                list.push(value(rest, deeper - 1)?);
            }
            Some(Value::List(list))
        }
        5 => {
            let mut map: Vec<(Value<'_>, Value<'_>)> = Vec::new();
            for _ in 0..members(number, deeper)? {
                let key = value(rest, 1).filter(|key| matches!(key, Value::Int(_) | Value::Text(_)))?;
                if map.iter().any(|(known, _)| *known == key) {
                    return None;
                }
                map.push((key, value(rest, deeper - 1)?));
            }
            Some(Value::Map(map))
        }
        7 => match number {
            20 => Some(Value::Bool(false)),
            21 => Some(Value::Bool(true)),
            22 => Some(Value::Null),
            _ => None,
        },
        // Tags.
        _ => None,
    }
}

/// How many members are read of so many; none where it is too deep.
fn members(number: u64, deeper: usize) -> Option<u64> {
    (number <= MOST && deeper > 0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len() / 2)
            .map(|n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).unwrap())
            .collect()
    }

    #[test]
    fn values_of_the_standards_own_examples() {
        for (bytes, value) in [
            ("00", Value::Int(0)),
            ("17", Value::Int(23)),
            ("1818", Value::Int(24)),
            ("1903e8", Value::Int(1000)),
            ("1a000f4240", Value::Int(1_000_000)),
            ("1b000000e8d4a51000", Value::Int(1_000_000_000_000)),
            ("3863", Value::Int(-100)),
            ("4401020304", Value::Bytes(&[1, 2, 3, 4])),
            ("6449455446", Value::Text("IETF")),
            ("62c3bc", Value::Text("ü")),
            ("80", Value::List(Vec::new())),
            ("820102", Value::List(vec![Value::Int(1), Value::Int(2)])),
            ("a10102", Value::Map(vec![(Value::Int(1), Value::Int(2))])),
            ("f4", Value::Bool(false)),
            ("f5", Value::Bool(true)),
            ("f6", Value::Null),
        ] {
            assert_eq!(whole(&hex(bytes)), Some(value), "{bytes}");
        }
    }

    #[test]
    fn what_is_not_canonical_or_not_whole_is_nothing() {
        for (bytes, why) in [
            ("", "nothing"),
            ("1817", "a longer form than is needed"),
            ("190017", "a longer form than is needed"),
            ("1a000000ff", "a longer form than is needed"),
            ("1b00000000ffffffff", "a longer form than is needed"),
            ("1bffffffffffffffff", "too big"),
            ("3bffffffffffffffff", "too small"),
            ("18", "cut off"),
            ("44010203", "cut off"),
            ("5bffffffffffffffff", "a length that nothing has"),
            ("7affffffff", "a length that nothing has"),
            ("9bffffffffffffffff", "a length that nothing has"),
            ("bb7fffffffffffffff", "a length that nothing has"),
            ("5f4101ff", "a length told at the end"),
            ("9fff", "a length told at the end"),
            ("bfff", "a length told at the end"),
            ("62c328", "no UTF-8"),
            ("a201020103", "a key that is there twice"),
            ("a1410102", "bytes as a key"),
            ("a18001", "a list as a key"),
            ("c11a514b67b0", "a tag"),
            ("f93c00", "a fraction"),
            ("f7", "undefined"),
            ("f818", "a value that nobody knows"),
            ("1c", "a form that is kept for later"),
            ("8181818180", "too deep"),
            ("0000", "more than one value"),
        ] {
            assert_eq!(whole(&hex(bytes)), None, "{why}: {bytes}");
        }
        assert!(whole(&hex("81818180")).is_some(), "as deep as is allowed");
        assert!(whole(&vec![0x81; 1_000_000]).is_none());
    }

    #[test]
    fn whatever_comes_is_read_or_refused() {
        // Every start of two bytes, each followed by much and by little.
        for start in 0..=u16::MAX {
            let [a, b] = start.to_be_bytes();
            let mut bytes = vec![a, b];
            bytes.extend([0xa1; 40]);
            first(&bytes);
            first(&bytes[..2]);
            first(&bytes[..5]);
        }
    }
}
