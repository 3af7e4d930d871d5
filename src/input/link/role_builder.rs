//! One role while it is put together.

use super::managed_policies::ManagedDocuments;
use super::shared::{NOWHERE, name_of};
use crate::diagnostics::quoted;
use crate::input::facts::{AttachedPolicy, InlinePolicy, PolicyList, RoleFact};
use crate::input::scope::Scope;
use crate::model::members::{ABSENT, ASSUMED, LOGICAL_ID, NAMED_BY, SAM_FUNCTION};
use crate::model::{MissingInput, shape};
use crate::source::Span;
use crate::syntax::{Node, Text};

const INLINE: &str = "RolePolicyList";
const ATTACHED: &str = "AttachedManagedPolicies";
const TRUST: &str = "AssumeRolePolicyDocument";

/// Documents that name no role and stand near a function.
#[derive(Debug, Default)]
pub(super) struct Nearby {
    /// Policies by themselves.
    pub(super) lone: Vec<Node>,
    /// Managed policies of which IAM printed the documents; they count where no list of the attached
    /// policies is at hand.
    pub(super) printed: Vec<AttachedPolicy>,
    pub(super) trust: Option<Node>,
}

impl Nearby {
    pub(super) fn is_empty(&self) -> bool {
        self.lone.is_empty() && self.printed.is_empty() && self.trust.is_none()
    }
}

/// A role and what was found of it.
#[derive(Clone, Debug)]
pub(super) struct RoleBuilder {
    pub(super) name: String,
    pub(super) arn: Option<Text>,
    /// What documents say of the role itself.
    fact: Option<RoleFact>,
    pub(super) scopes: Vec<Scope>,
    pub(super) inline: Vec<InlinePolicy>,
    pub(super) inline_lists: Vec<PolicyList<String>>,
    pub(super) attached_lists: Vec<PolicyList<AttachedPolicy>>,
    /// Whether a function has it.
    pub(super) is_attached: bool,
}

impl RoleBuilder {
    pub(super) fn new(name: &str) -> Self {
        RoleBuilder {
            name: name.to_owned(),
            arn: None,
            fact: None,
            scopes: Vec::new(),
            inline: Vec::new(),
            inline_lists: Vec::new(),
            attached_lists: Vec::new(),
            is_attached: false,
        }
    }

    /// Adds what a document says of the role; another one may have said more.
    pub(super) fn complete(&mut self, fact: RoleFact) {
        self.fact = Some(match self.fact.take() {
            Some(known) => known.completed_by(&fact),
            None => fact,
        });
    }

    /// The trust policy, where it is known.
    pub(super) fn trust(&self) -> Option<&Node> {
        self.fact.as_ref()?.trust.as_ref()
    }

    /// Whether a template declares the role.
    pub(super) fn is_declared(&self) -> bool {
        self.fact
            .as_ref()
            .is_some_and(|fact| fact.logical_id.is_some())
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
        let nearest = self.scopes.iter().map(|own| own.nearness(scope)).max();
        nearest.unwrap_or(0)
    }

    fn scope(&self) -> Scope {
        self.scopes.first().cloned().unwrap_or_default()
    }

    fn shown(&self) -> String {
        match self.name.as_str() {
            "" => "the execution role".to_owned(),
            name => format!("role `{name}`"),
        }
    }

    /// A document of the role that is absent, and the command that fetches it.
    fn absent(&self, member: &str, what: String, command: &str) -> MissingInput {
        let name = match self.name.as_str() {
            "" => "ROLE".to_owned(),
            name => quoted(name),
        };
        MissingInput {
            member: member.to_owned(),
            what,
            fetch: format!("aws iam {command} --role-name {name}"),
            is_open: false,
        }
    }

