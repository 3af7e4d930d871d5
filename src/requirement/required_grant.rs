//! What a mapping, a setting or a target requires of the execution role.

use super::authorization::{Access, caller_of, resources};
use super::context::{LintContext, Subject};
use super::verdict::{Reason, Verdict, Verdicts};
use crate::catalogue::{Feature, Grant, Need, Needs, PollSource, Target, UnknownNeed};
use crate::iam::{Caller, Context, ElementPatterns, PolicyType, Statement, Truth};
use crate::model::{Mapping, MissingInput, PolicyBundle};
use crate::source::Span;
use crate::syntax::{Names, Node, Selector, Text};

/// Where it stands what an execution role must allow.
#[derive(Debug)]
pub enum Needed {
    /// The catalogue's entry for the event source of the selected mapping.
    EventSource,
    /// The catalogue's entry for the kind of target whose ARN is selected.
    Target,
    /// The catalogue's feature of that id.
    Feature(String),
    /// The rule itself.
    Grants(Vec<Grant>),
}

/// A grant, with the names for its templates, and the node that it is needed for.
pub(super) struct RequiredGrant<'k, 'n> {
    pub(super) grant: &'k Grant,
    pub(super) node: &'n Node,
    names: Names,
}

/// What a place requires of the execution role.
pub(super) struct PermissionCheck<'k, 'n> {
    pub(super) grants: Vec<RequiredGrant<'k, 'n>>,
    /// What it is called, as in "SQS queue `orders`".
    pub(super) name: String,
    /// What the role does not let whom do, as in "Lambda read SQS queue `orders`".
    pub(super) does: String,
    pub(super) label: &'static str,
    pub(super) place: &'n Node,
    /// What the catalogue says of it; nothing where the rule brings its own grants.
    pub(super) needs: Option<&'k Needs>,
    /// Whether it is switched off for now.
    pub(super) is_idle: bool,
    /// Whether it is a setting of the function, not an event source or a target.
    pub(super) is_setting: bool,
}

impl<'k, 'n> PermissionCheck<'k, 'n> {
    /// What a place requires by the grants of one need; nothing where nothing is required.
    pub(super) fn of(
        cx: LintContext<'k>,
        needed: &'k Needed,
        need: Need,
        node: &'n Node,
        subject: &Subject<'_>,
    ) -> Option<Self> {
        let check = match needed {
            Needed::EventSource => Self::of_mapping(cx, need, node, subject),
            Needed::Target => Self::of_target(cx, need, node, subject),
            Needed::Feature(id) => Self::of_feature(cx, id, need, node, subject),
            Needed::Grants(grants) => Some(Self::of_rule(grants, need, node, subject)),
        };
        check.filter(|check| !check.grants.is_empty())
    }

    fn of_mapping(
        cx: LintContext<'k>,
        need: Need,
        node: &'n Node,
        subject: &Subject<'_>,
    ) -> Option<Self> {
        let source: &PollSource = cx.catalogue.poll_source(Mapping::new(node).source()?)?;
        let mut names = subject.function.names();
        names.extend(source.names(node));
        let short = source.short_name(&names);
        let (name, shown) = match short {
            Some(short) => {
                let name = format!("{} `{short}`", source.name);
                (name.clone(), name)
            }
            None => (source.name.clone(), format!("the {}", source.name)),
        };
        Some(PermissionCheck {
            grants: required(&source.needs.grants, need, node, &names),
            name,
            does: format!("Lambda to read {shown}"),
            label: "Lambda reads this event source with the execution role",
            place: source.place(node),
            needs: Some(&source.needs),
            is_idle: node.str("State") == Some("Disabled"),
            is_setting: false,
        })
    }

    fn of_target(
        cx: LintContext<'k>,
        need: Need,
        node: &'n Node,
        subject: &Subject<'_>,
    ) -> Option<Self> {
        let arn = node.as_text()?;
        let found = |target: &'k Target| Some((target, target.names(arn)?));
        let (target, own) = cx.catalogue.targets.iter().find_map(found)?;
        let mut names = subject.function.names();
        names.extend(own);
        let short = target.short_name(&names);
        let short = short.unwrap_or_else(|| arn.to_string());
        let name = format!("{} `{short}`", target.name);
        Some(PermissionCheck {
            grants: required(&target.needs.grants, need, node, &names),
            does: format!("Lambda to send records to {name}"),
            name,
            label: "Lambda sends records here with the execution role",
            place: node,
            needs: Some(&target.needs),
            is_idle: false,
            is_setting: false,
        })
    }

