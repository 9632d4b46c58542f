//! The one-time link by which an administrator lets somebody set a new password. The token is in the fragment of the address,
//! which browsers send to no server: it is in no log and no `Referer`.

use std::time::Duration;

use domain::policy::{Capability, may_let_in};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, NotSet, QueryFilter, QueryOrder, QuerySelect, Set,
};

use crate::app::App;
use crate::auth::{self, OpaqueToken, Viewer};
use crate::config::Config;
use crate::db::columns::UserId;
use crate::entity::{password_reset, user};
use crate::error::{Error, Refused, Result, UserErrorCode};
use crate::link::{self, Link};

/// How long a link that sets a new password is good.
const PASSWORD_RESET: Duration = Duration::from_hours(1);

/// A link that sets this person's password once. Those made before are of no use any more.
///
/// # Errors
/// `NOT_FOUND` at `id`; `NOT_ALLOWED` there for a disabled person, whom it would not let in.
pub async fn password_reset_link(app: &App, viewer: &Viewer, id: Option<UserId>) -> Result<Link> {
    viewer.require(Capability::ManagePeople)?;
    let absent = || Error::user(UserErrorCode::NotFound, ["id"]);
    let id = id.ok_or_else(absent)?;
    let now = app.clock.now();
    let token = OpaqueToken::generate(app.random)?;
    let expires_at = now.plus(PASSWORD_RESET);
    let write = app.db.write().await?;
    // In the order of ids, as by everybody who holds several.
    let held = user::Entity::find()
        .filter(user::Column::Id.is_in([viewer.id, id]))
        .order_by_asc(user::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(&*write)
        .await?;
    may_give(held.iter().find(|person| person.id == viewer.id))?;
    if !held.iter().find(|person| person.id == id).ok_or_else(absent)?.active {
        return Err(Error::user(UserErrorCode::NotAllowed, ["id"]));
    }
    auth::password::void_links(&write, id, now).await?;
    let row = password_reset::ActiveModel {
        id: NotSet,
        token_hash: Set(token.hash()),
        user_id: Set(id),
        created_by: Set(viewer.id),
        created_at: Set(now),
        expires_at: Set(expires_at),
        used_at: Set(None),
    };
    row.insert(&*write).await?;
    write.commit().await?;
    Ok(Link { url: address(&app.config, "reset#token", &token), expires_at })
}

/// Whether they may still give links out, now that their row is held: they may have been demoted since they asked.
pub(super) fn may_give(giver: Option<&user::Model>) -> Result<()> {
    let may = giver.is_some_and(|giver| may_let_in(giver.role.0, giver.active));
    if may { Ok(()) } else { Err(Error::Refused(Refused::Forbidden)) }
}

/// Where the token is to be brought.
pub(super) fn address(config: &Config, place: &str, token: &OpaqueToken) -> String {
    format!("{}/{place}={}", link::origin(config), token.reveal())
}
