//! What the database answers while no engine does: tasks whose title or description has the words, as they are or in another form,
//! ranked by the same weights as an engine's. Typos are not forgiven. It looks from the newest task back, for as long as somebody
//! can be kept waiting: of a large company the oldest tasks are not reached.

use std::time::Duration;

use sea_orm::sea_query::extension::postgres::PgExpr;
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, DatabaseBackend, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use tokio::time::Instant;

use super::analysis::tokens;
use super::engine::{Found, Order, Place, Question};
use super::relevance::{Word, Words};
use crate::db::Database;
use crate::db::columns::{Stored, TaskId, Timestamp};
use crate::db::keyset::{self, Keyset};
use crate::entity::task;
use crate::error::Result;
use crate::task::query::escaped;

/// Tasks that are ranked: reading more would take longer than anybody waits.
const RANKED: usize = 1_000;
/// Tasks looked at by one statement.
const STRETCH: i64 = 10_000;
/// No further stretch is begun after so long. Together with the wait for the engine it leaves room within a second.
pub const LOOKING: Duration = Duration::from_millis(300);

/// Answers as an engine would, of the tasks that can be looked at in that time; of the newest stretch in any case.
pub async fn search(db: &Database, question: &Question, looking: Duration) -> Result<Found> {
    if question.words.is_empty() {
        by_filters(db, question).await
    } else {
        by_words(db, question, looking).await
    }
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

/// What a place in either order is made of.
#[derive(FromQueryResult)]
struct Due {
    id: TaskId,
    deadline_key: Timestamp,
}

async fn by_filters(db: &Database, question: &Question) -> Result<Found> {
    let filtered = filtered(question);
    let total = filtered.clone().count(db.reads()).await?;
    let (column, descending) = match question.order {
        Order::Relevance => (None, true),
        Order::Deadline => (Some(task::Column::DeadlineKey), false),
    };
    let keyset = Keyset { column, key: task::Column::Id, descending };
    let after = question
        .after
        .map(|after| keyset::Place { value: Expr::val(after.rank), key: Expr::val(after.id.0) });
    let keys = filtered.select_only().column(task::Column::Id).column(task::Column::DeadlineKey);
    let limit = u64::try_from(question.limit).unwrap_or(u64::MAX);
    let keys: Vec<Due> =
        Due::find_by_statement(keyset.from(db.backend(), keys, after, limit)).all(db.reads()).await?;
    let place = |Due { id, deadline_key }| match question.order {
        Order::Relevance => Place { rank: 0, id },
        Order::Deadline => Place { rank: deadline_key.0, id },
    };
    Ok(Found { places: keys.into_iter().map(place).collect(), total })
}

/// What the score of a task is made of.
type Text = (TaskId, Timestamp, String, String);

async fn by_words(db: &Database, question: &Question, looking: Duration) -> Result<Found> {
    let begun = Instant::now();
    let newest: Option<i64> = task::Entity::find()
        .select_only()
        .expr(task::Column::Id.max())
        .into_tuple()
        .one(db.reads())
        .await?
        .flatten();
    let mut last = newest.unwrap_or_default();
    let mut rows: Vec<Text> = Vec::new();
    while last > 0 && rows.len() < RANKED {
        let before = last.saturating_sub(STRETCH);
        rows.extend(with_words(db, question, TaskId(before), TaskId(last)).await?);
        last = before;
        if begun.elapsed() >= looking {
            break;
        }
    }
    rows.truncate(RANKED);
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

/// The tasks between two numbers that have the words, the newest first.
async fn with_words(db: &Database, question: &Question, after: TaskId, last: TaskId) -> Result<Vec<Text>> {
    let rows = filtered(question)
        .filter(task::Column::Id.gt(after))
        .filter(task::Column::Id.lte(last))
        .filter(has_words(db.backend(), &question.words))
        .select_only()
        .columns([
            task::Column::Id,
            task::Column::DeadlineKey,
            task::Column::Title,
            task::Column::Description,
        ])
        .order_by_desc(task::Column::Id)
        .limit(u64::try_from(RANKED).unwrap_or(u64::MAX));
    Ok(rows.into_tuple().all(db.reads()).await?)
}

fn has_words(backend: DatabaseBackend, words: &Words) -> Condition {
    let required = words.groups.iter().filter(|group| group.required);
    required.fold(Condition::all(), |all, group| {
        let ways = group.ways.iter().map(|way| {
            way.words.iter().map(|word| has_word(backend, word)).fold(Condition::all(), Condition::add)
        });
        all.add(ways.fold(Condition::any(), Condition::add))
    })
}

/// The text has what the word and its stem begin with in common, which forms of the word have too. May be true of others: the
/// score decides.
fn has_word(backend: DatabaseBackend, word: &Word) -> Condition {
    let common = word.text.chars().zip(word.stem.chars()).take_while(|(one, other)| one == other);
    let part: String = common.map(|(letter, _)| letter).collect();
    let like = |part: &str| LikeExpr::new(format!("%{}%", escaped(part))).escape('\\');
    Condition::any()
        .add(Expr::col(task::Column::TitleKey).like(like(&part)))
        .add(description_has(backend, &part))
        .add_option(word.number.map(|number| task::Column::Id.eq(number)))
}

/// Descriptions are kept as they were written: with ё, which is asked for as е, with large letters, and some with signs and soft
/// hyphens within their words. A word has none of LIKE's own signs.
fn description_has(backend: DatabaseBackend, part: &str) -> SimpleExpr {
    // As [`domain::fold::letters`] does, of what is met in Russian texts.
    const WITHOUT: [(&str, &str); 5] =
        [("\u{ad}", ""), ("\u{301}", ""), ("\u{308}", ""), ("и\u{306}", "й"), ("И\u{306}", "Й")];
    // To replace in each of them takes three times as long as to look which has anything to be replaced.
    let has_signs = Expr::cust(match backend {
        DatabaseBackend::Postgres => "description ~ '[\u{ad}\u{301}\u{306}\u{308}]'",
        // The first byte of combining signs is that of nothing else.
        DatabaseBackend::Sqlite | DatabaseBackend::MySql | _ => {
            "(instr(CAST(description AS BLOB), X'CC') > 0 OR instr(CAST(description AS BLOB), X'C2AD') > 0)"
        }
    });
    let written = Expr::col(task::Column::Description);
    let plain = WITHOUT.iter().fold(written.clone(), |text, (sign, instead)| {
        Func::cust("replace").args([text, Expr::val(*sign), Expr::val(*instead)]).into()
    });
    text_has(backend, &written, part).or(has_signs.and(text_has(backend, &plain, part)))
}

fn text_has(backend: DatabaseBackend, text: &SimpleExpr, part: &str) -> SimpleExpr {
    let pattern = |part: &str| format!("%{}%", part.replace(['е', 'Е'], "_"));
    match backend {
        DatabaseBackend::Postgres => text.clone().ilike(pattern(part)),
        // It knows large and small of Latin letters alone.
        DatabaseBackend::Sqlite | DatabaseBackend::MySql | _ => {
            let mut letters = part.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            let begun = format!("{first}{}", letters.as_str());
            let has = |part: &str| text.clone().like(pattern(part));
            has(part).or(has(&begun)).or(has(&part.to_uppercase()))
        }
    }
}
