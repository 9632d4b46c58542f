//! Who asks.

use chrono_tz::Tz;
use domain::Role;
use domain::policy::Capability;

use crate::db::columns::{Locale, SessionId, Timestamp, UserId};
use crate::error::{Error, Refused, Result};

/// The person who asks, as they are at this request: the role is looked up each time, never carried in a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub id: UserId,
    /// Their role now.
    pub role: Role,
    /// The sign-in over which they ask.
    pub session: SessionId,
    /// The language they chose, or their browser's.
    pub locale: Locale,
    /// Where their days begin.
    pub time_zone: Tz,
    /// When the access token ends.
    pub expires_at: Timestamp,
}

impl Viewer {
    /// Refuses who lacks the capability.
    pub fn require(&self, capability: Capability) -> Result<()> {
        if self.role.can(capability) { Ok(()) } else { Err(Error::Refused(Refused::Forbidden)) }
    }
}
