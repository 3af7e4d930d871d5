//! CloudFormation templates, told in the shapes of AWS's own answers.
//!
//! Owns intrinsic functions, parameters, conditions and the spelling of resources in templates. It
//! must not know which permission a resource needs.

mod branches;
mod calls;
mod conditions;
mod forms;
mod functions;
mod loops;
mod outsiders;
mod permissions;
mod pieces;
mod references;
mod resolve;
mod roles;
mod sam;
mod setting;
mod stacks;
mod tags;
mod types;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::document::{Node, Text};
use crate::finding::Problem;
use crate::lower::Scope;
use crate::lower::facts::FunctionPolicy;
use crate::model::LoneType;
use crate::source::Span;
use functions::Functions;
use resolve::Resolver;
use setting::{Around, Setting};

pub(super) use branches::Branch;
pub(super) use stacks::{Deployment, Stacks};
pub(super) use tags::long_form;

/// A resource with everything known, and what is known of it by its type: `Type`, `LogicalId`,
/// `Ref`, `Arn`, `Properties`, and where it is made: `AccountId` and `Region`.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) node: Node,
}

/// What a template tells, as answers of the AWS CLI would.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Answers and parts of them, for the reader of answers.
    pub(crate) answers: Vec<Node>,
    /// Policies of roles that the template does not declare, and of resources.
    pub(crate) documents: Vec<(LoneType, Node)>,
    /// Function policies.
    pub(crate) policies: Vec<FunctionPolicy>,
    /// All resources, for triggers.
    pub(crate) resources: Vec<Resource>,
}

/// Whether a document is a template: it has resources, and each has a type.
pub(super) fn is_template(root: &Node) -> bool {
    let resources = root.get("Resources").map_or(&[][..], Node::members);
    !resources.is_empty()
        && resources
            .iter()
            .any(|member| member.value.str("Type").is_some())
}

/// A template as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) root: Node,
    pub(crate) scope: Scope,
    /// The way to its file.
    pub(crate) way: String,
}

/// A template that can be told in each of its settings.
#[derive(Clone)]
pub(crate) struct Stack<'c> {
    /// With every loop and serverless resource in its long form.
    root: Node,
    /// As it was written.
    pub(crate) written: Node,
    pub(crate) scope: Scope,
    way: String,
    /// What can add more than is seen in it.
    adds_more: Option<String>,
    /// Names that resources are told which can grant more, and why.
    outsiders: HashMap<String, String>,
    /// A loop that makes more than is looked at.
    cut: Option<Span>,
    catalogue: &'c Catalogue,
    first: Setting,
}

/// What a stack hands out.
#[derive(Debug, Default)]
struct Outputs {
    outputs: BTreeMap<String, Text>,
    exports: BTreeMap<String, Text>,
}

impl<'c> Stack<'c> {
    /// Prepares a template, with the values that are given for parameters.
    fn new(
        written: Written,
        catalogue: &'c Catalogue,
        given: &BTreeMap<String, String>,
        name: &str,
    ) -> Self {
        let around = Around {
            stack: name.into(),
            ..Around::default()
        };
        let first = setting::base(&written.root, given, Arc::new(around));
        let (root, cut) = loops::unrolled(&written.root, &first, catalogue);
        let sam = sam::is_needed(&root).then(|| catalogue.sam()).flatten();
        let root = match sam.and_then(|sam| sam::expanded(&root, sam)) {
            Some(expanded) => expanded,
            None => root,
        };
        let adds_more = what_adds_more(&root);
        Stack {
            root,
            written: written.root,
            scope: written.scope,
            way: written.way,
            adds_more,
            outsiders: HashMap::new(),
            cut,
            catalogue,
            first,
        }
    }

    /// Another stack of the same template.
    fn copy(&self, name: &str) -> Self {
        let mut copy = self.clone();
        copy.first.around = Arc::new(Around {
            stack: name.into(),
            ..Around::default()
        });
        copy
    }

    /// What CloudFormation would refuse.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = types::misspelt(&self.written, self.catalogue);
        problems.extend(roles_by_name(&self.written));
        problems.extend(self.cut.map(|span| {
            let message = "this loop makes more than lint-lambda looks at";
            Problem::at(span, message).help("CloudFormation takes 500 resources in one template")
        }));
        if self.adds_more.is_none() {
            problems.extend(references::unknown(&self.written));
            problems.extend(references::unknown_conditions(&self.written));
        }
        problems
    }

    /// The settings beside the first one that take its other branches.
    fn branches(&self) -> Vec<Branch> {
        branches::branches(&self.root, &self.first, self.catalogue)
    }

    /// What the stack hands out in its first setting.
    fn outputs(&self) -> Outputs {
        let resolver = Resolver::new(&self.root, &self.first, self.catalogue);
        let mut told = Outputs::default();
        for member in self.root.get("Outputs").map_or(&[][..], Node::members) {
            let value = member.value.get("Value");
            let value = value.and_then(|value| resolver.value(value));
            let Some(text) = value.as_ref().and_then(Node::as_text) else {
                continue;
            };
            let name = member.value.at(&["Export", "Name"]);
            let name = name.and_then(|name| resolver.value(name));
            if let Some(name) = name.as_ref().and_then(Node::as_str) {
                told.exports.insert(name.to_owned(), text.clone());
            }
            told.outputs
                .insert(member.key.text.to_string(), text.clone());
        }
        told
    }

    /// The names of what the stack imports.
    fn imports(&self) -> Vec<String> {
        let resolver = Resolver::new(&self.root, &self.first, self.catalogue);
        let mut names = Vec::new();
        let mut open: Vec<&Node> = self.root.get("Resources").into_iter().collect();
        while let Some(node) = open.pop() {
            if let Some(name) = node.get("Fn::ImportValue") {
                let name = resolver.value(name);
                names.extend(name.as_ref().and_then(Node::as_str).map(str::to_owned));
            }
            open.extend(node.items());
            open.extend(node.members().iter().map(|member| &member.value));
        }
        names
    }

    /// The resources that the stack makes in a setting.
    fn resources(&self, setting: &Setting) -> Vec<Resource> {
        let resolver = Resolver::new(&self.root, setting, self.catalogue);
        let members = self.root.get("Resources").map_or(&[][..], Node::members);
        // What may be there or not can grant more to what it names.
        let mut outsiders = self.outsiders.clone();
        let open = members
            .iter()
            .filter(|member| grants(&member.value) && resolver.makes(&member.value).is_none());
        for member in open {
            let why = member
                .value
                .str("Condition")
                .map_or_else(String::new, depends);
            for name in outsiders::names(&member.value) {
                outsiders.entry(name).or_insert_with(|| why.clone());
            }
        }
        let made = members
            .iter()
            .filter(|member| resolver.makes(&member.value) == Some(true));
        let made = made.filter_map(|member| {
            let outsider = outsiders.get(&*member.key.text);
            Some(Resource::of(&resolver, member)?.known_to(outsider))
        });
        made.collect()
    }
}

