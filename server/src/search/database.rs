//! What the database answers while no engine does: tasks whose title has the words, as they are or in another form. Of these, the
//! newest are ranked by the same weights as an engine's; typos are not forgiven, and descriptions do not find a task but count
//! for one that is found.

use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::analysis::tokens;
use super::engine::{Found, Order, Place, Question};
use super::relevance::{Word, Words};
use crate::db::Database;
use crate::db::columns::{Stored, TaskId, Timestamp};
use crate::entity::task;
use crate::error::Result;
use crate::task::query::escaped;

/// Tasks that are ranked: reading more would take longer than anybody waits.
const RANKED: u64 = 1_000;

/// Answers as an engine would.
pub(super) async fn search(db: &Database, question: &Question) -> Result<Found> {
    if question.words.is_empty() { by_filters(db, question).await } else { by_words(db, question).await }
}

fn filtered(question: &Question) -> Select<task::Entity> {
    let people = question.people.as_ref().map(|people| {
        Condition::any()
            .add(task::Column::AssigneeId.is_in(people.iter().copied()))
            .add(task::Column::CreatorId.is_in(people.iter().copied()))
    });
    let statuses = question
        .statuses
        .as_ref()
        .map(|statuses| task::Column::Status.is_in(statuses.iter().copied().map(Stored)));
    let deadline = (question.deadline_from.is_some() || question.deadline_to.is_some())
        .then(|| task::Column::DeadlineKey.lt(question.deadline_to.unwrap_or(Timestamp::NEVER)));
    task::Entity::find().filter(
        Condition::all()
            .add(task::Column::DeletedAt.is_null())
            .add_option(people)
            .add_option(statuses)
            .add_option(question.deadline_from.map(|from| task::Column::DeadlineKey.gte(from)))
            .add_option(deadline),
    )
}

async fn by_filters(db: &Database, question: &Question) -> Result<Found> {
    let filtered = filtered(question);
    let total = filtered.clone().count(db.reads()).await?;
    let rows = match question.order {
        Order::Relevance => filtered.order_by_desc(task::Column::Id),
        Order::Deadline => filtered.order_by_asc(task::Column::DeadlineKey).order_by_asc(task::Column::Id),
    };
    let rows = match (question.order, question.after) {
        (_, None) => rows,
        (Order::Relevance, Some(after)) => rows.filter(task::Column::Id.lt(after.id)),
        (Order::Deadline, Some(after)) => rows.filter(
            Expr::tuple([Expr::col(task::Column::DeadlineKey), Expr::col(task::Column::Id)])
                .gt(Expr::tuple([Expr::val(after.rank), Expr::val(after.id.0)])),
        ),
    };
    let keys: Vec<(TaskId, Timestamp)> = rows
        .select_only()
        .column(task::Column::Id)
        .column(task::Column::DeadlineKey)
        .limit(u64::try_from(question.limit).unwrap_or(u64::MAX))
        .into_tuple()
        .all(db.reads())
        .await?;
    let place = |(id, deadline): (TaskId, Timestamp)| match question.order {
        Order::Relevance => Place { rank: 0, id },
        Order::Deadline => Place { rank: deadline.0, id },
    };
    Ok(Found { places: keys.into_iter().map(place).collect(), total })
}

async fn by_words(db: &Database, question: &Question) -> Result<Found> {
    let rows: Vec<(TaskId, Timestamp, String, String)> = filtered(question)
        .filter(has_words(&question.words))
        .select_only()
        .columns([
            task::Column::Id,
            task::Column::DeadlineKey,
            task::Column::Title,
            task::Column::Description,
        ])
        .order_by_desc(task::Column::Id)
        .limit(RANKED)
        .into_tuple()
        .all(db.reads())
        .await?;
    let mut places: Vec<Place> = rows
        .into_iter()
        .filter_map(|(id, deadline, title, description)| {
            let score = question.words.score(id, &tokens(&title), &tokens(&description))?;
            let rank = match question.order {
                Order::Relevance => i64::from(score),
                Order::Deadline => deadline.0,
            };
            Some(Place { rank, id })
        })
        .collect();
    let total = u64::try_from(places.len()).unwrap_or(u64::MAX);
    let order = question.order;
    places.retain(|place| question.after.is_none_or(|after| order.compare(&after, place).is_lt()));
    places.sort_unstable_by(|one, other| order.compare(one, other));
    places.truncate(question.limit);
    Ok(Found { places, total })
}

fn has_words(words: &Words) -> Condition {
    let required = words.groups.iter().filter(|group| group.required);
    required.fold(Condition::all(), |all, group| {
        let ways = group
            .ways
            .iter()
            .map(|way| way.words.iter().map(has_word).fold(Condition::all(), Condition::add));
        all.add(ways.fold(Condition::any(), Condition::add))
    })
}

/// The title has what the word and its stem begin with in common, which forms of the word have too.
fn has_word(word: &Word) -> SimpleExpr {
    let common = word.text.chars().zip(word.stem.chars()).take_while(|(one, other)| one == other);
    let part: String = common.map(|(letter, _)| letter).collect();
    let has =
        Expr::col(task::Column::TitleKey).like(LikeExpr::new(format!("%{}%", escaped(&part))).escape('\\'));
    match word.number {
        Some(number) => has.or(task::Column::Id.eq(number)),
        None => has,
    }
}
