//! What a document is, by its content: a policy, an answer of the AWS CLI, or a bundle of those.
//!
//! Every answer is an object of named members, so a bundle is nothing but an object with the
//! members of several answers.

mod bundle;
pub(super) mod cli_error;
mod triggers;

use super::cloudformation::{self, Branch, Deployment, Stack, Stacks, TemplateFacts, Written};
use super::facts::{Facts, FunctionPolicy, LoneDocument, Scoped};
use super::policy;
use super::{Hints, Input, Scope};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::model::LoneType;
use crate::source::{SourceMap, Span};
use crate::syntax::{Node, Text, embed, read_partial_json};
use bundle::{is_bundle, mistaken_members};
use cli_error::{CliError, Meaning};

/// Reads documents into facts.
pub(in crate::input) struct Reader<'r> {
    pub(super) sources: &'r mut SourceMap,
    pub(super) catalogue: &'r Catalogue,
    pub(super) hints: &'r Hints,
    pub(super) facts: &'r mut Facts,
    pub(super) problems: &'r mut Vec<Problem>,
    /// The way to the file that is read.
    pub(super) way: String,
    /// Templates, which are told when all are read.
    pub(super) stacks: &'r mut Stacks,
    /// What the other branches of templates tell.
    pub(super) branches: &'r mut Vec<(Branch, Facts)>,
}

