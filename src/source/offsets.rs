//! How the offsets of a decoded text map to the text that it was decoded from.

/// A run of decoded bytes and the bytes that they were written as.
///
/// Where both have one length the run is verbatim and maps byte for byte; otherwise (an escape
/// sequence) the decoded bytes stand for the written ones as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    /// Offset of the run in the decoded text.
    decoded: u32,
    /// Length of the run in the decoded text.
    decoded_len: u32,
    /// Offset of the run in the written text.
    written: u32,
    /// Length of the run in the written text.
    written_len: u32,
}

/// The stretches of one decoded text, in order and without gaps in the decoded offsets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    stretches: Vec<Stretch>,
}

impl OffsetMap {
    /// A text all of whose characters stand for the written range from `start` up to `end`.
    #[must_use]
    pub fn whole(decoded_len: u32, start: u32, end: u32) -> Self {
        // Longer than the text, so that it is never taken for a verbatim run.
        let decoded_len = decoded_len.max((end - start).saturating_add(1));
        let mut map = OffsetMap::default();
        map.push(decoded_len, start, end - start);
        map
    }

    /// Adds the next run; a verbatim run that continues the last one is merged into it.
    pub fn push(&mut self, decoded_len: u32, written: u32, written_len: u32) {
        let decoded = self.decoded_len();
        if let Some(last) = self.stretches.last_mut() {
            let verbatim = last.decoded_len == last.written_len && decoded_len == written_len;
            if verbatim && last.written + last.written_len == written {
                last.decoded_len += decoded_len;
                last.written_len += written_len;
                return;
            }
        }
        self.stretches.push(Stretch {
            decoded,
            decoded_len,
            written,
            written_len,
        });
    }

    /// Length of the decoded text.
    #[must_use]
    pub fn decoded_len(&self) -> u32 {
        self.stretches
            .last()
            .map_or(0, |last| last.decoded + last.decoded_len)
    }

    /// Where the written form of the decoded bytes from `start` up to `end` begins and ends.
    ///
    /// A bound inside an escape sequence is widened to the whole sequence. An empty range maps to
    /// an empty one.
    #[must_use]
    pub fn written(&self, start: u32, end: u32) -> (u32, u32) {
        if end <= start {
            let at = self.written_start(start);
            return (at, at);
        }
        (self.written_start(start), self.written_end(end))
    }

    fn written_start(&self, decoded: u32) -> u32 {
        match self.stretch_of(decoded) {
            Some(run) if run.decoded_len == run.written_len => {
                run.written + (decoded - run.decoded).min(run.written_len)
            }
            Some(run) if decoded >= run.decoded + run.decoded_len => run.written + run.written_len,
            Some(run) => run.written,
            None => 0,
        }
    }

    fn written_end(&self, decoded: u32) -> u32 {
        match self.stretch_of(decoded.saturating_sub(1)) {
            Some(run) if run.decoded_len == run.written_len => {
                run.written + (decoded - run.decoded).min(run.written_len)
            }
            Some(run) => run.written + run.written_len,
            None => 0,
        }
    }

    fn stretch_of(&self, decoded: u32) -> Option<&Stretch> {
        let after = self.stretches.partition_point(|run| run.decoded <= decoded);
        self.stretches.get(after.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::OffsetMap;

    /// `ab\ncd` written as the six characters a b \ n c d after an opening quote.
    fn escaped() -> OffsetMap {
        let mut map = OffsetMap::default();
        map.push(2, 1, 2);
        map.push(1, 3, 2);
        map.push(2, 5, 2);
        map
    }

    #[test]
    fn verbatim_runs_map_byte_for_byte() {
        assert_eq!(escaped().written(0, 2), (1, 3));
        assert_eq!(escaped().written(3, 5), (5, 7));
        assert_eq!(escaped().written(4, 5), (6, 7));
    }

    #[test]
    fn an_escape_is_taken_whole() {
        assert_eq!(escaped().written(2, 3), (3, 5));
        assert_eq!(escaped().written(1, 3), (2, 5));
    }

    #[test]
    fn an_empty_range_stays_empty() {
        assert_eq!(escaped().written(2, 2), (3, 3));
        assert_eq!(escaped().written(5, 5), (7, 7));
    }

    #[test]
    fn neighbouring_verbatim_runs_become_one() {
        let mut map = OffsetMap::default();
        map.push(2, 1, 2);
        map.push(3, 3, 3);
        assert_eq!(map.stretches.len(), 1);
        assert_eq!(map.written(1, 4), (2, 5));
    }
}
