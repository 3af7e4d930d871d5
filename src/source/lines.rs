//! Line starts of one text, found once and only when needed.

/// Offsets at which lines begin.
#[derive(Debug)]
pub(super) struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    pub(super) fn new(text: &str) -> Self {
        let mut starts = vec![0];
        for (at, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                // Texts are shorter than 4 GiB: `SourceMap::add` refuses longer ones.
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        LineIndex { starts }
    }

    /// Number of the line that holds the offset, counted from 0.
    pub(super) fn line_of(&self, offset: u32) -> usize {
        self.starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    /// Offset of the first byte of a line; after the last line, the offset of the last one.
    pub(super) fn start_of(&self, line: usize) -> u32 {
        self.starts
            .get(line)
            .or(self.starts.last())
            .copied()
            .unwrap_or(0)
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }
}
