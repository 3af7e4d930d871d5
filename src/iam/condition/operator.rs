//! Operators by their names.

use std::sync::Arc;

/// A condition operator, such as `ForAnyValue:StringLikeIfExists`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// As it was written.
    pub written: Arc<str>,
    pub(super) test: Test,
    pub(super) negated: bool,
    pub(super) if_exists: bool,
    pub(super) quantifier: Option<Quantifier>,
}

/// How a key with several values is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantifier {
    ForAllValues,
    ForAnyValue,
}

/// How one value is compared with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    Arn,
    Bool,
    Null,
    /// An operator that is not evaluated.
    Undecided,
}

impl Test {
    /// Whether wildcards count.
    pub(super) fn is_like(self) -> bool {
        matches!(self, Test::StringLike | Test::Arn)
    }
}

impl Operator {
    pub(super) fn parse(written: &str) -> Self {
        let (quantifier, rest) = match written.split_once(':') {
            Some(("ForAllValues", rest)) => (Some(Quantifier::ForAllValues), rest),
            Some(("ForAnyValue", rest)) => (Some(Quantifier::ForAnyValue), rest),
            _ => (None, written),
        };
        let (base, if_exists) = match rest.strip_suffix("IfExists") {
            Some(base) => (base, true),
            None => (rest, false),
        };
        let (test, negated) = test(base);
        Operator {
            written: written.into(),
            test,
            negated,
            if_exists,
            quantifier,
        }
    }

    /// Whether the operator is one that we evaluate.
    #[must_use]
    pub fn is_evaluated(&self) -> bool {
        self.test != Test::Undecided
    }

    /// Whether the operator refuses the values that are listed.
    #[must_use]
    pub fn is_negated(&self) -> bool {
        self.negated
    }

    /// What a request without the key gives: yes with `IfExists`, with `ForAllValues` and for
    /// negated operators.
    pub(super) fn met_without_key(&self) -> bool {
        match self.quantifier {
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) => self.if_exists,
            None => self.if_exists || self.negated,
        }
    }
}

fn test(base: &str) -> (Test, bool) {
    match base {
        "StringEquals" => (Test::StringEquals, false),
        "StringNotEquals" => (Test::StringEquals, true),
        "StringEqualsIgnoreCase" => (Test::StringEqualsIgnoreCase, false),
        "StringNotEqualsIgnoreCase" => (Test::StringEqualsIgnoreCase, true),
        "StringLike" => (Test::StringLike, false),
        "StringNotLike" => (Test::StringLike, true),
        "ArnEquals" | "ArnLike" => (Test::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Test::Arn, true),
        "Bool" => (Test::Bool, false),
        "Null" => (Test::Null, false),
        _ => (Test::Undecided, false),
    }
}
