//! Connectors: what lets one resource of a template reach another, as the data describes their types.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/managing-permissions-connectors.html>

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::resources::{Made, call, reference, resource};
use crate::input::cloudformation::template_types::SERVERLESS_CONNECTOR;
use crate::input::infra::types;
use crate::source::Span;
use crate::syntax::{Member, Node};

/// How deep the data is nested.
const MAX_DEPTH: usize = 32;

/// A connection of two resources.
#[derive(Debug)]
pub(super) struct Connection {
    /// The logical id of what declares it.
    owner: String,
    /// The beginning and the end of the logical ids of what is made for it.
    name: String,
    suffix: String,
    source: Node,
    destination: Node,
    permissions: BTreeSet<String>,
    condition: Option<Node>,
    span: Span,
}

/// The connections that a template declares, by themselves and in resources.
pub(super) fn connections(written: &[Member]) -> Vec<Connection> {
    written.iter().flat_map(of_resource).collect()
}

fn of_resource(member: &Member) -> Vec<Connection> {
    let name = &*member.key.text;
    if member.value.str("Type") == Some(SERVERLESS_CONNECTOR) {
        let properties = member.value.get("Properties");
        let source = properties.and_then(|properties| properties.get("Source"));
        let condition = member.value.get("Condition");
        let made = properties.zip(source).map(|(properties, source)| {
            each_destination([name, name], source, properties, condition, member.key.span)
        });
        return made.unwrap_or_default();
    }
    let connectors = member
        .value
        .get("Connectors")
        .map_or(&[][..], Node::members);
    let made = connectors.iter().filter_map(|connector| {
        let span = connector.key.span;
        let properties = connector.value.get("Properties")?;
        let own = Node::object([("Id", Node::text(name, span))], span);
        let qualifier = properties.at(&["SourceReference", "Qualifier"]);
        let source = match qualifier {
            Some(qualifier) => own.with("Qualifier", qualifier.clone()),
            None => own,
        };
        let made = format!("{name}{}", connector.key.text);
        let condition = member.value.get("Condition");
        let names = [name, &made];
        Some(each_destination(
            names, &source, properties, condition, span,
        ))
    });
    made.flatten().collect()
}

fn each_destination(
    [owner, name]: [&str; 2],
    source: &Node,
    properties: &Node,
    condition: Option<&Node>,
    span: Span,
) -> Vec<Connection> {
    let permissions = properties.get("Permissions").map_or(&[][..], Node::items);
    let permissions: BTreeSet<String> = permissions
        .iter()
        .filter_map(|permission| permission.as_str().map(str::to_owned))
        .collect();
    let destinations = properties.get("Destination");
    let is_list = destinations.is_some_and(Node::is_array);
    let made = destinations
        .map_or(&[][..], Node::each)
        .iter()
        .enumerate()
        .map(|(index, destination)| Connection {
            owner: owner.to_owned(),
            name: name.to_owned(),
            suffix: match is_list {
                true => format!("Destination{index}"),
                false => String::new(),
            },
            source: source.clone(),
            destination: destination.clone(),
            permissions: permissions.clone(),
            condition: condition.cloned(),
            span,
        });
    made.collect()
}

/// Adds what the connections make to the resources; returns the names of those that could not be
/// expanded.
pub(super) fn policies(
    connections: &[Connection],
    resources: &mut Vec<Made>,
    sam: &Node,
) -> HashSet<String> {
    let mut left = HashSet::new();
    let mut all = Vec::new();
    for connection in connections {
        match connection.made(resources, sam) {
            Some(made) => all.extend(made),
            None => {
                left.insert(connection.owner.clone());
            }
        }
    }
    for Made { member, .. } in resources.iter_mut() {
        if member.value.get("Connectors").is_some() && !left.contains(&*member.key.text) {
            member.value = member.value.without("Connectors");
        }
    }
    resources.extend(all);
    left
}

/// One end of a connection.
#[derive(Debug)]
struct End {
    kind: String,
    /// What stands for it in the data: its `Arn`, `Name` and so on.
    names: BTreeMap<String, Node>,
    /// `Ref` of its role.
    role: Option<Node>,
}

