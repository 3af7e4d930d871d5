//! Folders of configuration: which of them are root modules, and what each of these deploys.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::evaluation::{Evaluate, Evaluation, ModuleInstance};
use super::evaluator::Evaluator;
use super::expansion::is_local;
use super::instance::{Instance, Place};
use super::mentions::{MANIFEST, Mention, installed, mentions};
use super::module::{self, Module};
use super::places::Places;
use super::texts::Texts;
use super::view::ModuleView;
use super::{file_paths, providers, uncertain};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::input::WantedFile;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{Hole, Node, Text, hcl, json};

/// Configuration that was read.
#[derive(Debug, Default)]
pub(in crate::input) struct Configuration {
    modules: BTreeMap<String, Module>,
    texts: Texts,
    /// The folders that are to be checked, and not only read because others name them.
    checked: BTreeSet<String>,
    /// Mistakes in the texts of each folder.
    mistakes: BTreeMap<String, Vec<Problem>>,
    /// What its texts name.
    mentions: BTreeSet<Mention>,
    /// What each file contains, as it is written.
    outlines: Vec<Node>,
    /// The folders with something of AWS.
    of_aws: BTreeSet<String>,
}

/// What a root module deploys.
#[derive(Debug)]
pub(in crate::input) struct RootModule {
    /// Its folder, from the working directory.
    pub(in crate::input) folder: String,
    pub(super) instances: Vec<Instance>,
    /// What may grant more to what it is given, with the values that it is given.
    pub(in crate::input) uncertain: Vec<uncertain::Uncertain>,
    pub(in crate::input) problems: Vec<Problem>,
    /// The module and those that it calls, for those who write into them.
    pub(in crate::input) views: Vec<ModuleView>,
    /// Files that expressions read and that were not given.
    pub(in crate::input) wanted: Vec<WantedFile>,
    pub(in crate::input) span: Span,
}

/// What is said of every root module beside its files.
#[derive(Debug, Default)]
pub(in crate::input) struct Given {
    /// Values by name: variables, and `AWS::Region` and the like.
    pub(in crate::input) values: BTreeMap<String, String>,
    /// The name of the workspace.
    pub(in crate::input) workspace: Option<String>,
}

/// Whether a file is configuration of Terraform by its name.
pub(crate) fn is_configuration(path: &str) -> bool {
    module::is_configuration(file_paths::name(path))
}

impl Configuration {
    /// Adds the text of any file, for expressions that read it.
    pub(in crate::input) fn add_text(&mut self, path: &str, file: FileId, text: &Arc<str>) {
        self.texts.add(path, file, text);
        self.mentions.extend(mentions(path, text));
    }

    /// Whether a text is a template that some configuration fills in: it names the file, or a folder of which it
    /// reads some file; or the text is no document as it stands.
    pub(in crate::input) fn reads_as_template(&self, path: &str, text: &str) -> bool {
        let has_places = text.contains("${") || text.contains("%{");
        let is_json = || text.trim_start().starts_with(['{', '[']);
        let is_broken = || {
            let documents = json::read(FileId::NOWHERE, text);
            !documents.errors.is_empty()
        };
        let is_filled_in = || has_plain_place(text) || is_broken();
        has_places
            && !self.mentions.is_empty()
            && (self.names(path) || is_json() && !text.contains("Resources") && is_filled_in())
    }

    fn names(&self, path: &str) -> bool {
        let path = file_paths::normal(path);
        let folder = Mention::Folder(file_paths::folder(&path).to_owned());
        self.mentions.contains(&Mention::File(path)) || self.mentions.contains(&folder)
    }

    /// Adds a file of configuration; returns whether it contains any.
    pub(in crate::input) fn add(
        &mut self,
        (path, file): (&str, FileId),
        text: &str,
        is_checked: bool,
    ) -> bool {
        let path = file_paths::normal(path);
        let folder = file_paths::folder(&path).to_owned();
        let (body, errors) = parsed(&path, file, text);
        if is_checked {
            self.checked.insert(folder.clone());
        }
        if text.contains("aws_") || text.contains("\"aws\"") {
            self.of_aws.insert(folder.clone());
        }
        let module = self.modules.entry(folder.clone()).or_default();
        module.folder.clone_from(&folder);
        module.is_broken |= body.is_none();
        self.mistakes.entry(folder).or_default().extend(errors);
        match body {
            Some(body) => {
                self.outlines.push(hcl::outline(&body));
                let has_content = !body.blocks.is_empty() || !body.attributes.is_empty();
                module.add(body, &path);
                has_content
            }
            // A file of ours that is broken is not one that nobody knows.
            None => is_configuration(&path) && self.of_aws.contains(file_paths::folder(&path)),
        }
    }

