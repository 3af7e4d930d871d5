//! Short questions about the functions and roles in the documents.

use std::borrow::Cow;

use super::callers::{caller, placed};
use super::lookup::{function, names, role, role_of_session, roles, several, sole, unknown};
use super::request::SimRequest;
use super::request_fields::is_action;
use super::variables::multivalued;
use crate::catalogue::Catalogue;
use crate::diagnostics::{EvaluationResult, PolicyKind, Problem};
use crate::iam::{Arn, Caller, Context, Identity, PolicyDocument, PolicyType, ReadPolicies};
use crate::model::{Function, FunctionName, Inventory, LoneType, Organization, PolicyBundle, Role};
use crate::syntax::{Hole, Node, Text};

/// Whether somebody may do something.
#[derive(Clone, Debug, Default)]
pub struct Question<'q> {
    /// A function or role of the documents, by name or ARN; a service; or an ARN of somebody else.
    pub who: &'q str,
    /// The action.
    pub action: &'q str,
    /// An ARN, or the name of a function of the documents.
    pub resource: Option<&'q str>,
    /// Condition keys and their values.
    pub context: &'q [(String, String)],
    /// What policy documents are taken as that belong to nobody.
    pub lone_as: Option<PolicyType>,
    /// Whether a resource that is not given is unknown, and not any one.
    pub is_on_unknown: bool,
}

/// Answers a question from the documents; condition keys that are not set are unknown.
pub fn can(
    catalogue: &Catalogue,
    inventory: &Inventory,
    question: &Question<'_>,
    problems: &mut Vec<Problem>,
) -> Option<EvaluationResult> {
    if !is_action(question.action) {
        let message = "expected a single action such as `s3:GetObject`";
        problems.push(Problem::of_path(question.action, message));
        return None;
    }
    let written = [Some(question.who), question.resource];
    let several = written
        .into_iter()
        .flatten()
        .find_map(|w| several(inventory, w));
    if let Some(problem) = several {
        problems.push(problem);
        return None;
    }
    let mut bundle = PolicyBundle::default();
    let caller = calling_principal(&mut bundle, catalogue, inventory, question)
        .map_err(|p| problems.push(p))
        .ok()?;
    let target = Target::of(catalogue, inventory, question)
        .map_err(|p| problems.push(p))
        .ok()?;
    let caller = caller.map(|caller| placed(catalogue, caller, &target.resource));
    let mut organization = Cow::Borrowed(&inventory.organization);
    let required = catalogue.required_policy(question.action);
    bundle.resource_required = required.is_some();
    bundle.root_excluded = required.is_some_and(|required| required.excludes_root);
    add_resource_policies(&mut bundle, inventory, caller.as_ref(), &target);
    if let Some(of_type) = question.lone_as {
        adopt(&mut bundle, organization.to_mut(), inventory, of_type);
    }
    bundle.add_organization(&organization);
    let mut context = stated(question.context);
    if let Some(Caller::Aws(identity)) = &caller {
        identity.state_keys(&mut context);
    }
    for key in multivalued(catalogue, &bundle.policies()) {
        context.set_multivalued(&key);
    }
    let request = SimRequest {
        caller: caller.as_ref(),
        action: question.action,
        resource: &target.resource,
        owner: None,
        context: &context,
    };
    let mut result = request.evaluate(catalogue, &bundle, &bundle.policies());
    if target.is_unknown() {
        result.resource = UNKNOWN.to_owned();
    }
    Some(result)
}

/// Takes the policy documents that belong to nobody as policies of a type, of which none is missing then.
fn adopt(
    bundle: &mut PolicyBundle,
    organization: &mut Organization,
    inventory: &Inventory,
    of_type: PolicyType,
) {
    let name = || "the policy".to_owned();
    let lone = inventory
        .lone_policies()
        .filter(|lone| lone.can_be(of_type));
    let lone = lone.map(|lone| (name(), PolicyDocument::read(lone.document)));
    let lone: Vec<(String, PolicyDocument)> = lone.collect();
    bundle.missing.retain(|(missing, _)| *missing != of_type);
    match of_type {
        PolicyType::ServiceControl => organization.add_service_control(lone),
        PolicyType::ResourceControl => organization.add_resource_control(lone),
        _ => lone
            .into_iter()
            .for_each(|(name, document)| bundle.add(name, of_type, document.into())),
    }
}

