//! Which actions exist.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Fields, Node, distance};
use crate::finding::Problem;

/// Names of services and, for some services, of all their actions.
#[derive(Debug, Default)]
pub struct Actions {
    /// Where the names come from, and when they were gathered.
    pub data: String,
    services: BTreeSet<String>,
    names: BTreeMap<String, Vec<String>>,
}

/// What there is to say of the name of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The action exists, or nothing is known against it.
    Fine,
    /// It is not of the form `service:Action`, which IAM refuses.
    Formless,
    /// No service has that prefix, and one that is spelt alike has the action.
    NoSuchService,
    /// The service has no such action.
    NoSuchAction,
}

/// Edits up to which a name is taken for a misspelt one.
const NEAR: usize = 2;

impl Actions {
    pub(super) fn add_services(&mut self, texts: &[Node]) {
        let words = texts
            .iter()
            .filter_map(Node::as_str)
            .flat_map(str::split_whitespace);
        self.services.extend(words.map(str::to_owned));
    }

    pub(super) fn add(&mut self, node: &Node, problems: &mut Vec<Problem>) {
        let Some(mut fields) = Fields::open(node, "the actions of a service", problems) else {
            return;
        };
        let service = fields.text("service").map(str::to_owned);
        let names = fields.texts("names");
        fields.finish();
        if let Some(service) = service {
            let names = names.iter().flat_map(|line| line.split_whitespace());
            let known = self.names.entry(service).or_default();
            known.extend(names.map(str::to_owned));
        }
    }

    /// What there is to say of a name without wildcards, and the action that was probably meant.
    #[must_use]
    pub fn naming(&self, written: &str) -> (Naming, Option<String>) {
        let trimmed = written.trim();
        if trimmed != written && self.naming(trimmed).0 == Naming::Fine {
            return (Naming::NoSuchAction, Some(trimmed.to_owned()));
        }
        let Some((service, name)) = written.split_once(':') else {
            return (Naming::Formless, self.without_colon(written));
        };
        let prefix = service.to_lowercase();
        if let Some(names) = self.names.get(&prefix) {
            return match names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                true => (Naming::Fine, None),
                false => (Naming::NoSuchAction, misspelt(names, &prefix, name)),
            };
        }
        if self.services.contains(&prefix) {
            return (Naming::Fine, None);
        }
        match self.of_similar_service(&prefix, name) {
            Some(meant) => (Naming::NoSuchService, Some(meant)),
            None => (Naming::Fine, None),
        }
    }

    fn without_colon(&self, written: &str) -> Option<String> {
        let lower = written.to_lowercase();
        self.names.iter().find_map(|(service, names)| {
            let rest = lower.strip_prefix(service.as_str())?;
            let name = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
            let known = names
                .iter()
                .find(|known| known.eq_ignore_ascii_case(name))?;
            Some(format!("{service}:{known}"))
        })
    }

    fn of_similar_service(&self, prefix: &str, name: &str) -> Option<String> {
        let similar = self.names.iter().filter_map(|(service, names)| {
            let edits = distance(prefix, service);
            let known = names
                .iter()
                .find(|known| known.eq_ignore_ascii_case(name))?;
            (edits <= NEAR).then(|| (edits, format!("{service}:{known}")))
        });
        similar.min().map(|(_, meant)| meant)
    }
}

/// The name that differs least, where it is not one that was merely made longer: a newer action
/// is often an older one with an addition.
fn misspelt(names: &[String], service: &str, written: &str) -> Option<String> {
    let near = names.iter().filter_map(|known| {
        let edits = distance(written, known);
        let longer = written.to_lowercase().starts_with(&known.to_lowercase());
        (edits <= NEAR && !longer).then_some((edits, known))
    });
    near.min().map(|(_, known)| format!("{service}:{known}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::source::SourceMap;

    fn naming(written: &str) -> (Naming, Option<String>) {
        let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
        catalogue.actions.naming(written)
    }

    #[test]
    fn misspelt_actions_are_told_with_what_was_meant() {
        let meant = |text: &str| Some(text.to_owned());
        let create = meant("ec2:CreateNetworkInterface");
        let delete = meant("ec2:DeleteNetworkInterface");
        let receive = meant("sqs:ReceiveMessage");
        let invoke = meant("lambda:InvokeFunction");
        assert_eq!(
            naming("e22:CreateNetworkInterface"),
            (Naming::NoSuchService, create)
        );
        assert_eq!(
            naming("ec2DeleteNetworkInterface"),
            (Naming::Formless, delete)
        );
        assert_eq!(naming("sqs:ReciveMessage"), (Naming::NoSuchAction, receive));
        assert_eq!(naming("lambda.InvokeFunction"), (Naming::Formless, invoke));
        assert_eq!(naming("lambda:InvokeModel"), (Naming::NoSuchAction, None));
    }

    #[test]
    fn what_is_not_known_is_fine() {
        for written in [
            "SQS:receivemessage",
            "ecr:BatchGetImage",
            "brandnew:DoIt",
            "glue:GetX",
        ] {
            assert_eq!(naming(written), (Naming::Fine, None), "{written}");
        }
        let (newer, meant) = naming("sqs:SendMessageV2");
        assert_eq!((newer, meant), (Naming::NoSuchAction, None));
    }
}
