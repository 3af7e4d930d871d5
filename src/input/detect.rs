//! What a document is, by its content.

use super::{policy, terraform};
use crate::catalogue::Catalogue;
use crate::diagnostics::Problem;
use crate::source::Span;
use crate::syntax::{Member, Node, nearest};

/// Kinds of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DocumentKind {
    /// Several documents in a list.
    List,
    /// A policy document by itself.
    Policy,
    /// A template of CloudFormation or SAM.
    Template,
    /// The manifest of a cloud assembly, which CDK writes.
    Manifest,
    /// A listing of a deployment package.
    Package,
    /// All of one function in one object.
    Bundle,
    /// A plan, state or configuration of Terraform.
    Terraform,
    /// Configuration of the Serverless Framework.
    Serverless,
    /// Anything else, which may be an output of the AWS CLI.
    Other,
}

/// What a document is.
pub(super) fn detect(root: &Node) -> DocumentKind {
    if root.is_array() {
        DocumentKind::List
    } else if is_terraform(root)
        || root.str("terraform_version").is_some()
        || terraform::is_plan_or_state(root)
    {
        DocumentKind::Terraform
    } else if is_serverless(root) {
        DocumentKind::Serverless
    } else if policy::is_document(root) {
        DocumentKind::Policy
    } else if is_template(root) {
        DocumentKind::Template
    } else if is_package(root) {
        DocumentKind::Package
    } else if is_manifest(root) {
        DocumentKind::Manifest
    } else if is_bundle(root) {
        DocumentKind::Bundle
    } else {
        DocumentKind::Other
    }
}

/// Whether a document is a template: some of its resources have a type, or a loop, an include or a macro
/// makes them.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html>
pub(super) fn is_template(root: &Node) -> bool {
    let resources = root.get("Resources").map_or(&[][..], Node::members);
    let is_resource =
        |member: &Member| member.value.str("Type").is_some() || member.key.text.starts_with("Fn::");
    let says_so = || !resources.is_empty() || root.get("AWSTemplateFormatVersion").is_some();
    resources.iter().any(is_resource) || has_macro(root) && says_so()
}

/// Whether something that is not of AWS, or an include, can add resources to a template.
fn has_macro(root: &Node) -> bool {
    let transforms = root.get("Transform").map_or(&[][..], Node::each);
    let is_aws = |node: &Node| node.as_str().is_some_and(|name| name.starts_with("AWS::"));
    let is_macro = |node: &Node| !node.is_null() && !is_aws(node);
    root.get("Fn::Transform").is_some() || transforms.iter().any(is_macro)
}

fn is_package(root: &Node) -> bool {
    root.str("Package").is_some() && root.get("Entries").is_some_and(Node::is_array)
}

/// <https://docs.aws.amazon.com/cdk/v2/guide/deploy.html>
fn is_manifest(root: &Node) -> bool {
    let artifacts = root.get("artifacts").map_or(&[][..], Node::members);
    let is_of_cdk = |artifact: &Member| {
        let kind = artifact.value.str("type");
        kind.is_some_and(|kind| kind.starts_with("aws:") || kind.starts_with("cdk:"))
    };
    root.str("version").is_some() && artifacts.iter().any(is_of_cdk)
}

/// The members of a bundle that hold the configuration of its function.
pub(super) const CONFIGURATIONS: [&str; 2] = ["Configuration", "FunctionConfiguration"];

/// Whether an object holds the configuration of a function and more of what belongs to it.
pub(super) fn is_bundle(node: &Node) -> bool {
    const MEMBERS: [&str; 6] = [
        "Role",
        "Policy",
        "Policies",
        "EventSourceMappings",
        "FunctionEventInvokeConfigs",
        "Triggers",
    ];
    let has_configuration = CONFIGURATIONS
        .iter()
        .any(|name| node.get(name).is_some_and(is_configuration));
    has_configuration && MEMBERS.iter().any(|member| node.get(member).is_some())
}

/// Whether an object is the configuration of a function: that of another program has none of these members.
pub(super) fn is_configuration(node: &Node) -> bool {
    const MEMBERS: [&str; 6] = [
        "FunctionName",
        "FunctionArn",
        "Handler",
        "Runtime",
        "Role",
        "PackageType",
    ];
    MEMBERS.iter().any(|member| node.get(member).is_some())
}

/// <https://developer.hashicorp.com/terraform/language/syntax/json>
fn is_terraform(root: &Node) -> bool {
    let blocks = ["resource", "data"].iter();
    let mut types = blocks.flat_map(|name| root.get(name).map_or(&[][..], Node::members));
    types.any(|of_type| of_type.key.text.starts_with("aws_"))
}

/// <https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml>
fn is_serverless(root: &Node) -> bool {
    let provider = root.get("provider");
    let name = provider.and_then(|provider| provider.as_str().or_else(|| provider.str("name")));
    root.get("service").is_some() && (name.is_some() || root.get("functions").is_some())
}

