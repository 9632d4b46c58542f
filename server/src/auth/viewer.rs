//! Who asks.

use std::time::Duration;

use chrono_tz::Tz;
use domain::Role;
use domain::policy::Capability;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, Set,
};

use super::access_token::{self, Identity};
use super::refresh;
use super::session::is_alive;
use crate::app::App;
use crate::db::Database;
use crate::db::columns::{Locale, SessionId, Stored, Timestamp, UserId};
use crate::entity::{session, user};
use crate::error::{Error, Refused, Result};

/// That somebody is there is written down at most so often.
const SEEN_EVERY: Duration = Duration::from_mins(5);

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

/// What of a person and their session makes a viewer.
#[derive(FromQueryResult)]
struct Row {
    role: Stored<Role>,
    locale: Option<Stored<Locale>>,
    time_zone: String,
    last_used_at: Timestamp,
    expires_at: Timestamp,
}

impl Viewer {
    /// The person of an access token, as they are now.
    ///
    /// # Errors
    /// [`Refused::Unauthenticated`] where the token is not good, the session is over or the person is disabled.
    pub async fn by_access_token(app: &App, token: &str, fallback_locale: Locale) -> Result<Viewer> {
        let now = app.clock.now();
        let identity = access_token::verify(&app.secrets, token, now)?;
        Self::of(app, identity, now, fallback_locale).await
    }

    /// The person of a refresh token, which is not used up by it: for what a browser opens by itself, since it sends its cookie
    /// and no access token.
    ///
    /// # Errors
    /// [`Refused::Unauthenticated`] where the token could not be refreshed with, or its person is disabled.
    pub async fn by_refresh_token(app: &App, presented: &str, fallback_locale: Locale) -> Result<Viewer> {
        let now = app.clock.now();
        let identity = refresh::identify(app, presented, now).await?;
        Self::of(app, identity, now, fallback_locale).await
    }

    async fn of(app: &App, identity: Identity, now: Timestamp, fallback_locale: Locale) -> Result<Viewer> {
        let row = session::Entity::find_by_id(identity.session)
            .join(JoinType::InnerJoin, person_of_session())
            .filter(user::Column::Id.eq(identity.user))
            .filter(user::Column::Active.eq(true))
            .filter(is_alive(now))
            .select_only()
            .columns([session::Column::LastUsedAt, session::Column::ExpiresAt])
            .columns([user::Column::Role, user::Column::Locale, user::Column::TimeZone])
            .into_model::<Row>()
            .one(app.db.reads())
            .await?
            .ok_or(Error::Refused(Refused::Unauthenticated))?;
        if is_long_ago(row.last_used_at, now) {
            // Beside the request: it neither waits for this nor fails with it.
            tokio::spawn(note_seen(app.db.clone(), identity, now));
        }
        Ok(Viewer {
            id: identity.user,
            role: row.role.0,
            session: identity.session,
            locale: row.locale.map_or(fallback_locale, |chosen| chosen.0),
            time_zone: row.time_zone.parse().unwrap_or(Tz::UTC),
            expires_at: identity.expires_at.min(row.expires_at),
        })
    }

    /// Refuses who lacks the capability.
    pub fn require(&self, capability: Capability) -> Result<()> {
        if self.role.can(capability) { Ok(()) } else { Err(Error::Refused(Refused::Forbidden)) }
    }
}

/// Whether what was written down is of another time: long ago, or ahead by a clock that was wrong.
fn is_long_ago(seen: Timestamp, now: Timestamp) -> bool {
    seen < now.minus(SEEN_EVERY) || seen > now.plus(SEEN_EVERY)
}

/// The same of a row, when it is written: another request may have been first.
fn not_near(now: Timestamp) -> Condition {
    Condition::any()
        .add(session::Column::LastUsedAt.lt(now))
        .add(session::Column::LastUsedAt.gt(now.plus(SEEN_EVERY)))
}

fn person_of_session() -> sea_orm::RelationDef {
    session::Entity::belongs_to(user::Entity).from(session::Column::UserId).to(user::Column::Id).into()
}

async fn note_seen(db: Database, identity: Identity, now: Timestamp) {
    if let Err(error) = try_note_seen(&db, identity, now).await {
        tracing::debug!(%error, "that a person was seen is not written down");
    }
}

async fn try_note_seen(db: &Database, identity: Identity, now: Timestamp) -> Result<()> {
    let write = db.write().await?;
    session::Entity::update_many()
        .set(session::ActiveModel { last_used_at: Set(now), ..Default::default() })
        .filter(session::Column::Id.eq(identity.session))
        .filter(not_near(now))
        .exec(&*write)
        .await?;
    user::Entity::update_many()
        .set(user::ActiveModel { last_seen_at: Set(Some(now)), ..Default::default() })
        .filter(user::Column::Id.eq(identity.user))
        .exec(&*write)
        .await?;
    Ok(write.commit().await?)
}
