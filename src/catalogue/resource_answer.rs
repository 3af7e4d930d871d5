//! Answers of the AWS CLI that describe resources: their ARNs, policies and keys.

use super::relative_path::selectors;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Names, Node, Selector, Template, Text};

/// How the answer of a command describes resources of a kind.
#[derive(Debug)]
pub struct ResourceAnswer {
    /// The command, with the names of the ARN, and `{arn}` for all of it.
    command: Template,
    /// The forms of the ARNs of such resources.
    arn: Vec<Template>,
    /// The forms of the ARNs of what is in such a resource, which its policy names as well.
    part_arn: Vec<Template>,
    recognized_by: Vec<Selector>,
    /// Each resource in the answer; the answer itself where it is left out.
    select: Option<Selector>,
    arn_at: Vec<Selector>,
    policy: Option<Selector>,
    no_policy_if: Option<Selector>,
    /// The service of the actions by which a policy is known to be of such a resource.
    policy_of: Option<String>,
    key: Option<Selector>,
    key_arn: Option<Template>,
    iam_authentication: Option<Selector>,
    /// What else is read of a resource, for people.
    tells: Option<String>,
}

/// What an answer says of the policy of a resource.
#[derive(Debug, PartialEq, Eq)]
pub enum ToldPolicy<'n> {
    /// It is this document.
    Document(&'n Node),
    /// There is none.
    Absent,
    /// Nothing.
    Untold,
}

