//! Writes what happened and who is told of it, in the transaction of the change.

use domain::fanout::{Announcement, Audience, fan_out};
use domain::{Code, EventKind, Role};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, NotSet, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::event::Event;
use crate::db::Write;
use crate::db::columns::{Stored, Timestamp, UserId};
use crate::entity::{event, notification, task, user};
use crate::error::{Error, Result};

/// The circumstances of an event.
#[derive(Clone, Copy, Debug)]
pub struct Fact<'a> {
    /// Who did it; `None` is the system.
    pub actor: Option<UserId>,
    /// The task, as it is after the change.
    pub task: Option<&'a task::Model>,
    /// The person whom an event about a person concerns.
    pub subject: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// Appends the event and the notifications that it causes.
pub async fn append(write: &Write, fact: Fact<'_>, event: Event) -> Result<event::Model> {
    let previous_assignee = if let Event::TaskAssigned { from, .. } = &event { Some(*from) } else { None };
    let missed_deadline =
        if let Event::TaskOverdue { deadline, .. } = &event { Some(*deadline) } else { None };
    let kind = event.kind().ok_or(Error::internal("what this version does not know, it does not write"))?;
    let row = event::ActiveModel {
        id: NotSet,
        xid: NotSet,
        at: Set(fact.at),
        kind: Set(kind.code().to_owned()),
        actor_id: Set(fact.actor),
        task_id: Set(fact.task.map(|task| task.id)),
        creator_id: Set(fact.task.map(|task| task.creator_id)),
        assignee_id: Set(fact.task.map(|task| task.assignee_id)),
        previous_assignee_id: Set(previous_assignee),
        subject_id: Set(fact.subject),
        comment_id: Set(event.comment()),
        missed_deadline: Set(missed_deadline),
        measure: Set(event.measure().map(|measure| measure.code().to_owned())),
        payload: Set(serde_json::to_string(&event).map_err(Error::unexpected)?),
    };
    let row = row.insert(&**write).await?;
    notify(write, fact, kind, &event, &row).await?;
    Ok(row)
}

/// Administrators who are told of something are no more.
const ADMINISTRATORS: u64 = 100;

/// Those who manage people, where the event is one that they are told of.
async fn administrators(write: &Write, event: &Event) -> Result<Vec<UserId>, DbErr> {
    let is_told =
        matches!(event, Event::UserRegistered { announcement } if *announcement != Announcement::Silent);
    if !is_told {
        return Ok(Vec::new());
    }
    user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Role.eq(Stored(Role::Admin)))
        .filter(user::Column::Active.eq(true))
        .order_by_asc(user::Column::Id)
        .limit(ADMINISTRATORS)
        .into_tuple()
        .all(&**write)
        .await
}

async fn notify(
    write: &Write,
    fact: Fact<'_>,
    kind: EventKind,
    event: &Event,
    row: &event::Model,
) -> Result<(), DbErr> {
    let administrators = administrators(write, event).await?;
    let audience = Audience {
        actor: row.actor_id,
        creator: row.creator_id,
        assignee: row.assignee_id,
        previous_assignee: row.previous_assignee_id,
        subject: row.subject_id,
        administrators: &administrators,
    };
    let rows: Vec<_> = fan_out(kind, &audience)
        .into_iter()
        .map(|notice| notification::ActiveModel {
            id: NotSet,
            recipient_id: Set(notice.recipient),
            kind: Set(notice.kind.code().to_owned()),
            event_id: Set(row.id),
            task_id: Set(row.task_id),
            created_at: Set(fact.at),
            read_at: Set(notice.born_read.then_some(fact.at)),
        })
        .collect();
    if !rows.is_empty() {
        notification::Entity::insert_many(rows).exec_without_returning(&**write).await?;
    }
    Ok(())
}
