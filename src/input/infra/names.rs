//! Comparing names that may be known only in part.

use crate::iam::{Context, Pattern, Style, Truth};
use crate::syntax::Text;

/// Whether two names may turn out to be the same.
pub(super) fn may_equal(one: &Text, other: &Text) -> bool {
    let pattern = Pattern::new(one, Style::PLAIN);
    one == other || pattern.matches(other, &Context::default()) != Truth::No
}