    /// What a folder declares.
    pub(super) fn module(&self, folder: &str) -> Option<&Module> {
        self.modules.get(folder)
    }

    /// The folder of a module that another calls; `key` names the call in the manifest of a root module.
    pub(super) fn called_folder(
        &self,
        folder: &str,
        name: &str,
        (root, key): (&str, &str),
    ) -> Option<String> {
        let call = self.modules.get(folder)?.calls.get(name)?;
        let source = call.body.attribute("source")?.as_str()?;
        match is_local(source) {
            true => Some(file_paths::within(folder, source)),
            false => self.installed(root).remove(key),
        }
    }

    /// Leaves out a root module whose plan is checked.
    pub(in crate::input) fn leave_out(&mut self, folder: &str) {
        self.checked.remove(folder);
    }

    /// What each file contains, as it is written.
    pub(in crate::input) fn outlines(&self) -> &[Node] {
        &self.outlines
    }

    /// The names of the variables of all modules.
    pub(in crate::input) fn variables(&self) -> BTreeSet<String> {
        let names = self
            .modules
            .values()
            .flat_map(|module| module.variables.keys());
        names.map(ToString::to_string).collect()
    }

    /// Evaluates the root modules: what no other module calls.
    pub(in crate::input) fn roots(
        mut self,
        given: &Given,
        sources: &SourceMap,
        catalogue: &Catalogue,
    ) -> (Vec<RootModule>, Vec<Problem>) {
        let folders = self.root_folders();
        let mut problems = Vec::new();
        for (folder, mistakes) in std::mem::take(&mut self.mistakes) {
            let concerns = self.of_aws.contains(&folder);
            problems.extend(mistakes.into_iter().filter(|_| concerns));
        }
        let roots = folders.iter().filter_map(|folder| {
            let module = self
                .modules
                .get(folder)
                .filter(|module| !module.is_empty())?;
            Some(self.root(module, given, sources, catalogue))
        });
        (roots.collect(), problems)
    }

    /// The folders of root modules: those that no other calls, and then what is still not reached, as modules that
    /// call each other.
    fn root_folders(&self) -> Vec<String> {
        let called: BTreeSet<String> = self.modules.values().flat_map(called).collect();
        let (inner, roots): (Vec<&String>, Vec<&String>) = { self.modules.keys() }
            .filter(|folder| self.checked.contains(*folder))
            .partition(|folder| called.contains(*folder));
        let mut reached = BTreeSet::new();
        let mut all = Vec::new();
        for folder in roots.into_iter().chain(inner) {
            if reached.contains(folder) {
                continue;
            }
            all.push(folder.clone());
            let mut open = vec![folder.clone()];
            while let Some(folder) = open.pop() {
                if let Some(module) = self
                    .modules
                    .get(&folder)
                    .filter(|_| reached.insert(folder.clone()))
                {
                    open.extend(self::called(module));
                }
            }
        }
        all
    }

    fn root(
        &self,
        module: &Module,
        given: &Given,
        sources: &SourceMap,
        catalogue: &Catalogue,
    ) -> RootModule {
        let folder = &module.folder;
        let known = ((&self.modules, &self.texts), (sources, catalogue));
        let mut evaluation = Evaluation::new(known.0, known.1, folder);
        evaluation.workspace.clone_from(&given.workspace);
        evaluation.installed = self.installed(folder);
        let evaluator = Evaluator { evaluation };
        let default = place(given, catalogue);
        let unplaced = Places {
            by_name: BTreeMap::new(),
            default: default.clone(),
        };
        let instance = |places: Places| {
            let names = (String::new(), String::new());
            let mut instance = ModuleInstance::new(module, names, None, places);
            let values = given.values.iter().filter(|(name, _)| !name.contains("::"));
            let values = values.map(|(name, value)| (name.clone(), of_flag(value)));
            instance.given = values.collect();
            Rc::new(instance)
        };
        // Where providers deploy can depend on variables, which do not depend on providers.
        let places = providers::of_root(&evaluator, &instance(unplaced), &default);
        let root = instance(places);
        let mut found = Found {
            instances: Vec::new(),
            uncertain: Vec::new(),
            views: Vec::new(),
        };
        found.module(&evaluator, &root);
        RootModule {
            folder: folder.clone(),
            instances: found.instances,
            uncertain: found.uncertain,
            views: found.views,
            wanted: wanted(evaluator.evaluation.wanted.into_inner()),
            problems: evaluator.evaluation.problems.into_inner(),
            span: module.span.unwrap_or(Span::new(FileId::NOWHERE, 0, 0)),
        }
    }

