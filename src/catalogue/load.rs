//! Reading the catalogue.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::amendments::Amendments;
use super::pack::{self, PackError};
use super::table::ActionTable;
use super::{
    Actions, CallerKeys, Feature, Grant, ManagedPolicies, Needs, PollSource, PushSource,
    RequiredPolicy, Symptoms, Target, TemplateResource, TriggerPattern,
};
use crate::diagnostics::Problem;
use crate::source::{FileId, SourceMap, TooLarge};
use crate::syntax::{Fields, Node, json};

/// The catalogue's files that are JSON, by name, as they are embedded in the program.
pub const FILES: [(&str, &str); 7] = [
    (
        "event-sources.json",
        include_str!("../../rules/catalogue/event-sources.json"),
    ),
    (
        "features.json",
        include_str!("../../rules/catalogue/features.json"),
    ),
    (
        "callers.json",
        include_str!("../../rules/catalogue/callers.json"),
    ),
    (AMENDMENTS, AMENDMENTS_TEXT),
    (RESOURCES, RESOURCES_TEXT),
    (SAM, SAM_TEXT),
    (SYMPTOMS, SYMPTOMS_TEXT),
];

/// The file that is read only when it is asked for.
const AMENDMENTS: &str = "amendments.json";
const AMENDMENTS_TEXT: &str = include_str!("../../rules/catalogue/amendments.json");

/// The file that only templates need.
const RESOURCES: &str = "resources.json";
const RESOURCES_TEXT: &str = include_str!("../../rules/catalogue/resources.json");

/// The file that only templates of SAM need.
const SAM: &str = "sam.json";
const SAM_TEXT: &str = include_str!("../../rules/catalogue/sam.json");

/// The file that only explanations need.
const SYMPTOMS: &str = "symptoms.json";
const SYMPTOMS_TEXT: &str = include_str!("../../rules/catalogue/symptoms.json");

/// The files that are embedded as tables.
const ACTIONS: &str = "actions.json";
const MANAGED_POLICIES: &str = "managed-policies.json";

/// How hard given policies are compressed: they are used once.
const LEAST_EFFORT: u32 = 1;

/// A file that takes the place of the embedded one of its name.
#[derive(Clone, Debug)]
pub struct GivenFile {
    /// Where it is, as the user named it.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

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
    /// Actions that nothing allows without the policy of their resource.
    pub required_policies: Vec<RequiredPolicy>,
    /// AWS-managed policies.
    pub managed: ManagedPolicies,
    /// Which actions exist.
    pub actions: Actions,
    resources: OnceLock<BTreeMap<String, TemplateResource>>,
    sam: OnceLock<Option<Node>>,
    symptoms: OnceLock<Symptoms>,
}

impl GivenFile {
    /// Whether a catalogue has a file of that name.
    #[must_use]
    pub fn is_known(name: &str) -> bool {
        let tables = [ACTIONS, MANAGED_POLICIES];
        tables.contains(&name) || FILES.iter().any(|(known, _)| *known == name)
    }

    fn name(&self) -> &str {
        self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path)
    }

    fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

impl Catalogue {
    /// Reads the embedded catalogue.
    pub fn builtin(sources: &mut SourceMap) -> (Self, Vec<Problem>) {
        Self::with(sources, Vec::new())
    }

    /// Reads the embedded catalogue, with files that take the place of embedded ones.
    pub fn with(sources: &mut SourceMap, given: Vec<GivenFile>) -> (Self, Vec<Problem>) {
        let mut catalogue = Catalogue {
            managed: ManagedPolicies::builtin(),
            actions: Actions::builtin(AMENDMENTS_TEXT),
            ..Catalogue::default()
        };
        let mut problems = Vec::new();
        let lazy = [AMENDMENTS, RESOURCES, SAM, SYMPTOMS];
        for (name, text) in FILES.iter().filter(|(name, _)| !lazy.contains(name)) {
            if !given.iter().any(|file| file.name() == *name) {
                let file = sources.add_builtin(&format!("rules/catalogue/{name}"), text);
                catalogue.read(file, text, &mut problems, Catalogue::add);
            }
        }
        let own = given.iter().find(|file| file.name() == AMENDMENTS);
        let amendments = own.map_or(Cow::Borrowed(AMENDMENTS_TEXT), |file| file.text());
        for file in &given {
            catalogue.take(sources, file, &amendments, &mut problems);
        }
        (catalogue, problems)
    }

