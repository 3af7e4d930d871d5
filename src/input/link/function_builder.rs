//! One function while it is put together.

use std::collections::HashSet;

use crate::diagnostics::quoted;
use crate::input::scope::Scope;
use crate::model::{FunctionName, MissingInput};
use crate::source::Span;
use crate::syntax::{Node, Text};

/// A function and what was found of it.
#[derive(Debug)]
pub(super) struct FunctionBuilder {
    pub(super) name: FunctionName,
    pub(super) configuration: Option<Node>,
    pub(super) scopes: Vec<Scope>,
    pub(super) policies: Vec<(Option<Text>, Option<Node>)>,
    pub(super) mappings: Vec<Node>,
    pub(super) invoke_configs: Vec<Node>,
    pub(super) aliases: Vec<Node>,
    pub(super) triggers: Vec<Node>,
    known_triggers: HashSet<[Option<Text>; 3]>,
    pub(super) role: Option<Node>,
    pub(super) span: Span,
}

impl FunctionBuilder {
    pub(super) fn new(name: &FunctionName, span: Span) -> Self {
        FunctionBuilder {
            name: FunctionName {
                qualifier: None,
                ..name.clone()
            },
            configuration: None,
            scopes: Vec::new(),
            policies: Vec::new(),
            mappings: Vec::new(),
            invoke_configs: Vec::new(),
            aliases: Vec::new(),
            triggers: Vec::new(),
            known_triggers: HashSet::new(),
            role: None,
            span,
        }
    }

    /// Whether that name is this function's: by ARN where both have one.
    pub(super) fn is(&self, name: &FunctionName) -> bool {
        match (&self.name.arn, &name.arn) {
            (Some(own), Some(other)) => own == other,
            _ => self.name.name == name.name,
        }
    }

    /// Whether a function of this ARN, or of the same name at that place, is this one.
    pub(super) fn can_be(&self, name: &FunctionName, scope: &Scope) -> bool {
        let by_arn = self.name.arn.is_some() && name.arn.is_some();
        let near = || self.scopes.iter().any(|own| own.is_related(scope));
        self.scopes.iter().all(|own| own.agrees(scope)) && self.is(name) && (by_arn || near())
    }

    /// Whether a function that the same template names is this one, if Region and account are those
    /// of the stack.
    pub(super) fn shares(&self, name: &FunctionName, scope: &Scope) -> bool {
        self.scopes.iter().any(|own| own.shares_bundle(scope)) && self.name.can_be(name)
    }

    /// Several answers can tell of one trigger, and several of its members can be the same call.
    pub(super) fn add_triggers(&mut self, triggers: Vec<Node>) {
        for trigger in triggers {
            let id = ["kind", "functionArn", "sourceArn"]
                .map(|name| trigger.get(name).and_then(Node::as_text).cloned());
            if self.known_triggers.insert(id) {
                self.triggers.push(trigger);
            }
        }
    }

    /// The ARN of the role in the configuration.
    pub(super) fn role_arn(&self) -> Option<&Text> {
        self.configuration.as_ref()?.get("Role")?.as_text()
    }

    /// The function's name in a command.
    fn shown(&self) -> String {
        let name = self.name.name.as_str().filter(|name| !name.is_empty());
        name.map_or_else(|| "FUNCTION".to_owned(), quoted)
    }

    /// What to call the function.
    pub(super) fn called(&self) -> String {
        let id = self
            .configuration
            .as_ref()
            .and_then(|node| node.str("LogicalId"));
        id.map_or_else(|| self.shown(), str::to_owned)
    }

    /// Takes a configuration; that of the function itself counts before those of its versions.
    pub(super) fn configure_by(&mut self, fact: &Node) {
        let latest = |node: &Node| {
            node.str("Version")
                .is_none_or(|version| version == "$LATEST")
        };
        let better = match &self.configuration {
            None => true,
            Some(known) => !latest(known) && latest(fact),
        };
        if better {
            self.configuration = Some(fact.clone());
        }
    }

    /// Adds a member to the configuration, which is begun if there is none.
    pub(super) fn configure(&mut self, member: &str, value: Node) {
        let configuration = self.configuration.take().unwrap_or_else(|| self.stub());
        self.configuration = Some(configuration.with(member, value));
    }

    /// A configuration of which only the name is known.
    fn stub(&self) -> Node {
        let name = Node::text(self.name.name.clone(), self.span);
        let stub = Node::object([("FunctionName", name)], self.span);
        match &self.name.arn {
            Some(arn) => stub.with("FunctionArn", Node::text(arn.clone(), self.span)),
            None => stub,
        }
    }

    pub(super) fn finish(self) -> Node {
        let span = self.configuration.as_ref().map_or(self.span, |c| c.span);
        let absent = self.absent().iter().map(|a| a.to_node(span)).collect();
        let configuration = self.configuration.clone().unwrap_or_else(|| self.stub());
        let beside = ["Code", "Tags"].map(|name| (name, configuration.get(name).cloned()));
        let list = |items| Node::array(items, span);
        let policies = self.policies.iter().map(|(qualifier, document)| {
            let entry = Node::object([], span);
            let entry = match qualifier {
                Some(qualifier) => entry.with("Qualifier", Node::text(qualifier.clone(), span)),
                None => entry,
            };
            match document {
                Some(document) => entry.with("PolicyDocument", document.clone()),
                None => entry,
            }
        });
        let policies = policies.collect();
        let mut function = Node::object(
            [
                ("Configuration", configuration),
                ("Policies", list(policies)),
                ("EventSourceMappings", list(self.mappings)),
                ("FunctionEventInvokeConfigs", list(self.invoke_configs)),
                ("Aliases", list(self.aliases)),
                ("Triggers", list(self.triggers)),
                ("absent", list(absent)),
            ],
            span,
        );
        let beside = beside.into_iter().chain([("Role", self.role)]);
        for (name, node) in beside {
            if let Some(node) = node {
                function = function.with(name, node);
            }
        }
        function
    }

    fn absent(&self) -> Vec<MissingInput> {
        let (name, called) = (self.shown(), self.called());
        let mut absent = Vec::new();
        let mut add = |member: &str, what: String, fetch: String| {
            absent.push(MissingInput {
                member: member.to_owned(),
                what,
                is_open: fetch.is_empty(),
                fetch,
            });
        };
        if self.configuration.is_none() {
            let fetch = format!("aws lambda get-function-configuration --function-name {name}");
            add(
                "Configuration",
                format!("the configuration of `{called}`"),
                fetch,
            );
        }
        if self.policies.is_empty() {
            let open = self
                .configuration
                .as_ref()
                .and_then(|node| node.str("openPolicy"));
            match open {
                Some(why) => add("Policies", why.to_owned(), String::new()),
                None => {
                    let fetch = format!("aws lambda get-policy --function-name {name}");
                    add(
                        "Policies",
                        format!("the function policy of `{called}`"),
                        fetch,
                    );
                }
            }
        }
        if self.role.is_none() {
            let (what, fetch) = self.absent_role(&called);
            add("Role", what, fetch);
        }
        absent
    }

    fn absent_role(&self, called: &str) -> (String, String) {
        let what = format!("the execution role of `{called}`");
        match self.role_arn().map(|arn| (arn, arn.as_str())) {
            Some((_, Some(known))) => {
                let role = super::role::name_of(known);
                (what, format!("aws iam get-role --role-name {role}"))
            }
            Some((open, None)) => {
                let why = format!("{what} is not known before the deploy: {open}");
                (why, String::new())
            }
            None => (what, "aws iam get-role --role-name ROLE".to_owned()),
        }
    }
}