const PLAN_HELP: &str = "provide the output of `terraform show -json PLAN`, where PLAN is the file that \
                         `terraform plan -out=PLAN` writes";
/// Whether a service of the Serverless Framework is deployed to another cloud than AWS.
fn is_elsewhere(root: &Node) -> bool {
    let provider = root.get("provider");
    let name = provider.and_then(|provider| provider.as_str().or_else(|| provider.str("name")));
    name.is_some_and(|name| name != "aws" && !name.contains("${"))
}

const ELSEWHERE: &str = "this service is not deployed to AWS";
const ELSEWHERE_HELP: &str = "lint-lambda checks services with `provider.name: aws`";
const SERVERLESS: &str = "programs that configure the Serverless Framework are not supported";
/// What to pass in place of the configuration of the Serverless Framework.
pub(crate) const SERVERLESS_HELP: &str = "run `serverless package`, and pass the template that it generates: \
                               .serverless/cloudformation-template-update-stack.json";

/// That a document of another tool is not read; `None` for all that may be.
pub(super) fn foreign_document(root: &Node) -> Option<Problem> {
    let (message, help) = match detect(root) {
        DocumentKind::Terraform if is_terraform(root) => (
            "this is Terraform configuration, but the name of the file does not say so",
            "name the file so that it ends with .tf.json, as Terraform requires",
        ),
        DocumentKind::Terraform if terraform::is_plan_or_state(root) => return None,
        DocumentKind::Terraform => (
            "this output of Terraform contains no resources of a plan or state",
            PLAN_HELP,
        ),
        DocumentKind::Serverless if is_elsewhere(root) => (ELSEWHERE, ELSEWHERE_HELP),
        _ => return None,
    };
    Some(Problem::at(root.span.at_start(), message).help(help))
}

/// That a text is configuration of another tool, which is not read.
pub(super) fn foreign_text(path: &str, text: &str, start: Span) -> Option<Problem> {
    values_of_terraform(path, start).or_else(|| serverless_script(path, text, start))
}

/// Values of Terraform's variables, which say nothing by themselves.
fn values_of_terraform(path: &str, start: Span) -> Option<Problem> {
    let message = "a file with the values of Terraform variables cannot be checked by itself";
    let help = "provide the folder of the configuration, and this file with `--var-file`";
    let is_it = path.ends_with(".tfvars") || path.ends_with(".tfvars.json");
    is_it.then(|| Problem::at(start, message).help(help))
}

/// Configuration of the Serverless Framework as a program, such as `serverless.ts`.
fn serverless_script(path: &str, text: &str, start: Span) -> Option<Problem> {
    const ENDINGS: [&str; 6] = ["ts", "js", "mts", "mjs", "cts", "cjs"];
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let (stem, ending) = name.rsplit_once('.')?;
    let is_script = ENDINGS.contains(&ending) && stem.starts_with("serverless");
    let is_about = ["service", "provider", "functions"]
        .iter()
        .any(|word| text.contains(word));
    (is_script && is_about).then(|| Problem::at(start, SERVERLESS).help(SERVERLESS_HELP))
}

/// Whether a text is configuration of Terraform in HCL: some line begins a block.
pub(super) fn is_hcl(text: &str) -> bool {
    const BLOCKS: [&str; 5] = [
        "resource \"",
        "data \"",
        "module \"",
        "provider \"",
        "variable \"",
    ];
    let is_block = |line: &str| {
        line.trim_end().ends_with('{') && BLOCKS.iter().any(|block| line.starts_with(block))
    };
    text.lines().any(is_block)
}

/// What an unknown document lacks that would make it a policy or a template.
pub(super) fn nearly_right(root: &Node) -> Option<Problem> {
    let (what, lacks) = if policy::has_version(root) {
        ("policy document", "Statement")
    } else if lacks_resources(root) {
        ("template", "Resources")
    } else {
        return None;
    };
    let other = root.members().iter().find(|member| {
        let name = &*member.key.text;
        nearest(name, [lacks]).is_some()
    });
    let message = format!("missing `{lacks}` in this {what}");
    Some(match other {
        Some(member) => {
            Problem::at(member.key.span, message).help(format!("did you mean `{lacks}`?"))
        }
        None => Problem::at(root.span.at_start(), message),
    })
}

/// Whether a template has no resources, where it does not include them from elsewhere.
fn lacks_resources(root: &Node) -> bool {
    let transforms = root.get("Transform").map_or(&[][..], Node::each);
    let is_aws = |node: &Node| node.as_str().is_some_and(|name| name.starts_with("AWS::"));
    let is_template =
        root.get("AWSTemplateFormatVersion").is_some() || transforms.iter().any(is_aws);
    is_template && !has_macro(root) && root.get("Resources").is_none()
}

/// Whether a text that could not be read was probably meant for us.
pub(super) fn looks_familiar(text: &str, catalogue: &Catalogue) -> bool {
    let mut markers = catalogue.resource_types().markers.iter();
    markers.any(|marker| text.contains(marker))
}
