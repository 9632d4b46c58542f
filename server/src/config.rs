//! Environment and flags -> typed configuration. What makes no sense is refused here, by the name of the variable, before
//! anything is started.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, Utc};
use clap::Args;
use ipnet::IpNet;
use url::{Host, Url};

use crate::clock::Clock;
use crate::db::Location;
use crate::db::columns::Timestamp;

/// What `vekha serve` and the other commands are told. Flags and environment name the same things.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "VEKHA_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Origin that browsers use; https turns on Secure cookies and HSTS. Default: http:// and the address listened on.
    #[arg(long, env = "VEKHA_PUBLIC_URL")]
    pub public_url: Option<Url>,
    /// `SQLite` file, search index, generated secret, exports.
    #[arg(long, env = "VEKHA_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,
    /// postgres://... Default: `SQLite` in the data folder.
    #[arg(long, env = "VEKHA_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// A file with the same, for what is not to be seen in the environment.
    #[arg(long, env = "VEKHA_DATABASE_URL_FILE")]
    pub database_url_file: Option<PathBuf>,
    /// http(s)://user:password@host:9200. Default: an index in the data folder.
    #[arg(long, env = "VEKHA_ELASTICSEARCH_URL", hide_env_values = true)]
    pub elasticsearch_url: Option<String>,
    /// A file with the same.
    #[arg(long, env = "VEKHA_ELASTICSEARCH_URL_FILE")]
    pub elasticsearch_url_file: Option<PathBuf>,
    /// The name of this installation's index in Elasticsearch, for clusters that serve several.
    #[arg(long, env = "VEKHA_ELASTICSEARCH_INDEX", default_value = "vekha-tasks")]
    pub elasticsearch_index: String,
    /// The most connections to PostgreSQL that this process holds.
    #[arg(long, env = "VEKHA_DATABASE_CONNECTIONS", default_value_t = 10)]
    pub database_connections: u32,
    /// kid:base64 pairs separated by commas; the first signs, all verify. Required with PostgreSQL, else generated.
    #[arg(long, env = "VEKHA_SECRETS", hide_env_values = true)]
    pub secrets: Option<String>,
    /// A file with the same.
    #[arg(long, env = "VEKHA_SECRETS_FILE")]
    pub secrets_file: Option<PathBuf>,
    /// production, or development: introspection, suggestions and playground on.
    #[arg(long, env = "VEKHA_MODE", value_enum, default_value_t = Mode::Production)]
    pub mode: Mode,
    /// Who may register; left out, administrators decide it on the page of people.
    #[arg(long, env = "VEKHA_REGISTRATION", value_enum)]
    pub registration: Option<Registration>,
    /// The most changes of one person a minute.
    #[arg(long, env = "VEKHA_CHANGES_PER_MINUTE", default_value_t = 300)]
    pub changes_per_minute: u32,
    /// How browsers are told to stay with https, where the public address has it.
    #[arg(long, env = "VEKHA_HSTS", value_enum, default_value_t = Hsts::Host)]
    pub hsts: Hsts,
    /// Bearer token of who reads /metrics; without one nobody does.
    #[arg(long, env = "VEKHA_METRICS_TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
    /// A file with the same.
    #[arg(long, env = "VEKHA_METRICS_TOKEN_FILE")]
    pub metrics_token_file: Option<PathBuf>,
    /// Addresses and networks of proxies, separated by commas: the `X-Forwarded-For` or `Forwarded` that they write is believed.
    #[arg(long, env = "VEKHA_TRUSTED_PROXIES", default_value = "127.0.0.0/8,::1")]
    pub trusted_proxies: TrustedProxies,
    /// The moment at which the process is to think it begins, as 2028-02-29T12:00:00Z: for tests, in development mode alone.
    #[arg(long, env = "VEKHA_TEST_CLOCK", hide = true, value_parser = DateTime::parse_from_rfc3339)]
    pub test_clock: Option<DateTime<FixedOffset>>,
}

