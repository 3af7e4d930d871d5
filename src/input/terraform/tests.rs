//! Bodies as JSON, and what becomes of them.

use std::fmt::Write;
use std::sync::Arc;

use super::declaration::attribute;
use super::instance::{Instance, Place};
use super::policy_document::document;
use super::resources::resources;
use crate::catalogue::Catalogue;
use crate::input::infra::Resource;
use crate::source::SourceMap;
use crate::syntax::{Hole, Kind, Node, Piece, Text, json};

/// A module in the making: `<address.attribute>` in a body is what another instance gives, `<?x>` is not
/// known, and `<*x>` stands for further elements.
pub(super) struct Module {
    pub(super) sources: SourceMap,
    pub(super) catalogue: Catalogue,
    instances: Vec<Instance>,
}

impl Module {
    pub(super) fn new() -> Self {
        let mut sources = SourceMap::default();
        let (catalogue, _) = Catalogue::builtin(&mut sources);
        Module {
            sources,
            catalogue,
            instances: Vec::new(),
        }
    }

    pub(super) fn with(mut self, address: &str, body: &str) -> Self {
        let file = self.sources.add(address, body).unwrap();
        let body = json::read(file, body).roots.remove(0);
        let root: Arc<str> = "root".into();
        let bare = address.strip_prefix("data.").unwrap_or(address);
        let instance = Instance {
            address: address.to_owned(),
            type_name: bare.split('.').next().unwrap().to_owned(),
            is_data: bare != address,
            body: self.evaluated(&body),
            place: Place::default(),
            root,
            condition: None,
            external_grant: None,
            span: body.span,
            name_span: body.span,
        };
        self.instances.push(instance);
        self
    }

    fn evaluated(&self, node: &Node) -> Node {
        let kind = match &node.kind {
            Kind::Text(text) => return self.text(text.as_str().unwrap(), node),
            Kind::Array(items) => {
                Kind::Array(Arc::new(items.iter().map(|i| self.evaluated(i)).collect()))
            }
            Kind::Object(members) => {
                let mut members = members.to_vec();
                for member in &mut members {
                    member.value = self.evaluated(&member.value);
                }
                Kind::Object(members.into())
            }
            other => other.clone(),
        };
        Node::new(kind, node.span)
    }

    fn text(&self, written: &str, node: &Node) -> Node {
        let mut pieces = Vec::new();
        let mut rest = written;
        while let Some((before, after)) = rest.split_once('<') {
            let (name, after) = after.split_once('>').unwrap();
            pieces.push(Piece::Known(before.into()));
            match name.split_at(1) {
                ("?", name) => pieces.push(Piece::Hole(Hole::anything(name))),
                ("*", name) => pieces.push(Piece::Hole(Hole::anything(name).varying())),
                _ => {
                    let given = self.attribute(name);
                    if before.is_empty() && after.is_empty() {
                        return Node::new(given.kind, node.span);
                    }
                    pieces.extend(given.as_text().unwrap().pieces());
                }
            }
            rest = after;
        }
        pieces.push(Piece::Known(rest.into()));
        Node::text(Text::of(pieces), node.span)
    }

    fn attribute(&self, path: &str) -> Node {
        let (address, name) = path.rsplit_once('.').unwrap();
        let mut instances = self.instances.iter();
        let instance = instances.find(|i| i.address == address).unwrap();
        attribute(instance, name, &self.catalogue)
    }

    fn shown(&self, path: &str) -> String {
        show(&self.attribute(path))
    }

    pub(super) fn resources(&mut self) -> Vec<Resource> {
        resources(&self.instances, &mut self.sources, &self.catalogue)
    }

    /// The only resource of a type.
    fn one(&mut self, type_name: &str) -> Resource {
        let mut all = self.resources();
        all.retain(|resource| resource.type_name == type_name);
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }
}

