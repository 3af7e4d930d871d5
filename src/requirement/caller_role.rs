//! The role with which a source invokes a function.

use super::context::{LintContext, Match, Subject};
use super::invocation::Invocation;
use super::rule_metadata::RuleMetadata;
use super::verdict::Reason;
use crate::catalogue::SourceRole;
use crate::diagnostics::{Finding, Severity, Undecided, quoted};
use crate::iam::Context;
use crate::syntax::Text;

/// Why nothing is known of a role, and the command that prints it.
pub(super) fn not_provided(arn: &Text) -> Reason {
    let name = arn.as_str().and_then(|arn| arn.rsplit('/').next());
    let (text, fetch) = match name {
        Some(name) => (
            format!("role `{name}` was not provided"),
            Some(format!("aws iam get-role --role-name {}", quoted(name))),
        ),
        None => (
            format!("the role is unknown before deployment: {arn}"),
            None,
        ),
    };
    Reason {
        text,
        fetch,
        of_document: true,
    }
}

/// A source that invokes a function with a role.
pub(super) struct CallerRole<'k, 'n> {
    pub(super) call: Invocation<'k, 'n>,
    pub(super) role_arn: &'n Text,
}

impl<'k, 'n> CallerRole<'k, 'n> {
    pub(super) fn of<'s>(
        cx: LintContext<'k>,
        matched: Match<'n, 's>,
    ) -> Option<(Self, &'s Subject<'n>)> {
        let subject = matched.subject?;
        let call = Invocation::of(cx, matched.node, subject)?;
        // API Gateway can also pass on the caller's credentials: `arn:aws:iam::*:user/*`.
        // https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
        let is_role = |arn: &&Text| arn.as_str().is_none_or(|arn| arn.contains(":role/"));
        let role_arn = call.trigger.role_arn().filter(is_role)?;
        Some((CallerRole { call, role_arn }, subject))
    }

    /// The condition keys of the request with which the source's service assumes the role.
    pub(super) fn context_of_service(&self, role: &SourceRole) -> Context {
        let mut names = self.call.trigger.names();
        if let Some(arn) = self.call.trigger.source_arn() {
            names.extend(self.call.source.arn_names(arn));
        }
        let mut context = Context::default();
        let known = role.request_context.iter();
        for (key, template) in known.filter(|(_, template)| template.is_fillable(&names)) {
            context.set(key, vec![template.fill(&names)]);
        }
        context
    }

    /// The check that stays undecided where the role is not at hand.
    pub(super) fn no_role(&self, rule: &RuleMetadata, matched: Match<'_, '_>) -> Undecided {
        let reason = not_provided(self.role_arn);
        reason.of(rule, matched.function(), self.call.trigger.place().span)
    }

    /// Makes a warning of what AWS does not say for sure.
    pub(super) fn weaken(&self, finding: Finding) -> Finding {
        let role = self.call.source.role.as_ref();
        let is_sure = role.is_some_and(|role| role.verified);
        match self.call.source.needs.verified && is_sure {
            true => finding,
            false => finding.at_most(Severity::Warning).likely(),
        }
    }
}
