//! The reader against the JSON reader, and its own promises: places, tags, aliases, clear mistakes.

use crate::syntax::test_rng::TestRng;

use super::*;
use crate::source::SourceMap;
use crate::syntax::{Key, Kind, Member, embed, json};

fn read_text(text: &str) -> Documents {
    let mut sources = SourceMap::default();
    let file = sources.add("test.yaml", text).unwrap();
    read(file, text, &without_tags)
}

fn root_of(text: &str) -> Node {
    let mut documents = read_text(text);
    assert_eq!(documents.errors, [], "{text}");
    documents.roots.remove(0)
}

fn written<'t>(node: &Node, text: &'t str) -> &'t str {
    slice(node.span, text)
}

fn slice(span: Span, text: &str) -> &str {
    text.get(span.range()).unwrap()
}

/// The value as JSON, with numbers as they were written.
fn shown(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::Text(text) => format!("{:?}", text.as_str().unwrap()),
        Kind::Array(items) => {
            let items: Vec<String> = items.iter().map(shown).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Object(members) => {
            let shown = |m: &Member| format!("{}: {}", m.key.text, shown(&m.value));
            let members: Vec<String> = members.iter().map(shown).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

impl TestRng {
    fn mutated(&mut self, seed: &str) -> String {
        let mut chars: Vec<char> = seed.chars().collect();
        for _ in 0..=self.roll(4) {
            let at = self.roll(chars.len());
            let other = chars[self.roll(chars.len())];
            match self.roll(3) {
                0 => chars[at] = other,
                1 => chars.insert(at, other),
                _ => {
                    chars.remove(at);
                }
            }
        }
        chars.into_iter().collect()
    }
}

const JSON: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"a\u0041\n","Effect":"Allow",
  "Action":["s3:Get*",null,true],"Resource":"arn:aws:s3:::b/*","n":[-1.5e3,0,12]}, {}]}"#;

#[test]
fn a_json_document_is_the_same_document_in_yaml() {
    fn same(one: &Node, other: &Node, text: &str) {
        assert_eq!((&one.kind, one.span), (&other.kind, other.span), "{text}");
        for (one, other) in one.items().iter().zip(other.items()) {
            same(one, other, text);
        }
        for (one, other) in one.members().iter().zip(other.members()) {
            assert_eq!(
                (&one.key, one.key.span),
                (&other.key, other.key.span),
                "{text}"
            );
            same(&one.value, &other.value, text);
        }
    }
    let mut dice = TestRng(7);
    let mut compared = 0;
    for _ in 0..60_000 {
        let text = dice.mutated(JSON);
        let mut sources = SourceMap::default();
        let file = sources.add("test", &text).unwrap();
        let json = json::read(file, &text);
        if !json.errors.is_empty() || json.roots.len() != 1 {
            continue;
        }
        let yaml = read(file, &text, &without_tags);
        assert_eq!(yaml.errors, [], "{text}");
        assert_eq!(yaml.roots.len(), 1, "{text}");
        same(&json.roots[0], &yaml.roots[0], &text);
        compared += 1;
    }
    assert!(compared > 1_000, "{compared}");
}

const YAML: &str = "# é\nA: &x !T\n- b: 'c''d'\n  e: \"f\\\"\n    g\"\n- {h: [1, ~], j: }\nK: >-\n  l\n\n  m\n\
    ? n\n: |+\n   o # p\n\n   q\n\nr:\n- - s\n  - t: *x\n---\nu: plain\n  text\n";

#[test]
fn every_place_lies_in_the_text_and_in_its_surroundings() {
    fn check(node: &Node, text: &str) {
        assert!(text.get(node.span.range()).is_some(), "{text}");
        let inside = |span: Span| assert!(node.span.contains(span), "{text}\n{node:?}");
        for item in node.items() {
            inside(item.span);
            check(item, text);
        }
        for member in node.members() {
            inside(member.key.span);
            inside(member.value.span);
            check(&member.value, text);
        }
    }
    let mut dice = TestRng(11);
    let mut accepted = 0;
    // An alias has the place of what it stands for.
    let seed = YAML.replace("*x", "y");
    for _ in 0..60_000 {
        let text = dice.mutated(&seed);
        let documents = read_text(&text);
        accepted += usize::from(documents.errors.is_empty());
        documents.roots.iter().for_each(|root| check(root, &text));
        for error in documents.errors {
            assert!(text.get(error.span.range()).is_some(), "{text}");
        }
    }
    assert!(accepted > 1_000, "{accepted}");
}

#[test]
fn all_documents_that_hold_something_are_read() {
    let documents = read_text("---\na: 1\n--- |\n x\n...\n---\n# nothing\n---\n[b]\n---\n");
    let shown: Vec<String> = documents.roots.iter().map(shown).collect();
    assert_eq!(shown, ["{a: 1}", "\"x\\n\"", "[\"b\"]"]);
    assert_eq!(read_text("# only a comment\n").roots.len(), 0);
    assert_eq!(read_text("\u{feff}a: b\r\n").roots.len(), 1);
}

