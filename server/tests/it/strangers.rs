//! Floods of strangers: who is known gets in all the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures_util::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use server::auth::{Bounds, Cost, Hashing};
use server::entity::user;
use tokio::task::JoinSet;

use crate::device::{Device, PASSWORD, hashing, minutes, registration};
use crate::world::both_databases;

/// Who floods.
const REGISTERING: usize = 64;
const GUESSING: usize = 64;
/// People who come from where they came from before.
const KNOWN: usize = 20;
/// Some of them may be told to come again.
const GET_IN: usize = 19;

fn home(number: usize) -> String {
    format!("192.0.2.{number}")
}

both_databases! {
    async fn nineteen_of_twenty_known_people_sign_in_during_a_flood_of_strangers(world: World) {
        let app = hashing(&world, Hashing::new(Cost::STANDARD, Bounds::default())).await;
        let visitor = Device::over(&app);
        for number in 0..KNOWN {
            visitor.from(&home(number)).registers(registration(&format!("known{number}"))).await.done();
        }
        let (over, next) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let mut flood = JoinSet::new();
        for number in 0..REGISTERING + GUESSING {
            let (mut device, over, next) = (visitor.from("198.51.100.7"), Arc::clone(&over), Arc::clone(&next));
            flood.spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    let guess = next.fetch_add(1, Ordering::Relaxed);
                    if number < REGISTERING {
                        device.registers(registration(&format!("stranger{guess}"))).await;
                    } else {
                        // Each from elsewhere, so that no wait for an address holds them up.
                        device.address = format!("10.{}.{}.{}", guess / 65_536 % 256, guess / 256 % 256, guess % 256);
                        device.logs_in(&format!("nobody{guess}@example.ru"), PASSWORD).await;
                    }
                }
            });
        }
        let under_way = async {
            while next.load(Ordering::Relaxed) < 2 * (REGISTERING + GUESSING) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(minutes(1), under_way).await.expect("the flood is there");

        let people = (0..KNOWN).map(|number| {
            let mut device = visitor.from(&home(number));
            async move {
                let answer = device.logs_in(&format!("known{number}@example.ru"), PASSWORD).await;
                answer.errors.is_empty() && answer.data["login"]["viewer"].is_object()
            }
        });
        let got_in = join_all(people).await.into_iter().filter(|got_in| *got_in).count();
        over.store(true, Ordering::Relaxed);
        let ended = async { while flood.join_next().await.is_some() {} };
        tokio::time::timeout(minutes(1), ended).await.expect("the flood ends");

        assert!(got_in >= GET_IN, "{got_in} of {KNOWN}");
        let people = user::Entity::find().count(world.app.db.reads()).await.unwrap();
        assert!(people <= 20 + 20, "{people} accounts: of one address no more than a few");
    }

    async fn a_stranger_who_registers_too_often_is_told_how_long_to_wait(world: World) {
        let olga = world.admin().await;
        let mut device = Device::of(&world);
        for number in 0..20 {
            device.registers(registration(&format!("person{number}"))).await.done();
        }
        let refused = device.registers(registration("late")).await;
        assert_eq!(refused.codes(), ["RATE_LIMITED"]);
        assert_eq!(refused.errors[0]["extensions"]["retryAfter"], 60);
        let mut elsewhere = Device::of(&world).from("2001:db8::1");
        elsewhere.registers(registration("elsewhere")).await.done();

        // An invitation is no stranger's.
        let invite = "mutation { userInvite(input: { role: SUPERVISOR }) { url userErrors { code } } }";
        let link = olga.asks(invite, json!(null)).await.done()["url"].as_str().unwrap().to_owned();
        let mut invited = registration("invited");
        invited["invitation"] = json!(link.split_once("invitation=").unwrap().1);
        device.registers(invited).await.done();

        world.pass(minutes(1));
        device.registers(registration("late")).await.done();
        assert_eq!(device.registers(registration("later")).await.codes(), ["RATE_LIMITED"]);
    }

    async fn strangers_of_many_addresses_are_bounded_too(world: World) {
        world.admin().await;
        for number in 0..60 {
            let mut device = Device::of(&world).from(&format!("198.51.100.{number}"));
            device.registers(registration(&format!("person{number}"))).await.done();
        }
        let mut device = Device::of(&world).from("203.0.113.1");
        let refused = device.registers(registration("late")).await;
        assert_eq!(refused.codes(), ["RATE_LIMITED"]);
        assert_eq!(refused.errors[0]["extensions"]["retryAfter"], 10);
    }
}
