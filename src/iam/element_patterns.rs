//! The elements of a statement that list patterns: actions and resources.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>

use super::arn;
use super::context::Context;
use super::defect::Defect;
use super::elements::both;
use super::pattern::{Pattern, Style};
use super::pattern_form;
use super::service_prefix::ServicePrefix;
use super::truth::Truth;
use crate::source::Span;
use crate::syntax::{Hole, Node, Text};

/// An element that lists patterns.
#[derive(Clone, Debug)]
pub struct ElementPatterns {
    /// Whether it is the `Not…` form.
    pub negated: bool,
    /// The patterns.
    pub entries: Vec<PatternEntry>,
    /// Where the element's value was written.
    pub span: Span,
    /// Whether some entry could not be read.
    unreadable: bool,
    /// The service of all entries, where they are actions of one.
    service: Option<ServicePrefix>,
}

/// A pattern as it was written, with its compiled form.
#[derive(Clone, Debug)]
pub struct PatternEntry {
    /// The text.
    pub text: Text,
    /// Where it was written.
    pub node: Node,
    pattern: Pattern,
    /// The pattern with `*` for the parts that an incomplete ARN lacks.
    completed: Option<Pattern>,
    /// Whether AWS refuses it, or does not say what it does with it.
    is_mistaken: bool,
}

impl ElementPatterns {
    /// `Action` or `NotAction`. Those of another service than theirs are told by one look.
    pub(super) fn actions(statement: &Node, defects: &mut Vec<Defect>) -> Option<Self> {
        let names = ["Action", "NotAction"];
        let listed = ElementPatterns::read(statement, names, defects, PatternEntry::of_action)?;
        let actions = listed.entries.iter().map(|entry| &entry.text);
        Some(ElementPatterns {
            service: ServicePrefix::of_all(actions),
            ..listed
        })
    }

    /// `Resource` or `NotResource`.
    pub(super) fn resources(
        statement: &Node,
        variables: bool,
        defects: &mut Vec<Defect>,
    ) -> Option<Self> {
        let names = ["Resource", "NotResource"];
        let style = Style::resource(variables);
        let entry =
            |item: &Node, text: &Text, _: &mut Vec<Defect>| PatternEntry::new(item, text, style);
        ElementPatterns::read(statement, names, defects, entry)
    }

    /// One pattern, which stands for anything.
    pub(super) fn unknown(node: &Node, hole: &Hole, style: Style) -> Self {
        ElementPatterns {
            negated: false,
            entries: vec![PatternEntry::new(node, &Text::hole(hole.clone()), style)],
            span: node.span,
            unreadable: false,
            service: None,
        }
    }

    /// An element, or its `Not…` form.
    fn read(
        node: &Node,
        [plain, negated]: [&str; 2],
        defects: &mut Vec<Defect>,
        entry: impl Fn(&Node, &Text, &mut Vec<Defect>) -> PatternEntry,
    ) -> Option<Self> {
        both(node, [plain, negated], defects);
        let (value, negated) = match (node.get(plain), node.get(negated)) {
            (Some(value), _) => (value, false),
            (None, Some(value)) => (value, true),
            (None, None) => return None,
        };
        let mut unreadable = false;
        let mut entries = Vec::new();
        for item in value.each() {
            match item.as_text() {
                Some(text) => entries.push(entry(item, text, defects)),
                None => {
                    unreadable = true;
                    let message = format!("`{plain}` must be a string or a list of strings");
                    defects.push(Defect::new(item.span, &message));
                }
            }
        }
        Some(ElementPatterns {
            negated,
            service: None,
            entries,
            span: value.span,
            unreadable,
        })
    }

    /// All values that it covers, where each is written in full.
    pub(super) fn only_values(&self) -> Option<Vec<&str>> {
        let is_known = !self.negated && !self.unreadable;
        let entries = is_known.then_some(&self.entries)?.iter();
        entries.map(PatternEntry::only_value).collect()
    }

