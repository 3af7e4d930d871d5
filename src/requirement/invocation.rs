//! A trigger and the function that it invokes.

use super::context::{LintContext, Subject};
use super::verdict::to_write;
use crate::catalogue::{PushSource, SourceAccount};
use crate::diagnostics::{ConditionTest, Finding, Note, Severity, Written};
use crate::model::{FunctionName, Trigger};
use crate::syntax::{Hole, Names, Node, Template, Text};

/// A call of a function by a source.
pub(super) struct Invocation<'k, 'n> {
    pub(super) source: &'k PushSource,
    pub(super) trigger: Trigger<'n>,
    /// The function as it is called, with the qualifier if there is one.
    pub(super) function: FunctionName,
}

impl<'k, 'n> Invocation<'k, 'n> {
    pub(super) fn of(cx: LintContext<'k>, node: &'n Node, subject: &Subject<'_>) -> Option<Self> {
        let trigger = Trigger::new(node);
        let source = cx.catalogue.push_source(trigger.kind())?;
        let named = trigger.function().filter(|name| name.arn.is_some());
        Some(Invocation {
            source,
            trigger,
            function: named.unwrap_or_else(|| subject.function.name()),
        })
    }

    /// The ARN that is invoked.
    pub(super) fn invoked_arn(&self) -> Text {
        let arn = self.function.invoked_arn();
        arn.unwrap_or_else(|| unplaced(&self.function))
    }

    /// The ARN that the function policy which decides about the call names.
    pub(super) fn arn_in_policy(&self) -> Text {
        let arn = self.function.for_policy().invoked_arn();
        arn.unwrap_or_else(|| unplaced(&self.function))
    }

    /// The source's ARN as a permission asks for it. The name that is made up for what must come after the
    /// permission cannot stand in it: the account is then all that it asks for.
    fn written_source(&self) -> Option<Written> {
        let arn = self.trigger.source_arn()?;
        let is_first = self.source.permission_first;
        let by_account = self.source.source_account == SourceAccount::Sent
            && self.trigger.source_account().is_some();
        if is_first && by_account && arn.holes().any(Hole::is_own) {
            return None;
        }
        Some(to_write(arn, is_first))
    }

    /// The conditions that limit a permission to the source.
    pub(super) fn source_conditions(&self) -> Vec<ConditionTest> {
        let arn = self.written_source();
        let arn = arn.map(|arn| ConditionTest::arn_like("aws:SourceArn", arn));
        let is_sent = self.source.source_account == SourceAccount::Sent;
        let account = self.trigger.source_account().filter(|_| is_sent);
        let account = account.map(|account| {
            ConditionTest::string_equals("aws:SourceAccount", to_write(account, false))
        });
        arn.into_iter().chain(account).collect()
    }

    /// Who the source is, as in "SNS topic `orders`".
    pub(super) fn who(&self) -> String {
        let arn = self.trigger.source_arn();
        let short = arn.and_then(|arn| self.source.short_name(arn));
        match short {
            _ if self.source.is_anonymous() => format!("callers of the {}", self.source.name),
            Some(short) => format!("{} `{short}`{}", self.source.name, self.in_stage()),
            None => format!("the {}", self.source.name),
        }
    }

    /// The stage of an API, where it is known.
    fn in_stage(&self) -> String {
        let names = self
            .trigger
            .source_arn()
            .map(|arn| self.source.arn_names(arn));
        let stage = names
            .as_ref()
            .and_then(|names| names.get("stage")?.as_str());
        let stage = stage.filter(|stage| !stage.contains('*'));
        stage.map_or_else(String::new, |stage| format!(" in stage `{stage}`"))
    }

    /// The finding, which is no error as long as the source calls nothing.
    pub(super) fn weighed(&self, finding: Finding) -> Finding {
        let Some(because) = self.trigger.idle_because() else {
            return finding;
        };
        let text = format!("{because}: it does not invoke the function in its current state");
        finding
            .at_most(Severity::Warning)
            .notes([Note::new("note", text)])
    }

    /// The verb that follows `who`: the callers of an anonymous source are many.
    pub(super) fn be(&self) -> &'static str {
        if self.source.is_anonymous() {
            "are"
        } else {
            "is"
        }
    }

    /// The invoked function in the middle of a message: "function `orders:live`".
    pub(super) fn invoked(&self, subject: &Subject<'_>) -> String {
        match self.target(subject) {
            unnamed if !unnamed.starts_with('`') => unnamed,
            named => format!("function {named}"),
        }
    }

    /// The invoked function with its qualifier, in backquotes where it has a name.
    pub(super) fn target(&self, subject: &Subject<'_>) -> String {
        match (subject.name(), &self.function.qualifier) {
            (Some(name), Some(qualifier)) => format!("`{name}:{qualifier}`"),
            _ => subject.label(),
        }
    }
}

/// The ARN of a function of which only the name is known.
fn unplaced(function: &FunctionName) -> Text {
    let template = Template::parse("arn:{partition}:lambda:{region?}:{account?}:function:{name}");
    let mut names = Names::new();
    names.insert(
        "partition".to_owned(),
        Text::hole(Hole::segment("the partition").likely("aws")),
    );
    names.insert("name".to_owned(), function.name.clone());
    template.map_or_else(|_| function.name.clone(), |template| template.fill(&names))
}
