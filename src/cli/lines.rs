//! Lines of a stream, each up to a bound.

use std::io::{self, BufRead, BufReader, Read};

/// How long one line may be.
pub(super) const LONGEST_LINE: u64 = 16 << 20;
/// How much is read at once.
const BUFFER: usize = 256 << 10;

/// The lines of a stream.
pub(super) struct Lines<'r> {
    reader: BufReader<Box<dyn Read + 'r>>,
    number: usize,
}

/// A line with its number, from 1.
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) content: LineContent,
}

/// What a line holds.
pub(super) enum LineContent {
    /// Its bytes with the line break.
    Bytes(Vec<u8>),
    /// More than a line may hold.
    TooLong,
}

impl<'r> Lines<'r> {
    /// The lines of what is read.
    pub(super) fn new(reader: Box<dyn Read + 'r>) -> Self {
        Lines {
            reader: BufReader::with_capacity(BUFFER, reader),
            number: 0,
        }
    }

    /// Whether the next line is there already, so that nobody has to wait for it.
    pub(super) fn has_line(&self) -> bool {
        self.reader.buffer().contains(&b'\n')
    }

    /// Reads the next line. What is too long of it is passed over.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let mut bounded = self.reader.by_ref().take(LONGEST_LINE);
        if bounded.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let is_whole = bytes.last() == Some(&b'\n') || (bytes.len() as u64) < LONGEST_LINE;
        let content = match is_whole || self.is_end()? {
            true => LineContent::Bytes(bytes),
            false => {
                self.skip_line()?;
                LineContent::TooLong
            }
        };
        let number = self.number;
        Ok(Some(Line { number, content }))
    }

    fn is_end(&mut self) -> io::Result<bool> {
        Ok(self.reader.fill_buf()?.is_empty())
    }

    /// Reads the rest of a line.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let read = self.reader.fill_buf()?;
            let (length, is_end) = match read.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (read.len(), read.is_empty()),
            };
            self.reader.consume(length);
            if is_end {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &'static [u8]) -> Vec<(usize, Option<usize>)> {
        let mut lines = Lines::new(Box::new(text.chain(io::repeat(b'x').take(LONGEST_LINE))));
        let mut read = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            let length = match line.content {
                LineContent::Bytes(bytes) => Some(bytes.len()),
                LineContent::TooLong => None,
            };
            read.push((line.number, length));
        }
        read
    }

    #[test]
    fn a_line_of_the_greatest_length_is_read_and_a_longer_one_is_passed_over() {
        let longest = usize::try_from(LONGEST_LINE).unwrap();
        assert_eq!(
            lines(b"one\n\n"),
            [(1, Some(4)), (2, Some(1)), (3, Some(longest))]
        );
        assert_eq!(lines(b"one\n\nx"), [(1, Some(4)), (2, Some(1)), (3, None)]);
    }
}
