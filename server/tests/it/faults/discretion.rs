//! The log of the real binary while people come in by every way: a line for each thing that happened, in the form that
//! `docs/security-events.md` promises, and no secret however talkative it is.

use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use regex::Regex;
use serde_json::{Value, json};
use server::security::Kind;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::process::Place;

/// Longer than anything should take; reached only by a test that fails.
const PATIENCE: Duration = Duration::from_secs(60);
const FIRST: &str = "the first long password of Olga";
const SECOND: &str = "the second long password of Olga";
const THIRD: &str = "another long password, of Petr";
const WRONG: &str = "a wrong password that nobody has";

/// A process whose log is a file.
struct Logging {
    url: String,
    log: PathBuf,
    child: Child,
    secrets: Vec<String>,
    _output: BufReader<ChildStdout>,
    _place: Place,
}

impl Logging {
    async fn start(place: Place, level: &str, format: &str) -> Logging {
        let log = place.file("log");
        let mut command = place.command(&["serve"]);
        command
            .env("VEKHA_LISTEN", "127.0.0.1:0")
            .env("VEKHA_LOG", level)
            .env("VEKHA_LOG_FORMAT", format)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let announced = tokio::time::timeout(PATIENCE, output.read_line(&mut line)).await;
        announced.expect("the process says where it is").unwrap();
        let url = line.trim().strip_prefix("Vekha: ").unwrap().to_owned();
        Logging { url, log, child, secrets: Vec::new(), _output: output, _place: place }
    }

    /// Asks from an address, as a proxy tells it.
    async fn asks(&mut self, from: &str, token: Option<&str>, query: &str, variables: Value) -> Value {
        let request = reqwest::Client::new()
            .post(format!("{}/graphql", self.url))
            .header("x-forwarded-for", from)
            .header("accept-language", "en")
            .json(&json!({ "query": query, "variables": variables }));
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        for payload in answer["data"].as_object().into_iter().flat_map(|data| data.values()) {
            for token in ["accessToken", "refreshToken"].into_iter().filter_map(|name| payload[name].as_str())
            {
                self.secrets.push(token.to_owned());
            }
            if let Some(url) = payload["url"].as_str() {
                self.secrets.push(url.rsplit(['=', '/']).next().unwrap().to_owned());
            }
        }
        answer
    }