    fn of_feature(
        cx: LintContext<'k>,
        id: &str,
        need: Need,
        node: &'n Node,
        subject: &Subject<'_>,
    ) -> Option<Self> {
        let feature: &Feature = cx.catalogue.feature(id)?;
        let names = feature.names(node, &subject.function.names())?;
        Some(PermissionCheck {
            grants: required(&feature.needs.grants, need, node, &names),
            name: feature.name.clone(),
            does: format!("{} to {}", subject.label(), feature.purpose),
            label: "this requires permissions in the execution role",
            place: feature.place(node),
            needs: Some(&feature.needs),
            is_idle: false,
            is_setting: true,
        })
    }

    fn of_rule(grants: &'k [Grant], need: Need, node: &'n Node, subject: &Subject<'_>) -> Self {
        let mut names = subject.function.names();
        names.extend(node.names());
        PermissionCheck {
            grants: required(grants, need, node, &names),
            name: String::new(),
            does: String::new(),
            label: "this requires permissions in the execution role",
            place: node,
            needs: None,
            is_idle: false,
            is_setting: false,
        }
    }
}

impl PermissionCheck<'_, '_> {
    /// The policies of the resource of each grant, where the grant says where they stand.
    pub(super) fn resource_policies(&self, cx: LintContext<'_>) -> Vec<Option<PolicyBundle>> {
        let grants = self.grants.iter();
        grants
            .map(|required| required.resource_policies(cx))
            .collect()
    }

    /// The verdicts on all grants; nothing where no role is known.
    pub(super) fn verdicts<'p>(
        &self,
        cx: LintContext<'_>,
        subject: &'p Subject<'_>,
        of_resources: &'p [Option<PolicyBundle>],
    ) -> Option<Verdicts<'p>> {
        let of_role = subject.role_policies(cx)?;
        Some(self.verdicts_by(cx, subject, of_role, of_resources))
    }

    /// The verdicts on all grants by policies of the role.
    pub(super) fn verdicts_by<'p>(
        &self,
        cx: LintContext<'_>,
        subject: &Subject<'_>,
        of_role: &'p PolicyBundle,
        of_resources: &'p [Option<PolicyBundle>],
    ) -> Verdicts<'p> {
        let caller = subject.function.role().and_then(caller_of);
        let mut verdicts = Verdicts::default();
        for (required, of_resource) in self.grants.iter().zip(of_resources) {
            let caller = caller.clone();
            verdicts.extend(required.verdicts(cx, caller, of_role, of_resource.as_ref()));
        }
        verdicts
    }
}

impl PermissionCheck<'_, '_> {
    /// The places of the statements of the execution role that allow what is needed.
    fn granted_by(&self, cx: LintContext<'_>, subject: &Subject<'_>) -> Vec<Span> {
        let caller = subject.function.role().and_then(caller_of);
        let Some(of_role) = subject.role_policies(cx) else {
            return Vec::new();
        };
        let access = Access::of(of_role, caller);
        let grants = self.grants.iter();
        let statements = grants.flat_map(|required| {
            access.allowing_grant(required.grant, &required.names, cx.catalogue)
        });
        statements.map(|statement| statement.span).collect()
    }
}

/// The grants of one need, with names for each node that they are needed for.
pub(super) fn required<'k, 'n>(
    grants: impl IntoIterator<Item = &'k Grant>,
    need: Need,
    node: &'n Node,
    names: &Names,
) -> Vec<RequiredGrant<'k, 'n>> {
    let mut required = Vec::new();
    for grant in grants.into_iter().filter(|grant| grant.need == need) {
        for inner in grant.needed_for(node) {
            let Some(own) = grant.names(inner) else {
                continue;
            };
            let mut names = names.clone();
            names.extend(own);
            required.push(RequiredGrant {
                grant,
                names,
                node: inner,
            });
        }
    }
    required
}

