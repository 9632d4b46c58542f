//! What a person says of themselves and how they like the client.

use domain::validate;
use sea_orm::{ActiveModelTrait, NotSet, Set, Unchanged};

use super::tell;
use crate::app::App;
use crate::auth::{self, Viewer};
use crate::db::columns::{Locale, Stored, Theme};
use crate::db::days::zone;
use crate::db::{Constraint, violated};
use crate::entity::user;
use crate::error::{Error, Faults, Refused, Result, UserErrorCode};
use crate::log::Event;

/// What is to change; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ProfileChanges {
    /// 1 to 100 characters.
    pub name: Option<String>,
    /// The address to sign in by.
    pub email: Option<String>,
    /// A language, or again whatever the device speaks.
    pub locale: Option<Option<Locale>>,
    /// How the client looks.
    pub theme: Option<Theme>,
    /// Where days begin, by its IANA name.
    pub time_zone: Option<String>,
    /// Whether single keys act.
    pub shortcuts: Option<bool>,
}

/// Changes the viewer's own profile.
pub async fn update_profile(app: &App, viewer: &Viewer, changes: ProfileChanges) -> Result<user::Model> {
    let mut faults = Faults::default();
    let name = changes.name.map(|name| faults.check(validate::name(&name), ["input", "name"]));
    let email = changes.email.map(|email| faults.check(auth::email(&email), ["input", "email"]));
    let time_zone = changes.time_zone.and_then(|name| {
        let known = zone(&name).map(|zone| zone.name().to_owned());
        if known.is_none() {
            faults.add(UserErrorCode::Invalid, ["input", "timeZone"]);
        }
        known
    });
    faults.finish()?;

    let now = app.clock.now();
    let write = app.db.write().await?;
    let before = auth::password::locked(&write, viewer.id).await?;
    let before = before.ok_or(Error::Refused(Refused::Unauthenticated))?;
    let mut after = before.clone();
    if let Some(name) = name {
        after.name_key = validate::fold(&name);
        after.name = name;
    }
    after.email = email.unwrap_or(after.email);
    after.locale = changes.locale.map_or(after.locale, |locale| locale.map(Stored));
    after.theme = changes.theme.map_or(after.theme, Stored);
    after.time_zone = time_zone.unwrap_or(after.time_zone);
    after.shortcuts = changes.shortcuts.unwrap_or(after.shortcuts);
    if after == before {
        return Ok(before);
    }
    let changed = user::ActiveModel {
        id: Unchanged(after.id),
        name: Set(after.name),
        name_key: Set(after.name_key),
        email: Set(after.email),
        // What was not chosen now may have been chosen in a later version, by a name that this one does not know.
        locale: if after.locale == before.locale { NotSet } else { Set(after.locale) },
        theme: if after.theme == before.theme { NotSet } else { Set(after.theme) },
        time_zone: Set(after.time_zone),
        shortcuts: Set(after.shortcuts),
        ..Default::default()
    };
    let after = changed.update(&*write).await.map_err(|error| match violated(&error) {
        Some(Constraint::UserEmail) => Error::user(UserErrorCode::Taken, ["input", "email"]),
        Some(Constraint::IdempotencyKey | Constraint::OverdueOnce | Constraint::RefreshSuccessor) | None => {
            error.into()
        }
    })?;
    tell(&write, viewer, &after, Event::UserUpdated, now).await?;
    write.commit().await?;
    Ok(after)
}
