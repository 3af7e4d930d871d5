//! Policy documents.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use std::sync::Arc;

use super::defect::Defect;
use super::statement::Statement;
use super::statements::Statements;
use crate::source::Span;
use crate::syntax::{Node, Text, nearest};

/// The version of the policy language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 2012-10-17: policy variables are special.
    V2012,
    /// 2008-10-17, also when no version is written: `${…}` is plain text.
    V2008,
}

/// A policy document, ready to be evaluated.
#[derive(Clone, Debug)]
pub struct PolicyDocument {
    /// The version of the language.
    pub version: Version,
    /// The statements, in order.
    pub statements: Statements,
    /// What could not be read.
    pub defects: Vec<Defect>,
    /// Where the document was written.
    pub span: Span,
}

impl PolicyDocument {
    /// Reads a statement by itself, in the current version of the language.
    #[must_use]
    pub fn read_statement(node: &Node) -> Statement {
        Statement::read(node, true, &mut Vec::new())
    }

    /// Reads a document; what cannot be read becomes a defect and makes its statement undecided.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        let mut defects = Vec::new();
        let version = version(node, &mut defects);
        // What another version makes of the statements is not known.
        let no_version = version.is_none();
        let version = version.unwrap_or(Version::V2008);
        unknown_elements(node, &mut defects);
        // A document that is not known may have any statement.
        let whole = node.as_hole().map(|_| node);
        let statements = node.get("Statement").or(whole).map_or(&[][..], Node::each);
        let statements = statements.iter().map(|statement| {
            let mut statement = Statement::read(statement, version == Version::V2012, &mut defects);
            statement.broken |= no_version;
            Arc::new(statement)
        });
        let statements = statements.collect();
        PolicyDocument {
            version,
            statements,
            defects,
            span: node.span,
        }
    }
}

/// The version of the language; nothing where it is not known.
fn version(document: &Node, defects: &mut Vec<Defect>) -> Option<Version> {
    let Some(written) = document.get("Version") else {
        return Some(Version::V2008);
    };
    let text = written.as_text().map(Text::filled);
    match text.as_ref().and_then(Text::as_str) {
        Some("2012-10-17") => return Some(Version::V2012),
        Some("2008-10-17") => return Some(Version::V2008),
        _ if written.as_hole().is_some() => {}
        _ => {
            let message = "`Version` must be \"2012-10-17\" or \"2008-10-17\"";
            defects.push(Defect::new(written.span, message));
        }
    }
    None
}

/// Members that are no elements, and the lack of statements.
fn unknown_elements(document: &Node, defects: &mut Vec<Defect>) {
    const ELEMENTS: [&str; 3] = ["Version", "Id", "Statement"];
    let mut is_misspelt = false;
    for member in document.members() {
        let name = &*member.key.text;
        is_misspelt |= member.key.is_open();
        let is_known = ELEMENTS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name));
        if let Some(near) = nearest(name, ELEMENTS).filter(|_| !is_known) {
            is_misspelt |= near == "Statement";
            let message =
                format!("unknown element `{name}` in the document: did you mean `{near}`?");
            defects.push(Defect::new(member.key.span, &message));
        }
    }
    if document.is_object() && document.get("Statement").is_none() && !is_misspelt {
        let message = "missing `Statement`";
        defects.push(Defect::new(document.span.at_start(), message));
    }
}
