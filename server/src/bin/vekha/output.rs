//! Lines for standard output and error, written beside the work. A line that cannot be written is lost and counted; nobody who says
//! something waits for it to be read, and nobody fails because it is not. What a full disk, a pipe that is full and one whose reader is
//! gone do to a program that writes there itself: it ends, or stands still with a lock in its hand.

use std::collections::VecDeque;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

/// Bytes that wait to be written; whatever comes beyond them is lost. Some ten thousand lines.
const WAITING: usize = 4 * 1024 * 1024;
/// How long a process that ends waits for its last lines to be written.
const LAST: Duration = Duration::from_secs(1);

/// Where lines go.
#[derive(Clone)]
pub(crate) struct Output(Arc<Shared>);

struct Shared {
    waiting: Mutex<Waiting>,
    more: Condvar,
    written: Condvar,
    bound: usize,
}

#[derive(Default)]
struct Waiting {
    lines: VecDeque<Vec<u8>>,
    bytes: usize,
    /// Lines that were not written since the last that was.
    lost: u64,
    is_writing: bool,
}

impl Output {
    /// Standard error, for the log; says in it how many lines it lost.
    pub(crate) fn standard_error() -> Self {
        let told = |lost| tracing::warn!(lost, "lines of the log were lost while it could not be written");
        Self::to_descriptor(io::stderr(), told)
    }

    /// Standard output.
    pub(crate) fn standard_output() -> Self {
        Self::to_descriptor(io::stdout(), |_| {})
    }

    /// By a descriptor of its own: the one of the standard library is behind a lock, for which everybody would wait who says anything.
    fn to_descriptor(stream: impl AsFd, told: impl Fn(u64) + Send + 'static) -> Self {
        match stream.as_fd().try_clone_to_owned() {
            Ok(own) => Self::to(File::from(own), WAITING, told),
            Err(_) => Self::to(io::sink(), WAITING, told),
        }
    }

    fn to(out: impl Write + Send + 'static, bound: usize, told: impl Fn(u64) + Send + 'static) -> Self {
        let shared = Arc::new(Shared {
            waiting: Mutex::default(),
            more: Condvar::new(),
            written: Condvar::new(),
            bound,
        });
        let writing = Arc::clone(&shared);
        let begun = thread::Builder::new().name("output".to_owned()).spawn(move || writing.write(out, told));
        if begun.is_err() {
            shared.waiting.lock().bytes = bound;
        }
        Output(shared)
    }

    /// A line.
    pub(crate) fn say(&self, line: impl Display) {
        self.0.put(format!("{line}\n").into_bytes());
    }

    /// Waits until all is written, or for a while.
    pub(crate) fn finish(&self) {
        let until = Instant::now() + LAST;
        let mut waiting = self.0.waiting.lock();
        while waiting.is_writing || !waiting.lines.is_empty() {
            if self.0.written.wait_until(&mut waiting, until).timed_out() {
                return;
            }
        }
    }
}

impl Shared {
    fn put(&self, line: Vec<u8>) {
        let mut waiting = self.waiting.lock();
        let bytes = waiting.bytes.saturating_add(line.len());
        if bytes > self.bound {
            waiting.lost = waiting.lost.saturating_add(1);
            drop(waiting);
            return lost_one();
        }
        waiting.bytes = bytes;
        waiting.lines.push_back(line);
        self.more.notify_one();
    }

    fn write(&self, mut out: impl Write, told: impl Fn(u64)) {
        loop {
            let line = self.next();
            let written = out.write_all(&line).and_then(|()| out.flush());
            let mut waiting = self.waiting.lock();
            waiting.is_writing = false;
            waiting.bytes = waiting.bytes.saturating_sub(line.len());
            let lost = match written {
                Ok(()) => std::mem::take(&mut waiting.lost),
                Err(_) => {
                    waiting.lost = waiting.lost.saturating_add(1);
                    0
                }
            };
            self.written.notify_all();
            drop(waiting);
            if written.is_err() {
                lost_one();
            } else if lost > 0 {
                told(lost);
            }
        }
    }

    fn next(&self) -> Vec<u8> {
        let mut waiting = self.waiting.lock();
        loop {
            if let Some(line) = waiting.lines.pop_front() {
                waiting.is_writing = true;
                return line;
            }
            self.more.wait(&mut waiting);
        }
    }
}

fn lost_one() {
    metrics::counter!("vekha_log_lines_lost_total").increment(1);
}

/// The log writes each of its lines at once.
impl Write for Output {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.put(line.to_vec());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Longer than anything should take; reached only by a test that fails.
    const PATIENCE: Duration = Duration::from_secs(20);

    /// A pipe's end: each line waits for an answer, which says whether it can be written.
    struct Pipe {
        lines: mpsc::Sender<String>,
        answers: mpsc::Receiver<bool>,
    }

    impl Write for Pipe {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.lines.send(String::from_utf8_lossy(line).into_owned()).unwrap();
            match self.answers.recv() {
                Ok(true) => Ok(line.len()),
                Ok(false) | Err(_) => Err(io::ErrorKind::StorageFull.into()),
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn who_says_something_waits_for_nobody_and_what_is_lost_is_told_later() {
        let ((lines, tried), (answer, answers)) = (mpsc::channel(), mpsc::channel());
        let (told, losses) = mpsc::channel();
        let out = Output::to(Pipe { lines, answers }, 8, move |lost| told.send(lost).unwrap());
        out.say("one");
        assert_eq!(tried.recv_timeout(PATIENCE).unwrap(), "one\n");
        // Nobody reads: one more fits beside the one that is being written, and the others do not.
        out.say("two");
        for _ in 0..1_000 {
            out.say("more");
        }
        answer.send(false).unwrap();
        assert_eq!(tried.recv_timeout(PATIENCE).unwrap(), "two\n");
        answer.send(true).unwrap();
        assert_eq!(losses.recv_timeout(PATIENCE).unwrap(), 1_001);
        out.say("end");
        assert_eq!(tried.recv_timeout(PATIENCE).unwrap(), "end\n");
        answer.send(true).unwrap();
        out.finish();
        assert!(losses.try_recv().is_err(), "what was told once is not told again");
    }
}
