//! Three values.

use std::ops::Not;

/// Yes, no, or not known.
///
/// The order makes "and" the minimum and "or" the maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Certainly not.
    No,
    /// It depends on something that is not known.
    Unknown,
    /// Certainly.
    Yes,
}

impl Truth {
    /// Both.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }

    /// At least one.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        self.max(other)
    }

    /// Both; the other one is asked for only if it matters.
    pub(super) fn and_then(self, other: impl FnOnce() -> Truth) -> Truth {
        match self {
            Truth::No => Truth::No,
            _ => self.and(other()),
        }
    }

    /// At least one; the other one is asked for only if it matters.
    pub(super) fn or_else(self, other: impl FnOnce() -> Truth) -> Truth {
        match self {
            Truth::Yes => Truth::Yes,
            _ => self.or(other()),
        }
    }

    /// All of them; yes for none. Stops at the first no.
    pub fn all(truths: impl IntoIterator<Item = Truth>) -> Truth {
        let mut whole = Truth::Yes;
        for truth in truths {
            whole = whole.and(truth);
            if whole == Truth::No {
                break;
            }
        }
        whole
    }

    /// At least one of them; no for none. Stops at the first yes.
    pub fn any(truths: impl IntoIterator<Item = Truth>) -> Truth {
        let mut whole = Truth::No;
        for truth in truths {
            whole = whole.or(truth);
            if whole == Truth::Yes {
                break;
            }
        }
        whole
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Truth::Yes } else { Truth::No }
    }
}

impl Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
            Truth::Yes => Truth::No,
        }
    }
}
