//! What flags say of a function whose documents do not say it.

use super::parameters::Parameters;
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::model::{LoneType, Organization};
use crate::source::Span;
use crate::syntax::{Node, Text};

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
    /// The policies of the organization.
    pub organization: Organization,
    /// Documents of customer managed policies, by ARN.
    pub managed_policies: Vec<(Text, Node)>,
    /// Values for parameters of templates.
    pub parameters: Parameters,
    /// The workspace of Terraform.
    pub workspace: Option<String>,
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
    /// The flags that say something of a function.
    pub fn about_a_function(&self) -> impl Iterator<Item = Span> {
        let lists = self.triggers.iter().chain(&self.event_sources);
        let dead_letter = self.dead_letter.as_ref().map(|(_, span)| *span);
        let alone = self.vpc.into_iter().chain(self.tracing);
        alone.chain(lists.map(|hint| hint.span)).chain(dead_letter)
    }
}

/// What is wrong with a text that should be the ARN of a source.
pub(super) fn no_arn_of(what: &str, form: Option<&str>, span: Span) -> Problem {
    let problem = Problem::at(span, format!("this is not an ARN of the kind `{what}`"));
    match form {
        Some(form) => problem.help(format!("it looks like {}", form.replace(['?', '+'], ""))),
        None => problem,
    }
}

impl Hints {
    /// ARNs that are not of what their flags say.
    pub(super) fn mistakes(&self, catalogue: &Catalogue) -> Vec<Problem> {
        let triggers = self.triggers.iter().filter_map(|hint| {
            let (source, arn) = (catalogue.push_source(&hint.kind)?, hint.arn.as_ref()?);
            let wrong = !source.can_send(arn);
            wrong.then(|| no_arn_of(&source.name, source.arn_format(), hint.span))
        });
        let sources = self.event_sources.iter().filter_map(|hint| {
            let (source, arn) = (catalogue.poll_source(&hint.kind)?, hint.arn.as_ref()?);
            let form = source.arn.as_ref()?;
            let wrong = form.capture(arn).is_none();
            wrong.then(|| no_arn_of(&source.name, Some(form.as_str()), hint.span))
        });
        let dead_letter = self.dead_letter.as_ref().filter(|(arn, _)| {
            !catalogue
                .targets
                .iter()
                .any(|target| target.names(arn).is_some())
        });
        let dead_letter = dead_letter.map(|(_, span)| no_arn_of("queue or topic", None, *span));
        let given = self.parameters.list.iter();
        let given = given.filter(|given| given.name == "AWS::Region");
        let misspelt = given.filter_map(|given| {
            let regions = &catalogue.resource_types().regions;
            let meant = regions.meant(&given.value)?;
            let message = format!("unknown Region `{}`", given.value);
            let help = format!("did you mean `{meant}`?");
            Some(Problem::at(given.span, message).help(help))
        });
        let wrong = triggers.chain(sources).chain(dead_letter);
        wrong.chain(misspelt).collect()
    }
}
