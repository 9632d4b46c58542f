//! Tokens of the company's people, in the form of the server's own: signing in costs a hash each, and is measured by itself. The form is
//! written down a second time on purpose, since a floor has no code of the server; the server refuses another one at the first answer.

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The id and the bytes of the key that the processes here share.
const KEY: (&str, &[u8; 32]) = ("k1", b"0123456789abcdef0123456789ABCDEF");
const PURPOSE: &str = "vekha.access-token";
/// Seconds for which a token is good, as the server has it.
const LIFETIME: i64 = 600;

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: i64,
    iat: i64,
    exp: i64,
}

/// Who asks, by their token.
pub(crate) struct Identity {
    pub(crate) user: i64,
    pub(crate) session: i64,
}

/// As `VEKHA_SECRETS` has it.
pub(crate) fn secrets() -> String {
    format!("{}:{}", KEY.0, STANDARD.encode(KEY.1))
}

/// The key of access tokens.
pub(crate) fn key() -> Result<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.1).context("HMAC takes keys of any length")?;
    mac.update(PURPOSE.as_bytes());
    Ok(mac.finalize().into_bytes().into())
}

/// A token of a person over a session.
pub(crate) fn token(user: i64, session: i64) -> Result<String> {
    let now = chrono::Utc::now().timestamp();
    let claims = Claims {
        iss: "vekha".to_owned(),
        aud: "vekha".to_owned(),
        sub: user.to_string(),
        sid: session,
        iat: now,
        exp: now + LIFETIME,
    };
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some("at+jwt".to_owned());
    header.kid = Some(KEY.0.to_owned());
    Ok(jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&key()?))?)
}

/// Whose token it is.
pub(crate) fn identity(token: &str, key: &[u8; 32]) -> Result<Identity> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&["vekha"]);
    validation.set_audience(&["vekha"]);
    let claims = jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(key), &validation)?.claims;
    Ok(Identity { user: claims.sub.parse()?, session: claims.sid })
}
