//! `vekha backup` and `vekha restore`: the database as one file that is whole, and back. What a restore may not bring back, sign-ins
//! and links that were given out, it ends; and it begins another life of the log, so that no cursor of before is answered with a
//! past that did not happen.
//!
//! PostgreSQL has tools of its own for this. What they cannot know of is done here afterwards: see [`begin_anew`].

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use migration::{Migrator, MigratorTrait};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter, Set, Statement};

use crate::clock::Random;
use crate::db::columns::Timestamp;
use crate::db::{Database, Location};
use crate::entity::{invitation, password_reset, refresh_token, session};
use crate::log;

/// The file by whose lock commands know of each other.
const LOCK: &str = "lock";

/// That a process works with a data folder. Ends with it, however it ends.
#[derive(Debug)]
pub struct InUse {
    _lock: File,
}

impl InUse {
    /// Works with the folder beside others.
    ///
    /// # Errors
    /// Somebody replaces what is in it.
    pub fn shared(folder: &Path) -> anyhow::Result<Self> {
        let lock = open_lock(folder)?;
        match lock.try_lock_shared() {
            Ok(()) => Ok(InUse { _lock: lock }),
            Err(TryLockError::WouldBlock) => bail!("{} is being restored", folder.display()),
            Err(TryLockError::Error(error)) => Err(error).with_context(|| cannot_lock(folder)),
        }
    }

    /// Works with the folder alone.
    ///
    /// # Errors
    /// A server or another command works with it.
    pub fn alone(folder: &Path) -> anyhow::Result<Self> {
        let lock = open_lock(folder)?;
        match lock.try_lock() {
            Ok(()) => Ok(InUse { _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                bail!("a server or another command works with {}: stop it first", folder.display())
            }
            Err(TryLockError::Error(error)) => Err(error).with_context(|| cannot_lock(folder)),
        }
    }
}

fn open_lock(folder: &Path) -> anyhow::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    options.open(folder.join(LOCK)).with_context(|| cannot_lock(folder))
}

fn cannot_lock(folder: &Path) -> String {
    format!("{} cannot be locked", folder.display())
}

/// Writes the database into a new file, as it is at one moment, while servers read and write it. Gives its size in bytes.
///
/// # Errors
/// The file is there already, or cannot be written; then there is none.
pub async fn back_up(database: &Path, file: &Path) -> anyhow::Result<u64> {
    if !database.is_file() {
        bail!("there is no database at {}", database.display());
    }
    if file.exists() {
        bail!("{} is there already", file.display());
    }
    let draft = Draft::beside(file)?;
    let db = Database::connect(&Location::Sqlite(database.to_owned())).await?;
    // One moment of the database, without free pages and without a log beside it: <https://sqlite.org/lang_vacuum.html>.
    let into =
        Statement::from_sql_and_values(DatabaseBackend::Sqlite, "VACUUM INTO ?", [draft.text()?.into()]);
    let copied = db.reads().unhurried().execute_raw(into).await.context("the database cannot be copied");
    db.close().await?;
    copied?;
    check(&draft.0).await?;
    draft.become_new(file).with_context(|| format!("{} cannot be made", file.display()))?;
    Ok(fs::metadata(file)?.len())
}

