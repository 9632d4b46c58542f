//! What a period brought.

use super::people::LinkPayload;
use super::{Locale, PersonFields, TaskStatus, UserId, schema};

#[derive(cynic::Scalar, Clone, Debug, PartialEq, Eq)]
pub struct Date(pub String);

#[derive(cynic::QueryVariables, Clone)]
pub struct StatisticsVariables {
    pub from: Date,
    pub to: Date,
    pub time_zone: String,
    pub people: Option<Vec<UserId>>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "StatisticsVariables")]
pub struct StatisticsOfPeriod {
    #[arguments(from: $from, to: $to, timeZone: $time_zone, assigneeIds: $people)]
    pub statistics: Statistics,
}

#[derive(cynic::QueryFragment, PartialEq)]
pub struct Statistics {
    pub created: i32,
    pub completed: i32,
    pub on_time: i32,
    pub late: i32,
    pub on_time_by_original_deadline: i32,
    pub overdue_now: i32,
    pub returned: i32,
    pub deadline_moves: i32,
    pub deadlines_moved: i32,
    pub median_completion_seconds: Option<i32>,
    pub median_review_seconds: Option<i32>,
    pub by_status: Vec<StatusCount>,
    pub by_day: Vec<DayFlow>,
    pub by_assignee: Vec<AssigneeStatistics>,
}

#[derive(cynic::QueryFragment, PartialEq)]
pub struct StatusCount {
    pub status: TaskStatus,
    pub count: i32,
}

#[derive(cynic::QueryFragment, PartialEq)]
pub struct DayFlow {
    pub date: Date,
    pub created: i32,
    pub completed: i32,
    pub overdue: i32,
}

#[derive(cynic::QueryFragment, PartialEq)]
pub struct AssigneeStatistics {
    pub assignee: Option<PersonFields>,
    pub open: i32,
    pub overdue_now: i32,
    pub completed: i32,
    pub on_time: i32,
    pub late: i32,
    pub returned: i32,
    pub median_completion_seconds: Option<i32>,
}

#[derive(cynic::InputObject)]
pub struct StatisticsExportInput {
    pub from: Date,
    pub to: Date,
    pub time_zone: String,
    pub assignee_ids: Option<Vec<UserId>>,
    pub locale: Option<Locale>,
}

#[derive(cynic::QueryVariables)]
pub struct StatisticsExportVariables {
    pub input: StatisticsExportInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "StatisticsExportVariables")]
pub struct StatisticsExport {
    #[arguments(input: $input)]
    pub statistics_export: LinkPayload,
}
