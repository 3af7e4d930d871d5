//! One function and all that belongs to it.

use super::members::{CONSTRUCT_PATH, LOGICAL_ID, UNKNOWN_BECAUSE};
use super::{Mapping, MissingInput, Role, Trigger};
use crate::iam::Arn;
use crate::source::Span;
use crate::syntax::{Accepts, Hole, Names, Node, Piece, Template, Text};

/// A view of one member of `Functions`.
#[derive(Clone, Copy, Debug)]
pub struct Function<'n> {
    /// The function's object in the inventory.
    pub node: &'n Node,
}

/// What a function's ARN or name says.
///
/// <https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionName {
    /// The ARN without qualifier, where it was an ARN.
    pub arn: Option<Text>,
    /// The name alone.
    pub name: Text,
    /// The alias or version, or `$LATEST`; none where no qualifier is named.
    pub qualifier: Option<Text>,
}

/// The qualifier of the unpublished version.
const LATEST: &str = "$LATEST";

const ARN: &str = "arn:{partition}:lambda:{region}:{account}:function:{name}";

impl FunctionName {
    /// Takes a function's ARN apart; `None` if it is the ARN of something else.
    #[must_use]
    pub fn of_arn(text: &Text) -> Option<Self> {
        let qualified = Template::parse(&format!("{ARN}:{{qualifier}}")).ok()?;
        let plain = Template::parse(ARN).ok()?;
        if let Some(names) = plain.capture(text) {
            return Some(FunctionName {
                arn: Some(text.clone()),
                name: names.get("name")?.clone(),
                qualifier: None,
            });
        }
        let parts = text.clone().as_arn();
        let Some(names) = qualified.capture(&parts) else {
            // What is not known of the name may hold a qualifier, too.
            return Some(FunctionName {
                arn: Some(text.clone()),
                name: plain.capture(&parts)?.get("name")?.clone(),
                qualifier: None,
            });
        };
        Some(FunctionName {
            arn: Some(plain.fill(&names)),
            name: names.get("name")?.clone(),
            qualifier: Some(names.get("qualifier")?.clone()),
        })
    }

    /// Takes an ARN, a part of one (`123456789012:function:name`) or a name apart.
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html>
    #[must_use]
    pub fn parse(text: &Text) -> Self {
        FunctionName::of_arn(text).unwrap_or_else(|| FunctionName::of_part(text))
    }

    /// Takes a part of an ARN or a name apart.
    fn of_part(text: &Text) -> Self {
        let parts = parts(text);
        let mut rest = parts.as_slice();
        while let [first, more @ ..] = rest
            && is_place(first)
            && !more.is_empty()
        {
            rest = more;
        }
        let is_name = |part: &Text| part.as_str().is_none_or(|part| part != "arn");
        let is_closed = |part: &Text| part.holes().all(|hole| !hole.accepts.char(':'));
        let (name, qualifier) = match rest {
            [name] if is_name(name) => (name.clone(), None),
            [name, qualifier] if is_name(name) && is_closed(name) => {
                (name.clone(), Some(qualifier.clone()))
            }
            _ if text.as_str().is_some() => (text.clone(), None),
            // What is not known may be the place, the name or both.
            _ => (Text::hole(Hole::anything(&text.to_string())), None),
        };
        FunctionName {
            arn: None,
            name,
            qualifier,
        }
    }

    /// The alias or version whose function policy decides about a call; none for that of the function
    /// itself. `$LATEST` does not have its own policy.
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html>
    #[must_use]
    pub fn policy_qualifier(&self) -> Option<&Text> {
        let qualifier = self.qualifier.as_ref();
        qualifier.filter(|qualifier| qualifier.as_str() != Some(LATEST))
    }

    /// The name as function policies use it.
    #[must_use]
    pub fn for_policy(&self) -> Self {
        FunctionName {
            qualifier: self.policy_qualifier().cloned(),
            ..self.clone()
        }
    }

    /// The ARN of a function of another name in the same place.
    #[must_use]
    pub fn renamed(&self, name: &Text) -> Text {
        let mut names = self.place();
        names.insert("name".to_owned(), name.clone());
        Template::parse(ARN).map_or_else(|_| name.clone(), |form| form.fill(&names))
    }

    /// The ARN that a source invokes: with the qualifier, if there is one.
    #[must_use]
    pub fn invoked_arn(&self) -> Option<Text> {
        let arn = self.arn.clone()?;
        Some(match &self.qualifier {
            Some(qualifier) => Text::of(
                arn.pieces()
                    .into_iter()
                    .chain([Piece::Known(":".into())])
                    .chain(qualifier.pieces()),
            ),
            None => arn,
        })
    }

