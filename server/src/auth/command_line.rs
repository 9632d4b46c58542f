//! Accounts from the command line: for the first administrator of an installation that nobody may register at, and for the
//! day the last one forgets their password. Whoever may run the program may do this; nobody is asked for a password.

use domain::fanout::Announcement;
use domain::{Role, validate};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use unicode_normalization::UnicodeNormalization;

use super::email::email as address;
use super::register::{self, Account, DEFAULT_TIME_ZONE};
use super::{Precedence, password, session};
use crate::app::App;
use crate::clock::Random;
use crate::entity::user;
use crate::error::{Error, Faults, Result, UserErrorCode};
use crate::security::{Kind, Outcome, SecurityEvent};

/// A password that nobody has thought of, for who leaves the choice to the program: 128 bits.
pub fn generate_password(random: Random) -> anyhow::Result<String> {
    Ok(random.token()?.chars().take(22).collect())
}

/// Makes an account.
///
/// # Errors
/// What is wrong with `name`, `email` and `password`, by those names under `input`.
pub async fn create_user(
    app: &App,
    role: Role,
    email: &str,
    name: &str,
    password: &str,
) -> Result<user::Model> {
    let mut faults = Faults::default();
    password::check(&mut faults, password, &[name, email], ["input", "password"]);
    let name = faults.check(validate::name(&name.nfc().collect::<String>()), ["input", "name"]);
    let email = faults.check(address(email), ["input", "email"]);
    faults.finish()?;
    let password_hash = app.hashing.hash(password, app.random, Precedence::Known).await?;
    let account =
        Account { name, email, password_hash, role, time_zone: DEFAULT_TIME_ZONE.to_owned(), locale: None };
    let write = app.db.write().await?;
    let person = register::create(&write, account, Announcement::Silent, app.clock.now()).await?;
    write.commit().await?;
    tell(Kind::Registration, &person);
    Ok(person)
}

/// Sets a person's password, ends their sessions and, where they were disabled, does not change that.
///
/// # Errors
/// NOT_FOUND at `input.email`; what is wrong with the password at `input.password`.
pub async fn set_password(app: &App, email: &str, password: &str) -> Result<user::Model> {
    let mut faults = Faults::default();
    let email = faults.check(address(email), ["input", "email"]);
    password::check(&mut faults, password, &[&email], ["input", "password"]);
    faults.finish()?;
    let absent = || Error::user(UserErrorCode::NotFound, ["input", "email"]);
    let found = user::Entity::find().filter(user::Column::Email.eq(email)).one(app.db.reads()).await?;
    let found = found.ok_or_else(absent)?;
    let hash = app.hashing.hash(password, app.random, Precedence::Known).await?;
    let now = app.clock.now();
    let write = app.db.write().await?;
    let person = password::locked(&write, found.id).await?.ok_or_else(absent)?;
    let person = password::set(&write, person, hash, None, now).await?;
    session::end_all(&write, person.id, None, None, now).await?;
    write.commit().await?;
    tell(Kind::PasswordChange, &person);
    Ok(person)
}

fn tell(kind: Kind, person: &user::Model) {
    let event = SecurityEvent::new(kind, Outcome::Success, "local");
    SecurityEvent { subject: Some(person.id), ..event }.write();
}
