//! What the fix of a cause allows, as statements and in words: both come from the same data, so that
//! they cannot say different things.

use super::names::Names;
use super::{needs, permission, who};
use crate::catalogue::{Catalogue, Cause, Remedy, RemedyStatement};
use crate::diagnostics::{
    ConditionTest, Denied, DeniedCaller, Document, NewStatement, PolicyKind, Written,
};
use crate::syntax::{Template, Text};

/// What stands in the sentence of a fix for what it allows.
const GRANTS: &str = "{grants}";
/// The words for it where it is not known.
const UNKNOWN: &str = "the denied call on its resource";

/// Writes what fixes allow for one request.
pub(super) struct Writer<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) names: &'a Names<'a>,
    pub(super) request: &'a Denied,
}

impl Writer<'_> {
    /// The sentence of a fix, and the statements to write.
    pub(super) fn fix(&self, cause: &Cause) -> (String, Vec<NewStatement>) {
        if !cause.fix.contains(GRANTS) {
            return (self.names.fill(&cause.fix), Vec::new());
        }
        let statements = match cause.grants.is_empty() {
            true => self.denied(cause.document),
            false => cause
                .grants
                .iter()
                .flat_map(|remedy| self.remedy(remedy, cause.document))
                .collect(),
        };
        let statements = told_apart(joined(statements));
        let fix = self.names.fill(&cause.fix.replace(GRANTS, "\u{0}"));
        (fix.replace('\u{0}', &words(&statements)), statements)
    }

    /// What was denied, as a document of that kind allows it.
    fn denied(&self, document: Document) -> Vec<NewStatement> {
        let actions = &self.request.actions;
        if !self.exist(actions) {
            return Vec::new();
        }
        let of_lambda = self.request.who == DeniedCaller::Lambda;
        match document {
            Document::Policy(PolicyKind::FunctionPolicy)
                if self.request.who == DeniedCaller::Service =>
            {
                permission::for_service(self.catalogue, self.names, self.request)
            }
            Document::Policy(
                PolicyKind::FunctionPolicy
                | PolicyKind::TrustPolicy
                | PolicyKind::ResourcePolicy
                | PolicyKind::KeyPolicy,
            ) => {
                let of_function = document == Document::Policy(PolicyKind::FunctionPolicy);
                vec![self.of_resource(None, actions.clone(), Vec::new(), of_function)]
            }
            Document::Policy(PolicyKind::EndpointPolicy) => {
                let everybody = Some(("AWS".to_owned(), "*".into()));
                let own = self.of_identity(actions).into_iter();
                own.map(|statement| NewStatement {
                    principal: everybody.clone(),
                    ..statement
                })
                .collect()
            }
            _ if of_lambda => needs::together(self.catalogue, self.names, actions)
                .unwrap_or_else(|| self.of_identity(actions)),
            _ => self.of_identity(actions),
        }
    }

    /// Whether there are actions, and all of them exist; a name may end with an asterisk.
    fn exist(&self, actions: &[String]) -> bool {
        let table = &self.catalogue.actions.table;
        let is_known = |action: &String| table.action(action.trim_end_matches('*')).is_some();
        !actions.is_empty() && actions.iter().all(is_known)
    }

    fn remedy(&self, remedy: &Remedy, document: Document) -> Vec<NewStatement> {
        match remedy {
            Remedy::Feature(id) => {
                let feature = self
                    .catalogue
                    .features
                    .iter()
                    .find(|feature| feature.id == *id);
                feature.map_or(Vec::new(), |feature| {
                    let needs = &feature.needs;
                    needs::statements_of(self.catalogue, self.names, needs, None, &[])
                })
            }
            Remedy::PollSource(id) => {
                let source = self.catalogue.poll_source(id);
                source.map_or(Vec::new(), |source| {
                    needs::statements_of(
                        self.catalogue,
                        self.names,
                        &source.needs,
                        source.arn.as_ref(),
                        &[],
                    )
                })
            }
            Remedy::PushSource(id) => {
                let source = self.catalogue.push_source(id);
                source.map_or(Vec::new(), |source| {
                    permission::of_source(self.catalogue, self.names, source)
                })
            }
            Remedy::Statement(form) => self.statement(form, document),
        }
    }

    /// The statements of a form.
    fn statement(&self, form: &RemedyStatement, document: Document) -> Vec<NewStatement> {
        let write = |texts: &[String]| -> Vec<String> {
            texts.iter().map(|text| self.names.write(text)).collect()
        };
        let actions: Vec<String> = match form.actions.is_empty() {
            true => self.request.actions.clone(),
            false => write(&form.actions),
        };
        let conditions = form.conditions.iter().map(|test| ConditionTest {
            value: self.names.write(&test.value.in_template()).into(),
            ..test.clone()
        });
        let conditions: Vec<ConditionTest> = conditions.collect();
        let resources: Vec<String> = match self.names.get("functionArn") {
            Some(_) => write(&form.resources),
            None => {
                let own = actions.first().map(|action| self.resources_of(action));
                let own = own.into_iter().flatten().next().unwrap_or_default();
                let named = form.resources.iter();
                let named = named.map(|text| text.replace("{functionArn}", &own));
                write(&named.collect::<Vec<String>>())
            }
        };
        if !self.exist(&actions) {
            return Vec::new();
        }
        if of_resource(document) {
            let principal = form.principal.as_ref();
            let principal = principal.map(|(kind, name)| (kind.clone(), self.names.write(name)));
            let of_function = document == Document::Policy(PolicyKind::FunctionPolicy);
            let statement = self.of_resource(principal, actions, resources, of_function);
            return vec![NewStatement {
                conditions,
                ..statement
            }];
        }
        let own = match resources.is_empty() {
            true => self.of_identity(&actions),
            false => vec![NewStatement {
                actions,
                resources: resources.into_iter().map(Into::into).collect(),
                ..NewStatement::default()
            }],
        };
        let principal = form.principal.as_ref();
        let principal = principal.map(|(kind, name)| (kind.clone(), self.names.write(name).into()));
        let own = own.into_iter().map(|statement| NewStatement {
            principal: principal.clone(),
            conditions: conditions.clone(),
            ..statement
        });
        own.collect()
    }

    /// A statement of the policy of a resource.
    fn of_resource(
        &self,
        principal: Option<(String, String)>,
        actions: Vec<String>,
        resources: Vec<String>,
        of_function: bool,
    ) -> NewStatement {
        let (kind, name) = principal.unwrap_or_else(|| who::principal(self.request));
        let principal = (kind, name.into());
        if of_function {
            // A command adds it, which knows the function.
            let sid = Some("allow-invoke".to_owned());
            return NewStatement {
                sid,
                principal: Some(principal),
                actions,
                ..NewStatement::default()
            };
        }
        let service = actions.first().and_then(|action| action.split(':').next());
        let element = self
            .catalogue
            .symptoms()
            .policy_resource(service.unwrap_or(""));
        let resources = match element {
            Some(written) => written.map(str::to_owned).into_iter().collect(),
            None if !resources.is_empty() => resources,
            None => actions
                .first()
                .map_or(Vec::new(), |action| self.resources_of(action)),
        };
        NewStatement {
            sid: None,
            principal: Some(principal),
            actions,
            resources: resources.into_iter().map(Into::into).collect(),
            conditions: Vec::new(),
        }
    }

    /// Statements of an identity policy, one for the actions that work on the same resources.
    fn of_identity(&self, actions: &[String]) -> Vec<NewStatement> {
        let each = actions.iter().map(|action| NewStatement {
            actions: vec![action.clone()],
            resources: self
                .resources_of(action)
                .into_iter()
                .map(Into::into)
                .collect(),
            ..NewStatement::default()
        });
        each.collect()
    }

    /// The resources to allow an action on: that of the denied call, in the form that covers the next
    /// one as well, or else the form of those that the action works on.
    fn resources_of(&self, action: &str) -> Vec<String> {
        let table = &self.catalogue.actions.table;
        let types = table
            .action(action)
            .into_iter()
            .flat_map(|action| action.resources());
        let types: Vec<_> = types.collect();
        let general = &self.catalogue.symptoms().general;
        let service = |arn: &str| arn.split(':').nth(2).unwrap_or("").to_owned();
        let written = self.names.resource();
        let fits = |arn: &&str| {
            types
                .iter()
                .any(|(of_type, _)| service(of_type.arn()) == service(arn))
        };
        let is_same = self
            .request
            .actions
            .iter()
            .any(|known| known.eq_ignore_ascii_case(action));
        match written.filter(|arn| arn.starts_with("arn:")) {
            _ if types.is_empty() => vec!["*".to_owned()],
            Some(arn) if is_same && fits(&arn) => vec![general.of(table, arn)],
            _ if written == Some("*") && is_same => vec!["*".to_owned()],
            _ => vec![
                self.form(
                    action,
                    &types
                        .iter()
                        .map(|(of_type, required)| (of_type.arn(), *required))
                        .collect::<Vec<_>>(),
                ),
            ],
        }
    }

    /// The form of the resources of an action; all of them where it works on several types at once.
    fn form(&self, action: &str, types: &[(&str, bool)]) -> String {
        let required: Vec<&str> = types
            .iter()
            .filter(|(_, required)| *required)
            .map(|(arn, _)| *arn)
            .collect();
        let format = match required.as_slice() {
            // The plainest form is that of the resource itself.
            [] => types
                .iter()
                .map(|(arn, _)| *arn)
                .min_by_key(|arn| arn.len()),
            [one] => Some(*one),
            _ => None,
        };
        let template = format.and_then(|format| Template::parse(format).ok());
        let Some(template) = template else {
            return "*".to_owned();
        };
        let general = &self.catalogue.symptoms().general;
        let service = action.split(':').next().unwrap_or("");
        let names = template.names().filter_map(|name| {
            let placeholder = general.placeholder(service, name)?;
            Some((name.to_owned(), Text::from(placeholder)))
        });
        self.names.write_template(&template, names.collect())
    }
}

