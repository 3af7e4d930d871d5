//! Roles: their policies put together from the answers that tell of them.

use std::collections::{HashMap, HashSet};

use super::drafts::{Drafts, nowhere};
use super::managed::Managed;
use super::take_lone;
use crate::catalogue::Catalogue;
use crate::document::{Node, Text};
use crate::finding::{Problem, quoted};
use crate::lower::facts::{Facts, Scoped};
use crate::lower::scope::{Scope, sole};
use crate::model::{Absent, LoneType};
use crate::source::SourceMap;

/// A role and what was found of it.
#[derive(Clone, Debug)]
struct Draft {
    name: String,
    arn: Option<Text>,
    node: Node,
    /// Whether some answer told of the role itself.
    told: bool,
    scopes: Vec<Scope>,
    inline: Vec<Node>,
    /// Answers that list the inline policies, a page each.
    inline_names: Vec<Node>,
    /// Answers that list the attached policies, a page each.
    attached: Vec<Node>,
    joined: bool,
}

/// All roles.
#[derive(Debug)]
pub(super) struct Roles<'c> {
    list: Vec<Draft>,
    by_name: HashMap<String, Vec<usize>>,
    /// Names of the roles that configurations of functions name.
    wanted: HashSet<String>,
    managed: Managed<'c>,
}

/// The name at the end of a role's ARN, which may have a path before it.
pub(super) fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// The name of a role, with its holes as they are shown: no two roles of a template share one.
fn role_name(arn: &Text) -> String {
    name_of(&arn.to_string()).to_owned()
}

impl<'c> Roles<'c> {
    /// The roles that documents tell of.
    pub(super) fn of(
        facts: &mut Facts,
        catalogue: &'c Catalogue,
        sources: &'c mut SourceMap,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let managed = Managed::of(facts, catalogue, sources);
        let mut roles = Roles {
            list: Vec::new(),
            by_name: HashMap::new(),
            wanted: wanted(facts),
            managed,
        };
        for Scoped { scope, fact } in facts.roles.drain(..) {
            let text = |member: &str| fact.get(member).and_then(Node::as_text);
            let by_arn = || text("Arn").map(role_name);
            let name = text("RoleName")
                .map(ToString::to_string)
                .or_else(by_arn)
                .unwrap_or_default();
            let arn = fact.get("Arn").and_then(Node::as_text).cloned();
            roles.update(&name, arn.as_ref(), &scope, |draft| draft.tell(&fact));
        }
        for Scoped { scope, fact } in facts.role_policies.drain(..) {
            let name = fact.str("RoleName").unwrap_or("").to_owned();
            roles.update(&name, None, &scope, |draft| draft.inline.push(fact));
        }
        roles.take_lists(facts, problems);
        roles
    }

    /// The answers that list a role's policies do not name the role.
    fn take_lists(&mut self, facts: &mut Facts, problems: &mut Vec<Problem>) {
        for Scoped { scope, fact } in facts.role_policy_names.drain(..) {
            if let Some(name) = self.name_for_list(&fact, &scope, problems) {
                self.update(&name, None, &scope, |draft| draft.inline_names.push(fact));
            }
        }
        for Scoped { scope, fact } in facts.attached_policies.drain(..) {
            if let Some(name) = self.name_for_list(&fact, &scope, problems) {
                self.update(&name, None, &scope, |draft| draft.attached.push(fact));
            }
        }
    }

    fn name_for_list(
        &self,
        answer: &Node,
        scope: &Scope,
        problems: &mut Vec<Problem>,
    ) -> Option<String> {
        if let Some(name) = answer.str("RoleName") {
            return Some(name.to_owned());
        }
        if self.list.is_empty() {
            return Some(String::new());
        }
        let candidates = self.list.iter().flat_map(|draft| {
            let nearest = draft.scopes.iter().max_by_key(|s| s.nearness(scope));
            nearest.map(|scope| (scope, &draft.name))
        });
        let found = sole(candidates, scope, |name| self.wanted.contains(*name)).cloned();
        if found.is_none() {
            let message = "it cannot be told which role this list belongs to";
            let help =
                "add `RoleName` to it, or put it into a folder with the role's other answers";
            problems.push(Problem::at(answer.span.at_start(), message).help(help));
        }
        found
    }

