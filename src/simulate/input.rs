//! The simulator's input: the members that the AWS CLI takes, and some of our own.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html>
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>

use super::can::add_role;
use super::policy_bundle::PolicyBundle;
use super::request_fields::RequestFields;
use crate::diagnostics::Problem;
use crate::iam::{Identity, PolicyType};
use crate::model::Inventory;
use crate::source::{SourceMap, Span};
use crate::syntax::{Fields, Node};

/// Members of the AWS CLI that hold a list of policies of a type, and ours.
const LISTS: [(&str, PolicyType); 6] = [
    ("PolicyInputList", PolicyType::Identity),
    ("PermissionsBoundaryPolicyInputList", PolicyType::Boundary),
    ("sessionPolicies", PolicyType::Session),
    ("serviceControlPolicies", PolicyType::ServiceControl),
    ("resourceControlPolicies", PolicyType::ResourceControl),
    ("endpointPolicies", PolicyType::Endpoint),
];

/// Members that say how the AWS CLI answers, and nothing about the question.
const PASSED_OVER: [&str; 3] = ["ResourceHandlingOption", "MaxItems", "Marker"];

/// An input as it was read.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) bundle: PolicyBundle,
    /// Who asks where a request does not tell.
    pub(super) principal: Option<Identity>,
    /// Whether nothing goes without the resource's policy.
    pub(super) resource_required: bool,
    /// What the input asks itself, or what its requests leave out.
    pub(super) shared: RequestFields,
    /// The requests, each with what it asks of its own.
    pub(super) requests: Vec<RequestFields>,
    /// Where the input begins.
    pub(super) start: Span,
}

impl Input {
    /// Reads an input. The policies of `PolicySourceArn` are those of the inventory.
    pub(super) fn read(
        sources: &mut SourceMap,
        input: &Node,
        inventory: &Inventory,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let mut fields = Fields::open(input, "the input", problems)?;
        let mut bundle = PolicyBundle::default();
        for (member, of_type) in LISTS {
            let list = fields.optional(member);
            let problems = fields.problems();
            policies(&mut bundle, sources, list, (member, of_type), problems);
        }
        if let Some(node) = fields.optional("ResourcePolicy") {
            let name = ("ResourcePolicy".to_owned(), PolicyType::Resource, 0);
            bundle.read(sources, node, name, fields.problems());
        }
        let principal = fields.optional("PolicySourceArn");
        let shared = RequestFields::read(&mut fields);
        let requests = fields.list("requests");
        let resource_required = fields.flag("resourcePolicyRequired").unwrap_or(false);
        for name in PASSED_OVER {
            fields.optional(name);
        }
        fields.finish();
        let principal = principal.and_then(|arn| add_role(&mut bundle, inventory, arn, problems));
        let requests = requests.iter().filter_map(|request| {
            let mut fields = Fields::open(request, "a request", problems)?;
            let asked = RequestFields::read(&mut fields);
            fields.finish();
            Some(asked)
        });
        Some(Input {
            requests: requests.collect(),
            bundle,
            principal,
            resource_required,
            shared,
            start: input.span.at_start(),
        })
    }
}

/// Adds the policies of a list; for the organization, a list of levels or one level.
fn policies(
    bundle: &mut PolicyBundle,
    sources: &mut SourceMap,
    list: Option<&Node>,
    (member, of_type): (&str, PolicyType),
    problems: &mut Vec<Problem>,
) {
    let Some(list) = list else { return };
    if !list.is_array() {
        let message = format!("`{member}` must be a list, not {}", list.kind_name());
        problems.push(Problem::at(list.span, message));
    }
    let by_level = matches!(
        of_type,
        PolicyType::ServiceControl | PolicyType::ResourceControl
    ) && list.items().iter().any(Node::is_array);
    for (index, entry) in list.items().iter().enumerate() {
        let name = format!("{member}.{}", index + 1);
        if !by_level {
            bundle.read(sources, entry, (name, of_type, 0), problems);
            continue;
        }
        if entry.items().is_empty() {
            let message = "a level of the organization has at least one policy";
            problems.push(Problem::at(entry.span, message));
        }
        for (place, policy) in entry.each().iter().enumerate() {
            let name = format!("{name}.{}", place + 1);
            bundle.read(sources, policy, (name, of_type, index), problems);
        }
    }
}
