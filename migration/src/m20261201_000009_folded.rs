//! Titles and names are compared without stress marks, soft hyphens and what else does not show, and addresses are kept in one
//! form. Nobody is lost where two accounts come to one address: the first has it, the other keeps the one it has. What those
//! forms were on the day of the change is written down here, and does not change with them.

use std::collections::HashSet;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use unicode_normalization::UnicodeNormalization;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Rows looked at at once.
const ROWS: usize = 1_000;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // SQLite too: a process that dies half way leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        fold(manager, "tasks", "title", "title_key").await?;
        fold(manager, "users", "name", "name_key").await?;
        let rows = rows(manager, "SELECT id, email FROM users ORDER BY id", vec![]).await?;
        let people = rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "email")?)));
        let people = people.collect::<Result<Vec<(i64, String)>, DbErr>>()?;
        let mut taken: HashSet<String> = people.iter().map(|(_, email)| email.clone()).collect();
        for (id, email) in people {
            if let Some(form) = form(&email)
                && taken.insert(form.clone())
            {
                change(manager, "UPDATE users SET email = $1 WHERE id = $2", form, id).await?;
            }
        }
        Ok(())
    }

    /// What is compared more exactly again is compared by what there is.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}

/// Writes the keys that are not what their texts are compared by: page by page, and only the rows that differ.
async fn fold(manager: &SchemaManager<'_>, table: &str, text: &str, key: &str) -> Result<(), DbErr> {
    let page = format!(
        "SELECT id, {text} AS text, {key} AS key FROM {table} WHERE id > $1 ORDER BY id LIMIT {ROWS}"
    );
    let update = format!("UPDATE {table} SET {key} = $1 WHERE id = $2");
    let mut last = 0_i64;
    loop {
        let rows = rows(manager, &page, vec![last.into()]).await?;
        for row in &rows {
            last = row.try_get("", "id")?;
            let (text, key): (String, String) = (row.try_get("", "text")?, row.try_get("", "key")?);
            let folded = folded(&text);
            if folded != key {
                change(manager, &update, folded, last).await?;
            }
        }
        if rows.len() < ROWS {
            return Ok(());
        }
    }
}

/// Letters after the one that they are compared as.
const LETTERS: [&str; 21] = [
    "aàáâãäåāăą",
    "cçćĉċč",
    "dďđ",
    "eèéêëēĕėęě",
    "gĝğġģ",
    "hĥħ",
    "iìíîïĩīĭįı",
    "jĵ",
    "kķ",
    "lĺļľŀł",
    "nñńņň",
    "oòóôõöøōŏő",
    "rŕŗř",
    "sśŝşš",
    "tţťŧ",
    "uùúûüũūŭůűų",
    "wŵ",
    "yýÿŷ",
    "zźżž",
    "еёѐ",
    "иѝ",
];

/// Default_Ignorable_Code_Point of Unicode 16.0.
fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

fn is_sign(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// What a text is compared by.
fn folded(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let mut folded = String::with_capacity(word.len());
        for character in word.chars() {
            match (folded.chars().next_back(), character) {
                (Some('и'), '\u{306}') => {
                    folded.pop();
                    folded.push('й');
                }
                (Some('у'), '\u{306}') => {
                    folded.pop();
                    folded.push('ў');
                }
                (Some('і'), '\u{308}') => {
                    folded.pop();
                    folded.push('ї');
                }
                (_, sign) if is_sign(sign) || is_ignorable(sign) => {}
                (_, letter) => {
                    folded.extend(letter.to_lowercase().filter(|small| !is_sign(*small)).map(|small| {
                        let row = LETTERS.iter().find(|row| row.contains(small));
                        row.and_then(|row| row.chars().next()).unwrap_or(small)
                    }))
                }
            }
        }
        folded
    });
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The form of an address, where it has one and is of another.
fn form(email: &str) -> Option<String> {
    let shown: String = email.nfc().filter(|character| !is_ignorable(*character)).collect();
    let mut address = shown.trim().trim_end_matches([';', ',']);
    if let Some((_, bracketed)) = address.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        address = bracketed;
    }
    if let Some((scheme, rest)) = address.split_once(':')
        && scheme.eq_ignore_ascii_case("mailto")
    {
        address = rest.split_once('?').map_or(rest, |(address, _)| address);
    }
    let (local, host) = address.rsplit_once('@')?;
    let is_address = |character: char| !character.is_whitespace() && !"\"(),:;<>@[\\]".contains(character);
    if local.is_empty() || !local.chars().all(is_address) || !host.chars().all(is_address) {
        return None;
    }
    let host = Uts46::new()
        .to_ascii(host.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow, DnsLength::Verify)
        .ok()?;
    let (host, _) = Uts46::new().to_unicode(host.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
    Some(format!("{}@{host}", local.to_lowercase())).filter(|form| form != email)
}

async fn rows(
    manager: &SchemaManager<'_>,
    statement: &str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    let statement = Statement::from_sql_and_values(manager.get_database_backend(), statement, values);
    manager.get_connection().query_all_raw(statement).await
}

async fn change(manager: &SchemaManager<'_>, statement: &str, text: String, id: i64) -> Result<(), DbErr> {
    let values: Vec<Value> = vec![text.into(), id.into()];
    let statement = Statement::from_sql_and_values(manager.get_database_backend(), statement, values);
    manager.get_connection().execute_raw(statement).await.map(drop)
}