    /// Changes the role of that name and ARN, which is added if it is new. Roles of one name in
    /// several accounts are told apart by ARN, or else by where they stand.
    fn update(
        &mut self,
        name: &str,
        arn: Option<&Text>,
        scope: &Scope,
        change: impl FnOnce(&mut Draft),
    ) {
        let index = self.find(name, arn, scope).unwrap_or_else(|| {
            let index = self.list.len();
            self.list.push(Draft::new(name));
            self.by_name.entry(name.to_owned()).or_default().push(index);
            index
        });
        if let Some(draft) = self.list.get_mut(index) {
            draft.scopes.push(scope.clone());
            if draft.arn.is_none() {
                draft.arn = arn.cloned();
            }
            change(draft);
        }
    }

    /// The nearest role that can be the one of that name and ARN.
    fn find(&self, name: &str, arn: Option<&Text>, scope: &Scope) -> Option<usize> {
        let same = self.by_name.get(name)?.iter().copied();
        let fitting = same.filter(|index| {
            self.list
                .get(*index)
                .is_some_and(|role| role.can_be(arn, scope))
        });
        // Of several that are equally near, the first one.
        fitting
            .rev()
            .max_by_key(|index| self.list.get(*index).map(|role| role.nearness(scope)))
    }

    /// The role of a function: the one that its configuration names, one without a name in the
    /// same bundle, or the only one there is.
    fn of_function(
        &mut self,
        wanted: Option<&Text>,
        scope: &Scope,
        alone: bool,
    ) -> Option<&mut Draft> {
        let name = wanted.map(role_name);
        let only = self.list.len() == 1 && alone;
        let free = |role: &Draft| wanted.is_none() || role.name.is_empty();
        let index = name
            .and_then(|name| self.find(&name, wanted, scope))
            .or_else(|| {
                self.list.iter().position(|role| {
                    let near = role.scopes.iter().any(|own| own.shares_bundle(scope));
                    free(role) && (near || only)
                })
            })?;
        self.list.get_mut(index)
    }

    /// Gives every function its role: the one that its configuration names, the only one nearby
    /// where it names none, or one made of the identity policies nearby.
    pub(super) fn join(&mut self, drafts: &mut Drafts, facts: &mut Facts) {
        let lone_identity = lone_of_functions(drafts, facts, LoneType::Identity);
        let lone_trust = lone_of_functions(drafts, facts, LoneType::Trust);
        let alone = drafts.list.len() == 1;
        for (index, draft) in drafts.list.iter_mut().enumerate() {
            let policies = documents_for(&lone_identity, index);
            let trust = documents_for(&lone_trust, index).pop();
            let wanted = draft.role_arn().map(role_name);
            let scope = draft.scopes.first().cloned().unwrap_or_default();
            let role = self.of_function(draft.role_arn(), &scope, alone);
            let mut own = Draft::new(wanted.as_deref().unwrap_or(""));
            let role = match role {
                Some(role) => role,
                None if policies.is_empty() && trust.is_none() => continue,
                None => &mut own,
            };
            role.joined = true;
            let role = role.clone();
            draft.role = Some(role.finish(&policies, trust, &self.managed));
        }
    }

    /// The roles that belong to no function.
    pub(super) fn finish(self) -> Vec<Node> {
        let free = self.list.iter().filter(|role| !role.joined);
        free.map(|role| role.finish(&[], None, &self.managed))
            .collect()
    }
}

/// The lone policies that belong to the only function near them, with that function's index.
fn lone_of_functions(drafts: &Drafts, facts: &mut Facts, of_type: LoneType) -> Vec<(usize, Node)> {
    let mut taken = Vec::new();
    take_lone(facts, of_type, |scope, document| {
        match drafts.nearest_index(scope) {
            Some(index) => {
                taken.push((index, document.clone()));
                true
            }
            None => false,
        }
    });
    taken
}

