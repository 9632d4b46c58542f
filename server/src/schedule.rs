//! What runs by itself: cron jobs, in UTC. Every process fires, so each job is idempotent and may meet itself in another
//! process; in this one a job never overlaps itself. Says when; what is done is the features' own.
//!
//! An alarm that has gone quiet, as it does for a day when the machine's clock was a day ahead for a moment, ends the schedule: it is
//! begun again from the present moment.
//!
//! What deletes by age waits while the clock is in doubt: it has just gone otherwise than time does, and all that is due rings at once.
//!
//! In UTC because `tokio-cron-scheduler` keeps one offset for a job's whole life, and would skip or repeat an hour when a
//! time zone's clocks change. It rings by the machine's clock, whatever [`crate::clock`] says: it tells how often a job is done, and the
//! job itself what is due.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_cron_scheduler::{JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::db::columns::Timestamp;
use crate::error::Result;
use crate::{auth, idempotency, task};

/// Something to be done now and then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Tasks whose deadline passed become overdue.
    ExpireTasks,
    /// Tasks deleted so long ago that they cannot be restored go for good.
    PurgeTasks,
    /// Idempotency keys whose time is over are forgotten.
    ForgetRequests,
    /// Counts of failed sign-ins, tokens and sessions that nobody needs any more are forgotten.
    ForgetSignIns,
}

impl Job {
    /// All of them.
    pub const ALL: [Job; 4] = [Job::ExpireTasks, Job::PurgeTasks, Job::ForgetRequests, Job::ForgetSignIns];

    /// When, as second, minute, hour, day, month and weekday in UTC.
    pub fn cron(self) -> &'static str {
        match self {
            Job::ExpireTasks => "*/10 * * * * *",
            Job::PurgeTasks => "0 7 * * * *",
            Job::ForgetRequests => "0 17 * * * *",
            Job::ForgetSignIns => "0 27 * * * *",
        }
    }

    /// Whether it takes away what cannot be brought back, by how old it is.
    fn deletes(self) -> bool {
        match self {
            Job::ExpireTasks => false,
            Job::PurgeTasks | Job::ForgetRequests | Job::ForgetSignIns => true,
        }
    }

    /// Does it once.
    pub async fn run(self, app: &App) -> Result<()> {
        match self {
            Job::ExpireTasks => task::overdue::expire_due(app).await.map(|_| ()),
            Job::PurgeTasks => task::purge::purge_deleted(app).await.map(|_| ()),
            Job::ForgetRequests => idempotency::forget_old(&app.db, app.clock.now()).await.map(|_| ()),
            Job::ForgetSignIns => auth::forget_old(app).await,
        }
    }
}

/// The most frequent job is due every ten seconds: an alarm that has rung for none in so long does not ring any more.
const QUIET: Duration = Duration::from_secs(25);

/// The clock may be set by so much between two looks at it.
const SET: Duration = Duration::from_mins(1);
/// A clock that was set by more is believed after so long.
const BELIEVED_AFTER: Duration = Duration::from_mins(10);

/// Whether the clock goes as time does.
#[derive(Debug, Default)]
struct Steadiness {
    /// What the clock showed last, and how long the process had run.
    last: Option<(Timestamp, Duration)>,
    /// When it was last set by much.
    set: Option<Duration>,
}

impl Steadiness {
    /// Whether what the clock shows is believed, after the process has run for so long.
    fn believes(&mut self, shown: Timestamp, run: Duration) -> bool {
        if let Some((before, then)) = self.last {
            let expected = before.plus(run.saturating_sub(then));
            if expected.0.abs_diff(shown.0) > u64::try_from(SET.as_millis()).unwrap_or(u64::MAX) {
                tracing::warn!(expected = %expected.to_utc(), shown = %shown.to_utc(), "the clock was set");
                self.set = Some(run);
            }
        }
        self.last = Some((shown, run));
        self.set.is_none_or(|set| run.saturating_sub(set) >= BELIEVED_AFTER)
    }
}

