//! Entries of the configuration, for files that take no comments and templates that others write.

use std::sync::Arc;

use super::date::Date;
use super::entry::{Anywhere, Cover, PathPattern, Suppression, WrittenRule};
use crate::diagnostics::Suppressor;
use crate::source::Span;

/// An entry of the configuration that suppresses findings.
#[derive(Clone, Debug)]
pub(crate) struct ConfiguredSuppression {
    /// The rules, packs or prefixes.
    pub(crate) rules: Vec<WrittenRule>,
    /// The files, all by default.
    pub(crate) paths: Option<PathPattern>,
    /// The function or resource, by name, logical ID or ARN; all by default.
    pub(crate) resource: Option<String>,
    /// The actions: a finding is suppressed only if all of its actions are among them. All by default.
    pub(crate) actions: Vec<String>,
    /// Why.
    pub(crate) reason: Option<String>,
    /// The last day on which it has an effect.
    pub(crate) until: Option<Date>,
    /// Where it was written.
    pub(crate) span: Span,
}

/// The entry as a suppression.
pub(super) fn read(entry: &ConfiguredSuppression) -> Suppression {
    let anywhere = Anywhere {
        paths: entry.paths.clone(),
        resource: entry.resource.clone(),
        actions: entry.actions.clone(),
    };
    Suppression {
        by: Suppressor::Configuration,
        rules: entry.rules.clone(),
        covers: Cover::Anywhere(Arc::new(anywhere)),
        reason: entry.reason.clone(),
        until: entry.until,
        span: entry.span,
    }
}
