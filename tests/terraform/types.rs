//! The table of Terraform's types: what it maps onto is known and read, and it has every type that matters.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use lint_lambda::unstable::catalogue::{Catalogue, TerraformResource};
use lint_lambda::unstable::source::SourceMap;
use serde_json::Value;

use crate::program::root;

/// The types that declare or attach something that a check looks at: everything that invokes functions, that
/// functions read or send to, and that grants permissions.
const NEEDED: &[&str] = &[
    "aws_alb_target_group",
    "aws_alb_target_group_attachment",
    "aws_api_gateway_authorizer",
    "aws_api_gateway_deployment",
    "aws_api_gateway_integration",
    "aws_api_gateway_method",
    "aws_api_gateway_resource",
    "aws_api_gateway_rest_api",
    "aws_api_gateway_stage",
    "aws_apigatewayv2_api",
    "aws_apigatewayv2_authorizer",
    "aws_apigatewayv2_integration",
    "aws_apigatewayv2_route",
    "aws_apigatewayv2_stage",
    "aws_appconfig_configuration_profile",
    "aws_appconfig_extension",
    "aws_appsync_api",
    "aws_appsync_datasource",
    "aws_appsync_graphql_api",
    "aws_bedrockagent_agent",
    "aws_bedrockagent_agent_action_group",
    "aws_cloudfront_distribution",
    "aws_cloudfront_origin_access_control",
    "aws_cloudwatch_composite_alarm",
    "aws_cloudwatch_event_bus",
    "aws_cloudwatch_event_rule",
    "aws_cloudwatch_event_target",
    "aws_cloudwatch_log_account_policy",
    "aws_cloudwatch_log_group",
    "aws_cloudwatch_log_subscription_filter",
    "aws_cloudwatch_metric_alarm",
    "aws_codecommit_repository",
    "aws_codecommit_trigger",
    "aws_codedeploy_deployment_group",
    "aws_codepipeline",
    "aws_cognito_user_pool",
    "aws_config_config_rule",
    "aws_config_organization_custom_rule",
    "aws_connect_lambda_function_association",
    "aws_dynamodb_table",
    "aws_ecr_repository",
    "aws_ecr_repository_policy",
    "aws_ecs_service",
    "aws_efs_access_point",
    "aws_efs_file_system",
    "aws_efs_file_system_policy",
    "aws_iam_policy",
    "aws_iam_policy_attachment",
    "aws_iam_role",
    "aws_iam_role_policies_exclusive",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_role_policy_attachments_exclusive",
    "aws_iot_authorizer",
    "aws_iot_provisioning_template",
    "aws_iot_topic_rule",
    "aws_kinesis_firehose_delivery_stream",
    "aws_kinesis_stream",
    "aws_kinesis_stream_consumer",
    "aws_kms_alias",
    "aws_kms_key",
    "aws_kms_key_policy",
    "aws_lambda_alias",
    "aws_lambda_capacity_provider",
    "aws_lambda_event_source_mapping",
    "aws_lambda_function",
    "aws_lambda_function_event_invoke_config",
    "aws_lambda_function_url",
    "aws_lambda_layer_version",
    "aws_lambda_layer_version_permission",
    "aws_lambda_permission",
    "aws_lb_target_group",
    "aws_lb_target_group_attachment",
    "aws_mq_broker",
    "aws_msk_cluster",
    "aws_msk_serverless_cluster",
    "aws_pinpoint_app",
    "aws_pipes_pipe",
    "aws_s3_bucket",
    "aws_s3_bucket_notification",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_scheduler_schedule",
    "aws_secretsmanager_secret",
    "aws_secretsmanager_secret_policy",
    "aws_secretsmanager_secret_rotation",
    "aws_ses_receipt_rule",
    "aws_sfn_state_machine",
    "aws_sns_topic",
    "aws_sns_topic_policy",
    "aws_sns_topic_subscription",
    "aws_sqs_queue",
    "aws_sqs_queue_policy",
    "aws_ssm_parameter",
    "aws_transfer_server",
    "aws_transfer_workflow",
    "aws_vpclattice_target_group",
    "aws_vpclattice_target_group_attachment",
];

/// The data sources whose attributes policies and permissions are made of.
const NEEDED_DATA: &[&str] = &[
    "aws_caller_identity",
    "aws_dynamodb_table",
    "aws_iam_policy",
    "aws_iam_policy_document",
    "aws_iam_role",
    "aws_kms_alias",
    "aws_kms_key",
    "aws_lambda_function",
    "aws_partition",
    "aws_region",
    "aws_s3_bucket",
    "aws_secretsmanager_secret",
    "aws_sns_topic",
    "aws_sqs_queue",
    "aws_ssm_parameter",
];

fn catalogue() -> Catalogue {
    Catalogue::builtin(&mut SourceMap::default()).0
}

/// The types of a catalogue, each with the resources that are declared beside it.
fn all(catalogue: &Catalogue) -> impl Iterator<Item = &TerraformResource> {
    let own = catalogue.terraform().resources();
    own.flat_map(|own| [own].into_iter().chain(&own.parts))
}

/// Where the properties of resources are read.
fn readers() -> String {
    let mut text = String::new();
    for folder in ["src/input/infra", "src/model", "rules"] {
        add_files(&root().join(folder), &mut text);
    }
    for name in [
        "deliveries.json",
        "event-sources.json",
        "features.json",
        "resources.json",
    ] {
        let path = root().join("rules/catalogue").join(name);
        text += &fs::read_to_string(path).unwrap();
    }
    text
}

