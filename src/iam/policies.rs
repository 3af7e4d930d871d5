//! The policies that have a say in a request, by type.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#access_policy-types>

use super::policy::PolicyDocument;
use super::request::Request;
use super::statement::Statement;
use super::truth::Truth;

/// The types of policies that can have a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyType {
    /// Attached to the user, its groups or the role.
    Identity,
    /// Of the resource.
    Resource,
    /// The limit of what identity policies can allow.
    Boundary,
    /// Given when the session began.
    Session,
    /// Of the organization, for the accounts that ask.
    ServiceControl,
    /// Of the organization, for the accounts whose resources are asked for.
    ResourceControl,
    /// Of the VPC endpoint that the request goes through.
    Endpoint,
}

impl PolicyType {
    /// All types: the two that grant, then those that limit.
    pub const ALL: [PolicyType; 7] = [
        PolicyType::Identity,
        PolicyType::Resource,
        PolicyType::Boundary,
        PolicyType::Session,
        PolicyType::ServiceControl,
        PolicyType::ResourceControl,
        PolicyType::Endpoint,
    ];

    /// Whether `*` stands for the missing parts of an ARN that has fewer than six: it does in identity
    /// policies. Session policies with such an ARN are refused; of the other types, AWS does not say.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
    pub(super) fn completes_arns(self) -> Truth {
        match self {
            PolicyType::Identity => Truth::Yes,
            _ => Truth::Unknown,
        }
    }

    /// What the policy simulator calls them.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_Statement.html>
    #[must_use]
    pub fn simulated(self) -> &'static str {
        match self {
            PolicyType::Identity => "IAM Policy",
            PolicyType::Resource => "Resource Policy",
            PolicyType::Boundary => "IAM Permissions Boundary Policy",
            PolicyType::Session => "Session Policy",
            PolicyType::ServiceControl => "Service Control Policy",
            PolicyType::ResourceControl => "Resource Control Policy",
            PolicyType::Endpoint => "VPC Endpoint Policy",
        }
    }

    /// Whether policies of this type result for whom they are.
    pub(super) fn names_callers(self) -> bool {
        matches!(
            self,
            PolicyType::Resource | PolicyType::ResourceControl | PolicyType::Endpoint
        )
    }
}

/// Policies of one type.
#[derive(Clone, Debug, Default)]
pub struct PolicySet<'p> {
    /// The documents at hand.
    pub documents: Vec<&'p PolicyDocument>,
    /// Whether there are others that are not.
    pub incomplete: bool,
}

impl<'p> PolicySet<'p> {
    /// The statements of all documents at hand that can match a request, in order.
    pub(super) fn about(&self, request: &Request<'_>) -> impl Iterator<Item = &'p Statement> {
        let documents = self.documents.iter();
        documents.flat_map(move |document| document.statements.about(request))
    }

    /// The statements of all documents at hand, in order.
    pub(super) fn statements(&self) -> impl Iterator<Item = &'p Statement> {
        let documents = self.documents.iter();
        let statements = documents.flat_map(|document| &document.statements);
        statements.map(|statement| &**statement)
    }
}

/// All policies that have a result in a request.
#[derive(Clone, Debug, Default)]
pub struct Policies<'p> {
    /// Identity policies.
    pub identity: PolicySet<'p>,
    /// The resource's policy; none where the resource has none.
    pub resource: Option<PolicySet<'p>>,
    /// Whether nothing goes without the resource's policy, as with roles and KMS keys.
    pub resource_required: bool,
    /// Whether the root user of an account cannot do it, whatever allows it, as assuming a role.
    pub root_excluded: bool,
    /// The permissions boundary; none where there is none.
    pub boundary: Option<PolicySet<'p>>,
    /// Session policies; none where the session has none.
    pub session: Option<PolicySet<'p>>,
    /// Service control policies, by level of the organization.
    pub service_control: Vec<PolicySet<'p>>,
    /// Resource control policies, by level of the organization.
    pub resource_control: Vec<PolicySet<'p>>,
    /// The endpoint's policy; none where the request goes through no endpoint.
    pub endpoint: Option<PolicySet<'p>>,
}

impl<'p> Policies<'p> {
    /// All sets, each with its type.
    pub(super) fn sets(&self) -> impl Iterator<Item = (PolicyType, &PolicySet<'p>)> {
        let of = |of_type: PolicyType| move |set| (of_type, set);
        let identity = std::iter::once(&self.identity).map(of(PolicyType::Identity));
        identity
            .chain(self.resource.iter().map(of(PolicyType::Resource)))
            .chain(self.boundary.iter().map(of(PolicyType::Boundary)))
            .chain(self.session.iter().map(of(PolicyType::Session)))
            .chain(
                self.service_control
                    .iter()
                    .map(of(PolicyType::ServiceControl)),
            )
            .chain(
                self.resource_control
                    .iter()
                    .map(of(PolicyType::ResourceControl)),
            )
            .chain(self.endpoint.iter().map(of(PolicyType::Endpoint)))
    }

    /// The policies of one type.
    #[must_use]
    pub fn documents(&self, of_type: PolicyType) -> Vec<&'p PolicyDocument> {
        let sets = self.sets().filter(|(known, _)| *known == of_type);
        sets.flat_map(|(_, set)| set.documents.iter().copied())
            .collect()
    }

    /// The types of which not all policies are at hand.
    pub(super) fn incomplete_types(&self) -> Vec<PolicyType> {
        let mut types: Vec<PolicyType> = Vec::new();
        for (of_type, _) in self.sets().filter(|(_, set)| set.incomplete) {
            if !types.contains(&of_type) {
                types.push(of_type);
            }
        }
        types
    }
}
