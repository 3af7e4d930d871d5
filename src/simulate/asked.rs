//! What one request asks: actions, resources, who asks, and condition keys.

use crate::document::{Fields, Node, Text};
use crate::iam::{Context, Identity};

/// What one request asks.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) actions: Vec<String>,
    pub(super) resources: Vec<Text>,
    /// Who asks, as it is written.
    pub(super) caller: Option<Node>,
    /// The account of the resource.
    pub(super) owner: Option<String>,
    pub(super) context: Context,
}

impl Asked {
    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Self {
        let actions = actions(fields);
        let resources = fields.texts("ResourceArns").into_iter();
        let resources = resources.filter(|arn| !arn.is_empty());
        let owner = fields.optional_text("ResourceOwner");
        let written = |node: &&Node| node.as_str() != Some("");
        Asked {
            actions,
            resources: resources.map(Text::from).collect(),
            caller: fields.optional("CallerArn").filter(written).cloned(),
            owner: owner.filter(|owner| !owner.is_empty()).map(account_of),
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

/// Actions as they are asked for: in full, without wildcards.
fn actions(fields: &mut Fields<'_, '_>) -> Vec<String> {
    let actions = fields.texts("ActionNames");
    let whole = |action: &&String| action.contains(':') && !action.contains(['*', '?']);
    let partial = actions.iter().find(|action| !whole(action));
    if let Some(action) = partial {
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
