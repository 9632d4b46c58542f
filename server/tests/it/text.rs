//! Text from outside, at every place of the contract that takes any: nothing of it is an error of ours, whoever asks.

use std::collections::BTreeSet;

use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeDefinition, TypeKind};
use async_graphql::{Request, Variables};
use domain::Role;
use futures_util::StreamExt;
use futures_util::future::poll_immediate;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use serde_json::{Map, Value, json};
use server::db::Location;
use server::db::columns::Locale;
use server::entity::{task as task_row, user};
use server::graphql::context::Asker;

use crate::contract::{fields, types};
use crate::device::{Device, PASSWORD, registration};
use crate::world::{Person, World, both_databases, task};

/// What people paste and attackers try.
const TEXTS: [&str; 18] = [
    "\0",
    "a\0b",
    "\u{200b}",
    "\u{3164}\u{2800}",
    "\u{e0041}\u{e0042}",
    "\u{feff}\u{202e}",
    "счёт \u{202e}fdp.exe",
    "а\u{2066}б\u{2069}",
    "Андреи\u{306} е\u{308}лка",
    "раз\r\nдва\rтри\u{2028}четыре\u{85}",
    "\u{feff}anna@example.ru",
    "\u{1b}[31m",
    "\u{fffe}\u{10ffff}",
    "%_\\",
    "'; DROP TABLE tasks; --",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦 1\u{fe0f}\u{20e3}",
    "9999-12-31T23:59:59-23:59",
    "0000-01-01",
];

/// A place that takes text, by the names on the way to it.
struct Slot<'c> {
    root: &'c str,
    field: &'c FieldDefinition,
    path: Vec<String>,
}

fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => named(inner),
    }
}

fn is_list(ty: &Type) -> bool {
    matches!(ty.base, BaseType::List(_))
}

fn kind<'c>(types: &'c [TypeDefinition], name: &str) -> Option<&'c TypeKind> {
    types.iter().find(|definition| definition.name.node == name).map(|definition| &definition.kind)
}

/// The ways to text below a value of this type.
fn texts(types: &[TypeDefinition], ty: &Type, way: &[String], found: &mut Vec<Vec<String>>) {
    match kind(types, named(ty)) {
        Some(TypeKind::InputObject(input)) => {
            for field in &input.fields {
                let way = [way, &[field.node.name.node.to_string()]].concat();
                texts(types, &field.node.ty.node, &way, found);
            }
        }
        Some(TypeKind::Enum(_)) => {}
        _ if matches!(named(ty), "Int" | "Boolean" | "Float") => {}
        _ => found.push(way.to_vec()),
    }
}

fn slots(types: &[TypeDefinition]) -> Vec<Slot<'_>> {
    let roots =
        types.iter().filter(|it| ["Query", "Mutation", "Subscription"].contains(&it.name.node.as_str()));
    let mut slots = Vec::new();
    for definition in roots {
        for field in fields(definition) {
            let mut ways = Vec::new();
            for argument in &field.arguments {
                texts(types, &argument.node.ty.node, &[argument.node.name.node.to_string()], &mut ways);
            }
            slots.extend(ways.into_iter().map(|path| Slot { root: &definition.name.node, field, path }));
        }
    }
    slots
}

/// Ids that lead somewhere.
struct Known {
    task: Value,
    comment: Value,
    person: Value,
    cursor: String,
}

/// A value that the place takes, with the text at the way where there is one.
fn value(
    types: &[TypeDefinition],
    known: &Known,
    name: &str,
    ty: &Type,
    way: Option<&[String]>,
    text: &str,
) -> Value {
    let value = match (kind(types, named(ty)), way) {
        (Some(TypeKind::InputObject(input)), _) => {
            let mut object = Map::new();
            for field in &input.fields {
                let name = field.node.name.node.to_string();
                let ty = &field.node.ty.node;
                let within = way
                    .and_then(|way| way.split_first())
                    .filter(|(next, _)| **next == name)
                    .map(|(_, rest)| rest);
                if within.is_some() || !ty.nullable {
                    object.insert(name.clone(), self::value(types, known, &name, ty, within, text));
                }
            }
            Value::Object(object)
        }
        (_, Some(_)) => json!(text),
        (Some(TypeKind::Enum(members)), None) => json!(members.values[0].node.value.node.as_str()),
        (_, None) => match (named(ty), name) {
            ("Int", _) => json!(1),
            ("Boolean", _) => json!(true),
            ("Date", _) => json!("2026-12-01"),
            ("DateTime", _) => json!("2026-12-01T15:00:00Z"),
            ("Cursor", _) => json!(known.cursor),
            ("ID", "assigneeId") => known.person.clone(),
            ("ID", "comment") => known.comment.clone(),
            ("ID", _) => known.task.clone(),
            (_, "email") => json!("text@example.ru"),
            (_, "timeZone") => json!("UTC"),
            _ => json!(PASSWORD),
        },
    };
    if is_list(ty) { json!([value]) } else { value }
}

