//! What makes a function run: triggers that invoke it, and sources that Lambda reads for it.

use super::FunctionName;
use crate::document::{Names, Node, Text};

/// A view of one member of `Triggers`; all its members are ours.
#[derive(Clone, Copy, Debug)]
pub struct Trigger<'n> {
    /// The trigger's object in the inventory.
    pub node: &'n Node,
}

impl<'n> Trigger<'n> {
    /// Views an object of the inventory.
    #[must_use]
    pub fn new(node: &'n Node) -> Self {
        Trigger { node }
    }

    /// The id of the push source.
    #[must_use]
    pub fn kind(self) -> &'n str {
        self.node.str("kind").unwrap_or("")
    }

    /// The function as the trigger names it.
    #[must_use]
    pub fn function(self) -> Option<FunctionName> {
        let arn = self.node.get("functionArn")?.as_text()?;
        Some(FunctionName::parse(arn))
    }

    /// The ARN that the source presents.
    #[must_use]
    pub fn source_arn(self) -> Option<&'n Text> {
        self.node.get("sourceArn")?.as_text()
    }

    /// The account that the source presents.
    #[must_use]
    pub fn source_account(self) -> Option<&'n Text> {
        self.node.get("sourceAccount")?.as_text()
    }

    /// Names for templates: all texts that are known of the trigger.
    #[must_use]
    pub fn names(self) -> Names {
        self.node.names()
    }
}

/// A view of one event source mapping, in the shape of `GetEventSourceMapping`.
#[derive(Clone, Copy, Debug)]
pub struct Mapping<'n> {
    /// The mapping's object in the inventory.
    pub node: &'n Node,
}

impl<'n> Mapping<'n> {
    /// Views an object of the inventory.
    #[must_use]
    pub fn new(node: &'n Node) -> Self {
        Mapping { node }
    }

    /// The id of the poll source; none where it is one that we do not know.
    #[must_use]
    pub fn source(self) -> Option<&'n str> {
        self.node.str("eventSource")
    }
}
