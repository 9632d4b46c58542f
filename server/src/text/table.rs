//! Tasks as a table for spreadsheets: RFC 4180 with a byte order mark, by which they know UTF-8, in the reader's language and time
//! zone.

use std::borrow::Cow;

use chrono_tz::Tz;
use csv::{Terminator, WriterBuilder};
use domain::{Code, StatusKind};

use super::notification::{status_en, status_ru};
use crate::db::columns::{Locale, Timestamp};

/// How a table is written.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The language of its words.
    pub locale: Locale,
    /// Where its moments are.
    pub zone: Tz,
    /// What separates its cells.
    pub separator: u8,
}

/// A task in it.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the columns, named as their headings in English")]
pub struct Line<'a> {
    pub number: i64,
    pub title: &'a str,
    /// By its name in the contract.
    pub status: &'a str,
    pub creator: &'a str,
    pub assignee: &'a str,
    pub created: Timestamp,
    pub deadline: Option<Timestamp>,
    pub first_deadline: Option<Timestamp>,
    pub moves: i64,
    pub handed_in: Option<Timestamp>,
    pub completed: Option<Timestamp>,
    pub on_time: Option<bool>,
    pub on_time_by_first_deadline: Option<bool>,
    pub returns: i64,
    pub days_late: Option<i64>,
}

const COLUMNS: usize = 15;
const HEAD_RU: [&str; COLUMNS] = [
    "Номер",
    "Задача",
    "Статус",
    "Постановщик",
    "Исполнитель",
    "Создана",
    "Крайний срок",
    "Первый срок",
    "Переносов за период",
    "Сдана",
    "Завершена",
    "В срок",
    "В первый срок",
    "Возвратов за период",
    "Дней просрочки",
];
const HEAD_EN: [&str; COLUMNS] = [
    "Number",
    "Task",
    "Status",
    "Creator",
    "Assignee",
    "Created",
    "Deadline",
    "First deadline",
    "Moves in the period",
    "Handed in",
    "Completed",
    "On time",
    "On time by the first deadline",
    "Returns in the period",
    "Days late",
];

/// What the table is called.
pub fn title(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru => "Статистика",
        Locale::En => "Statistics",
    }
}

impl Table {
    /// The byte order mark and the headings.
    pub fn head(&self) -> csv::Result<Vec<u8>> {
        let head = match self.locale {
            Locale::Ru => HEAD_RU,
            Locale::En => HEAD_EN,
        };
        let mut bytes = "\u{feff}".as_bytes().to_vec();
        bytes.extend(self.written([head.map(Cow::Borrowed)].into_iter())?);
        Ok(bytes)
    }

    /// These lines.
    pub fn lines<'a>(&self, lines: impl Iterator<Item = Line<'a>>) -> csv::Result<Vec<u8>> {
        self.written(lines.map(|line| self.cells(&line)))
    }

    fn written<'a>(&self, rows: impl Iterator<Item = [Cow<'a, str>; COLUMNS]>) -> csv::Result<Vec<u8>> {
        let mut writer = WriterBuilder::new()
            .delimiter(self.separator)
            .terminator(Terminator::CRLF)
            .from_writer(Vec::new());
        for row in rows {
            writer.write_record(row.iter().map(|cell| harmless(cell).into_owned()))?;
        }
        writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }

    fn cells<'a>(&self, line: &Line<'a>) -> [Cow<'a, str>; COLUMNS] {
        let moment = |moment: Option<Timestamp>| {
            Cow::Owned(moment.map(|moment| self.moment(moment)).unwrap_or_default())
        };
        let answer = |answer: Option<bool>| Cow::Borrowed(self.answer(answer));
        let number = |number: i64| Cow::Owned(number.to_string());
        let status = match (StatusKind::from_code(line.status), self.locale) {
            (Some(status), Locale::Ru) => status_ru(Some(status)),
            (Some(status), Locale::En) => status_en(Some(status)),
            // Of a later version: rather its name than nothing.
            (None, Locale::Ru | Locale::En) => line.status,
        };
        [
            number(line.number),
            Cow::Borrowed(line.title),
            Cow::Borrowed(status),
            Cow::Borrowed(line.creator),
            Cow::Borrowed(line.assignee),
            moment(Some(line.created)),
            moment(line.deadline),
            moment(line.first_deadline),
            number(line.moves),
            moment(line.handed_in),
            moment(line.completed),
            answer(line.on_time),
            answer(line.on_time_by_first_deadline),
            number(line.returns),
            line.days_late.map(number).unwrap_or_default(),
        ]
    }

    /// As spreadsheets know a moment in every language.
    fn moment(&self, moment: Timestamp) -> String {
        moment.to_utc().with_timezone(&self.zone).format("%Y-%m-%d %H:%M").to_string()
    }

    fn answer(&self, answer: Option<bool>) -> &'static str {
        match (answer, self.locale) {
            (None, Locale::Ru | Locale::En) => "",
            (Some(true), Locale::Ru) => "да",
            (Some(false), Locale::Ru) => "нет",
            (Some(true), Locale::En) => "yes",
            (Some(false), Locale::En) => "no",
        }
    }
}

