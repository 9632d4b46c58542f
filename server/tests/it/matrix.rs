//! Who may ask for what: every field of the roots, and every field that the contract guards, by each role. The rows are found
//! in the contract: one that the table here lacks fails the test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use async_graphql::Positioned;
use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeDefinition, TypeKind};
use async_graphql::{Request, Response};
use domain::Role;
use futures_util::StreamExt;
use futures_util::future::poll_immediate;
use serde_json::{Value, json};
use server::db::columns::Locale;
use server::graphql::context::Asker;

use crate::contract::{fields, types};
use crate::world::{Person, World, both_databases, task};

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    /// Whoever comes.
    Everyone,
    /// Whoever brings a token that is good: the answer to any other is the same for all.
    ByToken,
    /// Whoever is signed in. What they are answered is theirs: see the tests of each feature.
    SignedIn,
    /// Administrators and supervisors.
    Supervisors,
    /// Administrators.
    Administrators,
}

use May::{Administrators, ByToken, Everyone, SignedIn, Supervisors};

/// The fields of the roots.
const ROOTS: &[(&str, May)] = &[
    ("Query.viewer", Everyone),
    ("Query.server", Everyone),
    ("Query.company", SignedIn),
    ("Query.node", SignedIn),
    ("Query.nodes", SignedIn),
    ("Query.task", SignedIn),
    ("Query.tasks", SignedIn),
    ("Query.taskCounts", SignedIn),
    ("Query.calendar", SignedIn),
    ("Query.notifications", SignedIn),
    ("Query.statistics", SignedIn),
    ("Query.users", Supervisors),
    ("Query.invitations", Administrators),
    ("Query.taskSearch", Administrators),
    ("Mutation.register", Everyone),
    ("Mutation.login", Everyone),
    ("Mutation.refresh", ByToken),
    ("Mutation.passwordReset", Everyone),
    ("Mutation.logout", SignedIn),
    ("Mutation.passwordChange", SignedIn),
    ("Mutation.profileUpdate", SignedIn),
    ("Mutation.sessionEnd", SignedIn),
    ("Mutation.sessionEndOthers", SignedIn),
    ("Mutation.userRoleChange", Administrators),
    ("Mutation.userActiveChange", Administrators),
    ("Mutation.companyUpdate", Administrators),
    ("Mutation.userInvite", Administrators),
    ("Mutation.invitationRevoke", Administrators),
    ("Mutation.userPasswordResetLink", Administrators),
    ("Mutation.taskCreate", Supervisors),
    ("Mutation.taskUpdate", Supervisors),
    ("Mutation.taskDeadlineChange", Supervisors),
    ("Mutation.taskAssign", Supervisors),
    ("Mutation.taskDelete", Supervisors),
    ("Mutation.taskRestore", Supervisors),
    ("Mutation.taskTransition", SignedIn),
    ("Mutation.commentAdd", SignedIn),
    ("Mutation.commentUpdate", SignedIn),
    ("Mutation.commentDelete", SignedIn),
    ("Mutation.notificationRead", SignedIn),
    ("Mutation.notificationReadAll", SignedIn),
    ("Mutation.statisticsExport", Supervisors),
    ("Subscription.taskEvents", SignedIn),
    ("Subscription.notificationReceived", SignedIn),
];

/// The guarded fields of other types: whether an administrator is shown another's, and everyone their own.
const GUARDED: &[(&str, bool, bool)] = &[
    ("User.email", true, true),
    ("User.active", true, false),
    ("User.lastSeenAt", true, true),
    ("User.profile", false, true),
    ("User.sessions", true, true),
];

/// What lists of people and things can be narrowed and ordered by, where it says something that a field of that name would refuse.
/// Whoever may not see the field must not find out by asking for a list: see the tests of each.
const FILTERS: &[(&str, May)] = &[("UserFilter.active", Administrators)];

const ROLES: [(&str, Option<Role>); 4] = [
    ("nobody", None),
    ("MANAGER", Some(Role::Manager)),
    ("SUPERVISOR", Some(Role::Supervisor)),
    ("ADMIN", Some(Role::Admin)),
];

