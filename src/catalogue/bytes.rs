//! Reading numbers and strings from a binary table. Reads outside of it give `None`, so that a damaged
//! file cannot cause a panic.

/// A table, or a part of one. Numbers are little-endian.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn u8(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    pub(super) fn u16(self, at: usize) -> Option<u16> {
        let bytes = self.0.get(at..at.checked_add(2)?)?;
        Some(u16::from_le_bytes(bytes.try_into().ok()?))
    }

    pub(super) fn u32(self, at: usize) -> Option<u32> {
        let bytes = self.0.get(at..at.checked_add(4)?)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }

    /// An offset or a length, of 32 bits.
    pub(super) fn size(self, at: usize) -> Option<usize> {
        usize::try_from(self.u32(at)?).ok()
    }

    pub(super) fn part(self, start: usize, end: usize) -> Option<Bytes<'a>> {
        self.0.get(start..end).map(Bytes)
    }

    /// A string after its length of one byte.
    pub(super) fn short_text(self, at: usize) -> Option<&'a str> {
        let start = at.checked_add(1)?;
        let end = start.checked_add(usize::from(self.u8(at)?))?;
        std::str::from_utf8(self.0.get(start..end)?).ok()
    }

    /// A string after its length of two bytes.
    pub(super) fn text(self, at: usize) -> Option<&'a str> {
        let start = at.checked_add(2)?;
        let end = start.checked_add(usize::from(self.u16(at)?))?;
        std::str::from_utf8(self.0.get(start..end)?).ok()
    }
}
