//! Packs and their rules, as they are written.

use std::sync::OnceLock;

use super::embedded::{EmbeddedPack, EmbeddedRule};
use crate::diagnostics::{Problem, RuleDescription, Severity};
use crate::model;
use crate::requirement::{self, Requirement, RuleMetadata, Told};
use crate::source::{FileId, Span};
use crate::syntax::{Fields, Node, Selector, json};

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
    /// IDs that it had before, which still select it.
    pub aliases: Vec<String>,
    /// Where the rule was written.
    pub span: Span,
    /// What is known of a rule of the program before it is decoded.
    embedded: Option<&'static EmbeddedRule>,
    judged: OnceLock<Judged>,
}

/// What a rule checks.
#[derive(Debug)]
struct Judged {
    /// Where to look.
    select: Vec<Selector>,
    /// What must hold there.
    require: Box<dyn Requirement>,
}

impl Judged {
    /// Reads what tests have checked.
    fn embedded(written: &str) -> Option<Self> {
        let documents = json::read(FileId::NOWHERE, written);
        let mut problems = Vec::new();
        let mut fields = Fields::open(documents.roots.first()?, "a rule", &mut problems)?;
        let require = fields.required("require")?;
        let select = match requirement::selects(Some(require)) {
            true => select(&mut fields, true),
            false => Vec::new(),
        };
        let (_, require) = requirement::decode(require, true, &mut problems)?;
        Some(Judged { select, require })
    }
}

impl Pack {
    /// A pack of the program.
    pub(super) fn embedded(pack: &'static EmbeddedPack) -> Self {
        Pack {
            name: pack.name.to_owned(),
            title: pack.title.to_owned(),
            rules: pack.rules.iter().map(Rule::embedded).collect(),
        }
    }

    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
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
            .filter_map(|rule| Rule::decode(&name, rule, problems))
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
        let told = self.meta.told();
        RuleDescription {
            id: self.meta.id.clone(),
            title: told.title.clone(),
            why: told.why.clone(),
            help: told.words.help.clone(),
            severity: self.meta.severity,
            references: told.references.clone(),
        }
    }

    /// Where to look.
    #[must_use]
    pub fn select(&self) -> &[Selector] {
        &self.judged().select
    }

    /// What must hold there.
    #[must_use]
    pub fn require(&self) -> &dyn Requirement {
        &*self.judged().require
    }

    /// Whether the rule can select anything in an inventory, as far as that is known without decoding it.
    #[must_use]
    pub fn can_select(&self, inventory: &Node) -> bool {
        let embedded = self.embedded;
        embedded.is_none_or(|rule| rule.can_select(inventory))
    }

    /// Whether its paths and its requirement have been decoded.
    #[must_use]
    pub fn is_decoded(&self) -> bool {
        self.judged.get().is_some()
    }

    fn judged(&self) -> &Judged {
        self.judged.get_or_init(|| {
            let read = self.embedded.and_then(|rule| Judged::embedded(rule.judged));
            read.unwrap_or_else(|| Judged {
                select: Vec::new(),
                require: requirement::nothing(),
            })
        })
    }

    /// A rule of the program.
    fn embedded(rule: &'static EmbeddedRule) -> Self {
        let mut severities = Severity::ALL.into_iter();
        let severity = severities.find(|severity| severity.as_str() == rule.severity);
        let severity = severity.unwrap_or(Severity::Error);
        Rule {
            meta: RuleMetadata::embedded(rule.id, severity, rule.told),
            aliases: rule.aliases.iter().map(|&id| id.to_owned()).collect(),
            span: Span::new(FileId::NOWHERE, 0, 0),
            embedded: Some(rule),
            judged: OnceLock::new(),
        }
    }

    /// A rule of a user.
    fn decode(pack: &str, node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let before = problems.len();
        let mut fields = Fields::open(node, "a rule", problems)?;
        let name = fields.text("name");
        let told = Told::decode(&mut fields);
        let severities = Severity::ALL.map(|severity| (severity.as_str(), severity));
        let severity = fields.word("severity", &severities);
        let aliases = fields.texts("aliases");
        let require = fields.required("require");
        let select = match requirement::selects(require) {
            true => select(&mut fields, false),
            false => Vec::new(),
        };
        if let Some(name) = name.filter(|name| !is_name(name)) {
            let message = format!("`{name}` is not a valid rule name: use a-z, 0-9 and `-`");
            fields.wrong("name", message);
        }
        let has_message = node.get("message").is_some();
        fields.finish();
        let require = require.and_then(|node| requirement::decode(node, false, problems));
        let kind = require.as_ref().map(|(kind, _)| *kind);
        if kind.is_some_and(|kind| kind.is_of_function) {
            let outside = select.iter();
            problems.extend(outside.filter_map(|selector| outside_functions(selector, node)));
        }
        if kind.is_some_and(|kind| kind.needs_message) && !has_message {
            let message =
                "missing `message`: the requirement of this rule does not have a default message";
            problems.push(Problem::at(node.span.at_start(), message));
        }
        let (_, require) = require?;
        let rule = Rule {
            meta: RuleMetadata::new(format!("{pack}/{}", name?).into(), severity?, told?),
            aliases,
            span: node.span,
            embedded: None,
            judged: OnceLock::from(Judged { select, require }),
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
fn select(fields: &mut Fields<'_, '_>, is_trusted: bool) -> Vec<Selector> {
    let written = fields.required("select").map_or(&[][..], Node::each);
    let mut selectors = Vec::new();
    for node in written {
        let Some(path) = node.as_str() else {
            let message = "`select` must be a JSONPath or a list of them";
            fields.problems().push(Problem::at(node.span, message));
            continue;
        };
        let checked = Selector::parse(path).map_err(|error| error.to_string());
        let checked = checked.and_then(|selector| {
            if !is_trusted {
                model::check(&selector, model::inventory_shape())?;
            }
            Ok(selector)
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
