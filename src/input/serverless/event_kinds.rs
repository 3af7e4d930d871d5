//! What the framework makes for an event, by its kind.

use super::calls::{attribute, call, shown};
use super::events::Event;
use super::fill::{Fill, is_set};
use super::names::{alphanumeric, normalized, upper_first};
use super::service::{Function, Service, joined};
use crate::source::Span;
use crate::syntax::{Member, Node, Text};

/// What is made for an event.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) resources: Vec<Member>,
    /// The kind of source that the mappings among them read.
    pub(super) event_source: Option<String>,
}

impl Service<'_> {
    /// The resources that the framework makes for an event.
    pub(super) fn made_for(&self, function: &Function, event: &Event) -> Made {
        let Some(entry) = self.data.at(&["events", &event.kind]) else {
            return Made::default();
        };
        let (fill, mut resources) = self.asked_by(function, event);
        resources.extend(fill.resources(entry));
        Made {
            resources,
            event_source: entry.str("eventSource").map(str::to_owned),
        }
    }

    /// The statements that the framework adds to a role for an event.
    pub(super) fn statements_for(
        &self,
        function: &Function,
        event: &Event,
        list: &str,
    ) -> Vec<Node> {
        let Some(entry) = self.data.at(&["events", &event.kind]) else {
            return Vec::new();
        };
        let (fill, _) = self.asked_by(function, event);
        fill.statements(entry.get(list).or_else(|| entry.get("statements")))
    }

    /// The service that must assume the role of a function for an event, beside the one of functions.
    pub(super) fn trust_for(&self, function: &Function, event: &Event) -> Option<Node> {
        let trust = self.data.at(&["events", &event.kind, "trust"])?;
        let fill = self.fill(function, event.properties.clone(), event.span);
        fill.value(trust)
    }

    /// What the data can ask for about an event, and resources that are made before its own.
    fn asked_by(&self, function: &Function, event: &Event) -> (Fill, Vec<Member>) {
        let mut fill = self.fill(function, event.properties.clone(), event.span);
        let number = |number: usize| Text::from(number.to_string());
        fill.names.push(("index", number(event.index)));
        fill.names.push(("position", number(event.position)));
        let mut resources = Vec::new();
        match event.kind.as_str() {
            "http" => resources = self.http(&mut fill),
            "httpApi" => self.http_api(&mut fill),
            "websocket" => self.websocket(&mut fill),
            "s3" => self.bucket(&mut fill),
            "sns" => topic(&mut fill),
            "sqs" => fill.name("source", &last_part(fill.property("arn"))),
            "stream" => self.stream(function, &mut fill),
            "msk" | "kafka" | "activemq" | "rabbitmq" => broker(&mut fill),
            "eventBridge" => self.event_bus(function, event, &mut fill),
            "cloudwatchLog" => self.log_groups(function, event, &mut fill),
            "cognitoUserPool" => user_pool(&mut fill),
            "alb" => load_balancer(&mut fill),
            _ => {}
        }
        (fill, resources)
    }

    fn bucket(&self, fill: &mut Fill) {
        let Some(written) = fill.property("bucket").cloned() else {
            return;
        };
        let named = written.as_str().and_then(|name| {
            let known = self.provider.at(&["s3", name])?;
            known.get("name").filter(|name| is_set(name))
        });
        let name = named.unwrap_or(&written).clone();
        fill.set(
            "bucketName",
            Node {
                span: written.span,
                ..name
            },
        );
        fill.name("bucket", &alphanumeric(&shown(Some(&written))));
    }

    fn stream(&self, function: &Function, fill: &mut Fill) {
        let arn = fill.property("arn").cloned().unwrap_or_default();
        let kind = fill.property("type").cloned();
        let kind = kind.unwrap_or_else(|| self.stream_kind(&arn, fill.span));
        let source = last_part(Some(&arn));
        fill.name("kind", &upper_first(&shown(Some(&kind))));
        fill.name("source", &source);
        fill.set("kind", kind.clone());
        let consumer = fill
            .property("consumer")
            .filter(|node| is_set(node))
            .cloned();
        let is_read = kind.as_str() != Some("dynamodb");
        let read = match consumer.filter(|_| is_read) {
            None => arn,
            Some(consumer) if consumer.is_object() || consumer.as_text().is_some() => consumer,
            Some(_) => {
                let name = format!("{}{source}Consumer", function.key);
                let id = normalized(&name);
                fill.name("consumer", &id);
                fill.name("consumerName", &name);
                fill.set("isConsumerMade", Node::text("true", fill.span));
                let id = Node::text(format!("{id}StreamConsumer"), fill.span);
                call("Ref", id)
            }
        };
        fill.set("readArn", read);
        let failures = fill.property("destinations.onFailure").cloned();
        if let Some(failures) = failures {
            let arn = failures.get("arn").unwrap_or(&failures).clone();
            let kind = failures.get("type").cloned();
            let kind = kind.unwrap_or_else(|| self.stream_kind(&arn, fill.span));
            fill.set("failures", arn);
            fill.set("failuresKind", kind);
        }
    }

    /// The kind of stream or target that an ARN is of.
    fn stream_kind(&self, arn: &Node, span: Span) -> Node {
        let shown = shown(Some(arn));
        let kinds = self.fact(&["events", "stream", "kinds"]).members();
        let kind = kinds.iter().find(|kind| shown.contains(&*kind.key.text));
        let kind = kind.and_then(|kind| kind.value.as_str()).unwrap_or("");
        Node::text(kind, span)
    }

    fn event_bus(&self, function: &Function, event: &Event, fill: &mut Fill) {
        let options = self.provider.get("eventBridge").filter(|node| is_set(node));
        let native =
            options.is_none_or(|options| options.get("useCloudFormation").is_some_and(is_set));
        if !native {
            fill.set("isCustom", Node::text("true", event.span));
        }
        let made = Text::from(format!("-rule-{}", event.position));
        let made = joined(&[&function.name, &made]);
        fill.name("rule", &alphanumeric(&made.with_holes_as("")));
        let name = fill.property("name").cloned();
        fill.set(
            "ruleName",
            name.unwrap_or_else(|| Node::text(made, event.span)),
        );
        let Some(bus) = fill.property("eventBus").cloned() else {
            return;
        };
        let text = bus.as_str().unwrap_or("");
        let name = match text.split_once('/') {
            Some((_, name)) if text.starts_with("arn") => Node::text(name, bus.span),
            _ => bus.clone(),
        };
        fill.name("bus", &normalized(&shown(Some(&name))));
        if name.as_str() != Some("default") {
            fill.set("ruleBus", name.clone());
            let is_made = bus.as_text().is_some() && !text.starts_with("arn");
            if is_made {
                fill.set("madeBus", name.clone());
            }
        }
        fill.set("busName", name);
    }

    /// The beginning that the names of all log groups of a function have in common: its permission has that of those
    /// that come before.
    fn log_groups(&self, function: &Function, event: &Event, fill: &mut Fill) {
        let groups = self
            .events_of(function)
            .filter(|other| other.kind == event.kind && other.index <= event.index);
        let groups: Vec<String> = groups
            .map(|other| shown(other.properties.get("logGroup")))
            .collect();
        let Some(own) = fill.property("logGroup").cloned() else {
            return;
        };
        let [_, _, ..] = groups.as_slice() else {
            fill.set("commonName", own);
            return;
        };
        let first = groups.first().cloned().unwrap_or_default();
        let common = groups.iter().fold(first, |common, group| {
            let same = common
                .chars()
                .zip(group.chars())
                .take_while(|(a, b)| a == b);
            same.map(|(letter, _)| letter).collect()
        });
        let star = if common.ends_with('*') { "" } else { "*" };
        fill.set(
            "commonName",
            Node::text(format!("{common}{star}"), own.span),
        );
    }
}

