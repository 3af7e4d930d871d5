//! Whole modules, from instances to findings.

use super::tests::Module;
use crate::analysis::Analysis;
use crate::input::emitter::Emitter;
use crate::input::facts::Facts;
use crate::input::infra::{self, Deployment};
use crate::input::scope::Scope;
use crate::input::{Hints, link};
use crate::lint::lint;
use crate::rules::Packs;
use crate::source::{FileId, Span};

impl Module {
    /// The rules of the findings, each with the place, and then those of the checks that are not decided.
    fn linted(mut self) -> Vec<String> {
        let packs = Packs::builtin();
        let deployment = Deployment {
            resources: self.resources(),
            adds_more: None,
            ignored: Vec::new(),
            references: Vec::new(),
        };
        let mut facts = Facts::default();
        let mut problems = Vec::new();
        let scope = Scope::new([".", "main.tf"]);
        infra::emit(
            &deployment,
            Span::new(FileId::NOWHERE, 0, 0),
            &scope,
            &self.catalogue,
            &mut Emitter {
                sources: &mut self.sources,
                facts: &mut facts,
                problems: &mut problems,
            },
        );
        let hints = Hints::default();
        let inventory = link(
            facts,
            &hints,
            &self.catalogue,
            &mut self.sources,
            &mut problems,
        );
        assert_eq!(problems, []);
        let analysis = Analysis {
            inventory,
            ..Analysis::default()
        };
        let outcome = lint(&self.sources, &analysis, &packs, &self.catalogue);
        let found = outcome.findings.iter().map(|finding| {
            let at = self.sources.locate(finding.primary.span);
            format!("{} {}", at.path, finding.rule)
        });
        let undecided = outcome.undecided.iter().map(|check| format!("{check:?}"));
        found.chain(undecided).collect()
    }
}

const TRUST: &str = r#"{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"}}]}"#;

/// A function with a role that may write logs, and nothing else.
fn function() -> Module {
    let role = format!(r#"{{"name": "r", "assume_role_policy": {TRUST}}}"#);
    Module::new()
        .with("aws_iam_role.r", &role)
        .with(
            "aws_iam_role_policy_attachment.basic",
            r#"{"role": "<aws_iam_role.r.name>",
                "policy_arn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}"#,
        )
        .with(
            "aws_lambda_function.f",
            r#"{"function_name": "f", "role": "<aws_iam_role.r.arn>", "handler": "a.b", "runtime": "python3.13"}"#,
        )
}

fn permission(module: Module, name: &str, principal: &str, source: &str) -> Module {
    let body = format!(
        r#"{{"function_name": "<aws_lambda_function.f.function_name>", "action": "lambda:InvokeFunction",
            "principal": "{principal}", "source_arn": "{source}"}}"#
    );
    module.with(&format!("aws_lambda_permission.{name}"), &body)
}

#[test]
fn a_module_without_a_mistake_has_no_findings() {
    assert_eq!(function().linted(), Vec::<String>::new());
}

#[test]
fn a_bucket_needs_a_permission() {
    let bucket = || {
        function()
            .with("aws_s3_bucket.b", r#"{"bucket": null}"#)
            .with(
                "aws_s3_bucket_notification.n",
                r#"{"bucket": "<aws_s3_bucket.b.id>",
                    "lambda_function": [{"lambda_function_arn": "<aws_lambda_function.f.arn>"}]}"#,
            )
    };
    let lacking = "aws_s3_bucket_notification.n push-sources/invoke-not-granted";
    assert_eq!(bucket().linted(), [lacking]);
    let granted = permission(bucket(), "p", "s3.amazonaws.com", "<aws_s3_bucket.b.arn>");
    assert_eq!(granted.linted(), Vec::<String>::new());
}

