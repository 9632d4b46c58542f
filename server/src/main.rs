//! The commands of `vekha`. Reads settings, starts and stops what the library offers; decides nothing itself. Exit code 2 means
//! that a setting makes no sense, 1 that something else went wrong.

use std::fmt::Display;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use domain::{Code, Role};
use server::App;
use server::auth::command_line;
use server::backup::{self, InUse};
use server::clock::{Clock, Random};
use server::config::{Config, ConfigError, Settings};
use server::db::{Database, Location};
use server::error::{Error, UserError};
use server::http::{self, Limits};
use server::seed::{self, Company};
use server::{db::columns::Locale, text};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// Tasks, deadlines and execution control for a company.
#[derive(Parser)]
#[command(name = "vekha", version)]
struct CommandLine {
    #[command(flatten)]
    logging: Logging,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct Logging {
    /// What is logged: a level, or levels by module, as info,server::log=debug.
    #[arg(long = "log", env = "VEKHA_LOG", default_value = "info", global = true)]
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

#[derive(Subcommand)]
enum UserCommand {
    /// Make an account. Prints its password where none is given.
    Create {
        #[command(flatten)]
        settings: Box<Settings>,
        #[arg(long, value_enum)]
        role: RoleName,
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        #[command(flatten)]
        password: ChosenPassword,
    },
    /// Set a password and end the sign-ins of its owner. Prints the password where none is given.
    Password {
        #[command(flatten)]
        settings: Box<Settings>,
        #[arg(long)]
        email: String,
        #[command(flatten)]
        password: ChosenPassword,
    },
}

#[derive(Args)]
struct ChosenPassword {
    /// Read the password from standard input instead of making one up.
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Admin,
    Supervisor,
    Manager,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Admin => Role::Admin,
            RoleName::Supervisor => Role::Supervisor,
            RoleName::Manager => Role::Manager,
        }
    }
}

/// Why a command failed, and the exit code that says so.
struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    fn new(message: impl Display) -> Self {
        Failure { message: message.to_string(), code: 1 }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure { message: error.to_string(), code: 2 }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Internal(cause) => match cause.downcast_ref::<ConfigError>() {
                Some(error) => Failure { message: error.to_string(), code: 2 },
                None => Failure::new(format_args!("{cause:#}")),
            },
            Error::Unavailable(cause) => {
                Failure::new(format_args!("the database does not answer: {cause:#}"))
            }
            Error::User(errors) => Failure::new(sentences(&errors)),
            Error::Refused(_) => Failure::new(error),
        }
    }
}

fn sentences(errors: &[UserError]) -> String {
    let lines: Vec<String> = errors
        .iter()
        .map(|error| {
            let field = error.field.last().map_or("", AsRef::as_ref);
            format!("{field}: {}", text::user_error(error, Locale::En))
        })
        .collect();
    lines.join("\n")
}

#[tokio::main]
async fn main() -> ExitCode {
    let command_line = match CommandLine::try_parse() {
        Ok(command_line) => command_line,
        Err(error) => return refuse_command_line(&error),
    };
    let done = match start_log(&command_line.logging) {
        Ok(()) => run(command_line.command).await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            to(&mut std::io::stderr(), format_args!("vekha: {}", failure.message));
            ExitCode::from(failure.code)
        }
    }
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

fn start_log(logging: &Logging) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&logging.filter)
        .map_err(|error| ConfigError { variable: "VEKHA_LOG", problem: error.to_string() })?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match logging.format {
        LogFormat::Text => subscriber.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
        LogFormat::Json => subscriber.json().init(),
    }
    Ok(())
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve { settings, demo } => serve(settings.check()?, demo).await,
        Command::Migrate { settings } => {
            let config = settings.check()?;
            let _in_use = prepare_folder(&config)?;
            let db = Database::connect(&config.database).await.map_err(Error::from)?;
            db.migrate().await.map_err(Error::from)?;
            Ok(db.close().await.map_err(Error::from)?)
        }
        Command::Backup { settings, file } => back_up(&settings.check()?, &file).await,
        Command::Restore { settings, file } => restore(&settings.check()?, file).await,
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
        Command::User { command } => user(command).await,
    }
}