fn topic(fill: &mut Fill) {
    if let Some(short) = fill.property("").cloned() {
        let is_arn = short
            .as_text()
            .is_some_and(|text| text.to_string().starts_with("arn:"));
        let is_arn = is_arn || short.as_hole().is_some();
        fill.set(if is_arn { "arn" } else { "topicName" }, short);
    }
    let arn = fill.property("arn").cloned();
    let name = fill.property("topicName").cloned();
    let last = || {
        let text = shown(arn.as_ref());
        text.rsplit(':').next().unwrap_or("").to_owned()
    };
    let topic = name.map_or_else(last, |name| shown(Some(&name)));
    fill.name("topic", &alphanumeric(&topic));
    let redrive = fill.property("redrivePolicy").cloned();
    let has = |name: &str| fill.property(name).is_some();
    if arn.is_some() || has("filterPolicy") || redrive.is_some() {
        fill.set("hasOwnSubscription", Node::text("true", fill.span));
    }
    let Some(redrive) = redrive else {
        return;
    };
    let named = redrive.str("deadLetterTargetRef");
    if let Some(name) = named {
        let span = redrive.span;
        fill.set("deadLetters", attribute(name, "Arn", span));
        fill.set("deadLetterUrl", call("Ref", Node::text(name, span)));
    } else if let Some(arn) = redrive.get("deadLetterTargetArn") {
        fill.set("deadLetters", arn.clone());
        fill.set("deadLetterUrl", arn.clone());
    }
}