fn documents_for(taken: &[(usize, Node)], index: usize) -> Vec<Node> {
    let own = taken.iter().filter(|(of, _)| *of == index);
    own.map(|(_, document)| document.clone()).collect()
}

impl Draft {
    fn new(name: &str) -> Self {
        let name_node = Node::text(name, nowhere());
        let members = (!name.is_empty()).then_some(("RoleName", name_node));
        Draft {
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
    fn tell(&mut self, fact: &Node) {
        self.node = match self.told {
            true => self.node.completed_by(fact),
            false => fact.clone(),
        };
        self.told = true;
    }

    /// Whether a role of this ARN, or of the same name at that place, is this one.
    fn can_be(&self, arn: Option<&Text>, scope: &Scope) -> bool {
        let agrees = self.scopes.iter().all(|own| own.agrees(scope));
        agrees
            && match (&self.arn, arn) {
                (Some(own), Some(arn)) => own == arn,
                _ => self.scopes.iter().any(|own| own.is_related(scope)),
            }
    }

    fn nearness(&self, scope: &Scope) -> usize {
        self.scopes
            .iter()
            .map(|own| own.nearness(scope))
            .max()
            .unwrap_or(0)
    }

    fn shown(&self) -> String {
        match self.name.as_str() {
            "" => "the execution role".to_owned(),
            name => format!("role `{name}`"),
        }
    }

    /// A document of the role that is absent, and the command that fetches it, where the role's
    /// name is known.
    fn absent(&self, member: &str, what: String, command: &str) -> Absent {
        Absent {
            member: member.to_owned(),
            what,
            fetch: match self.name.as_str() {
                "" => String::new(),
                name => format!("aws iam {command} --role-name {}", quoted(name)),
            },
        }
    }

    /// The role in the form of the model. `lone` are policies that name no role and are taken to
    /// be this one's. Where nothing else is known of the role, it is taken to have no others.
    fn finish(&self, lone: &[Node], trust: Option<Node>, managed: &Managed<'_>) -> Node {
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

    fn inline(&self, lone: &[Node], assumed: bool, absent: &mut Vec<Absent>) -> Vec<Node> {
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
    fn unseen(&self, pages: &[Node], policies: &[Node], absent: &mut Vec<Absent>) {
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

    fn attached(
        &self,
        managed: &Managed<'_>,
        assumed: bool,
        absent: &mut Vec<Absent>,
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
                None => absent.push(absent_managed(arn)),
            }
        }
        policies
    }

    /// A boundary with its document where that is known.
    fn boundary(&self, managed: &Managed<'_>) -> Node {
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

    fn scope(&self) -> Scope {
        self.scopes.first().cloned().unwrap_or_default()
    }
}

fn wanted(facts: &Facts) -> HashSet<String> {
    let roles = facts
        .configurations
        .iter()
        .filter_map(|c| c.fact.get("Role")?.as_text());
    roles.map(role_name).collect()
}

/// Whether an answer is a page of a list that goes on.
fn goes_on(answer: &Node) -> bool {
    let token = ["Marker", "NextToken"]
        .iter()
        .any(|name| answer.str(name).is_some());
    token || answer.get("IsTruncated").and_then(Node::as_bool) == Some(true)
}

fn absent_managed(arn: Option<&Text>) -> Absent {
    let arn = arn.map_or_else(|| "ARN".to_owned(), ToString::to_string);
    Absent {
        member: "AttachedManagedPolicies".to_owned(),
        what: format!("policy `{}`", name_of(&arn)),
        fetch: format!(
            "aws iam get-policy-version --policy-arn {0} --version-id $(aws iam get-policy \
             --policy-arn {0} --query Policy.DefaultVersionId --output text)",
            quoted(&arn)
        ),
    }
}
