//! The baseline: what was found before, so that only what is new counts.

use std::collections::BTreeMap;

use crate::diagnostics::{Finding, Fixed, Problem, Suppressed, Suppressor};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{Fields, Node, Style, json};

/// The version of the form.
const VERSION: usize = 1;

/// What was found before.
#[derive(Debug, Default)]
pub struct Baseline {
    entries: BTreeMap<Entry, usize>,
}

/// A finding in a baseline. Entries that differ in their words alone are one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// The folder of the file, relative to that of the baseline.
    folder: String,
    rule: String,
    function: String,
    message: String,
    fingerprint: String,
}

/// What makes two findings one: the folder and the fingerprint.
type Key = (String, String);

impl Entry {
    fn key(&self) -> Key {
        (self.folder.clone(), self.fingerprint.clone())
    }
}

/// What a run knows of the folders.
pub(crate) struct Folders<'f> {
    /// The folder of a file, relative to that of the baseline.
    pub(crate) of: &'f dyn Fn(FileId) -> String,
    /// Whether all of a folder was read, and what is found in it is reported.
    pub(crate) is_whole: &'f dyn Fn(&str) -> bool,
    /// Whether a rule is applied.
    pub(crate) is_applied: &'f dyn Fn(&str) -> bool,
}

impl Folders<'_> {
    /// Whether an entry would be found again if it were still there.
    fn is_checked(&self, entry: &Entry) -> bool {
        (self.is_whole)(&entry.folder) && (self.is_applied)(&entry.rule)
    }
}

impl Baseline {
    /// Reads a baseline; what is wrong with it is a problem.
    pub fn read(file: FileId, text: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        if let Some(problem) = conflict(file, text) {
            problems.push(problem);
            return None;
        }
        let documents = json::read(file, text);
        let before = problems.len();
        problems.extend(documents.errors.into_iter().map(Problem::from));
        let start = Span::new(file, 0, 0);
        let [root] = documents.roots.as_slice() else {
            if problems.len() == before {
                problems.push(Problem::at(start, "this is not a baseline").help(WRITE));
            }
            return None;
        };
        let mut baseline = Baseline::default();
        let mut fields = Fields::open(root, "a baseline", problems)?;
        let version = fields.required("version");
        let written = version.and_then(Node::scalar);
        if let Some(other) = written.filter(|version| *version != VERSION.to_string()) {
            let message =
                format!("this version of lint-lambda does not read baselines of version {other}");
            fields.wrong("version", message);
            return None;
        }
        let findings = fields.required("findings").map_or(&[][..], Node::items);
        fields.finish();
        for node in findings {
            baseline.entry(node, problems);
        }
        (problems.len() == before).then_some(baseline)
    }

    fn entry(&mut self, node: &Node, problems: &mut Vec<Problem>) -> Option<()> {
        let mut fields = Fields::open(node, "a finding of a baseline", problems)?;
        let mut text = |name| fields.text(name).map(str::to_owned);
        let (folder, rule) = (text("folder"), text("rule"));
        let (message, fingerprint) = (text("message"), text("fingerprint"));
        let function = fields.optional_text("function").unwrap_or("").to_owned();
        let count = fields
            .optional("count")
            .map_or(Some(1), |count| count.scalar()?.parse().ok());
        if count.is_none() {
            fields.wrong("count", "`count` must be a whole number");
        }
        fields.finish();
        let entry = Entry {
            folder: folder?,
            rule: rule?,
            function,
            message: message?,
            fingerprint: fingerprint?,
        };
        // After a merge, an entry can be there once for each side.
        let known = self.entries.entry(entry).or_default();
        *known = (*known).max(count?);
        Some(())
    }

    /// The baseline of findings. Of an older one, that which could not be found again is kept.
    pub(crate) fn of(
        findings: &[Finding],
        sources: &SourceMap,
        folders: &Folders<'_>,
        older: &Baseline,
    ) -> Self {
        let mut baseline = Baseline::default();
        for finding in findings {
            let entry = entry(finding, sources, folders);
            *baseline.entries.entry(entry).or_default() += 1;
        }
        let found = baseline.counts();
        let older = older.entries.iter();
        for (entry, count) in older.filter(|(entry, _)| !folders.is_checked(entry)) {
            let found = found.get(&entry.key()).copied().unwrap_or(0);
            if *count > found {
                *baseline.entries.entry(entry.clone()).or_default() += count - found;
            }
        }
        baseline
    }

