//! The names of Regions.

use crate::syntax::nearest;

/// The Regions that AWS has opened or announced.
#[derive(Clone, Debug, Default)]
pub struct Regions {
    /// Their names.
    names: Vec<String>,
}

impl Regions {
    /// Regions of these names.
    pub(super) fn new(names: Vec<String>) -> Self {
        Regions { names }
    }

    /// The Region that a misspelt name means. A name of the usual form that is not in the list is not misspelt: it
    /// can be a Region that is newer than the list.
    #[must_use]
    pub fn meant(&self, written: &str) -> Option<&str> {
        let names = || self.names.iter().map(String::as_str);
        let is_known = names().any(|name| name == written);
        match is_known || self.is_possible(written) {
            true => None,
            false => nearest(written, names()),
        }
    }

    /// Whether a name has the form of a Region: an area, a direction that Regions have, and a number.
    fn is_possible(&self, written: &str) -> bool {
        let mut parts = written.rsplit('-');
        let (number, direction, area) = (parts.next(), parts.next(), parts.next());
        let is_number = number.is_some_and(|number| number.len() == 1 && number != "0");
        let is_digit = number.is_some_and(|n| n.chars().all(|c| c.is_ascii_digit()));
        let is_area = area.is_some_and(|area| (2..=4).contains(&area.len()));
        is_number && is_digit && is_area && direction.is_some_and(|word| self.has_direction(word))
    }

    /// Whether a word is a direction in a name, or made of two, as in `southwest`.
    fn has_direction(&self, word: &str) -> bool {
        let is_one = |word: &str| {
            let mut directions = self.names.iter().filter_map(|name| name.rsplit('-').nth(1));
            directions.any(|direction| direction == word)
        };
        let splits = (1..word.len()).filter_map(|at| word.split_at_checked(at));
        is_one(word)
            || splits
                .into_iter()
                .any(|(first, second)| is_one(first) && is_one(second))
    }
}

#[cfg(test)]
mod tests {
    use super::Regions;

    #[test]
    fn a_misspelt_region_is_told_from_a_new_one() {
        let names = ["eu-west-1", "eu-north-1", "us-gov-east-1", "ap-south-1"];
        let regions = Regions::new(names.map(str::to_owned).to_vec());
        for (written, meant) in [
            ("eu-west-1", None),
            ("eu-wst-1", Some("eu-west-1")),
            ("eu-west1-1", Some("eu-west-1")),
            ("eu-west-11", Some("eu-west-1")),
            ("us-gov-eats-1", Some("us-gov-east-1")),
            // Regions that could open one day.
            ("eu-west-9", None),
            ("nz-southwest-1", None),
            ("eusc-it-north-1", None),
            ("mars-crater-1", None),
        ] {
            assert_eq!(regions.meant(written), meant, "{written}");
        }
    }
}
