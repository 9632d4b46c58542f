//! What is read of every kind of text, of harmful ones, and how long hostile ones take.

use std::time::{Duration, Instant};

use domain::validate::limit;

use super::typing::{Format, format};
use super::*;

/// The tree as a line to compare.
fn shape(blocks: &[Block]) -> String {
    blocks.iter().map(block_shape).collect::<Vec<_>>().join(" ")
}

fn block_shape(block: &Block) -> String {
    match block {
        Block::Paragraph(inlines) => format!("p({})", line(inlines)),
        Block::Heading(level, inlines) => format!("h{level}({})", line(inlines)),
        Block::Code(code) => format!("code({code:?})"),
        Block::Quote(blocks) => format!("quote({})", shape(blocks)),
        Block::List(number, items) => {
            let item = |item: &Item| {
                let mark = match item.done {
                    Some(true) => "+",
                    Some(false) => "-",
                    None => "",
                };
                format!("{mark}[{}]", shape(&item.blocks))
            };
            let name = number.map_or("ul".to_owned(), |number| format!("ol{number}"));
            format!("{name}({})", items.iter().map(item).collect::<String>())
        }
        Block::Rule => "rule".to_owned(),
    }
}

fn line(inlines: &[Inline]) -> String {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) => text.clone(),
            Inline::Code(code) => format!("`{code}`"),
            Inline::Strong(inner) => format!("<b>{}</b>", line(inner)),
            Inline::Emphasis(inner) => format!("<i>{}</i>", line(inner)),
            Inline::Struck(inner) => format!("<s>{}</s>", line(inner)),
            Inline::Link(address, inner) => format!("<{address}|{}>", line(inner)),
            Inline::Break => "⏎".to_owned(),
        })
        .collect()
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shape(&read(text)), *expected, "{text:?}");
    }
}

#[test]
fn blocks() {
    check(&[
        ("", ""),
        ("  \n\n", ""),
        ("одна\nдве\n\nтри", "p(одна⏎две) p(три)"),
        ("# План\nтекст", "h1(План) p(текст)"),
        ("### План ###", "h3(План)"),
        ("#без пробела", "p(#без пробела)"),
        ("####### семь", "p(####### семь)"),
        ("---\n* * *", "rule rule"),
        ("> раз\n>\n> два\nтри", "quote(p(раз) p(два)) p(три)"),
        ("> > вложенная", "quote(quote(p(вложенная)))"),
        ("```rust\nlet a = **1**;\n\n  b\n```\nпосле", "code(\"let a = **1**;\\n\\n  b\") p(после)"),
        ("~~~\n```\n~~~", "code(\"```\")"),
        ("```\nне закрыт", "code(\"не закрыт\")"),
        ("``` `код` в строке", "p(``` `код` в строке)"),
    ]);
}

#[test]
fn lists() {
    check(&[
        ("- раз\n- два", "ul([p(раз)][p(два)])"),
        ("* раз\n\n* два", "ul([p(раз)][p(два)])"),
        ("3. раз\n4. два", "ol3([p(раз)][p(два)])"),
        ("1) раз\n2) два", "ol1([p(раз)][p(два)])"),
        ("текст\n- пункт", "p(текст) ul([p(пункт)])"),
        ("всё готово в\n2026. году", "p(всё готово в⏎2026. году)"),
        ("- раз\n  - внутри\n    - глубже\n- два", "ul([p(раз) ul([p(внутри) ul([p(глубже)])])][p(два)])"),
        ("1. раз\n  - внутри двумя пробелами", "ol1([p(раз) ul([p(внутри двумя пробелами)])])"),
        ("1. раз\n\t- внутри табуляцией", "ol1([p(раз) ul([p(внутри табуляцией)])])"),
        ("- строка\n  ещё строка\n\n  абзац", "ul([p(строка⏎ещё строка) p(абзац)])"),
        ("- строка\nпродолжение\n\nабзац", "ul([p(строка⏎продолжение)]) p(абзац)"),
        ("- [ ] сделать\n- [x] сделано\n- [X] тоже", "ul(-[p(сделать)]+[p(сделано)]+[p(тоже)])"),
        ("- [y] не галочка", "ul([p([y] не галочка)])"),
        ("- код\n  ```\n  внутри\n  ```", "ul([p(код) code(\"внутри\")])"),
        ("-5 градусов", "p(-5 градусов)"),
        ("-\n- два", "ul([][p(два)])"),
        ("- раз\n1. один", "ul([p(раз)]) ol1([p(один)])"),
    ]);
}

