//! Rows as bytes, the same for both databases: each value is a letter, a length and its bytes.

use gp_kernel::{Error, Result};
use gp_store::Arg;

/// Adds a row.
pub(super) fn write(out: &mut Vec<u8>, row: &[Arg]) {
    for value in row {
        match value {
            Arg::Int(v) => {
                out.push(b'i');
                out.extend_from_slice(&v.to_le_bytes());
            }
            Arg::Text(v) => sized(out, b't', v.as_bytes()),
            Arg::Bytes(v) => sized(out, b'b', v),
        }
    }
}

fn sized(out: &mut Vec<u8>, letter: u8, bytes: &[u8]) {
    out.push(letter);
    out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    out.extend_from_slice(bytes);
}

/// Reads the next value and goes on behind it.
pub(super) fn read(input: &mut &[u8]) -> Result<Arg> {
    let letter = take(input, 1)?[0];
    let number = take(input, 8)?;
    let number = <[u8; 8]>::try_from(number).map_err(|_| damaged())?;
    Ok(match letter {
        b'i' => Arg::Int(i64::from_le_bytes(number)),
        b't' | b'b' => {
            let length = usize::try_from(u64::from_le_bytes(number)).map_err(|_| damaged())?;
            let bytes = take(input, length)?.to_vec();
            if letter == b'b' {
                Arg::Bytes(bytes)
            } else {
                Arg::Text(String::from_utf8(bytes).map_err(|_| damaged())?)
            }
        }
        _ => return Err(damaged()),
    })
}

fn take<'a>(input: &mut &'a [u8], length: usize) -> Result<&'a [u8]> {
    let (head, rest) = input.split_at_checked(length).ok_or_else(damaged)?;
    *input = rest;
    Ok(head)
}

fn damaged() -> Error {
    Error::invalid("a part of the backup is damaged").hint("use another copy of the file")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Arg> {
        prop_oneof![
            any::<i64>().prop_map(Arg::Int),
            ".*".prop_map(Arg::Text),
            proptest::collection::vec(any::<u8>(), 0..50).prop_map(Arg::Bytes),
        ]
    }

    proptest! {
        #[test]
        fn rows_come_back(row in proptest::collection::vec(value(), 0..8)) {
            let mut bytes = Vec::new();
            write(&mut bytes, &row);
            let mut input = bytes.as_slice();
            let mut again = Vec::new();
            while !input.is_empty() {
                again.push(read(&mut input).unwrap());
            }
            prop_assert_eq!(again, row);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let mut input = bytes.as_slice();
            while !input.is_empty() && read(&mut input).is_ok() {}
        }
    }
}
