//! `vekha backup` and `vekha restore`: which of the two databases can do what.

use std::path::{Path, PathBuf};

use server::backup;
use server::config::Config;
use server::db::columns::Timestamp;
use server::db::{Database, Location};
use server::error::Error;

use crate::failure::Failure;
use crate::folder::{make_folder, prepare_folder};
use crate::terminal::to;

pub(crate) async fn back_up(config: &Config, file: &Path) -> Result<(), Failure> {
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

pub(crate) async fn restore(config: &Config, file: Option<PathBuf>, now: Timestamp) -> Result<(), Failure> {
    let failed = |error: anyhow::Error| Failure::new(format_args!("{error:#}"));
    let refuse = |say: &str| Failure { message: say.to_owned(), code: 2 };
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
