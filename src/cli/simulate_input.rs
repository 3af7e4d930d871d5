//! The simulator's input, from flags in the form of the AWS CLI.

use super::args::Simulate;
use super::files;
use crate::diagnostics::Problem;
use crate::source::{SourceMap, Span};
use crate::syntax::{Kind, Member, Node, json};

/// The input of `--cli-input-json`, with the flags in place of its members; `None` where it cannot
/// be read, which is a problem.
pub(super) fn input(
    args: &Simulate,
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
    match &args.cli_input_json {
        None => Some(Node::object(members, given.line)),
        Some(whole) => Some(replaced(given.json("--cli-input-json", whole)?, members)),
    }
}

/// An object with some members in place of its own.
fn replaced(mut whole: Node, members: Vec<(&str, Node)>) -> Node {
    if let Kind::Object(known) = &mut whole.kind {
        let mut all: Vec<Member> = known.as_ref().clone();
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
    fn members(&mut self, args: &Simulate) -> Vec<(&'static str, Node)> {
        let flags = [
            ("PolicyInputList", &args.policy_input_list),
            (
                "PermissionsBoundaryPolicyInputList",
                &args.permissions_boundary_policy_input_list,
            ),
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
            members.extend(value.as_ref().map(|value| (name, self.text(name, value))));
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
        match value.starts_with('[') || value.starts_with("file://") {
            true => self.items(name, value),
            false => vec![self.text(name, value)],
        }
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
        let parts = parts(value);
        for part in &parts {
            let named = part
                .split_once('=')
                .filter(|(name, _)| name.starts_with("ContextKey"));
            let (name, text) = match (named, members.last()) {
                (Some((name, text)), _) => (name.trim(), text.trim()),
                (None, Some((name, _))) => (*name, part.as_str()),
                (None, None) => (part.as_str(), ""),
            };
            let node = self.text("ContextEntries", text);
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
                let message = "expected one JSON document";
                self.problems.push(Problem::of_path(name, message));
                None
            }
        }
    }
}

/// The parts of a shorthand between its commas, without quotes, brackets and escapes.
fn parts(value: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quote = None;
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        let Some(part) = parts.last_mut() else { break };
        match (c, quote) {
            ('\\', _) => part.extend(characters.next()),
            (c, Some(open)) if c == open => quote = None,
            (c, Some(_)) => part.push(c),
            ('\'' | '"', None) => quote = Some(c),
            (',', None) => parts.push(String::new()),
            ('[' | ']', None) => {}
            (' ', None) if part.is_empty() => {}
            (c, None) => part.push(c),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shorthand_is_split_as_the_aws_cli_does() {
        assert_eq!(parts("a=x, b='y,z',w"), ["a=x", "b=y,z", "w"]);
        assert_eq!(parts(r"a=[x,y],b=\,"), ["a=x", "y", "b=,"]);
    }
}