    fn take(
        &mut self,
        sources: &mut SourceMap,
        given: &GivenFile,
        amendments: &str,
        problems: &mut Vec<Problem>,
    ) {
        let text = given.text();
        match given.name() {
            ACTIONS | MANAGED_POLICIES => {
                if let Err(error) = self.take_table(given.name(), &text, amendments) {
                    let message = format!("this file cannot be used: {error}");
                    problems.push(Problem::of_path(&given.path, message));
                }
            }
            name => {
                let add = match name {
                    AMENDMENTS => Catalogue::amend,
                    RESOURCES => Catalogue::take_resources,
                    SAM => Catalogue::take_sam,
                    SYMPTOMS => Catalogue::take_symptoms,
                    _ => Catalogue::add,
                };
                let file = sources.add(&given.path, &text);
                self.read(file, &text, problems, add);
            }
        }
    }

    /// Packs a file as the build does with the embedded one of its name.
    fn take_table(&mut self, name: &str, text: &str, amendments: &str) -> Result<(), PackError> {
        if name == ACTIONS {
            let table = ActionTable::of(pack::actions(text, amendments)?.into());
            self.actions.table = table.unwrap_or_default();
        } else {
            self.managed = ManagedPolicies::of(pack::managed_policies(text, LEAST_EFFORT)?);
        }
        Ok(())
    }

    fn read(
        &mut self,
        file: Result<FileId, TooLarge>,
        text: &str,
        problems: &mut Vec<Problem>,
        add: fn(&mut Self, &Node, &mut Vec<Problem>),
    ) {
        let Ok(file) = file else {
            problems.push(Problem::of_path("rules/catalogue", "a file is too large"));
            return;
        };
        let documents = json::read(file, text);
        problems.extend(documents.errors.into_iter().map(Problem::from));
        for root in &documents.roots {
            add(self, root, problems);
        }
    }

    fn take_resources(&mut self, root: &Node, problems: &mut Vec<Problem>) {
        self.resources = OnceLock::from(resources(root, problems));
    }

    fn take_sam(&mut self, root: &Node, _: &mut Vec<Problem>) {
        self.sam = OnceLock::from(Some(root.clone()));
    }

    /// Symptoms of the user's go before those of the program.
    fn take_symptoms(&mut self, root: &Node, problems: &mut Vec<Problem>) {
        let mut all = builtin_symptoms();
        if let Some(own) = Symptoms::decode(root, problems) {
            for symptom in own.list.iter().filter(|s| !s.pattern.is_valid()) {
                let message = format!("the pattern of `{}` is no regular expression", symptom.id);
                problems.push(Problem::at(root.span.at_start(), message));
            }
            all.add(own);
        }
        self.symptoms = OnceLock::from(all);
    }

    /// What errors say.
    #[must_use]
    pub fn symptoms(&self) -> &Symptoms {
        self.symptoms.get_or_init(builtin_symptoms)
    }

    /// What becomes of events and policy templates of SAM.
    #[must_use]
    pub fn sam(&self) -> Option<&Node> {
        let read = || json::read(FileId::NOWHERE, SAM_TEXT).roots.pop();
        self.sam.get_or_init(read).as_ref()
    }

    /// What is known of a type of resources in templates.
    #[must_use]
    pub fn template_resource(&self, kind: &str) -> Option<&TemplateResource> {
        self.template_resources().get(kind)
    }

