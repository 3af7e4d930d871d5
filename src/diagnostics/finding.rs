//! Findings: what is wrong with the user's permissions, and what to do about it.

use std::sync::Arc;

use super::{Confidence, Fix, Patch, PolicyKind, Severity};
use crate::source::Span;

/// A location with a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The location.
    pub span: Span,
    /// One line of text; empty for the location alone.
    pub text: String,
}

/// The subject of a finding, for filtering.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Name, logical ID or address of the function.
    pub function: Option<String>,
    /// Other affected functions that the same change fixes.
    pub others: Vec<String>,
    /// The document that must change.
    pub policy: Option<PolicyKind>,
    /// Actions that are missing or wrong.
    pub actions: Vec<String>,
    /// The resource that requires them.
    pub resource: Option<String>,
    /// The denied principal, if it is not the execution role.
    pub principal: Option<String>,
}

/// The cause of a finding, which several findings can share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cause {
    /// The location of the role or document that must change.
    pub span: Span,
    /// What it is needed for.
    pub purpose: String,
}

/// One error in the permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `pack/name` of the rule.
    pub rule: Arc<str>,
    /// The severity.
    pub severity: Severity,
    /// The confidence.
    pub confidence: Confidence,
    /// What fails and which principal is denied, in one line.
    pub message: String,
    /// The location that requires the permission, or that is wrong.
    pub primary: Label,
    /// Facts that explain it, each with a label such as `missing`.
    pub notes: Vec<Note>,
    /// What to do.
    pub help: Option<String>,
    /// AWS's page about it.
    pub url: Option<String>,
    /// The subject.
    pub subject: Subject,
    /// Where its function is declared.
    pub function_place: Option<Span>,
    /// What to write, ready to paste.
    pub fix: Option<Fix>,
    /// The cause, if other findings of the same rule can share it.
    pub cause: Option<Cause>,
    /// The fix as edits of the files that were read, if possible and verified.
    pub patch: Option<Patch>,
    /// The JSON pointer of the primary location, in the file that was read.
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
    /// The location that it is about.
    pub span: Option<Span>,
}

impl Note {
    /// A line without a location.
    #[must_use]
    pub fn new(word: &'static str, text: impl Into<String>) -> Self {
        Note {
            word,
            text: text.into(),
            span: None,
        }
    }

    /// A note with a location.
    #[must_use]
    pub fn at(text: impl Into<String>, span: Span) -> Self {
        Note {
            span: Some(span),
            ..Note::new("note", text)
        }
    }
}

/// A finding is created with its rule, message and location; these methods add the rest.
impl Finding {
    /// A certain finding of a rule at a location.
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

    /// Sets the label of the location.
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

    /// Sets the help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the AWS page about it, if there is one.
    #[must_use]
    pub fn url(mut self, url: Option<&String>) -> Self {
        self.url = url.cloned().or(self.url);
        self
    }

    /// Sets the function.
    #[must_use]
    pub fn function(mut self, function: Option<String>) -> Self {
        self.subject.function = function;
        self
    }

    /// Sets the document that must change.
    #[must_use]
    pub fn policy(mut self, policy: PolicyKind) -> Self {
        self.subject.policy = Some(policy);
        self
    }

    /// Sets the actions, without duplicates.
    #[must_use]
    pub fn actions(mut self, actions: impl IntoIterator<Item = String>) -> Self {
        for action in actions {
            if !self.subject.actions.contains(&action) {
                self.subject.actions.push(action);
            }
        }
        self
    }

    /// Sets the resource.
    #[must_use]
    pub fn resource(mut self, resource: Option<String>) -> Self {
        self.subject.resource = resource;
        self
    }

    /// Sets the denied principal.
    #[must_use]
    pub fn principal(mut self, principal: Option<String>) -> Self {
        self.subject.principal = principal;
        self
    }

    /// Sets the fix.
    #[must_use]
    pub fn fix(mut self, fix: Option<impl Into<Fix>>) -> Self {
        self.fix = fix.map(Into::into);
        self
    }

    /// Sets the cause, which other findings of the same rule can share.
    #[must_use]
    pub fn cause(mut self, cause: Option<Cause>) -> Self {
        self.cause = cause;
        self
    }

    /// Marks it as dependent on something that AWS does not document, or that was not provided.
    #[must_use]
    pub fn likely(mut self) -> Self {
        self.confidence = Confidence::Likely;
        self
    }

    /// Limits the severity.
    #[must_use]
    pub fn at_most(mut self, severity: Severity) -> Self {
        self.severity = self.severity.min(severity);
        self
    }
}