#[test]
fn emphasis() {
    check(&[
        ("**жирный** и *курсив*", "p(<b>жирный</b> и <i>курсив</i>)"),
        ("__жирный__ и _курсив_", "p(<b>жирный</b> и <i>курсив</i>)"),
        ("***оба***", "p(<b><i>оба</i></b>)"),
        ("**a *b* c**", "p(<b>a <i>b</i> c</b>)"),
        ("~~нет~~", "p(<s>нет</s>)"),
        ("~~не закрыто", "p(~~не закрыто)"),
        ("имя_файла_один", "p(имя_файла_один)"),
        ("10*20*30 мм", "p(10*20*30 мм)"),
        ("2 * 3 * 4", "p(2 * 3 * 4)"),
        ("**не закрыто *внутри*", "p(**не закрыто <i>внутри</i>)"),
        ("*a **b* c**", "p(<i>a **b</i> c**)"),
        ("\\*не курсив\\*", "p(*не курсив*)"),
        ("C:\\Отчёты", "p(C:\\Отчёты)"),
        ("\\\\server\\share", "p(\\\\server\\share)"),
        ("файл \\\\srv-1\\_общее_\\*.xls, там", "p(файл \\\\srv-1\\_общее_\\*.xls, там)"),
        ("(C:\\_tmp_\\[a]\\~b) и `C:\\`", "p((C:\\_tmp_\\[a]\\~b) и `C:\\`)"),
        (
            "**\\\\server\\share** и [D:\\a](https://b.ru)",
            "p(<b>\\\\server\\share</b> и <https://b.ru|D:\\a>)",
        ),
        ("a\\\\b \\\\ \\\\\\\\", "p(a\\\\b \\\\ \\\\\\\\)"),
        ("\\_не_ \\#1 время:\\*", "p(_не_ #1 время:*)"),
        ("`код *без* разбора` и ``с ` внутри``", "p(`код *без* разбора` и `с ` внутри`)"),
        ("`не закрыт", "p(`не закрыт)"),
    ]);
}

#[test]
fn links() {
    check(&[
        ("[сайт](https://example.com/a_(b))", "p(<https://example.com/a_(b)|сайт>)"),
        ("[**сайт**](http://example.com)", "p(<http://example.com|<b>сайт</b>>)"),
        ("[почта](mailto:anna@example.com)", "p(<mailto:anna@example.com|почта>)"),
        ("![снимок](https://example.com/a.png)", "p(<https://example.com/a.png|снимок>)"),
        ("[](https://example.com)", "p(<https://example.com|https://example.com>)"),
        (
            "см. https://example.com/a?b=c_d_e#f.",
            "p(см. <https://example.com/a?b=c_d_e#f|https://example.com/a?b=c_d_e#f>.)",
        ),
        ("(https://example.com)", "p((<https://example.com|https://example.com>))"),
        ("**https://example.com**", "p(<b><https://example.com|https://example.com></b>)"),
        ("«https://пример.рф»", "p(«<https://пример.рф|https://пример.рф>»)"),
        ("[https://a.ru](https://b.ru)", "p(<https://b.ru|https://a.ru>)"),
        ("[a [b](https://b.ru) c](https://c.ru)", "p(<https://c.ru|a b c>)"),
        ("**Внимание [срочно]: сделать**", "p(<b>Внимание [срочно]: сделать</b>)"),
        ("ahttps://example.com https://", "p(ahttps://example.com https://)"),
    ]);
    let long = format!("https://example.com/{}", "a".repeat(2_000));
    check(&[(&long, &format!("p({long})"))]);
}

#[test]
fn what_could_do_harm_is_text() {
    for address in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\u{1}script:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox",
        "//example.com",
        "file:///etc/passwd",
        " javascript:alert(1)",
        "https:",
        "http://",
        "mailto:",
    ] {
        let text = format!("[текст]({address}) ![рисунок]({address})");
        let read = format!("{:?}", read(&text));
        assert!(!read.contains("Link"), "{address}: {read}");
    }
    check(&[
        ("<script>alert(1)</script>", "p(<script>alert(1)</script>)"),
        ("<img src=x onerror=alert(1)>", "p(<img src=x onerror=alert(1)>)"),
    ]);
}

