//! Settings of a function that need permissions of its execution role.

use super::decode::each;
use super::needs::Needs;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Names, Node, Selector, Template};

/// A setting of a function, and the permissions that it needs.
#[derive(Debug)]
pub struct Feature {
    /// The id.
    pub id: String,
    /// What it is called, as in "VPC access".
    pub name: String,
    /// What the permissions are for, as in "write its logs".
    pub purpose: String,
    /// What the execution role must allow.
    pub needs: Needs,
    report_at: Option<Selector>,
    extract: Vec<FeatureExtraction>,
}

/// Where a variable of the feature's templates comes from.
#[derive(Debug)]
struct FeatureExtraction {
    variable: String,
    from: Option<Selector>,
    formats: Vec<Template>,
    /// Whether the setting is this feature only where a format matches.
    required: bool,
    default: Option<Template>,
}

impl Feature {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a feature", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let name = fields.text("name").map(str::to_owned);
        let report_at = fields.selector("reportAt");
        let purpose = fields.text("purpose").map(str::to_owned);
        let needs = Needs::decode(&mut fields);
        let extract = fields.list("extract");
        fields.finish();
        let extract = each(extract, problems, FeatureExtraction::decode);
        Some(Feature {
            id: id?,
            name: name?,
            purpose: purpose?,
            needs,
            report_at,
            extract,
        })
    }

    /// The part of the setting that a finding points at.
    #[must_use]
    pub fn place<'n>(&self, setting: &'n Node) -> &'n Node {
        self.report_at
            .as_ref()
            .and_then(|path| path.first(setting))
            .unwrap_or(setting)
    }

    /// The template variables that a setting sets, with those of its function; `None` where the
    /// setting is not this feature.
    #[must_use]
    pub fn names(&self, setting: &Node, function: &Names) -> Option<Names> {
        let mut names = function.clone();
        names.extend(setting.names());
        for extraction in &self.extract {
            extraction.apply(setting, &mut names)?;
        }
        Some(names)
    }
}

impl FeatureExtraction {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "an extraction", problems)?;
        let variable = fields.optional_text("variable").unwrap_or("").to_owned();
        let from = fields.selector("from");
        let formats = fields.templates("format");
        let required = fields.flag("required").unwrap_or(false);
        let default = fields.template("default");
        fields.finish();
        Some(FeatureExtraction {
            variable,
            from,
            formats,
            required,
            default,
        })
    }

    /// Sets the variables; `None` where a format is required and none matches.
    fn apply(&self, setting: &Node, names: &mut Names) -> Option<()> {
        let found = self
            .from
            .as_ref()
            .and_then(|path| path.first(setting)?.as_text().cloned())
            .filter(|text| text.as_str() != Some(""));
        match (found, &self.default) {
            (Some(text), _) if self.formats.is_empty() => {
                names.insert(self.variable.clone(), text);
            }
            (Some(text), _) => {
                let captured = self.formats.iter().find_map(|format| format.capture(&text));
                if captured.is_none() && self.required {
                    return None;
                }
                names.extend(captured.unwrap_or_default());
            }
            (None, Some(default)) => {
                let text = default.fill(names);
                names.insert(self.variable.clone(), text);
            }
            (None, None) if self.required => return None,
            (None, None) => {}
        }
        Some(())
    }
}
