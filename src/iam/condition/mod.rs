//! Conditions: which keys must have which values.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

mod compare;
mod operator;
mod value;

use std::sync::Arc;

use super::context::{Context, Known};
use super::context_key::ContextKey;
use super::truth::Truth;
use crate::source::Span;
use crate::syntax::{Member, Node, Text};

pub use operator::{Kind, Operator};
use operator::{Quantifier, Test};
use value::Wanted;

/// One key of one operator of a `Condition` element, with the values that are asked for.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The operator.
    pub operator: Operator,
    /// The key as it was written.
    pub key: Arc<str>,
    /// Where the key was written.
    pub span: Span,
    /// The values as they were written.
    pub values: Vec<Node>,
    context_key: ContextKey,
    wanted: Vec<Wanted>,
    /// Whether a part of the key or operator is not known.
    is_open: bool,
}

impl Kind {
    /// Whether a text is a value of the kind.
    #[must_use]
    pub fn takes(self, text: &str) -> bool {
        match self {
            Kind::Text => true,
            Kind::Arn => text == "*" || text.splitn(6, ':').count() == 6,
            Kind::Bool => ["true", "false"]
                .iter()
                .any(|b| b.eq_ignore_ascii_case(text)),
            Kind::Number => compare::Number::parse(text).is_some(),
            // Four digits are a year or seconds.
            Kind::Date => compare::date(text).is_some() || text.parse::<u16>().is_ok(),
            Kind::Binary => compare::is_base64(text),
            Kind::Ip => compare::Range::parse(text).is_some(),
        }
    }
}

impl Condition {
    /// Reads one member of an operator's block. `variables` says whether `${…}` is special.
    pub(super) fn read(operator: &Member, member: &Member, variables: bool) -> Self {
        let is_open = operator.key.is_open() || member.key.is_open();
        let operator = Operator::parse(&operator.key.text);
        let values = member.value.each().to_vec();
        let wanted = values
            .iter()
            .map(|value| Wanted::new(value, operator.test, variables))
            .collect();
        Condition {
            operator,
            key: Arc::clone(&member.key.text),
            span: member.key.span,
            context_key: ContextKey::new(&member.key.text),
            values,
            wanted,
            is_open,
        }
    }

    /// The key in lower case.
    #[must_use]
    pub fn folded_key(&self) -> &str {
        self.context_key.folded()
    }

    /// The key as a context knows it.
    #[must_use]
    pub fn context_key(&self) -> &ContextKey {
        &self.context_key
    }

    /// The keys of the policy variables in its values, as they are written.
    pub(super) fn keys_of_values(&self) -> impl Iterator<Item = &str> {
        self.wanted.iter().flat_map(Wanted::keys)
    }

    /// Whether the condition keeps some requests out by asking for a value: one that only says
    /// that the key may be absent, or that takes every value, does not.
    #[must_use]
    pub fn confines(&self) -> bool {
        let every = |value: &Node| {
            value
                .as_str()
                .is_some_and(|text| text.chars().all(|c| c == '*'))
        };
        let negated = self.operator.is_negated() || self.operator.met_without_key() != Truth::No;
        !negated && !self.operator.is_null() && !self.values.iter().any(every)
    }

    /// Whether a part of the key, or of the operator, is unknown before deployment.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Whether a request with this context meets the condition.
    #[must_use]
    pub fn met(&self, context: &Context) -> Truth {
        if self.is_open || !self.operator.exists() {
            return Truth::Unknown;
        }
        let known = context.get(&self.context_key);
        if self.operator.test == Test::Null {
            return self.null(known);
        }
        if self.asks_for_nothing() {
            return Truth::Unknown;
        }
        match known {
            Known::Unknown => self.for_unknown_values(),
            Known::Absent => self.operator.met_without_key(),
            Known::Values(values) => self.met_by(values, context),
        }
    }

    /// `Null` with a quantifier asks nothing.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-null-with-qualifier>
    fn null(&self, known: Known<'_>) -> Truth {
        match self.operator.quantifier {
            Some(Quantifier::ForAllValues) => return Truth::Yes,
            Some(Quantifier::ForAnyValue) => return Truth::No,
            None => {}
        }
        let absent = match known {
            // Whether an empty text is a value is not documented.
            Known::Values([value]) if value.as_str() == Some("") => Truth::Unknown,
            Known::Values(values) => Truth::from(values.is_empty()),
            Known::Absent => Truth::Yes,
            Known::Unknown => return Truth::Unknown,
        };
        Truth::any(self.wanted.iter().map(|wanted| match wanted.truth() {
            Some(true) => absent,
            Some(false) => !absent,
            None => Truth::Unknown,
        }))
    }

    /// A list without values and without quantifier; AWS contradicts itself about it.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-empty-array-condition>
    fn asks_for_nothing(&self) -> bool {
        let operator = &self.operator;
        self.values.is_empty() && operator.quantifier.is_none() && !operator.if_exists
    }

    /// Some conditions are met or not whatever the key holds.
    fn for_unknown_values(&self) -> Truth {
        let any_value_will_do = self.wanted.iter().any(Wanted::takes_everything)
            && self.operator.test.is_like()
            && !self.operator.negated;
        if any_value_will_do && self.operator.if_exists && self.operator.quantifier.is_none() {
            return Truth::Yes;
        }
        Truth::Unknown
    }

    fn met_by(&self, values: &[Text], context: &Context) -> Truth {
        let one = |value: &Text| self.met_by_one(value, context);
        match (self.operator.quantifier, values) {
            (Some(quantifier), values) => quantifier.of(values, one),
            (None, []) => self.operator.met_without_key(),
            (None, [single]) => one(single),
            // What AWS does with several values and no quantifier is not documented.
            (None, several) => match several.iter().map(one).reduce(same) {
                Some(truth) => truth,
                None => Truth::Unknown,
            },
        }
    }

    fn met_by_one(&self, value: &Text, context: &Context) -> Truth {
        let matched = Truth::any(self.wanted.iter().map(|w| w.matches(value, context)));
        match self.operator.negated {
            true => !matched,
            false => matched,
        }
    }
}

impl Quantifier {
    /// Whether all of the values meet a condition, or one of them. Nothing but empty texts counts as no
    /// values; what one among others does is not documented.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
    fn of(self, values: &[Text], meets: impl Fn(&Text) -> Truth) -> Truth {
        let is_empty = |value: &Text| value.as_str() == Some("");
        let of_one = |value: &Text| match is_empty(value) {
            true => Truth::Unknown,
            false => meets(value),
        };
        let values = match values.iter().all(is_empty) {
            true => &[],
            false => values,
        };
        match self {
            Quantifier::ForAllValues => Truth::all(values.iter().map(of_one)),
            Quantifier::ForAnyValue => Truth::any(values.iter().map(of_one)),
        }
    }
}

fn same(left: Truth, right: Truth) -> Truth {
    if left == right { left } else { Truth::Unknown }
}

#[cfg(test)]
mod tests;
