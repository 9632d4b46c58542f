//! What an administrator has to be able to trace, a line of the log each: who came in and who tried to, what was refused, who was
//! given which right, what was taken out. The form is a promise, written down in `docs/security-events.md` with the expression by
//! which fail2ban reads it. No line holds a password, a token or what somebody typed who is not known: people type passwords
//! into the wrong field.

use crate::db::columns::{SessionId, UserId};
use crate::error::{Error, Refused};

/// The target of these lines, by which a filter or a collector finds them.
pub const TARGET: &str = "vekha::security";

macro_rules! names {
    ($(#[$meta:meta])* pub enum $set:ident { $($(#[$doc:meta])* $member:ident => $name:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $set { $($(#[$doc])* $member,)+ }

        impl $set {
            /// Every one of them.
            pub const ALL: &'static [$set] = &[$($set::$member,)+];

            /// As it stands in the line.
            pub fn name(self) -> &'static str {
                match self { $($set::$member => $name,)+ }
            }
        }
    };
}

names! {
    /// What was tried.
    pub enum Kind {
        /// To sign in with a password.
        SignIn => "sign_in",
        /// To come back with a refresh token that was used before: one of two who have it is not its owner.
        TokenReuse => "token_reuse",
        /// To make an account.
        Registration => "registration",
        /// To register by an invitation.
        InvitationUse => "invitation_use",
        /// To make an invitation.
        InvitationMake => "invitation_make",
        /// To take an invitation back.
        InvitationRevoke => "invitation_revoke",
        /// To make a link that sets a password.
        ResetLinkMake => "reset_link_make",
        /// To set a password by a link.
        ResetLinkUse => "reset_link_use",
        /// To change a password.
        PasswordChange => "password_change",
        /// To change the address of sign-in.
        AddressChange => "address_change",
        /// To decide whether somebody without an invitation may register.
        RegistrationChange => "registration_change",
        /// To give a person another role.
        RoleChange => "role_change",
        /// To let a person sign in or no longer.
        Activation => "activation",
        /// To end sign-ins before their time.
        SessionEnd => "session_end",
        /// To have a table made of tasks.
        Export => "export",
        /// To fetch a table that was made.
        Download => "download",
        /// Something that the role does not allow.
        Access => "access",
    }
}

names! {
    /// What came of it.
    pub enum Outcome {
        /// It was done.
        Success => "success",
        /// It was not: the proof was wrong, or what was asked makes no sense.
        Failure => "failure",
        /// It was not looked at: too many before.
        Throttled => "throttled",
        /// It is not theirs to do.
        Refused => "refused",
    }
}

impl Outcome {
    /// Of what a command answered; none for what is no answer about rights, and for FORBIDDEN, which has a line of its own.
    pub fn of<T>(result: &Result<T, Error>) -> Option<Self> {
        match result {
            Ok(_) => Some(Outcome::Success),
            Err(Error::User(_)) => Some(Outcome::Failure),
            Err(Error::Refused(Refused::RateLimited(_))) => Some(Outcome::Throttled),
            Err(Error::Refused(_) | Error::Unavailable(_) | Error::Internal(_)) => None,
        }
    }
}

/// A line.
#[derive(Clone, Debug)]
pub struct SecurityEvent<'a> {
    /// What was tried.
    pub kind: Kind,
    /// What came of it.
    pub outcome: Outcome,
    /// From where: an address, or `local` for a command on the machine itself.
    pub address: &'a str,
    /// Who did it, or whose account it was tried at; the number of the account.
    pub person: Option<UserId>,
    /// Over which sign-in.
    pub session: Option<SessionId>,
    /// Whom it concerns, where that is somebody else.
    pub subject: Option<UserId>,
    /// What else there is to say, as `name=value`.
    pub detail: Option<String>,
}

impl<'a> SecurityEvent<'a> {
    /// A line that says no more than this.
    pub fn new(kind: Kind, outcome: Outcome, address: &'a str) -> Self {
        SecurityEvent { kind, outcome, address, person: None, session: None, subject: None, detail: None }
    }

    /// Writes it. Text is quoted, and what is no printable character in it is escaped, whatever the form of the log.
    pub fn write(&self) {
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    target: TARGET,
                    event = self.kind.name(),
                    outcome = self.outcome.name(),
                    address = self.address,
                    person = self.person.map(|person| person.0),
                    session = self.session.map(|session| session.0),
                    subject = self.subject.map(|subject| subject.0),
                    detail = self.detail.as_deref(),
                )
            };
        }
        match self.outcome {
            Outcome::Success => line!(info),
            Outcome::Failure | Outcome::Throttled | Outcome::Refused => line!(warn),
        }
    }
}