/// Puts the policies of what is asked for into the bundle, or notes that they are missing.
fn add_resource_policies(
    bundle: &mut PolicyBundle,
    inventory: &Inventory,
    caller: Option<&Caller>,
    target: &Target<'_>,
) {
    let read = ReadPolicies::default();
    let known = inventory.resource_policies.of(&target.resource);
    let name = match target.is_unknown() {
        true => "the policy of the resource".to_owned(),
        false => format!("the policy of {}", target.resource),
    };
    match (&target.kind, known) {
        (Kind::Function(function, qualifier), _) if caller.is_some() => {
            bundle.add_function_policy(*function, qualifier.as_ref(), &read);
        }
        (Kind::Role(role), _) if caller.is_some() => bundle.add_trust_policy(*role, &read),
        // The resource has the policy that AWS gives it, by which the account decides.
        (_, Some([])) => bundle.resource_required = false,
        (_, Some(documents)) => {
            for document in documents {
                bundle.add(name.clone(), PolicyType::Resource, read.document(document));
            }
        }
        _ if bundle.resource_required
            || crosses(caller, &target.resource)
            || matches!(caller, Some(Caller::Service(_))) =>
        {
            bundle.miss(PolicyType::Resource, name);
        }
        _ => {}
    }
}

/// Adds the policies of the caller to the bundle; `None` for a role of which only the policies are known.
fn calling_principal(
    bundle: &mut PolicyBundle,
    catalogue: &Catalogue,
    inventory: &Inventory,
    question: &Question<'_>,
) -> Result<Option<Caller>, Problem> {
    let who = question.who;
    if let Some(function) = function(inventory, who) {
        let Some(role) = function.role() else {
            let message = format!("the execution role of {} is unknown", function.label());
            return Err(Problem::of_path(who, message));
        };
        return Ok(of_role(bundle, role).map(|identity| Caller::Aws(Box::new(identity))));
    }
    if let Some(role) = role(inventory, who) {
        return Ok(of_role(bundle, role).map(|identity| Caller::Aws(Box::new(identity))));
    }
    let required = catalogue.required_policy(question.action);
    let is_federated = required.is_some_and(|required| required.is_federated);
    match caller(who, is_federated) {
        Some(Caller::Aws(_)) | None if is_federated => Ok(Some(Caller::Federated(Text::from(who)))),
        Some(Caller::Aws(identity)) if identity.session.is_some() => {
            let arn = identity.pathless.as_ref().unwrap_or(&identity.arn);
            let role = arn.as_str().and_then(|arn| role_of_session(inventory, arn));
            match role {
                Some(role) => {
                    of_role(bundle, role);
                    let arn = role.node.get("Arn").and_then(Node::as_text);
                    let identity = match arn {
                        Some(arn) => identity.with_role(arn),
                        None => *identity,
                    };
                    Ok(Some(Caller::Aws(Box::new(identity))))
                }
                None => Ok(Some(with_policies_absent(bundle, *identity))),
            }
        }
        Some(Caller::Aws(identity)) => Ok(Some(with_policies_absent(bundle, *identity))),
        Some(caller) => Ok(Some(caller)),
        None if question.lone_as.is_some() => {
            bundle.miss(
                PolicyType::Identity,
                "the list of policies of the caller".to_owned(),
            );
            Ok(None)
        }
        None => of_lone_policies(bundle, inventory)
            .then_some(None)
            .ok_or_else(|| unknown(inventory, who)),
    }
}

/// A caller whose identity policies were not provided.
fn with_policies_absent(bundle: &mut PolicyBundle, identity: Identity) -> Caller {
    // The ARN of the role is not known in full where only the session is.
    let session = identity.session.as_ref();
    let named = identity.pathless.as_ref().and(session);
    let what = format!("the list of policies of {}", named.unwrap_or(&identity.arn));
    bundle.miss(PolicyType::Identity, what);
    Caller::Aws(Box::new(identity))
}

/// Adds the policies of a role to the bundle, and gives the role as the caller.
pub(super) fn of_role(bundle: &mut PolicyBundle, role: Role<'_>) -> Option<Identity> {
    bundle.add_role(role, &ReadPolicies::default());
    Some(Identity::of_role(role.node.get("Arn")?.as_text()?))
}

