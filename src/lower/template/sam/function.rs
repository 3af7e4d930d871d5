//! A serverless function as a function, its role, and what its events ask for.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html>

use super::event::Event;
use super::policies::Policies;
use super::{attribute, call, globals, reference, resource};
use crate::document::{Member, Node};
use crate::source::Span;

/// A serverless function while it is taken apart.
#[derive(Debug)]
struct Function<'f> {
    name: &'f str,
    properties: Node,
    sam: &'f Node,
    span: Span,
    alias: Option<String>,
}

/// The resources that a serverless function stands for.
pub(super) fn resources(template: &Node, member: &Member, sam: &Node) -> Vec<Member> {
    let properties = globals::properties(template, &member.value);
    let name = &*member.key.text;
    let alias = properties
        .str("AutoPublishAlias")
        .map(|alias| format!("{name}Alias{}", letters(alias)));
    let function = Function {
        name,
        sam,
        span: member.key.span,
        alias,
        properties,
    };
    let mut made = function.events();
    made.push(function.function(member));
    made.extend(function.role());
    made.extend(function.version_and_alias());
    made.extend(function.invoke_config());
    made.extend(function.url());
    // A condition of the function is one of all that is made for it.
    if let Some(condition) = member.value.get("Condition") {
        for resource in &mut made {
            resource.value = resource.value.with("Condition", condition.clone());
        }
    }
    made
}

