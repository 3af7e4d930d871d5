//! Changes of documents as edits of their texts: whatever is not changed keeps its form, its comments and
//! its line ends.

use super::change::{Change, Path, Step};
use crate::diagnostics::Shown;
use crate::source::{Edit, Span};
use crate::syntax::{Kind, Node, Style};

/// A text into which something is written.
#[derive(Debug)]
pub(super) struct Sheet<'t> {
    text: &'t str,
    /// Where the text is, whole.
    span: Span,
    pub(super) style: Style,
    line_end: &'static str,
}

impl<'t> Sheet<'t> {
    pub(super) fn new(text: &'t str, span: Span, style: Style) -> Self {
        let line = text.split_inclusive('\n').next().unwrap_or("");
        let line_end = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
        Sheet {
            text,
            span,
            style,
            line_end,
        }
    }

    /// The edits that make a change, and what of it is worth showing; nothing where that cannot be written
    /// here.
    pub(super) fn edits(&self, documents: &[Node], change: &Change) -> Option<(Vec<Edit>, Shown)> {
        match change {
            Change::Replace(edit) => Some((vec![edit.clone()], into_line(edit.span, Vec::new()))),
            Change::Write { edits, shown } => Some((edits.clone(), shown.clone())),
            Change::Append { to, items } => {
                let list = to.find(documents)?;
                match &list.kind {
                    Kind::Array(_) => self.append(list, items),
                    Kind::Null => None,
                    _ => self.make_list(documents, to, list, items),
                }
            }
            Change::Insert { into, key, value } => {
                let object = into.find(documents).filter(|node| node.is_object())?;
                self.insert(object, key, value)
            }
        }
    }

    fn append(&self, list: &Node, items: &[Node]) -> Option<(Vec<Edit>, Shown)> {
        let last = list.items().last().map(|item| item.span);
        if self.has_brackets(list) {
            return self.in_brackets(list, last, |many| self.parts(items, many));
        }
        let indent = self.indent_before(list.span.start)?;
        self.below(last?, &indent, self.items(items))
    }

    /// The lines of each element within brackets.
    fn parts(&self, items: &[Node], many: bool) -> Vec<Vec<String>> {
        let parts = items.iter().map(|item| match many {
            true => self.style.item(item, true),
            false => vec![self.style.one_line(item)],
        });
        parts.collect()
    }

    /// The lines of all elements in a block.
    fn items(&self, items: &[Node]) -> Vec<String> {
        let lines = items.iter().flat_map(|item| self.style.item(item, false));
        lines.collect()
    }

    fn insert(&self, object: &Node, key: &str, value: &Node) -> Option<(Vec<Edit>, Shown)> {
        let last = object.members().last();
        let last = last.map(|member| Span {
            end: member.value.span.end.max(member.key.span.end),
            ..member.key.span
        });
        if self.has_brackets(object) {
            return self.in_brackets(object, last, |many| match many {
                true => vec![self.style.member(key, value, true)],
                false => vec![vec![self.style.one_line_member(key, value)]],
            });
        }
        let first = object.members().first()?.key.span;
        let indent = self.indent_before(first.start)?;
        let lines = self.style.member(key, value, false);
        let mut edits = self.below(last?, &indent, lines)?;
        // Where the others are set apart, so is the new one.
        if self.sets_apart(object)
            && let Some(edit) = edits.0.first_mut()
        {
            edit.text.insert_str(0, self.line_end);
        }
        Some(edits)
    }

    /// Whether the first two members of an object have an empty line between them.
    fn sets_apart(&self, object: &Node) -> bool {
        let [first, second, ..] = object.members() else {
            return false;
        };
        let between = first.value.span.end as usize..second.key.span.start as usize;
        let between = self.text.get(between).unwrap_or("");
        between.contains("\n\n") || between.contains("\n\r\n")
    }

    /// Writes lines below what is written last in a block.
    fn below(&self, last: Span, indent: &str, lines: Vec<String>) -> Option<(Vec<Edit>, Shown)> {
        let at = self.line_end_after(last.end)?;
        let mut text = String::new();
        for line in &lines {
            text.push_str(self.line_end);
            text.push_str(indent);
            text.push_str(line);
        }
        let place = Span {
            start: at,
            end: at,
            ..self.span
        };
        Some(with_shown(place, text, lines))
    }

