//! A serverless function as a function, its role, and what its events ask for.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html>

use super::event::Event;
use super::globals;
use super::ignored;
use super::policies::Policies;
use super::resources::{
    Made, attribute, call, is_no_value, letters, may_be_none, reference, resource,
};
use crate::input::cloudformation::template_types::SERVERLESS_FUNCTION;
use crate::input::infra::types;
use crate::source::Span;
use crate::syntax::{Key, Member, Node};

/// What stands for properties that are not known.
const INCLUDE: &str = "Fn::Transform";

/// A serverless function while it is taken apart.
#[derive(Debug)]
struct Function<'f> {
    name: &'f str,
    properties: Node,
    sam: &'f Node,
    span: Span,
    alias: Option<String>,
    /// The properties of an event without any.
    nothing: Node,
}

/// The resources that the transform makes of a serverless function.
pub(super) fn resources(template: &Node, member: &Member, sam: &Node) -> Vec<Made> {
    let properties = globals::properties(template, "Function", &member.value);
    let name = &*member.key.text;
    let alias = alias(template, &properties);
    let alias = alias.map(|alias| format!("{name}Alias{}", letters(&alias)));
    let function = Function {
        name,
        sam,
        span: member.key.span,
        alias,
        nothing: Node::object([], member.key.span),
        properties: with_destinations(name, properties),
    };
    let mut made = function.events();
    let mut own = Made::from(function.function(member));
    own.generated.ignored = ignored::own(
        SERVERLESS_FUNCTION,
        &member.value,
        &function.properties,
        sam,
    );
    made.push(own);
    made.extend(function.role());
    made.extend(function.version_and_alias());
    made.extend(function.invoke_config());
    made.extend(function.destinations());
    made.extend(function.url());
    // A condition of the function is one of all that is made for it.
    if let Some(condition) = member.value.get("Condition") {
        for resource in &mut made {
            resource.set("Condition", condition);
        }
    }
    // The role is one for all functions.
    made.extend(function.deployment());
    made
}

/// The name of the alias that is published, or that of a parameter that names it.
fn alias(template: &Node, properties: &Node) -> Option<String> {
    let written = properties.get("AutoPublishAlias")?;
    let of_parameter = || {
        let parameter = written.str("Ref")?;
        let default = template.at(&["Parameters", parameter, "Default"]);
        let default = default.and_then(Node::scalar);
        Some(default.unwrap_or_else(|| parameter.to_owned()))
    };
    written.as_str().map(str::to_owned).or_else(of_parameter)
}