/// Text that no spreadsheet takes for a formula, OWASP ASVS 1.2.10: not at the cell's start, nor behind what separates cells where
/// the table is opened with another separator than it was written with. Quotes between are the reader's.
fn harmless(cell: &str) -> Cow<'_, str> {
    let mut begins = true;
    let mut written = String::new();
    let mut copied = 0;
    for (at, character) in cell.char_indices() {
        if begins && matches!(character, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠')
        {
            written.push_str(cell.get(copied..at).unwrap_or_default());
            written.push('\'');
            copied = at;
        }
        begins = matches!(character, ',' | ';' | '\t' | '\r' | '\n') || begins && character == '"';
    }
    if written.is_empty() {
        return Cow::Borrowed(cell);
    }
    written.push_str(cell.get(copied..).unwrap_or_default());
    Cow::Owned(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(title: &str, separator: u8) -> String {
        let table = Table { locale: Locale::Ru, zone: chrono_tz::Europe::Moscow, separator };
        let line = Line {
            number: 7,
            title,
            status: "DONE",
            creator: "Анна",
            assignee: "@Пётр",
            created: Timestamp(0),
            deadline: Some(Timestamp(86_400_000)),
            first_deadline: None,
            moves: 2,
            handed_in: Some(Timestamp(60_000)),
            completed: Some(Timestamp(120_000)),
            on_time: Some(true),
            on_time_by_first_deadline: None,
            returns: 0,
            days_late: Some(0),
        };
        String::from_utf8(table.lines([line].into_iter()).unwrap()).unwrap()
    }

    #[test]
    fn a_line_is_in_the_readers_language_and_time_zone() {
        assert_eq!(
            written("Отчёт", b';'),
            "7;Отчёт;Завершена;Анна;'@Пётр;1970-01-01 03:00;1970-01-02 03:00;;2;1970-01-01 03:01;1970-01-01 03:02;да;;0;0\r\n"
        );
    }

    #[test]
    fn cells_are_quoted_as_rfc_4180_says() {
        let cell = |title, separator| {
            let line = written(title, separator);
            line["7;".len()..line.find("Завершена").unwrap() - 1].to_owned()
        };
        assert_eq!(cell("a;b", b';'), "\"a;b\"");
        assert_eq!(cell("a;b", b','), "a;b");
        assert_eq!(cell("a,b", b','), "\"a,b\"");
        assert_eq!(cell("«ёлка» \"2\"", b';'), "\"«ёлка» \"\"2\"\"\"");
        assert_eq!(cell("a\nb", b';'), "\"a\nb\"");
    }

    #[test]
    fn nothing_is_a_formula() {
        for sign in ['=', '+', '-', '@', '\t', '\r'] {
            let cell = format!("{sign}1+1");
            assert_eq!(harmless(&cell), format!("'{cell}"));
        }
        for sign in ['＝', '＋', '－', '＠'] {
            assert_eq!(harmless(&format!("{sign}1")), format!("'{sign}1"));
        }
        for (cell, written) in [
            ("x;=cmd|'/c calc'!A0", "x;'=cmd|'/c calc'!A0"),
            ("x,+1,-2", "x,'+1,'-2"),
            ("x\t@SUM(1)", "x\t'@SUM(1)"),
            ("x;\"\"=1", "x;\"\"'=1"),
            ("\"=1", "\"'=1"),
            ("x;;＝1", "x;;'＝1"),
            ("x;\t=1", "x;'\t'=1"),
            ("x\n=1", "x\n'=1"),
        ] {
            assert_eq!(harmless(cell), written);
        }
        for cell in ["", "1=1", "Отчёт - март", " =1", "a; b, c", "1;2,5", "; =1"] {
            assert_eq!(harmless(cell), cell);
        }
    }

    #[test]
    fn spreadsheets_know_the_encoding_by_its_mark() {
        let table = Table { locale: Locale::En, zone: Tz::UTC, separator: b',' };
        let head = table.head().unwrap();
        assert!(head.starts_with(&[0xef, 0xbb, 0xbf]));
        assert!(head.ends_with(b"Returns in the period,Days late\r\n"));
    }
}
