//! Outputs of the AWS CLI, and bundles of them, as facts.
//!
//! Every output is an object of named members, so a bundle is nothing but an object with the
//! members of several outputs.

mod bundle;
pub(super) mod cli_error;
mod function;
mod function_policy;
mod managed_policy;
mod organization;
mod resources;
mod role;
mod triggers;

use super::detect::{CONFIGURATIONS, DocumentKind, detect, is_bundle, is_configuration};
use super::emitter::Emitter;
use super::facts::{LoneDocument, push};
use super::policy;
use super::scope::Scope;
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::model::{LoneType, shape};
use crate::source::Span;
use crate::syntax::Node;
use cli_error::{CliError, Meaning};

/// Reads outputs into facts.
pub(super) struct Reader<'r, 'e> {
    pub(super) emitter: &'r mut Emitter<'e>,
    pub(super) catalogue: &'r Catalogue,
    /// What policy documents by themselves are, where the user says so.
    pub(super) policy_type: Option<LoneType>,
}

impl Reader<'_, '_> {
    /// Reads a document, or the documents of a list; returns whether it is something known.
    pub(super) fn document(&mut self, root: &Node, scope: &Scope) -> bool {
        match detect(root) {
            DocumentKind::List => self.documents(root, scope),
            DocumentKind::Policy => {
                self.lone_policy(root, scope);
                true
            }
            DocumentKind::Bundle => {
                let scope = scope.of_bundle(root.span.start);
                self.output(root, &scope)
            }
            DocumentKind::Other => self.output(root, scope),
            DocumentKind::Template
            | DocumentKind::Manifest
            | DocumentKind::Package
            | DocumentKind::Terraform
            | DocumentKind::Serverless => false,
        }
    }

    /// Reads the documents of a list, each in a scope of its own.
    fn documents(&mut self, list: &Node, scope: &Scope) -> bool {
        let items = list.items().iter().enumerate();
        items
            .map(|(index, item)| self.document(item, &scope.inner(&index.to_string())))
            .fold(false, |known, item| known | item)
    }

    /// Reads a list or one document alone, in the scope of the bundle that it belongs to.
    fn each_document(&mut self, value: &Node, scope: &Scope) -> bool {
        let items = value.each().iter();
        items
            .map(|item| self.document(item, scope))
            .fold(false, |known, item| known | item)
    }

    /// Reads an output, or several whose members stand in one object.
    fn output(&mut self, root: &Node, scope: &Scope) -> bool {
        let mistakes = bundle::mistaken_members(root);
        self.emitter.problems.extend(mistakes);
        let unwrapped = self.unwrapped(root, scope);
        let members = root
            .members()
            .iter()
            .map(|member| self.member(root, &member.key.text, &member.value, scope))
            .fold(false, |known, member| known | member);
        let triggers = self.triggers(root, scope);
        let resources = self.resources(root, scope);
        unwrapped || members || triggers || resources
    }

    fn lone_policy(&mut self, root: &Node, scope: &Scope) {
        let of_type = self.policy_type.unwrap_or_else(|| policy::lone_type(root));
        let document = self.emitter.regular(root, of_type);
        if of_type == LoneType::Resource {
            self.resource_policy(&document, root, scope);
        }
        let fact = LoneDocument { of_type, document };
        push(&mut self.emitter.facts.lone_policies, fact, scope);
    }

    /// An error of the AWS CLI in place of an output.
    pub(super) fn error(&mut self, error: &CliError, span: Span, scope: &Scope) {
        match error.means {
            Meaning::NoFunctionPolicy => self.function_policy(None, None, scope),
            Meaning::Failed => self.failed(span),
            Meaning::NoneOfIt => {}
        }
    }

    fn failed(&mut self, span: Span) {
        let message = "the AWS CLI printed this error instead of its output";
        let problem = Problem::at(span, message).help("run the command again");
        self.emitter.problems.push(problem);
    }

    /// Outputs whose members stand by themselves, with no name over them.
    fn unwrapped(&mut self, root: &Node, scope: &Scope) -> bool {
        let has = |name: &str| root.get(name).is_some();
        let text = |name: &str| root.str(name).is_some();
        if has("UUID") && (has("EventSourceArn") || has("FunctionArn")) {
            self.mapping(root, scope);
        } else if text("FunctionName") && (text("FunctionArn") || text("Role")) {
            self.function(root, root, scope);
        } else if (text("RoleName") || is_inline_policy(root)) && has("PolicyDocument") {
            self.role_policy(root, scope);
        } else if text("RoleName") && has("AssumeRolePolicyDocument") {
            self.role(root, scope);
        } else if has("FunctionArn") && function::is_invoke_config(root) {
            self.invoke_config(root, scope);
        } else if has("AliasArn") && has("FunctionVersion") {
            self.alias(root, scope);
        } else {
            return false;
        }
        true
    }