    /// The ARN of the first AWS-managed policy for what is needed, if it names all these actions.
    #[must_use]
    pub fn managed_arn<'a>(
        &self,
        needs: &Needs,
        mut actions: impl Iterator<Item = &'a str>,
    ) -> Option<String> {
        let name = needs.managed_policies.first()?;
        let folders = ["service-role/", ""].into_iter();
        let mut found = folders.filter_map(|folder| {
            let arn = format!("arn:aws:iam::aws:policy/{folder}{name}");
            Some((self.managed.policy(&arn)?, arn))
        });
        let (policy, arn) = found.next()?;
        let names = |action: &str| policy.document.contains(&format!("\"{action}\""));
        actions.all(names).then_some(arn)
    }

    /// All types of resources, by name.
    pub fn template_resources(&self) -> &BTreeMap<String, TemplateResource> {
        self.resources.get_or_init(|| {
            let documents = json::read(FileId::NOWHERE, RESOURCES_TEXT);
            let root = documents.roots.first();
            root.map(|root| resources(root, &mut Vec::new()))
                .unwrap_or_default()
        })
    }

    /// The types of resources of a service, such as `AWS::SQS`, of which something is known.
    pub fn types_of(&self, service: &str) -> Vec<&str> {
        let own = self.template_resources().keys().map(String::as_str);
        let sources = self.push.iter().flat_map(|source| &source.templates);
        let all = own.chain(sources.map(TriggerPattern::told_by));
        let is_of = |kind: &&str| {
            kind.rsplit_once("::")
                .is_some_and(|(own, _)| own == service)
        };
        let mut types: Vec<&str> = all.filter(is_of).collect();
        if service == "AWS::Serverless" {
            let told = self.sam().and_then(|sam| sam.get("resources"));
            let told = told.map_or(&[][..], Node::members).iter();
            types.extend(told.map(|member| &*member.key.text));
        }
        types
    }

    fn amend(&mut self, root: &Node, problems: &mut Vec<Problem>) {
        self.actions.amend(Amendments::decode(root, problems));
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
            fields.list("resourcePolicyRequired"),
        ];
        fields.optional_text("$schema");
        fields.finish();
        let [push, poll, features, targets, callers, required] = lists;
        self.push.extend(each(push, problems, PushSource::decode));
        self.poll.extend(each(poll, problems, PollSource::decode));
        self.features
            .extend(each(features, problems, Feature::decode));
        self.targets.extend(each(targets, problems, Target::decode));
        self.callers
            .extend(each(callers, problems, CallerKeys::decode));
        self.required_policies
            .extend(each(required, problems, RequiredPolicy::decode));
    }

    /// All that anything asks of a policy.
    pub fn grants(&self) -> impl Iterator<Item = &Grant> {
        let push = self.push.iter().map(|source| &source.needs);
        let poll = self.poll.iter().map(|source| &source.needs);
        let features = self.features.iter().map(|feature| &feature.needs);
        let targets = self.targets.iter().map(|target| &target.needs);
        let needs = push.chain(poll).chain(features).chain(targets);
        needs.flat_map(|needs| &needs.grants)
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

    /// The policy of the resource without which nothing allows an action, where there is one.
    #[must_use]
    pub fn required_policy(&self, action: &str) -> Option<&RequiredPolicy> {
        let mut required = self.required_policies.iter();
        required.find(|required| required.covers(action))
    }

    /// The condition keys of that kind of caller.
    #[must_use]
    pub fn caller(&self, id: &str) -> Option<&CallerKeys> {
        self.callers.iter().find(|caller| caller.id == id)
    }
}

fn builtin_symptoms() -> Symptoms {
    let documents = json::read(FileId::NOWHERE, SYMPTOMS_TEXT);
    let root = documents.roots.first();
    let decoded = root.and_then(|root| Symptoms::decode(root, &mut Vec::new()));
    decoded.unwrap_or_default()
}

fn resources(root: &Node, problems: &mut Vec<Problem>) -> BTreeMap<String, TemplateResource> {
    let Some(mut fields) = Fields::open(root, "the resource types", problems) else {
        return BTreeMap::new();
    };
    let listed = fields.list("resources");
    fields.finish();
    let decoded = each(listed, problems, TemplateResource::decode);
    decoded
        .into_iter()
        .map(|resource| (resource.name.clone(), resource))
        .collect()
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
        for grant in catalogue.grants() {
            assert!(
                catalogue.caller(&grant.caller).is_some(),
                "{}",
                grant.caller
            );
        }
    }
}
