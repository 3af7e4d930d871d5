//! How a text is written, so that what is added looks like the rest.

use crate::input::short_form;
use crate::syntax::{Kind, Node, Style};

/// The style of a text, whose documents these are.
pub(super) fn of<'n>(text: &str, roots: impl Iterator<Item = &'n Node>) -> Style {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let is_json = start.starts_with(['{', '[']);
    let mut counted = Counted::default();
    for node in roots.flat_map(Node::walk) {
        counted.add(text, node);
    }
    Style {
        is_json,
        indent: indent(text, is_json),
        is_compact: counted.inline >= counted.broken,
        indents_lists: counted.indented >= counted.level,
        quote: if counted.single > counted.double {
            '\''
        } else {
            '"'
        },
        short: match counted.short >= counted.long {
            true => short_form,
            false => |_| None,
        },
    }
}

/// How often a text does something one way or the other.
#[derive(Debug, Default)]
struct Counted {
    /// Lists of texts on one line, and on several.
    inline: usize,
    broken: usize,
    /// Lists that are indented under their keys, and that are not.
    indented: usize,
    level: usize,
    single: usize,
    double: usize,
    short: usize,
    long: usize,
}

impl Counted {
    fn add(&mut self, text: &str, node: &Node) {
        let at = |offset: u32| text.as_bytes().get(offset as usize).copied();
        let written = text.get(node.span.range()).unwrap_or("");
        match &node.kind {
            Kind::Text(_) => match at(node.span.start) {
                Some(b'\'') => self.single += 1,
                Some(b'"') => self.double += 1,
                _ => {}
            },
            Kind::Array(items) if items.iter().all(|item| item.as_text().is_some()) => {
                // The parts of a short form are no list that is written.
                let is_list = written.starts_with(['[', '-']) && items.len() > 1;
                match written.contains('\n') {
                    true => self.broken += usize::from(is_list),
                    false => self.inline += usize::from(is_list),
                }
            }
            Kind::Object(_) if short_form(node).is_some() => match at(node.span.start) {
                Some(b'!') => self.short += 1,
                _ => self.long += 1,
            },
            _ => {}
        }
        for member in node.members() {
            if member.value.is_array() && at(member.value.span.start) == Some(b'-') {
                let column = |offset: u32| {
                    let before = text.get(..offset as usize).unwrap_or("");
                    before.len() - before.rfind('\n').map_or(0, |at| at + 1)
                };
                match column(member.value.span.start) > column(member.key.span.start) {
                    true => self.indented += 1,
                    false => self.level += 1,
                }
            }
        }
    }
}

/// What each level is indented by: as the first line that is.
pub(super) fn indent(text: &str, is_json: bool) -> String {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let mut lines = lines.filter(|line| is_json || !line.trim_start().starts_with(['#', '-']));
    let indent = lines.find_map(|line| {
        let blanks = line.len() - line.trim_start().len();
        line.get(..blanks).filter(|blanks| !blanks.is_empty())
    });
    indent.unwrap_or("  ").to_owned()
}
