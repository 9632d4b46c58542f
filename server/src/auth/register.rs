//! Making an account. The first one is the administrator's, however many ask at once.

use std::time::Duration;

use domain::fanout::{Announcement, TOLD_AT_ONCE};
use domain::{Code, Role, validate};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, NotSet, QueryFilter,
    QueryOrder, QuerySelect, Set, Unchanged,
};

use super::email::email;
use super::opaque::OpaqueToken;
use super::password;
use super::session::{self, SignIn, Visitor};
use crate::app::App;
use crate::company;
use crate::db::columns::{Locale, Stored, Theme, Timestamp};
use crate::db::days::zone;
use crate::db::{Constraint, Write, violated};
use crate::entity::invitation::{self, State as InvitationState};
use crate::entity::user;
use crate::error::{Error, Faults, Result, UserErrorCode};
use crate::log::{self, Event, Fact};
use crate::security::{Kind, Outcome, SecurityEvent};

/// Where days begin for who did not say: most of the people that the product is made for live by this time.
pub const DEFAULT_TIME_ZONE: &str = "Europe/Moscow";

/// A newcomer is new for so long: of more than a few at once administrators are not told.
const NEW: Duration = Duration::from_hours(1);

/// What a person says of themselves.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of the contract's RegisterInput")]
pub struct Registration {
    pub name: String,
    pub email: String,
    pub password: String,
    pub invitation: Option<String>,
    pub time_zone: Option<String>,
    pub locale: Option<Locale>,
}

/// An account to be made, checked.
pub(super) struct Account {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) password_hash: String,
    pub(super) role: Role,
    pub(super) time_zone: String,
    pub(super) locale: Option<Locale>,
}

/// Makes an account and signs in: an administrator's if it is the first, else a manager's, or what the invitation says.
pub async fn register(app: &App, visitor: &Visitor, registration: Registration) -> Result<SignIn> {
    let mut faults = Faults::default();
    let name = faults.check(validate::name(&registration.name), ["input", "name"]);
    let address = faults.check(email(&registration.email), ["input", "email"]);
    let names = [registration.name.as_str(), registration.email.as_str()];
    password::check(&mut faults, &registration.password, &names, ["input", "password"]);
    let time_zone = match registration.time_zone.as_deref() {
        // What a browser says that does not know it.
        None | Some("" | "Etc/Unknown") => DEFAULT_TIME_ZONE.to_owned(),
        Some(name) => zone(name).map(|zone| zone.name().to_owned()).unwrap_or_else(|| {
            faults.add(UserErrorCode::Invalid, ["input", "timeZone"]);
            String::new()
        }),
    };
    faults.finish()?;
    let invitation = match registration.invitation.as_deref() {
        None => None,
        Some(token) => Some(OpaqueToken::parse(token).ok_or_else(expired)?),
    };
    // What is refused anyway does not cost a hash.
    if !has_account(app.db.reads()).await? {
        // The first: needs no invitation.
    } else if let Some(invitation) = &invitation {
        let found = of_token(invitation).one(app.db.reads()).await?;
        good(app.db.reads(), found, app.clock.now()).await?.ok_or_else(|| {
            SecurityEvent::new(Kind::InvitationUse, Outcome::Failure, &visitor.address).write();
            expired()
        })?;
    } else if company::is_registration_open(&app.config, app.db.reads()).await? {
        app.throttles.registration(&visitor.address, app.clock.now()).inspect_err(|_| {
            SecurityEvent::new(Kind::Registration, Outcome::Throttled, &visitor.address).write();
        })?;
    } else {
        return Err(closed());
    }
    let precedence = visitor.precedence(invitation.is_some());
    let password_hash = app.hashing.hash(&registration.password, app.random, precedence).await?;

    let now = app.clock.now();
    let write = app.db.write().await?;
    let first = is_first(&write).await?;
    let invitation = match &invitation {
        Some(token) if !first => {
            let found = of_token(token).lock(LockType::NoKeyUpdate).one(&*write).await?;
            Some(good(&*write, found, now).await?.ok_or_else(expired)?)
        }
        _ => None,
    };
    let role = match (&invitation, first) {
        (_, true) => Role::Admin,
        (Some(invitation), false) => invitation.role.0,
        (None, false) if company::is_registration_open(&app.config, &*write).await? => Role::Manager,
        (None, false) => return Err(closed()),
    };
    let account =
        Account { name, email: address, password_hash, role, time_zone, locale: registration.locale };
    let announcement = Announcement::after(lately(&write, now).await?);
    let person = create(&write, account, announcement, now).await?;
    if let Some(invitation) = &invitation {
        let used = invitation::ActiveModel {
            id: Unchanged(invitation.id),
            used_at: Set(Some(now)),
            used_by: Set(Some(person.id)),
            ..Default::default()
        };
        used.update(&*write).await?;
    }
    let opened = session::open(app, &write, person, visitor, now).await?;
    write.commit().await?;
    tell(visitor, &opened, invitation.as_ref());
    Ok(opened)
}