/// Puts the database of a backup in the place of the present one, which is kept aside. Gives where.
///
/// # Errors
/// The file is no whole database of Vekha, or of a later version; then the present one is as it was.
pub async fn restore(database: &Path, file: &Path, now: Timestamp) -> anyhow::Result<Option<PathBuf>> {
    let folder = database.parent().context("the database is in a folder")?;
    let _alone = InUse::alone(folder)?;
    let draft = Draft::beside(database)?;
    draft.fill(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let prepared = prepare(&draft.0, now).await;
    prepared.with_context(|| format!("{} cannot be restored", file.display()))?;
    let aside = set_aside(database, now).await?;
    draft.replace(database).with_context(|| format!("{} cannot be replaced", database.display()))?;
    Ok(aside)
}

async fn prepare(draft: &Path, now: Timestamp) -> anyhow::Result<()> {
    check(draft).await?;
    let db = Database::connect(&Location::Sqlite(draft.to_owned())).await?;
    let ready = async {
        let known: BTreeSet<String> =
            Migrator::migrations().iter().map(|change| change.name().to_owned()).collect();
        let applied = Migrator::get_migration_models(db.reads().unhurried())
            .await
            .context("it is no database of Vekha")?;
        if applied.is_empty() {
            bail!("it is no database of Vekha");
        }
        if let Some(later) = applied.iter().find(|change| !known.contains(&change.version)) {
            bail!("it is of a later version of Vekha, with {}", later.version);
        }
        db.migrate().await?;
        begin_anew(&db, now).await?;
        // What was written is in the file itself, not in a log beside it.
        let fold = "PRAGMA wal_checkpoint(TRUNCATE)";
        db.reads().unhurried().execute_unprepared(fold).await?;
        anyhow::Ok(())
    };
    let ready = ready.await;
    db.close().await?;
    ready
}

/// Whether a file is a whole database. A file is read from its first page to its last.
async fn check(file: &Path) -> anyhow::Result<()> {
    let db = Database::connect(&Location::Sqlite(file.to_owned())).await.context("it is no database")?;
    let check = Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA integrity_check");
    let found = db.reads().unhurried().query_one_raw(check).await;
    db.close().await?;
    let found = found.context("it is no database")?.context("it was not checked")?;
    let found: String = found.try_get_by_index(0)?;
    if found != "ok" {
        bail!("it is damaged: {found}");
    }
    Ok(())
}

/// What a database that was brought back needs before anybody works with it: another life of the log, no sign-ins, no links that
/// were given out. Who was signed out or disabled since the backup would otherwise be in again with a token of before; whoever was
/// disabled since has to be disabled again.
///
/// On PostgreSQL events were written by transactions of a server that numbered them for itself: another one may be far behind, and
/// would put its own events before them or never show them. They become the oldest, in the order of their ids.
pub async fn begin_anew(db: &Database, now: Timestamp) -> anyhow::Result<()> {
    log::epoch(db).await?;
    let write = db.write().await?;
    if db.backend() == DatabaseBackend::Postgres {
        write.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
        let others = "SELECT COUNT(*) AS others FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> current_setting('application_name')";
        let others = write.query_one_raw(Statement::from_string(DatabaseBackend::Postgres, others)).await?;
        let others: i64 = others.context("nothing was counted")?.try_get("", "others")?;
        if others > 0 {
            bail!("{others} connections to the database are open: stop every server first");
        }
        write.execute_unprepared("UPDATE events SET xid = 0 WHERE xid <> 0").await?;
    }
    log::rotate_epoch(&write).await?;
    refresh_token::Entity::delete_many().exec(&*write).await?;
    session::Entity::update_many()
        .set(session::ActiveModel { ended_at: Set(Some(now)), ..Default::default() })
        .filter(session::Column::EndedAt.is_null())
        .exec(&*write)
        .await?;
    invitation::Entity::update_many()
        .col_expr(invitation::Column::ExpiresAt, Expr::val(now))
        .filter(invitation::Column::ExpiresAt.gt(now))
        .exec(&*write)
        .await?;
    password_reset::Entity::update_many()
        .col_expr(password_reset::Column::ExpiresAt, Expr::val(now))
        .filter(password_reset::Column::ExpiresAt.gt(now))
        .exec(&*write)
        .await?;
    Ok(write.commit().await?)
}

/// Keeps the present database under another name too. There is a whole one in its place all the time.
async fn set_aside(database: &Path, now: Timestamp) -> anyhow::Result<Option<PathBuf>> {
    if !database.is_file() {
        return Ok(None);
    }
    // The last one to close it folds its log into the file; of one that is damaged the log stays, and goes with it.
    if let Ok(db) = Database::connect(&Location::Sqlite(database.to_owned())).await {
        db.close().await.ok();
    }
    let aside = beside(database, &format!(".before-restore-{}", now.to_utc().format("%Y%m%dT%H%M%S%3fZ")));
    fs::hard_link(database, &aside).with_context(|| format!("{} cannot be made", aside.display()))?;
    for log in ["-wal", "-shm"] {
        match fs::rename(beside(database, log), beside(&aside, log)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(Some(aside))
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// A file that is not finished. Dropped before it is, it is gone.
struct Draft(PathBuf);

impl Draft {
    /// An empty file in the folder of another, for its owner alone: it comes to hold the hashes of passwords.
    fn beside(file: &Path) -> anyhow::Result<Self> {
        let name = file.file_name().with_context(|| format!("{} is no file", file.display()))?;
        let draft = file.with_file_name(format!(".{}-{}", name.to_string_lossy(), Random.token()?));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&draft).with_context(|| format!("{} cannot be made", draft.display()))?;
        Ok(Draft(draft))
    }

    /// Takes over what is in a file, and not who may read it.
    fn fill(&self, file: &Path) -> io::Result<u64> {
        io::copy(&mut File::open(file)?, &mut OpenOptions::new().write(true).truncate(true).open(&self.0)?)
    }

    fn text(&self) -> anyhow::Result<&str> {
        self.0.to_str().context("the path is no text")
    }

    /// Gets its name, unless something has it.
    fn become_new(&self, file: &Path) -> io::Result<()> {
        File::open(&self.0)?.sync_all()?;
        fs::hard_link(&self.0, file)?;
        sync_folder(file)
    }

    /// Takes the place of a file.
    fn replace(&self, file: &Path) -> io::Result<()> {
        File::open(&self.0)?.sync_all()?;
        fs::rename(&self.0, file)?;
        sync_folder(file)
    }
}

/// A name lasts once its folder is written.
fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

impl Drop for Draft {
    fn drop(&mut self) {
        for file in [self.0.clone(), beside(&self.0, "-wal"), beside(&self.0, "-shm")] {
            match fs::remove_file(&file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!(%error, file = %file.display(), "a draft is left behind");
                }
                Ok(()) | Err(_) => {}
            }
        }
    }
}
