//! From the policies that have a say and a request to the verdict on a grant.

use super::near_miss::called;
use super::verdict::{Layer, Reason, Refusal, Verdict};
use crate::catalogue::{Catalogue, Grant};
use crate::iam::{
    Authorization, Caller, Condition, Context, Decision, Identity, Known, Policies, PolicySet,
    PolicyType, PrincipalMatch, Request, Statement, Truth, authorize, refused_unless_coincidence,
};
use crate::model::{MissingInput, PolicyBundle, Role};
use crate::syntax::{Hole, Names, Node, Piece, Text};

/// The policies that have a say in what somebody does.
#[derive(Clone)]
pub(super) struct Access<'p> {
    bundle: &'p PolicyBundle,
    policies: Policies<'p>,
    caller: Option<Caller>,
    /// What of the resource's policy is not at hand.
    missing_of_resource: Option<MissingInput>,
}

impl<'p> Access<'p> {
    /// What a caller may do by the policies of a bundle.
    pub(super) fn of(bundle: &'p PolicyBundle, caller: Option<Caller>) -> Self {
        Access {
            bundle,
            policies: bundle.policies(),
            caller,
            missing_of_resource: bundle.missing_of(PolicyType::Resource).cloned(),
        }
    }

    /// The same where the resource has these policies, of which some may not be at hand.
    pub(super) fn on_resource(&self, of_resource: &'p PolicyBundle) -> Self {
        let with = of_resource.policies();
        Access {
            policies: Policies {
                resource: with.resource,
                resource_required: with.resource_required,
                root_excluded: with.root_excluded,
                ..self.policies.clone()
            },
            missing_of_resource: of_resource.missing_of(PolicyType::Resource).cloned(),
            ..self.clone()
        }
    }

    /// The same where this is the policy of a resource that has a say across accounts.
    pub(super) fn across_accounts(self, missing: Option<MissingInput>) -> Self {
        Access {
            missing_of_resource: self.missing_of_resource.or(missing),
            ..self
        }
    }

