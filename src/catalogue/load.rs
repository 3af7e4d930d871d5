//! Reading the catalogue.

use super::{Actions, CallerKeys, Feature, ManagedPolicies, PollSource, PushSource, Target};
use crate::document::{Fields, Node, json};
use crate::finding::Problem;
use crate::source::SourceMap;

/// The catalogue's files, by name, as they are embedded in the program.
pub const FILES: [(&str, &str); 5] = [
    (
        "rules/catalogue/event-sources.json",
        include_str!("../../rules/catalogue/event-sources.json"),
    ),
    (
        "rules/catalogue/features.json",
        include_str!("../../rules/catalogue/features.json"),
    ),
    (
        "rules/catalogue/callers.json",
        include_str!("../../rules/catalogue/callers.json"),
    ),
    (
        "rules/catalogue/managed-policies.json",
        include_str!("../../rules/catalogue/managed-policies.json"),
    ),
    (
        "rules/catalogue/actions.json",
        include_str!("../../rules/catalogue/actions.json"),
    ),
];

/// All that the program knows of AWS.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Services that invoke a function by themselves.
    pub push: Vec<PushSource>,
    /// Sources that Lambda reads with the execution role.
    pub poll: Vec<PollSource>,
    /// Settings of a function that ask for permissions.
    pub features: Vec<Feature>,
    /// What Lambda sends records to.
    pub targets: Vec<Target>,
    /// Condition keys by who calls.
    pub callers: Vec<CallerKeys>,
    /// Managed policies whose body is known.
    pub managed: ManagedPolicies,
    /// Which actions exist.
    pub actions: Actions,
}

impl Catalogue {
    /// Reads the embedded catalogue.
    pub fn builtin(sources: &mut SourceMap) -> (Self, Vec<Problem>) {
        let mut catalogue = Catalogue::default();
        let mut problems = Vec::new();
        for (name, text) in FILES {
            catalogue.add_file(sources, name, text, &mut problems);
        }
        (catalogue, problems)
    }

    fn add_file(
        &mut self,
        sources: &mut SourceMap,
        name: &str,
        text: &str,
        problems: &mut Vec<Problem>,
    ) {
        let Ok(file) = sources.add_builtin(name, text) else {
            problems.push(Problem::of_path(name, "the file is too large"));
            return;
        };
        let documents = json::read(file, text);
        problems.extend(documents.errors.into_iter().map(Problem::from));
        for root in &documents.roots {
            self.add(root, problems);
        }
    }

    fn add(&mut self, root: &Node, problems: &mut Vec<Problem>) {
        let Some(mut fields) = Fields::open(root, "the catalogue", problems) else {
            return;
        };
        let lists = [
            fields.list("push"),
            fields.list("poll"),
            fields.list("features"),
            fields.list("targets"),
            fields.list("callers"),
            fields.list("managedPolicies"),
            fields.list("services"),
            fields.list("actions"),
        ];
        if let Some(data) = fields.optional_text("data") {
            self.actions.data = data.to_owned();
        }
        fields.optional_text("$schema");
        fields.finish();
        let [
            push,
            poll,
            features,
            targets,
            callers,
            managed,
            services,
            actions,
        ] = lists;
        self.push.extend(each(push, problems, PushSource::decode));
        self.poll.extend(each(poll, problems, PollSource::decode));
        self.features
            .extend(each(features, problems, Feature::decode));
        self.targets.extend(each(targets, problems, Target::decode));
        self.callers
            .extend(each(callers, problems, CallerKeys::decode));
        managed
            .iter()
            .for_each(|entry| self.managed.add(entry, problems));
        self.actions.add_services(services);
        actions
            .iter()
            .for_each(|entry| self.actions.add(entry, problems));
    }

    /// The push source of that id.
    #[must_use]
    pub fn push_source(&self, id: &str) -> Option<&PushSource> {
        self.push.iter().find(|source| source.id == id)
    }

    /// The poll source of that id.
    #[must_use]
    pub fn poll_source(&self, id: &str) -> Option<&PollSource> {
        self.poll.iter().find(|source| source.id == id)
    }

    /// The feature of that id.
    #[must_use]
    pub fn feature(&self, id: &str) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.id == id)
    }

    /// The condition keys of that kind of caller.
    #[must_use]
    pub fn caller(&self, id: &str) -> Option<&CallerKeys> {
        self.callers.iter().find(|caller| caller.id == id)
    }
}

/// Decodes every element of a list; what is wrong with one becomes a problem.
pub(super) fn each<T>(
    nodes: &[Node],
    problems: &mut Vec<Problem>,
    decode: fn(&Node, &mut Vec<Problem>) -> Option<T>,
) -> Vec<T> {
    nodes
        .iter()
        .filter_map(|node| decode(node, problems))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_catalogue_has_no_mistakes() {
        let (catalogue, problems) = Catalogue::builtin(&mut SourceMap::default());
        assert_eq!(problems, []);
        assert!(!catalogue.push.is_empty() && !catalogue.poll.is_empty());
    }

    #[test]
    fn every_caller_of_a_grant_is_known() {
        let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
        let polls = catalogue
            .poll
            .iter()
            .flat_map(|source| &source.needs.grants);
        let features = catalogue
            .features
            .iter()
            .flat_map(|feature| &feature.needs.grants);
        for grant in polls.chain(features) {
            assert!(
                catalogue.caller(&grant.caller).is_some(),
                "{}",
                grant.caller
            );
        }
    }
}