impl ResourceAnswer {
    /// Reads how an answer describes resources; what is wrong with it becomes a problem.
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "an answer about resources", problems)?;
        let command = fields.required("command").and(fields.template("command"));
        let arn = fields.templates("arn");
        let part_arn = fields.templates("partArn");
        let recognized_by = selectors(&mut fields, "recognizedBy");
        let select = fields.selector("select");
        let arn_at = selectors(&mut fields, "arnAt");
        let policy = fields.selector("policy");
        let no_policy_if = fields.selector("noPolicyIf");
        let policy_of = fields.optional_text("policyOf").map(str::to_owned);
        let key = fields.selector("key");
        let key_arn = fields.template("keyArn");
        let iam_authentication = fields.selector("iamAuthentication");
        let tells = fields.optional_text("tells").map(str::to_owned);
        // The source is for whoever reviews the file.
        fields.text("source");
        fields.finish();
        Some(ResourceAnswer {
            command: command?,
            arn,
            part_arn,
            recognized_by,
            select,
            arn_at,
            policy,
            no_policy_if,
            policy_of,
            key,
            key_arn,
            iam_authentication,
            tells,
        })
    }

    /// The resources that a document describes; none where it is not the answer of this command.
    #[must_use]
    pub fn resources<'n>(&self, root: &'n Node) -> Vec<&'n Node> {
        let mut paths = self.recognized_by.iter();
        if !paths.any(|path| path.first(root).is_some()) {
            return Vec::new();
        }
        match &self.select {
            Some(select) => select.select(root),
            None => vec![root],
        }
    }

    /// Paths of which one selects something in each such answer.
    #[must_use]
    pub fn recognized_by(&self) -> &[Selector] {
        &self.recognized_by
    }

    /// What the resource or the answer around it states of the resource, be it an ARN or not.
    #[must_use]
    pub fn stated(&self, resource: &Node) -> Option<Text> {
        let mut stated = self.arn_at.iter();
        stated.find_map(|path| path.first(resource)?.as_text().cloned())
    }

    /// The ARN that a resource, or the answer around it, states.
    #[must_use]
    pub fn arn_of(&self, resource: &Node) -> Option<Text> {
        let stated = self.stated(resource);
        stated.filter(|arn| self.names(arn).is_some())
    }

    /// The ARN of the resource that an entry of `Resource` in its policy names, itself or a part of it.
    #[must_use]
    pub fn arn_named_by(&self, entry: &Text) -> Option<Text> {
        let of_part = || {
            let names = self.part_arn.iter().find_map(|form| form.capture(entry))?;
            let mut forms = self.arn.iter();
            let form = forms.find(|form| form.is_fillable(&names))?;
            Some(form.fill(&names))
        };
        let arn = match self.names(entry) {
            Some(_) => Some(entry.clone()),
            None => of_part(),
        };
        arn.filter(|arn| arn.as_str().is_some_and(|arn| !arn.contains(['*', '?'])))
    }

    /// The parts of an ARN; nothing where it is the ARN of something else.
    #[must_use]
    pub fn names(&self, arn: &Text) -> Option<Names> {
        self.arn.iter().find_map(|form| form.capture(arn))
    }

    /// Whether a policy with actions of that service is the policy of such a resource.
    #[must_use]
    pub fn has_policy_of(&self, service: &str) -> bool {
        self.policy_of.as_deref() == Some(service)
    }

    /// What a resource of the answer says of its policy.
    #[must_use]
    pub fn policy_in<'n>(&self, resource: &'n Node) -> ToldPolicy<'n> {
        let written = self.policy.as_ref().and_then(|path| path.first(resource));
        let mut absence = self.no_policy_if.iter();
        match written {
            Some(document) => ToldPolicy::Document(document),
            None if absence.any(|path| path.first(resource).is_some()) => ToldPolicy::Absent,
            None => ToldPolicy::Untold,
        }
    }

    /// The ARN of the customer managed key that encrypts a resource; the key of an alias is not known.
    #[must_use]
    pub fn key_of(&self, resource: &Node, arn: &Text) -> Option<Text> {
        let key = self.key.as_ref()?.first(resource)?.as_text()?;
        let form = self.key_arn.as_ref()?;
        if form.capture(key).is_some() {
            return Some(key.clone());
        }
        let is_id = !key.is_empty() && !key.as_str()?.contains(['/', ':']);
        let mut names = self.names(arn)?;
        names.insert("key".to_owned(), key.clone());
        (is_id && form.is_fillable(&names)).then(|| form.fill(&names))
    }

    /// Whether a cluster authenticates its clients by IAM.
    #[must_use]
    pub fn authenticates_by_iam(&self, resource: &Node) -> bool {
        let enabled = self.iam_authentication.as_ref();
        let enabled = enabled.and_then(|path| path.first(resource));
        enabled.is_some_and(|node| node.as_bool() == Some(true))
    }

    /// The command that prints the policy of a resource; nothing where this is not about its policy.
    #[must_use]
    pub fn policy_command(&self, arn: &Text) -> Option<String> {
        self.policy.as_ref()?;
        let mut names = self.names(arn)?;
        names.insert("arn".to_owned(), arn.clone());
        let command = self.command.fill(&names);
        command.as_str().map(str::to_owned)
    }

    /// What is read of a resource, for people.
    #[must_use]
    pub fn holds(&self) -> Vec<&str> {
        let parts = [
            (self.policy.is_some(), "its policy"),
            (self.key.is_some(), "its KMS key"),
            (
                self.iam_authentication.is_some(),
                "whether clients authenticate by IAM",
            ),
        ];
        let held = parts.into_iter().filter(|(is_held, _)| *is_held);
        let held = held.map(|(_, text)| text).chain(self.tells.as_deref());
        let held: Vec<&str> = held.collect();
        match held.is_empty() {
            true => vec!["its ARN"],
            false => held,
        }
    }

    /// The command for people, with a word in capitals for each name.
    #[must_use]
    pub fn shown_command(&self) -> String {
        let names = self.command.names();
        let words = names.map(|name| (name.to_owned(), Text::from(name.to_uppercase())));
        self.command.fill(&words.collect()).to_string()
    }
}

/// An answer of the AWS CLI that says nothing of permissions, and the command to run in its place.
#[derive(Debug)]
pub struct OtherAnswer {
    /// The command that printed it.
    pub command: String,
    /// What it lacks, as in "which function it invokes".
    pub lacks: String,
    /// The command whose answer has it.
    pub instead: String,
    recognized_by: Vec<Selector>,
}

impl OtherAnswer {
    /// Reads how an answer is recognised; what is wrong with it becomes a problem.
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "another answer", problems)?;
        let [command, lacks, instead] =
            ["command", "lacks", "instead"].map(|name| fields.text(name).map(str::to_owned));
        let recognized_by = selectors(&mut fields, "recognizedBy");
        fields.finish();
        Some(OtherAnswer {
            command: command?,
            lacks: lacks?,
            instead: instead?,
            recognized_by,
        })
    }

    /// Whether a document is such an answer.
    #[must_use]
    pub fn recognizes(&self, root: &Node) -> bool {
        let mut paths = self.recognized_by.iter();
        paths.any(|path| path.first(root).is_some())
    }
}
