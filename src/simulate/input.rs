//! The simulator's input: the members that the AWS CLI takes, and some of our own.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html>
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>

use super::ask::Ask;
use super::policies::Shelf;
use crate::document::{Fields, Node, Text};
use crate::finding::{Answer, Problem};
use crate::iam::{Caller, Context, Identity, PolicyType};
use crate::model::Inventory;
use crate::source::SourceMap;

/// How many requests one input may make, times the statements that each is held against.
const MOST: usize = 50_000_000;

/// Members of the AWS CLI that hold a list of policies of a type, and ours.
const LISTS: [(&str, PolicyType); 6] = [
    ("PolicyInputList", PolicyType::Identity),
    ("PermissionsBoundaryPolicyInputList", PolicyType::Boundary),
    ("sessionPolicies", PolicyType::Session),
    ("serviceControlPolicies", PolicyType::ServiceControl),
    ("resourceControlPolicies", PolicyType::ResourceControl),
    ("endpointPolicies", PolicyType::Endpoint),
];

/// Members that say how the AWS CLI answers, and nothing about the question.
const PASSED_OVER: [&str; 3] = ["ResourceHandlingOption", "MaxItems", "Marker"];

/// Answers all requests of an input. The policies of `PolicySourceArn` are those of the inventory.
pub fn simulate(
    sources: &mut SourceMap,
    input: &Node,
    inventory: &Inventory,
    problems: &mut Vec<Problem>,
) -> Vec<Answer> {
    let before = problems.len();
    let Some(mut fields) = Fields::open(input, "the input", problems) else {
        return Vec::new();
    };
    let mut shelf = Shelf::default();
    for (member, of_type) in LISTS {
        let node = fields.optional(member);
        policies(
            &mut shelf,
            sources,
            node,
            (member, of_type),
            fields.problems(),
        );
    }
    if let Some(node) = fields.optional("ResourcePolicy") {
        let name = ("ResourcePolicy".to_owned(), PolicyType::Resource, 0);
        shelf.read(sources, node, name, fields.problems());
    }
    let principal = fields.optional("PolicySourceArn");
    let shared = Asked::read(&mut fields);
    let requests = fields.list("requests").to_vec();
    let required = fields.flag("resourcePolicyRequired").unwrap_or(false);
    for name in PASSED_OVER {
        fields.optional(name);
    }
    fields.finish();
    let principal =
        principal.and_then(|arn| super::can::add_role(&mut shelf, inventory, arn, problems));
    let mut asked = Vec::new();
    for request in &requests {
        if let Some(mut fields) = Fields::open(request, "a request", problems) {
            let own = Asked::read(&mut fields);
            fields.finish();
            asked.push(own.completed_by(&shared));
        }
    }
    if requests.is_empty() {
        asked.push(shared);
    }
    if shelf.list.is_empty() && problems.len() == before {
        let problem = Problem::at(input.span.at_start(), "the input has no policies");
        let help = "`PolicyInputList` holds them, or `PolicySourceArn` names a role of the files";
        problems.push(problem.help(help));
    }
    if problems.len() > before {
        return Vec::new();
    }
    answers(
        input,
        &shelf,
        &asked,
        principal.as_ref(),
        required,
        problems,
    )
}

/// Adds the policies of a list; for the organization, a list of levels or one level.
fn policies(
    shelf: &mut Shelf,
    sources: &mut SourceMap,
    list: Option<&Node>,
    (member, of_type): (&str, PolicyType),
    problems: &mut Vec<Problem>,
) {
    let Some(list) = list else { return };
    if !list.is_array() {
        let message = format!("`{member}` must be a list, not {}", list.kind_name());
        problems.push(Problem::at(list.span, message));
    }
    let by_level = matches!(
        of_type,
        PolicyType::ServiceControl | PolicyType::ResourceControl
    ) && list.items().iter().any(Node::is_array);
    for (index, entry) in list.items().iter().enumerate() {
        let name = format!("{member}.{}", index + 1);
        if !by_level {
            shelf.read(sources, entry, (name, of_type, 0), problems);
            continue;
        }
        for (place, policy) in entry.each().iter().enumerate() {
            let name = format!("{name}.{}", place + 1);
            shelf.read(sources, policy, (name, of_type, index), problems);
        }
    }
}

/// What one request asks.
#[derive(Debug)]
struct Asked {
    actions: Vec<String>,
    resources: Vec<Text>,
    caller: Option<Node>,
    owner: Option<String>,
    context: Context,
}

