//! Packs and their rules, as they are written.

use crate::diagnostics::{Problem, RuleDescription, Severity};
use crate::model;
use crate::requirement::{self, Requirement, RuleMetadata, Words};
use crate::source::Span;
use crate::syntax::{Fields, Node, Selector};

/// A file of rules about one thing.
#[derive(Debug)]
pub struct Pack {
    /// The name, the first part of its rules' ids.
    pub name: String,
    /// What the pack is about, in a few words.
    pub title: String,
    /// The rules, in order.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// What a finding says of the rule.
    pub meta: RuleMetadata,
    /// Why it matters and what happens, in a few sentences.
    pub why: String,
    /// IDs that it had before, which still select it.
    pub aliases: Vec<String>,
    /// Where to look.
    pub select: Vec<Selector>,
    /// What must hold there.
    pub require: Box<dyn Requirement>,
    /// Where the rule was written.
    pub span: Span,
}

impl Pack {
    pub(super) fn decode(
        node: &Node,
        is_trusted: bool,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let mut fields = Fields::open(node, "a rule pack", problems)?;
        fields.optional_text("$schema");
        let name = fields.text("pack").map(str::to_owned);
        let title = fields.text("title").map(str::to_owned);
        let rules = fields.list("rules");
        if let Some(name) = name.as_deref().filter(|name| !is_name(name)) {
            let message = format!("`{name}` is not a valid pack name: use a-z, 0-9 and `-`");
            fields.wrong("pack", message);
        }
        fields.finish();
        let name = name?;
        let rules = rules
            .iter()
            .filter_map(|rule| Rule::decode(&name, rule, is_trusted, problems))
            .collect();
        Some(Pack {
            name,
            title: title?,
            rules,
        })
    }
}

impl Rule {
    /// What a report says of the rule.
    #[must_use]
    pub fn description(&self) -> RuleDescription {
        RuleDescription {
            id: self.meta.id.clone(),
            title: self.meta.title.clone(),
            why: self.why.clone(),
            help: self.meta.words.help.clone(),
            severity: self.meta.severity,
            references: self.meta.references.clone(),
        }
    }

    fn decode(
        pack: &str,
        node: &Node,
        is_trusted: bool,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let before = problems.len();
        let mut fields = Fields::open(node, "a rule", problems)?;
        let name = fields.text("name");
        let title = fields.text("title").map(str::to_owned);
        let severities = Severity::ALL.map(|severity| (severity.as_str(), severity));
        let severity = fields.word("severity", &severities);
        let why = fields.optional_text("why").unwrap_or("").to_owned();
        let aliases = fields.texts("aliases");
        let references = fields.texts("references");
        let words = Words {
            message: fields.optional_text("message").map(str::to_owned),
            label: fields.optional_text("label").map(str::to_owned),
            help: fields.optional_text("help").map(str::to_owned),
        };
        let require = fields.required("require");
        let selects = requirement::selects(require);
        let select = if selects {
            select(&mut fields)
        } else {
            Vec::new()
        };
        if let Some(name) = name.filter(|name| !is_name(name)) {
            let message = format!("`{name}` is not a valid rule name: use a-z, 0-9 and `-`");
            fields.wrong("name", message);
        }
        fields.finish();
        let require = require.and_then(|node| requirement::decode(node, is_trusted, problems));
        let kind = require.as_ref().map(|(kind, _)| *kind);
        if kind.is_some_and(|kind| kind.is_of_function) {
            let outside = select.iter();
            problems.extend(outside.filter_map(|selector| outside_functions(selector, node)));
        }
        if kind.is_some_and(|kind| kind.needs_message) && words.message.is_none() {
            let message =
                "missing `message`: the requirement of this rule does not have a default message";
            problems.push(Problem::at(node.span.at_start(), message));
        }
        let (_, require) = require?;
        let rule = Rule {
            meta: RuleMetadata {
                id: format!("{pack}/{}", name?).into(),
                title: title?,
                severity: severity?,
                references,
                words,
            },
            why,
            aliases,
            select,
            require,
            span: node.span,
        };
        (problems.len() == before).then_some(rule)
    }

    /// The first ID that the rule had.
    #[must_use]
    pub fn first_id(&self) -> &str {
        self.aliases.first().map_or(&*self.meta.id, String::as_str)
    }

    /// The rule's name without its pack.
    #[must_use]
    pub fn name(&self) -> &str {
        self.meta
            .id
            .split_once('/')
            .map_or(&*self.meta.id, |(_, name)| name)
    }

    /// The name of the rule's pack.
    #[must_use]
    pub fn pack(&self) -> &str {
        self.meta.id.split_once('/').map_or("", |(pack, _)| pack)
    }
}

/// A function's policies can only be asked about a place that lies in a function.
fn outside_functions(selector: &Selector, rule: &Node) -> Option<Problem> {
    let inside = model::selects_in_functions(selector);
    let span = rule.get("select").map_or(rule.span, |select| select.span);
    let message = format!(
        "`{}` selects something outside of functions",
        selector.as_str()
    );
    let help = "this requirement checks a function: begin the path with `$.Functions[*]`";
    (!inside).then(|| Problem::at(span, message).help(help))
}

/// One path or several; each is followed through the model's shape, so that none selects nothing
/// for ever.
fn select(fields: &mut Fields<'_, '_>) -> Vec<Selector> {
    let written = fields.required("select").map_or(&[][..], Node::each);
    let mut selectors = Vec::new();
    for node in written {
        let Some(path) = node.as_str() else {
            let message = "`select` must be a JSONPath or a list of them";
            fields.problems().push(Problem::at(node.span, message));
            continue;
        };
        let checked = Selector::parse(path)
            .map_err(|error| error.to_string())
            .and_then(|selector| {
                model::check(&selector, model::inventory_shape()).map(|_| selector)
            });
        match checked {
            Ok(selector) => selectors.push(selector),
            Err(error) => {
                let message = format!("`select`: {error}");
                fields.problems().push(Problem::at(node.span, message));
            }
        }
    }
    selectors
}

fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.chars().all(allowed)
}
