//! Refresh tokens: each is good once and gives the next. One that comes a second time may have been stolen, from its owner or
//! by them. But two tabs that wake at once, an answer that never arrived and a request that was long on its way are no theft, and
//! [`standing`] tells them apart. How the next one is given again without being stored is in ADR 0002, for how long in ADR 0018.

use std::time::Duration;

use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, NotSet, QueryFilter, QuerySelect, Set,
    Unchanged,
};

use super::access_token::Identity;
use super::opaque::OpaqueToken;
use super::secrets::hmac_sha256;
use super::session::{self, IDLE, SignIn, Visitor};
use crate::app::App;
use crate::db::Write;
use crate::db::columns::{RefreshTokenId, Timestamp};
use crate::entity::{refresh_token, session as session_row, user};
use crate::error::{Error, Refused, Result};
use crate::security::{Kind, Outcome, SecurityEvent};

/// So long after a token was used its parent may still come: it was on its way when the token was.
pub const GRACE: Duration = Duration::from_secs(10);
/// What the keystream that seals a successor is for.
const PURPOSE: &[u8] = b"vekha.refresh.successor";

/// Gives the session's person a new access token, and the refresh token that follows the one presented.
///
/// # Errors
/// [`Refused::Unauthenticated`] for a token that is unknown, over, or comes again where it has no business to; the last ends the
/// session.
pub async fn refresh(app: &App, visitor: &Visitor, presented: Option<&str>) -> Result<SignIn> {
    let presented = presented.and_then(OpaqueToken::parse).ok_or_else(refused)?;
    let known = refresh_token::Entity::find()
        .filter(refresh_token::Column::TokenHash.eq(presented.hash()))
        .one(app.db.reads())
        .await?
        .ok_or_else(refused)?;

    let now = app.clock.now();
    let write = app.db.write().await?;
    // The session's row is the lock of its family: what is read after this is as the last one left it.
    let session = session_row::Entity::find_by_id(known.session_id)
        .filter(session_row::Column::EndedAt.is_null())
        .filter(session_row::Column::ExpiresAt.gt(now))
        .lock(LockType::NoKeyUpdate)
        .one(&*write)
        .await?
        .ok_or_else(refused)?;
    let person = user::Entity::find_by_id(session.user_id)
        .filter(user::Column::Active.eq(true))
        .one(&*write)
        .await?
        .ok_or_else(refused)?;
    let token = refresh_token::Entity::find_by_id(known.id).one(&*write).await?.ok_or_else(refused)?;
    let followers = Followers::of(&*write, &token).await?;

    let (next, expires_at) = match standing(&token, &followers, now) {
        Standing::Unused => rotate(app, &write, &session, &token, &presented, now).await?,
        Standing::AnswerLost(successor) => (open(&token, &presented, successor)?, successor.expires_at),
        Standing::Late(successor, newest) => {
            (open(successor, &open(&token, &presented, successor)?, newest)?, newest.expires_at)
        }
        Standing::Over => return Err(refused()),
        Standing::Reused => return revoke(write, &session, visitor, now).await,
    };
    let used = session_row::ActiveModel {
        id: Unchanged(session.id),
        last_used_at: Set(now),
        address: Set(visitor.address.clone()),
        ..Default::default()
    };
    let session = used.update(&*write).await?;
    write.commit().await?;
    session::signed_in(app, person, &session, next, expires_at, now)
}

/// Whose sign-in a token is of that could be refreshed with at this moment. Changes nothing.
///
/// # Errors
/// [`Refused::Unauthenticated`] for every other token. One that was used before ends no session here: nothing is given for it.
pub(super) async fn identify(app: &App, presented: &str, now: Timestamp) -> Result<Identity> {
    let presented = OpaqueToken::parse(presented).ok_or_else(refused)?;
    let token = refresh_token::Entity::find()
        .filter(refresh_token::Column::TokenHash.eq(presented.hash()))
        .one(app.db.reads())
        .await?
        .ok_or_else(refused)?;
    let followers = Followers::of(app.db.reads(), &token).await?;
    let expires_at = match standing(&token, &followers, now) {
        Standing::Unused => token.expires_at,
        Standing::AnswerLost(newest) | Standing::Late(_, newest) => newest.expires_at,
        Standing::Over | Standing::Reused => return Err(refused()),
    };
    let session = session_row::Entity::find_by_id(token.session_id).one(app.db.reads()).await?;
    let session = session.ok_or_else(refused)?;
    Ok(Identity { user: session.user_id, session: session.id, expires_at })
}

