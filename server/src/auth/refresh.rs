//! Refresh tokens: each is good once and gives the next. One that comes a second time was stolen, from its owner or by them:
//! the session ends. But two tabs that wake at once, or an answer that never arrived, are no theft: for a few seconds the
//! token just used gives *the same* next one again. How, without the next one being stored, is in ADR 0002.

use std::time::Duration;

use sea_orm::sea_query::LockType;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, NotSet, QueryFilter, QuerySelect, Set, Unchanged};

use super::access_token::Identity;
use super::opaque::OpaqueToken;
use super::secrets::hmac_sha256;
use super::session::{self, IDLE, SignIn, Visitor};
use crate::app::App;
use crate::db::Write;
use crate::db::columns::{RefreshTokenId, Timestamp};
use crate::entity::{refresh_token, session as session_row, user};
use crate::error::{Error, Refused, Result};

/// For so long the parent of the newest token may come again.
pub const GRACE: Duration = Duration::from_secs(10);
/// What the keystream that seals a successor is for.
const PURPOSE: &[u8] = b"vekha.refresh.successor";

/// Gives the session's person a new access token, and the refresh token that follows the one presented.
///
/// # Errors
/// [`Refused::Unauthenticated`] for a token that is unknown, over, or used before; the last ends the session.
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

    let (next, expires_at) = match token.used_at {
        None if now < token.expires_at => rotate(app, &write, &session, &token, &presented, now).await?,
        None => return Err(refused()),
        Some(used_at) if now <= used_at.plus(GRACE) => match again(&write, &token, &presented).await? {
            Some(same) => same,
            None => return revoke(write, &session, now).await,
        },
        Some(_) => return revoke(write, &session, now).await,
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
        .filter(|token| {
            now < token.expires_at && token.used_at.is_none_or(|used_at| now <= used_at.plus(GRACE))
        })
        .ok_or_else(refused)?;
    let session = session_row::Entity::find_by_id(token.session_id).one(app.db.reads()).await?;
    let session = session.ok_or_else(refused)?;
    Ok(Identity { user: session.user_id, session: session.id, expires_at: token.expires_at })
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
    if let Some(parent) = token.parent_id {
        // A grandparent now: whoever brings it ends the session, so nothing needs its successor any more.
        let opened = refresh_token::ActiveModel {
            id: Unchanged(parent),
            sealed_successor: Set(None),
            ..Default::default()
        };
        opened.update(&**write).await?;
    }
    Ok((next, expires_at))
}

/// The successor that the token gave before, as long as nobody has used that.
async fn again(
    write: &Write,
    token: &refresh_token::Model,
    presented: &OpaqueToken,
) -> Result<Option<(OpaqueToken, Timestamp)>> {
    let successor = refresh_token::Entity::find()
        .filter(refresh_token::Column::ParentId.eq(token.id))
        .filter(refresh_token::Column::UsedAt.is_null())
        .one(&**write)
        .await?;
    let (Some(successor), Some(seal)) = (successor, &token.sealed_successor) else { return Ok(None) };
    let seal = <[u8; 32]>::try_from(seal.as_slice()).map_err(|_| broken())?;
    let opened = OpaqueToken::of_bytes(sealed(presented, &seal)?);
    if opened.hash() != successor.token_hash {
        return Err(broken());
    }
    Ok(Some((opened, successor.expires_at)))
}

/// Ends the session: one of its tokens is in wrong hands.
async fn revoke(write: Write, session: &session_row::Model, now: Timestamp) -> Result<SignIn> {
    tracing::warn!(
        session = session.id.0,
        user = session.user_id.0,
        "a used refresh token came again; session ended"
    );
    let this = session_row::Column::Id.eq(session.id).into();
    session::end(&write, session.user_id, this, None, now).await?;
    write.commit().await?;
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