    /// The end of the line that a value ends on, if nothing but a comment follows the value.
    fn line_end_after(&self, at: u32) -> Option<u32> {
        let rest = self.text.get(at as usize..)?;
        let line = rest.split(['\n', '\r']).next().unwrap_or("");
        let is_free = line.trim().is_empty() || line.trim_start().starts_with('#');
        is_free.then(|| at + u32::try_from(line.len()).unwrap_or(0))
    }

    /// Writes new parts of a list or object in brackets after the last one.
    fn in_brackets(
        &self,
        node: &Node,
        last: Option<Span>,
        parts: impl Fn(bool) -> Vec<Vec<String>>,
    ) -> Option<(Vec<Edit>, Shown)> {
        let close = node.span.end.checked_sub(1)?;
        let Some(last) = last else {
            let many = self.has_lines(0, self.span.end);
            return Some(self.in_empty_brackets(node.span, &parts(many), many));
        };
        let after = self.text.get(last.end as usize..close as usize)?;
        let is_broken = self.has_lines(node.span.start, last.start);
        let own_line = self.indent_before(last.start).filter(|_| is_broken);
        let parts = parts(self.has_lines(node.span.start, close));
        let gap = match &own_line {
            Some(indent) => format!("{}{indent}", self.line_end),
            None => " ".to_owned(),
        };
        let indent = own_line.unwrap_or_else(|| self.line_indent(last.end));
        let inner = parts.iter().map(|part| self.broken(part, &indent));
        let inner: Vec<String> = inner.collect();
        let inner = inner.join(&format!(",{gap}"));
        // YAML takes a comma after the last one.
        let comma = after
            .find(',')
            .filter(|_| after.trim_start().starts_with(','));
        let skipped = comma.map_or(0, |at| at + 1);
        let at = last.end + u32::try_from(skipped).ok()?;
        let place = Span {
            start: at,
            end: at,
            ..self.span
        };
        let comma = if comma.is_some() { "" } else { "," };
        Some(with_shown(
            place,
            format!("{comma}{gap}{inner}"),
            listed(parts),
        ))
    }

    /// Writes the first parts of a list or object in brackets.
    fn in_empty_brackets(
        &self,
        node: Span,
        parts: &[Vec<String>],
        many: bool,
    ) -> (Vec<Edit>, Shown) {
        let (step, end, indent) = (
            &self.style.indent,
            self.line_end,
            self.line_indent(node.start),
        );
        let lines = listed(parts.to_vec());
        let text = match self.style.is_json && many {
            true => {
                let inner = self.broken(&lines, &format!("{indent}{step}"));
                format!("{end}{indent}{step}{inner}{end}{indent}")
            }
            false => lines.join(" "),
        };
        let span = Span {
            start: node.start + 1,
            end: node.end.saturating_sub(1),
            ..node
        };
        with_shown(span, text, lines)
    }

    fn has_lines(&self, start: u32, end: u32) -> bool {
        let inside = self.text.get(start as usize..end as usize);
        inside.is_some_and(|inside| inside.contains('\n'))
    }

    /// Lines, each after the first one indented.
    fn broken(&self, lines: &[String], indent: &str) -> String {
        lines.join(&format!("{}{indent}", self.line_end))
    }

    /// Makes a list of a single value and something else.
    fn make_list(
        &self,
        documents: &[Node],
        path: &Path,
        value: &Node,
        items: &[Node],
    ) -> Option<(Vec<Edit>, Shown)> {
        let span = value.span;
        let written = self.text.get(span.range())?;
        let Some(Step::Key(name)) = path.steps.last() else {
            return None;
        };
        let holder = Path {
            steps: path.steps.get(..path.steps.len() - 1)?.to_vec(),
            ..path.clone()
        };
        let key = holder.find(documents)?.member(name)?.key.span;
        let is_block = !self.has_brackets(holder.find(documents)?);
        let starts_line = self.indent_before(span.start);
        match (is_block, starts_line) {
            (true, Some(indent)) if !self.has_brackets(value) => {
                let mut edits = vec![self.insertion(span.start, "- ")];
                edits.extend(self.shifted(span, "  "));
                let (more, shown) = self.below(span, &indent, self.items(items))?;
                edits.extend(more);
                Some((edits, shown))
            }
            (true, None) if !written.contains('\n') => {
                let indent = self.indent_before(key.start)?;
                let step = if self.style.indents_lists {
                    &self.style.indent
                } else {
                    ""
                };
                let indent = format!("{indent}{step}");
                let gap = Span {
                    start: key.end + 1,
                    end: span.start,
                    ..span
                };
                self.text
                    .get(gap.range())
                    .filter(|gap| gap.trim().is_empty())?;
                let dash = format!("{}{indent}- ", self.line_end);
                let (more, shown) = self.below(span, &indent, self.items(items))?;
                let edits = [Edit {
                    span: gap,
                    text: dash,
                }]
                .into_iter()
                .chain(more);
                Some((edits.collect(), shown))
            }
            _ => Some(self.in_new_brackets(span, items)),
        }
    }