    /// Whether each action of a grant is allowed, with the names filled in.
    pub(super) fn grants(
        &self,
        grant: &Grant,
        names: &Names,
        catalogue: &Catalogue,
    ) -> Vec<Verdict<'p>> {
        let mut context = context(grant, names, catalogue);
        if let Some(Caller::Aws(identity)) = &self.caller {
            identity.state_keys(&mut context);
        }
        let verdicts = grant.actions.iter().map(|action| {
            let asked = self.asked(grant, action, names, &context);
            match grant.any_resource {
                true => Verdict::any(asked),
                false => Verdict::all(asked),
            }
        });
        match grant.any_action {
            true => vec![Verdict::any(verdicts)],
            false => verdicts.collect(),
        }
    }

    /// The statements that allow the actions of a grant.
    pub(super) fn allowing_grant(
        &self,
        grant: &Grant,
        names: &Names,
        catalogue: &Catalogue,
    ) -> Vec<&'p Statement> {
        let mut context = context(grant, names, catalogue);
        if let Some(Caller::Aws(identity)) = &self.caller {
            identity.state_keys(&mut context);
        }
        let actions = grant.actions.iter();
        let statements = actions.flat_map(|action| {
            let resources = resources(grant, names).into_iter();
            let allowing = resources.map(|resource| self.allowing(action, resource, &context));
            allowing.flatten().collect::<Vec<_>>()
        });
        statements.collect()
    }

    /// The statements that allow an action; none where it is not allowed for sure, or where the policy
    /// of a resource of another account has a say.
    pub(super) fn allowing(
        &self,
        action: &str,
        resource: Text,
        context: &Context,
    ) -> Vec<&'p Statement> {
        let request = Request::new(self.caller.clone(), action, resource, context);
        if self.policies.resource.is_none() && request.crosses_accounts() {
            return Vec::new();
        }
        let authorization = authorize(&self.policies, &request);
        if authorization.decision != Decision::Allowed {
            return Vec::new();
        }
        let grants = |of_type| matches!(of_type, PolicyType::Identity | PolicyType::Resource);
        let deciding = authorization.deciding().into_iter();
        let deciding = deciding.filter(|(of_type, _)| grants(*of_type));
        deciding.map(|(_, statement)| statement).collect()
    }

    /// The verdict on an action for each resource of its grant.
    fn asked(
        &self,
        grant: &Grant,
        action: &str,
        names: &Names,
        context: &Context,
    ) -> Vec<Verdict<'p>> {
        let verdicts = resources(grant, names).into_iter().map(|resource| {
            let suggested = grant.suggested_resource.as_ref();
            let write = suggested.map_or_else(|| resource.clone(), |t| t.fill(names));
            self.decide(action, resource, write, context)
        });
        verdicts.collect()
    }

    /// The verdict on an action; `write` is the resource to write in a policy that allows it.
    pub(super) fn decide(
        &self,
        action: &str,
        resource: Text,
        write: Text,
        context: &Context,
    ) -> Verdict<'p> {
        let request = Request::new(self.caller.clone(), action, resource, context);
        // Across accounts, the resource's policy has a say, too.
        let across = self.policies.resource.is_none() && request.crosses_accounts();
        let with_resource = across.then(|| Policies {
            resource: Some(PolicySet {
                incomplete: true,
                ..PolicySet::default()
            }),
            ..self.policies.clone()
        });
        let policies = with_resource.as_ref().unwrap_or(&self.policies);
        let authorization = authorize(policies, &request);
        match authorization.decision {
            Decision::Allowed => Verdict::Granted,
            Decision::Unknown if self.awaits_the_resource(&authorization, &request) => {
                Verdict::Granted
            }
            Decision::Unknown => {
                let apart = request.context.without_coincidence();
                let apart = Request {
                    context: &apart,
                    ..request.clone()
                };
                match refused_unless_coincidence(policies, &apart) {
                    Some(refused) => Verdict::Refused(Refusal {
                        is_likely: true,
                        ..self.refusal(&refused, &apart, write)
                    }),
                    None => Verdict::Open(self.reason(&authorization, &request)),
                }
            }
            Decision::ExplicitDeny | Decision::ImplicitDeny => {
                Verdict::Refused(self.refusal(&authorization, &request, write))
            }
        }
    }

    /// Whether the caller's own policies allow it and only the policy of a resource of the same
    /// account is not at hand: that it leaves the decision to the account is the default.
    fn awaits_the_resource(
        &self,
        authorization: &Authorization<'_>,
        request: &Request<'_>,
    ) -> bool {
        let own = authorization.details();
        let is_allowed = own.first() == Some(&(PolicyType::Identity, Decision::Allowed));
        is_allowed
            && authorization.awaiting == [PolicyType::Resource]
            && !request.crosses_accounts()
    }

    /// Why a decision is open: what is missing where that alone would allow it, else what the
    /// statements that decide depend on.
    fn reason(&self, authorization: &Authorization<'_>, request: &Request<'_>) -> Reason {
        let of_other_account = MissingInput {
            what: format!("the policy of {}", request.resource),
            ..MissingInput::default()
        };
        let own = |of_type: &PolicyType| match of_type {
            PolicyType::Resource if request.crosses_accounts() => self
                .missing_of_resource
                .as_ref()
                .or(Some(&of_other_account)),
            PolicyType::Resource => self.missing_of_resource.as_ref(),
            other => self.bundle.missing_of(*other),
        };
        let deciding = authorization.deciding();
        let missing = authorization.awaiting.iter().find_map(own);
        let every = PolicyType::ALL.iter().find_map(own);
        match (missing, deciding.first(), every) {
            (Some(missing), ..) | (None, None, Some(missing)) => not_at_hand(missing),
            (None, Some((_, statement)), _) => depends(statement, request),
            (None, None, None) => Reason::new("it depends on an unknown value"),
        }
    }

    fn refusal(
        &self,
        authorization: &Authorization<'p>,
        request: &Request<'_>,
        write: Text,
    ) -> Refusal<'p> {
        let layers = layers(authorization);
        let lacks = layers.iter().any(|layer| layer.lacks);
        let nearest = || authorization.nearest(&self.policies, request);
        Refusal {
            action: request.action.to_string(),
            resource: request.resource.clone(),
            write,
            near: lacks.then(nearest).flatten().and_then(|(_, miss)| miss),
            layers,
            context: request.context.clone(),
            is_likely: false,
        }
    }
}

