//! From an input to the results of its requests, and of others with the same policies.

use std::borrow::Cow;

use super::callers::{named, placed};
use super::input::Input;
use super::overall::overall;
use super::policy_input::size;
use super::request::SimRequest;
use super::request_fields::RequestFields;
use super::variables::multivalued;
use crate::catalogue::Catalogue;
use crate::diagnostics::{ActionResult, PolicyKind, Problem};
use crate::iam::{Caller, Context, Policies, PolicyType};
use crate::model::{Inventory, PolicyBundle};
use crate::source::SourceMap;
use crate::syntax::{Node, Text};

/// How much one input may cost: more than a million requests with the policies of a role do. One is about a
/// comparison of a pattern.
const MOST_WORK: usize = 1_000_000_000;

/// How much one line of a batch may cost, whose results are in memory together.
const MOST_OF_LINE: usize = 100_000_000;

/// What a missing key costs, which every result names.
const MISSING_KEY: usize = 200;

/// The policies and defaults of an input, ready for requests.
#[derive(Debug)]
pub struct Simulator<'c> {
    catalogue: &'c Catalogue,
    input: Input,
    /// The policies where that of the resource is the trust policy of a role.
    of_role: PolicyBundle,
    /// How many patterns and values a request is held against.
    size: usize,
    /// The keys that the policies use as variables though they can have several values.
    multivalued: Vec<String>,
}

/// Answers all requests of an input. The policies of `PolicySourceArn` are those of the inventory.
pub fn simulate(
    catalogue: &Catalogue,
    sources: &mut SourceMap,
    input: &Node,
    inventory: &Inventory,
    problems: &mut Vec<Problem>,
) -> Vec<ActionResult> {
    let Some(simulator) = Simulator::read(catalogue, sources, input, inventory, problems) else {
        return Vec::new();
    };
    let mut results = Vec::new();
    simulator.evaluate(problems, &mut |result| results.push(result));
    results
}

impl<'c> Simulator<'c> {
    /// Reads an input; `None` where something is wrong with it, which is a problem.
    pub fn read(
        catalogue: &'c Catalogue,
        sources: &mut SourceMap,
        input: &Node,
        inventory: &Inventory,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let before = problems.len();
        let input = Input::read((catalogue, inventory), sources, input, problems)?;
        let has_policies = !input.bundle.list.is_empty() || input.has_principal;
        if problems.len() == before && !has_policies {
            let help = "use `PolicyInputList`, or `PolicySourceArn` for a principal in the files";
            let problem = Problem::at(input.start, "the input does not contain policies");
            problems.push(problem.help(help));
        }
        (problems.len() == before).then(|| Simulator {
            size: size(&input.bundle) + input.shared.context.size() + 10,
            multivalued: multivalued(catalogue, &input.bundle.policies()),
            of_role: input.bundle.with_trust_policy(),
            catalogue,
            input,
        })
    }

    /// Evaluates the requests of the input, or the input itself as one.
    pub fn evaluate(&self, problems: &mut Vec<Problem>, sink: &mut dyn FnMut(ActionResult)) {
        let itself = Some(&self.input.shared).filter(|_| self.input.requests.is_empty());
        let requests = || self.input.requests.iter().chain(itself);
        if requests().all(|fields| self.actions(fields).is_empty()) {
            problems.push(self.no_actions());
            return;
        }
        let mut batch = self.batch_within(MOST_WORK);
        for fields in requests() {
            if let Err(problem) = batch.request(fields, sink) {
                problems.push(problem);
                if batch.work > batch.most {
                    return;
                }
            }
        }
    }

    /// The policies, ready for requests that are not in the input.
    #[must_use]
    pub fn batch(&self) -> Batch<'_> {
        self.batch_within(MOST_OF_LINE)
    }

    fn batch_within(&self, most: usize) -> Batch<'_> {
        let policies = self.input.bundle.policies();
        // Some actions need the policy of the resource, where there is one.
        let with_required = Policies {
            resource_required: policies.resource.is_some(),
            ..policies.clone()
        };
        let of_role = self.of_role.policies();
        let of_role = Policies {
            resource_required: of_role.resource.is_some(),
            ..of_role
        };
        let without_root = Policies {
            root_excluded: true,
            ..of_role.clone()
        };
        Batch {
            simulator: self,
            policies,
            with_required,
            of_role,
            without_root,
            work: 0,
            most,
        }
    }

    fn no_actions(&self) -> Problem {
        let help = "list actions in `ActionNames`, for example `s3:GetObject`";
        Problem::at(self.input.start, "the input does not contain actions").help(help)
    }

    /// The actions of a request, by default those of the input.
    fn actions<'a>(&'a self, fields: &'a RequestFields) -> &'a [String] {
        match fields.actions.as_slice() {
            [] => &self.input.shared.actions,
            own => own,
        }
    }

    /// The resources of a request, by default those of the input.
    fn resources<'a>(&'a self, fields: &'a RequestFields) -> &'a [Text] {
        match fields.resources.as_slice() {
            [] => &self.input.shared.resources,
            own => own,
        }
    }

    /// The condition keys of a request, with those of the input and the caller.
    fn context<'a>(
        &'a self,
        fields: &'a RequestFields,
        caller: Option<&Caller>,
    ) -> Cow<'a, Context> {
        let shared = &self.input.shared.context;
        let mut context = Cow::Borrowed(&fields.context);
        if fields.context.size() == 0 {
            context = Cow::Borrowed(shared);
        } else if shared.size() > 0 && !std::ptr::eq(&fields.context, shared) {
            context.to_mut().complete_by(shared);
        }
        for key in &self.multivalued {
            context.to_mut().set_multivalued(key);
        }
        if let Some(Caller::Aws(identity)) = caller {
            identity.state_keys(context.to_mut());
        }
        context
    }

    /// Whom `CallerArn` names: by default, the principal whose policies are evaluated.
    fn caller(&self, fields: &RequestFields, action: &str) -> Result<Option<Caller>, Problem> {
        let input = &self.input;
        let Some(node) = fields.caller.as_ref().or(input.shared.caller.as_ref()) else {
            let of_role = input.principal.clone().map(Box::new).map(Caller::Aws);
            let needed = input.bundle.resource_required || input.bundle.has(PolicyType::Resource);
            return match of_role {
                None if needed => {
                    let problem = Problem::at(input.start, "a resource policy requires a caller");
                    Err(problem.help("specify the caller in `CallerArn`"))
                }
                caller => Ok(caller),
            };
        };
        let required = self.catalogue.required_policy(action);
        named(node, required.is_some_and(|required| required.is_federated)).map(Some)
    }
}

