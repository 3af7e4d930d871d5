//! Configuration as a text into which blocks, elements and arguments are written.

use super::change::Change;
use super::hcl_place::{Joint, indent_of, joint, line_end};
use super::json_place::ListPlace;
use super::style;
use crate::diagnostics::Shown;
use crate::source::{Edit, FileId, Span};

/// A file of configuration with its form.
pub(super) struct Sheet<'t> {
    file: FileId,
    text: &'t str,
    /// What each level is indented by.
    pub(super) step: String,
    line_break: &'static str,
}

impl<'t> Sheet<'t> {
    /// A file with its text.
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        let is_windows = text
            .split_inclusive('\n')
            .next()
            .is_some_and(|line| line.ends_with("\r\n"));
        Sheet {
            file,
            text,
            step: style::indent(text, false),
            line_break: if is_windows { "\r\n" } else { "\n" },
        }
    }

    fn edit(&self, at: usize, text: String) -> Option<Edit> {
        Some(Edit::insert(self.file, u32::try_from(at).ok()?, text))
    }

    fn written(
        &self,
        at: usize,
        text: String,
        shown: Vec<String>,
        is_below: bool,
    ) -> Option<Change> {
        let edit = self.edit(at, text)?;
        Some(Change::Write {
            shown: Shown {
                span: edit.span,
                is_below,
                lines: shown,
            },
            edits: vec![edit],
        })
    }

    fn lines(&self, lines: &[String], indent: &str) -> String {
        let lines = lines.iter().enumerate().map(|(index, line)| match index {
            0 => line.clone(),
            _ if line.is_empty() => self.line_break.to_owned(),
            _ => format!("{}{indent}{line}", self.line_break),
        });
        lines.collect()
    }

    /// Blocks after another one, each set apart by an empty line.
    pub(super) fn blocks_after(&self, at: usize, blocks: Vec<Vec<String>>) -> Option<Vec<Change>> {
        let at = line_end(self.text, at)?;
        let indent = indent_of(self.text, at);
        let gap = format!("{0}{0}{indent}", self.line_break);
        let changes = blocks.into_iter().map(|block| {
            let text = format!("{gap}{}", self.lines(&block, &indent));
            self.written(at, text, block, true)
        });
        changes.collect()
    }

    /// Elements at the end of a list.
    pub(super) fn in_list(
        &self,
        place: &ListPlace,
        items: Vec<Vec<String>>,
    ) -> Option<Vec<Change>> {
        let Joint {
            at,
            before,
            between,
            after,
            indent,
            is_below,
        } = joint(self.text, place, self.line_break)?;
        let written = items.iter().map(|item| self.lines(item, &indent));
        let written = written.collect::<Vec<_>>().join(&between);
        let last = items.len().saturating_sub(1);
        let shown = items.into_iter().enumerate().flat_map(|(index, mut item)| {
            if let Some(end) = item.last_mut().filter(|_| index < last) {
                end.push(',');
            }
            item
        });
        let text = format!("{before}{written}{after}");
        Some(vec![self.written(at, text, shown.collect(), is_below)?])
    }

    /// Lines before the end of a block.
    pub(super) fn at_end_of(
        &self,
        block: Span,
        lines: Vec<String>,
        is_apart: bool,
    ) -> Option<Vec<Change>> {
        let close = (block.end as usize).checked_sub(1)?;
        let before = self.text.get(block.start as usize..close)?;
        let content = before.trim_end();
        if content.ends_with('{') || !before.get(content.len()..)?.contains('\n') {
            return None;
        }
        let at = line_end(self.text, block.start as usize + content.len())?;
        let indent = indent_of(self.text, block.start as usize);
        let indent = format!("{indent}{}", self.step);
        let gap = if is_apart { self.line_break } else { "" };
        let text = format!(
            "{gap}{}{indent}{}",
            self.line_break,
            self.lines(&lines, &indent)
        );
        Some(vec![self.written(at, text, lines, true)?])
    }
}