async fn serve(mut config: Config, demo: bool) -> Result<(), Failure> {
    let _in_use = prepare_folder(&config)?;
    let listener = http::bind(&mut config)
        .await
        .map_err(|error| Failure::new(format_args!("VEKHA_LISTEN: {}: {error}", config.listen)))?;
    let address = config.public_url.as_ref().map(ToString::to_string).unwrap_or_default();
    let app = App::open(config, Clock::System).await?;
    if demo {
        tell_company(seed::demo(&app).await?);
    }
    announce(&address, &listener);

    let stop = CancellationToken::new();
    tokio::spawn(cancel_on_signal(stop.clone()));
    let beside = CancellationToken::new();
    let mut tasks = app.start(&beside);
    let schema = server::graphql::schema(Arc::clone(&app));
    let mut serving =
        std::pin::pin!(http::serve(listener, Arc::clone(&app), schema, Limits::default(), stop.clone()));
    let (drained, failed) = tokio::select! {
        drained = serving.as_mut() => (drained, None),
        failed = first_failure(&mut tasks) => {
            stop.cancel();
            (serving.await, Some(failed))
        }
    };
    beside.cancel();
    while tasks.join_next().await.is_some() {}
    app.db.clone().close().await.map_err(Error::from)?;
    if let Some(failed) = failed {
        return Err(Failure::new(format_args!("a part of the server ended: {failed}")));
    }
    if !drained {
        tracing::warn!("some requests were cut off");
    }
    tracing::info!("ended");
    Ok(())
}

/// Who can sign in to the demonstration.
fn tell_company(company: Option<Company>) {
    let mut out = std::io::stdout();
    let Some(company) = company else {
        return to(&mut out, format_args!("The database has people in it; no demonstration was added."));
    };
    for (name, email, role) in company.people {
        to(&mut out, format_args!("  {:10}  {email:26}  {name}", role.code()));
    }
    to(&mut out, format_args!("  Password of them all: {}", company.password));
}

/// Where the client is, for people and for programs that started this one with port 0.
fn announce(address: &str, listener: &TcpListener) {
    to(&mut std::io::stdout(), format_args!("Vekha: {}", address.trim_end_matches('/')));
    if let Ok(listened) = listener.local_addr() {
        tracing::info!(%listened, "serving");
    }
}

/// The first signal ends the process in order, the second at once.
async fn cancel_on_signal(stop: CancellationToken) {
    let signals = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    let (Ok(mut terminate), Ok(mut interrupt)) = signals else {
        tracing::error!("signals cannot be listened for");
        return;
    };
    for first in [true, false] {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        if !first {
            std::process::exit(1);
        }
        stop.cancel();
    }
}

/// Waits for a part that panics; parts that have nothing to do may end.
async fn first_failure(tasks: &mut JoinSet<()>) -> tokio::task::JoinError {
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            return error;
        }
    }
    std::future::pending().await
}

async fn user(command: UserCommand) -> Result<(), Failure> {
    match command {
        UserCommand::Create { settings, role, email, name, password } => {
            let (app, _in_use) = open(settings).await?;
            let (password, made_up) = password.choose()?;
            let person = command_line::create_user(&app, role.into(), &email, &name, &password).await?;
            tell_password(&person.email, &password, made_up);
        }
        UserCommand::Password { settings, email, password } => {
            let (app, _in_use) = open(settings).await?;
            let (password, made_up) = password.choose()?;
            let person = command_line::set_password(&app, &email, &password).await?;
            tell_password(&person.email, &password, made_up);
        }
    }
    Ok(())
}

