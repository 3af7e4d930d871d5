//! YAML: blocks, and what stands within brackets.

use super::{Style, WIDTH, indented, is_scalar, json};
use crate::syntax::yaml::is_text;
use crate::syntax::{Kind, Node};

/// A value as the lines of a block, the first of which follows a key or a dash.
pub(super) fn block(style: &Style, node: &Node) -> Vec<String> {
    if let Some((tag, argument)) = (style.short)(node) {
        let mut lines = block(style, &argument);
        match lines.as_mut_slice() {
            [only] if is_scalar(&argument) || only.starts_with('[') => {
                *only = format!("!{tag} {only}")
            }
            _ => lines.insert(0, format!("!{tag}")),
        }
        return lines;
    }
    let whole = in_brackets(style, node);
    let is_of_scalars = node.items().iter().all(is_scalar);
    let fits = is_scalar(node) || style.is_compact && is_of_scalars && whole.len() <= WIDTH;
    match &node.kind {
        Kind::Array(items) if !fits => items.iter().flat_map(|i| item(block(style, i))).collect(),
        Kind::Object(members) if !members.is_empty() => {
            let members = members.iter();
            let lines = members.flat_map(|m| member(style, &m.key.text, &m.value));
            lines.collect()
        }
        Kind::Text(known) => vec![text(style, &known.to_string(), false)],
        _ => vec![whole],
    }
}

/// The lines of an element with its dash.
pub(super) fn item(lines: Vec<String>) -> Vec<String> {
    // A tag alone on its line stands before what it is of.
    let mut lines: Vec<String> = indented(lines, "  ").collect();
    if let Some(first) = lines.first_mut() {
        *first = format!("- {first}");
    }
    lines
}

/// A member, with its value on the line of the key or on those below.
pub(super) fn member(style: &Style, name: &str, value: &Node) -> Vec<String> {
    let key = key(style, name);
    let lines = block(style, value);
    let (argument, tag) = match (style.short)(value) {
        Some((tag, argument)) => (argument, Some(tag)),
        None => (value.clone(), None),
    };
    let is_inline = matches!(lines.as_slice(), [only] if is_scalar(&argument) || only.contains('['))
        && !argument.is_object();
    if is_inline || is_scalar(&argument) {
        let line = lines.first().map_or("", String::as_str);
        return vec![format!("{key}: {line}")];
    }
    let is_list = argument.is_array();
    let by = match is_list && !style.indents_lists {
        true => "",
        false => &style.indent,
    };
    let skipped = usize::from(tag.is_some());
    let head = match tag {
        Some(tag) => format!("{key}: !{tag}"),
        None => format!("{key}:"),
    };
    let rest = lines.into_iter().skip(skipped);
    let rest = rest.map(|line| format!("{by}{line}"));
    std::iter::once(head).chain(rest).collect()
}

/// A value within brackets.
pub(super) fn in_brackets(style: &Style, node: &Node) -> String {
    if let Some((tag, argument)) = (style.short)(node) {
        return format!("!{tag} {}", in_brackets(style, &argument));
    }
    match &node.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::Text(known) => text(style, &known.to_string(), true),
        Kind::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| in_brackets(style, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Object(members) if members.is_empty() => "{}".to_owned(),
        Kind::Object(members) => {
            let members = members.iter().map(|member| {
                let value = in_brackets(style, &member.value);
                format!("{}: {value}", key(style, &member.key.text))
            });
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

pub(super) fn key(style: &Style, name: &str) -> String {
    text(style, name, true)
}

/// A text, in quotes where it would be read as something else.
pub(super) fn text(style: &Style, text: &str, in_brackets: bool) -> String {
    if is_plain(text, in_brackets) {
        return text.to_owned();
    }
    let has_escapes = text.contains(|c: char| c.is_control() || c == '\'');
    match style.quote {
        '\'' if !has_escapes => format!("'{text}'"),
        _ => json::text(text),
    }
}

/// Whether every reader of YAML takes the plain characters for this text.
fn is_plain(text: &str, in_brackets: bool) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_');
    let is_fine = |c: char| match c {
        ' ' | ':' | '#' | '-' | '_' | '.' | '/' | '*' | '+' | '=' | '@' | '(' | ')' | ';' => true,
        '$' | '{' | '}' | ',' | '[' | ']' => !in_brackets,
        _ => c.is_ascii_alphanumeric(),
    };
    let is_word = matches!(text.to_ascii_lowercase().as_str(), "y" | "n");
    starts
        && is_text(text)
        && !is_word
        && text.chars().all(is_fine)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && !(in_brackets && text.contains(":,"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, SourceMap};
    use crate::syntax::{json, yaml};

    fn short(node: &Node) -> Option<(String, Node)> {
        let [only] = node.members() else { return None };
        let tag = only.key.text.strip_prefix("Fn::")?;
        Some((tag.to_owned(), only.value.clone()))
    }

    fn style() -> Style {
        Style {
            is_json: false,
            short,
            ..Style::default()
        }
    }

    fn read(text: &str) -> Node {
        json::read(FileId::NOWHERE, text).roots.remove(0)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let long = r#"{"Fn::If": ["A", {"Fn::Sub": "${A}"}, {"Ref": "AWS::NoValue"}]}"#;
        let text = format!(
            r#"{{"Statement": [{{"Effect": "Allow", "Action": ["sqs:SendMessage", "s3:*"],
            "Resource": {{"Fn::GetAtt": "Q.Arn"}}, "Condition": {{"Bool": {{"aws:x": "true"}}}}}}, {long}],
            "Version": "2012-10-17", "yes": "no", "n": ["*", "", "a: b", "a #b", "0", "1e3", "it's \"x\"\n"],
            "empty": [{{}}, []], "nested": [["a", ["b"]], {{"c": [{{"d": 1}}]}}], "null": null, "t": true}}"#
        );
        let node = read(&text);
        let unshort = |tag: yaml::Tag<'_>, value: Node| {
            let name = format!("Fn::{}", tag.name);
            Node::object([(name.as_str(), value.clone())], value.span)
        };
        for indents_lists in [true, false] {
            for is_compact in [true, false] {
                for quote in ['"', '\''] {
                    let style = Style {
                        indents_lists,
                        is_compact,
                        quote,
                        ..style()
                    };
                    for in_brackets in [true, false] {
                        let written = style.lines(&node, in_brackets).join("\n");
                        let file = SourceMap::default().add("x", &written).unwrap();
                        let again = yaml::read(file, &written, &unshort);
                        assert_eq!(again.errors, []);
                        assert_eq!(again.roots.first(), Some(&node), "{written}");
                    }
                    let json = Style {
                        is_json: true,
                        ..style
                    }
                    .lines(&node, false)
                    .join("\n");
                    assert_eq!(read(&json), node);
                }
            }
        }
    }

    #[test]
    fn a_statement_reads_as_people_write_it() {
        let node = read(
            r#"[{"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:GetQueueUrl"],
            "Resource": {"Fn::GetAtt": "Queue.Arn"}}]"#,
        );
        let lines = style().member("Statement", &node, false);
        assert_eq!(
            lines.join("\n"),
            "Statement:\n  - Effect: Allow\n    Action: [\"sqs:SendMessage\", \"sqs:GetQueueUrl\"]\n    Resource: !GetAtt Queue.Arn"
                .replace('"', "")
        );
    }
}