    /// Whether both name one function, if what is unknown of the place of one is as in the other.
    #[must_use]
    pub fn can_be(&self, other: &FunctionName) -> bool {
        let (own, others) = (self.place(), other.place());
        let agrees = |name: &str| match (own.get(name), others.get(name)) {
            (Some(one), Some(other)) => {
                one == other || one.first_hole().is_some() || other.first_hole().is_some()
            }
            _ => true,
        };
        self.name == other.name && ["partition", "region", "account"].into_iter().all(agrees)
    }

    /// The log group that Lambda uses for a function of that name, where the function names none.
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html>
    #[must_use]
    pub fn default_log_group(name: &Text) -> Text {
        let prefix = Piece::Known("/aws/lambda/".into());
        Text::of([prefix].into_iter().chain(name.pieces()))
    }

    /// Partition, Region and account of the ARN.
    #[must_use]
    pub fn place(&self) -> Names {
        let names = self
            .arn
            .as_ref()
            .and_then(|arn| Template::parse(ARN).ok()?.capture(arn));
        let mut names = names.unwrap_or_default();
        names.remove("name");
        names
    }
}

/// The parts between the colons that are written.
fn parts(text: &Text) -> Vec<Text> {
    let mut parts: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in text.pieces() {
        let Piece::Known(known) = &piece else {
            parts
                .last_mut()
                .into_iter()
                .for_each(|part| part.push(piece.clone()));
            continue;
        };
        for (index, field) in known.split(':').enumerate() {
            if index > 0 {
                parts.push(Vec::new());
            }
            let field = Piece::Known(field.into());
            parts
                .last_mut()
                .into_iter()
                .for_each(|part| part.push(field.clone()));
        }
    }
    parts.into_iter().map(Text::of).collect()
}

/// Whether a part before the name of a function is a Region, an account, or the word before it.
fn is_place(part: &Text) -> bool {
    match part {
        Text::Known(known) => {
            let is_account = known.len() == 12 && known.bytes().all(|byte| byte.is_ascii_digit());
            &**known == "function" || is_account || is_region(known)
        }
        Text::Partial(pieces) => {
            matches!(&**pieces, [Piece::Hole(hole)] if hole.accepts == Accepts::Word)
        }
    }
}

fn is_region(part: &str) -> bool {
    let parts: Vec<&str> = part.split('-').collect();
    let number = parts.last().is_some_and(|last| last.parse::<u8>().is_ok());
    parts.len() > 2 && number && parts.first().is_some_and(|first| first.len() == 2)
}

/// Why it cannot be known before the deployment whether a part of its configuration has an
/// effect.
#[must_use]
pub fn unknown_because(part: &Node) -> Option<&str> {
    part.str(UNKNOWN_BECAUSE)
}

impl<'n> Function<'n> {
    /// Views an object of the inventory.
    #[must_use]
    pub fn new(node: &'n Node) -> Self {
        Function { node }
    }

