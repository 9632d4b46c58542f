//! Which passwords are taken, and how they are set anew: by their owner, or by a link of an administrator.

use std::collections::HashSet;
use std::sync::LazyLock;

use domain::validate;
use sea_orm::sea_query::LockType;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set, Unchanged};

use super::backoff::{self, Guess};
use super::opaque::OpaqueToken;
use super::session::{self, SignIn, Visitor};
use super::{Verdict, Viewer};
use crate::app::App;
use crate::db::Write;
use crate::db::columns::{Timestamp, UserId};
use crate::entity::{password_reset, user};
use crate::error::{Error, Faults, Refused, Result, UserErrorCode};
use crate::log::{self, Event, Fact};

/// The 3,000 most common passwords that are long enough; the file names its source and licence.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("common_passwords.txt").lines().filter(|line| !line.starts_with('#')).collect()
});

/// Notes what is wrong with a new password: its length, or that it is among the most common. Nothing is asked of what it is
/// made of (ASVS 6.2.5).
pub fn check<const N: usize>(faults: &mut Faults, password: &str, field: [&'static str; N]) {
    match validate::password(password) {
        Err(violation) => faults.check::<(), N>(Err(violation), field),
        Ok(()) if COMMON.contains(password.to_lowercase().as_str()) => {
            faults.add(UserErrorCode::TooCommon, field);
        }
        Ok(()) => {}
    }
}

/// Sets the viewer's own password and ends their other sessions; this one goes on.
pub async fn change(
    app: &App,
    viewer: &Viewer,
    visitor: &Visitor,
    current: &str,
    new: &str,
) -> Result<user::Model> {
    let mut faults = Faults::default();
    check(&mut faults, new, ["input", "new"]);
    faults.finish()?;
    let person = user::Entity::find_by_id(viewer.id).one(app.db.reads()).await?;
    let person = person.ok_or(Error::Refused(Refused::Unauthenticated))?;
    let guess = Guess { email: &person.email, address: &visitor.address, familiar: true };
    let attempt = backoff::count(app, guess).await?;
    let verdict = match app.hashing.verify(current, Some(&person.password_hash)).await {
        Ok(verdict) => verdict,
        Err(error) => {
            backoff::take_back(app, &attempt).await?;
            return Err(error);
        }
    };
    if verdict == Verdict::Wrong {
        return Err(Error::user(UserErrorCode::WrongCredentials, ["input", "current"]));
    }
    backoff::forgive(app, &attempt).await?;
    if current == new {
        return Err(Error::user(UserErrorCode::SameValue, ["input", "new"]));
    }
    let hash = app.hashing.hash(new, app.random).await?;
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
    let mut faults = Faults::default();
    check(&mut faults, new, ["input", "new"]);
    faults.finish()?;
    let expired = || Error::user(UserErrorCode::Expired, ["input", "token"]);
    let token = OpaqueToken::parse(token).ok_or_else(expired)?;
    let good = |link: &password_reset::Model, now: Timestamp| link.used_at.is_none() && now < link.expires_at;
    let find = || password_reset::Entity::find().filter(password_reset::Column::TokenHash.eq(token.hash()));
    let found = find().one(app.db.reads()).await?.filter(|link| good(link, app.clock.now()));
    // A hash is computed for who has a good link alone.
    found.ok_or_else(expired)?;
    let hash = app.hashing.hash(new, app.random).await?;
    let now = app.clock.now();
    let write = app.db.write().await?;
    let link = find().lock_exclusive().one(&*write).await?.filter(|link| good(link, now));
    let link = link.ok_or_else(expired)?;
    let person = locked(&write, link.user_id).await?.filter(|person| person.active).ok_or_else(expired)?;
    let person = set(&write, person, hash, Some(link.user_id), now).await?;
    session::end_all(&write, person.id, None, Some(person.id), now).await?;
    let opened = session::open(app, &write, person, visitor, now).await?;
    write.commit().await?;
    Ok(opened)
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
    fn three_thousand_common_passwords_are_known() {
        assert_eq!(COMMON.len(), 3000);
        assert!(COMMON.iter().all(|password| password.chars().count() >= validate::limit::PASSWORD_MIN));
        assert!(COMMON.contains("qwertyuiop") && COMMON.contains("1q2w3e4r"));
    }

    #[test]
    fn a_password_is_long_enough_and_not_common_and_nothing_else() {
        let verdict = |password: &str| {
            let mut faults = Faults::default();
            check(&mut faults, password, ["input", "password"]);
            faults.finish().err().and_then(|error| error.code())
        };
        assert_eq!(verdict(""), Some(UserErrorCode::Required));
        assert_eq!(verdict("семь7зн"), Some(UserErrorCode::TooShort));
        assert_eq!(verdict(&"я".repeat(257)), Some(UserErrorCode::TooLong));
        assert_eq!(verdict("PassWord1"), Some(UserErrorCode::TooCommon));
        assert_eq!(verdict(&"я".repeat(256)), None);
        assert_eq!(verdict("восемь 8"), None);
        assert_eq!(verdict("        "), None);
    }
}