fn request(types: &[TypeDefinition], known: &Known, slot: &Slot<'_>, text: &str) -> (String, Value) {
    let (mut declared, mut given, mut variables) = (Vec::new(), Vec::new(), Map::new());
    for argument in &slot.field.arguments {
        let name = argument.node.name.node.to_string();
        let ty = &argument.node.ty.node;
        let way = slot.path.split_first().filter(|(next, _)| **next == name).map(|(_, rest)| rest);
        if way.is_none() && ty.nullable {
            continue;
        }
        declared.push(format!("${name}: {ty}"));
        given.push(format!("{name}: ${name}"));
        let hint =
            if slot.field.name.node.starts_with("comment") && name == "id" { "comment" } else { &name };
        variables.insert(name.clone(), value(types, known, hint, ty, way, text));
    }
    let output = kind(types, named(&slot.field.ty.node));
    let has_errors = matches!(output, Some(TypeKind::Object(object)) if object.fields.iter().any(|it| it.node.name.node == "userErrors"));
    let selection = match output {
        Some(TypeKind::Object(_)) if has_errors => " { userErrors { code field message } }",
        Some(TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_)) => " { __typename }",
        _ => "",
    };
    let root = slot.root.to_lowercase();
    let field = &slot.field.name.node;
    (
        format!("{root} ({}) {{ {field}({}){selection} }}", declared.join(", "), given.join(", ")),
        Value::Object(variables),
    )
}

async fn answered(world: &World, person: Option<&Person>, document: &str, variables: Value) -> Value {
    let asker = match person {
        Some(person) => person.asker().await,
        None => Asker {
            viewer: None,
            locale: Locale::Ru,
            address: "127.0.0.1".to_owned(),
            device: "a test".to_owned(),
            refresh_cookie: None,
        },
    };
    let request = Request::new(document).variables(Variables::from_json(variables)).data(asker);
    let response = if document.starts_with("subscription") {
        let connection =
            person.map(|person| world.app.hub.connect(person.user, person.session, 100).unwrap());
        let request = match &connection {
            Some(connection) => request.data(connection.handle()),
            None => request,
        };
        poll_immediate(world.schema.execute_stream(request).next()).await.flatten().unwrap_or_default()
    } else {
        world.schema.execute(request).await
    };
    serde_json::to_value(response).unwrap()
}

/// Held to the form of an answer that a person or a program can do something with.
fn is_right(answer: &Value, slot: &Slot<'_>, text: &str) -> bool {
    let of_argument = |text: &Value| {
        let names = slot.path.last().into_iter().chain(slot.path.first());
        names.into_iter().any(|name| text.as_str().is_some_and(|text| text.contains(name.as_str())))
    };
    let errors = answer["errors"].as_array().cloned().unwrap_or_default();
    let known = ["BAD_USER_INPUT", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "RATE_LIMITED"];
    let are_known = errors.iter().all(|error| {
        let code = error["extensions"]["code"].as_str().unwrap_or("none");
        known.contains(&code)
            && (code != "BAD_USER_INPUT" || !text.contains('\0') || of_argument(&error["message"]))
    });
    let mended = answer["data"]
        .as_object()
        .into_iter()
        .flat_map(Map::values)
        .filter_map(|field| field["userErrors"].as_array());
    let are_named =
        mended.flatten().all(|error| error["field"].as_array().is_some_and(|field| !field.is_empty()));
    are_known && are_named
}

