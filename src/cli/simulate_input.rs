//! The simulator's input, from flags in the form of the AWS CLI.

use std::borrow::Cow;

use super::simulate_args::Input;
use super::{content, shorthand};
use crate::diagnostics::Problem;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{Documents, Kind, Member, Node, json, yaml};

/// Members whose entries have a shorthand.
const SHORTHAND: [&str; 3] = [
    "ContextEntries",
    "OrderedOrganizationPolicyInputList",
    "PolicyExclusionList",
];

/// Members of entries that are lists.
const LISTS: [&str; 2] = ["ContextKeyValues", "ServiceControlPolicyInputList"];

/// The input of `--cli-input-json`, with the flags in place of its members; `None` where it cannot
/// be read, which is a problem.
pub(super) fn input(
    args: &Input,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Option<Node> {
    let line = sources.add("command line", "simulate").ok()?;
    let mut given = Given {
        sources,
        line: Span::new(line, 0, 0),
        problems,
    };
    let members = given.members(args);
    let whole = match (&args.cli_input_json, &args.cli_input_yaml) {
        (None, None) => return Some(Node::object(members, given.line)),
        (Some(json), _) => given.json("--cli-input-json", json)?,
        (None, Some(yaml)) => given.yaml("--cli-input-yaml", yaml)?,
    };
    Some(replaced(whole, members))
}

/// An object with some members in place of its own.
fn replaced(mut whole: Node, members: Vec<(&str, Node)>) -> Node {
    if let Kind::Object(known) = &mut whole.kind {
        let mut all: Vec<Member> = known.to_vec();
        all.retain(|member| !members.iter().any(|(name, _)| *name == &*member.key.text));
        all.extend_from_slice(Node::object(members, whole.span).members());
        whole.kind = Kind::Object(all.into());
    }
    whole
}

/// Turns flags and files into the simulator's input.
struct Given<'s> {
    sources: &'s mut SourceMap,
    /// The place of values that are not in any text.
    line: Span,
    problems: &'s mut Vec<Problem>,
}

