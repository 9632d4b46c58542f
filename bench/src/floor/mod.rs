//! The floor: the same answers from the same rows, written by hand over axum and sqlx, with and without the look-up of who asks. It
//! checks nothing, tells nobody and keeps no index: what Vekha takes beyond it is what its rules cost.

mod answer;
mod database;
mod statement;

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Result, bail};
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use clap::Args;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::net::TcpListener;

pub(crate) use answer::id;

/// Connections to PostgreSQL, and those of SQLite that read: as many as the server has.
const CONNECTIONS: u32 = 10;
const READERS: u32 = 4;
const BUSY: Duration = Duration::from_secs(5);

/// Where its rows are.
#[derive(Args, Clone)]
pub(crate) struct Options {
    /// A file of SQLite
    #[arg(long)]
    sqlite: Option<PathBuf>,
    /// The address of a database of PostgreSQL
    #[arg(long)]
    postgres: Option<String>,
}

/// What went wrong, as an answer that no check takes for a right one.
struct Failure(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, format!("{:#}", self.0)).into_response()
    }
}

/// Serves, and says where.
pub(crate) async fn serve(options: &Options) -> Result<()> {
    let router = match (&options.sqlite, &options.postgres) {
        (Some(file), None) => {
            // Writes last as the server's do.
            let file = SqliteConnectOptions::new()
                .filename(file)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY);
            let pool = |connections| SqlitePoolOptions::new().max_connections(connections);
            let reads = pool(READERS).connect_with(file.clone()).await?;
            let writes = pool(1).connect_with(file).await?;
            database::sqlite::router(database::sqlite::Floor::new(reads, writes, "BEGIN IMMEDIATE")?)
        }
        (None, Some(url)) => {
            let options = PgConnectOptions::from_str(url)?;
            let pool = PgPoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await?;
            database::postgres::router(database::postgres::Floor::new(pool.clone(), pool, "BEGIN")?)
        }
        _ => bail!("one database, please"),
    };
    listen(router).await
}

async fn listen(router: Router) -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("Floor: http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}
