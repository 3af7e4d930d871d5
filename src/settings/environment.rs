//! What is known only when a template is deployed.

use super::Given;
use super::given::{table, text, texts};
use crate::syntax::{Fields, Node};

/// Where and with which values templates are deployed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// The account ID.
    pub account: Option<Given<String>>,
    /// The Region.
    pub region: Option<Given<String>>,
    /// The partition.
    pub partition: Option<Given<String>>,
    /// Values of template parameters.
    pub parameters: Vec<(Given<String>, Given<String>)>,
    /// Files with values of template parameters.
    pub params: Vec<Given<String>>,
}

impl Environment {
    /// Reads the members that an environment has.
    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Self {
        Environment {
            account: text(fields, "account"),
            region: text(fields, "region"),
            partition: text(fields, "partition"),
            parameters: parameters(fields),
            params: texts(fields, "params").unwrap_or_default(),
        }
    }

    /// Reads an environment in a table of its own.
    pub(super) fn decode(node: &Node, fields: &mut Fields<'_, '_>) -> Self {
        let Some(mut own) = Fields::open(node, "an environment", fields.problems()) else {
            return Environment::default();
        };
        let environment = Environment::read(&mut own);
        own.finish();
        environment
    }

    /// These values, and those of another one where these say nothing.
    #[must_use]
    pub fn or(&self, other: &Environment) -> Environment {
        let own = |name: &Given<String>| {
            self.parameters
                .iter()
                .any(|(own, _)| own.value == name.value)
        };
        let more = other.parameters.iter().filter(|(name, _)| !own(name));
        Environment {
            account: self.account.clone().or_else(|| other.account.clone()),
            region: self.region.clone().or_else(|| other.region.clone()),
            partition: self.partition.clone().or_else(|| other.partition.clone()),
            parameters: self.parameters.iter().chain(more).cloned().collect(),
            // Of two values for a parameter the later file counts.
            params: other.params.iter().chain(&self.params).cloned().collect(),
        }
    }
}

/// Values by name: texts, numbers, truth values, or lists of them, as CloudFormation takes them.
fn parameters(fields: &mut Fields<'_, '_>) -> Vec<(Given<String>, Given<String>)> {
    let mut parameters = Vec::new();
    for (name, node) in table(fields, "parameters") {
        let values: Option<Vec<String>> = node.each().iter().map(Node::scalar).collect();
        match values {
            Some(values) => {
                let value = values.join(",");
                parameters.push((
                    name,
                    Given {
                        value,
                        span: node.span,
                    },
                ));
            }
            None => fields.mistake(
                &node,
                "the value of a parameter must be a text, a number or a list",
            ),
        }
    }
    parameters
}
