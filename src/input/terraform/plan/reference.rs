//! What an expression refers to, as the configuration in a plan lists it.

/// A step of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A name after a dot, or at the start.
    Name(String),
    /// A key in brackets, with them.
    Key(String),
}

/// What a reference leads to, and the path on from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) subject: Subject,
    pub(super) path: Vec<Step>,
}

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// A resource or data source.
    Resource {
        /// As in `data.aws_sqs_queue.q`.
        declaration: String,
        /// The key of the instance, in brackets.
        key: Option<String>,
    },
    /// An output of a module.
    Output {
        call: String,
        key: Option<String>,
        name: String,
    },
    /// A variable.
    Variable(String),
    /// A text that is known where the expression is evaluated, such as `each.key`.
    Known,
    /// The key of the instance that the expression belongs to.
    OwnKey,
    /// Anything else, such as a local value.
    Other,
}

/// The references of an expression. For each, Terraform lists its steps first and then what is left
/// without the last ones.
///
/// <https://developer.hashicorp.com/terraform/internals/json-format#expression-representation>
pub(super) fn references(listed: &[&str]) -> Vec<Reference> {
    let mut references = Vec::new();
    let mut previous = "";
    for text in listed {
        let is_rest = previous
            .strip_prefix(text)
            .is_some_and(|rest| rest.starts_with(['.', '[']));
        if !is_rest {
            references.push(reference(text));
        }
        previous = text;
    }
    references
}

fn reference(text: &str) -> Reference {
    let steps = steps(text);
    let names: Vec<&str> = steps.iter().map_while(Step::name).collect();
    let (subject, taken) = match names.as_slice() {
        ["var", name, ..] => (Subject::Variable((*name).to_owned()), 2),
        ["each", "key"] | ["count", "index"] => (Subject::OwnKey, 2),
        ["path" | "terraform", ..] => (Subject::Known, steps.len()),
        ["local" | "each" | "count" | "self", ..] => (Subject::Other, steps.len()),
        ["module", call, ..] => output(call, steps.get(2..).unwrap_or(&[])),
        ["data", kind, name, ..] => resource(&format!("data.{kind}.{name}"), 3, &steps),
        [kind, name, ..] => resource(&format!("{kind}.{name}"), 2, &steps),
        _ => (Subject::Other, steps.len()),
    };
    Reference {
        subject,
        path: steps.get(taken..).unwrap_or(&[]).to_vec(),
    }
}

fn resource(declaration: &str, taken: usize, steps: &[Step]) -> (Subject, usize) {
    let key = steps.get(taken).and_then(Step::key).map(str::to_owned);
    let taken = taken + usize::from(key.is_some());
    let declaration = declaration.to_owned();
    (Subject::Resource { declaration, key }, taken)
}

fn output(call: &str, rest: &[Step]) -> (Subject, usize) {
    let key = rest.first().and_then(Step::key).map(str::to_owned);
    let at = usize::from(key.is_some());
    let Some(name) = rest.get(at).and_then(Step::name) else {
        return (Subject::Other, 2 + rest.len());
    };
    let (call, name) = (call.to_owned(), name.to_owned());
    (Subject::Output { call, key, name }, 3 + at)
}

impl Step {
    /// The name, where it is one.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Step::Name(name) => Some(name),
            Step::Key(_) => None,
        }
    }

    fn key(&self) -> Option<&str> {
        match self {
            Step::Key(key) => Some(key),
            Step::Name(_) => None,
        }
    }
}

/// The steps of a reference or an address.
pub(super) fn steps(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if rest.starts_with('[') {
            let (key, after) = rest.split_at(end_of_key(rest));
            steps.push(Step::Key(key.to_owned()));
            rest = after;
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            steps.push(Step::Name(name.to_owned()));
            rest = after;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    steps
}

/// Where a key in brackets ends, which may be a string with any characters.
fn end_of_key(text: &str) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reference_is_listed_with_its_rests() {
        let listed = [
            "aws_sqs_queue.q.arn",
            "aws_sqs_queue.q",
            "aws_sqs_queue.q.arn",
            "aws_sqs_queue.q",
            "module.m[\"a.b]\"].out",
            "module.m[\"a.b]\"]",
            "module.m",
            "data.aws_x.y[0].block[0].id",
            "data.aws_x.y[0].block[0]",
            "data.aws_x.y[0].block",
            "data.aws_x.y[0]",
            "data.aws_x.y",
            "aws_sqs_queue.q",
            "each.key",
        ];
        let references = references(&listed);
        let subjects: Vec<&Subject> = references.iter().map(|one| &one.subject).collect();
        let queue = Subject::Resource {
            declaration: "aws_sqs_queue.q".into(),
            key: None,
        };
        let output = Subject::Output {
            call: "m".into(),
            key: Some("[\"a.b]\"]".into()),
            name: "out".into(),
        };
        let data = Subject::Resource {
            declaration: "data.aws_x.y".into(),
            key: Some("[0]".into()),
        };
        assert_eq!(
            subjects,
            [&queue, &queue, &output, &data, &queue, &Subject::OwnKey]
        );
        assert_eq!(references[0].path, [Step::Name("arn".into())]);
        assert_eq!(references[3].path.len(), 3);
        assert!(references[4].path.is_empty());
    }
}
