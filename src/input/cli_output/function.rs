//! Functions, and what Lambda lists of each: mappings, invoke configurations and aliases.

use super::Reader;
use crate::input::facts::{FunctionFact, FunctionPart, LogGroup, LogGroupList, push};
use crate::input::scope::Scope;
use crate::model::FunctionName;
use crate::syntax::Node;

impl Reader<'_, '_> {
    /// A configuration; `GetFunction` prints the code and the tags beside it. One that names no
    /// function says nothing.
    pub(super) fn function(&mut self, configuration: &Node, root: &Node, scope: &Scope) {
        let by_arn = named(configuration, "FunctionArn");
        let Some(name) = by_arn.or_else(|| named(configuration, "FunctionName")) else {
            return;
        };
        let beside = |name: &str| root.get(name).or_else(|| configuration.get(name)).cloned();
        let fact = FunctionFact {
            name,
            configuration: configuration.clone(),
            code: beside("Code"),
            tags: beside("Tags"),
            logical_id: None,
            construct_path: None,
            unknown_policy: None,
            ignored: Vec::new(),
        };
        push(&mut self.emitter.facts.functions, fact, scope);
    }

    /// `DescribeLogGroups`.
    pub(super) fn log_groups(&mut self, root: &Node, list: &Node, scope: &Scope) {
        let text = |group: &Node, name: &str| group.get(name)?.as_text().cloned();
        let groups = list.items().iter().filter_map(|group| {
            Some(LogGroup {
                name: text(group, "logGroupName")?,
                arn: text(group, "arn"),
            })
        });
        let fact = LogGroupList {
            groups: groups.collect(),
            is_truncated: root.get("nextToken").is_some() || root.get("NextToken").is_some(),
            span: list.span,
        };
        push(&mut self.emitter.facts.log_groups, fact, scope);
    }

    pub(super) fn mapping(&mut self, node: &Node, scope: &Scope) {
        let mut fact = part(node, "FunctionArn");
        fact.id = node.get("UUID").and_then(Node::as_text).cloned();
        push(&mut self.emitter.facts.mappings, fact, scope);
    }

    pub(super) fn invoke_config(&mut self, node: &Node, scope: &Scope) {
        let fact = part(node, "FunctionArn");
        push(&mut self.emitter.facts.invoke_configs, fact, scope);
    }

    pub(super) fn alias(&mut self, node: &Node, scope: &Scope) {
        let fact = part(node, "AliasArn");
        push(&mut self.emitter.facts.aliases, fact, scope);
    }
}

/// A part of the function that a member names.
fn part(node: &Node, member: &str) -> FunctionPart {
    FunctionPart {
        function: named(node, member),
        id: node.get(member).and_then(Node::as_text).cloned(),
        configuration: node.clone(),
    }
}

fn named(node: &Node, member: &str) -> Option<FunctionName> {
    let text = node.get(member)?.as_text()?;
    (text.as_str() != Some("")).then(|| FunctionName::parse(text))
}

pub(super) fn is_invoke_config(node: &Node) -> bool {
    const MEMBERS: [&str; 3] = [
        "DestinationConfig",
        "MaximumRetryAttempts",
        "MaximumEventAgeInSeconds",
    ];
    MEMBERS.iter().any(|member| node.get(member).is_some())
}