/// Policies that many requests are evaluated against.
#[derive(Debug)]
pub struct Batch<'s> {
    simulator: &'s Simulator<'s>,
    policies: Policies<'s>,
    with_required: Policies<'s>,
    /// The same for what is asked of a role.
    of_role: Policies<'s>,
    /// The same for what the root user of an account cannot do.
    without_root: Policies<'s>,
    /// What was done so far.
    work: usize,
    /// What may be done.
    most: usize,
}

impl Batch<'_> {
    /// Evaluates a request of its own, which has the members of an entry of `requests`.
    pub fn evaluate(
        &mut self,
        request: &Node,
        problems: &mut Vec<Problem>,
        sink: &mut dyn FnMut(ActionResult),
    ) {
        let before = problems.len();
        let Some(fields) = RequestFields::of(request, problems) else {
            return;
        };
        if problems.len() > before {
            return;
        }
        if self.simulator.actions(&fields).is_empty() {
            let problem = Problem::at(request.span, "the request does not contain actions");
            problems.push(problem.help("list actions in `ActionNames`"));
        }
        self.work = 0;
        problems.extend(self.request(&fields, sink).err());
    }

    /// Evaluates each action of a request on all of its resources.
    fn request(
        &mut self,
        fields: &RequestFields,
        sink: &mut dyn FnMut(ActionResult),
    ) -> Result<(), Problem> {
        let simulator = self.simulator;
        let all = [Text::from("*")];
        let resources = match simulator.resources(fields) {
            [] => &all,
            resources => resources,
        };
        let mut last: Option<(Option<Caller>, Cow<'_, Context>)> = None;
        for action in simulator.actions(fields) {
            let caller = simulator.caller(fields, action)?;
            let known = last.take().filter(|(known, _)| *known == caller);
            let (caller, context) = known.unwrap_or_else(|| {
                let context = simulator.context(fields, caller.as_ref());
                (caller, context)
            });
            let asked = (fields, action.as_str(), resources);
            let result = self.action(asked, caller.as_ref(), &context)?;
            result.into_iter().for_each(&mut *sink);
            last = Some((caller, context));
        }
        Ok(())
    }

    /// The policies with what is so of an action whatever they say.
    fn policies_for(&self, action: &str, resource: &Text) -> (&PolicyBundle, &Policies<'_>) {
        let (own, of_role) = (&self.simulator.input.bundle, &self.simulator.of_role);
        let is_role = resource.as_str().is_some_and(|arn| arn.contains(":role/"));
        match self.simulator.catalogue.required_policy(action) {
            Some(required) if is_role && required.excludes_root => (of_role, &self.without_root),
            Some(required) if is_role && required.kind == PolicyKind::TrustPolicy => {
                (of_role, &self.of_role)
            }
            Some(_) if !self.policies.resource_required => (own, &self.with_required),
            _ => (own, &self.policies),
        }
    }

    /// Evaluates one action on all resources.
    fn action(
        &mut self,
        (fields, action, resources): (&RequestFields, &str, &[Text]),
        caller: Option<&Caller>,
        context: &Context,
    ) -> Result<Option<ActionResult>, Problem> {
        let Simulator {
            catalogue, input, ..
        } = self.simulator;
        let owner = fields.owner.as_deref().or(input.shared.owner.as_deref());
        let mut results = Vec::with_capacity(resources.len());
        for resource in resources {
            let placed = match caller {
                Some(Caller::Service(_)) => caller.map(|c| placed(catalogue, c.clone(), resource)),
                _ => None,
            };
            let request = SimRequest {
                caller: placed.as_ref().or(caller),
                action,
                resource,
                owner,
                context,
            };
            let (bundle, policies) = self.policies_for(action, resource);
            let result = request.evaluate(catalogue, bundle, policies);
            self.work += self.simulator.size + context.size() + MISSING_KEY * result.missing.len();
            if self.work > self.most {
                let message = "too many requests for policies of this size";
                let help = "reduce the number of actions and resources, or use `--requests`";
                return Err(Problem::at(input.start, message).help(help));
            }
            results.push(result);
        }
        let is_all = matches!(resources, [resource] if resource.as_str() == Some("*"));
        Ok(overall(catalogue, results, !is_all))
    }
}