fn tell(visitor: &Visitor, opened: &SignIn, invitation: Option<&invitation::Model>) {
    let (kind, by) = match invitation {
        None => (Kind::Registration, None),
        Some(used) => {
            (Kind::InvitationUse, Some(format!(" invitation={} maker={}", used.id.0, used.created_by.0)))
        }
    };
    SecurityEvent {
        person: Some(opened.person.id),
        session: Some(opened.session),
        detail: Some(format!("role={}{}", opened.person.role.0.code(), by.unwrap_or_default())),
        ..SecurityEvent::new(kind, Outcome::Success, &visitor.address)
    }
    .write();
}

/// Writes the account and that it was made; by its own person where no other actor is named.
/// How many of those who came last are still new, as far as that matters.
async fn lately(write: &Write, now: Timestamp) -> Result<usize> {
    let last: Vec<Timestamp> = user::Entity::find()
        .select_only()
        .column(user::Column::CreatedAt)
        .order_by_desc(user::Column::Id)
        .limit(u64::try_from(TOLD_AT_ONCE).unwrap_or(u64::MAX))
        .into_tuple()
        .all(&**write)
        .await?;
    Ok(last.into_iter().filter(|created| *created > now.minus(NEW)).count())
}

/// Writes the account and that it was made.
pub(super) async fn create(
    write: &Write,
    account: Account,
    announcement: Announcement,
    now: Timestamp,
) -> Result<user::Model> {
    let row = user::ActiveModel {
        id: NotSet,
        name_key: Set(validate::fold(&account.name)),
        name: Set(account.name),
        email: Set(account.email),
        password_hash: Set(account.password_hash),
        role: Set(Stored(account.role)),
        active: Set(true),
        locale: Set(account.locale.map(Stored)),
        theme: Set(Stored(Theme::System)),
        time_zone: Set(account.time_zone),
        shortcuts: Set(true),
        created_at: Set(now),
        last_seen_at: Set(None),
    };
    let person = row.insert(&**write).await.map_err(|error| match violated(&error) {
        Some(Constraint::UserEmail) => Error::user(UserErrorCode::Taken, ["input", "email"]),
        Some(Constraint::IdempotencyKey | Constraint::OverdueOnce | Constraint::RefreshSuccessor) | None => {
            error.into()
        }
    })?;
    let fact = Fact { actor: Some(person.id), task: None, subject: Some(person.id), at: now };
    log::append(write, fact, Event::UserRegistered { announcement }).await?;
    Ok(person)
}

/// Whether anybody has an account.
pub async fn has_account<C: ConnectionTrait>(db: &C) -> Result<bool> {
    let any = user::Entity::find().select_only().column(user::Column::Id).limit(1);
    Ok(any.into_tuple::<i64>().one(db).await?.is_some())
}

/// Whether the account about to be made is the first. Of those that ask at once, one is told so.
async fn is_first(write: &Write) -> Result<bool> {
    if has_account(&**write).await? {
        return Ok(false);
    }
    if write.get_database_backend() == DatabaseBackend::Postgres {
        write.execute_unprepared("SELECT pg_advisory_xact_lock(hashtext('vekha.first-account'))").await?;
    }
    Ok(!has_account(&**write).await?)
}

fn of_token(token: &OpaqueToken) -> sea_orm::Select<invitation::Entity> {
    invitation::Entity::find().filter(invitation::Column::TokenHash.eq(token.hash()))
}

/// The invitation, if it is open and whoever made it may still let people in.
async fn good<C: ConnectionTrait>(
    db: &C,
    found: Option<invitation::Model>,
    now: Timestamp,
) -> Result<Option<invitation::Model>> {
    let Some(found) = found.filter(|found| found.state(now) == InvitationState::Open) else {
        return Ok(None);
    };
    Ok(password::maker_stands(db, found.created_by).await?.then_some(found))
}

fn expired() -> Error {
    Error::user(UserErrorCode::Expired, ["input", "invitation"])
}

fn closed() -> Error {
    Error::user(UserErrorCode::RegistrationClosed, ["input"])
}
