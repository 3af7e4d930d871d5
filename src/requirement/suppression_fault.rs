//! The faults of suppressions.

/// What can be wrong with a suppression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuppressionFault {
    /// There is nothing to suppress.
    Unused,
    /// It does not say why.
    WithoutReason,
    /// Its date is past.
    Expired,
    /// No rule has that name.
    UnknownRule,
    /// It cannot be read.
    Malformed,
}