    /// How often each finding is there.
    fn counts(&self) -> BTreeMap<Key, usize> {
        let mut counts = BTreeMap::new();
        for (entry, count) in &self.entries {
            *counts.entry(entry.key()).or_default() += count;
        }
        counts
    }

    /// Takes out the findings that the baseline holds, each as often as it is there; and what it holds that
    /// would have been found and was not.
    pub(crate) fn accept(
        &self,
        findings: &mut Vec<Finding>,
        sources: &SourceMap,
        folders: &Folders<'_>,
    ) -> (Vec<Suppressed>, Vec<Fixed>) {
        let mut left = self.counts();
        let mut suppressed = Vec::new();
        for finding in std::mem::take(findings) {
            let key = entry(&finding, sources, folders).key();
            match left.get_mut(&key).filter(|left| **left > 0) {
                Some(left) => {
                    *left -= 1;
                    suppressed.push(Suppressed {
                        finding,
                        by: Suppressor::Baseline,
                        reason: None,
                        span: None,
                    });
                }
                None => findings.push(finding),
            }
        }
        let mut fixed = Vec::new();
        for (entry, count) in &self.entries {
            let left = left.entry(entry.key()).or_default();
            let gone = (*left).min(*count);
            *left -= gone;
            let told = Fixed {
                folder: entry.folder.clone(),
                rule: entry.rule.clone(),
                message: entry.message.clone(),
            };
            let gone = if folders.is_checked(entry) { gone } else { 0 };
            fixed.extend(std::iter::repeat_n(told, gone));
        }
        (suppressed, fixed)
    }

    /// The baseline as text, a line for each entry.
    #[must_use]
    pub fn text(&self) -> String {
        let lines = self.entries.iter().map(|(entry, count)| {
            let members = [
                ("folder", &entry.folder),
                ("rule", &entry.rule),
                ("function", &entry.function),
                ("message", &entry.message),
                ("fingerprint", &entry.fingerprint),
            ];
            let members = members.into_iter().filter(|(_, value)| !value.is_empty());
            let mut members: Vec<String> = members
                .map(|(name, value)| format!("\"{name}\": {}", quoted(value)))
                .collect();
            members.extend((*count > 1).then(|| format!("\"count\": {count}")));
            format!("    {{ {} }}", members.join(", "))
        });
        let lines: Vec<String> = lines.collect();
        let findings = match lines.is_empty() {
            true => "[]".to_owned(),
            false => format!("[\n{}\n  ]", lines.join(",\n")),
        };
        format!("{{\n  \"version\": {VERSION},\n  \"findings\": {findings}\n}}\n")
    }
}

/// What to do where a baseline cannot be used.
const WRITE: &str = "--write-baseline writes a new one";

fn entry(finding: &Finding, sources: &SourceMap, folders: &Folders<'_>) -> Entry {
    let file = sources.resolve(finding.primary.span).file;
    Entry {
        folder: (folders.of)(file),
        rule: finding.rule.to_string(),
        function: finding.subject.function.clone().unwrap_or_default(),
        message: finding.message.clone(),
        fingerprint: finding.fingerprint.clone(),
    }
}

/// A text in quotes.
fn quoted(text: &str) -> String {
    let node = Node::text(text, Span::new(FileId::NOWHERE, 0, 0));
    Style::default().lines(&node, false).concat()
}

/// The problem with a file in which a merge left its marks.
fn conflict(file: FileId, text: &str) -> Option<Problem> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<<") {
            let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let span = Span::new(file, offset(at), offset(at + line.trim_end().len()));
            let help =
                "keep the lines of both sides, with a comma between them, and remove the marks";
            return Some(Problem::at(span, "unresolved merge conflict in the baseline").help(help));
        }
        at += line.len();
    }
    None
}
