//! Signing in and out in the contract: thin resolvers over the commands beside.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};

use super::{RefreshCookie, Registration, SignIn, login, password, refresh, register, session};
use crate::db::columns::{SessionId, Timestamp};
use crate::error::Result;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Locale;
use crate::graphql::ids;
use crate::graphql::payload::{UserError, settle};
use crate::security::Kind;
use crate::user::graphql::{User, UserPayload};

/// Signing in and out.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionMutation;

/// Signing in and out.
#[Object]
impl SessionMutation {
    /// [public] The first account is an administrator; later ones are managers, or what their invitation says.
    async fn register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who registers, and how the tokens are delivered.")] input: RegisterInput,
    ) -> Result<SessionPayload> {
        let delivery = input.delivery;
        let registration = Registration {
            name: input.name,
            email: input.email,
            password: input.password,
            invitation: input.invitation,
            time_zone: input.time_zone,
            locale: input.locale.map(Into::into),
        };
        let registered = register(ctx.app(), &ctx.asker().visitor(), registration).await;
        SessionPayload::of(ctx, delivery, registered)
    }

    /// [public] Signs in. After several failures there is a wait, told as RATE_LIMITED with `retryAfter` in seconds.
    async fn login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Address and password, and how the tokens are delivered.")] input: LoginInput,
    ) -> Result<SessionPayload> {
        let signed_in = login(ctx.app(), &ctx.asker().visitor(), &input.email, &input.password).await;
        SessionPayload::of(ctx, input.delivery, signed_in)
    }

    /// [public] By cookie, or by the token in `input`. Each refresh token is good once; one that is no longer good is refused
    /// as UNAUTHENTICATED.
    async fn refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token, where no cookie carries it.")] input: Option<RefreshInput>,
    ) -> Result<SessionPayload> {
        let (token, delivery) = match &input {
            Some(input) => (Some(input.refresh_token.as_str()), TokenDelivery::Body),
            None => (ctx.asker().refresh_cookie.as_deref(), TokenDelivery::Cookie),
        };
        let refreshed = refresh(ctx.app(), &ctx.asker().visitor(), token).await;
        SessionPayload::of(ctx, Some(delivery), refreshed)
    }

    /// Ends the session over which the viewer asks.
    async fn logout(&self, ctx: &Context<'_>) -> Result<LogoutPayload> {
        let ended = session::logout(ctx.app(), ctx.viewer()?).await;
        ctx.asker().notes(Kind::SessionEnd, &ended, None, format_args!("sessions=own"));
        ended?;
        ctx.append_http_header("set-cookie", RefreshCookie::of(&ctx.app().config).forget());
        Ok(LogoutPayload { user_errors: Vec::new() })
    }

    /// Sets the viewer's own password; their other sessions end.
    async fn password_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The present password and the new one.")] input: PasswordChangeInput,
    ) -> Result<UserPayload> {
        let viewer = ctx.viewer()?;
        let changed =
            password::change(ctx.app(), viewer, &ctx.asker().visitor(), &input.current, &input.new).await;
        ctx.asker().notes(Kind::PasswordChange, &changed, None, format_args!(""));
        UserPayload::of(ctx, changed)
    }

    /// [public] With the one-time token of an administrator's link. Ends every session of the person and signs them in.
    async fn password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token of the link and the new password.")] input: PasswordResetInput,
    ) -> Result<SessionPayload> {
        let reset = password::reset(ctx.app(), &ctx.asker().visitor(), &input.token, &input.new).await;
        SessionPayload::of(ctx, input.delivery, reset)
    }

    /// Ends one session: the viewer's own, or anybody's where the viewer is an administrator.
    async fn session_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] id: ID,
    ) -> Result<SessionEndPayload> {
        let ended = session::end_one(ctx.app(), ctx.viewer()?, ids::decode(&id)).await;
        note_ended(ctx, &ended);
        SessionEndPayload::of(ctx, ended)
    }

    /// Ends every session of the viewer but the one over which they ask.
    async fn session_end_others(&self, ctx: &Context<'_>) -> Result<SessionEndPayload> {
        let ended = session::end_others(ctx.app(), ctx.viewer()?).await;
        note_ended(ctx, &ended);
        SessionEndPayload::of(ctx, ended)
    }
}

fn note_ended(ctx: &Context<'_>, ended: &Result<Vec<SessionId>>) {
    let ids: Vec<String> = ended.iter().flatten().map(|session| session.0.to_string()).collect();
    ctx.asker().notes(Kind::SessionEnd, ended, None, format_args!("sessions={}", ids.join(",")));
}

