//! Whether an action of a policy exists, and which action was probably meant.

use super::amendments::Amendments;
use super::table::{Action, ActionTable, Service};
use crate::syntax::distance_within;

/// The result of checking the name of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The action exists.
    Fine,
    /// It does not have the form `service:Action`, and IAM rejects it.
    Malformed(Option<Suggestion>),
    /// No service has this prefix.
    NoSuchService(Option<Suggestion>),
    /// The service does not have this action.
    NoSuchAction(Option<Suggestion>),
    /// It is the name of an API call that needs these actions.
    ApiCall(Vec<String>),
}

/// The action that was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The action, with its prefix.
    pub action: String,
    /// Whether the name is a typo for certain: it contains a word that no action contains. Otherwise
    /// it might be an action that is newer than the list.
    pub certain: bool,
    /// Whether it can be written in place of the name without asking: it is of the service that was
    /// named, or one letter of the name of that service is wrong and no similar one has the action.
    pub replaces: bool,
}

impl Naming {
    /// The action that was probably meant, if any.
    #[must_use]
    pub fn meant(&self) -> Option<&str> {
        match self {
            Naming::Fine => None,
            Naming::Malformed(meant)
            | Naming::NoSuchService(meant)
            | Naming::NoSuchAction(meant) => meant.as_ref().map(|meant| meant.action.as_str()),
            Naming::ApiCall(actions) => actions.first().map(String::as_str),
        }
    }
}

/// The maximum number of edits between a typo and the intended name.
const MAX_EDITS: usize = 2;

/// The number of services up to which the name of an action says which of them is meant.
const MOST_WITH_NAME: usize = 3;

/// The number of letters from which the beginning of a name says which action is meant.
const SHORTEST_BEGINNING: usize = 4;

/// A candidate for the intended action, with its edits and how unlike it is: the lowest is the best.
type Candidate<'a> = (usize, usize, Action<'a>);

/// Checks the name of an action without wildcards.
pub(super) fn naming(table: &ActionTable, amendments: &Amendments, written: &str) -> Naming {
    let Some((prefix, name)) = written.split_once(':') else {
        return Naming::Malformed(without_colon(table, written).map(certain));
    };
    if let Some(actions) = amendments.actions_of_call(written) {
        return Naming::ApiCall(actions.to_vec());
    }
    let Some(service) = table.service(prefix.trim()) else {
        return Naming::NoSuchService(of_no_service(table, amendments, prefix.trim(), name.trim()));
    };
    if service.action(name).is_some() && prefix.trim() == prefix {
        return Naming::Fine;
    }
    Naming::NoSuchAction(of_service(table, amendments, service, name.trim()))
}

fn certain(action: String) -> Suggestion {
    Suggestion {
        action,
        certain: true,
        replaces: true,
    }
}

/// The action meant by a name that its existing service does not have: a typo, the beginning of a
/// longer name, or an action of a service that people take this one for.
fn of_service(
    table: &ActionTable,
    amendments: &Amendments,
    service: Service<'_>,
    name: &str,
) -> Option<Suggestion> {
    if let Some(action) = service.action(name) {
        return Some(certain(action.full_name()));
    }
    if let Some((_, _, action)) = nearest(service.actions(), name, 0) {
        return Some(Suggestion {
            certain: is_misspelt(table, name, action.name()),
            action: action.full_name(),
            replaces: true,
        });
    }
    let meant = only_that_begins_with(service, name)
        .or_else(|| of_mistaken(table, amendments, service, name))?;
    Some(Suggestion {
        action: meant.full_name(),
        certain: false,
        replaces: false,
    })
}

/// The action of that name of a service that people take this one for. A name such as `TagResource`,
/// which many services have, does not say which one.
fn of_mistaken<'t>(
    table: &'t ActionTable,
    amendments: &Amendments,
    service: Service<'_>,
    name: &str,
) -> Option<Action<'t>> {
    let others = amendments.mistaken_for(service.prefix()).iter();
    let meant = others
        .filter_map(|other| table.service(other)?.action(name))
        .next()?;
    let with_it = table.services().filter(|any| any.action(name).is_some());
    (with_it.count() <= MOST_WITH_NAME).then_some(meant)
}

/// The action whose name begins with this one, if the service has only one.
fn only_that_begins_with<'t>(service: Service<'t>, name: &str) -> Option<Action<'t>> {
    let mut longer = service.actions().filter(|action| {
        let start = action.name().get(..name.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(name))
    });
    let only = longer.next().filter(|_| longer.next().is_none());
    only.filter(|_| name.len() >= SHORTEST_BEGINNING)
}

