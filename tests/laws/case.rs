//! A case in JSON, read and decided.

use std::collections::BTreeMap;

use lint_lambda::unstable::iam::{
    Caller, Context, Decision, Identity, Policies, PolicyDocument, PolicySet, Request, authorize,
};
use lint_lambda::unstable::source::{SourceMap, Span};
use lint_lambda::unstable::syntax::{Hole, Kind, Node, Piece, Text};
use serde_json::{Value, json};

use super::policies::has_levels;
use crate::decisions::caller;

/// A text in which `<s1>` stands for a segment that is not known, `<w1>` for a word, `<o1>` for
/// what is made up, `<s1=x>` for what is likely `x`, and other letters for anything.
fn text(written: &str) -> Text {
    if !written.contains('<') {
        return Text::from(written);
    }
    let mut pieces = Vec::new();
    for (place, part) in written.split('<').enumerate() {
        let Some((hole, known)) = part.split_once('>').filter(|_| place > 0) else {
            pieces.push(Piece::Known(part.into()));
            continue;
        };
        let (id, likely) = match hole.split_once('=') {
            Some((id, likely)) => (id, Some(likely)),
            None => (hole, None),
        };
        let hole = match id.as_bytes().first() {
            Some(b's') => Hole::segment(id),
            Some(b'w') => Hole::word(id),
            Some(b'o') => Hole::own(id),
            _ => Hole::anything(id),
        };
        pieces.push(Piece::Hole(match likely {
            Some(likely) => hole.likely(likely),
            None => hole,
        }));
        pieces.push(Piece::Known(known.into()));
    }
    Text::of(pieces)
}

/// A value as a reader gives it, with holes in its texts.
fn node(value: &Value, span: Span) -> Node {
    let kind = match value {
        Value::Null => Kind::Null,
        Value::Bool(is) => Kind::Bool(*is),
        Value::Number(number) => Kind::Number(number.to_string().into()),
        Value::String(written) => Kind::Text(text(written)),
        Value::Array(items) => {
            return Node::array(items.iter().map(|item| node(item, span)).collect(), span);
        }
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(name, value)| (name.as_str(), node(value, span)));
            return Node::object(members, span);
        }
    };
    Node::new(kind, span)
}

fn document(written: &Value) -> PolicyDocument {
    let file = SourceMap::default().add("policy.json", "").unwrap();
    PolicyDocument::read(&node(written, Span::new(file, 0, 0)))
}

fn identity(written: &Value) -> Option<Caller> {
    if let Some(open) = written["open"].as_str() {
        let identity = Identity::of_role(&text(open));
        return Some(Caller::Aws(Box::new(identity)));
    }
    let forms = ["user", "role", "arn", "root", "service", "federated"];
    let is_given = written.is_string() || forms.iter().any(|form| written[*form].is_string());
    is_given.then(|| caller(written))
}

fn context(request: &Value, caller: Option<&Caller>) -> Context {
    let mut context = match request["isComplete"] == json!(false) {
        true => Context::default(),
        false => Context::complete(),
    };
    for (key, values) in request["context"].as_object().into_iter().flatten() {
        match values.as_array() {
            Some(values) => {
                let values = values.iter().filter_map(Value::as_str);
                context.set(key, values.map(text).collect());
            }
            None => context.set_absent(key),
        }
    }
    for key in request["unknown"].as_array().into_iter().flatten() {
        context.set_unknown(key.as_str().unwrap());
    }
    if let (Some(Caller::Aws(identity)), true) = (caller, request["derived"] == json!(true)) {
        identity.state_keys(&mut context);
    }
    context
}

/// A request with its policies, ready to be decided.
pub(super) struct Case {
    caller: Option<Caller>,
    action: Text,
    resource: Text,
    owner: Option<Text>,
    context: Context,
    required: bool,
    levels: BTreeMap<String, Vec<Vec<PolicyDocument>>>,
    incomplete: Vec<String>,
}

impl Case {
    pub(super) fn read(case: &Value) -> Self {
        let request = &case["request"];
        let caller = identity(&request["caller"]);
        let levels = case["policies"].as_object().into_iter().flatten();
        let levels = levels.map(|(name, written)| {
            let read = |list: &Value| list.as_array().unwrap().iter().map(document).collect();
            let levels: Vec<Vec<PolicyDocument>> = match has_levels(name) {
                true => written.as_array().unwrap().iter().map(read).collect(),
                false => vec![read(written)],
            };
            (name.clone(), levels)
        });
        let incomplete = case["incomplete"].as_array().into_iter().flatten();
        Case {
            context: context(request, caller.as_ref()),
            caller,
            action: text(request["act"].as_str().unwrap()),
            resource: text(request["on"].as_str().unwrap()),
            owner: request["owner"].as_str().map(Text::from),
            required: case["required"] == json!(true),
            levels: levels.collect(),
            incomplete: incomplete
                .map(|name| name.as_str().unwrap().to_owned())
                .collect(),
        }
    }

    fn sets(&self, name: &str) -> Vec<PolicySet<'_>> {
        let incomplete = self.incomplete.iter().any(|of_type| of_type == name);
        let levels = self.levels.get(name).into_iter().flatten();
        levels
            .map(|documents| PolicySet {
                documents: documents.iter().collect(),
                incomplete,
            })
            .collect()
    }

    /// Asks something of the policies and the request.
    pub(super) fn ask<R>(&self, question: impl FnOnce(&Policies<'_>, &Request<'_>) -> R) -> R {
        let one = |name| self.sets(name).into_iter().next();
        let policies = Policies {
            identity: one("identity").unwrap_or_default(),
            resource: one("resource"),
            resource_required: self.required,
            root_excluded: false,
            boundary: one("boundary"),
            session: one("session"),
            service_control: self.sets("serviceControl"),
            resource_control: self.sets("resourceControl"),
            endpoint: one("endpoint"),
        };
        let request = Request {
            caller: self.caller.clone(),
            action: self.action.clone(),
            resource: self.resource.clone(),
            owner: self.owner.clone(),
            context: &self.context,
        };
        question(&policies, &request)
    }
}

/// The decision on a case.
pub(super) fn decide(case: &Value) -> Decision {
    Case::read(case).ask(|policies, request| authorize(policies, request).decision)
}
