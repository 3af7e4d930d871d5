//! Plans as `terraform show -json` prints them, from a short description.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// A value that is known after the deployment.
pub(super) const UNKNOWN: &str = "(known after apply)";

/// A plan in the making.
#[derive(Default)]
pub(super) struct Plan {
    modules: BTreeMap<String, Vec<Value>>,
    changes: Vec<Value>,
    read: Vec<Value>,
    root: Map<String, Value>,
    providers: Map<String, Value>,
    others: Map<String, Value>,
}

impl Plan {
    /// A plan of the default provider in a Region.
    pub(super) fn new() -> Self {
        let mut plan = Plan::default();
        plan.provider("aws", json!({ "region": "eu-west-1" }));
        plan
    }

    pub(super) fn provider(&mut self, key: &str, arguments: Value) -> &mut Self {
        let provider = json!({
            "name": "aws",
            "full_name": "registry.terraform.io/hashicorp/aws",
            "expressions": expressions(&arguments),
        });
        self.providers.insert(key.to_owned(), provider);
        self
    }

    /// A resource that is created, or a data source that is read then. In the expressions, a text such as
    /// `=aws_sqs_queue.q.arn` is an expression with that reference.
    pub(super) fn add(&mut self, address: &str, values: Value, written: Value) -> &mut Self {
        self.add_by("aws", address, values, written)
    }

    pub(super) fn add_by(
        &mut self,
        provider: &str,
        address: &str,
        values: Value,
        written: Value,
    ) -> &mut Self {
        let mut entry = entry(address);
        let (known, unknown) = split(&values);
        let action = if entry["mode"] == "data" {
            "read"
        } else {
            "create"
        };
        let mut change = entry.clone();
        change["change"] = json!({
            "actions": [action], "before": null, "after": known, "after_unknown": unknown,
            "before_sensitive": false, "after_sensitive": {},
        });
        self.changes.push(change);
        entry["values"] = known;
        entry["sensitive_values"] = json!({});
        let module = module_of(address).to_owned();
        self.modules.entry(module).or_default().push(entry);
        self.configure(provider, address, &written);
        self
    }

    /// A data source that was read already.
    pub(super) fn read(&mut self, address: &str, values: Value) -> &mut Self {
        let mut entry = entry(address);
        entry["values"] = values;
        self.read.push(entry);
        self.configure("aws", address, &json!({}));
        self
    }

    /// What a module is called with.
    pub(super) fn call(&mut self, name: &str, arguments: Value) -> &mut Self {
        let names: Vec<String> = arguments.as_object().unwrap().keys().cloned().collect();
        let call = self.called(name);
        call.insert("expressions".to_owned(), expressions(&arguments));
        for variable in names {
            call["module"]["variables"][variable] = json!({});
        }
        self
    }

    pub(super) fn output(&mut self, module: &str, name: &str, value: &str) -> &mut Self {
        let output = json!({ "expression": expression(&json!(value)) });
        self.called(module)["module"]["outputs"][name] = output;
        self
    }

    /// Another member of the plan.
    pub(super) fn with(&mut self, name: &str, value: Value) -> &mut Self {
        self.others.insert(name.to_owned(), value);
        self
    }

    fn called(&mut self, name: &str) -> &mut Map<String, Value> {
        let calls = self.root.entry("module_calls").or_insert_with(|| json!({}));
        let calls = calls.as_object_mut().unwrap();
        let call = calls.entry(name).or_insert_with(|| json!({ "module": {} }));
        call.as_object_mut().unwrap()
    }

    fn configure(&mut self, provider: &str, address: &str, written: &Value) {
        let local = address.strip_prefix(module_of(address)).unwrap();
        let local = local.trim_start_matches('.');
        let declared = local.split('[').next().unwrap();
        let mut resource = entry(declared);
        resource["expressions"] = expressions(written);
        resource["provider_config_key"] = json!(provider);
        let name = module_of(address).split(['.', '[']).nth(1);
        let module = match name.map(str::to_owned) {
            Some(name) => self.called(&name)["module"].as_object_mut().unwrap(),
            None => &mut self.root,
        };
        let resources = module.entry("resources").or_insert_with(|| json!([]));
        let resources = resources.as_array_mut().unwrap();
        if !resources.iter().any(|known| known["address"] == declared) {
            resources.push(resource);
        }
    }

