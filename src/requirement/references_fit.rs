//! A reference gives what its property takes.

use super::context::{LintContext, LintResult, Match};
use super::kind::{Kind, Requirement, plain};
use super::rule_metadata::RuleMetadata;
use crate::diagnostics::{Fix, Note, Severity};
use crate::model::{Write, WrongReference};
use crate::source::{SourceMap, Span};
use crate::syntax::{Node, piece_span};

/// The kind.
pub(super) const KIND: Kind = plain(
    "referencesFit",
    "an entry of `references`",
    "`Ref` or `Fn::GetAtt` returns what the property expects: an ARN, a name or a URL. Only references to resources of the template are checked, not parameters or exports of other stacks.",
    |_, _| Some(Box::new(ReferencesFit)),
);

/// The requirement.
#[derive(Debug)]
struct ReferencesFit;

impl Requirement for ReferencesFit {
    fn check(
        &self,
        cx: LintContext<'_>,
        rule: &RuleMetadata,
        matched: Match<'_, '_>,
        result: &mut LintResult,
    ) {
        let Some(wrong) = WrongReference::of(matched.node) else {
            return;
        };
        let mut finding = rule.finding(message(&wrong), span(cx.sources, &wrong));
        finding.primary.text = label(&wrong);
        finding.notes = vec![Note::new("effect", wrong.effect.clone())];
        finding.url = Some(wrong.source.clone());
        let fix = wrong.write.as_ref().map(|write| Replacement {
            sources: cx.sources,
            wrong: &wrong,
            write,
        });
        finding.help = Some(match &fix {
            Some(fix) => format!("write `{}`", fix.shown()),
            None if wrong.wants.is_some() => {
                let wants = wrong.wants.as_deref().unwrap_or_default();
                let (resource, is) = (&wrong.resource, &wrong.type_name);
                format!("`{resource}` is an {is}: refer to an {wants} here")
            }
            None if wrong.takes == "ARN" => {
                format!("write the ARN of `{}` with `Fn::Sub`", wrong.resource)
            }
            None => format!("write {}, not {}", what(&wrong.takes), what(&wrong.returns)),
        });
        finding.fix = fix.and_then(|fix| fix.fix());
        result.findings.push(match wrong.is_mild {
            true => finding.at_most(Severity::Warning),
            false => finding,
        });
    }

    fn holds_without_match(&self) -> bool {
        true
    }
}

fn message(wrong: &WrongReference) -> String {
    format!(
        "{} returns the {} of `{}`, but `{}` expects {}",
        function(wrong),
        wrong.returns,
        wrong.resource,
        wrong.property,
        taken(wrong),
    )
}

/// What the property takes: where that is another ARN, which.
fn taken(wrong: &WrongReference) -> String {
    match &wrong.write {
        Some(Write::Attribute(name)) if wrong.returns == wrong.takes => format!("its `{name}`"),
        _ => what(&wrong.takes).to_owned(),
    }
}

fn what(kind: &str) -> &'static str {
    match kind {
        "ARN" => "an ARN",
        "URL" => "a URL",
        "ID" => "an ID",
        _ => "a name",
    }
}

/// How a message calls the reference.
fn function(wrong: &WrongReference) -> String {
    let name = name(&wrong.resource, wrong.attribute.as_deref());
    match (is_in_text(wrong), &wrong.attribute) {
        (true, _) => format!("`${{{name}}}`"),
        (false, Some(attribute)) => format!("`Fn::GetAtt` of `{attribute}`"),
        (false, None) => "`Ref`".to_owned(),
    }
}

fn label(wrong: &WrongReference) -> String {
    format!("the {} of an {}", wrong.returns, wrong.type_name)
}

/// Whether it stands in a text, between `${` and `}`.
fn is_in_text(wrong: &WrongReference) -> bool {
    wrong.expression.as_text().is_some()
}

fn name(resource: &str, attribute: Option<&str>) -> String {
    match attribute {
        Some(attribute) => format!("{resource}.{attribute}"),
        None => resource.to_owned(),
    }
}

