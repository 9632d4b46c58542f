//! Which events are settled: no transaction that is still open can add one before them. And who holds the others back.
//!
//! Why this is right, and why a transaction in another database of the cluster is no reason to wait: `docs/adr/0016`.

use sea_orm::sea_query::Expr;
use sea_orm::{Condition, ConnectionTrait, DatabaseBackend, FromQueryResult, Statement};

use crate::db::Database;
use crate::error::Result;

/// The number of the oldest transaction that was open at the statement's own snapshot and may be of this database; where there is
/// none, the first number after all that had ended. To be asked in a statement that is a transaction by itself: the snapshot is
/// taken first, and who has which number is looked up after it. Left out are those alone that somebody in another database is
/// seen to hold: what has ended meanwhile may have been ours.
const OLDEST_OPEN: &str = "(
    SELECT COALESCE(MIN(open.xid::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
    FROM pg_snapshot_xip(pg_current_snapshot()) AS open(xid)
    WHERE NOT EXISTS (
        SELECT FROM pg_stat_get_activity(NULL) AS other
        WHERE other.backend_xid = open.xid::xid
            AND other.datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
    ) AND NOT EXISTS (
        SELECT FROM pg_prepared_xact() AS other
        WHERE other.transaction = open.xid::xid
            AND other.dbid <> (SELECT oid FROM pg_database WHERE datname = current_database())
    )
)";

/// Events before which none can come any more. SQLite has one writer: what is seen there is settled.
pub(super) fn settled(backend: DatabaseBackend) -> Condition {
    if backend == DatabaseBackend::Postgres {
        Condition::all().add(Expr::cust(format!("events.xid < {OLDEST_OPEN}")))
    } else {
        Condition::all()
    }
}

/// Who holds readers of the log back, as far as PostgreSQL tells this user.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct OpenTransaction {
    /// The process of PostgreSQL; `None` of a transaction that was prepared and waits for its second phase.
    pub pid: Option<i32>,
    /// In which database.
    pub database: Option<String>,
    /// As whom.
    pub person: Option<String>,
    /// What the program calls itself, or the name that the prepared transaction was given.
    pub application: Option<String>,
    /// For how many seconds it has been open.
    pub seconds: Option<i64>,
}

/// The transaction that readers wait for; `None` where it has just ended.
pub(super) async fn oldest_open(db: &Database) -> Result<Option<OpenTransaction>> {
    let seconds = |since: &str| format!("floor(extract(epoch FROM clock_timestamp() - {since}))::bigint");
    let (active, prepared) = (seconds("xact_start"), seconds("prepared"));
    let statement = format!(
        "WITH oldest AS MATERIALIZED (SELECT {OLDEST_OPEN}::text::xid8::xid AS xid)
         SELECT pid, datname::text AS database, usename::text AS person, application_name AS application, {active} AS seconds
             FROM pg_stat_activity WHERE backend_xid = (SELECT xid FROM oldest)
         UNION ALL SELECT NULL, database::text, owner::text, gid, {prepared}
             FROM pg_prepared_xacts WHERE transaction = (SELECT xid FROM oldest)"
    );
    let row = db.reads().query_one_raw(Statement::from_string(DatabaseBackend::Postgres, statement)).await?;
    Ok(row.map(|row| OpenTransaction::from_query_result(&row, "")).transpose()?)
}
