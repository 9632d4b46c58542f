//! What a person says of themselves and how they like the client.

use std::sync::Arc;

use domain::validate;
use sea_orm::{ActiveModelTrait, EntityTrait, NotSet, Set, Unchanged};

use super::tell;
use crate::app::App;
use crate::auth::{self, Viewer, Visitor};
use crate::db::columns::{Locale, Stored, Theme};
use crate::db::days::zone;
use crate::db::{Constraint, violated};
use crate::entity::user;
use crate::error::{Error, Faults, Refused, Result, UserErrorCode};
use crate::log::Event;
use crate::security::{Kind, Outcome, SecurityEvent};

/// What is to change; what is `None` stays.
#[derive(Clone, Default)]
pub struct ProfileChanges {
    /// 1 to 100 characters.
    pub name: Option<String>,
    /// The address to sign in by. Another one is set by who knows the present password.
    pub email: Option<String>,
    /// The present password, where the address changes.
    pub current_password: Option<String>,
    /// A language, or again whatever the device speaks.
    pub locale: Option<Option<Locale>>,
    /// How the client looks.
    pub theme: Option<Theme>,
    /// Where days begin, by its IANA name.
    pub time_zone: Option<String>,
    /// Whether single keys act.
    pub shortcuts: Option<bool>,
}

/// Changes the viewer's own profile. Another address of sign-in ends their other sessions, and is told to them.
///
/// # Errors
/// What is wrong with a field at `input`, and `TAKEN` at `input.email`; `REQUIRED` and `WRONG_CREDENTIALS` at `input.currentPassword`.
pub async fn update_profile(
    app: &Arc<App>,
    viewer: &Viewer,
    visitor: &Visitor,
    changes: ProfileChanges,
) -> Result<user::Model> {
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
    let proven = match &email {
        Some(email) => prove_owner(app, viewer, visitor, email, changes.current_password.as_deref()).await?,
        None => None,
    };

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
    let moves = after.email != before.email;
    // The password or the address may have been changed since it was asked for.
    if moves && proven.as_ref() != Some(&before.password_hash) {
        return Err(Error::user(UserErrorCode::WrongCredentials, CURRENT_PASSWORD));
    }
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
    if moves {
        let event = Event::EmailChanged { from: before.email.clone(), to: after.email.clone() };
        tell(&write, viewer, &after, event, now).await?;
        auth::session::end_all(&write, viewer.id, Some(viewer.session), Some(viewer.id), now).await?;
    }
    write.commit().await?;
    if moves {
        let said = SecurityEvent::new(Kind::AddressChange, Outcome::Success, &visitor.address);
        let detail = Some(format!("from={} to={}", before.email, after.email));
        SecurityEvent { person: Some(viewer.id), session: Some(viewer.session), detail, ..said }.write();
    }
    Ok(after)
}

const CURRENT_PASSWORD: [&str; 2] = ["input", "currentPassword"];

/// Asks for the present password where the address would be another; answers with the hash that it fits.
async fn prove_owner(
    app: &Arc<App>,
    viewer: &Viewer,
    visitor: &Visitor,
    email: &str,
    current: Option<&str>,
) -> Result<Option<String>> {
    let person = user::Entity::find_by_id(viewer.id).one(app.db.reads()).await?;
    let person = person.ok_or(Error::Refused(Refused::Unauthenticated))?;
    if person.email == email {
        return Ok(None);
    }
    let current = current.ok_or(Error::user(UserErrorCode::Required, CURRENT_PASSWORD))?;
    let asked = auth::password::ask_present(app, &person, visitor, current, CURRENT_PASSWORD).await;
    if let Some(outcome @ (Outcome::Failure | Outcome::Throttled)) = Outcome::of(&asked) {
        let said = SecurityEvent::new(Kind::AddressChange, outcome, &visitor.address);
        SecurityEvent { person: Some(viewer.id), session: Some(viewer.session), ..said }.write();
    }
    asked?;
    Ok(Some(person.password_hash))
}