/// The place of the reference.
fn span(sources: &SourceMap, wrong: &WrongReference) -> Span {
    let node = &wrong.expression;
    let end = node.as_str().and_then(|text| text.find('}'));
    match end {
        Some(end) => piece_span(sources, node, 0..end + 1),
        None => node.span,
    }
}

/// What to write in the place of a reference.
struct Replacement<'w> {
    sources: &'w SourceMap,
    wrong: &'w WrongReference,
    write: &'w Write,
}

impl Replacement<'_> {
    /// The reference in the language of its file.
    fn shown(&self) -> String {
        let resource = &*self.wrong.resource;
        if is_in_text(self.wrong) {
            return self.write.in_text(resource);
        }
        let call = self.call(&self.wrong.expression);
        if let Some(call) = call.filter(|call| !call.contains('\n')) {
            return call;
        }
        let place = self.sources.resolve(self.wrong.expression.span);
        let file = self.sources.file(place.file);
        let is_json = file.is_some_and(|file| file.text().trim_start().starts_with('{'));
        match is_json {
            true => format!("{{\"{}\": {}}}", self.function(), self.long_value("\"")),
            false => format!("!{} {}", self.short_function(), self.short_value("")),
        }
    }

    fn fix(&self) -> Option<Fix> {
        let node = &self.wrong.expression;
        if let Some(text) = node.as_str() {
            let (_, rest) = text.split_once('}')?;
            return Some(Fix::Replace {
                span: node.span,
                text: self.shown() + rest,
            });
        }
        let text = self.call(node)?;
        let span = node.span;
        Some(Fix::Replace { span, text })
    }

    /// The call as it is written in the place of another: all of that which need not change stays.
    fn call(&self, node: &Node) -> Option<String> {
        let [call] = node.members() else {
            return None;
        };
        let [whole, key, value] = [node.span, call.key.span, call.value.span];
        let [whole, key, value] = [whole, key, value].map(|span| self.sources.resolve(span));
        let between = |start: u32, end: u32| {
            (start <= end).then(|| self.sources.slice(Span::new(whole.file, start, end)))
        };
        let start = between(whole.start, key.start)?;
        let middle = between(key.end, value.start)?;
        let end = between(value.end, whole.end)?;
        let written = self.sources.slice(value);
        let quote = quote(written.trim_start_matches(['[', '-']).trim_start());
        let name = self.sources.slice(key);
        let (function, value) = match name.starts_with('!') {
            true => (
                format!("!{}", self.short_function()),
                self.short_value(quote),
            ),
            false => {
                let mark = self::quote(name);
                let function = format!("{mark}{}{mark}", self.function());
                (function, self.long_value(quote))
            }
        };
        Some(format!("{start}{function}{middle}{value}{end}"))
    }

    fn function(&self) -> &'static str {
        match self.write {
            Write::Reference => "Ref",
            Write::Attribute(_) => "Fn::GetAtt",
            Write::Text(_) => "Fn::Sub",
        }
    }

    fn short_function(&self) -> &'static str {
        let name = self.function();
        name.strip_prefix("Fn::").unwrap_or(name)
    }

    /// What a short form is given, in these quotes.
    fn short_value(&self, quote: &str) -> String {
        match self.write {
            Write::Text(_) => self.long_value(quote),
            Write::Attribute(attribute) => {
                format!("{quote}{}.{attribute}{quote}", self.wrong.resource)
            }
            Write::Reference => format!("{quote}{}{quote}", self.wrong.resource),
        }
    }

    /// What a long form is given, in these quotes.
    fn long_value(&self, quote: &str) -> String {
        let quoted = |text: &str| format!("{quote}{text}{quote}");
        let resource = &self.wrong.resource;
        match self.write {
            Write::Reference => quoted(resource),
            Write::Attribute(name) => format!("[{}, {}]", quoted(resource), quoted(name)),
            // Without quotes, braces end a text in some places.
            Write::Text(text) if quote.is_empty() => format!("\"{text}\""),
            Write::Text(text) => quoted(text),
        }
    }
}

/// The quote with which something that is written begins.
fn quote(written: &str) -> &'static str {
    match written.chars().next() {
        Some('"') => "\"",
        Some('\'') => "'",
        _ => "",
    }
}
