//! Where documents come in: each goes to the reader of its kind.

use super::cloudformation::{StackGroup, Stacks, Template};
use super::detect::DocumentKind;
use super::documents::{ParsedText, parsed, span_of, syntax_errors, unknown};
use super::emitter::Emitter;
use super::terraform::{
    self, Beside, Configuration, Given, RootModule, WrittenPlaces, is_configuration,
};
use super::{
    Facts, Hints, Input, InputRole, Reading, Scope, Vocabulary, cli_output, cloudformation, detect,
    infra, serverless,
};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::source::{SourceMap, Span};
use crate::syntax::Node;

/// Where documents come in: each goes to the reader of its kind.
pub(super) struct Door<'r> {
    pub(super) sources: &'r mut SourceMap,
    pub(super) hints: &'r Hints,
    pub(super) catalogue: &'r Catalogue,
    pub(super) vocabulary: &'r Vocabulary<'r>,
    pub(super) stacks: Stacks,
    pub(super) configuration: Configuration,
    /// Plans and states of Terraform, with their paths.
    pub(super) plans: Vec<(Node, Scope, String)>,
    pub(super) services: Vec<serverless::Configuration>,
    /// The documents that configurations include.
    pub(super) parts: serverless::Files,
    pub(super) reading: Reading,
}