/// What came of a token: the one that followed it, and the one that followed that.
struct Followers {
    successor: Option<refresh_token::Model>,
    newest: Option<refresh_token::Model>,
}

impl Followers {
    async fn of<C: ConnectionTrait>(db: &C, token: &refresh_token::Model) -> Result<Self> {
        let successor = successor_of(db, token).await?;
        let newest = match &successor {
            Some(successor) => successor_of(db, successor).await?,
            None => None,
        };
        Ok(Followers { successor, newest })
    }
}

async fn successor_of<C: ConnectionTrait>(
    db: &C,
    token: &refresh_token::Model,
) -> Result<Option<refresh_token::Model>> {
    Ok(refresh_token::Entity::find().filter(refresh_token::Column::ParentId.eq(token.id)).one(db).await?)
}

/// What a token that was presented is to its family.
#[derive(Debug, PartialEq, Eq)]
enum Standing<'a> {
    /// It was never used: it gives the next one.
    Unused,
    /// It was used, and nobody has used what it gave: the answer did not arrive. The same again, however late it is.
    AnswerLost(&'a refresh_token::Model),
    /// What it gave was used a moment ago, and what that gave was not: it was on its way meanwhile. It gets the newest.
    Late(&'a refresh_token::Model, &'a refresh_token::Model),
    /// It, or what it would give, was left unused for too long.
    Over,
    /// It was used, and others after it: one of those who have it is not its owner.
    Reused,
}

/// Tells what a token is to its family. Pure.
fn standing<'a>(token: &refresh_token::Model, followers: &'a Followers, now: Timestamp) -> Standing<'a> {
    let unless_over = |newest: &refresh_token::Model, standing: Standing<'a>| {
        if now < newest.expires_at { standing } else { Standing::Over }
    };
    if token.used_at.is_none() {
        return unless_over(token, Standing::Unused);
    }
    let Some(successor) = &followers.successor else { return Standing::Reused };
    let Some(used_at) = successor.used_at else {
        return unless_over(successor, Standing::AnswerLost(successor));
    };
    match &followers.newest {
        Some(newest) if newest.used_at.is_none() && now <= used_at.plus(GRACE) => {
            unless_over(newest, Standing::Late(successor, newest))
        }
        Some(_) | None => Standing::Reused,
    }
}

/// Makes the session's next token; the first has no parent.
pub(super) async fn issue(
    app: &App,
    write: &Write,
    session: &session_row::Model,
    parent: Option<RefreshTokenId>,
    now: Timestamp,
) -> Result<(OpaqueToken, Timestamp)> {
    let token = OpaqueToken::generate(app.random)?;
    let expires_at = now.plus(IDLE).min(session.expires_at);
    let row = refresh_token::ActiveModel {
        id: NotSet,
        session_id: Set(session.id),
        parent_id: Set(parent),
        token_hash: Set(token.hash()),
        issued_at: Set(now),
        expires_at: Set(expires_at),
        used_at: Set(None),
        sealed_successor: Set(None),
    };
    row.insert(&**write).await?;
    Ok((token, expires_at))
}

async fn rotate(
    app: &App,
    write: &Write,
    session: &session_row::Model,
    token: &refresh_token::Model,
    presented: &OpaqueToken,
    now: Timestamp,
) -> Result<(OpaqueToken, Timestamp)> {
    let (next, expires_at) = issue(app, write, session, Some(token.id), now).await?;
    let used = refresh_token::ActiveModel {
        id: Unchanged(token.id),
        used_at: Set(Some(now)),
        sealed_successor: Set(Some(sealed(presented, next.bytes())?.to_vec())),
        ..Default::default()
    };
    used.update(&**write).await?;
    erase_seal_of_grandparent(write, token).await?;
    Ok((next, expires_at))
}

/// The token was used: its parent may come late, but whoever brings the one before that ends the session, so nothing needs what
/// that one gave any more.
async fn erase_seal_of_grandparent(write: &Write, token: &refresh_token::Model) -> Result<()> {
    let Some(parent) = token.parent_id else { return Ok(()) };
    let parent = refresh_token::Entity::find_by_id(parent).one(&**write).await?;
    if let Some(grandparent) = parent.and_then(|parent| parent.parent_id) {
        let erased = refresh_token::ActiveModel {
            id: Unchanged(grandparent),
            sealed_successor: Set(None),
            ..Default::default()
        };
        erased.update(&**write).await?;
    }
    Ok(())
}