/// Everything that was written is in what was read: nothing is lost.
fn text_of(blocks: &[Block]) -> String {
    format!("{blocks:?}")
}

/// How long reading takes, at the least of some tries: whatever else the machine does only adds to it.
fn least(text: &str, tries: usize) -> Duration {
    let read_once = |_| {
        let started = Instant::now();
        drop(read(text));
        started.elapsed()
    };
    (0..tries).map(read_once).min().unwrap_or_default()
}

/// Whether eight times the text takes about eight times as long, not sixty-four. Asked again while it seems not to: what is
/// linear is seen to be so whenever the machine is quiet for a moment, and what is not never is.
fn grows_in_line(pattern: &str) -> bool {
    const TIMES: u32 = 8;
    const TRIES: usize = 40;
    let long = pattern.repeat(limit::DESCRIPTION / pattern.len());
    let short = pattern.repeat(limit::DESCRIPTION / pattern.len() / 8);
    let (mut of_short, mut of_long) = (least(&short, 3), Duration::MAX);
    (0..TRIES).any(|_| {
        of_short = of_short.min(least(&short, 1));
        of_long = of_long.min(least(&long, 1));
        of_long <= of_short * TIMES * 3
    })
}

#[test]
fn hostile_texts_take_linear_time_and_bounded_depth() {
    let patterns = [
        "*",
        "_",
        "**a",
        "*a ",
        "_a *b ",
        "~~a",
        "`",
        "``",
        "`a``b```c",
        "[",
        "]",
        "![",
        "[a](",
        "[](",
        "](",
        "[a](https://b",
        "[a](https://b(",
        "> ",
        ">",
        "- ",
        "  - ",
        "1. ",
        "#",
        "```\n",
        "- \n",
        "-\n",
        "\n",
        "\\",
        "https://",
        "https://)",
        "http://a.ru/",
        "*a_b~~c[d`e",
        "- [ ] ",
        "> - > 1. ",
        "h",
        "| a ",
        "****",
        "a**b",
        "\t- ",
        "[[a](https://b.ru)](",
    ];
    for pattern in patterns {
        assert!(grows_in_line(pattern), "{pattern:?} takes more than linear time");
        let long = pattern.repeat(limit::DESCRIPTION / pattern.len());
        let lines: String = (0..300).map(|depth| format!("{}{pattern}x\n", " ".repeat(depth % 40))).collect();
        for text in [&long, &lines] {
            let blocks = read(text);
            assert!(depth(&blocks) <= DEEPEST + 1, "{pattern:?}");
            drop(text_of(&blocks));
        }
    }
}

fn depth(blocks: &[Block]) -> usize {
    let of = |block: &Block| match block {
        Block::Quote(blocks) => depth(blocks),
        Block::List(_, items) => items.iter().map(|item| depth(&item.blocks)).max().unwrap_or(0),
        Block::Paragraph(_) | Block::Heading(..) | Block::Code(_) | Block::Rule => 0,
    };
    blocks.iter().map(|block| 1 + of(block)).max().unwrap_or(0)
}

#[test]
fn keys_set_off_what_is_selected_and_take_it_off_again() {
    let cases = [
        ("слово дело", (0, 5), Format::Strong, "**слово** дело", (2, 7)),
        ("**слово** дело", (2, 7), Format::Strong, "слово дело", (0, 5)),
        ("слово", (5, 5), Format::Emphasis, "слово__", (6, 6)),
        ("😀 да", (3, 5), Format::Emphasis, "😀 _да_", (4, 6)),
        ("сайт", (0, 4), Format::Link, "[сайт]()", (7, 7)),
        ("https://a.ru", (0, 12), Format::Link, "[](https://a.ru)", (1, 1)),
        ("", (0, 0), Format::Link, "[]()", (1, 1)),
    ];
    for (text, selection, how, expected, selected) in cases {
        let done = format(text, selection, how);
        let units: Vec<u16> = text.encode_utf16().collect();
        let place = |at: u32| usize::try_from(at).unwrap();
        let (from, to) = (place(done.range.0), place(done.range.1));
        let replaced =
            [&units[..from], &done.text.encode_utf16().collect::<Vec<_>>()[..], &units[to..]].concat();
        assert_eq!(String::from_utf16(&replaced).unwrap(), expected);
        assert_eq!(done.selection, selected, "{expected}");
    }
}
