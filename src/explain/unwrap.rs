//! Texts as programs print them: with colours, boxes, tables and broken lines.
//!
//! Owns what is taken away before a text is searched. It must keep the number of lines, and knows no
//! symptoms.

use std::borrow::Cow;

/// Characters of boxes.
const DRAWN: [char; 2] = ['│', '╷'];
/// The first byte of each of them.
const DRAWN_FIRST: u8 = 0xe2;
/// The heads of the last two columns of the table that SAM prints of stack events.
const HEADS: [&str; 2] = ["LogicalResourceId", "ResourceStatusReason"];
/// The longest placeholder that stands for a part of an ARN.
const MASK: usize = 40;

/// Bytes of text that wait for the rest of their lines.
const MOST_WAITING: usize = 64 << 10;

/// A text that comes in pieces, which are given on by whole rows of tables and lines.
#[derive(Debug, Default)]
pub(super) struct Unwrap {
    waiting: String,
    table: Table,
}

impl Unwrap {
    /// Takes a piece; adds what is complete to a text, smoothed.
    pub(super) fn feed(&mut self, piece: &str, to: &mut String) {
        self.waiting.push_str(piece);
        let end = settled(&self.waiting);
        let (now, _) = self.waiting.split_at(end);
        to.push_str(&smoothed(now, &mut self.table));
        self.waiting.drain(..end);
    }

    /// Adds the rest, smoothed.
    pub(super) fn finish(&mut self, to: &mut String) {
        let rest = std::mem::take(&mut self.waiting);
        to.push_str(&smoothed(&rest, &mut self.table));
    }
}

/// The text without what programs draw around errors, and with ARNs and cells of tables in one piece.
fn smoothed<'t>(text: &'t str, table: &mut Table) -> Cow<'t, str> {
    let text = after(Cow::Borrowed(text), bare);
    let text = after(text, |text| table.whole(text));
    let text = after(text, whole_arns);
    after(text, masks)
}

/// The text after a step that may change nothing.
fn after<'t>(text: Cow<'t, str>, step: impl FnOnce(&str) -> Option<String>) -> Cow<'t, str> {
    step(&text).map_or(text, Cow::Owned)
}

/// Where the last line begins that has no part in the one before it.
fn settled(text: &str) -> usize {
    let is_own = |at: &usize| {
        let before = text.get(..*at).unwrap_or("");
        let behind = text.get(at + 1..).unwrap_or("");
        !before.ends_with('-') && behind.starts_with(|c: char| !c.is_whitespace())
    };
    let mut ends = text.rmatch_indices('\n').map(|(at, _)| at);
    match ends.find(is_own) {
        Some(at) => at + 1,
        None if text.len() <= MOST_WAITING => 0,
        None => text.rfind('\n').map_or(text.len(), |at| at + 1),
    }
}

/// Without colours, lines of boxes and escaped line breaks.
fn bare(text: &str) -> Option<String> {
    // Bytes are found many times faster than characters, and nearly all texts have none of these.
    let bytes = text.as_bytes();
    let is_drawn = bytes.contains(&DRAWN_FIRST) && text.contains(DRAWN);
    if !is_drawn && !bytes.contains(&b'\x1b') && !bytes.contains(&b'\\') {
        return None;
    }
    let mut smooth = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\u{1b}' => {
                for inside in characters.by_ref() {
                    if inside.is_ascii_alphabetic() {
                        break;
                    }
                }
            }
            '\\' if matches!(characters.peek(), Some('n' | 'r' | 't')) => {
                characters.next();
                smooth.push_str("  ");
            }
            c if DRAWN.contains(&c) => smooth.extend(std::iter::repeat_n(' ', c.len_utf8())),
            c => smooth.push(c),
        }
    }
    Some(smooth)
}

/// Where a table of stack events has its last column, while there is one.
#[derive(Debug, Default)]
struct Table {
    column: Option<usize>,
    has_rows: bool,
}

impl Table {
    /// The text with the last cell of each row on one line.
    fn whole(&mut self, text: &str) -> Option<String> {
        if self.column.is_none() && !text.contains(HEADS[1]) {
            return None;
        }
        let mut whole = String::with_capacity(text.len());
        let mut row = Row::default();
        for line in text.split_inclusive('\n') {
            let cells = self.cells(line);
            if cells.is_none() || !line.starts_with(' ') {
                row.end(&mut whole);
            }
            match cells {
                Some((others, cell)) => row.add(others, cell, line.ends_with('\n')),
                None => whole.push_str(line),
            }
        }
        row.end(&mut whole);
        Some(whole)
    }

    /// The cells of a line, where it is one of a row.
    fn cells<'t>(&mut self, line: &'t str) -> Option<(&'t str, &'t str)> {
        let [before, reason] = HEADS;
        if let Some(at) = line.find(reason).filter(|_| line.contains(before)) {
            (self.column, self.has_rows) = (Some(at), false);
            return None;
        }
        if self.has_rows && line.starts_with("---") {
            self.column = None;
        }
        let cells = split(line, self.column?);
        self.has_rows |= cells.is_some();
        cells
    }
}

/// A line of a row, cut before the last cell, if there is one.
fn split(line: &str, column: usize) -> Option<(&str, &str)> {
    let (others, cell) = line.split_at_checked(column)?;
    let cell = cell.trim_end();
    (others.ends_with(' ') && !cell.is_empty()).then_some((others, cell))
}

/// A row of a table, of which the last cell is put together.
#[derive(Default)]
struct Row {
    others: String,
    pieces: Vec<String>,
    lines: usize,
}

