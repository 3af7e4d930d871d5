//! Whether a text can be for us, told from its words before it is parsed.
//!
//! A folder or a commit has thousands of files of other programs. Every document that a reader takes has one of some
//! members, so a text without all of them need not be parsed.

use std::sync::OnceLock;

use super::cli_output::cli_error;
use super::policy::VERSIONS;
use crate::catalogue::Catalogue;
use crate::syntax::{Selector, Step, TextPattern};

/// Members of which each document that is read has one, except those that the catalogue describes.
const MEMBERS: [&str; 40] = [
    // Policy documents, templates, packages and cloud assemblies.
    "Statement",
    "Entries",
    "artifacts",
    "Resources",
    "AWSTemplateFormatVersion",
    "Transform",
    // Plans and state of Terraform.
    "planned_values",
    "root_module",
    "lineage",
    // The configuration of the Serverless Framework.
    "provider",
    // The configuration of a function, alone or in a bundle.
    "FunctionName",
    "FunctionArn",
    "Handler",
    "Runtime",
    "PackageType",
    "Role",
    // What the AWS CLI prints of functions.
    "Functions",
    "Triggers",
    "Aliases",
    "AliasArn",
    "Versions",
    "EventSourceArn",
    "EventSourceMappings",
    "FunctionEventInvokeConfig",
    "FunctionEventInvokeConfigs",
    "FunctionUrlConfig",
    "FunctionUrlConfigs",
    "CapacityProvider",
    "CapacityProviders",
    "logGroups",
    // What it prints of roles and policies.
    "AssumeRolePolicyDocument",
    "AttachedPolicies",
    "Policies",
    "Policy",
    "PolicyDocument",
    "PolicyNames",
    "PolicyVersion",
    "RoleDetailList",
    "RoleName",
    "Roles",
];

/// What can stand for a letter of a name, or for a name: such a text is parsed.
const SPELLED_OTHERWISE: &str =
    r"\\(?:u00|U000000|x)[2-7][0-9A-Fa-f]|\w\\\r?\n|(?m:^[ \t-]*\?[ \t])|\*\w+[ \t]*:";

/// The beginning of a comment that speaks to this program.
const SUPPRESSION: &str = "lint-lambda";

/// The words of the texts that can be for us.
#[derive(Debug)]
pub struct Vocabulary<'c> {
    catalogue: &'c Catalogue,
    /// `None` if some document of ours cannot be told from its words.
    pattern: OnceLock<Option<TextPattern>>,
}

impl<'c> Vocabulary<'c> {
    /// The words of the readers, and of the answers that the catalogue describes.
    #[must_use]
    pub fn new(catalogue: &'c Catalogue) -> Self {
        Vocabulary {
            catalogue,
            pattern: OnceLock::new(),
        }
    }

    /// The pattern of the words, which is made when the first text needs it.
    fn pattern(&self) -> Option<&TextPattern> {
        let make = || Self::made(self.catalogue);
        self.pattern.get_or_init(make).as_ref()
    }

    fn made(catalogue: &Catalogue) -> Option<TextPattern> {
        let push = catalogue.push.iter();
        let triggers =
            push.flat_map(|source| source.cli_outputs.iter().chain(&source.related_cli_outputs));
        let triggers = triggers.flat_map(|answer| answer.recognized_by());
        let resources = catalogue.resource_answers.iter();
        let answers = resources.flat_map(|answer| answer.recognized_by());
        let told: Option<Vec<&str>> = triggers.chain(answers).map(told_by).collect();
        told.map(|told| {
            let told = told.into_iter().map(TextPattern::escaped);
            let members = MEMBERS.map(TextPattern::escaped).into_iter().chain(told);
            let members: Vec<String> = members.collect();
            let markers = catalogue.resource_types().markers.iter();
            let markers = markers.map(|marker| TextPattern::escaped(marker));
            let beginnings = cli_error::beginnings().map(TextPattern::escaped);
            let versions = VERSIONS.map(TextPattern::escaped).into_iter();
            let texts: Vec<String> = markers.chain(beginnings).chain(versions).collect();
            let (members, texts) = (members.join("|"), texts.join("|"));
            let parts = [
                format!(r#"\b(?:{members})["']?\s*[:,}}]"#),
                format!("{texts}|{SUPPRESSION}"),
                SPELLED_OTHERWISE.to_owned(),
            ];
            TextPattern::trusted(&format!("(?-u){}", parts.join("|")))
        })
    }

    /// Whether a text can hold a document of ours, or an error of the AWS CLI.
    #[must_use]
    pub fn may_be_ours(&self, text: &str) -> bool {
        let fits = |pattern: &TextPattern| !pattern.is_valid() || pattern.matches(text);
        self.pattern().is_none_or(fits)
    }
}

/// The longest name that a path goes through: it is the least likely in files of other programs.
fn told_by(path: &Selector) -> Option<&str> {
    let names = path.steps().iter().filter_map(|step| match step {
        Step::Member(name) => Some(name.as_str()),
        _ => None,
    });
    let longest = names.max_by_key(|name| name.len());
    longest.or_else(|| required_by_filter(path.as_str()))
}

/// A name that everything has that passes the filter of a path.
fn required_by_filter(path: &str) -> Option<&str> {
    let (_, filter) = path.split_once("[?")?;
    let filter = filter.strip_suffix(']').filter(|one| !one.contains("||"))?;
    let is_name = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric());
    let mut names = filter
        .split("&&")
        .filter_map(|test| test.trim().strip_prefix("@."));
    names.find(is_name)
}
