//! Access tokens: what is accepted, and what they do not carry.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use server::app::App;
use server::auth::{Bounds, Cost, Hashing, Secrets, Viewer};
use server::db::columns::{Locale, Timestamp};
use sha2::Sha256;

use crate::device::{Device, minutes, registered};
use crate::world::{World, both_databases};

const KEY: &[u8; 32] = b"0123456789abcdef0123456789abcdef";

/// The key that access tokens are signed with, made from the secret as the server makes it.
fn signing_key(secret: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(b"vekha.access-token");
    mac.finalize().into_bytes().to_vec()
}

fn header() -> Header {
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some("at+jwt".to_owned());
    header.kid = Some("k1".to_owned());
    header
}

fn claims(world: &World, viewer: &Viewer) -> Value {
    let now = world.now().0 / 1000;
    json!({
        "iss": "vekha", "aud": "vekha", "sub": viewer.id.to_string(), "sid": viewer.session.0, "iat": now, "exp": now + 600
    })
}

fn signed(header: &Header, claims: &Value, key: &[u8]) -> String {
    jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(key)).unwrap()
}

fn part(token: &str, place: usize) -> Value {
    let part = token.split('.').nth(place).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A token whose header is anything at all, signed with HMAC.
fn with_raw_header(header: &Value, claims: &Value, key: &[u8]) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap());
    let message = format!("{}.{}", encode(header), encode(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

async fn is_accepted(app: &App, token: &str) -> bool {
    Viewer::by_access_token(app, token, Locale::Ru).await.is_ok()
}

both_databases! {
    async fn of_forged_tokens_none_is_accepted(world: World) {
        let device = registered(&world, "olga").await;
        let viewer = device.viewer().await.unwrap();
        let (key, good) = (signing_key(KEY), claims(&world, &viewer));
        assert!(is_accepted(&world.app, &signed(&header(), &good, &key)).await, "the forge itself works");

        let mut forged: Vec<(String, String)> = Vec::new();
        let raw = json!({ "alg": "HS256", "typ": "at+jwt", "kid": "k1" });
        for (field, value) in [
            ("alg", json!("none")), ("alg", json!("None")), ("alg", json!("RS256")), ("alg", json!("HS512")),
            ("typ", json!("JWT")), ("typ", Value::Null), ("kid", json!("k2")), ("kid", Value::Null),
            ("kid", json!("../../secret")), ("crit", json!(["exp"])),
        ] {
            let mut header = raw.clone();
            header[field] = value.clone();
            forged.push((format!("{field}={value}"), with_raw_header(&header, &good, &key)));
        }
        let unsigned = with_raw_header(&json!({ "alg": "none", "typ": "at+jwt", "kid": "k1" }), &good, &key);
        let unsigned = unsigned.rsplit_once('.').unwrap().0.to_owned() + ".";
        forged.push(("no signature".to_owned(), unsigned));
        for (claim, value) in [
            ("iss", json!("somebody")), ("aud", json!("somebody")), ("aud", json!(["a", "b"])), ("sub", json!("0")),
            ("sub", json!("x")), ("sid", json!(0)), ("exp", json!("soon")), ("exp", json!(-1)),
            ("exp", json!(world.now().0 / 1000)), ("exp", json!(world.now().0 / 1000 + 3600)),
            ("exp", json!(i64::MAX)), ("iat", json!(i64::MIN)),
        ] {
            let mut claims = good.clone();
            claims[claim] = value.clone();
            forged.push((format!("{claim}={value}"), signed(&header(), &claims, &key)));
        }
        for claim in ["iss", "aud", "sub", "sid", "exp", "iat"] {
            let mut claims = good.clone();
            claims.as_object_mut().unwrap().remove(claim);
            forged.push((format!("without {claim}"), signed(&header(), &claims, &key)));
        }
        let mut none_of_both = good.clone();
        none_of_both.as_object_mut().unwrap().retain(|claim, _| claim != "iss" && claim != "aud");
        forged.push(("without iss and aud".to_owned(), signed(&header(), &none_of_both, &key)));
        forged.push(("another key".to_owned(), signed(&header(), &good, &signing_key(&[0; 32]))));
        forged.push(("the secret itself".to_owned(), signed(&header(), &good, KEY)));
        forged.push(("no key".to_owned(), signed(&header(), &good, b"")));
        for garbage in ["", ".", "..", "...", "é", "a.b.c"] {
            forged.push((format!("{garbage:?}"), garbage.to_owned()));
        }
        let accepted = futures_util::future::join_all(forged.iter().map(async |(what, token)| {
            is_accepted(&world.app, token).await.then_some(what.as_str())
        }));
        let accepted: Vec<&str> = accepted.await.into_iter().flatten().collect();
        assert_eq!(accepted, Vec::<&str>::new());
    }

    async fn a_token_lives_ten_minutes_and_carries_no_role(world: World) {
        let device = registered(&world, "olga").await;
        let token = device.access.clone().unwrap();
        assert_eq!(part(&token, 0), json!({ "typ": "at+jwt", "alg": "HS256", "kid": "k1" }));
        let mut names: Vec<String> = part(&token, 1).as_object().unwrap().keys().cloned().collect();
        names.sort();
        assert_eq!(names, ["aud", "exp", "iat", "iss", "sid", "sub"]);
        let expires_at = device.viewer().await.unwrap().expires_at;
        assert_eq!(expires_at, world.now().plus(minutes(10)));

        world.pass(minutes(10) - std::time::Duration::from_millis(1));
        assert!(is_accepted(&world.app, &token).await);
        world.pass(std::time::Duration::from_millis(1));
        assert!(!is_accepted(&world.app, &token).await);
    }

    async fn another_role_is_in_force_at_the_next_request(world: World) {
        let admin = world.admin().await;
        let petr = registered(&world, "petr").await;
        let users = "{ users { totalCount } }";
        assert_eq!(petr.asks(users, json!({})).await.answer.codes(), ["FORBIDDEN"]);
        let id = petr.asks("{ viewer { id } }", json!({})).await.answer.ok()["viewer"]["id"].clone();
        let promote = "mutation ($id: ID!) { userRoleChange(id: $id, role: SUPERVISOR) { userErrors { code } } }";
        admin.asks(promote, json!({ "id": id })).await.done();
        assert_eq!(petr.asks(users, json!({})).await.answer.ok()["users"]["totalCount"], 2);
    }

    async fn who_asks_costs_one_statement(world: World) {
        let device = registered(&world, "olga").await;
        let statements = Arc::new(AtomicUsize::new(0));
        let (counted, mut db) = (Arc::clone(&statements), world.app.db.clone());
        db.observe(move |_| { counted.fetch_add(1, Ordering::SeqCst); });
        let hashing = Hashing::new(Cost::FOR_TESTS, Bounds::default());
        let (config, clock, secrets) = (world.app.config.clone(), world.app.clock.clone(), world.app.secrets.clone());
        let app = App::with_database(config, clock, secrets, hashing, db).await.unwrap();
        statements.store(0, Ordering::SeqCst);
        assert!(is_accepted(&app, device.access.as_deref().unwrap()).await);
        assert_eq!(statements.load(Ordering::SeqCst), 1);
    }

    async fn that_somebody_is_there_is_written_down_now_and_then(world: World) {
        let device = registered(&world, "olga").await;
        let mut commits = world.app.db.commits();
        let seen = "{ viewer { lastSeenAt sessions { lastUsedAt } } }";
        let at = |moment: Timestamp| json!(moment.to_utc().to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
        let registered_at = world.now();

        world.pass(minutes(4));
        commits.mark_unchanged();
        let answer = device.asks(seen, json!({})).await.answer.ok();
        assert_eq!(answer["viewer"]["lastSeenAt"], at(registered_at));
        assert!(!commits.has_changed().unwrap(), "nothing was written");

        world.pass(minutes(2));
        device.asks(seen, json!({})).await.answer.ok();
        commits.changed().await.unwrap();
        let answer = device.asks(seen, json!({})).await.answer.ok();
        assert_eq!(answer["viewer"]["lastSeenAt"], at(world.now()));
        assert_eq!(answer["viewer"]["sessions"][0]["lastUsedAt"], at(world.now()));
    }

    async fn a_new_key_signs_while_the_old_one_still_verifies(world: World) {
        let old = registered(&world, "olga").await;
        let secrets = world.app.secrets.rotated_to(Secrets::of_key("k2", [9; 32]));
        let hashing = Hashing::new(Cost::FOR_TESTS, Bounds::default());
        let (config, clock, db) = (world.app.config.clone(), world.app.clock.clone(), world.app.db.clone());
        let rotated = App::with_database(config, clock, secrets, hashing, db).await.unwrap();
        assert!(is_accepted(&rotated, old.access.as_deref().unwrap()).await);

        let mut new = Device::over(&rotated);
        new.logs_in("olga@example.ru", crate::device::PASSWORD).await.done();
        let token = new.access.unwrap();
        assert_eq!(part(&token, 0)["kid"], "k2");
        assert!(is_accepted(&rotated, &token).await);
        assert!(!is_accepted(&world.app, &token).await, "a process that does not know the key");
    }
}