impl Function<'_> {
    fn function(&self, written: &Member) -> Member {
        let mut properties = self.properties.clone();
        if let Some(mode) = properties.get("Tracing").cloned() {
            let config = Node::object([("Mode", mode.clone())], mode.span);
            properties = properties.with("TracingConfig", config);
        }
        if let Some(target) = properties.at(&["DeadLetterQueue", "TargetArn"]).cloned() {
            let config = Node::object([("TargetArn", target.clone())], target.span);
            properties = properties.with("DeadLetterConfig", config);
        }
        let own = attribute(&self.role_name(), "Arn", self.span);
        let role = match properties.get("Role") {
            None => own,
            Some(written) => or_own(written, &own),
        };
        properties = properties.with("Role", role);
        let kind = Node::text(types::FUNCTION, self.span);
        let value = Node::object(
            [("Type", kind), ("Properties", properties)],
            written.value.span,
        );
        Member {
            key: written.key.clone(),
            value,
        }
    }

    fn role_name(&self) -> String {
        format!("{}Role", self.name)
    }

    /// The events with the data's entries of their kinds.
    fn events_with_entries(&self) -> impl Iterator<Item = (Event<'_>, &Node)> {
        let events = self.properties.get("Events").map_or(&[][..], Node::members);
        events.iter().filter_map(|member| {
            let entry = self.sam.get("events")?.get(member.value.str("Type")?)?;
            let properties = member.value.get("Properties").unwrap_or(&self.nothing);
            let event = Event {
                names: vec![("event", format!("{}{}", self.name, member.key.text))],
                ..self.asker(properties, member.key.span)
            };
            Some((event, variant(entry, properties)))
        })
    }

    fn events(&self) -> Vec<Made> {
        self.events_with_entries()
            .flat_map(|(event, entry)| {
                let kind = entry.str("eventSource");
                let made = event.resources(entry).into_iter();
                made.map(move |mut made| {
                    made.generated.event_source = kind.map(str::to_owned);
                    made
                })
            })
            .collect()
    }

    /// The role, where the function names none.
    fn role(&self) -> Option<Made> {
        if self
            .properties
            .get("Role")
            .is_some_and(|role| !may_be_none(role))
        {
            return None;
        }
        let policies = self
            .properties
            .get("Policies")
            .map(|node| Policies::read(node, self.sam));
        let policies = policies.unwrap_or_default();
        let mut documents = policies.documents;
        for (event, entry) in self.events_with_entries() {
            let statements = event.statements(entry);
            if !statements.is_empty() {
                documents.push((self.document(statements), true));
            }
        }
        let targets = self.target_statements();
        if !targets.is_empty() {
            documents.push((self.document(targets), true));
        }
        let managed = self.managed(policies.managed);
        let policies = Policies { documents, managed };
        let inline_documents = policies.generated();
        let mut properties = policies.properties(&self.role_name(), self.span);
        let trust = self.trust();
        properties.extend(trust.map(|trust| ("AssumeRolePolicyDocument", trust)));
        let boundary = self.properties.get("PermissionsBoundary").cloned();
        properties.extend(boundary.map(|boundary| ("PermissionsBoundary", boundary)));
        // What is included in the function's properties may be a policy.
        let included = self.properties.get(INCLUDE).cloned();
        properties.extend(included.map(|included| (INCLUDE, included)));
        let mut role = resource(&self.role_name(), types::ROLE, properties, self.span);
        role.generated.function = Some(self.name.to_owned());
        role.generated.inline_documents = inline_documents;
        Some(role)
    }

    fn trust(&self) -> Option<Node> {
        let written = self.properties.get("AssumeRolePolicyDocument").cloned();
        written.or_else(|| {
            self.asker(&self.properties, self.span)
                .value(self.entry("trust")?)
        })
    }

    /// What the data says of every function.
    fn entry(&self, name: &str) -> Option<&Node> {
        self.sam.at(&["function", name])
    }

    fn asker<'a>(&'a self, properties: &'a Node, span: Span) -> Event<'a> {
        Event {
            properties,
            function: self.name,
            names: vec![("event", self.name.to_owned())],
            alias: self.alias.as_deref(),
            span,
        }
    }

    fn document(&self, statements: Vec<Node>) -> Node {
        let version = Node::text("2012-10-17", self.span);
        let statements = Node::array(statements, self.span);
        Node::object([("Version", version), ("Statement", statements)], self.span)
    }

    /// The managed policies of the role: what SAM adds by itself, then the function's own.
    fn managed(&self, own: Vec<Node>) -> Vec<Node> {
        let always = self.entry("managedPolicies").map_or(&[][..], Node::items);
        let always = always.iter().filter(|policy| self.asks_for(policy));
        let mut paths: Vec<&str> = always.filter_map(|policy| policy.str("path")).collect();
        let entries = self.events_with_entries().map(|(_, entry)| entry);
        let of_events =
            entries.flat_map(|entry| entry.get("managedPolicies").map_or(&[][..], Node::items));
        paths.extend(of_events.filter_map(Node::as_str));
        paths.dedup();
        let arns = paths.into_iter().map(|path| {
            let arn = format!("arn:${{AWS::Partition}}:iam::aws:policy/{path}");
            call("Fn::Sub", Node::text(arn, self.span))
        });
        arns.chain(own).collect()
    }

    /// Whether the function has what a policy is `with`, has not what it is `without`, and does
    /// not say what it is given `unless`.
    fn asks_for(&self, policy: &Node) -> bool {
        let written = |name: &str| self.properties.get(policy.str(name)?);
        let has = |name: &str| written(name).is_some_and(|node| !node.is_null());
        let wanted = policy.get("with").is_none() || has("with");
        let refused = policy.str("unless");
        let says = refused.is_some() && written("with").and_then(Node::as_str) == refused;
        wanted && !has("without") && !says
    }

    /// What lets records reach the dead-letter queue, and the destinations of the function and of
    /// its events.
    fn target_statements(&self) -> Vec<Node> {
        let dead_letter = self.properties.get("DeadLetterQueue");
        let dead_letter = dead_letter.map(|queue| {
            let arn = queue.get("TargetArn").cloned().unwrap_or_default();
            queue.with("Destination", arn)
        });
        let own = self.properties.get("EventInvokeConfig");
        let events: Vec<&Node> = self
            .events_with_entries()
            .map(|(event, _)| event.properties)
            .collect();
        let configs = own.into_iter().chain(events);
        let destinations = configs.flat_map(|config| {
            let both = ["OnSuccess", "OnFailure"].into_iter();
            both.filter_map(|when| config.at(&["DestinationConfig", when]).cloned())
        });
        let targets = dead_letter.into_iter().chain(destinations);
        targets.flat_map(|target| self.target(&target)).collect()
    }

    fn target(&self, target: &Node) -> Vec<Node> {
        let entry = target
            .str("Type")
            .and_then(|kind| self.sam.at(&["targets", kind]));
        let asker = self.asker(target, self.span);
        let statements = entry.map_or(&[][..], Node::items).iter();
        statements.filter_map(|entry| asker.value(entry)).collect()
    }

    fn version_and_alias(&self) -> Vec<Made> {
        let (Some(id), Some(alias)) = (&self.alias, self.properties.get("AutoPublishAlias")) else {
            return Vec::new();
        };
        let version = format!("{}Version", self.name);
        let name = reference(self.name, self.span);
        let mut made = [
            resource(
                &version,
                types::VERSION,
                vec![("FunctionName", name.clone())],
                self.span,
            ),
            resource(
                id,
                types::ALIAS,
                vec![
                    ("FunctionName", name),
                    ("Name", alias.clone()),
                    ("FunctionVersion", attribute(&version, "Version", self.span)),
                ],
                self.span,
            ),
        ];
        // A template may call them after the function.
        let called = [".Version", ".Alias"].map(|end| format!("{}{end}", self.name));
        let again = made.clone().into_iter().zip(called);
        let again = again.map(|(made, called)| {
            let key = Key {
                text: called.into(),
                span: self.span,
            };
            Made::from(Member { key, ..made.member })
        });
        let again: Vec<Made> = again.collect();
        if let (Some(updates), [_, alias]) = (self.updates(), &mut made) {
            alias.set("UpdatePolicy", &updates);
        }
        again.into_iter().chain(made).collect()
    }

    /// How new versions are deployed, where functions are called before or after: the preference
    /// with its hooks, and the role that calls them.
    fn preference(&self) -> Option<Node> {
        let written = self.properties.get("DeploymentPreference")?;
        let hooks = written.get("Hooks").filter(|_| self.alias.is_some())?;
        // The transform takes everything but a plain no for a yes, after it filled in parameters.
        let is_off = |node: &Node| {
            let text = node.scalar().unwrap_or_default();
            text.eq_ignore_ascii_case("false") || node.get("Ref").is_some()
        };
        if written.get("Enabled").is_some_and(is_off) {
            return None;
        }
        let hooks = hooks.members().iter();
        Some(hooks.fold(written.clone(), |all, hook| {
            all.with(&hook.key.text, hook.value.clone())
        }))
    }

    /// The group of deployments and its role.
    fn deployment(&self) -> Vec<Made> {
        let (Some(preference), Some(entry)) = (self.preference(), self.entry("deployment")) else {
            return Vec::new();
        };
        self.asker(&preference, self.span).resources(entry)
    }

    /// Which functions are called while the alias moves to a new version.
    fn updates(&self) -> Option<Node> {
        let preference = self.preference()?;
        let entry = self.entry("deployment")?.get("updates")?;
        self.asker(&preference, preference.span).value(entry)
    }

    fn invoke_config(&self) -> Option<Made> {
        let config = self.properties.get("EventInvokeConfig")?;
        let qualifier = match &self.alias {
            Some(_) => self.properties.get("AutoPublishAlias")?.clone(),
            None => Node::text("$LATEST", self.span),
        };
        let mut properties = vec![
            ("FunctionName", reference(self.name, self.span)),
            ("Qualifier", qualifier),
        ];
        let destinations = config.get("DestinationConfig");
        properties.extend(destinations.map(|node| ("DestinationConfig", node.clone())));
        let id = format!("{}EventInvokeConfig", self.name);
        Some(resource(
            &id,
            types::EVENT_INVOKE_CONFIG,
            properties,
            config.span,
        ))
    }

    /// The queues and topics that are made for destinations which name none.
    fn destinations(&self) -> Vec<Made> {
        let config = self
            .properties
            .at(&["EventInvokeConfig", "DestinationConfig"]);
        let both = config.map_or(&[][..], Node::members).iter();
        let made = both.filter_map(|member| {
            let (kind, id) = made_for(self.name, member)?;
            let is_named = member.value.at(&["Destination", "Fn::GetAtt"]);
            let is_own = is_named?.items().first()?.as_str() == Some(&id);
            is_own.then(|| resource(&id, kind, Vec::new(), member.key.span))
        });
        made.collect()
    }

    /// The function's URL and, for one that is open, its two permissions.
    fn url(&self) -> Vec<Made> {
        let Some(written) = self.properties.get("FunctionUrlConfig") else {
            return Vec::new();
        };
        let config = match self.properties.get("AutoPublishAlias") {
            Some(alias) => written.with("Qualifier", alias.clone()),
            None => written.clone(),
        };
        let asker = self.asker(&config, written.span);
        let open = config.str("AuthType") == Some("NONE");
        let entry = ["url", "openUrl"].into_iter().take(1 + usize::from(open));
        entry
            .filter_map(|name| self.entry(name))
            .flat_map(|entry| asker.resources(entry))
            .collect()
    }
}

