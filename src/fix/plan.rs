//! From what mends a finding to the ways to write it into the files that were read.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::Session;
use super::change::{Change, Path};
use super::layout::Sheet;
use super::module::{Manner, Module};
use super::statement::Wording;
use super::template::Target;
use super::terraform::Writer;
use super::{hcl_replacement, narrow, permission, role, style};
use crate::diagnostics::{Allow, Finding, Fix, PolicyKind};
use crate::input::{ModuleView, TemplateView, is_source, short_form};
use crate::source::{Edit, FileId, Span};
use crate::syntax::Node;

/// How many ways to write one fix are tried.
const MOST_WAYS: usize = 6;

/// What is known of the files while findings are mended.
#[derive(Debug)]
pub(super) struct Planner<'s> {
    pub(super) session: Session<'s>,
    /// What the templates of each file declare.
    targets: HashMap<FileId, Vec<TargetOf<'s>>>,
    sheets: HashMap<FileId, OnceLock<Sheet<'s>>>,
    /// The documents of each file, with their numbers.
    roots: HashMap<FileId, Vec<(usize, &'s Node)>>,
    /// The places of values that stand for several, and whether these are objects.
    repeated: OnceLock<HashSet<(Span, bool)>>,
    /// The modules of Terraform.
    modules: OnceLock<Vec<Module<'s>>>,
}

/// A template, and what it declares, which is looked up when something is to be written there.
type TargetOf<'s> = (&'s TemplateView, OnceLock<Option<Target<'s>>>);

impl<'s> Planner<'s> {
    pub(super) fn new(session: Session<'s>) -> Self {
        let (analysis, inputs) = (session.analysis, session.inputs.iter());
        let mut targets: HashMap<FileId, Vec<TargetOf<'s>>> = HashMap::new();
        for view in &analysis.templates {
            let of_file = targets.entry(view.span().file).or_default();
            of_file.push((view, OnceLock::new()));
        }
        let mut roots: HashMap<FileId, Vec<(usize, &Node)>> = HashMap::new();
        for (number, root) in analysis.documents.iter().enumerate() {
            let of_file = roots.entry(root.span.file).or_default();
            of_file.push((number, root));
        }
        Planner {
            session,
            targets,
            sheets: inputs.map(|input| (input.file, OnceLock::new())).collect(),
            roots,
            repeated: OnceLock::new(),
            modules: OnceLock::new(),
        }
    }

