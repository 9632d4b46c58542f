//! Keeps the index: a reader of the log with a memory. Of the processes that share an index one writes it, by lease; all of them try
//! an engine that does not answer until it does. Replaying the log changes nothing: what is written is what the row says now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio_util::sync::CancellationToken;

use super::engine::{Change, Engine, FORM, Source};
use crate::app::App;
use crate::clock::Random;
use crate::db::columns::TaskId;
use crate::entity::task;
use crate::error::{Error, Result};
use crate::log::consumer::{self, Lease};
use crate::log::{self, Entry, Position};

/// How long the right to write lasts without being prolonged.
const TERM: Duration = Duration::from_secs(15);
/// The right is prolonged, or asked for, so often.
const PROLONG: Duration = Duration::from_secs(5);
/// Who waits for something looks again after so long.
const AGAIN: Duration = Duration::from_secs(1);
/// Changes that come soon after one another are written together.
const GATHER: Duration = Duration::from_millis(20);
/// Entries of the log read at once.
const ENTRIES: u64 = 500;
/// Tasks read at once for a new index.
const TASKS: u64 = 2_000;

/// Keeps the index until stopped.
pub async fn keep(app: Arc<App>, stop: CancellationToken) {
    tokio::select! {
        () = try_until_it_answers(&app) => {}
        () = follow(&app, &stop) => {}
    }
}