async fn open(settings: Box<Settings>) -> Result<(Arc<App>, Option<InUse>), Failure> {
    let config = settings.check()?;
    let in_use = prepare_folder(&config)?;
    Ok((App::open(config, Clock::System).await?, in_use))
}

async fn back_up(config: &Config, file: &Path) -> Result<(), Failure> {
    let Location::Sqlite(database) = &config.database else {
        let say = "PostgreSQL is backed up by its own tools: pg_dump --format=custom --file=FILE \"$VEKHA_DATABASE_URL\"";
        return Err(Failure { message: say.to_owned(), code: 2 });
    };
    let _in_use = prepare_folder(config)?;
    let bytes =
        backup::back_up(database, file).await.map_err(|error| Failure::new(format_args!("{error:#}")))?;
    to(&mut std::io::stdout(), format_args!("{}: {bytes} bytes", file.display()));
    Ok(())
}

async fn restore(config: &Config, file: Option<PathBuf>) -> Result<(), Failure> {
    let failed = |error: anyhow::Error| Failure::new(format_args!("{error:#}"));
    let refuse = |say: &str| Failure { message: say.to_owned(), code: 2 };
    let now = Clock::System.now();
    let out = &mut std::io::stdout();
    match (&config.database, file) {
        (Location::Sqlite(database), Some(file)) => {
            make_folder(config)?;
            let aside = backup::restore(database, &file, now).await.map_err(failed)?;
            if let Some(aside) = aside {
                to(out, format_args!("The database of before is {}", aside.display()));
            }
        }
        (Location::Postgres { .. }, None) => {
            let db = Database::connect(&config.database).await.map_err(Error::from)?;
            db.migrate().await.map_err(Error::from)?;
            backup::begin_anew(&db, now).await.map_err(failed)?;
            db.close().await.map_err(Error::from)?;
        }
        (Location::Sqlite(_), None) => {
            return Err(refuse("which backup is to be restored? vekha restore FILE"));
        }
        (Location::Postgres { .. }, Some(_)) => {
            return Err(refuse(
                "PostgreSQL is restored by its own tools: pg_restore --dbname=\"$VEKHA_DATABASE_URL\" FILE, \
                 into an empty database; then run vekha restore without a file",
            ));
        }
    }
    to(
        out,
        "Restored. Everybody has to sign in again; whoever was disabled since the backup has to be disabled again.",
    );
    Ok(())
}

impl ChosenPassword {
    /// The password, and whether it was made up here.
    fn choose(&self) -> Result<(String, bool), Failure> {
        if !self.password_stdin {
            return Ok((command_line::generate_password(Random).map_err(Error::from)?, true));
        }
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(Failure::new)?;
        Ok((text.trim_end_matches(['\r', '\n']).to_owned(), false))
    }
}

fn tell_password(email: &str, password: &str, made_up: bool) {
    let out = &mut std::io::stdout();
    if made_up { to(out, format_args!("{email} {password}")) } else { to(out, email) }
}

/// The folder of what is kept in files, and the word that it is in use.
fn prepare_folder(config: &Config) -> Result<Option<InUse>, Failure> {
    make_folder(config)?;
    match config.database {
        Location::Postgres { .. } => Ok(None),
        Location::Sqlite(_) => match InUse::shared(&config.data_dir) {
            Ok(in_use) => Ok(Some(in_use)),
            Err(error) => Err(Failure::new(format_args!("{error:#}"))),
        },
    }
}

fn make_folder(config: &Config) -> Result<(), Failure> {
    match config.database {
        Location::Postgres { .. } => Ok(()),
        Location::Sqlite(_) => std::fs::create_dir_all(&config.data_dir).map_err(|error| {
            let problem = format!("{} cannot be made: {error}", config.data_dir.display());
            ConfigError { variable: "VEKHA_DATA_DIR", problem }.into()
        }),
    }
}

/// Writes a line. A reader that went away is no reason to fail.
fn to(out: &mut impl Write, line: impl Display) {
    let _gone = writeln!(out, "{line}").and_then(|()| out.flush());
}
