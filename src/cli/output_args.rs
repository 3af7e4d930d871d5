//! The part of the command line that says how a report looks and where it goes.

use clap::{Args, ValueEnum};

use super::shared_args::When;

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct Output {
    /// Output format: human shows source lines, plain has a line for each finding, html draws each function, the
    /// others are for programs
    #[arg(long, short, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// Also write the report to a file in this format; repeatable
    #[arg(long = "output", short = 'o', value_name = "FORMAT=FILE", value_parser = output_file)]
    pub(super) reports: Vec<(Format, String)>,
    /// Print the number of findings of each rule instead of the findings
    #[arg(long, conflicts_with = "format")]
    pub(super) statistics: bool,
    /// Do not print the summary
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// Exit with status 1 for findings of this severity or higher [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,
    /// Show findings of this severity or higher [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(super) min_severity: Option<Level>,
    /// List undecided checks, and why they are undecided
    #[arg(long)]
    pub(super) show_undecided: bool,
    /// Use colors (auto: on a terminal, unless NO_COLOR is set)
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(super) color: When,
    /// Link rule names to their documentation (auto: on a terminal)
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(super) links: When,
}

impl Output {
    /// Whether the report is written in a format.
    pub(super) fn writes(&self, format: Format) -> bool {
        let mut files = self.reports.iter();
        self.format == format || files.any(|(of_file, _)| *of_file == format)
    }
}

/// Parses `FORMAT=FILE`.
fn output_file(text: &str) -> Result<(Format, String), String> {
    let formats = || {
        let formats = Format::value_variants()
            .iter()
            .filter_map(ValueEnum::to_possible_value);
        formats
            .map(|format| format.get_name().to_owned())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (format, path) = text.split_once('=').unwrap_or((text, ""));
    match (Format::from_str(format, false), path) {
        (Ok(_), "-") => Err(format!(
            "`-` is not a file: use --format {format} for standard output"
        )),
        (Ok(format), path) if !path.is_empty() => Ok((format, path.to_owned())),
        (Ok(_), _) => Err(format!(
            "expected a file, for example {format}=report.{format}"
        )),
        (Err(_), _) => Err(format!(
            "expected FORMAT=FILE with one of the formats {}",
            formats()
        )),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Plain,
    Json,
    Jsonl,
    Sarif,
    Github,
    Gitlab,
    Junit,
    Markdown,
    Html,
}

impl Format {
    /// Whether a report in this format is a document also when there is nothing to say.
    pub(super) fn is_document(self) -> bool {
        !matches!(self, Format::Human | Format::Plain | Format::Github)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Level {
    Error,
    Warning,
    Info,
}
