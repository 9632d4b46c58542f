//! People: who sees what of whom, roles, the last administrator, profiles.

use futures_util::future::join;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, IntoActiveModel, NotSet,
    PaginatorTrait, QueryFilter, Statement,
};
use serde_json::{Value, json};
use server::db::columns::Stored;
use server::db::page::PageRequest;
use server::entity::user;
use server::user::query::{Filter, Key, page_statement};

use crate::device::PASSWORD;
use crate::world::{Answer, Person, World, both_databases, task};

async fn names(person: &Person, arguments: &str) -> Vec<String> {
    let document = format!("{{ users{arguments} {{ nodes {{ name }} }} }}");
    let listed = person.asks(&document, Value::Null).await.ok();
    let nodes = listed["users"]["nodes"].as_array().unwrap().clone();
    nodes.iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
}

async fn gives_role(admin: &Person, person: &Person, role: &str) -> Answer {
    let document = "mutation ($id: ID!, $role: Role!) {
        userRoleChange(id: $id, role: $role) { user { role } userErrors { code field } } }";
    admin.asks(document, json!({ "id": person.id(), "role": role })).await
}

async fn sets_active(admin: &Person, person: &Person, active: bool) -> Answer {
    let document = "mutation ($id: ID!, $active: Boolean!) {
        userActiveChange(id: $id, active: $active) { user { active } userErrors { code field } } }";
    admin.asks(document, json!({ "id": person.id(), "active": active })).await
}

async fn updates(person: &Person, input: Value) -> Answer {
    let document = "mutation ($input: ProfileUpdateInput!) { profileUpdate(input: $input) {
        user { name email profile { locale theme timeZone shortcuts } } userErrors { code field } } }";
    person.asks(document, json!({ "input": input })).await
}

async fn looks_at(person: &Person, other: &Person) -> Answer {
    let document = "query ($id: ID!) { node(id: $id) { ... on User {
        id name role email active lastSeenAt createdAt profile { theme } sessions { id } } } }";
    person.asks(document, json!({ "id": other.id() })).await
}

async fn active_admins(world: &World) -> u64 {
    let admins = user::Entity::find()
        .filter(user::Column::Role.eq(Stored(domain::Role::Admin)))
        .filter(user::Column::Active.eq(true));
    admins.count(world.app.db.reads()).await.unwrap()
}

/// How the database runs the statement: the plan's words on SQLite, nodes with the rows they read on PostgreSQL.
async fn plan(world: &World, statement: Statement) -> String {
    let db = world.app.db.reads();
    let backend = db.get_database_backend();
    let is_postgres = backend == DatabaseBackend::Postgres;
    let explain = if is_postgres { "EXPLAIN (ANALYZE, FORMAT JSON)" } else { "EXPLAIN QUERY PLAN" };
    let values = statement.values.unwrap_or_else(|| sea_orm::Values(Vec::new()));
    let explain = Statement::from_sql_and_values(backend, format!("{explain} {}", statement.sql), values);
    let rows = db.query_all_raw(explain).await.unwrap();
    let line = |row: &sea_orm::QueryResult| {
        if is_postgres {
            let plan = row.try_get::<Value>("", "QUERY PLAN").unwrap();
            plan[0]["Plan"]["Plans"][0].to_string()
        } else {
            row.try_get::<String>("", "detail").unwrap()
        }
    };
    rows.iter().map(line).collect()
}

