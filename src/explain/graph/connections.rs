//! Connections as they are put together.

use crate::diagnostics::{Edge, EdgeStatus, FunctionGraph, OpenCheck, Side};

/// A connection of which nothing is known but what is at its other end.
pub(super) fn edge(side: Side, shown: &str, decided_by: &str) -> Edge {
    let (kind, name) = kind_and_name(shown);
    Edge {
        side,
        kind,
        name,
        decided_by: decided_by.to_owned(),
        status: EdgeStatus::Unchecked,
        is_statement: false,
        actions: Vec::new(),
        resources: Vec::new(),
        granted_by: Vec::new(),
        findings: Vec::new(),
        suppressed: Vec::new(),
        open: Vec::new(),
        note: None,
    }
}

/// The parts of a text such as "SNS topic `orders`"; where it has no name, all of it is the kind.
fn kind_and_name(shown: &str) -> (String, String) {
    let shown = shown.strip_prefix("the ").unwrap_or(shown);
    match shown.split_once(" `") {
        Some((kind, name)) => {
            let name = name.strip_suffix('`').unwrap_or(name);
            let name = resource_of(name).replace('`', "");
            (kind.to_owned(), name)
        }
        None => (shown.to_owned(), String::new()),
    }
}

/// The last part of an ARN, in which what is not known stands between `<` and `>`; other text as it is.
pub(super) fn resource_of(arn: &str) -> &str {
    let mut depth = 0_usize;
    let mut colons = arn.char_indices().filter(|(_, c)| {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        *c == ':' && depth == 0
    });
    let last = colons.nth(4).filter(|_| arn.starts_with("arn:"));
    last.and_then(|(at, _)| arn.get(at + 1..)).unwrap_or(arn)
}

/// Adds each entry that is not there.
pub(super) fn add_all<T: PartialEq>(list: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}

/// Adds what another branch of the template adds to a function.
pub(super) fn add_edges(known: &mut FunctionGraph, branch: FunctionGraph, when: &str) {
    for edge in branch.edges {
        let is_same = |other: &&mut Edge| {
            let ends = |edge: &Edge| (edge.side, edge.kind.clone(), edge.name.clone());
            ends(other) == ends(&edge) && other.decided_by == edge.decided_by
        };
        match known.edges.iter_mut().find(is_same) {
            Some(same) => {
                let found = edge.findings.iter().any(|new| !same.findings.contains(new));
                let is_accepted = edge
                    .suppressed
                    .iter()
                    .any(|new| !same.suppressed.contains(new));
                let is_open = edge.open.iter().any(|new| !same.open.contains(new));
                if found || is_accepted || is_open {
                    same.status = same.status.min(edge.status);
                }
                add_all(&mut same.findings, edge.findings);
                add_all(&mut same.suppressed, edge.suppressed);
                add_all(&mut same.open, edge.open);
            }
            None => known.edges.push(Edge {
                note: edge.note.or_else(|| Some(format!("only when {when}"))),
                ..edge
            }),
        }
    }
    add_all(&mut known.open, branch.open);
    add_all::<OpenCheck>(&mut known.absent, branch.absent);
    add_all(&mut known.limits, branch.limits);
}
