//! The company that is measured: so many tasks of 1,600 people, the same each time, written by few statements into a database whose
//! tables the server has made.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use url::Url;

use crate::account;

/// People of the company; its supervisors are the first of them.
const PEOPLE: u32 = 1_600;
/// Those who ask: each person has turns and changes of their own.
pub(crate) const SUPERVISORS: i64 = 256;
/// The person of the lowest number: before them there is the administrator.
pub(crate) const FIRST: i64 = 2;
const DAY: i64 = 86_400_000;
/// Its name within a folder, as the server has it.
const FILE: &str = "vekha.sqlite";

/// Its rows, and a folder for what else the server keeps.
#[derive(Clone, Debug)]
pub(crate) struct Company {
    pub(crate) database: Database,
    pub(crate) folder: PathBuf,
}

/// Where the rows are.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    /// In a file of the folder.
    Sqlite,
    /// At this address.
    Postgres(String),
}

impl Database {
    /// As people call it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Database::Sqlite => "SQLite",
            Database::Postgres(_) => "PostgreSQL",
        }
    }
}

impl Company {
    /// One of this name: its folder is made within another, and its database on this server, where there is one.
    pub(crate) async fn new(within: &Path, name: &str, server: Option<&str>) -> Result<Self> {
        let folder = folder(within, name)?;
        let database = match server {
            None => Database::Sqlite,
            Some(server) => Database::Postgres(new_database(server, name, "template0").await?),
        };
        Ok(Company { database, folder })
    }

    /// The same company once more: what one entrant writes is not in the way of another. Nothing may be connected to it.
    pub(crate) async fn copy(&self, within: &Path, name: &str) -> Result<Self> {
        let copy = folder(within, name)?;
        let database = match &self.database {
            Database::Sqlite => {
                std::fs::copy(self.file(), copy.join(FILE))?;
                Database::Sqlite
            }
            Database::Postgres(url) => {
                let own = Url::parse(url)?;
                Database::Postgres(new_database(url, name, own.path().trim_start_matches('/')).await?)
            }
        };
        Ok(Company { database, folder: copy })
    }

    /// The file of SQLite.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// What the server's commands read of their environment.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let mut environment = vec![
            ("VEKHA_DATA_DIR", self.folder.display().to_string()),
            ("VEKHA_LOG", "error".to_owned()),
            ("VEKHA_LISTEN", "127.0.0.1:0".to_owned()),
            ("VEKHA_SECRETS", account::secrets()),
        ];
        if let Database::Postgres(url) = &self.database {
            environment.push(("VEKHA_DATABASE_URL", url.clone()));
        }
        environment
    }

    /// Makes the tables and fills them.
    pub(crate) async fn fill(&self, vekha: &Path, tasks: u32) -> Result<()> {
        let mut command = Command::new(vekha);
        command.args(["user", "create", "--role", "admin", "--name", "Ольга", "--email", "olga@example.com"]);
        command.arg("--password-stdin").envs(self.environment()).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn().context("cannot start Vekha")?;
        child.stdin.take().context("a pipe")?.write_all(b"a long enough password")?;
        ensure!(child.wait()?.success(), "the tables were not made");

        let now = chrono::Utc::now().timestamp_millis();
        match &self.database {
            Database::Sqlite => {
                let options =
                    SqliteConnectOptions::new().filename(self.file()).synchronous(SqliteSynchronous::Off);
                let mut connection = options.connect().await?;
                let series = |rows: u32| {
                    let numbers =
                        format!("numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT {rows})");
                    (format!("WITH RECURSIVE {numbers}"), "numbers".to_owned())
                };
                for statement in statements(now, tasks, series, ("1", "0")) {
                    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await?;
                }
                // One file, which can be copied.
                sqlx::raw_sql("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
                connection.close().await?;
            }
            Database::Postgres(url) => {
                let mut connection = PgConnection::connect(url).await?;
                let series =
                    |rows: u32| (String::new(), format!("generate_series(1::bigint, {rows}) AS numbers(n)"));
                for statement in statements(now, tasks, series, ("TRUE", "FALSE")) {
                    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await?;
                }
                sqlx::raw_sql("VACUUM ANALYZE").execute(&mut connection).await?;
                connection.close().await?;
            }
        }
        Ok(())
    }
}

