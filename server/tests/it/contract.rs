//! The contract itself, as it is printed: what it says of every part, and what it lets nobody say.

use std::collections::BTreeSet;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};

/// The types of the printed contract.
pub(crate) fn types() -> Vec<TypeDefinition> {
    let printed = parse_schema(server::graphql::sdl()).unwrap();
    printed
        .definitions
        .into_iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(definition.node),
            TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
        })
        .collect()
}

/// The fields of an object or interface.
pub(crate) fn fields(definition: &TypeDefinition) -> Vec<&FieldDefinition> {
    match &definition.kind {
        TypeKind::Object(object) => object.fields.iter().map(|field| &field.node).collect(),
        TypeKind::Interface(interface) => interface.fields.iter().map(|field| &field.node).collect(),
        TypeKind::Scalar | TypeKind::Union(_) | TypeKind::Enum(_) | TypeKind::InputObject(_) => Vec::new(),
    }
}

/// Every value that a client can send, by its path: `Type.field(argument)` or `Input.field`.
fn inputs(types: &[TypeDefinition]) -> Vec<(String, &InputValueDefinition)> {
    let mut inputs = Vec::new();
    for definition in types {
        let name = &definition.name.node;
        for field in fields(definition) {
            for argument in &field.arguments {
                let path = format!("{name}.{}({})", field.name.node, argument.node.name.node);
                inputs.push((path, &argument.node));
            }
        }
        if let TypeKind::InputObject(input) = &definition.kind {
            for field in &input.fields {
                inputs.push((format!("{name}.{}", field.node.name.node), &field.node));
            }
        }
    }
    inputs
}

#[test]
fn every_part_of_the_contract_says_what_it_is() {
    let types = types();
    let mut silent = Vec::new();
    let mut check = |path: String, description: Option<&str>| {
        if description.is_none_or(|text| text.trim().is_empty()) {
            silent.push(path);
        }
    };
    for definition in &types {
        let name = definition.name.node.to_string();
        let description = definition.description.as_ref().map(|text| text.node.as_str());
        // The roots speak through their fields.
        if !["Query", "Mutation", "Subscription"].contains(&name.as_str()) {
            check(name.clone(), description);
        }
        for field in fields(definition) {
            let path = format!("{name}.{}", field.name.node);
            check(path, field.description.as_ref().map(|text| text.node.as_str()));
        }
        if let TypeKind::Enum(members) = &definition.kind {
            for member in &members.values {
                let path = format!("{name}.{}", member.node.value.node);
                check(path, member.node.description.as_ref().map(|text| text.node.as_str()));
            }
        }
    }
    for (path, input) in inputs(&types) {
        check(path, input.description.as_ref().map(|text| text.node.as_str()));
    }
    assert_eq!(silent, [""; 0]);
}

#[test]
fn roles_and_owners_are_in_no_input_but_those_made_for_them() {
    let types = types();
    let speaks_of_people = |path: &str| {
        let last = path.rsplit(['.', '(']).next().unwrap().to_lowercase();
        ["role", "active", "assignee", "creator", "author", "owner", "user", "recipient", "actor", "session"]
            .iter()
            .any(|word| last.contains(word))
    };
    let found: BTreeSet<String> =
        inputs(&types).into_iter().map(|(path, _)| path).filter(|path| speaks_of_people(path)).collect();
    let made_for_them = [
        "Mutation.taskAssign(assigneeId)",
        "Mutation.userActiveChange(active)",
        "Mutation.userRoleChange(role)",
        "Query.statistics(assigneeIds)",
        "StatisticsExportInput.assigneeIds",
        "TaskCreateInput.assigneeId",
        "TaskFilter.assigneeIds",
        "TaskFilter.creatorIds",
        "UserFilter.active",
        "UserFilter.roles",
        "UserInviteInput.role",
    ];
    assert_eq!(found, made_for_them.map(ToOwned::to_owned).into());
}

#[test]
fn the_contract_in_the_repository_is_the_one_that_is_served() {
    let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql")).unwrap();
    assert!(kept == server::graphql::sdl(), "schema.graphql is old; `cargo xtask schema` writes it anew");
}
