//! Sessions: one for each sign-in on a device. Opened and ended here alone; whoever ends one tells the log, so that its sockets
//! are cut.

use std::time::Duration;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, NotSet, QueryFilter, QueryOrder, QuerySelect, Set,
    Unchanged,
};

use super::access_token::{self, AccessToken};
use super::opaque::OpaqueToken;
use super::{Precedence, Viewer, refresh};
use crate::app::App;
use crate::db::columns::{SessionId, Timestamp, UserId};
use crate::db::{Database, Write};
use crate::entity::{refresh_token, session, user};
use crate::error::{Error, Result, UserErrorCode};
use crate::log::{self, Event, Fact};
use domain::policy::Capability;

/// A sign-in ends after so long, whatever it was used for.
pub const ABSOLUTE: Duration = Duration::from_hours(30 * 24);
/// A sign-in that is not used for so long ends.
pub const IDLE: Duration = Duration::from_hours(7 * 24);
/// What a device calls itself is cut to so many characters.
const DEVICE: usize = 200;
/// Sessions that one event names.
const ENDED_AT_ONCE: usize = 1_000;
/// Ended sessions are kept for so long, so that what they did can be traced.
const KEPT: Duration = Duration::from_hours(90 * 24);

/// From where somebody asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// The address of the peer.
    pub address: String,
    /// What the device calls itself.
    pub device: String,
}

impl Visitor {
    /// As whom their passwords are hashed.
    pub(super) fn precedence(&self, known: bool) -> Precedence {
        Precedence::of(known, &self.address)
    }
}

/// Somebody is signed in.
#[derive(Debug)]
pub struct SignIn {
    /// Who.
    pub person: user::Model,
    /// Over which session.
    pub session: SessionId,
    /// What lets them ask.
    pub access: AccessToken,
    /// What gets them the next access token.
    pub refresh: OpaqueToken,
    /// The end of that.
    pub refresh_expires_at: Timestamp,
}

/// Opens a session for a person.
pub(super) async fn open(
    app: &App,
    write: &Write,
    person: user::Model,
    visitor: &Visitor,
    now: Timestamp,
) -> Result<SignIn> {
    let opened = session::ActiveModel {
        id: NotSet,
        user_id: Set(person.id),
        created_at: Set(now),
        last_used_at: Set(now),
        expires_at: Set(now.plus(ABSOLUTE)),
        ended_at: Set(None),
        device: Set(device(&visitor.device)),
        address: Set(visitor.address.clone()),
    };
    let opened = opened.insert(&**write).await?;
    let seen =
        user::ActiveModel { id: Unchanged(person.id), last_seen_at: Set(Some(now)), ..Default::default() };
    let person = seen.update(&**write).await?;
    let (refresh, expires_at) = refresh::issue(app, write, &opened, None, now).await?;
    signed_in(app, person, &opened, refresh, expires_at, now)
}

/// What the client is given.
pub(super) fn signed_in(
    app: &App,
    person: user::Model,
    session: &session::Model,
    refresh: OpaqueToken,
    refresh_expires_at: Timestamp,
    now: Timestamp,
) -> Result<SignIn> {
    let access = access_token::issue(&app.secrets, person.id, session.id, now)?;
    Ok(SignIn { person, session: session.id, access, refresh, refresh_expires_at })
}

/// The sessions of a person that are alive, the one used last first.
pub async fn alive(db: &Database, person: UserId, now: Timestamp) -> Result<Vec<session::Model>> {
    let rows = session::Entity::find()
        .filter(session::Column::UserId.eq(person))
        .filter(is_alive(now))
        .order_by_desc(session::Column::LastUsedAt)
        .order_by_desc(session::Column::Id);
    Ok(rows.all(db.reads()).await?)
}

/// A session that is alive, if it is the viewer's own or the viewer manages people.
pub async fn visible(app: &App, viewer: &Viewer, id: SessionId) -> Result<Option<session::Model>> {
    let row = session::Entity::find_by_id(id).filter(is_alive(app.clock.now())).one(app.db.reads()).await?;
    Ok(row.filter(|row| is_visible(viewer, row)))
}

fn is_visible(viewer: &Viewer, row: &session::Model) -> bool {
    row.user_id == viewer.id || viewer.role.can(Capability::ManagePeople)
}

