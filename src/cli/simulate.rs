//! `simulate` and `can`.

use std::path::Path;

use super::args::{AnswerFormat, Can, Simulate};
use super::{files, output, rules};
use crate::catalogue::Catalogue;
use crate::document::{Kind, Member, Node, json};
use crate::finding::{Problem, Ruling};
use crate::lower::{Hints, lower};
use crate::model::Inventory;
use crate::report;
use crate::simulate::{Question, can, simulate};
use crate::source::{SourceMap, Span};

/// Answers as the policy simulator does; gives the exit status.
pub(super) fn run(args: &Simulate) -> u8 {
    let mut sources = SourceMap::default();
    let mut problems = Vec::new();
    let inventory = inventory(&args.paths, &mut sources, &mut problems);
    let Ok(line) = sources.add("command line", "simulate") else {
        return 2;
    };
    let input = Given {
        sources: &mut sources,
        line: Span::new(line, 0, 0),
        problems: &mut problems,
    }
    .input(args);
    let answers = match problems.is_empty() {
        true => simulate(&mut sources, &input, &inventory, &mut problems),
        false => Vec::new(),
    };
    if !problems.is_empty() {
        return rules::failed(&sources, &problems);
    }
    let text = match args.format {
        AnswerFormat::Json => report::simulation(&sources, &answers),
        AnswerFormat::Human => report::answers(&sources, &answers, output::look_at(args.color)),
    };
    let _read = output::print(&text);
    0
}

/// Answers one question; gives the exit status: 0 allowed, 1 not allowed or not known.
pub(super) fn can_run(args: &Can) -> u8 {
    let mut sources = SourceMap::default();
    let mut problems = Vec::new();
    let (resource, paths) = resource_and_paths(args);
    let inventory = inventory(&paths, &mut sources, &mut problems);
    let question = Question {
        who: &args.who,
        action: &args.action,
        resource,
        context: &args.context,
    };
    let answer = match problems.is_empty() {
        true => can(&inventory, &question, &mut problems),
        false => None,
    };
    let Some(answer) = answer else {
        return rules::failed(&sources, &problems);
    };
    let decision = answer.decision;
    let answers = [answer];
    let text = match args.format {
        AnswerFormat::Json => report::simulation(&sources, &answers),
        AnswerFormat::Human => report::answers(&sources, &answers, output::look_at(args.color)),
    };
    let _read = output::print(&text);
    u8::from(decision != Ruling::Allowed)
}

/// The first argument behind the action is the resource, unless it is a file or folder.
fn resource_and_paths(args: &Can) -> (Option<&str>, Vec<String>) {
    match args.rest.split_first() {
        Some((first, paths)) if !Path::new(first).exists() && first != "-" => {
            (Some(first), paths.to_vec())
        }
        _ => (None, args.rest.clone()),
    }
}

fn inventory(paths: &[String], sources: &mut SourceMap, problems: &mut Vec<Problem>) -> Inventory {
    let (catalogue, mistakes) = Catalogue::builtin(sources);
    problems.extend(mistakes);
    let files = files::read(paths, false, sources);
    problems.extend(files.problems);
    let lowered = lower(sources, &files.inputs, &Hints::default(), &catalogue);
    problems.extend(lowered.problems);
    lowered.inventory
}

/// Turns flags and files into the simulator's input.
struct Given<'s> {
    sources: &'s mut SourceMap,
    /// The place of what stands nowhere.
    line: Span,
    problems: &'s mut Vec<Problem>,
}

