//! Why a YAML text cannot be read, for whoever wrote it.
//!
//! The parser knows what is wrong, but speaks of its grammar. The mistakes that people make often have words
//! of their own here; for the others the parser's are good enough.

use std::ops::Range;

use granit_parser::{ErrorKind, ScanError};

use crate::syntax::{MAX_DEPTH, offsets};

const QUOTE: &str = "put a string that begins with this character in quotes";
const QUOTE_ALIAS: &str = "put a string that begins with `*` or `&` in quotes, as in \"*\"";
const INDENT: &str = "use the same indentation for all entries of an object or list";
const CLOSE: &str = "add the closing bracket";

const ONE_TAG: &str = "a YAML value can have only one tag: write the outer function in its long form, as in `Fn::GetAZs: !Ref Region`";

/// What is wrong, and what to do.
type Explanation = (String, Option<&'static str>);

/// Where the parser stopped, and why.
pub(super) fn of(error: &ScanError, text: &str) -> (Range<usize>, Explanation) {
    let at = error.marker().byte_offset().unwrap_or(0);
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit(['\n', '\r']).next().unwrap_or("");
    if let Some(second) = second_tag(text, before.len(), line) {
        let explanation = ("a value has two tags".to_owned(), Some(ONE_TAG));
        return (second, explanation);
    }
    let start = start(error.kind(), text, before.len(), line).unwrap_or(before.len());
    let marked = text.get(start..).and_then(|rest| rest.chars().next());
    let end = start + marked.map_or(0, char::len_utf8);
    (start..end, explain(error.kind(), line.trim_end()))
}

/// The message and the help for an error; `line` is what stands before it on its line.
fn explain(kind: &ErrorKind, line: &str) -> Explanation {
    use ErrorKind as E;
    let (message, help) = match kind {
        E::UnknownAnchor => ("unknown alias: no anchor above has this name", QUOTE_ALIAS),
        E::MissingAnchorOrAliasName => (
            "an alias or anchor (`*` or `&`) without a name",
            QUOTE_ALIAS,
        ),
        kind if is_tab(kind) => (
            "a tab cannot be part of the indentation",
            "indent with spaces",
        ),
        E::MappingValueNotAllowed | E::InvalidColonPlacement if line.contains(": ") => (
            "a second `: ` on one line",
            "put a string that contains `: ` in quotes",
        ),
        E::MappingValueNotAllowed | E::InvalidColonPlacement => (
            "a key is not allowed here",
            "check the lines above for a colon without a space after it, a key that already has a value, or an open bracket",
        ),
        E::SimpleKeyExpected | E::InvalidSimpleKey => (
            "a key without a colon",
            "write `: ` after the key, with the space",
        ),
        E::ExpectedBlockMappingKey | E::ExpectedBlockSequenceEntry
            if line.ends_with(['}', ']', '"', '\'']) =>
        {
            (
                "unexpected text after the end of a value",
                "put the whole string in quotes if it begins with a bracket or quote",
            )
        }
        E::ExpectedBlockMappingKey => ("expected a key of the object above", INDENT),
        E::ExpectedBlockSequenceEntry => ("expected `- ` of the list above", INDENT),
        E::InvalidIndentation | E::InvalidFlowScalarIndent | E::InvalidQuotedScalarIndent => {
            ("this indentation does not match any line above", INDENT)
        }
        E::BlockSequenceEntryNotAllowed => (
            "a list is not allowed here",
            "begin the list on a new line, or put the string in quotes",
        ),
        other => return in_text_or_brackets(other),
    };
    (message.to_owned(), Some(help))
}

fn in_text_or_brackets(kind: &ErrorKind) -> Explanation {
    use ErrorKind as E;
    let (message, help) = match kind {
        kind if is_escape(kind) => (
            "invalid YAML escape sequence",
            "write the backslash twice, or use single quotes",
        ),
        E::UnclosedQuotedScalar => ("missing closing quote", "add the closing quote"),
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => (
            "unexpected text after the closing quote",
            "write a quote as '' inside single quotes and as \\\" inside double quotes",
        ),
        E::InvalidBlockScalarHeader => (
            "the content of a block string begins on the next line",
            QUOTE,
        ),
        E::UnclosedFlowCollection { open: '[' } => ("missing `]`", CLOSE),
        E::UnclosedFlowCollection { .. } => ("missing `}`", CLOSE),
        E::ExpectedDocumentStart => (
            "expected the end of the document or `---`",
            "a file has one value, or `---` between several",
        ),
        other => return in_parser_words(other),
    };
    (message.to_owned(), Some(help))
}

fn in_parser_words(kind: &ErrorKind) -> Explanation {
    match kind {
        ErrorKind::RecursionLimitExceeded => {
            (format!("nested more than {MAX_DEPTH} levels deep"), None)
        }
        ErrorKind::UnexpectedCharacter { character } => (
            format!("unexpected character `{}`", character.escape_debug()),
            (!character.is_control()).then_some(QUOTE),
        ),
        other => (format!("invalid YAML: {other}"), None),
    }
}

/// Where the mistake is, if the parser stops elsewhere: after a tab, or before an escape sequence.
fn start(kind: &ErrorKind, text: &str, at: usize, line: &str) -> Option<usize> {
    if is_tab(kind) {
        let start = at - line.len();
        return text.get(start..)?.find('\t').map(|tab| start + tab);
    }
    let inside = text
        .get(at..)?
        .strip_prefix('"')
        .filter(|_| is_escape(kind))?;
    offsets::first_wrong_escape(inside).map(|wrong| at + 1 + wrong)
}

/// The second one of two tags on a value, such as `!GetAZs !Ref Region`: on the line where the parser
/// stopped, or on the last one above it that holds something.
fn second_tag(text: &str, at: usize, line: &str) -> Option<Range<usize>> {
    let start = at.checked_sub(line.len())?;
    let above = text.get(..start)?.trim_end();
    let above = above.rfind('\n').map_or(0, |end| end + 1);
    let own_end = text
        .get(at..)?
        .find('\n')
        .map_or(text.len(), |end| at + end);
    let lines = [(start, own_end), (above, start)];
    lines.into_iter().find_map(|(from, to)| {
        let tag = two_tags(text.get(from..to)?)?;
        Some(from + tag.start..from + tag.end)
    })
}

/// The second one of two tags that begin a value of a line.
fn two_tags(line: &str) -> Option<Range<usize>> {
    let is_tag = |word: &str| {
        let name = word.strip_prefix('!');
        name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    let mut places = line.match_indices('!');
    places.find_map(|(at, _)| {
        let (before, tags) = line.split_at_checked(at)?;
        let before = before.trim_end();
        let is_value = before.is_empty() || before.ends_with([':', '-', ',', '[', '{']);
        let mut words = tags.split_whitespace();
        let (first, second) = (words.next()?, words.next()?);
        let after_first = tags.get(first.len()..)?;
        let start = line.len() - after_first.trim_start().len();
        (is_value && is_tag(first) && is_tag(second)).then(|| start..start + second.len())
    })
}

fn is_tab(kind: &ErrorKind) -> bool {
    use ErrorKind as E;
    matches!(
        kind,
        E::TabNotAllowed
            | E::TabInBlockIndentation
            | E::TabInIndentation
            | E::TabAtBlockScalarStart
            | E::TabInPlainScalar
    )
}

fn is_escape(kind: &ErrorKind) -> bool {
    use ErrorKind as E;
    matches!(
        kind,
        E::UnknownQuotedScalarEscape | E::InvalidQuotedScalarHexEscape | E::InvalidUnicodeEscape
    )
}