/// A role with the function's own one where a condition names none.
fn or_own(written: &Node, own: &Node) -> Node {
    let Some([condition, yes, no]) = written.get("Fn::If").map(Node::items) else {
        return written.clone();
    };
    let branch = |node: &Node| match is_no_value(node) {
        true => own.clone(),
        false => node.clone(),
    };
    let parts = vec![condition.clone(), branch(yes), branch(no)];
    call("Fn::If", Node::array(parts, written.span))
}

/// What the data says of an event's kind where one of its properties is set so.
fn variant<'t>(entry: &'t Node, properties: &Node) -> &'t Node {
    let variants = entry.get("where").map_or(&[][..], Node::items);
    let mut fitting = variants.iter().filter(|variant| {
        let value = variant
            .str("property")
            .and_then(|name| properties.get(name));
        value.is_some_and(|value| match variant.str("is") {
            Some("object") => value.is_object(),
            _ => value.as_bool() == Some(true),
        })
    });
    fitting.next().unwrap_or(entry)
}

/// The type and logical id of what is made for a destination that names nothing.
fn made_for(function: &str, destination: &Member) -> Option<(&'static str, String)> {
    let (kind, end) = match destination.value.str("Type")? {
        "SQS" => ("AWS::SQS::Queue", "Queue"),
        "SNS" => ("AWS::SNS::Topic", "Topic"),
        _ => return None,
    };
    let when = &destination.key.text;
    Some((kind, format!("{function}EventInvokeConfig{when}{end}")))
}

/// The properties of a function with a destination wherever the transform makes one.
fn with_destinations(function: &str, properties: Node) -> Node {
    let Some(config) = properties.get("EventInvokeConfig") else {
        return properties;
    };
    let Some(destinations) = config.get("DestinationConfig") else {
        return properties;
    };
    let filled = destinations
        .members()
        .iter()
        .fold(destinations.clone(), |all, member| {
            let made =
                made_for(function, member).filter(|_| member.value.get("Destination").is_none());
            let Some((kind, id)) = made else {
                return all;
            };
            let name = if kind == "AWS::SNS::Topic" {
                "TopicArn"
            } else {
                "Arn"
            };
            let arn = attribute(&id, name, member.value.span);
            all.with(&member.key.text, member.value.with("Destination", arn))
        });
    let config = config.with("DestinationConfig", filled);
    properties.with("EventInvokeConfig", config)
}