impl Connection {
    fn made(&self, resources: &[Made], sam: &Node) -> Option<Vec<Made>> {
        let connectors = sam.get("connectors")?;
        let source = self.end(&self.source, &self.destination, resources, connectors)?;
        let destination = self.end(&self.destination, &self.source, resources, connectors)?;
        let entry = connectors.at(&["pairs", &source.kind, &destination.kind])?;
        let permitted = match entry.str("of")? {
            "Source" => &source,
            _ => &destination,
        };
        let mut names = BTreeMap::new();
        for (side, end) in [("Source", &source), ("Destination", &destination)] {
            let own = end.names.iter();
            names.extend(own.map(|(name, node)| (format!("{side}.{name}"), node.clone())));
        }
        let mut made = Vec::new();
        let mut statements = Vec::new();
        for permission in &self.permissions {
            let access = entry.at(&["access", permission])?;
            let filled = self.filled(access, &names, MAX_DEPTH)?;
            match access.is_array() {
                true => statements.extend(filled.items().to_vec()),
                false => made.push(self.permission(permission, &filled, permitted)?),
            }
        }
        if !statements.is_empty() {
            made.push(match entry.get("policy") {
                Some(form) => self.resource_policy(form, statements, permitted)?,
                None => self.policy(statements, permitted.role.clone()?),
            });
        }
        if let Some(condition) = &self.condition {
            for resource in &mut made {
                resource.set("Condition", condition);
            }
        }
        Some(made)
    }

    fn permission(&self, kind: &str, filled: &Node, function: &End) -> Option<Made> {
        let properties = filled.with("FunctionName", function.names.get("Arn")?.clone());
        let members = properties.members().iter();
        let members = members.map(|member| (&*member.key.text, member.value.clone()));
        let name = format!("{}{kind}LambdaPermission{}", self.name, self.suffix);
        Some(resource(
            &name,
            types::PERMISSION,
            members.collect(),
            self.span,
        ))
    }

    /// The managed policy for a role.
    fn policy(&self, statements: Vec<Node>, role: Node) -> Made {
        let name = format!("{}Policy{}", self.name, self.suffix);
        let properties = vec![
            ("PolicyDocument", self.document(statements)),
            ("Roles", Node::array(vec![role], self.span)),
        ];
        let mut policy = resource(&name, types::MANAGED_POLICY, properties, self.span);
        policy.generated.document = true;
        policy
    }

    /// The policy of a resource, in the form that the data says.
    fn resource_policy(&self, form: &Node, statements: Vec<Node>, of: &End) -> Option<Made> {
        let name = format!("{}{}{}", self.name, form.str("called")?, self.suffix);
        let target = of.names.get(form.str("by")?)?.clone();
        let properties = vec![
            ("PolicyDocument", self.document(statements)),
            (form.str("property")?, Node::array(vec![target], self.span)),
        ];
        let mut policy = resource(&name, form.str("type")?, properties, self.span);
        policy.generated.document = true;
        Some(policy)
    }

    fn document(&self, statements: Vec<Node>) -> Node {
        let version = Node::text("2012-10-17", self.span);
        let statements = Node::array(statements, self.span);
        Node::object([("Version", version), ("Statement", statements)], self.span)
    }

    /// What is known of an end; nothing where that is too little.
    fn end(
        &self,
        written: &Node,
        other: &Node,
        resources: &[Made],
        connectors: &Node,
    ) -> Option<End> {
        let Some(id) = written.str("Id") else {
            let names = written.members().iter();
            let names = names.map(|member| (member.key.text.to_string(), member.value.clone()));
            let kind = written.str("Type")?;
            let made_of = connectors.get("serverless").and_then(|all| all.str(kind));
            return Some(End {
                kind: made_of.unwrap_or(kind).to_owned(),
                names: names.collect(),
                role: written.get("RoleName").cloned(),
            });
        };
        let mut members = resources.iter().map(|made| &made.member);
        let found = members.find(|member| *member.key.text == *id)?;
        let kind = found.value.str("Type")?;
        let entry = connectors.at(&["types", kind]);
        let names = entry.and_then(|entry| entry.get("names"));
        let names = names.map_or(&[][..], Node::members).iter();
        let mut names: BTreeMap<String, Node> = names
            .filter_map(|member| {
                let name = match &*member.key.text {
                    "Id" => "ResourceId",
                    "Url" => "QueueUrl",
                    name => name,
                };
                Some((name.to_owned(), named(&member.value, id, self.span)?))
            })
            .collect();
        if let Some(qualifier) = written.get("Qualifier") {
            names.insert("Qualifier".to_owned(), qualifier.clone());
        }
        let role = entry.and_then(|entry| entry.str("role"));
        Some(End {
            kind: kind.to_owned(),
            names,
            role: role.and_then(|role| role_of(&found.value, role, other, self.span)),
        })
    }