#[test]
fn every_trigger_is_granted() {
    let module = || {
        function()
        .with("aws_sns_topic.t", r#"{"name_prefix": "t"}"#)
        .with(
            "aws_sns_topic_subscription.s",
            r#"{"topic_arn": "<aws_sns_topic.t.arn>", "protocol": "lambda", "endpoint": "<aws_lambda_function.f.arn>"}"#,
        )
        .with("aws_cloudwatch_event_rule.r", r#"{"name": "r"}"#)
        .with(
            "aws_cloudwatch_event_target.t",
            r#"{"rule": "<aws_cloudwatch_event_rule.r.name>", "arn": "<aws_lambda_function.f.arn>"}"#,
        )
        .with("aws_cloudwatch_log_group.g", r#"{"name": "/some/group"}"#)
        .with(
            "aws_cloudwatch_log_subscription_filter.s",
            r#"{"log_group_name": "<aws_cloudwatch_log_group.g.name>", "destination_arn": "<aws_lambda_function.f.arn>"}"#,
        )
        .with("aws_lb_target_group.g", r#"{"name": "g", "target_type": "lambda"}"#)
        .with(
            "aws_lb_target_group_attachment.a",
            r#"{"target_group_arn": "<aws_lb_target_group.g.arn>", "target_id": "<aws_lambda_function.f.arn>"}"#,
        )
        .with("aws_api_gateway_rest_api.a", r#"{"name": "a"}"#)
        .with(
            "aws_api_gateway_resource.users",
            r#"{"rest_api_id": "<aws_api_gateway_rest_api.a.id>", "path_part": "users",
                "parent_id": "<aws_api_gateway_rest_api.a.root_resource_id>"}"#,
        )
        .with(
            "aws_api_gateway_method.m",
            r#"{"rest_api_id": "<aws_api_gateway_rest_api.a.id>", "http_method": "GET",
                "resource_id": "<aws_api_gateway_resource.users.id>"}"#,
        )
        .with(
            "aws_api_gateway_integration.i",
            r#"{"rest_api_id": "<aws_api_gateway_rest_api.a.id>", "uri": "<aws_lambda_function.f.invoke_arn>",
                "http_method": "<aws_api_gateway_method.m.http_method>", "type": "AWS_PROXY",
                "resource_id": "<aws_api_gateway_resource.users.id>"}"#,
        )
        .with("aws_apigatewayv2_api.h", r#"{"name": "h", "protocol_type": "HTTP"}"#)
        .with(
            "aws_apigatewayv2_integration.i",
            r#"{"api_id": "<aws_apigatewayv2_api.h.id>", "integration_uri": "<aws_lambda_function.f.invoke_arn>"}"#,
        )
        .with(
            "aws_apigatewayv2_route.r",
            r#"{"api_id": "<aws_apigatewayv2_api.h.id>", "route_key": "GET /x",
                "target": "integrations/<aws_apigatewayv2_integration.i.id>"}"#,
        )
        .with(
            "aws_cognito_user_pool.p",
            r#"{"name": "p", "lambda_config": [{"pre_sign_up": "<aws_lambda_function.f.arn>"}]}"#,
        )
    };
    let lacking = [
        "aws_api_gateway_integration.i",
        "aws_apigatewayv2_integration.i",
        "aws_cloudwatch_event_target.t",
        "aws_cloudwatch_log_subscription_filter.s",
        "aws_cognito_user_pool.p",
        "aws_lb_target_group_attachment.a",
        "aws_sns_topic_subscription.s",
    ];
    let lacking = lacking.map(|at| format!("{at} push-sources/invoke-not-granted"));
    assert_eq!(module().linted(), lacking);
    let grants = [
        ("sns", "sns.amazonaws.com", "<aws_sns_topic.t.arn>"),
        (
            "events",
            "events.amazonaws.com",
            "<aws_cloudwatch_event_rule.r.arn>",
        ),
        (
            "logs",
            "logs.amazonaws.com",
            "<aws_cloudwatch_log_group.g.arn>:*",
        ),
        (
            "alb",
            "elasticloadbalancing.amazonaws.com",
            "<aws_lb_target_group.g.arn>",
        ),
        (
            "rest",
            "apigateway.amazonaws.com",
            "<aws_api_gateway_rest_api.a.execution_arn>/*/GET<aws_api_gateway_resource.users.path>",
        ),
        (
            "http",
            "apigateway.amazonaws.com",
            "<aws_apigatewayv2_api.h.execution_arn>/*/*",
        ),
        (
            "cognito",
            "cognito-idp.amazonaws.com",
            "<aws_cognito_user_pool.p.arn>",
        ),
    ];
    let granted = grants
        .into_iter()
        .fold(module(), |module, (name, principal, source)| {
            permission(module, name, principal, source)
        });
    assert_eq!(granted.linted(), Vec::<String>::new());
}

#[test]
fn a_queue_is_read_with_the_role() {
    let queue = || {
        function()
            .with("data.aws_caller_identity.me", "{}")
            .with(
                "aws_kms_key.k",
                r#"{"policy": {"Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*",
                    "Principal": {"AWS": "arn:aws:iam::<data.aws_caller_identity.me.account_id>:root"}}]}}"#,
            )
            .with("aws_sqs_queue.q", r#"{"name": null, "kms_master_key_id": "<aws_kms_key.k.arn>"}"#)
            .with(
                "aws_lambda_event_source_mapping.m",
                r#"{"event_source_arn": "<aws_sqs_queue.q.arn>", "function_name": "<aws_lambda_function.f.arn>"}"#,
            )
    };
    let lacking = "aws_lambda_event_source_mapping.m poll-sources/actions-not-granted";
    assert_eq!(queue().linted(), [lacking]);
    let granted = queue()
        .with(
            "data.aws_iam_policy_document.d",
            r#"{"statement": [{"actions": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
                               "resources": ["<aws_sqs_queue.q.arn>"]},
                              {"actions": ["kms:Decrypt"], "resources": ["<aws_kms_key.k.arn>"]}]}"#,
        )
        .with("aws_iam_policy.p", r#"{"name": "p", "policy": "<data.aws_iam_policy_document.d.json>"}"#)
        .with(
            "aws_iam_role_policy_attachment.p",
            r#"{"role": "<aws_iam_role.r.name>", "policy_arn": "<aws_iam_policy.p.arn>"}"#,
        );
    assert_eq!(granted.linted(), Vec::<String>::new());
}

