//! Who was denied: what the principal of an error shows.

use crate::catalogue::Symptoms;
use crate::diagnostics::{Denied, DeniedCaller};

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
            return match known.or_else(|| symptoms.caller_of_role(role)) {
                Some(who) => (who, true),
                None => (DeniedCaller::Function, false),
            };
        }
        match symptoms.is_service_principal(self.written) {
            true => (DeniedCaller::Service, true),
            false if self.written.contains(":role/") => (DeniedCaller::Role, false),
            false => (DeniedCaller::Deployer, self.written.contains(":user/")),
        }
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
        assert_eq!(who(&session("jo@example.com")), DeniedCaller::Deployer);
        assert_eq!(
            who("arn:aws:iam::123456789012:user/jo"),
            DeniedCaller::Deployer
        );
        assert_eq!(who("sns.amazonaws.com"), DeniedCaller::Service);
        assert_eq!(
            who("arn:aws:sts:::assumed-role/role/orders"),
            DeniedCaller::Function
        );
    }
}
