//! Who was denied: what the principal of an error shows.

use crate::catalogue::Symptoms;
use crate::diagnostics::{Denied, DeniedCaller};

/// The beginning of the names of roles that IAM Identity Center makes for permission sets.
///
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html>
const PERMISSION_SET: &str = "AWSReservedSSO_";

/// A principal as an error names it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Principal<'t> {
    pub(super) written: &'t str,
    /// The role, and the name of its session.
    pub(super) session: Option<(&'t str, &'t str)>,
}

impl<'t> Principal<'t> {
    /// Takes an ARN apart, whose account may be masked or missing.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
    pub(super) fn of(written: &'t str) -> Self {
        let written = written.trim_end_matches(['.', ',', ':', ';']);
        let session = written
            .split_once(":assumed-role/")
            .and_then(|(_, path)| path.rsplit_once('/'));
        Principal { written, session }
    }

    /// Who it is, as far as the name shows, and whether that is sure: a session that no service is
    /// known to name so is that of a function's code, which Lambda names after the function.
    pub(super) fn who(&self, symptoms: &Symptoms) -> (DeniedCaller, bool) {
        if let Some((role, session)) = self.session {
            let known = symptoms.caller_of_session(session);
            return match symptoms.caller_of_role(role).or(known) {
                Some(who) => (who, true),
                None => (DeniedCaller::Function, false),
            };
        }
        match symptoms.is_service_principal(self.written) {
            true => (DeniedCaller::Service, true),
            false if self.written.contains(":role/") => (DeniedCaller::Role, false),
            false => (DeniedCaller::User, self.kind().is_some()),
        }
    }

    /// What a principal other than a role is called, and its name.
    fn kind(&self) -> Option<(&'static str, &'t str)> {
        const KINDS: [(&str, &str); 2] =
            [(":user/", "user"), (":federated-user/", "federated user")];
        if self.written.ends_with(":root") {
            return Some(("the root user", ""));
        }
        KINDS.iter().find_map(|(mark, kind)| {
            let (_, path) = self.written.split_once(mark)?;
            Some((*kind, path.rsplit('/').next().unwrap_or(path)))
        })
    }

    /// The role, and the function whose code it is.
    pub(super) fn tell(&self, request: &mut Denied) {
        request.principal = Some(self.written.to_owned());
        let by_role = self.written.split_once(":role/");
        let role = self.session.map(|(role, _)| role);
        let role = role.or_else(|| by_role.and_then(|(_, path)| path.rsplit('/').next()));
        request.role = role.map(str::to_owned);
        if request.who == DeniedCaller::Function && request.function.is_none() {
            request.function = self.session.map(|(_, session)| session.to_owned());
        }
    }

    /// The permission set of IAM Identity Center that a role was made for.
    fn permission_set(&self) -> Option<&'t str> {
        let (role, _) = self.session?;
        let name = role.strip_prefix(PERMISSION_SET)?;
        Some(name.rsplit_once('_').map_or(name, |(name, _)| name))
    }

    /// The ARN that policies and commands take: that of the role for a session. The path of a role is
    /// not part of the ARN of its session, and those of permission sets always have one.
    fn arn(&self) -> Option<String> {
        let mut parts = self.written.splitn(6, ':');
        let (arn, partition) = (parts.next()?, parts.next()?);
        let account = parts.nth(2)?;
        let is_whole =
            arn == "arn" && account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        match self.session {
            _ if !is_whole || self.permission_set().is_some() => None,
            Some((role, _)) => Some(format!("arn:{partition}:iam::{account}:role/{role}")),
            None => Some(self.written.to_owned()),
        }
    }
}

/// The ARN of the caller as policies and commands take it, where the error names all of it.
pub(super) fn arn(request: &Denied) -> Option<String> {
    Principal::of(request.principal.as_deref()?).arn()
}

/// Whether the resource belongs to another account than the caller, where the error names both.
pub(super) fn crosses_accounts(request: &Denied) -> Option<bool> {
    let account = |arn: &str| {
        let account = arn.split(':').nth(4)?.to_owned();
        let is_whole = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        is_whole.then_some(account)
    };
    let caller = account(request.principal.as_deref()?)?;
    Some(caller != account(request.resource.as_deref()?)?)
}

