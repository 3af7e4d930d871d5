//! Where a policy document in configuration takes another statement.

use std::ops::Range;

use super::json_place::{ListPlace, list_of};
use crate::source::{FileId, Span};
use crate::syntax::hcl::{self, Block, Body, Expression, ExpressionKind, Part};

/// The member of a policy document with its statements.
const STATEMENT: &str = "Statement";

/// Where a policy document takes another statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// After a block, as another block; whether the others say their effect.
    Block { after: usize, has_effect: bool },
    /// In a list of HCL.
    List(ListPlace),
    /// In a list of JSON; whether references can stand in it.
    Json(ListPlace, bool),
}

/// The place in a file for statements of the document that is written somewhere in it; `documents` are the data
/// sources that make documents of blocks.
pub(super) fn of_document(
    text: &str,
    span: Span,
    is_document: &dyn Fn(&str) -> bool,
    is_configuration: bool,
) -> Option<Place> {
    if !is_configuration {
        let start = span.start as usize;
        return list_of(text, start, STATEMENT).map(|list| Place::Json(list, false));
    }
    let body = hcl::body(span.file, text).content?;
    let mut blocks = body.blocks.iter();
    let block = blocks.find(|block| block.span.contains(span))?;
    if block.label(0).is_some_and(is_document) && &*block.kind == "data" {
        return of_blocks(text, &block.body);
    }
    let mut found = None;
    in_block(block, span, &mut found);
    let expression = found?;
    match &expression.kind {
        ExpressionKind::Object(members) if expression.span == span => {
            let named = |key: &Expression| {
                let name = key.names();
                key.as_str() == Some(STATEMENT) || name.as_deref() == Some(&[STATEMENT])
            };
            let (_, value) = members.iter().find(|(key, _)| named(key))?;
            let ExpressionKind::List(items) = &value.kind else {
                return None;
            };
            Some(Place::List(ListPlace {
                list: value.span.range(),
                last: items.last().map(|item| item.span.range()),
            }))
        }
        _ => {
            let written = text.get(expression.span.range())?;
            let is_heredoc = written.starts_with("<<");
            let list = is_heredoc.then(|| list_of(text, span.start as usize, STATEMENT));
            list.flatten().map(|list| Place::Json(list, true))
        }
    }
}

/// After the last statement.
fn of_blocks(text: &str, body: &Body) -> Option<Place> {
    let is_statement = |block: &&Block| {
        let label = block.label(0);
        &*block.kind == "statement" || &*block.kind == "dynamic" && label == Some("statement")
    };
    let statements: Vec<&Block> = body.blocks.iter().filter(is_statement).collect();
    let last = statements.last()?;
    let mut said = statements.iter();
    let has_effect = said.any(|block| {
        let written = text.get(block.span.range()).unwrap_or("");
        written.contains("effect")
    });
    Some(Place::Block {
        after: last.span.end as usize,
        has_effect,
    })
}

/// Finds the innermost expression that is written around a place: one whose value can be what is there.
fn in_block<'b>(block: &'b Block, span: Span, found: &mut Option<&'b Expression>) {
    for attribute in &block.body.attributes {
        within(&attribute.value, span, found);
    }
    for block in &block.body.blocks {
        in_block(block, span, found);
    }
}

fn within<'e>(expression: &'e Expression, span: Span, found: &mut Option<&'e Expression>) {
    if !expression.span.contains(span) {
        return;
    }
    *found = Some(expression);
    match &expression.kind {
        ExpressionKind::Call { arguments, .. } => {
            arguments.iter().for_each(|one| within(one, span, found));
        }
        ExpressionKind::Conditional(branches) => {
            branches.iter().for_each(|one| within(one, span, found));
        }
        ExpressionKind::Object(members) if expression.span != span => {
            members.iter().for_each(|(_, one)| within(one, span, found));
        }
        ExpressionKind::List(items) => items.iter().for_each(|one| within(one, span, found)),
        ExpressionKind::Template(parts) => {
            for part in parts {
                if let Part::Value(value) = part {
                    within(value, span, found);
                }
            }
        }
        ExpressionKind::For(inner) => within(&inner.value, span, found),
        _ => {}
    }
}

/// The block that is written at a place or around it.
pub(super) fn block_at(file: FileId, text: &str, place: Span) -> Option<Block> {
    let body = hcl::body(file, text).content?;
    let mut blocks = body.blocks.into_iter();
    blocks.find(|block| block.span.contains(place))
}

/// The blanks with which the line of an offset begins.
pub(super) fn indent_of(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    line.chars()
        .take_while(|c| matches!(c, ' ' | '\t'))
        .collect()
}

/// The end of the line of an offset, if nothing but a comment follows.
pub(super) fn line_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let line = rest.split(['\n', '\r']).next().unwrap_or("");
    let start = line.trim_start();
    let is_free = start.is_empty() || start.starts_with('#') || start.starts_with("//");
    is_free.then_some(at + line.len())
}

/// How new elements are joined to a list.
#[derive(Debug)]
pub(super) struct Joint {
    /// Where they are written.
    pub(super) at: usize,
    /// What comes before the first one.
    pub(super) before: String,
    /// What comes between two of them.
    pub(super) between: String,
    /// What comes after the last one.
    pub(super) after: String,
    /// What the lines after the first one of each begin with.
    pub(super) indent: String,
    /// Whether they stand on lines of their own.
    pub(super) is_below: bool,
}

/// How elements are added to the end of a list; nothing where it is empty.
pub(super) fn joint(text: &str, place: &ListPlace, line_break: &str) -> Option<Joint> {
    let last: Range<usize> = place.last.clone()?;
    let before = text.get(place.list.start..last.start)?;
    let after = text.get(last.end..place.list.end)?;
    let line = text.get(..last.start)?.rsplit('\n').next().unwrap_or("");
    let is_own_line = before.contains('\n') && line.trim().is_empty();
    let has_comma = after.trim_start().starts_with(',');
    let comma = after.find(',').filter(|_| has_comma);
    let end = last.end + comma.map_or(0, |at| at + 1);
    let indent = indent_of(text, last.start);
    if !is_own_line {
        let comma = if has_comma { " " } else { ", " };
        return Some(Joint {
            at: end,
            before: comma.to_owned(),
            between: ", ".to_owned(),
            after: String::new(),
            indent: indent_of(text, last.end),
            is_below: false,
        });
    }
    // A comment after the last element stays with it.
    let at = if has_comma {
        line_end(text, end).unwrap_or(end)
    } else {
        end
    };
    let gap = format!("{line_break}{indent}");
    Some(Joint {
        at,
        before: if has_comma {
            gap.clone()
        } else {
            format!(",{gap}")
        },
        between: format!(",{gap}"),
        after: if has_comma { "," } else { "" }.to_owned(),
        indent,
        is_below: true,
    })
}
