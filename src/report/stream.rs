//! The report of a stream: each record is told when it is done, and the summary at the end.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Look, Report, Tally, clean, github, human, json_lines, plain, statistics, summary};
use crate::diagnostics::RuleDescription;

/// The forms in which a report can be told in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamForm {
    /// With the lines that it speaks of.
    Human(Look),
    /// As plain lines.
    Plain,
    /// As workflow commands.
    Github,
    /// As lines of JSON.
    JsonLines,
    /// As the number of findings of each rule, which is told at the end.
    Statistics,
}

/// What is told of one record or of several, one after the other.
#[derive(Debug, Default)]
pub struct StreamPart {
    /// The text to print.
    pub text: String,
    /// How much there is in it.
    pub tally: Tally,
    /// How many findings there are of each rule, where that is asked for.
    rules: BTreeMap<String, usize>,
}

impl StreamPart {
    /// What a report says in a form, but for its summary.
    #[must_use]
    pub fn of(report: &Report<'_>, form: StreamForm) -> Self {
        let mut part = StreamPart {
            tally: report.tally(),
            ..StreamPart::default()
        };
        let report = Report {
            is_quiet: true,
            ..*report
        };
        match form {
            StreamForm::Human(look) => part.text = human(&report, look),
            StreamForm::Plain => part.text = plain(&report),
            StreamForm::Github => part.text = github(&report),
            StreamForm::JsonLines => part.text = json_lines::lines(&report),
            StreamForm::Statistics => {
                for finding in report.findings {
                    *part.rules.entry(finding.rule.to_string()).or_default() += 1;
                }
            }
        }
        part
    }

    fn count(&mut self, next: StreamPart) {
        self.tally += next.tally;
        for (rule, count) in next.rules {
            *self.rules.entry(rule).or_default() += count;
        }
    }
}

/// The report of a stream, of which only what was counted is kept.
#[derive(Debug)]
pub struct Stream<'r> {
    /// The form.
    pub form: StreamForm,
    /// The rules that are applied.
    pub rules: &'r [RuleDescription],
    /// Whether undecided checks are listed.
    pub show_undecided: bool,
    /// Whether to leave out the summary.
    pub is_quiet: bool,
    /// What was told so far, without its text.
    pub told: StreamPart,
}

impl<'r> Stream<'r> {
    /// The report of a stream from which nothing was read.
    #[must_use]
    pub fn new(form: StreamForm, rules: &'r [RuleDescription]) -> Self {
        Stream {
            form,
            rules,
            show_undecided: false,
            is_quiet: false,
            told: StreamPart::default(),
        }
    }

    /// Counts what is told next.
    pub fn count(&mut self, next: StreamPart) {
        self.told.count(next);
    }

    /// The end of the report.
    #[must_use]
    pub fn ending(&self) -> String {
        let tally = &self.told.tally;
        if self.form == StreamForm::JsonLines {
            return json_lines::summary_line(tally);
        }
        let mut text = String::new();
        if self.form == StreamForm::Statistics {
            let rules = self.told.rules.iter();
            let counts = rules.map(|(rule, count)| (rule.as_str(), *count)).collect();
            text = statistics::table(&counts, self.rules);
        }
        let lines = match self.form {
            // GitHub looks for commands in these lines.
            StreamForm::Github => summary::counted(tally),
            _ => summary::lines_of(tally, self.show_undecided),
        };
        for line in lines.iter().filter(|_| !self.is_quiet) {
            let _infallible = writeln!(text, "{}", clean(line));
        }
        text
    }
}
