//! Regular expressions as Go has them, with what their groups match.

use regex::{Captures, Regex};

/// A regular expression in the syntax of RE2, which configurations have.
#[derive(Clone, Debug)]
pub struct GoPattern {
    regex: Regex,
}

/// What one match has of a group; `None` where the group took no part in it.
pub type Group = Option<String>;

impl GoPattern {
    /// Reads a pattern; `None` where it is none, or may mean something else in Go.
    ///
    /// On texts beyond ASCII, some classes differ.
    #[must_use]
    pub fn new(pattern: &str) -> Option<Self> {
        let differs = [
            "&&", "--", "~~", "[[", "\\C", "\\Q", "(?x", "\\<", "\\>", "\\b{",
        ];
        let is_nested = pattern.replace("[[:", "").contains("[[");
        let others = differs.iter().filter(|part| **part != "[[");
        if is_nested || others.into_iter().any(|part| pattern.contains(part)) || !pattern.is_ascii()
        {
            return None;
        }
        let regex = Regex::new(pattern).ok()?;
        Some(GoPattern { regex })
    }

    /// The names of its groups, in order; `None` for one without a name. The whole match is not among them.
    #[must_use]
    pub fn groups(&self) -> Vec<Option<String>> {
        let names = self.regex.capture_names().skip(1);
        names.map(|name| name.map(str::to_owned)).collect()
    }

    /// What the matches in a text have of the whole and of each group, at most so many matches.
    pub fn matches<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Vec<Group>> + 't {
        let of = |found: Captures<'_>| {
            let groups = found.iter();
            groups
                .map(|group| group.map(|group| group.as_str().to_owned()))
                .collect()
        };
        self.regex.captures_iter(text).map(of)
    }

    /// The text with each match replaced; `$1` and `${name}` are what a group matches. `None` where the result is longer than
    /// `most` bytes.
    #[must_use]
    pub fn replaced(&self, text: &str, by: &str, most: usize) -> Option<String> {
        let (mut result, mut last) = (String::new(), 0);
        for found in self.regex.captures_iter(text) {
            let whole = found.get(0)?;
            result.push_str(text.get(last..whole.start())?);
            found.expand(by, &mut result);
            last = whole.end();
            if result.len() > most {
                return None;
            }
        }
        result.push_str(text.get(last..)?);
        Some(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_take_no_part_are_nothing() {
        let pattern = GoPattern::new("a(b)?(c)").unwrap();
        let found: Vec<Vec<Group>> = pattern.matches("ac").collect();
        assert_eq!(found, [[Some("ac".into()), None, Some("c".into())]]);
    }

    #[test]
    fn what_means_something_else_in_go_is_not_read() {
        for pattern in ["[a&&b]", "[[a]]", "\\Qa.b\\E"] {
            assert!(GoPattern::new(pattern).is_none(), "{pattern}");
        }
        assert!(GoPattern::new("[[:alpha:]_]+").is_some());
    }
}
