//! What makes a function run: triggers that invoke it, and sources that Lambda reads for it.

use super::members::{
    ASSUMER, ASSUMING_ROLE, CALLER_ROLE, CONDITION, EVENT_SOURCE, FUNCTION_ARN, IDLE, KIND,
    POSSIBLE_CALLER, POSSIBLE_ROLE, ROLE, SOURCE, SOURCE_ACCOUNT, SOURCE_ARN, WRITTEN_AS,
};
use super::{FunctionName, Role};
use crate::syntax::{Names, Node, Text};

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
        self.node.str(KIND).unwrap_or("")
    }

    /// The function as the trigger names it.
    #[must_use]
    pub fn function(self) -> Option<FunctionName> {
        let arn = self.node.get(FUNCTION_ARN)?.as_text()?;
        Some(FunctionName::parse(arn))
    }

    /// The ARN that the source presents.
    #[must_use]
    pub fn source_arn(self) -> Option<&'n Text> {
        self.node.get(SOURCE_ARN)?.as_text()
    }

    /// The account that the source presents.
    #[must_use]
    pub fn source_account(self) -> Option<&'n Text> {
        self.node.get(SOURCE_ACCOUNT)?.as_text()
    }

    /// The ARN of the role with which the source invokes the function; none where it needs none.
    #[must_use]
    pub fn role_arn(self) -> Option<&'n Text> {
        self.node.get(ROLE)?.as_text()
    }

    /// That role, where it is known.
    #[must_use]
    pub fn role(self) -> Option<Role<'n>> {
        self.node.get(CALLER_ROLE).map(Role::new)
    }

    /// What configures the source, in the terms of its service.
    #[must_use]
    pub fn source(self) -> Option<&'n Node> {
        self.node.get(SOURCE)
    }

    /// The ARN of the role that assumes that role; none where the service does it itself.
    #[must_use]
    pub fn assuming_role_arn(self) -> Option<&'n Text> {
        self.node.get(ASSUMING_ROLE)?.as_text()
    }

    /// The role that assumes that role, where it is known.
    #[must_use]
    pub fn assumer(self) -> Option<Role<'n>> {
        self.node.get(ASSUMER).map(Role::new)
    }

    /// The ARN of a role that the source may use to invoke the function, which is not documented.
    #[must_use]
    pub fn possible_role_arn(self) -> Option<&'n Text> {
        self.node.get(POSSIBLE_ROLE)?.as_text()
    }

    /// That role, where it is known.
    #[must_use]
    pub fn possible_role(self) -> Option<Role<'n>> {
        self.node.get(POSSIBLE_CALLER).map(Role::new)
    }

    /// Why the source calls nothing for now, where it does not.
    #[must_use]
    pub fn idle_because(self) -> Option<&'n str> {
        self.node.str(IDLE)
    }

    /// The condition on which the template makes the source.
    #[must_use]
    pub fn condition(self) -> Option<&'n str> {
        self.node.str(CONDITION)
    }

    /// Where the function is named in what was written of the trigger.
    #[must_use]
    pub fn place(self) -> &'n Node {
        let written = self.node.get(WRITTEN_AS);
        let arn = self.node.get(FUNCTION_ARN).and_then(Node::as_text);
        let named = written.zip(arn).and_then(|(written, arn)| {
            let shown = arn.to_string();
            let holds = |node: &&Node| {
                let text = node.as_text();
                text.is_some_and(|text| text.to_string().contains(&shown))
            };
            let find = |text: &Text| written.walk().find(|node| node.as_text() == Some(text));
            let by_name = || find(&FunctionName::parse(arn).name);
            find(arn)
                .or_else(|| written.walk().find(holds))
                .or_else(by_name)
        });
        named.or(written).unwrap_or(self.node)
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
        self.node.str(EVENT_SOURCE)
    }
}