impl Reader<'_> {
    /// Reads a document; tells whether it is something that we know.
    pub(in crate::input) fn document(&mut self, root: &Node, scope: &Scope) -> bool {
        if root.is_array() {
            return self.documents(root, scope);
        }
        if policy::is_document(root) {
            self.lone_policy(root, scope);
            return true;
        }
        if cloudformation::is_template(root) {
            self.stacks.add(Written {
                root: root.clone(),
                scope: scope.of_bundle(root.span.start),
                way: self.way.clone(),
            });
            return true;
        }
        if root.str("Package").is_some() && root.get("Entries").is_some_and(Node::is_array) {
            self.facts.packages.push(root.clone());
            return true;
        }
        if is_manifest(root) {
            self.stacks.add_manifest(root, &self.way);
            return true;
        }
        let bundle;
        let scope = match is_bundle(root) {
            true => {
                bundle = scope.of_bundle(root.span.start);
                &bundle
            }
            false => scope,
        };
        self.problems.extend(mistaken_members(root));
        self.answer(root, scope)
    }

    /// Reads an answer, or several whose members lie in one object.
    fn answer(&mut self, root: &Node, scope: &Scope) -> bool {
        let whole = self.whole(root, scope);
        let members = root
            .members()
            .iter()
            .map(|member| self.member(root, &member.key.text, &member.value, scope))
            .fold(false, |known, member| known | member);
        let triggers = self.triggers(root, scope);
        whole || members || triggers
    }

    /// Templates that belong together, by what they tell in the shapes of answers, in their first
    /// settings and in those of their other branches.
    pub(in crate::input) fn deployment(&mut self, deployment: &Deployment<'_>) {
        let Some(stack) = deployment.stacks.first() else {
            return;
        };
        let told = deployment.stacks.iter().flat_map(Stack::problems);
        let mut problems: Vec<Problem> = Vec::new();
        for problem in told {
            // A template that stands for several stacks has its faults once.
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        self.problems.extend(problems);
        let (scope, answer) = (stack.scope.clone(), stack.written.span);
        let first = self.apart(|reader| reader.told(&deployment.tell(), answer, &scope));
        for (branch, told) in deployment.branches() {
            // What is wrong with a text in it is told once.
            let problems = self.problems.len();
            let facts = self.apart(|reader| reader.told(&told, answer, &scope));
            self.problems.truncate(problems);
            if facts != first {
                self.branches.push((branch, facts));
            }
        }
        self.facts.append(first);
    }

    /// What is read into facts of their own.
    fn apart(&mut self, read: impl FnOnce(&mut Reader<'_>)) -> Facts {
        let mut facts = Facts::default();
        read(&mut Reader {
            facts: &mut facts,
            sources: self.sources,
            problems: self.problems,
            branches: self.branches,
            stacks: self.stacks,
            way: self.way.clone(),
            ..*self
        });
        facts
    }

    fn told(&mut self, told: &TemplateFacts, answer: Span, scope: &Scope) {
        for answer in &told.answers {
            self.answer(answer, scope);
        }
        for (of_type, document) in &told.documents {
            self.regular(document, *of_type);
        }
        for policy in &told.policies {
            let written = policy.document.as_ref();
            // A document may be written as a text.
            let document = written.and_then(|document| match document.as_str() {
                Some(_) => self.embedded(document),
                None => Some(document.clone()).filter(Node::is_object),
            });
            if let Some(document) = document {
                let document = Some(self.regular(&document, LoneType::Function));
                let policy = policy.clone();
                let fact = FunctionPolicy { document, ..policy };
                push(&mut self.facts.function_policies, fact, scope);
            }
        }
        for resource in &told.resources {
            self.triggers_of(resource, answer, scope);
        }
    }

    /// Reads the documents of a list, each in a scope of its own.
    pub(in crate::input) fn documents(&mut self, list: &Node, scope: &Scope) -> bool {
        list.items()
            .iter()
            .enumerate()
            .map(|(index, item)| self.document(item, &scope.inner(&index.to_string())))
            .fold(false, |known, item| known | item)
    }

    /// An error text of the AWS CLI in place of an answer.
    pub(in crate::input) fn error(&mut self, error: &CliError, input: &Input) {
        if error.means == Meaning::NoFunctionPolicy {
            self.function_policy(None, None, &input.scope);
        }
        if error.means == Meaning::Failed {
            let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let (start, end) = (offset(error.range.start), offset(error.range.end));
            let span = Span::new(input.file, start, end);
            self.problems.push(failed(span));
        }
    }

    fn lone_policy(&mut self, root: &Node, scope: &Scope) {
        let of_type = self
            .hints
            .policy_type
            .unwrap_or_else(|| policy::lone_type(root));
        let document = self.regular(root, of_type);
        let fact = LoneDocument { of_type, document };
        push(&mut self.facts.lone_policies, fact, scope);
    }

    /// Answers whose members lie open, without a name around them.
    fn whole(&mut self, root: &Node, scope: &Scope) -> bool {
        let has = |name: &str| root.get(name).is_some();
        let text = |name: &str| root.str(name).is_some();
        let facts = &mut *self.facts;
        if has("UUID") && (has("EventSourceArn") || has("FunctionArn")) {
            push(&mut facts.mappings, root.clone(), scope);
        } else if text("FunctionName") && (text("FunctionArn") || text("Role")) {
            push(&mut facts.configurations, root.clone(), scope);
        } else if text("RoleName") && has("PolicyDocument") {
            let document = self.policy_of(root, "PolicyDocument");
            let policy = root.with("PolicyDocument", document);
            push(&mut self.facts.role_policies, policy, scope);
        } else if text("RoleName") && has("AssumeRolePolicyDocument") {
            self.role(root, scope);
        } else if has("FunctionArn") && is_invoke_config(root) {
            push(&mut facts.invoke_configs, root.clone(), scope);
        } else if has("AliasArn") && has("FunctionVersion") {
            push(&mut facts.aliases, root.clone(), scope);
        } else {
            return false;
        }
        true
    }

    /// Answers whose content has a name.
    fn member(&mut self, root: &Node, name: &str, value: &Node, scope: &Scope) -> bool {
        let wrapped = value.is_object() || value.is_array();
        match name {
            "Configuration" | "FunctionConfiguration" if value.is_object() => {
                // `GetFunction` tells these beside it.
                let beside = ["Code", "Tags"].into_iter();
                let whole = beside.fold(value.clone(), |whole, name| match root.get(name) {
                    Some(node) => whole.with(name, node.clone()),
                    None => whole,
                });
                push(&mut self.facts.configurations, whole, scope);
            }
            "Functions" | "Triggers" if value.is_array() => {
                return self.listed(name, value, scope) || value.items().is_empty();
            }
            "FunctionEventInvokeConfigs" | "FunctionEventInvokeConfig" if wrapped => {
                let configs = value
                    .each()
                    .iter()
                    .filter(|config| is_invoke_config(config));
                configs.for_each(|c| push(&mut self.facts.invoke_configs, c.clone(), scope));
            }
            "Policies" if value.is_array() && value.items().is_empty() && is_bundle(root) => {
                self.function_policy(None, None, scope);
            }
            "FunctionUrlConfig" | "FunctionUrlConfigs" | "Aliases" if wrapped => {
                return self.each(value, scope) || value.items().is_empty();
            }
            "Role" if value.is_object() => self.role(value, scope),
            "Roles" | "RoleDetailList" if value.is_array() => {
                value.items().iter().for_each(|role| self.role(role, scope));
            }
            "Policy" | "Policies" => return self.policies(value, scope),
            "PolicyVersion" if value.get("Document").is_some() => {
                self.policy_version(root, value, scope);
            }
            "PolicyNames" if value.is_array() => {
                push(&mut self.facts.role_policy_names, root.clone(), scope);
            }
            "AttachedPolicies" if value.is_array() => {
                push(&mut self.facts.attached_policies, root.clone(), scope);
            }
            "EventSourceMappings" if value.is_array() => self.mappings(value, scope),
            "Attributes" if value.get("QueueArn").is_some() || value.get("TopicArn").is_some() => {
                push(&mut self.facts.resources, value.clone(), scope);
            }
            _ => return false,
        }
        true
    }

    /// The members of a list or one object alone, in the scope of the bundle that they belong to.
    fn each(&mut self, value: &Node, scope: &Scope) -> bool {
        value
            .each()
            .iter()
            .map(|item| self.document(item, scope))
            .fold(false, |known, item| known | item)
    }

    /// Event source mappings of a bundle need no `UUID`.
    fn mappings(&mut self, list: &Node, scope: &Scope) {
        for mapping in list.items().iter().filter(|item| item.is_object()) {
            push(&mut self.facts.mappings, mapping.clone(), scope);
        }
    }

    /// `Policy` and `Policies` name different things in different answers.
    fn policies(&mut self, value: &Node, scope: &Scope) -> bool {
        if value.is_null() {
            self.function_policy(None, None, scope);
            return true;
        }
        value
            .each()
            .iter()
            .map(|policy| self.policy(policy, scope))
            .fold(
                value.is_array() && value.items().is_empty(),
                |known, policy| known | policy,
            )
    }

    fn policy(&mut self, value: &Node, scope: &Scope) -> bool {
        if let Some(text) = value.as_str() {
            return match cli_error::meaning(text.trim()) {
                Some(Meaning::NoFunctionPolicy) => {
                    self.function_policy(None, None, scope);
                    true
                }
                Some(Meaning::NoneOfIt) => true,
                Some(Meaning::Failed) => {
                    self.problems.push(failed(value.span));
                    true
                }
                None => self.embedded_function_policy(value, None, scope),
            };
        }
        if policy::is_document(value) {
            self.function_policy(None, Some(value), scope);
        } else if value.get("PolicyVersionList").is_some() {
            self.managed_policy_detail(value, scope);
        } else if value.get("Arn").is_some() && value.get("PolicyName").is_some() {
            push(&mut self.facts.managed_policies, value.clone(), scope);
        } else if let Some(inner) = value.get("Policy") {
            return self.qualified_policy(value.get("Qualifier"), inner, scope);
        } else {
            return false;
        }
        true
    }

    /// A member of a bundle's `Policies`: `{"Qualifier": "live", "Policy": …}`.
    fn qualified_policy(&mut self, qualifier: Option<&Node>, policy: &Node, scope: &Scope) -> bool {
        let qualifier = qualifier.and_then(Node::as_text).cloned();
        if policy.is_null() {
            self.function_policy(qualifier, None, scope);
        } else if policy.is_object() {
            self.function_policy(qualifier, Some(policy), scope);
        } else {
            return self.embedded_function_policy(policy, qualifier, scope);
        }
        true
    }

    fn embedded_function_policy(
        &mut self,
        text: &Node,
        qualifier: Option<Text>,
        scope: &Scope,
    ) -> bool {
        let document = self.embedded(text);
        let known = document.as_ref().is_some_and(policy::is_document);
        if known {
            self.function_policy(qualifier, document.as_ref(), scope);
        }
        known
    }

    fn function_policy(&mut self, qualifier: Option<Text>, document: Option<&Node>, scope: &Scope) {
        let fact = FunctionPolicy {
            function: None,
            qualifier,
            document: document.map(|document| self.regular(document, LoneType::Function)),
        };
        push(&mut self.facts.function_policies, fact, scope);
    }

    /// A role with every policy document in it read and made regular.
    fn role(&mut self, role: &Node, scope: &Scope) {
        let mut role = role.clone();
        if role.get("AssumeRolePolicyDocument").is_some() {
            let document = self.policy_of(&role, "AssumeRolePolicyDocument");
            role = role.with("AssumeRolePolicyDocument", document);
        }
        for list in ["RolePolicyList", "AttachedManagedPolicies"] {
            if let Some(policies) = role.get(list).cloned() {
                let items = policies
                    .items()
                    .iter()
                    .map(|policy| self.with_document(policy))
                    .collect();
                role = role.with(list, Node::array(items, policies.span));
            }
        }
        if let Some(boundary) = role.get("PermissionsBoundary").cloned() {
            role = role.with("PermissionsBoundary", self.with_document(&boundary));
        }
        push(&mut self.facts.roles, role, scope);
    }

    fn with_document(&mut self, policy: &Node) -> Node {
        match policy.get("PolicyDocument") {
            // What a transform writes by itself is not the user's to mend.
            Some(document) if policy.get("implied").is_some() => {
                policy.with("PolicyDocument", policy::regular(document))
            }
            Some(_) => policy.with("PolicyDocument", self.policy_of(policy, "PolicyDocument")),
            None => policy.clone(),
        }
    }

    /// The policy document under a member, which may be written as a text.
    pub(in crate::input) fn policy_of(&mut self, node: &Node, member: &str) -> Node {
        let value = node.get(member).cloned().unwrap_or_default();
        let document = match value.as_text() {
            Some(Text::Known(_)) => self.embedded(&value),
            Some(open) => read_partial_json(open, value.span),
            None => Some(value.clone()),
        };
        let of_type = match member {
            "AssumeRolePolicyDocument" => LoneType::Trust,
            _ => LoneType::Identity,
        };
        match document {
            Some(document) if document.is_object() => self.regular(&document, of_type),
            _ => value,
        }
    }

    /// The document in regular form, which is noted down as one that was read.
    fn regular(&mut self, document: &Node, of_type: LoneType) -> Node {
        let document = policy::regular(document);
        self.facts.documents.push(LoneDocument {
            of_type,
            document: document.clone(),
        });
        document
    }

    /// The document that a text holds; a mistake in it is a problem.
    fn embedded(&mut self, text: &Node) -> Option<Node> {
        let embedded = embed(self.sources, text)?;
        let mut documents = embedded.documents;
        self.problems
            .extend(documents.errors.drain(..).map(Problem::from));
        let root = (!documents.roots.is_empty()).then(|| documents.roots.remove(0))?;
        self.facts.inputs.push(root.clone());
        Some(root)
    }
}

/// Whether a document is the manifest of what CDK makes.
fn is_manifest(root: &Node) -> bool {
    let artifacts = root
        .get("artifacts")
        .filter(|artifacts| artifacts.is_object());
    root.str("version").is_some() && artifacts.is_some()
}

fn failed(span: Span) -> Problem {
    let message = "the AWS CLI printed this error instead of an answer";
    Problem::at(span, message).help("run the command again")
}

pub(in crate::input) fn push<T>(list: &mut Vec<Scoped<T>>, fact: T, scope: &Scope) {
    list.push(Scoped {
        scope: scope.clone(),
        fact,
    });
}

fn is_invoke_config(node: &Node) -> bool {
    const MEMBERS: [&str; 3] = [
        "DestinationConfig",
        "MaximumRetryAttempts",
        "MaximumEventAgeInSeconds",
    ];
    MEMBERS.iter().any(|member| node.get(member).is_some())
}
