//! Making an account and signing in: who becomes what, what is refused, and how guessing is slowed down.

use std::time::Duration;

use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::json;
use server::auth::{Bounds, Cost, Hashing, Precedence, command_line};
use server::config::Registration;
use server::db::columns::Stored;
use server::entity::{invitation, login_attempt, user};

use crate::device::{
    Device, PASSWORD, configured, days, hashing, minutes, registered, registration, warm_up,
};
use crate::world::{Answer, World, both_databases};

async fn account(world: &World, email: &str) -> user::Model {
    let found = user::Entity::find().filter(user::Column::Email.eq(email)).one(world.app.db.reads()).await;
    found.unwrap().unwrap()
}

/// The token of a fresh invitation.
async fn invitation(admin: &Device, role: &str) -> String {
    let document = "mutation ($role: Role!) { userInvite(input: { role: $role }) { url expiresAt userErrors { code } } }";
    let link = admin.asks(document, json!({ "role": role })).await.answer.done();
    link["url"].as_str().unwrap().split_once("/register#invitation=").unwrap().1.to_owned()
}

/// What somebody who signs in is told.
fn told(answer: &Answer) -> String {
    match answer.errors.first() {
        Some(error) => {
            format!("{} {}", error["extensions"]["code"].as_str().unwrap(), error["extensions"]["retryAfter"])
        }
        None => answer.clone().mend().join(", "),
    }
}

