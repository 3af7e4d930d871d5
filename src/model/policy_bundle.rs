//! The policies that have a say in a request, each with what it is called.

use std::sync::Arc;

use super::{Function, MissingInput, Organization, Role};
use crate::diagnostics::quoted;
use crate::iam::{Policies, PolicyDocument, PolicySet, PolicyType, ReadPolicies, Statement};
use crate::syntax::{Node, Text};

/// A policy and what it is called.
#[derive(Clone, Debug)]
pub struct BundledPolicy {
    /// What the policy is called in a result.
    pub name: String,
    /// Its type.
    pub of_type: PolicyType,
    /// The level of the organization, for its policies; 0 for all others.
    pub level: usize,
    /// What it says.
    pub document: Arc<PolicyDocument>,
}

/// All policies that have a say, and what is known to be missing.
#[derive(Clone, Debug, Default)]
pub struct PolicyBundle {
    /// The policies at hand.
    pub list: Vec<BundledPolicy>,
    /// Types of which there are policies that are not at hand, with what those are.
    pub missing: Vec<(PolicyType, MissingInput)>,
    /// Types that have a say though they have no policy.
    pub empty: Vec<PolicyType>,
    /// Whether nothing is allowed without the resource's policy.
    pub resource_required: bool,
    /// Whether the root user of an account cannot do it, regardless of its permissions.
    pub root_excluded: bool,
}

impl PolicyBundle {
    /// The policies of a role and of its organization.
    #[must_use]
    pub fn of_role(role: Role<'_>, organization: &Organization, read: &ReadPolicies) -> Self {
        let mut bundle = PolicyBundle::default();
        bundle.add_role(role, read);
        bundle.add_organization(organization);
        bundle
    }

    /// One identity policy by itself.
    #[must_use]
    pub fn of_document(document: &Node, organization: &Organization, read: &ReadPolicies) -> Self {
        let mut bundle = PolicyBundle::default();
        let document = read.document(document);
        bundle.add("the policy".to_owned(), PolicyType::Identity, document);
        bundle.add_organization(organization);
        bundle
    }

    /// Adds a policy.
    pub fn add(&mut self, name: String, of_type: PolicyType, document: Arc<PolicyDocument>) {
        self.list.push(BundledPolicy {
            name,
            of_type,
            level: 0,
            document,
        });
    }

    /// Adds the identity policies of a role, and its permissions boundary. One that is given
    /// already takes the place of the role's own.
    pub fn add_role(&mut self, role: Role<'_>, read: &ReadPolicies) {
        let policies = role.policies();
        for (name, document) in policies.documents {
            let name = name.map_or_else(|| format!("a policy of {}", role.label()), str::to_owned);
            self.add(name, PolicyType::Identity, read.document(document));
        }
        let missing = policies.absent.into_iter();
        self.missing
            .extend(missing.map(|missing| (PolicyType::Identity, missing)));
        if self.has(PolicyType::Boundary) {
            return;
        }
        let name = format!("the permissions boundary of {}", role.label());
        match role.boundary() {
            None => {}
            Some(Some(document)) => {
                self.add(name, PolicyType::Boundary, read.document(document));
            }
            Some(None) => self.miss(PolicyType::Boundary, name),
        }
    }

    /// Adds the policies of the organization.
    pub fn add_organization(&mut self, organization: &Organization) {
        let levels = [
            (PolicyType::ServiceControl, &organization.service_control),
            (PolicyType::ResourceControl, &organization.resource_control),
        ];
        for (of_type, levels) in levels {
            for (level, policies) in levels.iter().enumerate() {
                self.list
                    .extend(policies.iter().map(|policy| BundledPolicy {
                        name: policy.name.clone(),
                        of_type,
                        level,
                        document: Arc::clone(&policy.document),
                    }));
            }
        }
    }

    /// Adds the function policy that decides about a call, as that of the resource. A call of a
    /// qualifier is decided by the statements that name it, so those of every qualifier are there.
    pub fn add_function_policy(
        &mut self,
        function: Function<'_>,
        qualifier: Option<&Text>,
        read: &ReadPolicies,
    ) {
        self.add_function_policies(function, read);
        self.note_missing_function_policy(function, qualifier);
    }

    /// Notes what is not at hand of the function policy that decides about calls of a qualifier.
    pub fn note_missing_function_policy(
        &mut self,
        function: Function<'_>,
        qualifier: Option<&Text>,
    ) {
        if function.knows_policy_of(qualifier) {
            return;
        }
        let mut absent = function.absent().into_iter();
        // What no command can fetch is the same for every qualifier.
        let missing = absent.find(|absent| absent.member == "Policies" && absent.is_open);
        let missing = missing.unwrap_or_else(|| missing_function_policy(function, qualifier));
        self.missing.push((PolicyType::Resource, missing));
    }

