//! Permissions for functions, as resources of a template.

use super::change::{Change, added};
use super::statement::Wording;
use super::template::{NOWHERE, Target, call, object};
use crate::catalogue::{Catalogue, Grantee, TemplateResource};
use crate::diagnostics::{Allow, NewPermission, NewStatement};
use crate::source::Span;
use crate::syntax::Node;

/// The changes that add permissions to a template; nothing where a part of one is left to be filled in.
pub(super) fn to_template(
    (catalogue, documents): (&Catalogue, &[Node]),
    (finding, allow): (usize, &Allow),
    wording: Wording<'_>,
) -> Option<Vec<Change>> {
    let target = wording.target?;
    let permission = allow.permission.as_ref()?;
    let function = function_name(target, allow, permission, wording)?;
    let mut changes = Vec::new();
    let mut taken = Vec::new();
    for new in &allow.statements {
        let wanted = wanted_name(allow, permission);
        let name = target.free_name(&wanted, &taken, finding);
        let mut resource = resource(catalogue, new, &function, wording)?;
        let mut conditions = target.view.conditions_in(&resource);
        let is_here = |place: Span| target.view.span().contains(place);
        let own = permission.condition.as_deref();
        conditions.extend(own.filter(|_| permission.trigger.is_some_and(is_here)));
        let mut conditions = conditions.into_iter();
        match (conditions.next(), conditions.next()) {
            (None, _) => {}
            (Some(condition), None) => resource = on_condition(&resource, condition),
            // It would need a condition that is both.
            _ => return None,
        }
        let route = &target.view.places.resources;
        let change = added(documents, &target.root, route, (&name, resource));
        changes.push(change?);
        taken.push(name);
    }
    if permission.is_first {
        changes.extend(waiting(target, permission, &taken)?);
    }
    Some(changes)
}

/// A resource that is made on a condition.
fn on_condition(resource: &Node, condition: &str) -> Node {
    let part = |name: &str| resource.get(name).cloned().unwrap_or_default();
    object([
        ("Type", part("Type")),
        ("Condition", Node::text(condition, NOWHERE)),
        ("Properties", part("Properties")),
    ])
}

/// How the template names the function, or the alias or version of it.
fn function_name(
    target: &Target<'_>,
    allow: &Allow,
    permission: &NewPermission,
    wording: Wording<'_>,
) -> Option<Node> {
    // Nothing that is written here makes the function wait.
    let wording = Wording {
        by_reference: true,
        ..wording
    };
    let own = allow.declared.and_then(|place| target.resource_at(place));
    let own = own.filter(|own| Some(own.name) == allow.owner.as_deref());
    match (&permission.qualifier, own) {
        (None, Some(function)) => Some(call(&format!("${{{}}}", function.name))),
        (None, None) => wording.node(&permission.function),
        (Some(qualifier), Some(function)) => {
            // The reference of an alias makes the permission wait for it.
            let own = wording.text(&permission.function);
            let is_reference = |text: &String| text.starts_with("${") && text.ends_with('}');
            if let Some(alias) = own.filter(is_reference).filter(|text| !text.contains("}:")) {
                return Some(call(&alias));
            }
            let qualifier = wording.text(qualifier)?;
            Some(call(&format!("${{{}}}:{qualifier}", function.name)))
        }
        (Some(_), None) => wording.node(&permission.function),
    }
}

/// A new permission.
fn resource(
    catalogue: &Catalogue,
    new: &NewStatement,
    function: &Node,
    wording: Wording<'_>,
) -> Option<Node> {
    let shape = permission_type(catalogue)?;
    let ([action], Some((_, principal))) = (new.actions.as_slice(), &new.principal) else {
        return None;
    };
    let text = |text: &str| Node::text(text, NOWHERE);
    let named = shape.grants.as_ref()?.property.as_str();
    let mut properties = vec![
        ("Action", text(action)),
        (named, function.clone()),
        ("Principal", wording.node(principal)?),
    ];
    for test in &new.conditions {
        let mut known = shape.permission_conditions.iter();
        let known = known.find(|known| known.key == test.key)?;
        let value = wording.node(&test.value)?;
        let value = match value.as_str() {
            Some("true") => Node::from(true),
            _ => value,
        };
        properties.push((known.property.as_str(), value));
    }
    let kind = text(&shape.name);
    Some(object([("Type", kind), ("Properties", object(properties))]))
}

/// The type of resources that add a statement to a function policy.
pub(super) fn permission_type(catalogue: &Catalogue) -> Option<&TemplateResource> {
    let mut types = catalogue.template_resources().values();
    types.find(|shape| {
        let grants = shape.grants.as_ref();
        grants.is_some_and(|grants| grants.to == Grantee::Function)
            && !shape.permission_conditions.is_empty()
    })
}

/// A logical id that says what the permission is for.
fn wanted_name(allow: &Allow, permission: &NewPermission) -> String {
    let words = permission.source.split(['-', '.', '_']).map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    let source: String = words.collect();
    let function = allow.owner.as_deref().unwrap_or("Function");
    format!("{function}{source}Permission")
}

/// Makes the resource of the trigger wait for permissions.
fn waiting(
    target: &Target<'_>,
    permission: &NewPermission,
    names: &[String],
) -> Option<Vec<Change>> {
    let Some(trigger) = permission
        .trigger
        .and_then(|place| target.resource_at(place))
    else {
        return Some(Vec::new());
    };
    let names = names.iter().map(|name| Node::text(name.as_str(), NOWHERE));
    let names: Vec<Node> = names.collect();
    let key = "DependsOn";
    if trigger.node.get(key).is_none() {
        let value = match names.as_slice() {
            [only] => only.clone(),
            _ => Node::array(names, NOWHERE),
        };
        return Some(vec![Change::Insert {
            into: trigger.path,
            key: key.to_owned(),
            value,
        }]);
    }
    Some(vec![Change::Append {
        to: trigger.path.key(key),
        items: names,
    }])
}
