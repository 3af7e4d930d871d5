//! Whether the actions that a policy names exist.

use super::judge::{Hit, Judged, Known};
use crate::catalogue::Naming;
use crate::finding::{Confidence, Finding, Fix, Label, Severity, Subject};
use crate::pack::Rule;

pub(super) fn check(known: Known<'_>, rule: &Rule, hit: Hit<'_, '_>, judged: &mut Judged) {
    let Some(written) = hit.node.as_str() else {
        return;
    };
    if written.contains(['*', '?', '$']) {
        return;
    }
    let (naming, meant) = known.naming(written);
    let (service, _) = written.split_once(':').unwrap_or((written, ""));
    let message = match naming {
        Naming::Fine => return,
        Naming::Formless => format!("`{written}` is no action: write service:Name"),
        Naming::NoSuchService => format!("there is no service `{service}`"),
        Naming::NoSuchAction => format!("{service} has no action `{written}`"),
    };
    let certain = meant.is_some() || naming == Naming::Formless;
    let help = match &meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if naming == Naming::Formless => {
            "write the service and the action, as in `s3:GetObject`".to_owned()
        }
        None => format!(
            "look it up: it is right only if AWS made it after the list of actions was gathered ({})",
            known.catalogue.actions.data
        ),
    };
    judged.findings.push(Finding {
        rule: rule.id.clone(),
        severity: if certain {
            rule.severity
        } else {
            rule.severity.min(Severity::Warning)
        },
        confidence: if certain {
            Confidence::Certain
        } else {
            Confidence::Likely
        },
        message,
        primary: Label {
            span: hit.node.span,
            text: "no action has this name".to_owned(),
        },
        notes: Vec::new(),
        help: Some(help),
        url: rule.references.first().cloned(),
        subject: Subject {
            function: hit.function(),
            actions: vec![written.to_owned()],
            ..Subject::default()
        },
        fix: meant.map(|text| Fix::Replace {
            span: hit.node.span,
            text,
        }),
        pointer: String::new(),
    });
}
