//! One role while it is put together.

use super::name_of;
use crate::diagnostics::quoted;
use crate::input::link::function_builders::nowhere;
use crate::input::link::managed::Managed;
use crate::input::scope::Scope;
use crate::model::MissingInput;
use crate::syntax::{Node, Text};

/// A role and what was found of it.
#[derive(Clone, Debug)]
pub(super) struct RoleBuilder {
    pub(super) name: String,
    pub(super) arn: Option<Text>,
    pub(super) node: Node,
    /// Whether some answer told of the role itself.
    pub(super) told: bool,
    pub(super) scopes: Vec<Scope>,
    pub(super) inline: Vec<Node>,
    /// Answers that list the inline policies, a page each.
    pub(super) inline_names: Vec<Node>,
    /// Answers that list the attached policies, a page each.
    pub(super) attached: Vec<Node>,
    pub(super) joined: bool,
}

impl RoleBuilder {
    pub(super) fn new(name: &str) -> Self {
        let name_node = Node::text(name, nowhere());
        let members = (!name.is_empty()).then_some(("RoleName", name_node));
        RoleBuilder {
            name: name.to_owned(),
            arn: None,
            node: Node::object(members, nowhere()),
            told: false,
            scopes: Vec::new(),
            inline: Vec::new(),
            inline_names: Vec::new(),
            attached: Vec::new(),
            joined: false,
        }
    }

    /// Adds what an answer tells of the role; another one may have told more.
    pub(super) fn tell(&mut self, fact: &Node) {
        self.node = match self.told {
            true => self.node.completed_by(fact),
            false => fact.clone(),
        };
        self.told = true;
    }

    /// Whether a role of this ARN, or of the same name at that place, is this one.
    pub(super) fn can_be(&self, arn: Option<&Text>, scope: &Scope) -> bool {
        let agrees = self.scopes.iter().all(|own| own.agrees(scope));
        agrees
            && match (&self.arn, arn) {
                (Some(own), Some(arn)) => own == arn,
                _ => self.scopes.iter().any(|own| own.is_related(scope)),
            }
    }

    pub(super) fn nearness(&self, scope: &Scope) -> usize {
        self.scopes
            .iter()
            .map(|own| own.nearness(scope))
            .max()
            .unwrap_or(0)
    }

    pub(super) fn shown(&self) -> String {
        match self.name.as_str() {
            "" => "the execution role".to_owned(),
            name => format!("role `{name}`"),
        }
    }

    /// A document of the role that is absent, and the command that fetches it, where the role's
    /// name is known.
    pub(super) fn absent(&self, member: &str, what: String, command: &str) -> MissingInput {
        MissingInput {
            member: member.to_owned(),
            what,
            fetch: match self.name.as_str() {
                "" => String::new(),
                name => format!("aws iam {command} --role-name {}", quoted(name)),
            },
            is_open: false,
        }
    }

    /// The role in the form of the model. `lone` are policies that name no role and are taken to
    /// be this one's. Where nothing else is known of the role, it is taken to have no others.
    pub(super) fn finish(&self, lone: &[Node], trust: Option<Node>, managed: &Managed<'_>) -> Node {
        let mut absent = Vec::new();
        let others = self.told
            || !self.inline.is_empty()
            || !self.inline_names.is_empty()
            || !self.attached.is_empty();
        let assumed = !lone.is_empty() && !others;
        let inline = self.inline(lone, assumed, &mut absent);
        let attached = self.attached(managed, assumed, &mut absent);
        let span = self.node.span;
        let mut role = self
            .node
            .with("RolePolicyList", Node::array(inline, span))
            .with("AttachedManagedPolicies", Node::array(attached, span))
            .with("PermissionsBoundary", self.boundary(managed));
        if let Some(trust) = trust
            && role.get("AssumeRolePolicyDocument").is_none()
        {
            role = role.with("AssumeRolePolicyDocument", trust);
        }
        if role.get("AssumeRolePolicyDocument").is_none() {
            let what = format!("the trust policy of {}", self.shown());
            absent.push(self.absent("AssumeRolePolicyDocument", what, "get-role"));
        }
        let absent = absent.iter().map(|entry| entry.to_node(span)).collect();
        role.with("absent", Node::array(absent, span))
            .with("assumed", Node::from(assumed))
    }

    pub(super) fn inline(
        &self,
        lone: &[Node],
        assumed: bool,
        absent: &mut Vec<MissingInput>,
    ) -> Vec<Node> {
        let mut policies = self
            .node
            .get("RolePolicyList")
            .map_or(&[][..], Node::items)
            .to_vec();
        let complete = self.node.get("RolePolicyList").is_some();
        policies.extend(self.inline.iter().cloned());
        policies.extend(
            lone.iter().map(|document| {
                Node::object([("PolicyDocument", document.clone())], document.span)
            }),
        );
        let unread = |policy: &&Node| !policy.get("PolicyDocument").is_some_and(Node::is_object);
        for policy in policies.iter().filter(unread) {
            let name = policy.str("PolicyName").unwrap_or("a policy");
            let is_open = policy.get("open").is_some();
            let what = match is_open {
                true => format!("{name} is not known before the deploy ({})", self.shown()),
                false => format!("`{name}` of {}", self.shown()),
            };
            absent.push(MissingInput {
                member: "RolePolicyList".to_owned(),
                what,
                fetch: String::new(),
                is_open,
            });
        }
        match self.inline_names.as_slice() {
            [] if complete || assumed => {}
            [] => {
                let what = format!("the list of inline policies of {}", self.shown());
                absent.push(self.absent("RolePolicyList", what, "list-role-policies"));
            }
            pages => self.unseen(pages, &policies, absent),
        }
        policies
    }

