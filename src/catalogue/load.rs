//! Loading the catalogue, from the files embedded in the program and from those of the user.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::amendments::Amendments;
use super::decode::each;
use super::embedded::{
    ACTIONS, AMENDMENTS, AMENDMENTS_TEXT, FILES, MANAGED_POLICIES, RESOURCES, RESOURCES_TEXT, SAM,
    SAM_TEXT, SERVERLESS, SERVERLESS_TEXT, SYMPTOMS, SYMPTOMS_TEXT, TERRAFORM, TERRAFORM_TEXT,
};
use super::fact_list::FactList;
use super::name_form;
use super::pack::{self, PackError};
use super::regions::Regions;
use super::table::ActionTable;
use super::{
    Actions, CallerContext, CheckedResource, Delivery, Feature, ManagedPolicies, Needs,
    OtherAnswer, PollSource, PropertyForm, PushSource, RequiredPolicy, ResourceAnswer,
    ServicePrincipals, Symptoms, Target, TemplateResource, TerraformTypes, TriggerExtractor,
};
use crate::diagnostics::Problem;
use crate::source::{FileId, SourceMap, TooLarge};
use crate::syntax::{Fields, Node, json};

/// The compression level for a user's policies, which are used only once.
const LEAST_EFFORT: u32 = 1;

/// A file that replaces the embedded one of the same name.
#[derive(Clone, Debug)]
pub struct GivenFile {
    /// Its path, as the user wrote it.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The facts about AWS. Files that few runs need are decoded on first use.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Event sources that invoke a function.
    pub push: FactList<PushSource>,
    /// Event sources that Lambda reads with the execution role.
    pub poll: FactList<PollSource>,
    /// Settings of a function that need permissions.
    pub features: FactList<Feature>,
    /// Dead-letter queues and destinations, by kind.
    pub targets: FactList<Target>,
    /// The condition keys in the requests of each kind of caller.
    pub callers: FactList<CallerContext>,
    /// Actions that require the policy of their resource to allow them.
    pub required_policies: FactList<RequiredPolicy>,
    /// The ARNs that AWS checks actions on, where a resource has several.
    pub checked_resources: FactList<CheckedResource>,
    /// How answers of the AWS CLI describe resources.
    pub resource_answers: FactList<ResourceAnswer>,
    /// What sends to queues and topics with the principal of its service.
    pub deliveries: FactList<Delivery>,
    /// Answers of the AWS CLI that say nothing of permissions.
    pub other_answers: FactList<OtherAnswer>,
    /// Under which names policies can mean services.
    pub principals: ServicePrincipals,
    /// The AWS-managed policies.
    pub managed: ManagedPolicies,
    /// The actions that exist.
    pub actions: Actions,
    resources: OnceLock<ResourceTypes>,
    sam: OnceLock<Option<Node>>,
    serverless: OnceLock<Option<Node>>,
    symptoms: OnceLock<Symptoms>,
    terraform: OnceLock<TerraformTypes>,
}

/// What is known of the resources of templates.
#[derive(Debug, Default)]
pub struct ResourceTypes {
    by_name: BTreeMap<String, TemplateResource>,
    /// What properties take.
    pub property_forms: Vec<PropertyForm>,
    /// How the names of Regions and partitions outside of `aws` begin.
    pub other_partitions: Vec<String>,
    /// The names of Regions.
    pub regions: Regions,
    /// What only texts about functions, roles and policies contain.
    pub markers: Vec<String>,
}

impl GivenFile {
    /// Whether the catalogue has a file of that name.
    #[must_use]
    pub fn is_known(name: &str) -> bool {
        let tables = [ACTIONS, MANAGED_POLICIES];
        tables.contains(&name) || FILES.contains(&name)
    }

    fn name(&self) -> &str {
        self.path.rsplit(['/', '\\']).next().unwrap_or(&self.path)
    }

    fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

impl Catalogue {
    /// Loads the embedded catalogue.
    pub fn builtin(sources: &mut SourceMap) -> (Self, Vec<Problem>) {
        Self::with(sources, Vec::new())
    }

    /// Loads the embedded catalogue, with the user's files in place of embedded ones.
    pub fn with(sources: &mut SourceMap, given: Vec<GivenFile>) -> (Self, Vec<Problem>) {
        let replaced: Vec<String> = given.iter().map(|file| file.name().to_owned()).collect();
        let mut catalogue = Catalogue::embedded(&replaced);
        let mut problems = Vec::new();
        let own = given.iter().find(|file| file.name() == AMENDMENTS);
        let amendments = own.map_or(Cow::Borrowed(AMENDMENTS_TEXT), |file| file.text());
        for file in &given {
            catalogue.replace(sources, file, &amendments, &mut problems);
        }
        (catalogue, problems)
    }

    /// Loads a user's file; symptoms are added to the embedded ones, all others replace them.
    fn replace(
        &mut self,
        sources: &mut SourceMap,
        given: &GivenFile,
        amendments: &str,
        problems: &mut Vec<Problem>,
    ) {
        let text = given.text();
        match given.name() {
            ACTIONS | MANAGED_POLICIES => {
                if let Err(error) = self.replace_table(given.name(), &text, amendments) {
                    let message = format!("this file cannot be used: {error}");
                    problems.push(Problem::of_path(&given.path, message));
                }
            }
            name => {
                let add = match name {
                    AMENDMENTS => Catalogue::amend,
                    RESOURCES => Catalogue::set_resources,
                    SAM => Catalogue::set_sam,
                    SERVERLESS => Catalogue::set_serverless,
                    SYMPTOMS => Catalogue::add_symptoms,
                    TERRAFORM => Catalogue::set_terraform,
                    _ => Catalogue::add,
                };
                let file = sources.add(&given.path, &text);
                self.read(file, &text, problems, add);
            }
        }
    }

    /// Packs a user's file as the build packs the embedded one of its name.
    fn replace_table(&mut self, name: &str, text: &str, amendments: &str) -> Result<(), PackError> {
        if name == ACTIONS {
            let table = ActionTable::of(pack::actions(text, amendments)?.into());
            self.actions.table = table.unwrap_or_default();
        } else {
            self.managed = ManagedPolicies::of(pack::managed_policies(text, LEAST_EFFORT)?);
        }
        Ok(())
    }

    /// Reads a JSON file and adds its content with `add`.
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

    /// Replaces the resource types.
    fn set_resources(&mut self, root: &Node, problems: &mut Vec<Problem>) {
        self.resources = OnceLock::from(resources(root, problems));
    }

    /// Replaces what the SAM transform generates.
    fn set_sam(&mut self, root: &Node, _: &mut Vec<Problem>) {
        self.sam = OnceLock::from(Some(root.clone()));
    }

    /// Replaces the types of Terraform.
    fn set_terraform(&mut self, root: &Node, problems: &mut Vec<Problem>) {
        self.terraform = OnceLock::from(TerraformTypes::decode(root, problems));
    }

    /// Replaces what the Serverless Framework generates.
    fn set_serverless(&mut self, root: &Node, _: &mut Vec<Problem>) {
        self.serverless = OnceLock::from(Some(root.clone()));
    }

    /// The user's symptoms are tried before the embedded ones.
    fn add_symptoms(&mut self, root: &Node, problems: &mut Vec<Problem>) {
        let mut all = builtin_symptoms();
        if let Some(own) = Symptoms::decode(root, problems) {
            for symptom in own.errors.iter().filter(|s| !s.pattern.is_valid()) {
                let message = format!(
                    "the pattern of `{}` is not a regular expression",
                    symptom.diagnosis.id
                );
                problems.push(Problem::at(root.span.at_start(), message));
            }
            all.add(own);
        }
        self.symptoms = OnceLock::from(all);
    }

