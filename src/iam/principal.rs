//! Who asks, and who is named in a policy.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use super::context::Context;
use super::pattern::{Pattern, Style};
use super::policy::Defect;
use super::truth::Truth;
use crate::document::{Kind, Node, Text};
use crate::source::Span;

/// Who makes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// An AWS service, by its principal name such as `s3.amazonaws.com`.
    Service(Text),
    /// Somebody without AWS credentials.
    Anonymous,
    /// Somebody of whom nothing is known.
    Unknown,
}

/// The `Principal` or `NotPrincipal` element of a statement.
#[derive(Clone, Debug)]
pub struct PrincipalElement {
    /// Whether it is `NotPrincipal`.
    pub negated: bool,
    /// Who is named.
    pub entries: Vec<PrincipalEntry>,
    /// Where the element's value was written.
    pub span: Span,
    /// Whether some name could not be read.
    unreadable: bool,
}

/// One name in a principal element.
#[derive(Clone, Debug)]
pub struct PrincipalEntry {
    /// `AWS`, `Service`, `Federated`, `CanonicalUser`; empty for a bare `*`.
    pub kind: String,
    /// The name.
    pub name: Text,
    /// Where the name was written.
    pub span: Span,
}

impl PrincipalElement {
    pub(super) fn read(node: &Node, negated: bool, defects: &mut Vec<Defect>) -> Self {
        let mut element = PrincipalElement {
            negated,
            entries: Vec::new(),
            span: node.span,
            unreadable: false,
        };
        let named: Vec<(&str, &Node)> = match &node.kind {
            Kind::Object(members) => members
                .iter()
                .flat_map(|m| m.value.each().iter().map(|value| (&*m.key.text, value)))
                .collect(),
            _ => vec![("", node)],
        };
        for (kind, value) in named {
            match PrincipalEntry::read(kind, value) {
                Some(entry) => element.entries.push(entry),
                None => {
                    element.unreadable = true;
                    let message = "a principal must be a text or a list of texts";
                    defects.push(Defect::new(value.span, message));
                }
            }
        }
        element
    }

    /// Whether the element lets the caller in.
    #[must_use]
    pub fn covers(&self, caller: &Caller, context: &Context) -> Truth {
        let named = Truth::any(self.entries.iter().map(|e| e.names(caller, context)));
        let named = if self.unreadable {
            named.or(Truth::Unknown)
        } else {
            named
        };
        if self.negated { !named } else { named }
    }

    /// Whether everybody is named.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        !self.negated && self.entries.iter().any(PrincipalEntry::is_everybody)
    }

    /// Whether a service is named.
    #[must_use]
    pub fn names_service(&self) -> bool {
        !self.negated && self.entries.iter().any(|entry| entry.kind == "Service")
    }
}

impl PrincipalEntry {
    fn read(kind: &str, value: &Node) -> Option<Self> {
        let name = match &value.kind {
            Kind::Text(text) => text.clone(),
            Kind::Number(number) => Text::from(std::sync::Arc::clone(number)),
            _ => return None,
        };
        Some(PrincipalEntry {
            kind: kind.to_owned(),
            name,
            span: value.span,
        })
    }

    /// `*`, alone or as an `AWS` principal, names everybody.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        self.name.as_str() == Some("*") && (self.kind.is_empty() || self.kind == "AWS")
    }

    fn names(&self, caller: &Caller, context: &Context) -> Truth {
        if self.is_everybody() {
            return Truth::Yes;
        }
        match caller {
            Caller::Unknown => Truth::Unknown,
            Caller::Anonymous => Truth::No,
            Caller::Service(service) if self.kind == "Service" => {
                same_text(&self.name, service, context)
            }
            Caller::Service(_) => Truth::No,
        }
    }
}

/// Whether two texts are equal, whatever is in their holes.
fn same_text(left: &Text, right: &Text, context: &Context) -> Truth {
    const PLAIN: Style = Style {
        wildcards: false,
        segments: false,
        fold: true,
        variables: false,
    };
    Pattern::new(left, PLAIN).matches(right, context)
}
