//! The simulator's input: the members that the AWS CLI takes, and some of our own.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html>
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>

use super::can::add_role;
use super::policy_input::policy;
use super::request_fields::RequestFields;
use crate::diagnostics::Problem;
use crate::iam::{Identity, PolicyDocument, PolicyType};
use crate::model::{Inventory, Organization, PolicyBundle};
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

/// Members that only affect the output of the AWS CLI.
const PASSED_OVER: [&str; 3] = ["ResourceHandlingOption", "MaxItems", "Marker"];

/// An input as it was read.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) bundle: PolicyBundle,
    /// The caller of requests that do not specify one.
    pub(super) principal: Option<Identity>,
    /// The request of the input itself, and the defaults of its requests.
    pub(super) shared: RequestFields,
    /// The requests with their own fields.
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
        let mut organization = Organization::default();
        for (member, of_type) in LISTS {
            let list = fields.optional(member);
            let mut reader = Reader {
                sources,
                problems: fields.problems(),
            };
            let levels = reader.levels(list, member, of_type);
            match of_type {
                PolicyType::ServiceControl => levels
                    .into_iter()
                    .for_each(|level| organization.add_service_control(level)),
                PolicyType::ResourceControl => levels
                    .into_iter()
                    .for_each(|level| organization.add_resource_control(level)),
                _ => {
                    for (name, document) in levels.into_iter().flatten() {
                        bundle.add_read(name, of_type, document);
                    }
                }
            }
        }
        bundle.add_organization(&organization);
        if let Some(node) = fields.optional("ResourcePolicy")
            && let Some(document) = policy(sources, node, fields.problems())
        {
            let name = "ResourcePolicy".to_owned();
            bundle.add_read(name, PolicyType::Resource, document);
        }
        let principal = fields.optional("PolicySourceArn");
        let shared = RequestFields::read(&mut fields);
        let requests = fields.list("requests");
        bundle.resource_required = fields.flag("resourcePolicyRequired").unwrap_or(false);
        for name in PASSED_OVER {
            fields.optional(name);
        }
        fields.finish();
        let principal = principal.and_then(|arn| add_role(&mut bundle, inventory, arn, problems));
        let requests = requests.iter().filter_map(|request| {
            let mut fields = Fields::open(request, "a request", problems)?;
            let request = RequestFields::read(&mut fields);
            fields.finish();
            Some(request)
        });
        Some(Input {
            requests: requests.collect(),
            bundle,
            principal,
            shared,
            start: input.span.at_start(),
        })
    }
}

/// Reads the policies of lists.
struct Reader<'r> {
    sources: &'r mut SourceMap,
    problems: &'r mut Vec<Problem>,
}

impl Reader<'_> {
    /// The policies of a list; for the organization, a list of levels or one level.
    fn levels(
        &mut self,
        list: Option<&Node>,
        member: &str,
        of_type: PolicyType,
    ) -> Vec<Vec<(String, PolicyDocument)>> {
        let Some(list) = list else { return Vec::new() };
        if !list.is_array() {
            let message = format!("`{member}` must be a list, not {}", list.kind_name());
            self.problems.push(Problem::at(list.span, message));
        }
        let has_levels = matches!(
            of_type,
            PolicyType::ServiceControl | PolicyType::ResourceControl
        );
        let by_level = has_levels && list.items().iter().any(Node::is_array);
        let numbered = |name: &str, index: usize| format!("{name}.{}", index + 1);
        if !by_level {
            let level = self.level(list.items(), |index| numbered(member, index));
            return Some(level)
                .filter(|level| !level.is_empty())
                .into_iter()
                .collect();
        }
        let mut levels = Vec::new();
        for (index, entry) in list.items().iter().enumerate() {
            if entry.items().is_empty() {
                let message = "each level of the organization has at least one policy";
                self.problems.push(Problem::at(entry.span, message));
            }
            let name = numbered(member, index);
            levels.push(self.level(entry.each(), |place| numbered(&name, place)));
        }
        levels
    }

    fn level(
        &mut self,
        entries: &[Node],
        name: impl Fn(usize) -> String,
    ) -> Vec<(String, PolicyDocument)> {
        let named = entries.iter().enumerate();
        let policies = named.filter_map(|(index, entry)| {
            let document = policy(self.sources, entry, self.problems)?;
            Some((name(index), document))
        });
        policies.collect()
    }
}
