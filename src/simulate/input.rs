//! The simulator's input: the members that the AWS CLI takes, and some of our own.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html>
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>

use super::exclusions;
use super::policy_input::policy;
use super::principal;
use super::request_fields::RequestFields;
use crate::catalogue::Catalogue;
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

const EMPTY_LEVEL: &str = "each level of the organization has at least one policy";

/// An input as it was read.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) bundle: PolicyBundle,
    /// Whether the policies of a principal are evaluated.
    pub(super) has_principal: bool,
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
        (catalogue, inventory): (&Catalogue, &Inventory),
        sources: &mut SourceMap,
        input: &Node,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let mut fields = Fields::open(input, "the input", problems)?;
        let mut bundle = PolicyBundle::default();
        read_lists(&mut fields, sources, &mut bundle);
        if let Some(node) = fields.optional("ResourcePolicy")
            && let Some(document) = policy(sources, node, PolicyType::Resource, fields.problems())
        {
            let name = "ResourcePolicy".to_owned();
            bundle.add(name, PolicyType::Resource, document.into());
        }
        let principal = fields.optional("PolicySourceArn");
        let principal = principal.filter(|arn| arn.as_str() != Some(""));
        let excluded = exclusions::read(&mut fields);
        let shared = RequestFields::read(&mut fields);
        let requests = fields.list("requests");
        bundle.resource_required = fields.flag("resourcePolicyRequired").unwrap_or(false);
        for name in PASSED_OVER {
            fields.optional(name);
        }
        fields.finish();
        let has_principal = principal.is_some();
        let principal = principal.and_then(|arn| {
            let known = (catalogue, inventory);
            principal::add(known, sources, &mut bundle, arn, problems)
        });
        bundle
            .list
            .retain(|policy| !excluded.contains(&policy.of_type));
        bundle
            .missing
            .retain(|(of_type, _)| !excluded.contains(of_type));
        let requests = requests.iter();
        let requests = requests.filter_map(|request| RequestFields::of(request, problems));
        Some(Input {
            requests: requests.collect(),
            bundle,
            has_principal,
            principal,
            shared,
            start: input.span.at_start(),
        })
    }
}

/// Reads the members that are lists of policies.
fn read_lists(fields: &mut Fields<'_, '_>, sources: &mut SourceMap, bundle: &mut PolicyBundle) {
    let mut organization = Organization::default();
    for (member, of_type) in LISTS {
        let list = fields.optional(member);
        let mut reader = Reader {
            of_type,
            sources,
            problems: fields.problems(),
        };
        let levels = reader.levels(list, member);
        match of_type {
            PolicyType::ServiceControl => levels
                .into_iter()
                .for_each(|level| organization.add_service_control(level)),
            PolicyType::ResourceControl => levels
                .into_iter()
                .for_each(|level| organization.add_resource_control(level)),
            _ => {
                for (name, document) in levels.into_iter().flatten() {
                    bundle.add(name, of_type, document.into());
                }
            }
        }
    }
    for (index, level) in fields
        .list("OrderedOrganizationPolicyInputList")
        .iter()
        .enumerate()
    {
        let level = ordered_level(fields, sources, level, index);
        // One of empty texts, as in a skeleton, is none.
        if !level.is_empty() {
            organization.add_service_control(level);
        }
    }
    bundle.add_organization(&organization);
}

/// The policies of a level of the organization, in the form of AWS.
///
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_OrderedOrganizationPolicyType.html>
fn ordered_level(
    fields: &mut Fields<'_, '_>,
    sources: &mut SourceMap,
    level: &Node,
    index: usize,
) -> Vec<(String, PolicyDocument)> {
    let Some(mut fields) = Fields::open(level, "a level", fields.problems()) else {
        return Vec::new();
    };
    let entries = fields.list("ServiceControlPolicyInputList");
    if entries.is_empty() {
        fields.problems().push(Problem::at(level.span, EMPTY_LEVEL));
    }
    let mut reader = Reader {
        of_type: PolicyType::ServiceControl,
        sources,
        problems: fields.problems(),
    };
    let named = |place| format!("ServiceControlPolicyInputList.{}.{}", index + 1, place + 1);
    let policies = reader.level(entries, named);
    fields.finish();
    policies
}

/// Reads the policies of lists.
struct Reader<'r> {
    of_type: PolicyType,
    sources: &'r mut SourceMap,
    problems: &'r mut Vec<Problem>,
}

impl Reader<'_> {
    /// The policies of a list; for the organization, a list of levels or one level.
    fn levels(&mut self, list: Option<&Node>, member: &str) -> Vec<Vec<(String, PolicyDocument)>> {
        let Some(list) = list else { return Vec::new() };
        if !list.is_array() {
            let message = format!("`{member}` must be a list, not {}", list.kind_name());
            self.problems.push(Problem::at(list.span, message));
        }
        let has_levels = matches!(
            self.of_type,
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
                self.problems.push(Problem::at(entry.span, EMPTY_LEVEL));
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
            let document = policy(self.sources, entry, self.of_type, self.problems)?;
            Some((name(index), document))
        });
        policies.collect()
    }
}
