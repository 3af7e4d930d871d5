//! Patterns, ARNs, conditions and decisions.

use lint_lambda::unstable::iam::{
    Arn, Caller, Context, Decision, Identity, Pattern, Policies, PolicyDocument, PolicySet,
    Request, Style, Truth, authorize as decide,
};
use lint_lambda::unstable::model::Inventory;
use lint_lambda::unstable::simulate::simulate as simulated;
use lint_lambda::unstable::source::SourceMap;
use lint_lambda::unstable::syntax::{Hole, Node, Piece, Text, json};

use super::known::KNOWN;

/// A pattern and a value, a line each: what matches is what the simplest matcher says. In a resource, where
/// wildcards can stay in their segment, what matches is at most that. With a part of the value unknown, the
/// answer does not contradict the one for the known value.
pub(super) fn pattern(bytes: &[u8]) {
    let mut lines = super::text(bytes).lines();
    let (pattern, value) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
    if pattern.len() > 200 || value.len() > 200 {
        return;
    }
    let (written, known) = (Text::from(pattern), Text::from(value));
    let context = Context::default();
    let of_action = Pattern::new(&written, Style::ACTION).matches(&known, &context);
    let expected = simplest(&folded(pattern), &folded(value));
    assert_eq!(of_action == Truth::Yes, expected);
    let simple = simplest(&letters(pattern), &letters(value));
    let of_resource = Pattern::new(&written, Style::resource(false)).matches(&known, &context);
    assert!(of_resource != Truth::Yes || simple, "{pattern} {value}");
    for variables in [false, true] {
        let compiled = Pattern::new(&written, Style::resource(variables));
        let of_known = compiled.matches(&known, &context);
        let of_open = compiled.matches(&open(value), &context);
        assert!(
            of_open == Truth::Unknown || of_open == of_known || of_known == Truth::Unknown,
            "{of_open:?} {of_known:?}"
        );
    }
    let _arns = (Arn::parse(&written), Arn::parse(&open(value)));
}

fn letters(text: &str) -> Vec<char> {
    text.chars().collect()
}

fn folded(text: &str) -> Vec<char> {
    letters(&text.to_lowercase())
}

/// `*` is anything and `?` any one, in a table of all beginnings.
fn simplest(pattern: &[char], value: &[char]) -> bool {
    let mut row = vec![false; value.len() + 1];
    row[0] = true;
    for token in pattern {
        let mut next = vec![false; value.len() + 1];
        next[0] = row[0] && *token == '*';
        for (at, letter) in value.iter().enumerate() {
            next[at + 1] = match token {
                '*' => row[at + 1] || next[at],
                '?' => row[at],
                known => row[at] && known == letter,
            };
        }
        row = next;
    }
    row[value.len()]
}

/// The value with its middle unknown.
fn open(value: &str) -> Text {
    let third = |part: usize| {
        let at = value.char_indices().nth(value.chars().count() * part / 3);
        at.map_or(value.len(), |(at, _)| at)
    };
    let (start, end) = (third(1), third(2));
    Text::of([
        Piece::Known(value[..start].into()),
        Piece::Hole(Hole::anything("middle")),
        Piece::Known(value[end..].into()),
    ])
}

/// A request and policies in JSON, such as `{"caller": ARN, "action": …, "resource": …, "context": {…}, "identity":
/// DOCUMENT, "resource-policy": DOCUMENT}`. A Deny of everything denies, and what is allowed is allowed by something.
pub(super) fn authorize(bytes: &[u8]) {
    let text = super::text(bytes);
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("in.json", text) else {
        return;
    };
    for root in json::read(file, text).roots {
        decided(&root);
    }
}

fn decided(root: &Node) {
    let name = |name: &str| Text::from(root.str(name).unwrap_or("*"));
    let caller = Identity::of_arn(root.str("caller").unwrap_or(""));
    let caller = caller.map(|identity| Caller::Aws(Box::new(identity)));
    let mut context = Context::complete();
    for member in root.get("context").map_or(&[][..], Node::members) {
        let values = member.value.each().iter().filter_map(Node::as_text);
        context.set(&member.key.text, values.cloned().collect());
    }
    if let Some(Caller::Aws(identity)) = &caller {
        identity.state_keys(&mut context);
    }
    let request = Request::new(caller, name("action"), name("resource"), &context);
    let read = |name| root.get(name).map(PolicyDocument::read);
    let (identity, resource) = (read("identity"), read("resource-policy"));
    let deny = PolicyDocument::read(&everything_denied());
    let of = |more: Option<&PolicyDocument>| {
        let policies = Policies {
            identity: set(identity.iter().chain(more)),
            resource: resource.as_ref().map(|document| set([document])),
            ..Policies::default()
        };
        decide(&policies, &request).decision
    };
    let decision = of(None);
    if identity.is_none() && resource.is_none() {
        assert_ne!(decision, Decision::Allowed);
    }
    let with_deny = of(Some(&deny));
    assert_ne!(with_deny, Decision::Allowed);
}

fn set<'p>(documents: impl IntoIterator<Item = &'p PolicyDocument>) -> PolicySet<'p> {
    PolicySet {
        documents: documents.into_iter().collect(),
        incomplete: false,
    }
}

fn everything_denied() -> Node {
    const TEXT: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#;
    let mut sources = SourceMap::default();
    let file = sources
        .add("deny.json", TEXT)
        .unwrap_or_else(|_| panic!("too large"));
    json::read(file, TEXT).roots.remove(0)
}

/// The simulator's input: every statement that decides lies in the text.
pub(super) fn simulate(bytes: &[u8]) {
    let text = super::text(bytes);
    let mut sources = SourceMap::default();
    let Ok(file) = sources.add("in.json", text) else {
        return;
    };
    for input in json::read(file, text).roots {
        let mut problems = Vec::new();
        let inventory = Inventory::default();
        let answers = simulated(&KNOWN.0, &mut sources, &input, &inventory, &mut problems);
        let answers = answers.iter().flat_map(|answer| answer.each());
        for found in answers.flat_map(|answer| &answer.matched) {
            let place = sources.resolve(found.span);
            assert!(text.get(place.range()).is_some());
        }
    }
}
