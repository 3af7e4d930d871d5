//! Bytes to text.

use std::borrow::Cow;

/// Why bytes are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecodable {
    /// Neither UTF-8 nor, with a byte-order mark, UTF-16; the offset of the first bad byte.
    At(usize),
}

/// Reads bytes as UTF-8, or as UTF-16 where they begin with its byte-order mark, as the output
/// redirection of Windows PowerShell writes it.
///
/// # Errors
///
/// When the bytes are neither.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Undecodable> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => Err(Undecodable::At(error.valid_up_to())),
        },
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, Undecodable> {
    let units = bytes.chunks(2).map(|pair| match pair {
        [first, second] => unit([*first, *second]),
        // A byte without its partner: half a surrogate is never valid.
        _ => 0xd800,
    });
    let mut text = String::with_capacity(bytes.len() / 2);
    for (index, decoded) in char::decode_utf16(units).enumerate() {
        text.push(decoded.map_err(|_| Undecodable::At(2 + index * 2))?);
    }
    Ok(Cow::Owned(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_with_a_mark_is_read() {
        let little: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("{\"é\":1}".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(decode(&little).unwrap(), "{\"é\":1}");
    }

    #[test]
    fn other_bytes_are_refused_with_their_place() {
        assert_eq!(decode(b"ab\x80"), Err(Undecodable::At(2)));
        assert_eq!(decode(b"\xff\xfea"), Err(Undecodable::At(2)));
    }
}