/// The action meant by a name with an unknown service prefix.
fn of_no_service(
    table: &ActionTable,
    amendments: &Amendments,
    prefix: &str,
    name: &str,
) -> Option<Suggestion> {
    let known_as = amendments
        .prefix_of_alias(prefix)
        .and_then(|meant| table.service(meant));
    if let Some(service) = known_as {
        let of_call = || {
            let call = format!("{}:{name}", service.prefix());
            match amendments.actions_of_call(&call)? {
                [only] => Some(only.clone()),
                _ => None,
            }
        };
        let near = || Some(nearest(service.actions(), name, 0)?.2.full_name());
        let exact = service.action(name).map(|action| action.full_name());
        return exact.or_else(of_call).or_else(near).map(certain);
    }
    let exact = services_near(table, prefix)
        .filter_map(|(edits, service)| Some((edits, 0, service.action(name)?)));
    let near = || {
        let alike = services_near(table, prefix).filter(|(edits, _)| *edits == 1);
        alike.filter_map(|(edits, service)| nearest(service.actions(), name, edits))
    };
    let exact: Vec<Candidate<'_>> = exact.collect();
    let is_only = matches!(exact.as_slice(), [(1, _, _)]);
    let best = exact
        .into_iter()
        .min_by_key(|(edits, tie, _)| (*edits, *tie));
    let best = best.or_else(|| near().min_by_key(|(edits, tie, _)| (*edits, *tie)));
    best.map(|(_, _, action)| Suggestion {
        replaces: is_only,
        ..certain(action.full_name())
    })
}

/// The service that was probably meant by an unknown prefix.
pub(super) fn service_meant<'a>(
    table: &'a ActionTable,
    amendments: &Amendments,
    prefix: &str,
) -> Option<Service<'a>> {
    let known_as = amendments
        .prefix_of_alias(prefix)
        .and_then(|meant| table.service(meant));
    let near = || services_near(table, prefix).min_by_key(|(edits, _)| *edits);
    known_as.or_else(|| near().map(|(_, service)| service))
}

/// Services with a similar prefix, with the number of edits.
fn services_near<'a>(
    table: &'a ActionTable,
    prefix: &str,
) -> impl Iterator<Item = (usize, Service<'a>)> {
    table.services().filter_map(move |service| {
        let own = service.prefix();
        let edits = distance_within(prefix, own, MAX_EDITS)?;
        (edits > 0 && edits < own.len()).then_some((edits, service))
    })
}

/// The action meant by a name without a colon after the prefix.
fn without_colon(table: &ActionTable, written: &str) -> Option<String> {
    let candidates = table.services().filter_map(|service| {
        let prefix = service.prefix();
        let start = written.get(..prefix.len())?;
        if !start.eq_ignore_ascii_case(prefix) {
            return None;
        }
        let name = written.get(prefix.len()..)?;
        let name = name.trim_start_matches(|c: char| !c.is_alphanumeric());
        let exact = service.action(name).map(|action| (0, 0, action));
        exact.or_else(|| nearest(service.actions(), name, 0))
    });
    let best = candidates
        .min_by_key(|(edits, _, action)| (*edits, usize::MAX - action.service().prefix().len()))?;
    Some(best.2.full_name())
}

/// The action whose name is most similar; `edits` is the distance of the prefix.
fn nearest<'a>(
    actions: impl Iterator<Item = Action<'a>>,
    name: &str,
    edits: usize,
) -> Option<Candidate<'a>> {
    let most = MAX_EDITS.min(name.len() / 3);
    let near = actions.filter_map(|action| {
        let own = action.name();
        let differs = distance_within(name, own, most)?;
        let near = !is_prolonged(name, own);
        near.then(|| (edits + differs, unlikeness(name, own), action))
    });
    near.min_by_key(|(edits, unlike, _)| (*edits, *unlike))
}

/// Whether a name is a known one with a suffix, such as a newer version of an action.
fn is_prolonged(name: &str, known: &str) -> bool {
    let added = name.get(known.len()..).filter(|_| {
        name.get(..known.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(known))
    });
    added.is_some_and(|added| added.len() > 1 || added.starts_with(|c: char| c.is_ascii_digit()))
}