/// Whoever asks need not find out whether the engine answers again.
async fn try_until_it_answers(app: &App) {
    loop {
        if !app.search.is_answering() {
            app.search.probe().await;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn follow(app: &App, stop: &CancellationToken) {
    let Ok(holder) = Random.token() else { return };
    let mut failing = false;
    while !stop.is_cancelled() {
        let worked = work(app, &holder, stop).await;
        app.search.engine().release().await;
        match worked {
            Ok(()) => {
                failing = false;
                continue;
            }
            Err(error) if failing => tracing::debug!(%error, "the index still cannot be kept"),
            Err(error) => tracing::error!(%error, "the index cannot be kept; trying again every second"),
        }
        failing = true;
        app.search.probe().await;
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}

/// Works for the index while the lease lasts; ends in order when stopped or when another has the lease.
async fn work(app: &App, holder: &str, stop: &CancellationToken) -> Result<()> {
    let engine = app.search.engine();
    let name = engine.consumer().await?;
    let Some(mut lease) = acquire(app, &name, holder).await? else {
        // Another process writes; what it wrote is asked for.
        engine.standing().await?;
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(AGAIN) => {}
        }
        return Ok(());
    };
    let kept = keep_on(app, engine, &mut lease, stop).await;
    // Lost or not, it is given up: who comes next begins by looking at the index.
    consumer::release(&app.db, lease, app.clock.now()).await?;
    kept
}

async fn acquire(app: &App, name: &str, holder: &str) -> Result<Option<Lease>> {
    consumer::acquire(&app.db, name, holder, app.hub.epoch(), app.clock.now(), TERM).await
}

async fn advance(app: &App, lease: &mut Lease, position: Position) -> Result<bool> {
    consumer::advance(&app.db, lease, position, app.hub.epoch(), app.clock.now(), TERM).await
}

async fn keep_on(app: &App, engine: &dyn Engine, lease: &mut Lease, stop: &CancellationToken) -> Result<()> {
    let standing = engine.standing().await?;
    let fits = standing.filter(|standing| standing.form == FORM && standing.epoch == app.hub.epoch());
    match fits {
        Some(standing) if lease.position != Position::default() => {
            // An index that was copied or brought back may be behind what the database remembers of it.
            lease.position = standing.position.map_or(lease.position, |it| it.min(lease.position));
        }
        Some(_) | None => {
            if !build(app, engine, lease).await? {
                return Ok(());
            }
        }
    }
    app.search.probe().await;
    let mut prolonged = tokio::time::Instant::now();
    loop {
        // Waited for from before the log is read: what comes meanwhile is not missed.
        let reached = lease.position;
        let entries = consumer::pending(&app.db, lease, ENTRIES).await?;
        if let Some(last) = entries.last() {
            let position = last.position();
            lag(app, entries.first());
            let changes = changes(app, &entries).await?;
            engine.apply(changes, app.hub.epoch(), position).await?;
            metrics::counter!("vekha_search_entries_total")
                .increment(u64::try_from(entries.len()).unwrap_or(u64::MAX));
            if !advance(app, lease, position).await? {
                return Ok(());
            }
            prolonged = tokio::time::Instant::now();
        } else {
            lag(app, None);
            if prolonged.elapsed() >= PROLONG {
                if !advance(app, lease, reached).await? {
                    return Ok(());
                }
                prolonged = tokio::time::Instant::now();
                // Somebody may have taken the index away while nothing changed.
                if engine.standing().await?.is_none() {
                    return Ok(());
                }
            }
        }
        if !app.search.is_answering() && engine.standing().await?.is_none() {
            return Ok(());
        }
        let more = u64::try_from(entries.len()).is_ok_and(|count| count == ENTRIES);
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(AGAIN), if !more => {}
            () = app.hub.passes(lease.position), if !more => tokio::time::sleep(GATHER).await,
            () = std::future::ready(()), if more => {}
        }
    }
}

/// How far the index is behind: since when the oldest entry waits that it does not have.
fn lag(app: &App, oldest: Option<&Entry>) {
    let waits = oldest.map_or(0, |entry| app.clock.now().0.saturating_sub(entry.row.at.0));
    metrics::gauge!("vekha_search_lag_seconds")
        .set(Duration::from_millis(waits.unsigned_abs()).as_secs_f64());
}

/// What the entries' tasks are now: each once.
async fn changes(app: &App, entries: &[Entry]) -> Result<Vec<Change>> {
    let mut changes = BTreeMap::new();
    let mut newer = BTreeSet::new();
    for entry in entries {
        let Some(id) = entry.row.task_id else { continue };
        match entry.task.as_deref() {
            _ if entry.is_newer => _ = newer.insert(id),
            Some(task) => _ = changes.insert(id, Change::of(&Source::from(task))),
            None => _ = changes.insert(id, Change::gone(id)),
        }
    }
    if !newer.is_empty() {
        let rows = Source::select().filter(task::Column::Id.is_in(newer)).into_model::<Source>();
        for row in rows.all(app.db.reads()).await? {
            changes.insert(row.id, Change::of(&row));
        }
    }
    Ok(changes.into_values().collect())
}

/// Builds a new index out of the database and lets it answer; `false` if the lease was lost meanwhile.
async fn build(app: &App, engine: &dyn Engine, lease: &mut Lease) -> Result<bool> {
    let begun = tokio::time::Instant::now();
    // Before the rows: what comes after this place is written once more.
    let position = log::end(&app.db).await?;
    engine.begin(app.hub.epoch()).await?;
    let mut last = TaskId(0);
    let mut count = 0_usize;
    loop {
        let rows = Source::select()
            .filter(task::Column::Id.gt(last))
            .filter(task::Column::DeletedAt.is_null())
            .order_by_asc(task::Column::Id)
            .limit(TASKS)
            .into_model::<Source>()
            .all(app.db.reads())
            .await?;
        let Some(row) = rows.last() else { break };
        last = row.id;
        count = count.saturating_add(rows.len());
        engine.fill(rows.iter().map(Change::of).collect()).await?;
        // Not done yet: whoever takes over begins anew.
        if !advance(app, lease, Position::default()).await? {
            return Ok(false);
        }
    }
    engine.switch(app.hub.epoch(), position).await?;
    tracing::info!(tasks = count, took = ?begun.elapsed(), "the search index is built");
    advance(app, lease, position).await
}

/// Has the index built anew: by the process that keeps it, or here where none does. Returns when it is done.
pub async fn rebuild(app: &App) -> Result<()> {
    let engine = app.search.engine();
    let name = engine.consumer().await?;
    consumer::restart(&app.db, &name, app.clock.now()).await?;
    let holder = Random.token()?;
    loop {
        if let Some(mut lease) = acquire(app, &name, &holder).await? {
            // Another may have done it and ended.
            let done = lease.position != Position::default() || build(app, engine, &mut lease).await?;
            engine.release().await;
            consumer::release(&app.db, lease, app.clock.now()).await?;
            return if done { Ok(()) } else { Err(Error::internal("the right to build the index was lost")) };
        }
        if consumer::place(&app.db, &name, app.hub.epoch()).await?.is_some() {
            return Ok(());
        }
        tokio::time::sleep(AGAIN).await;
    }
}