impl Door<'_> {
    /// Reads one text; returns whether a document in it is something that we know.
    pub(super) fn read_text(
        &mut self,
        input: &Input,
        text: &str,
        parsed: impl FnOnce(&Vocabulary) -> Option<ParsedText>,
    ) -> bool {
        if let Some(recognised) = self.read_configuration(input, text) {
            return recognised;
        }
        // Nothing would be said of it.
        let Some(ParsedText {
            errors,
            without_errors,
            documents,
        }) = parsed(self.vocabulary)
        else {
            return false;
        };
        let text = without_errors.as_deref().unwrap_or(text);
        let is_several = documents.roots.len() > 1;
        let mut recognised = false;
        for (index, root) in documents.roots.iter().enumerate() {
            let scope = match is_several {
                true => input.scope.inner(&index.to_string()),
                false => input.scope.clone(),
            };
            recognised |= self.read_root(root, &scope, input);
        }
        // A text of another program can quote such an error.
        if recognised || input.named || text.trim().is_empty() {
            recognised |= !errors.is_empty();
            for error in &errors {
                let span = span_of(input.file, &error.range);
                self.cli_output(|reader| reader.error(error, span, &input.scope));
            }
        }
        let start = Span::new(input.file, 0, 0);
        let is_unknown = input.named && !recognised;
        let foreign = || detect::foreign_text(&input.scope.path(), text, start);
        if let Some(problem) = is_unknown.then(foreign).flatten() {
            self.reading.problems.push(problem);
        } else if documents.errors.is_empty() && is_unknown {
            let problem = unknown(input, text, &documents, self.catalogue);
            self.reading.problems.push(problem);
        } else if input.named || recognised || detect::looks_familiar(text, self.catalogue) {
            let problems = syntax_errors(documents.errors, text);
            // A file of ours that is broken is not one that nobody knows.
            recognised |= !input.named && !problems.is_empty();
            self.reading.problems.extend(problems);
        }
        self.reading.documents.extend(documents.roots);
        recognised
    }

    /// Reads a text that is configuration of Terraform, or a part of it; returns nothing for any other.
    fn read_configuration(&mut self, input: &Input, text: &str) -> Option<bool> {
        let file = self.sources.file(input.file)?;
        let path = file.name();
        let is_hcl = || input.named && detect::is_hcl(text);
        if is_configuration(path) || is_hcl() {
            let is_checked = input.role != InputRole::Supporting;
            let file = (path, input.file);
            return Some(self.configuration.add(file, text, is_checked));
        }
        let is_read = || !input.named && self.configuration.reads_as_template(path, text);
        (input.role == InputRole::Supporting || is_read()).then_some(false)
    }

    /// Reads a text that configurations of the Serverless Framework include.
    pub(super) fn read_part(&mut self, input: &Input, text: &str) -> bool {
        let documents = parsed(input.file, text);
        let problems = syntax_errors(documents.errors, text);
        self.reading.problems.extend(problems);
        if let Some(root) = documents.roots.first() {
            self.parts.insert(input.scope.path(), root.clone());
        }
        self.reading.documents.extend(documents.roots);
        true
    }

    /// Makes templates of the configurations of the Serverless Framework.
    pub(super) fn compile_services(&mut self) {
        let given = self.hints.parameters.values();
        for service in std::mem::take(&mut self.services) {
            let made = serverless::template(service, &self.parts, &given, self.catalogue);
            if let Some((template, problems)) = made {
                self.reading.problems.extend(problems);
                self.stacks.add(template);
            }
        }
    }

    /// Reads a document of a text; returns whether it is something that we know.
    fn read_root(&mut self, root: &Node, scope: &Scope, input: &Input) -> bool {
        if let Some(problem) = detect::foreign_document(root) {
            self.reading
                .problems
                .extend(Some(problem).filter(|_| input.named));
            return input.named;
        }
        if self.read_document(root, scope, &input.scope.path()) {
            self.reading.facts.inputs.push(root.clone());
            return true;
        }
        let problem = detect::nearly_right(root);
        let is_nearly_right = problem.is_some();
        self.reading.problems.extend(problem);
        is_nearly_right
    }

    /// Hands a document to the reader of its kind; returns whether it is something that we know.
    fn read_document(&mut self, root: &Node, scope: &Scope, path: &str) -> bool {
        match detect::detect(root) {
            DocumentKind::List => {
                let items = root.items().iter().enumerate();
                items.fold(false, |known, (index, item)| {
                    let scope = scope.inner(&index.to_string());
                    self.read_document(item, &scope, path) | known
                })
            }
            DocumentKind::Template => {
                let scope = scope.of_bundle(root.span.start);
                let template = Template::written(root.clone(), scope, path.to_owned());
                self.stacks.add(template);
                true
            }
            DocumentKind::Manifest => {
                self.stacks.add_manifest(root, path);
                true
            }
            DocumentKind::Package => {
                self.reading.facts.packages.push(root.clone());
                true
            }
            DocumentKind::Terraform => self.read_terraform(root, scope, path),
            DocumentKind::Serverless => {
                // Another can include it too.
                self.parts.insert(path.to_owned(), root.clone());
                self.services.push(serverless::Configuration {
                    root: root.clone(),
                    scope: scope.clone(),
                    path: path.to_owned(),
                });
                true
            }
            DocumentKind::Policy => {
                let given = self.hints.parameters.values();
                let document = cloudformation::resolved_alone(root, &given, self.catalogue);
                self.cli_output(|reader| reader.document(&document, scope))
            }
            DocumentKind::Bundle | DocumentKind::Other => {
                self.cli_output(|reader| reader.document(root, scope))
            }
        }
    }

    /// Notes down a plan or state of Terraform; returns whether it is one.
    fn read_terraform(&mut self, root: &Node, scope: &Scope, path: &str) -> bool {
        let is_plan = terraform::is_plan_or_state(root);
        let plan = || {
            (
                root.clone(),
                scope.of_bundle(root.span.start),
                path.to_owned(),
            )
        };
        self.plans.extend(is_plan.then(plan));
        is_plan
    }

    /// Emits the facts of plans and states. A root module whose plan is there is that of the plan.
    fn emit_plans(&mut self) {
        let given = self.hints.parameters.values();
        for (root, scope, path) in std::mem::take(&mut self.plans) {
            let folder = terraform::folder_of(&path);
            let written = Beside::of(&self.configuration, &folder);
            let written = written
                .as_ref()
                .map(|beside| -> &dyn WrittenPlaces { beside });
            let document = (&root, path.as_str());
            let deployment =
                terraform::planned(document, &given, written, self.sources, self.catalogue);
            if root.get("planned_values").is_some() {
                self.configuration.leave_out(&folder);
            }
            self.emit_deployment(&deployment, root.span, &scope);
        }
    }

    fn emit_deployment(&mut self, deployment: &infra::Deployment, span: Span, scope: &Scope) {
        let mut emitter = Emitter {
            sources: self.sources,
            facts: &mut self.reading.facts,
            problems: &mut self.reading.problems,
        };
        infra::emit(deployment, span, scope, self.catalogue, &mut emitter);
    }

    fn cli_output<T>(&mut self, read: impl FnOnce(&mut cli_output::Reader<'_, '_>) -> T) -> T {
        read(&mut cli_output::Reader {
            emitter: &mut Emitter {
                sources: self.sources,
                facts: &mut self.reading.facts,
                problems: &mut self.reading.problems,
            },
            catalogue: self.catalogue,
            policy_type: self.hints.policy_type,
        })
    }

    /// Emits the facts of root modules of Terraform.
    pub(super) fn emit_roots(&mut self) {
        self.emit_plans();
        let configuration = std::mem::take(&mut self.configuration);
        let outlines = configuration.outlines().iter().cloned();
        self.reading.documents.extend(outlines);
        let given = Given {
            values: self.hints.parameters.values(),
            workspace: self.hints.workspace.clone(),
        };
        let (roots, problems) = configuration.roots(&given, self.sources, self.catalogue);
        self.reading.problems.extend(problems);
        for root in roots {
            self.emit_root(root);
        }
    }

    fn emit_root(&mut self, mut root: RootModule) {
        self.reading.problems.append(&mut root.problems);
        self.reading.wanted.append(&mut root.wanted);
        self.reading.modules.append(&mut root.views);
        let deployment = terraform::deployment(&root, self.sources, self.catalogue);
        let steps = root.folder.split('/').filter(|step| !step.is_empty());
        let scope = Scope::new(std::iter::once(".").chain(steps).chain(["main.tf"]));
        let mut emitter = Emitter {
            sources: self.sources,
            facts: &mut self.reading.facts,
            problems: &mut self.reading.problems,
        };
        let scope = scope.of_bundle(root.span.start);
        infra::emit(&deployment, root.span, &scope, self.catalogue, &mut emitter);
    }

    /// Emits the facts of stacks that belong together, in their first contexts and in each of their
    /// other branches.
    pub(super) fn emit_group(&mut self, group: &StackGroup<'_>) {
        self.reading.problems.extend(group.problems());
        let mut problems = Vec::new();
        let first = self.emit(&group.deployment(), group, &mut problems);
        self.reading.problems.append(&mut problems);
        let (branches, left_out) = group.branches();
        self.reading.problems.extend(left_out);
        for (branch, deployment) in branches {
            // What is wrong with a text in it was reported with the first contexts.
            let mut facts = self.emit(&deployment, group, &mut problems);
            if facts != first {
                // The organization limits every branch.
                facts
                    .organization
                    .clone_from(&self.reading.facts.organization);
                self.reading.branches.push((branch, facts));
            }
        }
        self.reading.facts.append(first);
    }

    fn emit(
        &mut self,
        deployment: &infra::Deployment,
        group: &StackGroup<'_>,
        problems: &mut Vec<Problem>,
    ) -> Facts {
        let mut facts = Facts::default();
        let mut emitter = Emitter {
            sources: self.sources,
            facts: &mut facts,
            problems,
        };
        let (origin, scope) = (group.span(), group.scope());
        infra::emit(deployment, origin, &scope, self.catalogue, &mut emitter);
        facts
    }
}
