//! The gate before validation: its limits, what they count, and that refusing takes no time (rows 10 and 12 of the security
//! requirements).

use std::time::{Duration, Instant};

use async_graphql::parser::types::OperationType;
use proptest::prelude::*;
use server::error::ErrorCode;
use server::graphql::gate::{
    ALIAS_BYTES, ALIASES, ARGUMENTS, Admitted, DEPTH, DIRECTIVES, FIELDS, NAMES, QUERY_BYTES, Rejection,
    VARIABLES, admit,
};

/// What the worst document may take to be refused.
const REFUSED_WITHIN: Duration = Duration::from_millis(100);

fn asked(query: &str) -> Result<Admitted, Rejection> {
    admit(query, None, false)
}

fn code(query: &str) -> ErrorCode {
    asked(query).unwrap_err().code()
}

fn what(query: &str) -> &'static str {
    let Rejection::TooMany { of, .. } = asked(query).unwrap_err() else { panic!("a limit was to be broken") };
    of
}

/// How long it takes to be refused. Other work on the machine only ever adds to it, so the best of three counts.
fn refusal_of(query: &str) -> Duration {
    let times = (0..3).map(|_| {
        let began = Instant::now();
        let _answer = admit(query, None, true);
        began.elapsed()
    });
    times.min().unwrap()
}

fn deep(levels: usize) -> String {
    format!("{}{}", "{ a ".repeat(levels), "}".repeat(levels))
}

#[test]
fn each_limit_lets_its_last_pass_and_refuses_the_next() {
    assert!(asked(&deep(DEPTH)).is_ok());
    assert_eq!(what(&deep(DEPTH + 1)), "levels of fields");

    let fields = |count: usize| format!("{{ {} }}", "a ".repeat(count));
    assert!(asked(&fields(FIELDS)).is_ok());
    assert_eq!(what(&fields(FIELDS + 1)), "fields");

    let aliases = |count: usize| {
        let fields: String = (0..count).map(|index| format!("a{index}: b ")).collect();
        format!("{{ {fields} }}")
    };
    assert!(asked(&aliases(ALIASES)).is_ok());
    assert_eq!(what(&aliases(ALIASES + 1)), "aliases");

    let directives = |count: usize| format!("{{ a {} }}", "@skip(if: false) ".repeat(count));
    assert!(asked(&directives(DIRECTIVES)).is_ok());
    assert_eq!(what(&directives(DIRECTIVES + 1)), "directives");

    let names = |count: usize| format!("{{ a(b: [{}]) }}", "C ".repeat(count - 2));
    assert!(asked(&names(NAMES)).is_ok());
    assert_eq!(what(&names(NAMES + 1)), "names");

    let alias = |bytes: usize| format!("{{ {}: b }}", "a".repeat(bytes));
    assert!(asked(&alias(ALIAS_BYTES)).is_ok());
    assert_eq!(what(&alias(ALIAS_BYTES + 1)), "bytes in an alias");

    let arguments = |count: usize| {
        let arguments: String = (0..count).map(|index| format!("b{index}: 1 ")).collect();
        format!("{{ a({arguments}) }}")
    };
    assert!(asked(&arguments(ARGUMENTS)).is_ok());
    assert_eq!(what(&arguments(ARGUMENTS + 1)), "arguments");

    let variables = |count: usize| {
        let variables: String = (0..count).map(|index| format!("$v{index}: Int ")).collect();
        format!("query ({variables}) {{ a }}")
    };
    assert!(asked(&variables(VARIABLES)).is_ok());
    assert_eq!(what(&variables(VARIABLES + 1)), "variables");

    let bytes = |count: usize| format!("{{ a }}{}", " ".repeat(count - 5));
    assert!(asked(&bytes(QUERY_BYTES)).is_ok());
    assert_eq!(what(&bytes(QUERY_BYTES + 1)), "bytes");
}

