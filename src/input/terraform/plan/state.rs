//! State as Terraform stores it, in the shape in which `terraform show -json` prints it.
//!
//! <https://github.com/hashicorp/terraform/blob/main/internal/states/statefile/version4.go>

use crate::syntax::{Key, Kind, Member, Node};

/// The stored state of the version that Terraform writes since 0.12.
const VERSION: &str = "4";

/// Whether a document is stored state of the version that is read.
pub(super) fn is_stored(root: &Node) -> bool {
    let version = root.get("version").and_then(Node::scalar);
    version.as_deref() == Some(VERSION) && root.get("resources").is_some_and(Node::is_array)
}

/// Stored state, with its instances under their addresses.
pub(super) fn shown(stored: &Node) -> Node {
    let resources = stored.get("resources").map_or(&[][..], Node::items);
    let each = resources.iter().flat_map(|resource| {
        let instances = resource.get("instances").map_or(&[][..], Node::items);
        // What is left from an earlier replacement goes with the next run.
        let current = instances.iter().filter(|one| one.get("deposed").is_none());
        current.filter_map(|instance| entry(resource, instance))
    });
    let span = stored.span;
    let modules = each.map(|(module, entry)| {
        let address = ("address", module);
        let resources = Node::array(vec![entry], span);
        Node::object([address, ("resources", resources)], span)
    });
    let modules = Node::array(modules.collect(), span);
    let root = Node::object([("child_modules", modules)], span);
    let values = Node::object([("root_module", root)], span);
    Node::object([("values", values)], span)
}

/// An instance, with the address of its module.
fn entry(resource: &Node, instance: &Node) -> Option<(Node, Node)> {
    let (kind, name) = (resource.get("type")?, resource.get("name")?);
    let mode = resource.get("mode")?;
    let index = instance.get("index_key").filter(|key| !key.is_null());
    let key = index.map_or_else(String::new, |index| match index.as_str() {
        Some(key) => format!("[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\"")),
        None => format!("[{}]", index.scalar().unwrap_or_default()),
    });
    let module = resource.str("module").unwrap_or_default();
    let data = if mode.as_str() == Some("data") {
        "data."
    } else {
        ""
    };
    let prefix = if module.is_empty() { "" } else { "." };
    let (kind_text, name_text) = (kind.as_str()?, name.as_str()?);
    let address = format!("{module}{prefix}{data}{kind_text}.{name_text}{key}");
    let values = instance.get("attributes")?;
    let members = [
        ("address", Some(Node::text(address, name.span))),
        ("mode", Some(mode.clone())),
        ("type", Some(kind.clone())),
        ("name", Some(name.clone())),
        ("index", index.cloned()),
        ("provider_name", resource.get("provider").cloned()),
        ("values", Some(values.clone())),
        ("sensitive_values", Some(sensitive(instance))),
    ];
    let members = members
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    let entry = Node::object(members, instance.span);
    let module = resource.get("module");
    let module = module.map_or_else(|| Node::text("", instance.span), Clone::clone);
    Some((module, entry))
}

/// The sensitive values of an instance, marked in their place.
fn sensitive(instance: &Node) -> Node {
    let paths = instance
        .get("sensitive_attributes")
        .map_or(&[][..], Node::items);
    let names = paths.iter().filter_map(|path| {
        // What is in a sensitive part of an attribute is not told apart from the rest of it.
        let first = path.items().first()?.get("value")?;
        first.as_str()
    });
    let mark = Node::new(Kind::Bool(true), instance.span);
    let members = names.map(|name| Member {
        key: Key {
            text: name.into(),
            span: instance.span,
        },
        value: mark.clone(),
    });
    Node::new(
        Kind::Object(members.collect::<Vec<Member>>().into()),
        instance.span,
    )
}
