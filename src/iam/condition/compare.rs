//! Values that are compared by what they mean: numbers, dates, addresses, bytes.

use std::cmp::Ordering;
use std::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// How two values must lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    /// Whether the request's value lies so to the one that is asked for.
    pub(super) fn holds(self, ordering: Ordering) -> bool {
        match self {
            Comparison::Equal => ordering == Ordering::Equal,
            Comparison::Less => ordering == Ordering::Less,
            Comparison::AtMost => ordering != Ordering::Greater,
            Comparison::Greater => ordering == Ordering::Greater,
            Comparison::AtLeast => ordering != Ordering::Less,
        }
    }
}

/// A number: whole ones are compared exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Whole(i128),
    Decimal(f64),
}

impl Number {
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Ok(whole) = text.parse() {
            return Some(Number::Whole(whole));
        }
        let plain = text
            .chars()
            .all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
        text.parse().ok().filter(|_| plain).map(Number::Decimal)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a decimal on the other side is no more exact"
    )]
    fn decimal(self) -> f64 {
        match self {
            Number::Whole(whole) => whole as f64,
            Number::Decimal(decimal) => decimal,
        }
    }

    pub(super) fn compare(self, other: Number) -> Option<Ordering> {
        match (self, other) {
            (Number::Whole(left), Number::Whole(right)) => Some(left.cmp(&right)),
            _ => self.decimal().partial_cmp(&other.decimal()),
        }
    }
}

/// A point in time: ISO 8601 with or without a time and an offset (UTC where there is none), or
/// seconds since 1970. Four digits can be either a year or seconds.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date>
pub(super) fn date(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse::<i64>() {
        if text.len() == 4 {
            return None;
        }
        return Timestamp::from_second(seconds).ok();
    }
    if let Ok(timestamp) = text.parse() {
        return Some(timestamp);
    }
    let local = text.parse::<DateTime>().ok();
    let day = |text: &str| text.parse::<Date>().ok().map(DateTime::from);
    let month = || day(&format!("{text}-01")).filter(|_| text.len() == 7);
    let local = local.or_else(|| day(text)).or_else(month)?;
    TimeZone::UTC.to_timestamp(local).ok()
}

/// A range of addresses, such as `203.0.113.0/24`; an address alone is a range of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    network: u128,
    mask: u128,
    is_v4: bool,
}

impl Range {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let (bits, width, is_v4) = address_bits(address)?;
        let length = length.unwrap_or(width);
        let host = width.checked_sub(length)?;
        let mask = u128::MAX.checked_shl(host).unwrap_or(0);
        Some(Range {
            network: bits & mask,
            mask,
            is_v4,
        })
    }

    /// Whether an address lies in the range; `None` if the text is no address.
    pub(super) fn contains(self, address: &str) -> Option<bool> {
        let (bits, _, is_v4) = address_bits(address)?;
        Some(is_v4 == self.is_v4 && bits & self.mask == self.network)
    }
}

fn address_bits(text: &str) -> Option<(u128, u32, bool)> {
    Some(match text.parse().ok()? {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32, true),
        IpAddr::V6(address) => (address.to_bits(), 128, false),
    })
}

/// Whether a text is base64 in its usual form, so that equal bytes have equal texts.
pub(super) fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let letters = body
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/');
    letters && text.len().is_multiple_of(4) && text.len() - body.len() <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_forms_are_points_in_time() {
        let seconds = |text: &str| date(text).map(Timestamp::as_second);
        for text in [
            "2013-06-30T00:00:00Z",
            "2013-06-30",
            "2013-06-30T02:00:00+02:00",
            "1372550400",
        ] {
            assert_eq!(seconds(text), Some(1_372_550_400), "{text}");
        }
        assert_eq!(seconds("2013-07"), Some(1_372_636_800));
        assert_eq!(seconds("2013"), None);
        assert_eq!(seconds("2013-06-31"), None);
        assert_eq!(seconds("soon"), None);
    }

    #[test]
    fn ranges_hold_addresses_of_their_kind() {
        let range = Range::parse("203.0.113.0/24").unwrap();
        assert_eq!(range.contains("203.0.113.7"), Some(true));
        assert_eq!(range.contains("203.0.114.7"), Some(false));
        assert_eq!(range.contains("2001:db8::1"), Some(false));
        assert_eq!(range.contains("nowhere"), None);
        assert_eq!(
            Range::parse("0.0.0.0/0").unwrap().contains("8.8.8.8"),
            Some(true)
        );
        assert_eq!(
            Range::parse("::/0").unwrap().contains("2001:db8::1"),
            Some(true)
        );
        assert_eq!(Range::parse("10.0.0.0/33"), None);
    }

    #[test]
    fn whole_numbers_are_compared_exactly() {
        let compare = |left: &str, right: &str| {
            Number::parse(left)
                .unwrap()
                .compare(Number::parse(right).unwrap())
        };
        assert_eq!(
            compare("9007199254740993", "9007199254740992"),
            Some(Ordering::Greater)
        );
        assert_eq!(compare("10", "9.5"), Some(Ordering::Greater));
        assert_eq!(compare("1.0", "1"), Some(Ordering::Equal));
        assert_eq!(Number::parse("NaN"), None);
        assert_eq!(Number::parse("ten"), None);
    }
}