impl RequiredGrant<'_, '_> {
    /// The policies of the resource, where the grant says where they stand.
    pub(super) fn resource_policies(&self, cx: LintContext<'_>) -> Option<PolicyBundle> {
        let resources = resources(self.grant, &self.names);
        let path = self.grant.resource_policy.as_ref();
        let document = path.and_then(|path| path.first(self.node));
        let known = match resources.as_slice() {
            [only] => cx.inventory.resource_policies.of(only),
            _ => None,
        };
        let documents: Vec<&Node> = match document {
            Some(document) => vec![document],
            None => known.unwrap_or(&[]).iter().collect(),
        };
        let mut actions = self.grant.actions.iter();
        let is_required = actions.any(|a| cx.catalogue.required_policy(a).is_some());
        let is_there = |path: &Selector| path.first(self.node).is_some();
        // What such an action works on has a policy, also where nothing is known of it.
        let is_untold = is_required && path.is_some() && known.is_none();
        let is_known = self.grant.undecided_unless.as_ref().is_none_or(is_there) && !is_untold;
        let has_none = known.is_some() && !is_required;
        if documents.is_empty() && is_known && !has_none {
            // The resource has the policy that AWS gives it, by which the account decides.
            return None;
        }
        let mut policies = PolicyBundle {
            resource_required: is_required,
            ..PolicyBundle::default()
        };
        let resource = resources.first()?;
        let name = policy_name(resource);
        if has_none {
            policies.empty.push(PolicyType::Resource);
        } else if documents.is_empty() {
            let missing = missing_policy(cx, resource);
            policies.missing.push((PolicyType::Resource, missing));
        }
        for document in documents {
            policies.add(name.clone(), PolicyType::Resource, cx.document(document));
        }
        Some(policies)
    }

    /// The verdicts on the grant's actions, for a role; the policies of the resource are those of
    /// `resource_policies`.
    pub(super) fn verdicts<'p>(
        &self,
        cx: LintContext<'_>,
        caller: Option<Caller>,
        of_role: &'p PolicyBundle,
        of_resource: Option<&'p PolicyBundle>,
    ) -> Vec<Verdict<'p>> {
        let is_known = caller.is_some();
        let access = Access::of(of_role, caller);
        let access = match of_resource.filter(|_| is_known) {
            Some(of_resource) => access.on_resource(of_resource),
            None => {
                let resources = resources(self.grant, &self.names);
                let missing = resources.first().map(|only| missing_policy(cx, only));
                access.across_accounts(missing)
            }
        };
        let mut verdicts = access.grants(self.grant, &self.names, cx.catalogue);
        let unknown = self.grant.unknown.as_ref();
        if let Some(unknown) = unknown.filter(|unknown| unknown.holds_for(self.node)) {
            for verdict in &mut verdicts {
                if matches!(verdict, Verdict::Refused(_)) {
                    *verdict = Verdict::Open(self.whether_needed(unknown));
                }
            }
        }
        verdicts
    }

    /// Why it is unknown whether the grant is needed.
    fn whether_needed(&self, unknown: &UnknownNeed) -> Reason {
        let fetch = unknown.fetch.as_ref();
        let fetch = fetch.filter(|fetch| fetch.is_fillable(&self.names));
        let fetch = fetch.map(|fetch| fetch.fill(&self.names));
        Reason {
            fetch: fetch.and_then(|fetch| fetch.as_str().map(str::to_owned)),
            ..Reason::new(unknown.reason.as_str())
        }
    }
}

fn policy_name(resource: &Text) -> String {
    format!("the policy of {resource}")
}

/// The policy of a resource that is not at hand, with the command that prints it.
fn missing_policy(cx: LintContext<'_>, resource: &Text) -> MissingInput {
    MissingInput {
        what: policy_name(resource),
        fetch: cx.catalogue.policy_command(resource).unwrap_or_default(),
        ..MissingInput::default()
    }
}

