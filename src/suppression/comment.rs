//! Comments of YAML and HCL: `# lint-lambda: ignore[RULE] reason`.

use super::cover;
use super::date::Date;
use super::entry::{Cover, Suppression, Written, WrittenRule};
use crate::diagnostics::Suppressor;
use crate::source::{FileId, SourceFile, SourceMap, Span};
use crate::syntax::{Comment, Node, hcl, nearest, yaml};

/// Extensions of files of HCL.
const HCL: [&str; 2] = [".tf", ".tofu"];
/// What a comment begins with that speaks to this program.
const MARK: &str = "lint-lambda";
const LINE: &str = "ignore";
const FILE: &str = "ignore-file";
/// Words that other tools have for the same.
const OTHERS: [&str; 5] = ["disable", "skip", "noqa", "allow", "suppress"];
const FORM: &str = "write `# lint-lambda: ignore[RULE] reason`";

/// Reads the comments of a file, whose documents are `roots`.
pub(super) fn read(sources: &SourceMap, file: FileId, roots: &[&Node], written: &mut Written) {
    let Some(source) = sources.file(file) else {
        return;
    };
    if !source.text().contains(MARK) {
        return;
    }
    let is_hcl = HCL.iter().any(|ending| source.name().ends_with(ending));
    let comments = match is_hcl {
        true => hcl::comments(file, source.text()),
        false => yaml::comments(file, source.text()),
    };
    for comment in comments {
        let Some(directive) = directive(&comment) else {
            continue;
        };
        let Some(ignore) = ignore(&comment, directive, written) else {
            continue;
        };
        let places = match ignore.is_of_file {
            true if is_at_top(source, comment.span) => {
                let end = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
                vec![Span::new(file, 0, end)]
            }
            true => {
                let message = format!("`{FILE}` has no effect here");
                let help =
                    format!("move it above the first line of the document, or write `{LINE}`");
                written.wrong(ignore.span, message, help);
                continue;
            }
            false if comment.is_alone => cover::below(source, roots, comment.span),
            false => cover::beside(source, roots, comment.span),
        };
        written.suppressions.push(Suppression {
            by: Suppressor::Comment,
            rules: ignore.rules,
            covers: Cover::Places(places),
            reason: ignore.reason,
            until: ignore.until,
            span: ignore.span,
        });
    }
}

/// What a comment says.
struct Ignore {
    is_of_file: bool,
    rules: Vec<WrittenRule>,
    until: Option<Date>,
    reason: Option<String>,
    span: Span,
}

/// The part of a comment that speaks to this program: other tools may be spoken to on the same line. The offset
/// of what follows the name, from the `#` on.
fn directive(comment: &Comment) -> Option<usize> {
    let mut begins =
        std::iter::once(0).chain(comment.text.match_indices('#').map(|(at, _)| at + 1));
    begins.find_map(|at| {
        let rest = comment.text.get(at..)?;
        let word = rest.trim_start();
        let after = word.strip_prefix(MARK)?;
        let is_word = after.starts_with([':', ' ', '\t']);
        is_word.then(|| comment.text.len() - after.len())
    })
}

/// Reads what follows the name.
fn ignore(comment: &Comment, at: usize, written: &mut Written) -> Option<Ignore> {
    let rest = comment.text.get(at..)?;
    let has_colon = rest.starts_with(':');
    let said = rest.trim_start_matches(':').trim_start();
    let word_end = said.find(|c: char| !c.is_ascii_alphabetic() && c != '-' && c != '_');
    let (word, after) = said.split_at_checked(word_end.unwrap_or(said.len()))?;
    let place = part_span(comment, word);
    if word != FILE && word != LINE {
        unknown_word(word, has_colon && after.starts_with('['), place, written);
        return None;
    }
    if !has_colon {
        written.wrong(place, "missing `:` after `lint-lambda`", FORM);
        return None;
    }
    let nameless = |written: &mut Written| {
        let message = format!("`{word}` does not name any rule");
        let help = format!("name the rules to ignore: `# lint-lambda: {word}[RULE] reason`");
        written.wrong(place, message, help);
    };
    let Some(listed) = after.trim_start().strip_prefix('[') else {
        nameless(written);
        return None;
    };
    let Some((listed, reason)) = listed.split_once(']') else {
        let place = part_span(comment, listed.trim_end());
        written.wrong(place, "missing `]` after the rules", FORM);
        return None;
    };
    let (rules, until) = listed_rules(comment, listed, written)?;
    if rules.is_empty() {
        nameless(written);
        return None;
    }
    Some(Ignore {
        is_of_file: word == FILE,
        rules,
        until,
        reason: reason_of(reason),
        span: comment_span(comment, at, reason),
    })
}

/// Says that a word is none of those that are known, unless it is prose that begins with the name.
fn unknown_word(word: &str, has_list: bool, place: Span, written: &mut Written) {
    let near = nearest(word, [LINE, FILE]);
    if near.is_some() || OTHERS.contains(&word) || has_list {
        let message = format!("`{word}` is not a valid comment for lint-lambda");
        let help = near.map_or_else(|| FORM.to_owned(), |near| format!("did you mean `{near}`?"));
        written.wrong(place, message, help);
    }
}

/// The rules between the brackets, and the date; nothing where that is none.
fn listed_rules(
    comment: &Comment,
    listed: &str,
    written: &mut Written,
) -> Option<(Vec<WrittenRule>, Option<Date>)> {
    let (mut rules, mut until) = (Vec::new(), None);
    let items = listed.split(',').map(str::trim);
    for item in items.filter(|item| !item.is_empty()) {
        let span = part_span(comment, item);
        let date = item
            .split_once('=')
            .filter(|(name, _)| name.trim() == "until");
        match date.map(|(_, date)| (date.trim(), date.trim().parse())) {
            Some((_, Ok(date))) => until = Some(date),
            Some((date, Err(_))) => {
                let message = format!("`{date}` is not a valid date");
                written.wrong(span, message, "write it as in `until=2027-01-31`");
                return None;
            }
            None => rules.push(WrittenRule {
                name: item.to_owned(),
                span,
            }),
        }
    }
    Some((rules, until))
}

/// The reason without what people write between it and the rules.
fn reason_of(text: &str) -> Option<String> {
    let own = text.split(&format!("# {MARK}")).next().unwrap_or(text);
    let reason = own.trim_start_matches(|c: char| c.is_whitespace() || "-:–—".contains(c));
    let reason = reason.trim();
    reason
        .chars()
        .any(char::is_alphanumeric)
        .then(|| reason.to_owned())
}

/// From the name of the program to the bracket after the rules.
fn comment_span(comment: &Comment, at: usize, reason: &str) -> Span {
    let start = at - MARK.len();
    let end = comment.text.len() - reason.len();
    span_of(comment, start, end)
}

/// The place of a part of a comment's text.
fn part_span(comment: &Comment, part: &str) -> Span {
    let start = part.as_ptr() as usize - comment.text.as_ptr() as usize;
    span_of(comment, start, start + part.len())
}

/// The text begins after the `#`.
fn span_of(comment: &Comment, start: usize, end: usize) -> Span {
    let offset = |at: usize| comment.span.start + 1 + u32::try_from(at).unwrap_or(0);
    Span::new(comment.span.file, offset(start), offset(end))
}

/// Whether nothing but comments and the start of the document stands before a place.
fn is_at_top(source: &SourceFile, place: Span) -> bool {
    let before = source.text().get(..place.start as usize).unwrap_or("");
    let mut lines = before.lines().map(str::trim);
    lines.all(|line| line.is_empty() || line.starts_with(['#', '%', '/']) || line == "---")
}