impl Asked {
    fn read(fields: &mut Fields<'_, '_>) -> Self {
        let actions = actions(fields);
        let resources = fields.texts("ResourceArns");
        let resources = resources
            .iter()
            .map(|arn| Text::from(arn.as_str()))
            .collect();
        let not_empty = |text: &str| !text.is_empty();
        let caller = fields.optional_text("CallerArn").is_some_and(not_empty);
        let caller = caller
            .then(|| fields.optional("CallerArn").cloned())
            .flatten();
        let owner = fields.optional_text("ResourceOwner");
        let owner = owner.filter(|owner| not_empty(owner)).map(account_of);
        let mut context = Context::complete();
        for entry in fields.list("ContextEntries") {
            let Some(mut entry) = Fields::open(entry, "a context entry", fields.problems()) else {
                continue;
            };
            let key = entry.text("ContextKeyName");
            let values = entry.texts("ContextKeyValues");
            entry.optional_text("ContextKeyType");
            entry.finish();
            if let Some(key) = key.filter(|key| not_empty(key)) {
                context.set(
                    key,
                    values
                        .iter()
                        .map(|value| Text::from(value.as_str()))
                        .collect(),
                );
            }
        }
        Asked {
            actions,
            resources,
            caller,
            owner,
            context,
        }
    }

    /// What a request leaves out is that of the whole input.
    fn completed_by(mut self, shared: &Asked) -> Self {
        if self.actions.is_empty() {
            self.actions.clone_from(&shared.actions);
        }
        if self.resources.is_empty() {
            self.resources.clone_from(&shared.resources);
        }
        self.caller = self.caller.or_else(|| shared.caller.clone());
        self.owner = self.owner.or_else(|| shared.owner.clone());
        self.context.complete_by(&shared.context);
        self
    }
}

/// Actions as they are asked for: in full, without wildcards.
fn actions(fields: &mut Fields<'_, '_>) -> Vec<String> {
    let actions = fields.texts("ActionNames");
    let whole = |action: &&String| action.contains(':') && !action.contains(['*', '?']);
    let partial: Vec<&String> = actions.iter().filter(|action| !whole(action)).collect();
    for action in partial {
        let message = format!("`{action}` is no single action, such as `s3:GetObject`");
        fields.wrong("ActionNames", message);
    }
    actions
}

/// The account of `arn:aws:iam::123456789012:root`, or the account itself.
fn account_of(owner: &str) -> String {
    let account = Identity::of_arn(owner).map(|identity| identity.account.to_string());
    account.unwrap_or_else(|| owner.to_owned())
}

fn answers(
    input: &Node,
    shelf: &Shelf,
    asked: &[Asked],
    principal: Option<&Identity>,
    required: bool,
    problems: &mut Vec<Problem>,
) -> Vec<Answer> {
    let count: usize = asked
        .iter()
        .map(|asked| asked.actions.len() * asked.resources.len().max(1))
        .sum();
    if count == 0 {
        let help = "`ActionNames` lists actions, as in `s3:GetObject`";
        let problem = Problem::at(input.span.at_start(), "the input asks for no action");
        problems.push(problem.help(help));
    }
    let statements = shelf.statements();
    if count.saturating_mul(statements.max(100)) > MOST {
        let message =
            format!("{count} questions about {statements} statements are too many at once");
        let problem = Problem::at(input.span.at_start(), message);
        problems.push(problem.help("ask for fewer actions and resources in one input"));
        return Vec::new();
    }
    let mut policies = shelf.policies();
    policies.resource_required = required;
    let mut answers = Vec::new();
    for asked in asked {
        let named = asked
            .caller
            .as_ref()
            .map(|node| (node, node.as_str().unwrap_or("")));
        let caller = match named {
            Some((node, arn)) => caller(node, arn, problems),
            None => principal
                .cloned()
                .map(|identity| Caller::Aws(Box::new(identity))),
        };
        if caller.is_none() && (shelf.has(PolicyType::Resource) || required) {
            let problem = Problem::at(input.span.at_start(), "a resource policy needs a caller");
            problems.push(problem.help("`CallerArn` tells who asks"));
            continue;
        }
        let mut context = asked.context.clone();
        if let Some(Caller::Aws(identity)) = &caller {
            identity.tell(&mut context);
        }
        let all = [Text::from("*")];
        let resources = match asked.resources.as_slice() {
            [] => &all,
            resources => resources,
        };
        for action in &asked.actions {
            let asks = resources.iter().map(|resource| Ask {
                caller: caller.as_ref(),
                action,
                resource,
                owner: asked.owner.as_deref(),
                context: &context,
            });
            answers.extend(asks.map(|ask| ask.answer(shelf, &policies)));
        }
    }
    answers
}

/// Whom `CallerArn` names: somebody with an ARN, or a service, which AWS's own simulator does not
/// take.
fn caller(node: &Node, written: &str, problems: &mut Vec<Problem>) -> Option<Caller> {
    let caller = super::can::caller(written);
    if caller.is_none() {
        let message = format!("`{written}` is nobody who can ask");
        let help = "give the ARN of a user, role or role session, or a service such as \
                    `s3.amazonaws.com`";
        problems.push(Problem::at(node.span, message).help(help));
    }
    caller
}
