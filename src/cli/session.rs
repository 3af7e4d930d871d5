//! The state of every command: the sources, the facts about AWS, and the problems with them.

use std::path::PathBuf;

use super::args::{Facts, Surroundings};
use super::progress::Progress;
use super::{facts, files, organization, output, stack};
use crate::analysis::{Analysis, analyze};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::input::Hints;
use crate::lint::{Outcome, lint};
use crate::rules::Packs;
use crate::source::SourceMap;

/// One run of a command.
pub(super) struct Session {
    pub(super) sources: SourceMap,
    pub(super) catalogue: Catalogue,
    pub(super) problems: Vec<Problem>,
}

impl Session {
    /// Opens a session with the facts of the program, or with those that a flag names.
    pub(super) fn open(args: &Facts) -> Self {
        let mut sources = SourceMap::default();
        let mut problems = Vec::new();
        let catalogue = facts::catalogue(args, &mut sources, &mut problems);
        Session {
            sources,
            catalogue,
            problems,
        }
    }

    /// Analyzes what paths name; what is wrong with it joins the problems of the session.
    pub(super) fn analyze(&mut self, paths: &[PathBuf], beside: &Surroundings) -> Analysis {
        let progress = Progress::on_terminal("reading", false);
        let files = files::read(paths, &mut self.sources);
        let (sources, problems) = (&mut self.sources, &mut self.problems);
        let hints = Hints {
            organization: organization::policies(&beside.organization, sources, problems),
            parameters: stack::parameters(&beside.stack, sources, problems),
            ..Hints::default()
        };
        let mut analysis = analyze(&mut self.sources, &files.inputs, &hints, &self.catalogue);
        self.problems.append(&mut analysis.problems);
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
        beside: &Surroundings,
        packs: &Packs,
    ) -> (Analysis, Outcome) {
        let analysis = self.analyze(paths, beside);
        let outcome = lint(&self.sources, &analysis, packs, &self.catalogue);
        (analysis, outcome)
    }

    /// Prints the problems and returns the exit status: 2 if there are any, otherwise 0.
    pub(super) fn finish(&self) -> u8 {
        output::problems(&self.sources, &self.problems)
    }
}
