//! Reading triggers from the output of an AWS CLI command, or from a CloudFormation resource.

use super::decode::each;
use super::embedded_json::EmbeddedJson;
use super::extraction::Extraction;
use super::relative_path::{Match, RelativePath, matches_of, selectors};
use super::used_by::UsedBy;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Names, Node, Selector};

/// How the triggers of one event source are written in a command's output, or in a resource type.
#[derive(Debug)]
pub struct TriggerExtractor {
    /// The command, for help texts; empty for a resource of a template.
    pub command: String,
    resource_type: Option<String>,
    recognized_by: Vec<Selector>,
    not_recognized_by: Vec<Selector>,
    select: Vec<Selector>,
    conditions: Vec<(RelativePath, String)>,
    extractions: Vec<Extraction>,
    used_by: Option<UsedBy>,
    /// The member that holds JSON as a string.
    pub embedded_json: Option<EmbeddedJson>,
}

impl TriggerExtractor {
    /// Reads how the output of a command lists triggers.
    pub(super) fn decode_cli_output(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a CLI output", problems)?;
        let command = fields.text("command")?.to_owned();
        let recognized_by = selectors(&mut fields, "recognizedBy");
        let not_recognized_by = selectors(&mut fields, "notRecognizedBy");
        let extractor = Self::decode_rest(fields);
        Some(TriggerExtractor {
            command,
            recognized_by,
            not_recognized_by,
            ..extractor
        })
    }

    /// Reads how a resource type of CloudFormation declares triggers.
    pub(super) fn decode_resource(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a CloudFormation resource", problems)?;
        let resource_type = fields.text("type").map(str::to_owned);
        let extractor = Self::decode_rest(fields);
        resource_type.is_some().then_some(TriggerExtractor {
            resource_type,
            ..extractor
        })
    }

    /// Reads the members that both kinds have, and reports all others.
    fn decode_rest(mut fields: Fields<'_, '_>) -> Self {
        let select = selectors(&mut fields, "select");
        let conditions = fields.optional("where").map_or(&[][..], Node::members);
        let conditions = conditions
            .iter()
            .filter_map(|member| {
                let path = RelativePath::decode(&member.key.text, &mut fields, "where")?;
                Some((path, member.value.as_str()?.to_owned()))
            })
            .collect();
        let variables = fields.optional("variables").map_or(&[][..], Node::members);
        let mut extractions = Vec::new();
        for member in variables {
            let from = RelativePath::decode_all(&member.value, &mut fields, "variables");
            extractions.push(Extraction::whole(&member.key.text, from));
        }
        let extract = fields.list("extract");
        extractions.extend(each(extract, fields.problems(), Extraction::decode));
        let used_by = UsedBy::decode(&mut fields);
        let embedded_json = fields.optional("embeddedJson");
        let embedded_json =
            embedded_json.and_then(|node| EmbeddedJson::decode(node, fields.problems()));
        fields.finish();
        TriggerExtractor {
            command: String::new(),
            resource_type: None,
            recognized_by: Vec::new(),
            not_recognized_by: Vec::new(),
            select,
            conditions,
            extractions,
            used_by,
            embedded_json,
        }
    }

    /// The command or the resource type that it reads, for people.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.resource_type.as_deref().unwrap_or(&self.command)
    }

    /// Whether it reads resources of that type.
    #[must_use]
    pub fn reads_type(&self, resource_type: &str) -> bool {
        self.resource_type.as_deref() == Some(resource_type)
    }

    /// Whether a document is the output of its command.
    #[must_use]
    pub fn recognizes(&self, root: &Node) -> bool {
        let is_there = |path: &Selector| path.first(root).is_some();
        self.recognized_by.iter().any(is_there) && !self.not_recognized_by.iter().any(is_there)
    }

    /// Paths of which one selects something in each output of its command.
    #[must_use]
    pub fn recognized_by(&self) -> &[Selector] {
        &self.recognized_by
    }

    /// Every trigger of a document: its node and the variables that it sets.
    #[must_use]
    pub fn extract<'n>(&self, root: &'n Node) -> Vec<(&'n Node, Names)> {
        let selected = self.selected(root).into_iter();
        let triggers = selected.filter(|matches| self.meets_conditions(root, matches));
        triggers
            .filter_map(|matches| {
                let mut variables = Names::new();
                for extraction in &self.extractions {
                    extraction.apply(root, &matches, &mut variables);
                }
                if let Some(used_by) = &self.used_by {
                    used_by.apply(root, &matches, &mut variables);
                }
                Some((matches.last()?.0, variables))
            })
            .collect()
    }

    /// For each node that the selectors lead to, the matches on the way to it, outermost first.
    fn selected<'n>(&self, root: &'n Node) -> Vec<Vec<Match<'n>>> {
        let mut all: Vec<Vec<Match<'n>>> = vec![vec![]];
        for path in &self.select {
            all = all
                .into_iter()
                .flat_map(|matches| {
                    let from = matches.last().map_or(root, |(node, _)| *node);
                    matches_of(path, from).into_iter().map(move |next| {
                        let mut longer = matches.clone();
                        longer.push(next);
                        longer
                    })
                })
                .collect();
        }
        all
    }

    fn meets_conditions<'n>(&self, root: &'n Node, matches: &[Match<'n>]) -> bool {
        self.conditions.iter().all(|(path, expected)| {
            path.find(root, matches)
                .is_some_and(|node| node.as_str() == Some(expected))
        })
    }
}