/// Whether a document is the policy of a resource, which says who may act.
fn of_resource(document: Document) -> bool {
    matches!(
        document,
        Document::Policy(
            PolicyKind::FunctionPolicy
                | PolicyKind::TrustPolicy
                | PolicyKind::ResourcePolicy
                | PolicyKind::KeyPolicy
        )
    )
}

/// The statements with those as one that differ only in their actions; commands add one action each.
fn joined(statements: Vec<NewStatement>) -> Vec<NewStatement> {
    let mut all: Vec<NewStatement> = Vec::new();
    for statement in statements {
        let same = |known: &&mut NewStatement| {
            known.sid.is_none()
                && known.principal == statement.principal
                && known.resources == statement.resources
                && known.conditions == statement.conditions
        };
        match all.iter_mut().find(same) {
            Some(known) => {
                let new = statement
                    .actions
                    .iter()
                    .filter(|action| !known.actions.contains(action));
                let new: Vec<String> = new.cloned().collect();
                known.actions.extend(new);
            }
            None => all.push(statement),
        }
    }
    all
}

/// The statements with a name for each: those of a function policy must differ.
fn told_apart(mut statements: Vec<NewStatement>) -> Vec<NewStatement> {
    let mut taken: Vec<String> = Vec::new();
    for sid in statements.iter_mut().filter_map(|new| new.sid.as_mut()) {
        let wanted = sid.clone();
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        let mut names = std::iter::once(wanted.clone()).chain(numbered);
        let free = names.find(|name| !taken.contains(name));
        *sid = free.unwrap_or(wanted);
        taken.push(sid.clone());
    }
    statements
}

/// Statements in words, as in "sqs:SendMessage on arn:…".
fn words(statements: &[NewStatement]) -> String {
    let each = statements.iter().map(|statement| {
        let actions = listed(&statement.actions);
        let principal = statement.principal.as_ref();
        let principal = principal.map(|(_, name)| name.outside());
        let what = match principal.as_deref() {
            Some("*") => format!("everyone to perform {actions}"),
            Some(name) => format!("{name} to perform {actions}"),
            None => actions,
        };
        let resources = statement.resources.iter();
        let resources: Vec<String> = resources.map(Written::outside).collect();
        match resources.as_slice() {
            [] => what,
            [all] if all == "*" && statement.principal.is_some() => what,
            [all] if all == "*" => format!("{what} on \"*\""),
            resources => format!("{what} on {}", listed(resources)),
        }
    });
    match each.collect::<Vec<String>>().as_slice() {
        [] => UNKNOWN.to_owned(),
        [only] => only.clone(),
        several => several.join("; and "),
    }
}

/// A list in words.
fn listed(texts: &[String]) -> String {
    match texts.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
