//! Settings of a function that ask for permissions of its execution role.

use super::load::each;
use super::needs::Needs;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Names, Node, Selector, Template, Text};

/// A setting, and what it asks for.
#[derive(Debug)]
pub struct Feature {
    /// The id.
    pub id: String,
    /// What it is called, as in "VPC access".
    pub name: String,
    /// What Lambda does for it, as in "write logs".
    pub does: String,
    /// What it asks of the execution role.
    pub needs: Needs,
    at: Option<Selector>,
    names: Vec<NameOf>,
}

/// Something that Lambda sends records to: a dead-letter queue or a destination.
#[derive(Debug)]
pub struct Target {
    /// The id.
    pub id: String,
    /// What one target is called, as in "SQS queue".
    pub name: String,
    /// What it asks of the execution role.
    pub needs: Needs,
    arn: Option<Template>,
}

impl Target {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a target", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let name = fields.text("name").map(str::to_owned);
        fields.required("arn");
        let arn = fields.template("arn");
        let needs = Needs::decode(&mut fields);
        fields.finish();
        Some(Target {
            id: id?,
            name: name?,
            needs,
            arn,
        })
    }

    /// The target's own name: what follows the account in its ARN.
    #[must_use]
    pub fn short_name(&self, names: &Names) -> Option<String> {
        let mut last = self.arn.as_ref()?.names();
        let name = last.by_ref().last()?;
        names.get(name)?.as_str().map(str::to_owned)
    }

    /// The names that a target's ARN gives for templates; `None` if it is another kind of target.
    #[must_use]
    pub fn names(&self, arn: &Text) -> Option<Names> {
        let arn = arn.clone().as_arn();
        let mut names = self.arn.as_ref()?.capture(&arn)?;
        names.insert("target".to_owned(), arn);
        Some(names)
    }
}

/// A name that the feature's templates use, and where it comes from.
#[derive(Debug)]
struct NameOf {
    name: String,
    of: Option<Selector>,
    forms: Vec<Template>,
    /// Whether the feature is meant only where a form matches.
    only: bool,
    otherwise: Option<Template>,
}

impl Feature {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a feature", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let name = fields.text("name").map(str::to_owned);
        let at = fields.selector("at");
        let does = fields.text("does").map(str::to_owned);
        let needs = Needs::decode(&mut fields);
        let names = fields.list("names");
        fields.finish();
        Some(Feature {
            id: id?,
            name: name?,
            does: does?,
            needs,
            at,
            names: each(names, problems, NameOf::decode),
        })
    }

    /// The place to point at in the setting.
    #[must_use]
    pub fn place<'n>(&self, setting: &'n Node) -> &'n Node {
        self.at
            .as_ref()
            .and_then(|path| path.first(setting))
            .unwrap_or(setting)
    }

    /// The names that a setting gives for templates, beside those of its function; nothing where the
    /// feature is not meant.
    #[must_use]
    pub fn names(&self, setting: &Node, function: &Names) -> Option<Names> {
        let mut names = function.clone();
        names.extend(setting.names());
        for source in &self.names {
            source.add(setting, &mut names)?;
        }
        Some(names)
    }
}

impl NameOf {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a name", problems)?;
        let name = fields.optional_text("as").unwrap_or("").to_owned();
        let of = fields.selector("of");
        let forms = fields.templates("form");
        let only = fields.flag("only").unwrap_or(false);
        let otherwise = fields.template("otherwise");
        fields.finish();
        Some(NameOf {
            name,
            of,
            forms,
            only,
            otherwise,
        })
    }

    /// Adds the name; nothing where it must match a form and does not.
    fn add(&self, setting: &Node, names: &mut Names) -> Option<()> {
        let found = self
            .of
            .as_ref()
            .and_then(|path| path.first(setting)?.as_text().cloned())
            .filter(|text| text.as_str() != Some(""));
        match (found, &self.otherwise) {
            (Some(text), _) if self.forms.is_empty() => {
                names.insert(self.name.clone(), text);
            }
            (Some(text), _) => {
                let captured = self.forms.iter().find_map(|form| form.capture(&text));
                if captured.is_none() && self.only {
                    return None;
                }
                names.extend(captured.unwrap_or_default());
            }
            (None, Some(otherwise)) => {
                let text = otherwise.fill(names);
                names.insert(self.name.clone(), text);
            }
            (None, None) if self.only => return None,
            (None, None) => {}
        }
        Some(())
    }
}
