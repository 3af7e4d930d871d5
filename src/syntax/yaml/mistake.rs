//! What can be wrong with YAML text, in words for whoever wrote it.

use std::ops::Range;

use granit_parser::{ErrorKind, ScanError};

use crate::source::{FileId, Span};
use crate::syntax::{MAX_DEPTH, SyntaxError, offsets};

const QUOTE: &str = "write a text that begins with this character in quotes";
const QUOTE_STAR: &str = "a text that begins with `*` must be in quotes, as in \"*\"";
const INDENT: &str = "indent what belongs together equally";

/// What was found: where, what it is, and what to do.
struct Found {
    range: Range<usize>,
    message: String,
    help: Option<&'static str>,
}

/// The parser's error in our words.
pub(super) fn of(error: &ScanError, text: &str, file: FileId) -> SyntaxError {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let place = Place { text, at };
    let found = place.found(error.kind());
    SyntaxError {
        span: span(file, found.range),
        message: found.message,
        help: found.help,
        opened: None,
    }
}

/// Offsets fit: `SourceMap::add` refuses longer texts.
pub(super) fn span(file: FileId, range: Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, offset(range.start), offset(range.end))
}

/// Where the parser gave up.
struct Place<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Place<'t> {
    fn found(&self, kind: &ErrorKind) -> Found {
        use ErrorKind as E;
        match kind {
            E::UnknownAnchor | E::MissingAnchorOrAliasName => self.alias(),
            E::UnexpectedCharacter { character } => self.character(*character),
            E::TabNotAllowed
            | E::TabInBlockIndentation
            | E::TabInIndentation
            | E::TabAtBlockScalarStart
            | E::TabInPlainScalar => self.tab(),
            E::MappingValueNotAllowed | E::InvalidColonPlacement => self.colon(),
            E::SimpleKeyExpected | E::InvalidSimpleKey => self.key_without_colon(),
            E::ExpectedBlockMappingKey | E::ExpectedBlockSequenceEntry => self.entry(kind),
            E::RecursionLimitExceeded => {
                self.here(format!("nested more than {MAX_DEPTH} levels deep"), None)
            }
            E::BlockSequenceEntryNotAllowed => {
                let help = "begin a list on a line of its own, or write a text in quotes";
                self.here("a list cannot begin here", Some(help))
            }
            other => self.in_text(other),
        }
    }

    /// Mistakes inside a text.
    fn in_text(&self, kind: &ErrorKind) -> Found {
        use ErrorKind as E;
        match kind {
            E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => {
                self.here("the text is not closed", Some("add the closing quote"))
            }
            E::InvalidTrailingSingleQuotedScalar => {
                let help = "write a quote inside single quotes as ''";
                self.here("the text goes on behind its closing quote", Some(help))
            }
            E::InvalidTrailingDoubleQuotedScalar => {
                let help = "write a quote inside double quotes as \\\"";
                self.here("the text goes on behind its closing quote", Some(help))
            }
            E::UnknownQuotedScalarEscape
            | E::InvalidQuotedScalarHexEscape
            | E::InvalidUnicodeEscape
            | E::InvalidLowSurrogateHexEscape
            | E::InvalidLowSurrogate
            | E::MissingLowSurrogate
            | E::UnpairedLowSurrogate => self.escape(),
            E::InvalidBlockScalarHeader => {
                self.here("a block of lines begins on the next line", Some(QUOTE))
            }
            E::CommentInterceptedScalar => {
                let help = "write a text that holds ` #` in quotes";
                self.here("the text goes on behind this comment", Some(help))
            }
            other => self.in_brackets(other),
        }
    }

    /// Mistakes about brackets, and those that are too rare for words of our own.
    fn in_brackets(&self, kind: &ErrorKind) -> Found {
        use ErrorKind as E;
        match kind {
            E::UnexpectedEofFlowSequence | E::UnclosedFlowCollection { open: '[' } => {
                self.here("a list is not closed", Some("add the closing `]`"))
            }
            E::UnexpectedEofFlowMapping
            | E::UnexpectedEofImplicitFlowMapping
            | E::UnclosedFlowCollection { .. } => {
                self.here("an object is not closed", Some("add the closing `}`"))
            }
            E::BlockEntryInFlowCollection => self.here(
                "items in brackets are separated by commas, not by `-`",
                None,
            ),
            E::InvalidTagTerminator => self.here("a blank must follow a tag", None),
            E::UndeclaredTagHandle => self.here("nothing declares what this tag is", None),
            E::CommentNotSeparated => self.here("a blank must stand before a comment", None),
            E::ExpectedFlowSequenceSeparator => self.expected("`,` or `]`"),
            E::ExpectedFlowMappingSeparator => self.expected("`,` or `}`"),
            E::MisplacedFlowCollectionEnd => {
                self.here(format!("{} closes nothing", self.next()), None)
            }
            E::MismatchedFlowCollectionEnd { open, close } => {
                self.here(format!("`{close}` cannot close `{open}`"), None)
            }
            E::ExpectedDocumentStart => self.expected("the end of the document or `---`"),
            E::InvalidIndentation
            | E::InvalidFlowScalarIndent
            | E::InvalidQuotedScalarIndent
            | E::InvalidBlockScalarIndent => {
                self.here("this indentation fits nothing above it", Some(INDENT))
            }
            other => self.here(format!("this is not YAML: {other}"), None),
        }
    }

    /// `*` or `&` where a text was meant, or an alias of nothing.
    fn alias(&self) -> Found {
        let word = self.rest().split(char::is_whitespace).next().unwrap_or("");
        let word = word.trim_end_matches([',', ']', '}']);
        let (message, help) = match word.strip_prefix('*') {
            Some("") => ("`*` is an alias without a name".to_owned(), QUOTE_STAR),
            Some(name) => {
                let name = shortened(name);
                let message = format!("`*{name}` is an alias, and no anchor `&{name}` is above it");
                (message, QUOTE_STAR)
            }
            None => ("`&` is an anchor without a name".to_owned(), QUOTE),
        };
        Found {
            range: self.at..self.at + word.len(),
            message,
            help: Some(help),
        }
    }

    fn character(&self, character: char) -> Found {
        if character.is_control() {
            let message = format!("the control character {character:?} cannot stand in YAML");
            return self.here(message, None);
        }
        let message = format!("a value cannot begin with `{character}`");
        self.here(message, Some(QUOTE))
    }

    fn tab(&self) -> Found {
        let line = self.line_start();
        let tab = self.text.get(line..).and_then(|line| line.find('\t'));
        let at = tab.map_or(self.at, |tab| line + tab);
        let message = "a tab cannot be part of the indentation";
        Place { at, ..*self }.here(message, Some("indent with spaces"))
    }

    /// A backslash in double quotes that begins nothing.
    fn escape(&self) -> Found {
        let inside = self.rest().strip_prefix('"').unwrap_or("");
        let wrong = offsets::first_wrong_escape(inside).map_or(0, |wrong| wrong + 1);
        let place = Place {
            at: self.at + wrong,
            ..*self
        };
        let len: usize = place.rest().chars().take(2).map(char::len_utf8).sum();
        Found {
            range: place.at..place.at + len,
            message: "YAML has no such escape sequence".to_owned(),
            help: Some("write the backslash twice, or the text in single quotes"),
        }
    }

    /// A colon where none can be.
    fn colon(&self) -> Found {
        let line = self.line_before();
        let above = self.line_above();
        let (message, help) = if line.contains(": ") {
            (
                "a second `: ` on one line",
                "write a text that holds `: ` in quotes",
            )
        } else if above.matches(':').count() == 1 && !above.contains(": ") && !above.ends_with(':')
        {
            let help = "write a space behind the colon in the line above";
            ("this key follows a text", help)
        } else if above.contains(": ") && indent_of(line) > indent_of(above) {
            let help = "the key above has a value already: indent both equally, or remove it";
            ("this key cannot stand here", help)
        } else {
            let help = "look for a missing colon or bracket above";
            ("this key cannot stand here", help)
        };
        self.here(message, Some(help))
    }

    fn key_without_colon(&self) -> Found {
        let line = self.rest().lines().next().unwrap_or("");
        let help = match line.contains(':') {
            true => "write a space behind its colon",
            false => "write `: ` and a value behind it",
        };
        self.here("a key without a colon", Some(help))
    }

    /// Something in a list or object that is no entry of it.
    fn entry(&self, kind: &ErrorKind) -> Found {
        let before = self.line_before();
        let in_object = *kind == ErrorKind::ExpectedBlockMappingKey;
        if before.ends_with(['}', ']', '"', '\'']) {
            let help = "write a text that begins with a bracket or quote in quotes as a whole";
            return self.here("a value goes on behind its end", Some(help));
        }
        if in_object && before.trim_start().starts_with('-') {
            return self.here("a list cannot follow the members of an object", None);
        }
        let what = match in_object {
            true => "a key of the object above",
            false => "`- ` of the list above",
        };
        let mut found = self.expected(what);
        found.help = Some(INDENT);
        found
    }

    fn expected(&self, what: &str) -> Found {
        self.here(format!("expected {what}, found {}", self.next()), None)
    }

    fn here(&self, message: impl Into<String>, help: Option<&'static str>) -> Found {
        let len = self.rest().chars().next().map_or(0, char::len_utf8);
        Found {
            range: self.at..self.at + len,
            message: message.into(),
            help,
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn line_start(&self) -> usize {
        let before = self.text.get(..self.at).unwrap_or("");
        before.rfind(['\n', '\r']).map_or(0, |end| end + 1)
    }

    fn line_before(&self) -> &'t str {
        self.text.get(self.line_start()..self.at).unwrap_or("")
    }

    /// The last line above that holds something.
    fn line_above(&self) -> &'t str {
        let above = self.text.get(..self.line_start()).unwrap_or("");
        above.trim_end().lines().next_back().unwrap_or("")
    }

    /// What stands here, for a message.
    fn next(&self) -> String {
        let word = self.rest().split(|c: char| !c.is_alphanumeric()).next();
        match (word.unwrap_or(""), self.rest().chars().next()) {
            ("", None) => "the end of the file".to_owned(),
            ("", Some('\n' | '\r')) => "the end of the line".to_owned(),
            ("", Some(c)) => format!("`{c}`"),
            (word, _) => format!("`{}`", shortened(word)),
        }
    }
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The beginning of a text, for a message.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(30).collect()
}