/// Proxies whose word about a client's address is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Whether the address is one of theirs.
    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whether some network of them has so many addresses that it is no network of one's own.
    fn are_everybody(&self) -> bool {
        self.0.iter().any(|network| match network {
            IpNet::V4(network) => network.prefix_len() < 8,
            IpNet::V6(network) => network.prefix_len() < 7,
        })
    }
}

impl FromStr for TrustedProxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = |part: &str| {
            let network = part.parse::<IpNet>().or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
            network.map_err(|_| format!("{part} is neither an address nor a network such as 10.0.0.0/8"))
        };
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// How much the server shows of itself.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As little as is needed.
    Production,
    /// Introspection, suggestions, playground.
    Development,
}

/// Who may make an account.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Everyone.
    Open,
    /// The first person, and who has an invitation.
    Invited,
}

/// How browsers are told to stay with https (`Strict-Transport-Security`).
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hsts {
    /// Not at all.
    Off,
    /// For the host of the public address.
    Host,
    /// For all names below it too.
    Subdomains,
}

/// The configuration of a process, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Origin that browsers use; `None` until the port is known, and where all addresses are listened on and none was named.
    pub public_url: Option<Url>,
    /// Where files are kept.
    pub data_dir: PathBuf,
    /// Where rows are kept.
    pub database: Location,
    /// The search engine beside; `None` for the one inside.
    pub elasticsearch_url: Option<Url>,
    /// The name of the index there.
    pub elasticsearch_index: String,
    /// As given; see `auth::secrets`.
    pub secrets: Option<String>,
    /// How much the server shows of itself.
    pub mode: Mode,
    /// Who may make an account; `None` where administrators decide it.
    pub registration: Option<Registration>,
    /// The most changes of one person a minute.
    pub changes_per_minute: u32,
    /// How browsers are told to stay with https.
    pub hsts: Hsts,
    /// Lets read the metrics.
    pub metrics_token: Option<String>,
    /// Whose word about a client's address is believed.
    pub trusted_proxies: TrustedProxies,
}

impl Config {
    /// What makes sense, and is seldom meant: by the name of its variable.
    pub fn doubts(&self) -> Vec<ConfigError> {
        let is_open =
            self.public_url.as_ref().is_some_and(|url| url.scheme() == "http" && !is_of_this_machine(url));
        let problem = "it begins with http://, so that passwords and tasks go over the network for everybody to read; put a proxy with TLS in front";
        is_open.then(|| refuse("VEKHA_PUBLIC_URL", problem)).into_iter().collect()
    }
}

fn is_of_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// A setting that makes no sense, by the name of its variable.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{variable}: {problem}")]
pub struct ConfigError {
    /// Which variable.
    pub variable: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

impl Settings {
    /// What tells the time: the machine, unless tests set another clock, which goes on from now.
    ///
    /// # Errors
    /// A clock that was set for what is not in development mode: all that people see is told by it.
    pub fn clock(&self) -> Result<Clock, ConfigError> {
        match (self.test_clock, self.mode) {
            (None, Mode::Production | Mode::Development) => Ok(Clock::System),
            (Some(moment), Mode::Development) => {
                Ok(Clock::going_from(Timestamp::from(moment.with_timezone(&Utc))))
            }
            (Some(_), Mode::Production) => Err(refuse(
                "VEKHA_TEST_CLOCK",
                "for tests alone: only development mode has another clock than the machine's",
            )),
        }
    }

