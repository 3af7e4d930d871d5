//! Cloud assemblies: what the manifests that CDK writes say of the templates beside them.
//!
//! <https://docs.aws.amazon.com/cdk/v2/guide/deploy.html>

use std::collections::{BTreeMap, HashMap};

use super::Template;
use super::relative_path::{beside, folder};
use crate::diagnostics::Problem;
use crate::source::Span;
use crate::syntax::Node;

/// The manifests that were read.
#[derive(Debug, Default)]
pub(super) struct CloudAssemblies {
    /// Values for parameters and pseudo parameters, by the path of the template.
    values: HashMap<String, BTreeMap<String, String>>,
    manifests: Vec<Manifest>,
}

/// The manifest of a cloud assembly.
#[derive(Debug)]
struct Manifest {
    path: String,
    span: Span,
    /// The paths of its templates.
    templates: Vec<String>,
}

impl CloudAssemblies {
    /// Adds a manifest.
    pub(super) fn add(&mut self, manifest: &Node, path: &str) {
        let artifacts = manifest.get("artifacts").map_or(&[][..], Node::members);
        let mut templates = Vec::new();
        for artifact in artifacts {
            let Some(file) = artifact.value.at(&["properties", "templateFile"]) else {
                continue;
            };
            let mut values = BTreeMap::new();
            let environment = artifact.value.str("environment").unwrap_or("");
            if let Some((account, region)) = place(environment) {
                values.extend(account.map(|known| ("AWS::AccountId".to_owned(), known)));
                values.extend(region.map(|known| ("AWS::Region".to_owned(), known)));
            }
            let name = artifact.value.at(&["properties", "stackName"]);
            let name = name.and_then(Node::as_str).unwrap_or(&artifact.key.text);
            values.insert("AWS::StackName".to_owned(), name.to_owned());
            let given = artifact.value.at(&["properties", "parameters"]);
            let given = given.map_or(&[][..], Node::members).iter();
            values.extend(given.filter_map(|member| {
                let text = member.value.scalar()?;
                Some((member.key.text.to_string(), text))
            }));
            let file = beside(path, file.as_str().unwrap_or(""));
            templates.push(file.clone());
            self.values.insert(file, values);
        }
        self.manifests.push(Manifest {
            path: path.to_owned(),
            span: manifest.span,
            templates,
        });
    }

    /// What they say of a template.
    pub(super) fn values(&self, path: &str) -> BTreeMap<String, String> {
        self.values.get(path).cloned().unwrap_or_default()
    }

    /// Manifests none of whose templates was read.
    pub(super) fn problems(&self, templates: &[Template]) -> Vec<Problem> {
        let is_read = |path: &String| templates.iter().any(|template| template.path == *path);
        let lone = self.manifests.iter().filter(|manifest| {
            !manifest.templates.is_empty() && !manifest.templates.iter().any(is_read)
        });
        let problems = lone.map(|manifest| {
            let message =
                "this manifest lists the templates of a CDK app, but none of them was provided";
            Problem::at(manifest.span.at_start(), message)
                .help("pass the folder that contains it, such as cdk.out")
        });
        problems.collect()
    }

    /// Whether a template is left over: CDK does not remove those of stacks that were deleted.
    pub(super) fn is_stale(&self, template: &Template) -> bool {
        let beside = |manifest: &&Manifest| folder(&manifest.path) == folder(&template.path);
        let mut manifests = self.manifests.iter();
        manifests.any(|manifest| beside(&manifest)) && !self.values.contains_key(&template.path)
    }
}

/// `aws://123456789012/eu-west-1`, either of which may be unknown.
fn place(environment: &str) -> Option<(Option<String>, Option<String>)> {
    let (account, region) = environment.strip_prefix("aws://")?.split_once('/')?;
    let known = |text: &str| (!text.starts_with("unknown-")).then(|| text.to_owned());
    Some((known(account), known(region)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_may_be_unknown() {
        let known = |text: &str| Some(text.to_owned());
        assert_eq!(
            place("aws://123456789012/eu-west-1"),
            Some((known("123456789012"), known("eu-west-1")))
        );
        assert_eq!(
            place("aws://unknown-account/unknown-region"),
            Some((None, None))
        );
    }
}
