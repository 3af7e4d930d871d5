//! The events of a YAML text, with the exact range of bytes of each.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event as Parsed, Parser, ScalarStyle, StrInput, StructureStyle};

use super::error;
use crate::source::{FileId, Span};
use crate::syntax::{MAX_DEPTH, SyntaxError};

pub(super) type Read<T> = Result<T, Box<SyntaxError>>;

/// A piece of a document.
pub(super) enum Event<'t> {
    DocumentStart,
    Scalar(Scalar<'t>),
    Alias {
        id: usize,
        range: Range<usize>,
    },
    ListStart(Opening),
    ObjectStart(Opening),
    /// The end of a list or object; the offset after its bracket, where it has one.
    End(Option<usize>),
    DocumentEnd,
    StreamEnd,
}

/// A scalar as it was written, decoded but not given a meaning.
pub(super) struct Scalar<'t> {
    pub(super) text: Cow<'t, str>,
    /// Whether it is neither quoted nor a block.
    pub(super) plain: bool,
    pub(super) range: Range<usize>,
    pub(super) properties: Properties,
}

/// The beginning of a list or object.
pub(super) struct Opening {
    pub(super) start: usize,
    pub(super) properties: Properties,
}

/// What stands before a value.
#[derive(Default)]
pub(super) struct Properties {
    pub(super) anchor: Option<usize>,
    pub(super) tag: Option<(TagName, Range<usize>)>,
}

/// Which tag it is.
pub(super) enum TagName {
    /// `!` alone: the value is a text.
    Text,
    /// One of YAML's own, such as `!!str`.
    Core(String),
    /// One with a single exclamation mark.
    Local(String),
    Other,
}

/// A list or object that is not closed yet.
struct Open {
    is_object: bool,
    /// Where its bracket stands, if it has one.
    bracket: Option<usize>,
}

pub(super) struct Events<'t> {
    file: FileId,
    text: &'t str,
    parser: Parser<'t, StrInput<'t>>,
    open: Vec<Open>,
    /// The end of the last scalar or bracket: the next indicator is after it.
    passed: usize,
}