/// What makes a session one that its person is signed in over.
pub(super) fn is_alive(now: Timestamp) -> Condition {
    Condition::all()
        .add(session::Column::EndedAt.is_null())
        .add(session::Column::ExpiresAt.gt(now))
        .add(session::Column::LastUsedAt.gt(now.minus(IDLE)))
}

/// Signs the viewer out of the session over which they ask.
pub async fn logout(app: &App, viewer: &Viewer) -> Result<()> {
    let write = app.db.write().await?;
    let this = session::Column::Id.eq(viewer.session).into();
    end(&write, viewer.id, this, Some(viewer.id), app.clock.now()).await?;
    Ok(write.commit().await?)
}

/// Ends one session: the viewer's own, or anybody's where the viewer manages people.
pub async fn end_one(app: &App, viewer: &Viewer, id: Option<SessionId>) -> Result<Vec<SessionId>> {
    let absent = || Error::user(UserErrorCode::NotFound, ["id"]);
    let id = id.ok_or_else(absent)?;
    let now = app.clock.now();
    let write = app.db.write().await?;
    let found = session::Entity::find_by_id(id).filter(is_alive(now)).one(&*write).await?;
    let found = found.filter(|found| is_visible(viewer, found)).ok_or_else(absent)?;
    let ended = end(&write, found.user_id, session::Column::Id.eq(id).into(), Some(viewer.id), now).await?;
    write.commit().await?;
    Ok(ended)
}

/// Ends every session of the viewer but the one over which they ask.
pub async fn end_others(app: &App, viewer: &Viewer) -> Result<Vec<SessionId>> {
    let write = app.db.write().await?;
    let ended = end_all(&write, viewer.id, Some(viewer.session), Some(viewer.id), app.clock.now()).await?;
    write.commit().await?;
    Ok(ended)
}

/// Ends every session of a person, or every one but that.
pub(crate) async fn end_all(
    write: &Write,
    person: UserId,
    but: Option<SessionId>,
    actor: Option<UserId>,
    now: Timestamp,
) -> Result<Vec<SessionId>> {
    let which = Condition::all().add_option(but.map(|kept| session::Column::Id.ne(kept)));
    end(write, person, which, actor, now).await
}

/// Ends those sessions of a person that have not ended, and tells the log which.
pub(super) async fn end(
    write: &Write,
    person: UserId,
    which: Condition,
    actor: Option<UserId>,
    now: Timestamp,
) -> Result<Vec<SessionId>> {
    let open = session::Entity::find()
        .filter(session::Column::UserId.eq(person))
        .filter(session::Column::EndedAt.is_null())
        .filter(which)
        .order_by_asc(session::Column::Id)
        .lock_exclusive()
        .all(&**write)
        .await?;
    let ids: Vec<SessionId> = open.iter().map(|session| session.id).collect();
    if ids.is_empty() {
        return Ok(ids);
    }
    let fact = Fact { actor, task: None, subject: Some(person), at: now };
    // A program that signs in every minute and never out has tens of thousands.
    for some in ids.chunks(ENDED_AT_ONCE) {
        session::Entity::update_many()
            .set(session::ActiveModel { ended_at: Set(Some(now)), ..Default::default() })
            .filter(session::Column::Id.is_in(some.iter().copied()))
            .exec(&**write)
            .await?;
        log::append(write, fact, Event::SessionsEnded { sessions: some.to_vec() }).await?;
    }
    Ok(ids)
}

/// Deletes the refresh tokens of sessions that are over, and those sessions some time after.
pub(super) async fn forget_old(db: &Database, now: Timestamp) -> Result<()> {
    let over = |since: Timestamp| {
        let over = Condition::any()
            .add(session::Column::EndedAt.lt(since))
            .add(session::Column::ExpiresAt.lt(since));
        session::Entity::find().select_only().column(session::Column::Id).filter(over)
    };
    let write = db.write().await?;
    refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::SessionId.in_subquery(QuerySelect::query(&mut over(now)).to_owned()))
        .exec(&*write)
        .await?;
    let long_over = over(now.minus(KEPT));
    session::Entity::delete_many()
        .filter(session::Column::Id.in_subquery(sea_orm::QueryTrait::into_query(long_over)))
        .exec(&*write)
        .await?;
    Ok(write.commit().await?)
}

fn device(name: &str) -> String {
    name.chars().filter(|character| !character.is_control()).take(DEVICE).collect()
}
