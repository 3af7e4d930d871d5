//! Events of APIs: paths, routes and authorizers.

use super::calls::{call, capital, is_call, shown};
use super::fill::{Fill, is_set};
use super::names::{normalized, path, route};
use super::service::{Service, joined};
use crate::source::Span;
use crate::syntax::{Member, Node, Text};

impl Service<'_> {
    /// A route of a REST API; returns the resources of its path.
    pub(super) fn http(&self, fill: &mut Fill) -> Vec<Member> {
        with_route(fill);
        let method = shown(fill.property("method")).to_lowercase();
        let written = shown(fill.property("path"));
        let steps = written.trim_matches('/');
        let integration = shown(fill.property("integration")).to_lowercase();
        let kinds = self.facts(&["integrations"]);
        if !integration.is_empty() && !kinds.contains(&&*integration) {
            // It is not the function that is called.
            fill.values.retain(|(name, _)| *name != "target");
        }
        let api = self.provider.get("apiGateway").cloned();
        let api = api
            .filter(Node::is_object)
            .unwrap_or_else(|| Node::object([], fill.span));
        let of_api = Fill {
            properties: api.clone(),
            ..fill.clone()
        };
        let mut of_api = with_api_name(of_api, self);
        let mut resources = of_api.resources(self.fact(&["restApi", "api"]));
        let id = of_api.value(self.fact(&["restApi", "id"]));
        fill.values.extend(id.clone().map(|id| ("api", id.clone())));
        of_api.values.extend(id.map(|id| ("api", id)));
        let mut parent = of_api.value(self.fact(&["restApi", "root"]));
        let mut before = String::new();
        let shared = api.get("restApiResources").is_some();
        for part in steps.split('/').filter(|part| !part.is_empty()) {
            before = format!("{before}/{part}");
            of_api
                .values
                .extend(parent.map(|parent| ("parent", parent)));
            of_api.name("part", part);
            of_api.name("resource", &path(before.trim_start_matches('/')));
            // The last name counts.
            of_api.names.reverse();
            if !shared {
                resources.extend(of_api.resources(self.fact(&["restApi", "step"])));
            }
            parent = of_api.value(self.fact(&["restApi", "stepId"]));
            of_api.names.reverse();
        }
        fill.values
            .extend(parent.map(|parent| ("resource", parent)));
        fill.name("resource", &path(steps));
        fill.name(
            "method",
            &capital(Some(&Node::text(&*method, fill.span))).to_string(),
        );
        fill.name("httpMethod", &method.to_uppercase());
        self.rest_authorizer(fill);
        resources
    }

    fn rest_authorizer(&self, fill: &mut Fill) {
        let Some(written) = fill
            .property("authorizer")
            .filter(|node| is_set(node))
            .cloned()
        else {
            return;
        };
        let kind = shown(written.get("type")).to_uppercase();
        let text = written.as_str().unwrap_or("");
        let set = |fill: &mut Fill, kind: &str| {
            fill.set("authorizationType", Node::text(kind, written.span));
        };
        if kind == "AWS_IAM" || text.eq_ignore_ascii_case("AWS_IAM") {
            return set(fill, "AWS_IAM");
        }
        if let Some(id) = written.get("authorizerId").cloned() {
            fill.set("authorizerId", id);
            return set(fill, "CUSTOM");
        }
        let Some((name, arn)) = self.authorizer(&written, true) else {
            return;
        };
        let id = Node::text(
            format!("{}ApiGatewayAuthorizer", normalized(&name)),
            written.span,
        );
        fill.set("authorizerId", call("Ref", id));
        fill.name("authorizer", &normalized(&name));
        let marker = self.facts(&["cognitoArn"]);
        let marker = self
            .fact(&["cognitoArn"])
            .as_str()
            .or(marker.first().copied());
        let is_pool = marker.is_some_and(|marker| shown(Some(&arn)).contains(marker));
        let is_pool = is_pool || kind == "COGNITO_USER_POOLS";
        let mut members = vec![("name", Node::text(name, written.span)), ("arn", arn)];
        if !kind.is_empty() {
            members.push(("type", Node::text(kind, written.span)));
        }
        let external = written.get("managedExternally").cloned();
        members.extend(external.map(|node| ("managedExternally", node)));
        let authorizer = Node::object(members, written.span);
        match is_pool {
            true => {
                fill.set("cognitoAuthorizer", authorizer);
                set(fill, "COGNITO_USER_POOLS");
            }
            false => {
                fill.set("lambdaAuthorizer", authorizer);
                set(fill, "CUSTOM");
            }
        }
    }

    /// The name of an authorizer and what is invoked for it.
    fn authorizer(&self, written: &Node, is_short: bool) -> Option<(String, Node)> {
        let span = written.span;
        let given = written
            .get("arn")
            .or_else(|| (!written.is_object() || is_call(written)).then_some(written));
        let named = shown(written.get("name"));
        if let Some(arn) = given {
            let text = shown(Some(arn));
            let function = self.function_of(&text);
            if let Some(function) = function.filter(|_| !text.contains(':')) {
                return Some((text, self.target(function, span)));
            }
            let last = text.rsplit(':').next().unwrap_or("");
            let last = if is_short {
                last.rsplit('-').next().unwrap_or("")
            } else {
                last
            };
            let name = if named.is_empty() {
                last.to_owned()
            } else {
                named
            };
            return Some((name, arn.clone()));
        }
        let function = self.function_of(&named)?;
        Some((named, self.target(function, span)))
    }

    /// A route of an HTTP API.
    pub(super) fn http_api(&self, fill: &mut Fill) {
        with_route(fill);
        let api = self
            .provider
            .get("httpApi")
            .filter(|node| node.is_object())
            .cloned();
        let id = api.as_ref().and_then(|api| api.get("id")).cloned();
        if let Some(id) = id {
            fill.set("apiId", id);
        }
        let written = shown(fill.property("path"));
        let method = shown(fill.property("method")).to_uppercase();
        let method = if method == "*" {
            "ANY".to_owned()
        } else {
            method
        };
        let key = format!("{method} {written}");
        let (name, key) = match written.as_str() {
            "*" => ("Default".to_owned(), "$default".to_owned()),
            _ => (path(&key), key),
        };
        fill.name("route", &name);
        let span = fill.property("path").map_or(fill.span, |path| path.span);
        fill.set("routeKey", Node::text(key, span));
        let authorizer = fill
            .property("authorizer")
            .filter(|node| is_set(node))
            .cloned();
        if let Some(authorizer) = authorizer {
            let is_iam = authorizer.str("type") == Some("aws_iam");
            let kind = if is_iam { "AWS_IAM" } else { "CUSTOM" };
            fill.set("authorizationType", Node::text(kind, authorizer.span));
        }
        let name = joined(&[&self.stage, &Text::from("-"), &self.name]);
        fill.values.push(("apiName", Node::text(name, fill.span)));
    }

    /// The authorizers of the HTTP API.
    pub(super) fn http_authorizers(&self) -> Vec<Member> {
        let entry = self.fact(&["events", "httpApi", "authorizer"]);
        let listed = self.provider.at(&["httpApi", "authorizers"]);
        let listed = listed.map_or(&[][..], Node::members).iter();
        let any = self.functions.first();
        let made = listed.filter_map(|member| {
            let (key, node) = (&*member.key.text, &member.value);
            let name = node.get("name").cloned();
            let name = name.unwrap_or_else(|| Node::text(key, member.key.span));
            let arn = node.get("functionArn").cloned().or_else(|| {
                let function = self.function_of(node.str("functionName")?)?;
                Some(self.target(function, member.key.span))
            });
            let mut properties = node.with("name", name.clone());
            if let Some(arn) = arn {
                properties = properties.with("arn", arn);
            }
            let mut fill = self.fill(any?, properties, member.key.span);
            fill.name("authorizer", &normalized(&shown(Some(&name))));
            Some(fill.resources(entry))
        });
        made.flatten().collect()
    }

    /// A route of the WebSocket API.
    pub(super) fn websocket(&self, fill: &mut Fill) {
        let id = self.provider.at(&["apiGateway", "websocketApiId"]).cloned();
        if let Some(id) = id {
            fill.set("apiId", id);
        }
        fill.name("route", &route(&shown(fill.property("route"))));
        let name = joined(&[
            &self.stage,
            &Text::from("-"),
            &self.name,
            &Text::from("-websockets"),
        ]);
        fill.values.push(("apiName", Node::text(name, fill.span)));
        let written = fill
            .property("authorizer")
            .filter(|node| is_set(node))
            .cloned();
        let Some(written) = written else {
            return;
        };
        if let Some((name, arn)) = self.authorizer(&written, false) {
            fill.name("authorizer", &normalized(&name));
            let members = [("name", Node::text(name, written.span)), ("arn", arn)];
            fill.set("lambdaAuthorizer", Node::object(members, written.span));
        }
    }
}

fn with_api_name(mut fill: Fill, service: &Service<'_>) -> Fill {
    let own = service
        .provider
        .get("apiName")
        .filter(|name| is_set(name))
        .cloned();
    let name = joined(&[&service.stage, &Text::from("-"), &service.name]);
    let name = own.unwrap_or_else(|| Node::text(name, fill.span));
    fill.values.push(("apiName", name));
    fill
}

/// The method and path that a short form such as `GET /orders` stands for.
fn with_route(fill: &mut Fill) {
    let Some(short) = fill.property("").cloned() else {
        return;
    };
    let text = shown(Some(&short));
    let span: Span = short.span;
    let (method, path) = text.split_once(' ').unwrap_or(("", &text));
    fill.set("method", Node::text(method, span));
    fill.set("path", Node::text(path.trim(), span));
}