    /// The role in the form of the inventory. Where nothing is known of it but policy documents by
    /// themselves, it is assumed to have no others.
    pub(super) fn finish(&self, nearby: Nearby, managed: &ManagedDocuments<'_>) -> Node {
        let Nearby {
            lone,
            printed,
            trust,
        } = nearby;
        let fact = self.fact.clone().unwrap_or_else(|| RoleFact {
            name: (!self.name.is_empty()).then(|| Text::from(self.name.as_str())),
            details: Node::object([], NOWHERE),
            ..RoleFact::default()
        });
        let has_others = self.fact.is_some()
            || !self.inline.is_empty()
            || !self.inline_lists.is_empty()
            || !self.attached_lists.is_empty()
            || !printed.is_empty();
        let is_assumed = !lone.is_empty() && !has_others;
        let mut absent = Vec::new();
        let inline = self.inline(&fact, &lone, is_assumed, &mut absent);
        let listed = self.listed(&fact, is_assumed, &mut absent);
        let attached = self.attached(listed.unwrap_or(printed), managed, &mut absent);
        let boundary = self.boundary(&fact, managed);
        let trust = fact.trust.or(trust);
        absent.extend(self.absent_trust(trust.as_ref()));
        let span = fact.details.span;
        let absent = absent.iter().map(|entry| entry.to_node(span)).collect();
        let text = |text: Option<Text>| text.map(|text| Node::text(text, span));
        let own = |text: Option<String>| text.map(|text| Node::text(text, span));
        let members = [
            ("RoleName", text(fact.name)),
            ("Arn", text(fact.arn)),
            (TRUST, trust),
            (INLINE, Some(Node::array(inline, span))),
            (ATTACHED, Some(Node::array(attached, span))),
            ("PermissionsBoundary", Some(boundary)),
            (LOGICAL_ID, own(fact.logical_id)),
            (SAM_FUNCTION, own(fact.origin.function)),
            (NAMED_BY, own(fact.origin.named_by)),
            (ABSENT, Some(Node::array(absent, span))),
            (ASSUMED, Some(Node::from(is_assumed))),
        ];
        let known = members
            .into_iter()
            .filter_map(|(name, node)| Some((name, node?)));
        Node::object(known, span).completed_by(&shape::project(&fact.details, shape::ROLE))
    }

    /// What is absent of the trust policy; of a template, the whole of it may not be known yet.
    fn absent_trust(&self, trust: Option<&Node>) -> Option<MissingInput> {
        let what = format!("the trust policy of {}", self.shown());
        match trust {
            None => Some(self.absent(TRUST, what, "get-role")),
            Some(trust) => trust.as_hole().map(|_| MissingInput {
                member: TRUST.to_owned(),
                what: format!("{what} is unknown before deployment"),
                fetch: String::new(),
                is_open: true,
            }),
        }
    }

    /// The inline policies that were found.
    fn inline(
        &self,
        fact: &RoleFact,
        lone: &[Node],
        is_assumed: bool,
        absent: &mut Vec<MissingInput>,
    ) -> Vec<Node> {
        let listed = fact.inline.iter().flatten().chain(&self.inline);
        let mut policies: Vec<InlinePolicy> = listed.cloned().collect();
        policies.extend(lone.iter().map(|document| InlinePolicy {
            name: None,
            document: Some(document.clone()),
            span: document.span,
        }));
        let is_read =
            |policy: &&InlinePolicy| policy.document.as_ref().is_some_and(Node::is_object);
        let unread = policies.iter().filter(|policy| !is_read(policy));
        absent.extend(unread.map(|policy| {
            let name = policy.name.as_ref().and_then(Text::as_str);
            let what = format!("`{}` of {}", name.unwrap_or("a policy"), self.shown());
            unavailable(what, false)
        }));
        absent.extend(fact.unknown_policies.as_ref().map(|why| {
            let what = format!("{why} is unknown before deployment ({})", self.shown());
            unavailable(what, true)
        }));
        let is_listed = fact.inline.is_some() || is_assumed;
        match self.inline_lists.as_slice() {
            [] if is_listed => {}
            [] => {
                let what = format!("the list of inline policies of {}", self.shown());
                absent.push(self.absent(INLINE, what, "list-role-policies"));
            }
            pages => self.unread(pages, &policies, absent),
        }
        policies.into_iter().map(inline_node).collect()
    }

    /// Policies that are listed by name and whose document was not provided.
    fn unread(
        &self,
        pages: &[PolicyList<String>],
        policies: &[InlinePolicy],
        absent: &mut Vec<MissingInput>,
    ) {
        if pages.iter().all(|page| page.is_truncated) {
            let list = "the rest of the list of inline policies of";
            let what = format!("{list} {}", self.shown());
            absent.push(self.absent(INLINE, what, "list-role-policies"));
        }
        let known = |name: &str| {
            let mut names = policies.iter().map(|policy| policy.name.as_ref());
            names.any(|own| own.and_then(Text::as_str) == Some(name))
        };
        let names = pages.iter().flat_map(|page| &page.entries);
        for name in names.filter(|name| !known(name)) {
            let what = format!("policy `{name}` of {}", self.shown());
            let mut entry = self.absent(INLINE, what, "get-role-policy");
            entry.fetch = format!("{} --policy-name {}", entry.fetch, quoted(name));
            absent.push(entry);
        }
    }

