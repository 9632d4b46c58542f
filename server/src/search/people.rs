//! Whom a name means: in any of its Russian cases, unfinished, mistyped, or typed on the other keyboard layout. Names are asked
//! of the database when they are needed and never copied into an index: a changed name changes no task.

use sea_orm::{EntityTrait, QueryOrder, QuerySelect};

use super::analysis::{forgiven_edits, on_other_layout, within_edits, words};
use crate::db::Database;
use crate::db::columns::UserId;
use crate::entity::user;
use crate::error::Result;

/// How well a name is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    /// A word is nearly one of the name.
    Nearly,
    /// Each word is one of the name in some case, or its beginning.
    Fully,
}

/// Endings of Russian names in all cases, of first names and surnames of both sexes.
const ENDINGS: [&str; 34] = [
    "ого", "его", "ому", "ему", "ыми", "ими", "ами", "ями", "ая", "яя", "ую", "юю", "ой", "ей", "ою", "ею",
    "ый", "ий", "ым", "им", "ом", "ем", "ых", "их", "ью", "а", "я", "о", "е", "у", "ю", "ы", "и", "ь",
];
/// People that a name means at the most: one that means more says nothing.
const MEANT: usize = 1_000;
/// Letters that are left of a name at the least when an ending is taken away.
const SHORTEST: usize = 3;

/// The people of that name. Who is met only nearly is not among them where anybody is met fully.
pub async fn named(db: &Database, name: &str) -> Result<Vec<UserId>> {
    let people: Vec<(UserId, String)> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .column(user::Column::Name)
        .order_by_asc(user::Column::Id)
        .into_tuple()
        .all(db.reads())
        .await?;
    let found = among(&people, name);
    if !found.is_empty() {
        return Ok(found);
    }
    Ok(on_other_layout(name).map(|other| among(&people, &other)).unwrap_or_default())
}

fn among(people: &[(UserId, String)], name: &str) -> Vec<UserId> {
    let asked = Asked::parse(name);
    let of = |met: Met| -> Vec<UserId> {
        people.iter().filter(|(_, name)| asked.is_met_by(name, met)).map(|(id, _)| *id).take(MEANT).collect()
    };
    // Whether names are nearly met takes far longer to find out.
    let found = of(Met::Fully);
    if found.is_empty() { of(Met::Nearly) } else { found }
}

/// A name that is asked for.
struct Asked {
    words: Vec<AskedWord>,
}

struct AskedWord {
    word: String,
    unfinished: bool,
    forms: Vec<String>,
}

impl Asked {
    fn parse(name: &str) -> Self {
        let words = words(name);
        let last = words.len().saturating_sub(1);
        let is_unfinished = !name.ends_with(char::is_whitespace);
        let asked = words.into_iter().enumerate().map(|(place, (word, _))| AskedWord {
            forms: forms(&word),
            unfinished: is_unfinished && place == last,
            word,
        });
        Asked { words: asked.collect() }
    }

    /// Whether each of the words is met that well at the least.
    fn is_met_by(&self, name: &str, met: Met) -> bool {
        let names = words(name);
        let is_met = |asked: &AskedWord| {
            names.iter().any(|(name, _)| {
                asked.is_met_fully_by(name) || met == Met::Nearly && asked.is_met_nearly_by(name)
            })
        };
        !self.words.is_empty() && self.words.iter().all(is_met)
    }
}

impl AskedWord {
    fn is_met_fully_by(&self, name: &str) -> bool {
        if self.unfinished && name.starts_with(&self.word) {
            return true;
        }
        // No form loses the first letter.
        self.word.chars().next() == name.chars().next()
            && forms(name).iter().any(|form| self.forms.contains(form))
    }

    fn is_met_nearly_by(&self, name: &str) -> bool {
        let names = forms(name);
        self.forms.iter().any(|asked| {
            let edits = forgiven_edits(asked);
            edits > 0 && names.iter().any(|name| within_edits(asked, name, edits))
        })
    }
}

/// The name, and what is left of it without each ending that it may have. Two cases of one name have one of these in common:
/// «Максим» and «Максиму», «Иванов» and «Ивановым». Some names lose a vowel beside: «Павел», «Павла».
fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    for ending in ENDINGS {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.chars().count() >= SHORTEST
        {
            forms.push(rest.to_owned());
        }
    }
    let fleeting = forms.iter().filter_map(|form| without_fleeting_vowel(form));
    let fleeting: Vec<String> = fleeting.collect();
    forms.extend(fleeting);
    if word == "лев" {
        forms.push("льв".to_owned());
    }
    forms
}

/// «Павел» is «Павл-» in the other cases, «Кравец» is «Кравц-».
fn without_fleeting_vowel(word: &str) -> Option<String> {
    let mut letters: Vec<char> = word.chars().collect();
    let place = letters.len().checked_sub(2).filter(|place| *place >= 2)?;
    let is_fleeting = matches!(letters.get(place..), Some(['е' | 'о', 'л' | 'ц' | 'к']));
    is_fleeting.then(|| {
        letters.remove(place);
        letters.into_iter().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(asked: &str, names: &[&str]) -> Vec<String> {
        let people: Vec<(UserId, String)> =
            names.iter().zip(1..).map(|(name, id)| (UserId(id), (*name).to_owned())).collect();
        let ids = among(&people, asked);
        people.into_iter().filter(|(id, _)| ids.contains(id)).map(|(_, name)| name).collect()
    }

    #[test]
    fn a_name_is_found_in_every_case() {
        for (name, cases) in [
            ("Пётр Иванов", "Иванова Иванову Ивановым Иванове Петра Петру Петром Петре"),
            ("Анна Королёва", "Анны Анне Анну Анной Королёвой Королёву"),
            ("Ольга Чайковская", "Ольги Ольге Ольгу Ольгой Чайковской Чайковскую"),
            ("Дмитрий Достоевский", "Дмитрия Дмитрию Дмитрием Достоевского Достоевскому Достоевским"),
            ("Мария Ткачук", "Марии Марию Марией"),
            ("Игорь Толстой", "Игоря Игорю Игорем Толстого Толстому"),
            ("Максим Никитин", "Максима Максиму Максимом Никитина Никитиным"),
            ("Илья Гоголь", "Ильи Илье Илью Ильёй Гоголя Гоголю Гоголем"),
            ("Павел Лев", "Павла Павлу Павлом Льва Льву Львом"),
            ("Артём Шевченко", "Артёма Артёму Артёмом Шевченко"),
            ("Сергей Мельник", "Сергея Сергею Сергеем Мельника Мельнику"),
        ] {
            for case in cases.split_whitespace() {
                let names = ["Глеб Жуков", name];
                assert_eq!(found(&format!("{case} "), &names), [name], "{case}");
            }
        }
    }

    #[test]
    fn who_is_met_nearly_gives_way_to_who_is_met_fully() {
        let names = ["Иван Петров", "Пётр Иванов", "Анна Петрова"];
        assert_eq!(found("Птеров", &names), ["Иван Петров", "Анна Петрова"]);
        assert_eq!(found("Ивн", &names), [""; 0]);
        assert_eq!(found("иван", &names), ["Иван Петров", "Пётр Иванов"]);
        assert_eq!(found("иван ", &names), ["Иван Петров"]);
        assert_eq!(found("петрову ивану", &names), ["Иван Петров"]);
        assert_eq!(found("Сидоров", &names), [""; 0]);
    }
}
