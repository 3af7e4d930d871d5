//! The AWS-managed policies that a role attaches exist.

use super::context::{LintContext, LintResult, Match};
use super::kind::{Kind, Requirement, plain};
use super::rule_metadata::RuleMetadata;
use crate::catalogue::managed_policy_path;
use crate::diagnostics::{Confidence, Fix, Severity};
use crate::syntax::{Text, nearest};

/// The kind.
pub(super) const KIND: Kind = plain(
    "managedPolicyExists",
    "the ARN of a managed policy",
    "An AWS managed policy with this ARN exists. Other ARNs are skipped. A name that AWS might have added after the list was generated is `warning` at most.",
    |_, _| Some(Box::new(ManagedPolicyExists)),
);

/// The requirement.
#[derive(Debug)]
struct ManagedPolicyExists;

/// From how many findings on no more is looked up.
const MOST: usize = 1_000;

impl Requirement for ManagedPolicyExists {
    /// Policies of one name in another folder are another policy, so such an ARN is certainly wrong;
    /// any other may be newer than the catalogue.
    fn looks_at_findings(&self) -> bool {
        true
    }

    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let filled = matched.node.as_text().map(Text::filled);
        let Some(arn) = filled.as_ref().and_then(Text::as_str) else {
            return;
        };
        let policies = &cx.catalogue.managed;
        let Some(path) = managed_policy_path(arn).filter(|_| policies.policy(arn).is_none()) else {
            return;
        };
        let start = arn.strip_suffix(path).unwrap_or("");
        // No role can have that many; what was meant is not looked up for endlessly many.
        let paths = match result.findings.len() < MOST {
            true => policies.paths(),
            false => &[],
        };
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let same = paths.iter().find(|own| name(own) == name(path));
        let near = || nearest(path, paths.iter().map(String::as_str)).map(str::to_owned);
        let meant = same
            .cloned()
            .or_else(near)
            .map(|path| format!("{start}{path}"));
        let span = matched.node.span;
        let mut found = rule
            .finding_of(matched.node, span)
            .function(matched.function());
        found.message = format!("unknown AWS managed policy `{path}`");
        found.primary.text = "no policy with this ARN exists".to_owned();
        let look_up = format!(
            "check the AWS Managed Policy Reference: AWS might have added it after {}, the date of the built-in list",
            policies.date()
        );
        found.help = Some(match (&meant, same.is_some()) {
            (Some(meant), true) => format!("did you mean `{meant}`?"),
            (Some(meant), false) => format!("did you mean `{meant}`? If not, {look_up}"),
            (None, _) => look_up,
        });
        if same.is_none() {
            found.severity = rule.severity.min(Severity::Warning);
            found.confidence = Confidence::Likely;
        }
        found.fix = meant.map(|text| Fix::Replace { span, text });
        result.findings.push(found);
    }
}
