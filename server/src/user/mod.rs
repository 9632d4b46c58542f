//! Commands on people: roles, who may sign in, invitations and reset links, profiles. Passwords and sessions are
//! [`crate::auth`]'s.

pub mod graphql;
pub mod invitation;
mod link;
mod profile;
pub mod query;

use domain::Role;
use domain::policy::{Capability, may_let_in, removes_last_admin};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
};

pub use link::password_reset_link;
pub use profile::{ProfileChanges, update_profile};

use crate::app::App;
use crate::auth::{self, Viewer};
use crate::db::Write;
use crate::db::columns::{Stored, Timestamp, UserId};
use crate::entity::user;
use crate::error::{Error, Refused, Result, UserErrorCode};
use crate::log::{self, Event, Fact};

/// Gives a person another role.
///
/// # Errors
/// `NOT_FOUND` at `id`; `SAME_VALUE` and `LAST_ADMIN` at `role`.
pub async fn change_role(app: &App, viewer: &Viewer, id: Option<UserId>, role: Role) -> Result<user::Model> {
    viewer.require(Capability::ManagePeople)?;
    let now = app.clock.now();
    let write = app.db.write().await?;
    let (person, other_admins) = to_be_changed(&write, viewer, id).await?;
    let from = person.role.0;
    if from == role {
        return Err(Error::user(UserErrorCode::SameValue, ["role"]));
    }
    let was_admin = is_active_admin(from, person.active);
    if removes_last_admin(was_admin, is_active_admin(role, person.active), other_admins) {
        return Err(Error::user(UserErrorCode::LastAdmin, ["role"]));
    }
    let mut changed = person.into_active_model();
    changed.role = Set(Stored(role));
    let changed = changed.update(&*write).await?;
    tell(&write, viewer, &changed, Event::RoleChanged { from, to: role }, now).await?;
    if !may_let_in(role, changed.active) {
        invitation::void_what_was_given_by(&write, changed.id, now).await?;
    }
    write.commit().await?;
    Ok(changed)
}

/// Lets a person sign in or no longer; a disabled person's sessions end.
///
/// # Errors
/// `NOT_FOUND` at `id`; `SAME_VALUE` and `LAST_ADMIN` at `active`.
pub async fn change_active(
    app: &App,
    viewer: &Viewer,
    id: Option<UserId>,
    active: bool,
) -> Result<user::Model> {
    viewer.require(Capability::ManagePeople)?;
    let now = app.clock.now();
    let write = app.db.write().await?;
    let (person, other_admins) = to_be_changed(&write, viewer, id).await?;
    let role = person.role.0;
    if person.active == active {
        return Err(Error::user(UserErrorCode::SameValue, ["active"]));
    }
    let was_admin = is_active_admin(role, person.active);
    if removes_last_admin(was_admin, is_active_admin(role, active), other_admins) {
        return Err(Error::user(UserErrorCode::LastAdmin, ["active"]));
    }
    let mut changed = person.into_active_model();
    changed.active = Set(active);
    let changed = changed.update(&*write).await?;
    tell(&write, viewer, &changed, Event::UserActiveChanged { active }, now).await?;
    if !active {
        auth::password::void_links(&write, changed.id, now).await?;
        invitation::void_what_was_given_by(&write, changed.id, now).await?;
        auth::session::end_all(&write, changed.id, None, Some(viewer.id), now).await?;
    }
    write.commit().await?;
    Ok(changed)
}

fn is_active_admin(role: Role, active: bool) -> bool {
    active && role == Role::Admin
}

/// The person, held until the end of the transaction together with every active administrator, and how many of those there
/// are beside the person. Whoever changes an administrator holds all of them, in the order of ids: of two who would each remove
/// the other, one comes second and finds themselves no longer entitled.
async fn to_be_changed(write: &Write, viewer: &Viewer, id: Option<UserId>) -> Result<(user::Model, u64)> {
    let absent = || Error::user(UserErrorCode::NotFound, ["id"]);
    let id = id.ok_or_else(absent)?;
    let admins = user::Entity::find()
        .filter(user::Column::Role.eq(Stored(Role::Admin)))
        .filter(user::Column::Active.eq(true))
        .order_by_asc(user::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(&**write)
        .await?;
    if admins.iter().all(|admin| admin.id != viewer.id) {
        return Err(Error::Refused(Refused::Forbidden));
    }
    let person = user::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(&**write).await?;
    let others = admins.iter().filter(|admin| admin.id != id).count();
    Ok((person.ok_or_else(absent)?, u64::try_from(others).unwrap_or(u64::MAX)))
}

async fn tell(
    write: &Write,
    viewer: &Viewer,
    person: &user::Model,
    event: Event,
    now: Timestamp,
) -> Result<()> {
    let fact = Fact { actor: Some(viewer.id), task: None, subject: Some(person.id), at: now };
    log::append(write, fact, event).await?;
    Ok(())
}
