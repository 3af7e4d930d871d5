//! A parameter as a template declares it.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>

use crate::syntax::{Node, TextPattern};

/// The longest pattern that is tried.
const MOST_PATTERN: usize = 1_000;

/// Whether a parameter is a list.
pub(super) fn is_list(declared: &Node) -> bool {
    let kind = declared.str("Type");
    kind.is_some_and(|kind| kind.contains("List"))
}

/// Whether a list can be empty: CloudFormation takes no empty list of things that must be there.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html>
pub(super) fn can_be_empty(declared: &Node) -> bool {
    let kind = declared.str("Type");
    !kind.is_some_and(|kind| kind.contains("AWS::"))
}

/// Whether a parameter may be left out: it is empty then.
pub(super) fn is_optional(declared: &Node) -> bool {
    default(declared).is_some_and(|default| default.trim().is_empty())
}

/// The default of a parameter. That of one whose type is `AWS::SSM::Parameter::…` is only the name
/// of where the value is.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html>
pub(super) fn default(declared: &Node) -> Option<String> {
    let default = declared.get("Default").filter(|_| !names_a_place(declared));
    let default = default.and_then(Node::scalar);
    default.filter(|text| !text.contains("{{resolve:"))
}

/// Whether what is given for a parameter is only the name of where its value is.
fn names_a_place(declared: &Node) -> bool {
    let kind = declared.str("Type");
    kind.is_some_and(|kind| kind.starts_with("AWS::SSM::Parameter::"))
}

/// Which values a parameter can have, as far as its template says.
#[derive(Debug)]
pub(super) struct Limits<'t> {
    declared: &'t Node,
    /// The only values; all where there are none.
    pub(super) values: Vec<String>,
    /// What all of a value must match, in the dialect that CloudFormation's has in common with ours.
    pattern: Option<TextPattern>,
}

impl<'t> Limits<'t> {
    /// The limits of a parameter.
    pub(super) fn of(declared: &'t Node) -> Self {
        if names_a_place(declared) {
            // The limits are those of the name.
            return Limits {
                declared,
                values: Vec::new(),
                pattern: None,
            };
        }
        let allowed = declared.get("AllowedValues");
        let allowed = allowed.map_or(&[][..], Node::items);
        let pattern = declared.str("AllowedPattern");
        let pattern = pattern.filter(|pattern| pattern.len() <= MOST_PATTERN);
        Limits {
            declared,
            values: allowed.iter().filter_map(Node::scalar).collect(),
            pattern: pattern.and_then(|own| TextPattern::new(&format!("^(?:{own})$")).ok()),
        }
    }

    /// Whether the parameter can have a value; it can where that is not known.
    pub(super) fn allow(&self, value: &str) -> bool {
        let is_list = is_list(self.declared);
        if names_a_place(self.declared) || is_list && value.is_empty() {
            return true;
        }
        let mut items = value.split(',').map(str::trim);
        match is_list {
            true => items.all(|item| self.allow_text(item)),
            false => self.allow_text(value) && self.allow_size(value),
        }
    }

    fn allow_text(&self, text: &str) -> bool {
        let pattern = self.pattern.as_ref();
        let is_listed = self.values.is_empty() || self.values.iter().any(|own| own == text);
        is_listed && pattern.is_none_or(|pattern| pattern.matches(text))
    }

    /// Whether a text is as long, or a number as large, as it must be.
    fn allow_size(&self, value: &str) -> bool {
        match self.declared.str("Type") {
            Some("Number") => {
                let number = value.parse::<f64>();
                number.is_ok_and(|number| self.is_within(number, "MinValue", "MaxValue"))
            }
            _ => {
                let length = u32::try_from(value.chars().count()).unwrap_or(u32::MAX);
                self.is_within(f64::from(length), "MinLength", "MaxLength")
            }
        }
    }

    fn is_within(&self, size: f64, least: &str, most: &str) -> bool {
        let limit = |name: &str| self.declared.get(name)?.scalar()?.parse::<f64>().ok();
        limit(least).is_none_or(|least| size >= least)
            && limit(most).is_none_or(|most| size <= most)
    }
}
