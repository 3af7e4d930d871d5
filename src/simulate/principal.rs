//! The principal whose policies are evaluated: a role of the documents, or a user or group of the output of
//! `aws iam get-account-authorization-details`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html>

use super::can::of_role;
use super::lookup::role;
use super::policy_input::policy;
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::iam::{Identity, PolicyType};
use crate::model::{Inventory, PolicyBundle};
use crate::source::SourceMap;
use crate::syntax::{Node, Text, json};

/// Adds the policies of the principal with an ARN, and gives the principal as the caller; one that is not there
/// is a problem.
pub(super) fn add(
    (catalogue, inventory): (&Catalogue, &Inventory),
    sources: &mut SourceMap,
    bundle: &mut PolicyBundle,
    arn: &Node,
    problems: &mut Vec<Problem>,
) -> Option<Identity> {
    let written = arn.as_str().unwrap_or("");
    let mut account = Account {
        catalogue,
        inventory,
        sources,
        bundle,
        problems,
    };
    let (kind, found) = if written.contains(":user/") {
        ("user", account.add_user(written))
    } else if written.contains(":group/") {
        (
            "group",
            account.add_group("GroupDetailList", "Arn", written),
        )
    } else {
        match role(inventory, written) {
            Some(role) => return of_role(bundle, role).or_else(|| Identity::of_arn(written)),
            None => ("role", None),
        }
    };
    if found.is_none() {
        let message = format!("no such {kind} in the documents");
        let help = "provide files that contain it, such as the output of `aws iam \
                    get-account-authorization-details`";
        problems.push(Problem::at(arn.span, message).help(help));
    }
    Identity::of_arn(written)
}

/// The documents about an account, and where the policies of a principal go.
struct Account<'a> {
    catalogue: &'a Catalogue,
    inventory: &'a Inventory,
    sources: &'a mut SourceMap,
    bundle: &'a mut PolicyBundle,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Account<'a> {
    /// The entry of a list in which a member has a value.
    fn entry(&self, list: &str, member: &str, value: &str) -> Option<&'a Node> {
        let lists = self.inventory.inputs().filter_map(|input| input.get(list));
        let mut entries = lists.flat_map(Node::items);
        entries.find(|entry| entry.str(member) == Some(value))
    }

    /// Adds the policies of a user, of the groups that it is in, and its permissions boundary.
    fn add_user(&mut self, arn: &str) -> Option<()> {
        let user = self.entry("UserDetailList", "Arn", arn)?;
        self.add_policies(user, "UserPolicyList");
        for group in user.get("GroupList").map_or(&[][..], Node::items) {
            let name = group.as_str().unwrap_or("");
            if self
                .add_group("GroupDetailList", "GroupName", name)
                .is_none()
            {
                let what = format!("the policies of group {name}");
                self.bundle.miss(PolicyType::Identity, what);
            }
        }
        let boundary = user.get("PermissionsBoundary");
        let boundary = boundary.and_then(|boundary| boundary.get("PermissionsBoundaryArn"));
        if let Some(arn) = boundary.filter(|_| !self.bundle.has(PolicyType::Boundary)) {
            let name = "the permissions boundary of the user";
            self.add_managed(arn, name, PolicyType::Boundary);
        }
        Some(())
    }

    /// Adds the policies of a group.
    fn add_group(&mut self, list: &str, member: &str, value: &str) -> Option<()> {
        let group = self.entry(list, member, value)?;
        self.add_policies(group, "GroupPolicyList");
        Some(())
    }

    /// Adds the inline policies of an entry, and those that are attached to it.
    fn add_policies(&mut self, entry: &Node, inline: &str) {
        for inline in entry.get(inline).map_or(&[][..], Node::items) {
            let name = inline.str("PolicyName").unwrap_or("the inline policy");
            if let Some(document) = inline.get("PolicyDocument") {
                self.add(document, name, PolicyType::Identity);
            }
        }
        for attached in entry
            .get("AttachedManagedPolicies")
            .map_or(&[][..], Node::items)
        {
            let name = attached.str("PolicyName").unwrap_or("the managed policy");
            if let Some(arn) = attached.get("PolicyArn") {
                self.add_managed(arn, name, PolicyType::Identity);
            }
        }
    }

    /// Adds a managed policy: that of the documents, or that of AWS with the ARN.
    fn add_managed(&mut self, arn: &Node, name: &str, of_type: PolicyType) {
        let written = arn.as_str().unwrap_or("");
        let policy = self.entry("Policies", "Arn", written);
        let versions = policy.and_then(|policy| policy.get("PolicyVersionList"));
        let mut versions = versions.map_or(&[][..], Node::items).iter();
        let is_default =
            |v: &&Node| v.get("IsDefaultVersion").and_then(Node::as_bool) == Some(true);
        if let Some(document) = versions.find(is_default).and_then(|v| v.get("Document")) {
            return self.add(document, name, of_type);
        }
        let of_aws = self.catalogue.managed.policy(written);
        let document = of_aws.and_then(|policy| {
            let file = self.sources.add_builtin(written, &policy.document).ok()?;
            json::read(file, &policy.document).roots.into_iter().next()
        });
        match document {
            Some(document) => self.add(&document, name, of_type),
            None => {
                let what = format!("policy {}", Text::from(written));
                self.bundle.miss(of_type, what);
            }
        }
    }

    fn add(&mut self, document: &Node, name: &str, of_type: PolicyType) {
        if let Some(document) = policy(self.sources, document, of_type, self.problems) {
            self.bundle.add(name.to_owned(), of_type, document.into());
        }
    }
}