/// The caller as the principal of a statement.
pub(super) fn principal(request: &Denied) -> (String, String) {
    match (request.who, &request.principal) {
        (DeniedCaller::Service, Some(service)) => ("Service".to_owned(), service.clone()),
        _ => {
            let unknown = match request.who {
                DeniedCaller::Function | DeniedCaller::Lambda => "EXECUTION_ROLE_ARN",
                DeniedCaller::Role => "ROLE_ARN",
                _ => "CALLER_ARN",
            };
            let arn = arn(request);
            ("AWS".to_owned(), arn.unwrap_or_else(|| unknown.to_owned()))
        }
    }
}

/// The caller in a sentence, as in "user `jo`".
pub(super) fn words(request: &Denied) -> String {
    let principal = request.principal.as_deref().map(Principal::of);
    let set = principal.as_ref().and_then(Principal::permission_set);
    if let Some(set) = set {
        return format!("permission set `{set}` of IAM Identity Center");
    }
    match principal.as_ref().and_then(Principal::kind) {
        Some((kind, "")) => return kind.to_owned(),
        Some((kind, name)) => return format!("{kind} `{name}`"),
        None => {}
    }
    let execution = match request.who {
        DeniedCaller::Function | DeniedCaller::Lambda => request.is_sure,
        _ => false,
    };
    match (&request.role, request.who) {
        (Some(role), _) if execution => format!("execution role `{role}`"),
        (Some(role), DeniedCaller::Service | DeniedCaller::Nobody) if principal.is_none() => {
            format!("role `{role}`")
        }
        (_, DeniedCaller::Service) => request
            .principal
            .clone()
            .unwrap_or_else(|| "the service".to_owned()),
        (Some(role), _) => format!("role `{role}`"),
        (None, DeniedCaller::Function | DeniedCaller::Lambda) => "the execution role".to_owned(),
        (None, DeniedCaller::Deployer) => "the deployer".to_owned(),
        (None, DeniedCaller::Role) => "the role".to_owned(),
        (None, _) => "the caller".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::source::SourceMap;

    #[test]
    fn the_name_of_a_session_tells_who_works_in_it() {
        let (catalogue, _) = Catalogue::builtin(&mut SourceMap::default());
        let who = |written: &str| Principal::of(written).who(catalogue.symptoms()).0;
        let session = |name: &str| format!("arn:aws:sts::123456789012:assumed-role/role/{name}");
        assert_eq!(who(&session("orders")), DeniedCaller::Function);
        assert_eq!(
            who(&session("awslambda_719_20201123")),
            DeniedCaller::Lambda
        );
        assert_eq!(who(&session("GitHubActions")), DeniedCaller::Deployer);
        assert_eq!(who(&session("jo@example.com")), DeniedCaller::User);
        assert_eq!(who("arn:aws:iam::123456789012:user/jo"), DeniedCaller::User);
        assert_eq!(who("sns.amazonaws.com"), DeniedCaller::Service);
        assert_eq!(
            who("arn:aws:sts:::assumed-role/role/orders"),
            DeniedCaller::Function
        );
    }

    #[test]
    fn policies_and_commands_take_the_role_of_a_session() {
        let arn = |written: &str| Principal::of(written).arn();
        assert_eq!(
            arn("arn:aws:sts::123456789012:assumed-role/orders-role/orders").as_deref(),
            Some("arn:aws:iam::123456789012:role/orders-role")
        );
        let user = "arn:aws:iam::123456789012:user/team/jo";
        assert_eq!(arn(user).as_deref(), Some(user));
        for unknown in [
            "arn:aws:sts:::assumed-role/role/orders",
            "arn:aws:sts::********9012:assumed-role/role/orders",
            "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/jo",
            "sns.amazonaws.com",
        ] {
            assert_eq!(arn(unknown), None, "{unknown}");
        }
    }
}
