//! Events of CloudTrail, whose parts say more than their message.
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use crate::catalogue::Symptoms;
use crate::source::Span;
use crate::syntax::Node;

/// The errors of events, each as a text with its place; `None` if a document does not contain events.
#[must_use]
pub fn events(symptoms: &Symptoms, root: &Node) -> Option<Vec<(String, Span)>> {
    let records = records(root);
    (!records.is_empty()).then(|| {
        let errors = records
            .into_iter()
            .filter_map(|record| error(symptoms, record));
        errors.collect()
    })
}

fn records(root: &Node) -> Vec<&Node> {
    let lists = ["Records", "Events", "events"].iter();
    let listed = lists
        .filter_map(|name| root.get(name))
        .flat_map(Node::items);
    let each = listed.chain(root.each());
    each.filter(|node| node.str("eventSource").is_some() && node.str("eventName").is_some())
        .collect()
}

/// The error of an event: its message, or, if that says too little, one made of its parts.
fn error(symptoms: &Symptoms, record: &Node) -> Option<(String, Span)> {
    let code = record.str("errorCode")?;
    let message = record.str("errorMessage").unwrap_or("");
    if message.contains("is not authorized to perform") {
        return Some((message.to_owned(), record.span));
    }
    if !symptoms.is_denial(code) {
        return Some((format!("{code}: {message}"), record.span));
    }
    let source = record.str("eventSource")?.split('.').next()?;
    let call = unversioned(record.str("eventName")?);
    let call = format!("{}:{call}", symptoms.prefix_of(source));
    let action = symptoms.action_of(&call);
    let caller = record.at(&["userIdentity", "arn"]).and_then(Node::as_str);
    let invoker = record.at(&["userIdentity", "invokedBy"]);
    let caller = caller.or(invoker.and_then(Node::as_str))?;
    let resources = record.get("resources").map_or(&[][..], Node::items);
    let resource = resources.iter().find_map(|resource| resource.str("ARN"));
    let on = resource.map_or(String::new(), |arn| format!(" on resource: {arn}"));
    let text = format!("User: {caller} is not authorized to perform: {action}{on}");
    Some((text, record.span))
}

/// The name of a call without the date of its version, as in `UpdateFunctionCode20150331v2`.
fn unversioned(name: &str) -> &str {
    let digits = |text: &str| text.len() >= 8 && text.bytes().all(|b| b.is_ascii_digit());
    let without = match name.rsplit_once('v') {
        Some((before, version)) if version.bytes().all(|b| b.is_ascii_digit()) => before,
        _ => name,
    };
    let cut = without.len().saturating_sub(8);
    match without.split_at_checked(cut) {
        Some((call, date)) if digits(date) => call,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::unversioned;

    #[test]
    fn versions_are_no_part_of_a_call() {
        assert_eq!(
            unversioned("UpdateFunctionCode20150331v2"),
            "UpdateFunctionCode"
        );
        assert_eq!(unversioned("CreateFunction20150331"), "CreateFunction");
        assert_eq!(unversioned("Invoke"), "Invoke");
        assert_eq!(unversioned("ListObjectsV2"), "ListObjectsV2");
    }
}
