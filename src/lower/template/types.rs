//! Types of resources that are misspelt: what is declared so would not be looked at.

use crate::catalogue::Catalogue;
use crate::document::{Member, Node, distance};
use crate::finding::Problem;

/// How many letters of a type may be wrong.
const SLIPS: usize = 2;

/// Types that are nearly, and not quite, types of the same service that the catalogue knows.
pub(super) fn misspelt(template: &Node, catalogue: &Catalogue) -> Vec<Problem> {
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    resources
        .iter()
        .filter_map(|member| mistake(member, catalogue))
        .collect()
}

fn mistake(member: &Member, catalogue: &Catalogue) -> Option<Problem> {
    let kind = member.value.get("Type")?;
    let written = kind.as_str()?;
    if catalogue.template_resource(written).is_some() {
        return None;
    }
    let (service, _) = written.rsplit_once("::")?;
    let types = catalogue.types_of(service);
    let is_near = |known: &&&str| distance(known, written) <= SLIPS;
    let near = types
        .iter()
        .find(is_near)
        .filter(|_| !types.contains(&written))?;
    let message = format!("there is no type of resources `{written}`");
    Some(Problem::at(kind.span, message).help(format!("did you mean `{near}`?")))
}