    /// Checks what can be checked without touching more of the world than the files that are named.
    pub fn check(self) -> Result<Config, ConfigError> {
        self.clock()?;
        let database_url =
            secret("VEKHA_DATABASE_URL_FILE", self.database_url, self.database_url_file.as_deref())?;
        let secrets = secret("VEKHA_SECRETS_FILE", self.secrets, self.secrets_file.as_deref())?;
        let metrics_token =
            secret("VEKHA_METRICS_TOKEN_FILE", self.metrics_token, self.metrics_token_file.as_deref())?;
        let elasticsearch_url = secret(
            "VEKHA_ELASTICSEARCH_URL_FILE",
            self.elasticsearch_url,
            self.elasticsearch_url_file.as_deref(),
        )?;
        let elasticsearch_url = elasticsearch_url.map(|url| elasticsearch(&url)).transpose()?;
        let database = match database_url {
            None => Location::Sqlite(self.data_dir.join("vekha.sqlite")),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                if Url::parse(&url).is_err() {
                    return Err(refuse("VEKHA_DATABASE_URL", "not an address"));
                }
                if secrets.is_none() {
                    return Err(refuse(
                        "VEKHA_SECRETS",
                        "required with PostgreSQL, so that all processes verify the same tokens; for example k1:$(head -c 32 /dev/urandom | base64)",
                    ));
                }
                Location::Postgres { url, connections: self.database_connections }
            }
            Some(_) => return Err(refuse("VEKHA_DATABASE_URL", "must begin with postgres://")),
        };
        if self.database_connections < 3 {
            return Err(refuse(
                "VEKHA_DATABASE_CONNECTIONS",
                "at least 3: one listens, one migrates, one works",
            ));
        }
        if let Some(url) = &self.public_url {
            let is_origin = matches!(url.scheme(), "http" | "https") && url.has_host() && url.path() == "/";
            if !is_origin || url.query().is_some() || url.fragment().is_some() {
                return Err(refuse("VEKHA_PUBLIC_URL", "must be an origin, as https://tasks.example.com"));
            }
        }
        // <https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-create>
        let is_name = |name: &str| {
            name.starts_with(|first: char| first.is_ascii_lowercase())
                && name.len() <= 100
                && name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || "-_".contains(it))
        };
        if !is_name(&self.elasticsearch_index) {
            return Err(refuse(
                "VEKHA_ELASTICSEARCH_INDEX",
                "small letters, digits, - and _, at most 100, beginning with a letter",
            ));
        }
        if self.trusted_proxies.are_everybody() {
            return Err(refuse(
                "VEKHA_TRUSTED_PROXIES",
                "whoever is trusted says for whom they ask, and this trusts everybody: name your proxies",
            ));
        }
        if self.changes_per_minute < 100 {
            return Err(refuse(
                "VEKHA_CHANGES_PER_MINUTE",
                "at least 100: as many tasks are changed at once",
            ));
        }
        if metrics_token.as_ref().is_some_and(|token| token.len() < 16) {
            return Err(refuse("VEKHA_METRICS_TOKEN", "at least 16 characters"));
        }
        Ok(Config {
            listen: self.listen,
            public_url: self.public_url,
            data_dir: self.data_dir,
            database,
            elasticsearch_url,
            elasticsearch_index: self.elasticsearch_index,
            secrets,
            mode: self.mode,
            registration: self.registration,
            changes_per_minute: self.changes_per_minute,
            hsts: self.hsts,
            metrics_token,
            trusted_proxies: self.trusted_proxies,
        })
    }
}

fn elasticsearch(url: &str) -> Result<Url, ConfigError> {
    let address =
        Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    address.ok_or_else(|| {
        refuse("VEKHA_ELASTICSEARCH_URL", "must begin with http:// or https:// and name a host")
    })
}

/// What was given in one of two ways: itself, or a file that holds it. Space around it does not count, such as the end of the line.
fn secret(
    variable: &'static str,
    given: Option<String>,
    file: Option<&Path>,
) -> Result<Option<String>, ConfigError> {
    let Some(file) = file else { return Ok(given) };
    if given.is_some() {
        return Err(refuse(variable, "given beside the setting itself: one of them has to go"));
    }
    match std::fs::read_to_string(file) {
        Ok(text) if text.trim().is_empty() => Err(refuse(variable, &format!("{} is empty", file.display()))),
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) => Err(refuse(variable, &format!("{} cannot be read: {error}", file.display()))),
    }
}

fn refuse(variable: &'static str, problem: &str) -> ConfigError {
    ConfigError { variable, problem: problem.to_owned() }
}