#[test]
fn what_a_fragment_holds_counts_wherever_it_is_spread() {
    let spread =
        |times: usize| format!("{{ {} }} fragment F on T {{ {} }}", "...F ".repeat(times), "a ".repeat(100));
    assert!(asked(&spread(4)).is_ok());
    assert_eq!(what(&spread(5)), "fields");

    let aliased = |times: usize| format!("{{ {} }} fragment F on T {{ x: a }}", "...F ".repeat(times));
    assert!(asked(&aliased(ALIASES)).is_ok());
    assert_eq!(what(&aliased(ALIASES + 1)), "aliases");

    let under = format!("{{ {{}} }} fragment F on T {deep}", deep = deep(DEPTH)).replace("{}", "a { ...F }");
    assert_eq!(what(&under), "levels of fields");
    let inline = format!("{{ a {{ ... on T {} }} }}", deep(DEPTH));
    assert_eq!(what(&inline), "levels of fields");
}

#[test]
fn a_document_signs_in_once_at_most() {
    let login = r#"login(input: { email: "a", password: "b" }) { accessToken }"#;
    let once = asked(&format!("mutation {{ {login} }}")).unwrap();
    assert!(once.signs_in);
    assert_eq!(once.kind, Some(OperationType::Mutation));

    let aliased: String = (0..10).map(|index| format!("a{index}: {login} ")).collect();
    assert_eq!(what(&format!("mutation {{ {aliased} }}")), "sign-ins");
    let mixed = format!("mutation {{ {login} refresh {{ accessToken }} }}");
    assert_eq!(what(&mixed), "sign-ins");
    let in_fragments = format!(
        "mutation {{ ...F ... on Mutation {{ {login} }} }} fragment F on Mutation {{ refresh {{ a }} }}"
    );
    assert_eq!(what(&in_fragments), "sign-ins");
    let in_two_operations = format!("mutation A {{ {login} }} mutation B {{ {login} }}");
    assert_eq!(what(&in_two_operations), "sign-ins");

    let elsewhere = asked("{ viewer { login refresh } }").unwrap();
    assert!(!elsewhere.signs_in, "a field of that name deeper down signs nobody in");
}

#[test]
fn each_field_of_a_mutation_is_a_change_whatever_it_is_called_and_what_it_shows_is_none() {
    let changes = |query: &str| asked(query).unwrap().changes;
    assert_eq!(changes("{ a: viewer { id } b: viewer { id } }"), 0);
    assert_eq!(changes("mutation { logout { userErrors { a: code b: code } } }"), 1);
    assert_eq!(changes("mutation { taskCreate { task { id } } taskUpdate { task { id } } }"), 2);
    assert_eq!(
        changes(
            "mutation { a: logout { x } ...F ... { c: logout { x } } } fragment F on Mutation { b: logout { x } }"
        ),
        3
    );
}

#[test]
fn introspection_is_refused_where_it_is_off_wherever_it_hides() {
    for query in [
        "{ __schema { types { name } } }",
        "{ __type(name: \"Task\") { name } }",
        "{ a ...F } fragment F on Query { ... on Query { x: __schema { types { name } } } }",
        "query A { a } query B { __schema { types { name } } }",
    ] {
        assert_eq!(asked(query).unwrap_err(), Rejection::Introspection, "{query}");
        assert!(admit(query, None, true).is_ok(), "{query}");
    }
    let unused = "{ a } fragment Unused on Query { __schema { types { name } } }";
    assert_eq!(asked(unused).unwrap_err(), Rejection::Introspection);
    assert!(asked("{ __typename tasks { __typename } }").is_ok());
    assert_eq!(Rejection::Introspection.code(), ErrorCode::Forbidden);
}

#[test]
fn the_query_of_graphiql_passes_where_introspection_is_on() {
    assert!(admit(INTROSPECTION, None, true).is_ok());
}

#[test]
fn introspection_has_an_end_as_well() {
    let types = |levels: usize| {
        format!(
            "{{ __schema {{ types {} }} }}",
            format!("{}name{}", "{ ofType ".repeat(levels), "}".repeat(levels))
                .replace("ofType name", "name")
        )
    };
    assert!(admit(&types(15), None, true).is_ok());
    assert!(matches!(admit(&types(30), None, true), Err(Rejection::TooMany { .. })));
}

