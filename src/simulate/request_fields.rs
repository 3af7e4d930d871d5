//! The fields of one request: actions, resources, caller, and condition keys.

use super::context_entries;
use crate::diagnostics::Problem;
use crate::iam::{Context, Identity};
use crate::syntax::{Fields, Node, Text};

/// The fields of one request.
#[derive(Debug)]
pub(super) struct RequestFields {
    pub(super) actions: Vec<String>,
    pub(super) resources: Vec<Text>,
    /// The caller, as written.
    pub(super) caller: Option<Node>,
    /// The account of the resource.
    pub(super) owner: Option<String>,
    pub(super) context: Context,
}

impl RequestFields {
    /// Reads a request by itself.
    pub(super) fn of(request: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(request, "a request", problems)?;
        let request = RequestFields::read(&mut fields);
        fields.finish();
        Some(request)
    }

    /// Reads the fields of a request.
    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Self {
        let actions = actions(fields);
        let resources = resources(fields);
        let owner = fields.optional_text("ResourceOwner");
        let owner = owner.filter(|owner| !owner.is_empty()).map(account_of);
        let is_account = |o: &String| o.len() == 12 && o.bytes().all(|b| b.is_ascii_digit());
        if owner.as_ref().is_some_and(|owner| !is_account(owner)) {
            let message = "the owner must be an account ID or ARN";
            fields.wrong("ResourceOwner", message);
        }
        let written = |node: &&Node| node.as_str() != Some("");
        RequestFields {
            actions,
            resources,
            caller: fields.optional("CallerArn").filter(written).cloned(),
            owner,
            context: context_entries::read(fields),
        }
    }
}

/// Whether a text is one action in full, such as `s3:GetObject`.
pub(super) fn is_action(text: &str) -> bool {
    let is_name = |name: &str| {
        let letters = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        !name.is_empty() && name.bytes().all(letters)
    };
    let parts = text.split_once(':');
    parts.is_some_and(|(service, name)| is_name(service) && is_name(name))
}

/// Actions of a request: full names, without wildcards. An empty one, as in a skeleton, is passed over.
///
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html>
fn actions(fields: &mut Fields<'_, '_>) -> Vec<String> {
    for item in fields.list("ActionNames") {
        let Some(action) = item.as_str().filter(|a| !a.is_empty() && !is_action(a)) else {
            continue;
        };
        let message = format!("`{action}` is not a single action such as `s3:GetObject`");
        let problem = Problem::at(item.span, message);
        fields.problems().push(match action.contains(['*', '?']) {
            true => problem
                .help("list each action: the simulator does not support wildcards in actions"),
            false => problem,
        });
    }
    let actions = fields.texts("ActionNames").into_iter();
    actions.filter(|action| !action.is_empty()).collect()
}

/// Resources of a request: ARNs of six parts, or `*` for all of them. An empty one is passed over.
fn resources(fields: &mut Fields<'_, '_>) -> Vec<Text> {
    for item in fields.list("ResourceArns") {
        let Some(arn) = item.as_str().filter(|a| !a.is_empty() && !is_arn(a)) else {
            continue;
        };
        let message = format!("`{arn}` is not an ARN");
        let help = "an ARN has six parts between colons; `*` stands for all resources";
        fields
            .problems()
            .push(Problem::at(item.span, message).help(help));
    }
    let resources = fields.texts("ResourceArns").into_iter();
    let written = resources.filter(|arn| !arn.is_empty());
    written.map(Text::from).collect()
}

/// Whether a text is an ARN in full, or `*`.
fn is_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let is_arn = match parts.as_slice() {
        ["arn", partition, service, _, _, resource] => [partition, service, resource]
            .iter()
            .all(|part| !part.is_empty()),
        _ => false,
    };
    text == "*" || is_arn
}

/// The account of `arn:aws:iam::123456789012:root`, or the account itself.
fn account_of(owner: &str) -> String {
    let account = Identity::of_arn(owner).map(|identity| identity.account.to_string());
    account.unwrap_or_else(|| owner.to_owned())
}
