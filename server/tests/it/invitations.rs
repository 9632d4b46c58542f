//! Invitations and links that set a password: listed, taken back, bounded, and void with the right to make them.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::device::{Device, PASSWORD, days, registered, registration, warm_up};
use crate::world::{Answer, World, both_databases};

const NEW: &str = "a new long password";

async fn invites(maker: &Device, role: &str) -> Answer {
    let document =
        "mutation ($role: Role!) { userInvite(input: { role: $role }) { url userErrors { code field } } }";
    maker.asks(document, json!({ "role": role })).await.answer
}

fn token(link: &Value) -> String {
    link["url"].as_str().unwrap().rsplit_once('=').unwrap().1.to_owned()
}

async fn reset_link(maker: &Device, id: &Value) -> String {
    let document = "mutation ($id: ID!) { userPasswordResetLink(id: $id) { url userErrors { code } } }";
    token(&maker.asks(document, json!({ "id": id })).await.answer.done())
}

/// Somebody who registers by an invitation.
async fn comes(world: &World, name: &str, invitation: &str) -> Answer {
    let mut input = registration(name);
    input["invitation"] = json!(invitation);
    Device::of(world).registers(input).await
}

/// A second administrator, who was invited, with their id.
async fn second_administrator(world: &World, first: &Device, name: &str) -> (Device, Value) {
    let mut device = Device::of(world);
    let mut input = registration(name);
    input["invitation"] = json!(token(&invites(first, "ADMIN").await.done()));
    let id = device.registers(input).await.done()["viewer"]["id"].clone();
    (device, id)
}

async fn list(admin: &Device, arguments: &str) -> Value {
    let document = format!(
        "{{ invitations{arguments} {{ totalCount pageInfo {{ hasNextPage endCursor }}
            nodes {{ id role state createdAt expiresAt createdBy {{ name }} usedBy {{ name }} }} }} }}"
    );
    admin.asks(&document, json!({})).await.answer.ok()["invitations"].clone()
}

async fn revokes(admin: &Device, id: &Value) -> Answer {
    let document = "mutation ($id: ID!) { invitationRevoke(id: $id) { invitation { state } userErrors { code field } } }";
    admin.asks(document, json!({ "id": id })).await.answer
}

async fn set_role(admin: &Device, id: &Value, role: &str) {
    let document =
        "mutation ($id: ID!, $role: Role!) { userRoleChange(id: $id, role: $role) { userErrors { code } } }";
    admin.asks(document, json!({ "id": id, "role": role })).await.answer.done();
}

async fn set_active(admin: &Device, id: &Value, active: bool) {
    let document = "mutation ($id: ID!, $active: Boolean!) { userActiveChange(id: $id, active: $active) { userErrors { code } } }";
    admin.asks(document, json!({ "id": id, "active": active })).await.answer.done();
}

