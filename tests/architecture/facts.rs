//! Facts about AWS are data: what looks like one in the code is listed here, with the reason.
//!
//! The form tells: principals of services, actions and condition keys, types of resources, ARNs. Comments
//! and tests may name any. The list only shrinks.

use std::collections::BTreeSet;

use regex::Regex;

use super::code::files;

/// What may be named: below which folder of `src`, what, and why it is not data.
const ALLOWED: &[(&str, &[&str], &str)] = &[
    (
        "input/",
        &[
            "AWS::AccountId",
            "AWS::NoValue",
            "AWS::Partition",
            "AWS::Region",
            "AWS::StackId",
            "AWS::StackName",
            "AWS::URLSuffix",
        ],
        "pseudo parameters are words of the template language",
    ),
    (
        "cli/",
        &["AWS::AccountId", "AWS::Partition", "AWS::Region"],
        "flags give values to these pseudo parameters",
    ),
    (
        "input/",
        &[
            "AWS::LanguageExtensions",
            "AWS::Serverless",
            "AWS::SSM::Parameter",
        ],
        "transforms and types of parameters are words of the template language",
    ),
    (
        "input/",
        &[
            "AWS::CloudFormation::CustomResource",
            "AWS::CloudFormation::Stack",
            "AWS::CloudFormation::StackSet",
            "AWS::Serverless::Application",
            "AWS::Serverless::Connector",
            "AWS::Serverless::Function",
        ],
        "resources that are parts of the template language: they make other resources",
    ),
    (
        "input/",
        &[
            "AWS::IAM::ManagedPolicy",
            "AWS::IAM::Policy",
            "AWS::IAM::Role",
            "AWS::Lambda::Alias",
            "AWS::Lambda::CapacityProvider",
            "AWS::Lambda::EventInvokeConfig",
            "AWS::Lambda::EventSourceMapping",
            "AWS::Lambda::Function",
            "AWS::Lambda::Permission",
            "AWS::Lambda::Version",
        ],
        "resources that the model is made of",
    ),
    (
        "input/",
        &["aws:asset", "aws:cdk"],
        "members of Metadata that CDK and SAM write",
    ),
    (
        "input/",
        &[
            "arn:aws:",
            "arn:aws:iam::aws:policy/{folder}{name}",
            "arn:aws:iam::aws:policy/{}",
            "aws:policy",
        ],
        "the form of the ARN of an AWS-managed policy",
    ),
    (
        "catalogue/",
        &["aws:policy"],
        "the form of the ARN of an AWS-managed policy",
    ),
    (
        "cli/",
        &["arn:aws:iam::aws:policy/{}"],
        "the form of the ARN of an AWS-managed policy",
    ),
    (
        "iam/",
        &["aws:PrincipalAccount", "aws:PrincipalArn", "aws:username"],
        "keys that every caller has by who it is: a part of IAM's logic",
    ),
    ("requirement/", &["s3:GetObject"], "examples in messages"),
    (
        "simulate/",
        &["s3.amazonaws.com", "s3:GetObject"],
        "examples in messages",
    ),
    ("cli/", &["aws:SourceAccount"], "an example in a message"),
    (
        "report/",
        &[
            "aws:SourceAccount",
            "aws:SourceArn",
            "lambda:EventSourceToken",
            "lambda:FunctionUrlAuthType",
            "lambda:InvokedViaFunctionUrl",
        ],
        "to become data: the flags of AddPermission by condition key",
    ),
    (
        "cli/",
        &["aws:SourceArn"],
        "to become data: which keys a source presents",
    ),
    (
        "requirement/",
        &["aws:SourceAccount", "aws:SourceArn"],
        "to become data: which keys a source presents",
    ),
    (
        "input/",
        &[
            "AWS::EFS::AccessPoint",
            "AWS::EFS::FileSystem",
            "AWS::KMS::Key",
            "AWS::SNS::Topic",
            "AWS::SQS::Queue",
        ],
        "to become data: resources whose policies and targets are looked for",
    ),
];

/// What looks like a fact in the code, by file.
fn found() -> BTreeSet<(String, String)> {
    let form = Regex::new(
        r"(?x) [a-z0-9-]+\.amazonaws\.com
            | \b [a-z][a-z0-9-]+ : [A-Z][A-Za-z]+ \*?
            | \b (?: aws | lambda | kms | sts | iam | s3 ) : [A-Za-z]\w+
            | \b AWS::\w+ (?: ::\w+ )?
            | \b arn:aws[a-z-]*: [\w:/*{}.-]*",
    )
    .unwrap();
    let all = files().iter().flat_map(|file| {
        let facts = form.find_iter(&file.uncommented);
        facts.map(|fact| (file.name.clone(), fact.as_str().to_owned()))
    });
    all.collect()
}

#[test]
fn facts_about_aws_are_data() {
    let found = found();
    let allows = |(name, fact): &(String, String)| {
        let mut entries = ALLOWED.iter();
        entries.any(|(folder, facts, _)| name.starts_with(folder) && facts.contains(&&**fact))
    };
    let new: Vec<_> = found.iter().filter(|found| !allows(found)).collect();
    assert!(new.is_empty(), "these belong to rules/catalogue: {new:#?}");
    for (folder, facts, reason) in ALLOWED {
        for fact in *facts {
            let named = found
                .iter()
                .any(|(name, own)| name.starts_with(folder) && own == fact);
            assert!(
                named,
                "src/{folder} no longer names {fact} ({reason}): take it from the list"
            );
        }
    }
}
