//! What follows from policies for a request.

use super::truth::Truth;

/// What policies say of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A statement allows it and none denies it.
    Allowed,
    /// A statement denies it.
    ExplicitDeny,
    /// No statement allows it, whatever is not known; one that is not known may also deny it.
    ImplicitDeny,
    /// It depends on something that is not known.
    Unknown,
}

impl Decision {
    pub(super) fn of(denies: Truth, allows: Truth) -> Self {
        match (denies, allows) {
            (Truth::Yes, _) => Decision::ExplicitDeny,
            (_, Truth::No) => Decision::ImplicitDeny,
            (Truth::No, Truth::Yes) => Decision::Allowed,
            _ => Decision::Unknown,
        }
    }

    /// Whether the request is refused, whatever is not known.
    #[must_use]
    pub fn is_denied(self) -> bool {
        matches!(self, Decision::ExplicitDeny | Decision::ImplicitDeny)
    }
}