/// The policy types that refuse a request, the caller's own policies first.
fn layers<'p>(authorization: &Authorization<'p>) -> Vec<Layer<'p>> {
    let is_explicit = authorization.decision == Decision::ExplicitDeny;
    let (all, lacking) = (authorization.deciding(), authorization.lacking());
    let deciding = |of_type: PolicyType| {
        let mut deciding = all.iter();
        let found = deciding.find(|(known, _)| is_explicit && *known == of_type);
        found.map(|(_, statement)| *statement)
    };
    let layers = PolicyType::ALL.into_iter().filter_map(|of_type| {
        let denied_by = deciding(of_type);
        let lacks = lacking.contains(&of_type);
        let layer = Layer {
            of_type,
            denied_by,
            lacks,
        };
        (denied_by.is_some() || lacks).then_some(layer)
    });
    layers.collect()
}

/// A role as it calls.
pub(super) fn caller_of(role: Role<'_>) -> Option<Caller> {
    let arn = role.node.get("Arn")?.as_text()?;
    Some(Caller::Aws(Box::new(Identity::of_role(arn))))
}

/// The resources of a grant; `*` where it names none.
pub(super) fn resources(grant: &Grant, names: &Names) -> Vec<Text> {
    let mut resources: Vec<Text> = grant.resources.iter().map(|r| r.fill(names)).collect();
    if resources.is_empty() {
        resources.push(Text::from("*"));
    }
    resources
}

/// The keys of the request that a grant is for.
pub(super) fn context(grant: &Grant, names: &Names, catalogue: &Catalogue) -> Context {
    let mut context = context_of(&grant.caller, names, catalogue);
    for (key, template) in &grant.request_context {
        context.set(key, vec![template.fill(names)]);
    }
    context
}

/// The keys of any request of a caller of the catalogue.
pub(super) fn context_of(caller: &str, names: &Names, catalogue: &Catalogue) -> Context {
    let mut context = Context::default();
    if let Some(caller) = catalogue.caller(caller) {
        for (key, template) in &caller.request_context {
            context.set(key, vec![template.fill(names)]);
        }
        for (key, value) in &caller.likely_context {
            let value = Hole::anything(key).likely(value);
            context.set(key, vec![Text::hole(value)]);
        }
        for key in &caller.absent_keys {
            context.set_absent(key);
        }
    }
    context
}

/// What is not at hand, and the command that fetches it.
pub(super) fn not_at_hand(missing: &MissingInput) -> Reason {
    Reason {
        text: missing.reason(),
        fetch: Some(missing.fetch.clone()).filter(|fetch| !fetch.is_empty()),
        of_document: true,
    }
}

/// What an unknown decision by a statement depends on.
fn depends(statement: &Statement, request: &Request<'_>) -> Reason {
    let name = called(statement);
    if let Some(reason) = unknown_conditions(statement) {
        return reason;
    }
    let mut conditions = statement.conditions.iter();
    let open = conditions.find(|condition| condition.met(request.context) == Truth::Unknown);
    if let Some(principal) = open_principal(statement, request) {
        return Reason::new(principal);
    }
    Reason::new(match open {
        Some(condition) => match hole_in(condition, request.context) {
            Some(hole) => format!(
                "the condition of {name} on `{}` depends on an unknown value: {hole}{}",
                condition.key,
                way_to_state(&hole)
            ),
            None => format!(
                "it is unknown whether the condition of {name} on `{}` is met",
                condition.key
            ),
        },
        None => match open_in(statement, &request.resource) {
            Some(hole) => format!(
                "{name} depends on an unknown value: {hole}{}",
                way_to_state(&hole)
            ),
            None => format!("part of {name} is unknown before deployment"),
        },
    })
}

