//! Where something stands: a file and a range of bytes in it.

/// Names one text of a [`SourceMap`](super::SourceMap).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(super) u32);

impl FileId {
    /// No file: for values that were made while a selector was evaluated.
    pub const NOWHERE: FileId = FileId(u32::MAX);
}

/// A range of bytes in one file, the end not included.
///
/// Offsets always lie on character boundaries of the file's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file that the range lies in.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` up to `end`; an end before the start is taken as the start.
    #[must_use]
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Span {
            file,
            start,
            end: end.max(start),
        }
    }

    /// The same place without extent: its first byte's offset.
    #[must_use]
    pub fn at_start(self) -> Self {
        Span::new(self.file, self.start, self.start)
    }

    /// Whether `inner` lies in this range, ends included.
    #[must_use]
    pub fn contains(self, inner: Span) -> bool {
        self.file == inner.file && self.start <= inner.start && inner.end <= self.end
    }

    /// The range as offsets for slicing.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}
