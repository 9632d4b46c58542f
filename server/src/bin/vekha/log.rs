//! The log: its filter, its form, and where it goes. Panics are lines of it as well.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::IsTerminal;
use std::panic::{self, PanicHookInfo};

use clap::{Args, ValueEnum};
use server::config::ConfigError;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::discretion::discreet;
use crate::failure::Failure;
use crate::output::Output;

/// Of the scheduler no more than warnings: it tells of each of its parts as it makes it.
const LOGGED: &str = "info,tokio_cron_scheduler=warn";

#[derive(Args)]
pub(crate) struct Logging {
    /// What is logged: a level, or levels by module, as info,server::log=debug.
    #[arg(long = "log", env = "VEKHA_LOG", default_value = LOGGED, global = true)]
    filter: String,
    /// The form of the log on standard error.
    #[arg(long = "log-format", env = "VEKHA_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    format: LogFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

/// From here on what the program notices goes there.
pub(crate) fn start(logging: &Logging, out: &Output) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&logging.filter)
        .map_err(|error| ConfigError { variable: "VEKHA_LOG", problem: error.to_string() })?;
    let out = out.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // It would tell standard error, and panic where that cannot be written.
        .log_internal_errors(false)
        .with_writer(move || out.clone());
    match logging.format {
        LogFormat::Text => {
            subscriber.with_ansi(std::io::stderr().is_terminal()).finish().with(discreet()).init();
        }
        LogFormat::Json => subscriber.json().finish().with(discreet()).init(),
    }
    panic::set_hook(Box::new(note_panic));
    Ok(())
}

/// The hook of the standard library writes to standard error itself, and waits where that is full.
fn note_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let thread = std::thread::current().name().unwrap_or_default().to_owned();
    let message = panic.payload_as_str().unwrap_or_default();
    let trace = Backtrace::capture();
    let trace = (trace.status() == BacktraceStatus::Captured).then(|| trace.to_string());
    tracing::error!(place, thread, message, trace, "panic");
}