#[test]
fn the_operation_that_would_run_is_named() {
    let query = "query A { __typename tasks { id } } mutation B { ...F } fragment F on Mutation { taskCreate { id } }";
    let chosen = admit(query, Some("B"), false).unwrap();
    assert_eq!(chosen.kind, Some(OperationType::Mutation));
    assert_eq!(chosen.root.unwrap().as_str(), "taskCreate");
    assert_eq!(admit(query, Some("A"), false).unwrap().root.unwrap().as_str(), "tasks");
    assert_eq!(admit(query, None, false).unwrap().kind, None);
    assert_eq!(admit(query, Some("C"), false).unwrap().kind, None);
}

#[test]
fn a_fragment_that_nothing_spreads_is_refused_before_all_that_is_wrong_in_it_is_named() {
    let query = format!("{{ a }} fragment Unused on T {{ {} }}", "x ".repeat(2_000));
    assert_eq!(asked(&query).unwrap_err(), Rejection::Unused { name: "Unused".to_owned() });
    assert_eq!(code(&query), ErrorCode::BadUserInput);
}

#[test]
fn what_is_not_graphql_is_the_clients_mistake() {
    for query in ["", "{", "query", "{ a(b: }", "fragment F on T { a }", "🏃"] {
        assert_eq!(code(query), ErrorCode::BadUserInput, "{query}");
    }
    assert_eq!(code("{ ...A } fragment A on T { ...B } fragment B on T { ...A }"), ErrorCode::BadUserInput);
}

/// Documents of up to 16 KiB that took validation exponential time, or might.
fn bombs() -> Vec<(&'static str, String)> {
    let filled = |header: &str, part: &dyn Fn(usize) -> String| {
        let mut query = header.to_owned();
        for index in 0.. {
            let next = part(index);
            if query.len() + next.len() > QUERY_BYTES {
                break;
            }
            query.push_str(&next);
        }
        query
    };
    let closed = |open: &str, close: &str, inner: &str| {
        let levels = (QUERY_BYTES - 20) / (open.len() + close.len());
        format!("{{ a{}{inner}{} }}", open.repeat(levels), close.repeat(levels))
    };
    vec![
        (
            "fragments that spread the next one twice",
            filled("{ ...f0 }", &|index| format!("fragment f{index} on T{{...f{0} ...f{0}}}", index + 1)),
        ),
        (
            "the same with a field each",
            filled("{ ...f0 }", &|index| format!("fragment f{index} on T{{a ...f{0} ...f{0}}}", index + 1)),
        ),
        (
            "the same in fields under aliases",
            filled("{ ...f0 }", &|index| {
                format!("fragment f{index} on T{{x{index}:a{{...f{0}}} y{index}:a{{...f{0}}}}}", index + 1)
            }),
        ),
        (
            "the same, which no operation spreads",
            filled("{ a }", &|index| format!("fragment f{index} on T{{...f{0} ...f{0}}}", index + 1)),
        ),
        (
            "a long chain",
            filled("{ ...f0 }", &|index| format!("fragment f{index} on T{{...f{}}}", index + 1)),
        ),
        (
            "many fragments that spread each other",
            filled("{ ...f0 }", &|index| {
                format!(
                    "fragment f{index} on T{{...f{} ...f{}}}",
                    (index * 7 + 1) % 500,
                    (index * 13 + 5) % 500
                )
            }),
        ),
        (
            "many spreads of one fragment",
            filled("fragment f on T{a b c d e f g h} query A {", &|_| "...f ".to_owned()) + "}",
        ),
        ("fields only", filled("{", &|_| "a ".to_owned())),
        ("selection sets within each other", closed("{a", "}", "")),
        ("lists within each other", closed("(b:[", "])", "")),
        ("open lists", format!("{{ a(b:{}", "[".repeat(QUERY_BYTES - 20))),
        ("objects within each other", format!("{{ a(b:{}", "{c:".repeat((QUERY_BYTES - 20) / 3))),
        ("types within each other", format!("query($a:{}", "[".repeat(QUERY_BYTES - 20))),
        ("inline fragments within each other", closed("{...", "}", "")),
        ("many operations", filled("", &|index| format!("query q{index}{{a}}"))),
        ("many variables", filled("query(", &|index| format!("$v{index}:Int="))),
        ("a string that does not end", format!("{{ a(b:\"{}", "\\\\".repeat(QUERY_BYTES / 2 - 10))),
        ("a block string that does not end", format!("{{ a(b:\"\"\"{}", "\"\"".repeat(QUERY_BYTES / 2 - 10))),
        ("comments", "#\n".repeat(QUERY_BYTES / 2)),
        ("many directives", filled("{ a", &|_| "@a".to_owned())),
        ("many arguments", filled("{ a(", &|index| format!("b{index}:1 "))),
    ]
}

