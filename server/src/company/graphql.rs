//! The company in the contract: thin resolvers over the commands beside.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};
use domain::policy::Capability;

use crate::company::{self as commands, Changes};
use crate::entity::company;
use crate::error::{Error, Result, UserErrorCode};
use crate::graphql::context::ContextExt;
use crate::graphql::guard::Can;
use crate::graphql::payload::{UserError, settle, wants_current};
use crate::graphql::scalars::int;
use crate::security::Kind;

/// Questions about the company.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompanyQuery;

/// Questions about the company.
#[Object]
impl CompanyQuery {
    /// What the company as a whole has decided.
    async fn company(&self, ctx: &Context<'_>) -> Result<Company> {
        ctx.viewer()?;
        Ok(Company(commands::read(ctx.app().db.reads()).await?))
    }
}

/// Changes of the company.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompanyMutation;

/// Changes of the company.
#[Object]
impl CompanyMutation {
    /// [ADMIN] Decides otherwise, in force at once; what is left out stays.
    #[graphql(guard = "Can(Capability::ManagePeople)")]
    async fn company_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be changed.")] input: CompanyUpdateInput,
    ) -> Result<CompanyPayload> {
        let updated = match input.changes() {
            Ok(changes) => {
                let updated =
                    commands::update(ctx.app(), ctx.viewer()?, i64::from(input.version), changes).await;
                if let Some(open) = changes.open_registration {
                    ctx.asker().notes(Kind::RegistrationChange, &updated, None, format_args!("open={open}"));
                }
                updated
            }
            Err(error) => Err(error),
        };
        CompanyPayload::of(ctx, updated).await
    }
}

/// What the company as a whole has decided.
#[derive(Clone, Debug)]
pub struct Company(company::Model);

/// What the company as a whole has decided.
#[Object]
impl Company {
    /// Whether somebody without an invitation may register.
    async fn open_registration(&self, ctx: &Context<'_>) -> bool {
        let told = ctx.app().config.registration;
        told.map_or(self.0.open_registration, |told| told == crate::config::Registration::Open)
    }

    /// Whether that was said at the start of the server (`VEKHA_REGISTRATION`), so that it is not changed here.
    async fn open_registration_fixed(&self, ctx: &Context<'_>) -> bool {
        ctx.app().config.registration.is_some()
    }

    /// Counts changes; to be given with the next one.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }
}

/// What of the company is to change.
#[derive(Clone, Debug, InputObject)]
pub struct CompanyUpdateInput {
    /// The version that was seen.
    version: i32,
    /// Whether somebody without an invitation may register.
    open_registration: MaybeUndefined<bool>,
}

impl CompanyUpdateInput {
    fn changes(&self) -> Result<Changes> {
        let open_registration = match &self.open_registration {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => {
                return Err(Error::user(UserErrorCode::Required, ["input", "openRegistration"]));
            }
            MaybeUndefined::Value(open) => Some(*open),
        };
        Ok(Changes { open_registration })
    }
}

/// The company after the change, or what can be mended; where the version is stale, the company as it is.
#[derive(Debug, SimpleObject)]
pub struct CompanyPayload {
    /// The company.
    company: Option<Company>,
    /// What can be mended.
    user_errors: Vec<UserError>,
}

impl CompanyPayload {
    async fn of(ctx: &Context<'_>, result: Result<company::Model>) -> Result<Self> {
        let current =
            if wants_current(&result) { Some(commands::read(ctx.app().db.reads()).await?) } else { None };
        let (changed, user_errors) = settle(ctx, result)?;
        Ok(CompanyPayload { company: changed.or(current).map(Company), user_errors })
    }
}
