//! The search for errors in a text of any size, in one pass.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::unwrap::{Unwrap, rejoined};
use crate::catalogue::Symptoms;
use crate::syntax::{TextPattern, Words};

/// Bytes before and after a keyword that contain its error.
const BEFORE: usize = 800;
const BEHIND: usize = 1_600;
/// Bytes after an error in which another one only supplements it.
const BESIDE: usize = 400;
/// Bytes of one piece that is searched.
const PIECE: usize = 1 << 20;
/// Bytes of a text in which broken words are looked for.
const SHORT: usize = 64 << 10;
/// How many different places are looked at closely, and how many different errors are kept.
const MOST_PLACES: usize = 20_000;
const MOST_FOUND: usize = 1_000;

/// An error that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The place of the symptom in the list of all.
    pub symptom: usize,
    /// The error, in one line.
    pub text: String,
    /// The named parts.
    pub names: Vec<(String, String)>,
    /// The logical id of the resource of a stack that failed so.
    pub resource: Option<String>,
    /// The line on which it begins first, from 1.
    pub line: usize,
    /// How often it was found.
    pub times: usize,
}

/// A search that is fed piece by piece.
#[derive(Debug)]
pub struct Search<'c> {
    symptoms: &'c Symptoms,
    words: &'c Words,
    /// What was found at places that looked alike.
    places: HashMap<(usize, String), Option<usize>>,
    known: HashMap<(usize, Vec<(String, String)>), usize>,
    found: Vec<Found>,
    /// Whether more was there than is kept.
    is_cut: bool,
    /// What is not searched yet, with what lies before it.
    rest: String,
    /// Where the search goes on in it.
    from: usize,
    /// Where the last error in it ends.
    last: usize,
    /// The number of the line on which it begins, from 1.
    line: usize,
    unwrap: Unwrap,
    /// The whole text, as long as it is short.
    short: String,
    is_short: bool,
}

impl<'c> Search<'c> {
    /// Begins a search.
    #[must_use]
    pub fn new(symptoms: &'c Symptoms) -> Self {
        Search {
            symptoms,
            words: symptoms.words(),
            places: HashMap::new(),
            known: HashMap::new(),
            found: Vec::new(),
            is_cut: false,
            rest: String::new(),
            from: 0,
            last: 0,
            line: 1,
            unwrap: Unwrap::default(),
            short: String::new(),
            is_short: true,
        }
    }

    /// Searches one more piece of the text.
    pub fn feed(&mut self, piece: &str) {
        self.is_short &= self.short.len() + piece.len() <= SHORT;
        match self.is_short {
            true => self.short.push_str(piece),
            false => self.short.clear(),
        }
        let mut left = piece;
        while !left.is_empty() {
            let (now, later) = left.split_at(boundary(left, PIECE));
            self.unwrap.feed(now, &mut self.rest);
            self.run(self.rest.len().saturating_sub(BEHIND));
            self.forget();
            left = later;
        }
    }

    /// All that was found, in the order in which it stands, and whether there may be more that is not
    /// told.
    #[must_use]
    pub fn finish(mut self) -> (Vec<Found>, bool) {
        self.end();
        if self.found.is_empty()
            && let Some(text) = rejoined(&self.short)
        {
            // A short text in which nothing was found may have broken words.
            let mut again = Search::new(self.symptoms);
            again.feed(&text);
            again.end();
            self.found = again.found;
        }
        (self.found, self.is_cut)
    }

    /// Searches what is left.
    fn end(&mut self) {
        self.unwrap.finish(&mut self.rest);
        self.run(self.rest.len());
    }

    /// Looks at every word that begins before an offset.
    fn run(&mut self, until: usize) {
        while let Some(word) = self.words.find_from(&self.rest, self.from) {
            if word.start >= until {
                break;
            }
            self.from = word.end;
            let text = std::mem::take(&mut self.rest);
            if let Some(end) = self.look(&text, &word) {
                self.from = self.from.max(end);
                self.last = end;
            }
            self.rest = text;
        }
        self.from = self.from.max(boundary(&self.rest, until));
    }

    /// Drops what lies too far back to matter.
    fn forget(&mut self) {
        let gone = boundary(&self.rest, self.from.saturating_sub(BEFORE));
        let dropped = self.rest.get(..gone).unwrap_or("");
        self.line += lines(dropped);
        self.rest.drain(..gone);
        self.from -= gone;
        self.last = self.last.saturating_sub(gone);
    }

    /// Finds the error that a word belongs to; returns where it ends.
    fn look(&mut self, text: &str, word: &std::ops::Range<usize>) -> Option<usize> {
        let start = boundary(text, word.start.saturating_sub(BEFORE));
        let end = boundary(text, word.end + BEHIND);
        let window = text.get(start..end)?;
        let near = boundary(window, (word.start - start).saturating_sub(160));
        let alike = window.get(near..)?;
        let alike = alike.get(..boundary(alike, 480))?;
        let alike = (word.start - start - near, alike.to_owned());
        if let Some(known) = self.places.get(&alike) {
            if let Some(found) = known.and_then(|index| self.found.get_mut(index)) {
                found.times += 1;
                return Some(word.end + found.text.len() / 2);
            }
            return None;
        }
        if self.places.len() >= MOST_PLACES {
            self.is_cut = true;
            return None;
        }
        let place = word.start - start..word.end - start;
        let last = self.last.saturating_sub(start);
        let hit = self.error_at(window, &place, last);
        let index = hit
            .as_ref()
            .and_then(|(found, _)| self.keep(found, text, start));
        self.places.insert(alike, index);
        hit.map(|(_, end)| start + end)
    }