fn add_files(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            *text += &fs::read_to_string(path).unwrap();
        }
    }
}

/// The types all of whose properties are read, whatever they are called.
fn wholly_read() -> BTreeSet<String> {
    let path = root().join("rules/catalogue/event-sources.json");
    let sources: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let sources = sources["push"].as_array().unwrap().iter();
    let extractors = sources.filter_map(|source| source["cloudFormationResources"].as_array());
    let whole = extractors.flatten().filter(|extractor| {
        let first = extractor["select"][0].as_str();
        first.is_some_and(|select| select.starts_with("$.Properties[?"))
    });
    whole
        .map(|own| own["type"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_type_that_matters_is_in_the_table() {
    let catalogue = catalogue();
    let is_missing = |name: &&&str| catalogue.terraform_resource(name).is_none();
    let missing: Vec<_> = NEEDED.iter().filter(is_missing).collect();
    assert_eq!(missing, Vec::<&&str>::new());
    let is_missing = |name: &&&str| catalogue.terraform_data_source(name).is_none();
    let missing: Vec<_> = NEEDED_DATA.iter().filter(is_missing).collect();
    assert_eq!(missing, Vec::<&&str>::new());
}

/// A type that nothing else knows would be a resource of which nothing follows.
#[test]
fn every_type_is_mapped_onto_one_that_is_known() {
    let catalogue = catalogue();
    let push = catalogue.push.iter();
    let related = push.flat_map(|source| &source.related_cloudformation_resources);
    let push = catalogue.push.iter();
    let extractors = push.flat_map(|source| &source.cloudformation_resources);
    let known: BTreeSet<&str> = extractors.chain(related).map(|own| own.origin()).collect();
    // These have facts of their own.
    let own = ["AWS::Lambda::CapacityProvider", "AWS::SNS::Subscription"];
    let kinds = all(&catalogue).filter_map(|own| own.kind.as_deref());
    let is_unknown = |kind: &&str| {
        catalogue.template_resource(kind).is_none() && !known.contains(kind) && !own.contains(kind)
    };
    let unknown: Vec<&str> = kinds.filter(is_unknown).collect();
    assert_eq!(unknown, Vec::<&str>::new());
}

/// Every source of triggers that a template can declare can be declared in Terraform, or nothing of Terraform
/// declares it.
#[test]
fn every_source_that_terraform_can_declare_is_mapped() {
    /// The provider has no resource for these.
    const NONE: [&str; 7] = [
        "AWS::CloudFormation::LambdaHook",
        "AWS::IoTEvents::DetectorModel",
        "AWS::Lex::BotAlias",
        "AWS::Pinpoint::Campaign",
        "AWS::QBusiness::DataSource",
        "AWS::SES::MailManagerRuleSet",
        "Custom::S3BucketNotifications",
    ];
    let catalogue = catalogue();
    let mapped: BTreeSet<&str> = all(&catalogue)
        .filter_map(|own| own.kind.as_deref())
        .collect();
    let sources = catalogue.push.iter();
    let declared = sources.flat_map(|source| &source.cloudformation_resources);
    let missing: BTreeSet<&str> = declared
        .map(|own| own.origin())
        .filter(|kind| !mapped.contains(kind) && !NONE.contains(kind))
        .collect();
    assert_eq!(missing, BTreeSet::new());
}

/// A property that nothing reads would be a promise that nothing keeps.
#[test]
fn every_property_is_read_by_something() {
    let (catalogue, text) = (catalogue(), readers());
    let wholly_read = wholly_read();
    let is_whole = |own: &TerraformResource| {
        let kind = own.kind.as_ref();
        kind.is_some_and(|kind| wholly_read.contains(kind))
    };
    let mut names = BTreeSet::new();
    for own in all(&catalogue).filter(|own| !is_whole(own)) {
        names.extend(own.properties.iter().map(|(name, _)| name.as_str()));
    }
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let unread: Vec<&&str> = names
        .iter()
        .filter(|name| !words.contains(**name))
        .collect();
    assert_eq!(unread, Vec::<&&str>::new());
}

/// A form with a name that neither the mapping nor the CloudFormation type explains would be a text that
/// is made up.
#[test]
fn the_names_in_attributes_are_explained() {
    let catalogue = catalogue();
    let types = catalogue.terraform();
    let mut unexplained = Vec::new();
    for own in types.resources() {
        let kind = own.kind.as_deref();
        let shape = kind.and_then(|kind| catalogue.template_resource(kind));
        let of_shape = |name: &str| {
            let forms = shape.map(|shape| (&shape.arn, &shape.reference));
            let forms = forms
                .into_iter()
                .flat_map(|(arn, reference)| [arn, reference]);
            let mut names = forms.flatten().flat_map(|form| form.names());
            let attributes = shape
                .into_iter()
                .flat_map(|shape| shape.attributes.values());
            let is_id = shape.is_some_and(|shape| shape.forms.contains_key(name));
            let has_form = name == "arn" || name == "ref";
            is_id
                || has_form
                || names.any(|own| own == name)
                || attributes
                    .flat_map(|form| form.names())
                    .any(|own| own == name)
        };
        let mapped = || own.properties.iter().chain(&own.values);
        for (attribute, form) in &own.attributes {
            for name in form.names() {
                let is_mapped = mapped().any(|(own, _)| own == name);
                if !is_mapped && !name.starts_with("AWS::") && !of_shape(name) {
                    unexplained.push(format!("{}.{attribute}: {name}", own.name));
                }
            }
        }
    }
    assert_eq!(unexplained, Vec::<String>::new());
}