impl Function<'_> {
    fn function(&self, written: &Member) -> Member {
        let mut properties = self.properties.clone();
        if let Some(mode) = properties.get("Tracing").cloned() {
            let config = Node::object([("Mode", mode.clone())], mode.span);
            properties = properties.with("TracingConfig", config);
        }
        if let Some(target) = properties.at(&["DeadLetterQueue", "TargetArn"]).cloned() {
            let config = Node::object([("TargetArn", target.clone())], target.span);
            properties = properties.with("DeadLetterConfig", config);
        }
        if properties.get("Role").is_none() {
            let role = attribute(&self.role_name(), "Arn", self.span);
            properties = properties.with("Role", role);
        }
        let kind = Node::text("AWS::Lambda::Function", self.span);
        let value = Node::object(
            [("Type", kind), ("Properties", properties)],
            written.value.span,
        );
        Member {
            key: written.key.clone(),
            value,
        }
    }

    fn role_name(&self) -> String {
        format!("{}Role", self.name)
    }

    /// The events with what the data tells of their kinds.
    fn events_told(&self) -> impl Iterator<Item = (Event<'_>, &Node)> {
        let events = self.properties.get("Events").map_or(&[][..], Node::members);
        events.iter().filter_map(|member| {
            let told = self.sam.get("events")?.get(member.value.str("Type")?)?;
            let event = Event {
                properties: member.value.get("Properties")?,
                function: self.name,
                id: format!("{}{}", self.name, member.key.text),
                alias: self.alias.as_deref(),
                span: member.key.span,
            };
            Some((event, told))
        })
    }

    fn events(&self) -> Vec<Member> {
        self.events_told()
            .flat_map(|(event, told)| event.resources(told))
            .collect()
    }

    /// The role, where the function names none.
    fn role(&self) -> Option<Member> {
        if self.properties.get("Role").is_some() {
            return None;
        }
        let policies = self
            .properties
            .get("Policies")
            .map(|node| Policies::read(node, self.sam));
        let policies = policies.unwrap_or_default();
        let mut documents = policies.documents;
        for (event, told) in self.events_told() {
            let statements = event.statements(told);
            if !statements.is_empty() {
                documents.push((self.document(statements), true));
            }
        }
        let targets = self.target_statements();
        documents.extend(targets.map(|statement| (self.document(vec![statement]), true)));
        let named = documents.into_iter().map(|(document, implied)| {
            let span = document.span;
            let name = Node::text(format!("{}Policy", self.role_name()), span);
            let implied = implied.then(|| ("implied", Node::from(true)));
            let members = [("PolicyName", name), ("PolicyDocument", document)];
            Node::object(members.into_iter().chain(implied), span)
        });
        let mut properties = vec![
            ("AssumeRolePolicyDocument", self.trust()),
            (
                "ManagedPolicyArns",
                Node::array(self.managed(policies.managed), self.span),
            ),
            ("Policies", Node::array(named.collect(), self.span)),
        ];
        let boundary = self.properties.get("PermissionsBoundary").cloned();
        properties.extend(boundary.map(|boundary| ("PermissionsBoundary", boundary)));
        Some(resource(
            &self.role_name(),
            "AWS::IAM::Role",
            properties,
            self.span,
        ))
    }

    fn trust(&self) -> Node {
        if let Some(written) = self.properties.get("AssumeRolePolicyDocument") {
            return written.clone();
        }
        let text = |text: &str| Node::text(text, self.span);
        let service = Node::object([("Service", text("lambda.amazonaws.com"))], self.span);
        let statement = Node::object(
            [
                ("Effect", text("Allow")),
                ("Principal", service),
                ("Action", text("sts:AssumeRole")),
            ],
            self.span,
        );
        self.document(vec![statement])
    }

    fn document(&self, statements: Vec<Node>) -> Node {
        let version = Node::text("2012-10-17", self.span);
        let statements = Node::array(statements, self.span);
        Node::object([("Version", version), ("Statement", statements)], self.span)
    }

    /// The managed policies of the role: what SAM adds by itself, then the function's own.
    fn managed(&self, own: Vec<Node>) -> Vec<Node> {
        let has = |name: &str| {
            self.properties
                .get(name)
                .is_some_and(|node| !node.is_null())
        };
        let basic = match has("DurableConfig") {
            true => "service-role/AWSLambdaBasicDurableExecutionRolePolicy",
            false => "service-role/AWSLambdaBasicExecutionRole",
        };
        let mut paths = vec![basic];
        if has("Tracing") && self.properties.str("Tracing") != Some("Disabled") {
            paths.push("AWSXrayWriteOnlyAccess");
        }
        if has("VpcConfig") {
            paths.push("service-role/AWSLambdaVPCAccessExecutionRole");
        }
        let told: Vec<&Node> = self.events_told().map(|(_, told)| told).collect();
        let of_events = told
            .iter()
            .flat_map(|told| told.get("managedPolicies").map_or(&[][..], Node::items));
        paths.extend(of_events.filter_map(Node::as_str));
        paths.dedup();
        let arns = paths.into_iter().map(|path| {
            call(
                "Fn::Sub",
                Node::text(
                    format!("arn:${{AWS::Partition}}:iam::aws:policy/{path}"),
                    self.span,
                ),
            )
        });
        arns.chain(own).collect()
    }

    /// What lets the function's records reach its dead-letter queue and destinations.
    fn target_statements(&self) -> impl Iterator<Item = Node> {
        let dead_letter = self.properties.get("DeadLetterQueue");
        let dead_letter =
            dead_letter.and_then(|queue| self.target(queue.str("Type")?, queue.get("TargetArn")?));
        let config = self
            .properties
            .at(&["EventInvokeConfig", "DestinationConfig"]);
        let destinations = config.into_iter().flat_map(|config| {
            ["OnSuccess", "OnFailure"].into_iter().filter_map(|when| {
                let target = config.get(when)?;
                self.target(target.str("Type")?, target.get("Destination")?)
            })
        });
        dead_letter.into_iter().chain(destinations)
    }

    fn target(&self, kind: &str, arn: &Node) -> Option<Node> {
        let action = match kind {
            "SQS" => "sqs:SendMessage",
            "SNS" => "sns:Publish",
            "Lambda" => "lambda:InvokeFunction",
            "EventBridge" => "events:PutEvents",
            "S3Bucket" => "s3:PutObject",
            _ => return None,
        };
        let text = |text: &str| Node::text(text, self.span);
        let members = [
            ("Effect", text("Allow")),
            ("Action", text(action)),
            ("Resource", arn.clone()),
        ];
        Some(Node::object(members, self.span))
    }

    fn version_and_alias(&self) -> Vec<Member> {
        let (Some(id), Some(alias)) = (&self.alias, self.properties.get("AutoPublishAlias")) else {
            return Vec::new();
        };
        let version = format!("{}Version", self.name);
        let name = reference(self.name, self.span);
        vec![
            resource(
                &version,
                "AWS::Lambda::Version",
                vec![("FunctionName", name.clone())],
                self.span,
            ),
            resource(
                id,
                "AWS::Lambda::Alias",
                vec![
                    ("FunctionName", name),
                    ("Name", alias.clone()),
                    ("FunctionVersion", attribute(&version, "Version", self.span)),
                ],
                self.span,
            ),
        ]
    }

    fn invoke_config(&self) -> Option<Member> {
        let config = self.properties.get("EventInvokeConfig")?;
        let qualifier = match &self.alias {
            Some(_) => self.properties.get("AutoPublishAlias")?.clone(),
            None => Node::text("$LATEST", self.span),
        };
        let mut properties = vec![
            ("FunctionName", reference(self.name, self.span)),
            ("Qualifier", qualifier),
        ];
        let destinations = config.get("DestinationConfig");
        properties.extend(destinations.map(|node| ("DestinationConfig", node.clone())));
        let id = format!("{}EventInvokeConfig", self.name);
        Some(resource(
            &id,
            "AWS::Lambda::EventInvokeConfig",
            properties,
            config.span,
        ))
    }

    /// The function's URL and, for one that is open, its two permissions.
    fn url(&self) -> Vec<Member> {
        let Some(config) = self.properties.get("FunctionUrlConfig") else {
            return Vec::new();
        };
        let span = config.span;
        let text = |text: &str| Node::text(text, span);
        let target = self.alias.as_deref().unwrap_or(self.name);
        let mut properties = vec![("TargetFunctionArn", reference(self.name, span))];
        properties.extend(
            config
                .get("AuthType")
                .map(|kind| ("AuthType", kind.clone())),
        );
        if self.alias.is_some() {
            let alias = self.properties.get("AutoPublishAlias");
            properties.extend(alias.map(|alias| ("Qualifier", alias.clone())));
        }
        let mut made = vec![resource(
            &format!("{}Url", self.name),
            "AWS::Lambda::Url",
            properties,
            span,
        )];
        if config.str("AuthType") != Some("NONE") {
            return made;
        }
        let grants = [
            (
                "UrlPublicPermissions",
                "lambda:InvokeFunctionUrl",
                "FunctionUrlAuthType",
                text("NONE"),
            ),
            (
                "URLInvokeAllowPublicAccess",
                "lambda:InvokeFunction",
                "InvokedViaFunctionUrl",
                Node::from(true),
            ),
        ];
        made.extend(grants.into_iter().map(|(id, action, key, value)| {
            let properties = vec![
                ("Action", text(action)),
                ("FunctionName", reference(target, span)),
                ("Principal", text("*")),
                (key, value),
            ];
            resource(
                &format!("{}{id}", self.name),
                "AWS::Lambda::Permission",
                properties,
                span,
            )
        }));
        made
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}
