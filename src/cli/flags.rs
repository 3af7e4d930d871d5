//! Flags that say something of a function, as hints with places in the text of the command line.

use super::args::{Context, PolicyType};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::input::{Hint, Hints};
use crate::model::LoneType;
use crate::source::{FileId, SourceMap, Span, TooLarge};
use crate::syntax::{Text, nearest};

/// The name under which the flags are shown as a text.
const NAME: &str = "command line";

/// The flags as one text, and the place of each in it.
#[derive(Debug, Default)]
pub(super) struct Line {
    text: String,
    places: Vec<(u32, u32)>,
}

impl Line {
    /// The flags as a text that can be shown.
    pub(super) fn source(&self, sources: &mut SourceMap) -> Result<FileId, TooLarge> {
        sources.add(NAME, &self.text)
    }

    /// Adds a flag; the place is that of its value, or of the flag where it has none.
    pub(super) fn add(&mut self, flag: &str, value: Option<&str>) -> usize {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(flag);
        let start = match value {
            Some(value) => {
                self.text.push(' ');
                let at = self.text.len();
                self.text.push_str(value);
                at
            }
            None => start,
        };
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.places.push((offset(start), offset(self.text.len())));
        self.places.len() - 1
    }

    pub(super) fn span(&self, file: FileId, index: usize) -> Span {
        let (start, end) = self.places.get(index).copied().unwrap_or((0, 0));
        Span::new(file, start, end)
    }
}

/// The places of the flags in the text of the command line.
struct Given {
    vpc: Option<usize>,
    tracing: Option<usize>,
    triggers: Vec<usize>,
    event_sources: Vec<usize>,
    dead_letter: Option<usize>,
    function: Option<usize>,
}

impl Given {
    fn write(context: &Context, line: &mut Line) -> Self {
        let mut each = |flag: &str, values: &[String]| -> Vec<usize> {
            values
                .iter()
                .map(|value| line.add(flag, Some(value)))
                .collect()
        };
        let triggers = each("--trigger", &context.trigger);
        let event_sources = each("--event-source", &context.event_source);
        let mut one = |flag: &str, value: &Option<String>| {
            value.as_ref().map(|value| line.add(flag, Some(value)))
        };
        let dead_letter = one("--dead-letter", &context.dead_letter);
        let function = one("--function", &context.function);
        Given {
            vpc: context.vpc.then(|| line.add("--vpc", None)),
            tracing: context.tracing.then(|| line.add("--tracing", None)),
            triggers,
            event_sources,
            dead_letter,
            function,
        }
    }
}

/// What the flags say; a kind that does not exist is a problem.
pub(super) fn hints(
    context: &Context,
    sources: &mut SourceMap,
    catalogue: &Catalogue,
    problems: &mut Vec<Problem>,
) -> Hints {
    let mut line = Line::default();
    let given = Given::write(context, &mut line);
    let Ok(file) = line.source(sources) else {
        return Hints::default();
    };
    let span = |at: usize| line.span(file, at);
    let text = |value: &Option<String>, at: Option<usize>| {
        let value = value.as_deref().zip(at);
        value.map(|(value, at)| (Text::from(value), span(at)))
    };
    let mut kinds = |values: &[String], places: &[usize], known: Vec<&str>| {
        let hints = values.iter().zip(places).filter_map(|(value, at)| {
            let hint = hint(value, span(*at), &known);
            hint.map_err(|problem| problems.push(problem)).ok()
        });
        hints.collect::<Vec<Hint>>()
    };
    // Most runs name no sources, and need not know which there are.
    let push = context.trigger.first().map_or_else(Vec::new, |_| {
        let ids = catalogue.push.iter().map(|source| source.id.as_str());
        ids.collect()
    });
    let poll = context.event_source.first().map_or_else(Vec::new, |_| {
        let ids = catalogue.poll.iter().map(|source| source.id.as_str());
        ids.collect()
    });
    Hints {
        vpc: given.vpc.map(span),
        tracing: given.tracing.map(span),
        triggers: kinds(&context.trigger, &given.triggers, push),
        event_sources: kinds(&context.event_source, &given.event_sources, poll),
        dead_letter: text(&context.dead_letter, given.dead_letter),
        function: text(&context.function, given.function),
        policy_type: context.policy_type.map(lone_type),
        ..Hints::default()
    }
}

/// The type of stand-alone policies that a flag selects.
fn lone_type(of_type: PolicyType) -> LoneType {
    match of_type {
        PolicyType::Identity => LoneType::Identity,
        PolicyType::Trust => LoneType::Trust,
        PolicyType::Function => LoneType::Function,
        PolicyType::Resource => LoneType::Resource,
    }
}

/// Parses `KIND[=ARN]` of an event source.
fn hint(value: &str, span: Span, known: &[&str]) -> Result<Hint, Problem> {
    let (kind, arn) = match value.split_once('=') {
        Some((kind, arn)) => (kind, Some(Text::from(arn))),
        None => (value, None),
    };
    if known.contains(&kind) {
        let kind = kind.to_owned();
        return Ok(Hint { kind, arn, span });
    }
    let help = match nearest(kind, known.iter().copied()) {
        Some(near) => format!(
            "did you mean `{near}`? Known event sources: {}",
            known.join(", ")
        ),
        None => format!("known event sources: {}", known.join(", ")),
    };
    Err(Problem::at(span, format!("unknown event source `{kind}`")).help(help))
}