    async fn signs_in(&mut self, from: &str, email: &str, password: &str) -> Value {
        let query = "mutation ($input: LoginInput!) { login(input: $input) {
            accessToken refreshToken viewer { id } userErrors { code } } }";
        let input = json!({ "email": email, "password": password, "delivery": "BODY" });
        self.asks(from, None, query, json!({ "input": input })).await["data"]["login"].clone()
    }

    async fn registers(
        &mut self,
        name: &str,
        email: &str,
        password: &str,
        invitation: Option<&str>,
    ) -> Value {
        let query = "mutation ($input: RegisterInput!) { register(input: $input) {
            accessToken refreshToken viewer { id } userErrors { code } } }";
        let input = json!({
            "name": name, "email": email, "password": password, "invitation": invitation, "delivery": "BODY"
        });
        self.asks("203.0.113.1", None, query, json!({ "input": input })).await["data"]["register"].clone()
    }

    /// By every way in and out that there is.
    async fn lives_through_everything(&mut self) {
        self.secrets.extend([FIRST, SECOND, THIRD, WRONG].map(str::to_owned));
        let olga = self.registers("Olga", "olga@example.ru", FIRST, None).await;
        let token = olga["accessToken"].as_str().unwrap().to_owned();

        let invite = "mutation { userInvite(input: { role: MANAGER }) { url userErrors { code } } }";
        let link = self.asks("203.0.113.1", Some(&token), invite, json!({})).await;
        let invitation =
            link["data"]["userInvite"]["url"].as_str().unwrap().rsplit_once('=').unwrap().1.to_owned();
        let petr = self.registers("Petr", "petr@example.ru", THIRD, Some(&invitation)).await;
        let (petr_id, petr_token) =
            (petr["viewer"]["id"].clone(), petr["accessToken"].as_str().unwrap().to_owned());
        self.registers("Late", "late@example.ru", THIRD, Some(&invitation)).await;
        self.asks("203.0.113.1", Some(&token), invite, json!({})).await;
        let list = "{ invitations(state: OPEN) { nodes { id } } }";
        let open =
            self.asks("203.0.113.1", Some(&token), list, json!({})).await["data"]["invitations"]["nodes"][0]
                ["id"]
                .clone();
        let revoke = "mutation ($id: ID!) { invitationRevoke(id: $id) { userErrors { code } } }";
        self.asks("203.0.113.1", Some(&token), revoke, json!({ "id": open })).await;

        self.asks("203.0.113.9", Some(&petr_token), "{ users { nodes { name } } }", json!({})).await;
        for _ in 0..7 {
            self.signs_in("198.51.100.66", "olga@example.ru", WRONG).await;
        }
        self.signs_in("2001:db8::66", "nobody@example.ru\u{1b}[31m\n2026 WARN", WRONG).await;
        let refresh =
            "mutation ($input: RefreshInput!) { refresh(input: $input) { accessToken refreshToken } }";
        let mut stolen = None;
        let mut refresh_token = olga["refreshToken"].clone();
        for _ in 0..3 {
            stolen.get_or_insert(refresh_token.clone());
            let answer = self
                .asks("203.0.113.1", None, refresh, json!({ "input": { "refreshToken": refresh_token } }))
                .await;
            refresh_token = answer["data"]["refresh"]["refreshToken"].clone();
        }
        self.hears_on_a_socket(&token).await;

        let export = "mutation { statisticsExport(input: { from: \"2026-11-24\", to: \"2026-11-30\", timeZone: \"UTC\" }) { url userErrors { code } } }";
        let url = self.asks("203.0.113.1", Some(&token), export, json!({})).await["data"]["statisticsExport"]
            ["url"]
            .clone();
        let table =
            reqwest::Client::new().get(url.as_str().unwrap()).bearer_auth(&token).send().await.unwrap();
        assert_eq!(table.status(), 200);
        let nothing =
            reqwest::Client::new().get(format!("{}/download/nothing", self.url)).send().await.unwrap();
        assert_eq!(nothing.status(), 403);

        let change = "mutation ($input: PasswordChangeInput!) { passwordChange(input: $input) { userErrors { code } } }";
        let passwords = json!({ "input": { "current": FIRST, "new": SECOND } });
        self.asks("203.0.113.1", Some(&token), change, passwords).await;
        let moves =
            "mutation ($input: ProfileUpdateInput!) { profileUpdate(input: $input) { userErrors { code } } }";
        let forged = "x'outcome=failure'address=192.0.2.9@example.ru";
        let profile = json!({ "input": { "email": forged, "currentPassword": SECOND } });
        self.asks("203.0.113.1", Some(&token), moves, profile).await;

        let reset_link = "mutation ($id: ID!) { userPasswordResetLink(id: $id) { url userErrors { code } } }";
        let link = self.asks("203.0.113.1", Some(&token), reset_link, json!({ "id": petr_id })).await;
        let reset = link["data"]["userPasswordResetLink"]["url"]
            .as_str()
            .unwrap()
            .rsplit_once('=')
            .unwrap()
            .1
            .to_owned();
        let sets = "mutation ($input: PasswordResetInput!) { passwordReset(input: $input) { accessToken refreshToken userErrors { code } } }";
        for _ in 0..2 {
            let input = json!({ "input": { "token": reset, "new": SECOND, "delivery": "BODY" } });
            self.asks("203.0.113.9", None, sets, input).await;
        }
        for document in [
            "mutation ($id: ID!) { userRoleChange(id: $id, role: SUPERVISOR) { userErrors { code } } }",
            "mutation ($id: ID!) { userActiveChange(id: $id, active: false) { userErrors { code } } }",
        ] {
            self.asks("203.0.113.1", Some(&token), document, json!({ "id": petr_id })).await;
        }
        let closes = "mutation { companyUpdate(input: { version: 1, openRegistration: false }) { userErrors { code } } }";
        self.asks("203.0.113.1", Some(&token), closes, json!({})).await;
        let here = self.signs_in("203.0.113.1", forged, SECOND).await;
        assert!(here["accessToken"].is_string(), "{here}");
        let out = "mutation { logout { userErrors { code } } }";
        self.asks("203.0.113.1", here["accessToken"].as_str(), out, json!({})).await;
        self.asks("198.51.100.66", None, refresh, json!({ "input": { "refreshToken": stolen } })).await;
    }

    async fn hears_on_a_socket(&self, token: &str) {
        let mut request =
            format!("{}/graphql", self.url.replace("http", "ws")).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        let (mut socket, _) = connect_async(request).await.unwrap();
        let payload = json!({ "authorization": format!("Bearer {token}") });
        let init = json!({ "type": "connection_init", "payload": payload });
        socket.send(Message::text(init.to_string())).await.unwrap();
        let heard = tokio::time::timeout(PATIENCE, socket.next()).await.expect("the socket answers");
        assert!(heard.unwrap().unwrap().to_text().unwrap().contains("connection_ack"));
    }

    /// What was logged by the end of the process.
    async fn ends(mut self) -> (String, Vec<String>) {
        self.child.kill().await.unwrap();
        (std::fs::read_to_string(&self.log).unwrap(), self.secrets)
    }
}