/// Runs the jobs until stopped; what is under way then is finished first. Ends by itself where its alarm does not work.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let due = Job::ALL.map(|job| (job, Arc::new(Notify::new())));
    let rang = Arc::new(Notify::new());
    let mut scheduler = match ring(&due, &rang).await {
        Ok(scheduler) => scheduler,
        Err(error) => {
            tracing::error!(%error, "the schedule cannot be started: tasks do not become overdue");
            return;
        }
    };
    let quiet = stop.child_token();
    let (begun, steadiness) = (Instant::now(), Mutex::new(Steadiness::default()));
    let believes = || steadiness.lock().believes(app.clock.now(), begun.elapsed());
    // Looked at now, so that there is something to hold the first ring against.
    believes();
    let works = join_all(due.into_iter().map(|(job, due)| work(&app, job, due, &quiet, &believes)));
    let watches = async {
        if is_quiet(&rang, QUIET, &quiet).await {
            tracing::error!("the schedule's alarm does not ring: is the clock right?");
            quiet.cancel();
        }
    };
    tokio::join!(works, watches);
    if let Err(error) = scheduler.shutdown().await {
        tracing::warn!(%error, "the schedule was not stopped");
    }
}

/// Whether nothing rings for so long, before all is stopped.
async fn is_quiet(rang: &Notify, at_most: Duration, stop: &CancellationToken) -> bool {
    loop {
        tokio::select! {
            () = stop.cancelled() => return false,
            () = rang.notified() => {}
            () = tokio::time::sleep(at_most) => return true,
        }
    }
}

/// Rings each job's bell when it is due, and with each the one of all. A bell that rings while its job is at work rings once more
/// after it, however often.
async fn ring(due: &[(Job, Arc<Notify>)], rang: &Arc<Notify>) -> Result<JobScheduler, JobSchedulerError> {
    let scheduler = JobScheduler::new().await?;
    for (job, bell) in due {
        let (bell, rang) = (Arc::clone(bell), Arc::clone(rang));
        let rings = tokio_cron_scheduler::Job::new(job.cron(), move |_, _| {
            bell.notify_one();
            rang.notify_one();
        })?;
        scheduler.add(rings).await?;
    }
    scheduler.start().await?;
    Ok(scheduler)
}

async fn work(
    app: &App,
    job: Job,
    due: Arc<Notify>,
    stop: &CancellationToken,
    believes: &(impl Fn() -> bool + Sync),
) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = due.notified() => {}
        }
        if !believes() && job.deletes() {
            tracing::warn!(?job, "the clock is in doubt: what is old is kept until the job is next due");
            continue;
        }
        if let Err(error) = job.run(app).await {
            tracing::error!(
                ?job,
                error = format!("{error:#}"),
                "a job failed; it is tried again when it is next due"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_is_believed_after_a_while() {
        let (start, mut clock) = (Timestamp(1_000_000_000_000), Steadiness::default());
        let at = |seconds| Duration::from_secs(seconds);
        assert!(clock.believes(start, at(0)));
        assert!(clock.believes(start.plus(at(69)), at(10)), "by less than a minute");
        let ahead = start.plus(at(24 * 60 * 60));
        assert!(!clock.believes(ahead, at(20)));
        assert!(!clock.believes(start.plus(at(30)), at(30)), "and back again");
        assert!(!clock.believes(start.plus(at(629)), at(629)));
        assert!(clock.believes(start.plus(at(630)), at(630)));
    }

    #[tokio::test]
    async fn an_alarm_that_does_not_ring_is_noticed() {
        let (rang, stop) = (Notify::new(), CancellationToken::new());
        assert!(is_quiet(&rang, Duration::from_millis(1), &stop).await);
        stop.cancel();
        assert!(!is_quiet(&rang, Duration::from_secs(60), &stop).await);
    }
}
