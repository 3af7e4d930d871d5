//! Event sources that invoke a function.

use std::collections::BTreeMap;

use super::decode::{each, request_context, selectors_by_name, text_map};
use super::extraction::Extraction;
use super::grant::Grant;
use super::idle_state::IdleState;
use super::needs::Needs;
use super::trigger_extractor::TriggerExtractor;
use crate::diagnostics::Problem;
use crate::syntax::{Fields, Hole, Names, Node, Piece, Selector, Template, Text};

/// A service that invokes a function, as the function policy sees it.
#[derive(Debug)]
pub struct PushSource {
    /// The id, as in `--trigger ID`.
    pub id: String,
    /// What one source is called, as in "S3 bucket".
    pub name: String,
    /// How it invokes the function.
    pub invocation: Invocation,
    /// Where it is configured, as in "in a target of the rule".
    pub configured_in: String,
    /// Service principals, any of which may be the one that calls; none for a caller without AWS
    /// credentials.
    pub principals: Vec<Template>,
    /// Formats of the `aws:SourceArn` that it sends, the most specific first.
    pub source_arn: Vec<Template>,
    /// How the members of a trigger in a bundle set the variables of the templates.
    pub bundle_triggers: Vec<Extraction>,
    /// What one source is called in messages, by the variables of its ARN.
    pub display_name: Vec<Template>,
    /// Whether it sends `aws:SourceAccount`.
    pub source_account: SourceAccount,
    /// Other condition keys that it sends.
    pub request_context: Vec<(String, Template)>,
    /// Commands whose output lists such triggers.
    pub cli_outputs: Vec<TriggerExtractor>,
    /// Commands whose output has more variables of such triggers.
    pub related_cli_outputs: Vec<TriggerExtractor>,
    /// Resource types that declare such triggers.
    pub cloudformation_resources: Vec<TriggerExtractor>,
    /// Resource types that have more variables of such triggers.
    pub related_cloudformation_resources: Vec<TriggerExtractor>,
    /// The variables by which a related output tells the function; none where the trigger names it.
    pub function_from: Vec<String>,
    /// Values of variables with which there is no such trigger.
    pub ignored_if: BTreeMap<String, String>,
    /// States in which it calls nothing.
    pub idle_if: Vec<IdleState>,
    /// Whether the service checks the permission when the source is created.
    pub permission_first: bool,
    /// Why it is unknown whether the service adds the permission itself when a template is
    /// deployed.
    pub may_add_permission: Option<String>,
    /// The role that it can invoke the function with.
    pub role: Option<SourceRole>,
    /// What the function policy must allow.
    pub needs: Needs,
}

/// A role of the source, which then needs the permission in place of the function policy.
#[derive(Debug)]
pub struct SourceRole {
    /// The principal of the service that assumes the role; none where AWS does not document it.
    pub service: Option<String>,
    /// Condition keys that it sends when it assumes the role.
    pub request_context: Vec<(String, Template)>,
    /// What is unknown about a role that the source may use as well.
    pub possible: Option<String>,
    /// Whether the source always invokes with a role, so that the function policy does not matter.
    pub required: bool,
    /// Whether the service checks that it can assume the role when the source is created.
    pub checked_first: bool,
    /// Whether AWS's pages agree on that.
    pub verified: bool,
    /// What it must allow besides the invocation, in the terms of what configures the source.
    pub grants: Vec<Grant>,
    /// Members that hold the key of what a path names, for `grants`.
    pub keys: Vec<(String, Selector)>,
    /// Members that hold the properties of what a path names.
    pub resources: Vec<(String, Selector)>,
    /// AWS's pages about the role.
    pub references: Vec<String>,
}

/// How a source invokes a function.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invocation {
    /// It waits for the response.
    Synchronous,
    /// Lambda queues the event, and retries.
    Asynchronous,
    /// The source's configuration decides.
    Either,
}

impl Invocation {
    const WORDS: [(&'static str, Invocation); 3] = [
        ("sync", Invocation::Synchronous),
        ("async", Invocation::Asynchronous),
        ("either", Invocation::Either),
    ];

    /// How it invokes, for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Invocation::Synchronous => "synchronous",
            Invocation::Asynchronous => "asynchronous",
            Invocation::Either => "either way",
        }
    }
}

