//! What is wrong with the form of a policy document.

use crate::source::Span;

/// Something in a policy document that is not of the form that IAM asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Where.
    pub span: Span,
    /// What.
    pub message: String,
    /// Whether it is the form of an action.
    pub is_of_action: bool,
}

impl Defect {
    pub(super) fn new(span: Span, message: &str) -> Self {
        Defect {
            span,
            message: message.to_owned(),
            is_of_action: false,
        }
    }

    /// A mistake in the form of an action.
    pub(super) fn of_action(span: Span, message: String) -> Self {
        Defect {
            span,
            message,
            is_of_action: true,
        }
    }
}
