//! Values for the parameters of templates, as flags and files give them.
//!
//! Owns the forms in which other programs write them: files of `aws cloudformation deploy`, the
//! configuration of the SAM CLI, and contexts of CDK.

use std::collections::{BTreeMap, BTreeSet};

use super::{cloudformation, detect, serverless, terraform};
use crate::diagnostics::Problem;
use crate::source::{FileId, Span};
use crate::syntax::{Node, json, nearest, toml, yaml};

/// A value for a parameter, or for a pseudo parameter such as `AWS::Region`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Where it was given.
    pub span: Span,
    /// Whether it must be one that a template declares.
    pub is_named: bool,
}

/// All values; of two for one parameter the last counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// In the order in which they were given.
    pub list: Vec<Parameter>,
}

/// How a file of values is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuesFormat {
    /// JSON or YAML.
    Document,
    /// TOML.
    Toml,
    /// HCL, as in `terraform.tfvars`.
    Hcl,
}

impl ValuesFormat {
    /// The format of a file, by the extension of its name.
    #[must_use]
    pub fn of_extension(extension: &str) -> Self {
        match extension.to_ascii_lowercase().as_str() {
            "toml" => ValuesFormat::Toml,
            "tfvars" => ValuesFormat::Hcl,
            _ => ValuesFormat::Document,
        }
    }
}

/// A name in a file of values that no template declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undeclared {
    /// The name.
    pub name: String,
    /// A similar name that a template declares.
    pub near: Option<String>,
    /// Where the value was given.
    pub span: Span,
}

impl Parameters {
    /// The names in files that no template declares; none where there is no template.
    #[must_use]
    pub fn undeclared(&self, documents: &[Node]) -> Vec<Undeclared> {
        let templates = declarations(documents.iter());
        let services = services(documents.iter());
        let is_undeclared = |given: &&Parameter| {
            if is_asked_for(&given.name, &services) {
                return false;
            }
            let is_value = given.is_named || given.name.contains(':');
            !is_value && templates.iter().all(|all| all.get(&given.name).is_none())
        };
        let given = self.list.iter().filter(|_| !templates.is_empty());
        let undeclared = given.filter(is_undeclared).map(|given| Undeclared {
            name: given.name.clone(),
            near: nearest_declared(&given.name, &templates).map(str::to_owned),
            span: given.span,
        });
        undeclared.collect()
    }

    /// Reads a file of values; returns what is wrong with it.
    ///
    /// Forms: a list or object of names and values, also under `Parameters` or `context`; a list
    /// of `ParameterKey` and `ParameterValue`; the configuration of the SAM CLI; values of Terraform.
    #[must_use]
    pub fn read(file: FileId, text: &str, format: ValuesFormat) -> (Self, Vec<Problem>) {
        if format == ValuesFormat::Hcl {
            return of_terraform(file, text);
        }
        let is_toml = format == ValuesFormat::Toml;
        let start = text.trim_start_matches('\u{feff}').trim_start();
        let documents = match (is_toml, start.starts_with(['{', '['])) {
            (true, _) => toml::read(file, text),
            (false, true) => json::read(file, text),
            (false, false) => yaml::read(file, text, &cloudformation::long_form),
        };
        let mut problems: Vec<Problem> = documents.errors.into_iter().map(Problem::from).collect();
        let list = match documents.roots.first() {
            // The only form in TOML is the configuration of the SAM CLI.
            Some(root) if is_toml && root.get("default").is_none() => Vec::new(),
            Some(root) => values(root),
            None => Vec::new(),
        };
        if list.is_empty() && problems.is_empty() {
            let span = documents
                .roots
                .first()
                .map_or_else(|| Span::new(file, 0, 0), |root| root.span);
            let message = "this file does not contain parameter values";
            let help = "expected an object of names and values, such as {\"Stage\": \"prod\"}, a parameter file of \
                        `aws cloudformation`, samconfig.toml or cdk.json";
            problems.push(Problem::at(span.at_start(), message).help(help));
        }
        (Parameters { list }, problems)
    }

    /// Values by name.
    pub(super) fn values(&self) -> BTreeMap<String, String> {
        let pairs = self.list.iter();
        pairs
            .map(|given| (given.name.clone(), given.value.clone()))
            .collect()
    }

    /// Names that neither a template nor a root module of Terraform declares, and values that a template does not
    /// allow.
    pub(super) fn mistakes<'n>(
        &self,
        documents: impl Iterator<Item = &'n Node>,
        variables: &BTreeSet<String>,
    ) -> Vec<Problem> {
        let documents: Vec<&Node> = documents.collect();
        let templates = declarations(documents.iter().copied());
        let services = services(documents.iter().copied());
        if templates.is_empty() && services.is_empty() && variables.is_empty() {
            return Vec::new();
        }
        let is_known = |name: &str| variables.contains(name) || is_asked_for(name, &services);
        let of_template =
            |given: &&Parameter| !given.name.starts_with("AWS::") && !is_known(&given.name);
        let given = self.list.iter().filter(of_template);
        given
            .flat_map(|given| mistakes(given, &templates))
            .collect()
    }
}

