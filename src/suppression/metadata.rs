//! `Metadata` of templates and of their resources.

use super::date::Date;
use super::entry::{Cover, Suppression, Written, WrittenRule};
use super::resources;
use crate::diagnostics::Suppressor;
use crate::source::{SourceMap, Span};
use crate::syntax::{Node, nearest};

/// The member of `Metadata`.
const NAME: &str = "lint-lambda";
const FORM: &str = "write `ignore: [{rule: RULE, reason: …}]`";

/// Reads the metadata of a document, where that is a template.
pub(super) fn read(sources: &SourceMap, root: &Node, written: &mut Written) {
    if !resources::is_template(root) {
        return;
    }
    let mut reader = Reader {
        sources,
        place: root.span,
        written,
    };
    reader.metadata(root);
    for resource in resources::of(root) {
        reader.place = resource.span;
        reader.metadata(resource.node);
    }
}

/// Reads what is written beside one thing.
struct Reader<'w, 's> {
    sources: &'s SourceMap,
    /// What it is about.
    place: Span,
    written: &'w mut Written,
}

impl Reader<'_, '_> {
    fn metadata(&mut self, of: &Node) {
        let Some(own) = of.at(&["Metadata", NAME]) else {
            return;
        };
        if !own.is_object() {
            let message = format!("`{NAME}` must be an object, not {}", own.kind_name());
            self.written.wrong(own.span, message, FORM);
        }
        for member in own.members() {
            match &*member.key.text {
                "ignore" => member
                    .value
                    .each()
                    .iter()
                    .for_each(|entry| self.entry(entry)),
                "config" => self.config(&member.value),
                other => self.unknown(other, member.key.span, &["ignore", "config"]),
            }
        }
    }

    /// The form that cfn-lint has.
    fn config(&mut self, config: &Node) {
        let reason = config.str("reason").map(str::to_owned);
        for member in config.members() {
            match &*member.key.text {
                "ignore_checks" => {
                    for rule in member.value.each() {
                        let rules = self.rules(rule);
                        self.add(rules, reason.clone(), None, rule.span);
                    }
                }
                "reason" => {}
                other => self.unknown(other, member.key.span, &["ignore_checks", "reason"]),
            }
        }
    }

    /// A name, or an object with one or several.
    fn entry(&mut self, entry: &Node) {
        if !entry.is_object() {
            let rules = self.rules(entry);
            return self.add(rules, None, None, entry.span);
        }
        let (mut rules, mut reason, mut until) = (Vec::new(), None, None);
        let mut place = entry.span;
        for member in entry.members() {
            let value = &member.value;
            match &*member.key.text {
                "rule" | "rules" => {
                    rules = value
                        .each()
                        .iter()
                        .flat_map(|rule| self.rules(rule))
                        .collect();
                    place = value.span;
                }
                "reason" => reason = value.scalar().filter(|text| !text.trim().is_empty()),
                "until" => match value.as_str().and_then(|text| text.parse::<Date>().ok()) {
                    Some(date) => until = Some(date),
                    None => {
                        let message = "`until` is not a valid date";
                        return self.written.wrong(
                            value.span,
                            message,
                            "write it as in `2027-01-31`",
                        );
                    }
                },
                other => self.unknown(
                    other,
                    member.key.span,
                    &["rule", "rules", "reason", "until"],
                ),
            }
        }
        if entry.get("rule").or(entry.get("rules")).is_none() {
            let message = "this entry does not name any rule";
            return self.written.wrong(entry.span, message, FORM);
        }
        self.add(rules, reason, until, place);
    }

    fn rules(&mut self, node: &Node) -> Vec<WrittenRule> {
        match node.as_str() {
            Some(name) => vec![WrittenRule {
                name: name.to_owned(),
                span: node.span,
            }],
            None => {
                let message = format!("a rule must be a text, not {}", node.kind_name());
                self.written.wrong(node.span, message, FORM);
                Vec::new()
            }
        }
    }

    fn add(
        &mut self,
        rules: Vec<WrittenRule>,
        reason: Option<String>,
        until: Option<Date>,
        span: Span,
    ) {
        if rules.is_empty() {
            return;
        }
        self.written.suppressions.push(Suppression {
            by: Suppressor::Metadata,
            rules,
            covers: Cover::Places(vec![self.sources.resolve(self.place)]),
            reason,
            until,
            span,
        });
    }

    fn unknown(&mut self, name: &str, span: Span, known: &[&str]) {
        let message = format!("unknown member `{name}` in `{NAME}`");
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("expected one of: {}", known.join(", ")),
        };
        self.written.wrong(span, message, help);
    }
}
