//! The nearest known word to what somebody wrote.

/// How many single edits (insert, drop, change, swap of neighbours) lead from one word to the
/// other, without regard to case.
#[must_use]
pub fn distance(left: &str, right: &str) -> usize {
    strsim::osa_distance(&left.to_lowercase(), &right.to_lowercase())
}

/// The known word that is nearest to what was written, where it is near enough to be meant: a
/// third of its letters may differ.
#[must_use]
pub fn nearest<'w>(written: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    known
        .into_iter()
        .map(|word| (distance(written, word), word))
        .filter(|(edits, word)| *edits <= word.chars().count().div_ceil(3))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_word_is_offered_if_it_is_near() {
        let known = ["select", "severity", "require"];
        assert_eq!(nearest("serverity", known), Some("severity"));
        assert_eq!(nearest("colour", known), None);
    }
}
