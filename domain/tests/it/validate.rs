//! The limits of every input, at their edges.

use domain::fold;
use domain::validate::{self, Violation};

#[test]
fn titles() {
    assert_eq!(validate::title("  Отчёт  "), Ok("Отчёт".to_owned()));
    assert_eq!(validate::title(" \n "), Err(Violation::Required));
    assert_eq!(validate::title(&"ё".repeat(200)).map(|title| title.chars().count()), Ok(200));
    assert_eq!(validate::title(&"ё".repeat(201)), Err(Violation::TooLong(200)));
    assert_eq!(validate::title("one\u{0}"), Err(Violation::Invalid));
    assert_eq!(validate::title("two\nlines"), Ok("two lines".to_owned()));
    assert_eq!(validate::title("\ttwo \r\n\u{a0}\u{2028} words\u{b}"), Ok("two words".to_owned()));
    assert_eq!(validate::title("\u{1b}[0m"), Err(Violation::Invalid));
}

#[test]
fn what_shows_nothing_is_nothing() {
    let nothing = [
        "\u{200b}",
        "\u{3164}",
        "\u{2800}",
        "\u{e0041}\u{e0042}",
        "\u{feff} \u{ad}",
        "\u{200d}\u{fe0f}",
        "\u{202e}\u{2066}",
    ];
    for text in nothing {
        assert_eq!(validate::title(text), Err(Violation::Required), "{text:?}");
        assert_eq!(validate::name(text), Err(Violation::Required), "{text:?}");
        assert_eq!(validate::comment(text), Err(Violation::Required), "{text:?}");
        assert_eq!(validate::reason(text), Err(Violation::Required), "{text:?}");
        assert_eq!(validate::description(text), Ok(String::new()), "{text:?}");
        assert!(validate::email(text).is_err(), "{text:?}");
    }
}

#[test]
fn names_that_look_alike_are_alike() {
    for name in [
        "Ан\u{200b}на",
        "Анна\u{200f}",
        "\u{202e}Анна\u{202c}",
        "Ан\u{ad}на",
        "Ан\u{200d}на",
        "Анна\u{e0061}",
        "Анна\u{fe0f}",
        "\u{feff}Анна",
    ] {
        assert_eq!(validate::name(name), Ok("Анна".to_owned()), "{name:?}");
    }
    assert_eq!(validate::comment("файл \u{202e}fdp.exe"), Ok("файл fdp.exe".to_owned()));
    assert_eq!(validate::description("\u{feff}раз\r\nдва\rтри\u{2067}"), Ok("раз\nдва\nтри".to_owned()));
    assert_eq!(validate::comment("да\u{e0041}"), Ok("да".to_owned()));
}

#[test]
fn what_joins_its_neighbours_stays() {
    let kept = [
        "👩\u{200d}👩\u{200d}👧\u{200d}👦",
        "❤\u{fe0f}\u{200d}🔥",
        "🤷🏽\u{200d}♀\u{fe0f}",
        "1\u{fe0f}\u{20e3}",
        "🇷🇺",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "می\u{200c}خواهم",
        "क\u{94d}\u{200d}ष",
        "©\u{fe0f}",
        "☺\u{fe0e}",
        "葛\u{e0100}",
    ];
    for text in kept {
        assert_eq!(validate::title(text), Ok(text.to_owned()), "{text:?}");
        assert_eq!(validate::comment(text), Ok(text.to_owned()), "{text:?}");
    }
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
    for wrong in [
        "a@b.ru; c@d.ru",
        "a;b@c.ru",
        "a@b.ru>",
        "<a@b.ru",
        "https:a@b.ru",
        "a@[127.0.0.1]",
        "a@b,ru",
        "a@b.ru\0",
        "a\0@b.ru",
        "\"a b\"@c.ru",
    ] {
        assert_eq!(validate::email(wrong), Err(Violation::Invalid), "{wrong}");
    }
    let pasted = [
        "a@b.ru;",
        "a@b.ru, ",
        "<a@b.ru>",
        "mailto:a@b.ru",
        "MailTo:a@b.ru?subject=Привет",
        "Анна <a@b.ru>",
        "\"Ким, Анна\" <A@B.RU>;",
        "\u{feff}a@b.ru",
        "a@b.ru\u{200b}",
        "\u{a0}a@b.ru\n",
        "a@b.ru<mailto:a@b.ru>",
        "'a@b.ru'",
        "«a@b.ru»",
        "(a@b.ru),",
        "<mailto:a@b.ru>",
    ];
    for text in pasted {
        assert_eq!(validate::email(text), Ok("a@b.ru".to_owned()), "{text:?}");
    }
    assert_eq!(validate::email("o'neil+tag@b-c.ru"), Ok("o'neil+tag@b-c.ru".to_owned()));
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
    assert_eq!(validate::deadline(&2, &1, &2), Ok(()));
    assert_eq!(validate::deadline(&1, &1, &2), Err(Violation::InThePast));
    assert_eq!(validate::deadline(&3, &1, &2), Err(Violation::TooFarAhead));
}

#[test]
fn folding() {
    assert_eq!(validate::fold("  Ёлка \t и  ЕЛЬ "), "елка и ель");
    // Stress, a soft hyphen, letters and their signs apart.
    assert_eq!(validate::fold("за\u{301}мок до\u{ad}го\u{200b}вор"), "замок договор");
    assert_eq!(validate::fold("\u{418}\u{306}од, е\u{308}лка, ай\u{301}"), "йод, елка, ай");
    assert_eq!(validate::fold("Résumé re\u{301}sume\u{301} ИЗ\u{307}"), "resume resume из");
    assert_eq!(validate::fold("йод и иод \u{200b} \u{ad}"), "йод и иод");
    assert_eq!(fold::letters(" Ёж  é"), " еж  e");
}
