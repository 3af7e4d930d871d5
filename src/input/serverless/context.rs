//! What the data can ask for about a function or the service.

use super::calls::{attribute, call};
use super::fill::Fill;
use super::service::{Function, Service};
use crate::source::Span;
use crate::syntax::{Node, Text};

impl Service<'_> {
    /// What the data can ask for about a function, with the properties of the function or of one of its events.
    pub(super) fn fill(&self, function: &Function, properties: Node, span: Span) -> Fill {
        let name = |text: &str| Text::from(text);
        let group = format!("{}LogGroup", function.id);
        let arn = Fill {
            properties: Node::object([("name", Node::text(function.name.clone(), span))], span),
            names: Vec::new(),
            values: Vec::new(),
            span,
        };
        let arn = arn.value(self.fact(&["function", "functionArn"]));
        let role_id = self.role_id(function);
        let values = [
            ("target", Some(self.target(function, span))),
            ("role", Some(self.role(function, span))),
            ("roleId", role_id.map(|id| Node::text(id, span))),
            ("arn", arn),
            ("logGroupId", Some(Node::text(group, span))),
            ("image", Some(Node::text("Image", span))),
        ];
        let known = values
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        let alias = function.alias.map_or("", |alias| match alias {
            "snapstart" => "SnapStart",
            _ => "ProvConc",
        });
        Fill {
            properties,
            names: vec![
                ("function", name(&function.id)),
                ("functionName", function.name.clone()),
                ("key", name(&function.key)),
                ("service", self.name.clone()),
                ("stage", self.stage.clone()),
                ("alias", name(alias)),
            ],
            values: known.collect(),
            span,
        }
    }

    /// What the data can ask for where it is about no function.
    pub(super) fn bare(&self, properties: Node, span: Span) -> Fill {
        Fill {
            properties,
            names: vec![
                ("service", self.name.clone()),
                ("stage", self.stage.clone()),
            ],
            values: Vec::new(),
            span,
        }
    }

    /// What is invoked: the function, or an alias of it.
    pub(super) fn target(&self, function: &Function, span: Span) -> Node {
        let arn = attribute(&format!("{}LambdaFunction", function.id), "Arn", span);
        let Some(alias) = function.alias else {
            return arn;
        };
        let parts = Node::array(vec![arn, Node::text(alias, span)], span);
        let parts = Node::array(vec![Node::text(":", span), parts], span);
        call("Fn::Join", parts)
    }

    /// The function of a name in the configuration.
    pub(super) fn function_of(&self, key: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.key == key)
    }
}
