//! The cookie in which a browser keeps its refresh token: out of reach of scripts, sent to this server alone.

use crate::config::Config;
use crate::db::columns::Timestamp;

use super::opaque::OpaqueToken;

/// The cookie's name and form under this configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshCookie {
    secure: bool,
}

impl RefreshCookie {
    /// Secure wherever browsers reach the server over https.
    pub fn of(config: &Config) -> Self {
        RefreshCookie { secure: config.public_url.as_ref().is_some_and(|url| url.scheme() == "https") }
    }

    /// The name. `__Host-` binds it to this very host and to https (RFC 6265bis section 4.1.3.2), so it can't be had without.
    pub fn name(self) -> &'static str {
        if self.secure { "__Host-vekha_refresh" } else { "vekha_refresh" }
    }

    /// The value of `Set-Cookie` that keeps the token until it ends.
    pub fn keep(self, token: &OpaqueToken, expires_at: Timestamp, now: Timestamp) -> String {
        let seconds = expires_at.0.saturating_sub(now.0).max(0) / 1000;
        self.header(&token.reveal(), seconds)
    }

    /// The value of `Set-Cookie` that forgets it.
    pub fn forget(self) -> String {
        self.header("", 0)
    }

    fn header(self, value: &str, max_age: i64) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Strict{secure}", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn under_https_it_is_bound_to_the_host() {
        let token = OpaqueToken::of_bytes([0; 32]);
        let value = RefreshCookie { secure: true }.keep(&token, Timestamp(90_000), Timestamp(0));
        let zeros = "A".repeat(43);
        assert_eq!(
            value,
            format!("__Host-vekha_refresh={zeros}; Path=/; Max-Age=90; HttpOnly; SameSite=Strict; Secure")
        );
    }

    #[test]
    fn without_tls_it_has_a_plain_name() {
        let value = RefreshCookie { secure: false }.forget();
        assert_eq!(value, "vekha_refresh=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    }
}
