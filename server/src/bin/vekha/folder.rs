//! The data folder, made where it is missing and held while the program works with it.

use std::sync::Arc;

use server::App;
use server::backup::InUse;
use server::config::{Config, ConfigError, Settings};
use server::db::Location;

use crate::failure::Failure;
use crate::private;

/// The server over what the settings name, without serving.
pub(crate) async fn open(settings: Box<Settings>) -> Result<(Arc<App>, Option<InUse>), Failure> {
    let clock = settings.clock()?;
    let config = settings.check()?;
    let in_use = prepare_folder(&config)?;
    Ok((App::open(config, clock).await?, in_use))
}

/// The folder of what is kept in files, and the word that it is in use.
pub(crate) fn prepare_folder(config: &Config) -> Result<Option<InUse>, Failure> {
    make_folder(config)?;
    match config.database {
        Location::Postgres { .. } => Ok(None),
        Location::Sqlite(_) => match InUse::shared(&config.data_dir) {
            Ok(in_use) => Ok(Some(in_use)),
            Err(error) => Err(Failure::new(format_args!("{error:#}"))),
        },
    }
}

pub(crate) fn make_folder(config: &Config) -> Result<(), Failure> {
    if let Location::Sqlite(_) = config.database {
        std::fs::create_dir_all(&config.data_dir).map_err(|error| {
            let problem = format!("{} cannot be made: {error}", config.data_dir.display());
            ConfigError { variable: "VEKHA_DATA_DIR", problem }
        })?;
    }
    if config.data_dir.is_dir() {
        private::mend(&config.data_dir);
    }
    Ok(())
}
