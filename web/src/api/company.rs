//! What the company as a whole has decided.

use super::{UserError, schema};

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Company {
    pub open_registration: bool,
    pub open_registration_fixed: bool,
    pub version: i32,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
pub struct CompanyState {
    pub company: Company,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct CompanyUpdateInput {
    pub version: i32,
    pub open_registration: Option<bool>,
}

#[derive(cynic::QueryVariables)]
pub struct CompanyUpdateVariables {
    pub input: CompanyUpdateInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CompanyUpdateVariables")]
pub struct CompanyUpdate {
    #[arguments(input: $input)]
    pub company_update: CompanyPayload,
}

#[derive(cynic::QueryFragment)]
pub struct CompanyPayload {
    pub company: Option<Company>,
    pub user_errors: Vec<UserError>,
}
