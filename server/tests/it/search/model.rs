//! Both engines against the plain definition of relevance: tasks and questions by chance, the same answer to the last place.

use sea_orm::EntityTrait;
use server::entity::task as row;
use server::search::analysis::tokens;
use server::search::engine::{Order, Place, Question};
use server::search::relevance::Words;

use crate::world::{both_engines, seeded, task};

const VOCABULARY: [&str; 36] = [
    "договор",
    "договоры",
    "разговор",
    "отчёт",
    "отчет",
    "отчётность",
    "ёлка",
    "елочный",
    "план",
    "клан",
    "плащ",
    "планы",
    "склад",
    "складской",
    "вклад",
    "report",
    "reports",
    "rapport",
    "company",
    "companies",
    "по",
    "на",
    "для",
    "the",
    "2027",
    "1с",
    "8",
    "согласование",
    "согласовать",
    "несогласованный",
    "счёт",
    "счета",
    "расчёт",
    "аренда",
    "арендатор",
    "арена",
];
const QUESTIONS: usize = 150;

fn text(rng: &mut fastrand::Rng, most: usize) -> String {
    let words = (0..rng.usize(1..=most)).map(|_| *rng.choice(VOCABULARY.iter()).unwrap());
    words.collect::<Vec<_>>().join(*rng.choice([" ", ", ", " — "].iter()).unwrap())
}

/// A word as people type it: whole, cut short, or with a letter wrong.
fn typed(rng: &mut fastrand::Rng, word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    match rng.usize(..6) {
        0 => letters.truncate(rng.usize(1..=letters.len())),
        1 => drop(letters.remove(rng.usize(..letters.len()))),
        2 if letters.len() > 1 => {
            let at = rng.usize(1..letters.len());
            letters.swap(at - 1, at);
        }
        3 => letters.insert(
            rng.usize(..=letters.len()),
            *rng.choice("аеиопрst".chars().collect::<Vec<_>>().iter()).unwrap(),
        ),
        _ => {}
    }
    letters.into_iter().collect()
}

both_engines! {
    async fn the_engine_answers_as_the_definition_says(world: World) {
        let mut rng = seeded();
        let (anna, petr) = world.supervisor_and_manager().await;
        for _ in 0..60 {
            let new = task().for_(&petr).titled(&text(&mut rng, 4))
                .with("description", serde_json::json!(text(&mut rng, 8)));
            anna.creates(new).await;
        }
        world.indexed().await;
        let rows = row::Entity::find().all(world.app.db.reads()).await.unwrap();
        for _ in 0..QUESTIONS {
            let words: Vec<String> = (0..rng.usize(1..=3))
                .map(|_| { let word = *rng.choice(VOCABULARY.iter()).unwrap(); typed(&mut rng, word) })
                .collect();
            let mut asked = words.join(" ");
            if rng.bool() { asked.push(' ') }
            let words = Words::parse(&asked);
            let mut expected: Vec<Place> = rows.iter().filter_map(|row| {
                let score = words.score(row.id, &tokens(&row.title), &tokens(&row.description))?;
                Some(Place { rank: score.into(), id: row.id })
            }).collect();
            expected.sort_by(|one, other| Order::Relevance.compare(one, other));
            let question = Question { words, limit: 100, ..Question::default() };
            let found = world.app.search.engine().search(&question).await.unwrap();
            assert_eq!(found.places, expected, "{asked:?}");
        }
    }
}
