//! The commands of `vekha`. Reads settings, starts and stops what the library offers; decides nothing itself. Exit code 2 means
//! that a setting makes no sense, 1 that something else went wrong. What needs more than a few lines is in a file of its own.

mod backup;
mod discretion;
mod failure;
mod folder;
mod log;
mod output;
mod private;
mod serve;
mod terminal;
mod user;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use server::config::Settings;
use server::db::Database;
use server::error::Error;
use server::http;

use crate::failure::Failure;
use crate::folder::{open, prepare_folder};
use crate::log::Logging;
use crate::output::Output;
use crate::terminal::to;
use crate::user::UserCommand;

/// glibc's keeps what a peak took: a flood of sign-ins, each of which hashes in 19 MiB, or an index that is filled.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Tasks, deadlines and execution control for a company.
#[derive(Parser)]
#[command(name = "vekha", version)]
struct CommandLine {
    #[command(flatten)]
    logging: Logging,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the client and GraphQL until SIGTERM or Ctrl+C.
    Serve {
        #[command(flatten)]
        settings: Box<Settings>,
        /// Fill a database that has nobody in it with a company of 12 people and 400 tasks around today.
        #[arg(long)]
        demo: bool,
    },
    /// Bring the schema of the database up to date.
    Migrate {
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Write the database into a new file, as it is at one moment. Servers may run meanwhile.
    Backup {
        #[command(flatten)]
        settings: Box<Settings>,
        /// The file to be made.
        file: PathBuf,
    },
    /// Put a backup in the place of the database, which is kept aside. No server may run. All sign-ins end.
    Restore {
        #[command(flatten)]
        settings: Box<Settings>,
        /// The backup. None with PostgreSQL: first restore there with its own tools.
        file: Option<PathBuf>,
    },
    /// Ask the server that runs with these settings whether it can serve: exit code 0 if it can.
    Health {
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Print the GraphQL schema.
    Schema,
    /// Build the search index anew; while a process serves, that one does it. Searching goes on meanwhile.
    Reindex {
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Make an account or set its password, from the machine itself.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    private::by_default();
    let command_line = match CommandLine::try_parse() {
        Ok(command_line) => command_line,
        Err(error) => return refuse_command_line(&error),
    };
    let noticed = Output::standard_error();
    let done = match log::start(&command_line.logging, &noticed) {
        Ok(()) => run(command_line.command).await,
        Err(failure) => Err(failure),
    };
    let code = match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            noticed.say(format_args!("vekha: {}", failure.message));
            ExitCode::from(failure.code)
        }
    };
    noticed.finish();
    code
}

/// What clap says, and the variable where the value may have come from.
fn refuse_command_line(error: &clap::Error) -> ExitCode {
    let shown = error.print();
    if let Some(variable) = variable_of(error) {
        to(&mut std::io::stderr(), format_args!("\nThe variable of this setting: {variable}"));
    }
    match (shown, error.exit_code()) {
        (Ok(()), 0) => ExitCode::SUCCESS,
        _ => ExitCode::from(2),
    }
}

fn variable_of(error: &clap::Error) -> Option<String> {
    let argument = error.get(clap::error::ContextKind::InvalidArg)?.to_string();
    let mut command = CommandLine::command();
    // Arguments can be shown as the error shows them only after this.
    command.build();
    let commands = std::iter::once(&command).chain(command.get_subcommands());
    let mut arguments = commands.flat_map(clap::Command::get_arguments);
    let found = arguments.find(|candidate| candidate.to_string() == argument)?;
    found.get_env().map(|variable| variable.to_string_lossy().into_owned())
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve { settings, demo } => {
            let clock = settings.clock()?;
            serve::serve(settings.check()?, clock, demo).await
        }
        Command::Migrate { settings } => {
            let config = settings.check()?;
            let _in_use = prepare_folder(&config)?;
            let db = Database::connect(&config.database).await.map_err(Error::from)?;
            db.migrate().await.map_err(Error::from)?;
            Ok(db.close().await.map_err(Error::from)?)
        }
        Command::Backup { settings, file } => backup::back_up(&settings.check()?, &file).await,
        Command::Restore { settings, file } => {
            let now = settings.clock()?.now();
            backup::restore(&settings.check()?, file, now).await
        }
        Command::Health { settings } => match http::ask_health(settings.listen).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::new("not ready")),
            Err(error) => Err(Failure::new(format_args!("{}: {error}", settings.listen))),
        },
        Command::Schema => {
            let printed = std::io::stdout().write_all(server::graphql::sdl().as_bytes());
            printed.map_err(Failure::new)
        }
        Command::Reindex { settings } => {
            let (app, _in_use) = open(settings).await?;
            server::search::rebuild(&app).await?;
            Ok(app.db.clone().close().await.map_err(Error::from)?)
        }
        Command::User { command } => user::user(command).await,
    }
}
