//! Invitations: links by which one person registers with a role. Listed and taken back by administrators, and void as soon as
//! whoever made one may not let people in any more.

use std::time::Duration;

use domain::Role;
use domain::policy::Capability;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, NotSet, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, Set, Unchanged,
};

use super::link::{address, may_give};
use crate::app::App;
use crate::auth::{OpaqueToken, Viewer, password};
use crate::db::Write;
use crate::db::columns::{InvitationId, Stored, Timestamp, UserId};
use crate::db::page::{Page, PageRequest};
use crate::entity::invitation::{self, State};
use crate::error::{Error, Result, UserErrorCode};
use crate::link::Link;

/// How long an invitation is good.
const VALID: Duration = Duration::from_hours(7 * 24);
/// So many open invitations of one person there may be.
pub const OPEN_AT_MOST: u64 = 50;

/// An invitation that was just made, and the only copy of its link.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The invitation.
    pub invitation: invitation::Model,
    /// What to hand over.
    pub link: Link,
}

/// A link that registers one person with this role.
///
/// # Errors
/// `TOO_MANY` at `input` while the viewer has [`OPEN_AT_MOST`] open ones.
pub async fn invite(app: &App, viewer: &Viewer, role: Role) -> Result<Invited> {
    viewer.require(Capability::ManagePeople)?;
    let now = app.clock.now();
    let token = OpaqueToken::generate(app.random)?;
    let write = app.db.write().await?;
    // Held, so that of many at once no one is past the bound, and that the right to it does not end meanwhile.
    let maker = password::locked(&write, viewer.id).await?;
    may_give(maker.as_ref())?;
    let open = invitation::Entity::find()
        .filter(is(State::Open, now))
        .filter(invitation::Column::CreatedBy.eq(viewer.id))
        .count(&*write)
        .await?;
    if open >= OPEN_AT_MOST {
        return Err(Error::user(UserErrorCode::TooMany, ["input"]));
    }
    let row = invitation::ActiveModel {
        id: NotSet,
        token_hash: Set(token.hash()),
        role: Set(Stored(role)),
        created_by: Set(viewer.id),
        created_at: Set(now),
        expires_at: Set(now.plus(VALID)),
        used_at: Set(None),
        used_by: Set(None),
        revoked_at: Set(None),
    };
    let invitation = row.insert(&*write).await?;
    write.commit().await?;
    let url = address(&app.config, "register#invitation", &token);
    Ok(Invited { link: Link { url, expires_at: invitation.expires_at }, invitation })
}

/// Takes an invitation back, whoever made it.
///
/// # Errors
/// `NOT_FOUND` at `id`; `SAME_VALUE` there where it was taken back before, `EXPIRED` where it was used or is over.
pub async fn revoke(app: &App, viewer: &Viewer, id: Option<InvitationId>) -> Result<invitation::Model> {
    viewer.require(Capability::ManagePeople)?;
    let absent = || Error::user(UserErrorCode::NotFound, ["id"]);
    let id = id.ok_or_else(absent)?;
    let now = app.clock.now();
    let write = app.db.write().await?;
    let found = invitation::Entity::find_by_id(id).lock_exclusive().one(&*write).await?.ok_or_else(absent)?;
    match found.state(now) {
        State::Open => {}
        State::Revoked => return Err(Error::user(UserErrorCode::SameValue, ["id"])),
        State::Used | State::Expired => return Err(Error::user(UserErrorCode::Expired, ["id"])),
    }
    let revoked =
        invitation::ActiveModel { id: Unchanged(id), revoked_at: Set(Some(now)), ..Default::default() };
    let revoked = revoked.update(&*write).await?;
    write.commit().await?;
    Ok(revoked)
}

/// What a person gave out ends with the right to give it: their invitations, and the links that set somebody's password.
pub(super) async fn void_what_was_given_by(write: &Write, maker: UserId, now: Timestamp) -> Result<()> {
    invitation::Entity::update_many()
        .set(invitation::ActiveModel { revoked_at: Set(Some(now)), ..Default::default() })
        .filter(invitation::Column::CreatedBy.eq(maker))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .exec(&**write)
        .await?;
    password::void_links_made_by(write, maker, now).await
}

/// A page of invitations, newest first.
pub async fn page(
    app: &App,
    state: Option<State>,
    request: &PageRequest<InvitationId>,
) -> Result<Page<invitation::Model>> {
    let mut select =
        of_state(state, app.clock.now()).order_by_desc(invitation::Column::Id).limit(request.limit());
    if let Some(after) = request.after {
        select = select.filter(invitation::Column::Id.lt(after));
    }
    Ok(Page::of(request, select.all(app.db.reads()).await?))
}

/// How many invitations there are of that state, or in all.
pub async fn count(app: &App, state: Option<State>) -> Result<i64> {
    let count = of_state(state, app.clock.now()).count(app.db.reads()).await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

fn of_state(state: Option<State>, now: Timestamp) -> Select<invitation::Entity> {
    invitation::Entity::find().filter(Condition::all().add_option(state.map(|state| is(state, now))))
}

/// The same as [`invitation::Model::state`], for the database.
fn is(state: State, now: Timestamp) -> Condition {
    use invitation::Column::{ExpiresAt, RevokedAt, UsedAt};
    let unused = || Condition::all().add(UsedAt.is_null());
    match state {
        State::Used => Condition::all().add(UsedAt.is_not_null()),
        State::Revoked => unused().add(RevokedAt.is_not_null()),
        State::Expired => unused().add(RevokedAt.is_null()).add(ExpiresAt.lte(now)),
        State::Open => unused().add(RevokedAt.is_null()).add(ExpiresAt.gt(now)),
    }
}
