//! Made-up texts in every style: they read back, and each character is found where it was written.

use crate::syntax::test_rng::TestRng;
use std::ops::Range;

use super::of;
use crate::source::SourceMap;
use crate::syntax::{piece_span, yaml};

impl TestRng {
    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }
}

/// Writes a text and notes where each of its characters went.
struct Writer {
    dice: TestRng,
    line_break: &'static str,
    indent: usize,
    written: String,
    places: Vec<(char, Range<usize>)>,
}

impl Writer {
    fn put(&mut self, c: char, written: &str) {
        let start = self.written.len();
        self.written.push_str(written);
        self.places.push((c, start..self.written.len()));
    }

    /// Several line breaks, with or without blanks in the empty lines.
    fn breaks(&mut self, count: usize) -> String {
        let mut written = String::new();
        for _ in 1..count {
            written.push_str(self.line_break);
            written.push_str(&" ".repeat(self.dice.roll(self.indent + 1)));
        }
        written + self.line_break + &" ".repeat(self.indent)
    }

    /// Blanks and line breaks between words: each may be written as the end of a line.
    fn gap(&mut self, gap: &str) {
        let newlines = gap.matches('\n').count();
        let written = match newlines {
            0 if gap == " " && self.dice.one_in(3) => self.breaks(1),
            0 => gap.to_owned(),
            more => self.breaks(more + 1),
        };
        let start = self.written.len();
        self.written.push_str(&written);
        for (at, c) in gap.char_indices() {
            let verbatim = written == gap;
            let place = if verbatim {
                start + at..start + at + 1
            } else {
                start..self.written.len()
            };
            self.places.push((c, place));
        }
    }

    /// Words with gaps, in a style whose lines are joined.
    fn words(&mut self, text: &str, mut word_char: impl FnMut(&mut Self, char)) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let len = rest.len() - rest.trim_start_matches([' ', '\n']).len();
            if len == 0 {
                word_char(self, c);
                rest = rest.split_at(c.len_utf8()).1;
            } else {
                let (gap, after) = rest.split_at(len);
                self.gap(gap);
                rest = after;
            }
        }
    }

    fn plain(&mut self, text: &str) {
        self.words(text, |writer, c| writer.put(c, &c.to_string()));
    }

    fn single(&mut self, text: &str) {
        self.written.push('\'');
        self.words(text, |writer, c| match c {
            '\'' => writer.put(c, "''"),
            _ => writer.put(c, &c.to_string()),
        });
        self.written.push('\'');
    }

    fn double(&mut self, text: &str) {
        self.written.push('"');
        self.words(text, |writer, c| {
            if writer.dice.one_in(9) {
                let end_of_line = writer.breaks(1);
                writer.written.push('\\');
                writer.written.push_str(&end_of_line);
            }
            let code = u32::from(c);
            match writer.dice.roll(6) {
                0 if code < 0x100 => writer.put(c, &format!("\\x{code:02x}")),
                1 if code < 0x1_0000 => writer.put(c, &format!("\\u{code:04X}")),
                2 => writer.put(c, &format!("\\U{code:08x}")),
                3 if code > 0xffff => {
                    let mut units = [0; 2];
                    c.encode_utf16(&mut units);
                    writer.put(c, &format!("\\u{:04x}\\u{:04x}", units[0], units[1]));
                }
                _ if "\"\\/".contains(c) => writer.put(c, &format!("\\{c}")),
                _ => writer.put(c, &c.to_string()),
            }
        });
        self.written.push('"');
    }

    fn header(&mut self, indicator: char, text: &str) {
        self.written.push(indicator);
        if text.starts_with([' ', '\n']) {
            self.written.push_str(&self.indent.to_string());
        }
        match text.len() - text.trim_end_matches('\n').len() {
            0 => self.written.push('-'),
            1 => {}
            _ => self.written.push('+'),
        }
        if self.dice.one_in(4) {
            self.written.push_str(" # | > not this");
        }
        self.written.push_str(self.line_break);
    }

    fn literal(&mut self, text: &str) {
        self.header('|', text);
        let trimmed = text.trim_end_matches('\n');
        for line in trimmed.split_inclusive('\n') {
            let content = line.trim_end_matches('\n');
            let blanks = match content.is_empty() {
                true => self.dice.roll(self.indent + 1),
                false => self.indent,
            };
            self.written.push_str(&" ".repeat(blanks));
            for c in content.chars() {
                self.put(c, &c.to_string());
            }
            if line.ends_with('\n') {
                self.put('\n', self.line_break);
            }
        }
        self.end_of_block(text.len() - trimmed.len());
    }

    /// Only for texts whose lines do not begin with blanks.
    fn folded(&mut self, text: &str) {
        self.header('>', text);
        self.written.push_str(&" ".repeat(self.indent));
        let trimmed = text.trim_end_matches('\n');
        self.words(trimmed, |writer, c| writer.put(c, &c.to_string()));
        self.end_of_block(text.len() - trimmed.len());
    }

    /// Line breaks at the end are not part of what is written.
    fn end_of_block(&mut self, newlines: usize) {
        let end = self.written.len();
        self.places.extend((0..newlines).map(|_| ('\n', end..end)));
        self.written.push_str(&self.line_break.repeat(newlines));
    }
}

