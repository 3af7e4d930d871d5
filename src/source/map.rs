//! All texts of one run.

use std::sync::{Arc, OnceLock};

use super::edit::{self, Edit};
use super::lines::LineIndex;
use super::{FileId, OffsetMap, Span};

/// All texts of one run: files as they were read, and texts that were decoded out of them.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<Arc<SourceFile>>,
}

/// One text and its name.
#[derive(Debug)]
pub struct SourceFile {
    name: Arc<str>,
    text: Arc<str>,
    lines: OnceLock<LineIndex>,
    ascii: OnceLock<bool>,
    embedding: Option<Embedding>,
    builtin: bool,
    listing: bool,
    /// Number of its first line in the file that it is a part of.
    first_line: usize,
}

/// The text that a decoded text stands in.
#[derive(Clone, Debug)]
struct Embedding {
    within: FileId,
    offsets: OffsetMap,
}

/// A place as people read it: lines and columns count from 1, columns count characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Name of the file, as it was given.
    pub path: Arc<str>,
    /// Line of the first character.
    pub line: usize,
    /// Column of the first character.
    pub column: usize,
    /// Line of the end.
    pub end_line: usize,
    /// Column after the last character.
    pub end_column: usize,
}

/// The text is too long: offsets have 32 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

impl SourceMap {
    /// Adds a text under the name that is shown to the user.
    ///
    /// # Errors
    ///
    /// When the text is 4 GiB or longer.
    pub fn add(&mut self, name: &str, text: &str) -> Result<FileId, TooLarge> {
        self.push(SourceFile::new(name, text))
    }

    /// Adds a text that is part of the program.
    ///
    /// # Errors
    ///
    /// When the text is 4 GiB or longer.
    pub fn add_builtin(&mut self, name: &str, text: &str) -> Result<FileId, TooLarge> {
        self.push(SourceFile {
            builtin: true,
            ..SourceFile::new(name, text)
        })
    }

    /// Adds a text that is a part of a longer one, in which its first line has a number, from 0.
    ///
    /// # Errors
    ///
    /// When the text is 4 GiB or longer.
    pub fn add_part(
        &mut self,
        name: &str,
        text: &str,
        first_line: usize,
    ) -> Result<FileId, TooLarge> {
        self.push(SourceFile {
            first_line,
            ..SourceFile::new(name, text)
        })
    }

    /// How many texts there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.files.len()
    }

    /// Adds a text that was decoded out of another one; `offsets` leads back into `within`.
    ///
    /// # Errors
    ///
    /// When the text is 4 GiB or longer.
    pub fn embed(
        &mut self,
        within: FileId,
        offsets: OffsetMap,
        text: &str,
    ) -> Result<FileId, TooLarge> {
        let name = self
            .file(within)
            .map_or_else(|| Arc::from(""), |file| Arc::clone(&file.name));
        self.push(SourceFile {
            embedding: Some(Embedding { within, offsets }),
            ..SourceFile::new(&name, text)
        })
    }

    /// The same texts with edits made in them, under the same ids; nothing where two edits overlap.
    #[must_use]
    pub fn edited(&self, edits: &[Edit]) -> Option<SourceMap> {
        let mut files = self.files.clone();
        for edits in edit::merged(edits.to_vec())?.chunk_by(|a, b| a.span.file == b.span.file) {
            let file = files.get_mut(edits.first()?.span.file.0 as usize)?;
            let text = edit::edited(&file.text, edits)?;
            let text = Some(text).filter(|text| text.len() < u32::MAX as usize)?;
            *file = Arc::new(file.with_text(text));
        }
        Some(SourceMap { files })
    }

    fn push(&mut self, file: SourceFile) -> Result<FileId, TooLarge> {
        if file.text.len() >= u32::MAX as usize {
            return Err(TooLarge);
        }
        let id = u32::try_from(self.files.len()).map_err(|_| TooLarge)?;
        self.files.push(Arc::new(file));
        Ok(FileId(id))
    }

    /// The file of that id; `None` only for an id of another map.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize).map(|file| &**file)
    }

    /// The text that a span covers, as it is written in the span's own file.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file)
            .and_then(|file| file.text.get(span.range()))
            .unwrap_or("")
    }

    /// The same place in the file that was read from disk, through any depth of embedding.
    #[must_use]
    pub fn resolve(&self, span: Span) -> Span {
        let mut span = span;
        while let Some(embedding) = self.file(span.file).and_then(|f| f.embedding.as_ref()) {
            let (start, end) = embedding.offsets.written(span.start, span.end);
            span = Span::new(embedding.within, start, end);
        }
        span
    }

    /// Adds the listing of an archive, each of whose entries is a text with its modes in front of its name. Nobody sees
    /// the listing itself.
    ///
    /// # Errors
    ///
    /// When the text is 4 GiB or longer.
    pub fn add_listing(&mut self, name: &str, text: &str) -> Result<FileId, TooLarge> {
        self.push(SourceFile {
            listing: true,
            ..SourceFile::new(name, text)
        })
    }

    /// The archive and the entry that a place in its listing stands for.
    #[must_use]
    pub fn listed(&self, span: Span) -> Option<(&str, &str)> {
        let span = self.resolve(span);
        let file = self.file(span.file).filter(|file| file.listing)?;
        // A place can be a part of an entry; each entry has a line.
        let line = file.line_range(file.line_of(span.start));
        let line = file.text.get(line).unwrap_or("");
        let entry = line.trim().trim_end_matches(',').trim_matches('"');
        let name = entry.split_once(' ').map_or(entry, |(_, name)| name);
        Some((file.name(), name))
    }

    /// Line and column of a place, in the file that was read from disk.
    #[must_use]
    pub fn locate(&self, span: Span) -> Location {
        let span = self.resolve(span);
        let Some(file) = self.file(span.file) else {
            return Location::default();
        };
        let (line, column) = file.position(span.start);
        let (end_line, end_column) = file.position(span.end);
        Location {
            path: Arc::clone(&file.name),
            line,
            column,
            end_line,
            end_column,
        }
    }
}

