//! Signing in with a password. Says nothing about whether there is such an account, not even by the time it takes.

use std::sync::Arc;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, Unchanged,
};

use super::email::email;
use super::password;
use super::proof::{self, Claim, Proof};
use super::session::{self, SignIn, Visitor};
use crate::app::App;
use crate::db::columns::UserId;
use crate::entity::{session as session_row, user};
use crate::error::{Error, Result, UserErrorCode};
use crate::network;
use crate::security::{Kind, Outcome, SecurityEvent};

/// So many of a person's latest sign-ins say from where they sign in.
const REMEMBERED: u64 = 100;

/// Signs in.
///
/// # Errors
/// WRONG_CREDENTIALS for an unknown address, a wrong password and a disabled account alike; `RateLimited` after too many.
pub async fn login(app: &Arc<App>, visitor: &Visitor, email: &str, password: &str) -> Result<SignIn> {
    let (email, found) = named(app, email).await?;
    let person = found.as_ref().map(|found| found.id);
    let note = |outcome: Outcome| SecurityEvent {
        person,
        ..SecurityEvent::new(Kind::SignIn, outcome, &visitor.address)
    };
    let familiar = is_familiar(app, person, visitor).await?;
    let precedence = visitor.precedence(familiar);
    let claim = Claim {
        familiar,
        hash: found.as_ref().filter(|found| found.active).map(|found| found.password_hash.clone()),
        address: visitor.address.clone(),
        email,
    };
    let proof = proof::prove(app, claim, password).await.inspect_err(|error| {
        if proof::is_throttled(error) {
            note(Outcome::Throttled).write();
        }
    })?;
    let stronger = match proof {
        Proof::Wrong(refusal) => {
            note(Outcome::Failure).write();
            return Err(refusal.unwrap_or_else(wrong));
        }
        Proof::RightButWeak => Some(app.hashing.hash(password, app.random, precedence).await?),
        Proof::Right => None,
    };
    let person = found.ok_or_else(wrong)?;

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
    SecurityEvent { session: Some(opened.session), ..note(Outcome::Success) }.write();
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

/// Whether the person has signed in from that network. Asked for an unknown person too, so that both cost the same.
async fn is_familiar(app: &App, person: Option<UserId>, visitor: &Visitor) -> Result<bool> {
    let known = session_row::Entity::find()
        .select_only()
        .column(session_row::Column::Address)
        .filter(session_row::Column::UserId.eq(person.unwrap_or(UserId(0))))
        .order_by_desc(session_row::Column::Id)
        .limit(REMEMBERED)
        .into_tuple::<String>()
        .all(app.db.reads())
        .await?;
    let here = network::of_text(&visitor.address);
    Ok(known.iter().any(|address| network::of_text(address) == here))
}

fn wrong() -> Error {
    Error::user(UserErrorCode::WrongCredentials, ["input"])
}
