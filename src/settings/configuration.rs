//! The form of `lint-lambda.toml`.

use super::given::{flag, table, text, texts, texts_of, word};
use super::{Environment, Given, SuppressEntry};
use crate::diagnostics::{Problem, Severity};
use crate::source::FileId;
use crate::syntax::{Fields, Node, toml};

/// The name of the file.
pub const FILE: &str = "lint-lambda.toml";

/// Words for `fail-on`.
const FAIL_ON: [&str; 4] = ["error", "warning", "info", "never"];
/// Words for `min-severity`.
const SEVERITIES: [&str; 3] = ["error", "warning", "info"];

/// What the file says. Paths are relative to its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// What is checked where the command line names nothing.
    pub paths: Option<Vec<Given<String>>>,
    /// Files and folders that are read with every run, and on which nothing is reported.
    pub context: Vec<Given<String>>,
    /// Files that are not read, as patterns of `.gitignore`.
    pub exclude: Vec<Given<String>>,
    /// Whether to leave out what Git ignores.
    pub respect_gitignore: Option<Given<bool>>,
    /// The rules to apply, as selectors; all by default.
    pub select: Option<Vec<Given<String>>>,
    /// The rules not to apply, as selectors.
    pub ignore: Vec<Given<String>>,
    /// Severities of rules, by selector.
    pub severity: Vec<(Given<String>, Severity)>,
    /// The severity from which findings fail the run.
    pub fail_on: Option<Given<String>>,
    /// The severity from which findings are shown.
    pub min_severity: Option<Given<String>>,
    /// Whether to list undecided checks.
    pub show_undecided: Option<Given<bool>>,
    /// The baseline.
    pub baseline: Option<Given<String>>,
    /// Rule packs, or folders of them.
    pub rules: Vec<Given<String>>,
    /// Newer facts about AWS.
    pub catalogue: Option<Given<String>>,
    /// Service control policies, by level of the organization.
    pub scp: Vec<Vec<Given<String>>>,
    /// Resource control policies, by level of the organization.
    pub rcp: Vec<Vec<Given<String>>>,
    /// Files with the documents of customer managed policies, by ARN.
    pub managed_policies: Vec<(Given<String>, Given<String>)>,
    /// The environment to use where the command line names none.
    pub environment: Option<Given<String>>,
    /// What holds in all environments.
    pub general: Environment,
    /// Environments by name.
    pub environments: Vec<(Given<String>, Environment)>,
    /// Findings that are suppressed.
    pub suppress: Vec<SuppressEntry>,
}

impl Configuration {
    /// Reads the text of a file; mistakes in it become problems.
    #[must_use]
    pub fn read(file: FileId, text: &str, problems: &mut Vec<Problem>) -> Configuration {
        let documents = toml::read(file, text);
        problems.extend(documents.errors.into_iter().map(Problem::from));
        let root = documents.roots.first();
        root.and_then(|root| Configuration::decode(root, problems))
            .unwrap_or_default()
    }

    fn decode(root: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(root, "the configuration", problems)?;
        let fields = &mut fields;
        let mut configuration = Configuration {
            paths: texts(fields, "paths"),
            context: texts(fields, "context").unwrap_or_default(),
            exclude: texts(fields, "exclude").unwrap_or_default(),
            respect_gitignore: flag(fields, "respect-gitignore"),
            select: texts(fields, "select"),
            ignore: texts(fields, "ignore").unwrap_or_default(),
            severity: severities(fields),
            fail_on: word(fields, "fail-on", &FAIL_ON),
            min_severity: word(fields, "min-severity", &SEVERITIES),
            show_undecided: flag(fields, "show-undecided"),
            baseline: text(fields, "baseline"),
            rules: texts(fields, "rules").unwrap_or_default(),
            catalogue: text(fields, "catalogue"),
            scp: levels(fields, "scp"),
            rcp: levels(fields, "rcp"),
            managed_policies: files_by_name(fields, "managed-policies"),
            environment: text(fields, "environment"),
            general: Environment::read(fields),
            environments: environments(fields),
            suppress: Vec::new(),
        };
        for node in fields.list("suppress") {
            let suppression = SuppressEntry::decode(node, fields.problems());
            configuration.suppress.extend(suppression);
        }
        fields.report_unknown();
        Some(configuration)
    }
}

/// Severities by selector.
fn severities(fields: &mut Fields<'_, '_>) -> Vec<(Given<String>, Severity)> {
    let mut severities = Vec::new();
    for (name, node) in table(fields, "severity") {
        let written = node.as_str();
        let known = Severity::ALL
            .into_iter()
            .find(|one| written == Some(one.as_str()));
        match known {
            Some(severity) => severities.push((name, severity)),
            None => {
                let message = format!("expected a severity: {}", SEVERITIES.join(", "));
                fields.mistake(&node, message);
            }
        }
    }
    severities
}

/// A list of levels, each of which is a file or a list of files.
fn levels(fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<Vec<Given<String>>> {
    let node = fields.optional(name);
    let levels = node.map_or(&[][..], Node::each).iter();
    levels.map(|level| texts_of(level, name, fields)).collect()
}

/// Files by name.
fn files_by_name(
    fields: &mut Fields<'_, '_>,
    name: &'static str,
) -> Vec<(Given<String>, Given<String>)> {
    let mut files = Vec::new();
    for (key, node) in table(fields, name) {
        match node.as_str() {
            Some(path) => {
                let value = path.to_owned();
                files.push((
                    key,
                    Given {
                        value,
                        span: node.span,
                    },
                ));
            }
            None => fields.mistake(&node, format!("`{name}` maps names to files")),
        }
    }
    files
}

fn environments(fields: &mut Fields<'_, '_>) -> Vec<(Given<String>, Environment)> {
    let tables = table(fields, "environments").into_iter();
    let environments = tables.map(|(name, node)| (name, Environment::decode(&node, fields)));
    environments.collect()
}