impl May {
    /// What the role is answered: a code, or that it passes.
    fn answer(self, role: Option<Role>) -> &'static str {
        let allowed = match (self, role) {
            (Everyone, _) => true,
            (ByToken, _) | (_, None) => return "UNAUTHENTICATED",
            (SignedIn, Some(_)) => true,
            (Supervisors, Some(role)) => role != Role::Manager,
            (Administrators, Some(role)) => role == Role::Admin,
        };
        if allowed { "passes" } else { "FORBIDDEN" }
    }

    /// What the contract says in brackets before a field that this one may ask for.
    fn brackets(self) -> &'static [&'static str] {
        match self {
            Everyone | ByToken => &["[public]"],
            SignedIn => &[
                "",
                "[its author]",
                "[its author, ADMIN]",
                "[ADMIN, SUPERVISOR: everyone's. MANAGER: their own.]",
            ],
            Supervisors => &["[ADMIN, SUPERVISOR]", "[ADMIN, its creator]"],
            Administrators => &["[ADMIN]"],
        }
    }
}

/// Every field of the roots, in the order of the contract.
fn roots(types: &[TypeDefinition]) -> Vec<(String, &FieldDefinition)> {
    let of_root = |definition| {
        fields(definition)
            .into_iter()
            .map(move |field| (format!("{}.{}", definition.name.node, field.name.node), field))
    };
    types.iter().filter(|definition| is_root(definition)).flat_map(of_root).collect()
}

/// What the contract says in brackets of who may ask for the field.
fn brackets(field: &FieldDefinition) -> &str {
    let text = field.description.as_ref().map_or("", |text| text.node.trim());
    if text.starts_with('[') { &text[..=text.find(']').unwrap()] } else { "" }
}

/// A document that asks for the field alone, with what it needs at the least.
fn document(types: &[TypeDefinition], path: &str, field: &FieldDefinition, cursor: &str) -> String {
    let root = path.split('.').next().unwrap().to_lowercase();
    let needed: Vec<String> = field
        .arguments
        .iter()
        .filter(|argument| !argument.node.ty.node.nullable)
        .map(|argument| {
            format!("{}: {}", argument.node.name.node, value(types, &argument.node.ty.node, cursor))
        })
        .collect();
    let arguments = if needed.is_empty() { String::new() } else { format!("({})", needed.join(", ")) };
    let composite = kind(types, named(&field.ty.node)).is_some_and(|kind| {
        matches!(kind, TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_))
    });
    let selection = if composite { " { __typename }" } else { "" };
    format!("{root} {{ {}{arguments}{selection} }}", field.name.node)
}

fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => named(inner),
    }
}

fn kind<'a>(types: &'a [TypeDefinition], name: &str) -> Option<&'a TypeKind> {
    types.iter().find(|definition| definition.name.node == name).map(|definition| &definition.kind)
}

/// A value of the type, as a client would write it.
fn value(types: &[TypeDefinition], ty: &Type, cursor: &str) -> String {
    if let BaseType::List(_) = ty.base {
        return "[]".to_owned();
    }
    match (named(ty), kind(types, named(ty))) {
        ("Int", _) => "1".to_owned(),
        ("Boolean", _) => "true".to_owned(),
        ("Date", _) => "\"2026-12-01\"".to_owned(),
        ("DateTime", _) => "\"2026-12-01T15:00:00Z\"".to_owned(),
        ("Cursor", _) => format!("{cursor:?}"),
        (_, Some(TypeKind::Enum(members))) => members.values[0].node.value.node.to_string(),
        (_, Some(TypeKind::InputObject(input))) => {
            let needed = input.fields.iter().filter(|field| !field.node.ty.node.nullable).map(|field| {
                format!("{}: {}", field.node.name.node, value(types, &field.node.ty.node, cursor))
            });
            format!("{{ {} }}", needed.collect::<Vec<String>>().join(", "))
        }
        _ => "\"x\"".to_owned(),
    }
}

