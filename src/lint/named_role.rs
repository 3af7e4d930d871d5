//! What a policy of a resource grants to a role that it names.

use super::access::{depends, settled};
use super::verdict::{Reason, Refusal, Verdict};
use crate::iam::{Caller, Context, Decision, Identity, PolicyDocument, PrincipalMatch, Request};
use crate::syntax::{Hole, Text};

/// The verdict where policies of the resource may grant what the role's own refuse; nothing where
/// they do not. In one account, a policy that names the role is enough.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html>
pub(super) fn granted(
    documents: &[&PolicyDocument],
    role_arn: &Text,
    refusal: &Refusal<'_>,
    context: &Context,
) -> Option<Verdict<'static>> {
    let request = Request {
        caller: Some(Caller::Aws(Box::new(identity(role_arn)))),
        named: PrincipalMatch::Role,
        action: Text::from(refusal.action.as_str()),
        resource: refusal.resource.clone(),
        context,
    };
    let evaluation = settled(documents, &request);
    match evaluation.decision {
        Decision::Allowed => Some(Verdict::Granted),
        Decision::Unknown => {
            let why = depends(&evaluation, &request).text;
            Some(Verdict::Open(Reason::new(format!(
                "the policy of the resource may grant it to the role: {why}"
            ))))
        }
        Decision::ImplicitDeny | Decision::ExplicitDeny => None,
    }
}

/// A role as it calls.
fn identity(arn: &Text) -> Identity {
    let account = crate::iam::Arn::parse(arn).map(|arn| arn.account);
    Identity {
        arn: arn.clone(),
        session: None,
        account: account.unwrap_or_else(|| Text::hole(Hole::segment("the account of the role"))),
        id: None,
    }
}