#[test]
fn scalars_mean_what_they_mean_in_cloudformation() {
    let text =
        "[2012-10-17, 0123, 1_0, yes, 'yes', ~, , \"1\", Null, a b, !!str 12, !!int '7', ! no]";
    let expected =
        r#"["2012-10-17", 0123, 1_0, true, "yes", null, "1", null, "a b", "12", 7, "no"]"#;
    assert_eq!(shown(&root_of(&text.replace(", ,", ","))), expected);
    assert_eq!(
        shown(&root_of("1: a\nyes: b\n2012-10-17: c")),
        r#"{1: "a", yes: "b", 2012-10-17: "c"}"#
    );
    assert_eq!(
        shown(&root_of("a:\nb: ~\nc: ''\n")),
        r#"{a: null, b: null, c: ""}"#
    );
}

#[test]
fn duplicates_survive_and_the_last_one_counts() {
    let root = root_of("a: 1\nb: 2\na: 3\n");
    assert_eq!(root.members().len(), 3);
    assert_eq!(root.get("a").unwrap().kind, Kind::Number("3".into()));
}

#[test]
fn places_cover_what_is_written() {
    let text = "# c\nList:\n- a # c\n- 'b'\n\n# c\nMap:\n  x: \"y\"\n  empty:\nBlock: !T |-  # | c\n    one\n\n     two\n\nFolded: >+\n  z\n\n\nEnd: [ 1, { k: v } ]\n";
    let root = root_of(text);
    let at = |route: &[&str]| written(root.at(route).unwrap(), text);
    assert_eq!(at(&["List"]), "- a # c\n- 'b'");
    assert_eq!(written(&root.get("List").unwrap().items()[1], text), "'b'");
    assert_eq!(at(&["Map"]), "x: \"y\"\n  empty:");
    assert_eq!(at(&["Map", "x"]), "\"y\"");
    assert_eq!(at(&["Map", "empty"]), "");
    assert_eq!(at(&["Block"]), "|-  # | c\n    one\n\n     two");
    assert_eq!(at(&["Folded"]), ">+\n  z");
    assert_eq!(at(&["End"]), "[ 1, { k: v } ]");
    assert_eq!(root.span.range(), 4..text.len() - 1);
    assert_eq!(slice(root.members()[1].key.span, text), "Map");
}

/// What a caller makes of `!Name value`: an object whose key is the tag.
fn as_object(tag: Tag<'_>, value: Node) -> Node {
    let span = Span::new(
        tag.span.file,
        tag.span.start,
        value.span.end.max(tag.span.end),
    );
    let key = Key {
        text: tag.name.into(),
        span: tag.span,
    };
    Node::new(Kind::Object(vec![Member { key, value }].into()), span)
}

#[test]
fn a_local_tag_is_up_to_the_caller() {
    let text = "- !Ref 123\n- !Sub yes\n- !If [a, !Ref b, null]\n- !GetAtt\n  c: 1\n- !Empty\n- !!str 5\n- !<!Sub> x\n";
    let mut sources = SourceMap::default();
    let file = sources.add("test.yaml", text).unwrap();
    let root = read(file, text, &as_object).roots.remove(0);
    let expected = r#"[{Ref: "123"}, {Sub: "yes"}, {If: ["a", {Ref: "b"}, null]}, {GetAtt: {c: 1}}, {Empty: ""}, "5", {Sub: "x"}]"#;
    assert_eq!(shown(&root), expected);
    let member = &root.items()[2].members()[0];
    assert_eq!(slice(member.key.span, text), "!If");
    assert_eq!(written(&root.items()[2], text), "!If [a, !Ref b, null]");
    assert_eq!(written(&root.items()[3], text), "!GetAtt\n  c: 1");
}

