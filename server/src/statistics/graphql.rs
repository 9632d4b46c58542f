//! Statistics in the contract: thin resolvers over the figures beside.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use domain::policy::Capability;

use super::export::{self, Delimiter, ExportRequest};
use super::{AssigneeFigures, DayFigures, Figures, Scope};
use crate::db::days::SpanFault;
use crate::error::{Error, Refused, Result};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Locale, TaskStatus};
use crate::graphql::guard::Can;
use crate::graphql::payload::LinkPayload;
use crate::graphql::scalars::{Date, int};
use crate::security::Kind;
use crate::task::graphql::people_of;
use crate::user::graphql::User;
use crate::user::query::UserLoader;

/// Questions about what was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct StatisticsQuery;

/// Questions about what was done.
#[Object]
impl StatisticsQuery {
    /// [ADMIN, SUPERVISOR: everyone's. MANAGER: their own.] At most 366 days.
    async fn statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The last day, at most 365 after the first.")] to: Date,
        #[graphql(desc = "Where the days begin: a name of the IANA database.")] time_zone: String,
        #[graphql(desc = "Whose tasks: at most 100 people; without, everyone's.")] assignee_ids: Option<
            Vec<ID>,
        >,
    ) -> Result<Statistics> {
        let viewer = ctx.viewer()?;
        let assignees = assignee_ids.map(|ids| people_of(&ids)).transpose()?;
        let scope = Scope::new(from.0, to.0, &time_zone, assignees).map_err(|fault| {
            Error::Refused(Refused::BadInput(match fault {
                SpanFault::Zone => "timeZone is a name of the IANA database",
                SpanFault::Order => "from is not after to",
                SpanFault::TooLong => "statistics are of at most 366 days",
            }))
        })?;
        Ok(Statistics(super::figures(ctx.app(), viewer, &scope).await?))
    }
}

/// What separates the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Delimiter")]
pub enum CsvDelimiter {
    /// What spreadsheets expect where the comma separates decimals.
    Semicolon,
    /// RFC 4180.
    Comma,
}

/// Which tasks are to be in the table: all that a figure of the period counts.
#[derive(Clone, Debug, InputObject)]
pub struct StatisticsExportInput {
    /// The first day.
    from: Date,
    /// The last day, at most 365 after the first.
    to: Date,
    /// Where the days begin, and in which moments are written: a name of the IANA database.
    time_zone: String,
    /// Whose tasks: at most 100 people; without, everyone's.
    assignee_ids: Option<Vec<ID>>,
    /// The language of its words.
    #[graphql(default_with = "Some(Locale::Ru)")]
    locale: Option<Locale>,
    /// What separates the cells of a row.
    #[graphql(default_with = "Some(CsvDelimiter::Semicolon)")]
    delimiter: Option<CsvDelimiter>,
}

/// Changes of nothing: what is given out.
#[derive(Clone, Copy, Debug, Default)]
pub struct StatisticsMutation;

/// Changes of nothing: what is given out.
#[Object]
impl StatisticsMutation {
    /// [ADMIN, SUPERVISOR] One row a task, RFC 4180, UTF-8 with BOM; the address is good for 5 minutes and for this person alone.
    #[graphql(guard = "Can(Capability::SeeAllStatistics)")]
    async fn statistics_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which period, of whom, and how it is to be written.")] input: StatisticsExportInput,
    ) -> Result<LinkPayload> {
        let request = ExportRequest {
            from: input.from.0,
            to: input.to.0,
            time_zone: input.time_zone,
            assignees: input.assignee_ids.map(|ids| people_of(&ids)).transpose()?,
            locale: input.locale.unwrap_or(Locale::Ru).into(),
            delimiter: input.delimiter.unwrap_or(CsvDelimiter::Semicolon).into(),
        };
        let (from, to) = (request.from, request.to);
        let offered = export::offer(ctx.app(), ctx.viewer()?, request);
        ctx.asker().notes(Kind::Export, &offered, None, format_args!("from={from} to={to}"));
        LinkPayload::of(ctx, offered)
    }
}

/// What a period brought, and how things stand now. A task counts for the person whose it is now; deleted tasks do not count.
#[derive(Debug)]
pub struct Statistics(Figures);

/// What a period brought, and how things stand now. A task counts for the person whose it is now; deleted tasks do not count.
#[Object]
impl Statistics {
    /// Tasks set in the period.
    async fn created(&self) -> i32 {
        int(self.0.created)
    }