impl Given<'_> {
    /// The input of `--cli-input-json`, with the flags in place of its members.
    fn input(&mut self, args: &Simulate) -> Node {
        let whole = args.cli_input_json.as_ref();
        let whole = whole.and_then(|value| self.json("--cli-input-json", value));
        let flags = [
            ("PolicyInputList", &args.policy_input_list),
            (
                "PermissionsBoundaryPolicyInputList",
                &args.permissions_boundary_policy_input_list,
            ),
            ("ContextEntries", &args.context_entries),
        ];
        let mut members: Vec<(&str, Node)> = Vec::new();
        for (name, values) in flags.into_iter().filter(|(_, values)| !values.is_empty()) {
            let items = values.iter().flat_map(|value| self.items(name, value));
            members.push((name, Node::array(items.collect(), self.line)));
        }
        let lists = [
            ("ActionNames", &args.action_names),
            ("ResourceArns", &args.resource_arns),
        ];
        for (name, values) in lists.into_iter().filter(|(_, values)| !values.is_empty()) {
            let items = values.iter().map(|value| self.text(name, value));
            members.push((name, Node::array(items.collect(), self.line)));
        }
        let texts = [
            ("CallerArn", &args.caller_arn),
            ("ResourceOwner", &args.resource_owner),
            ("PolicySourceArn", &args.policy_source_arn),
        ];
        for (name, value) in texts {
            members.extend(value.as_ref().map(|value| (name, self.text(name, value))));
        }
        if let Some(value) = &args.resource_policy {
            members.extend(
                self.json("ResourcePolicy", value)
                    .map(|node| ("ResourcePolicy", node)),
            );
        }
        let Some(mut whole) = whole else {
            return Node::object(members, self.line);
        };
        if let Kind::Object(known) = &mut whole.kind {
            let mut all: Vec<Member> = known.as_ref().clone();
            for (name, value) in members {
                all.retain(|member| &*member.key.text != name);
                all.extend_from_slice(Node::object([(name, value)], whole.span).members());
            }
            whole.kind = Kind::Object(all.into());
        }
        whole
    }

    /// A text that stands under the name of its flag.
    fn text(&mut self, name: &str, value: &str) -> Node {
        let end = u32::try_from(value.len()).unwrap_or(u32::MAX);
        let span = self
            .sources
            .add(name, value)
            .map(|file| Span::new(file, 0, end));
        Node::text(value, span.unwrap_or(self.line))
    }

    /// One value of a list: an object, a list of them, or a context entry in shorthand.
    fn items(&mut self, name: &str, value: &str) -> Vec<Node> {
        if name == "ContextEntries"
            && !value.starts_with(['{', '['])
            && !value.starts_with("file://")
        {
            return vec![self.shorthand(value)];
        }
        match self.json(name, value) {
            Some(node) => node.each().to_vec(),
            None => Vec::new(),
        }
    }

    /// `ContextKeyName=…,ContextKeyValues=…,…,ContextKeyType=…`
    ///
    /// <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html>
    fn shorthand(&mut self, value: &str) -> Node {
        let mut members: Vec<(&str, Vec<Node>)> = Vec::new();
        for part in value.split(',') {
            let named = part
                .split_once('=')
                .filter(|(name, _)| name.starts_with("ContextKey"));
            let (name, text) = match (named, members.last()) {
                (Some((name, text)), _) => (name, text),
                (None, Some((name, _))) => (*name, part),
                (None, None) => (part, ""),
            };
            let node = self.text("ContextEntries", text.trim_matches(['\'', '"']));
            match members.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(node),
                None => members.push((name, vec![node])),
            }
        }
        let span = self.text("ContextEntries", value).span;
        let members = members.into_iter().map(|(name, mut values)| match name {
            "ContextKeyValues" => (name, Node::array(values, span)),
            _ => (name, values.swap_remove(0)),
        });
        Node::object(members, span)
    }

    /// The JSON of a flag: the value itself, or the file that `file://` or a path leads to.
    fn json(&mut self, name: &str, value: &str) -> Option<Node> {
        let path = value.strip_prefix("file://").unwrap_or(value);
        let (name, text) = match value.trim_start().starts_with(['{', '[']) {
            true => (name, Ok(value.to_owned())),
            false => (path, files::text_or_stdin(path)),
        };
        let text = text.map_err(|problem| self.problems.push(problem)).ok()?;
        let file = self.sources.add(name, &text).ok()?;
        let documents = json::read(file, &text);
        let broken = !documents.errors.is_empty();
        self.problems
            .extend(documents.errors.into_iter().map(Problem::from));
        let mut roots = documents.roots.into_iter();
        match (roots.next(), roots.next()) {
            (Some(root), None) if !broken => Some(root),
            _ if broken => None,
            _ => {
                let message = "this must hold one JSON document";
                self.problems.push(Problem::of_path(name, message));
                None
            }
        }
    }
}