    /// The folders of modules that were downloaded for a root module.
    fn installed(&self, root: &str) -> BTreeMap<String, String> {
        let manifest = self.texts.get(&file_paths::within(root, MANIFEST));
        manifest.map_or_else(BTreeMap::new, |(file, text)| installed(file, text, root))
    }
}

fn wanted(files: BTreeMap<String, (Span, bool)>) -> Vec<WantedFile> {
    let files = files.into_iter();
    let files = files.map(|(path, (span, is_needed))| WantedFile {
        path,
        span,
        is_needed,
    });
    files.collect()
}

/// Whether a text has a place such as `${name}`: the variables of policies have a colon.
fn has_plain_place(text: &str) -> bool {
    let mut places = text.split("${").skip(1);
    places.any(|place| {
        let name = place.split('}').next().unwrap_or("");
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        !name.is_empty() && name.chars().all(is_name)
    })
}

/// The folders of the local modules that a module calls.
fn called(module: &Module) -> Vec<String> {
    let sources = module.sources().filter_map(|(_, source)| source.as_str());
    let local = sources.filter(|source| is_local(source));
    local
        .map(|source| file_paths::within(&module.folder, source))
        .collect()
}

/// A file as configuration, and the mistakes in it.
fn parsed(path: &str, file: FileId, text: &str) -> (Option<hcl::Body>, Vec<Problem>) {
    if !path.ends_with(".json") {
        let parsed = hcl::body(file, text);
        let problems = parsed.error.map(Problem::from);
        return (parsed.content, problems.into_iter().collect());
    }
    let documents = json::read(file, text);
    let problems: Vec<Problem> = documents.errors.into_iter().map(Problem::from).collect();
    let body = match module::is_values(file_paths::name(path)) {
        true => documents.roots.first().map(hcl::attributes_of_json),
        false => documents.roots.first().map(hcl::body_of_json),
    };
    (body.filter(|_| problems.is_empty()), problems)
}

/// The value of a variable that is given as a text.
fn of_flag(text: &str) -> Node {
    let nowhere = Span::new(FileId::NOWHERE, 0, 0);
    if text.starts_with(['[', '{']) {
        let documents = json::read(FileId::NOWHERE, text);
        if let ([root], true) = (documents.roots.as_slice(), documents.errors.is_empty()) {
            return root.clone();
        }
    }
    Node::text(text, nowhere)
}

/// Where everything is deployed whose provider does not say it.
fn place(given: &Given, catalogue: &Catalogue) -> Place {
    let value = |name: &str| given.values.get(name).map(String::as_str);
    let open = |name: &str| Text::hole(Hole::word(name).written(name));
    let region = value("AWS::Region");
    let partition = region.and_then(|region| catalogue.principals.partition_of(region));
    // Nearly nothing is deployed elsewhere.
    let partition = partition.map_or("aws", |(partition, _)| partition);
    Place {
        account: value("AWS::AccountId").map_or_else(|| open("AWS::AccountId"), Text::from),
        region: region.map_or_else(|| open("AWS::Region"), Text::from),
        partition: Text::from(value("AWS::Partition").unwrap_or(partition)),
    }
}

/// What is found in a module and those that it calls.
struct Found {
    instances: Vec<Instance>,
    uncertain: Vec<uncertain::Uncertain>,
    views: Vec<ModuleView>,
}

impl Found {
    fn module<'c>(&mut self, evaluator: &Evaluator<'c>, module: &Rc<ModuleInstance<'c>>) {
        let catalogue = evaluator.evaluation.catalogue;
        self.views.push(ModuleView::of(evaluator, module));
        for (name, block) in &module.module.resources {
            let kind = block.label(0).unwrap_or_default();
            let is_known =
                &*block.kind == "resource" && catalogue.terraform_resource(kind).is_some();
            if !is_known {
                continue;
            }
            let Some(instances) = evaluator.instances(module, name) else {
                continue;
            };
            let address = format!("{}{name}", module.address);
            for instance in &instances.list {
                let uncertain = uncertain::of_resource(&address, instance, catalogue);
                self.uncertain.extend(uncertain);
                self.instances.push((**instance).clone());
            }
        }
        for (name, call) in &module.module.calls {
            match evaluator.children(module, name) {
                Some(children) => {
                    for child in &children.modules {
                        self.module(evaluator, child);
                    }
                }
                None => {
                    let given = uncertain::of_call(evaluator, module, name, call);
                    self.uncertain.push(given);
                }
            }
        }
    }
}
