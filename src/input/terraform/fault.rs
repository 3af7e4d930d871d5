//! Why an expression has no value.

use crate::diagnostics::Problem;
use crate::source::Span;

/// Why an expression has no value. `try` and `can` ask for it.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// What the user is told; nothing where that is left to Terraform, which knows more.
    pub(super) problem: Option<Box<Problem>>,
    /// The file that it needs.
    pub(super) needs: Option<String>,
}

impl Fault {
    /// A mistake that Terraform reports, such as an attribute that a value does not have.
    pub(super) fn of_terraform() -> Self {
        Fault {
            problem: None,
            needs: None,
        }
    }

    /// A mistake that is reported.
    pub(super) fn at(span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        let problem = Problem::at(span, message).help(help);
        Fault {
            problem: Some(Box::new(problem)),
            needs: None,
        }
    }

    /// A file that was not read is needed.
    pub(super) fn needs(path: &str) -> Self {
        Fault {
            problem: None,
            needs: Some(path.to_owned()),
        }
    }
}

/// A value, or why there is none.
pub(super) type Evaluated<T> = Result<T, Fault>;
