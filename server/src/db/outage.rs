//! Errors of a database that was asked something right and could not do it, as opposed to one that was asked something wrong.

use sea_orm::sqlx::Error as Sqlx;
use sea_orm::sqlx::sqlite::SqliteError;
use sea_orm::{DbErr, RuntimeErr};

/// The file is another connection's: <https://sqlite.org/rescode.html#busy>.
const SQLITE_BUSY: u32 = 5;
/// A lock was not to be had in time: <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
const POSTGRES_LOCK_NOT_AVAILABLE: &str = "55P03";

/// Why something right was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// Somebody else's work was in the way of this one: the next may succeed at once.
    Passing,
    /// The database, its disk or the way to it: others fail as this one did until that is mended.
    Lasting,
}

/// What kept the database from what it was asked; `None` where it was asked something wrong.
pub fn outage(error: &DbErr) -> Option<Outage> {
    if matches!(error, DbErr::ConnectionAcquire(_)) {
        return Some(Outage::Passing);
    }
    if matches!(error, DbErr::Conn(_)) {
        return Some(Outage::Lasting);
    }
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error
    else {
        return None;
    };
    if let Sqlx::Database(cause) = cause.as_ref() {
        let code = cause.code()?;
        let is_sqlite = cause.try_downcast_ref::<SqliteError>().is_some();
        return if is_sqlite { of_sqlite(code.parse().ok()?) } else { of_postgres(&code) };
    }
    if matches!(cause.as_ref(), Sqlx::PoolTimedOut | Sqlx::PoolClosed) {
        return Some(Outage::Passing);
    }
    let lasting =
        matches!(cause.as_ref(), Sqlx::Io(_) | Sqlx::Tls(_) | Sqlx::WorkerCrashed | Sqlx::Protocol(_));
    lasting.then_some(Outage::Lasting)
}

/// Whether another has what was asked for: the file of SQLite, or a lock of PostgreSQL that was not to be had in time.
pub(super) fn is_busy(error: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    let Some(cause) = error.as_database_error() else { return false };
    let Some(code) = cause.code() else { return false };
    match cause.try_downcast_ref::<SqliteError>() {
        Some(_) => code.parse::<u32>().is_ok_and(|code| code & 0xff == SQLITE_BUSY),
        None => code == POSTGRES_LOCK_NOT_AVAILABLE,
    }
}

/// By the low byte, which is the result; the others say more of it: <https://sqlite.org/rescode.html>. A busy database has been
/// waited for as long as a statement may take: another program holds it.
fn of_sqlite(code: u32) -> Option<Outage> {
    match code & 0xff {
        // Locked by a statement of the same connection; interrupted.
        6 | 9 => Some(Outage::Passing),
        // Busy, no memory, read only, input or output, corrupt, full, cannot open, locking protocol, no database.
        5 | 7 | 8 | 10 | 11 | 13 | 14 | 15 | 26 => Some(Outage::Lasting),
        _ => None,
    }
}

/// By the class of the code where all of it is meant: <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
fn of_postgres(code: &str) -> Option<Outage> {
    // Not serializable, deadlock, idle in transaction, lock not available, cancelled.
    if matches!(code, "40001" | "40P01" | "25P03" | "55P03" | "57014") {
        return Some(Outage::Passing);
    }
    // Read only, as a standby is; data or index corrupted. Connection, resources (a full disk is one), operator, system.
    let lasting = matches!(code, "25006" | "XX001" | "XX002")
        || ["08", "53", "57P", "58"].iter().any(|class| code.starts_with(class));
    lasting.then_some(Outage::Lasting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_database_cannot_do_is_told_from_what_it_was_asked_wrong() {
        let lasting = [
            (5, "busy"),
            (261, "busy in recovery"),
            (7, "no memory"),
            (3082, "no memory while reading or writing"),
            (8, "read only"),
            (10, "input or output"),
            (778, "writing"),
            (1034, "fsync"),
            (4874, "shared memory"),
            (11, "corrupt"),
            (13, "full"),
            (14, "cannot be opened"),
            (26, "no database"),
        ];
        for (code, what) in lasting {
            assert_eq!(of_sqlite(code), Some(Outage::Lasting), "{what}");
        }
        assert_eq!([6, 262, 9].map(of_sqlite), [Some(Outage::Passing); 3]);
        // An error in SQL, constraints, a misuse.
        assert_eq!([1, 19, 2067, 787, 21].map(of_sqlite), [None; 5]);

        let lasting = ["53100", "53200", "53300", "57P01", "58030", "58P01", "08006", "25006", "XX001"];
        for code in lasting {
            assert_eq!(of_postgres(code), Some(Outage::Lasting), "{code}");
        }
        assert_eq!(["55P03", "40P01", "57014"].map(of_postgres), [Some(Outage::Passing); 3]);
        assert_eq!(["23505", "42601", "25P02", "XX000"].map(of_postgres), [None; 4]);
    }
}