both_databases! {
    async fn what_was_given_out_ends_with_the_right_to_give_it(world: World) {
        let olga = registered(&world, "olga").await;
        let mut petr = Device::of(&world);
        let petr = petr.registers(registration("petr")).await.done()["viewer"]["id"].clone();
        for (name, ends) in [("demoted", true), ("dismissed", false)] {
            let (maker, id) = second_administrator(&world, &olga, name).await;
            let invitation = token(&invites(&maker, "ADMIN").await.done());
            let link = reset_link(&maker, &petr).await;
            if ends { set_role(&olga, &id, "MANAGER").await } else { set_active(&olga, &id, false).await }
            let newcomer = format!("by-{name}");
            assert_eq!(comes(&world, &newcomer, &invitation).await.mend(), ["EXPIRED at input.invitation"], "{name}");
            assert_eq!(Device::of(&world).resets_password(&link, NEW).await.mend(), ["EXPIRED at input.token"], "{name}");

            // And what ended stays ended.
            if ends { set_role(&olga, &id, "ADMIN").await } else { set_active(&olga, &id, true).await }
            assert_eq!(comes(&world, &newcomer, &invitation).await.mend(), ["EXPIRED at input.invitation"], "{name}");
            assert_eq!(Device::of(&world).resets_password(&link, NEW).await.mend(), ["EXPIRED at input.token"], "{name}");
        }
        Device::of(&world).logs_in("petr@example.ru", PASSWORD).await.done();
    }

    async fn a_process_of_the_version_before_voids_nothing_and_nobody_comes_in_all_the_same(world: World) {
        use sea_orm::{ActiveModelTrait, Set, Unchanged};
        let olga = registered(&world, "olga").await;
        let mut petr = Device::of(&world);
        let petr = petr.registers(registration("petr")).await.done()["viewer"]["id"].clone();
        let (maker, _) = second_administrator(&world, &olga, "anna").await;
        let invitation = token(&invites(&maker, "ADMIN").await.done());
        let link = reset_link(&maker, &petr).await;
        let demoted = server::entity::user::ActiveModel {
            id: Unchanged(maker.viewer().await.unwrap().id),
            role: Set(server::db::columns::Stored(domain::Role::Manager)),
            ..Default::default()
        };
        let write = world.app.db.write().await.unwrap();
        demoted.update(&*write).await.unwrap();
        write.commit().await.unwrap();
        assert_eq!(comes(&world, "newcomer", &invitation).await.mend(), ["EXPIRED at input.invitation"]);
        assert_eq!(Device::of(&world).resets_password(&link, NEW).await.mend(), ["EXPIRED at input.token"]);
    }

    async fn invitations_are_listed_and_taken_back(world: World) {
        let mut olga = registered(&world, "olga").await;
        let (mut anna, _) = second_administrator(&world, &olga, "anna").await;
        let expired = token(&invites(&olga, "MANAGER").await.done());
        world.pass(days(7));
        olga.logs_in("olga@example.ru", PASSWORD).await.done();
        anna.logs_in("anna@example.ru", PASSWORD).await.done();
        let open = token(&invites(&olga, "SUPERVISOR").await.done());
        let all = list(&anna, "").await;
        let row = |node: &Value| format!("{} {} by {}", node["role"], node["state"], node["createdBy"]["name"]).replace('"', "");
        let rows = |list: &Value| list["nodes"].as_array().unwrap().iter().map(row).collect::<Vec<_>>();
        assert_eq!(rows(&all), ["SUPERVISOR OPEN by olga", "MANAGER EXPIRED by olga", "ADMIN USED by olga"]);
        assert_eq!(all["totalCount"], 3);
        assert_eq!(all["nodes"][2]["usedBy"]["name"], "anna");

        let first = list(&anna, "(first: 2)").await;
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let rest = list(&anna, &format!("(first: 2, after: {})", first["pageInfo"]["endCursor"])).await;
        assert_eq!(rows(&rest), ["ADMIN USED by olga"]);

        for (node, error) in [(2, "EXPIRED at id"), (1, "EXPIRED at id")] {
            assert_eq!(revokes(&anna, &all["nodes"][node]["id"]).await.mend(), [error]);
        }
        let revoked = revokes(&anna, &all["nodes"][0]["id"]).await.done();
        assert_eq!(revoked["invitation"]["state"], "REVOKED", "whoever made it");
        assert_eq!(revokes(&anna, &all["nodes"][0]["id"]).await.mend(), ["SAME_VALUE at id"]);
        assert_eq!(revokes(&anna, &json!("nonsense")).await.mend(), ["NOT_FOUND at id"]);
        for token in [open, expired] {
            assert_eq!(comes(&world, "late", &token).await.mend(), ["EXPIRED at input.invitation"]);
        }
        for (state, count) in [("OPEN", 0), ("USED", 1), ("EXPIRED", 1), ("REVOKED", 1)] {
            let listed = list(&anna, &format!("(state: {state})")).await;
            assert_eq!(listed["totalCount"], count, "{state}");
            assert!(listed["nodes"].as_array().unwrap().iter().all(|node| node["state"] == state), "{state}");
        }
    }

    async fn a_person_has_fifty_open_invitations_at_most(world: World) {
        let mut olga = registered(&world, "olga").await;
        warm_up(&world).await;
        let made = join_all((0..60).map(|_| invites(&olga, "MANAGER"))).await;
        let refused = made.into_iter().filter(|answer| answer.clone().mend() == ["TOO_MANY at input"]).count();
        assert_eq!(refused, 10, "however many ask at once");
        let open = list(&olga, "(state: OPEN, first: 100)").await;
        assert_eq!(open["totalCount"], 50);
        revokes(&olga, &open["nodes"][0]["id"]).await.done();
        let (anna, _) = second_administrator(&world, &olga, "anna").await;
        invites(&anna, "MANAGER").await.done();
        assert_eq!(list(&olga, "(state: OPEN)").await["totalCount"], 50, "one of Olga's was used");
        invites(&olga, "MANAGER").await.done();
        assert_eq!(invites(&olga, "MANAGER").await.mend(), ["TOO_MANY at input"]);
        world.pass(days(7));
        olga.logs_in("olga@example.ru", PASSWORD).await.done();
        invites(&olga, "MANAGER").await.done();
    }

    async fn of_links_for_one_person_the_newest_alone_is_good(world: World) {
        let olga = registered(&world, "olga").await;
        let petr = Device::of(&world).registers(registration("petr")).await.done()["viewer"]["id"].clone();
        let (anna, _) = second_administrator(&world, &olga, "anna").await;
        let links = [reset_link(&olga, &petr).await, reset_link(&anna, &petr).await];
        assert_eq!(Device::of(&world).resets_password(&links[0], NEW).await.mend(), ["EXPIRED at input.token"]);
        Device::of(&world).resets_password(&links[1], NEW).await.done();
        assert_eq!(Device::of(&world).resets_password(&links[1], NEW).await.mend(), ["EXPIRED at input.token"]);
    }
}