/// Asks as somebody, or as nobody; a subscription until it is answered or listens.
async fn asks(world: &World, person: Option<&Person>, document: &str) -> Option<Response> {
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
    let request = Request::new(document).data(asker);
    if !document.starts_with("subscription") {
        return Some(world.schema.execute(request).await);
    }
    let connection = person.map(|person| world.app.hub.connect(person.user, person.session, 10).unwrap());
    let request = match &connection {
        Some(connection) => request.data(connection.handle()),
        None => request,
    };
    poll_immediate(world.schema.execute_stream(request).next()).await.flatten()
}

/// What was answered: a refusal's code, or that it passed.
fn verdict(response: Option<Response>) -> String {
    let errors = response.map(|response| response.errors).unwrap_or_default();
    let codes: Vec<Value> = errors
        .iter()
        .map(|error| serde_json::to_value(error).unwrap()["extensions"]["code"].clone())
        .collect();
    assert!(!codes.contains(&json!("INTERNAL")), "{errors:?}");
    let refusal =
        codes.iter().filter_map(Value::as_str).find(|code| ["UNAUTHENTICATED", "FORBIDDEN"].contains(code));
    refusal.unwrap_or("passes").to_owned()
}

#[test]
fn the_contract_says_in_brackets_who_may() {
    let types = types();
    let mut expected: BTreeMap<&str, May> = ROOTS.iter().copied().collect();
    assert_eq!(expected.len(), ROOTS.len(), "one row a field");
    for (path, field) in roots(&types) {
        let may = expected.remove(path.as_str());
        let may = may.unwrap_or_else(|| panic!("{path} is not in the matrix"));
        assert!(may.brackets().contains(&brackets(field)), "{path} is for {may:?}, {:?}", brackets(field));
    }
    assert_eq!(expected, BTreeMap::new(), "the contract has no such field");

    let mut guarded: Vec<&str> = GUARDED.iter().map(|(path, ..)| *path).collect();
    for definition in types.iter().filter(|definition| !is_root(definition)) {
        for field in fields(definition).into_iter().filter(|field| !brackets(field).is_empty()) {
            let path = format!("{}.{}", definition.name.node, field.name.node);
            let known = guarded.iter().position(|known| *known == path);
            guarded.remove(known.unwrap_or_else(|| panic!("{path} is not in the matrix")));
            assert!(field.ty.node.nullable, "a refusal of {path} must not take its parent with it");
        }
    }
    assert_eq!(guarded, [""; 0], "the contract has no such guarded field");
}

#[test]
fn no_filter_and_no_order_says_what_a_field_refuses() {
    let types = types();
    let guarded: Vec<&str> = GUARDED.iter().map(|(path, ..)| path.split_once('.').unwrap().1).collect();
    let mut expected: BTreeMap<&str, May> = FILTERS.iter().copied().collect();
    let mut asked = |path: String, name: &str, description: &str| {
        if !guarded.iter().any(|field| name.eq_ignore_ascii_case(field)) {
            return;
        }
        let may = expected.remove(path.as_str()).unwrap_or_else(|| panic!("{path} is not in the matrix"));
        let brackets = may.brackets().iter().any(|brackets| description.trim().starts_with(brackets));
        assert!(brackets, "{path} is for {may:?}: {description}");
    };
    let text = |description: &Option<Positioned<String>>| {
        description.as_ref().map_or(String::new(), |text| text.node.clone())
    };
    let reachable = inputs_of_questions(&types);
    for definition in types.iter().filter(|definition| reachable.contains(definition.name.node.as_str())) {
        let name = &definition.name.node;
        if let TypeKind::InputObject(input) = &definition.kind {
            for field in input.fields.iter().map(|field| &field.node) {
                asked(format!("{name}.{}", field.name.node), &field.name.node, &text(&field.description));
            }
        }
        if let TypeKind::Enum(members) = &definition.kind {
            for member in members.values.iter().map(|member| &member.node) {
                let written = member.value.node.to_string();
                asked(format!("{name}.{written}"), &written.replace('_', ""), &text(&member.description));
            }
        }
    }
    for (path, field) in roots(&types).into_iter().filter(|(path, _)| path.starts_with("Query.")) {
        for argument in &field.arguments {
            let name = &argument.node.name.node;
            asked(format!("{path}({name})"), name, &text(&argument.node.description));
        }
    }
    assert_eq!(expected, BTreeMap::new(), "the contract has no such filter");
}

