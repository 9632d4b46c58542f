//! Signing in with a password. Says nothing about whether there is such an account, not even by the time it takes.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set, Unchanged};

use super::backoff::{self, Guess};
use super::email::email;
use super::hashing::Verdict;
use super::password;
use super::session::{self, SignIn, Visitor};
use crate::app::App;
use crate::db::columns::UserId;
use crate::entity::{session as session_row, user};
use crate::error::{Error, Result, UserErrorCode};

/// Signs in.
///
/// # Errors
/// WRONG_CREDENTIALS for an unknown address, a wrong password and a disabled account alike; `RateLimited` after too many.
pub async fn login(app: &App, visitor: &Visitor, email: &str, password: &str) -> Result<SignIn> {
    let (email, found) = named(app, email).await?;
    let familiar = is_familiar(app, found.as_ref().map(|found| found.id), visitor).await?;
    let guess = Guess { email: &email, address: &visitor.address, familiar };
    let attempt = backoff::count(app, guess).await?;
    let hash = found.as_ref().map(|found| found.password_hash.as_str());
    let verdict = match app.hashing.verify(password, hash).await {
        Ok(verdict) => verdict,
        Err(error) => {
            backoff::take_back(app, &attempt).await?;
            return Err(error);
        }
    };
    let right = verdict != Verdict::Wrong;
    let person = found.filter(|found| right && found.active).ok_or_else(wrong)?;
    let stronger = match verdict {
        Verdict::RightButWeak => Some(app.hashing.hash(password, app.random).await?),
        Verdict::Right | Verdict::Wrong => None,
    };
    backoff::forgive(app, &attempt).await?;

    let now = app.clock.now();
    let write = app.db.write().await?;
    let held = password::locked(&write, person.id).await?;
    // While the password was looked at, it may have been changed, or the person disabled.
    let held =
        held.filter(|held| held.active && held.password_hash == person.password_hash).ok_or_else(wrong)?;
    let held = match stronger {
        None => held,
        Some(hash) => {
            let rehashed =
                user::ActiveModel { id: Unchanged(held.id), password_hash: Set(hash), ..Default::default() };
            rehashed.update(&*write).await?
        }
    };
    let opened = session::open(app, &write, held, visitor, now).await?;
    write.commit().await?;
    Ok(opened)
}

/// The address in its one form, and whose it is. Accounts of earlier versions may have one of another form, which is nobody's
/// else: as it was typed it finds them.
async fn named(app: &App, typed: &str) -> Result<(String, Option<user::Model>)> {
    let as_typed = typed.trim().to_lowercase();
    let email = email(typed).unwrap_or_else(|_| as_typed.clone());
    let either = user::Column::Email.is_in([&email, &as_typed]);
    let found = user::Entity::find().filter(either).all(app.db.reads()).await?;
    let exact = found.iter().position(|found| found.email == as_typed).unwrap_or_default();
    let found = found.into_iter().nth(exact);
    Ok((found.as_ref().map_or(email, |found| found.email.clone()), found))
}

/// Whether the person has signed in from there. Asked for an unknown person too, so that both cost the same.
async fn is_familiar(app: &App, person: Option<UserId>, visitor: &Visitor) -> Result<bool> {
    let known = session_row::Entity::find()
        .select_only()
        .column(session_row::Column::Id)
        .filter(session_row::Column::UserId.eq(person.unwrap_or(UserId(0))))
        .filter(session_row::Column::Address.eq(&visitor.address))
        .limit(1)
        .into_tuple::<i64>()
        .one(app.db.reads())
        .await?;
    Ok(known.is_some())
}

fn wrong() -> Error {
    Error::user(UserErrorCode::WrongCredentials, ["input"])
}
