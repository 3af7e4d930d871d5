use super::*;
use crate::syntax::hcl::{Expression, ExpressionKind, Part};

fn read(text: &str) -> Body {
    body(FileId::NOWHERE, text).content.unwrap()
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.range()).unwrap()
}

#[test]
fn everything_has_its_place() {
    let text = "resource \"aws_x\" \"y\" {\n  name = \"a-${var.b}\"\n  tags = { A = [1, \"two\"] }\n  statement {\n    sid = \"é\"\n  }\n}\n";
    let body = read(text);
    let block = &body.blocks[0];
    assert_eq!(slice(text, block.span), text.trim_end());
    assert_eq!(slice(text, block.labels[1].span), "\"y\"");
    let name = &block.body.attributes[0];
    assert_eq!(slice(text, name.name_span), "name");
    assert_eq!(slice(text, name.value.span), "\"a-${var.b}\"");
    let ExpressionKind::Template(parts) = &name.value.kind else {
        panic!()
    };
    let Part::Known(known, at) = &parts[0] else {
        panic!()
    };
    assert_eq!((&**known, slice(text, *at)), ("a-", "a-"));
    let Part::Value(value) = &parts[1] else {
        panic!()
    };
    assert_eq!(slice(text, value.span), "var.b");
    let ExpressionKind::Object(members) = &block.body.attributes[1].value.kind else {
        panic!()
    };
    let ExpressionKind::List(items) = &members[0].1.kind else {
        panic!()
    };
    assert_eq!(slice(text, items[1].span), "\"two\"");
    let inner = &block.body.blocks[0];
    assert_eq!(
        slice(text, inner.body.attribute("sid").unwrap().span),
        "\"é\""
    );
}

fn known(expression: &Expression) -> String {
    let ExpressionKind::Template(parts) = &expression.kind else {
        return expression.as_str().unwrap().to_owned();
    };
    let shown = parts.iter().map(|part| match part {
        Part::Known(text, _) => text.to_string(),
        _ => "?".to_owned(),
    });
    shown.collect()
}

#[test]
fn heredocs_lose_their_indentation() {
    let text = "a = <<-EOF\n    {\n      \"b\": \"${c}\"\n    }\n    EOF\n";
    let body = read(text);
    let value = body.attribute("a").unwrap();
    assert_eq!(known(value), "{\n  \"b\": \"?\"\n}\n");
    let ExpressionKind::Template(parts) = &value.kind else {
        panic!()
    };
    for part in parts {
        if let Part::Known(written, at) = part {
            assert_eq!(slice(text, *at), &**written);
        }
    }
}

#[test]
fn marks_strip_white_space() {
    let body = read("a = <<EOF\nx %{ if b ~}\n  y\n%{ endif ~}\nz\nEOF\n");
    assert_eq!(known(body.attribute("a").unwrap()), "x ?z\n");
}

#[test]
fn a_mistake_has_a_place() {
    let error = body(FileId::NOWHERE, "a = [1,\n}\n").error.unwrap();
    assert!(
        error.message.starts_with("invalid HCL: "),
        "{}",
        error.message
    );
    assert!(error.span.start >= 7);
}

#[test]
fn escape_sequences_have_places() {
    let text = r#"a = "{\"b\": \"$${c}${d}\"}""#;
    let body = read(text);
    let value = body.attribute("a").unwrap();
    assert_eq!(known(value), r#"{"b": "${c}?"}"#);
}

#[test]
fn an_object_can_have_a_key_twice() {
    let text = "a = {\n  b = 1\n  \"c\" = 2\n  b = 3\n  \"c\" = 4\n  b = 5\n}\n";
    let body = read(text);
    let ExpressionKind::Object(members) = &body.attribute("a").unwrap().kind else {
        panic!()
    };
    let keys: Vec<&str> = members
        .iter()
        .map(|(key, _)| key.as_str().unwrap())
        .collect();
    assert_eq!(keys, ["b", "c", "b", "c", "b"]);
}
