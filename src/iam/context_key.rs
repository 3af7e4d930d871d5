//! Names of condition keys.

use std::sync::Arc;

/// The name of a condition key, in lower case: letter case does not count. Its hash comes first, so that
/// names are told apart without reading them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContextKey {
    hash: u64,
    folded: Arc<str>,
}

impl ContextKey {
    /// The key of a name as it was written.
    #[must_use]
    pub fn new(written: &str) -> Self {
        let folded = written.to_lowercase();
        ContextKey {
            hash: hash(&folded),
            folded: folded.into(),
        }
    }

    /// The name in lower case.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

/// FNV-1a.
///
/// <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv-17>
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
