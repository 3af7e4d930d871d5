//! Event sources: those that invoke a function, and those that Lambda reads.

use super::grant::context;
use super::load::each;
use super::needs::Needs;
use super::trigger_pattern::{Pick, TriggerPattern};
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Names, Node, Piece, Selector, Template, Text};

/// A service that invokes a function, as the function policy sees it.
#[derive(Debug)]
pub struct PushSource {
    /// The id, as in `--trigger ID`.
    pub id: String,
    /// What one source is called, as in "S3 bucket".
    pub name: String,
    /// How it invokes the function.
    pub invocation: Invocation,
    /// Where it is said that it does, as in "in a target of the rule".
    pub lives: String,
    /// Names of the principal, any of which may be the one that calls; none for a caller without
    /// AWS credentials.
    pub principals: Vec<Template>,
    /// Forms of the `aws:SourceArn` that it presents, the most telling first.
    pub source_arn: Vec<Template>,
    /// How members of a trigger in our own form are read that people spell in several ways.
    pub own: Vec<Pick>,
    /// What a source is called, of the names in the ARN that it presents.
    pub called: Vec<Template>,
    /// Whether it presents `aws:SourceAccount`.
    pub source_account: SourceAccount,
    /// Other condition keys that it presents.
    pub context: Vec<(String, Template)>,
    /// Answers of the AWS CLI that list such triggers.
    pub answers: Vec<TriggerPattern>,
    /// Answers of the AWS CLI that tell more of such triggers.
    pub companions: Vec<TriggerPattern>,
    /// Resources of templates that make such triggers.
    pub templates: Vec<TriggerPattern>,
    /// Resources of templates that tell more of such triggers.
    pub template_companions: Vec<TriggerPattern>,
    /// Whether the permission must be there before the source is made.
    pub permission_first: bool,
    /// How it invokes with a role of the user's, where it can.
    pub role: Option<RoleUse>,
    /// What it asks of the function policy.
    pub needs: Needs,
}

/// How a source invokes with a role, which then needs what else the function policy would grant.
#[derive(Debug)]
pub struct RoleUse {
    /// The principal of the service that assumes the role; none where AWS does not tell it.
    pub service: Option<String>,
    /// Whether it has no other way, so that the function policy has no part in it.
    pub always: bool,
    /// Whether AWS's pages agree on that.
    pub verified: bool,
}

/// How a source invokes a function.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invocation {
    /// It waits for the answer.
    Synchronous,
    /// Lambda queues the event, and retries.
    Asynchronous,
    /// That is set at the source.
    Either,
}

impl Invocation {
    const WORDS: [(&'static str, Invocation); 3] = [
        ("sync", Invocation::Synchronous),
        ("async", Invocation::Asynchronous),
        ("either", Invocation::Either),
    ];

    /// How it invokes, in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Invocation::Synchronous => "synchronous",
            Invocation::Asynchronous => "asynchronous",
            Invocation::Either => "either way",
        }
    }
}

/// Whether a service presents the account of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceAccount {
    /// It does.
    Presented,
    /// AWS does not say.
    Undocumented,
    /// It does not.
    Absent,
}

impl PushSource {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a push source", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let name = fields.text("name").map(str::to_owned);
        let invocation = fields.word("invocation", &Invocation::WORDS);
        let lives = fields.text("lives").map(str::to_owned);
        let principals = fields.templates("principals");
        let source_arn = fields.templates("sourceArn");
        let called = fields.templates("called");
        let source_account = fields.word("sourceAccount", &ACCOUNTS);
        let permission_first = fields.flag("permissionFirst").unwrap_or(false);
        let role = fields.optional("role");
        let context = context(&mut fields);
        let needs = Needs::decode(&mut fields);
        let answers = fields.list("answers");
        let companions = fields.list("companions");
        let own = fields.list("own");
        let templates = fields.list("templates");
        let template_companions = fields.list("templateCompanions");
        fields.finish();
        Some(PushSource {
            id: id?,
            name: name?,
            invocation: invocation?,
            lives: lives?,
            principals,
            source_arn,
            own: each(own, problems, Pick::decode),
            called,
            source_account: source_account?,
            permission_first,
            role: role.and_then(|node| RoleUse::decode(node, problems)),
            context,
            answers: each(answers, problems, TriggerPattern::decode),
            companions: each(companions, problems, TriggerPattern::decode),
            templates: each(templates, problems, TriggerPattern::decode_resource),
            template_companions: each(
                template_companions,
                problems,
                TriggerPattern::decode_resource,
            ),
            needs,
        })
    }
}

impl RoleUse {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "how a source uses a role", problems)?;
        let service = fields.optional_text("service").map(str::to_owned);
        let always = fields.flag("always").unwrap_or(false);
        let verified = fields.flag("verified").unwrap_or(true);
        fields.finish();
        Some(RoleUse {
            service,
            always,
            verified,
        })
    }
}