#[test]
fn the_worst_document_is_refused_within_its_time() {
    for (name, query) in bombs() {
        assert!(query.len() <= QUERY_BYTES, "{name}: {}", query.len());
        assert!(admit(&query, None, true).is_err(), "{name}");
        let took = refusal_of(&query);
        assert!(took < REFUSED_WITHIN, "{name}: {took:?}");
    }
}

/// A fragment for each entry: how many fields it has, and how often it spreads each of the later ones.
type Shape = Vec<(usize, Vec<usize>)>;

fn shapes() -> impl Strategy<Value = Shape> {
    prop::collection::vec((0_usize..6, prop::collection::vec(0_usize..3, 0..7)), 1..8)
}

fn document(shape: &Shape) -> String {
    let mut text = "{ ...f0 }".to_owned();
    for (index, (fields, spreads)) in shape.iter().enumerate() {
        text.push_str(&format!(" fragment f{index} on T {{ z {}", "a ".repeat(*fields)));
        for (later, times) in spreads.iter().enumerate() {
            let target = index + 1 + later;
            if target < shape.len() {
                text.push_str(&format!("...f{target} ").repeat(*times));
            }
        }
        text.push('}');
    }
    text
}

/// What a walk that expands every spread would count.
fn expanded(shape: &Shape, index: usize) -> usize {
    let (fields, spreads) = &shape[index];
    let later = spreads.iter().enumerate().filter(|(later, _)| index + 1 + later < shape.len());
    1 + fields + later.map(|(later, times)| times * expanded(shape, index + 1 + later)).sum::<usize>()
}

proptest! {
    #[test]
    fn counting_each_fragment_once_counts_what_expanding_it_would(shape in shapes()) {
        let fields = expanded(&shape, 0);
        match asked(&document(&shape)) {
            Ok(_) => prop_assert!(fields <= FIELDS),
            Err(Rejection::TooMany { of: "fields", found, .. }) => prop_assert_eq!(found, fields),
            // What no operation reaches is walked by validation as well.
            Err(Rejection::TooMany { of: "selections in all definitions", .. } | Rejection::Unused { .. }) => {}
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn no_text_makes_it_panic_or_take_long(tokens in prop::collection::vec(
        prop::sample::select(vec![
            "{", "}", "(", ")", "[", "]", "...", "...f", "on", "fragment f on T", "query", "mutation", "a", ":", "$a", "@d",
            "\"", "\"\"\"", "#", "\n", "1", "-", "!", "=", "\\", "ж",
        ]),
        0..400,
    )) {
        let query = tokens.join(" ");
        prop_assert!(refusal_of(&query) < REFUSED_WITHIN);
    }
}

/// As `GraphiQL` sends it: `getIntrospectionQuery` of graphql-js 16 with descriptions.
const INTROSPECTION: &str = "query IntrospectionQuery {
  __schema {
    description
    queryType { name kind }
    mutationType { name kind }
    subscriptionType { name kind }
    types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) {
    name description
    args(includeDeprecated: true) { ...InputValue }
    type { ...TypeRef }
    isDeprecated deprecationReason
  }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue {
  name description type { ...TypeRef } defaultValue isDeprecated deprecationReason
}
fragment TypeRef on __Type {
  kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}";
