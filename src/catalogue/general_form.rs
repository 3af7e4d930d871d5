//! Resources of which the next call names another one, and how a policy names all of them.

use super::table::ActionTable;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Names, Node, Template, Text};

/// How the ARN of a refused call becomes the resource of a policy.
#[derive(Debug, Default)]
pub struct GeneralForms {
    /// Formats of ARNs, with the form to write in a policy.
    pub(super) forms: Vec<GeneralForm>,
    /// Variables of the formats of actions.
    pub(super) variables: Vec<ResourceVariable>,
}

/// A format of an ARN that the table of actions does not have, or whose general form is another one.
#[derive(Debug)]
pub(super) struct GeneralForm {
    arn: Template,
    write: Template,
}

/// A variable in the formats of ARNs.
#[derive(Debug)]
pub(super) struct ResourceVariable {
    name: String,
    services: Vec<String>,
    /// Whether its value changes from call to call.
    is_transient: bool,
    /// What to write for it where its value is not known.
    placeholder: Option<String>,
}

impl GeneralForm {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a general form", problems)?;
        fields.required("arn");
        fields.required("write");
        let (arn, write) = (fields.template("arn"), fields.template("write"));
        fields.text("source");
        fields.finish();
        Some(GeneralForm {
            arn: arn?,
            write: write?,
        })
    }
}

impl ResourceVariable {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a variable of ARNs", problems)?;
        let name = fields.text("variable").map(str::to_owned);
        let services = fields.texts("services");
        let is_transient = fields.flag("transient").unwrap_or(false);
        let placeholder = fields.optional_text("placeholder").map(str::to_owned);
        fields.text("source");
        fields.finish();
        Some(ResourceVariable {
            name: name?,
            services,
            is_transient,
            placeholder,
        })
    }

    fn is(&self, service: &str, variable: &str) -> bool {
        let of_service = self.services.iter().any(|of| of == service);
        self.name == variable && (self.services.is_empty() || of_service)
    }
}

impl GeneralForms {
    /// Whether the value of a variable in the formats of a service changes from call to call.
    #[must_use]
    pub fn is_transient(&self, service: &str, variable: &str) -> bool {
        let mut known = self.variables.iter();
        known.any(|known| known.is_transient && known.is(service, variable))
    }

    /// What to write for a variable in the formats of a service whose value is not known, where that is
    /// not its name.
    #[must_use]
    pub fn placeholder(&self, service: &str, variable: &str) -> Option<&str> {
        let mut known = self
            .variables
            .iter()
            .filter(|known| known.is(service, variable));
        known.find_map(|known| match known.is_transient {
            true => Some("*"),
            false => known.placeholder.as_deref(),
        })
    }

    /// The resource of a policy that also covers the next call, by the ARN that one call named.
    #[must_use]
    pub fn of(&self, table: &ActionTable, arn: &str) -> String {
        let written = Text::from(arn);
        let mut forms = self.forms.iter();
        let known = forms.find_map(|form| Some(form.write.fill(&form.arn.capture(&written)?)));
        if let Some(known) = known.as_ref().and_then(Text::as_str) {
            return known.to_owned();
        }
        let service = arn.split(':').nth(2).unwrap_or("");
        let types = table.service(service).into_iter();
        let mut types = types.flat_map(|service| service.resources());
        let general = types.find_map(|of_type| {
            let format = Template::parse(of_type.arn()).ok()?;
            let mut names: Names = format.capture(&written)?;
            let mut changed = false;
            for (name, value) in &mut names {
                if self.is_transient(service, name) {
                    (*value, changed) = (Text::from("*"), true);
                }
            }
            changed.then(|| format.fill(&names).to_string())
        });
        general.unwrap_or_else(|| arn.to_owned())
    }
}
