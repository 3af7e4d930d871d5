//! The hash by which names are found in the tables.

/// A hash of texts in which upper and lower case are one (FNV-1a of 32 bits).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hash(u32);

impl Hash {
    /// The hash of nothing.
    pub(crate) const EMPTY: Hash = Hash(0x811c_9dc5);

    /// The hash of what was hashed and of `text` after it.
    pub(crate) fn with(self, text: &str) -> Self {
        let step = |hash: u32, byte: u8| {
            (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
        };
        Hash(text.bytes().fold(self.0, step))
    }

    /// The hash as a number.
    pub(crate) fn value(self) -> u32 {
        self.0
    }

    /// The slot of a table of that many slots, which must be a power of two, that is tried as
    /// `attempt` counts.
    pub(crate) fn slot(self, slots: usize, attempt: usize) -> usize {
        let hash = usize::try_from(self.0).unwrap_or(0);
        // The lower bits alone of this hash are too much alike for names that end alike.
        (hash ^ (hash >> 15)).wrapping_add(attempt) & slots.saturating_sub(1)
    }
}