/// A source or target of a kind that the catalogue does not have, or that is not known yet.
pub(super) fn unknown_kind(cx: LintContext<'_>, needed: &Needed, node: &Node) -> Option<Reason> {
    let (arn, what) = match needed {
        Needed::EventSource if Mapping::new(node).source().is_none() => (
            node.get("EventSourceArn").and_then(Node::as_text),
            "event source",
        ),
        Needed::Target => {
            let arn = node.as_text().filter(|arn| arn.as_str() != Some(""))?;
            let mut targets = cx.catalogue.targets.iter();
            let is_known = targets.any(|target| target.names(arn).is_some());
            (Some(arn).filter(|_| !is_known), "target")
        }
        _ => return None,
    };
    if arn.is_none() && what == "target" {
        return None;
    }
    let open = arn.filter(|arn| arn.holes().any(|hole| hole.accepts.empty()));
    let reason = Reason::new(match open {
        Some(arn) => format!("the {what} is unknown before deployment: {arn}"),
        None => format!("unsupported kind of {what}"),
    });
    Some(Reason {
        of_document: true,
        ..reason
    })
}

/// What the execution role is needed for, and whether it is allowed.
#[derive(Debug)]
pub struct RoleNeed {
    /// What it is called, as in "SQS queue `orders`".
    pub name: String,
    /// How much it is needed.
    pub need: Need,
    /// The actions with the resources that they are needed on.
    pub requests: Vec<NeededRequest>,
    /// The actions that are refused.
    pub refused: Vec<String>,
    /// Why it is unknown whether the others are allowed, where it is.
    pub open: Option<String>,
    /// What it is needed for.
    pub purpose: NeededFor,
    /// The place that requires it.
    pub place: Span,
    /// The places of the statements that allow it.
    pub granted_by: Vec<Span>,
}

/// What the execution role is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeededFor {
    /// Lambda reads an event source.
    EventSource,
    /// Lambda sends records to a target.
    Target,
    /// A setting of the function.
    Setting,
}

/// One action that the execution role must allow.
#[derive(Debug)]
pub struct NeededRequest {
    /// The action.
    pub action: Text,
    /// The resources that it is needed on.
    pub resources: Vec<Text>,
    /// Whether another action is enough as well.
    pub is_alternative: bool,
}

/// What is needed of the execution role at a place.
#[must_use]
pub fn needs_of_role(
    cx: LintContext<'_>,
    (needed, need): (&Needed, Need),
    node: &Node,
    subject: &Subject<'_>,
) -> Option<RoleNeed> {
    let own = !matches!(needed, Needed::Grants(_)) && need != Need::Optional;
    let check = PermissionCheck::of(cx, needed, need, node, subject).filter(|_| own)?;
    let requests = check.grants.iter().flat_map(|required| {
        let resources = resources(required.grant, &required.names);
        let actions = required.grant.actions.iter();
        actions.map(move |action| NeededRequest {
            action: Text::from(action.as_str()),
            resources: resources.clone(),
            is_alternative: required.grant.any_action,
        })
    });
    let requests = requests.collect();
    let of_resources = check.resource_policies(cx);
    let verdicts = check.verdicts(cx, subject, &of_resources);
    let refused = verdicts.iter().flat_map(|verdicts| &verdicts.refusals);
    let refused = refused.map(|refusal| refusal.action.clone()).collect();
    let open = match &verdicts {
        Some(verdicts) => verdicts.open.as_ref().map(|reason| reason.text.clone()),
        None => Some("the execution role was not provided".to_owned()),
    };
    let purpose = match needed {
        Needed::EventSource => NeededFor::EventSource,
        Needed::Target => NeededFor::Target,
        Needed::Feature(_) | Needed::Grants(_) => NeededFor::Setting,
    };
    Some(RoleNeed {
        requests,
        need,
        refused,
        open,
        purpose,
        place: check.place.span,
        granted_by: check.granted_by(cx, subject),
        name: check.name,
    })
}

impl RoleNeed {
    /// Whether a statement is about an action on a resource that this needs.
    #[must_use]
    pub fn is_met_by(&self, statement: &Statement) -> bool {
        let context = Context::default();
        let covers = |listed: &Option<ElementPatterns>, text: &Text| {
            let listed = listed.as_ref();
            listed.is_some_and(|listed| listed.covers(text, &context) != Truth::No)
        };
        self.requests.iter().any(|request| {
            let mut resources = request.resources.iter();
            covers(&statement.actions, &request.action)
                && resources.any(|resource| covers(&statement.resources, resource))
        })
    }
}
