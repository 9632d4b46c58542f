//! Signing in and out, and one's own account.

use super::notifications::NotificationConnection;
use super::{Cursor, Locale, Role, SessionId, Theme, Timestamp, UserError, UserId, schema};

/// Who is signed in.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "User")]
pub struct Viewer {
    pub id: UserId,
    pub name: String,
    pub role: Role,
    pub email: Option<String>,
    pub profile: Option<Profile>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Profile {
    pub locale: Option<Locale>,
    pub theme: Theme,
    pub time_zone: String,
    pub shortcuts: bool,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
pub struct WhoAmI {
    pub viewer: Option<Viewer>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
pub struct ServerState {
    pub server: Server,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Server {
    pub version: String,
    pub registration_open: bool,
    pub first_account: bool,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct SessionPayload {
    pub viewer: Option<Viewer>,
    pub access_token: Option<String>,
    pub access_token_expires_at: Option<Timestamp>,
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct RegisterInput {
    pub name: String,
    pub email: String,
    pub password: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub invitation: Option<String>,
    pub time_zone: Option<String>,
    pub locale: Option<Locale>,
}

#[derive(cynic::QueryVariables)]
pub struct RegisterVariables {
    pub input: RegisterInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RegisterVariables")]
pub struct Register {
    #[arguments(input: $input)]
    pub register: SessionPayload,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct LoginInput {
    pub email: String,
    pub password: String,
}

#[derive(cynic::QueryVariables)]
pub struct LoginVariables {
    pub input: LoginInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "LoginVariables")]
pub struct Login {
    #[arguments(input: $input)]
    pub login: SessionPayload,
}

/// By the cookie, which scripts cannot read.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation")]
pub struct Refresh {
    pub refresh: SessionPayload,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation")]
pub struct Logout {
    pub logout: LogoutPayload,
}

#[derive(cynic::QueryFragment)]
pub struct LogoutPayload {
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct PasswordResetInput {
    pub token: String,
    pub new: String,
}

#[derive(cynic::QueryVariables)]
pub struct PasswordResetVariables {
    pub input: PasswordResetInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "PasswordResetVariables")]
pub struct PasswordReset {
    #[arguments(input: $input)]
    pub password_reset: SessionPayload,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct PasswordChangeInput {
    pub current: String,
    pub new: String,
}

#[derive(cynic::QueryVariables)]
pub struct PasswordChangeVariables {
    pub input: PasswordChangeInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "PasswordChangeVariables")]
pub struct PasswordChange {
    #[arguments(input: $input)]
    pub password_change: ViewerPayload,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "UserPayload")]
pub struct ViewerPayload {
    pub user: Option<Viewer>,
    pub user_errors: Vec<UserError>,
}

/// What is absent stays as it is.
#[derive(cynic::InputObject, Clone, Debug, Default)]
pub struct ProfileUpdateInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub current_password: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub shortcuts: Option<bool>,
}

#[derive(cynic::QueryVariables)]
pub struct ProfileUpdateVariables {
    pub input: ProfileUpdateInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ProfileUpdateVariables")]
pub struct ProfileUpdate {
    #[arguments(input: $input)]
    pub profile_update: ViewerPayload,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
pub struct OwnSessions {
    pub viewer: Option<ViewerSessions>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "User")]
pub struct ViewerSessions {
    pub sessions: Option<Vec<Session>>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Session {
    pub id: SessionId,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    pub device: String,
    pub address: String,
    pub current: bool,
}

#[derive(cynic::QueryVariables)]
pub struct SessionEndVariables {
    pub id: SessionId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "SessionEndVariables")]
pub struct SessionEnd {
    #[arguments(id: $id)]
    pub session_end: SessionEndPayload,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation")]
pub struct SessionEndOthers {
    pub session_end_others: SessionEndPayload,
}

#[derive(cynic::QueryFragment)]
pub struct SessionEndPayload {
    pub ended_ids: Vec<SessionId>,
    pub user_errors: Vec<UserError>,
}

/// What a session starts from: where both streams go on, and the latest notifications.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
pub struct Start {
    #[arguments(first: 1)]
    pub tasks: StreamPlace,
    #[arguments(first: 30)]
    pub notifications: NotificationConnection,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "TaskConnection")]
pub struct StreamPlace {
    pub live_cursor: Cursor,
}