impl SourceFile {
    fn new(name: &str, text: &str) -> Self {
        SourceFile {
            name: name.into(),
            text: text.into(),
            lines: OnceLock::new(),
            ascii: OnceLock::new(),
            embedding: None,
            builtin: false,
            listing: false,
            first_line: 0,
        }
    }

    /// Another text under the same name.
    fn with_text(&self, text: String) -> Self {
        SourceFile {
            name: Arc::clone(&self.name),
            text: text.into(),
            lines: OnceLock::new(),
            ascii: OnceLock::new(),
            embedding: self.embedding.clone(),
            builtin: self.builtin,
            listing: self.listing,
            first_line: self.first_line,
        }
    }

    /// The name under which the text was added.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the text is part of the program.
    #[must_use]
    pub fn is_builtin(&self) -> bool {
        self.builtin
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Line and column of an offset, both counted from 1, the column in characters.
    #[must_use]
    pub fn position(&self, offset: u32) -> (usize, usize) {
        let lines = self.lines();
        let line = lines.line_of(offset);
        let before = self
            .text
            .get(lines.start_of(line) as usize..offset as usize)
            .unwrap_or("");
        let column = match self.is_ascii() {
            true => before.len(),
            false => before.chars().count(),
        };
        (self.first_line + line + 1, column + 1)
    }

    /// Number of the line (from 0) that holds the offset.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> usize {
        self.lines().line_of(offset)
    }

    /// Number of the first line (from 0) in the file that this text is a part of.
    #[must_use]
    pub fn first_line(&self) -> usize {
        self.first_line
    }

    /// The byte range of a line (from 0), its line break not included; the last line for a number
    /// after the end.
    #[must_use]
    pub fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let lines = self.lines();
        let start = lines.start_of(line) as usize;
        let end = if line + 1 < lines.count() {
            lines.start_of(line + 1) as usize
        } else {
            self.text.len()
        };
        let written = self.text.get(start..end).unwrap_or("");
        let kept = written.trim_end_matches(['\n', '\r']).len();
        start..start + kept
    }

    /// How many lines the text has; an empty text has one.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.lines().count()
    }

    fn is_ascii(&self) -> bool {
        *self.ascii.get_or_init(|| self.text.is_ascii())
    }

    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

impl Default for Location {
    fn default() -> Self {
        Location {
            path: Arc::from(""),
            line: 1,
            column: 1,
            end_line: 1,
            end_column: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let mut map = SourceMap::default();
        let file = map.add("a.json", "{\n  \"é\": 1\n}").unwrap();
        let at = map.locate(Span::new(file, 10, 11));
        assert_eq!((at.line, at.column, at.end_column), (2, 8, 9));
    }

    #[test]
    fn a_place_in_embedded_text_is_found_in_the_outer_file() {
        let mut map = SourceMap::default();
        let outer = map.add("outer", r#""a\"b""#).unwrap();
        let mut offsets = OffsetMap::default();
        offsets.push(1, 1, 1);
        offsets.push(1, 2, 2);
        offsets.push(1, 4, 1);
        let inner = map.embed(outer, offsets, "a\"b").unwrap();
        assert_eq!(map.resolve(Span::new(inner, 1, 3)), Span::new(outer, 2, 5));
        assert_eq!(map.slice(map.resolve(Span::new(inner, 1, 2))), "\\\"");
        assert_eq!(&*map.locate(Span::new(inner, 0, 1)).path, "outer");
    }

    #[test]
    fn the_last_line_has_a_range_without_its_break() {
        let mut map = SourceMap::default();
        let id = map.add("a", "one\r\ntwo").unwrap();
        let file = map.file(id).unwrap();
        assert_eq!(file.line_range(0), 0..3);
        assert_eq!(file.line_range(1), 5..8);
        assert_eq!(file.line_count(), 2);
    }
}