impl Given<'_> {
    /// What the flags say, as members of the input.
    fn members(&mut self, args: &Input) -> Vec<(&'static str, Node)> {
        let flags = [
            ("PolicyInputList", &args.policy_input_list),
            (
                "PermissionsBoundaryPolicyInputList",
                &args.permissions_boundary_policy_input_list,
            ),
            (
                "OrderedOrganizationPolicyInputList",
                &args.ordered_organization_policy_input_list,
            ),
            ("PolicyExclusionList", &args.policy_exclusion_list),
            ("ContextEntries", &args.context_entries),
        ];
        let mut members: Vec<(&'static str, Node)> = Vec::new();
        for (name, values) in flags.into_iter().filter(|(_, values)| !values.is_empty()) {
            let items = values.iter().flat_map(|value| self.items(name, value));
            members.push((name, Node::array(items.collect(), self.line)));
        }
        let lists = [
            ("ActionNames", &args.action_names),
            ("ResourceArns", &args.resource_arns),
        ];
        for (name, values) in lists.into_iter().filter(|(_, values)| !values.is_empty()) {
            let items = values.iter().flat_map(|value| self.words(name, value));
            members.push((name, Node::array(items.collect(), self.line)));
        }
        let texts = [
            ("CallerArn", &args.caller_arn),
            ("ResourceOwner", &args.resource_owner),
            ("PolicySourceArn", &args.policy_source_arn),
        ];
        for (name, value) in texts {
            members.extend(value.as_ref().map(|value| (name, self.value(name, value))));
        }
        if let Some(value) = &args.resource_policy {
            members.extend(
                self.json("ResourcePolicy", value)
                    .map(|node| ("ResourcePolicy", node)),
            );
        }
        members
    }

    /// The texts of a value, which may also be a list in JSON.
    fn words(&mut self, name: &str, value: &str) -> Vec<Node> {
        match value.starts_with('[') || file_of(value).is_some() {
            true => self.items(name, value),
            false => vec![self.value(name, value)],
        }
    }

    /// A text that is the value of a flag, which must not be empty: a variable of the shell may have no value.
    fn value(&mut self, name: &str, value: &str) -> Node {
        if value.is_empty() {
            let message = format!("empty value for `{name}`");
            let problem = Problem::at(self.line, message);
            self.problems
                .push(problem.help("omit the flag, or check the shell variable"));
        }
        self.text(name, value)
    }

    /// A text with the name of its flag as its source.
    fn text(&mut self, name: &str, value: &str) -> Node {
        let end = u32::try_from(value.len()).unwrap_or(u32::MAX);
        let span = self
            .sources
            .add(name, value)
            .map(|file| Span::new(file, 0, end));
        Node::text(value, span.unwrap_or(self.line))
    }

    /// One value of a list: an object, a list of them, or an entry in shorthand.
    fn items(&mut self, name: &str, value: &str) -> Vec<Node> {
        let is_shorthand = SHORTHAND.contains(&name)
            && !value.trim_start().starts_with(['{', '['])
            && file_of(value).is_none();
        if is_shorthand {
            return vec![self.shorthand(name, value)];
        }
        match self.json(name, value) {
            Some(node) => node.each().to_vec(),
            None => Vec::new(),
        }
    }

    /// `ContextKeyName=…,ContextKeyValues=…,…,ContextKeyType=…`
    fn shorthand(&mut self, flag: &str, value: &str) -> Node {
        let mut members: Vec<(String, Node)> = Vec::new();
        let span = self.text(flag, value).span;
        let read = shorthand::members(value);
        if let Err(what) = read {
            let problem = Problem::at(span, format!("missing {what} in this shorthand"));
            self.problems.push(problem);
        }
        for (name, values) in read.unwrap_or_default() {
            let mut values: Vec<Node> = values.iter().map(|text| self.text(flag, text)).collect();
            let is_list = LISTS.contains(&name.as_str()) || values.len() > 1;
            let value = match is_list {
                true => Node::array(values, span),
                false => values.swap_remove(0),
            };
            members.push((name, value));
        }
        let members = members
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()));
        Node::object(members, span)
    }

    /// The JSON of a flag: the value itself, or the file that `file://` or a path leads to.
    fn json(&mut self, name: &str, value: &str) -> Option<Node> {
        self.document(name, value, json::read)
    }

    /// The YAML of a flag: the value itself, or the file that `file://` leads to.
    fn yaml(&mut self, name: &str, value: &str) -> Option<Node> {
        self.document(name, value, |file, text| {
            yaml::read(file, text, &yaml::without_tags)
        })
    }

    /// The document that is the value of a flag, or that the file has which it names.
    fn document(
        &mut self,
        name: &str,
        value: &str,
        read: impl Fn(FileId, &str) -> Documents,
    ) -> Option<Node> {
        let path = &*home_expanded(file_of(value).unwrap_or(value));
        let is_text = value.trim_start().starts_with(['{', '[']) || value.contains('\n');
        let (name, text) = match is_text {
            true => (name, Ok(value.to_owned())),
            false => (path, content::text_or_stdin(path)),
        };
        let text = text.map_err(|problem| self.problems.push(problem)).ok()?;
        let file = self.sources.add(name, &text).ok()?;
        let documents = read(file, &text);
        let broken = !documents.errors.is_empty();
        self.problems
            .extend(documents.errors.into_iter().map(Problem::from));
        let mut roots = documents.roots.into_iter();
        match (roots.next(), roots.next()) {
            (Some(root), None) if !broken => Some(root),
            _ if broken => None,
            _ => {
                let message = "expected one document";
                self.problems.push(Problem::of_path(name, message));
                None
            }
        }
    }
}

/// A path with the home folder of the user for `~`, which a shell does not see behind `file://`.
fn home_expanded(path: &str) -> Cow<'_, str> {
    let home = std::env::var("HOME");
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Ok(home)) => format!("{home}/{rest}").into(),
        _ => path.into(),
    }
}

/// The path of a value that names a file.
fn file_of(value: &str) -> Option<&str> {
    let schemes = ["file://", "fileb://"];
    schemes
        .into_iter()
        .find_map(|scheme| value.strip_prefix(scheme))
}
