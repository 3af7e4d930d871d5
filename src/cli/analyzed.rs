//! The analysis of files, with the files that expressions in them read.

use std::fs;
use std::path::Path;

use super::content;
use super::files::Files;
use crate::analysis::{Analysis, analyze_known};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::input::{Hints, Input, InputRole, Scope, Vocabulary};
use crate::source::{SourceMap, Span};

/// How often the analysis is made again with files that it asked for: a file can lead to another.
const MOST_ROUNDS: usize = 4;

/// Analyzes files. What expressions read is read as well, and what does not exist is a problem.
pub(super) fn analyzed(
    sources: &mut SourceMap,
    files: &mut Files,
    hints: &Hints,
    catalogue: &Catalogue,
) -> Analysis {
    let vocabulary = Vocabulary::new(catalogue);
    analyzed_known(sources, files, hints, (catalogue, &vocabulary))
}

/// The same with the words of the texts that can be for us, for those who analyze many times.
pub(super) fn analyzed_known(
    sources: &mut SourceMap,
    files: &mut Files,
    hints: &Hints,
    known: (&Catalogue, &Vocabulary<'_>),
) -> Analysis {
    let mut analysis = analyze_known(sources, &files.inputs, hints, known);
    for _ in 0..MOST_ROUNDS {
        let wanted = std::mem::take(&mut analysis.wanted);
        let mut is_more = false;
        for file in wanted {
            match read(&file.path, file.span, sources, files) {
                Read::Added => is_more = true,
                Read::Missing if file.is_needed => {
                    analysis.problems.push(missing(&file.path, file.span));
                }
                Read::Special if file.is_needed => {
                    let message = format!("`{}` is not a regular file", file.path);
                    let problem = Problem::at(file.span, message);
                    let help = "name a file: pipes and devices are not read";
                    analysis.problems.push(problem.help(help));
                }
                Read::Missing | Read::Special | Read::NoText => {}
            }
        }
        if !is_more {
            break;
        }
        analysis = analyze_known(sources, &files.inputs, hints, known);
    }
    analysis
}

/// What became of a file that was wanted.
enum Read {
    Added,
    Missing,
    /// It is a folder, a pipe or a device.
    Special,
    NoText,
}

fn read(path: &str, wanted_at: Span, sources: &mut SourceMap, files: &mut Files) -> Read {
    let path = Path::new(path);
    match fs::metadata(path) {
        // A pipe or device can wait for ever.
        Ok(data) if !data.is_file() => return Read::Special,
        Ok(_) => {}
        Err(_) => return Read::Missing,
    }
    let shown = content::shown(path);
    let Ok(text) = content::text(path) else {
        return Read::NoText;
    };
    let Ok(file) = sources.add(&shown, &text) else {
        return Read::NoText;
    };
    let background = &mut files.background.files;
    if background.contains(&wanted_at.file) {
        background.extend([file]);
    }
    files.inputs.push(Input {
        file,
        scope: Scope::new([".", shown.as_str()]),
        named: false,
        role: InputRole::Supporting,
    });
    Read::Added
}

fn missing(path: &str, span: Span) -> Problem {
    let help = "create the file, or correct the path: it is relative to the root module, unless it begins with \
                `${path.module}`";
    Problem::at(span, format!("no such file: `{path}`")).help(help)
}
