//! Sets of characters, as between the brackets of a regular expression.

/// Some characters, or all but some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CharSet {
    ranges: Vec<(char, char)>,
    negated: bool,
}

impl CharSet {
    /// Reads what stands between the brackets, such as `A-Za-z0-9` or `^:/`.
    ///
    /// # Errors
    ///
    /// When it is empty or a range of it is; the text says so.
    pub fn parse(written: &str) -> Result<Self, String> {
        let (written, negated) = match written.strip_prefix('^') {
            Some(rest) => (rest, true),
            None => (written, false),
        };
        let mut ranges = Vec::new();
        let mut rest = written.chars();
        while let Some(first) = rest.next() {
            let mut ahead = rest.clone();
            let last = match (ahead.next(), ahead.next()) {
                (Some('-'), Some(last)) => {
                    rest = ahead;
                    last
                }
                _ => first,
            };
            if last < first {
                return Err(format!("`{first}-{last}` is an empty range"));
            }
            ranges.push((first, last));
        }
        match ranges.is_empty() {
            true => Err("a set of characters is empty".to_owned()),
            false => Ok(CharSet { ranges, negated }),
        }
    }

    /// The characters of a name or id in an ARN.
    #[must_use]
    pub fn of_segment() -> Self {
        CharSet {
            ranges: vec![(':', ':'), ('/', '/')],
            negated: true,
        }
    }

    /// Letters in lower case, digits and dashes.
    #[must_use]
    pub fn of_lower_case_word() -> Self {
        CharSet {
            ranges: vec![('a', 'z'), ('0', '9'), ('-', '-')],
            negated: false,
        }
    }

    /// Whether a character is in the set.
    #[must_use]
    pub fn contains(&self, c: char) -> bool {
        let listed = self
            .ranges
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&c));
        listed != self.negated
    }

    /// Whether a character is in the set, or the same in upper case.
    #[must_use]
    pub fn contains_folded(&self, c: char) -> bool {
        self.contains(c) || c.to_uppercase().any(|c| self.contains(c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_single_characters() {
        let set = CharSet::parse("a-c_-").unwrap();
        let contained: String = "abcd_-e".chars().filter(|c| set.contains(*c)).collect();
        assert_eq!(contained, "abc_-");
        assert!(CharSet::parse("^:/").unwrap().contains('a'));
        assert_eq!(CharSet::parse("^:/").unwrap(), CharSet::of_segment());
        assert!(CharSet::parse("").is_err());
        assert!(CharSet::parse("z-a").is_err());
    }

    #[test]
    fn folded_texts_are_compared_in_either_case() {
        let set = CharSet::parse("A-Z").unwrap();
        assert!(!set.contains('a'));
        assert!(set.contains_folded('a'));
    }
}
