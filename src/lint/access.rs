//! What a role may do, by all of its policies that are at hand.

use super::verdict::{Limit, Reason, Refusal, Verdict};
use crate::catalogue::{Catalogue, Grant};
use crate::iam::{
    Condition, Context, Decision, Effect, Evaluation, Known, NearMiss, PolicyDocument,
    PrincipalMatch, Request, Statement, evaluate,
};
use crate::model::{MissingInput, Role};
use crate::syntax::{Hole, Names, Node, Piece, Text};

/// The policies of a role, ready to be asked.
#[derive(Debug)]
pub(super) struct Access {
    documents: Vec<PolicyDocument>,
    boundary: Boundary,
    /// Policies of the organization, which limit every role.
    organization: Vec<PolicyDocument>,
    absent: Vec<MissingInput>,
}

#[derive(Debug)]
enum Boundary {
    None,
    NotAtHand,
    Known(PolicyDocument),
}

impl Access {
    pub(super) fn of(role: Role<'_>) -> Self {
        let policies = role.policies();
        let read = |node| PolicyDocument::read(node);
        Access {
            documents: policies.documents.iter().map(|(_, d)| read(*d)).collect(),
            boundary: match role.boundary() {
                None => Boundary::None,
                Some(None) => Boundary::NotAtHand,
                Some(Some(document)) => Boundary::Known(read(document)),
            },
            organization: organization(role.organization().map(read).collect()),
            absent: policies.absent,
        }
    }

    /// A policy by itself.
    pub(super) fn of_document(document: PolicyDocument) -> Self {
        Access {
            documents: vec![document],
            boundary: Boundary::None,
            organization: Vec::new(),
            absent: Vec::new(),
        }
    }

    pub(super) fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.documents
            .iter()
            .flat_map(|document| &document.statements)
    }

    /// Whether all policies of the role are at hand.
    pub(super) fn is_complete(&self) -> bool {
        self.absent.is_empty()
    }

    /// Whether each action of a grant is allowed, with the names filled in.
    pub(super) fn grants(
        &self,
        grant: &Grant,
        names: &Names,
        catalogue: &Catalogue,
    ) -> Vec<Verdict<'_>> {
        let context = context(grant, names, catalogue);
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

    /// The verdict on an action for each resource of its grant.
    fn asked<'a>(
        &'a self,
        grant: &Grant,
        action: &str,
        names: &Names,
        context: &Context,
    ) -> Vec<Verdict<'a>> {
        let mut resources: Vec<Text> = grant.resources.iter().map(|r| r.fill(names)).collect();
        if resources.is_empty() {
            resources.push(Text::from("*"));
        }
        let verdicts = resources.into_iter().map(|resource| {
            let write = grant
                .suggested_resource
                .as_ref()
                .map_or_else(|| resource.clone(), |t| t.fill(names));
            self.decide(action, resource, write, context)
        });
        verdicts.collect()
    }

    /// The verdict on an action, by the role's own policies and by what limits it.
    pub(super) fn decide(
        &self,
        action: &str,
        resource: Text,
        write: Text,
        context: &Context,
    ) -> Verdict<'_> {
        let request = Request {
            caller: None,
            named: PrincipalMatch::Account,
            action: Text::from(action),
            resource,
            context,
        };
        let own = self.by_own(&request, write.clone());
        match own {
            Verdict::Refused(_) => own,
            _ => self.by_organization(&request, write).unwrap_or(own),
        }
    }

    /// The verdict of the organization's policies, where they do not let a request through.
    fn by_organization(&self, request: &Request<'_>, write: Text) -> Option<Verdict<'_>> {
        if self.organization.is_empty() {
            return None;
        }
        let documents: Vec<&PolicyDocument> = self.organization.iter().collect();
        let limit = settled(&documents, request);
        match limit.decision {
            Decision::Allowed => return None,
            Decision::Unknown => return Some(Verdict::Open(depends(&limit, request))),
            Decision::ExplicitDeny | Decision::ImplicitDeny => {}
        }
        Some(Verdict::Refused(Refusal {
            denied_by: limit.deciding.first().copied(),
            limit: Some(Limit::Organization),
            ..Refusal::of(request, write)
        }))
    }

    fn by_own(&self, request: &Request<'_>, write: Text) -> Verdict<'_> {
        let documents: Vec<&PolicyDocument> = self.documents.iter().collect();
        let own = settled(&documents, request);
        let limit = match &self.boundary {
            Boundary::Known(boundary) => Some(settled(&[boundary], request)),
            Boundary::None | Boundary::NotAtHand => None,
        };
        let limited = limit.as_ref().is_some_and(|limit| {
            matches!(
                limit.decision,
                Decision::ExplicitDeny | Decision::ImplicitDeny
            )
        });
        let absent = self.absent.first();
        let open = match own.decision {
            Decision::Unknown => Some(depends(&own, request)),
            Decision::ImplicitDeny => absent.map(not_at_hand),
            _ => None,
        };
        // What is beyond the boundary is refused, whatever else the role has.
        if let Some(reason) = open.clone().filter(|_| !limited) {
            return Verdict::Open(reason);
        }
        let may_be_allowed = own.decision == Decision::Allowed || open.is_some();
        match (may_be_allowed, limit) {
            (true, None) if matches!(self.boundary, Boundary::None) => Verdict::Granted,
            (true, None) => Verdict::Open(Reason::new(
                "the role's permissions boundary was not handed over",
            )),
            (true, Some(limit)) if limit.decision == Decision::Unknown => {
                Verdict::Open(depends(&limit, request))
            }
            (true, Some(_)) if !limited => Verdict::Granted,
            (_, limit) => {
                let by_boundary = may_be_allowed;
                let deciding = if by_boundary {
                    limit.unwrap_or(own)
                } else {
                    own
                };
                let implicit = !by_boundary && deciding.decision == Decision::ImplicitDeny;
                Verdict::Refused(Refusal {
                    denied_by: deciding.deciding.first().copied(),
                    limit: by_boundary.then_some(Limit::Boundary),
                    boundary_too: limited && !by_boundary,
                    near: implicit
                        .then(|| NearMiss::find(&documents, request))
                        .flatten(),
                    ..Refusal::of(request, write)
                })
            }
        }
    }
}

/// The policies of the organization; those that only deny go with one that allows all, which AWS
/// attaches everywhere.
///
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
fn organization(mut documents: Vec<PolicyDocument>) -> Vec<PolicyDocument> {
    let allows = |document: &PolicyDocument| {
        let mut statements = document.statements.iter();
        statements.any(|statement| statement.effect == Some(Effect::Allow))
    };
    if let Some(first) = documents.first().filter(|_| !documents.iter().any(allows)) {
        let members = [("Effect", "Allow"), ("Action", "*"), ("Resource", "*")];
        let members = members.map(|(name, text)| (name, Node::text(text, first.span)));
        let statements = Node::array(vec![Node::object(members, first.span)], first.span);
        let all = Node::object([("Statement", statements)], first.span);
        documents.push(PolicyDocument::read(&all));
    }
    documents
}

/// The decision; where it depends on holes, the one that their likely texts allow, but never a
/// refusal that rests on those.
pub(super) fn settled<'p>(
    documents: &[&'p PolicyDocument],
    request: &Request<'_>,
) -> Evaluation<'p> {
    let evaluation = evaluate(documents, request);
    if evaluation.decision != Decision::Unknown {
        return evaluation;
    }
    let context = request.context.filled();
    let likely = Request {
        caller: request.caller.clone(),
        named: PrincipalMatch::Account,
        action: request.action.clone(),
        resource: request.resource.filled(),
        context: &context,
    };
    let probable = evaluate(documents, &likely);
    match probable.decision {
        Decision::Allowed => probable,
        _ => evaluation,
    }
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
        for key in &caller.absent_keys {
            context.set_absent(key);
        }
    }
    context
}

