//! Base64, in which the AWS CLI writes the token of a page.
//!
//! <https://www.rfc-editor.org/rfc/rfc4648#section-4>

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The Base64 of a text.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::new();
    for group in text.as_bytes().chunks(3) {
        let bits = group
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let letter = ALPHABET
                .get(digit as usize)
                .filter(|_| place <= group.len());
            out.push(letter.map_or('=', |letter| char::from(*letter)));
        }
    }
    out
}

/// The text that Base64 stands for; `None` if it is none.
pub(super) fn decode(written: &str) -> Option<String> {
    let mut bytes = Vec::new();
    for group in written.trim_end_matches('=').as_bytes().chunks(4) {
        // One digit has less than a byte.
        let length = group.len().checked_sub(1).filter(|length| *length > 0)?;
        let mut bits = 0_u32;
        for letter in group {
            let digit = ALPHABET.iter().position(|known| known == letter)?;
            bits = bits << 6 | u32::try_from(digit).ok()?;
        }
        let bits = bits << (6 * (4 - group.len()));
        let whole = bits.to_be_bytes();
        bytes.extend(whole.iter().skip(1).take(length));
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_length_come_back() {
        // https://www.rfc-editor.org/rfc/rfc4648#section-10
        for (text, written) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(text), written);
            assert_eq!(decode(written).as_deref(), Some(text));
        }
        assert_eq!(decode("a b"), None);
        assert_eq!(decode("a"), None);
    }
}