/// The declarations of parameters of each template.
fn declarations<'n>(documents: impl Iterator<Item = &'n Node>) -> Vec<&'n Node> {
    documents
        .filter(|root| detect::is_template(root))
        .filter_map(|root| root.get("Parameters").or(Some(root)))
        .collect()
}

/// All documents, where one of them is the configuration of the Serverless Framework: others can be included in it.
fn services<'n>(documents: impl Iterator<Item = &'n Node>) -> Vec<&'n Node> {
    let documents: Vec<&Node> = documents.collect();
    let is_service = |root: &&Node| detect::detect(root) == detect::DocumentKind::Serverless;
    match documents.iter().any(is_service) {
        true => documents,
        false => Vec::new(),
    }
}

/// Whether a service asks for an option or parameter of that name.
fn is_asked_for(name: &str, services: &[&Node]) -> bool {
    services.iter().any(|root| serverless::asks_for(root, name))
}

/// The parameter that a template declares and whose name is the most similar.
fn nearest_declared<'n>(name: &str, parameters: &[&'n Node]) -> Option<&'n str> {
    let known = parameters.iter().flat_map(|all| all.members());
    nearest(name, known.map(|member| &*member.key.text))
}

fn mistakes(given: &Parameter, parameters: &[&Node]) -> Vec<Problem> {
    let name = given.name.as_str();
    let mut declared = parameters.iter().filter_map(|all| all.get(name)).peekable();
    if declared.peek().is_none() && given.is_named {
        let message =
            format!("unknown parameter `{name}`: neither a template nor a root module declares it");
        let near = nearest_declared(name, parameters);
        let help = near.map(|near| format!("did you mean `{near}`?"));
        let problem = Problem::at(given.span, message);
        return vec![match help {
            Some(help) => problem.help(help),
            None => problem,
        }];
    }
    let refused = declared.filter_map(|parameter| refused(given, parameter));
    refused.take(1).collect()
}

/// A value that is not one of those that the template allows.
fn refused(given: &Parameter, declared: &Node) -> Option<Problem> {
    let allowed = declared.get("AllowedValues")?;
    let texts: Option<Vec<String>> = allowed.items().iter().map(Node::scalar).collect();
    let texts = texts.filter(|texts| !texts.is_empty() && !texts.contains(&given.value))?;
    let message = format!("`{}` cannot be `{}`", given.name, given.value);
    let problem = Problem::at(given.span, message);
    let help = format!("expected one of: {}", texts.join(", "));
    Some(problem.help(help).related(allowed.span, "allowed values"))
}

/// Values of variables of Terraform.
fn of_terraform(file: FileId, text: &str) -> (Parameters, Vec<Problem>) {
    let (values, error) = terraform::of_file(file, text);
    let list = values.iter();
    let list = list.map(|(name, value, span)| parameter(name, value, *span));
    let problems = error.map(Problem::from).into_iter();
    (
        Parameters {
            list: list.collect(),
        },
        problems.collect(),
    )
}

fn values(root: &Node) -> Vec<Parameter> {
    let sam = root.get("default").filter(|default| default.is_object());
    if let Some(environment) = sam {
        return of_sam(environment);
    }
    let inner = ["Parameters", "context"];
    match inner.iter().find_map(|name| root.get(name)) {
        Some(inner) => plain(inner),
        None => plain(root),
    }
}

/// An object of names and values, or a list of pairs in one of the forms of the AWS CLI.
fn plain(node: &Node) -> Vec<Parameter> {
    let named = node.members().iter().filter_map(|member| {
        let listed = || {
            let items = member.value.items().iter().map(Node::scalar);
            let items = items.collect::<Option<Vec<String>>>()?;
            member.value.is_array().then(|| items.join(","))
        };
        let value = member.value.scalar().or_else(listed)?;
        Some(parameter(&member.key.text, &value, member.value.span))
    });
    let items = node.items().iter().flat_map(|item| match item.as_str() {
        Some(text) => overrides(text, item.span),
        None => pair(item).into_iter().collect(),
    });
    named.chain(items).collect()
}

fn pair(item: &Node) -> Option<Parameter> {
    let value = item.get("ParameterValue")?;
    let name = item.str("ParameterKey")?;
    Some(parameter(name, &value.scalar()?, value.span))
}

