//! Targets of records: dead-letter queues and destinations.

use super::needs::Needs;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Names, Node, Template, Text};

/// Something that Lambda sends records to: a dead-letter queue or a destination.
#[derive(Debug)]
pub struct Target {
    /// The id.
    pub id: String,
    /// What one target is called, as in "SQS queue".
    pub name: String,
    /// What the execution role must allow.
    pub needs: Needs,
    arn: Option<Template>,
}

impl Target {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a target", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let name = fields.text("name").map(str::to_owned);
        fields.required("arn");
        let arn = fields.template("arn");
        let needs = Needs::decode(&mut fields);
        fields.finish();
        Some(Target {
            id: id?,
            name: name?,
            needs,
            arn,
        })
    }

    /// The name of the target: what follows the account in its ARN.
    #[must_use]
    pub fn short_name(&self, names: &Names) -> Option<String> {
        let mut last = self.arn.as_ref()?.names();
        let name = last.by_ref().last()?;
        names.get(name)?.as_str().map(str::to_owned)
    }

    /// The template variables that a target's ARN sets; `None` for another kind of target.
    #[must_use]
    pub fn names(&self, arn: &Text) -> Option<Names> {
        let arn = arn.clone().as_arn();
        let mut names = self.arn.as_ref()?.capture(&arn)?;
        names.insert("target".to_owned(), arn);
        Some(names)
    }
}
