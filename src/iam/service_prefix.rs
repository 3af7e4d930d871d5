//! The service that all actions of a statement belong to: most statements are about another one than
//! that of a request, which is told by one look.

use crate::syntax::Text;

/// The beginning of all actions of a list, up to the colon, as in `s3:`.
#[derive(Clone, Debug)]
pub(super) struct ServicePrefix(Box<str>);

/// Longer texts are left to the patterns, which decide what is too long to be matched.
const LONGEST: usize = 2_048;

impl ServicePrefix {
    /// `None` if the patterns are of several services, or may be.
    pub(super) fn of_all<'t>(patterns: impl IntoIterator<Item = &'t Text>) -> Option<Self> {
        let mut prefixes = patterns.into_iter().map(prefix);
        let first = prefixes.next()??;
        let is_same = |other: Option<&str>| other.is_some_and(|o| o.eq_ignore_ascii_case(first));
        prefixes.all(is_same).then(|| ServicePrefix(first.into()))
    }

    /// The prefix, in lower case.
    pub(super) fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The only prefix, in lower case, that patterns with a value can have; `None` where that is not known.
    pub(super) fn of_value(value: &Text) -> Option<String> {
        let (service, _) = ordinary(value)?.split_once(':')?;
        Some(format!("{service}:").to_ascii_lowercase())
    }

    /// Whether a value may match one of the patterns.
    pub(super) fn may_have(&self, value: &Text) -> bool {
        ordinary(value).is_none_or(|known| {
            let start = known.get(..self.0.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(&self.0))
        })
    }
}

/// A text that folds case as ASCII does, and is short enough to be matched.
fn ordinary(value: &Text) -> Option<&str> {
    let known = value.as_str()?;
    (known.is_ascii() && known.len() <= LONGEST).then_some(known)
}

/// What a pattern begins with, up to its first colon, where there are no wildcards in it.
fn prefix(pattern: &Text) -> Option<&str> {
    let known = pattern.as_str().filter(|known| known.len() <= LONGEST)?;
    let (service, name) = known.split_once(':')?;
    // What has more colons is no action, and may mean anything.
    let prefix = known
        .get(..=service.len())
        .filter(|_| !name.contains(':'))?;
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let is_named = !service.is_empty() && service.bytes().all(is_plain);
    is_named.then_some(prefix)
}
