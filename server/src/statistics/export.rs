//! The statistics of a period as a table, one row a task: every task that a figure of the period counts. First an address is given
//! out, signed and for one person; whoever opens it is that person, still as they were.
//!
//! Rows are read in pages by their key and written as they are asked for, so that a million of them take the memory of one page. Each
//! page is of its own moment: a long transaction would hold back the databases' housekeeping for as long as the reader is slow.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use chrono::NaiveDate;
use domain::policy::Capability;
use domain::statistics::{Measure, days_late, on_time};
use domain::validate::limit;
use domain::{Code, StatusKind};
use futures_util::Stream;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use serde::{Deserialize, Serialize};

use super::Scope;
use crate::app::App;
use crate::auth::Viewer;
use crate::db::columns::{Locale, Stored, TaskId, Timestamp, UserId};
use crate::db::days::{SpanFault, zone};
use crate::entity::{event, task, user};
use crate::error::{Error, Limit, Refused, Result, UserError, UserErrorCode};
use crate::link::{self, Link};
use crate::task::happened::{Happened, Happening, measured_of_task};
use crate::task::query::condition;
use crate::text::table::{self, Line};

/// How long an address is good.
const GOOD: Duration = Duration::from_mins(5);
/// What addresses are signed for.
const PURPOSE: &str = "vekha.download";
/// Rows read at once.
const PAGE: u64 = 1_000;

/// What separates the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delimiter {
    /// What spreadsheets expect where the comma separates decimals.
    Semicolon,
    /// RFC 4180.
    Comma,
}

/// Which table is asked for.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Where the days begin, and in which the moments are written.
    pub time_zone: String,
    /// Whose tasks; `None` is everyone's.
    pub assignees: Option<Vec<UserId>>,
    /// The language of its words.
    pub locale: Locale,
    /// What separates the cells.
    pub delimiter: Delimiter,
}

/// A table that a person was given the address of: what the address says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Export {
    /// Makes every address another one.
    id: String,
    person: UserId,
    /// What they were: who is it no longer asks anew.
    role: String,
    expires_at: Timestamp,
    from: NaiveDate,
    to: NaiveDate,
    time_zone: String,
    assignees: Option<Vec<UserId>>,
    locale: String,
    delimiter: Delimiter,
}

/// Gives out the address of a table, good for five minutes and for this person alone.
pub fn offer(app: &App, viewer: &Viewer, request: ExportRequest) -> Result<Link> {
    viewer.require(Capability::SeeAllStatistics)?;
    let ExportRequest { from, to, time_zone, assignees, locale, delimiter } = request;
    Scope::new(from, to, &time_zone, None).map_err(fault)?;
    let expires_at = app.clock.now().plus(GOOD);
    let export = Export {
        id: app.random.token()?.chars().take(22).collect(),
        person: viewer.id,
        role: viewer.role.code().to_owned(),
        expires_at,
        from,
        to,
        time_zone,
        assignees,
        locale: locale.code().to_owned(),
        delimiter,
    };
    let said = serde_json::to_vec(&export).map_err(Error::unexpected)?;
    let signature = app.secrets.sign(PURPOSE, &said)?;
    let url = format!("{}/download/{}.{signature}", link::origin(&app.config), URL_SAFE_NO_PAD.encode(said));
    Ok(Link { url, expires_at })
}

fn fault(fault: SpanFault) -> Error {
    let (code, field) = match fault {
        SpanFault::Zone => (UserErrorCode::Invalid, "timeZone"),
        SpanFault::Order => (UserErrorCode::Invalid, "to"),
        SpanFault::TooLong => {
            let days = Some(Limit::Days(limit::STATISTICS_DAYS));
            return Error::User(vec![UserError {
                limit: days,
                ..UserError::at(UserErrorCode::TooLong, ["input", "to"])
            }]);
        }
    };
    Error::user(code, ["input", field])
}

impl Export {
    /// The table of an address, for the person who opens it.
    ///
    /// # Errors
    /// [`Refused::Forbidden`] where it was not signed here, has expired, is another person's, or was given to them in another role.
    pub fn open(app: &App, viewer: &Viewer, token: &str) -> Result<Self> {
        let refused = || Error::Refused(Refused::Forbidden);
        let (said, signature) = token.split_once('.').ok_or_else(refused)?;
        let said = URL_SAFE_NO_PAD.decode(said).map_err(|_| refused())?;
        if !app.secrets.verify(PURPOSE, &said, signature) {
            return Err(refused());
        }
        let export: Export = serde_json::from_slice(&said).map_err(Error::unexpected)?;
        let theirs = export.person == viewer.id && export.role == viewer.role.code();
        if !theirs || app.clock.now() >= export.expires_at || !viewer.role.can(Capability::SeeAllStatistics) {
            return Err(refused());
        }
        Ok(export)
    }

    /// The names of its file: in the person's language, and in letters that every program takes.
    pub fn file_names(&self) -> (String, String) {
        let days = format!("{}_{}", self.from, self.to);
        (format!("{}_{days}.csv", table::title(self.locale())), format!("statistics_{days}.csv"))
    }

    fn locale(&self) -> Locale {
        Locale::from_code(&self.locale).unwrap_or(Locale::Ru)
    }

