//! Findings: what is wrong with the user's permissions, and what to do about it.

use std::sync::Arc;

use super::{Confidence, Fix, Patch, PolicyKind, Severity};
use crate::source::Span;

/// A place and what there is to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// One line of text; may be empty for the place alone.
    pub text: String,
}

/// Whom and what a finding is about, for people who filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Name, logical id or address of the function.
    pub function: Option<String>,
    /// Other functions with the same fault, which the same change mends.
    pub others: Vec<String>,
    /// The document that must change.
    pub policy: Option<PolicyKind>,
    /// Actions that were refused or that are wrong.
    pub actions: Vec<String>,
    /// The resource that they are needed on.
    pub resource: Option<String>,
    /// Who was refused, where that is not the execution role.
    pub principal: Option<String>,
}

/// What causes a finding, where several places can suffer from one thing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cause {
    /// The place of the role or document that is at fault.
    pub span: Span,
    /// What it is needed for.
    pub purpose: String,
}

/// One fault in the user's permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `pack/name` of the rule.
    pub rule: Arc<str>,
    /// How bad it is.
    pub severity: Severity,
    /// How sure we are.
    pub confidence: Confidence,
    /// What will fail and who was refused, in one line.
    pub message: String,
    /// The place that requires the permission, or that is wrong.
    pub primary: Label,
    /// Facts that explain it, each with a word for what kind of fact it is, as in `missing`.
    pub notes: Vec<Note>,
    /// What to do.
    pub help: Option<String>,
    /// AWS's page about it.
    pub url: Option<String>,
    /// Whom and what it is about.
    pub subject: Subject,
    /// Where its function is declared.
    pub function_place: Option<Span>,
    /// What to write, ready to paste.
    pub fix: Option<Fix>,
    /// What causes it, where that may cause others of the same rule.
    pub cause: Option<Cause>,
    /// The same as changes of the files that were read, where that is possible and was checked.
    pub patch: Option<Patch>,
    /// The JSON pointer of the primary place, in the file that was read.
    pub pointer: String,
    /// What stays the same when lines move, statements change their order or the file is renamed: 16
    /// hexadecimal digits. Two findings of one file may share it.
    pub fingerprint: String,
}

/// One line under a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What kind of line it is: `missing`, `effect`, `note`.
    pub word: &'static str,
    /// The line.
    pub text: String,
    /// The place that it speaks of.
    pub span: Option<Span>,
}

impl Note {
    /// A line of a kind, about no place in particular.
    #[must_use]
    pub fn new(word: &'static str, text: impl Into<String>) -> Self {
        Note {
            word,
            text: text.into(),
            span: None,
        }
    }

    /// A note about a place.
    #[must_use]
    pub fn at(text: impl Into<String>, span: Span) -> Self {
        Note {
            span: Some(span),
            ..Note::new("note", text)
        }
    }
}

/// A finding is made of its rule, message and place, and of what is added to them.
impl Finding {
    /// A certain finding of a rule at a place.
    #[must_use]
    pub fn new(rule: Arc<str>, severity: Severity, message: String, span: Span) -> Self {
        Finding {
            rule,
            severity,
            confidence: Confidence::Certain,
            message,
            primary: Label {
                span,
                text: String::new(),
            },
            notes: Vec::new(),
            help: None,
            url: None,
            subject: Subject::default(),
            function_place: None,
            fix: None,
            cause: None,
            patch: None,
            pointer: String::new(),
            fingerprint: String::new(),
        }
    }

    /// Replaces the message.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// Says something at the place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds lines that explain it.
    #[must_use]
    pub fn notes(mut self, notes: impl IntoIterator<Item = Note>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names AWS's page about it, if there is one.
    #[must_use]
    pub fn url(mut self, url: Option<&String>) -> Self {
        self.url = url.cloned().or(self.url);
        self
    }

    /// Names the function.
    #[must_use]
    pub fn function(mut self, function: Option<String>) -> Self {
        self.subject.function = function;
        self
    }

    /// Names the document that must change.
    #[must_use]
    pub fn policy(mut self, policy: PolicyKind) -> Self {
        self.subject.policy = Some(policy);
        self
    }

    /// Names the actions, each once.
    #[must_use]
    pub fn actions(mut self, actions: impl IntoIterator<Item = String>) -> Self {
        for action in actions {
            if !self.subject.actions.contains(&action) {
                self.subject.actions.push(action);
            }
        }
        self
    }

    /// Names the resource.
    #[must_use]
    pub fn resource(mut self, resource: Option<String>) -> Self {
        self.subject.resource = resource;
        self
    }

    /// Names who was refused.
    #[must_use]
    pub fn principal(mut self, principal: Option<String>) -> Self {
        self.subject.principal = principal;
        self
    }

    /// Says what to write.
    #[must_use]
    pub fn fix(mut self, fix: Option<impl Into<Fix>>) -> Self {
        self.fix = fix.map(Into::into);
        self
    }

    /// Says what causes it, which others of the same rule may have in common with it.
    #[must_use]
    pub fn cause(mut self, cause: Option<Cause>) -> Self {
        self.cause = cause;
        self
    }

    /// Marks it as resting on something that AWS does not document, or that the user did not say.
    #[must_use]
    pub fn likely(mut self) -> Self {
        self.confidence = Confidence::Likely;
        self
    }

    /// Makes it no more severe than that.
    #[must_use]
    pub fn at_most(mut self, severity: Severity) -> Self {
        self.severity = self.severity.min(severity);
        self
    }
}