/// The successor that the token gave before, out of its seal.
fn open(
    token: &refresh_token::Model,
    presented: &OpaqueToken,
    successor: &refresh_token::Model,
) -> Result<OpaqueToken> {
    let seal = token.sealed_successor.as_deref().ok_or_else(broken)?;
    let seal = <[u8; 32]>::try_from(seal).map_err(|_| broken())?;
    let opened = OpaqueToken::of_bytes(sealed(presented, &seal)?);
    if opened.hash() == successor.token_hash { Ok(opened) } else { Err(broken()) }
}

/// Ends the session: one of its tokens is in wrong hands.
async fn revoke(
    write: Write,
    session: &session_row::Model,
    visitor: &Visitor,
    now: Timestamp,
) -> Result<SignIn> {
    let this = session_row::Column::Id.eq(session.id).into();
    session::end(&write, session.user_id, this, None, now).await?;
    write.commit().await?;
    let event = SecurityEvent::new(Kind::TokenReuse, Outcome::Refused, &visitor.address);
    SecurityEvent { person: Some(session.user_id), session: Some(session.id), ..event }.write();
    Err(refused())
}

/// Seals with the token what follows it, and opens it again: exclusive or with a keystream that only the token yields. It is
/// used for one successor alone, so it is a one-time pad.
fn sealed(token: &OpaqueToken, successor: &[u8; 32]) -> Result<[u8; 32]> {
    let mut pad = hmac_sha256(token.bytes(), PURPOSE)?;
    for (pad, byte) in pad.iter_mut().zip(successor) {
        *pad ^= byte;
    }
    Ok(pad)
}

fn refused() -> Error {
    Error::Refused(Refused::Unauthenticated)
}

fn broken() -> Error {
    Error::internal("a sealed successor does not open")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::columns::SessionId;

    /// Tokens of one family, by when each was used; the first is the one presented. Each lives for a thousand seconds.
    fn presented(used: [Option<i64>; 3], at: i64) -> String {
        let row = |number: i64, used: Option<i64>| refresh_token::Model {
            id: RefreshTokenId(number),
            session_id: SessionId(1),
            parent_id: None,
            token_hash: Vec::new(),
            issued_at: Timestamp(0),
            expires_at: Timestamp(1_000_000),
            used_at: used.map(|seconds| Timestamp(seconds * 1_000)),
            sealed_successor: None,
        };
        let [first, second, third] = used;
        let followers =
            Followers { successor: first.map(|_| row(2, second)), newest: second.map(|_| row(3, third)) };
        match standing(&row(1, first), &followers, Timestamp(at * 1_000)) {
            Standing::Unused => "rotates".to_owned(),
            Standing::AnswerLost(given) | Standing::Late(_, given) => format!("gets {}", given.id.0),
            Standing::Over => "is refused".to_owned(),
            Standing::Reused => "ends the session".to_owned(),
        }
    }

    #[test]
    fn what_a_token_is_to_its_family() {
        assert_eq!(presented([None, None, None], 999), "rotates");
        assert_eq!(presented([None, None, None], 1_000), "is refused");
        assert_eq!(presented([Some(100), None, None], 100), "gets 2");
        assert_eq!(presented([Some(100), None, None], 999), "gets 2", "however late");
        assert_eq!(presented([Some(100), None, None], 1_000), "is refused", "the session lay idle");
        assert_eq!(presented([Some(100), Some(200), None], 210), "gets 3", "on its way meanwhile");
        assert_eq!(presented([Some(100), Some(200), None], 211), "ends the session");
        assert_eq!(presented([Some(100), Some(200), Some(200)], 200), "ends the session", "a grandparent");
    }

    #[test]
    fn only_the_token_opens_what_it_sealed() {
        let (token, other) = (OpaqueToken::of_bytes([1; 32]), OpaqueToken::of_bytes([2; 32]));
        let successor = [3; 32];
        let seal = sealed(&token, &successor).unwrap();
        assert_ne!(seal, successor);
        assert_eq!(sealed(&token, &seal).unwrap(), successor);
        assert_ne!(sealed(&other, &seal).unwrap(), successor);
    }
}
