//! From an input to the answers of all its requests.

use super::can::caller;
use super::input::Input;
use super::policy_input::size;
use super::request::SimRequest;
use super::request_fields::RequestFields;
use crate::diagnostics::{EvaluationResult, Problem};
use crate::iam::{Caller, Context, Policies, PolicyType};
use crate::model::Inventory;
use crate::source::SourceMap;
use crate::syntax::{Node, Text};

/// How many patterns and values the requests of one input may be held against, together.
const MOST: usize = 5_000_000;

/// Answers all requests of an input. The policies of `PolicySourceArn` are those of the inventory.
pub fn simulate(
    sources: &mut SourceMap,
    input: &Node,
    inventory: &Inventory,
    problems: &mut Vec<Problem>,
) -> Vec<EvaluationResult> {
    let before = problems.len();
    let Some(input) = Input::read(sources, input, inventory, problems) else {
        return Vec::new();
    };
    if problems.len() == before {
        problems.extend(input.lack());
    }
    if problems.len() > before {
        return Vec::new();
    }
    input.answers(problems)
}

impl Input {
    /// What the input needs and does not have.
    fn lack(&self) -> Option<Problem> {
        let (count, size) = (self.count(), size(&self.bundle));
        let effort = count.saturating_mul(size + self.shared.context.size() + 10);
        let (message, help) = if self.bundle.list.is_empty() {
            let help =
                "`PolicyInputList` holds them, or `PolicySourceArn` names a role of the files";
            ("the input has no policies".to_owned(), help)
        } else if count == 0 {
            let help = "`ActionNames` lists actions, as in `s3:GetObject`";
            ("the input asks for no action".to_owned(), help)
        } else if effort > MOST {
            let help = "ask for fewer actions and resources in one input";
            let message =
                format!("{count} questions about policies of this size are too many at once");
            (message, help)
        } else {
            return None;
        };
        Some(Problem::at(self.start, message).help(help))
    }

    /// How many answers there will be.
    fn count(&self) -> usize {
        let asked = self.asked();
        asked
            .map(|asked| self.actions(asked).len() * self.resources(asked).len().max(1))
            .sum()
    }

    fn asked(&self) -> impl Iterator<Item = &RequestFields> {
        let itself = Some(&self.shared).filter(|_| self.requests.is_empty());
        self.requests.iter().chain(itself)
    }

    fn actions<'a>(&'a self, asked: &'a RequestFields) -> &'a [String] {
        match asked.actions.as_slice() {
            [] => &self.shared.actions,
            own => own,
        }
    }

    fn resources<'a>(&'a self, asked: &'a RequestFields) -> &'a [Text] {
        match asked.resources.as_slice() {
            [] => &self.shared.resources,
            own => own,
        }
    }

    fn answers(&self, problems: &mut Vec<Problem>) -> Vec<EvaluationResult> {
        let policies = self.bundle.policies();
        let mut answers = Vec::new();
        for asked in self.asked() {
            match self.caller(asked) {
                Ok(caller) => self.answer(asked, caller.as_ref(), &policies, &mut answers),
                Err(problem) => problems.push(problem),
            }
        }
        answers
    }

    /// Answers one request: each of its actions on each of its resources.
    fn answer(
        &self,
        asked: &RequestFields,
        caller: Option<&Caller>,
        policies: &Policies<'_>,
        answers: &mut Vec<EvaluationResult>,
    ) {
        let context = self.context(asked, caller);
        let all = [Text::from("*")];
        let resources = match self.resources(asked) {
            [] => &all,
            resources => resources,
        };
        for action in self.actions(asked) {
            let asks = resources.iter().map(|resource| SimRequest {
                caller,
                action,
                resource,
                owner: asked.owner.as_deref().or(self.shared.owner.as_deref()),
                context: &context,
            });
            answers.extend(asks.map(|ask| ask.answer(&self.bundle, policies)));
        }
    }

    fn context(&self, asked: &RequestFields, caller: Option<&Caller>) -> Context {
        let mut context = asked.context.clone();
        context.complete_by(&self.shared.context);
        if let Some(Caller::Aws(identity)) = caller {
            identity.state_keys(&mut context);
        }
        context
    }

    /// Whom `CallerArn` names: somebody with an ARN, or a service, which AWS's own simulator does
    /// not take. The principal whose policies are asked where there is none.
    fn caller(&self, asked: &RequestFields) -> Result<Option<Caller>, Problem> {
        let Some(node) = asked.caller.as_ref().or(self.shared.caller.as_ref()) else {
            let of_role = self.principal.clone().map(Box::new).map(Caller::Aws);
            let needed = self.bundle.resource_required || self.bundle.has(PolicyType::Resource);
            return match of_role {
                None if needed => Err(Problem::at(self.start, "a resource policy needs a caller")
                    .help("`CallerArn` tells who asks")),
                caller => Ok(caller),
            };
        };
        let written = node.as_str().unwrap_or("");
        let help = "give the ARN of a user, role or role session, or a service such as \
                    `s3.amazonaws.com`";
        match caller(written) {
            Some(caller) => Ok(Some(caller)),
            None => {
                Err(Problem::at(node.span, format!("`{written}` is nobody who can ask")).help(help))
            }
        }
    }
}