/// A role that a service assumes, with one statement.
fn caller_role(module: Module, service: &str, allows: &str) -> Module {
    let role = format!(
        r#"{{"name": "caller", "assume_role_policy": {{"Statement": [{{"Effect": "Allow",
            "Action": "sts:AssumeRole", "Principal": {{"Service": "{service}"}}}}]}}}}"#
    );
    let policy = format!(
        r#"{{"name": "p", "role": "<aws_iam_role.caller.id>",
            "policy": "{{\"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"{allows}\", \"Resource\": \"<aws_lambda_function.f.arn>\"}}]}}"}}"#
    );
    module
        .with("aws_iam_role.caller", &role)
        .with("aws_iam_role_policy.p", &policy)
}

#[test]
fn callers_with_a_role_need_it_to_allow_the_call() {
    let invoke = "lambda:InvokeFunction";
    let cases = [
        (
            "scheduler.amazonaws.com",
            "aws_scheduler_schedule.c",
            r#"{"name": "s", "target": [{"arn": "<aws_lambda_function.f.arn>", "role_arn": "<aws_iam_role.caller.arn>"}]}"#,
        ),
        (
            "states.amazonaws.com",
            "aws_sfn_state_machine.c",
            r#"{"name": "m", "role_arn": "<aws_iam_role.caller.arn>", "definition":
                "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"End\": true, \"Resource\": \"<aws_lambda_function.f.arn>\"}}}"}"#,
        ),
        (
            "firehose.amazonaws.com",
            "aws_kinesis_firehose_delivery_stream.c",
            r#"{"name": "d", "extended_s3_configuration": [{"role_arn": "<aws_iam_role.caller.arn>",
                "processing_configuration": [{"enabled": true, "processors": [{"type": "Lambda",
                    "parameters": [{"parameter_name": "LambdaArn", "parameter_value": "<aws_lambda_function.f.arn>"}]}]}]}]}"#,
        ),
    ];
    for (service, address, body) in cases {
        let lacking = caller_role(function(), service, "lambda:GetFunction").with(address, body);
        let wanted = format!("{address} push-sources/role-may-not-invoke");
        assert_eq!(lacking.linted(), [wanted]);
        let granted = caller_role(function(), service, invoke).with(address, body);
        assert_eq!(granted.linted(), Vec::<String>::new());
    }
}

#[test]
fn an_alias_has_permissions_of_its_own() {
    let bucket = |qualifier: &str| {
        let permission = format!(
            r#"{{"function_name": "<aws_lambda_function.f.arn>", "qualifier": {qualifier},
                "action": "lambda:InvokeFunction", "principal": "s3.amazonaws.com",
                "source_arn": "<aws_s3_bucket.b.arn>"}}"#
        );
        function()
            .with(
                "aws_lambda_alias.live",
                r#"{"name": "live", "function_name": "<aws_lambda_function.f.function_name>", "function_version": "1"}"#,
            )
            .with("aws_s3_bucket.b", r#"{"bucket_prefix": "b"}"#)
            .with(
                "aws_s3_bucket_notification.n",
                r#"{"bucket": "<aws_s3_bucket.b.id>",
                    "lambda_function": [{"lambda_function_arn": "<aws_lambda_alias.live.arn>"}]}"#,
            )
            .with("aws_lambda_permission.p", &permission)
            .linted()
    };
    let lacking = "aws_s3_bucket_notification.n push-sources/invoke-not-granted";
    assert_eq!(bucket("null"), [lacking]);
    assert_eq!(
        bucket(r#""<aws_lambda_alias.live.name>""#),
        Vec::<String>::new()
    );
}