both_databases! {
    async fn the_first_account_is_the_administrators_and_later_ones_are_managers(world: World) {
        let server = "{ server { firstAccount registrationOpen } }";
        let stranger = Device::of(&world);
        let before = stranger.asks(server, json!({})).await.answer.ok();
        assert_eq!(before["server"], json!({ "firstAccount": true, "registrationOpen": true }));

        let mut olga = Device::of(&world);
        let first = olga.registers(registration("olga")).await.done();
        assert_eq!(first["viewer"]["role"], "ADMIN");
        assert_eq!(first["viewer"]["email"], "olga@example.ru", "who signs in sees themselves");
        assert!(first["refreshToken"].is_string() && olga.is_signed_in().await);

        let second = Device::of(&world).registers(registration("petr")).await.done();
        assert_eq!(second["viewer"]["role"], "MANAGER");
        let after = stranger.asks(server, json!({})).await.answer.ok();
        assert_eq!(after["server"]["firstAccount"], false);
    }

    async fn of_first_registrations_at_once_one_makes_an_administrator(world: World) {
        let other = world.another_process().await;
        warm_up(&world).await;
        warm_up(&other).await;
        let registrations = (0..8).map(|number| {
            let mut device = Device::of(if number % 2 == 0 { &world } else { &other });
            async move { device.registers(registration(&format!("person{number}"))).await.done() }
        });
        let answers = join_all(registrations).await;
        let admins = answers.iter().filter(|answer| answer["viewer"]["role"] == "ADMIN").count();
        assert_eq!(admins, 1);
    }

    async fn all_that_is_wrong_with_a_registration_is_told_at_once(world: World) {
        let mut device = Device::of(&world);
        let wrong = json!({ "name": " ", "email": "nobody", "password": "short", "timeZone": "Mars/Olympus" });
        assert_eq!(
            device.registers(wrong).await.mend(),
            [
                "REQUIRED at input.name",
                "INVALID at input.email",
                "TOO_SHORT at input.password",
                "INVALID at input.timeZone"
            ]
        );
        for password in ["QwertyUiop", "987654321", "admin123", "йцукенгшщз", "солнышко", "vekha2026", "Olga-1985", "olga@example.ru"] {
            let common = json!({ "name": "Olga", "email": "olga@example.ru", "password": password });
            assert_eq!(device.registers(common).await.mend(), ["TOO_COMMON at input.password"], "{password}");
        }
        assert_eq!(user::Entity::find().count(world.app.db.reads()).await.unwrap(), 0, "nothing is half written");
    }

    async fn an_address_is_one_accounts_however_it_is_written(world: World) {
        registered(&world, "olga").await;
        let mut again = registration("Olga");
        again["email"] = json!("OLGA@Example.RU");
        assert_eq!(Device::of(&world).registers(again).await.mend(), ["TAKEN at input.email"]);
    }

    async fn nobody_gives_themselves_a_role(world: World) {
        registered(&world, "olga").await;
        let mut input = registration("petr");
        input["role"] = json!("ADMIN");
        assert_eq!(Device::of(&world).registers(input).await.codes(), ["BAD_USER_INPUT"]);
    }

    async fn where_registration_is_closed_the_invited_alone_register(world: World) {
        let app = configured(&world, |config| config.registration = Some(Registration::Invited)).await;
        let mut olga = Device::over(&app);
        olga.registers(registration("olga")).await.done();
        assert_eq!(Device::over(&app).registers(registration("petr")).await.mend(), ["REGISTRATION_CLOSED at input"]);

        let token = invitation(&olga, "SUPERVISOR").await;
        let mut invited = registration("anna");
        invited["invitation"] = json!(token);
        let anna = Device::over(&app).registers(invited).await.done();
        assert_eq!(anna["viewer"]["role"], "SUPERVISOR");

        let mut again = registration("petr");
        again["invitation"] = json!(token);
        assert_eq!(Device::over(&app).registers(again).await.mend(), ["EXPIRED at input.invitation"]);
    }

    async fn an_invitation_is_good_for_a_week_and_one_person(world: World) {
        let olga = registered(&world, "olga").await;
        let token = invitation(&olga, "SUPERVISOR").await;
        warm_up(&world).await;
        let at_once = (0..6).map(|number| {
            let mut input = registration(&format!("person{number}"));
            input["invitation"] = json!(token);
            let mut device = Device::of(&world);
            async move { device.registers(input).await.payload()["viewer"]["role"] == "SUPERVISOR" }
        });
        assert_eq!(join_all(at_once).await.into_iter().filter(|let_in| *let_in).count(), 1);
        let used = invitation::Entity::find().one(world.app.db.reads()).await.unwrap().unwrap();
        assert!(used.used_by.is_some());

        let late = invitation(&olga, "MANAGER").await;
        world.pass(days(7));
        let mut input = registration("late");
        input["invitation"] = json!(late);
        assert_eq!(Device::of(&world).registers(input).await.mend(), ["EXPIRED at input.invitation"]);
    }

    async fn an_unknown_address_and_a_wrong_password_are_answered_alike(world: World) {
        registered(&world, "olga").await;
        let mut answers = Vec::new();
        for email in ["olga@example.ru", "nobody@example.ru", "not an address"] {
            let before = world.app.hashing.performed();
            let answer = Device::of(&world).logs_in(email, "not the password").await;
            assert_eq!(world.app.hashing.performed() - before, 1, "{email}: the same work");
            answers.push(answer.payload());
        }
        assert_eq!(answers[0]["userErrors"][0]["code"], "WRONG_CREDENTIALS");
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0], answers[2]);
    }

    async fn a_disabled_account_is_answered_as_an_unknown_one(world: World) {
        let olga = registered(&world, "olga").await;
        let petr = Device::of(&world).registers(registration("petr")).await.done();
        let disable = "mutation ($id: ID!) { userActiveChange(id: $id, active: false) { userErrors { code } } }";
        olga.asks(disable, json!({ "id": petr["viewer"]["id"] })).await.answer.done();
        assert_eq!(Device::of(&world).logs_in("petr@example.ru", PASSWORD).await.mend(), ["WRONG_CREDENTIALS at input"]);
    }

    async fn after_five_failures_there_is_a_wait_that_doubles_and_ends(world: World) {
        registered(&world, "olga").await;
        let mut device = Device::of(&world).from("198.51.100.7");
        for _ in 0..5 {
            assert_eq!(device.logs_in("olga@example.ru", "wrong password").await.mend().len(), 1);
        }
        let mut waits = Vec::new();
        for _ in 0..4 {
            let refused = device.logs_in("olga@example.ru", PASSWORD).await;
            assert_eq!(refused.codes(), ["RATE_LIMITED"], "even the right password waits");
            let wait = refused.errors[0]["extensions"]["retryAfter"].as_u64().unwrap();
            waits.push(wait);
            world.pass(Duration::from_secs(wait));
            assert_eq!(device.logs_in("olga@example.ru", "wrong password").await.mend().len(), 1);
        }
        assert_eq!(waits, [1, 2, 4, 8]);

        world.pass(Duration::from_secs(16));
        device.logs_in("olga@example.ru", PASSWORD).await.done();
        assert_eq!(device.logs_in("olga@example.ru", "wrong password").await.mend().len(), 1, "starts anew");
        device.logs_in("olga@example.ru", PASSWORD).await.done();
    }

    async fn guessing_in_parallel_gains_nothing(world: World) {
        registered(&world, "olga").await;
        warm_up(&world).await;
        let before = world.app.hashing.performed();
        let guesses = (0..50).map(|number| {
            let mut device = Device::of(&world).from("198.51.100.7");
            async move { device.logs_in("olga@example.ru", &format!("wrong guess {number}")).await }
        });
        let answers = join_all(guesses).await;
        let limited = answers.iter().filter(|answer| answer.codes() == ["RATE_LIMITED"]).count();
        assert_eq!(limited, 45);
        assert_eq!(world.app.hashing.performed() - before, 5, "the others were not even looked at");
    }

    async fn guessing_at_many_accounts_from_one_address_is_slowed_down(world: World) {
        let mut device = Device::of(&world).from("198.51.100.7");
        for number in 0..20 {
            device.logs_in(&format!("person{number}@example.ru"), "wrong password").await.mend();
        }
        assert_eq!(device.logs_in("somebody@example.ru", "wrong password").await.codes(), ["RATE_LIMITED"]);
        let mut elsewhere = device.from("198.51.100.8");
        assert_eq!(elsewhere.logs_in("somebody@example.ru", "wrong password").await.mend().len(), 1);
    }

    async fn nobody_locks_another_out(world: World) {
        registered(&world, "olga").await;
        for number in 0..12 {
            let mut attacker = Device::of(&world).from(&format!("198.51.100.{number}"));
            attacker.logs_in("olga@example.ru", "wrong password").await;
        }
        let mut unknown = Device::of(&world).from("203.0.113.9");
        assert_eq!(unknown.logs_in("olga@example.ru", PASSWORD).await.codes(), ["RATE_LIMITED"]);
        Device::of(&world).logs_in("olga@example.ru", PASSWORD).await.done();
        world.pass(Duration::from_secs(30));
        unknown.logs_in("olga@example.ru", PASSWORD).await.done();
    }

    async fn one_colleague_does_not_shut_an_office_out(world: World) {
        let office = "203.0.113.5";
        let mut olga = Device::of(&world).from(office);
        olga.registers(registration("olga")).await.done();
        registered(&world, "petr").await;
        let guess = |email: String| {
            let mut colleague = Device::of(&world).from(office);
            async move { colleague.logs_in(&email, "wrong password").await }
        };
        for number in 0..25 {
            guess(format!("person{number}@example.ru")).await;
        }
        assert_eq!(guess("somebody@example.ru".to_owned()).await.codes(), ["RATE_LIMITED"]);
        olga.logs_in("olga@example.ru", PASSWORD).await.done();

        // Petr has never signed in from there: that Olga has is of no use to who guesses at his password.
        let before = world.app.hashing.performed();
        assert_eq!(guess("petr@example.ru".to_owned()).await.codes(), ["RATE_LIMITED"]);
        assert_eq!(world.app.hashing.performed(), before);
        // Nor does it make guessing at hers any cheaper.
        let mut looked_at = 0;
        for _ in 0..12 {
            let before = world.app.hashing.performed();
            assert_eq!(guess("olga@example.ru".to_owned()).await.codes(), ["RATE_LIMITED"]);
            looked_at += world.app.hashing.performed() - before;
        }
        assert_eq!(looked_at, 5, "the free ones of that pair");
    }

    async fn a_wait_does_not_tell_which_accounts_there_are(world: World) {
        let home = "203.0.113.5";
        Device::of(&world).from(home).registers(registration("olga")).await.done();
        let (known, unknown) = ("olga@example.ru", "nobody@example.ru");
        let mut stories = Vec::new();
        for email in [known, unknown] {
            let mut story = Vec::new();
            for number in 0..12 {
                let mut elsewhere = Device::of(&world).from(&format!("198.51.100.{number}"));
                story.push(told(&elsewhere.logs_in(email, "wrong password").await));
            }
            let mut at_home = Device::of(&world).from(home);
            for _ in 0..9 {
                story.push(told(&at_home.logs_in(email, "wrong password").await));
            }
            let mut elsewhere = Device::of(&world).from("198.51.100.200");
            story.push(told(&elsewhere.logs_in(email, "wrong password").await));
            stories.push(story);
            // The counts of addresses begin anew.
            world.pass(days(1) + minutes(1));
        }
        assert!(stories[0][12].starts_with("RATE_LIMITED"), "{:?}", stories[0]);
        assert_eq!(stories[0], stories[1]);
    }

    async fn a_network_is_familiar_whatever_address_of_it_one_has_today(world: World) {
        let mut olga = Device::of(&world).from("2001:db8:1:2::17");
        olga.registers(registration("olga")).await.done();
        for number in 0..12 {
            let mut attacker = Device::of(&world).from(&format!("198.51.100.{number}"));
            attacker.logs_in("olga@example.ru", "wrong password").await;
        }
        olga.from("2001:db8:1:2:aaaa:bbbb:cccc:dddd").logs_in("olga@example.ru", PASSWORD).await.done();
        assert_eq!(olga.from("2001:db8:1:3::17").logs_in("olga@example.ru", PASSWORD).await.codes(), ["RATE_LIMITED"]);
    }

    async fn what_nobody_waits_for_is_judged_all_the_same(world: World) {
        registered(&world, "olga").await;
        let slow = Hashing::new(Cost { memory: 19 * 1024, passes: 5 }, Bounds { at_once: 1, waiting: 10 });
        let app = hashing(&world, slow).await;
        let hash = app.hashing.hash(PASSWORD, server::clock::Random, Precedence::Known).await.unwrap();
        let mut row = account(&world, "olga@example.ru").await.into_active_model();
        row.password_hash = sea_orm::Set(hash);
        let write = world.app.db.write().await.unwrap();
        row.update(&*write).await.unwrap();
        write.commit().await.unwrap();

        let failures = || async {
            let rows = login_attempt::Entity::find().all(world.app.db.reads()).await.unwrap();
            rows.iter().map(|row| row.failures).sum::<i64>()
        };
        for (password, left) in [(PASSWORD, 0), ("wrong password", 3)] {
            for round in 1..=3 {
                let hashed = app.hashing.performed();
                let mut device = Device::over(&app).from("198.51.100.7");
                let login = tokio::spawn(async move { device.logs_in("olga@example.ru", password).await });
                while app.hashing.performed() == hashed {
                    tokio::task::yield_now().await;
                }
                login.abort();
                assert!(login.await.unwrap_err().is_cancelled());
                // The next password is looked at after this one: then what came of it is written down, or about to be.
                app.hashing.verify("x", None, Precedence::Known).await.unwrap();
                let settled = async {
                    while failures().await != left * round {
                        tokio::task::yield_now().await;
                    }
                };
                tokio::time::timeout(Duration::from_secs(30), settled).await.expect("the attempt is settled");
            }
        }
    }

    async fn what_was_counted_is_forgotten(world: World) {
        let mut device = Device::of(&world);
        for _ in 0..5 {
            device.logs_in("olga@example.ru", "wrong password").await;
        }
        world.pass(days(1) + minutes(1));
        server::auth::forget_old(&world.app).await.unwrap();
        assert_eq!(login_attempt::Entity::find().count(world.app.db.reads()).await.unwrap(), 0);
    }

    async fn a_password_is_the_same_on_every_system(world: World) {
        let mut input = registration("olga");
        input["password"] = json!("мои\u{306} длинныи\u{306} пароль");
        Device::of(&world).registers(input).await.done();
        Device::of(&world).logs_in("olga@example.ru", "мой длинный пароль").await.done();
        Device::of(&world).logs_in("olga@example.ru", "мои\u{306} длинныи\u{306} пароль").await.done();
    }

    async fn a_hash_is_made_anew_when_its_cost_has_risen(world: World) {
        registered(&world, "olga").await;
        let before = account(&world, "olga@example.ru").await.password_hash;
        assert!(before.contains("m=8,t=1,p=1"), "{before}");
        let raised = hashing(&world, Hashing::new(Cost { memory: 16, passes: 2 }, Bounds::default())).await;
        Device::over(&raised).logs_in("olga@example.ru", PASSWORD).await.done();
        let after = account(&world, "olga@example.ru").await.password_hash;
        assert!(after.contains("m=16,t=2,p=1"), "{after}");
        Device::over(&raised).logs_in("olga@example.ru", PASSWORD).await.done();
        assert_eq!(account(&world, "olga@example.ru").await.password_hash, after);
    }

    async fn a_password_that_changes_while_it_is_looked_at_is_wrong(world: World) {
        let slow = Hashing::new(Cost { memory: 19 * 1024, passes: 30 }, Bounds::default());
        let app = hashing(&world, slow).await;
        Device::over(&app).registers(registration("olga")).await.done();
        let hashed = app.hashing.performed();
        let mut device = Device::over(&app);
        let login = tokio::spawn(async move { device.logs_in("olga@example.ru", PASSWORD).await });
        while app.hashing.performed() == hashed {
            tokio::task::yield_now().await;
        }
        let new = "a new long password";
        command_line::set_password(&world.app, "olga@example.ru", new).await.unwrap();
        assert_eq!(login.await.unwrap().mend(), ["WRONG_CREDENTIALS at input"]);
        Device::of(&world).logs_in("olga@example.ru", new).await.done();
    }

    async fn past_the_bound_of_hashes_requests_are_told_to_come_again(world: World) {
        registered(&world, "olga").await;
        let slow = Hashing::new(Cost { memory: 19 * 1024, passes: 10 }, Bounds { at_once: 1, waiting: 0 });
        let app = hashing(&world, slow).await;
        let logins = (0..12).map(|number| {
            let mut device = Device::over(&app).from(&format!("198.51.100.{number}"));
            async move { device.logs_in(&format!("person{number}@example.ru"), "some password").await }
        });
        let answers = join_all(logins).await;
        let turned_away = answers.iter().filter(|answer| answer.codes() == ["UNAVAILABLE"]).count();
        assert!(turned_away > 0, "none was turned away");
        let counted = login_attempt::Entity::find().filter(login_attempt::Column::Failures.gt(0));
        let counted = counted.count(world.app.db.reads()).await.unwrap();
        assert_eq!(counted, 3 * (12 - turned_away as u64), "who was turned away has not failed");
    }

    async fn the_profile_of_a_registration_is_kept(world: World) {
        let mut input = registration("olga");
        input["timeZone"] = json!("Asia/Vladivostok");
        input["locale"] = json!("EN");
        Device::of(&world).registers(input).await.done();
        let olga = account(&world, "olga@example.ru").await;
        assert_eq!(olga.time_zone, "Asia/Vladivostok");
        assert_eq!(olga.locale, Some(Stored(server::db::columns::Locale::En)));
    }
}
