//! What a plain scalar means in YAML 1.1.
//!
//! Numbers of JSON that YAML 1.1 takes for texts, such as `1e5`, are numbers, too. Dates are texts.

use crate::syntax::Kind;

/// The value of a plain scalar without a tag.
pub(super) fn resolve(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Kind::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Kind::Bool(false)
        }
        _ if is_number(text) => Kind::Number(text.into()),
        _ => Kind::Text(text.into()),
    }
}

/// The value of a scalar under one of YAML's own tags; nothing where the text cannot be that.
pub(super) fn tagged(text: &str, core: &str) -> Option<Kind> {
    match (core, resolve(text)) {
        ("null", value @ Kind::Null)
        | ("bool", value @ Kind::Bool(_))
        | ("int" | "float", value @ Kind::Number(_)) => Some(value),
        ("null" | "bool" | "int" | "float", _) => None,
        _ => Some(Kind::Text(text.into())),
    }
}

fn is_number(text: &str) -> bool {
    if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        return false;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    is_integer(unsigned) || is_decimal(unsigned, text) || is_json(text)
}

fn is_integer(text: &str) -> bool {
    let all = |digits: &str, digit: fn(char) -> bool| {
        !digits.is_empty() && digits.chars().all(|c| digit(c) || c == '_')
    };
    if let Some(digits) = text.strip_prefix("0b") {
        return all(digits, |c| c.is_digit(2));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return all(digits, |c| c.is_ascii_hexdigit());
    }
    match text.strip_prefix('0') {
        Some(digits) => digits.is_empty() || all(digits, |c| c.is_digit(8)),
        None => is_whole(text) || is_sexagesimal(text),
    }
}

/// Digits that may be grouped by `_`.
fn is_whole(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == '_')
}

/// Digits in base 60, such as `1:30`.
fn is_sexagesimal(text: &str) -> bool {
    let Some((first, rest)) = text.split_once(':') else {
        return false;
    };
    let is_place =
        |place: &str| matches!(place.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    is_whole(first) && rest.split(':').all(is_place)
}

fn is_decimal(unsigned: &str, text: &str) -> bool {
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let Some((whole, rest)) = unsigned.split_once('.') else {
        return false;
    };
    let (fraction, power) = match rest.split_once(['e', 'E']) {
        Some((fraction, power)) => (fraction, Some(power)),
        None => (rest, None),
    };
    // YAML 1.1 wants a sign in the power.
    let fine_power = power.is_none_or(|power| is_digits(power.strip_prefix(['+', '-'])));
    let all_digits = fraction.chars().all(|c| c.is_ascii_digit() || c == '_');
    match whole {
        "" => text == unsigned && is_whole(fraction) && fine_power,
        _ if power.is_none() && is_sexagesimal(whole) => all_digits,
        _ => is_whole(whole) && all_digits && fine_power,
    }
}

fn is_digits(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
}

fn is_json(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (number, power) = match unsigned.split_once(['e', 'E']) {
        Some((number, power)) => (number, Some(power)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let unsigned_power = power.map(|power| power.strip_prefix(['+', '-']).unwrap_or(power));
    is_digits(Some(whole))
        && (whole == "0" || !whole.starts_with('0'))
        && (fraction.is_none() || is_digits(fraction))
        && (power.is_none() || is_digits(unsigned_power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_truth_values_and_null() {
        assert_eq!(resolve("Yes"), Kind::Bool(true));
        assert_eq!(resolve("off"), Kind::Bool(false));
        assert_eq!(resolve("~"), Kind::Null);
        for text in ["y", "n", "yEs", "nil", "None"] {
            assert_eq!(resolve(text), Kind::Text(text.into()));
        }
    }

    #[test]
    fn numbers_are_those_of_yaml_1_1_and_of_json() {
        for text in [
            "0",
            "-12",
            "+1_000",
            "0123",
            "0b101",
            "0xfF",
            "1:30",
            "190:20:30.15",
            "1.",
            "1.5e+3",
            ".5",
            "-.inf",
            ".NaN",
            "1e5",
            "-0.0E2",
            "1.5e3",
            "1_0.0_1",
        ] {
            assert_eq!(resolve(text), Kind::Number(text.into()), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_is_a_text() {
        for text in [
            "2012-10-17",
            "089",
            "1:60",
            "0x",
            "-",
            ".",
            "+",
            "1.2.3",
            "1e",
            "01e5",
            "-.5",
            "-.nan",
            "12a",
            "0o17",
            "1 2",
            "1,5",
            "e5",
            "::1",
            "1:",
            "_1",
        ] {
            assert_eq!(resolve(text), Kind::Text(text.into()), "{text}");
        }
    }
}
