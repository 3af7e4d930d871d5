//! Looking facts up in the catalogue.

use super::{
    CallerContext, Catalogue, Feature, Grant, PollSource, PushSource, RequiredPolicy,
    TerraformResource,
};
use crate::diagnostics::PolicyKind;
use crate::syntax::Text;

impl Catalogue {
    /// What is known of a resource type of Terraform.
    #[must_use]
    pub fn terraform_resource(&self, name: &str) -> Option<&TerraformResource> {
        self.terraform().resource(name)
    }

    /// What is known of a data source of Terraform.
    #[must_use]
    pub fn terraform_data_source(&self, name: &str) -> Option<&TerraformResource> {
        self.terraform().data_source(name)
    }

    /// All permissions that any entry needs.
    pub fn grants(&self) -> impl Iterator<Item = &Grant> {
        let push = self.push.iter().map(|source| &source.needs);
        let poll = self.poll.iter().map(|source| &source.needs);
        let features = self.features.iter().map(|feature| &feature.needs);
        let targets = self.targets.iter().map(|target| &target.needs);
        let needs = push.chain(poll).chain(features).chain(targets);
        let of_roles = self.push.iter().flat_map(PushSource::role_grants);
        needs.flat_map(|needs| &needs.grants).chain(of_roles)
    }

    /// The push source of that id.
    #[must_use]
    pub fn push_source(&self, id: &str) -> Option<&PushSource> {
        self.push.iter().find(|source| source.id == id)
    }

    /// The poll source of that id.
    #[must_use]
    pub fn poll_source(&self, id: &str) -> Option<&PollSource> {
        self.poll.iter().find(|source| source.id == id)
    }

    /// The feature of that id.
    #[must_use]
    pub fn feature(&self, id: &str) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.id == id)
    }

    /// The action with which somebody with AWS credentials, or a service, assumes a role.
    #[must_use]
    pub fn assume_role_action(&self) -> &str {
        let mut required = self.required_policies.iter();
        let trust = required.find(|r| r.kind == PolicyKind::TrustPolicy && !r.is_federated);
        let action = trust.and_then(|trust| trust.actions.first());
        action.map_or("", String::as_str)
    }

    /// The service that assumes the execution role of a function.
    #[must_use]
    pub fn execution_service(&self) -> Option<&str> {
        self.caller("lambda")?.service.as_deref()
    }

    /// Whether an action invokes a function.
    #[must_use]
    pub fn invokes_functions(&self, action: &str) -> bool {
        let needs = self.push.iter().map(|source| &source.needs);
        let mut actions = needs
            .flat_map(|needs| &needs.grants)
            .flat_map(|grant| &grant.actions);
        actions.any(|known| known.eq_ignore_ascii_case(action))
    }

    /// The ARNs that AWS checks an action on where people name this resource; of several, it is not documented
    /// which one. Nothing where it is the resource itself.
    #[must_use]
    pub fn checked_resources(&self, action: &str, resource: &Text) -> Vec<Text> {
        let mut known = self.checked_resources.iter();
        let found = known.find_map(|entry| entry.of(action, resource));
        found.unwrap_or_default()
    }

    /// The policy of the resource without which nothing allows an action, where there is one.
    #[must_use]
    pub fn required_policy(&self, action: &str) -> Option<&RequiredPolicy> {
        let mut required = self.required_policies.iter();
        required.find(|required| required.covers(action))
    }

    /// The type of the values of a condition key as AWS calls it, as in `String` or `ArrayOfString`, where it
    /// is known.
    #[must_use]
    pub fn key_type(&self, key: &str) -> Option<&str> {
        let table = &self.actions.table;
        let service = table.service(key.split_once(':')?.0);
        let own = service.into_iter().flat_map(|service| service.keys());
        let kind = table.keys().chain(own).find(|known| known.is(key))?.kind();
        (!kind.is_empty()).then_some(kind)
    }

    /// The kind of caller of that id.
    #[must_use]
    pub fn caller(&self, id: &str) -> Option<&CallerContext> {
        self.callers.iter().find(|caller| caller.id == id)
    }

    /// The command that prints the policy of a resource, where one is known.
    #[must_use]
    pub fn policy_command(&self, arn: &Text) -> Option<String> {
        let mut answers = self.resource_answers.iter();
        answers.find_map(|answer| answer.policy_command(arn))
    }
}
