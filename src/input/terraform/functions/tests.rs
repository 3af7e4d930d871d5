//! Functions against what Terraform answers, and with arguments that are not known.

use std::sync::Arc;

use super::values::{is_known, is_untyped, members, varies};
use super::{Context, Fault, Texts, call, json_text};
use crate::source::{FileId, Span};
use crate::syntax::{Accepts, Hole, Key, Kind, Member, Node, Piece, Text, TextPattern, json};

/// The answers of Terraform 1.11 to expressions.
const TABLE: &str = include_str!("../../../../tests/fixtures/terraform/functions.json");

struct Files;

impl Texts for Files {
    fn text(&self, path: &str) -> Option<(FileId, Arc<str>)> {
        let text = match path {
            "policy.json" => r#"{"Statement":[{"Effect":"Allow"}]}"#,
            "text.txt" => "text",
            _ => return None,
        };
        Some((FileId::NOWHERE, text.into()))
    }

    fn exists(&self, path: &str) -> Option<bool> {
        match path {
            "lambda.zip" => None,
            path => Some(self.text(path).is_some()),
        }
    }

    fn under(&self, folder: &str) -> Option<Vec<String>> {
        let files = ["b.json", "a.json", "a.txt", "in/c.json"];
        (folder == "policies").then(|| files.map(str::to_owned).to_vec())
    }
}

fn span() -> Span {
    Span::new(FileId::NOWHERE, 1, 2)
}

fn value(text: &str) -> Node {
    json::read(FileId::NOWHERE, text).roots.remove(0)
}

fn hole(id: &str) -> Node {
    Node::text(Text::hole(Hole::anything(id)), span())
}

fn run(name: &str, arguments: &[Node]) -> Result<Node, Fault> {
    let root = Arc::from("root");
    let cx = Context::new(&Files, &root);
    call(name, arguments, span(), &cx)
}

/// What a function answers, as its JSON, or as `<…>` where it is not known.
fn shown(name: &str, arguments: &[Node]) -> String {
    match run(name, arguments) {
        Ok(value) => shape(&value),
        Err(fault) => format!("{fault:?}"),
    }
}

