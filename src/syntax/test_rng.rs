//! A die for tests: it falls the same way each time, so that a failure can be repeated.

pub(super) struct TestRng(pub(super) u64);

impl TestRng {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides
    }
}