    /// Puts brackets around a value and what follows it.
    fn in_new_brackets(&self, span: Span, items: &[Node]) -> (Vec<Edit>, Shown) {
        let place = Span {
            start: span.end,
            ..span
        };
        let many = self.has_lines(span.start, span.end);
        let lines = listed(self.parts(items, many));
        if !many {
            let edits = vec![
                self.insertion(span.start, "["),
                self.insertion(span.end, format!(", {}]", lines.join(" "))),
            ];
            return (edits, into_line(place, lines));
        }
        let (end, step) = (self.line_end, &self.style.indent);
        let outer = self.line_indent(span.start);
        let inner = format!("{outer}{step}");
        let new = self.broken(&lines, &inner);
        let mut edits = vec![self.insertion(span.start, format!("[{end}{inner}"))];
        edits.extend(self.shifted(span, step));
        edits.push(self.insertion(span.end, format!(",{end}{inner}{new}{end}{outer}]")));
        (edits, below_line(place, lines))
    }

    fn insertion(&self, at: u32, text: impl Into<String>) -> Edit {
        Edit::insert(self.span.file, at, text)
    }

    /// Indents each line of a value but the first.
    fn shifted(&self, span: Span, by: &str) -> Vec<Edit> {
        let written = self.text.get(span.range()).unwrap_or("");
        let breaks = written.match_indices('\n').filter(|(at, _)| {
            let line = written.get(at + 1..).unwrap_or("");
            !line.starts_with(['\n', '\r']) && !line.is_empty()
        });
        let edits = breaks.filter_map(|(at, _)| {
            let at = span.start + u32::try_from(at + 1).ok()?;
            Some(self.insertion(at, by))
        });
        edits.collect()
    }

    /// Whether a list or object is written in brackets, and not as a block.
    pub(super) fn has_brackets(&self, node: &Node) -> bool {
        let at = node.span.start as usize;
        matches!(self.text.as_bytes().get(at), Some(b'[' | b'{'))
    }

    /// What is before an offset on its line, if that is blank or the dashes of lists, as blanks.
    fn indent_before(&self, at: u32) -> Option<String> {
        let before = self.text.get(..at as usize)?;
        let line = before.rsplit('\n').next().unwrap_or("");
        let is_indent = line.chars().all(|c| matches!(c, ' ' | '\t' | '-'));
        is_indent.then(|| line.replace('-', " "))
    }

    /// The blanks with which the line of an offset begins.
    fn line_indent(&self, at: u32) -> String {
        let before = self.text.get(..at as usize).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        let blanks = line.chars().take_while(|c| matches!(c, ' ' | '\t'));
        blanks.collect()
    }
}

/// An edit that writes lines at a place.
fn with_shown(span: Span, text: String, lines: Vec<String>) -> (Vec<Edit>, Shown) {
    let is_below = text.trim_start_matches(',').starts_with(['\n', '\r']);
    let shown = Shown {
        span,
        is_below,
        lines,
    };
    (vec![Edit { span, text }], shown)
}

fn into_line(span: Span, lines: Vec<String>) -> Shown {
    Shown {
        span,
        is_below: false,
        lines,
    }
}

fn below_line(span: Span, lines: Vec<String>) -> Shown {
    Shown {
        is_below: true,
        ..into_line(span, lines)
    }
}

/// The parts of a list, with commas between them.
fn listed(parts: Vec<Vec<String>>) -> Vec<String> {
    let last = parts.len().saturating_sub(1);
    let parts = parts.into_iter().enumerate();
    let lines = parts.flat_map(|(index, mut part)| {
        if let Some(end) = part.last_mut().filter(|_| index < last) {
            end.push(',');
        }
        part
    });
    lines.collect()
}
