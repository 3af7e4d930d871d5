//! The state of every command: the sources, the facts about AWS, and the problems with them.

use std::path::PathBuf;

use super::analyzed::analyzed;
use super::args::{FileSelection, Packs as PackArgs, Stack};
use super::configuration::{self, Loaded};
use super::files::{self, Selected};
use super::merge::Merge;
use super::progress::Progress;
use super::surroundings::{self, Beside, Flags};
use super::walk::Walk;
use super::{facts, output, run, stack};
use crate::analysis::Analysis;
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::lint::{Outcome, lint};
use crate::rules::Packs;
use crate::source::SourceMap;

/// One run of a command.
pub(super) struct Session {
    pub(super) sources: SourceMap,
    pub(super) catalogue: Catalogue,
    pub(super) problems: Vec<Problem>,
    loaded: Loaded,
    beside: Beside,
    context: Vec<PathBuf>,
    walk: Walk,
}

impl Session {
    /// Opens a session with what flags and the configuration say, as linting does.
    pub(super) fn open(flags: Flags<'_>) -> Self {
        let mut sources = SourceMap::default();
        let mut problems = Vec::new();
        let loaded = configuration::load(flags.configuration, &mut sources, &mut problems);
        let mut merge = Merge::new(&loaded);
        let beside = Beside::merge(flags, &mut merge, &mut problems);
        let context = surroundings::context(&mut merge);
        let walk = surroundings::walk(&FileSelection::default(), &mut merge, &mut problems);
        let catalogue = beside.catalogue.as_deref();
        let catalogue = facts::catalogue_of(catalogue, &mut sources, &mut problems);
        Session {
            sources,
            catalogue,
            problems,
            loaded,
            beside,
            context,
            walk,
        }
    }

    /// The packs of the program, and those of flags or the configuration.
    pub(super) fn packs(&mut self, args: &PackArgs) -> Packs {
        let mut merge = Merge::new(&self.loaded);
        let given = &self.loaded.configuration.rules;
        let added = merge.paths("rules", &args.added, given);
        run::packs_of(&added, &mut self.sources, &mut self.problems)
    }

    /// Whether there are policies of an organization.
    pub(super) fn has_organization(&self) -> bool {
        self.beside.has_organization()
    }

    /// Analyzes what paths name; what is wrong with it joins the problems of the session.
    pub(super) fn analyze(&mut self, paths: &[PathBuf], stack: &Stack) -> Analysis {
        let progress = Progress::on_terminal("reading", false);
        let selected = Selected {
            paths,
            roots: &[],
            context: &self.context,
            walk: &self.walk,
            skip_unknown: false,
            changes: None,
        };
        let mut files = files::read_selected(&selected, &mut self.sources);
        let (sources, problems) = (&mut self.sources, &mut self.problems);
        let hints = self.beside.hints(stack, &self.loaded, sources, problems);
        let mut analysis = analyzed(&mut self.sources, &mut files, &hints, &self.catalogue);
        let found = analysis.problems.drain(..);
        let sources = &self.sources;
        let found = found.filter(|one| files.background.concerns_problem(sources, one));
        self.problems.extend(found);
        drop(progress);
        stack::tell_undeclared(&hints.parameters, &analysis, &self.sources);
        let unknown = files.unknown_folders(&analysis.recognised);
        self.problems.extend(unknown);
        self.problems.extend(files.problems);
        analysis
    }

    /// Analyzes what paths name, and judges it by the rules.
    pub(super) fn lint(
        &mut self,
        paths: &[PathBuf],
        stack: &Stack,
        packs: &Packs,
    ) -> (Analysis, Outcome) {
        let analysis = self.analyze(paths, stack);
        let outcome = lint(&self.sources, &analysis, packs, &self.catalogue);
        (analysis, outcome)
    }

    /// Prints the problems and returns the exit status: 2 if there are any, otherwise 0.
    pub(super) fn finish(&self) -> u8 {
        output::problems(&self.sources, &self.problems)
    }

    /// The same where a program reads the output: the problems go to standard error.
    pub(super) fn finish_aside(&self) -> u8 {
        output::problems_aside(&self.sources, &self.problems)
    }
}
