//! Setting template variables from the strings of a document.

use super::relative_path::{Match, RelativePath};
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Hole, Names, Node, Piece, Template, Text};

/// Where the value of one or more variables is written, and how it is read.
#[derive(Debug)]
pub struct Extraction {
    from: Vec<RelativePath>,
    target: Target,
    wildcards: Vec<String>,
    unset_if: Vec<String>,
    uppercase: Vec<String>,
    path_parameters: bool,
    trim_trailing_slash: bool,
}

#[derive(Debug)]
enum Target {
    /// The whole string becomes the value of this variable.
    Variable(String),
    /// The string is taken apart into the variables of this format.
    Format(Template),
}

impl Extraction {
    /// An extraction that takes a whole string as the value of a variable.
    pub(super) fn whole(name: &str, from: Vec<RelativePath>) -> Self {
        Extraction {
            from,
            target: Target::Variable(name.to_owned()),
            wildcards: Vec::new(),
            unset_if: Vec::new(),
            uppercase: Vec::new(),
            path_parameters: false,
            trim_trailing_slash: false,
        }
    }

    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "an extraction", problems)?;
        let from = fields.required("from");
        let from = from.map_or(Vec::new(), |from| {
            RelativePath::decode_all(from, &mut fields, "from")
        });
        let format = fields.template("format");
        let variable = fields.optional_text("variable");
        let wildcards = fields.texts("wildcards");
        let unset_if = fields.texts("unsetIf");
        let uppercase = fields.texts("uppercase");
        let path_parameters = fields.flag("pathParameters").unwrap_or(false);
        let trim_trailing_slash = fields.flag("trimTrailingSlash").unwrap_or(false);
        if format.is_some() == variable.is_some() {
            fields.wrong("from", "an extraction has either `format` or `variable`");
        }
        fields.finish();
        let target = match (format, variable) {
            (Some(format), _) => Target::Format(format),
            (None, variable) => Target::Variable(variable?.to_owned()),
        };
        Some(Extraction {
            from,
            target,
            wildcards,
            unset_if,
            uppercase,
            path_parameters,
            trim_trailing_slash,
        })
    }

    /// The members of the root that it reads.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        self.from.iter().filter_map(RelativePath::relative_to_root)
    }

    /// Sets the variables that it reads from a document; `matches` led to the current node.
    pub(super) fn apply<'n>(&self, root: &'n Node, matches: &[Match<'n>], variables: &mut Names) {
        let mut texts = self.from.iter().filter_map(|path| path.text(root, matches));
        let Some(text) = texts.next() else { return };
        let read = match &self.target {
            Target::Variable(name) if is_one_of(&self.unset_if, &text) => {
                variables.remove(name);
                return;
            }
            Target::Format(format) => format.capture(&text).unwrap_or_default(),
            Target::Variable(name) => Names::from([(name.clone(), text)]),
        };
        variables.extend(read.into_iter().map(|(name, text)| {
            let text = self.normalized(&name, text);
            (name, text)
        }));
    }

    /// The value in its regular form, with a hole for each part that matches anything.
    fn normalized(&self, name: &str, text: Text) -> Text {
        let text = match text.as_str() {
            Some(written) if self.uppercase.iter().any(|upper| upper == name) => {
                Text::from(written.to_uppercase())
            }
            _ => text,
        };
        if is_one_of(&self.wildcards, &text) {
            return Text::hole(Hole::segment(name));
        }
        match text.as_str() {
            // API Gateway ignores a slash at the end of a path.
            Some(path) if self.path_parameters => with_path_parameters(path.trim_end_matches('/')),
            Some(path) if self.trim_trailing_slash => Text::from(path.trim_end_matches('/')),
            _ => text,
        }
    }
}

fn is_one_of(words: &[String], text: &Text) -> bool {
    text.as_str()
        .is_some_and(|text| words.iter().any(|word| word == text))
}

/// A path of an API with a hole for each of its parameters, `{id}` or `{proxy+}`, which is probably
/// asked for as it is written.
fn with_path_parameters(path: &str) -> Text {
    let mut pieces = Vec::new();
    let mut rest = path;
    while let Some((known, after)) = rest.split_once('{') {
        pieces.push(Piece::Known(known.into()));
        let (parameter, after) = after.split_once('}').unwrap_or((after, ""));
        let hole = match parameter.strip_suffix('+') {
            Some(greedy) => Hole::anything(greedy),
            None => Hole::segment(parameter),
        };
        pieces.push(Piece::Hole(
            hole.likely(&format!("{{{parameter}}}")).varying(),
        ));
        rest = after;
    }
    pieces.push(Piece::Known(rest.into()));
    Text::of(pieces)
}
