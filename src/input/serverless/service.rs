//! A service: its configuration with every variable evaluated, and what holds for all of its functions.

use super::evaluate::text_of;
use super::fill::is_set;
use super::names::normalized;
use crate::source::Span;
use crate::syntax::{Kind, Member, Node, Text};

/// A configuration, with what the data says of the framework.
#[derive(Debug)]
pub(super) struct Service<'s> {
    pub(super) data: &'s Node,
    /// The configuration with every variable evaluated.
    pub(super) root: Node,
    pub(super) provider: Node,
    pub(super) name: Text,
    pub(super) stage: Text,
    /// The first digit of the framework's version, where the configuration names it.
    pub(super) version: Option<char>,
    pub(super) functions: Vec<Function>,
}

/// A function of a service.
#[derive(Clone, Debug)]
pub(super) struct Function {
    /// Its name in the configuration.
    pub(super) key: String,
    /// The beginning of the logical IDs of what is made for it.
    pub(super) id: String,
    /// Its name in AWS.
    pub(super) name: Text,
    pub(super) node: Node,
    /// The alias that is invoked in its place.
    pub(super) alias: Option<&'static str>,
    /// Where it is named.
    pub(super) span: Span,
}

impl<'s> Service<'s> {
    /// A service in a stage.
    pub(super) fn new(root: Node, stage: Text, data: &'s Node) -> Self {
        let name = root.get("service");
        let name = name.map(|name| name.get("name").unwrap_or(name));
        let name = name.and_then(text_of).unwrap_or_else(|| Text::from(""));
        let provider = match root.get("provider") {
            Some(provider) if provider.is_object() => provider.clone(),
            other => Node::object([], other.map_or(root.span.at_start(), |node| node.span)),
        };
        let mut service = Service {
            data,
            provider,
            name,
            stage,
            version: version(&root),
            functions: Vec::new(),
            root,
        };
        service.functions = service.functions();
        service
    }

    fn functions(&self) -> Vec<Function> {
        let written = self.root.get("functions").map_or(&[][..], Node::each);
        let members = written.iter().flat_map(Node::members);
        let known = members.filter(|member| member.value.is_object());
        known.map(|member| self.function(member)).collect()
    }

    fn function(&self, member: &Member) -> Function {
        let (key, node) = (&*member.key.text, &member.value);
        let name = node.get("name").filter(|name| is_set(name));
        let name = name.and_then(text_of).unwrap_or_else(|| {
            let dash = Text::from("-");
            joined(&[&self.name, &dash, &self.stage, &dash, &Text::from(key)])
        });
        let has = |name: &str| node.get(name).is_some_and(is_set);
        Function {
            key: key.to_owned(),
            id: normalized(key),
            name,
            alias: match (has("provisionedConcurrency"), has("snapStart")) {
                (true, _) => Some("provisioned"),
                (false, true) => Some("snapstart"),
                (false, false) => None,
            },
            node: node.clone(),
            span: member.key.span,
        }
    }

    /// The functions that are not known, with what they are in the configuration.
    pub(super) fn unknown_functions(&self) -> Vec<&Node> {
        let written = self.root.get("functions");
        let all = written.map_or(&[][..], Node::each).iter();
        let parts = all.flat_map(|part| match &part.kind {
            Kind::Object(members) => members.iter().map(|member| &member.value).collect(),
            _ => vec![part],
        });
        parts.filter(|node| node.as_text().is_some()).collect()
    }

    /// What the data says of something.
    pub(super) fn fact(&self, route: &[&str]) -> &Node {
        self.data.at(route).unwrap_or(self.data)
    }

    /// The texts of a list in the data.
    pub(super) fn facts(&self, route: &[&str]) -> Vec<&str> {
        let list = self.data.at(route).map_or(&[][..], Node::items);
        list.iter().filter_map(Node::as_str).collect()
    }

    /// The role that all functions without one of their own have, where it is not made by the framework.
    pub(super) fn shared_role(&self) -> Option<&Node> {
        let role = self.provider.at(&["iam", "role"]);
        let is_call = |node: &Node| {
            let mut members = node.members().iter();
            members.any(|member| member.key.text.contains("::"))
        };
        let existing = role.filter(|role| role.as_text().is_some() || is_call(role));
        existing.or_else(|| self.provider.get("role"))
    }

    /// The role that a function names.
    pub(super) fn named_role<'f>(&'f self, function: &'f Function) -> Option<&'f Node> {
        let own = function.node.get("role").filter(|role| is_set(role));
        own.or_else(|| self.shared_role())
    }

    /// Whether every function has a role of its own, which the framework makes.
    pub(super) fn has_role_per_function(&self) -> bool {
        let mode = self.provider.at(&["iam", "role", "mode"]);
        mode.and_then(Node::as_str) == Some("perFunction")
    }

    /// Whether the framework makes one role for all functions without one of their own.
    pub(super) fn has_default_role(&self) -> bool {
        let has_own = |function: &Function| function.node.get("role").is_some();
        self.shared_role().is_none()
            && !self.has_role_per_function()
            && !self.functions.iter().all(has_own)
    }

    /// Whether one of these plugins is used.
    pub(super) fn uses(&self, plugins: &str) -> bool {
        let known = self.facts(&["plugins", plugins]);
        self.plugins().iter().any(|name| known.contains(name))
    }

    /// The names of plugins.
    pub(super) fn plugins(&self) -> Vec<&str> {
        let plugins = self.plugin_nodes().into_iter();
        plugins.filter_map(Node::as_str).collect()
    }

    /// The entries of `plugins`.
    pub(super) fn plugin_nodes(&self) -> Vec<&Node> {
        let plugins = self.root.get("plugins");
        let modules = plugins
            .and_then(|plugins| plugins.get("modules"))
            .or(plugins);
        let each = modules.map_or(&[][..], Node::each).iter();
        each.filter(|node| !node.is_null()).collect()
    }
}

/// The first digit of the version that the configuration asks for.
fn version(root: &Node) -> Option<char> {
    let written = root.get("frameworkVersion")?.each().first()?.scalar()?;
    written.chars().find(char::is_ascii_digit)
}

/// Texts one after another.
pub(super) fn joined(texts: &[&Text]) -> Text {
    Text::of(texts.iter().flat_map(|text| text.pieces()))
}