impl Row {
    fn add(&mut self, others: &str, cell: &str, is_line: bool) {
        if self.pieces.is_empty() {
            self.others.push_str(others);
        }
        self.pieces.push(cell.to_owned());
        self.lines += usize::from(is_line);
    }

    fn end(&mut self, text: &mut String) {
        let row = std::mem::take(self);
        text.push_str(&row.others);
        let width = row.pieces.iter().map(String::len).max().unwrap_or(0);
        for (index, piece) in row.pieces.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| row.pieces.get(index));
            if before.is_some_and(|before| !is_broken(before, piece, width)) {
                text.push(' ');
            }
            text.push_str(piece);
        }
        text.extend(std::iter::repeat_n('\n', row.lines));
    }
}

/// Whether a word was broken between two lines of a cell: after a hyphen, or because it is longer
/// than a line.
fn is_broken(before: &str, behind: &str, width: usize) -> bool {
    let last = before.rsplit(' ').next().unwrap_or("");
    let first = behind.split(' ').next().unwrap_or("");
    let is_long = before.len() == width && last.len() + first.len() > width;
    is_long || last.len() > 1 && last.ends_with('-')
}

/// With ARNs whole that were broken after a hyphen, which ends none.
fn whole_arns(text: &str) -> Option<String> {
    if !text.contains("-\n") {
        return None;
    }
    let mut whole = String::with_capacity(text.len());
    let mut owed = 0;
    for line in text.split_inclusive('\n') {
        let line = match owed {
            0 => line,
            _ => line.trim_start_matches([' ', '\t']),
        };
        let last = line.rsplit([' ', '"']).next().unwrap_or("");
        let joined = line.strip_suffix('\n').filter(|line| line.ends_with('-'));
        let is_arn = last.starts_with("arn:") || owed > 0 && last == line;
        match joined.filter(|_| is_arn) {
            Some(line) => {
                whole.push_str(line);
                owed += 1;
            }
            None => {
                whole.push_str(line);
                whole.extend(std::iter::repeat_n('\n', owed));
                owed = 0;
            }
        }
    }
    whole.extend(std::iter::repeat_n('\n', owed));
    Some(whole)
}

/// With placeholders such as `<account id>` inside ARNs as one word.
fn masks(text: &str) -> Option<String> {
    if !text.contains(":<") {
        return None;
    }
    let mut masked = String::with_capacity(text.len());
    let mut parts = text.split(":<");
    masked.push_str(parts.next().unwrap_or(""));
    for part in parts {
        masked.push_str(":<");
        let end = part.find(['>', '\n']).filter(|end| *end <= MASK);
        let (mask, rest) = part.split_at(end.unwrap_or(0));
        masked.push_str(&mask.replace(' ', "-"));
        masked.push_str(rest);
    }
    Some(masked)
}

/// The text with words whole that a terminal broke at its width or a program after a hyphen, if
/// there are lines that may be so.
pub(super) fn rejoined(text: &str) -> Option<String> {
    let lines = || {
        text.split_inclusive('\n')
            .map(|line| line.trim_end_matches(['\r', '\n']))
    };
    let width = lines().map(|line| line.chars().count()).max()?;
    let mut whole = String::with_capacity(text.len());
    let mut owed = 0;
    let mut is_other = false;
    for line in lines() {
        whole.push_str(line);
        owed += 1;
        if line.chars().count() == width || line.ends_with('-') {
            is_other = true;
        } else {
            whole.extend(std::iter::repeat_n('\n', std::mem::take(&mut owed)));
        }
    }
    is_other.then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smoothed(text: &str) -> String {
        let (mut unwrap, mut smooth) = (Unwrap::default(), String::new());
        unwrap.feed(text, &mut smooth);
        unwrap.finish(&mut smooth);
        smooth
    }

    #[test]
    fn cells_of_tables_are_put_together_and_lines_stay_counted() {
        let table = "\
ResourceStatus   ResourceType        LogicalResourceId   ResourceStatusReason
----------------------------------------------------------------------------
CREATE_FAILED    AWS::Lambda::Eve    Orders              The role arn:aws:iam
                 ntSourceMapping                         ::123456789012:role/
                                                         orders is not
                                                         authorized
CREATE_FAILED    AWS::IAM::Role      OrdersRole          refused
----------------------------------------------------------------------------
Error: failed
";
        let smooth = smoothed(table);
        let (mut pieces, mut fed) = (Unwrap::default(), String::new());
        for piece in table.split_inclusive(' ') {
            pieces.feed(piece, &mut fed);
        }
        pieces.finish(&mut fed);
        assert_eq!(fed, smooth);
        let cell = "The role arn:aws:iam::123456789012:role/orders is not authorized";
        assert!(smooth.contains(cell), "{smooth}");
        assert_eq!(smooth.lines().count(), table.lines().count());
        assert_eq!(smooth.lines().nth(6), table.lines().nth(6));
        assert!(smooth.ends_with("Error: failed\n"));
    }

    #[test]
    fn arns_are_whole() {
        let broken =
            "User: arn:aws:sts::123456789012:assumed-role/orders-\n  role/orders-\n  a is not\n";
        let whole =
            "User: arn:aws:sts::123456789012:assumed-role/orders-role/orders-a is not\n\n\n";
        assert_eq!(smoothed(broken), whole);
        assert_eq!(smoothed("a well-\nknown"), "a well-\nknown");
        assert_eq!(
            smoothed("arn:aws:iam::<account id>:role/a b"),
            "arn:aws:iam::<account-id>:role/a b"
        );
    }

    #[test]
    fn lines_of_a_terminal_are_joined() {
        assert_eq!(
            rejoined("abcd\nefg\nhi").as_deref(),
            Some("abcdefg\n\nhi\n")
        );
        assert_eq!(rejoined(""), None);
    }
}