    /// The policies that are listed as attached; nothing where no list is at hand.
    fn listed(
        &self,
        fact: &RoleFact,
        is_assumed: bool,
        absent: &mut Vec<MissingInput>,
    ) -> Option<Vec<AttachedPolicy>> {
        let pages = &self.attached_lists;
        if !pages.is_empty() && pages.iter().all(|page| page.is_truncated) {
            absent.push(self.absent_attached("the rest of the list of policies attached to"));
        }
        match (&fact.attached, pages.as_slice()) {
            (_, [_, ..]) => {
                let entries = pages.iter().flat_map(|page| &page.entries);
                Some(entries.cloned().collect())
            }
            (Some(list), []) => Some(list.clone()),
            (None, []) if is_assumed => None,
            (None, []) => {
                absent.push(self.absent_attached("the list of policies attached to"));
                None
            }
        }
    }

    /// The attached policies, with their documents as far as they are known.
    fn attached(
        &self,
        listed: Vec<AttachedPolicy>,
        managed: &ManagedDocuments<'_>,
        absent: &mut Vec<MissingInput>,
    ) -> Vec<Node> {
        let arn_of = |policy: &AttachedPolicy| policy.arn.as_ref()?.as_text().cloned();
        let lacks = |policy: &&AttachedPolicy| {
            let is_unknown = arn_of(policy).is_some_and(|arn| !managed.knows(&arn));
            policy.document.is_none() && is_unknown
        };
        let is_alone = listed.iter().filter(lacks).count() == 1;
        let mut policies = Vec::new();
        for policy in &listed {
            let arn = arn_of(policy);
            let found = || managed.document(arn.as_ref()?, &self.scope(), is_alone);
            let document = policy.document.clone().or_else(found);
            if document.is_none() {
                absent.push(absent_managed(arn.as_ref()));
            }
            policies.push(attached_node(policy, document));
        }
        policies
    }

    fn absent_attached(&self, what: &str) -> MissingInput {
        let what = format!("{what} {}", self.shown());
        self.absent(ATTACHED, what, "list-attached-role-policies")
    }

    /// The boundary with its document where that is known; null where there is none.
    fn boundary(&self, fact: &RoleFact, managed: &ManagedDocuments<'_>) -> Node {
        let Some(boundary) = &fact.boundary else {
            return Node::default();
        };
        let arn = boundary.arn.as_ref();
        let text = arn.and_then(Node::as_text);
        let found = || managed.document(text?, &self.scope(), false);
        let document = boundary.document.clone().or_else(found);
        let members = [
            ("PermissionsBoundaryArn", arn.cloned()),
            ("PolicyDocument", document),
        ];
        object(members, boundary.span)
    }
}

fn inline_node(policy: InlinePolicy) -> Node {
    let name = policy.name.map(|name| Node::text(name, policy.span));
    let members = [("PolicyName", name), ("PolicyDocument", policy.document)];
    object(members, policy.span)
}

fn attached_node(policy: &AttachedPolicy, document: Option<Node>) -> Node {
    let name = policy.name.clone();
    let members = [
        ("PolicyName", name.map(|name| Node::text(name, policy.span))),
        ("PolicyArn", policy.arn.clone()),
        ("PolicyDocument", document),
    ];
    object(members, policy.span)
}

fn object<const N: usize>(members: [(&str, Option<Node>); N], span: Span) -> Node {
    let known = members
        .into_iter()
        .filter_map(|(name, node)| Some((name, node?)));
    Node::object(known, span)
}

/// A policy that no command fetches.
fn unavailable(what: String, is_open: bool) -> MissingInput {
    MissingInput {
        member: INLINE.to_owned(),
        what,
        fetch: String::new(),
        is_open,
    }
}

fn absent_managed(arn: Option<&Text>) -> MissingInput {
    let arn = arn.map_or_else(|| "ARN".to_owned(), ToString::to_string);
    MissingInput {
        member: ATTACHED.to_owned(),
        what: format!("policy `{}`", name_of(&arn)),
        fetch: format!(
            "aws iam get-policy-version --policy-arn {0} --version-id $(aws iam get-policy \
             --policy-arn {0} --query Policy.DefaultVersionId --output text)",
            quoted(&arn)
        ),
        is_open: false,
    }
}