both_databases! {
    async fn no_text_anywhere_is_an_error_of_ours(world: World) {
        let types = types();
        let slots = slots(&types);
        let places: BTreeSet<String> = slots.iter().map(|slot| format!("{}.{}", slot.field.name.node, slot.path.join("."))).collect();
        for place in ["users.filter.text", "taskCreate.input.title", "login.input.email", "tasks.filter.happened.from", "taskEvents.after"] {
            assert!(places.contains(place), "{place}: {places:?}");
        }
        assert!(places.len() > 60, "{places:?}");
        let petr = world.manager().await;
        for role in [None, Some(Role::Manager), Some(Role::Supervisor), Some(Role::Admin)] {
            let person = match role {
                Some(role) => Some(world.person("Кто-то", role).await),
                None => None,
            };
            let setter = world.supervisor().await;
            let set = setter.creates(task().for_(person.as_ref().unwrap_or(&petr))).await;
            let said = setter.says(&set, "Начало").await.done();
            let known = Known {
                task: set["id"].clone(),
                comment: said["comment"]["id"].clone(),
                person: json!(petr.id()),
                cursor: petr.live_cursor().await,
            };
            for slot in &slots {
                for text in TEXTS {
                    let (document, variables) = request(&types, &known, slot, text);
                    let answer = answered(&world, person.as_ref(), &document, variables.clone()).await;
                    assert!(is_right(&answer, slot, text), "{role:?}: {document} {variables}: {answer}");
                }
            }
            // Places below the roots, all of them cursors; and cursors that somebody made.
            for after in ["\0", "eyJ0IjoiXHUwMDAwIn0", "IlwAIg", "IlxcdTAwMDAi", "eyJUaXRsZSI6WyJcdTAwMDAiLDFdfQ"] {
                for document in [
                    "query ($after: String) { tasks { nodes { history(after: $after) { nodes { __typename } } } } }",
                    "query ($after: String) { tasks { nodes { comments(after: $after) { nodes { __typename } } } } }",
                    "query ($after: String) { tasks(orderBy: { field: TITLE, direction: ASC }, after: $after) { nodes { id } } }",
                    "query ($after: String) { users(after: $after) { nodes { id } } }",
                    "query ($after: String) { notifications(after: $after) { nodes { id } } }",
                ] {
                    let answer = answered(&world, person.as_ref(), document, json!({ "after": after })).await;
                    assert!(!answer.to_string().contains("INTERNAL"), "{role:?}: {document} {after}: {answer}");
                }
            }
        }
    }

    async fn nothing_of_a_document_runs_before_all_of_its_values_were_looked_at(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let before = world.rows().await;
        let create = format!("taskCreate(input: {{ title: \"Первая\", assigneeId: {:?} }}) {{ task {{ id }} }}", petr.id());
        let second = |input: &str| format!("taskCreate(input: {{ title: \"Вторая\", assigneeId: {:?}, {input} }}) {{ task {{ id }} }}", petr.id());
        let moves = |arguments: &str| format!("taskDeadlineChange(id: {:?}, {arguments}) {{ task {{ id }} }}", petr.id());
        let cases = [
            (String::new(), second("deadline: \"завтра\""), json!({})),
            (String::new(), second("priority: URGENT"), json!({})),
            (String::new(), moves("version: 2147483648"), json!({})),
            (String::new(), moves("version: 1, deadline: 1"), json!({})),
            ("($of: DateTime)".to_owned(), second("deadline: $of"), json!({ "of": "завтра" })),
            ("($of: Int!)".to_owned(), moves("version: $of"), json!({ "of": 2_147_483_648_i64 })),
            ("($of: Int!)".to_owned(), moves("version: $of"), json!({})),
            ("($of: TaskPriority)".to_owned(), second("priority: $of"), json!({ "of": "URGENT" })),
            ("($of: Boolean = true)".to_owned(), second("requiresReview: $of"), json!({ "of": 1 })),
        ];
        for (declared, second, variables) in cases {
            let document = format!("mutation {declared} {{ first: {create} second: {second} }}");
            let answer = anna.asks(&document, variables.clone()).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{document} {variables}");
            assert_eq!(world.rows().await, before, "{document} {variables}");
        }
    }

    async fn an_address_is_one_however_it_is_pasted(world: World) {
        let mut device = Device::of(&world);
        let of = |email: &str| {
            let mut input = registration("anna");
            input["email"] = json!(email);
            input
        };
        let made = device.registers(of("Анна <Anna@Example.RU>;")).await.done();
        assert_eq!(made["viewer"]["email"], "anna@example.ru");
        for taken in ["\u{feff}anna@example.ru", "anna@example.ru\u{200b}", "mailto:anna@example.ru", "<anna@example.ru>"] {
            assert_eq!(device.registers(of(taken)).await.mend(), ["TAKEN at input.email"], "{taken:?}");
            Device::of(&world).logs_in(taken, PASSWORD).await.done();
        }
        for wrong in ["anna@example.ru, petr@example.ru", "anna@[127.0.0.1]", "an,na@example.ru", "anna@xn--a.ru"] {
            assert_eq!(device.registers(of(wrong)).await.mend(), ["INVALID at input.email"], "{wrong:?}");
        }
        let yuri = device.registers(of("yuri@xn--80a1acny.xn--p1ai")).await.done();
        assert_eq!(yuri["viewer"]["email"], "yuri@почта.рф");
        assert_eq!(device.registers(of("Yuri@ПОЧТА.рф")).await.mend(), ["TAKEN at input.email"]);
        for same in ["yuri@почта.рф", "yuri@xn--80a1acny.xn--p1ai"] {
            Device::of(&world).logs_in(same, PASSWORD).await.done();
        }
        let olga = world.admin().await;
        for text in ["xn--80a1acny", "yuri@xn--80a1acny.xn--p1ai", "Почта", "<yuri@почта.рф>"] {
            let found = olga.asks("query ($text: String) { users(filter: { text: $text }) { nodes { email } } }", json!({ "text": text })).await;
            assert_eq!(found.ok()["users"]["nodes"], json!([{ "email": "yuri@почта.рф" }]), "{text}");
        }
    }

    async fn accounts_and_keys_of_earlier_versions_come_into_their_form_and_nobody_is_lost(world: World) {
        let mut names = Vec::new();
        for name in ["first", "second", "third", "fourth"] {
            Device::of(&world).registers(registration(name)).await.done();
            names.push(format!("{name}@example.ru"));
        }
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        let sql = |text: String| Statement::from_string(world.app.db.backend(), text);
        let write = world.app.db.write().await.unwrap();
        let earlier = ["a@b.ru;", "<a@b.ru>", "yuri@xn--80a1acny.xn--p1ai", "petr@b.ru"];
        for (name, email) in names.iter().zip(earlier) {
            write.execute_raw(sql(format!("UPDATE users SET email = '{email}' WHERE email = '{name}'"))).await.unwrap();
        }
        let stressed = format!("UPDATE tasks SET title = 'За\u{301}мок', title_key = 'за\u{301}мок' WHERE id = {}", set["number"]);
        write.execute_raw(sql(stressed)).await.unwrap();
        let soft = format!("UPDATE users SET name = 'Ан\u{ad}на', name_key = 'ан\u{ad}на' WHERE id = {}", anna.user.0);
        write.execute_raw(sql(soft)).await.unwrap();
        write.commit().await.unwrap();

        let url = match &world.location {
            Location::Sqlite(file) => format!("sqlite://{}", file.display()),
            Location::Postgres { url, .. } => url.clone(),
        };
        let connection = sea_orm::Database::connect(url).await.unwrap();
        let last = Migrator::migrations().iter().position(|it| it.name() == "m20261201_000009_folded").unwrap();
        let steps = u32::try_from(Migrator::migrations().len() - last).unwrap();
        Migrator::down(&connection, Some(steps)).await.unwrap();
        Migrator::up(&connection, None).await.unwrap();

        let people = user::Entity::find().all(world.app.db.reads()).await.unwrap();
        let emails: BTreeSet<&str> = people.iter().map(|it| it.email.as_str()).collect();
        for email in ["a@b.ru", "<a@b.ru>", "yuri@почта.рф", "petr@b.ru"] {
            assert!(emails.contains(email), "{email}: {emails:?}");
        }
        assert_eq!(people.iter().find(|it| it.id == anna.user).unwrap().name_key, "анна");
        let row = task_row::Entity::find().one(world.app.db.reads()).await.unwrap().unwrap();
        assert_eq!(row.title_key, "замок");
        for (typed, name) in [("a@b.ru", "first"), ("a@b.ru;", "first"), ("<a@b.ru>", "second"), ("yuri@почта.рф", "third")] {
            let signed_in = Device::of(&world).logs_in(typed, PASSWORD).await.done();
            assert_eq!(signed_in["viewer"]["name"], name, "{typed}");
        }
    }

    async fn lists_find_text_however_its_letters_are_written(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let find = async |text: &str| {
            let document = "query ($text: String) { tasks(filter: { text: $text }) { nodes { title } } }";
            let found = anna.asks(document, json!({ "text": text })).await.ok();
            found["tasks"]["nodes"].as_array().unwrap().len()
        };
        let set = anna.creates(task().for_(&petr).titled("За\u{301}мок до\u{ad}говора\tи\nраи\u{306}он Résumé")).await;
        assert_eq!(set["title"], "За\u{301}мок договора и район Résumé");
        for text in ["замок", "за\u{301}мок", "договора", "до\u{ad}гово", "район", "раи\u{306}он", "resume", "re\u{301}sume\u{301}"] {
            assert_eq!(find(text).await, 1, "{text:?}");
        }
        assert_eq!(find("раион").await, 0, "й is not и");
    }
}
