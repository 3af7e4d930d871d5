//! Who makes a request, by what was written.

use crate::catalogue::{CallPlace, Catalogue};
use crate::diagnostics::Problem;
use crate::iam::{Arn, Caller, Identity, Service};
use crate::syntax::{Node, Text};

/// Words for somebody without credentials.
const ANONYMOUS: [&str; 2] = ["anonymous", "*"];

/// Who has a written name by itself: a service, an identity or identity provider by its ARN, the domain of an
/// identity provider, or `anonymous`.
///
/// Some names are of services and of identity providers: they are of the provider for actions that only
/// federated users perform.
pub(super) fn caller(written: &str, is_federated: bool) -> Option<Caller> {
    if ANONYMOUS.contains(&written) {
        return Some(Caller::Anonymous);
    }
    if let Some(identity) = Identity::of_arn(written) {
        return Some(Caller::Aws(Box::new(identity)));
    }
    let is_domain = written.contains('.') && !written.contains([':', '/', ' ', '*']);
    let of_amazon = written.contains(".amazonaws.com") || written.ends_with(".amazon.com");
    match is_domain {
        true if of_amazon && !is_federated => {
            Some(Caller::Service(Box::new(Text::from(written).into())))
        }
        is_domain if is_domain || is_provider(written) => {
            Some(Caller::Federated(Text::from(written)))
        }
        _ => None,
    }
}

/// Whether an ARN is that of an identity provider.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns>
fn is_provider(arn: &str) -> bool {
    let mut parts = arn.splitn(6, ':');
    let is_of_iam = parts.next() == Some("arn") && parts.nth(1) == Some("iam");
    let name = parts.nth(2).unwrap_or("");
    let is_named = ["saml-provider/", "oidc-provider/"]
        .iter()
        .any(|kind| name.strip_prefix(kind).is_some_and(|name| !name.is_empty()));
    is_of_iam && is_named
}

/// The caller that a node names.
pub(super) fn named(node: &Node, is_federated: bool) -> Result<Caller, Problem> {
    let written = node.as_str().unwrap_or("");
    caller(written, is_federated).ok_or_else(|| {
        let is_group = written.contains(":group/");
        let (message, help) = match is_group {
            true => (
                format!("`{written}` is a group, which cannot make requests"),
                "specify the ARN of a user of the group",
            ),
            false => (
                format!("`{written}` is not a valid caller"),
                "specify the ARN of a user, role, role session or identity provider, a service \
                 principal such as `s3.amazonaws.com`, or `anonymous`",
            ),
        };
        Problem::at(node.span, message).help(help)
    })
}

/// A service by all names that a policy of the resource can have for it; without a Region in its name
/// it is in that of the resource.
pub(super) fn placed(catalogue: &Catalogue, caller: Caller, resource: &Text) -> Caller {
    let Caller::Service(service) = &caller else {
        return caller;
    };
    let arn = Arn::parse(resource);
    let region = arn.as_ref().map(|arn| &arn.region);
    let region = region.filter(|region| !region.is_empty());
    let place = CallPlace {
        partition: arn.as_ref().map(|arn| &arn.partition),
        from: region,
        to: region,
    };
    let names = catalogue.principals.caller(&service.name, place);
    Caller::Service(Box::new(Service {
        name: names.name,
        also: names.also,
        never: names.refused,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_kind_of_caller_it_is() {
        let kind = |written: &str, is_federated| match caller(written, is_federated) {
            Some(Caller::Service(_)) => "service",
            Some(Caller::Aws(_)) => "identity",
            Some(Caller::Federated(_)) => "federated",
            Some(Caller::Anonymous) => "anonymous",
            Some(Caller::Unknown) | None => "nobody",
        };
        for (written, expected) in [
            ("*", "anonymous"),
            ("anonymous", "anonymous"),
            ("s3.amazonaws.com", "service"),
            ("accounts.example.com", "federated"),
            ("arn:aws:iam::123456789012:saml-provider/corp", "federated"),
            (
                "arn:aws:iam::123456789012:oidc-provider/token.example.com",
                "federated",
            ),
            ("arn:aws:iam::123456789012:saml-provider/", "nobody"),
            ("arn:aws:iam::123456789012:group/g", "nobody"),
            ("arn:aws:sts::123456789012:federated-user/ann", "identity"),
            ("arn:aws:iam::123456789012:root", "identity"),
            ("ann", "nobody"),
        ] {
            assert_eq!(kind(written, false), expected, "{written}");
        }
        assert_eq!(kind("cognito.amazonaws.com", true), "federated");
    }
}
