//! What tokens are signed with.

use crate::clock::Random;
use crate::config::Config;
use crate::error::Result;

/// Keys by id; the first signs, all verify.
#[derive(Clone, Debug)]
pub struct Secrets;

impl Secrets {
    /// From the configuration, or generated into the data folder.
    pub fn load(_config: &Config, _random: Random) -> Result<Self> {
        Ok(Secrets)
    }
}