/// How the refresh token reaches the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TokenDelivery {
    /// Refresh token in a cookie (browsers).
    Cookie,
    /// Refresh token in the answer (programs).
    Body,
}

/// Who wants an account.
#[derive(Clone, InputObject)]
pub struct RegisterInput {
    /// 1 to 100 characters in one line; characters that show nothing or turn text round are left out.
    name: String,
    /// The address to sign in by; at most 254 characters. Taken out of what mail programs put around it.
    email: String,
    /// 8 to 256 characters, not among the most common.
    password: String,
    /// The token of an invitation, out of the fragment of its address.
    invitation: Option<String>,
    /// How the refresh token is to reach the client.
    #[graphql(default_with = "Some(TokenDelivery::Cookie)")]
    delivery: Option<TokenDelivery>,
    /// Where days begin, by its IANA name or its distance from UTC, as +03:00; left out, or Etc/Unknown, Europe/Moscow.
    time_zone: Option<String>,
    /// The language; null for whatever the device speaks.
    locale: Option<Locale>,
}

/// Who signs in.
#[derive(Clone, InputObject)]
pub struct LoginInput {
    /// The address.
    email: String,
    /// The password.
    password: String,
    /// How the refresh token is to reach the client.
    #[graphql(default_with = "Some(TokenDelivery::Cookie)")]
    delivery: Option<TokenDelivery>,
}

/// The refresh token of a program.
#[derive(Clone, InputObject)]
pub struct RefreshInput {
    /// As it was given.
    refresh_token: String,
}

/// A new password in the place of the present one.
#[derive(Clone, InputObject)]
pub struct PasswordChangeInput {
    /// The present one.
    current: String,
    /// 8 to 256 characters, not among the most common.
    new: String,
}

/// A new password by a link.
#[derive(Clone, InputObject)]
pub struct PasswordResetInput {
    /// The token out of the fragment of the link's address.
    token: String,
    /// 8 to 256 characters, not among the most common.
    new: String,
    /// How the refresh token is to reach the client.
    #[graphql(default_with = "Some(TokenDelivery::Cookie)")]
    delivery: Option<TokenDelivery>,
}

/// Somebody is signed in, or what can be mended.
#[derive(SimpleObject)]
pub struct SessionPayload {
    /// Who is signed in now.
    viewer: Option<User>,
    /// To be sent as `Authorization: Bearer`.
    access_token: Option<String>,
    /// From then on it is refused; at most 10 minutes.
    access_token_expires_at: Option<Timestamp>,
    /// With delivery BODY alone.
    refresh_token: Option<String>,
    /// What can be mended.
    user_errors: Vec<UserError>,
}

impl SessionPayload {
    fn of(ctx: &Context<'_>, delivery: Option<TokenDelivery>, result: Result<SignIn>) -> Result<Self> {
        let (signed_in, user_errors) = settle(ctx, result)?;
        let Some(signed_in) = signed_in else {
            return Ok(SessionPayload {
                viewer: None,
                access_token: None,
                access_token_expires_at: None,
                refresh_token: None,
                user_errors,
            });
        };
        let refresh_token = match delivery.unwrap_or(TokenDelivery::Cookie) {
            TokenDelivery::Body => Some(signed_in.refresh.reveal()),
            TokenDelivery::Cookie => {
                let app = ctx.app();
                let cookie = RefreshCookie::of(&app.config);
                let kept = cookie.keep(&signed_in.refresh, signed_in.refresh_expires_at, app.clock.now());
                ctx.append_http_header("set-cookie", kept);
                None
            }
        };
        Ok(SessionPayload {
            viewer: Some(User::signed_in(signed_in.person, signed_in.session)),
            access_token: Some(signed_in.access.token),
            access_token_expires_at: Some(signed_in.access.expires_at),
            refresh_token,
            user_errors,
        })
    }
}

/// Nobody is signed in any more.
#[derive(SimpleObject)]
pub struct LogoutPayload {
    /// None so far.
    user_errors: Vec<UserError>,
}

/// Which sessions ended, or what can be mended.
#[derive(SimpleObject)]
pub struct SessionEndPayload {
    /// Their ids.
    ended_ids: Vec<ID>,
    /// What can be mended.
    user_errors: Vec<UserError>,
}

impl SessionEndPayload {
    fn of(ctx: &Context<'_>, result: Result<Vec<SessionId>>) -> Result<Self> {
        let (ended, user_errors) = settle(ctx, result)?;
        Ok(SessionEndPayload {
            ended_ids: ended.unwrap_or_default().into_iter().map(ids::encode).collect(),
            user_errors,
        })
    }
}
