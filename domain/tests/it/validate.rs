//! The limits of every input, at their edges.

use domain::validate::{self, Violation};

#[test]
fn titles() {
    assert_eq!(validate::title("  Отчёт  "), Ok("Отчёт".to_owned()));
    assert_eq!(validate::title(" \n "), Err(Violation::Required));
    assert_eq!(validate::title(&"ё".repeat(200)).map(|title| title.chars().count()), Ok(200));
    assert_eq!(validate::title(&"ё".repeat(201)), Err(Violation::TooLong(200)));
    assert_eq!(validate::title("one\u{0}"), Err(Violation::Invalid));
    assert_eq!(validate::title("two\nlines"), Err(Violation::Invalid));
}

#[test]
fn texts() {
    assert_eq!(validate::description(""), Ok(String::new()));
    assert_eq!(validate::description("a\n\tb\r\n"), Ok("a\n\tb".to_owned()));
    assert_eq!(validate::description(&"a".repeat(20_001)), Err(Violation::TooLong(20_000)));
    assert_eq!(validate::description("\u{1b}[0m"), Err(Violation::Invalid));
    assert_eq!(validate::reason("  "), Err(Violation::Required));
    assert_eq!(validate::reason(&"a".repeat(1_001)), Err(Violation::TooLong(1_000)));
    assert_eq!(validate::comment(&"a".repeat(10_001)), Err(Violation::TooLong(10_000)));
    assert_eq!(validate::comment(" да "), Ok("да".to_owned()));
}

#[test]
fn addresses() {
    assert_eq!(validate::email(" Anna@Example.RU "), Ok("anna@example.ru".to_owned()));
    assert_eq!(validate::email("анна@почта.рф"), Ok("анна@почта.рф".to_owned()));
    assert_eq!(validate::email("admin@localhost"), Ok("admin@localhost".to_owned()));
    assert_eq!(validate::email(""), Err(Violation::Required));
    for wrong in ["anna", "@example.ru", "anna@", "a b@example.ru", "a@@b.ru", "a@.ru", "a@b..ru", "a@b.ru."]
    {
        assert_eq!(validate::email(wrong), Err(Violation::Invalid), "{wrong}");
    }
    assert_eq!(validate::email(&format!("{}@b.ru", "a".repeat(65))), Err(Violation::Invalid));
    assert_eq!(validate::email(&format!("a@{}.ru", "b".repeat(254))), Err(Violation::TooLong(254)));
}

#[test]
fn passwords() {
    assert_eq!(validate::password(""), Err(Violation::Required));
    assert_eq!(validate::password("1234567"), Err(Violation::TooShort(8)));
    assert_eq!(validate::password("пароль из"), Ok(()));
    assert_eq!(validate::password(&"a".repeat(256)), Ok(()));
    assert_eq!(validate::password(&"a".repeat(257)), Err(Violation::TooLong(256)));
}

#[test]
fn keys_and_deadlines() {
    assert_eq!(validate::idempotency_key("a-1"), Ok(()));
    assert_eq!(validate::idempotency_key(""), Err(Violation::Required));
    assert_eq!(validate::idempotency_key("a b"), Err(Violation::Invalid));
    assert_eq!(validate::idempotency_key(&"a".repeat(65)), Err(Violation::TooLong(64)));
    assert_eq!(validate::deadline(&2, &1), Ok(()));
    assert_eq!(validate::deadline(&1, &1), Err(Violation::InThePast));
}

#[test]
fn folding() {
    assert_eq!(validate::fold("  Ёлка \t и  ЕЛЬ "), "елка и ель");
}
