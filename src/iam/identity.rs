//! Identities with AWS credentials: users, roles, role sessions and accounts.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>

use super::arn::Arn;
use super::context::Context;
use crate::syntax::{Hole, Piece, Text};

/// A user, a role session, a federated user, or the root user of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The ARN of the user, of the role, or of the account (`…:root`). The path of a role is a hole where
    /// only a session of it is known.
    pub arn: Text,
    /// The ARN of the role without a path, where the path is not known.
    pub pathless: Option<Text>,
    /// The ARN of the role session.
    pub session: Option<Text>,
    /// The account.
    pub account: Text,
    /// The unique id, such as `AIDA…`, where it is known.
    pub id: Option<Text>,
    /// Whether it is a role, or a session of one.
    pub is_role: bool,
}

impl Identity {
    /// The identity that an ARN names; `None` where it is none of a user, role, session or account.
    ///
    /// The ARN of a session does not show the path of its role.
    #[must_use]
    pub fn of_arn(arn: &str) -> Option<Self> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let &["arn", partition, service, "", account, name] = parts.as_slice() else {
            return None;
        };
        if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let is_role = name.starts_with("role/") || name.starts_with("assumed-role/");
        let mut pathless = None;
        let (arn, session) = match (service, name.split_once('/')) {
            ("iam", Some(("role", path))) => {
                let name = path.rsplit('/').next().unwrap_or(path);
                let session = format!("arn:{partition}:sts::{account}:assumed-role/{name}/");
                let hole = Piece::Hole(Hole::segment("session"));
                let session = Text::of([Piece::Known(session.as_str().into()), hole]);
                (Text::from(arn), Some(session))
            }
            ("sts", Some(("assumed-role", rest))) => {
                let (role, _) = rest.split_once('/')?;
                let start = format!("arn:{partition}:iam::{account}:role/");
                pathless = Some(Text::from(format!("{start}{role}")));
                let path = Piece::Hole(Hole::anything("the path of the role"));
                let known = |text: String| Piece::Known(text.into());
                let role = Text::of([known(start), path, known(role.to_owned())]);
                (role, Some(Text::from(arn)))
            }
            ("iam", Some(("user", _))) | ("sts", Some(("federated-user", _))) => {
                (Text::from(arn), None)
            }
            ("iam", None) if name == "root" => (Text::from(arn), None),
            _ => return None,
        };
        Some(Identity {
            arn,
            pathless,
            session,
            account: Text::from(account),
            id: None,
            is_role,
        })
    }

    /// A role by its ARN, of which parts may be unknown.
    #[must_use]
    pub fn of_role(arn: &Text) -> Self {
        if let Some(identity) = arn.as_str().and_then(Identity::of_arn) {
            return identity;
        }
        let account = Arn::parse(arn).map(|arn| arn.account);
        Identity {
            arn: arn.clone(),
            pathless: None,
            session: None,
            account: account
                .unwrap_or_else(|| Text::hole(Hole::segment("the account of the role"))),
            id: None,
            is_role: true,
        }
    }

    /// The same session, whose role has this ARN.
    #[must_use]
    pub fn with_role(self, arn: &Text) -> Self {
        Identity {
            arn: arn.clone(),
            pathless: None,
            ..self
        }
    }

    /// Whether it is the root user of an account, whose ARN stands for the whole account.
    pub(super) fn is_root(&self) -> bool {
        self.arn.as_str().is_some_and(|arn| arn.ends_with(":root"))
    }

    /// Whether it is the session of a federated user, behind whom there is a user of the account.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getfederationtoken.html>
    pub(super) fn is_federated_user(&self) -> bool {
        let arn = self.arn.as_str();
        arn.is_some_and(|arn| arn.contains(":federated-user/"))
    }

    /// States the keys that follow from who asks, where they are not stated yet.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties>
    pub fn state_keys(&self, context: &mut Context) {
        let mut state = |key: &str, value: &Text| {
            if !context.tells_of(key) {
                context.set(key, vec![value.clone()]);
            }
        };
        state("aws:PrincipalArn", &self.arn);
        state("aws:PrincipalAccount", &self.account);
        let arn = self.arn.as_str().unwrap_or("");
        let user = arn.split_once(":user/").map(|(_, path)| path);
        if let Some(name) = user.and_then(|path| path.rsplit('/').next()) {
            state("aws:username", &Text::from(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(arn: &str) -> Option<(String, Option<String>)> {
        let identity = Identity::of_arn(arn)?;
        let session = identity.session.map(|text| text.with_holes_as("?"));
        Some((identity.arn.to_string(), session))
    }

    #[test]
    fn arns_name_users_roles_sessions_and_accounts() {
        let role = "arn:aws:iam::123456789012:role/app/worker";
        let any = "arn:aws:sts::123456789012:assumed-role/worker/?";
        assert_eq!(session(role), Some((role.to_owned(), Some(any.to_owned()))));
        let one = "arn:aws-cn:sts::123456789012:assumed-role/worker/s1";
        let its_role = "arn:aws-cn:iam::123456789012:role/<the path of the role>worker";
        let expected = Some((its_role.to_owned(), Some(one.to_owned())));
        assert_eq!(session(one), expected);
        for plain in ["user/ann", "root"] {
            let arn = format!("arn:aws:iam::123456789012:{plain}");
            assert_eq!(session(&arn), Some((arn.clone(), None)));
        }
    }

    #[test]
    fn other_texts_name_nobody() {
        for text in [
            "worker",
            "arn:aws:iam::12:role/worker",
            "arn:aws:s3:::bucket",
            "arn:aws:iam::123456789012:policy/p",
        ] {
            assert_eq!(session(text), None, "{text}");
        }
    }
}
