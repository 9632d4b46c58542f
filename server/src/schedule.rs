//! What runs by itself: cron jobs, in UTC. Every process fires, so each job is idempotent and may meet itself in another
//! process; in this one a job never overlaps itself. Says when; what is done is the features' own.
//!
//! In UTC because `tokio-cron-scheduler` keeps one offset for a job's whole life, and would skip or repeat an hour when a
//! time zone's clocks change. It rings by the machine's clock, whatever [`crate::clock`] says: it tells how often a job is done, and the
//! job itself what is due.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::sync::Notify;
use tokio_cron_scheduler::{JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;

use crate::app::App;
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

/// Runs the jobs until stopped; what is under way then is finished first.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let due = Job::ALL.map(|job| (job, Arc::new(Notify::new())));
    let mut scheduler = match ring(&due).await {
        Ok(scheduler) => scheduler,
        Err(error) => {
            tracing::error!(%error, "the schedule cannot be started: tasks do not become overdue");
            return;
        }
    };
    join_all(due.into_iter().map(|(job, due)| work(&app, job, due, &stop))).await;
    if let Err(error) = scheduler.shutdown().await {
        tracing::warn!(%error, "the schedule was not stopped");
    }
}

/// Rings each job's bell when it is due. A bell that rings while its job is at work rings once more after it, however often.
async fn ring(due: &[(Job, Arc<Notify>)]) -> Result<JobScheduler, JobSchedulerError> {
    let scheduler = JobScheduler::new().await?;
    for (job, bell) in due {
        let bell = Arc::clone(bell);
        let rings = tokio_cron_scheduler::Job::new(job.cron(), move |_, _| bell.notify_one())?;
        scheduler.add(rings).await?;
    }
    scheduler.start().await?;
    Ok(scheduler)
}

async fn work(app: &App, job: Job, due: Arc<Notify>, stop: &CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = due.notified() => {}
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
