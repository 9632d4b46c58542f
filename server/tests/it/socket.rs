//! GraphQL over WebSocket: the protocol, its close codes, and what one socket or person may take (rows 24 and 28 of the security
//! requirements, fault 15).

use std::time::Duration;

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use server::config::Mode;
use server::http::{Limits, SocketLimits};
use server::log::hub::BUFFER;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;

use crate::served::{PATIENCE, Served, Setup, SignedIn, Socket};

const EVENTS: &str = "subscription { taskEvents { __typename ... on TaskCreated { task { title } } } }";

async fn with(socket: SocketLimits) -> Served {
    let limits = Limits { socket, ..Limits::default() };
    Served::with(Setup { limits, ..Setup::default() }).await
}

async fn creates_task(server: &Served, person: &SignedIn, title: &str) -> Value {
    let query = "mutation ($input: TaskCreateInput!) {
        taskCreate(input: $input) { task { id version title } userErrors { code field } }
    }";
    let input = json!({ "title": title, "assigneeId": person.id });
    let body = json!({ "query": query, "variables": { "input": input } });
    let answer: Value = server.posts(&body, Some(&person.token)).await.json().await.unwrap();
    assert_eq!(answer["data"]["taskCreate"]["userErrors"], json!([]), "{answer}");
    answer["data"]["taskCreate"]["task"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_are_answered_in_the_letters_of_the_client() {
    let served = Served::start().await;
    for name in ["Sec-WebSocket-Protocol", "sec-websocket-protocol"] {
        let mut connection = TcpStream::connect(served.address).await.unwrap();
        let request = format!(
            "GET /graphql HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{name}: graphql-transport-ws\r\n\r\n",
            served.address
        );
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let head = async {
            while !answer.ends_with(b"\r\n\r\n") {
                answer.push(connection.read_u8().await.unwrap());
            }
        };
        tokio::time::timeout(PATIENCE, head).await.expect("the socket opens");
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
        assert!(answer.contains(&format!("\r\n{name}: graphql-transport-ws\r\n")), "{answer}");
    }
}

#[tokio::test]
async fn only_pages_of_ours_open_a_socket() {
    let server = Served::start().await;
    let open = async |origin: Option<&str>, protocol: Option<&str>| {
        let connection = TcpStream::connect(server.address).await.unwrap();
        Socket::try_open(connection, origin, protocol).await.err()
    };
    let protocol = Some("graphql-transport-ws");
    let port = server.address.port();
    assert_eq!(open(Some(&format!("http://{}", server.address)), protocol).await, None);
    assert_eq!(open(Some(&format!("http://localhost:{port}")), protocol).await, None, "another name of it");
    assert_eq!(open(None, protocol).await, None, "a program, not a page");
    for foreign in ["http://elsewhere.example", "null", "https://localhost", "http://localhost:1"] {
        assert_eq!(open(Some(foreign), protocol).await, Some(403), "{foreign}");
    }
    assert_eq!(open(None, None).await, Some(400));
    assert_eq!(open(None, Some("graphql-ws")).await, Some(400));
}

#[tokio::test]
async fn behind_a_public_address_only_its_pages_do() {
    for (mode, local) in [(Mode::Production, Some(403)), (Mode::Development, None)] {
        let public_url = Some("https://tasks.example.com");
        let server = Served::with(Setup { public_url, mode, ..Setup::default() }).await;
        for (origin, expected) in [
            ("https://tasks.example.com".to_owned(), None),
            ("http://tasks.example.com".to_owned(), Some(403)),
            (format!("http://{}", server.address), local),
        ] {
            let connection = TcpStream::connect(server.address).await.unwrap();
            let opened = Socket::try_open(connection, Some(&origin), Some("graphql-transport-ws")).await;
            assert_eq!(opened.err(), expected, "{origin}");
        }
    }
}

#[tokio::test]
async fn what_is_no_message_closes_with_4400() {
    let server = Served::start().await;
    let anna = server.registers("Анна").await;
    for text in ["not JSON", "[]", "{}", r#"{"type":"unknown"}"#, r#"{"type":"subscribe","id":"1"}"#] {
        let mut socket = server.signed_in_socket(&anna.token).await;
        socket.says_text(text).await;
        assert_eq!(socket.closed().await, Some(4400), "{text}");
    }
    let mut socket = server.signed_in_socket(&anna.token).await;
    socket.sends(Message::binary(b"{}".as_slice())).await;
    assert_eq!(socket.closed().await, Some(4400));
}

#[tokio::test]
async fn an_operation_before_the_acknowledgement_closes_with_4401() {
    let server = Served::start().await;
    let mut socket = server.socket().await;
    socket.subscribes("1", EVENTS).await;
    assert_eq!(socket.closed().await, Some(4401));
}

#[tokio::test]
async fn without_a_good_token_it_closes_with_4403() {
    let server = Served::start().await;
    for payload in
        [json!({}), json!({ "authorization": "Bearer forged" }), json!({ "authorization": "Basic a" })]
    {
        let mut socket = server.socket().await;
        socket.says(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.closed().await, Some(4403), "{payload}");
    }
}

#[tokio::test]
async fn without_initialisation_it_closes_with_4408() {
    let init = Duration::from_millis(50);
    let server = with(SocketLimits { init, ..SocketLimits::default() }).await;
    assert_eq!(server.socket().await.closed().await, Some(4408));
}

#[tokio::test]
async fn an_id_in_use_closes_with_4409_and_one_that_ended_may_be_used_again() {
    let server = Served::start().await;
    let anna = server.registers("Анна").await;
    let mut socket = server.signed_in_socket(&anna.token).await;
    socket.subscribes("same", EVENTS).await;
    socket.says(json!({ "type": "complete", "id": "same" })).await;
    socket.subscribes("same", "{ viewer { name } }").await;
    assert_eq!(socket.hears().await["payload"]["data"]["viewer"]["name"], "Анна");
    assert_eq!(socket.hears().await, json!({ "type": "complete", "id": "same" }));
    socket.subscribes("same", EVENTS).await;
    socket.subscribes("same", EVENTS).await;
    assert_eq!(socket.closed().await, Some(4409));
}

#[tokio::test]
async fn a_second_initialisation_closes_with_4429() {
    let server = Served::start().await;
    let anna = server.registers("Анна").await;
    let mut socket = server.signed_in_socket(&anna.token).await;
    socket.initialises(&anna.token).await;
    assert_eq!(socket.closed().await, Some(4429));
}

#[tokio::test]
async fn a_message_over_its_limit_closes_with_1009() {
    let server = Served::start().await;
    let anna = server.registers("Анна").await;
    let mut socket = server.signed_in_socket(&anna.token).await;
    let fits = SocketLimits::default().message_bytes;
    let ping = r#"{"type":"ping"}"#;
    socket.says_text(&format!("{ping}{}", " ".repeat(fits - ping.len()))).await;
    assert_eq!(socket.hears().await["type"], "pong");
    socket.says_text(&format!("{ping}{}", " ".repeat(fits - ping.len() + 1))).await;
    assert_eq!(socket.closed().await, Some(1009));
}

#[tokio::test]
async fn a_ping_is_answered_with_its_payload_before_and_after_initialisation() {
    let server = Served::start().await;
    let anna = server.registers("Анна").await;
    let ping = json!({ "type": "ping", "payload": { "at": 1 } });
    let pong = json!({ "type": "pong", "payload": { "at": 1 } });
    let mut socket = server.socket().await;
    socket.says(ping.clone()).await;
    assert_eq!(socket.hears().await, pong);
    socket.initialises(&anna.token).await;
    assert_eq!(socket.hears().await["type"], "connection_ack");
    socket.says(ping).await;
    assert_eq!(socket.hears().await, pong);
}

#[tokio::test]
async fn who_answers_pings_stays_and_who_is_silent_is_dropped() {
    let limits = SocketLimits {
        ping: Duration::from_millis(40),
        silence: Duration::from_millis(400),
        ..SocketLimits::default()
    };
    let server = with(limits).await;
    let anna = server.registers("Анна").await;
    let mut socket = server.signed_in_socket(&anna.token).await;
    // Answered for longer than silence is borne.
    for _ in 0..20 {
        assert_eq!(socket.hears().await["type"], "ping");
        socket.says(json!({ "type": "pong" })).await;
    }
    assert_eq!(socket.closed().await, None, "dropped without a word: nobody is there to hear one");
}

#[tokio::test]
async fn queries_and_mutations_run_over_it_through_the_same_gate() {
    let server = Served::start().await;
    let anna = server.registers("Анна").await;
    let mut socket = server.signed_in_socket(&anna.token).await;
    let mutation = format!(
        "mutation {{ taskCreate(input: {{ title: \"Через сокет\", assigneeId: \"{}\" }}) {{ task {{ title }} }} }}",
        anna.id
    );
    socket.subscribes("1", &mutation).await;
    let next = socket.hears().await;
    assert_eq!(next["payload"]["data"]["taskCreate"]["task"]["title"], "Через сокет", "{next}");
    assert_eq!(socket.hears().await["type"], "complete");

    for (query, code) in [
        (format!("{{ {} }}", "id ".repeat(401)), "TOO_COMPLEX"),
        ("{".to_owned(), "BAD_USER_INPUT"),
        ("{ nothingOfTheKind }".to_owned(), "BAD_USER_INPUT"),
        ("{ __schema { description } }".to_owned(), "FORBIDDEN"),
        ("mutation { refresh { accessToken } }".to_owned(), "BAD_USER_INPUT"),
    ] {
        socket.subscribes("2", &query).await;
        let error = socket.hears().await;
        assert_eq!(error["type"], "error", "{error}");
        assert_eq!(error["payload"][0]["extensions"]["code"], code, "{error}");
    }
    socket.subscribes("3", "{ __typename }").await;
    assert_eq!(socket.hears().await["payload"]["data"]["__typename"], "Query", "a refusal ends nothing else");
}

#[tokio::test]
async fn a_subscription_tells_what_happens_until_it_is_completed() {
    let server = Served::start().await;
    let anna = server.registers("Анна").await;
    let mut socket = server.signed_in_socket(&anna.token).await;
    let cursor = server.asks("{ tasks(first: 1) { liveCursor } }", Some(&anna.token)).await;
    let cursor = cursor["data"]["tasks"]["liveCursor"].as_str().unwrap().to_owned();
    let query = EVENTS.replace("taskEvents", &format!("taskEvents(after: {cursor:?})"));
    socket.subscribes("1", &query).await;
    for title in ["Первая", "Вторая"] {
        creates_task(&server, &anna, title).await;
        let next = socket.hears().await;
        assert_eq!(next["type"], "next", "{next}");
        assert_eq!(next["payload"]["data"]["taskEvents"]["task"]["title"], title);
    }
    socket.says(json!({ "type": "complete", "id": "1" })).await;
    socket.says(json!({ "type": "ping" })).await;
    assert_eq!(socket.hears().await["type"], "pong", "what was said before is done");
    creates_task(&server, &anna, "Третья").await;
    socket.subscribes("2", "{ __typename }").await;
    assert_eq!(socket.hears().await["id"], "2", "nothing more of the first one");
}

#[tokio::test]
async fn a_socket_runs_so_many_operations_and_no_more() {
    let server = Served::start().await;
    let anna = server.registers("Анна").await;
    let mut socket = server.signed_in_socket(&anna.token).await;
    let most = SocketLimits::default().operations;
    for id in 0..most {
        socket.subscribes(&id.to_string(), EVENTS).await;
    }
    socket.subscribes("one more", EVENTS).await;
    let error = socket.hears().await;
    assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!("one more")));
    assert_eq!(error["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    socket.says(json!({ "type": "complete", "id": "0" })).await;
    socket.subscribes("one more", "{ __typename }").await;
    assert_eq!(socket.hears().await["type"], "next");
}

#[tokio::test]
async fn a_person_has_so_many_sockets_and_no_more() {
    let server = Served::start().await;
    let (anna, petr) = (server.registers("Анна").await, server.registers("Пётр").await);
    let mut sockets = Vec::new();
    for _ in 0..SocketLimits::default().per_person {
        sockets.push(server.signed_in_socket(&anna.token).await);
    }
    let mut one_more = server.socket().await;
    one_more.initialises(&anna.token).await;
    assert_eq!(one_more.closed().await, Some(1013));
    server.signed_in_socket(&petr.token).await;

    let mut first = sockets.swap_remove(0);
    first.sends(Message::Close(None)).await;
    first.closed().await;
    server.signed_in_socket(&anna.token).await;
}

#[tokio::test]
async fn the_end_of_the_token_closes_with_4403() {
    let server = Served::start().await;
    let anna = server.registers("Анна").await;
    let left = Duration::from_millis(200);
    server.app.clock.advance(server::auth::ACCESS_TOKEN_LIFETIME - left);
    let mut socket = server.signed_in_socket(&anna.token).await;
    assert_eq!(socket.closed().await, Some(4403));
}

#[tokio::test]
async fn another_role_and_the_end_of_a_session_close_with_4403() {
    let server = Served::start().await;
    let (anna, petr) = (server.registers("Анна").await, server.registers("Пётр").await);

    let mut socket = server.signed_in_socket(&petr.token).await;
    let change = format!(
        "mutation {{ userRoleChange(id: {:?}, role: SUPERVISOR) {{ userErrors {{ code }} }} }}",
        petr.id
    );
    let answer = server.asks(&change, Some(&anna.token)).await;
    assert_eq!(answer["data"]["userRoleChange"]["userErrors"], json!([]), "{answer}");
    assert_eq!(socket.closed().await, Some(4403));

    let mut again = server.signed_in_socket(&petr.token).await;
    let answer = server.asks("mutation { logout { userErrors { code } } }", Some(&petr.token)).await;
    assert_eq!(answer["data"]["logout"]["userErrors"], json!([]), "{answer}");
    assert_eq!(again.closed().await, Some(4403));
}

/// A client that takes nothing, over a connection that holds little.
async fn deaf_socket(server: &Served, token: &str) -> Socket {
    let connection = TcpSocket::new_v4().unwrap();
    connection.set_recv_buffer_size(4 * 1024).unwrap();
    let connection = connection.connect(server.address).await.unwrap();
    let mut socket = Socket::try_open(connection, None, Some("graphql-transport-ws")).await.unwrap();
    socket.initialises(token).await;
    assert_eq!(socket.hears().await["type"], "connection_ack");
    socket
}

/// The same event so many times more, in one transaction.
async fn repeats_last_event(server: &Served, times: usize) {
    const COLUMNS: &str =
        "at, kind, actor_id, task_id, creator_id, assignee_id, previous_assignee_id, subject_id,
        comment_id, missed_deadline, payload, xid";
    let write = server.app.db.write().await.unwrap();
    let statement = format!(
        "WITH RECURSIVE times(time) AS (SELECT 1 UNION ALL SELECT time + 1 FROM times WHERE time < {times})
         INSERT INTO events ({COLUMNS})
         SELECT {COLUMNS} FROM (SELECT * FROM events ORDER BY id DESC LIMIT 1), times"
    );
    write.execute_unprepared(&statement).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_keep_up_is_closed_with_1013_and_delays_nobody() {
    /// Events at once, far fewer than the hub keeps for one subscriber.
    const BURST: usize = 100;
    let close = crate::served::PATIENCE;
    let server = with(SocketLimits { close, ..SocketLimits::default() }).await;
    let anna = server.registers("Анна").await;
    let task = creates_task(&server, &anna, "0").await;
    let mut deaf = deaf_socket(&server, &anna.token).await;
    let mut keen = server.signed_in_socket(&anna.token).await;
    deaf.subscribes("1", "subscription { taskEvents { ... on TaskUpdated { task { description } } } }").await;
    keen.subscribes("1", "subscription { taskEvents { ... on TaskUpdated { task { title } } } }").await;
    for socket in [&mut deaf, &mut keen] {
        // Answered after the subscription has begun.
        socket.subscribes("2", "{ __typename }").await;
        socket.hears_type("complete").await;
    }
    let query = "mutation ($input: TaskUpdateInput!) { taskUpdate(input: $input) { userErrors { code } } }";
    let input = json!({ "id": task["id"], "version": 1, "description": "ж".repeat(20_000) });
    let body = json!({ "query": query, "variables": { "input": input } });
    let answer: Value = server.posts(&body, Some(&anna.token)).await.json().await.unwrap();
    assert_eq!(answer["data"]["taskUpdate"]["userErrors"], json!([]), "{answer}");
    keen.hears_type("next").await;

    // What the hub keeps, and what the network holds of 40 KB each, is less than so many.
    for _ in 0..(BUFFER + 600) / BURST {
        repeats_last_event(&server, BURST).await;
        for _ in 0..BURST {
            keen.hears_type("next").await;
        }
    }
    assert_eq!(deaf.closed().await, Some(1013));
}

#[tokio::test]
async fn a_server_that_goes_down_closes_with_1012() {
    let mut server = Served::start().await;
    let anna = server.registers("Анна").await;
    let mut signed_in = server.signed_in_socket(&anna.token).await;
    signed_in.subscribes("1", EVENTS).await;
    let mut silent = server.socket().await;
    let stopped = server.stops();
    let (stopped, first, second) = tokio::join!(stopped, signed_in.closed(), silent.closed());
    assert_eq!((first, second), (Some(1012), Some(1012)));
    assert!(stopped, "within its time");
}

#[test]
fn the_limits_are_those_of_the_requirements() {
    let limits = SocketLimits::default();
    assert_eq!(limits.init, Duration::from_secs(5));
    assert_eq!(limits.ping, Duration::from_secs(20));
    assert_eq!(limits.silence, Duration::from_secs(40));
    assert_eq!((limits.message_bytes, limits.operations, limits.per_person), (256 * 1024, 20, 10));
}
