//! Flags that say what a template leaves open, as values with places in the text of the command
//! line, or in their file.

use std::ffi::OsStr;
use std::path::Path;

use super::args::{self, Stack};
use super::configuration::Loaded;
use super::flags::Line;
use super::{content, output};
use crate::analysis::Analysis;
use crate::diagnostics::Problem;
use crate::input::{Parameter, Parameters, ValuesFormat};
use crate::report::clean;
use crate::settings::{Environment, Given};
use crate::source::SourceMap;

/// The values of flags and of the files that they name. Flags override files.
fn of_flags(args: &Stack, sources: &mut SourceMap, problems: &mut Vec<Problem>) -> Parameters {
    let mut parameters = Parameters::default();
    add_files(&mut parameters, &args.files, sources, problems);
    parameters.list.extend(flags(args, sources));
    parameters
}

/// The values of flags, over those of the configuration.
pub(super) fn parameters(
    args: &Stack,
    environment: &Environment,
    loaded: &Loaded,
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) -> Parameters {
    let mut parameters = Parameters::default();
    let files = environment.params.iter();
    let files: Vec<String> = files.map(|file| loaded.path_of(&file.value)).collect();
    add_files(&mut parameters, &files, sources, problems);
    let named = environment.parameters.iter();
    parameters.list.extend(named.map(|(name, value)| Parameter {
        name: name.value.clone(),
        value: value.value.clone(),
        span: name.span,
        is_named: false,
    }));
    // What is wrong with any environment was told when the configuration was read.
    parameters.list.extend(pseudo(environment, &mut Vec::new()));
    let own = of_flags(args, sources, problems);
    parameters.list.extend(own.list);
    parameters
}

/// The account, Region and partition of an environment; those that are not valid are problems.
pub(super) fn pseudo(environment: &Environment, problems: &mut Vec<Problem>) -> Vec<Parameter> {
    type Parse = fn(&str) -> Result<String, String>;
    let rows: [(&str, Parse, &Option<Given<String>>); 3] = [
        ("AWS::Region", args::region, &environment.region),
        ("AWS::AccountId", args::account, &environment.account),
        ("AWS::Partition", args::partition, &environment.partition),
    ];
    let mut list = Vec::new();
    for (name, parse, given) in rows {
        let Some(given) = given else { continue };
        match parse(&given.value) {
            Ok(value) => list.push(Parameter {
                name: name.to_owned(),
                value,
                span: given.span,
                is_named: false,
            }),
            Err(message) => problems.push(Problem::at(given.span, message)),
        }
    }
    list
}

/// Adds the values of files.
fn add_files(
    parameters: &mut Parameters,
    files: &[String],
    sources: &mut SourceMap,
    problems: &mut Vec<Problem>,
) {
    for path in files {
        match file(path, sources) {
            Ok((more, mistakes)) => {
                parameters.list.extend(more.list);
                problems.extend(mistakes);
            }
            Err(problem) => problems.push(problem),
        }
    }
}

/// Tells on standard error which names in files of values no template declares. That is no problem: one file can
/// serve several templates, of which this run reads some.
pub(super) fn tell_undeclared(parameters: &Parameters, analysis: &Analysis, sources: &SourceMap) {
    for undeclared in parameters.undeclared(&analysis.documents) {
        let at = sources.locate(undeclared.span);
        let hint = match undeclared.near {
            Some(near) => format!("; did you mean `{near}`?"),
            None => String::new(),
        };
        let (path, line, name) = (at.path, at.line, undeclared.name);
        let text = format!("{path}:{line}: no template has a parameter `{name}`{hint}");
        output::aside(&format!("note: {}\n", clean(&text)));
    }
}

/// Reads a file with parameter values.
fn file(path: &str, sources: &mut SourceMap) -> Result<(Parameters, Vec<Problem>), Problem> {
    let text = content::text_or_stdin(path)?;
    let Ok(file) = sources.add(path, &text) else {
        return Err(Problem::of_path(path, "the file is too large"));
    };
    let ending = Path::new(path).extension().and_then(OsStr::to_str);
    let format = ValuesFormat::of_extension(ending.unwrap_or(""));
    Ok(Parameters::read(file, &text, format))
}

/// The parameter values of flags.
fn flags(args: &Stack, sources: &mut SourceMap) -> Vec<Parameter> {
    let pseudo = [
        ("--region", "AWS::Region", &args.region),
        ("--account", "AWS::AccountId", &args.account),
        ("--partition", "AWS::Partition", &args.partition),
    ];
    let mut line = Line::default();
    let mut values = Vec::new();
    for (name, value) in &args.parameters {
        let at = line.add("--param", Some(&format!("{name}={value}")));
        values.push((at, name.clone(), value.clone(), true));
    }
    for (flag, name, value) in pseudo {
        if let Some(value) = value {
            let at = line.add(flag, Some(value));
            values.push((at, name.to_owned(), value.clone(), false));
        }
    }
    let Ok(file) = line.source(sources) else {
        return Vec::new();
    };
    let parameters = values
        .into_iter()
        .map(|(at, name, value, is_named)| Parameter {
            name,
            value,
            span: line.span(file, at),
            is_named,
        });
    parameters.collect()
}
