//! The access token: a JWT (RFC 7519) of a few minutes that says who asks over which session, and nothing of what they may.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::secrets::Secrets;
use crate::db::columns::{SessionId, Timestamp, UserId};
use crate::error::{Error, Refused, Result};

/// How long it is good.
pub const LIFETIME: Duration = Duration::from_mins(10);
/// Explicit typing, RFC 8725 section 3.11, with the type of RFC 9068.
const TYPE: &str = "at+jwt";
/// Who issues, and for whom: the same server.
const ISSUER: &str = "vekha";
const AUDIENCE: &str = "vekha";
/// What its key is for.
const PURPOSE: &str = "vekha.access-token";

/// What it says. No role: that is looked up at each request.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: i64,
    /// Seconds since 1970.
    iat: i64,
    /// Seconds since 1970.
    exp: i64,
}

/// A token with its end.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// As clients carry it.
    pub token: String,
    /// From then on it is refused.
    pub expires_at: Timestamp,
}

/// Who asks over which session, as a good token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The person.
    pub user: UserId,
    /// The sign-in.
    pub session: SessionId,
    /// The token's end.
    pub expires_at: Timestamp,
}

/// Issues a token.
pub(super) fn issue(
    secrets: &Secrets,
    user: UserId,
    session: SessionId,
    now: Timestamp,
) -> Result<AccessToken> {
    let key = secrets.signing(PURPOSE)?;
    let issued = seconds(now);
    let expires = seconds(now.plus(LIFETIME));
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: user.to_string(),
        sid: session.0,
        iat: issued,
        exp: expires,
    };
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.id);
    let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&key.bytes))
        .map_err(anyhow::Error::new)?;
    Ok(AccessToken { token, expires_at: Timestamp(expires.saturating_mul(1000)) })
}

/// What a token says, if it is one of ours and good at this moment.
///
/// # Errors
/// [`Refused::Unauthenticated`] for every other one, and no word of why.
pub fn verify(secrets: &Secrets, token: &str, now: Timestamp) -> Result<Identity> {
    identity(secrets, token, now)?.ok_or(Error::Refused(Refused::Unauthenticated))
}

fn identity(secrets: &Secrets, token: &str, now: Timestamp) -> Result<Option<Identity>> {
    let Ok(header) = jsonwebtoken::decode_header(token) else { return Ok(None) };
    let Some(kid) = header.kid.filter(|_| header.typ.as_deref() == Some(TYPE) && header.crit.is_none())
    else {
        return Ok(None);
    };
    let Some(key) = secrets.verifying(&kid, PURPOSE)? else { return Ok(None) };
    let key = DecodingKey::from_secret(&key.bytes);
    let Ok(decoded) = jsonwebtoken::decode::<Claims>(token, &key, &validation()) else { return Ok(None) };
    let claims = decoded.claims;
    let expires_at = Timestamp(claims.exp.saturating_mul(1000));
    let Ok(user) = claims.sub.parse() else { return Ok(None) };
    let good = now < expires_at && claims.exp.saturating_sub(claims.iat) <= LIFETIME.as_secs().cast_signed();
    Ok(good.then_some(Identity { user: UserId(user), session: SessionId(claims.sid), expires_at }))
}

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    // Without this a token that lacks issuer and audience passes.
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The moment is the caller's, not the machine's; and there is no leeway.
    validation.validate_exp = false;
    validation.leeway = 0;
    validation
}

fn seconds(moment: Timestamp) -> i64 {
    moment.0.div_euclid(1000)
}
