//! A kind of requirement: its name, its form and its documentation.

use std::fmt;

use super::context::{LintContext, LintResult, Match};
use super::required_grant::Needed;
use super::rule_metadata::RuleMetadata;
use super::suppression_fault::SuppressionFault;
use crate::catalogue::Need;
use crate::syntax::Fields;

/// Something that must hold at every place that a rule selects.
pub trait Requirement: fmt::Debug + Send + Sync {
    /// Checks one place.
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    );

    /// Whether it holds where nothing is selected: it forbids what it selects.
    fn holds_without_match(&self) -> bool {
        false
    }

    /// The actions that it asks for by itself, without the catalogue.
    fn actions(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What it requires of the execution role, and how much.
    fn needs_of_role(&self) -> Option<(&Needed, Need)> {
        None
    }

    /// Whether a check looks at the findings of those before it.
    fn looks_at_findings(&self) -> bool {
        false
    }

    /// Whether the trust policy of a role decides it.
    fn is_of_trust_policy(&self) -> bool {
        false
    }

    /// Which fault of a suppression it is about.
    fn suppression_fault(&self) -> Option<SuppressionFault> {
        None
    }
}

/// The requirement of a rule that cannot be read: it holds everywhere.
#[derive(Debug)]
pub(super) struct Nothing;

impl Requirement for Nothing {
    fn check(&self, _: LintContext<'_>, _: &RuleMetadata, _: Match<'_, '_>, _: &mut LintResult) {}
}

/// A kind of requirement. Its file holds this, its form and its check; the list of kinds, the schema
/// and the page of the book are made from it.
#[derive(Debug)]
pub struct Kind {
    /// The member of `require`.
    pub name: &'static str,
    /// What must hold, in a sentence or two.
    pub summary: &'static str,
    /// What a rule must select for it; empty if it selects nothing.
    pub selects: &'static str,
    /// The members that it takes.
    pub members: &'static [Member],
    /// Which of the members go together, as prose for the page and a message.
    pub note: &'static str,
    /// Whether it is about a function's policies, so that a rule must select in functions.
    pub is_of_function: bool,
    /// Whether it has no words of its own, so that the rule must bring a message.
    pub needs_message: bool,
    /// Reads its members. `true` is for packs that come with the program, whose patterns are read when
    /// they are needed.
    pub decode: fn(&mut Fields<'_, '_>, bool) -> Option<Box<dyn Requirement>>,
}

/// A member that a requirement takes.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub description: &'static str,
    /// Its form.
    pub form: Form,
    /// Whether it must be there.
    pub is_required: bool,
}

/// The form of a member.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A text.
    Text,
    /// A list of texts, or one text.
    Texts,
    /// A whole number.
    Number,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A JSONPath.
    Path,
    /// A text with `{names}`.
    Template,
    /// A regular expression.
    Pattern,
    /// A list of grants.
    Grants,
}

/// A member that must be there.
pub(super) const fn required(name: &'static str, form: Form, description: &'static str) -> Member {
    Member {
        name,
        description,
        form,
        is_required: true,
    }
}

/// A member that may be there.
pub(super) const fn optional(name: &'static str, form: Form, description: &'static str) -> Member {
    Member {
        is_required: false,
        ..required(name, form, description)
    }
}

/// A kind that takes no members.
pub(super) const fn plain(
    name: &'static str,
    selects: &'static str,
    summary: &'static str,
    decode: fn(&mut Fields<'_, '_>, bool) -> Option<Box<dyn Requirement>>,
) -> Kind {
    Kind {
        name,
        summary,
        selects,
        members: &[],
        note: "",
        is_of_function: false,
        needs_message: false,
        decode,
    }
}
