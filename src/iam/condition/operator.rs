//! Operators by their names.

use std::sync::Arc;

use super::compare::Comparison;
use crate::iam::truth::Truth;

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

/// Kinds of values that operators compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Texts.
    Text,
    /// ARNs.
    Arn,
    /// Truth values.
    Bool,
    /// Numbers.
    Number,
    /// Points in time.
    Date,
    /// Bytes.
    Binary,
    /// Addresses and ranges of them.
    Ip,
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
    Number(Comparison),
    Date(Comparison),
    Binary,
    Ip,
    /// A name that no operator has.
    NoOperator,
}

impl Test {
    /// Whether wildcards count.
    pub(super) fn is_like(self) -> bool {
        matches!(self, Test::StringLike | Test::Arn)
    }
}

impl Operator {
    pub(in crate::iam) fn parse(written: &str) -> Self {
        let (quantifier, rest) = match written.split_once(':') {
            Some(("ForAllValues", rest)) => (Some(Quantifier::ForAllValues), rest),
            Some(("ForAnyValue", rest)) => (Some(Quantifier::ForAnyValue), rest),
            _ => (None, written),
        };
        let (base, if_exists) = match rest.strip_suffix("IfExists") {
            Some(base) => (base, true),
            None => (rest, false),
        };
        let (test, negated) = match test(base) {
            // <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists>
            (Test::Null, _) if if_exists => (Test::NoOperator, false),
            known => known,
        };
        Operator {
            written: written.into(),
            test,
            negated,
            if_exists,
            quantifier,
        }
    }

    /// Whether there is an operator of this name but for its case, of which AWS does not say
    /// whether it counts.
    #[must_use]
    pub fn is_spelt_in_another_case(&self) -> bool {
        const NAMES: [&str; 27] = [
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
            "Bool",
            "BinaryEquals",
            "IpAddress",
            "NotIpAddress",
            "ArnEquals",
            "ArnLike",
            "ArnNotEquals",
            "ArnNotLike",
            "Null",
        ];
        let name = self.written.rsplit(':').next().unwrap_or("").to_lowercase();
        let base = name.strip_suffix("ifexists").filter(|base| *base != "null");
        let base = base.unwrap_or(&name);
        NAMES.iter().any(|known| known.eq_ignore_ascii_case(base))
    }

    /// Whether there is an operator of this name.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.test != Test::NoOperator
    }

    /// What kind of values it compares; none for `Null` and a name that no operator has.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self.test {
            Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike => {
                Some(Kind::Text)
            }
            Test::Arn => Some(Kind::Arn),
            Test::Bool => Some(Kind::Bool),
            Test::Number(_) => Some(Kind::Number),
            Test::Date(_) => Some(Kind::Date),
            Test::Binary => Some(Kind::Binary),
            Test::Ip => Some(Kind::Ip),
            Test::Null | Test::NoOperator => None,
        }
    }

    /// Whether it asks only if the key is there.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.test == Test::Null
    }

    /// Whether the operator refuses the values that are listed.
    #[must_use]
    pub fn is_negated(&self) -> bool {
        self.negated
    }

    /// What a request without the key gives: yes with `IfExists`, with `ForAllValues` and for
    /// negated operators. AWS says of `IfExists` that it does, and of `ForAnyValue` that it does not.
    pub(super) fn met_without_key(&self) -> Truth {
        match self.quantifier {
            Some(Quantifier::ForAllValues) => Truth::Yes,
            Some(Quantifier::ForAnyValue) => Truth::from(self.if_exists).and(Truth::Unknown),
            None => Truth::from(self.if_exists || self.negated),
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
        "NumericEquals" => (Test::Number(Comparison::Equal), false),
        "NumericNotEquals" => (Test::Number(Comparison::Equal), true),
        "NumericLessThan" => (Test::Number(Comparison::Less), false),
        "NumericLessThanEquals" => (Test::Number(Comparison::AtMost), false),
        "NumericGreaterThan" => (Test::Number(Comparison::Greater), false),
        "NumericGreaterThanEquals" => (Test::Number(Comparison::AtLeast), false),
        "DateEquals" => (Test::Date(Comparison::Equal), false),
        "DateNotEquals" => (Test::Date(Comparison::Equal), true),
        "DateLessThan" => (Test::Date(Comparison::Less), false),
        "DateLessThanEquals" => (Test::Date(Comparison::AtMost), false),
        "DateGreaterThan" => (Test::Date(Comparison::Greater), false),
        "DateGreaterThanEquals" => (Test::Date(Comparison::AtLeast), false),
        "BinaryEquals" => (Test::Binary, false),
        "IpAddress" => (Test::Ip, false),
        "NotIpAddress" => (Test::Ip, true),
        _ => (Test::NoOperator, false),
    }
}
