//! Which part of the results is printed: `--max-items`, `--starting-token` and `--no-paginate`.
//!
//! <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html>

use std::ops::Range;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

/// The member with the token of the next page.
pub(super) const NEXT: &str = "NextToken";

/// The page that is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    /// The number of results to print at the most.
    pub most: Option<usize>,
    /// Where to begin.
    pub from: Token,
    /// Whether the response of the API itself is printed, which says whether it is all.
    pub is_single: bool,
}

/// The place of a page: how many results come before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Token(pub usize);

impl Token {
    /// Reads the `NextToken` of an earlier output.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let token = BASE64_STANDARD.decode(written).ok()?;
        let token: Value = serde_json::from_slice(&token).ok()?;
        // A marker is of AWS's own pages.
        token.get("Marker").filter(|marker| marker.is_null())?;
        let place = token.get("boto_truncate_amount")?.as_u64()?;
        Some(Token(usize::try_from(place).ok()?))
    }

    /// The token as it is printed.
    fn written(self) -> String {
        let Token(place) = self;
        BASE64_STANDARD.encode(format!(
            r#"{{"Marker": null, "boto_truncate_amount": {place}}}"#
        ))
    }
}

impl Paging {
    /// Which of so many results are printed, and what is printed beside them.
    pub(super) fn part(&self, count: usize) -> (Range<usize>, Option<(&'static str, Value)>) {
        if self.is_single {
            return (0..count, Some(("IsTruncated", Value::Bool(false))));
        }
        let Token(from) = self.from;
        let from = from.min(count);
        let end = from
            .saturating_add(self.most.unwrap_or(usize::MAX))
            .min(count);
        let next = (end < count).then(|| (NEXT, Value::String(Token(end).written())));
        (from..end, next)
    }
}
