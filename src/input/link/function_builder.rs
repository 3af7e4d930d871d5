//! One function while it is put together.

use std::collections::HashSet;

use super::shared::name_of;
use crate::diagnostics::quoted;
use crate::input::facts::{FunctionFact, FunctionPart};
use crate::input::scope::Scope;
use crate::model::members::{ABSENT, CONSTRUCT_PATH, FUNCTION_ARN, IGNORED, LOGICAL_ID};
use crate::model::{FunctionName, MissingInput, shape};
use crate::source::Span;
use crate::syntax::{Node, Text};

/// A function and what was found of it.
#[derive(Debug)]
pub(super) struct FunctionBuilder {
    pub(super) name: FunctionName,
    pub(super) fact: Option<FunctionFact>,
    pub(super) scopes: Vec<Scope>,
    pub(super) policies: Vec<(Option<Text>, Option<Node>)>,
    pub(super) mappings: Parts,
    pub(super) invoke_configs: Parts,
    pub(super) aliases: Parts,
    pub(super) triggers: Vec<Node>,
    known_triggers: HashSet<[Option<Text>; 3]>,
    pub(super) role: Option<Node>,
    /// How many roles can be its execution role, where those are several.
    pub(super) possible_roles: usize,
    /// Whether flags are about it.
    pub(super) is_asked_for: bool,
    pub(super) span: Span,
}

/// What belongs to a function, of one kind.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) nodes: Vec<Node>,
    ids: HashSet<Text>,
}

impl Parts {
    /// Adds a part, unless another document had it.
    pub(super) fn add(&mut self, part: &FunctionPart, node: Node) {
        let id = part.id.as_ref();
        if id.is_none_or(|id| self.ids.insert(id.clone())) {
            self.nodes.push(node);
        }
    }
}

impl FunctionBuilder {
    pub(super) fn new(name: &FunctionName, span: Span) -> Self {
        FunctionBuilder {
            name: FunctionName {
                qualifier: None,
                ..name.clone()
            },
            fact: None,
            scopes: Vec::new(),
            policies: Vec::new(),
            mappings: Parts::default(),
            invoke_configs: Parts::default(),
            aliases: Parts::default(),
            triggers: Vec::new(),
            known_triggers: HashSet::new(),
            role: None,
            possible_roles: 0,
            is_asked_for: false,
            span,
        }
    }