#[test]
fn what_the_function_sends_to_is_allowed_by_its_role() {
    let module = || {
        function()
            .with("aws_sqs_queue.dead", r#"{"name": "dead"}"#)
            .with("aws_sns_topic.failed", r#"{"name": null}"#)
            .with(
                "aws_lambda_function_event_invoke_config.c",
                r#"{"function_name": "<aws_lambda_function.f.function_name>",
                    "destination_config": [{"on_failure": [{"destination": "<aws_sns_topic.failed.arn>"}]}]}"#,
            )
            .with(
                "aws_lambda_function.g",
                r#"{"function_name": "g", "role": "<aws_iam_role.r.arn>",
                    "dead_letter_config": [{"target_arn": "<aws_sqs_queue.dead.arn>"}]}"#,
            )
    };
    assert_eq!(
        module().linted(),
        [
            "aws_lambda_function.g async/target-not-granted",
            "aws_lambda_function_event_invoke_config.c async/target-not-granted",
        ]
    );
    let granted = module().with(
        "aws_iam_role_policy.p",
        r#"{"name": "p", "role": "<aws_iam_role.r.id>", "policy": {"Statement": [
            {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "<aws_sqs_queue.dead.arn>"},
            {"Effect": "Allow", "Action": "sns:Publish", "Resource": "<aws_sns_topic.failed.arn>"}]}}"#,
    );
    assert_eq!(granted.linted(), Vec::<String>::new());
}

