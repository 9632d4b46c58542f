//! What each kind of value is told, and that nothing of the contract is left without a judge.

use serde_json::{Value as Json, json};

use super::*;

fn coerced(document: &str, variables: Json) -> Result<(ExecutableDocument, Variables), Vec<String>> {
    let mut document = async_graphql::parser::parse_query(document).unwrap();
    match coerce(&mut document, None, Variables::from_json(variables)) {
        Ok(variables) => Ok((document, variables)),
        Err(faults) => Err(faults.into_iter().map(|fault| fault.message).collect()),
    }
}

fn told(document: &str, variables: Json) -> Vec<String> {
    coerced(document, variables).err().unwrap_or_default()
}

#[test]
fn every_scalar_of_the_contract_has_a_judge() {
    for scalar in CONTRACT.scalars() {
        let problem = scalar::judge(scalar, &Value::List(vec![])).unwrap_err();
        assert!(!problem.ends_with("is not read"), "{scalar}: {problem}");
    }
    assert!(CONTRACT.field("Mutation", "taskCreate").is_some());
    assert!(CONTRACT.directive("include").is_some());
}

#[test]
fn variables_are_held_to_their_types() {
    let of = |ty: &str, value: Json| {
        told(&format!("query ($v: {ty}) {{ viewer {{ id }} }}"), json!({ "v": value }))
    };
    let cases = [
        ("Int!", json!(2_147_483_648_i64), "$v: "),
        ("Int", json!("1"), "$v: "),
        ("Int", json!(1.5), "$v: "),
        ("Boolean", json!(0), "$v: "),
        ("String", json!(1), "$v: "),
        ("ID", json!(1.5), "$v: "),
        ("ID!", json!(null), "$v: expected type \"ID!\""),
        ("DateTime", json!("завтра"), "$v: "),
        ("Date", json!("2026-02-30"), "$v: "),
        ("Date", json!("12026-02-03"), "$v: "),
        ("Date", json!("+2026-1-1"), "$v: "),
        ("Cursor", json!("?"), "$v: "),
        ("Role", json!("KING"), "$v: expected type \"Role\""),
        ("Role", json!(["ADMIN"]), "$v: expected type \"Role\""),
        ("[Role!]", json!(["ADMIN", null]), "$v[1]: expected type \"Role!\""),
        ("TaskFilter", json!("x"), "$v: expected type \"TaskFilter\""),
        ("TaskFilter", json!({ "of": 1 }), "$v.of: \"TaskFilter\" has no such field"),
        (
            "TaskFilter",
            json!({ "happened": { "what": "CREATED", "from": "2026-12-01T00:00:00Z" } }),
            "$v.happened.to: is required",
        ),
        ("[TaskFilter!]!", json!([{}, { "deadlineFrom": 1 }]), "$v[1].deadlineFrom: "),
        ("TaskFilter", json!({ "text": "a\0b" }), "$v.text: has the character U+0000, which no text has"),
    ];
    for (ty, value, problem) in cases {
        let told = of(ty, value.clone());
        assert!(matches!(&told[..], [only] if only.starts_with(problem)), "{ty} {value}: {told:?}");
    }
    let right = [
        ("Int", json!(null)),
        ("Int", json!(-2_147_483_648_i64)),
        ("ID", json!(7)),
        ("[Role!]", json!("ADMIN")),
        ("[TaskFilter!]!", json!({ "statuses": ["NEW"], "deadlineTo": "2026-12-01T15:00:00+03:00" })),
        ("NothingOfTheKind", json!(1)),
    ];
    for (ty, value) in right {
        assert_eq!(of(ty, value), [""; 0]);
    }
    assert_eq!(told("query ($v: Int!) { viewer { id } }", json!({})), ["The variable $v is required."]);
    assert_eq!(told("query ($v: Int! = 1, $w: Int) { viewer { id } }", json!({})), [""; 0]);
    assert_eq!(told("query ($v: Role = KING) { viewer { id } }", json!({})).len(), 1, "its default");
}

#[test]
fn what_stands_in_the_document_is_held_to_its_place() {
    let create = |input: &str| {
        told(&format!("mutation {{ taskCreate(input: {{ {input} }}) {{ task {{ id }} }} }}"), json!({}))
    };
    assert_eq!(create(r#"title: "a", assigneeId: "x", priority: HIGH"#), [""; 0]);
    let cases = [
        (r#"title: 1, assigneeId: "x""#, "taskCreate: input.title: "),
        (r#"assigneeId: "x""#, "taskCreate: input.title: is required"),
        (r#"title: "a", assigneeId: "x", priority: "HIGH""#, "taskCreate: input.priority: expected type"),
        (r#"title: "a", assigneeId: "x", priority: URGENT"#, "taskCreate: input.priority: expected type"),
        (r#"title: "a", assigneeId: "x", deadline: "завтра""#, "taskCreate: input.deadline: "),
        (r#"title: "a", assigneeId: "x", deadline: {}"#, "taskCreate: input.deadline: "),
        (r#"title: null, assigneeId: "x""#, "taskCreate: input.title: expected type"),
        (r#"title: "a", assigneeId: "x", creatorId: "x""#, "taskCreate: input.creatorId: "),
    ];
    for (input, problem) in cases {
        let told = create(input);
        assert!(matches!(&told[..], [only] if only.starts_with(problem)), "{input}: {told:?}");
    }
    // In fragments, directives, and fields of fields; once for each fragment, however often it is spread.
    let deep = "{ tasks { nodes { ...A ...A } } viewer @skip(if: 1) { id } users(first: 99999999999) { nodes { id } } }
        fragment A on Task { history(first: \"x\") { nodes { __typename } } ... on Task { comments(after: 5) { nodes { id } } } }";
    assert_eq!(told(deep, json!({})).len(), 4);
    let null = "query ($t: String = \"a\") { tasks(filter: { happened: { what: CREATED, from: $t, to: $t } }) { totalCount } }";
    assert_eq!(told(null, json!({ "t": null })).len(), 2, "a variable that is null after all");
}

#[test]
fn both_of_two_mutations_are_looked_at_first_and_faults_are_bounded() {
    let two = "mutation { a: taskDelete(id: 1, version: 1) { deletedId } b: taskDelete(id: 1, version: 3000000000) { deletedId } }";
    assert_eq!(told(two, json!({})).len(), 1);
    let many: Vec<Json> = (0..10_000).map(|_| json!({ "of": 1 })).collect();
    assert_eq!(
        told("query ($v: [TaskFilter!]!) { taskCounts(filters: $v) }", json!({ "v": many })).len(),
        FAULTS
    );
}

#[test]
fn text_is_composed_and_passwords_are_as_they_were_typed() {
    let document = "mutation ($input: RegisterInput!) { register(input: $input) { viewer { id } }
        commentAdd(taskId: 1, body: \"и\u{306}\") { comment { id } } }";
    let input = json!({ "name": "Андреи\u{306}", "email": "a@b.ru", "password": "пароли\u{306}" });
    let (document, variables) = coerced(document, json!({ "input": input })).unwrap();
    let input = variables["input"].clone().into_json().unwrap();
    assert_eq!((&input["name"], &input["password"]), (&json!("Андрей"), &json!("пароли\u{306}")));
    assert!(format!("{document:?}").contains("\"й\""));
    // Told by its command, in the person's language.
    let told_later = "mutation { commentAdd(taskId: 1, body: \"a\\u0000\") { comment { id } } }";
    assert_eq!(told(told_later, json!({})), [""; 0]);
}
