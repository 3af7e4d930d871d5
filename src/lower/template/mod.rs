//! CloudFormation templates, told in the shapes of AWS's own answers.
//!
//! Owns intrinsic functions, parameters, conditions and the spelling of resources in templates. It
//! must not know which permission a resource needs.

mod branches;
mod conditions;
mod functions;
mod permissions;
mod pieces;
mod references;
mod resolve;
mod roles;
mod sam;
mod setting;
mod tags;

use std::collections::BTreeMap;

use crate::catalogue::Catalogue;
use crate::document::{Node, Text};
use crate::finding::Problem;
use crate::lower::facts::FunctionPolicy;
use crate::model::LoneType;
use functions::Functions;
use resolve::Resolver;
use setting::Setting;

pub(super) use branches::Branch;
pub(super) use tags::long_form;

/// A resource with everything known, and what is known of it by its type: `Type`, `LogicalId`,
/// `Ref`, `Arn`, `Properties`, and where it is made: `AccountId` and `Region`.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub(super) node: Node,
}

/// What a template tells, as answers of the AWS CLI would.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Answers and parts of them, for the reader of answers.
    pub(super) answers: Vec<Node>,
    /// Policies of roles that the template does not declare, and of resources.
    pub(super) documents: Vec<(LoneType, Node)>,
    /// Function policies.
    pub(super) policies: Vec<FunctionPolicy>,
    /// All resources, for triggers.
    pub(super) resources: Vec<Resource>,
}

/// Whether a document is a template: it has resources, and each has a type.
pub(super) fn is_template(root: &Node) -> bool {
    let resources = root.get("Resources").map_or(&[][..], Node::members);
    !resources.is_empty()
        && resources
            .iter()
            .any(|member| member.value.str("Type").is_some())
}

/// A template that can be told in each of its settings.
pub(super) struct Template<'c> {
    /// With every serverless resource in its long form.
    root: Node,
    /// What can add more than is seen in it.
    adds_more: Option<String>,
    catalogue: &'c Catalogue,
    first: Setting,
}

impl<'c> Template<'c> {
    /// Prepares a template, with the values that the user gave for parameters.
    pub(super) fn new(
        written: &Node,
        catalogue: &'c Catalogue,
        given: &BTreeMap<String, String>,
    ) -> Self {
        let sam = sam::is_serverless(written)
            .then(|| catalogue.sam())
            .flatten();
        let expanded = sam.and_then(|sam| sam::expanded(written, sam));
        let root = expanded.unwrap_or_else(|| written.clone());
        Template {
            adds_more: what_adds_more(written),
            first: setting::base(&root, given),
            root,
            catalogue,
        }
    }

    /// What CloudFormation would refuse.
    pub(super) fn problems(&self, written: &Node) -> Vec<Problem> {
        match self.adds_more {
            Some(_) => Vec::new(),
            None => references::unknown(written),
        }
    }

    /// The settings beside the first one that take its other branches.
    pub(super) fn branches(&self) -> Vec<Branch> {
        branches::branches(&self.root, &self.first, self.catalogue)
    }

    /// Tells the template in its first setting.
    pub(super) fn tell(&self) -> Told {
        self.tell_in(&self.first)
    }

    /// Tells the template in the setting of a branch.
    pub(super) fn tell_branch(&self, branch: &Branch) -> Told {
        self.tell_in(&branch.setting)
    }

    fn tell_in(&self, setting: &Setting) -> Told {
        let resolver = Resolver::new(&self.root, setting, self.catalogue);
        let mut more = self.adds_more.clone();
        let mut resources = Vec::new();
        for member in self.root.get("Resources").map_or(&[][..], Node::members) {
            match resolver.makes(&member.value) {
                Some(true) => resources.extend(Resource::of(&resolver, member)),
                Some(false) => {}
                None => more = more.or_else(|| member.value.str("Condition").map(depends)),
            }
        }
        let mut answers = roles::roles(&resources, more.as_deref());
        let functions = Functions::of(&resources);
        answers.extend(functions::answers(&resources, &functions));
        // A function policy that may have more statements is as good as none.
        let policies = match more {
            Some(_) => Vec::new(),
            None => permissions::policies(&resources, &functions),
        };
        Told {
            answers,
            documents: roles::loose(&resources),
            policies,
            resources,
        }
    }
}

fn depends(condition: &str) -> String {
    format!("what condition {condition} decides")
}

/// What can add resources, policies or permissions to the template that are not seen in it: a
/// loop, a macro, or a connector of SAM.
fn what_adds_more(template: &Node) -> Option<String> {
    const KNOWN: [&str; 2] = ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"];
    let transforms = template.get("Transform").map_or(&[][..], Node::each);
    let is_known = |node: &&Node| node.as_str().is_some_and(|name| KNOWN.contains(&name));
    if let Some(other) = transforms.iter().find(|node| !is_known(node)) {
        return Some(format!("what {} adds", other.as_str().unwrap_or("a macro")));
    }
    let resources = template.get("Resources").map_or(&[][..], Node::members);
    let adds = resources.iter().find(|member| {
        let connects = member.value.str("Type") == Some("AWS::Serverless::Connector");
        connects || member.value.get("Connectors").is_some() || member.key.text.starts_with("Fn::")
    });
    adds.map(|member| format!("what {} adds", member.key.text))
}

impl Resource {
    fn of(resolver: &Resolver<'_>, member: &crate::document::Member) -> Option<Self> {
        let name = &*member.key.text;
        let kind = member
            .value
            .get("Type")
            .filter(|kind| kind.as_str().is_some())?;
        let span = member.value.span;
        let empty = Node::object([], span);
        let properties = member.value.get("Properties").unwrap_or(&empty);
        let properties = resolver
            .value(properties)
            .filter(Node::is_object)
            .unwrap_or(empty);
        let text = |text: Text| Node::text(text, member.key.span);
        let arn = resolver.arn(name).map(|arn| ("Arn", text(arn)));
        let place = [("AccountId", "AWS::AccountId"), ("Region", "AWS::Region")];
        let place = place.into_iter().filter_map(|(member, name)| {
            let known = resolver.setting.pseudo(name)?;
            Some((member, text(known)))
        });
        let members = [
            ("Type", kind.clone()),
            ("LogicalId", text(Text::from(name))),
            ("Ref", text(resolver.id(name))),
            ("Properties", properties),
        ];
        let members = members.into_iter().chain(arn).chain(place);
        Some(Resource {
            node: Node::object(members, span),
        })
    }

    /// Its type.
    pub(super) fn kind(&self) -> &str {
        self.node.str("Type").unwrap_or("")
    }

    fn is(&self, kind: &str) -> bool {
        self.node.str("Type") == Some(kind)
    }

    fn logical_id(&self) -> &str {
        self.node.str("LogicalId").unwrap_or("")
    }

    fn reference(&self) -> Option<&Text> {
        self.node.get("Ref")?.as_text()
    }

    fn arn(&self) -> Option<&Text> {
        self.node.get("Arn")?.as_text()
    }

    fn property(&self, name: &str) -> Option<&Node> {
        self.node.get("Properties")?.get(name)
    }

    fn text(&self, name: &str) -> Option<&Text> {
        self.property(name)?.as_text()
    }
}