/// Whether a service sends the account of the source as `aws:SourceAccount`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceAccount {
    /// It does.
    Sent,
    /// AWS does not document it.
    Undocumented,
    /// It does not.
    NotSent,
}

impl SourceAccount {
    const WORDS: [(&'static str, SourceAccount); 3] = [
        ("sent", SourceAccount::Sent),
        ("undocumented", SourceAccount::Undocumented),
        ("notSent", SourceAccount::NotSent),
    ];
}

impl PushSource {
    pub(super) fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "a push source", problems)?;
        let id = fields.text("id").map(str::to_owned);
        let name = fields.text("name").map(str::to_owned);
        let invocation = fields.word("invocation", &Invocation::WORDS);
        let configured_in = fields.text("configuredIn").map(str::to_owned);
        let principals = fields.templates("principals");
        let source_arn = fields.templates("sourceArn");
        let display_name = fields.templates("displayName");
        let source_account = fields.word("sourceAccount", &SourceAccount::WORDS);
        let function_from = fields.texts("functionFrom");
        let ignored_if = text_map(&mut fields, "ignoredIf");
        let idle_if = IdleState::decode_all(&mut fields);
        let permission_first = fields.flag("permissionFirst").unwrap_or(false);
        let may_add_permission = fields.optional_text("mayAddPermission").map(str::to_owned);
        let role = fields.optional("role");
        let request_context = request_context(&mut fields);
        let needs = Needs::decode(&mut fields);
        let bundle_triggers = fields.list("bundleTriggers");
        let extractors = [
            fields.list("cliOutputs"),
            fields.list("relatedCliOutputs"),
            fields.list("cloudFormationResources"),
            fields.list("relatedCloudFormationResources"),
        ];
        fields.finish();
        let [outputs, related_outputs, resources, related_resources] = extractors;
        let of_output = TriggerExtractor::decode_cli_output;
        let of_resource = TriggerExtractor::decode_resource;
        // All lists are decoded before the first `?`, so that no mistake hides another one.
        let role = role.and_then(|node| SourceRole::decode(node, problems));
        let bundle_triggers = each(bundle_triggers, problems, Extraction::decode);
        let cli_outputs = each(outputs, problems, of_output);
        let related_cli_outputs = each(related_outputs, problems, of_output);
        let cloudformation_resources = each(resources, problems, of_resource);
        let related_cloudformation_resources = each(related_resources, problems, of_resource);
        Some(PushSource {
            id: id?,
            name: name?,
            invocation: invocation?,
            configured_in: configured_in?,
            principals,
            source_arn,
            bundle_triggers,
            display_name,
            source_account: source_account?,
            function_from,
            ignored_if,
            idle_if,
            permission_first,
            may_add_permission,
            role,
            request_context,
            cli_outputs,
            related_cli_outputs,
            cloudformation_resources,
            related_cloudformation_resources,
            needs,
        })
    }

    /// The members that a trigger of this source can have in a bundle, besides the common ones.
    pub fn bundle_members(&self) -> impl Iterator<Item = &str> {
        let of_templates = self.source_arn.iter().flat_map(Template::names);
        of_templates.chain(self.bundle_triggers.iter().flat_map(Extraction::members))
    }

    /// The template variables that a trigger in a bundle sets.
    #[must_use]
    pub fn bundle_variables(&self, node: &Node) -> Names {
        let mut variables = node.names();
        for extraction in &self.bundle_triggers {
            extraction.apply(node, &[(node, None)], &mut variables);
        }
        variables
    }

    /// Whether variables that were read make a trigger of this source: they name a function, or what
    /// a related output tells the function of.
    #[must_use]
    pub fn is_trigger(&self, names: &Names) -> bool {
        let names_function = names.contains_key("function") || names.contains_key("functionName");
        let mut leading = self.function_from.iter();
        let leads_to_one =
            !self.function_from.is_empty() && leading.all(|name| names.contains_key(name));
        names_function || leads_to_one
    }

    /// Whether the variables of a trigger say that there is none.
    #[must_use]
    pub fn ignores(&self, names: &Names) -> bool {
        let mut ignored = self.ignored_if.iter();
        ignored.any(|(name, value)| names.get(name).and_then(Text::as_str) == Some(value))
    }

    /// Why a trigger with these variables calls nothing, where it does not.
    #[must_use]
    pub fn idle_because(&self, names: &Names) -> Option<&str> {
        let mut states = self.idle_if.iter();
        let state = states.find(|state| state.is_of(names))?;
        Some(&state.because)
    }

    /// Whether it invokes without AWS credentials.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.principals.is_empty() && !self.always_has_role()
    }

    /// Whether it always invokes with a role.
    #[must_use]
    pub fn always_has_role(&self) -> bool {
        self.role.as_ref().is_some_and(|role| role.required)
    }

    /// What the role must allow besides the invocation.
    pub fn role_grants(&self) -> impl Iterator<Item = &Grant> {
        self.role.iter().flat_map(|role| &role.grants)
    }

    /// Whether such a source can send this ARN; one without documented formats can send any.
    #[must_use]
    pub fn can_send(&self, arn: &Text) -> bool {
        let mut formats = self.source_arn.iter();
        self.source_arn.is_empty() || formats.any(|format| format.capture(arn).is_some())
    }

    /// The format of the ARN that such a source sends, for people.
    #[must_use]
    pub fn arn_format(&self) -> Option<&str> {
        let mut formats = self.source_arn.iter().map(Template::as_str);
        formats.find(|format| format.starts_with("arn:"))
    }

    /// The variables of the ARN that it sends.
    #[must_use]
    pub fn arn_names(&self, arn: &Text) -> Names {
        let mut formats = self.source_arn.iter();
        formats
            .find_map(|format| format.capture(arn))
            .unwrap_or_default()
    }

    /// The name of the source with that ARN, where the ARN contains it.
    #[must_use]
    pub fn short_name(&self, arn: &Text) -> Option<String> {
        // What is open is one segment, until another one fits better.
        let loose = Text::of(arn.pieces().into_iter().map(|piece| match piece {
            Piece::Hole(hole) => Piece::Hole(Hole {
                accepts: Hole::segment("").accepts,
                ..hole
            }),
            known => known,
        }));
        // What stands for every text, such as all methods of a route, has the name of its variable.
        let is_any = |(variable, text): (&String, &mut Text)| match text.pieces().as_slice() {
            [Piece::Hole(hole)] => *hole.id == **variable,
            _ => false,
        };
        let arns = [arn, &loose];
        let captured = arns.into_iter().flat_map(|arn| {
            let formats = self.source_arn.iter();
            formats.filter_map(move |format| {
                let mut variables = format.capture(arn)?;
                variables.retain(|variable, text| !is_any((variable, text)));
                Some(variables)
            })
        });
        let names = captured.flat_map(|variables| {
            let templates = self.display_name.iter();
            let fillable = templates.filter(|template| template.is_fillable(&variables));
            fillable
                .map(|template| template.fill(&variables))
                .collect::<Vec<Text>>()
        });
        let mut known = names.filter(|name| !matches!(name.pieces().as_slice(), [Piece::Hole(_)]));
        known.next().map(|name| name.filled().with_holes_as("*"))
    }
}

impl SourceRole {
    fn decode(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::open(node, "the role of a push source", problems)?;
        let service = fields.optional_text("service").map(str::to_owned);
        let request_context = request_context(&mut fields);
        let possible = fields.optional_text("possible").map(str::to_owned);
        let required = fields.flag("required").unwrap_or(false);
        let checked_first = fields.flag("checkedFirst").unwrap_or(false);
        let verified = fields.flag("verified").unwrap_or(true);
        let references = fields.texts("references");
        let keys = selectors_by_name(&mut fields, "keys");
        let resources = selectors_by_name(&mut fields, "resources");
        let grants = fields.list("grants");
        fields.finish();
        let grants = each(grants, problems, Grant::of_role);
        Some(SourceRole {
            service,
            request_context,
            possible,
            required,
            checked_first,
            verified,
            grants,
            keys,
            resources,
            references,
        })
    }
}
