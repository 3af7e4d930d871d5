//! Functions, and what is made for them whatever their events are.

use super::fill::{Fill, is_set};
use super::service::{Function, Service, joined};
use crate::syntax::{Node, Text};

/// Members of a function for which the provider has defaults.
const INHERITED: [&str; 6] = [
    "runtime",
    "memorySize",
    "timeout",
    "kmsKeyArn",
    "layers",
    "versionFunctions",
];

impl Service<'_> {
    /// A function with everything that the provider gives it.
    pub(super) fn prepared(&self, function: &Function) -> Node {
        let provider = &self.provider;
        let mut node = function.node.clone();
        for name in INHERITED {
            let own = node.get(name).is_some_and(is_set);
            if let Some(value) = provider.get(name).filter(|_| !own) {
                node = node.with(name, value.clone());
            }
        }
        if node.get("runtime").is_none() {
            let runtime = self.fact(&["defaults", "runtime"]).clone();
            node = node.with(
                "runtime",
                Node {
                    span: function.span,
                    ..runtime
                },
            );
        }
        for (name, value) in [
            ("environment", self.environment(function)),
            ("vpcConfig", self.vpc(function)),
            ("tracing", self.tracing(function)),
            ("imageUri", self.image(function)),
            ("destinations", self.destinations(function)),
            ("logs", self.logs(function)),
        ] {
            node = match value {
                Some(value) => node.with(name, value),
                None => node.without(name),
            };
        }
        let text = |text: &str| Node::text(text, function.span);
        if let Some(alias) = function.alias {
            node = node
                .with("alias", text(alias))
                .with("isVersioned", text("true"));
        }
        if let Some(version) = self.version {
            node = node.with("version", text(&version.to_string()));
        }
        let has = |name: &str| node.get(name).is_some_and(|node| !node.is_null());
        if has("destinations") || has("maximumEventAge") || has("maximumRetryAttempts") {
            node = node.with("invokes", text("true"));
        }
        self.at_edge(function, node)
    }

    /// A function without what one at the edge cannot have.
    fn at_edge(&self, function: &Function, node: Node) -> Node {
        let mut events = self.events_of(function);
        let is_at_edge = events.any(|event| {
            let entry = self.data.at(&["events", &event.kind, "isAtEdge"]);
            entry.and_then(Node::as_bool) == Some(true)
        });
        match is_at_edge {
            true => node.without("vpcConfig").without("environment"),
            false => node,
        }
    }

    fn environment(&self, function: &Function) -> Option<Node> {
        let both = [
            function.node.get("environment"),
            self.provider.get("environment"),
        ];
        let mut both = both.into_iter().flatten().filter(|node| is_set(node));
        let first = both.next()?;
        Some(both.fold(first.clone(), |all, more| match all.is_object() {
            true => all.completed_by(more),
            false => all,
        }))
    }

    fn vpc(&self, function: &Function) -> Option<Node> {
        let own = function.node.get("vpc");
        if own.is_some_and(|vpc| !is_set(vpc)) {
            return None;
        }
        let provided = self.provider.get("vpc").filter(|vpc| is_set(vpc));
        let whole = own.or(provided)?;
        if whole.as_text().is_some() {
            return Some(whole.clone());
        }
        let of = |name: &str| {
            let own = own.and_then(|vpc| vpc.get(name));
            own.or_else(|| provided?.get(name))
                .filter(|node| is_set(node))
        };
        let (groups, subnets) = (of("securityGroupIds")?, of("subnetIds")?);
        let members = [
            ("securityGroupIds", groups.clone()),
            ("subnetIds", subnets.clone()),
        ];
        Some(Node::object(members, whole.span))
    }

    fn tracing(&self, function: &Function) -> Option<Node> {
        let own = function.node.get("tracing").filter(|node| is_set(node));
        let provided = self.provider.at(&["tracing", "lambda"]);
        let mode = own.or(provided).filter(|node| is_set(node))?;
        Some(match mode.as_bool() {
            Some(_) => Node::text("Active", mode.span),
            None => mode.clone(),
        })
    }

    /// The URI of a function's image; one that is built in the deployment has none yet.
    fn image(&self, function: &Function) -> Option<Node> {
        let image = function.node.get("image")?;
        let named = image.get("name").unwrap_or(image);
        let declared = named.as_str().and_then(|name| {
            let image = self.provider.at(&["ecr", "images", name])?;
            Some(image.get("uri").unwrap_or(image))
        });
        let uri = image.get("uri").or(declared).unwrap_or(image);
        let is_uri =
            uri.as_str().is_some_and(|text| text.contains('/')) && image.get("path").is_none();
        is_uri.then(|| uri.clone())
    }

    fn logs(&self, function: &Function) -> Option<Node> {
        let own = function.node.get("logs");
        let group = own.and_then(|logs| logs.get("logGroup"));
        let group = group.or_else(|| self.provider.at(&["logs", "lambda", "logGroup"]))?;
        Some(Node::object([("logGroup", group.clone())], group.span))
    }

    /// The destinations of a function, each with its ARN, its kind and the resource that a policy names.
    fn destinations(&self, function: &Function) -> Option<Node> {
        let written = function.node.get("destinations")?;
        let both = ["onSuccess", "onFailure"].into_iter().filter_map(|when| {
            let node = written.get(when).filter(|node| is_set(node))?;
            Some((when, self.destination(node)))
        });
        Some(Node::object(both, written.span))
    }

    fn destination(&self, node: &Node) -> Node {
        if node.is_object() {
            let arn = node.get("arn").cloned().unwrap_or_default();
            return node.with("resource", arn);
        }
        let shown = node.as_text().map(ToString::to_string).unwrap_or_default();
        let function = self.function_of(&shown);
        let kinds = self.fact(&["function", "destinationArns"]).members();
        let kind = kinds.iter().find(|kind| shown.contains(&*kind.key.text));
        let kind = kind
            .and_then(|kind| kind.value.as_str())
            .unwrap_or("function");
        let (arn, resource) = match function {
            Some(function) => {
                let fill = self.fill(function, Node::object([], node.span), node.span);
                let own = fill.values.iter().find(|(name, _)| *name == "arn");
                let own = own.map_or_else(|| node.clone(), |(_, arn)| arn.clone());
                (self.target(function, node.span), own)
            }
            None => (node.clone(), node.clone()),
        };
        let kind = Node::text(kind, node.span);
        Node::object(
            [("arn", arn), ("type", kind), ("resource", resource)],
            node.span,
        )
    }

    /// The statements that a function has, whatever its events are.
    pub(super) fn statements_of_function(&self, function: &Function) -> Vec<Node> {
        let properties = self.prepared(function);
        let destinations = properties.get("destinations").cloned();
        let fill = self.fill(function, properties, function.span);
        let mut statements = fill.statements(self.data.at(&["function", "statements"]));
        let named = function.node.get("role").is_some() || self.shared_role().is_some();
        for destination in destinations.iter().flat_map(Node::members) {
            let kind = destination.value.str("type").unwrap_or("");
            let action = self.data.at(&["function", "destinations", kind]);
            let Some(action) = action.filter(|_| !named) else {
                continue;
            };
            let span = destination.value.span;
            let action = Node {
                span,
                ..action.clone()
            };
            let properties = destination.value.with("action", action);
            let fill = Fill {
                properties,
                span,
                ..fill.clone()
            };
            statements.extend(fill.value(self.fact(&["function", "destination"])));
        }
        statements
    }

    /// The name of the log group of a function.
    pub(super) fn log_group(&self, function: &Function) -> Node {
        let own = self
            .logs(function)
            .and_then(|logs| logs.get("logGroup").cloned());
        own.unwrap_or_else(|| {
            let prefix = Text::from("/aws/lambda/");
            let name = joined(&[&prefix, &function.name]);
            Node::text(name, function.span)
        })
    }
}