#[test]
fn an_alias_has_the_value_and_the_place_of_its_anchor() {
    let text = "a: &x [1, &y b]\nc: *x\n*y : d\n";
    let root = root_of(text);
    assert_eq!(shown(&root), r#"{a: [1, "b"], c: [1, "b"], b: "d"}"#);
    assert_eq!(root.get("c").unwrap().span, root.get("a").unwrap().span);
    assert_eq!(slice(root.members()[2].key.span, text), "*y");
    assert_eq!(root.span.range(), 0..text.len() - 1);
}

#[test]
fn merge_keys_add_what_is_missing() {
    let text = "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\none: {<<: *b, x: 5}\ntwo:\n  <<: [*m, *b]\n  w: 6\n'<<': text\n";
    let root = root_of(text);
    assert_eq!(shown(root.get("one").unwrap()), "{y: 2, x: 5}");
    assert_eq!(shown(root.get("two").unwrap()), "{y: 3, z: 4, x: 1, w: 6}");
    assert_eq!(root.str("<<"), Some("text"));
}

#[test]
fn json_in_a_block_has_exact_places() {
    let text = "Policy: |\r\n  {\r\n    \"Action\": \"s3:\\u0047et\"\r\n  }\r\n";
    let mut sources = SourceMap::default();
    let file = sources.add("test.yaml", text).unwrap();
    let root = read(file, text, &without_tags).roots.remove(0);
    let embedded = embed(&mut sources, root.get("Policy").unwrap()).unwrap();
    let action = embedded.documents.roots[0].get("Action").unwrap();
    assert_eq!(action.as_str(), Some("s3:Get"));
    assert_eq!(
        sources.slice(sources.resolve(action.span)),
        "\"s3:\\u0047et\""
    );
    let place = sources.locate(action.span);
    assert_eq!((place.line, place.column), (3, 15));
}

#[test]
fn mistakes_are_named_at_their_place() {
    let cases = [
        (
            "a: *",
            "an alias or anchor (`*` or `&`) without a name",
            "*",
        ),
        (
            "a: [*]",
            "an alias or anchor (`*` or `&`) without a name",
            "*",
        ),
        (
            "a: *:x",
            "unknown alias: no anchor above has this name",
            "*",
        ),
        (
            "a: &",
            "an alias or anchor (`*` or `&`) without a name",
            "&",
        ),
        ("a: %x", "unexpected character `%`", "%"),
        ("a: @x", "unexpected character `@`", "@"),
        ("a: `x`", "unexpected character ```", "`"),
        (
            "a:\n\tb: 1",
            "a tab cannot be part of the indentation",
            "\t",
        ),
        ("a: 'b\n", "missing closing quote", "'"),
        ("a: 'it's'", "unexpected text after the closing quote", "s"),
        ("a: \"\\t\\q\"", "invalid YAML escape sequence", "\\"),
        ("a: b: c", "a second `: ` on one line", ":"),
        ("a:1\nb: 2", "a key is not allowed here", ":"),
        ("a: b\n  c: d", "a key is not allowed here", ":"),
        ("a:\n  b: 1\n  c\n  d: 2", "a key without a colon", "c"),
        (
            "a:\n  b: 1\n c: 2",
            "expected a key of the object above",
            "c",
        ),
        ("a: b\n- c", "expected a key of the object above", "c"),
        ("- a\nb: c", "expected `- ` of the list above", "b"),
        ("a: [b\n", "missing `]`", "["),
        (
            "a: {b: c\nd: e",
            "invalid YAML: while parsing a flow mapping, did not find expected ',' or '}'",
            ":",
        ),
        ("a: ]", "invalid YAML: misplaced bracket", "]"),
        ("a: [b] c", "unexpected text after the end of a value", "c"),
        ("a: {{b}}", "a key must be a string, not an object", "{b}"),
        ("~: a", "a key cannot be null", "~"),
        ("a: \u{1b}", "unexpected character `\\u{1b}`", "\u{1b}"),
        ("a: \"\0\"", "unexpected character `\\0`", "\0"),
        (
            "a: >= 1",
            "the content of a block string begins on the next line",
            ">",
        ),
        ("a: - b", "a list is not allowed here", "-"),
        ("<<: 5", "`<<` requires an object, not a number", "5"),
        (
            "!!int x",
            "`x` is not a valid value of type `!!int`",
            "!!int x",
        ),
        (
            "a: &x [*x]",
            "this alias refers to a value that contains it",
            "*x",
        ),
    ];
    for (text, message, place) in cases {
        let documents = read_text(text);
        assert!(documents.roots.is_empty(), "{text}");
        let error = &documents.errors[0];
        assert_eq!(
            (&*error.message, slice(error.span, text)),
            (message, place),
            "{text}"
        );
    }
}

#[test]
fn documents_before_a_mistake_are_kept() {
    let documents = read_text("a: 1\n---\nb: *\n---\nc: 3");
    assert_eq!((documents.roots.len(), documents.errors.len()), (1, 1));
}

#[test]
fn an_open_bracket_is_shown() {
    let error = read_text("a: {b: c\nd: e").errors.remove(0);
    assert_eq!(error.opened.map(|opened| opened.range()), Some(3..4));
}

#[test]
fn hostile_texts_end_in_a_mistake() {
    let nested: String = (0..5_000).map(|depth| " ".repeat(depth) + "a:\n").collect();
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(50_000),
        nested,
        "!a [".repeat(99) + &"]".repeat(99),
    ] {
        let error = read_text(&text).errors.remove(0);
        assert_eq!(error.message, "nested more than 128 levels deep");
    }
    let mut bomb = "a0: &a0 [x]\n".to_owned();
    let mut tower = "a0: &a0 [x]\n".to_owned();
    let mut merged = "a0: &a0 {x: 1}\n".to_owned();
    for at in 1..13 {
        let last = at - 1;
        bomb += &format!(
            "a{at}: &a{at} [{}]\n",
            vec![format!("*a{last}"); 9].join(", ")
        );
        tower += &format!(
            "a{at}: &a{at} {}*a{last}{}\n",
            "[".repeat(60),
            "]".repeat(60)
        );
        merged += &format!(
            "a{at}: &a{at} {{<<: [{}]}}\n",
            vec![format!("*a{last}"); 9].join(", ")
        );
    }
    let too_many = "YAML aliases expand to too many values";
    assert_eq!(read_text(&bomb).errors[0].message, too_many);
    assert_eq!(read_text(&merged).errors[0].message, too_many);
    assert_eq!(
        read_text(&tower).errors[0].message,
        "nested more than 128 levels deep"
    );
}
