//! Whether what a policy writes as an action is one, and what was probably meant.

use super::amendments::Amendments;
use super::table::{Action, ActionTable, Service};
use crate::syntax::distance_within;

/// What there is to say of the name of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The action exists.
    Fine,
    /// It is not of the form `service:Action`, which IAM refuses.
    Formless(Option<Suggestion>),
    /// No service has that prefix.
    NoSuchService(Option<Suggestion>),
    /// The service has no such action.
    NoSuchAction(Option<Suggestion>),
    /// It is the name of an API call, which needs these actions.
    ApiCall(Vec<String>),
}

/// What was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The action, with its prefix.
    pub action: String,
    /// Whether what was written can hardly be anything else: it has a word that no action has.
    pub certain: bool,
}

impl Naming {
    /// The action that was probably meant, where one is known.
    #[must_use]
    pub fn meant(&self) -> Option<&str> {
        match self {
            Naming::Fine => None,
            Naming::Formless(meant)
            | Naming::NoSuchService(meant)
            | Naming::NoSuchAction(meant) => meant.as_ref().map(|meant| meant.action.as_str()),
            Naming::ApiCall(actions) => actions.first().map(String::as_str),
        }
    }
}

/// The most edits between what was written and what was meant.
const NEAR: usize = 2;

/// A candidate, the better the lesser.
type Candidate<'a> = (usize, usize, Action<'a>);

/// What there is to say of a name without wildcards.
pub(super) fn naming(table: &ActionTable, amendments: &Amendments, written: &str) -> Naming {
    let Some((prefix, name)) = written.split_once(':') else {
        return Naming::Formless(without_colon(table, written).map(certain));
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
    Naming::NoSuchAction(of_service(table, service, name.trim()))
}

fn certain(action: String) -> Suggestion {
    Suggestion {
        action,
        certain: true,
    }
}

/// A name of a service that exists: misspelt there, or right for a service that is spelt alike.
fn of_service(table: &ActionTable, service: Service<'_>, name: &str) -> Option<Suggestion> {
    if let Some(action) = service.action(name) {
        return Some(certain(action.full_name()));
    }
    let own = nearest(service.actions(), name, 0);
    let alike = services_near(table, service.prefix());
    let others = alike.filter_map(|(edits, other)| Some((edits, 1, other.action(name)?)));
    let candidates = own.into_iter().chain(others);
    let near = candidates.min_by_key(|(edits, tie, _)| (*edits, *tie));
    let near = near.map(|(_, _, action)| action);
    let action = near.or_else(|| only_of_that_name(table, name))?;
    let own_service = action.service().prefix() == service.prefix();
    Some(Suggestion {
        certain: own_service && is_misspelt(table, name, action.name()),
        action: action.full_name(),
    })
}

/// The action of that name, where one service alone has it.
fn only_of_that_name<'t>(table: &'t ActionTable, name: &str) -> Option<Action<'t>> {
    let mut same = table.services().filter_map(|service| service.action(name));
    same.next().filter(|_| same.next().is_none())
}

/// A name behind a prefix that no service has.
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
        let action = service
            .action(name)
            .or_else(|| Some(nearest(service.actions(), name, 0)?.2));
        return Some(certain(action?.full_name()));
    }
    let exact = services_near(table, prefix)
        .filter_map(|(edits, service)| Some((edits, 0, service.action(name)?)));
    let near = || {
        let alike = services_near(table, prefix).filter(|(edits, _)| *edits == 1);
        alike.filter_map(|(edits, service)| nearest(service.actions(), name, edits))
    };
    let best = exact.min_by_key(|(edits, tie, _)| (*edits, *tie));
    let best = best.or_else(|| near().min_by_key(|(edits, tie, _)| (*edits, *tie)));
    best.map(|(_, _, action)| certain(action.full_name()))
}

/// The service that was probably meant by a prefix that no service has.
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

/// Services whose prefix is spelt alike, with the number of edits.
fn services_near<'a>(
    table: &'a ActionTable,
    prefix: &str,
) -> impl Iterator<Item = (usize, Service<'a>)> {
    table.services().filter_map(move |service| {
        let own = service.prefix();
        let edits = distance_within(prefix, own, NEAR)?;
        (edits > 0 && edits < own.len()).then_some((edits, service))
    })
}

/// An action whose prefix is not followed by a colon.
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

/// The action that differs least from a name; `edits` were made already.
fn nearest<'a>(
    actions: impl Iterator<Item = Action<'a>>,
    name: &str,
    edits: usize,
) -> Option<Candidate<'a>> {
    let most = NEAR.min(name.len() / 3);
    let near = actions.filter_map(|action| {
        let own = action.name();
        let differs = distance_within(name, own, most)?;
        let near = !is_prolonged(name, own);
        near.then(|| (edits + differs, unlikeness(name, own), action))
    });
    near.min_by_key(|(edits, unlike, _)| (*edits, *unlike))
}

/// Whether a name is another one with something added, as a newer version of an action has.
fn is_prolonged(name: &str, known: &str) -> bool {
    let added = name.get(known.len()..).filter(|_| {
        name.get(..known.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(known))
    });
    added.is_some_and(|added| added.len() > 1 || added.starts_with(|c: char| c.is_ascii_digit()))
}

/// Of candidates with as many edits, people meant the one that begins and ends alike.
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
    // Swapping, dropping and doubling bring in no letter that was not there.
    let foreign = {
        let own = letters(known);
        letters(written).iter().any(|c| !own.contains(c))
    };
    usize::from(!first) * 2 + usize::from(!last) + usize::from(foreign) * 2
}

/// Whether some word of a name that differs from the known one is a word of no action: `Recive`,
/// but not the `Get` of an action that may be newer than the `Put` that is known.
fn is_misspelt(table: &ActionTable, name: &str, known: &str) -> bool {
    // A name in one case has no words to tell apart.
    if !name.chars().skip(1).any(|c| c.is_ascii_uppercase()) {
        return false;
    }
    let known: Vec<&str> = words(known).collect();
    words(name)
        .filter(|word| !known.contains(word))
        .any(|word| !table.has_word(word))
}

/// The words of a name in camel case.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let behind_first = rest.chars().next()?.len_utf8();
        let tail = rest.get(behind_first..).unwrap_or("");
        let end = tail
            .find(|c: char| c.is_ascii_uppercase())
            .map_or(rest.len(), |at| at + behind_first);
        let (word, behind) = rest.split_at_checked(end)?;
        rest = behind;
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
        Some(Suggestion { action, certain })
    }

    #[test]
    fn misspelt_actions_are_told_with_what_was_meant() {
        for (written, told) in [
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
                Naming::Formless(meant("ec2:DeleteNetworkInterface", true)),
            ),
            (
                "lambda.InvokeFunction",
                Naming::Formless(meant("lambda:InvokeFunction", true)),
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
                "lambda:InvokeModel",
                Naming::NoSuchAction(meant("bedrock:InvokeModel", false)),
            ),
            ("nothing", Naming::Formless(None)),
            ("brandnew:DoIt", Naming::NoSuchService(None)),
        ] {
            assert_eq!(naming_of(written), told, "{written}");
        }
    }

    #[test]
    fn an_action_that_may_be_newer_is_not_certainly_wrong() {
        assert_eq!(naming_of("SQS:receivemessage"), Naming::Fine);
        assert_eq!(naming_of("sqs:SendMessageV2"), Naming::NoSuchAction(None));
        // There is a `PutLogEvents`, and `Cut` is no word of any action, but `Get` is.
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