fn broker(fill: &mut Fill) {
    let arn = fill.property("arn").cloned();
    let cluster = arn.as_ref().map(|arn| match arn.as_str() {
        Some(text) => text.split('/').nth(1).unwrap_or("").to_owned(),
        None => last_part(Some(arn)),
    });
    let queue = shown(fill.property("queue"));
    let topic = shown(fill.property("topic"));
    fill.name("source", &alphanumeric(&cluster.unwrap_or_default()));
    fill.name("queue", &alphanumeric(&queue));
    fill.name("topic", &alphanumeric(&topic));
}

fn user_pool(fill: &mut Fill) {
    let pool = shown(fill.property("pool"));
    let trigger = shown(fill.property("trigger"));
    fill.name("pool", &alphanumeric(&pool));
    fill.name("triggerName", &alphanumeric(&trigger));
    fill.name("trigger", &trigger);
}

fn load_balancer(fill: &mut Fill) {
    let listener = fill.property("listenerArn").cloned();
    let load = match listener.as_ref().and_then(Node::as_str) {
        Some(arn) => arn.split('/').nth(3).unwrap_or("").to_owned(),
        None => last_part(listener.as_ref()),
    };
    let is_multiple = fill.property("multiValueHeaders").is_some_and(is_set);
    let priority = shown(fill.property("priority"));
    fill.name("load", &load);
    fill.name("multi", if is_multiple { "MultiValue" } else { "" });
    fill.name("priority", &priority);
}

/// The name of what an ARN is of, as logical IDs have it: the last part of a text, or the name in a call.
fn last_part(arn: Option<&Node>) -> String {
    let Some(arn) = arn else {
        return String::new();
    };
    let in_call = || {
        let call = arn.members().first()?;
        let given = &call.value;
        let part = match &*call.key.text {
            "Fn::Join" => given.items().get(1)?.items().last()?,
            "Fn::GetAtt" => given.items().first().unwrap_or(given),
            _ => given,
        };
        let name = part.as_str()?;
        Some(match &*call.key.text {
            "Fn::GetAtt" => name.split('.').next().unwrap_or(name),
            _ => name,
        })
    };
    let text = shown(Some(arn));
    let part = in_call().unwrap_or(&text);
    let part = match part.split_once(":stream/") {
        Some(_) if part.contains('/') => part.split('/').nth(1).unwrap_or(part),
        _ => part.rsplit([':', '/']).next().unwrap_or(part),
    };
    alphanumeric(part)
}