    /// Adds the function policies that are at hand.
    pub fn add_function_policies(&mut self, function: Function<'_>, read: &ReadPolicies) {
        let name = format!("the function policy of {}", function.label());
        for (_, document) in function.policies() {
            self.add(name.clone(), PolicyType::Resource, read.document(document));
        }
        self.empty.push(PolicyType::Resource);
    }

    /// Adds the trust policy of a role, as that of the resource.
    pub fn add_trust_policy(&mut self, role: Role<'_>, read: &ReadPolicies) {
        let name = format!("the trust policy of {}", role.label());
        match role.trust_policy() {
            Some(document) => {
                let document = read.trust_policy(document);
                self.add(name, PolicyType::Resource, document);
            }
            None => self.miss(PolicyType::Resource, name),
        }
    }

    /// The same policies where those of the resource are the trust policies of a role.
    #[must_use]
    pub fn with_trust_policy(&self) -> Self {
        let mut bundle = self.clone();
        let mut list = bundle.list.iter_mut();
        let of_resource = list
            .by_ref()
            .filter(|policy| policy.of_type == PolicyType::Resource);
        for policy in of_resource {
            let document = PolicyDocument::clone(&policy.document).as_trust_policy();
            policy.document = Arc::new(document);
        }
        bundle
    }

    /// Notes that there is a policy of a type that is not at hand.
    pub fn miss(&mut self, of_type: PolicyType, what: String) {
        let missing = MissingInput {
            what,
            ..MissingInput::default()
        };
        self.missing.push((of_type, missing));
    }

    /// The policies as the engine takes them.
    #[must_use]
    pub fn policies(&self) -> Policies<'_> {
        let levels = |of_type| {
            let levels = self.list.iter().filter(|policy| policy.of_type == of_type);
            let count = levels.map(|policy| policy.level + 1).max().unwrap_or(0);
            (0..count).map(|level| self.set(of_type, level)).collect()
        };
        let optional = |of_type| self.has(of_type).then(|| self.set(of_type, 0));
        Policies {
            identity: self.set(PolicyType::Identity, 0),
            resource: optional(PolicyType::Resource),
            resource_required: self.resource_required,
            root_excluded: self.root_excluded,
            boundary: optional(PolicyType::Boundary),
            session: optional(PolicyType::Session),
            service_control: levels(PolicyType::ServiceControl),
            resource_control: levels(PolicyType::ResourceControl),
            endpoint: optional(PolicyType::Endpoint),
        }
    }

    /// Whether policies of a type have a say.
    #[must_use]
    pub fn has(&self, of_type: PolicyType) -> bool {
        self.list.iter().any(|policy| policy.of_type == of_type)
            || self.missing.iter().any(|(known, _)| *known == of_type)
            || self.empty.contains(&of_type)
    }

    /// What is missing of the policies of a type.
    #[must_use]
    pub fn missing_of(&self, of_type: PolicyType) -> Option<&MissingInput> {
        let mut missing = self.missing.iter();
        missing.find_map(|(known, missing)| (*known == of_type).then_some(missing))
    }

    /// The statements of the identity policies.
    pub fn identity_statements(&self) -> impl Iterator<Item = &Statement> {
        let identity = self.list.iter();
        let identity = identity.filter(|policy| policy.of_type == PolicyType::Identity);
        let statements = identity.flat_map(|policy| &policy.document.statements);
        statements.map(|statement| &**statement)
    }

    fn set(&self, of_type: PolicyType, level: usize) -> PolicySet<'_> {
        let of_set = |policy: &&BundledPolicy| policy.of_type == of_type && policy.level == level;
        let documents = self.list.iter().filter(of_set);
        PolicySet {
            documents: documents.map(|policy| &*policy.document).collect(),
            incomplete: self.missing_of(of_type).is_some(),
        }
    }

    /// The policy that a statement stands in.
    #[must_use]
    pub fn holding(&self, statement: &Statement) -> Option<&BundledPolicy> {
        self.list.iter().find(|policy| {
            let document = policy.document.span;
            document.file == statement.span.file && document.contains(statement.span)
        })
    }
}

/// The function policy of a qualifier, where those of others are known.
fn missing_function_policy(function: Function<'_>, qualifier: Option<&Text>) -> MissingInput {
    let name = match function.called().as_str() {
        "" => "FUNCTION".to_owned(),
        name => name.to_owned(),
    };
    let (of, option) = match qualifier.map(Text::to_string) {
        Some(qualifier) => (
            format!("{name}:{qualifier}"),
            format!(" --qualifier {}", quoted(&qualifier)),
        ),
        None => (name.clone(), String::new()),
    };
    let name = quoted(&name);
    MissingInput {
        member: "Policies".to_owned(),
        what: format!("the function policy of `{of}`"),
        fetch: format!("aws lambda get-policy --function-name {name}{option}"),
        is_open: false,
    }
}
