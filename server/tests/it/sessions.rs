//! Sessions and passwords: what ends what, and that its sockets end with it.

use sea_orm::EntityTrait;
use serde_json::{Value, json};
use server::auth::command_line;
use server::clock::Random;
use server::db::columns::SessionId;
use server::entity::event;
use server::log::hub::{Closing, Connection};

use crate::device::{Device, PASSWORD, minutes, registered, registration};
use crate::world::{World, both_databases};

const NEW: &str = "a new long password";

/// Somebody signed in on two devices.
async fn on_two_devices(world: &World, name: &str) -> (Device, Device) {
    let device = registered(world, name).await;
    let mut other = Device::of(world).from("198.51.100.20");
    other.logs_in(&format!("{name}@example.ru"), PASSWORD).await.done();
    (device, other)
}

async fn socket(world: &World, device: &Device) -> Connection {
    let viewer = device.viewer().await.unwrap();
    world.app.hub.connect(viewer.id, viewer.session, 10).unwrap()
}

async fn is_cut(socket: &Connection) {
    let mut closing = socket.closing();
    let closed = *closing.wait_for(Option::is_some).await.unwrap();
    assert_eq!(closed, Some(Closing::SessionEnded));
}

async fn sessions(device: &Device) -> Vec<Value> {
    let listed =
        device.asks("{ viewer { sessions { id device address current expiresAt } } }", json!({})).await;
    listed.answer.ok()["viewer"]["sessions"].as_array().unwrap().clone()
}

async fn changes_password(device: &Device, current: &str, new: &str) -> crate::world::Answer {
    let document = "mutation ($input: PasswordChangeInput!) {
        passwordChange(input: $input) { user { id } userErrors { code field } } }";
    device.asks(document, json!({ "input": { "current": current, "new": new } })).await.answer
}

async fn ends(device: &Device, session: &Value) -> crate::world::Answer {
    let document = "mutation ($id: ID!) { sessionEnd(id: $id) { endedIds userErrors { code field } } }";
    device.asks(document, json!({ "id": session["id"] })).await.answer
}

/// The token of a fresh link that sets the person's password.
async fn reset_link(admin: &Device, id: &Value) -> String {
    let document =
        "mutation ($id: ID!) { userPasswordResetLink(id: $id) { url expiresAt userErrors { code field } } }";
    let link = admin.asks(document, json!({ "id": id })).await.answer.done();
    link["url"].as_str().unwrap().split_once("/reset#token=").unwrap().1.to_owned()
}

