//! From an input to the results of all its requests.

use super::can::{caller, placed};
use super::input::Input;
use super::policy_input::size;
use super::request::SimRequest;
use super::request_fields::RequestFields;
use crate::catalogue::Catalogue;
use crate::diagnostics::{EvaluationResult, Problem};
use crate::iam::{Caller, Context, Policies, PolicyType};
use crate::model::Inventory;
use crate::source::SourceMap;
use crate::syntax::{Node, Text};

/// How many patterns and values the requests of one input may be held against, together.
const MOST: usize = 5_000_000;

/// Answers all requests of an input. The policies of `PolicySourceArn` are those of the inventory.
pub fn simulate(
    catalogue: &Catalogue,
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
    input.results(catalogue, problems)
}

impl Input {
    /// What the input needs and does not have.
    fn lack(&self) -> Option<Problem> {
        let (count, size) = (self.count(), size(&self.bundle));
        let effort = count.saturating_mul(size + self.shared.context.size() + 10);
        let (message, help) = if self.bundle.list.is_empty() {
            let help = "use `PolicyInputList`, or `PolicySourceArn` for a role in the files";
            ("the input does not contain policies".to_owned(), help)
        } else if count == 0 {
            let help = "list actions in `ActionNames`, for example `s3:GetObject`";
            ("the input does not contain actions".to_owned(), help)
        } else if effort > MOST {
            let help = "reduce the number of actions and resources";
            let message = format!("{count} requests are too many for policies of this size");
            (message, help)
        } else {
            return None;
        };
        Some(Problem::at(self.start, message).help(help))
    }

    /// The number of results.
    fn count(&self) -> usize {
        let fields = self.all_requests();
        fields
            .map(|fields| self.actions(fields).len() * self.resources(fields).len().max(1))
            .sum()
    }

    /// The requests of the input, or the input itself as one.
    fn all_requests(&self) -> impl Iterator<Item = &RequestFields> {
        let itself = Some(&self.shared).filter(|_| self.requests.is_empty());
        self.requests.iter().chain(itself)
    }

    /// The actions of a request, by default those of the input.
    fn actions<'a>(&'a self, fields: &'a RequestFields) -> &'a [String] {
        match fields.actions.as_slice() {
            [] => &self.shared.actions,
            own => own,
        }
    }

    /// The resources of a request, by default those of the input.
    fn resources<'a>(&'a self, fields: &'a RequestFields) -> &'a [Text] {
        match fields.resources.as_slice() {
            [] => &self.shared.resources,
            own => own,
        }
    }

    /// The results of all requests.
    fn results(&self, catalogue: &Catalogue, problems: &mut Vec<Problem>) -> Vec<EvaluationResult> {
        let policies = self.bundle.policies();
        // Some actions need the policy of the resource, where there is one.
        let with_required = Policies {
            resource_required: policies.resource.is_some(),
            ..policies.clone()
        };
        let policies_for = |action: &str| match catalogue.required_policy(action) {
            Some(_) if !policies.resource_required => &with_required,
            _ => &policies,
        };
        let mut results = Vec::new();
        for fields in self.all_requests() {
            match self.caller(fields) {
                Ok(caller) => {
                    let asked = (catalogue, fields, caller.as_ref());
                    self.evaluate(asked, policies_for, &mut results);
                }
                Err(problem) => problems.push(problem),
            }
        }
        results
    }

    /// Answers one request: each of its actions on each of its resources.
    fn evaluate<'p>(
        &self,
        (catalogue, fields, caller): (&Catalogue, &RequestFields, Option<&Caller>),
        policies: impl Fn(&str) -> &'p Policies<'p>,
        results: &mut Vec<EvaluationResult>,
    ) {
        let context = self.context(fields, caller);
        let all = [Text::from("*")];
        let resources = match self.resources(fields) {
            [] => &all,
            resources => resources,
        };
        let callers = resources.iter().map(|resource| {
            let caller = caller.cloned();
            caller.map(|caller| placed(catalogue, caller, resource))
        });
        let callers: Vec<Option<Caller>> = callers.collect();
        for action in self.actions(fields) {
            let requests = resources.iter().zip(&callers);
            let requests = requests.map(|(resource, caller)| SimRequest {
                caller: caller.as_ref(),
                action,
                resource,
                owner: fields.owner.as_deref().or(self.shared.owner.as_deref()),
                context: &context,
            });
            let policies = policies(action);
            let evaluated =
                requests.map(|request| request.evaluate(catalogue, &self.bundle, policies));
            results.extend(evaluated);
        }
    }

    /// The condition keys of a request, with those of the input and the caller.
    fn context(&self, fields: &RequestFields, caller: Option<&Caller>) -> Context {
        let mut context = fields.context.clone();
        context.complete_by(&self.shared.context);
        if let Some(Caller::Aws(identity)) = caller {
            identity.state_keys(&mut context);
        }
        context
    }

    /// Whom `CallerArn` names: somebody with an ARN, or a service, which AWS's own simulator does
    /// not take. By default, the principal whose policies are evaluated.
    fn caller(&self, fields: &RequestFields) -> Result<Option<Caller>, Problem> {
        let Some(node) = fields.caller.as_ref().or(self.shared.caller.as_ref()) else {
            let of_role = self.principal.clone().map(Box::new).map(Caller::Aws);
            let needed = self.bundle.resource_required || self.bundle.has(PolicyType::Resource);
            return match of_role {
                None if needed => Err(Problem::at(
                    self.start,
                    "a resource policy requires a caller",
                )
                .help("specify the caller in `CallerArn`")),
                caller => Ok(caller),
            };
        };
        let written = node.as_str().unwrap_or("");
        let help = "specify the ARN of a user, role or role session, or a service principal such \
                    as `s3.amazonaws.com`";
        match caller(written) {
            Some(caller) => Ok(Some(caller)),
            None => {
                Err(Problem::at(node.span, format!("`{written}` is not a valid caller")).help(help))
            }
        }
    }
}
