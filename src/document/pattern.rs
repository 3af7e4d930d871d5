//! Text patterns that come from data.

use regex::{Regex, RegexBuilder};

/// A compiled regular expression over texts.
#[derive(Clone, Debug)]
pub struct TextPattern {
    regex: Regex,
}

impl TextPattern {
    /// Compiles a pattern; its size is bounded so that a pack cannot exhaust the program.
    ///
    /// # Errors
    ///
    /// When it is no regular expression; the text says why.
    pub fn new(pattern: &str) -> Result<Self, String> {
        RegexBuilder::new(pattern)
            .size_limit(1 << 20)
            .build()
            .map(|regex| TextPattern { regex })
            // The last line says what is wrong; those before it draw the pattern.
            .map_err(|error| {
                let text = error.to_string();
                let last = text.lines().last().unwrap_or("").trim();
                last.trim_start_matches("error: ").to_owned()
            })
    }

    /// Whether the pattern occurs in the text.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Where the pattern occurs first, in bytes: of the part named `here`, if it has one.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        let captures = self.regex.captures(text)?;
        captures
            .name("here")
            .or_else(|| captures.get(0))
            .map(|hit| hit.range())
    }

    /// The named parts of the first occurrence.
    #[must_use]
    pub fn capture<'t>(&self, text: &'t str) -> Option<Vec<(String, &'t str)>> {
        let captures = self.regex.captures(text)?;
        let named = self.regex.capture_names().flatten();
        Some(
            named
                .filter_map(|name| Some((name.to_owned(), captures.name(name)?.as_str())))
                .collect(),
        )
    }
}