    /// The service of all actions that it covers, where that is known.
    pub(super) fn only_service(&self) -> Option<&ServicePrefix> {
        let is_known = !self.negated && !self.unreadable;
        self.service.as_ref().filter(|_| is_known)
    }

    /// Whether `*` is listed.
    pub(super) fn is_everything(&self) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| entry.text.as_str() == Some("*"))
    }

    /// Whether the element covers a value.
    #[must_use]
    pub fn covers(&self, value: &Text, context: &Context) -> Truth {
        self.covers_read(value, context, Truth::Unknown)
    }

    /// The same, where `completes_arns` says whether `*` stands for the missing parts of an ARN.
    pub(super) fn covers_read(
        &self,
        value: &Text,
        context: &Context,
        completes_arns: Truth,
    ) -> Truth {
        let is_of_service = self
            .service
            .as_ref()
            .is_none_or(|service| service.may_have(value));
        let entries = self.entries.iter().filter(|_| is_of_service);
        let named = entries.map(|entry| entry.matches_read(value, context, completes_arns));
        let named = Truth::any(named);
        let named = match self.unreadable {
            true => named.or(Truth::Unknown),
            false => named,
        };
        match self.negated {
            true => !named,
            false => named,
        }
    }
}

impl PatternEntry {
    /// Whether AWS refuses it, or does not say what it does with it.
    pub(super) fn is_mistaken(&self) -> bool {
        self.is_mistaken
    }

    /// The keys of its policy variables, as they are written.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.pattern.keys()
    }

    fn new(node: &Node, text: &Text, style: Style) -> Self {
        let completed = style
            .segments
            .then(|| arn::completed(text, style.variables))
            .flatten();
        PatternEntry {
            text: text.clone(),
            node: node.clone(),
            pattern: Pattern::new(text, style),
            completed: completed.map(|arn| Pattern::new(&arn, style)),
            is_mistaken: style.segments && pattern_form::is_doubtful_resource(text, style),
        }
    }

    /// An entry of `Action` or `NotAction`; what AWS refuses is noted.
    fn of_action(node: &Node, text: &Text, defects: &mut Vec<Defect>) -> Self {
        let mistake = pattern_form::malformed_action(text);
        let is_mistaken = mistake.is_some();
        defects.extend(mistake.map(|message| Defect::of_action(node.span, message)));
        PatternEntry {
            is_mistaken,
            ..PatternEntry::new(node, text, Style::ACTION)
        }
    }

    /// The only value that the entry matches.
    fn only_value(&self) -> Option<&str> {
        let is_certain = self.completed.is_none() && !self.is_mistaken;
        self.pattern.only_value().filter(|_| is_certain)
    }

    /// Whether the pattern matches a value.
    #[must_use]
    pub fn matches(&self, value: &Text, context: &Context) -> Truth {
        self.matches_read(value, context, Truth::Unknown)
    }

    fn matches_read(&self, value: &Text, context: &Context, completes_arns: Truth) -> Truth {
        let as_written = || match self.is_mistaken {
            true => self.may_match(value, context),
            false => self.pattern.matches(value, context),
        };
        let completed = || {
            let truth = self.completed.as_ref().map(|p| p.matches(value, context));
            truth.map(|truth| match self.is_mistaken {
                true => truth.and(Truth::Unknown),
                false => truth,
            })
        };
        match completes_arns {
            Truth::Yes => completed().unwrap_or_else(as_written),
            Truth::No => as_written(),
            Truth::Unknown => match (as_written(), completed()) {
                (truth, Some(other)) if truth != other => Truth::Unknown,
                (truth, _) => truth,
            },
        }
    }

    /// Whether an entry with a mistake may mean a value. An action without its service may be that of
    /// any service.
    fn may_match(&self, value: &Text, context: &Context) -> Truth {
        let matches = |value: &Text| self.pattern.matches(value, context);
        let name = value.as_str().and_then(|action| action.split_once(':'));
        let name = name.map_or(Truth::No, |(_, name)| matches(&Text::from(name)));
        matches(value).or(name).and(Truth::Unknown)
    }
}