/// What is not at hand; what nothing can fetch tells itself why.
pub(super) fn not_at_hand(absent: &MissingInput) -> Reason {
    let text = match absent.is_open {
        true => absent.what.clone(),
        false => format!("{} was not handed over", absent.what),
    };
    Reason {
        text,
        fetch: Some(absent.fetch.clone()).filter(|fetch| !fetch.is_empty()),
        of_document: true,
    }
}

/// What an unknown decision depends on.
pub(super) fn depends(evaluation: &Evaluation<'_>, request: &Request<'_>) -> Reason {
    let Some(statement) = evaluation.deciding.first() else {
        return Reason::new("it depends on something that is not known");
    };
    let name = super::near_miss::called(statement);
    let open = statement
        .conditions
        .iter()
        .find(|condition| condition.met(request.context) == crate::iam::Truth::Unknown);
    Reason::new(match open {
        Some(condition) => match hole_in(condition, request.context) {
            Some(hole) => format!(
                "{name} decides by `{}`, of which the documents do not tell: {hole}",
                condition.key
            ),
            None => format!(
                "{name} decides, and the documents do not tell whether its condition on `{}` is \
                 met",
                condition.key
            ),
        },
        None => match open_in(statement, &request.resource) {
            Some(hole) => format!("{name} decides, and {hole} is not known"),
            None => format!("{name} decides, and part of it is not known before the deploy"),
        },
    })
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
    let Known::Values(values) = context.get(condition.folded_key()) else {
        return None;
    };
    // What is probably known is asked for only where nothing else is open.
    let filled: Vec<Text> = values.iter().map(Text::filled).collect();
    let wanted: Vec<&Text> = condition.values.iter().filter_map(Node::as_text).collect();
    let of = |texts: &[Text]| {
        let texts: Vec<&Text> = texts.iter().collect();
        texts
            .iter()
            .any(|text| text.first_hole().is_some())
            .then(|| differing(&wanted, &texts))
    };
    of(&filled).or_else(|| of(values)).flatten()
}
