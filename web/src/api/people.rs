//! People: choosing one, and for administrators managing them.

use super::{InvitationId, PageInfo, PersonFields, Role, Timestamp, UserError, UserId, schema};

#[derive(cynic::InputObject, Clone, Debug, Default)]
pub struct UserFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<Role>>,
}

#[derive(cynic::QueryVariables)]
pub struct UsersVariables {
    pub filter: UserFilter,
    pub first: i32,
    pub after: Option<String>,
}

/// Those whom a task can be given to.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "UsersVariables")]
pub struct PeopleToChoose {
    #[arguments(filter: $filter, first: $first, after: $after)]
    pub users: ChoosablePeople,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "UserConnection")]
pub struct ChoosablePeople {
    pub nodes: Vec<PersonFields>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryVariables)]
pub struct NamesVariables {
    pub ids: Vec<UserId>,
}

/// People that an address names.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "NamesVariables")]
pub struct Names {
    #[arguments(ids: $ids)]
    pub nodes: Vec<Option<Named>>,
}

#[derive(cynic::InlineFragments)]
#[cynic(graphql_type = "Node")]
pub enum Named {
    User(PersonFields),
    #[cynic(fallback)]
    Other,
}

/// The administrator's table.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "UsersVariables")]
pub struct PeoplePage {
    #[arguments(filter: $filter, first: $first, after: $after)]
    pub users: AccountConnection,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "UserConnection")]
pub struct AccountConnection {
    pub nodes: Vec<Account>,
    pub page_info: PageInfo,
    pub total_count: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "User")]
pub struct Account {
    pub id: UserId,
    pub name: String,
    pub role: Role,
    pub email: Option<String>,
    pub active: Option<bool>,
    pub last_seen_at: Option<Timestamp>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "UserPayload")]
pub struct AccountPayload {
    pub user: Option<Account>,
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryVariables)]
pub struct UserRoleChangeVariables {
    pub id: UserId,
    pub role: Role,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UserRoleChangeVariables")]
pub struct UserRoleChange {
    #[arguments(id: $id, role: $role)]
    pub user_role_change: AccountPayload,
}

#[derive(cynic::QueryVariables)]
pub struct UserActiveChangeVariables {
    pub id: UserId,
    pub active: bool,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UserActiveChangeVariables")]
pub struct UserActiveChange {
    #[arguments(id: $id, active: $active)]
    pub user_active_change: AccountPayload,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationState {
    Open,
    Used,
    Expired,
    Revoked,
}

#[derive(cynic::QueryVariables)]
pub struct InvitationsVariables {
    pub state: InvitationState,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "InvitationsVariables")]
pub struct Invitations {
    #[arguments(state: $state, first: 100, after: $after)]
    pub invitations: InvitationConnection,
}

#[derive(cynic::QueryFragment)]
pub struct InvitationConnection {
    pub nodes: Vec<Invitation>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Invitation {
    pub id: InvitationId,
    pub role: Role,
    pub created_by: Option<PersonFields>,
    pub expires_at: Timestamp,
    pub state: InvitationState,
}

#[derive(cynic::QueryVariables)]
pub struct InvitationRevokeVariables {
    pub id: InvitationId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "InvitationRevokeVariables")]
pub struct InvitationRevoke {
    #[arguments(id: $id)]
    pub invitation_revoke: InvitationPayload,
}

#[derive(cynic::QueryFragment)]
pub struct InvitationPayload {
    pub invitation: Option<Invitation>,
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct UserInviteInput {
    pub role: Role,
}

#[derive(cynic::QueryVariables)]
pub struct UserInviteVariables {
    pub input: UserInviteInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UserInviteVariables")]
pub struct UserInvite {
    #[arguments(input: $input)]
    pub user_invite: LinkPayload,
}

#[derive(cynic::QueryVariables)]
pub struct UserPasswordResetLinkVariables {
    pub id: UserId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UserPasswordResetLinkVariables")]
pub struct UserPasswordResetLink {
    #[arguments(id: $id)]
    pub user_password_reset_link: LinkPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LinkPayload {
    pub url: Option<String>,
    pub expires_at: Option<Timestamp>,
    pub user_errors: Vec<UserError>,
}