both_databases! {
    async fn people_are_listed_by_name_and_page_by_page(world: World) {
        let admin = world.person("яна Ёлкина", domain::Role::Admin).await;
        for name in ["Борис", "анна", "Виктор", "анна"] {
            world.person(name, domain::Role::Manager).await;
        }
        assert_eq!(names(&admin, "").await, ["анна", "анна", "Борис", "Виктор", "яна Ёлкина"]);
        let mut after = Value::Null;
        let mut pages = Vec::new();
        loop {
            let document = "query ($after: String) { users(first: 2, after: $after) {
                nodes { name } edges { cursor } totalCount pageInfo { hasNextPage endCursor } } }";
            let page = admin.asks(document, json!({ "after": after })).await.ok()["users"].clone();
            assert_eq!(page["totalCount"], 5);
            pages.push(page["nodes"].as_array().unwrap().len());
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(pages, [2, 2, 1]);
    }

    async fn a_page_of_people_is_read_in_the_order_of_an_index(world: World) {
        let admin = world.admin().await;
        let one = user::Entity::find().one(world.app.db.reads()).await.unwrap().unwrap();
        let write = world.app.db.write().await.unwrap();
        let people = (0..3_000).map(|number| {
            let mut person = one.clone().into_active_model().reset_all();
            person.id = NotSet;
            person.email = sea_orm::Set(format!("person{number}@example.ru"));
            person.name_key = sea_orm::Set(format!("person {:04}", number * 7 % 3_000));
            person
        });
        for some in people.collect::<Vec<_>>().chunks(500) {
            user::Entity::insert_many(some.to_vec()).exec_without_returning(&*write).await.unwrap();
        }
        write.commit().await.unwrap();
        let write = world.app.db.write().await.unwrap();
        write.execute_unprepared("ANALYZE").await.unwrap();
        write.commit().await.unwrap();

        let middle = user::Entity::find().filter(user::Column::NameKey.eq("person 1500"));
        let middle = Key::from(&middle.one(world.app.db.reads()).await.unwrap().unwrap());
        let after = PageRequest { after: Some(middle), ..PageRequest::first(50) };
        for request in [PageRequest::first(50), after] {
            let plan = plan(&world, page_statement(world.app.db.backend(), &admin.viewer().await, &Filter::default(), &request)).await;
            assert!(plan.contains("users_by_name"), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
            if world.app.db.postgres_pool().is_some() {
                assert!(plan.contains("\"Actual Rows\":51"), "{plan}");
                assert!(!plan.contains("Rows Removed by Filter"), "{plan}");
            }
        }
    }

    async fn people_are_found_by_part_of_the_name(world: World) {
        let admin = world.person("Яна Ёлкина", domain::Role::Admin).await;
        let petr = world.person("Пётр 50%_й", domain::Role::Manager).await;
        world.person("Пётр Иной", domain::Role::Supervisor).await;
        assert_eq!(names(&admin, "(filter: { text: \"елк\" })").await, ["Яна Ёлкина"]);
        assert_eq!(names(&admin, "(filter: { text: \"%\" })").await, ["Пётр 50%_й"]);
        assert_eq!(names(&admin, "(filter: { text: \"0%_\" })").await, ["Пётр 50%_й"]);
        assert_eq!(names(&admin, "(filter: { text: \"\\\\\" })").await, Vec::<String>::new());
        assert_eq!(names(&admin, "(filter: { text: \" \" })").await.len(), 3);
        assert_eq!(names(&admin, "(filter: { text: \"петр\", roles: [SUPERVISOR] })").await, ["Пётр Иной"]);
        sets_active(&admin, &petr, false).await.done();
        assert_eq!(names(&admin, "(filter: { active: false })").await, ["Пётр 50%_й"]);
        assert_eq!(names(&admin, "(filter: { roles: [] })").await, Vec::<String>::new());
    }

    async fn addresses_are_found_by_who_may_see_them(world: World) {
        let (admin, anna) = (world.admin().await, world.supervisor().await);
        updates(&world.manager().await, json!({ "email": "Petr@Firma.example", "currentPassword": PASSWORD })).await.done();
        assert_eq!(names(&admin, "(filter: { text: \"FIRMA\" })").await, ["Пётр Иванов"]);
        assert_eq!(names(&anna, "(filter: { text: \"firma\" })").await, Vec::<String>::new());
    }

    async fn a_list_with_nonsense_in_it_is_refused(world: World) {
        let admin = world.admin().await;
        for arguments in ["first: 0", "first: 101", "first: -1", "after: \"x\"", "filter: { text: \"LONG\" }"] {
            let arguments = arguments.replace("LONG", &"я".repeat(201));
            let refused = admin.asks(&format!("{{ users({arguments}) {{ totalCount }} }}"), Value::Null).await;
            assert_eq!(refused.codes(), ["BAD_USER_INPUT"], "{arguments}");
        }
    }

    async fn a_manager_sees_the_people_of_their_tasks_alone(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let stranger = world.person("Чужой", domain::Role::Manager).await;
        assert_eq!(petr.asks("{ users { totalCount } }", Value::Null).await.codes(), ["FORBIDDEN"]);
        assert_eq!(looks_at(&petr, &anna).await.ok()["node"], Value::Null);
        let set = anna.creates(task().for_(&petr).due("2026-11-27T12:00:00Z")).await;
        let seen = looks_at(&petr, &anna).await;
        assert_eq!(seen.data["node"]["name"], "Анна Руководова");
        assert_eq!(petr.sees(&set).await["creator"]["name"], "Анна Руководова");
        assert_eq!(looks_at(&petr, &stranger).await.ok()["node"], Value::Null);
        assert_eq!(looks_at(&anna, &stranger).await.data["node"]["name"], "Чужой");
    }

    async fn a_refused_field_is_null_and_its_parent_stays(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let admin = world.admin().await;

        let by_anna = looks_at(&anna, &petr).await;
        let node = &by_anna.data["node"];
        assert_eq!(node["name"], "Пётр Иванов");
        for field in ["email", "active", "lastSeenAt", "profile", "sessions"] {
            assert_eq!(node[field], Value::Null, "{field}");
        }
        assert_eq!(by_anna.codes(), ["FORBIDDEN"; 5]);

        let by_petr = looks_at(&petr, &petr).await;
        assert!(by_petr.data["node"]["email"].is_string() && by_petr.data["node"]["profile"]["theme"] == "SYSTEM");
        assert_eq!(by_petr.data["node"]["sessions"].as_array().unwrap().len(), 1);
        assert_eq!(by_petr.codes(), ["FORBIDDEN"], "whether they are active is for administrators");

        let by_admin = looks_at(&admin, &petr).await;
        assert_eq!(by_admin.data["node"]["active"], true);
        assert_eq!(by_admin.data["node"]["profile"], Value::Null);
        assert_eq!(by_admin.codes(), ["FORBIDDEN"], "how they like the client is their own");
    }

    async fn another_role_is_told_and_on_record(world: World) {
        let (admin, petr) = (world.admin().await, world.manager().await);
        let bell = petr.hears_notifications(None).await;
        let changed = gives_role(&admin, &petr, "SUPERVISOR").await.done();
        assert_eq!(changed["user"]["role"], "SUPERVISOR");
        assert_eq!(petr.told().await, ["ROLE_CHANGED"]);
        assert_eq!(admin.told().await, Vec::<String>::new());
        assert_eq!(bell.closed().await, server::log::hub::Closing::RoleChanged);
        assert_eq!(gives_role(&admin, &petr, "SUPERVISOR").await.mend(), ["SAME_VALUE at role"]);
    }

    async fn roles_are_an_administrators_to_give(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let admin = world.admin().await;
        for person in [&anna, &petr] {
            assert_eq!(gives_role(person, person, "ADMIN").await.codes(), ["FORBIDDEN"]);
            assert_eq!(sets_active(person, &admin, false).await.codes(), ["FORBIDDEN"]);
        }
        let document = "mutation ($id: ID!) { userRoleChange(id: $id, role: MANAGER) { userErrors { code field } } }";
        for id in ["", "nonsense", "VXNlcjo5OTk5", "VGFzazox"] {
            assert_eq!(admin.asks(document, json!({ "id": id })).await.mend(), ["NOT_FOUND at id"], "{id}");
        }
    }

    async fn the_last_active_administrator_stays(world: World) {
        let admin = world.admin().await;
        let second = world.person("Второй Админ", domain::Role::Admin).await;
        assert_eq!(sets_active(&admin, &second, true).await.mend(), ["SAME_VALUE at active"]);
        sets_active(&admin, &second, false).await.done();
        assert_eq!(gives_role(&admin, &admin, "MANAGER").await.mend(), ["LAST_ADMIN at role"]);
        assert_eq!(sets_active(&admin, &admin, false).await.mend(), ["LAST_ADMIN at active"]);
        sets_active(&admin, &second, true).await.done();
        gives_role(&admin, &admin, "MANAGER").await.done();
        assert_eq!(active_admins(&world).await, 1);
    }

    async fn administrators_who_demote_each_other_leave_one(world: World) {
        let other = world.another_process().await;
        let one = world.admin().await;
        let two = world.person("Второй Админ", domain::Role::Admin).await.at(&other);
        for round in 0..100 {
            let (first, second) = if round % 2 == 0 {
                join(gives_role(&one, &two, "MANAGER"), gives_role(&two, &one, "SUPERVISOR")).await
            } else {
                join(sets_active(&one, &two, false), sets_active(&two, &one, false)).await
            };
            assert_eq!(active_admins(&world).await, 1, "round {round}: {first:?} {second:?}");
            let (left, gone) = if first.errors.is_empty() { (&one, &two) } else { (&two, &one) };
            if round % 2 == 0 {
                gives_role(left, gone, "ADMIN").await.done();
            } else {
                sets_active(left, gone, true).await.done();
            }
        }
    }

    async fn of_a_profile_what_is_left_out_stays(world: World) {
        let petr = world.manager().await;
        let changed = updates(&petr, json!({ "name": " Пётр Ёлкин ", "theme": "DARK", "locale": null })).await.done();
        assert_eq!(changed["user"]["name"], "Пётр Ёлкин");
        assert_eq!(
            changed["user"]["profile"],
            json!({ "locale": null, "theme": "DARK", "timeZone": "Europe/Moscow", "shortcuts": true })
        );
        let changed = updates(&petr, json!({ "locale": "EN", "timeZone": "Asia/Omsk", "shortcuts": false })).await.done();
        assert_eq!(
            changed["user"]["profile"],
            json!({ "locale": "EN", "theme": "DARK", "timeZone": "Asia/Omsk", "shortcuts": false })
        );
        assert_eq!(names(&world.admin().await, "(filter: { text: \"елкин\" })").await, ["Пётр Ёлкин"]);
    }

    async fn nobody_but_an_administrator_finds_out_who_may_not_sign_in(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let admin = world.admin().await;
        sets_active(&admin, &petr, false).await.done();
        assert_eq!(names(&admin, "").await, ["Анна Руководова", "Ольга Админова", "Пётр Иванов"]);
        assert_eq!(names(&admin, "(filter: { active: false })").await, ["Пётр Иванов"]);
        let document = "{ users(filter: { active: false }) { nodes { name } totalCount } }";
        assert_eq!(anna.asks(document, Value::Null).await.codes(), ["FORBIDDEN"]);
        for (filter, count) in [("", 2), ("(filter: { active: true })", 2), ("(filter: { text: \"пётр\" })", 0)] {
            let document = format!("{{ users{filter} {{ nodes {{ name }} totalCount }} }}");
            let listed = anna.asks(&document, Value::Null).await.ok()["users"].clone();
            assert_eq!(listed["totalCount"], count, "{filter}");
            assert_eq!(listed["nodes"].as_array().unwrap().len(), count, "{filter}");
        }
    }

    async fn a_profile_with_faults_is_not_half_written(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        updates(&anna, json!({ "email": "anna@example.ru", "currentPassword": PASSWORD })).await.done();
        let wrong = json!({ "name": null, "theme": null, "shortcuts": false });
        assert_eq!(updates(&petr, wrong).await.mend(), ["REQUIRED at input.name", "REQUIRED at input.theme"]);
        let wrong = json!({ "name": "", "email": "x", "timeZone": "Mars", "shortcuts": false });
        assert_eq!(
            updates(&petr, wrong).await.mend(),
            ["REQUIRED at input.name", "INVALID at input.email", "INVALID at input.timeZone"]
        );
        let taken = json!({ "email": "ANNA@example.ru", "currentPassword": PASSWORD, "shortcuts": false });
        assert_eq!(updates(&petr, taken).await.mend(), ["TAKEN at input.email"]);
        assert_eq!(updates(&petr, json!({})).await.done()["user"]["profile"]["shortcuts"], true);
        assert_eq!(updates(&petr, json!({ "role": "ADMIN" })).await.codes(), ["BAD_USER_INPUT"]);
    }
}