    /// Tasks done in the period, and done still.
    async fn completed(&self) -> i32 {
        int(self.0.completed)
    }

    /// Of those completed in the period that had a deadline: last handed in before it.
    async fn on_time(&self) -> i32 {
        int(self.0.on_time)
    }

    /// Of those completed in the period that had a deadline: last handed in when it had passed.
    async fn late(&self) -> i32 {
        int(self.0.late)
    }

    /// Of those completed in the period that ever had a deadline: last handed in before the first one.
    async fn on_time_by_original_deadline(&self) -> i32 {
        int(self.0.on_time_by_original_deadline)
    }

    /// Tasks that are overdue now, whatever the period.
    async fn overdue_now(&self) -> i32 {
        int(self.0.overdue_now)
    }

    /// Tasks of which work was returned in the period.
    async fn returned(&self) -> i32 {
        int(self.0.returned)
    }

    /// How many times deadlines were moved or taken away in the period.
    async fn deadline_moves(&self) -> i32 {
        int(self.0.deadline_moves)
    }

    /// Tasks whose deadline was moved or taken away in the period.
    async fn deadlines_moved(&self) -> i32 {
        int(self.0.deadlines_moved)
    }

    /// From creation to completion, of those completed in the period; null where none was.
    async fn median_completion_seconds(&self) -> Option<i32> {
        seconds(self.0.median_completion)
    }

    /// From hand-in to decision, of the decisions in the period; null where there was none.
    async fn median_review_seconds(&self) -> Option<i32> {
        seconds(self.0.median_review)
    }

    /// Tasks by what they are now: of the done, those completed in the period; of the others all. Every status is there.
    async fn by_status(&self) -> Vec<StatusCount> {
        let counts = self.0.by_status.iter();
        counts.map(|(status, count)| StatusCount { status: (*status).into(), count: int(*count) }).collect()
    }

    /// Every day of the period.
    async fn by_day(&self) -> Vec<DayFlow> {
        self.0.by_day.iter().map(DayFlow::of).collect()
    }

    /// People for whom anything counts; who has most to do first.
    async fn by_assignee(&self) -> Vec<AssigneeStatistics> {
        self.0.by_assignee.iter().copied().map(AssigneeStatistics).collect()
    }
}

/// How many tasks have a status.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct StatusCount {
    /// The status.
    status: TaskStatus,
    /// How many tasks.
    count: i32,
}

/// What a day brought.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct DayFlow {
    /// Which day.
    date: Date,
    /// Tasks set on it.
    created: i32,
    /// Tasks done on it, and done still.
    completed: i32,
    /// Tasks that became overdue on it.
    overdue: i32,
}

impl DayFlow {
    fn of(day: &DayFigures) -> Self {
        DayFlow {
            date: Date(day.date),
            created: int(day.created),
            completed: int(day.completed),
            overdue: int(day.overdue),
        }
    }
}

/// What is counted of one person.
#[derive(Clone, Copy, Debug)]
pub struct AssigneeStatistics(AssigneeFigures);

/// What is counted of one person.
#[Object]
impl AssigneeStatistics {
    /// Who.
    async fn assignee(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let people = ctx.data_unchecked::<async_graphql::dataloader::DataLoader<UserLoader>>();
        Ok(people.load_one(self.0.assignee).await?.map(User::new))
    }

    /// Tasks that are not done now, deferred ones included.
    async fn open(&self) -> i32 {
        int(self.0.open)
    }

    /// Tasks that are overdue now.
    async fn overdue_now(&self) -> i32 {
        int(self.0.overdue_now)
    }

    /// Tasks done in the period, and done still.
    async fn completed(&self) -> i32 {
        int(self.0.completed)
    }

    /// Of those that had a deadline: last handed in before it.
    async fn on_time(&self) -> i32 {
        int(self.0.on_time)
    }

    /// Of those that had a deadline: last handed in when it had passed.
    async fn late(&self) -> i32 {
        int(self.0.late)
    }

    /// Tasks of which work was returned in the period.
    async fn returned(&self) -> i32 {
        int(self.0.returned)
    }

    /// From creation to completion, of those completed in the period; null where none was.
    async fn median_completion_seconds(&self) -> Option<i32> {
        seconds(self.0.median_completion)
    }
}

fn seconds(milliseconds: Option<i64>) -> Option<i32> {
    milliseconds.map(|milliseconds| int(milliseconds / 1000))
}
