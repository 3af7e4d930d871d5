//! What is wrong with the form of a policy document.

use crate::source::Span;

/// Something in a policy document that is not of the form that IAM asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Where.
    pub span: Span,
    /// What.
    pub message: String,
}

impl Defect {
    pub(super) fn new(span: Span, message: &str) -> Self {
        Defect {
            span,
            message: message.to_owned(),
        }
    }
}