    /// The symptoms.
    #[must_use]
    pub fn symptoms(&self) -> &Symptoms {
        self.symptoms.get_or_init(builtin_symptoms)
    }

    /// What the SAM transform generates.
    #[must_use]
    pub fn sam(&self) -> Option<&Node> {
        let read = || json::read(FileId::NOWHERE, SAM_TEXT).roots.pop();
        self.sam.get_or_init(read).as_ref()
    }

    /// What is known of the types of Terraform.
    #[must_use]
    pub fn terraform(&self) -> &TerraformTypes {
        self.terraform.get_or_init(|| {
            let documents = json::read(FileId::NOWHERE, TERRAFORM_TEXT);
            let root = documents.roots.first();
            root.map(|root| TerraformTypes::decode(root, &mut Vec::new()))
                .unwrap_or_default()
        })
    }

    /// What the Serverless Framework generates.
    #[must_use]
    pub fn serverless(&self) -> Option<&Node> {
        let read = || json::read(FileId::NOWHERE, SERVERLESS_TEXT).roots.pop();
        self.serverless.get_or_init(read).as_ref()
    }

    /// The facts about a CloudFormation resource type.
    #[must_use]
    pub fn template_resource(&self, kind: &str) -> Option<&TemplateResource> {
        self.template_resources().get(kind)
    }

    /// The ARN of the preferred AWS-managed policy, if it names all these actions.
    #[must_use]
    pub fn managed_arn<'a>(
        &self,
        needs: &Needs,
        mut actions: impl Iterator<Item = &'a str>,
    ) -> Option<String> {
        let arn = needs.managed_policies.first()?;
        let policy = self.managed.policy(arn)?;
        let names = |action: &str| policy.document.contains(&format!("\"{action}\""));
        actions.all(names).then(|| arn.clone())
    }

    /// All known CloudFormation resource types, by name.
    pub fn template_resources(&self) -> &BTreeMap<String, TemplateResource> {
        &self.resource_types().by_name
    }

    /// What is known of the resources of templates.
    pub fn resource_types(&self) -> &ResourceTypes {
        self.resources.get_or_init(|| {
            let documents = json::read(FileId::NOWHERE, RESOURCES_TEXT);
            let root = documents.roots.first();
            root.map(|root| resources(root, &mut Vec::new()))
                .unwrap_or_default()
        })
    }

    /// The known resource types of a service, such as `AWS::SQS`.
    pub fn types_of(&self, service: &str) -> Vec<&str> {
        let own = self.template_resources().keys().map(String::as_str);
        let sources = self
            .push
            .iter()
            .flat_map(|source| &source.cloudformation_resources);
        let all = own.chain(sources.map(TriggerExtractor::origin));
        let is_of = |kind: &&str| {
            kind.rsplit_once("::")
                .is_some_and(|(own, _)| own == service)
        };
        let of_sam = self.sam().and_then(|sam| sam.get("resources"));
        let of_sam = of_sam.map_or(&[][..], Node::members).iter();
        let all = all.chain(of_sam.map(|member| &*member.key.text));
        all.filter(is_of).collect()
    }

    /// Replaces the amendments.
    fn amend(&mut self, root: &Node, problems: &mut Vec<Problem>) {
        self.actions.amend(Amendments::decode(root, problems));
    }

    /// Adds the entries of a file, each of which can have any of these lists.
    fn add(&mut self, root: &Node, problems: &mut Vec<Problem>) {
        let Some(mut fields) = Fields::open(root, "the catalogue", problems) else {
            return;
        };
        self.push.add(&mut fields);
        self.poll.add(&mut fields);
        self.features.add(&mut fields);
        self.targets.add(&mut fields);
        self.callers.add(&mut fields);
        self.required_policies.add(&mut fields);
        self.resource_answers.add(&mut fields);
        self.other_answers.add(&mut fields);
        self.deliveries.add(&mut fields);
        self.checked_resources.add(&mut fields);
        self.principals.add(&mut fields);
        fields.optional_text("$schema");
        fields.finish();
    }