    /// A part of the data with what stands for `%{…}`.
    fn filled(&self, node: &Node, names: &BTreeMap<String, Node>, depth: usize) -> Option<Node> {
        let depth = depth.checked_sub(1)?;
        if let Some(text) = node.as_str() {
            return self.text(text, names);
        }
        if node.is_array() {
            let items = node.items().iter();
            let items = items.map(|item| self.filled(item, names, depth));
            return Some(Node::array(
                items.collect::<Option<Vec<Node>>>()?,
                self.span,
            ));
        }
        let mut filled = Node::object([], self.span);
        for member in node.members() {
            let value = self.filled(&member.value, names, depth)?;
            filled = filled.with(&member.key.text, value);
        }
        Some(filled)
    }

    fn text(&self, text: &str, names: &BTreeMap<String, Node>) -> Option<Node> {
        let whole = text
            .strip_prefix("%{")
            .and_then(|rest| rest.strip_suffix('}'));
        if let Some(name) = whole.filter(|name| !name.contains('{')) {
            return names.get(name).cloned();
        }
        let mut used = Node::object([], self.span);
        let mut written = String::new();
        let mut rest = text;
        while let Some((before, tail)) = rest.split_once("%{") {
            let (name, after) = tail.split_once('}')?;
            let plain = name.replace('.', "");
            written.push_str(&format!("{before}${{{plain}}}"));
            used = used.with(&plain, names.get(name)?.clone());
            rest = after;
        }
        written.push_str(rest);
        if !written.contains("${") {
            return Some(Node::text(written, self.span));
        }
        let parts = vec![Node::text(written, self.span), used];
        Some(call("Fn::Sub", Node::array(parts, self.span)))
    }
}

/// A form of the data with the name of its resource.
fn named(entry: &Node, id: &str, span: Span) -> Option<Node> {
    if let Some(text) = entry.as_str() {
        return Some(Node::text(text.replace("{resource}", id), span));
    }
    let [member] = entry.members() else {
        return None;
    };
    let value = match member.value.as_str() {
        Some(_) => named(&member.value, id, span)?,
        None => {
            let items = member.value.items().iter();
            let items = items.map(|item| named(item, id, span));
            Node::array(items.collect::<Option<Vec<Node>>>()?, span)
        }
    };
    Some(call(&member.key.text, value))
}

/// The role that a property names, or that the target of a rule has.
fn role_of(found: &Node, property: &str, other: &Node, span: Span) -> Option<Node> {
    let properties = found.get("Properties")?;
    let role = match property {
        "Targets" => {
            let is_other = |target: &&Node| {
                let arn = target.get("Arn");
                let is_named = other.str("Id").is_some_and(|id| names(arn, id));
                is_named || arn.is_some() && arn == other.get("Arn")
            };
            let targets = properties.get("Targets")?.items().iter();
            targets
                .filter(is_other)
                .find_map(|target| target.get("RoleArn"))?
        }
        property => properties.get(property)?,
    };
    logical_id(role).map(|id| reference(id, span))
}

fn names(call: Option<&Node>, id: &str) -> bool {
    call.and_then(logical_id) == Some(id)
}

/// The resource that `Ref` or `Fn::GetAtt` names.
fn logical_id(call: &Node) -> Option<&str> {
    if let Some(name) = call.str("Ref") {
        return Some(name);
    }
    let attribute = call.get("Fn::GetAtt")?;
    let name = attribute
        .as_str()
        .or_else(|| attribute.items().first()?.as_str())?;
    name.split('.').next()
}