fn folder(within: &Path, name: &str) -> Result<PathBuf> {
    let folder = within.join(name);
    std::fs::create_dir(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(folder)
}

/// The address of a database that was made after another one of the same server.
async fn new_database(server: &str, name: &str, template: &str) -> Result<String> {
    let mut url = Url::parse(server)?;
    url.set_path("postgres");
    let mut connection = PgConnection::connect(url.as_str()).await?;
    let statement = format!("CREATE DATABASE {name} TEMPLATE {template}");
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await?;
    connection.close().await?;
    url.set_path(name);
    Ok(url.into())
}

/// `series` gives what stands before a statement and what it selects `n` from, 1 to so many. Deadlines are to come, so that nothing
/// becomes overdue meanwhile.
fn statements(
    now: i64,
    tasks: u32,
    series: impl Fn(u32) -> (String, String),
    (yes, no): (&str, &str),
) -> Vec<String> {
    let (with, from) = series(PEOPLE);
    let people = format!(
        "INSERT INTO users (name, name_key, email, password_hash, role, active, theme, time_zone, shortcuts, created_at)
         {with} SELECT 'Иван Иванов ' || n, 'иван иванов ' || n, 'u' || n, '', CASE WHEN n <= {SUPERVISORS} THEN 'SUPERVISOR' ELSE 'MANAGER' END,
            {yes}, 'SYSTEM', 'Europe/Moscow', {yes}, {now} FROM {from} ORDER BY n"
    );
    let month = now + 30 * DAY;
    let sessions = format!(
        "INSERT INTO sessions (user_id, created_at, last_used_at, expires_at, device, address)
         SELECT id, {now}, {now}, {month}, 'bench', '127.0.0.1' FROM users WHERE role = 'SUPERVISOR' ORDER BY id"
    );
    let (with, from) = series(tasks);
    let (year, day, apart) = (now - 360 * DAY, now + DAY, 359 * DAY / i64::from(tasks).max(1));
    let created = format!("({year} + n * {apart})");
    let deadline = format!("({day} + n * 7919 % {tasks} * {apart})");
    let rows = format!(
        "INSERT INTO tasks (title, title_key, description, status, priority, requires_review, deadline, deadline_key, original_deadline,
            deadline_missed, deadline_moves, returns, creator_id, assignee_id, created_at, updated_at, completed_at, version)
         {with} SELECT 'Подготовить отчёт для «Северный ветер» № ' || n, 'подготовить отчет для «северный ветер» № ' || n,
            'Проверить данные в карточке клиента, согласовать с бухгалтерией, приложить документы.',
            CASE n % 4 WHEN 0 THEN 'NEW' WHEN 1 THEN 'IN_PROGRESS' WHEN 2 THEN 'IN_REVIEW' ELSE 'DONE' END, n % 3, {yes},
            {deadline}, {deadline}, {deadline}, {no}, 0, 0, {FIRST} + n % {SUPERVISORS}, {FIRST} + n % {PEOPLE}, {created}, {created},
            CASE n % 4 WHEN 3 THEN {created} END, 1 FROM {from} ORDER BY n"
    );
    let events = "INSERT INTO events (at, kind, actor_id, task_id, creator_id, assignee_id, payload)
         SELECT created_at, 'TASK_CREATED', creator_id, id, creator_id, assignee_id, '{\"kind\":\"TASK_CREATED\"}' FROM tasks ORDER BY id";
    vec![people, sessions, rows, events.to_owned()]
}
