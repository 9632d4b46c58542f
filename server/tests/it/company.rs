//! What the company as a whole decides: who may register. Administrators hear of who did.

use domain::Role;
use serde_json::{Value, json};
use server::config::Registration;

use crate::device::{Device, configured, registration};
use crate::world::{Answer, Person, World, both_databases};

const HOUR: std::time::Duration = std::time::Duration::from_secs(60 * 60);

async fn company(person: &Person) -> Value {
    person.asks("{ company { openRegistration openRegistrationFixed version } }", Value::Null).await.ok()["company"].clone()
}

async fn decides(person: &Person, version: i64, open: Option<bool>) -> Answer {
    let document = "mutation ($input: CompanyUpdateInput!) { companyUpdate(input: $input) {
        company { openRegistration openRegistrationFixed version } userErrors { code field } } }";
    person.asks(document, json!({ "input": { "version": version, "openRegistration": open } })).await
}

/// A newcomer of an address of their own.
async fn comes(world: &World, number: usize) -> Answer {
    let mut device = Device::of(world).from(&format!("198.51.100.{number}"));
    device.registers(registration(&format!("newcomer{number}"))).await
}

both_databases! {
    async fn an_administrator_closes_registration_on_the_spot_in_every_process(world: World) {
        let other = world.another_process().await;
        let olga = world.admin().await;
        assert_eq!(company(&olga).await, json!({ "openRegistration": true, "openRegistrationFixed": false, "version": 1 }));
        comes(&other, 1).await.done();

        let closed = decides(&olga, 1, Some(false)).await.done()["company"].clone();

        assert_eq!(closed, json!({ "openRegistration": false, "openRegistrationFixed": false, "version": 2 }));
        for process in [&world, &other] {
            assert_eq!(comes(process, 2).await.mend(), ["REGISTRATION_CLOSED at input"]);
            let public = Device::of(process).asks("{ server { registrationOpen } }", json!({})).await;
            assert_eq!(public.answer.ok()["server"]["registrationOpen"], false);
        }
        let stale = decides(&olga, 1, Some(true)).await;
        assert_eq!(stale.clone().payload()["company"]["version"], 2, "as it is");
        assert_eq!(stale.mend(), ["STALE_VERSION at input.version"]);
        assert_eq!(decides(&olga, 2, None).await.mend(), ["REQUIRED at input.openRegistration"]);
        let before = world.rows().await["events"];
        assert_eq!(decides(&olga, 2, Some(false)).await.done()["company"]["version"], 2, "so it is already");
        assert_eq!(world.rows().await["events"], before);
        decides(&olga, 2, Some(true)).await.done();
        assert_eq!(world.rows().await["events"], before + 1, "each decision is in the log");
        comes(&other, 3).await.done();
    }

    async fn what_the_installation_was_told_at_its_start_nobody_changes(world: World) {
        let olga = world.admin().await;
        let invited = configured(&world, |config| config.registration = Some(Registration::Invited)).await;
        let at_invited = Person { app: invited.clone(), schema: server::graphql::schema(invited.clone()), ..olga.clone() };
        assert_eq!(company(&at_invited).await, json!({ "openRegistration": false, "openRegistrationFixed": true, "version": 1 }));
        assert_eq!(decides(&at_invited, 1, Some(true)).await.mend(), ["NOT_ALLOWED at input.openRegistration"]);
        let mut device = Device::over(&invited);
        assert_eq!(device.registers(registration("vera")).await.mend(), ["REGISTRATION_CLOSED at input"]);
    }

    async fn administrators_are_told_of_each_newcomer_and_of_a_flood_of_a_few(world: World) {
        let olga = world.admin().await;
        let petr = world.manager().await;
        world.pass(HOUR);
        for number in 1..=8 {
            comes(&world, number).await.done();
        }
        let told = olga.unread().await;
        assert_eq!(told.len(), 5, "{told:?}");
        assert_eq!(told[4], "Новый сотрудник: newcomer1");
        assert_eq!(told[0], "Новый сотрудник: newcomer5. Об остальных за этот час — на странице «Люди»");
        assert!(petr.unread().await.is_empty(), "a manager is not");
        world.pass(HOUR);
        comes(&world, 9).await.done();
        assert_eq!(olga.unread().await[0], "Новый сотрудник: newcomer9");
        assert_eq!(olga.told().await[0], "USER_REGISTERED");
    }

    async fn a_newcomer_is_heard_of_at_once(world: World) {
        let olga = world.person("Ольга", Role::Admin).await;
        world.pass(HOUR);
        let mut live = olga.hears_notifications(None).await;
        comes(&world, 1).await.done();
        let heard = live.next().await;
        assert_eq!(heard["notification"]["kind"], "USER_REGISTERED");
        assert_eq!(heard["unreadCount"], 1);
    }
}
