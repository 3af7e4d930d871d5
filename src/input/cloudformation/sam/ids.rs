//! The logical ids that the transform may give to what it makes, as the data lists them by type.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html>

use std::collections::{HashMap, HashSet};

use crate::syntax::Node;

/// The logical ids that the transform may give to what it makes of a template.
pub(in crate::input::cloudformation) struct GeneratedIds<'t> {
    ids: Option<&'t Node>,
    resources: HashMap<&'t str, &'t Node>,
    /// The resources that events imply, with their types.
    implied: Vec<(&'t str, &'t str)>,
    /// The names that the template itself gives to what is made.
    given: HashSet<&'t str>,
}

impl<'t> GeneratedIds<'t> {
    pub(in crate::input::cloudformation) fn of(template: &'t Node, sam: &'t Node) -> Self {
        let ids = sam.get("ids");
        let resources = template.get("Resources").map_or(&[][..], Node::members);
        let namers: Vec<&str> = ids.map_or_else(Vec::new, |ids| patterns(ids, "namedBy").collect());
        let nodes = resources.iter().flat_map(|resource| resource.value.walk());
        let given = nodes.flat_map(|node| namers.iter().filter_map(|namer| node.str(namer)));
        let resources = resources.iter();
        GeneratedIds {
            ids,
            implied: implied(template, sam).collect(),
            given: given.collect(),
            resources: resources.map(|m| (&*m.key.text, &m.value)).collect(),
        }
    }

    /// Whether the transform may make a resource of that name.
    pub(in crate::input::cloudformation) fn has(&self, name: &str) -> bool {
        let Some(ids) = self.ids else {
            return true;
        };
        let mut anywhere = patterns(ids, "anywhere");
        let mut implied = self.implied.iter();
        let mut starts = name.char_indices().skip(1).map(|(at, _)| at);
        self.given.contains(name)
            || anywhere.any(|pattern| matches(pattern, name))
            || implied.any(|(id, kind)| {
                let mut patterns = patterns(ids, kind);
                patterns.any(|pattern| matches(&pattern.replace("{id}", id), name))
            })
            || starts.any(|at| {
                let start = name.get(..at).unwrap_or("");
                let resource = self.resources.get(start);
                resource.is_some_and(|resource| makes(start, resource, name, ids))
            })
    }
}

fn patterns<'s>(ids: &'s Node, kind: &str) -> impl Iterator<Item = &'s str> {
    let list = ids.get(kind).map_or(&[][..], Node::items);
    list.iter().filter_map(Node::as_str)
}

/// Whether a resource of the template may become one of that name, among others, or has a connector of
/// that name.
fn makes(id: &str, resource: &Node, name: &str, ids: &Node) -> bool {
    let rest = name.strip_prefix(id);
    let connectors = resource.get("Connectors").map_or(&[][..], Node::members);
    let kind = resource.str("Type").unwrap_or("");
    let events = resource.at(&["Properties", "Events"]);
    let events = events.map_or(&[][..], Node::members);
    let mut patterns = patterns(ids, kind);
    connectors.iter().any(|own| rest == Some(&*own.key.text))
        || patterns.any(|pattern| {
            let pattern = pattern.replace("{id}", id);
            match pattern.contains("{event}") {
                true => events
                    .iter()
                    .any(|event| matches(&pattern.replace("{event}", &event.key.text), name)),
                false => matches(&pattern, name),
            }
        })
}

/// The resources that events may imply, with their types.
fn implied<'t>(template: &'t Node, sam: &'t Node) -> impl Iterator<Item = (&'t str, &'t str)> {
    let kinds = sam.get("resources").map_or(&[][..], Node::members).iter();
    kinds.filter_map(|kind| {
        let implied = kind.value.get("implied")?;
        super::asked_by(template, implied)?;
        Some((implied.str("name")?, &*kind.key.text))
    })
}

/// Whether a name has the form of a pattern, in which `*` stands for any characters and `?` for one.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.chars().next() {
        None => name.is_empty(),
        Some('*') => {
            let rest = pattern.get(1..).unwrap_or("");
            let mut ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.any(|at| name.get(at..).is_some_and(|tail| matches(rest, tail)))
        }
        Some(first) => {
            let mut left = name.chars();
            let fits = left.next().is_some_and(|c| first == '?' || first == c);
            fits && matches(pattern.get(first.len_utf8()..).unwrap_or(""), left.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_takes_the_whole_name() {
        for (pattern, name, wanted) in [
            ("FRole", "FRole", true),
            ("FRole", "FRoles", false),
            ("FAlias*", "FAliaslive", true),
            ("FAlias*", "FAlia", false),
            ("A*Stage", "AprodStage", true),
            ("A*Stage", "AStageTwo", false),
            ("FVersion????", "FVersion0a1b", true),
            ("FVersion????", "FVersion0a1", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, name), wanted, "{pattern} {name}");
        }
    }
}
