//! What the company as a whole has decided, so far who may register. Read anew whenever it matters: a decision is in force at once, in every
//! process.

pub mod graphql;

use domain::policy::Capability;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QuerySelect, Set};

use crate::app::App;
use crate::auth::Viewer;
use crate::config::{Config, Registration};
use crate::entity::company;
use crate::error::{Error, Result, UserErrorCode};
use crate::log::{self, Event, Fact};

/// The one row.
const ID: i64 = 1;

/// What is to change; what is `None` stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct Changes {
    /// Whether somebody without an invitation may register.
    pub open_registration: Option<bool>,
}

/// What was decided.
pub async fn read<C: ConnectionTrait>(db: &C) -> Result<company::Model> {
    let row = company::Entity::find_by_id(ID).one(db).await?;
    row.ok_or(Error::internal("the company has no row"))
}

/// Whether somebody without an invitation may register: as the installation was told at its start, or else as an administrator has decided.
pub async fn is_registration_open<C: ConnectionTrait>(config: &Config, db: &C) -> Result<bool> {
    match config.registration {
        Some(registration) => Ok(registration == Registration::Open),
        None => Ok(read(db).await?.open_registration),
    }
}

/// Decides otherwise.
///
/// # Errors
/// `STALE_VERSION` at `input.version`; `NOT_ALLOWED` at `input.openRegistration` where the installation was told at its start.
pub async fn update(app: &App, viewer: &Viewer, version: i64, changes: Changes) -> Result<company::Model> {
    viewer.require(Capability::ManagePeople)?;
    if changes.open_registration.is_some() && app.config.registration.is_some() {
        return Err(Error::user(UserErrorCode::NotAllowed, ["input", "openRegistration"]));
    }
    let now = app.clock.now();
    let write = app.db.write().await?;
    let before = company::Entity::find_by_id(ID).lock_exclusive().one(&*write).await?;
    let before = before.ok_or(Error::internal("the company has no row"))?;
    if before.version != version {
        return Err(Error::user(UserErrorCode::StaleVersion, ["input", "version"]));
    }
    let open_registration = changes.open_registration.unwrap_or(before.open_registration);
    if open_registration == before.open_registration {
        return Ok(before);
    }
    let mut changed = before.into_active_model();
    changed.open_registration = Set(open_registration);
    changed.version = Set(version.saturating_add(1));
    let changed = changed.update(&*write).await?;
    let fact = Fact { actor: Some(viewer.id), task: None, subject: None, at: now };
    log::append(&write, fact, Event::CompanyUpdated { open_registration }).await?;
    write.commit().await?;
    Ok(changed)
}