    /// Outputs of IAM whose content has a name.
    fn iam_member(&mut self, root: &Node, name: &str, value: &Node, scope: &Scope) -> bool {
        let is_list = value.is_array();
        match name {
            "Role" if value.is_object() && (holds(value, &ROLE) || is_bundle(root)) => {
                self.role(value, scope);
            }
            "Roles" | "RoleDetailList" if is_list && holds(value, &ROLE) => {
                let roles = value.items().iter();
                roles.for_each(|role| self.role(role, scope));
            }
            "PolicyVersion" if is_policy_version(value) => {
                self.policy_version(root, value, scope);
            }
            "PolicyNames" if is_list => self.inline_policy_list(root, value, scope),
            "AttachedPolicies" if is_list && holds(value, &ATTACHED) => {
                self.attached_policy_list(root, value, scope);
            }
            _ => return false,
        }
        true
    }

    /// Outputs whose content has a name.
    fn member(&mut self, root: &Node, name: &str, value: &Node, scope: &Scope) -> bool {
        let is_wrapped = value.is_object() || value.is_array();
        let items = || value.items().iter();
        match name {
            _ if CONFIGURATIONS.contains(&name) && value.is_object() => {
                self.function(value, root, scope);
                return is_configuration(value);
            }
            "Functions" if value.is_array() => {
                let known = self.documents(value, &scope.inner(name));
                return known || value.items().is_empty();
            }
            "Triggers" if value.is_array() => return self.trigger_list(root, value, scope),
            "FunctionEventInvokeConfigs" | "FunctionEventInvokeConfig" if is_wrapped => {
                let configs = value.each().iter();
                let configs = configs.filter(|config| function::is_invoke_config(config));
                configs.for_each(|config| self.invoke_config(config, scope));
            }
            "Policies" if value.is_array() && value.items().is_empty() && is_bundle(root) => {
                self.function_policy(None, None, scope);
            }
            "FunctionUrlConfig" | "FunctionUrlConfigs" | "Aliases" | "Versions" if is_wrapped => {
                return self.each_document(value, scope) || value.items().is_empty();
            }
            "CapacityProvider" | "CapacityProviders" if holds(value, &PROVIDER) => {
                for provider in value.each() {
                    let shaped = shape::project(provider, shape::CAPACITY_PROVIDER);
                    push(&mut self.emitter.facts.capacity_providers, shaped, scope);
                }
            }
            "Policy" | "Policies" => return self.policies(root, value, scope),
            "EventSourceMappings" if value.is_array() => {
                // Event source mappings of a bundle need no `UUID`.
                let mappings = items().filter(|item| item.is_object());
                mappings.for_each(|mapping| self.mapping(mapping, scope));
            }
            "logGroups" if value.is_array() && holds(value, &["logGroupName"]) => {
                self.log_groups(root, value, scope)
            }
            // Attributes that were asked for by name need not have the ARN beside the policy.
            "Attributes" if value.get("QueueArn").or(value.get("TopicArn")).is_none() => {
                let policy = value
                    .get("Policy")
                    .filter(|policy| policy.as_str().is_some());
                return policy
                    .is_some_and(|policy| self.embedded_policy(policy, None, value, scope));
            }
            _ => return self.iam_member(root, name, value, scope),
        }
        true
    }
}

// Members of which an entry has at least one: the names around them are words of other programs, too.
const PROVIDER: [&str; 3] = ["CapacityProviderArn", "PermissionsConfig", "VpcConfig"];
const ROLE: [&str; 4] = ["RoleName", "RoleId", "Arn", "AssumeRolePolicyDocument"];
const VERSION: [&str; 3] = ["VersionId", "IsDefaultVersion", "CreateDate"];
const ATTACHED: [&str; 2] = ["PolicyArn", "PolicyName"];

/// Whether an object, or one of a list, has one of some members; a list can be empty.
fn holds(value: &Node, members: &[&str]) -> bool {
    let has_one = |node: &Node| members.iter().any(|member| node.get(member).is_some());
    let is_wrapped = value.is_object() || value.is_array();
    is_wrapped && (value.each().iter().any(has_one) || value.is_array() && value.items().is_empty())
}

fn is_policy_version(value: &Node) -> bool {
    let document = value.get("Document");
    document.is_some_and(|document| holds(value, &VERSION) || policy::is_told(document))
}

/// Whether an object is an inline policy by itself, as a query can cut it out of an output: those of users and
/// groups are not a function's.
fn is_inline_policy(root: &Node) -> bool {
    let is_of_another = ["UserName", "GroupName"];
    root.str("PolicyName").is_some() && is_of_another.iter().all(|name| root.get(name).is_none())
}
