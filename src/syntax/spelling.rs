//! The nearest known word to what somebody wrote.

/// How many single edits (insert, drop, change, swap of neighbours) lead from one word to the
/// other, without regard to case.
#[must_use]
pub fn distance(left: &str, right: &str) -> usize {
    strsim::osa_distance(&left.to_lowercase(), &right.to_lowercase())
}

/// The edits between two words, where there are no more than that many.
#[must_use]
pub fn distance_within(left: &str, right: &str, most: usize) -> Option<usize> {
    // Each edit changes at most two of the counts, so most words need no comparison.
    let is_ascii = left.is_ascii() && right.is_ascii();
    let is_far =
        || left.len().abs_diff(right.len()) > most || differing_letters(left, right) > 2 * most;
    if is_ascii && is_far() {
        return None;
    }
    Some(distance(left, right)).filter(|edits| *edits <= most)
}

/// How many letters one of the words has and the other has not, without regard to place and case.
fn differing_letters(left: &str, right: &str) -> usize {
    let mut counts = [0_i32; 32];
    let mut count = |word: &str, step: i32| {
        for byte in word.bytes() {
            if let Some(count) = counts.get_mut(usize::from(byte & 31)) {
                *count += step;
            }
        }
    };
    count(left, 1);
    count(right, -1);
    counts
        .iter()
        .map(|count| count.unsigned_abs() as usize)
        .sum()
}

/// The known word that is nearest to what was written, where it is near enough to be meant: a
/// third of its letters may differ.
#[must_use]
pub fn nearest<'w>(written: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    known
        .into_iter()
        .filter_map(|word| {
            let most = word.chars().count().div_ceil(3);
            Some((distance_within(written, word, most)?, word))
        })
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