impl<'t> Events<'t> {
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        let options = granit_parser::options! {
            block_scalar_eof_without_line_feed: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
            emit_comments: false,
        };
        Events {
            file,
            text,
            parser: Parser::new_from_str_with_options(text, options),
            open: Vec::new(),
            passed: 0,
        }
    }

    pub(super) fn next(&mut self) -> Read<Event<'t>> {
        loop {
            let (event, span) = match self.parser.next_event() {
                None => return Ok(Event::StreamEnd),
                Some(Ok(next)) => next,
                Some(Err(error)) => return Err(self.error(&error)),
            };
            if let Some(event) = self.placed(event, &span) {
                return Ok(event);
            }
        }
    }

    /// The event with the bytes that are really its own; nothing for those that say nothing.
    fn placed(&mut self, event: Parsed<'t>, at: &granit_parser::Span) -> Option<Event<'t>> {
        let range = at.byte_range().unwrap_or_default();
        Some(match event {
            Parsed::DocumentStart(explicit, _) => {
                self.passed = if explicit { range.end } else { range.start };
                Event::DocumentStart
            }
            Parsed::DocumentEnd => Event::DocumentEnd,
            Parsed::StreamEnd => Event::StreamEnd,
            Parsed::Alias(id) => {
                self.passed = range.end;
                Event::Alias { id, range }
            }
            Parsed::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                // A value that is not there comes as `~`.
                let absent = plain && range.is_empty();
                let range = self.scalar_range(style, range, at.indent);
                self.passed = range.end;
                Event::Scalar(Scalar {
                    text: if absent { "".into() } else { text },
                    plain,
                    range,
                    properties: properties(anchor, tag.as_deref(), at),
                })
            }
            Parsed::SequenceStart(style, anchor, tag) => {
                let start = self.enter(false, style, &range);
                let properties = properties(anchor, tag.as_deref(), at);
                Event::ListStart(Opening { start, properties })
            }
            Parsed::MappingStart(style, anchor, tag) => {
                let start = self.enter(true, style, &range);
                let properties = properties(anchor, tag.as_deref(), at);
                Event::ObjectStart(Opening { start, properties })
            }
            Parsed::SequenceEnd | Parsed::MappingEnd => {
                self.open.pop();
                let bracket = (!range.is_empty()).then_some(range.end);
                self.passed = bracket.unwrap_or(self.passed);
                Event::End(bracket)
            }
            _ => return None,
        })
    }

    /// Where a list or object begins.
    fn enter(&mut self, is_object: bool, style: StructureStyle, range: &Range<usize>) -> usize {
        let in_object = self.open.last().is_some_and(|open| open.is_object);
        let flow = style == StructureStyle::Flow;
        let mut start = range.start;
        if !flow && !is_object && in_object {
            // A list that is not indented under its key is reported after its first dash.
            start = self.indicator(start, &['-']).unwrap_or(start);
        }
        self.passed = if flow {
            range.end
        } else {
            start + usize::from(!is_object)
        };
        self.open.push(Open {
            is_object,
            bracket: self.has_bracket(start).then_some(start).filter(|_| flow),
        });
        start
    }

    fn has_bracket(&self, at: usize) -> bool {
        matches!(self.text.as_bytes().get(at), Some(b'[' | b'{'))
    }

    /// The bytes of a scalar without what the parser counts to it.
    fn scalar_range(
        &self,
        style: ScalarStyle,
        range: Range<usize>,
        indent: Option<usize>,
    ) -> Range<usize> {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => self.block_range(range, indent),
            _ if range.is_empty() => {
                let at = self.behind_colon(range.start);
                at..at
            }
            _ => range,
        }
    }

    /// A block from its indicator to the end of its last line; `content` is what is after the
    /// first line's indentation, with all empty lines.
    fn block_range(&self, content: Range<usize>, indent: Option<usize>) -> Range<usize> {
        let start = self.indicator(content.end, &['|', '>']);
        let start = start.unwrap_or(content.start);
        let Some(indent) = indent else {
            let header = self.text.get(start..).unwrap_or("");
            let body =
                header.trim_start_matches(|c: char| "|>+-".contains(c) || c.is_ascii_digit());
            return start..start + header.len() - body.len();
        };
        let mut written = self.text.get(content.clone()).unwrap_or("");
        while let Some(end) = written.rfind(['\n', '\r']) {
            let last = written.get(end + 1..).unwrap_or("");
            let is_content = last.len() > indent || last.contains(|c| c != ' ');
            if is_content {
                break;
            }
            let before = written.get(..=end).unwrap_or("");
            let line_break = if before.ends_with("\r\n") { 2 } else { 1 };
            written = written.get(..before.len() - line_break).unwrap_or("");
        }
        start..content.start + written.len()
    }

    /// Where the value of a key without one is: after the colon, where there is one.
    fn behind_colon(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        match rest.trim_start_matches([' ', '\t']).strip_prefix(':') {
            Some(after) => self.text.len() - after.len(),
            None => at,
        }
    }

    /// The first of some indicators between the last token and an offset, comments passed over.
    fn indicator(&self, end: usize, wanted: &[char]) -> Option<usize> {
        let mut at = self.passed;
        loop {
            let rest = self.text.get(at..end)?;
            let token = rest.trim_start_matches(char::is_whitespace);
            at += rest.len() - token.len();
            let first = token.chars().next()?;
            if wanted.contains(&first) {
                return Some(at);
            }
            let len = match first {
                '#' => token.find(['\n', '\r']),
                _ => token.find(char::is_whitespace),
            };
            at += len.unwrap_or(token.len());
        }
    }

    /// The error with the bracket that is still open.
    fn error(&self, error: &granit_parser::ScanError) -> Box<SyntaxError> {
        let bracket = self.open.last().and_then(|open| open.bracket);
        let (range, (message, help)) = error::of(error, self.text);
        let span = self.span(range);
        let opened = bracket.map(|at| self.span(at..at + 1));
        Box::new(SyntaxError {
            span,
            message,
            help,
            opened: opened.filter(|opened| *opened != span),
        })
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        // Longer texts than these offsets count are refused before they are parsed.
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, offset(range.start), offset(range.end))
    }
}

fn properties(
    anchor: usize,
    tag: Option<&granit_parser::Tag>,
    at: &granit_parser::Span,
) -> Properties {
    let named = |tag: &granit_parser::Tag| {
        if let Some(core) = tag.core_suffix() {
            return TagName::Core(core.to_owned());
        }
        let whole = format!("{}{}", tag.handle(), tag.suffix());
        match whole.strip_prefix('!') {
            Some("") => TagName::Text,
            Some(name) => TagName::Local(name.to_owned()),
            None => TagName::Other,
        }
    };
    let place = at.tag_span().and_then(|span| span.byte_range());
    Properties {
        anchor: (anchor != 0).then_some(anchor),
        tag: tag.map(|tag| (named(tag), place.unwrap_or_default())),
    }
}