/// The option that states where a stack is deployed, where an open value is a part of that.
fn way_to_state(hole: &str) -> String {
    let option = match hole.split_once("::") {
        Some((_, "Region")) => "--region",
        Some((_, "AccountId")) => "--account",
        Some((_, "Partition")) => "--partition",
        _ => return String::new(),
    };
    format!(" (specify it with `{option}`)")
}

/// The principal of a statement that may name the service that calls.
fn open_principal(statement: &Statement, request: &Request<'_>) -> Option<String> {
    let Some(Caller::Service(service)) = &request.caller else {
        return None;
    };
    let principal = statement.principal.as_ref()?;
    let named = principal.covers(
        request.caller.as_ref()?,
        PrincipalMatch::Account,
        request.context,
    );
    let mut entries = principal
        .entries
        .iter()
        .filter(|entry| entry.kind == "Service");
    let entry = entries.next().filter(|_| named == Truth::Unknown)?;
    let name = &service.name;
    Some(match entries.next() {
        None => format!(
            "whether the principal `{}` means {name} is unknown",
            entry.name
        ),
        Some(_) => format!("whether one of the principals means {name} is unknown"),
    })
}

/// Why it is not known which conditions a statement has.
pub(super) fn unknown_conditions(statement: &Statement) -> Option<Reason> {
    let hole = statement.unknown_conditions.as_ref()?;
    let name = called(statement);
    Some(Reason::new(format!(
        "the condition of {name} depends on an unknown value: {}",
        hole.id
    )))
}

/// What is not known of a statement or the resource and stands on one side only.
fn open_in(statement: &Statement, resource: &Text) -> Option<String> {
    let listed = statement.resources.iter().chain(&statement.actions);
    let entries = listed.flat_map(|listed| &listed.entries);
    let written: Vec<&Text> = entries.map(|entry| &entry.text).collect();
    differing(&written, &[resource])
}

/// A hole of what is written that the request does not have, or else the other way round.
fn differing(ones: &[&Text], others: &[&Text]) -> Option<String> {
    let holes = |texts: &[&Text]| -> Vec<Hole> {
        let pieces = texts.iter().flat_map(|text| text.pieces());
        let holes = pieces.filter_map(|piece| match piece {
            Piece::Hole(hole) => Some(hole),
            Piece::Known(_) => None,
        });
        holes.collect()
    };
    let (ones, others) = (holes(ones), holes(others));
    let lone = ones.iter().find(|hole| !others.contains(hole));
    let lone = lone.or_else(|| others.iter().find(|hole| !ones.contains(hole)));
    lone.or(ones.first())
        .or(others.first())
        .map(|hole| hole.id.to_string())
}

/// What is not known in the value that a condition looks at.
fn hole_in(condition: &Condition, context: &Context) -> Option<String> {
    let Known::Values(values) = context.get(condition.context_key()) else {
        return None;
    };
    // A value with a likely text is named only if no other value is unknown.
    let filled: Vec<Text> = values.iter().map(Text::filled).collect();
    let wanted: Vec<&Text> = condition.values.iter().filter_map(Node::as_text).collect();
    let of = |texts: &[Text]| {
        let texts: Vec<&Text> = texts.iter().collect();
        let has_holes = texts.iter().any(|text| text.first_hole().is_some());
        has_holes.then(|| differing(&wanted, &texts))
    };
    of(&filled).or_else(|| of(values)).flatten()
}
