//! Which values AWS takes for a property of a resource.

use super::decode::each;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Kind, Node, Template, Text, TextForm, TextPattern};

/// The values that AWS takes for a property.
#[derive(Debug)]
pub struct AcceptedValue {
    /// The property.
    pub property: String,
    /// The form of the whole value.
    pub form: TextForm,
    /// What a wrong value must match for it to be certain what was meant, and how that is written.
    pub meant: Option<(TextPattern, Template)>,
}

impl AcceptedValue {
    /// The values of properties of a resource type.
    pub(super) fn list(fields: &mut Fields<'_, '_>) -> Vec<Self> {
        let values = fields.list("values");
        each(values, fields.problems(), AcceptedValue::decode)
    }

    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a value of a property", problems)?;
        let [property, form] = ["property", "form"].map(|name| fields.text(name));
        let meant = fields.pattern("meant", true);
        let written = fields.template("as");
        // The source is for whoever reviews the file.
        fields.text("source");
        fields.finish();
        Some(AcceptedValue {
            property: property?.to_owned(),
            form: TextForm::trusted(form?),
            meant: meant.zip(written),
        })
    }

    /// Whether AWS refuses the value, whatever is in the parts of it that are not known yet.
    #[must_use]
    pub fn refuses(&self, value: &Node) -> bool {
        match &value.kind {
            Kind::Null => false,
            Kind::Array(_) => true,
            // A call that is not known may return anything.
            Kind::Object(members) => !members.iter().any(|member| {
                let name = &*member.key.text;
                name.starts_with("Fn::") || name == "Ref"
            }),
            Kind::Text(text) => !self.form.fits(text),
            Kind::Bool(value) => !self.form.fits(&value.to_string().into()),
            Kind::Number(number) => !self.form.fits(&as_read(number)),
        }
    }

    /// The value that was certainly meant by one that AWS refuses.
    #[must_use]
    pub fn meant(&self, value: &Node) -> Option<String> {
        let sole = sole(value).filter(|sole| !self.refuses(sole));
        sole.and_then(Node::as_str)
            .map(str::to_owned)
            .or_else(|| self.mended(value.as_str()?))
    }

    fn mended(&self, text: &str) -> Option<String> {
        let (pattern, written) = self.meant.as_ref()?;
        let parts = pattern.capture(text)?.into_iter();
        let names = parts.map(|(name, part)| (name, Text::from(part))).collect();
        let meant = written.fill(&names);
        let fits = self.form.fits(&meant);
        meant.as_str().filter(|_| fits).map(str::to_owned)
    }
}

/// What a list or an object has in it, where that is one value, as in the form of a policy.
fn sole(value: &Node) -> Option<&Node> {
    match (value.items(), value.members()) {
        ([only], []) => Some(only),
        ([], [only]) => Some(sole(&only.value).unwrap_or(&only.value)),
        _ => None,
    }
}

/// A number as CloudFormation reads it: one that begins with a zero is octal in YAML 1.1.
///
/// <https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/745>
fn as_read(number: &str) -> Text {
    let octal = number.strip_prefix('0').filter(|rest| !rest.is_empty());
    let value = octal.and_then(|digits| u64::from_str_radix(digits, 8).ok());
    value.map_or_else(|| Text::from(number), |value| value.to_string().into())
}
