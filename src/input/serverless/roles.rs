//! The roles that the framework makes: one for all functions, and those of functions that ask for one.
//!
//! <https://www.serverless.com/framework/docs/providers/aws/guide/iam>

use std::collections::BTreeMap;

use super::fill::is_set;
use super::merge::member;
use super::role_names::OwnRole;
use super::service::{Function, Service, joined};
use crate::source::Span;
use crate::syntax::{Kind, Member, Node, Text};

/// The policies of a role.
#[derive(Debug, Default)]
struct Policies {
    /// Statements that the framework writes.
    made: Vec<Node>,
    /// The user's lists of statements.
    own: Vec<Node>,
    managed: Vec<Node>,
    /// Services that assume the role beside the one of functions.
    trust: Vec<Node>,
}

impl Service<'_> {
    /// The roles that the framework makes.
    pub(super) fn roles(&self) -> Vec<Member> {
        let mut roles = Vec::new();
        if self.has_default_role() {
            roles.extend(self.default_role());
        }
        let own = self.functions.iter().filter_map(|function| {
            let kind = self.own_role(function)?;
            self.role_of(function, kind)
        });
        roles.extend(own);
        roles
    }

    fn default_role(&self) -> Option<Member> {
        let mut policies = Policies::default();
        let is_in_it = |function: &&Function| self.own_role(function) != Some(OwnRole::Framework);
        let functions: Vec<&Function> = self.functions.iter().filter(is_in_it).collect();
        policies.made = self.log_statements(&functions);
        for function in functions {
            policies.made.extend(self.statements_of_function(function));
            for event in self.events_of(function) {
                let statements = self.statements_for(function, &event, "statements");
                policies.made.extend(statements);
                policies.trust.extend(self.trust_for(function, &event));
            }
        }
        policies.own.extend(self.statements_of_provider());
        policies.managed = self.managed_policies();
        let has = |name: &str| self.functions.iter().any(|f| f.node.get(name).is_some());
        let is_in_vpc = has("vpc") || self.provider.get("vpc").is_some_and(is_set);
        let of_settings = self.policies_of_settings(is_in_vpc, has("durableConfig"));
        policies.managed.extend(of_settings);
        let role = self.provider.at(&["iam", "role"]).cloned();
        let role = role
            .filter(Node::is_object)
            .unwrap_or_else(|| self.nothing());
        let boundary = ["permissionsBoundary", "permissionBoundary"];
        let boundary = boundary.iter().find_map(|name| role.get(name));
        let boundary = boundary
            .or_else(|| self.provider.get("rolePermissionsBoundary"))
            .cloned();
        let id = self.fact(&["role"]).as_str()?;
        let value = self.role_resource(&role, boundary, policies, self.role_span())?;
        Some(member(id, value))
    }

    fn role_of(&self, function: &Function, kind: OwnRole) -> Option<Member> {
        let role = function.node.at(&["iam", "role"]).cloned();
        let role = role.unwrap_or_else(|| self.nothing());
        let policies = self.policies_of(function, kind, &role);
        let name = role.get("name");
        let name = name.or_else(|| function.node.get("iamRoleStatementsName"));
        let fill = self.fill(function, role.clone(), function.span);
        let fallback = || fill.value(self.fact(&["functionRole", "name"]));
        let boundary = self.boundary(function, &role);
        let role = match name.filter(|name| is_set(name)).cloned().or_else(fallback) {
            Some(name) => role.with("name", name),
            None => role,
        };
        let shared = self.provider.at(&["iam", "role", "path"]);
        let role = match shared.filter(|_| role.get("path").is_none()) {
            Some(path) => role.with("path", path.clone()),
            None => role,
        };
        let id = self.role_id(function)?;
        let value = self.role_resource(&role, boundary, policies, function.span)?;
        Some(member(&id, value))
    }

    fn policies_of(&self, function: &Function, kind: OwnRole, role: &Node) -> Policies {
        let mut policies = Policies::default();
        let group = Node::object([("logGroup", self.log_group(function))], function.span);
        let fill = self.fill(function, group, function.span);
        policies.made = fill.statements(self.data.at(&["functionRole", "logs"]));
        let fill = self.fill(function, function.node.clone(), function.span);
        let on_error = fill.statements(self.data.at(&["functionRole", "onError"]));
        policies.made.extend(on_error);
        self.add_statements(function, kind, &mut policies);
        if self.inherits(function) {
            policies.own.extend(self.statements_of_provider());
        }
        let statements = role.get("statements");
        let statements = statements.or_else(|| function.node.get("iamRoleStatements"));
        let statements = statements.filter(|node| has_statements(node));
        policies.own.extend(statements.cloned());
        if self.has_role_per_function() {
            policies.managed = self.managed_policies();
        }
        let managed = role.get("managedPolicies");
        let managed = managed.or_else(|| function.node.get("iamRoleManagedPolicies"));
        let managed = managed.map_or(&[][..], Node::each).iter();
        policies.managed.extend(managed.cloned());
        let both = [&function.node, &self.provider];
        let is_in_vpc = both.iter().any(|node| node.get("vpc").is_some_and(is_set));
        let is_durable = function.node.get("durableConfig").is_some();
        let of_settings = self.policies_of_settings(is_in_vpc, is_durable);
        policies.managed.extend(of_settings);
        policies
    }

    /// Adds what events and settings of a function need, as far as the one who makes its role adds it.
    fn add_statements(&self, function: &Function, kind: OwnRole, policies: &mut Policies) {
        let of_plugin = self.facts(&["functionRole", "pluginStatements"]);
        for event in self.events_of(function) {
            let list = match kind {
                OwnRole::Plugin if !of_plugin.contains(&event.kind.as_str()) => continue,
                OwnRole::Plugin => "pluginStatements",
                OwnRole::Framework => "statements",
            };
            let statements = self.statements_for(function, &event, list);
            policies.made.extend(statements);
            if kind == OwnRole::Framework {
                policies.trust.extend(self.trust_for(function, &event));
            }
        }
        if kind == OwnRole::Framework {
            policies.made.extend(self.statements_of_function(function));
        }
    }

    /// The names on the way to the list of statements of each role that the framework makes, by logical ID.
    pub(super) fn statement_places(&self) -> BTreeMap<String, Vec<String>> {
        let route = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let shared = self.fact(&["role"]).as_str().unwrap_or("").to_owned();
        let old = self.provider.get("iamRoleStatements").is_some();
        let of_provider = match old {
            true => route(&["provider", "iamRoleStatements"]),
            false => route(&["provider", "iam", "role", "statements"]),
        };
        let own = self.functions.iter().filter_map(|function| {
            let id = self.role_id(function).filter(|id| *id != shared)?;
            let old = function.node.get("iamRoleStatements").is_some();
            let names: &[&str] = match old {
                true => &["iamRoleStatements"],
                false => &["iam", "role", "statements"],
            };
            let start = ["functions", function.key.as_str()];
            let names = start.iter().chain(names);
            Some((id, names.map(|name| (*name).to_owned()).collect()))
        });
        let own: Vec<(String, Vec<String>)> = own.collect();
        own.into_iter()
            .chain([(shared.clone(), of_provider)])
            .collect()
    }

    fn boundary(&self, function: &Function, role: &Node) -> Option<Node> {
        let own = role.get("permissionsBoundary");
        let own = own.or_else(|| function.node.get("iamPermissionsBoundary"));
        let plugin = self.facts(&["plugins", "rolesPerFunction"]);
        let custom = plugin.first().and_then(|name| {
            self.root
                .at(&["custom", name, "iamGlobalPermissionsBoundary"])
        });
        let provided = ["permissionsBoundary", "permissionBoundary"];
        let provided = provided
            .iter()
            .find_map(|name| self.provider.at(&["iam", "role", name]));
        let shared = provided.or_else(|| self.provider.get("rolePermissionsBoundary"));
        own.or(custom).or(shared).cloned()
    }

    /// Whether the role of a function has the statements of the provider too.
    fn inherits(&self, function: &Function) -> bool {
        let own = function.node.at(&["iam", "inheritStatements"]);
        let own = own.or_else(|| function.node.get("iamRoleStatementsInherit"));
        let plugin = self.facts(&["plugins", "rolesPerFunction"]);
        let custom = plugin
            .first()
            .and_then(|name| self.root.at(&["custom", name, "defaultInherit"]));
        match own.or(custom) {
            Some(inherits) => is_set(inherits),
            None => self.has_role_per_function(),
        }
    }

    fn statements_of_provider(&self) -> Option<Node> {
        let role = self.provider.at(&["iam", "role", "statements"]);
        let written = role.or_else(|| self.provider.get("iamRoleStatements"));
        written.filter(|node| has_statements(node)).cloned()
    }

    fn managed_policies(&self) -> Vec<Node> {
        let role = self.provider.at(&["iam", "role", "managedPolicies"]);
        let written = role.or_else(|| self.provider.get("iamManagedPolicies"));
        written.map_or(&[][..], Node::each).to_vec()
    }

    /// The AWS-managed policies that settings of functions need.
    fn policies_of_settings(&self, is_in_vpc: bool, is_durable: bool) -> Vec<Node> {
        let span = self.role_span();
        let flags = [("vpc", is_in_vpc), ("durable", is_durable)];
        let flags = flags.map(|(name, flag)| (name, Node::new(Kind::Bool(flag), span)));
        let properties = Node::object(flags, span);
        let fill = self.bare(properties, span);
        let entries = self.fact(&["defaultRole", "managedPolicies"]).items();
        entries
            .iter()
            .filter_map(|entry| fill.value(entry))
            .collect()
    }

    /// The statements about logs: one for all functions whose names begin like that of the service, one for
    /// each other.
    fn log_statements(&self, functions: &[&Function]) -> Vec<Node> {
        let span = self.role_span();
        let dash = Text::from("-");
        let prefix = joined(&[&self.name, &dash, &self.stage]);
        let group = |name: &Text| Node::text(joined(&[&Text::from("/aws/lambda/"), name]), span);
        let (mut groups, mut silenced, mut has_canonical) = (Vec::new(), Vec::new(), false);
        for function in functions {
            let is_silent = function.node.get("disableLogs").is_some_and(is_set);
            if function.node.at(&["logs", "logGroup"]).is_some() {
                groups.push(self.log_group(function));
            }
            match (begins(&function.name, &prefix), is_silent) {
                (true, true) => silenced.push(group(&function.name)),
                (true, false) => has_canonical = true,
                (false, false) => groups.push(group(&function.name)),
                (false, true) => {}
            }
        }
        if has_canonical {
            let all = joined(&[&prefix, &Text::from("*")]);
            groups.push(group(&all));
        } else {
            silenced.clear();
        }
        let members = [
            ("logGroups", Node::array(groups, span)),
            ("silencedGroups", Node::array(silenced, span)),
        ];
        let fill = self.bare(Node::object(members, span), span);
        fill.statements(self.data.at(&["defaultRole", "logs"]))
    }

    fn role_resource(
        &self,
        role: &Node,
        boundary: Option<Node>,
        policies: Policies,
        span: Span,
    ) -> Option<Node> {
        let document = |statements: Node| {
            let place = statements.span;
            let version = Node::text("2012-10-17", place);
            Node::object([("Version", version), ("Statement", statements)], place)
        };
        let made = document(Node::array(policies.made, span));
        let documents = std::iter::once(made).chain(policies.own.into_iter().map(document));
        let documents = documents.enumerate().map(|(index, document)| {
            let name = Node::text(format!("lambda-{index}"), document.span);
            let place = document.span;
            Node::object([("PolicyName", name), ("PolicyDocument", document)], place)
        });
        let mut trust: Vec<Node> = self.fact(&["defaultRole", "trust"]).items().to_vec();
        for service in policies.trust {
            if !trust.contains(&service) {
                trust.push(service);
            }
        }
        let trust = trust.into_iter().map(|service| Node { span, ..service });
        let mut properties = role.clone();
        for (name, value) in [
            ("policies", Some(Node::array(documents.collect(), span))),
            ("trust", Some(Node::array(trust.collect(), span))),
            ("permissionsBoundary", boundary),
            ("managedPolicies", list(policies.managed, span)),
        ] {
            properties = match value {
                Some(value) => properties.with(name, value),
                None => properties.without(name),
            };
        }
        self.bare(properties, span)
            .value(self.fact(&["defaultRole", "resource"]))
    }

    fn nothing(&self) -> Node {
        Node::object([], self.role_span())
    }
}

/// Whether a name surely begins like that of the service.
fn begins(name: &Text, prefix: &Text) -> bool {
    let (name, prefix) = (name.to_string(), prefix.to_string());
    name.starts_with(&prefix)
}

/// Whether a list of statements has any, or is not known.
fn has_statements(list: &Node) -> bool {
    is_set(list) && !(list.is_array() && list.items().is_empty())
}

fn list(items: Vec<Node>, span: Span) -> Option<Node> {
    (!items.is_empty()).then(|| Node::array(items, span))
}