    /// The plan as a document.
    pub(super) fn document(&self) -> Value {
        let mut root = json!({ "resources": self.modules.get("").cloned().unwrap_or_default() });
        let children = self
            .modules
            .iter()
            .filter(|(address, _)| !address.is_empty());
        let children = children
            .map(|(address, resources)| json!({ "address": address, "resources": resources }));
        root["child_modules"] = children.collect();
        let mut plan = json!({
            "format_version": "1.2",
            "terraform_version": "1.11.4",
            "planned_values": { "root_module": root },
            "resource_changes": self.changes,
            "prior_state": { "values": { "root_module": { "resources": self.read } } },
            "configuration": { "provider_config": self.providers, "root_module": self.root },
        });
        for (name, value) in &self.others {
            plan[name] = value.clone();
        }
        plan
    }

    pub(super) fn text(&self) -> String {
        serde_json::to_string_pretty(&self.document()).unwrap()
    }
}

/// The members of a resource that follow from its address.
fn entry(address: &str) -> Value {
    let local = address.strip_prefix(module_of(address)).unwrap();
    let local = local.trim_start_matches('.');
    let (mode, declared) = match local.strip_prefix("data.") {
        Some(rest) => ("data", rest),
        None => ("managed", local),
    };
    let (declared, key) = declared.split_once('[').unwrap_or((declared, ""));
    let (kind, name) = declared.split_once('.').unwrap();
    let mut entry = json!({ "address": address, "mode": mode, "type": kind, "name": name });
    if let Some(key) = key.strip_suffix(']') {
        entry["index"] = serde_json::from_str(key).unwrap();
    }
    entry
}

fn module_of(address: &str) -> &str {
    let Some(rest) = address.strip_prefix("module.") else {
        return "";
    };
    let length = rest
        .find("].")
        .map_or_else(|| rest.find('.').unwrap(), |at| at + 1);
    address.get(.."module.".len() + length).unwrap()
}

/// What is known of a value, and where it is not known.
fn split(value: &Value) -> (Value, Value) {
    match value {
        Value::String(text) if text == UNKNOWN => (Value::Null, json!(true)),
        Value::Array(items) => {
            let (known, unknown): (Vec<Value>, Vec<Value>) = items.iter().map(split).unzip();
            (json!(known), json!(unknown))
        }
        Value::Object(members) => {
            let (mut known, mut unknown) = (Map::new(), Map::new());
            for (name, member) in members {
                let (own, open) = split(member);
                if open != true {
                    known.insert(name.clone(), own);
                }
                if open != false {
                    unknown.insert(name.clone(), open);
                }
            }
            (json!(known), json!(unknown))
        }
        other => (other.clone(), json!(false)),
    }
}

fn expressions(written: &Value) -> Value {
    let members = written.as_object().unwrap().iter();
    let members = members.map(|(name, value)| (name.clone(), expression(value)));
    json!(members.collect::<Map<String, Value>>())
}

fn expression(written: &Value) -> Value {
    match written {
        Value::Array(items) if items.first().is_some_and(Value::is_object) => {
            items.iter().map(expressions).collect()
        }
        Value::String(text) => match text.strip_prefix('=') {
            Some(references) => {
                let all = references.split(' ').flat_map(rests);
                json!({ "references": all.collect::<Vec<String>>() })
            }
            None => json!({ "constant_value": text }),
        },
        other => json!({ "constant_value": other }),
    }
}

/// A reference, and what is left of it without its last steps.
fn rests(reference: &str) -> Vec<String> {
    let least = match reference {
        data if data.starts_with("data.") => 3,
        _ => 2,
    };
    let mut rests = vec![reference.to_owned()];
    let mut rest = reference;
    loop {
        rest = match rest.strip_suffix(']') {
            Some(open) => open.rsplit_once('[').unwrap().0,
            None => rest.rsplit_once('.').unwrap().0,
        };
        if rest.split('.').count() < least {
            return rests;
        }
        rests.push(rest.to_owned());
    }
}