    /// The error at a place of a text, and where it ends: that of the first symptom that has one which
    /// does not begin in the one before.
    fn error_at(
        &self,
        window: &str,
        place: &std::ops::Range<usize>,
        last: usize,
    ) -> Option<(Found, usize)> {
        let flat: String = window.split_whitespace().collect::<Vec<&str>>().join(" ");
        let listed = self.symptoms.errors.iter().enumerate();
        let mut possible =
            listed.filter(|(_, symptom)| symptom.keywords.iter().any(|word| flat.contains(word)));
        possible.find_map(|(index, symptom)| {
            let (range, names) = symptom.pattern.occurrence_at(window, place)?;
            let is_beside = last > 0 && range.start < last + BESIDE;
            if range.start < last || symptom.is_supplementary && is_beside {
                return None;
            }
            let written = window.get(range.clone())?;
            let before = window.get(..range.start).unwrap_or("");
            let found = Found {
                symptom: index,
                text: written.split_whitespace().collect::<Vec<&str>>().join(" "),
                names: names
                    .into_iter()
                    .map(|(name, text)| (name, text.to_owned()))
                    .collect(),
                resource: failed_resource(before).map(str::to_owned),
                line: lines(before),
                times: 1,
            };
            Some((found, range.end))
        })
    }

    /// Keeps an error that is new, and counts one that is known.
    fn keep(&mut self, found: &Found, text: &str, start: usize) -> Option<usize> {
        let key = (found.symptom, found.names.clone());
        if let Some(index) = self.known.get(&key) {
            self.found.get_mut(*index)?.times += 1;
            return Some(*index);
        }
        if self.found.len() >= MOST_FOUND {
            self.is_cut = true;
            return None;
        }
        let before = lines(text.get(..start).unwrap_or(""));
        self.found.push(Found {
            line: self.line + before + found.line,
            ..found.clone()
        });
        self.known.insert(key, self.found.len() - 1);
        Some(self.found.len() - 1)
    }
}

/// The resource that an event of a stack speaks of, in JSON or as a row, before the reason it gives.
fn failed_resource(before: &str) -> Option<&str> {
    static EVENT: LazyLock<TextPattern> = LazyLock::new(|| {
        let row = r"_FAILED[\s|]+AWS::[\w:]+[\s|]+(?P<row>[A-Za-z0-9]{1,255})\b[^\n]*$";
        let json = r#""LogicalResourceId":\s*"(?P<json>[A-Za-z0-9]{1,255})"[^{}]*$"#;
        TextPattern::trusted(&format!("{row}|{json}"))
    });
    let named = EVENT.capture(before)?.into_iter();
    named.map(|(_, id)| id).find(|id| !id.is_empty())
}

fn lines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// The nearest character boundary at or before an offset.
fn boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::source::SourceMap;

    fn search(pieces: &[&str]) -> Vec<(String, usize, usize)> {
        let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
        let symptoms = catalogue.symptoms();
        let mut search = Search::new(symptoms);
        pieces.iter().for_each(|piece| search.feed(piece));
        let found = search.finish().0.into_iter();
        let told = found.map(|f| {
            (
                symptoms.errors[f.symptom].diagnosis.id.clone(),
                f.line,
                f.times,
            )
        });
        told.collect()
    }

    const ERROR: &str = "The role defined for the function cannot be assumed by Lambda.";

    #[test]
    fn every_example_is_found_by_its_own_symptom_and_no_counter_example_is() {
        let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
        let symptoms = catalogue.symptoms();
        assert!(symptoms.errors.len() > 150);
        let mut wrong = Vec::new();
        for symptom in &symptoms.errors {
            assert!(symptom.pattern.is_valid(), "{}", symptom.diagnosis.id);
            let found = search(&[&symptom.example]);
            let ids: Vec<&str> = found.iter().map(|(id, ..)| id.as_str()).collect();
            if ids != [symptom.diagnosis.id.as_str()] {
                wrong.push(format!("{}: {ids:?}", symptom.diagnosis.id));
            }
            assert!(
                !symptom.pattern.matches(&symptom.counter_example),
                "{} finds its counter-example",
                symptom.diagnosis.id
            );
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn an_error_is_found_wherever_it_is_cut() {
        let text = format!("one\ntwo\n{ERROR}\n{}\n{ERROR}\n", "three ".repeat(900));
        for cut in (0..text.len()).step_by(37) {
            let (before, behind) = text.split_at(cut);
            let found = search(&[before, behind]);
            let expected = ("execution-role-not-assumable".to_owned(), 3, 2);
            assert_eq!(found, [expected], "cut at {cut}");
        }
    }

    #[test]
    fn wrapped_and_drawn_text_is_read() {
        let drawn = "╷\n│ \u{1b}[31mError:\u{1b}[0m The role defined for the\n│ function cannot be assumed\n│ by Lambda.\n╵\n";
        assert_eq!(search(&[drawn]).len(), 1);
        let escaped =
            r#"{"message": "The role defined\nfor the function cannot be assumed by Lambda."}"#;
        assert_eq!(search(&[escaped]).len(), 1);
    }

    #[test]
    fn other_text_is_no_error() {
        let quiet =
            "START RequestId: 1\nTask timed out after 3.00 seconds\nTypeError: x is undefined\n";
        assert_eq!(search(&[quiet]), []);
        assert_eq!(search(&[]), []);
    }
}