    /// The table, in pieces.
    pub fn csv(self, app: Arc<App>, viewer: Viewer) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
        async_stream::try_stream! {
            let scope = Scope::new(self.from, self.to, &self.time_zone, self.assignees.clone()).map_err(fault)?;
            let zone = zone(&self.time_zone).ok_or_else(|| fault(SpanFault::Zone))?;
            let separator = match self.delimiter {
                Delimiter::Semicolon => b';',
                Delimiter::Comma => b',',
            };
            let table = table::Table { locale: self.locale(), zone, separator };
            yield Bytes::from(table.head().map_err(Error::unexpected)?);
            let mut after = TaskId(0);
            loop {
                may_still(&app, &viewer).await?;
                let rows = page(&app, &viewer, &scope, after).await?;
                let Some(last) = rows.last() else { break };
                after = last.id;
                let now = app.clock.now();
                let lines = rows.iter().map(|row| row.line(now));
                yield Bytes::from(table.lines(lines).map_err(Error::unexpected)?);
            }
        }
    }
}

/// Refuses to go on once the person is disabled or something else than they were.
async fn may_still(app: &App, viewer: &Viewer) -> Result<()> {
    let person = user::Entity::find_by_id(viewer.id).one(app.db.reads()).await?;
    let may = person.is_some_and(|person| person.active && person.role.0 == viewer.role);
    if may { Ok(()) } else { Err(Error::Refused(Refused::Forbidden)) }
}

/// A row as it is read.
#[derive(FromQueryResult)]
struct Row {
    id: TaskId,
    title: String,
    /// By its name: one that a later version knows stands in the table as it is.
    status: String,
    creator: String,
    assignee: String,
    created_at: Timestamp,
    deadline: Option<Timestamp>,
    original_deadline: Option<Timestamp>,
    submitted_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
    /// How often its deadline was moved in the period.
    moves: i64,
    /// How often work on it was returned in the period.
    returns: i64,
}

impl Row {
    fn line(&self, now: Timestamp) -> Line<'_> {
        let done = self.completed_at.is_some();
        let judged = |deadline| on_time(self.submitted_at, deadline).filter(|_| done);
        // When it was handed in, where it is; until now, where it should have been.
        let until = match StatusKind::from_code(&self.status) {
            Some(StatusKind::InReview | StatusKind::Done) => self.submitted_at,
            Some(StatusKind::Overdue) => Some(now),
            Some(StatusKind::New | StatusKind::InProgress | StatusKind::Deferred) | None => None,
        };
        Line {
            number: self.id.0,
            title: &self.title,
            status: &self.status,
            creator: &self.creator,
            assignee: &self.assignee,
            created: self.created_at,
            deadline: self.deadline,
            first_deadline: self.original_deadline,
            moves: self.moves,
            handed_in: self.submitted_at,
            completed: self.completed_at,
            on_time: judged(self.deadline),
            on_time_by_first_deadline: judged(self.original_deadline),
            returns: self.returns,
            days_late: self.deadline.zip(until).map(|(deadline, until)| days_late(deadline.0, until.0)),
        }
    }
}

/// The next tasks of the table.
async fn page(app: &App, viewer: &Viewer, scope: &Scope, after: TaskId) -> Result<Vec<Row>> {
    Ok(page_statement(viewer, scope, after).into_model().all(app.db.reads()).await?)
}

/// The statement behind the pages; apart, so that tests can ask the database how it would run it.
pub fn page_statement(viewer: &Viewer, scope: &Scope, after: TaskId) -> Select<task::Entity> {
    let person = |column| task::Entity::belongs_to(user::Entity).from(column).to(user::Column::Id).into();
    task::Entity::find()
        .select_only()
        .columns([
            task::Column::Id,
            task::Column::Title,
            task::Column::Status,
            task::Column::CreatedAt,
            task::Column::Deadline,
            task::Column::OriginalDeadline,
            task::Column::SubmittedAt,
            task::Column::CompletedAt,
        ])
        .expr_as(Expr::col(("creator", user::Column::Name)), "creator")
        .expr_as(Expr::col(("assignee", user::Column::Name)), "assignee")
        .expr_as(times(scope, Measure::DeadlineMoved), "moves")
        .expr_as(times(scope, Measure::Returned), "returns")
        .join_as(JoinType::InnerJoin, person(task::Column::CreatorId), "creator")
        .join_as(JoinType::InnerJoin, person(task::Column::AssigneeId), "assignee")
        .filter(condition(viewer, &scope.filter()))
        .filter(counted(scope))
        .filter(task::Column::Id.gt(after))
        .order_by_asc(task::Column::Id)
        .limit(PAGE)
}

/// What a figure of the period counts: set or completed in it, not done now, or such that something happened to it in the period.
fn counted(scope: &Scope) -> Condition {
    let (from, to) = (scope.span.from, scope.span.to);
    // A value, not `EXISTS`: PostgreSQL would make the list of all that happened in the period anew for every page.
    let happened = happenings(scope, &[Measure::Overdue, Measure::Returned, Measure::DeadlineMoved])
        .expr(Expr::val(1))
        .limit(1)
        .to_owned();
    Condition::any()
        .add(task::Column::Status.ne(Stored(StatusKind::Done)))
        .add(Happened { what: Happening::Created, from, to }.condition())
        .add(Happened { what: Happening::Completed, from, to }.condition())
        .add(subquery(happened).is_not_null())
}

/// How often this happened to the task of the row in the period.
fn times(scope: &Scope, measure: Measure) -> SimpleExpr {
    subquery(happenings(scope, &[measure]).expr(event::Column::Id.count()).to_owned())
}

/// What happened to the task of the row in the period.
fn happenings(scope: &Scope, measures: &[Measure]) -> SelectStatement {
    Query::select()
        .from(event::Entity)
        .cond_where(measured_of_task(measures, scope.span.from, scope.span.to))
        .to_owned()
}

fn subquery(statement: SelectStatement) -> SimpleExpr {
    SimpleExpr::SubQuery(None, Box::new(statement.into()))
}
