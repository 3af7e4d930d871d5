//! What flags say of a function whose documents do not say it.

use crate::document::Text;
use crate::model::LoneType;
use crate::source::Span;

/// What the user said beside the documents. Places are in the text of the command line.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// ARN or name of the function that the others are about.
    pub function: Option<(Text, Span)>,
    /// The function is in a VPC.
    pub vpc: Option<Span>,
    /// The function is traced.
    pub tracing: Option<Span>,
    /// Kinds and ARNs of sources that invoke the function.
    pub triggers: Vec<Hint>,
    /// Kinds and ARNs of sources that Lambda reads for the function.
    pub event_sources: Vec<Hint>,
    /// ARN of the dead-letter queue or topic.
    pub dead_letter: Option<(Text, Span)>,
    /// What policy documents by themselves are.
    pub policy_type: Option<LoneType>,
}

/// An event source that a flag names.
#[derive(Clone, Debug)]
pub struct Hint {
    /// The id in the catalogue.
    pub kind: String,
    /// Its ARN.
    pub arn: Option<Text>,
    /// The flag's place.
    pub span: Span,
}

impl Hints {
    /// The first flag that says something of a function.
    #[must_use]
    pub fn about_a_function(&self) -> Option<Span> {
        let lists = self.triggers.iter().chain(&self.event_sources);
        self.vpc
            .or(self.tracing)
            .or_else(|| lists.map(|hint| hint.span).next())
            .or_else(|| self.dead_letter.as_ref().map(|(_, span)| *span))
            .or_else(|| self.function.as_ref().map(|(_, span)| *span))
    }
}