#[test]
fn what_may_be_there_decides_nothing() {
    let attached = function().with(
        "aws_iam_role_policy_attachment.open",
        r#"{"role": "<aws_iam_role.r.name>", "policy_arn": "<?policy>"}"#,
    );
    let queue = attached
        .with("aws_sqs_queue.q", r#"{"name": "q"}"#)
        .with(
            "aws_lambda_event_source_mapping.m",
            r#"{"event_source_arn": "<aws_sqs_queue.q.arn>", "function_name": "<aws_lambda_function.f.arn>"}"#,
        );
    let found = queue.linted();
    assert!(
        found.iter().all(|found| found.starts_with("Undecided")),
        "{found:?}"
    );
    assert!(!found.is_empty());
}

/// The other triggers, each with the function `<aws_lambda_function.f.arn>`, and none with a permission.
const TRIGGERS: [(&str, &str); 28] = [
    (
        "aws_cloudwatch_metric_alarm.t",
        r#"{"alarm_name": "a", "alarm_actions": ["FUNCTION"]}"#,
    ),
    (
        "aws_cloudwatch_composite_alarm.t",
        r#"{"alarm_name": "c", "ok_actions": ["FUNCTION"]}"#,
    ),
    (
        "aws_cloudwatch_log_account_policy.t",
        r#"{"policy_type": "SUBSCRIPTION_FILTER_POLICY", "policy_document": "{\"DestinationArn\": \"FUNCTION\"}"}"#,
    ),
    (
        "aws_iot_topic_rule.t",
        r#"{"name": "r", "enabled": true, "lambda": [{"function_arn": "FUNCTION"}]}"#,
    ),
    (
        "aws_iot_authorizer.t",
        r#"{"name": "a", "authorizer_function_arn": "FUNCTION"}"#,
    ),
    (
        "aws_iot_provisioning_template.t",
        r#"{"pre_provisioning_hook": [{"target_arn": "FUNCTION"}]}"#,
    ),
    (
        "aws_config_config_rule.t",
        r#"{"name": "c", "source": [{"owner": "CUSTOM_LAMBDA", "source_identifier": "FUNCTION"}]}"#,
    ),
    (
        "aws_codecommit_trigger.t",
        r#"{"repository_name": "r", "trigger": [{"destination_arn": "FUNCTION"}]}"#,
    ),
    (
        "aws_ses_receipt_rule.t",
        r#"{"name": "r", "rule_set_name": "s", "lambda_action": [{"function_arn": "FUNCTION"}]}"#,
    ),
    (
        "aws_secretsmanager_secret_rotation.t",
        r#"{"secret_id": "<?secret>", "rotation_lambda_arn": "FUNCTION"}"#,
    ),
    (
        "aws_bedrockagent_agent_action_group.t",
        r#"{"agent_id": "A", "action_group_executor": [{"lambda": "FUNCTION"}]}"#,
    ),
    (
        "aws_connect_lambda_function_association.t",
        r#"{"instance_id": "i", "function_arn": "FUNCTION"}"#,
    ),
    (
        "aws_appsync_graphql_api.t",
        r#"{"lambda_authorizer_config": [{"authorizer_uri": "FUNCTION"}]}"#,
    ),
    (
        "aws_appsync_api.t",
        r#"{"event_config": [{"auth_provider": [{"lambda_authorizer_config": [{"authorizer_uri": "FUNCTION"}]}]}]}"#,
    ),
    (
        "aws_appsync_datasource.t",
        r#"{"service_role_arn": "ROLE", "lambda_config": [{"function_arn": "FUNCTION"}]}"#,
    ),
    (
        "aws_appconfig_configuration_profile.t",
        r#"{"validator": [{"type": "LAMBDA", "content": "FUNCTION"}]}"#,
    ),
    (
        "aws_appconfig_extension.t",
        r#"{"action_point": [{"point": "PRE_START_DEPLOYMENT", "action": [{"uri": "FUNCTION", "role_arn": "ROLE"}]}]}"#,
    ),
    (
        "aws_transfer_server.t",
        r#"{"identity_provider_type": "AWS_LAMBDA", "function": "FUNCTION"}"#,
    ),
    (
        "aws_pinpoint_app.t",
        r#"{"campaign_hook": [{"lambda_function_name": "FUNCTION"}]}"#,
    ),
    (
        "aws_pipes_pipe.t",
        r#"{"name": "p", "role_arn": "ROLE", "source": "<?source>", "target": "FUNCTION"}"#,
    ),
    (
        "aws_codepipeline.t",
        r#"{"role_arn": "ROLE", "stage": [{"action": [{"provider": "Lambda", "configuration": {"FunctionName": "f"}}]}]}"#,
    ),
    (
        "aws_ecs_service.t",
        r#"{"deployment_configuration": [{"lifecycle_hook": [{"hook_target_arn": "FUNCTION", "role_arn": "ROLE"}]}]}"#,
    ),
    (
        "aws_ssm_maintenance_window_task.t",
        r#"{"task_type": "LAMBDA", "task_arn": "FUNCTION", "service_role_arn": "ROLE"}"#,
    ),
    (
        "aws_api_gateway_authorizer.t",
        r#"{"rest_api_id": "a", "authorizer_uri": "<aws_lambda_function.f.invoke_arn>"}"#,
    ),
    (
        "aws_apigatewayv2_authorizer.t",
        r#"{"api_id": "a", "authorizer_uri": "<aws_lambda_function.f.invoke_arn>"}"#,
    ),
    (
        "aws_apigatewayv2_api.t",
        r#"{"name": "a", "protocol_type": "HTTP", "target": "FUNCTION"}"#,
    ),
    (
        "aws_api_gateway_rest_api.t",
        r#"{"name": "a", "body": "{\"paths\": {\"/x\": {\"get\": {\"x-amazon-apigateway-integration\": {\"uri\": \"<aws_lambda_function.f.invoke_arn>\"}}}}}"}"#,
    ),
    (
        "aws_cloudfront_distribution.t",
        r#"{"default_cache_behavior": [{"lambda_function_association": [{"lambda_arn": "FUNCTION:1"}]}]}"#,
    ),
];

#[test]
fn every_other_trigger_is_found() {
    let role = r#"{"name": "other", "assume_role_policy": {"Statement": []}}"#;
    let module = || function().with("aws_iam_role.other", role);
    let of_role = module().linted();
    let is_found = |(address, body): &(&str, &str)| {
        let body = body.replace("FUNCTION", "<aws_lambda_function.f.arn>");
        let body = body.replace("ROLE", "<aws_iam_role.other.arn>");
        let found = module().with(address, &body).linted();
        found.iter().any(|found| !of_role.contains(found))
    };
    let silent = TRIGGERS.iter().filter(|trigger| !is_found(trigger));
    let silent: Vec<&str> = silent.map(|(address, _)| *address).collect();
    assert_eq!(silent, Vec::<&str>::new());
}
