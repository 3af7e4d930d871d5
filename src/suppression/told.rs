//! Findings about suppressions.

use super::date::Date;
use super::entry::{Malformed, Suppression, WrittenRule};
use super::named::KnownRules;
use crate::diagnostics::{Finding, Suppressor};
use crate::requirement::SuppressionFault;
use crate::rules::{Packs, Rule};
use crate::syntax::nearest;

/// What there is to say, each by the rule for it, where that is among those that are applied.
pub(super) struct Teller<'p> {
    pub(super) packs: &'p Packs,
    /// All rules, also those that are not applied.
    pub(super) known: &'p KnownRules,
    pub(super) findings: Vec<Finding>,
}

impl Teller<'_> {
    /// Says that a name of a suppression has nothing to suppress.
    pub(super) fn unused(&mut self, of: &Suppression, rule: &WrittenRule) {
        let name = &rule.name;
        let help = match of.rules.len() {
            1 => "remove it".to_owned(),
            _ => format!("remove `{name}` from the list"),
        };
        let message = format!("unused suppression of `{name}`");
        let label = match of.by {
            Suppressor::Configuration => "no finding matches this entry",
            _ => "there is no such finding here",
        };
        self.tell(SuppressionFault::Unused, rule, message, label, help);
    }

    /// Says that a suppression does not say why.
    pub(super) fn without_reason(&mut self, of: &Suppression) {
        let names: Vec<String> = of
            .rules
            .iter()
            .map(|rule| format!("`{}`", rule.name))
            .collect();
        let message = format!("suppression of {} without a reason", names.join(", "));
        let help = match of.by {
            Suppressor::Comment => "write the reason after the brackets",
            _ => "say why the finding is accepted: `reason: …`",
        };
        let at = WrittenRule {
            name: String::new(),
            span: of.span,
        };
        self.tell(
            SuppressionFault::WithoutReason,
            &at,
            message,
            "",
            help.to_owned(),
        );
    }

    /// Says that a suppression has no effect any more.
    pub(super) fn expired(&mut self, of: &Suppression, until: Date) {
        let names: Vec<String> = of
            .rules
            .iter()
            .map(|rule| format!("`{}`", rule.name))
            .collect();
        let message = format!("the suppression of {} expired on {until}", names.join(", "));
        let at = WrittenRule {
            name: String::new(),
            span: of.span,
        };
        let help = "fix what it suppressed, or set a later date".to_owned();
        self.tell(SuppressionFault::Expired, &at, message, "", help);
    }

    /// Says that no rule has a name.
    pub(super) fn unknown(&mut self, rule: &WrittenRule) {
        let packs = self.packs.list.iter().map(|pack| &*pack.name);
        let known = self.known.ids().chain(packs);
        let help = match nearest(&rule.name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`lint-lambda rules list` lists all rules".to_owned(),
        };
        let message = format!("unknown rule `{}`", rule.name);
        self.tell(SuppressionFault::UnknownRule, rule, message, "", help);
    }

    /// Says that something cannot be read.
    pub(super) fn malformed(&mut self, mistake: Malformed) {
        let at = WrittenRule {
            name: String::new(),
            span: mistake.span,
        };
        let help = mistake.help.unwrap_or_default();
        self.tell(SuppressionFault::Malformed, &at, mistake.message, "", help);
    }

    fn tell(
        &mut self,
        fault: SuppressionFault,
        at: &WrittenRule,
        message: String,
        label: &str,
        help: String,
    ) {
        let is_about = |rule: &&Rule| rule.require().suppression_fault() == Some(fault);
        for rule in self.packs.rules().filter(is_about) {
            let meta = &rule.meta;
            let finding =
                Finding::new(meta.id.clone(), meta.severity, message.clone(), at.span).label(label);
            self.findings.push(match help.is_empty() {
                true => finding,
                false => finding.help(help.clone()),
            });
        }
    }
}
