//! What runs beside requests for as long as the process does: the tailer of the log, hints, the schedule, the index, the watch over
//! writes. One that ends before it is told to, by returning or by a panic, is begun again; meanwhile readiness names it.
//!
//! Begun again, and not the end of the process: each of them goes on from what is stored, and a row that one of them cannot bear would
//! otherwise take every process down, over and over, with all that does not need it.

use std::collections::BTreeSet;
use std::time::Duration;

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// How soon a part that ended is begun again, and how long it has to go on before it counts as running.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between its end and its next beginning.
    pub pause: Duration,
    /// From its beginning until it is believed.
    pub steady: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Pace { pause: Duration::from_secs(1), steady: Duration::from_secs(3) }
    }
}

/// The parts of a process, and which of them do not run.
#[derive(Debug, Default)]
pub struct Parts {
    ended: Mutex<BTreeSet<&'static str>>,
}

impl Parts {
    /// Those that ended by themselves and have not run steadily since, by name.
    pub fn ended(&self) -> Vec<&'static str> {
        self.ended.lock().iter().copied().collect()
    }

    /// Runs a part until stopped, however often it ends before.
    pub async fn keep<Part>(
        &self,
        name: &'static str,
        pace: Pace,
        stop: &CancellationToken,
        begin: impl Fn() -> Part + Send,
    ) where
        Part: Future<Output = ()> + Send + 'static,
    {
        loop {
            let mut running = AbortOnDropHandle::new(tokio::spawn(begin()));
            let early = tokio::time::timeout(pace.steady, &mut running).await;
            let ended = match early {
                Ok(ended) => ended,
                Err(_) => {
                    self.ended.lock().remove(name);
                    running.await
                }
            };
            if stop.is_cancelled() {
                return;
            }
            self.ended.lock().insert(name);
            metrics::counter!("vekha_parts_ended_total", "part" => name).increment(1);
            tracing::error!(
                part = name,
                panicked = ended.is_err_and(|error| error.is_panic()),
                "a part of the server ended by itself; it is begun again"
            );
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pace.pause) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Longer than anything should take; reached only by a test that fails.
    const PATIENCE: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn a_part_that_panics_or_returns_is_named_and_begun_again() {
        let parts = Arc::new(Parts::default());
        let stop = CancellationToken::new();
        let begun = Arc::new(AtomicUsize::new(0));
        let (kept, stopped, times) = (Arc::clone(&parts), stop.clone(), Arc::clone(&begun));
        let keeping = tokio::spawn(async move {
            let pace = Pace { pause: Duration::from_millis(1), steady: Duration::from_millis(50) };
            kept.keep("a part", pace, &stopped.clone(), move || {
                let (time, stopped) = (times.fetch_add(1, Ordering::SeqCst), stopped.clone());
                async move {
                    match time {
                        0 => panic!("as a part may"),
                        1 => {}
                        _ => stopped.cancelled().await,
                    }
                }
            })
            .await;
        });
        let seen = |wanted: &'static [&'static str]| {
            let parts = Arc::clone(&parts);
            async move {
                while parts.ended() != wanted {
                    tokio::task::yield_now().await;
                }
            }
        };
        tokio::time::timeout(PATIENCE, seen(&["a part"])).await.expect("it is named");
        tokio::time::timeout(PATIENCE, seen(&[])).await.expect("it runs again");
        assert_eq!(begun.load(Ordering::SeqCst), 3);
        stop.cancel();
        tokio::time::timeout(PATIENCE, keeping).await.expect("it ends when it is told to").unwrap();
        assert_eq!(parts.ended(), [""; 0], "what is stopped did not end by itself");
    }
}
