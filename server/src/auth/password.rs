//! Which passwords are taken, and how they are set anew: by their owner, or by a link of an administrator.

use std::sync::Arc;

use domain::policy::may_let_in;
use domain::validate;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set, Unchanged,
};

use super::guessable::is_guessable;
use super::hashing::in_one_form;
use super::opaque::OpaqueToken;
use super::proof::{self, Claim, Proof};
use super::session::{self, SignIn, Visitor};
use super::{Precedence, Viewer};
use crate::app::App;
use crate::db::Write;
use crate::db::columns::{Timestamp, UserId};
use crate::entity::{password_reset, user};
use crate::error::{Error, Faults, Refused, Result, UserErrorCode};
use crate::log::{self, Event, Fact};
use crate::security::{Kind, Outcome, SecurityEvent};

/// Notes what is wrong with a new password: its length, or that it is guessed among the first. `names` are the person's name and
/// address. Nothing is asked of what it is made of (ASVS 6.2.5).
pub(super) fn check<const N: usize>(
    faults: &mut Faults,
    password: &str,
    names: &[&str],
    field: [&'static str; N],
) {
    match validate::password(&in_one_form(password)) {
        Err(violation) => faults.check::<(), N>(Err(violation), field),
        Ok(()) if is_guessable(password, names) => faults.add(UserErrorCode::TooCommon, field),
        Ok(()) => {}
    }
}

/// Asks a person who is signed in for their present password, before what a device that was left open is not to be enough for.
///
/// # Errors
/// WRONG_CREDENTIALS at `field`; `RateLimited` after too many, counted with the attempts to sign in from there.
pub(crate) async fn ask_present<const N: usize>(
    app: &Arc<App>,
    person: &user::Model,
    visitor: &Visitor,
    password: &str,
    field: [&'static str; N],
) -> Result<()> {
    let claim = Claim {
        email: person.email.clone(),
        address: visitor.address.clone(),
        familiar: true,
        hash: Some(person.password_hash.clone()),
    };
    match proof::prove(app, claim, password).await? {
        Proof::Right | Proof::RightButWeak => Ok(()),
        Proof::Wrong(_) => Err(Error::user(UserErrorCode::WrongCredentials, field)),
    }
}

/// Sets the viewer's own password and ends their other sessions; this one goes on.
pub async fn change(
    app: &Arc<App>,
    viewer: &Viewer,
    visitor: &Visitor,
    current: &str,
    new: &str,
) -> Result<user::Model> {
    let person = user::Entity::find_by_id(viewer.id).one(app.db.reads()).await?;
    let person = person.ok_or(Error::Refused(Refused::Unauthenticated))?;
    let mut faults = Faults::default();
    check(&mut faults, new, &[&person.name, &person.email], ["input", "new"]);
    faults.finish()?;
    ask_present(app, &person, visitor, current, ["input", "current"]).await?;
    if in_one_form(current) == in_one_form(new) {
        return Err(Error::user(UserErrorCode::SameValue, ["input", "new"]));
    }
    let hash = app.hashing.hash(new, app.random, Precedence::Known).await?;
    let now = app.clock.now();
    let write = app.db.write().await?;
    let held = locked(&write, viewer.id).await?.filter(|held| held.password_hash == person.password_hash);
    let held = held.ok_or(Error::user(UserErrorCode::WrongCredentials, ["input", "current"]))?;
    let changed = set(&write, held, hash, Some(viewer.id), now).await?;
    session::end_all(&write, changed.id, Some(viewer.session), Some(viewer.id), now).await?;
    write.commit().await?;
    Ok(changed)
}

/// Sets a password by the one-time token of a link, ends all sessions of the person and signs them in.
pub async fn reset(app: &App, visitor: &Visitor, token: &str, new: &str) -> Result<SignIn> {
    let done = try_reset(app, visitor, token, new).await;
    let event = match &done {
        Ok((opened, maker)) => SecurityEvent {
            person: Some(opened.person.id),
            session: Some(opened.session),
            detail: Some(format!("maker={}", maker.0)),
            ..SecurityEvent::new(Kind::ResetLinkUse, Outcome::Success, &visitor.address)
        },
        Err(error) if error.code() == Some(UserErrorCode::Expired) => {
            SecurityEvent::new(Kind::ResetLinkUse, Outcome::Failure, &visitor.address)
        }
        Err(_) => return done.map(|(opened, _)| opened),
    };
    event.write();
    done.map(|(opened, _)| opened)
}

/// The same, with whoever made the link.
async fn try_reset(app: &App, visitor: &Visitor, token: &str, new: &str) -> Result<(SignIn, UserId)> {
    let mut faults = Faults::default();
    check(&mut faults, new, &[], ["input", "new"]);
    faults.finish()?;
    let expired = || Error::user(UserErrorCode::Expired, ["input", "token"]);
    let token = OpaqueToken::parse(token).ok_or_else(expired)?;
    // A hash is computed for who has a good link alone.
    let link = good_link(app.db.reads(), &token, app.clock.now()).await?.ok_or_else(expired)?;
    let person = user::Entity::find_by_id(link.user_id).one(app.db.reads()).await?.ok_or_else(expired)?;
    let mut faults = Faults::default();
    check(&mut faults, new, &[&person.name, &person.email], ["input", "new"]);
    faults.finish()?;
    let hash = app.hashing.hash(new, app.random, Precedence::Known).await?;
    let now = app.clock.now();
    let write = app.db.write().await?;
    // The person before the link, as whoever voids links holds them.
    let person = locked(&write, link.user_id).await?.filter(|person| person.active).ok_or_else(expired)?;
    let held = password_reset::Entity::find_by_id(link.id).lock_exclusive().one(&*write).await?;
    held.ok_or_else(expired)?;
    let link = good_link(&*write, &token, now).await?.ok_or_else(expired)?;
    let person = set(&write, person, hash, Some(link.user_id), now).await?;
    session::end_all(&write, person.id, None, Some(person.id), now).await?;
    let opened = session::open(app, &write, person, visitor, now).await?;
    write.commit().await?;
    Ok((opened, link.created_by))
}

/// The link of a token, if it is unused and not over, and whoever made it may still let people in.
async fn good_link<C: ConnectionTrait>(
    db: &C,
    token: &OpaqueToken,
    now: Timestamp,
) -> Result<Option<password_reset::Model>> {
    let found = password_reset::Entity::find().filter(password_reset::Column::TokenHash.eq(token.hash()));
    let Some(link) = found.one(db).await? else { return Ok(None) };
    let is_good =
        link.used_at.is_none() && now < link.expires_at && maker_stands(db, link.created_by).await?;
    Ok(is_good.then_some(link))
}

/// Whether whoever gave something out may still let people in: what is given out ends with the right to give it.
pub(super) async fn maker_stands<C: ConnectionTrait>(db: &C, maker: UserId) -> Result<bool> {
    let maker = user::Entity::find_by_id(maker).one(db).await?;
    Ok(maker.is_some_and(|maker| may_let_in(maker.role.0, maker.active)))
}

/// The person, held until the end of the transaction.
pub(crate) async fn locked(write: &Write, id: UserId) -> Result<Option<user::Model>> {
    Ok(user::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(&**write).await?)
}

/// Writes the hash, voids the links that would set another, and puts on record that it happened.
pub(super) async fn set(
    write: &Write,
    person: user::Model,
    hash: String,
    actor: Option<UserId>,
    now: Timestamp,
) -> Result<user::Model> {
    let changed =
        user::ActiveModel { id: Unchanged(person.id), password_hash: Set(hash), ..Default::default() };
    let changed = changed.update(&**write).await?;
    void_links(write, changed.id, now).await?;
    let fact = Fact { actor, task: None, subject: Some(changed.id), at: now };
    log::append(write, fact, Event::UserUpdated).await?;
    Ok(changed)
}

/// Makes every link useless that this person made for others.
pub(crate) async fn void_links_made_by(write: &Write, maker: UserId, now: Timestamp) -> Result<()> {
    let voided = password_reset::ActiveModel { used_at: Set(Some(now)), ..Default::default() };
    password_reset::Entity::update_many()
        .set(voided)
        .filter(password_reset::Column::CreatedBy.eq(maker))
        .filter(password_reset::Column::UsedAt.is_null())
        .exec(&**write)
        .await?;
    Ok(())
}

/// Makes every link that would set this person's password useless.
pub(crate) async fn void_links(write: &Write, person: UserId, now: Timestamp) -> Result<()> {
    let voided = password_reset::ActiveModel { used_at: Set(Some(now)), ..Default::default() };
    password_reset::Entity::update_many()
        .set(voided)
        .filter(password_reset::Column::UserId.eq(person))
        .filter(password_reset::Column::UsedAt.is_null())
        .exec(&**write)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_enough_and_not_guessed_at_once_and_nothing_else() {
        let verdict = |password: &str| {
            let mut faults = Faults::default();
            check(&mut faults, password, &["Ольга Ковалёва", "olga@example.ru"], ["input", "password"]);
            faults.finish().err().and_then(|error| error.code())
        };
        assert_eq!(verdict(""), Some(UserErrorCode::Required));
        assert_eq!(verdict("семь7зн"), Some(UserErrorCode::TooShort));
        assert_eq!(verdict(&"я".repeat(257)), Some(UserErrorCode::TooLong));
        assert_eq!(verdict("PassWord1"), Some(UserErrorCode::TooCommon));
        assert_eq!(verdict(&"я".repeat(256)), None);
        assert_eq!(verdict("восемь 8"), None);
        assert_eq!(verdict("        "), None);
        assert_eq!(verdict("Ковалёва1985"), Some(UserErrorCode::TooCommon));
        assert_eq!(
            verdict("и\u{306}и\u{306}и\u{306}и\u{306}"),
            Some(UserErrorCode::TooShort),
            "four letters in two parts each"
        );
    }
}
