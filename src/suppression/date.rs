//! Days, for what is accepted for a time.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;

/// A day, as in `2027-01-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date(civil::Date);

/// The text is not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoDate;

impl Date {
    /// The day in UTC of a time in seconds since 1970; nothing for times that no calendar has.
    pub(crate) fn of_unix(seconds: i64) -> Option<Self> {
        let time = Timestamp::from_second(seconds).ok()?;
        Some(Date(TimeZone::UTC.to_datetime(time).date()))
    }
}

impl FromStr for Date {
    type Err = NoDate;

    fn from_str(text: &str) -> Result<Self, NoDate> {
        let date: civil::Date = text.parse().map_err(|_| NoDate)?;
        // Other forms of ISO 8601, and times of day, are not what is meant here.
        match date.to_string() == text {
            true => Ok(Date(date)),
            false => Err(NoDate),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
