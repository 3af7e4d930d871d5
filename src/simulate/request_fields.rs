//! The fields of one request: actions, resources, caller, and condition keys.

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
    /// Reads the fields of a request.
    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Self {
        let actions = actions(fields);
        let resources = fields.texts("ResourceArns").into_iter();
        let resources: Vec<_> = resources.filter(|arn| !arn.is_empty()).collect();
        let is_arn = |text: &&String| text.starts_with("arn:") || *text == "*";
        if let Some(other) = resources.iter().find(|text| !is_arn(text)) {
            fields.wrong("ResourceArns", format!("`{other}` is not an ARN"));
        }
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
            resources: resources.into_iter().map(Text::from).collect(),
            caller: fields.optional("CallerArn").filter(written).cloned(),
            owner,
            context: context(fields),
        }
    }
}

/// The condition keys; one without a name, as in a skeleton, is passed over.
fn context(fields: &mut Fields<'_, '_>) -> Context {
    let mut context = Context::complete();
    for entry in fields.list("ContextEntries") {
        let Some(mut entry) = Fields::open(entry, "a context entry", fields.problems()) else {
            continue;
        };
        let key = entry.text("ContextKeyName");
        let values = entry.texts("ContextKeyValues").into_iter();
        entry.optional_text("ContextKeyType");
        entry.finish();
        if let Some(key) = key.filter(|key| !key.is_empty()) {
            context.set(key, values.map(Text::from).collect());
        }
    }
    context
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

/// Actions of a request: full names, without wildcards.
fn actions(fields: &mut Fields<'_, '_>) -> Vec<String> {
    let actions = fields.texts("ActionNames");
    let partial = actions.iter().find(|action| !is_action(action));
    if let Some(action) = partial {
        let message = format!("`{action}` is not a single action such as `s3:GetObject`");
        fields.wrong("ActionNames", message);
    }
    actions
}

/// The account of `arn:aws:iam::123456789012:root`, or the account itself.
fn account_of(owner: &str) -> String {
    let account = Identity::of_arn(owner).map(|identity| identity.account.to_string());
    account.unwrap_or_else(|| owner.to_owned())
}
