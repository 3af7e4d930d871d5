//! Condition keys of the catalogue.

use crate::catalogue::ConditionKey;

/// Whether a key is the known one; a variable part of that can be anything.
pub(super) fn is_same(known: ConditionKey<'_>, key: &str) -> bool {
    match known.name().split_once("${") {
        Some((start, _)) => key
            .get(..start.len())
            .is_some_and(|own| own.eq_ignore_ascii_case(start)),
        None => known.name().eq_ignore_ascii_case(key),
    }
}
