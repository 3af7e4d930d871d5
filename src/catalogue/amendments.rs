//! What the source packages of the tables lack. It is read on first use, because few names need it.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node};

/// Names that people write in place of actions and service prefixes, and actions that they list by habit.
#[derive(Debug, Default)]
pub(super) struct Amendments {
    api_calls: BTreeMap<String, Vec<String>>,
    prefix_aliases: BTreeMap<String, String>,
    mistaken: BTreeMap<String, Vec<String>>,
    boilerplate: BTreeSet<String>,
}

impl Amendments {
    /// Reads the amendments. The lists that are already part of the tables are skipped.
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Self {
        let mut amendments = Amendments::default();
        let Some(mut fields) = Fields::open(node, "the amendments", problems) else {
            return amendments;
        };
        let api_calls = fields.list("apiCalls");
        let prefix_aliases = fields.list("prefixAliases");
        let mistaken = fields.list("mistakenPrefixes");
        let boilerplate = fields.list("boilerplateActions");
        for built_in in [
            "globalConditionKeys",
            "arnVariables",
            "arnFormats",
            "wildcardOnlyServices",
            "unknownResourceTypes",
            "additionalActions",
        ] {
            fields.list(built_in);
        }
        fields.optional_text("globalConditionKeysSource");
        fields.optional_text("$schema");
        fields.finish();
        api_calls
            .iter()
            .for_each(|entry| amendments.add_api_call(entry, problems));
        prefix_aliases
            .iter()
            .for_each(|entry| amendments.add_prefix_alias(entry, problems));
        mistaken
            .iter()
            .for_each(|entry| amendments.add_mistaken(entry, problems));
        boilerplate
            .iter()
            .for_each(|entry| amendments.add_boilerplate(entry, problems));
        amendments
    }

    fn add_api_call(&mut self, node: &Node, problems: &mut Vec<Problem>) {
        let Some(mut fields) = Fields::open(node, "an API call", problems) else {
            return;
        };
        let call = fields.text("call").map(str::to_lowercase);
        let actions = fields.texts("actions");
        fields.text("source");
        fields.finish();
        self.api_calls.extend(call.map(|call| (call, actions)));
    }

    fn add_prefix_alias(&mut self, node: &Node, problems: &mut Vec<Problem>) {
        let Some(mut fields) = Fields::open(node, "a prefix alias", problems) else {
            return;
        };
        let alias = fields.text("alias").map(str::to_lowercase);
        let prefix = fields.text("prefix").map(str::to_owned);
        fields.text("source");
        fields.finish();
        self.prefix_aliases.extend(alias.zip(prefix));
    }

    fn add_mistaken(&mut self, node: &Node, problems: &mut Vec<Problem>) {
        let Some(mut fields) = Fields::open(node, "a mistaken prefix", problems) else {
            return;
        };
        let written = fields.text("written").map(str::to_lowercase);
        let meant = fields.texts("meant");
        fields.text("source");
        fields.finish();
        self.mistaken
            .extend(written.map(|written| (written, meant)));
    }

    fn add_boilerplate(&mut self, node: &Node, problems: &mut Vec<Problem>) {
        let Some(mut fields) = Fields::open(node, "boilerplate actions", problems) else {
            return;
        };
        let actions = fields.texts("actions").into_iter();
        self.boilerplate
            .extend(actions.map(|action| action.to_lowercase()));
        fields.text("reason");
        fields.text("source");
        fields.finish();
    }

    /// Whether AWS's tools and guides list an action for resources on which it has no effect.
    pub(super) fn is_boilerplate(&self, action: &str) -> bool {
        self.boilerplate.contains(&action.to_lowercase())
    }

    /// The actions that an API call needs, where no action has the name of the call.
    pub(super) fn actions_of_call(&self, written: &str) -> Option<&[String]> {
        let known = self.api_calls.get(&written.to_lowercase());
        known.map(Vec::as_slice)
    }

    /// The prefixes of services whose actions people list under the prefix of this one.
    pub(super) fn mistaken_for(&self, written: &str) -> &[String] {
        let known = self.mistaken.get(&written.to_lowercase());
        known.map_or(&[], Vec::as_slice)
    }

    /// The prefix of a service that is known by another name, such as `states` for
    /// `stepfunctions`.
    pub(super) fn prefix_of_alias(&self, written: &str) -> Option<&str> {
        self.prefix_aliases
            .get(&written.to_lowercase())
            .map(String::as_str)
    }
}