/// If the documents do not contain a function or role, their policies count as those of the caller.
fn of_lone_policies(bundle: &mut PolicyBundle, inventory: &Inventory) -> bool {
    if names(inventory).next().is_some() {
        return false;
    }
    let lone = inventory
        .lone_policies()
        .filter(|lone| lone.of_type == LoneType::Identity);
    for policy in lone {
        let name = "the policy".to_owned();
        let document = PolicyDocument::read(policy.document);
        bundle.add(name, PolicyType::Identity, document.into());
    }
    !bundle.list.is_empty()
}

/// What a resource is called that nobody names.
const UNKNOWN: &str = "a resource that is not named";

/// The resource of a question.
struct Target<'n> {
    resource: Text,
    kind: Kind<'n>,
}

/// What a resource is in the documents.
enum Kind<'n> {
    /// It is this function, or a qualifier of it.
    Function(Function<'n>, Option<Text>),
    /// It is this role.
    Role(Role<'n>),
    /// Nothing.
    Other,
}

impl<'n> Target<'n> {
    /// Whether nobody names the resource.
    fn is_unknown(&self) -> bool {
        let hole = self.resource.first_hole();
        hole.is_some_and(|hole| *hole.id == *UNKNOWN)
    }

    fn of(
        catalogue: &Catalogue,
        inventory: &'n Inventory,
        question: &Question<'_>,
    ) -> Result<Self, Problem> {
        let written = question.resource;
        let required = catalogue.required_policy(question.action);
        if required.is_some_and(|required| required.kind == PolicyKind::TrustPolicy) {
            let role = match written {
                Some(written) => role(inventory, written),
                None => sole(roles(inventory)),
            };
            if let Some(role) = role {
                return Ok(Target::of_role(role, written));
            }
        }
        let invokes = catalogue.invokes_functions(question.action);
        let function = match written {
            Some(written) => function(inventory, written),
            None if invokes => sole(inventory.functions()),
            None => None,
        };
        let table = &catalogue.actions.table;
        let has_resources = |action: &str| table.action(action)?.resources().next();
        let is_unknown = written.is_none() && function.is_none() && question.is_on_unknown;
        if is_unknown && has_resources(question.action).is_some() {
            let resource = Text::hole(Hole::anything(UNKNOWN));
            return Ok(Target {
                resource,
                kind: Kind::Other,
            });
        }
        let written = written.unwrap_or("*");
        match function {
            Some(function) => Ok(Target::of_function(function, written)),
            None if written.starts_with("arn:") || written == "*" => Ok(Target {
                resource: Text::from(written),
                kind: Kind::Other,
            }),
            None if inventory.resource_policies.arn_of(written).is_some() => Ok(Target {
                resource: inventory
                    .resource_policies
                    .arn_of(written)
                    .cloned()
                    .unwrap_or_else(|| Text::from(written)),
                kind: Kind::Other,
            }),
            None => match role(inventory, written).and_then(|role| role.node.str("Arn")) {
                Some(arn) => Ok(Target {
                    resource: Text::from(arn),
                    kind: Kind::Other,
                }),
                None => Err(unknown(inventory, written)),
            },
        }
    }

    fn of_function(function: Function<'n>, written: &str) -> Self {
        let name = FunctionName {
            qualifier: FunctionName::parse(&Text::from(written)).qualifier,
            ..function.name()
        };
        Target {
            resource: name.invoked_arn().unwrap_or_else(|| Text::from(written)),
            kind: Kind::Function(function, name.policy_qualifier().cloned()),
        }
    }

    /// Adds the policies of a role to the bundle, and gives the role as the caller.
    pub(super) fn of_role(role: Role<'n>, written: Option<&str>) -> Self {
        let arn = role.node.str("Arn").or(written).unwrap_or("*");
        Target {
            resource: Text::from(arn),
            kind: Kind::Role(role),
        }
    }
}

/// Whether a resource belongs to a different account than the caller, so that its policy must allow it.
fn crosses(caller: Option<&Caller>, resource: &Text) -> bool {
    let account = Arn::parse(resource).map(|arn| arn.account);
    match (caller, account.as_ref().and_then(Text::as_str)) {
        (Some(Caller::Aws(identity)), Some(account)) if account.len() == 12 => {
            identity.account.as_str() != Some(account)
        }
        _ => false,
    }
}

/// The condition keys that were set; all others are unknown.
fn stated(entries: &[(String, String)]) -> Context {
    let mut context = Context::default();
    for (key, _) in entries {
        let values = entries
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(key));
        context.set(
            key,
            values
                .map(|(_, value)| Text::from(value.as_str()))
                .collect(),
        );
    }
    context
}