both_databases! {
    async fn sessions_are_listed_with_the_one_that_asks_marked(world: World) {
        let (device, other) = on_two_devices(&world, "olga").await;
        let listed = sessions(&device).await;
        assert_eq!(listed.len(), 2);
        assert_eq!(listed[0]["address"], "198.51.100.20");
        assert_eq!(listed[0]["current"], false);
        assert_eq!(listed[1]["current"], true);
        assert_eq!(listed[1]["device"], "Firefox on Linux");
        assert_eq!(listed[1]["expiresAt"], "2026-12-24T09:00:00.000Z");
        assert_eq!(sessions(&other).await[0]["current"], true);
    }

    async fn logging_out_ends_this_session_alone(world: World) {
        let (device, other) = on_two_devices(&world, "olga").await;
        let (socket, other_socket) = (socket(&world, &device).await, socket(&world, &other).await);
        let logout = "mutation { logout { userErrors { code } } }";
        let reply = device.asks(logout, json!({})).await;
        reply.answer.done();
        assert_eq!(reply.cookies, ["vekha_refresh=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"]);
        is_cut(&socket).await;
        assert!(!device.is_signed_in().await && other.is_signed_in().await);
        assert_eq!(device.clone().refreshes().await.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(*other_socket.closing().borrow(), None);
        assert_eq!(Device::of(&world).asks(logout, json!({})).await.answer.codes(), ["UNAUTHENTICATED"]);
    }

    async fn another_password_ends_the_other_sessions_and_keeps_this_one(world: World) {
        let (device, other) = on_two_devices(&world, "olga").await;
        let (socket, other_socket) = (socket(&world, &device).await, socket(&world, &other).await);
        changes_password(&device, PASSWORD, NEW).await.done();
        is_cut(&other_socket).await;
        assert_eq!(*socket.closing().borrow(), None);
        assert!(device.is_signed_in().await && !other.is_signed_in().await);
        assert_eq!(other.clone().refreshes().await.codes(), ["UNAUTHENTICATED"]);
        device.clone().refreshes().await.done();
        assert_eq!(Device::of(&world).logs_in("olga@example.ru", PASSWORD).await.mend(), ["WRONG_CREDENTIALS at input"]);
        Device::of(&world).logs_in("olga@example.ru", NEW).await.done();
    }

    async fn a_password_is_changed_by_who_knows_it(world: World) {
        let (device, other) = on_two_devices(&world, "olga").await;
        let mend = async |current, new| changes_password(&device, current, new).await.mend();
        assert_eq!(mend("wrong password", NEW).await, ["WRONG_CREDENTIALS at input.current"]);
        assert_eq!(mend(PASSWORD, "short").await, ["TOO_SHORT at input.new"]);
        assert_eq!(mend(PASSWORD, "qwertyuiop").await, ["TOO_COMMON at input.new"]);
        assert_eq!(mend(PASSWORD, PASSWORD).await, ["SAME_VALUE at input.new"]);
        for _ in 0..5 {
            mend("wrong password", NEW).await;
        }
        assert_eq!(changes_password(&device, PASSWORD, NEW).await.codes(), ["RATE_LIMITED"]);
        assert!(other.is_signed_in().await);
    }

    async fn a_reset_link_is_good_once_and_for_an_hour(world: World) {
        let olga = registered(&world, "olga").await;
        let (petr, other) = {
            let mut petr = Device::of(&world);
            petr.registers(registration("petr")).await.done();
            let mut other = Device::of(&world);
            other.logs_in("petr@example.ru", PASSWORD).await.done();
            (petr, other)
        };
        let id = petr.asks("{ viewer { id } }", json!({})).await.answer.ok()["viewer"]["id"].clone();
        let (socket, other_socket) = (socket(&world, &petr).await, socket(&world, &other).await);

        let voided = reset_link(&olga, &id).await;
        let good = reset_link(&olga, &id).await;
        let mut device = Device::of(&world);
        assert_eq!(device.resets_password(&voided, NEW).await.mend(), ["EXPIRED at input.token"]);
        assert_eq!(device.resets_password("nonsense", NEW).await.mend(), ["EXPIRED at input.token"]);
        assert_eq!(device.resets_password(&good, "short").await.mend(), ["TOO_SHORT at input.new"]);
        let signed_in = device.resets_password(&good, NEW).await.done();
        assert_eq!(signed_in["viewer"]["email"], "petr@example.ru");
        assert!(device.is_signed_in().await);
        is_cut(&socket).await;
        is_cut(&other_socket).await;
        assert!(!petr.is_signed_in().await && !other.is_signed_in().await);
        assert_eq!(device.clone().resets_password(&good, "yet another password").await.mend(), ["EXPIRED at input.token"]);
        Device::of(&world).logs_in("petr@example.ru", NEW).await.done();

        let late = reset_link(&olga, &id).await;
        world.pass(minutes(60));
        assert_eq!(Device::of(&world).resets_password(&late, "yet another password").await.mend(), ["EXPIRED at input.token"]);
    }

    async fn one_ends_ones_own_sessions_and_an_administrator_anybodys(world: World) {
        let olga = registered(&world, "olga").await;
        let mut petr = Device::of(&world);
        petr.registers(registration("petr")).await.done();
        let mut other = Device::of(&world);
        other.logs_in("petr@example.ru", PASSWORD).await.done();
        let (of_olga, of_petr) = (sessions(&olga).await, sessions(&petr).await);

        assert_eq!(ends(&petr, &of_olga[0]).await.mend(), ["NOT_FOUND at id"], "a foreign one is as a missing one");
        assert_eq!(ends(&petr, &json!({ "id": "U2Vzc2lvbjo5OTk" })).await.mend(), ["NOT_FOUND at id"]);
        assert_eq!(ends(&petr, &json!({ "id": "nonsense" })).await.mend(), ["NOT_FOUND at id"]);
        let node = "query ($id: ID!) { node(id: $id) { id ... on Session { device } } }";
        assert_eq!(petr.asks(node, json!({ "id": of_olga[0]["id"] })).await.answer.ok()["node"], Value::Null);
        assert_eq!(olga.asks(node, json!({ "id": of_petr[0]["id"] })).await.answer.ok()["node"]["id"], of_petr[0]["id"]);
        assert!(olga.is_signed_in().await);

        let theirs = of_petr.iter().find(|session| session["current"] == false).unwrap();
        let ended = ends(&petr, theirs).await.done();
        assert_eq!(ended["endedIds"], json!([theirs["id"]]));
        assert!(!other.is_signed_in().await && petr.is_signed_in().await);
        assert_eq!(ends(&petr, theirs).await.mend(), ["NOT_FOUND at id"]);

        ends(&olga, &sessions(&petr).await[0]).await.done();
        assert!(!petr.is_signed_in().await);
    }

    async fn ending_the_others_keeps_the_one_that_asks(world: World) {
        let (device, other) = on_two_devices(&world, "olga").await;
        let document = "mutation { sessionEndOthers { endedIds userErrors { code } } }";
        let ended = device.asks(document, json!({})).await.answer.done();
        assert_eq!(ended["endedIds"].as_array().unwrap().len(), 1);
        assert!(device.is_signed_in().await && !other.is_signed_in().await);
        assert_eq!(device.asks(document, json!({})).await.answer.done()["endedIds"], json!([]));
    }

    async fn a_disabled_persons_sessions_and_sockets_end(world: World) {
        let olga = registered(&world, "olga").await;
        let mut petr = Device::of(&world);
        let id = petr.registers(registration("petr")).await.done()["viewer"]["id"].clone();
        let socket = socket(&world, &petr).await;
        let link = reset_link(&olga, &id).await;
        let document = "mutation ($id: ID!, $active: Boolean!) {
            userActiveChange(id: $id, active: $active) { user { active } userErrors { code field } } }";
        let disabled = olga.asks(document, json!({ "id": id, "active": false })).await.answer.done();
        assert_eq!(disabled["user"]["active"], false);
        is_cut(&socket).await;
        assert!(!petr.is_signed_in().await);
        assert_eq!(petr.clone().refreshes().await.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(petr.clone().resets_password(&link, NEW).await.mend(), ["EXPIRED at input.token"]);
        let refused = "mutation ($id: ID!) { userPasswordResetLink(id: $id) { userErrors { code field } } }";
        assert_eq!(olga.asks(refused, json!({ "id": id })).await.answer.mend(), ["NOT_ALLOWED at id"]);

        olga.asks(document, json!({ "id": id, "active": true })).await.answer.done();
        assert!(!petr.is_signed_in().await, "what ended stays ended");
        Device::of(&world).logs_in("petr@example.ru", PASSWORD).await.done();
    }

    async fn accounts_are_made_and_mended_from_the_command_line(world: World) {
        let app = &world.app;
        let generated = command_line::generate_password(Random).unwrap();
        command_line::create_user(app, domain::Role::Admin, "Olga@Example.ru", "Olga", &generated).await.unwrap();
        let mut olga = Device::of(&world);
        let signed_in = olga.logs_in("olga@example.ru", &generated).await.done();
        assert_eq!(signed_in["viewer"]["role"], "ADMIN");

        let taken = command_line::create_user(app, domain::Role::Manager, "olga@example.ru", "O", &generated).await;
        assert_eq!(taken.unwrap_err().code(), Some(server::error::UserErrorCode::Taken));
        let unknown = command_line::set_password(app, "nobody@example.ru", NEW).await;
        assert_eq!(unknown.unwrap_err().code(), Some(server::error::UserErrorCode::NotFound));

        command_line::set_password(app, "OLGA@example.ru", NEW).await.unwrap();
        assert!(!olga.is_signed_in().await);
        olga.logs_in("olga@example.ru", NEW).await.done();
    }

    async fn the_address_of_sign_in_changes_by_the_present_password_alone(world: World) {
        let (device, other) = on_two_devices(&world, "olga").await;
        let document = "mutation ($input: ProfileUpdateInput!) {
            profileUpdate(input: $input) { user { name email } userErrors { code field } } }";
        let moves = |input: Value| {
            let device = device.clone();
            async move { device.asks(document, json!({ "input": input })).await.answer }
        };
        let to = "thief@example.ru";
        assert_eq!(moves(json!({ "email": to })).await.mend(), ["REQUIRED at input.currentPassword"]);
        let wrong = json!({ "email": to, "name": "Вор", "currentPassword": "not the password" });
        assert_eq!(moves(wrong.clone()).await.mend(), ["WRONG_CREDENTIALS at input.currentPassword"]);
        let same = json!({ "email": "Olga@Example.ru", "name": "Ольга" });
        assert_eq!(moves(same).await.done()["user"], json!({ "name": "Ольга", "email": "olga@example.ru" }));
        assert!(other.is_signed_in().await, "nothing moved so far");

        let right = json!({ "email": "Olga@Firma.example", "currentPassword": PASSWORD });
        assert_eq!(moves(right).await.done()["user"]["email"], "olga@firma.example");
        assert!(device.is_signed_in().await && !other.is_signed_in().await);
        let told = "{ notifications(first: 10) { unreadCount nodes { kind text } } }";
        let told = device.asks(told, json!({})).await.answer.ok()["notifications"].clone();
        assert_eq!(told["unreadCount"], 1);
        assert_eq!(told["nodes"][0]["kind"], "EMAIL_CHANGED");
        assert_eq!(told["nodes"][0]["text"], "Sign-in address: olga@example.ru → olga@firma.example");
        assert_eq!(Device::of(&world).logs_in("olga@example.ru", PASSWORD).await.mend(), ["WRONG_CREDENTIALS at input"]);
        Device::of(&world).logs_in("olga@firma.example", PASSWORD).await.done();

        for _ in 0..5 {
            moves(wrong.clone()).await;
        }
        assert_eq!(moves(wrong).await.codes(), ["RATE_LIMITED"], "guesses are counted as those at signing in");
    }

    async fn every_end_is_on_record_and_no_secret_is(world: World) {
        let (device, other) = on_two_devices(&world, "olga").await;
        let viewer = other.viewer().await.unwrap();
        changes_password(&device, PASSWORD, NEW).await.done();
        let events = event::Entity::find().all(world.app.db.reads()).await.unwrap();
        let payloads: Vec<Value> =
            events.iter().map(|event| serde_json::from_str(&event.payload).unwrap()).collect();
        assert_eq!(
            payloads,
            [
                json!({ "kind": "USER_REGISTERED", "announcement": "TOLD" }),
                json!({ "kind": "USER_UPDATED" }),
                json!({ "kind": "SESSIONS_ENDED", "sessions": [SessionId(viewer.session.0)] })
            ]
        );
        assert!(events.iter().all(|event| event.actor_id == Some(viewer.id) && event.subject_id == Some(viewer.id)));
    }
}