    /// Policies that are listed by name and whose document was not handed over.
    pub(super) fn unseen(&self, pages: &[Node], policies: &[Node], absent: &mut Vec<MissingInput>) {
        if pages.iter().all(goes_on) {
            let what = format!(
                "the rest of the list of inline policies of {}",
                self.shown()
            );
            absent.push(self.absent("RolePolicyList", what, "list-role-policies"));
        }
        let names = pages.iter().filter_map(|page| page.get("PolicyNames"));
        for name in names.flat_map(Node::items).filter_map(Node::as_str) {
            if !policies
                .iter()
                .any(|policy| policy.str("PolicyName") == Some(name))
            {
                let what = format!("policy `{name}` of {}", self.shown());
                let mut entry = self.absent("RolePolicyList", what, "get-role-policy");
                if !entry.fetch.is_empty() {
                    entry.fetch = format!("{} --policy-name {}", entry.fetch, quoted(name));
                }
                absent.push(entry);
            }
        }
    }

    pub(super) fn attached(
        &self,
        managed: &Managed<'_>,
        assumed: bool,
        absent: &mut Vec<MissingInput>,
    ) -> Vec<Node> {
        let known = self.node.get("AttachedManagedPolicies");
        let lists: Vec<&Node> = match self.attached.as_slice() {
            [] => known.into_iter().collect(),
            pages => pages
                .iter()
                .filter_map(|page| page.get("AttachedPolicies"))
                .collect(),
        };
        if lists.is_empty() {
            if !assumed {
                let what = format!("the list of policies attached to {}", self.shown());
                let command = "list-attached-role-policies";
                absent.push(self.absent("AttachedManagedPolicies", what, command));
            }
            return Vec::new();
        }
        let listed: Vec<&Node> = lists.into_iter().flat_map(Node::items).collect();
        if !self.attached.is_empty() && self.attached.iter().all(goes_on) {
            let what = format!(
                "the rest of the list of policies attached to {}",
                self.shown()
            );
            let command = "list-attached-role-policies";
            absent.push(self.absent("AttachedManagedPolicies", what, command));
        }
        let lacks = |policy: &&Node| {
            let arn = policy.get("PolicyArn").and_then(Node::as_text);
            policy.get("PolicyDocument").is_none() && arn.is_some_and(|arn| !managed.knows(arn))
        };
        let alone = listed.iter().filter(|policy| lacks(policy)).count() == 1;
        let mut policies = Vec::new();
        for policy in listed {
            let arn = policy.get("PolicyArn").and_then(Node::as_text);
            let document = match (policy.get("PolicyDocument"), arn) {
                (Some(document), _) => Some(document.clone()),
                (None, Some(arn)) => managed.document(arn, &self.scope(), alone),
                (None, None) => None,
            };
            match document {
                Some(document) => policies.push(policy.with("PolicyDocument", document)),
                None => {
                    absent.push(absent_managed(arn));
                    policies.push(policy.clone());
                }
            }
        }
        policies
    }

    /// A boundary with its document where that is known.
    pub(super) fn boundary(&self, managed: &Managed<'_>) -> Node {
        let Some(boundary) = self.node.get("PermissionsBoundary") else {
            return Node::default();
        };
        let arn = boundary
            .get("PermissionsBoundaryArn")
            .and_then(Node::as_text);
        let document = arn.and_then(|arn| managed.document(arn, &self.scope(), false));
        match document {
            Some(document) if boundary.get("PolicyDocument").is_none() => {
                boundary.with("PolicyDocument", document)
            }
            _ => boundary.clone(),
        }
    }

    pub(super) fn scope(&self) -> Scope {
        self.scopes.first().cloned().unwrap_or_default()
    }
}

/// Whether an answer is a page of a list that goes on.
fn goes_on(answer: &Node) -> bool {
    let token = ["Marker", "NextToken"]
        .iter()
        .any(|name| answer.str(name).is_some());
    token || answer.get("IsTruncated").and_then(Node::as_bool) == Some(true)
}

fn absent_managed(arn: Option<&Text>) -> MissingInput {
    let arn = arn.map_or_else(|| "ARN".to_owned(), ToString::to_string);
    MissingInput {
        member: "AttachedManagedPolicies".to_owned(),
        what: format!("policy `{}`", name_of(&arn)),
        fetch: format!(
            "aws iam get-policy-version --policy-arn {0} --version-id $(aws iam get-policy \
             --policy-arn {0} --query Policy.DefaultVersionId --output text)",
            quoted(&arn)
        ),
        is_open: false,
    }
}