    /// The lists of the embedded files without those that are replaced, to be decoded on first use.
    fn embedded(replaced: &[String]) -> Self {
        let policies = RequiredPolicy::decode;
        Catalogue {
            push: FactList::embedded("push", PushSource::decode, replaced),
            poll: FactList::embedded("poll", PollSource::decode, replaced),
            features: FactList::embedded("features", Feature::decode, replaced),
            targets: FactList::embedded("targets", Target::decode, replaced),
            callers: FactList::embedded("callers", CallerContext::decode, replaced),
            required_policies: FactList::embedded("resourcePolicyRequired", policies, replaced),
            resource_answers: FactList::embedded(
                "resourceAnswers",
                ResourceAnswer::decode,
                replaced,
            ),
            other_answers: FactList::embedded("otherAnswers", OtherAnswer::decode, replaced),
            deliveries: FactList::embedded("deliveries", Delivery::decode, replaced),
            checked_resources: FactList::embedded(
                "checkedResources",
                CheckedResource::decode,
                replaced,
            ),
            principals: ServicePrincipals::embedded(replaced),
            managed: ManagedPolicies::builtin(),
            actions: Actions::builtin(AMENDMENTS_TEXT),
            ..Catalogue::default()
        }
    }

    /// How many lists of facts have been decoded.
    #[must_use]
    pub fn decoded_lists(&self) -> usize {
        let lists = [
            self.push.is_decoded(),
            self.poll.is_decoded(),
            self.features.is_decoded(),
            self.targets.is_decoded(),
            self.callers.is_decoded(),
            self.required_policies.is_decoded(),
            self.resource_answers.is_decoded(),
            self.other_answers.is_decoded(),
            self.deliveries.is_decoded(),
            self.checked_resources.is_decoded(),
            self.resources.get().is_some(),
            self.sam.get().is_some(),
            self.serverless.get().is_some(),
            self.symptoms.get().is_some(),
            self.terraform.get().is_some(),
        ];
        lists.into_iter().filter(|is_decoded| *is_decoded).count()
    }
}

/// The symptoms embedded in the program.
fn builtin_symptoms() -> Symptoms {
    let documents = json::read(FileId::NOWHERE, SYMPTOMS_TEXT);
    let root = documents.roots.first();
    let decoded = root.and_then(|root| Symptoms::decode(root, &mut Vec::new()));
    decoded.unwrap_or_default()
}

/// The resource types of a file, by name.
fn resources(root: &Node, problems: &mut Vec<Problem>) -> ResourceTypes {
    let Some(mut fields) = Fields::open(root, "the resource types", problems) else {
        return ResourceTypes::default();
    };
    let listed = fields.list("resources");
    let properties = fields.list("propertyForms");
    let forms = name_form::forms(&mut fields);
    let other_partitions = sourced_texts(&mut fields, "otherPartitions", "prefixes");
    let regions = Regions::new(sourced_texts(&mut fields, "regions", "names"));
    let markers = sourced_texts(&mut fields, "markers", "texts");
    fields.optional_text("$schema");
    fields.finish();
    let decoded = each(listed, problems, TemplateResource::decode).into_iter();
    ResourceTypes {
        by_name: decoded
            .map(|resource| (resource.name.clone(), resource.with_form(&forms)))
            .collect(),
        property_forms: each(properties, problems, PropertyForm::decode),
        other_partitions,
        regions,
        markers,
    }
}

/// The strings of an object that has a source beside them.
fn sourced_texts(
    fields: &mut Fields<'_, '_>,
    name: &'static str,
    member: &'static str,
) -> Vec<String> {
    let Some(node) = fields.optional(name) else {
        return Vec::new();
    };
    let Some(mut inner) = Fields::open(node, "a list with its source", fields.problems()) else {
        return Vec::new();
    };
    let texts = inner.texts(member);
    inner.text("source");
    inner.finish();
    texts
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