/// Functions that name their role where its ARN is asked for.
fn roles_by_name(template: &Node) -> Vec<Problem> {
    const FUNCTIONS: [&str; 2] = ["AWS::Lambda::Function", "AWS::Serverless::Function"];
    let resources = template.get("Resources");
    let members = resources.map_or(&[][..], Node::members).iter();
    let functions = members.filter(|member| {
        let kind = member.value.str("Type");
        kind.is_some_and(|kind| FUNCTIONS.contains(&kind))
    });
    let wrong = functions.filter_map(|member| {
        let role = member.value.at(&["Properties", "Role"])?;
        let name = role.str("Ref")?;
        let kind = resources?.get(name)?.str("Type")?;
        (kind == "AWS::IAM::Role").then_some((role.span, name))
    });
    let told = wrong.map(|(span, name)| {
        let message = format!("`Ref` gives the name of role `{name}`, and Lambda takes its ARN");
        Problem::at(span, message).help(format!("write `Fn::GetAtt` of `{name}.Arn`"))
    });
    told.collect()
}

/// Whether a resource lets somebody do something by itself.
fn grants(resource: &Node) -> bool {
    const KINDS: [&str; 5] = [
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::RolePolicy",
        "AWS::Lambda::Permission",
        "AWS::Lambda::ResourcePolicy",
    ];
    resource
        .str("Type")
        .is_some_and(|kind| KINDS.contains(&kind))
}

/// Tells stacks that belong together, each in a setting.
fn tell<'s, 'c: 's>(stacks: impl Iterator<Item = (&'s Stack<'c>, &'s Setting)>) -> Told {
    let mut resources = Vec::new();
    let mut more = None;
    for (stack, setting) in stacks {
        resources.extend(stack.resources(setting));
        more = more.or_else(|| stack.adds_more.clone());
    }
    let mut answers = roles::roles(&resources, more.as_deref());
    let functions = Functions::of(&resources);
    // A function policy that may have more statements is as good as none.
    let policies = match more {
        Some(more) => Err(format!("{more} is not known before the deploy")),
        None => permissions::policies(&resources, &functions),
    };
    let open = policies.as_ref().err().map(String::as_str);
    answers.extend(functions::answers(&resources, &functions, open));
    Told {
        answers,
        documents: roles::loose(&resources),
        policies: policies.unwrap_or_default(),
        resources,
    }
}

fn depends(condition: &str) -> String {
    format!("what condition {condition} decides")
}

/// What can add resources, policies or permissions to the template that are not seen in it: a
/// loop, a macro, or a connector of SAM, of those that are left.
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

/// Where the code of a CDK app makes a resource.
fn construct_path(resource: &Node) -> Option<&str> {
    let path = resource.at(&["Metadata", "aws:cdk:path"])?.as_str()?;
    Some(path.strip_suffix("/Resource").unwrap_or(path))
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
        let shape = kind
            .as_str()
            .and_then(|kind| resolver.catalogue.template_resource(kind));
        let policy = shape.and_then(|shape| properties.get(shape.policy.as_deref()?).cloned());
        let policy = policy.map(|policy| ("policy", policy));
        let members = [
            ("Type", kind.clone()),
            ("LogicalId", text(Text::from(name))),
            ("Ref", text(resolver.id(name))),
            ("Properties", properties),
        ];
        let construct = construct_path(&member.value);
        let construct = construct.map(|path| ("constructPath", Node::text(path, span)));
        let path = resolver
            .path(&member.value, 0)
            .map(|path| ("Path", text(path)));
        let more = arn
            .into_iter()
            .chain(place)
            .chain(construct)
            .chain(path)
            .chain(policy);
        let members = members.into_iter().chain(more);
        Some(Resource {
            node: Node::object(members, span),
        })
    }

    /// The resource with what may grant more to it.
    fn known_to(mut self, outsider: Option<&String>) -> Self {
        if let Some(why) = outsider {
            let why = Node::text(why.as_str(), self.node.span);
            self.node = self.node.with("outsider", why);
        }
        self
    }

    /// What may grant more to it than is seen.
    fn outsider(&self) -> Option<&str> {
        self.node.str("outsider")
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