/// The types of what a query's arguments are made of.
fn inputs_of_questions(types: &[TypeDefinition]) -> BTreeSet<String> {
    let query = types.iter().find(|definition| definition.name.node == "Query").unwrap();
    let mut open: Vec<String> = fields(query)
        .into_iter()
        .flat_map(|field| field.arguments.iter().map(|argument| named(&argument.node.ty.node).to_owned()))
        .collect();
    let mut reachable = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(TypeKind::InputObject(input)) = kind(types, &name) {
            let inner = input.fields.iter().map(|field| named(&field.node.ty.node).to_owned());
            open.extend(inner.filter(|inner| !reachable.contains(inner)));
        }
        reachable.insert(name);
    }
    reachable
}

fn is_root(definition: &TypeDefinition) -> bool {
    ["Query", "Mutation", "Subscription"].contains(&definition.name.node.as_str())
}

both_databases! {
    async fn every_root_field_by_every_role(world: World) {
        let types = types();
        let expected: BTreeMap<&str, May> = ROOTS.iter().copied().collect();
        let cursor = world.manager().await.live_cursor().await;
        let mut table = String::new();
        for (path, field) in roots(&types) {
            let document = document(&types, &path, field, &cursor);
            write!(table, "{path:<34}").unwrap();
            for (name, role) in ROLES {
                // Somebody new each time: what they did before is not to matter.
                let person = match role {
                    Some(role) => Some(world.person(name, role).await),
                    None => None,
                };
                let answered = verdict(asks(&world, person.as_ref(), &document).await);
                assert_eq!(answered, expected[path.as_str()].answer(role), "{name}: {document}");
                write!(table, " {name}: {answered:<16}").unwrap();
            }
            table = format!("{}\n", table.trim_end());
        }
        insta::assert_snapshot!("roots", table);
    }

    async fn every_guarded_field_by_every_role(world: World) {
        // Whoever asks has a task from and one for the other, so that each may know of the other.
        let other = world.person("Вера Другова", Role::Supervisor).await;
        let mut table = String::new();
        for (path, administrators, own) in GUARDED {
            let (type_name, field) = path.split_once('.').unwrap();
            let selection = if matches!(field, "profile" | "sessions") { " { __typename }" } else { "" };
            let document =
                format!("query ($id: ID!) {{ node(id: $id) {{ ... on {type_name} {{ id {field}{selection} }} }} }}");
            write!(table, "{path:<16}").unwrap();
            for (name, role) in ROLES {
                let Some(role) = role else { continue };
                let person = world.person(name, role).await;
                other.creates(task().for_(&person)).await;
                for (whose, of) in [("another's", &other), ("their own", &person)] {
                    let answer = person.asks(&document, json!({ "id": of.id() })).await;
                    let shown = role == Role::Admin && *administrators
                        || whose == "their own" && *own;
                    assert_eq!(answer.codes(), if shown { vec![] } else { vec!["FORBIDDEN"] }, "{name}, {whose}: {path}");
                    let node = &answer.data["node"];
                    assert_eq!(node["id"], of.id(), "the parent stays");
                    assert!(shown || node[field].is_null() && node.as_object().unwrap().contains_key(field));
                    let verdict = if shown { "shown" } else { "FORBIDDEN" };
                    write!(table, " {name}, {whose}: {verdict:<10}").unwrap();
                }
            }
            table = format!("{}\n", table.trim_end());
        }
        insta::assert_snapshot!("guarded_fields", table);
    }
}