impl PushSource {
    /// The members that a trigger in our own form can have, beside those that any has.
    pub fn own_members(&self) -> impl Iterator<Item = &str> {
        let named = self.source_arn.iter().flat_map(Template::names);
        named.chain(self.own.iter().flat_map(Pick::members))
    }

    /// The names that a trigger in our own form gives.
    #[must_use]
    pub fn own_names(&self, node: &Node) -> Names {
        let mut names = node.names();
        self.own
            .iter()
            .for_each(|pick| pick.apply(node, &[(node, None)], &mut names));
        names
    }

    /// Whether it invokes without AWS credentials.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.principals.is_empty() && !self.always_has_role()
    }

    /// Whether it always invokes with a role.
    #[must_use]
    pub fn always_has_role(&self) -> bool {
        self.role.as_ref().is_some_and(|role| role.always)
    }

    /// Whether this can be the ARN of such a source; where the source presents none, any can.
    #[must_use]
    pub fn can_present(&self, arn: &Text) -> bool {
        let mut forms = self.source_arn.iter();
        self.source_arn.is_empty() || forms.any(|form| form.capture(arn).is_some())
    }

    /// The form of the ARN that such a source presents, for people.
    #[must_use]
    pub fn arn_form(&self) -> Option<&str> {
        let mut forms = self.source_arn.iter().map(Template::as_str);
        forms.find(|form| form.starts_with("arn:"))
    }

    /// What the source of that ARN is called, where the ARN tells.
    #[must_use]
    pub fn short_name(&self, arn: &Text) -> Option<String> {
        let captured = self.source_arn.iter().filter_map(|form| form.capture(arn));
        let filled = captured.flat_map(|names| {
            let called = self
                .called
                .iter()
                .filter(|called| called.is_fillable(&names));
            called
                .map(|called| called.fill(&names))
                .collect::<Vec<Text>>()
        });
        let mut told = filled.filter(|text| !matches!(text.pieces().as_slice(), [Piece::Hole(_)]));
        told.next().map(|text| text.with_holes_as("*"))
    }
}

const ACCOUNTS: [(&str, SourceAccount); 3] = [
    ("presented", SourceAccount::Presented),
    ("undocumented", SourceAccount::Undocumented),
    ("absent", SourceAccount::Absent),
];

/// A source that Lambda reads with the execution role.
#[derive(Debug)]
pub struct PollSource {
    /// The id, as in `--event-source ID`.
    pub id: String,
    /// What one source is called, as in "SQS queue".
    pub name: String,
    /// The form of the `EventSourceArn`; none where mappings of this source have none.
    pub arn: Option<Template>,
    /// What else tells a mapping of this source.
    pub when: Option<Selector>,
    /// What it asks of the execution role.
    pub needs: Needs,
}

impl PollSource {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a poll source", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let name = fields.text("name").map(str::to_owned);
        let arn = fields.template("arn");
        let when = fields.selector("when");
        let needs = Needs::decode(&mut fields);
        fields.finish();
        Some(PollSource {
            id: id?,
            name: name?,
            arn,
            when,
            needs,
        })
    }

    /// Whether an event source mapping is of this source.
    #[must_use]
    pub fn recognises(&self, mapping: &Node) -> bool {
        let by_arn = self
            .arn
            .as_ref()
            .is_some_and(|form| arn_of(mapping).is_some_and(|arn| form.capture(&arn).is_some()));
        let by_member = |path: &Selector| path.first(mapping).is_some();
        match (&self.arn, &self.when) {
            (Some(_), None) => by_arn,
            (Some(_), Some(path)) => by_arn && by_member(path),
            (None, Some(path)) => by_member(path),
            (None, None) => false,
        }
    }

    /// The source's own name, such as that of the queue: the first name behind the account.
    #[must_use]
    pub fn short_name<'n>(&self, names: &'n Names) -> Option<&'n str> {
        let mut places = self
            .arn
            .as_ref()?
            .names()
            .skip_while(|name| *name != "account");
        names.get(places.nth(1)?)?.as_str()
    }

    /// The place in a mapping that tells what it reads.
    #[must_use]
    pub fn place<'n>(&self, mapping: &'n Node) -> &'n Node {
        let by_member = self.when.as_ref().and_then(|path| path.first(mapping));
        mapping
            .get("EventSourceArn")
            .or(by_member)
            .unwrap_or(mapping)
    }

    /// The names that a mapping gives for templates: parts of its ARN, and its own members.
    #[must_use]
    pub fn names(&self, mapping: &Node) -> Names {
        let mut names = mapping.names();
        if let (Some(form), Some(arn)) = (&self.arn, arn_of(mapping)) {
            names.extend(form.capture(&arn).unwrap_or_default());
        }
        names
    }
}

/// The ARN that a mapping reads, or probably reads.
fn arn_of(mapping: &Node) -> Option<Text> {
    Some(mapping.get("EventSourceArn")?.as_text()?.clone().as_arn())
}
