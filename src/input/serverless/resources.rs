//! The user's own resources, merged into those of the framework.
//!
//! <https://www.serverless.com/framework/docs/providers/aws/guide/resources>

use super::merge::{Lists, merged};
use super::service::Service;
use crate::syntax::{Kind, Member, Node};

impl Service<'_> {
    /// The parts of `resources`, which can be a list.
    pub(super) fn own_resources(&self) -> Vec<&Node> {
        let written = self.root.get("resources");
        let parts = written.map_or(&[][..], Node::each).iter();
        // What a file gives can be a list again.
        parts
            .flat_map(Node::each)
            .filter(|part| !part.is_null())
            .collect()
    }

    /// The template of the framework with the user's resources.
    pub(super) fn with_own(&self, template: Node) -> Node {
        let parts = self
            .own_resources()
            .into_iter()
            .filter(|part| part.is_object());
        let mut template = template;
        let mut extensions = Vec::new();
        for part in parts {
            extensions.extend(part.get("extensions").cloned());
            let part = part.without("extensions");
            template = merged(&template, &part, Lists::ByIndex);
        }
        for part in extensions {
            template = extended(&template, &part);
        }
        template
    }
}

/// A template with what extends its resources; what would extend no resource is left out.
fn extended(template: &Node, extensions: &Node) -> Node {
    let Some(resources) = template.get("Resources") else {
        return template.clone();
    };
    let members = resources.members().iter().map(|member| {
        let more = extensions.get(&member.key.text);
        Member {
            key: member.key.clone(),
            value: more.map_or_else(
                || member.value.clone(),
                |more| with_attributes(&member.value, more),
            ),
        }
    });
    let members: Vec<Member> = members.collect();
    let resources = Node::new(Kind::Object(members.into()), resources.span);
    template.with("Resources", resources)
}

fn with_attributes(resource: &Node, more: &Node) -> Node {
    more.members().iter().fold(resource.clone(), |all, member| {
        let name = &*member.key.text;
        let own = all.get(name);
        let value = match (name, own) {
            ("Properties" | "Metadata", Some(own)) => {
                let properties = member.value.members().iter();
                properties.fold(own.clone(), |own, property| {
                    own.with(&property.key.text, property.value.clone())
                })
            }
            ("DependsOn", Some(own)) => {
                let both = own.each().iter().chain(member.value.each());
                Node::array(both.cloned().collect(), member.value.span)
            }
            _ => member.value.clone(),
        };
        all.with(name, value)
    })
}