    pub(super) fn documents(&self) -> &'s [Node] {
        &self.session.analysis.documents
    }

    /// The documents of a file, with their numbers.
    pub(super) fn roots_of(&self, file: FileId) -> &[(usize, &'s Node)] {
        self.roots.get(&file).map_or(&[], Vec::as_slice)
    }

    /// The text of a file that was given, as something to write into.
    pub(super) fn sheet(&self, place: Span) -> Option<&Sheet<'s>> {
        let sheet = self.sheets.get(&place.file)?;
        let file = self.session.sources.file(place.file)?;
        let text: &'s str = file.text();
        let roots = self.roots_of(place.file).iter().map(|(_, root)| *root);
        let whole = Span::new(place.file, 0, u32::try_from(text.len()).ok()?);
        Some(sheet.get_or_init(|| Sheet::new(text, whole, style::of(text, roots))))
    }

    /// The templates that are written where a place is: each is a stack of its own.
    fn targets(&self, place: Span) -> impl Iterator<Item = &Target<'s>> {
        let (analysis, catalogue) = (self.session.analysis, self.session.catalogue);
        let views = self.targets.get(&place.file).into_iter().flatten();
        let here = views.filter(move |(view, _)| view.span().contains(place));
        here.filter_map(move |(view, target)| {
            let target = target.get_or_init(|| Target::new(view, &analysis.documents, catalogue));
            target.as_ref()
        })
    }

    fn modules(&self) -> &[Module<'s>] {
        self.modules.get_or_init(|| {
            let (views, catalogue) = (&self.session.analysis.modules, self.session.catalogue);
            let is_only = |own: &ModuleView| {
                let others = views
                    .iter()
                    .filter(|view| !view.files.is_disjoint(&own.files));
                others.count() == 1
            };
            let modules = views.iter();
            modules
                .map(|view| Module::new(view, catalogue, is_only(view)))
                .collect()
        })
    }

    /// Whether a place is in configuration of Terraform.
    fn is_configuration(&self, place: Span) -> bool {
        let place = self.session.sources.resolve(place);
        let mut modules = self.session.analysis.modules.iter();
        modules.any(|view| view.files.contains(&place.file))
    }

    /// What writes what is allowed into configuration of Terraform, if that is where the owner is declared.
    fn writer(&self, allow: &Allow, manner: Manner) -> Option<Writer<'_>> {
        let is_there = allow
            .declared
            .is_some_and(|place| self.is_configuration(place));
        is_there.then(|| Writer {
            sources: self.session.sources,
            catalogue: self.session.catalogue,
            modules: self.modules().iter().collect(),
            manner,
        })
    }

    /// The ways to add what is allowed to configuration of Terraform; nothing where it is not declared there.
    fn in_configuration(&self, number: usize, allow: &Allow) -> Option<Vec<Vec<Change>>> {
        let mut ways = Vec::new();
        for by_reference in [true, false] {
            let manner = Manner {
                by_reference,
                is_plain: false,
                is_draft: false,
                is_for_one: true,
            };
            for way in self.writer(allow, manner)?.ways(number, allow) {
                if !ways.contains(&way) {
                    ways.push(way);
                }
            }
        }
        ways.truncate(MOST_WAYS);
        Some(ways)
    }

    /// The ways to mend a finding, the best first; findings are told apart by their numbers.
    pub(super) fn ways(&self, number: usize, finding: &Finding) -> Vec<Vec<Change>> {
        match &finding.fix {
            None => Vec::new(),
            Some(Fix::Replace { span, text }) => {
                let change = self.replacement(*span, text);
                change.map(|change| vec![change]).into_iter().collect()
            }
            // Which condition is right is for a person to say.
            Some(Fix::Allow(allow)) if allow.narrows.is_some_and(|new| !new.is_certain) => {
                Vec::new()
            }
            Some(Fix::Allow(allow)) => {
                if let Some(ways) = self.in_configuration(number, allow) {
                    return ways;
                }
                let mut ways: Vec<Vec<Change>> = Vec::new();
                for wording in self.wordings(allow) {
                    for way in self.additions((number, allow), wording) {
                        if !ways.contains(&way) {
                            ways.push(way);
                        }
                    }
                }
                // By all conditions before by some.
                if allow.narrows.is_some() {
                    ways.sort_by_key(|way| Reverse(way.len()));
                }
                ways.truncate(MOST_WAYS);
                ways
            }
        }
    }

    /// What to write for a finding of which not all is known, or which cannot be mended so, as it would stand in
    /// the file; nothing where there is no place for it.
    pub(super) fn draft(
        &self,
        number: usize,
        allow: &Allow,
        by_reference: bool,
    ) -> Option<Vec<Change>> {
        let manner = Manner {
            by_reference: true,
            is_plain: false,
            is_draft: true,
            is_for_one: true,
        };
        if let Some(writer) = self.writer(allow, manner) {
            return writer.ways(number, allow).into_iter().next();
        }
        let wordings = self.wordings(allow).map(Wording::draft);
        let mut fitting = wordings.filter(|wording| by_reference || !wording.by_reference);
        fitting.find_map(|wording| {
            let ways = self.additions((number, allow), wording).into_iter();
            let mut ways = ways.filter(|way| self.is_worth_writing(way));
            ways.next()
        })
    }

    /// How the texts of a fix can be written, the best first: in the template that declares the owner; in that
    /// of the trigger, which may know more; or where the documents are.
    fn wordings<'a>(&'a self, allow: &'a Allow) -> impl Iterator<Item = Wording<'a>> {
        let trigger = allow.permission.as_ref().and_then(|new| new.trigger);
        let document = allow.documents.first().copied();
        let places = match allow.declared {
            Some(place) => [Some(place), trigger],
            None => [document, None],
        };
        let targets = places.into_iter().flatten();
        let targets = targets.flat_map(|place| self.targets(place));
        let targets = targets.map(|target| -> Option<&'a Target<'a>> { Some(target) });
        let plain = allow.declared.is_none().then_some(None);
        let wordings = targets.chain(plain).map(Wording::new);
        // A trigger that waits for its permission cannot be referred to in it.
        let is_first = allow.permission.as_ref().is_some_and(|new| new.is_first);
        wordings.flat_map(move |wording| {
            let by_reference = (!is_first).then_some(wording);
            by_reference.into_iter().chain([wording.spelled()])
        })
    }

    fn additions(
        &self,
        (number, allow): (usize, &Allow),
        wording: Wording<'_>,
    ) -> Vec<Vec<Change>> {
        if let Some(narrowing) = allow.narrows {
            let known = (self.session.catalogue, self.documents());
            return narrow::ways(known, narrowing, &allow.statements, wording);
        }
        if allow.policy == PolicyKind::FunctionPolicy && wording.target.is_some() {
            let known = (self.session.catalogue, self.documents());
            let way = permission::to_template(known, (number, allow), wording);
            return way.into_iter().collect();
        }
        let mut ways = role::to_documents(self.documents(), allow, wording);
        let owner = wording.target.zip(allow.declared);
        let owner =
            owner.and_then(|(target, place)| target.owner_at(place, allow.owner.as_deref()));
        let owner = owner.filter(|_| role::is_of_role(allow.policy) && !allow.is_generated);
        let documents = self.documents();
        ways.extend(owner.and_then(|owner| role::to_owner(documents, &owner, allow, wording)));
        ways
    }

    /// Writes another text in the place of one, or another call as it is given.
    fn replacement(&self, span: Span, text: &str) -> Option<Change> {
        let span = self.session.sources.resolve(span);
        if self.is_configuration(span) {
            return hcl_replacement::replacement(self.session.sources, span, text);
        }
        let path = Path::to(self.documents(), span)?;
        let node = path.find(self.documents())?;
        // What an alias repeats stands for other values as well.
        let repeated = self.repeated.get_or_init(|| repeated(self.documents()));
        if repeated.contains(&(span, node.is_object())) {
            return None;
        }
        if short_form(node).is_some() {
            let text = text.to_owned();
            return Some(Change::Replace(Edit { span, text }));
        }
        node.as_text()?;
        let sheet = self.sheet(span)?;
        let written = self.session.sources.slice(span);
        let text = match written.chars().next() {
            Some(quote @ ('"' | '\'')) if !text.contains(['"', '\'', '\\']) => {
                format!("{quote}{text}{quote}")
            }
            _ => sheet.style.scalar(text, true),
        };
        Some(Change::Replace(Edit { span, text }))
    }

    /// Whether changes are of files that somebody writes: what AWS printed is not changed in its copy.
    pub(super) fn is_worth_writing(&self, way: &[Change]) -> bool {
        way.iter().all(|change| {
            let root = match change {
                Change::Append { to: path, .. } | Change::Insert { into: path, .. } => {
                    self.documents().get(path.document)
                }
                Change::Write { .. } => return true,
                Change::Replace(edit) if self.is_configuration(edit.span) => return true,
                Change::Replace(edit) => {
                    let mut roots = self.documents().iter();
                    roots.find(|root| root.span.contains(edit.span))
                }
            };
            root.is_some_and(is_source)
        })
    }

    /// Writes the texts of a fix as they are where it goes.
    pub(super) fn word(&self, allow: &mut Allow, by_reference: bool) {
        if allow.declared.is_none() {
            return;
        }
        let manner = Manner {
            by_reference,
            is_plain: false,
            is_draft: true,
            is_for_one: true,
        };
        if let Some(writer) = self.writer(allow, manner) {
            let statements = writer.worded(allow);
            allow.is_configuration = true;
            allow.statements = statements.unwrap_or_else(|| std::mem::take(&mut allow.statements));
            return;
        }
        // A plan has the addresses of what is declared in configuration that is not here.
        let is_address = allow
            .owner
            .as_ref()
            .is_some_and(|owner| owner.contains('.'));
        let has_target = allow
            .declared
            .is_some_and(|place| self.targets(place).next().is_some());
        if is_address && !has_target {
            allow.is_configuration = true;
            return;
        }
        let mut wordings = self.wordings(allow);
        let wording = wordings.find(|wording| by_reference || !wording.by_reference);
        let statements = allow.statements.iter().map(|new| match wording {
            Some(wording) => wording.statement(new),
            None => new.clone(),
        });
        let statements: Vec<_> = statements.collect();
        drop(wordings);
        allow.statements = statements;
    }
}

/// The places at which more than one value of documents is written, and whether these are objects.
fn repeated(documents: &[Node]) -> HashSet<(Span, bool)> {
    let mut seen = HashSet::new();
    let places = documents.iter().flat_map(Node::walk);
    let places = places.map(|node| (node.span, node.is_object()));
    places.filter(|place| !seen.insert(*place)).collect()
}
