//! The reader: one pass, no copies but of what ends up in nodes.

use std::sync::Arc;

use super::literal::{self, Step};
use crate::source::{FileId, Span};
use crate::syntax::{Key, Kind, MAX_DEPTH, Member, Node, SyntaxError, Text};

type Read<T> = Result<T, Box<SyntaxError>>;

pub(super) struct Reader<'t> {
    file: FileId,
    text: &'t str,
    at: usize,
    /// Where the current document begins.
    begun: usize,
    open: Vec<usize>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Reader {
            file,
            text,
            at,
            begun: at,
            open: Vec::new(),
        }
    }

    /// Skips a broken document, if it ended on the line on which it began and another one begins on the
    /// next line; returns whether it did.
    pub(super) fn skip_line(&mut self) -> bool {
        let broken = self.text.get(self.begun..).unwrap_or("");
        let Some(line) = broken.find('\n') else {
            return false;
        };
        let next = self.begun + line + 1;
        let rest = self.text.get(next..).unwrap_or("");
        if self.at >= next || !rest.starts_with(['{', '[']) {
            return false;
        }
        self.at = next;
        self.open.clear();
        true
    }

    /// The next document, or nothing at the end of the text.
    pub(super) fn next_document(&mut self) -> Read<Option<Node>> {
        self.skip_space();
        self.begun = self.at;
        if self.at >= self.text.len() {
            return Ok(None);
        }
        if matches!(self.peek(), Some(b'}' | b']')) {
            let what = self.found();
            return Err(self.error_here(format!("unmatched {what}")));
        }
        let root = self.value()?;
        let open_ended = matches!(root.kind, Kind::Null | Kind::Bool(_) | Kind::Number(_));
        let ended = self
            .peek()
            .is_none_or(|next| next.is_ascii_whitespace() || b"{}[]\",:".contains(&next));
        if open_ended && !ended {
            let what = self.found();
            return Err(self.error_here(format!("expected the end of the document, found {what}")));
        }
        Ok(Some(root))
    }

    fn value(&mut self) -> Read<Node> {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.object()?,
            Some(b'[') => self.array()?,
            Some(b'"') => Kind::Text(Text::Known(self.literal()?)),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Kind::Bool(true))?,
            Some(b'f') => self.word("false", Kind::Bool(false))?,
            Some(b'n') => self.word("null", Kind::Null)?,
            _ => return Err(self.expected("a value")),
        };
        Ok(Node::new(kind, self.span(start, self.at)))
    }

    fn object(&mut self) -> Read<Kind> {
        self.enter()?;
        let mut members = Vec::new();
        self.skip_space();
        if !self.take(b'}') {
            loop {
                members.push(self.member()?);
                self.skip_space();
                if self.take(b'}') {
                    break;
                }
                self.comma("`,` or `}`")?;
            }
        }
        self.open.pop();
        Ok(Kind::Object(members.into()))
    }

    fn member(&mut self) -> Read<Member> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.expected("a key in double quotes"));
        }
        let text = self.literal()?;
        let span = self.span(start, self.at);
        self.skip_space();
        if !self.take(b':') {
            return Err(self.expected("`:` after the key"));
        }
        self.skip_space();
        let value = self.value()?;
        Ok(Member {
            key: Key { text, span },
            value,
        })
    }

    fn array(&mut self) -> Read<Kind> {
        self.enter()?;
        let mut items = Vec::new();
        self.skip_space();
        if !self.take(b']') {
            loop {
                items.push(self.value()?);
                self.skip_space();
                if self.take(b']') {
                    break;
                }
                self.comma("`,` or `]`")?;
            }
        }
        self.open.pop();
        Ok(Kind::Array(Arc::new(items)))
    }

    /// Takes an opening bracket.
    fn enter(&mut self) -> Read<()> {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} levels deep");
            return Err(self.error_here(message));
        }
        self.open.push(self.at);
        self.at += 1;
        Ok(())
    }

    fn comma(&mut self, expected: &str) -> Read<()> {
        if !self.take(b',') {
            return Err(self.expected(expected));
        }
        let comma = self.at - 1;
        self.skip_space();
        if matches!(self.peek(), Some(b'}' | b']')) {
            let mut error = self.error_at(comma, comma + 1, "trailing comma");
            error.help = Some("remove the comma");
            return Err(error);
        }
        Ok(())
    }

    fn literal(&mut self) -> Read<Arc<str>> {
        let start = self.at;
        let inside = self.inside_of_literal()?;
        self.at += 1;
        if !inside.contains('\\') {
            return Ok(inside.into());
        }
        let mut decoded = String::with_capacity(inside.len());
        for step in literal::steps(inside) {
            match step {
                Ok(Step::Verbatim(text)) => decoded.push_str(text),
                Ok(Step::Escape(_, c)) => decoded.push(c),
                Err(bad) => {
                    let from = start + 1 + bad.at;
                    return Err(self.error_at(from, from + bad.len, bad.message));
                }
            }
        }
        Ok(decoded.into())
    }

    /// Moves from the opening to the closing quote and returns what is between.
    fn inside_of_literal(&mut self) -> Read<&'t str> {
        let start = self.at;
        let mut at = start + 1;
        loop {
            match self.text.as_bytes().get(at) {
                Some(b'"') => break,
                Some(b'\\') => at += 2,
                Some(control) if *control < 0x20 => {
                    return Err(self.control_in_literal(start, at, *control));
                }
                Some(_) => at += 1,
                None => {
                    let end = self.text.len();
                    let mut error = self.error_at(start, end, "missing closing quote");
                    error.help = Some("the file might be truncated: fetch it again");
                    return Err(error);
                }
            }
        }
        self.at = at;
        Ok(self.text.get(start + 1..at).unwrap_or(""))
    }

    fn control_in_literal(&self, start: usize, at: usize, control: u8) -> Box<SyntaxError> {
        if matches!(control, b'\n' | b'\r') {
            let mut error = self.error_at(start, at, "missing closing quote on this line");
            error.help = Some("add the closing quote, or write the line break as \\n");
            return error;
        }
        let message = "a control character in a string must be escaped";
        self.error_at(at, at + 1, message)
    }

    fn number(&mut self) -> Read<Kind> {
        let start = self.at;
        self.take(b'-');
        let whole = self.digits();
        let leading_zero = whole > 1 && self.text.as_bytes().get(self.at - whole) == Some(&b'0');
        let mut complete = whole > 0;
        if self.take(b'.') {
            complete &= self.digits() > 0;
        }
        if self.take(b'e') || self.take(b'E') {
            let _signed = self.take(b'+') || self.take(b'-');
            complete &= self.digits() > 0;
        }
        if !complete {
            return Err(self.error_at(start, self.at, "incomplete number"));
        }
        if leading_zero {
            let message = "a number cannot have a leading zero";
            let mut error = self.error_at(start, self.at, message);
            error.help = Some("put account IDs in double quotes");
            return Err(error);
        }
        let written = self.text.get(start..self.at).unwrap_or("");
        Ok(Kind::Number(written.into()))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn word(&mut self, word: &'static str, kind: Kind) -> Read<Kind> {
        let rest = self.text.get(self.at..).unwrap_or("");
        if !rest.starts_with(word) {
            return Err(self.expected("a value"));
        }
        self.at += word.len();
        Ok(kind)
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn span(&self, start: usize, end: usize) -> Span {
        // Offsets fit: `SourceMap::add` refuses longer texts.
        let offset = |at: usize| u32::try_from(at.min(self.text.len())).unwrap_or(u32::MAX);
        Span::new(self.file, offset(start), offset(end))
    }

    fn error_at(&self, start: usize, end: usize, message: impl Into<String>) -> Box<SyntaxError> {
        Box::new(SyntaxError {
            span: self.span(start, end),
            message: message.into(),
            help: None,
            opened: None,
        })
    }

    fn error_here(&self, message: impl Into<String>) -> Box<SyntaxError> {
        let len = self.next_char().map_or(0, char::len_utf8);
        self.error_at(self.at, self.at + len, message)
    }

    fn expected(&self, what: &str) -> Box<SyntaxError> {
        let Some(next) = self.next_char() else {
            let message = format!("expected {what}, found the end of the file");
            let mut error = self.error_here(message);
            error.help = Some("the file might be truncated: fetch it again");
            error.opened = self.open.last().map(|at| self.span(*at, *at + 1));
            return error;
        };
        let mut error = self.error_here(format!("expected {what}, found {}", self.found()));
        error.help = match next {
            '\'' => Some("JSON requires double quotes for keys and strings"),
            '\u{201c}' | '\u{201d}' => Some("typographic quotes are not valid JSON: use \""),
            '/' | '#' => Some("JSON does not support comments"),
            _ => None,
        };
        error
    }

    fn next_char(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    /// What stands here, for a message.
    fn found(&self) -> String {
        let rest = self.text.get(self.at..).unwrap_or("");
        let word: String = rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .take(20)
            .collect();
        match (word.as_str(), rest.chars().next()) {
            ("", Some(c)) if c.is_control() => format!("the control character {c:?}"),
            ("", Some(c)) => format!("`{c}`"),
            ("", None) => "the end of the file".to_owned(),
            (word, _) => format!("`{word}`"),
        }
    }
}