    /// Adds a place at which something tells of the function.
    pub(super) fn add_scope(&mut self, scope: &Scope) {
        if self.scopes.last() != Some(scope) {
            self.scopes.push(scope.clone());
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

    /// Several documents can have one trigger, and several members of one can be the same call.
    pub(super) fn add_triggers(&mut self, triggers: Vec<Node>) {
        for trigger in triggers {
            let id = ["kind", "functionArn", "sourceArn"]
                .map(|name| trigger.get(name).and_then(Node::as_text).cloned());
            if self.known_triggers.insert(id) {
                self.triggers.push(trigger);
            }
        }
    }

    /// The only qualifier that a trigger calls and whose function policy is not at hand, where that of
    /// the function itself is: a further answer that names no qualifier is about it.
    pub(super) fn awaited_qualifier(&self) -> Option<Text> {
        let is_known = |qualifier: Option<&Text>| {
            let mut policies = self.policies.iter();
            policies.any(|(known, _)| known.as_ref() == qualifier)
        };
        let arns = self.triggers.iter();
        let arns = arns.filter_map(|trigger| trigger.get(FUNCTION_ARN)?.as_text());
        let called = arns.filter_map(|arn| FunctionName::parse(arn).policy_qualifier().cloned());
        let awaited: HashSet<Text> = called.filter(|q| !is_known(Some(q))).collect();
        let mut awaited = awaited.into_iter().filter(|_| is_known(None));
        awaited.next().filter(|_| awaited.next().is_none())
    }

    /// The ARN of the role in the configuration.
    pub(super) fn role_arn(&self) -> Option<&Text> {
        self.fact.as_ref()?.configuration.get("Role")?.as_text()
    }

    /// Whether something tells of the function itself, and not only what calls it.
    pub(super) fn is_told(&self) -> bool {
        self.fact.is_some() || self.is_asked_for
    }

    /// Whether nothing but flags tells of the function.
    pub(super) fn is_only_asked_for(&self) -> bool {
        self.is_asked_for && self.role_arn().is_none() && self.triggers.is_empty()
    }

    /// The log group that the function writes to, where its configuration is known.
    pub(super) fn log_group(&self) -> Option<Text> {
        let configuration = &self.fact.as_ref()?.configuration;
        let custom = configuration.at(&["LoggingConfig", "LogGroup"]);
        match custom {
            Some(custom) => custom.as_text().cloned(),
            None => {
                let name = Some(&self.name.name).filter(|name| name.as_str().is_some());
                name.map(FunctionName::default_log_group)
            }
        }
    }

    /// The function's name in a command.
    fn shown(&self) -> String {
        let name = self.name.name.as_str().filter(|name| !name.is_empty());
        name.map_or_else(|| "FUNCTION".to_owned(), quoted)
    }

    /// What to call the function.
    pub(super) fn called(&self) -> String {
        let id = self.fact.as_ref().and_then(|fact| fact.logical_id.clone());
        id.unwrap_or_else(|| self.shown())
    }

    /// Adds a configuration; that of the function itself counts before those of its versions.
    pub(super) fn configure_by(&mut self, fact: &FunctionFact) {
        let is_latest = |fact: &FunctionFact| {
            let version = fact.configuration.str("Version");
            version.is_none_or(|version| version == "$LATEST")
        };
        let is_better = match &self.fact {
            None => true,
            Some(known) => !is_latest(known) && is_latest(fact),
        };
        if is_better {
            self.fact = Some(fact.clone());
        }
    }

    /// Adds a member to the configuration, which is begun if there is none.
    pub(super) fn configure(&mut self, member: &str, value: Node) {
        let stub = self.stub();
        let fact = self.fact.get_or_insert(stub);
        fact.configuration = fact.configuration.with(member, value);
    }

    /// A function of which only the name is known.
    fn stub(&self) -> FunctionFact {
        let text = |text: &Text| Node::text(text.clone(), self.span);
        let name = ("FunctionName", text(&self.name.name));
        let arn = self.name.arn.as_ref().map(|arn| ("FunctionArn", text(arn)));
        FunctionFact {
            name: self.name.clone(),
            configuration: Node::object([name].into_iter().chain(arn), self.span),
            code: None,
            tags: None,
            logical_id: None,
            construct_path: None,
            unknown_policy: None,
            ignored: Vec::new(),
        }
    }

    /// The function in the form of the inventory.
    pub(super) fn finish(mut self) -> Node {
        let absent = self.absent();
        let fact = self.fact.take().unwrap_or_else(|| self.stub());
        let span = fact.configuration.span;
        let list = |items| Node::array(items, span);
        let absent = absent.iter().map(|absent| absent.to_node(span)).collect();
        let policies = self.policies.iter();
        let policies = policies.map(|(qualifier, document)| {
            let qualifier = qualifier.as_ref();
            let qualifier = qualifier.map(|q| ("Qualifier", Node::text(q.clone(), span)));
            let document = document.as_ref().map(|d| ("PolicyDocument", d.clone()));
            Node::object(qualifier.into_iter().chain(document), span)
        });
        let policies = policies.collect();
        let each = |parts: Parts, shape| {
            let nodes = parts.nodes.iter();
            list(nodes.map(|node| shape::project(node, shape)).collect())
        };
        let text = |text: String| Node::text(text, span);
        let configuration = shape::project(&fact.configuration, shape::CONFIGURATION);
        let members = [
            ("Configuration", Some(configuration)),
            ("Policies", Some(list(policies))),
            (
                "EventSourceMappings",
                Some(each(self.mappings, shape::MAPPING)),
            ),
            (
                "FunctionEventInvokeConfigs",
                Some(each(self.invoke_configs, shape::INVOKE_CONFIG)),
            ),
            ("Aliases", Some(each(self.aliases, shape::ALIAS))),
            ("Triggers", Some(list(self.triggers))),
            (ABSENT, Some(list(absent))),
            (LOGICAL_ID, fact.logical_id.map(text)),
            (CONSTRUCT_PATH, fact.construct_path.map(text)),
            ("Code", fact.code),
            ("Tags", fact.tags),
            ("Role", self.role),
            (IGNORED, Some(list(fact.ignored))),
        ];
        let known = members.into_iter();
        Node::object(known.filter_map(|(name, node)| Some((name, node?))), span)
    }

    /// What was referred to and not provided.
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
        if self.fact.is_none() {
            let what = format!("the configuration of `{called}`");
            let fetch = format!("aws lambda get-function-configuration --function-name {name}");
            add("Configuration", what, fetch);
        }
        if self.policies.is_empty() {
            let unknown = self.fact.as_ref().and_then(|f| f.unknown_policy.clone());
            let what = || format!("the function policy of `{called}`");
            let fetch = || format!("aws lambda get-policy --function-name {name}");
            match unknown {
                Some(why) => add("Policies", why, String::new()),
                None => add("Policies", what(), fetch()),
            }
        }
        if self.role.is_none() {
            absent.push(self.absent_role(&called));
        }
        absent
    }

    /// What of the role is absent: functions that have one role say the same of it.
    fn absent_role(&self, called: &str) -> MissingInput {
        let (what, fetch) = match self.role_arn().map(|arn| (arn, arn.as_str())) {
            Some((_, Some(known))) => {
                let role = name_of(known);
                let what = format!("execution role `{role}`");
                (what, format!("aws iam get-role --role-name {role}"))
            }
            Some((open, None)) => {
                let why = format!("the execution role is unknown before deployment: {open}");
                (why, String::new())
            }
            None if self.possible_roles > 1 => {
                let why = format!(
                    "which of the {} roles is the execution role is unknown",
                    self.possible_roles
                );
                let name = self.shown();
                let fetch = format!("aws lambda get-function-configuration --function-name {name}");
                return MissingInput {
                    member: "Role".to_owned(),
                    what: why,
                    fetch,
                    is_open: true,
                };
            }
            None => {
                let what = format!("the execution role of `{called}`");
                (what, "aws iam get-role --role-name ROLE".to_owned())
            }
        };
        MissingInput {
            member: "Role".to_owned(),
            what,
            is_open: fetch.is_empty(),
            fetch,
        }
    }
}
