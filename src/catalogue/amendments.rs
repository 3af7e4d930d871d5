//! What the packages that the tables are made from do not tell, read when it is first asked for.

use std::collections::BTreeMap;

use crate::diagnostics::Problem;
use crate::syntax::{Fields, Node};

/// What people write in place of actions and prefixes.
#[derive(Debug, Default)]
pub(super) struct Amendments {
    apis: BTreeMap<String, Vec<String>>,
    prefixes: BTreeMap<String, String>,
}

impl Amendments {
    /// Reads the amendments. Those that the tables were made with are passed over.
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Self {
        let mut amendments = Amendments::default();
        let Some(mut fields) = Fields::open(node, "the amendments", problems) else {
            return amendments;
        };
        let apis = fields.list("apis");
        let prefixes = fields.list("prefixes");
        for built_in in [
            "globalKeys",
            "names",
            "shapes",
            "wholeServices",
            "openActions",
            "moreActions",
        ] {
            fields.list(built_in);
        }
        fields.optional_text("globalKeysSource");
        fields.finish();
        apis.iter()
            .for_each(|entry| amendments.add_api(entry, problems));
        prefixes
            .iter()
            .for_each(|entry| amendments.add_prefix(entry, problems));
        amendments
    }

    fn add_api(&mut self, node: &Node, problems: &mut Vec<Problem>) {
        let Some(mut fields) = Fields::open(node, "an API call", problems) else {
            return;
        };
        let api = fields.text("api").map(str::to_lowercase);
        let actions = fields.texts("actions");
        fields.text("source");
        fields.finish();
        self.apis.extend(api.map(|api| (api, actions)));
    }

    fn add_prefix(&mut self, node: &Node, problems: &mut Vec<Problem>) {
        let Some(mut fields) = Fields::open(node, "a prefix", problems) else {
            return;
        };
        let written = fields.text("written").map(str::to_lowercase);
        let prefix = fields.text("prefix").map(str::to_owned);
        fields.text("source");
        fields.finish();
        self.prefixes.extend(written.zip(prefix));
    }

    /// The actions that a call needs, where no action has the call's name.
    pub(super) fn api(&self, written: &str) -> Option<&[String]> {
        self.apis.get(&written.to_lowercase()).map(Vec::as_slice)
    }

    /// The prefix of a service that is known by another name, such as `states` for
    /// `stepfunctions`.
    pub(super) fn prefix(&self, written: &str) -> Option<&str> {
        self.prefixes
            .get(&written.to_lowercase())
            .map(String::as_str)
    }
}
