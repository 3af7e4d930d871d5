//! Functions of timestamps.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::calling::{Answer, Call, Fault, Function, exactly};
use crate::syntax::Accepts;

pub(super) const FUNCTIONS: &[Function] = &[
    exactly("timestamp", 0, |call| Ok(call.made(Accepts::Anything))),
    exactly("plantimestamp", 0, |call| Ok(call.unknown())),
    exactly("timeadd", 2, timeadd),
    exactly("timecmp", 2, timecmp),
    exactly("formatdate", 2, formatdate),
];

/// An argument as a timestamp; `None` where it is unknown.
fn time(call: &Call<'_>, index: usize) -> Result<Option<Timestamp>, Fault> {
    let Some(text) = call.known(index)? else {
        return Ok(None);
    };
    match text.parse() {
        Ok(time) if text.contains('T') => Ok(Some(time)),
        _ => call.mismatch(index, "a timestamp as in RFC 3339"),
    }
}

/// The nanoseconds of a duration such as `1h30m`.
fn nanoseconds(text: &str) -> Option<i128> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total = 0_i128;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .filter(|length| *length > 0)?;
        let (number, after) = rest.split_at_checked(digits)?;
        let length = after
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(length)?;
        let unit: i128 = match unit {
            "h" => 3_600_000_000_000,
            "m" => 60_000_000_000,
            "s" => 1_000_000_000,
            "ms" => 1_000_000,
            "us" | "µs" => 1_000,
            "ns" => 1,
            _ => return None,
        };
        total = total.checked_add(number.parse::<i128>().ok()?.checked_mul(unit)?)?;
        rest = after;
    }
    Some(sign * total)
}

fn timeadd(call: &Call<'_>) -> Answer {
    let (time_text, duration) = (call.known(0)?, call.known(1)?);
    let (Some(time), Some(text), Some(duration)) = (time(call, 0)?, time_text, duration) else {
        return Ok(call.unknown());
    };
    let Some(added) = nanoseconds(&duration) else {
        // Fractions and the like.
        return Ok(call.unknown());
    };
    let sum = time.as_nanosecond().checked_add(added);
    let sum = sum.and_then(|sum| Timestamp::from_nanosecond(sum).ok());
    match sum.filter(|_| text.ends_with('Z') && !text.contains('.') && added % 1_000_000_000 == 0) {
        Some(sum) => Ok(call.text_node(sum.to_string())),
        None => Ok(call.unknown()),
    }
}

fn timecmp(call: &Call<'_>) -> Answer {
    match (time(call, 0)?, time(call, 1)?) {
        (Some(left), Some(right)) => Ok(call.number_node(left.cmp(&right) as i8)),
        _ => Ok(call.unknown()),
    }
}

fn formatdate(call: &Call<'_>) -> Answer {
    let (format, text) = (call.known(0)?, call.known(1)?);
    let (Some(time), Some(format), Some(text)) = (time(call, 1)?, format, text) else {
        return Ok(call.unknown());
    };
    // The zone of others is a part of what is shown.
    if !text.ends_with('Z') {
        return Ok(call.unknown());
    }
    let time = Offset::UTC.to_datetime(time);
    let mut shown = String::new();
    let mut rest = format.as_str();
    while let Some(c) = rest.chars().next() {
        if c == '\'' {
            let Some((quoted, after)) = rest.get(1..).and_then(|rest| rest.split_once('\'')) else {
                return call.fault("the format of `formatdate` has a quote that is not closed");
            };
            shown.push_str(quoted);
            rest = after;
            continue;
        }
        let length = rest.find(|other| other != c).unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        match c.is_ascii_alphabetic() {
            true => match field(run, &time) {
                Some(text) => shown.push_str(&text),
                None => return call.fault(format!("`formatdate` has no field `{run}`")),
            },
            false => shown.push_str(run),
        }
        rest = after;
    }
    Ok(call.text_node(shown))
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// A field of a format in UTC.
fn field(run: &str, time: &jiff::civil::DateTime) -> Option<String> {
    let name = |names: &[&'static str], number: i8| {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        names.get(index).copied()
    };
    let month = name(&MONTHS, time.month())?;
    let day = name(&DAYS, time.weekday().to_monday_one_offset())?;
    let short = |text: &str| text.chars().take(3).collect::<String>();
    let hour = match time.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let is_morning = time.hour() < 12;
    Some(match run {
        "YYYY" => format!("{:04}", time.year()),
        "YY" => format!("{:02}", time.year() % 100),
        "MMMM" => month.to_owned(),
        "MMM" => short(month),
        "MM" => format!("{:02}", time.month()),
        "M" => time.month().to_string(),
        "DD" => format!("{:02}", time.day()),
        "D" => time.day().to_string(),
        "EEEE" => day.to_owned(),
        "EEE" => short(day),
        "hh" => format!("{:02}", time.hour()),
        "h" => time.hour().to_string(),
        "HH" => format!("{hour:02}"),
        "H" => hour.to_string(),
        "AA" => if is_morning { "AM" } else { "PM" }.to_owned(),
        "aa" => if is_morning { "am" } else { "pm" }.to_owned(),
        "mm" => format!("{:02}", time.minute()),
        "m" => time.minute().to_string(),
        "ss" => format!("{:02}", time.second()),
        "s" => time.second().to_string(),
        "ZZZZZ" => "+00:00".to_owned(),
        "ZZZZ" => "+0000".to_owned(),
        "ZZZ" => "UTC".to_owned(),
        "Z" => "Z".to_owned(),
        _ => return None,
    })
}
