//! Changes of people.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use domain::Code;
use domain::policy::Capability;

use std::sync::Arc;

use super::invitation::InvitationPayload;
use super::object::User;
use crate::db::columns::InvitationId;
use crate::entity::user;
use crate::error::{Faults, Result, UserErrorCode};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Locale, Role, Theme};
use crate::graphql::guard::Can;
use crate::graphql::ids;
use crate::graphql::payload::{LinkPayload, UserError, settle};
use crate::security::Kind;
use crate::user::{self as commands, ProfileChanges, invitation};

/// Changes of people.
#[derive(Clone, Copy, Debug, Default)]
pub struct UserMutation;

/// Changes of people.
#[Object]
impl UserMutation {
    /// Changes the viewer's own profile; what is left out stays.
    async fn profile_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be changed.")] input: ProfileUpdateInput,
    ) -> Result<UserPayload> {
        let viewer = ctx.viewer()?;
        let updated = match input.changes() {
            Ok(changes) => commands::update_profile(ctx.app(), viewer, &ctx.asker().visitor(), changes).await,
            Err(error) => Err(error),
        };
        UserPayload::of(ctx, updated)
    }

    /// [ADMIN] Gives a person another role. The last active administrator stays one.
    #[graphql(guard = "Can(Capability::ManagePeople)")]
    async fn user_role_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] id: ID,
        #[graphql(desc = "The new one.")] role: Role,
    ) -> Result<UserPayload> {
        let id = ids::decode(&id);
        let changed = commands::change_role(ctx.app(), ctx.viewer()?, id, role.into()).await;
        let to = domain::Role::from(role).code();
        ctx.asker().notes(Kind::RoleChange, &changed, id, format_args!("role={to}"));
        UserPayload::of(ctx, changed)
    }

    /// [ADMIN] A disabled person's sessions and sockets end.
    #[graphql(guard = "Can(Capability::ManagePeople)")]
    async fn user_active_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who.")] id: ID,
        #[graphql(desc = "Whether they may sign in.")] active: bool,
    ) -> Result<UserPayload> {
        let id = ids::decode(&id);
        let changed = commands::change_active(ctx.app(), ctx.viewer()?, id, active).await;
        ctx.asker().notes(Kind::Activation, &changed, id, format_args!("active={active}"));
        UserPayload::of(ctx, changed)
    }

    /// [ADMIN] A link that registers one person with this role, valid for 7 days, or until whoever made it may not invite any
    /// more. At most 50 open ones a person: past that TOO_MANY.
    #[graphql(guard = "Can(Capability::ManagePeople)")]
    async fn user_invite(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As what they are invited.")] input: UserInviteInput,
    ) -> Result<LinkPayload> {
        let invited = invitation::invite(ctx.app(), ctx.viewer()?, input.role.into()).await;
        let role = domain::Role::from(input.role).code();
        let made = invited.as_ref().ok().map(|made| format!(" invitation={}", made.invitation.id.0));
        let detail = format_args!("role={role}{}", made.as_deref().unwrap_or_default());
        ctx.asker().notes(Kind::InvitationMake, &invited, None, detail);
        LinkPayload::of(ctx, invited.map(|invited| invited.link))
    }

    /// [ADMIN] Takes an invitation back: nobody registers by it any more.
    #[graphql(guard = "Can(Capability::ManagePeople)")]
    async fn invitation_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: ID,
    ) -> Result<InvitationPayload> {
        let id = ids::decode::<InvitationId>(&id);
        let revoked = invitation::revoke(ctx.app(), ctx.viewer()?, id).await;
        let number = id.map(|id| id.0).unwrap_or_default();
        ctx.asker().notes(Kind::InvitationRevoke, &revoked, None, format_args!("invitation={number}"));
        InvitationPayload::of(ctx, revoked)
    }

    /// [ADMIN] A link that sets a new password, valid for 1 hour, or until whoever made it may not make one any more. Those made
    /// before for this person are void.
    #[graphql(guard = "Can(Capability::ManagePeople)")]
    async fn user_password_reset_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who forgot their password.")] id: ID,
    ) -> Result<LinkPayload> {
        let id = ids::decode(&id);
        let link = commands::password_reset_link(ctx.app(), ctx.viewer()?, id).await;
        ctx.asker().notes(Kind::ResetLinkMake, &link, id, format_args!(""));
        LinkPayload::of(ctx, link)
    }
}

/// What of the own profile is to change.
#[derive(Clone, InputObject)]
pub struct ProfileUpdateInput {
    /// 1 to 100 characters in one line; characters that show nothing or turn text round are left out.
    name: MaybeUndefined<String>,
    /// The address to sign in by; at most 254 characters, taken out of what mail programs put around it. Another one needs `currentPassword`, and ends
    /// the viewer's other sessions.
    email: MaybeUndefined<String>,
    /// The present password: REQUIRED where the address changes, and not looked at otherwise.
    current_password: Option<String>,
    /// The language; null for whatever the device speaks.
    locale: MaybeUndefined<Locale>,
    /// Light or dark.
    theme: MaybeUndefined<Theme>,
    /// Where days begin, by its IANA name or its distance from UTC, as +03:00.
    time_zone: MaybeUndefined<String>,
    /// Whether single keys act.
    shortcuts: MaybeUndefined<bool>,
}

impl ProfileUpdateInput {
    fn changes(self) -> Result<ProfileChanges> {
        let mut faults = Faults::default();
        let changes = ProfileChanges {
            name: given(&mut faults, self.name, "name"),
            email: given(&mut faults, self.email, "email"),
            current_password: self.current_password,
            locale: match self.locale {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(locale) => Some(Some(locale.into())),
            },
            theme: given(&mut faults, self.theme, "theme").map(Into::into),
            time_zone: given(&mut faults, self.time_zone, "timeZone"),
            shortcuts: given(&mut faults, self.shortcuts, "shortcuts"),
        };
        faults.finish()?;
        Ok(changes)
    }
}

/// Absent is not null: a field that every person has cannot be taken away.
fn given<T>(faults: &mut Faults, value: MaybeUndefined<T>, field: &'static str) -> Option<T> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => {
            faults.add(UserErrorCode::Required, ["input", field]);
            None
        }
        MaybeUndefined::Value(value) => Some(value),
    }
}

/// Whom to let in.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct UserInviteInput {
    /// What they are to be.
    role: Role,
}

/// The person after the change, or what can be mended.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserPayload {
    /// The person after the change.
    user: Option<User>,
    /// What can be mended.
    user_errors: Vec<UserError>,
}

impl UserPayload {
    /// The payload of a command's result.
    pub fn of(ctx: &Context<'_>, result: Result<user::Model>) -> Result<Self> {
        let (row, user_errors) = settle(ctx, result)?;
        Ok(UserPayload { user: row.map(Arc::new).map(User::new), user_errors })
    }
}