/// How unlike two names are beyond the number of edits: typos rarely change the first or last letter.
fn unlikeness(written: &str, known: &str) -> usize {
    let same = |a: Option<char>, b: Option<char>| {
        a.map(|c| c.to_ascii_lowercase()) == b.map(|c| c.to_ascii_lowercase())
    };
    let first = same(written.chars().next(), known.chars().next());
    let last = same(written.chars().last(), known.chars().last());
    let letters = |text: &str| {
        let mut letters: Vec<char> = text.to_ascii_lowercase().chars().collect();
        letters.sort_unstable();
        letters
    };
    // Swapping, dropping and doubling letters never adds a letter that the name does not have.
    let foreign = {
        let own = letters(known);
        letters(written).iter().any(|c| !own.contains(c))
    };
    usize::from(!first) * 2 + usize::from(!last) + usize::from(foreign) * 2
}

/// Whether a word of the name occurs in no action, as in `ReciveMessage`. A name made of known words
/// might be newer than the list: `GetEvents` is not a typo of `PutEvents` for certain.
fn is_misspelt(table: &ActionTable, name: &str, known: &str) -> bool {
    // A name in one case has no word boundaries.
    if !name.chars().skip(1).any(|c| c.is_ascii_uppercase()) {
        return false;
    }
    let known: Vec<&str> = words(known).collect();
    words(name)
        .filter(|word| !known.contains(word))
        .any(|word| !table.has_word(word))
}

/// Whether each word of a pattern such as `Describe*` is a word of some action.
pub(super) fn has_known_words(table: &ActionTable, pattern: &str) -> bool {
    let parts = pattern.split(['*', '?']).filter(|part| !part.is_empty());
    let mut words = parts.flat_map(words);
    words.all(|word| table.has_word(word))
}

/// The words of a name in camel case.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let after_first = rest.chars().next()?.len_utf8();
        let tail = rest.get(after_first..).unwrap_or("");
        let end = tail
            .find(|c: char| c.is_ascii_uppercase())
            .map_or(rest.len(), |at| at + after_first);
        let (word, tail) = rest.split_at_checked(end)?;
        rest = tail;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::source::SourceMap;

    fn naming_of(written: &str) -> Naming {
        let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
        catalogue.actions.naming(written)
    }

    fn meant(action: &str, certain: bool) -> Option<Suggestion> {
        let action = action.to_owned();
        Some(Suggestion {
            action,
            certain,
            replaces: certain,
        })
    }

    #[test]
    fn misspelled_actions_are_reported_with_what_was_meant() {
        for (written, expected) in [
            (
                "e22:CreateNetworkInterface",
                Naming::NoSuchService(meant("ec2:CreateNetworkInterface", true)),
            ),
            (
                "dyanmodb:PutItem",
                Naming::NoSuchService(meant("dynamodb:PutItem", true)),
            ),
            (
                "stepfunctions:StartExecution",
                Naming::NoSuchService(meant("states:StartExecution", true)),
            ),
            (
                "ec2DeleteNetworkInterface",
                Naming::Malformed(meant("ec2:DeleteNetworkInterface", true)),
            ),
            (
                "lambda.InvokeFunction",
                Naming::Malformed(meant("lambda:InvokeFunction", true)),
            ),
            (
                "sqs:ReciveMessage",
                Naming::NoSuchAction(meant("sqs:ReceiveMessage", true)),
            ),
            (
                "s3:HeadBucket",
                Naming::ApiCall(vec!["s3:ListBucket".to_owned()]),
            ),
            (
                "iam:AssumeRole",
                Naming::NoSuchAction(meant("sts:AssumeRole", false)),
            ),
            (
                "lambda:ListLayerVer",
                Naming::NoSuchAction(meant("lambda:ListLayerVersions", false)),
            ),
            // Other services have actions of these names.
            ("s3:GetObjectMetadata", Naming::NoSuchAction(None)),
            ("ssm:UntagResource", Naming::NoSuchAction(None)),
            (
                "apigatewayv2:CreateApi",
                Naming::NoSuchService(meant("apigateway:POST", true)),
            ),
            ("nothing", Naming::Malformed(None)),
            ("brandnew:DoIt", Naming::NoSuchService(None)),
        ] {
            assert_eq!(naming_of(written), expected, "{written}");
        }
    }

    #[test]
    fn an_action_that_might_be_newer_is_not_certainly_wrong() {
        assert_eq!(naming_of("SQS:receivemessage"), Naming::Fine);
        assert_eq!(naming_of("sqs:SendMessageV2"), Naming::NoSuchAction(None));
        // There is a `PutLogEvents`, and no action contains the word `Cut`, but many contain `Get`.
        assert!(matches!(
            naming_of("logs:CutLogEvents"),
            Naming::NoSuchAction(Some(Suggestion { certain: true, .. }))
        ));
        assert!(matches!(
            naming_of("events:GetEvents"),
            Naming::NoSuchAction(Some(Suggestion { certain: false, .. }))
        ));
    }
}
