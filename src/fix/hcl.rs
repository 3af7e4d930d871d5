//! Values and blocks as lines of HCL, in the form that `terraform fmt` gives them.

use crate::syntax::{Kind, Node};

/// Lists are not longer than that on one line.
const WIDTH: usize = 90;

/// A line of a body: an argument with its value, or a block.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    Argument(String, Node),
    Block(String, Vec<Item>),
    /// An empty line.
    Gap,
}

impl Item {
    pub(super) fn argument(name: &str, value: Node) -> Self {
        Item::Argument(name.to_owned(), value)
    }
}

/// A block with its header, such as `statement`.
pub(super) fn block(header: &str, items: &[Item], step: &str) -> Vec<String> {
    let mut lines = vec![format!("{header} {{")];
    lines.extend(indented(body(items, step), step));
    lines.push("}".to_owned());
    lines
}

/// The lines between the braces of a block.
pub(super) fn body(items: &[Item], step: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut run: Vec<(String, String)> = Vec::new();
    for item in items {
        match item {
            Item::Argument(name, value) => {
                argument(&mut lines, &mut run, name.clone(), self::value(value, step));
            }
            Item::Gap => {
                flush(&mut lines, &mut run);
                lines.push(String::new());
            }
            Item::Block(header, items) => {
                flush(&mut lines, &mut run);
                // Blocks are set apart from arguments.
                if !lines.is_empty() {
                    lines.push(String::new());
                }
                lines.extend(block(header, items, step));
            }
        }
    }
    flush(&mut lines, &mut run);
    lines
}

/// Adds an argument: those on one line that follow each other are aligned.
fn argument(
    lines: &mut Vec<String>,
    run: &mut Vec<(String, String)>,
    name: String,
    mut value: Vec<String>,
) {
    match value.len() {
        1 => run.push((name, value.remove(0))),
        _ => {
            flush(lines, run);
            let mut value = value.into_iter();
            lines.extend(value.next().map(|first| format!("{name} = {first}")));
            lines.extend(value);
        }
    }
}

fn flush(lines: &mut Vec<String>, run: &mut Vec<(String, String)>) {
    let width = run.iter().map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or(0);
    let aligned = run.drain(..);
    lines.extend(aligned.map(|(name, value)| format!("{name:<width$} = {value}")));
}

/// Lines one level deeper.
pub(super) fn indented(lines: Vec<String>, step: &str) -> Vec<String> {
    let indented = lines.into_iter().map(|line| match line.as_str() {
        "" => line,
        _ => format!("{step}{line}"),
    });
    indented.collect()
}

/// A value as lines; its texts are templates in which references stand between `${` and `}`.
pub(super) fn value(node: &Node, step: &str) -> Vec<String> {
    match &node.kind {
        Kind::Object(members) if !members.is_empty() => {
            let (mut lines, mut run) = (Vec::new(), Vec::new());
            for member in members.iter() {
                let name = key(&member.key.text);
                argument(&mut lines, &mut run, name, value(&member.value, step));
            }
            flush(&mut lines, &mut run);
            wrapped("{", indented(lines, step), "}")
        }
        Kind::Array(items) => {
            let parts: Vec<Vec<String>> = items.iter().map(|item| value(item, step)).collect();
            let line = format!("[{}]", parts.concat().join(", "));
            if parts.iter().all(|part| part.len() == 1) && line.len() <= WIDTH {
                return vec![line];
            }
            let with_commas = parts.into_iter().flat_map(|mut part| {
                if let Some(last) = part.last_mut() {
                    last.push(',');
                }
                part
            });
            wrapped("[", indented(with_commas.collect(), step), "]")
        }
        Kind::Object(_) => vec!["{}".to_owned()],
        Kind::Text(_) => vec![text(node.as_str().unwrap_or_default())],
        Kind::Null => vec!["null".to_owned()],
        Kind::Bool(value) => vec![value.to_string()],
        Kind::Number(number) => vec![number.to_string()],
    }
}

fn wrapped(open: &str, lines: Vec<String>, close: &str) -> Vec<String> {
    let lines = std::iter::once(open.to_owned()).chain(lines);
    lines.chain(std::iter::once(close.to_owned())).collect()
}

/// A key of an object: only names stand without quotes.
fn key(name: &str) -> String {
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.starts_with(|c: char| c.is_ascii_alphabetic());
    match is_name {
        true => name.to_owned(),
        false => text(name),
    }
}

/// A template as it is written: a reference alone, or a text between quotes.
pub(super) fn text(template: &str) -> String {
    if let Some(reference) = only_reference(template) {
        return reference.to_owned();
    }
    let mut written = String::from("\"");
    let mut rest = template;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("${") && !written.ends_with('$') {
            let end = rest.find('}').map_or(rest.len(), |end| end + 1);
            let (reference, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            written.push_str(reference);
            rest = after;
            continue;
        }
        match c {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            c if c.is_control() => written.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => written.push(c),
        }
        rest = rest.get(c.len_utf8()..).unwrap_or("");
    }
    written.push('"');
    written
}

/// The reference that a template is, if it is nothing else.
fn only_reference(template: &str) -> Option<&str> {
    let inside = template.strip_prefix("${")?.strip_suffix('}')?;
    (!inside.contains(['{', '}'])).then_some(inside)
}

/// A known text as a part of a template.
pub(super) fn escaped(known: &str) -> String {
    known.replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax::json;

    fn read(text: &str) -> Node {
        json::read(FileId::NOWHERE, text).roots.remove(0)
    }

    #[test]
    fn arguments_that_follow_each_other_are_aligned() {
        let statement = read(
            r#"{"Effect": "Allow", "Action": ["a:B", "a:C"], "Resource": "${aws_x.y.arn}",
               "Condition": {"StringEquals": {"aws:b": "c"}}}"#,
        );
        let expected = r#"{
  Effect   = "Allow"
  Action   = ["a:B", "a:C"]
  Resource = aws_x.y.arn
  Condition = {
    StringEquals = {
      "aws:b" = "c"
    }
  }
}"#;
        assert_eq!(value(&statement, "  ").join("\n"), expected);
    }

    #[test]
    fn texts_cannot_leave_their_quotes() {
        assert_eq!(text("a\"b\\c\nd"), r#""a\"b\\c\nd""#);
        assert_eq!(text("${aws_x.y.arn}/*"), "\"${aws_x.y.arn}/*\"");
        assert_eq!(
            text("${aws_x.y[\"k\"].arn}/*"),
            "\"${aws_x.y[\"k\"].arn}/*\""
        );
        assert_eq!(text(&escaped("${aws:username}")), "\"$${aws:username}\"");
        assert_eq!(text(&escaped("a${b\"}")), "\"a$${b\\\"}\"");
    }

    #[test]
    fn blocks_are_set_apart() {
        let items = [
            Item::argument("actions", read(r#"["a:B"]"#)),
            Item::Block(
                "principals".to_owned(),
                vec![
                    Item::argument("type", read(r#""Service""#)),
                    Item::argument("identifiers", read(r#"["x"]"#)),
                ],
            ),
        ];
        let expected = "statement {\n  actions = [\"a:B\"]\n\n  principals {\n    type        = \"Service\"\n    \
                        identifiers = [\"x\"]\n  }\n}";
        assert_eq!(block("statement", &items, "  ").join("\n"), expected);
    }
}