/// A value as an expression has it, with holes in angle brackets; `…` after those that stand for several.
fn shape(node: &Node) -> String {
    match &node.kind {
        Kind::Text(text @ Text::Partial(_)) => {
            let varies = if text.holes().any(|hole| hole.varies) {
                "…"
            } else {
                ""
            };
            format!("{text}{varies}")
        }
        Kind::Array(items) => {
            let items: Vec<String> = items.iter().map(shape).collect();
            format!("[{}]", items.join(","))
        }
        Kind::Object(members) => {
            let members = members.iter();
            let members: Vec<String> = members
                .map(|member| format!("{}={}", member.key.text, shape(&member.value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        _ => written(node),
    }
}

fn written(node: &Node) -> String {
    json_text(node, usize::MAX, &"root".into())
        .unwrap()
        .to_string()
}

#[test]
fn functions_answer_as_terraform_does() {
    let mut differences = Vec::new();
    for row in value(TABLE).items() {
        let name = row.str("function").unwrap();
        let arguments = row.get("arguments").unwrap();
        let answer = run(name, arguments.items());
        let expected = row.get("result").map(written);
        let answered = match &answer {
            // Text that JSON encodes is the value itself.
            Ok(node) if name == "jsonencode" && !matches!(node.kind, Kind::Text(_)) => {
                Some(written(&Node::text(written(node), span())))
            }
            Ok(node) => Some(written(node)),
            Err(_) => None,
        };
        if answered != expected {
            let arguments = written(arguments);
            differences.push(format!(
                "{name}{arguments}: {answered:?} instead of {expected:?}, {answer:?}"
            ));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// A text of which something is known as a pattern.
fn pattern(text: &Text) -> String {
    let pieces = text.pieces().into_iter().map(|piece| match piece {
        Piece::Known(text) => TextPattern::escaped(&text),
        Piece::Hole(hole) => match hole.accepts {
            Accepts::Anything => "(?s:.*)",
            Accepts::Part => "[^:/]*",
            Accepts::Word => "[A-Za-z0-9-]+",
            Accepts::Segment | Accepts::Own => "[^:/]+",
        }
        .to_owned(),
    });
    format!("^(?:{})$", pieces.collect::<String>())
}

/// Whether a value that is known in part can be the known one.
fn admits(node: &Node, known: &Node) -> bool {
    match (&node.kind, &known.kind) {
        (Kind::Text(_), _) if is_untyped(node) => true,
        (Kind::Text(text), _) => {
            let known = known.scalar().unwrap_or_else(|| written(known));
            TextPattern::new(&pattern(text)).unwrap().matches(&known)
        }
        (Kind::Array(items), Kind::Array(known)) => admit_items(items, known),
        (Kind::Object(_), Kind::Object(_)) => {
            let (sure, open) = members(node);
            let (known, _) = members(known);
            let is_right = |(name, member): (&Arc<str>, &Member)| {
                let known = known.get(name);
                known.is_some_and(|known| admits(&member.value, &known.value))
            };
            let has_all = !open.is_empty() || known.keys().all(|name| sure.contains_key(name));
            sure.iter().all(is_right) && has_all
        }
        _ => written(node).trim_matches('"') == written(known).trim_matches('"'),
    }
}

fn admit_items(items: &[Node], known: &[Node]) -> bool {
    match items {
        [] => known.is_empty(),
        [first, rest @ ..] if varies(first) => {
            (0..=known.len()).any(|count| admit_items(rest, &known[count..]))
        }
        [first, rest @ ..] => known
            .split_first()
            .is_some_and(|(known, others)| admits(first, known) && admit_items(rest, others)),
    }
}

/// Whether each element that is surely in a set is in the known one, which has no others where nothing is unknown.
fn admits_set(items: &[Node], known: &[Node]) -> bool {
    let mut sure = items.iter().filter(|item| is_known(item));
    let is_open = items.iter().any(|item| !is_known(item));
    sure.all(|item| known.iter().any(|known| admits(item, known)))
        && (is_open || items.len() == known.len())
        && items.iter().filter(|item| !varies(item)).count() <= known.len()
}

/// What is known less of a value.
fn less_known(node: &Node) -> Vec<Node> {
    let mut all = vec![hole("var.x")];
    match &node.kind {
        Kind::Text(text) => {
            let text = text.as_str().unwrap();
            let of = |hole: Hole| Node::text(Text::hole(hole), span());
            if !text.is_empty() && !text.contains([':', '/']) {
                all.push(of(Hole::segment("name")));
                if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
                    all.push(of(Hole::word("word")));
                }
            }
            let middle = text.chars().count() / 2;
            let start: String = text.chars().take(middle).collect();
            let end: String = text.chars().skip(middle).collect();
            for (before, hole, after) in [
                (start.as_str(), "end", ""),
                ("", "start", end.as_str()),
                (start.as_str(), "nothing", end.as_str()),
            ] {
                all.push(Node::text(
                    Text::of([
                        Piece::Known(before.into()),
                        Piece::Hole(Hole::anything(hole)),
                        Piece::Known(after.into()),
                    ]),
                    span(),
                ));
            }
        }
        Kind::Array(items) => {
            for index in 0..items.len() {
                let mut items = items.to_vec();
                items[index] = hole("element");
                all.push(Node::array(items.clone(), span()));
                items[index] = Node::text(Text::hole(Hole::anything("several").varying()), span());
                all.push(Node::array(items, span()));
            }
            let mut open = items.to_vec();
            open.push(Node::text(
                Text::hole(Hole::anything("more").varying()),
                span(),
            ));
            all.push(Node::array(open, span()));
        }
        Kind::Object(members) => {
            for index in 0..members.len() {
                let mut members = members.to_vec();
                members[index].value = hole("value");
                all.push(Node::new(Kind::Object(members.into()), span()));
            }
            let mut open = members.to_vec();
            open.push(Member {
                key: Key {
                    text: "<more>".into(),
                    span: span(),
                },
                value: hole("more"),
            });
            all.push(Node::new(Kind::Object(open.into()), span()));
            for index in 0..members.len() {
                let mut members = members.to_vec();
                members[index].key.text = "<key>".into();
                members[index].value = hole("key");
                all.push(Node::new(Kind::Object(members.into()), span()));
            }
        }
        _ => {}
    }
    all
}

/// The functions in whose results the order of what is not known means nothing.
const OF_SETS: &[&str] = &[
    "distinct",
    "toset",
    "setunion",
    "setintersection",
    "setsubtract",
];

#[test]
fn what_is_known_of_a_result_holds_for_every_value_of_a_hole() {
    let mut wrong = Vec::new();
    for row in value(TABLE).items() {
        let name = row.str("function").unwrap();
        let Some(known) = row.get("result") else {
            continue;
        };
        let arguments = row.get("arguments").unwrap().items();
        for index in 0..arguments.len() {
            for less in less_known(&arguments[index]) {
                let mut arguments = arguments.to_vec();
                arguments[index] = less;
                let answer = run(name, &arguments);
                let is_right = match &answer {
                    Ok(node) if name == "jsonencode" && !matches!(node.kind, Kind::Text(_)) => {
                        admits(
                            &Node::text(
                                json_text(node, usize::MAX, &"root".into()).unwrap(),
                                span(),
                            ),
                            known,
                        )
                    }
                    Ok(node) if OF_SETS.contains(&name) && node.is_array() => {
                        admits_set(node.items(), known.items())
                    }
                    Ok(node) => admits(node, known),
                    Err(_) => false,
                };
                if !is_right {
                    let arguments: Vec<String> = arguments.iter().map(shape).collect();
                    let answer = answer.map(|node| shape(&node));
                    wrong.push(format!(
                        "{name}({}): {answer:?}, but {}",
                        arguments.join(", "),
                        shape(known)
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn texts_keep_what_is_known() {
    let name = Node::text(Text::hole(Hole::segment("name")), span());
    let arn = |hole: &Node| {
        let list = Node::array(
            vec![value("\"arn\""), value("\"aws\""), hole.clone()],
            span(),
        );
        run("join", &[value("\":\""), list]).unwrap()
    };
    assert_eq!(
        shown("join", &[value("\",\""), hole("var.x")]),
        "<join(\",\", var.x)>"
    );
    assert_eq!(shape(&arn(&hole("var.x"))), "arn:aws:<var.x>");
    assert_eq!(shown("upper", &[arn(&name)]), "ARN:AWS:<upper(name)>");
    let split = |hole: &Node| run("split", &[value("\":\""), arn(hole)]).unwrap();
    assert_eq!(shape(&split(&name)), "[\"arn\",\"aws\",<name>]");
    let open = split(&hole("var.x"));
    assert_eq!(open.items().len(), 4);
    assert_eq!(shown("element", &[open.clone(), value("1")]), "\"aws\"");
    assert!(shown("length", &[open]).starts_with('<'));
    assert_eq!(
        shown("replace", &[arn(&name), value("\":\""), value("\"/\"")]),
        "arn/aws/<name>"
    );
    assert_eq!(
        shown("trimprefix", &[arn(&name), value("\"arn:\"")]),
        "aws:<name>"
    );
    assert_eq!(
        shown("startswith", &[arn(&name), value("\"arn:aws:\"")]),
        "true"
    );
    assert_eq!(
        shown("startswith", &[arn(&name), value("\"arn:cn:\"")]),
        "false"
    );
    assert_eq!(
        shown("format", &[value("\"%s-%s\""), name, value("1")]),
        "<name>-1"
    );
}

#[test]
fn lists_and_objects_keep_what_is_known() {
    let list = value(r#"["a","b"]"#);
    assert_eq!(
        shown("concat", &[list.clone(), hole("var.x")]),
        "[\"a\",\"b\",<var.x[*]>…]"
    );
    assert_eq!(
        shown(
            "contains",
            &[
                Node::array(vec![hole("h"), value("\"a\"")], span()),
                value("\"a\"")
            ]
        ),
        "true"
    );
    assert_eq!(shown("contains", &[list.clone(), value("\"c\"")]), "false");
    assert_eq!(
        shown("length", &[Node::array(vec![hole("h"), hole("i")], span())]),
        "2"
    );
    let merged = [
        value(r#"{"a":1,"b":2}"#),
        hole("var.tags"),
        value(r#"{"b":3}"#),
    ];
    let merged = run("merge", &merged).unwrap();
    assert_eq!(shown("lookup", &[merged.clone(), value("\"b\"")]), "3");
    assert!(shown("lookup", &[merged.clone(), value("\"a\""), value("0")]).starts_with('<'));
    assert!(shown("lookup", &[merged, value("\"c\""), value("0")]).starts_with('<'));
    assert_eq!(
        shown("coalesce", &[value("null"), value("\"\""), value("\"a\"")]),
        "\"a\""
    );
    assert_eq!(
        shown("coalesce", &[hole("var.x"), value("\"a\"")]),
        "<coalesce(var.x, \"a\")>"
    );
    let own = |id: &str| Node::text(Text::hole(Hole::own(id)), span());
    let ids = Node::array(vec![own("a.id"), own("b.id"), own("a.id")], span());
    assert_eq!(shown("toset", &[ids]), "[<a.id>,<b.id>]");
}

#[test]
fn encoded_objects_stay_what_they_are() {
    let policy = Node::object(
        [("Action", value("\"*\"")), ("Resource", hole("var.arn"))],
        span(),
    );
    let encoded = run("jsonencode", std::slice::from_ref(&policy)).unwrap();
    assert_eq!(encoded, policy);
    assert_eq!(
        run("jsondecode", std::slice::from_ref(&encoded)).unwrap(),
        policy
    );
    assert_eq!(
        shown("format", &[value("\"[%s]\""), encoded]),
        "[{\"Action\":\"*\",\"Resource\":<jsonencode(var.arn)>}]"
    );
}

#[test]
fn files_are_read_with_their_places() {
    let policy = run("file", &[value("\"policy.json\"")]).unwrap();
    let decoded = run("jsondecode", &[policy]).unwrap();
    assert_eq!(decoded.get("Statement").unwrap().span.start, 13);
    let missing = run("file", &[value("\"none.json\"")]);
    assert_eq!(missing, Err(Fault::MissingFile("none.json".into())));
    assert_eq!(shown("fileexists", &[value("\"none.json\"")]), "false");
    let archive = [value("\"lambda.zip\"")];
    assert_eq!(
        shown("filebase64sha256", &archive),
        "<filebase64sha256(\"lambda.zip\")>"
    );
    assert_eq!(shown("file", &archive), "<file(\"lambda.zip\")>");
    let set = |pattern: &str| shown("fileset", &[value("\"policies\""), value(pattern)]);
    assert_eq!(set("\"*.json\""), "[\"a.json\",\"b.json\"]");
    assert_eq!(
        set("\"**/*.{json,txt}\""),
        "[\"a.json\",\"a.txt\",\"b.json\",\"in/c.json\"]"
    );
}

#[test]
fn what_differs_at_each_call_is_never_the_same() {
    let root = Arc::from("root");
    let cx = Context::new(&Files, &root);
    let made = || call("uuid", &[], span(), &cx).unwrap();
    assert_ne!(made(), made());
    let text = [value("\"a\""), hole("b")];
    assert_eq!(run("regex", &text), run("regex", &text));
    assert_ne!(
        run("regex", &text),
        run("regex", &[value("\"a\""), hole("c")])
    );
}

#[test]
fn what_cannot_be_called_says_why() {
    assert_eq!(
        run("jsonencod", &[]),
        Err(Fault::Unknown(Some("jsonencode")))
    );
    assert_eq!(
        run("templatefil", &[]),
        Err(Fault::Unknown(Some("templatefile")))
    );
    assert_eq!(shown("provider::other::f", &[]), "<provider::other::f()>");
    assert_eq!(shown("core::upper", &[value("\"a\"")]), "\"A\"");
    for (name, arguments, message) in [
        (
            "lookup",
            "[{}]",
            "`lookup` takes 2 to 3 arguments, but 1 given",
        ),
        (
            "keys",
            "[1]",
            "`keys` takes an object as argument 1, but a number given",
        ),
        (
            "join",
            "[\",\",[null]]",
            "`join` takes lists of strings, but an element is null",
        ),
        (
            "lookup",
            "[{},\"a\"]",
            "the object of `lookup` does not have the member `a`",
        ),
    ] {
        let fault = run(name, value(arguments).items());
        assert_eq!(fault, Err(Fault::Arguments(message.into())));
    }
}

#[test]
fn large_results_are_not_made() {
    let text = value(&format!("\"{}\"", "a".repeat(900_000)));
    let is_too_large =
        |name: &str, arguments: &[Node]| matches!(run(name, arguments), Err(Fault::TooLarge(_)));
    assert!(is_too_large(
        "join",
        &[
            value("\"\""),
            Node::array(vec![text.clone(); 5_000], span())
        ]
    ));
    assert!(is_too_large(
        "replace",
        &[text.clone(), value("\"a\""), text.clone()]
    ));
    assert!(is_too_large(
        "replace",
        &[text.clone(), value("\"/a/\""), text.clone()]
    ));
    assert!(is_too_large(
        "format",
        &[value("\"%s%s\""), text.clone(), text]
    ));
    assert!(is_too_large(
        "format",
        &[value("\"%99999999d\""), value("1")]
    ));
    let list = Node::array(vec![value("1"); 5_000], span());
    assert!(is_too_large(
        "concat",
        &[list.clone(), list.clone(), list.clone()]
    ));
    assert!(is_too_large("setproduct", &[list.clone(), list.clone()]));
    assert!(is_too_large(
        "flatten",
        &[Node::array(vec![list; 5_000], span())]
    ));
}

#[test]
fn arns_are_built_and_taken_apart() {
    let resource = Node::text(Text::hole(Hole::anything("var.name")), span());
    let parts = [
        value("\"aws\""),
        value("\"sqs\""),
        value("\"\""),
        value("\"1\""),
        resource,
    ];
    let arn = run("provider::aws::arn_build", &parts).unwrap();
    assert_eq!(shape(&arn), "arn:aws:sqs::1:<var.name>");
    let parsed = run("provider::aws::arn_parse", &[arn]).unwrap();
    assert_eq!(parsed.str("account_id"), Some("1"));
    assert_eq!(shape(parsed.get("resource").unwrap()), "<var.name>");
}
