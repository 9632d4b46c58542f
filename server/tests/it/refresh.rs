//! Refresh tokens: good once, the same successor until it is used, and theft ends the session.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use server::auth::{OpaqueToken, REFRESH_GRACE};
use server::entity::{refresh_token, session};
use server::log::hub::Closing;

use crate::device::{Device, SIGNED_IN, configured, days, minutes, registered, registration, warm_up};
use crate::world::{World, both_databases};

async fn live_tokens(world: &World) -> Vec<refresh_token::Model> {
    let unused = refresh_token::Entity::find().filter(refresh_token::Column::UsedAt.is_null());
    unused.all(world.app.db.reads()).await.unwrap()
}

fn token(answer: &Value) -> String {
    answer["refreshToken"].as_str().unwrap().to_owned()
}

both_databases! {
    async fn each_token_gives_the_next_one(world: World) {
        let mut device = registered(&world, "olga").await;
        let mut given = HashSet::new();
        for _ in 0..5 {
            given.insert(device.refresh.clone().unwrap());
            world.pass(minutes(9));
            let answer = device.refreshes().await.done();
            assert_eq!(answer["viewer"]["email"], "olga@example.ru");
            assert!(device.is_signed_in().await);
        }
        given.insert(device.refresh.clone().unwrap());
        assert_eq!(given.len(), 6);
        assert_eq!(live_tokens(&world).await.len(), 1);
        assert_eq!(session::Entity::find().count(world.app.db.reads()).await.unwrap(), 1);
    }

    async fn twenty_at_once_get_the_same_successor(world: World) {
        let device = registered(&world, "olga").await;
        warm_up(&world).await;
        let attempts = (0..20).map(|_| {
            let mut tab = device.clone();
            async move { token(&tab.refreshes().await.done()) }
        });
        let successors: HashSet<String> = join_all(attempts).await.into_iter().collect();
        assert_eq!(successors.len(), 1);
        let live = live_tokens(&world).await;
        assert_eq!(live.len(), 1);
        let successor = successors.into_iter().next().unwrap();
        assert_eq!(live[0].token_hash, OpaqueToken::parse(&successor).unwrap().hash());
        device.clone().refreshes_by(&successor).await.done();
    }

    async fn an_answer_that_got_lost_is_given_again_however_late(world: World) {
        let device = registered(&world, "olga").await;
        let first = token(&device.clone().refreshes().await.done());
        for later in [Duration::from_secs(12), minutes(30), days(6)] {
            world.pass(later);
            let again = token(&device.clone().refreshes().await.done());
            assert_eq!(first, again, "{later:?} later");
        }
        assert_eq!(live_tokens(&world).await.len(), 1);
        device.clone().refreshes_by(&first).await.done();
        world.pass(REFRESH_GRACE + Duration::from_millis(1));
        assert_eq!(device.clone().refreshes().await.codes(), ["UNAUTHENTICATED"], "what it gave was used");
    }

    async fn a_request_that_was_long_on_its_way_ends_nothing(world: World) {
        let device = registered(&world, "olga").await;
        let mut owner = device.clone();
        owner.refreshes().await.done();
        owner.refreshes().await.done();
        world.pass(REFRESH_GRACE);
        let late = token(&device.clone().refreshes().await.done());
        assert_eq!(Some(late), owner.refresh, "the newest, so that a browser's cookie does not go back");
        assert!(owner.is_signed_in().await);

        world.pass(Duration::from_millis(1));
        assert_eq!(device.clone().refreshes().await.codes(), ["UNAUTHENTICATED"]);
        assert!(!owner.is_signed_in().await, "the family is revoked");
    }

    async fn a_grandparent_ends_the_session_at_once(world: World) {
        let device = registered(&world, "olga").await;
        let mut owner = device.clone();
        for _ in 0..3 {
            owner.refreshes().await.done();
        }
        assert!(owner.is_signed_in().await);

        assert_eq!(device.clone().refreshes().await.codes(), ["UNAUTHENTICATED"]);
        assert!(!owner.is_signed_in().await, "the access token is of no use either");
        assert_eq!(owner.refreshes().await.codes(), ["UNAUTHENTICATED"]);
    }

    async fn theft_cuts_the_sockets_of_the_session_alone(world: World) {
        let device = registered(&world, "olga").await;
        let mut elsewhere = Device::of(&world);
        elsewhere.logs_in("olga@example.ru", crate::device::PASSWORD).await.done();
        let (viewer, other) = (device.viewer().await.unwrap(), elsewhere.viewer().await.unwrap());
        let socket = world.app.hub.connect(viewer.id, viewer.session, 10).unwrap();
        let other_socket = world.app.hub.connect(other.id, other.session, 10).unwrap();

        let mut owner = device.clone();
        for _ in 0..3 {
            owner.refreshes().await.done();
        }
        device.clone().refreshes().await;

        let mut closing = socket.closing();
        let closed = closing.wait_for(Option::is_some).await.unwrap();
        assert_eq!(*closed, Some(Closing::SessionEnded));
        assert_eq!(*other_socket.closing().borrow(), None);
        assert!(elsewhere.is_signed_in().await);
    }

    async fn a_week_unused_and_a_month_at_the_latest(world: World) {
        let mut device = registered(&world, "olga").await;
        for _ in 0..4 {
            world.pass(days(7) - minutes(1));
            device.refreshes().await.done();
        }
        let mut idle = device.clone();
        world.pass(days(2) + minutes(4));
        assert_eq!(device.refreshes().await.codes(), ["UNAUTHENTICATED"], "thirty days after signing in");

        idle.logs_in("olga@example.ru", crate::device::PASSWORD).await.done();
        world.pass(days(7));
        assert_eq!(idle.refreshes().await.codes(), ["UNAUTHENTICATED"], "seven days unused");
    }

    async fn what_was_never_given_is_refused(world: World) {
        let device = registered(&world, "olga").await;
        for token in ["", "x", "é", &"A".repeat(43), &"A".repeat(1000)] {
            assert_eq!(device.clone().refreshes_by(token).await.codes(), ["UNAUTHENTICATED"], "{token}");
        }
        let nothing = format!("mutation {{ refresh {SIGNED_IN} }}");
        assert_eq!(Device::of(&world).asks(&nothing, json!({})).await.answer.codes(), ["UNAUTHENTICATED"]);
        assert!(device.is_signed_in().await);
    }

    async fn the_database_does_not_know_the_tokens(world: World) {
        let mut device = registered(&world, "olga").await;
        let first = OpaqueToken::parse(&device.refresh.clone().unwrap()).unwrap();
        let second = OpaqueToken::parse(&token(&device.refreshes().await.done())).unwrap();
        let rows = refresh_token::Entity::find().all(world.app.db.reads()).await.unwrap();
        let parent = rows.iter().find(|row| row.token_hash == first.hash()).unwrap();
        let child = rows.iter().find(|row| row.token_hash == second.hash()).unwrap();
        assert_eq!(child.parent_id, Some(parent.id));
        assert!(parent.sealed_successor.is_some());

        for _ in 0..2 {
            device.refreshes().await.done();
        }
        let parent = refresh_token::Entity::find_by_id(parent.id).one(world.app.db.reads()).await.unwrap().unwrap();
        assert_eq!(parent.sealed_successor, None, "of a grandparent nothing is kept that leads on");
    }

    async fn a_browser_gets_its_token_in_a_cookie_alone(world: World) {
        let app = configured(&world, |config| {
            config.public_url = Some("https://tasks.example.com".parse().unwrap());
        }).await;
        let mut browser = Device::over(&app);
        let mut input = registration("olga");
        input.as_object_mut().unwrap().remove("delivery");
        let answer = browser.registers(input).await.done();
        assert_eq!(answer["refreshToken"], Value::Null);
        let first = browser.cookie.clone().unwrap();
        assert_eq!(first.len(), 43);

        let signed_out = Device { access: None, ..browser.clone() };
        let refresh = format!("mutation {{ refresh {SIGNED_IN} }}");
        let reply = signed_out.asks(&refresh, json!({})).await;
        assert_eq!(reply.answer.done()["refreshToken"], Value::Null);
        let cookie = &reply.cookies[0];
        assert!(cookie.starts_with("__Host-vekha_refresh=") && !cookie.contains(&first), "rotated");
        assert!(cookie.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure"), "{cookie}");

        let reply = browser.asks("mutation { logout { userErrors { code } } }", json!({})).await;
        reply.answer.done();
        assert!(reply.cookies[0].starts_with("__Host-vekha_refresh=; Path=/; Max-Age=0"), "{}", reply.cookies[0]);
    }

    async fn two_processes_race_and_nobody_is_signed_out(world: World) {
        let other = world.another_process().await;
        let mut device = registered(&world, "olga").await;
        for round in 0..200 {
            let attempts = (0..4).map(|number| {
                let mut tab = if number % 2 == 0 { device.clone() } else { device.at(&other) };
                async move { token(&tab.refreshes().await.done()) }
            });
            let successors: HashSet<String> = join_all(attempts).await.into_iter().collect();
            assert_eq!(successors.len(), 1, "round {round}");
            device.refresh = successors.into_iter().next();
        }
        assert_eq!(live_tokens(&world).await.len(), 1);
        let sessions = session::Entity::find().all(world.app.db.reads()).await.unwrap();
        assert!(sessions.iter().all(|session| session.ended_at.is_none()));
    }

    async fn tokens_of_sessions_that_are_over_are_forgotten(world: World) {
        let device = registered(&world, "olga").await;
        let mut other = Device::of(&world);
        other.logs_in("olga@example.ru", crate::device::PASSWORD).await.done();
        device.asks("mutation { logout { userErrors { code } } }", json!({})).await.answer.done();
        world.pass(minutes(1));
        server::auth::forget_old(&world.app).await.unwrap();
        assert_eq!(refresh_token::Entity::find().count(world.app.db.reads()).await.unwrap(), 1);
        assert_eq!(session::Entity::find().count(world.app.db.reads()).await.unwrap(), 2);
        other.refreshes().await.done();

        world.pass(days(121));
        server::auth::forget_old(&world.app).await.unwrap();
        assert_eq!(refresh_token::Entity::find().count(world.app.db.reads()).await.unwrap(), 0);
        assert_eq!(session::Entity::find().count(world.app.db.reads()).await.unwrap(), 0);
    }
}