fn parameter(name: &str, value: &str, span: Span) -> Parameter {
    Parameter {
        name: name.to_owned(),
        value: value.to_owned(),
        span,
        is_named: false,
    }
}

/// The default environment of the SAM CLI's configuration.
///
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html>
fn of_sam(environment: &Node) -> Vec<Parameter> {
    let commands = ["global", "deploy"];
    let found = commands
        .iter()
        .filter_map(|command| environment.at(&[command, "parameters"]));
    let mut list = Vec::new();
    for parameters in found {
        if let Some(region) = parameters.get("region")
            && let Some(text) = region.as_str()
        {
            list.push(parameter("AWS::Region", text, region.span));
        }
        if let Some(given) = parameters.get("parameter_overrides") {
            match given.as_str() {
                Some(text) => list.extend(overrides(text, given.span)),
                None => list.extend(plain(given)),
            }
        }
    }
    list
}

/// `Name=Value Name="a value"`, or `ParameterKey=Name,ParameterValue=Value`.
fn overrides(text: &str, span: Span) -> Vec<Parameter> {
    let words = words(text);
    let pairs = words.iter().filter_map(|word| {
        let long = word
            .strip_prefix("ParameterKey=")
            .and_then(|rest| rest.split_once(",ParameterValue="));
        let (name, value) = long.or_else(|| word.split_once('='))?;
        Some(parameter(name, value, span))
    });
    pairs.collect()
}

/// Words between spaces; quotes keep them together.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\\', _) => push(&mut words, letters.next().unwrap_or('\\')),
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(letter),
            (c, None) if c.is_whitespace() => words.push(String::new()),
            (c, _) => push(&mut words, c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn push(words: &mut [String], letter: char) {
    if let Some(word) = words.last_mut() {
        word.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, is_toml: bool) -> Vec<String> {
        let format = match is_toml {
            true => ValuesFormat::Toml,
            false => ValuesFormat::Document,
        };
        let (parameters, problems) = Parameters::read(FileId::NOWHERE, text, format);
        assert!(problems.is_empty(), "{problems:?}");
        let list = parameters.list.iter();
        list.map(|given| format!("{}={}", given.name, given.value))
            .collect()
    }

    #[test]
    fn the_forms_of_other_programs_are_read() {
        let pairs = r#"[{"ParameterKey": "Stage", "ParameterValue": "prod"}]"#;
        assert_eq!(read(pairs, false), ["Stage=prod"]);
        assert_eq!(
            read(r#"["Stage=prod", "N=1"]"#, false),
            ["Stage=prod", "N=1"]
        );
        assert_eq!(
            read(r#"{"Parameters": {"Stage": "prod"}}"#, false),
            ["Stage=prod"]
        );
        assert_eq!(read("Stage: prod\nN: 1\n", false), ["Stage=prod", "N=1"]);
        assert_eq!(read(r#"{"Names": ["c", "d"]}"#, false), ["Names=c,d"]);
        let cdk = r#"{"app": "node app.js", "context": {"Stage": "prod", "vpc": {"id": 1}}}"#;
        assert_eq!(read(cdk, false), ["Stage=prod"]);
    }

    #[test]
    fn the_configuration_of_sam_is_read() {
        let one = "version = 0.1\n[default.deploy.parameters]\nregion = \"eu-west-1\"\n\
                   parameter_overrides = \"Stage=\\\"prod\\\" Name='a b' ParameterKey=K,ParameterValue=v\"\n";
        let read_one = ["AWS::Region=eu-west-1", "Stage=prod", "Name=a b", "K=v"];
        assert_eq!(read(one, true), read_one);
        let list = "[default.global.parameters]\nparameter_overrides = [\"A=1\", \"B=2\"]\n";
        assert_eq!(read(list, true), ["A=1", "B=2"]);
    }

    #[test]
    fn values_of_terraform_are_read() {
        let text = "stage = \"prod\"\ncount = -2\nids = [\"a\", { b = true }]\nother = var.x\n";
        let (parameters, _) = Parameters::read(FileId::NOWHERE, text, ValuesFormat::Hcl);
        let list = parameters.list.iter();
        let list: Vec<String> = list
            .map(|given| format!("{}={}", given.name, given.value))
            .collect();
        assert_eq!(list, ["stage=prod", "count=-2", r#"ids=["a",{"b":true}]"#]);
    }

    #[test]
    fn a_file_without_values_is_reported() {
        let files = [
            ("[1, 2]", ValuesFormat::Document),
            ("version = 0.1\n", ValuesFormat::Toml),
        ];
        for (text, format) in files {
            let (_, problems) = Parameters::read(FileId::NOWHERE, text, format);
            assert_eq!(problems.len(), 1, "{text}");
        }
    }
}