/// A value as compact JSON, with holes between angle brackets.
fn show(node: &Node) -> String {
    match &node.kind {
        Kind::Text(text) => format!("{text}"),
        Kind::Array(items) => {
            let items: Vec<String> = items.iter().map(show).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Object(members) => {
            let mut out = String::from("{");
            for (index, member) in members.iter().enumerate() {
                let comma = if index == 0 { "" } else { ", " };
                write!(out, "{comma}{}: {}", member.key.text, show(&member.value)).unwrap();
            }
            out + "}"
        }
        _ => node.scalar().unwrap_or_else(|| "null".to_owned()),
    }
}

#[test]
fn the_file_has_no_mistakes() {
    let text = include_str!("../../../rules/catalogue/terraform.json");
    let given = crate::catalogue::GivenFile {
        path: "terraform.json".to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    let (catalogue, problems) = Catalogue::with(&mut SourceMap::default(), vec![given]);
    assert_eq!(problems, []);
    assert!(catalogue.terraform().resources().count() > 100);
}

#[test]
fn a_function_has_the_properties_of_its_attributes_and_blocks() {
    let mut module = Module::new()
        .with("aws_iam_role.r", r#"{"name": "worker", "path": null}"#)
        .with(
            "aws_lambda_function.f",
            r#"{"function_name": "f", "role": "<aws_iam_role.r.arn>", "kms_key_arn": "",
                "vpc_config": [{"subnet_ids": ["s"], "security_group_ids": []}],
                "tracing_config": [], "dead_letter_config": ["<*q>"],
                "environment": [{"variables": {"A": "b"}}], "publish": null}"#,
        );
    let function = module.one("AWS::Lambda::Function");
    let wanted = "{FunctionName: f, Role: arn:aws:iam::<AWS::AccountId>:role/worker, \
                  VpcConfig: {SubnetIds: [s], SecurityGroupIds: []}, DeadLetterConfig: <q>, \
                  Environment: {Variables: {A: b}}}";
    assert_eq!(show(&function.properties), wanted);
    assert!(
        !function
            .text("DeadLetterConfig")
            .unwrap()
            .first_hole()
            .unwrap()
            .varies
    );
    let arn = "arn:aws:lambda:<AWS::Region>:<AWS::AccountId>:function:f";
    assert_eq!(function.arn.unwrap().to_string(), arn);
    assert_eq!(
        module.shown("aws_lambda_function.f.invoke_arn"),
        format!(
            "arn:aws:apigateway:<AWS::Region>:lambda:path/2015-03-31/functions/{arn}/invocations"
        )
    );
    let role = module.one("AWS::IAM::Role");
    assert_eq!(role.reference.as_str(), Some("worker"));
}

#[test]
fn a_name_is_made_up_as_the_provider_does() {
    let mut module = Module::new()
        .with("aws_sqs_queue.named", r#"{"name": "orders"}"#)
        .with(
            "aws_sqs_queue.prefixed",
            r#"{"name": null, "name_prefix": "orders-"}"#,
        )
        .with("aws_sqs_queue.bare", r#"{"name": null}"#);
    let arn = "arn:aws:sqs:<AWS::Region>:<AWS::AccountId>:";
    let shown = |name: &str| module.shown(&format!("aws_sqs_queue.{name}"));
    assert_eq!(shown("named.arn"), format!("{arn}orders"));
    assert_eq!(
        shown("prefixed.arn"),
        format!("{arn}orders-<aws_sqs_queue.prefixed>")
    );
    assert_eq!(shown("bare.arn"), format!("{arn}<aws_sqs_queue.bare>"));
    assert_eq!(shown("bare.name"), "<aws_sqs_queue.bare>");
    assert_eq!(shown("bare.visibility"), "<aws_sqs_queue.bare.visibility>");
    let all = module.resources();
    let texts = ["named", "prefixed", "bare"].map(|name| {
        let arn = module.attribute(&format!("aws_sqs_queue.{name}.arn"));
        arn.as_text().cloned()
    });
    assert_eq!(
        texts.to_vec(),
        all.iter().map(|r| r.arn.clone()).collect::<Vec<_>>()
    );
    let made_up = texts[2].as_ref().unwrap();
    let hole = made_up.holes().find(|hole| hole.is_own()).unwrap();
    assert_eq!(hole.form.as_ref().unwrap().len(), 3);
}

#[test]
fn what_the_state_knows_is_not_made_up() {
    let mut module = Module::new().with(
        "aws_kms_key.k",
        r#"{"arn": "arn:aws:kms:eu-west-1:111122223333:key/1234", "key_id": "1234", "policy": null}"#,
    );
    let key = module.one("AWS::KMS::Key");
    assert_eq!(
        key.arn.unwrap().as_str(),
        Some("arn:aws:kms:eu-west-1:111122223333:key/1234")
    );
    assert_eq!(key.reference.as_str(), Some("1234"));
}

#[test]
fn a_permission_may_be_for_a_qualifier() {
    let permission = |qualifier: &str| {
        let body = format!(
            r#"{{"function_name": "f", "qualifier": {qualifier}, "action": "lambda:InvokeFunction",
                "principal": "s3.amazonaws.com", "source_arn": null}}"#
        );
        let mut module = Module::new().with("aws_lambda_permission.p", &body);
        let permission = module.one("AWS::Lambda::Permission");
        assert!(permission.property("SourceArn").is_none());
        show(permission.property("FunctionName").unwrap())
    };
    assert_eq!(permission("null"), "f");
    assert_eq!(permission(r#""""#), "f");
    assert_eq!(permission(r#""live""#), "f:live");
    assert_eq!(permission(r#""<?q>""#), "f<q>");
}

#[test]
fn an_attached_policy_is_named_where_it_is_attached() {
    let mut module = Module::new()
        .with("aws_iam_role.r", r#"{"name": null}"#)
        .with("aws_iam_policy.p", r#"{"name": "p", "policy": {"Statement": []}}"#)
        .with(
            "aws_iam_role_policy_attachment.a",
            r#"{"role": "<aws_iam_role.r.name>", "policy_arn": "<aws_iam_policy.p.arn>"}"#,
        )
        .with(
            "aws_iam_role_policy_attachments_exclusive.e",
            r#"{"role_name": "<aws_iam_role.r.name>", "policy_arns": ["arn:aws:iam::aws:policy/A", "<?b>"]}"#,
        );
    let all = module.resources();
    let shown: Vec<String> = all
        .iter()
        .filter(|resource| resource.type_name == "AWS::IAM::ManagedPolicy")
        .map(|resource| format!("{} {}", resource.reference, show(&resource.properties)))
        .collect();
    let roles = "{Roles: [<aws_iam_role.r>]}";
    assert_eq!(
        shown,
        [
            "arn:aws:iam::<AWS::AccountId>:policy/p \
             {ManagedPolicyName: p, PolicyDocument: {Statement: []}}"
                .to_owned(),
            format!("arn:aws:iam::<AWS::AccountId>:policy/p {roles}"),
            format!("arn:aws:iam::aws:policy/A {roles}"),
            format!("<b> {roles}"),
        ]
    );
    let attached = &all[2];
    assert_ne!(attached.name_span, attached.span);
    assert_eq!(attached.arn, None);
    assert_eq!(
        all[0].reference,
        *all[2].properties.get("Roles").unwrap().items()[0]
            .as_text()
            .unwrap()
    );
}

#[test]
fn policies_may_be_texts() {
    let mut module = Module::new().with(
        "aws_iam_role.r",
        r#"{"name": "r", "assume_role_policy": "{\"Statement\": [{\"Sid\": \"<?s>\"}]}",
            "inline_policy": [{"name": "in", "policy": "{\"Statement\": []}"}, {"name": null, "policy": null}]}"#,
    );
    let role = module.one("AWS::IAM::Role");
    let wanted = "{RoleName: r, AssumeRolePolicyDocument: {Statement: [{Sid: <s>}]}, \
                  Policies: [{PolicyName: in, PolicyDocument: {Statement: []}}]}";
    assert_eq!(show(&role.properties), wanted);
}

#[test]
fn parts_become_one_with_what_they_are_parts_of() {
    let mut module = Module::new()
        .with("aws_s3_bucket.b", r#"{"bucket": null}"#)
        .with(
            "aws_s3_bucket_notification.n",
            r#"{"bucket": "<aws_s3_bucket.b.id>", "lambda_function": [{"lambda_function_arn": "f"}], "queue": []}"#,
        )
        .with("aws_cloudwatch_event_rule.r", r#"{"name": "r", "is_enabled": false}"#)
        .with(
            "aws_cloudwatch_event_target.one",
            r#"{"rule": "<aws_cloudwatch_event_rule.r.name>", "arn": "one"}"#,
        )
        .with("aws_cloudwatch_event_target.two", r#"{"rule": "r", "arn": "<?two>"}"#)
        .with("aws_cloudwatch_event_target.other", r#"{"rule": "r", "event_bus_name": "b", "arn": "x"}"#);
    let bucket = module.one("AWS::S3::Bucket");
    assert_eq!(
        show(&bucket.properties),
        "{NotificationConfiguration: {LambdaConfigurations: [{Function: f}], QueueConfigurations: []}}"
    );
    let rules: Vec<Resource> = module.resources();
    let rules: Vec<String> = rules
        .iter()
        .filter(|resource| resource.type_name == "AWS::Events::Rule")
        .map(|rule| format!("{} {}", rule.arn.as_ref().unwrap(), show(&rule.properties)))
        .collect();
    let arn = "arn:aws:events:<AWS::Region>:<AWS::AccountId>:rule";
    assert_eq!(
        rules,
        [
            format!(
                "{arn}/r {{Name: r, State: DISABLED, Targets: [{{Arn: one}}, {{Arn: <two>}}]}}"
            ),
            format!("{arn}/b/r {{Name: r, EventBusName: b, Targets: [{{Arn: x}}]}}"),
        ]
    );
}

#[test]
fn the_path_of_a_method_leads_through_its_resources() {
    let mut module = Module::new()
        .with("aws_api_gateway_rest_api.a", r#"{"name": "a"}"#)
        .with(
            "aws_api_gateway_resource.users",
            r#"{"rest_api_id": "<aws_api_gateway_rest_api.a.id>", "path_part": "users",
                "parent_id": "<aws_api_gateway_rest_api.a.root_resource_id>"}"#,
        )
        .with(
            "aws_api_gateway_resource.user",
            r#"{"rest_api_id": "<aws_api_gateway_rest_api.a.id>", "path_part": "{id}",
                "parent_id": "<aws_api_gateway_resource.users.id>"}"#,
        )
        .with(
            "aws_api_gateway_integration.i",
            r#"{"rest_api_id": "<aws_api_gateway_rest_api.a.id>", "http_method": "GET", "uri": "u",
                "resource_id": "<aws_api_gateway_resource.user.id>"}"#,
        )
        .with(
            "aws_lambda_permission.p",
            r#"{"source_arn": "<aws_api_gateway_rest_api.a.execution_arn>/*/GET<aws_api_gateway_resource.user.path>"}"#,
        );
    let method = module.one("AWS::ApiGateway::Method");
    assert_eq!(method.path.unwrap().as_str(), Some("/users/{id}"));
    let permission = module.one("AWS::Lambda::Permission");
    let api = module.shown("aws_api_gateway_rest_api.a.id");
    assert_eq!(
        show(permission.property("SourceArn").unwrap()),
        format!("arn:aws:execute-api:<AWS::Region>:<AWS::AccountId>:{api}/*/GET/users/{{id}}")
    );
}

#[test]
fn a_path_that_is_not_known_is_the_same_everywhere() {
    let mut module = Module::new()
        .with(
            "aws_api_gateway_resource.r",
            r#"{"rest_api_id": "<?api>", "path_part": "users", "parent_id": "<?parent>"}"#,
        )
        .with(
            "aws_api_gateway_integration.i",
            r#"{"rest_api_id": "<?api>", "http_method": "GET", "resource_id": "<aws_api_gateway_resource.r.id>"}"#,
        )
        .with(
            "aws_lambda_permission.p",
            r#"{"source_arn": "<?api_arn>/*/GET<aws_api_gateway_resource.r.path>"}"#,
        );
    let method = module.one("AWS::ApiGateway::Method");
    let path = "/<aws_api_gateway_resource.r.path>";
    assert_eq!(method.path.unwrap().to_string(), path);
    let permission = module.one("AWS::Lambda::Permission");
    assert_eq!(
        show(permission.property("SourceArn").unwrap()),
        format!("<api_arn>/*/GET{path}")
    );
}

#[test]
fn a_path_may_begin_in_another_module() {
    let path = |data: &str| {
        let mut module = Module::new()
            .with("data.aws_api_gateway_resource.d", data)
            .with(
                "aws_api_gateway_resource.r",
                r#"{"path_part": "users", "parent_id": "<data.aws_api_gateway_resource.d.id>"}"#,
            );
        let resource = module.one("AWS::ApiGateway::Resource");
        resource.path.unwrap().to_string()
    };
    assert_eq!(path(r#"{"rest_api_id": "a", "path": "/v1"}"#), "/v1/users");
    assert_eq!(path(r#"{"rest_api_id": "a", "path": "/"}"#), "/users");
}

#[test]
fn a_name_has_no_separators() {
    let mut module = Module::new()
        .with(
            "aws_lambda_function.f",
            r#"{"function_name": "<?stage>-f"}"#,
        )
        .with(
            "aws_lambda_permission.p",
            r#"{"function_name": "<aws_lambda_function.f.function_name>", "qualifier": "live"}"#,
        );
    let permission = module.one("AWS::Lambda::Permission");
    let name = crate::model::FunctionName::parse(permission.text("FunctionName").unwrap());
    assert_eq!(name.name.to_string(), "<stage>-f");
    assert_eq!(name.qualifier.unwrap().as_str(), Some("live"));
}

#[test]
fn data_sources_give_what_their_arguments_say() {
    let module = Module::new()
        .with("data.aws_caller_identity.me", "{}")
        .with("data.aws_region.here", r#"{"name": null}"#)
        .with("data.aws_region.there", r#"{"region": "eu-west-1"}"#)
        .with(
            "data.aws_iam_policy.basic",
            r#"{"name": "AWSLambdaBasicExecutionRole"}"#,
        )
        .with("data.aws_iam_policy.own", r#"{"name": "mine"}"#)
        .with("data.aws_iam_policy.open", r#"{"name": "<?n>"}"#)
        .with(
            "data.aws_iam_policy.arn",
            r#"{"arn": "arn:aws:iam::aws:policy/job-function/Billing"}"#,
        )
        .with("data.aws_iam_role.r", r#"{"name": "r"}"#)
        .with("data.aws_sqs_queue.q", r#"{"name": "q"}"#)
        .with("data.aws_kms_key.alias", r#"{"key_id": "alias/x"}"#)
        .with(
            "data.aws_kms_key.arn",
            r#"{"key_id": "arn:aws:kms:eu-west-1:1:key/k"}"#,
        )
        .with("data.aws_ssm_parameter.flat", r#"{"name": "flat"}"#)
        .with("data.aws_ssm_parameter.deep", r#"{"name": "/deep/er"}"#)
        .with("data.aws_ssm_parameter.open", r#"{"name": "<?p>/x"}"#)
        .with("data.aws_vpc.v", "{}");
    let shown = |path: &str| module.shown(&format!("data.{path}"));
    assert_eq!(
        shown("aws_caller_identity.me.account_id"),
        "<AWS::AccountId>"
    );
    assert_eq!(
        shown("aws_caller_identity.me.arn"),
        "<data.aws_caller_identity.me.arn>"
    );
    assert_eq!(shown("aws_region.here.name"), "<AWS::Region>");
    assert_eq!(shown("aws_region.there.name"), "eu-west-1");
    assert_eq!(
        shown("aws_iam_policy.basic.arn"),
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    );
    assert!(shown("aws_iam_policy.basic.policy").contains("Action: [logs:CreateLogGroup, "));
    assert_eq!(
        shown("aws_iam_policy.own.policy"),
        "<data.aws_iam_policy.own.policy>"
    );
    assert_eq!(
        shown("aws_iam_policy.own.arn"),
        "arn:aws:iam::<AWS::AccountId>:policy<data.aws_iam_policy.own.path>mine"
    );
    assert_eq!(
        shown("aws_iam_policy.open.arn"),
        "<data.aws_iam_policy.open.arn>"
    );
    assert_eq!(
        shown("aws_iam_policy.arn.arn"),
        "arn:aws:iam::aws:policy/job-function/Billing"
    );
    assert_eq!(
        shown("aws_iam_role.r.arn"),
        "arn:aws:iam::<AWS::AccountId>:role<data.aws_iam_role.r.Path>r"
    );
    assert_eq!(
        shown("aws_sqs_queue.q.url"),
        "https://sqs.<AWS::Region>.amazonaws.com/<AWS::AccountId>/q"
    );
    assert_eq!(
        shown("aws_kms_key.alias.arn"),
        "<data.aws_kms_key.alias.KeyArn>"
    );
    assert_eq!(
        shown("aws_kms_key.arn.arn"),
        "arn:aws:kms:eu-west-1:1:key/k"
    );
    let parameter = "arn:aws:ssm:<AWS::Region>:<AWS::AccountId>:parameter";
    assert_eq!(
        shown("aws_ssm_parameter.flat.arn"),
        format!("{parameter}/flat")
    );
    assert_eq!(
        shown("aws_ssm_parameter.deep.arn"),
        format!("{parameter}/deep/er")
    );
    assert_eq!(
        shown("aws_ssm_parameter.open.arn"),
        format!("{parameter}<data.aws_ssm_parameter.open.p/><p>/x")
    );
    assert_eq!(shown("aws_vpc.v.id"), "<data.aws_vpc.v.id>");
}

fn made(body: &str) -> String {
    let module = Module::new().with("data.aws_iam_policy_document.d", body);
    let written = document(&module.instances[0].body);
    assert_eq!(
        written,
        module.attribute("data.aws_iam_policy_document.d.json")
    );
    show(&written)
}

#[test]
fn a_policy_document_is_made_of_its_blocks() {
    let body = r#"{"statement": [{
        "sid": "a", "effect": null, "actions": ["sqs:SendMessage", "<*more>"], "not_actions": [],
        "resources": ["arn:aws:s3:::&{aws:username}"],
        "principals": [{"type": "AWS", "identifiers": ["1"]}, {"type": "AWS", "identifiers": ["2"]},
                       {"type": "Service", "identifiers": ["sns.amazonaws.com"]}],
        "condition": [{"test": "ArnLike", "variable": "aws:SourceArn", "values": ["x"]},
                      {"test": "ArnLike", "variable": "aws:SourceArn", "values": ["y"]},
                      {"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}]},
       {"effect": "Deny", "actions": ["*"], "principals": [{"type": "*", "identifiers": ["*"]}]}]}"#;
    assert_eq!(
        made(body),
        "{Version: 2012-10-17, Statement: [{Sid: a, Effect: Allow, \
         Principal: {AWS: [1, 2], Service: [sns.amazonaws.com]}, Action: [sqs:SendMessage, <more>], \
         Resource: [arn:aws:s3:::${aws:username}], \
         Condition: {ArnLike: {aws:SourceArn: [x, y]}, Bool: {aws:SecureTransport: [false]}}}, \
         {Effect: Deny, Principal: *, Action: [*]}]}"
    );
}

#[test]
fn documents_replace_the_statements_of_others() {
    let source = r#"{\"Version\": \"2008-10-17\", \"Statement\": [{\"Sid\": \"a\", \"Action\": \"s3:*\"}, {\"Action\": \"x:y\"}]}"#;
    let overriding = r#"{"Statement": {"Sid": "b", "Effect": "Deny"}}"#;
    let body = format!(
        r#"{{"source_policy_documents": ["{source}"], "override_policy_documents": [{overriding}],
            "statement": [{{"sid": "a", "actions": ["s3:Get"]}}, {{"sid": "b", "actions": ["s3:Put"]}}]}}"#
    );
    assert_eq!(
        made(&body),
        "{Version: 2008-10-17, Statement: [{Sid: a, Effect: Allow, Action: [s3:Get]}, {Action: x:y}, \
         {Sid: b, Effect: Deny}]}"
    );
}

#[test]
fn what_is_not_known_of_a_document_is_a_statement() {
    assert_eq!(
        made(
            r#"{"statement": ["<*s>", {"actions": ["a:b"], "condition": ["<*c>"], "principals": ["<*p>"]}]}"#
        ),
        "{Version: 2012-10-17, Statement: [<s>, \
         {Effect: Allow, Principal: <p>, Action: [a:b], Condition: {<c>: <c>}}]}"
    );
    assert_eq!(
        made(
            r#"{"override_policy_documents": ["<?o>"], "statement": [{"sid": "a"}, {"actions": ["a:b"]}]}"#
        ),
        "{Version: 2012-10-17, Statement: [{Effect: Allow, Action: [a:b]}, <o>]}"
    );
    assert_eq!(
        made(r#"{"source_policy_documents": "<?all>"}"#),
        "{Version: 2012-10-17, Statement: [<all>]}"
    );
}