const CHARS: [char; 20] = [
    'a', 'b', 'Z', '0', '-', '/', 'é', '語', '😀', '\'', '"', '\\', '$', '{', '}', '|', '>', '%',
    '*', '!',
];

/// Words with single gaps between them; begins and ends with a letter.
fn words(dice: &mut TestRng) -> String {
    let mut text = String::from("w");
    for _ in 0..dice.roll(12) {
        match dice.roll(6) {
            0 => text.push('\n'),
            1 => text.push_str("\n\n"),
            2 => text.push_str("  "),
            _ => text.push(' '),
        }
        text.extend((0..=dice.roll(5)).map(|_| CHARS[dice.roll(CHARS.len())]));
    }
    text + "w"
}

/// Lines of anything.
fn lines(dice: &mut TestRng) -> String {
    let mut text = String::new();
    for _ in 0..dice.roll(20) {
        match dice.roll(6) {
            0 => text.push('\n'),
            1 => text.push(' '),
            2 => text.push_str(": #"),
            _ => text.push(CHARS[dice.roll(CHARS.len())]),
        }
    }
    text + "w" + &"\n".repeat(dice.roll(4))
}

#[test]
fn texts_read_back_and_each_character_is_where_it_was_written() {
    let mut dice = TestRng(17);
    for round in 0..20_000 {
        let style = round % 5;
        let newlines = "\n".repeat(dice.roll(3));
        let text = match style {
            3 => lines(&mut dice),
            4 => words(&mut dice) + &newlines,
            _ => words(&mut dice),
        };
        let mut writer = Writer {
            line_break: ["\n", "\r\n", "\r"][dice.roll(3)],
            indent: 2 + dice.roll(4),
            dice: TestRng(round),
            written: "é: # |\r\n- ".to_owned(),
            places: Vec::new(),
        };
        match style {
            0 => writer.plain(&text),
            1 => writer.single(&text),
            2 => writer.double(&text),
            3 => writer.literal(&text),
            _ => writer.folded(&text),
        }
        let mut written = writer.written;
        if !written.ends_with(['\n', '\r']) {
            written.push_str(writer.line_break);
        }
        written.push_str("- next");
        check(&written, &text, &writer.places);
    }
}

fn check(written: &str, text: &str, places: &[(char, Range<usize>)]) {
    let mut sources = SourceMap::default();
    let file = sources.add("x.yaml", written).unwrap();
    let documents = yaml::read(file, written, &yaml::without_tags);
    assert_eq!(documents.errors, [], "{written:?}");
    let list = documents.roots[0].get("é").unwrap();
    let node = &list.items()[0];
    assert_eq!(node.as_str(), Some(text), "{written:?}");
    assert_eq!(list.items().len(), 2);
    for ((at, c), (noted, place)) in text.char_indices().zip(places) {
        assert_eq!(c, *noted);
        let piece = piece_span(&sources, node, at..at + c.len_utf8());
        assert_eq!(piece.range(), *place, "{written:?}: {c:?} at {at}");
    }
}

#[test]
fn escapes_of_json_and_of_yaml_are_known() {
    let written = r#""\u00e9\ud83d\ude00\"\/\x41\U0001F600\e\0\N\_\L\ ""#;
    let decoded = "é😀\"/A😀\u{1b}\0\u{85}\u{a0}\u{2028} ";
    let map = of(written, decoded, 10).unwrap();
    let mut pieces = Vec::new();
    for (at, c) in decoded.char_indices() {
        let bound = |at: usize| u32::try_from(at).unwrap();
        let (from, to) = map.written(bound(at), bound(at + c.len_utf8()));
        pieces.push(written.get(from as usize - 10..to as usize - 10).unwrap());
    }
    let expected = [
        r"\u00e9",
        r"\ud83d\ude00",
        "\\\"",
        r"\/",
        r"\x41",
        r"\U0001F600",
        r"\e",
        r"\0",
        r"\N",
        r"\_",
        r"\L",
        r"\ ",
    ];
    assert_eq!(pieces, expected);
}

#[test]
fn what_was_not_decoded_from_the_written_has_no_map() {
    assert_eq!(of("\"abc\"", "abd", 0), None);
    assert_eq!(of("\"abc\"", "abcd", 0), None);
    assert_eq!(of("{\"a\": 1}", "text", 0), None);
    assert_eq!(of("\"", "", 0), None);
    assert_eq!(of("|", "a", 0), None);
}
