//! Text patterns that come from data.

use std::cell::Cell;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// A regular expression over texts, compiled when it is first needed.
#[derive(Clone, Debug)]
pub struct TextPattern {
    written: String,
    guard: Option<&'static Guard>,
    regex: OnceLock<Option<Regex>>,
}

/// What the build script found out about a pattern of the rules.
#[derive(Debug)]
struct Guard {
    pattern: &'static str,
    /// The least number of bytes that it matches.
    least: usize,
    /// What each text begins with that it matches; empty if that is not known.
    begins: &'static [&'static str],
    /// Whether it matches all texts that begin so.
    is_exact: bool,
}

/// The guards, by pattern.
static GUARDS: &[Guard] = &include!(concat!(env!("OUT_DIR"), "/guards.rs"));

impl Guard {
    fn of(pattern: &str) -> Option<&'static Self> {
        let place = GUARDS.binary_search_by(|guard| guard.pattern.cmp(pattern));
        GUARDS.get(place.ok()?)
    }

    /// Whether the pattern occurs in a text, if the text shows it at a glance.
    fn foresees(&self, text: &str) -> Option<bool> {
        let begins = || self.begins.iter().any(|begin| text.starts_with(begin));
        match text.len() < self.least || !self.begins.is_empty() && !begins() {
            true => Some(false),
            false => (self.is_exact && !self.begins.is_empty()).then_some(true),
        }
    }
}

thread_local! {
    static COMPILED: Cell<usize> = const { Cell::new(0) };
}

/// How many patterns this thread has compiled.
#[must_use]
pub fn compiled_patterns() -> usize {
    COMPILED.get()
}

impl TextPattern {
    /// Reads a pattern; its size is bounded so that a pack cannot exhaust the program.
    ///
    /// # Errors
    ///
    /// When it is not a regular expression; the text says why.
    pub fn new(pattern: &str) -> Result<Self, String> {
        let regex = compiled(pattern)?;
        Ok(TextPattern {
            written: pattern.to_owned(),
            guard: None,
            regex: OnceLock::from(Some(regex)),
        })
    }

    /// Takes a pattern of the program's own, which tests have compiled; an invalid one matches nothing.
    #[must_use]
    pub fn trusted(pattern: &str) -> Self {
        TextPattern {
            written: pattern.to_owned(),
            guard: Guard::of(pattern),
            regex: OnceLock::new(),
        }
    }

    /// A text as a pattern that matches just it.
    #[must_use]
    pub fn escaped(text: &str) -> String {
        regex::escape(text)
    }

    fn regex(&self) -> Option<&Regex> {
        let read = || compiled(&self.written).ok();
        self.regex.get_or_init(read).as_ref()
    }

    /// Whether it can be compiled.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.regex().is_some()
    }

    /// Whether the pattern occurs in the text, if that is known without compiling it.
    #[must_use]
    pub fn foresees(&self, text: &str) -> Option<bool> {
        self.guard?.foresees(text)
    }

    /// Whether the pattern occurs in the text.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let search = || self.regex().is_some_and(|regex| regex.is_match(text));
        self.foresees(text).unwrap_or_else(search)
    }

    /// Where the pattern occurs first, in bytes: of the part named `here`, if it has one.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        if self.foresees(text) == Some(false) {
            return None;
        }
        let captures = self.regex()?.captures(text)?;
        captures
            .name("here")
            .or_else(|| captures.get(0))
            .map(|hit| hit.range())
    }

    /// The named parts of the first occurrence.
    #[must_use]
    pub fn capture<'t>(&self, text: &'t str) -> Option<Vec<(String, &'t str)>> {
        let regex = self.regex()?;
        let captures = regex.captures(text)?;
        let named = regex.capture_names().flatten();
        Some(
            named
                .filter_map(|name| Some((name.to_owned(), captures.name(name)?.as_str())))
                .collect(),
        )
    }
}

fn compiled(pattern: &str) -> Result<Regex, String> {
    COMPILED.set(COMPILED.get() + 1);
    let built = RegexBuilder::new(pattern).size_limit(1 << 20).build();
    built.map_err(|error| {
        // The last line says what is wrong; those before it draw the pattern.
        let text = error.to_string();
        let last = text.lines().last().unwrap_or("").trim();
        last.trim_start_matches("error: ").to_owned()
    })
}

/// An occurrence of a pattern: its place, and its named parts.
pub type Occurrence<'t> = (std::ops::Range<usize>, Vec<(String, &'t str)>);

impl TextPattern {
    /// The first occurrence that shares something with a range of the text.
    #[must_use]
    pub fn occurrence_at<'t>(
        &self,
        text: &'t str,
        place: &std::ops::Range<usize>,
    ) -> Option<Occurrence<'t>> {
        let regex = self.regex()?;
        let over = |captures: &regex::Captures<'t>| {
            captures
                .get(0)
                .is_some_and(|hit| hit.start() < place.end && hit.end() > place.start)
        };
        let captures = regex.captures_iter(text).find(over)?;
        let named = regex.capture_names().flatten();
        let named = named.filter_map(|name| Some((name.to_owned(), captures.name(name)?.as_str())));
        Some((captures.get(0)?.range(), named.collect()))
    }
}

/// Texts that are searched for all at once; a space matches any white space.
#[derive(Debug)]
pub struct Words {
    regex: Option<Regex>,
}

impl Words {
    /// Takes the texts; without any, nothing is found.
    #[must_use]
    pub fn new<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let mut patterns: Vec<String> = words
            .map(|word| regex::escape(word).replace(' ', r"\s+"))
            .collect();
        patterns.sort();
        patterns.dedup();
        // With less room for its states, the search falls back to an engine that is forty times slower.
        let built = RegexBuilder::new(&patterns.join("|"))
            .size_limit(8 << 20)
            .dfa_size_limit(32 << 20)
            .build();
        Words {
            regex: built.ok().filter(|_| !patterns.is_empty()),
        }
    }

    /// The next place of one of them, from an offset on.
    #[must_use]
    pub fn find_from(&self, text: &str, from: usize) -> Option<std::ops::Range<usize>> {
        let regex = self.regex.as_ref()?;
        regex.find_at(text, from).map(|hit| hit.range())
    }
}