    /// The function's configuration.
    #[must_use]
    pub fn configuration(self) -> Option<&'n Node> {
        self.node.get("Configuration")
    }

    /// Name and ARN, as far as they are known.
    #[must_use]
    pub fn name(self) -> FunctionName {
        let member = |name| self.configuration().and_then(|c| c.get(name)?.as_text());
        let by_arn = member("FunctionArn").and_then(FunctionName::of_arn);
        by_arn.unwrap_or_else(|| FunctionName {
            arn: None,
            name: member("FunctionName")
                .cloned()
                .unwrap_or_else(|| Text::from("")),
            qualifier: None,
        })
    }

    /// The logical id, where a template declares the function.
    #[must_use]
    pub fn logical_id(self) -> Option<&'n str> {
        self.node.str(LOGICAL_ID)
    }

    /// Where the code of a CDK app makes the function.
    #[must_use]
    pub fn construct_path(self) -> Option<&'n str> {
        self.node.str(CONSTRUCT_PATH)
    }

    /// What the function is called where it was written: its logical id in a template, its name
    /// elsewhere.
    #[must_use]
    pub fn called(self) -> String {
        let id = self.logical_id();
        id.map_or_else(|| self.name().name.to_string(), str::to_owned)
    }

    /// What to call the function in a message: its name in backquotes, or "the function".
    #[must_use]
    pub fn label(self) -> String {
        match self.called().as_str() {
            "" => "the function".to_owned(),
            name => match self.construct_path() {
                Some(path) => format!("`{name}` (`{path}`)"),
                None => format!("`{name}`"),
            },
        }
    }

    /// Where its configuration is written; where that is not known, what was first read of it.
    #[must_use]
    pub fn place(self) -> Span {
        let configuration = self.configuration();
        configuration.map_or(self.node.span, |configuration| configuration.span)
    }

    /// The execution role, where something is known of it.
    #[must_use]
    pub fn role(self) -> Option<Role<'n>> {
        self.node.get("Role").map(Role::new)
    }

    /// The documents of the function policy of every qualifier of which it is known.
    pub fn policies(self) -> impl Iterator<Item = (Option<&'n str>, &'n Node)> {
        let entries = self.node.get("Policies").map_or(&[][..], Node::items);
        entries.iter().filter_map(|entry| {
            let document = entry.get("PolicyDocument").filter(|d| d.is_object())?;
            Some((entry.str("Qualifier"), document))
        })
    }

    /// Whether all statements of the policy for a qualifier are known.
    #[must_use]
    pub fn knows_policy_of(self, qualifier: Option<&Text>) -> bool {
        let entries = self.node.get("Policies").map_or(&[][..], Node::items);
        entries
            .iter()
            .any(|entry| entry.get("Qualifier").and_then(Node::as_text) == qualifier)
    }

    /// The event source mappings that are known.
    pub fn mappings(self) -> impl Iterator<Item = Mapping<'n>> {
        let list = self.node.get("EventSourceMappings");
        list.map_or(&[][..], Node::items).iter().map(Mapping::new)
    }

    /// The triggers that are known.
    pub fn triggers(self) -> impl Iterator<Item = Trigger<'n>> {
        let list = self.node.get("Triggers");
        list.map_or(&[][..], Node::items).iter().map(Trigger::new)
    }

    /// What was referred to and not provided.
    #[must_use]
    pub fn absent(self) -> Vec<MissingInput> {
        MissingInput::of(self.node)
    }

    /// Names for templates: `functionName`, `functionArn`, and the ARN's `partition`, `region` and
    /// `account`.
    #[must_use]
    pub fn names(self) -> Names {
        let name = self.name();
        let mut names = name.place();
        if names.is_empty() {
            names = self.place_of_role();
        }
        names.insert("functionName".to_owned(), name.name.clone());
        if let Some(arn) = name.arn {
            names.insert("functionArn".to_owned(), arn);
        }
        names
    }

    /// Partition and account of the execution role: those of the function are the same.
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html>
    fn place_of_role(self) -> Names {
        let arn = self.role().and_then(|role| role.node.get("Arn")?.as_text());
        let Some(arn) = arn.and_then(Arn::parse) else {
            return Names::new();
        };
        let parts = [("partition", arn.partition), ("account", arn.account)];
        parts.map(|(name, part)| (name.to_owned(), part)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(written: &str) -> (Option<String>, String, Option<String>) {
        let name = FunctionName::parse(&Text::from(written));
        (
            name.invoked_arn().map(|arn| arn.to_string()),
            name.name.to_string(),
            name.qualifier.map(|q| q.to_string()),
        )
    }

    #[test]
    fn arns_and_names_are_taken_apart() {
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:orders";
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parts(arn), (some(arn), "orders".to_owned(), None));
        let live = format!("{arn}:live");
        assert_eq!(
            parts(&live),
            (some(&live), "orders".to_owned(), some("live"))
        );
        let latest = format!("{arn}:$LATEST");
        assert_eq!(
            parts(&latest),
            (some(&latest), "orders".to_owned(), some("$LATEST"))
        );
        let name = FunctionName::parse(&Text::from(latest.as_str()));
        assert_eq!(name.policy_qualifier(), None);
        assert_eq!(parts("orders:7"), (None, "orders".to_owned(), some("7")));
        assert_eq!(
            parts("123456789012:function:orders"),
            (None, "orders".to_owned(), None)
        );
    }

    #[test]
    fn another_arn_is_no_function() {
        let topic = Text::from("arn:aws:sns:eu-west-1:123456789012:orders");
        assert_eq!(FunctionName::of_arn(&topic), None);
    }

    #[test]
    fn a_function_may_be_named_by_a_part_of_its_arn() {
        let named = [
            "orders",
            "function:orders",
            "123456789012:orders",
            "123456789012:function:orders",
            "eu-west-1:123456789012:function:orders",
        ];
        for text in named {
            let name = FunctionName::parse(&Text::from(text));
            assert_eq!(name.name.as_str(), Some("orders"), "{text}");
            assert_eq!(name.qualifier, None, "{text}");
            let name = FunctionName::parse(&Text::from(format!("{text}:live").as_str()));
            assert_eq!(name.name.as_str(), Some("orders"), "{text}");
            assert_eq!(name.qualifier, Some(Text::from("live")), "{text}");
        }
    }
}