/// `docs/security-events.md`.
fn promised() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/security-events.md")).unwrap()
}

#[test]
fn every_security_event_is_written_down() {
    let row = Regex::new(r"(?m)^\| `([a-z_]+)` \| ").unwrap();
    let promised = promised();
    let (_, of_events) = promised.split_once("| `event` | What was tried").unwrap();
    let mut documented: Vec<&str> =
        row.captures_iter(of_events).map(|row| row.get(1).unwrap().as_str()).collect();
    let mut known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    documented.sort_unstable();
    known.sort_unstable();
    assert_eq!(documented, known);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_in_leaves_a_line_that_fail2ban_reads() {
    let mut process = Logging::start(Place::sqlite(), "info", "text").await;
    process.lives_through_everything().await;
    let (log, _) = process.ends().await;
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("vekha::security: ")).collect();
    let said = |event: &str, outcome: &str| {
        let wanted = format!("vekha::security: event=\"{event}\" outcome=\"{outcome}\" address=\"");
        lines.iter().filter(|line| line.contains(&wanted)).count()
    };
    let expected = [
        ("registration", "success", 1),
        ("invitation_make", "success", 2),
        ("invitation_use", "success", 1),
        ("invitation_use", "failure", 1),
        ("invitation_revoke", "success", 1),
        ("access", "refused", 1),
        ("sign_in", "success", 1),
        ("export", "success", 1),
        ("download", "success", 1),
        ("download", "refused", 1),
        ("password_change", "success", 1),
        ("address_change", "success", 1),
        ("reset_link_make", "success", 1),
        ("reset_link_use", "success", 1),
        ("reset_link_use", "failure", 1),
        ("registration_change", "success", 1),
        ("role_change", "success", 1),
        ("activation", "success", 1),
        ("session_end", "success", 1),
        ("token_reuse", "refused", 1),
    ];
    for (event, outcome, count) in expected {
        assert_eq!(said(event, outcome), count, "{event} {outcome}:\n{}", lines.join("\n"));
    }
    // How many of the eight had to wait depends on how fast the machine is.
    assert_eq!(said("sign_in", "failure") + said("sign_in", "throttled"), 8, "{}", lines.join("\n"));
    let counted = expected.iter().map(|(_, _, count)| count).sum::<usize>();
    assert_eq!(lines.len(), counted + 8, "{}", lines.join("\n"));
    let kinds = expected.map(|(event, ..)| event);
    assert!(Kind::ALL.iter().all(|kind| kinds.contains(&kind.name())), "each kind is tried here");
    assert!(
        !log.contains('\u{1b}') && !log.lines().any(|line| line.starts_with("2026 WARN")),
        "nobody writes lines"
    );

    let promised = promised();
    let expression = promised.lines().find_map(|line| line.trim().strip_prefix("failregex = ")).unwrap();
    let expression = Regex::new(&expression.replace("<HOST>", "(?P<host>[0-9a-fA-F.:]+)")).unwrap();
    let mut hosts: Vec<String> = log
        .lines()
        .filter_map(|line| Some(expression.captures(line)?.name("host")?.as_str().to_owned()))
        .collect();
    hosts.sort_unstable();
    let mut expected = vec!["198.51.100.66"; 7];
    expected.extend(["2001:db8::66", "203.0.113.1", "203.0.113.9"]);
    assert_eq!(hosts, expected, "and nobody is banned by what another wrote into an address");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_lines_as_json() {
    let mut process = Logging::start(Place::sqlite(), "info", "json").await;
    process.signs_in("198.51.100.66", "nobody@example.ru", WRONG).await;
    let (log, _) = process.ends().await;
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.iter().find(|line| line["target"] == "vekha::security").unwrap();
    assert_eq!(line["level"], "WARN");
    assert_eq!(
        line["fields"],
        json!({ "event": "sign_in", "outcome": "failure", "address": "198.51.100.66" })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_most_talkative_log_holds_no_secret() {
    for format in ["text", "json"] {
        let mut process = Logging::start(Place::sqlite(), "trace", format).await;
        process.lives_through_everything().await;
        let (log, secrets) = process.ends().await;
        assert!(log.contains("vekha::security") && log.lines().count() > 30, "it is talkative");
        assert!(secrets.len() > 20, "{}", secrets.len());
        for secret in &secrets {
            let line = log.lines().find(|line| line.contains(secret.as_str()));
            assert_eq!(line, None, "{secret}");
        }
    }
}
