//! Finding people, and managing them.

use super::request::mended;
use super::{Client, Trouble};
use crate::api::company::{Company, CompanyState, CompanyUpdate, CompanyUpdateInput, CompanyUpdateVariables};
use crate::api::people::{
    Account, AccountConnection, AccountPayload, Invitation, InvitationRevoke, InvitationRevokeVariables,
    InvitationState, Invitations, InvitationsVariables, LinkPayload, Named, Names, NamesVariables,
    PeoplePage, PeopleToChoose, UserActiveChange, UserActiveChangeVariables, UserFilter, UserInvite,
    UserInviteInput, UserInviteVariables, UserPasswordResetLink, UserPasswordResetLinkVariables,
    UserRoleChange, UserRoleChangeVariables, UsersVariables,
};
use crate::api::{InvitationId, PersonFields, Role, Timestamp, UserId};
use crate::browser::document;
use crate::transport::RequestError;

/// How many people a search offers.
const OFFERED: i32 = 20;
/// How many people whoever types a name has at hand, without asking the server: the most that it gives at once.
pub const AT_HAND: i32 = 100;
/// Rows on a page of the administrator's table.
const PAGE: i32 = 50;

impl Client {
    /// Those whose name fits, of the people who may still sign in.
    pub async fn find_people(&self, text: String) -> Result<Vec<PersonFields>, Trouble> {
        self.people(text, OFFERED).await
    }

    /// The first [`AT_HAND`] of those who may still sign in.
    pub async fn people_at_hand(&self) -> Result<Vec<PersonFields>, Trouble> {
        self.people(String::new(), AT_HAND).await
    }

    async fn people(&self, text: String, first: i32) -> Result<Vec<PersonFields>, Trouble> {
        let text = Some(text).filter(|text| !text.trim().is_empty());
        let filter = UserFilter { text, active: Some(true), roles: None };
        let answer: PeopleToChoose = self.query(UsersVariables { filter, first, after: None }).await?;
        self.update(|state| answer.users.nodes.iter().for_each(|person| state.store.take_person(person)));
        Ok(answer.users.nodes)
    }

    /// Everyone to whom a task can be given, by name.
    pub async fn load_assignees(&self) -> Result<Vec<UserId>, Trouble> {
        let mut people = vec![];
        let mut after = None;
        loop {
            let filter = UserFilter { active: Some(true), ..UserFilter::default() };
            let answer: PeopleToChoose = self.query(UsersVariables { filter, first: AT_HAND, after }).await?;
            self.update(|state| answer.users.nodes.iter().for_each(|person| state.store.take_person(person)));
            people.extend(answer.users.nodes);
            after = answer.users.page_info.end_cursor.filter(|_| answer.users.page_info.has_next_page);
            if after.is_none() {
                break;
            }
        }
        people.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(people.into_iter().map(|person| person.id).collect())
    }

    /// Learns the names of people whom an address names.
    pub async fn load_names(&self, ids: Vec<UserId>) {
        let answer: Result<Names, _> = self.query(NamesVariables { ids }).await;
        let Ok(answer) = answer else { return };
        self.update(|state| {
            for node in answer.nodes.into_iter().flatten() {
                match node {
                    Named::User(person) => state.store.take_person(&person),
                    Named::Other => {}
                }
            }
        });
    }

    /// A page of those whose name or address fits and who have that role.
    pub async fn load_people(
        &self,
        text: &str,
        role: Option<Role>,
        after: Option<String>,
    ) -> Result<AccountConnection, Trouble> {
        let text = Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
        let filter = UserFilter { text, active: None, roles: role.map(|role| vec![role]) };
        let variables = UsersVariables { filter, first: PAGE, after };
        let answer: PeoplePage = self.query(variables).await?;
        Ok(answer.users)
    }

    /// What the company as a whole has decided.
    pub async fn load_company(&self) -> Result<Company, Trouble> {
        let answer: CompanyState = self.query(()).await?;
        Ok(answer.company)
    }

    /// Decides who may register; the company as it is then.
    pub async fn open_registration(&self, version: i32, open: bool) -> Result<Company, Trouble> {
        let input = CompanyUpdateInput { version, open_registration: Some(open) };
        let answer: CompanyUpdate = self.mutate(CompanyUpdateVariables { input }).await?;
        mended(answer.company_update.user_errors)?;
        answer.company_update.company.ok_or_else(|| RequestError::Unexpected.into())
    }

    pub async fn change_role(&self, id: UserId, role: Role) -> Result<Account, Trouble> {
        let answer: UserRoleChange = self.mutate(UserRoleChangeVariables { id, role }).await?;
        account(answer.user_role_change)
    }

    pub async fn change_active(&self, id: UserId, active: bool) -> Result<Account, Trouble> {
        let answer: UserActiveChange = self.mutate(UserActiveChangeVariables { id, active }).await?;
        account(answer.user_active_change)
    }

    pub async fn invite(&self, role: Role) -> Result<(String, Option<Timestamp>), Trouble> {
        let answer: UserInvite = self.mutate(UserInviteVariables { input: UserInviteInput { role } }).await?;
        link(answer.user_invite)
    }

    /// The invitations that are open, the newest first.
    pub async fn load_invitations(&self) -> Result<Vec<Invitation>, Trouble> {
        let mut open = vec![];
        let mut after = None;
        loop {
            let state = InvitationState::Open;
            let answer: Invitations = self.query(InvitationsVariables { state, after }).await?;
            open.extend(answer.invitations.nodes);
            let page = answer.invitations.page_info;
            after = page.end_cursor.filter(|_| page.has_next_page);
            if after.is_none() {
                return Ok(open);
            }
        }
    }

    pub async fn revoke_invitation(&self, id: InvitationId) -> Result<Invitation, Trouble> {
        let answer: InvitationRevoke = self.mutate(InvitationRevokeVariables { id }).await?;
        mended(answer.invitation_revoke.user_errors)?;
        answer.invitation_revoke.invitation.ok_or_else(|| RequestError::Unexpected.into())
    }

    pub async fn password_reset_link(&self, id: UserId) -> Result<(String, Option<Timestamp>), Trouble> {
        let answer: UserPasswordResetLink = self.mutate(UserPasswordResetLinkVariables { id }).await?;
        link(answer.user_password_reset_link)
    }
}

fn account(payload: AccountPayload) -> Result<Account, Trouble> {
    mended(payload.user_errors)?;
    payload.user.ok_or_else(|| RequestError::Unexpected.into())
}

pub(super) fn link(payload: LinkPayload) -> Result<(String, Option<Timestamp>), Trouble> {
    mended(payload.user_errors)?;
    let url = payload.url.ok_or(RequestError::Unexpected)?;
    // A server that was not told its address gives one within it.
    let url = if url.starts_with('/') { document::absolute(&url) } else { url };
    Ok((url, payload.expires_at))
}
