//! Documents, the index and questions in the words of Elasticsearch.

use domain::Code;
use serde_json::{Value, json};

use crate::db::columns::{TaskId, Timestamp};
use crate::search::engine::{Document, Order, Question, Standing, joined};
use crate::search::relevance::{Field, Group, Likeness, NUMBER, Way, Word, weight};

/// An index that takes the documents of this form and says of itself what it is.
pub(super) fn index(alias: &str, standing: &Standing) -> serde_json::Result<Value> {
    // Analysed already: only whether a task has a word counts, neither how often nor where.
    let words = json!({ "type": "text", "analyzer": "whitespace", "norms": false, "index_options": "docs" });
    Ok(json!({
        "aliases": { alias: {} },
        "settings": {
            "number_of_shards": 1,
            "auto_expand_replicas": "0-1",
            // What is written is made visible when it is written.
            "refresh_interval": "30s",
        },
        "mappings": {
            "_meta": serde_json::to_value(standing)?,
            "dynamic": "strict",
            "_source": { "enabled": false },
            "properties": {
                "id": { "type": "long" },
                "title_words": words,
                "title_stems": words,
                "description_words": words,
                "description_stems": words,
                "status": { "type": "keyword" },
                "creator": { "type": "long" },
                "assignee": { "type": "long" },
                "deadline": { "type": "long" },
                "deleted": { "type": "boolean" },
            },
        },
    }))
}

/// A task.
pub(super) fn document(id: TaskId, document: &Document) -> Value {
    json!({
        "id": id.0,
        "title_words": joined(document.title.iter().map(|token| token.word.as_str())),
        "title_stems": joined(document.title.iter().map(|token| token.stem.as_str())),
        "description_words": joined(document.description.iter().map(|token| token.word.as_str())),
        "description_stems": joined(document.description.iter().map(|token| token.stem.as_str())),
        "status": document.status,
        "creator": document.creator.0,
        "assignee": document.assignee.0,
        "deadline": document.deadline.0,
    })
}

/// The question.
pub(super) fn of(question: &Question) -> Value {
    let groups = |required: bool| -> Vec<Value> {
        question.words.groups.iter().filter(|group| group.required == required).map(of_group).collect()
    };
    let scored = !question.words.is_empty();
    let (sort, after) = match question.order {
        Order::Relevance if scored => (
            json!([{ "_score": "desc" }, { "id": "desc" }]),
            question.after.map(|after| json!([after.rank, after.id.0])),
        ),
        Order::Relevance => (json!([{ "id": "desc" }]), question.after.map(|after| json!([after.id.0]))),
        Order::Deadline => (
            json!([{ "deadline": "asc" }, { "id": "asc" }]),
            question.after.map(|after| json!([after.rank, after.id.0])),
        ),
    };
    let mut body = json!({
        "size": question.limit,
        "_source": false,
        "track_total_hits": true,
        "sort": sort,
        "query": { "bool": {
            "must": groups(true),
            "should": groups(false),
            "filter": filters(question),
            "must_not": [{ "term": { "deleted": true } }],
            // Words that say little are asked for and not needed, also where there is nothing else.
            "minimum_should_match": 0,
        } },
    });
    if let (Some(after), Some(body)) = (after, body.as_object_mut()) {
        body.insert("search_after".to_owned(), after);
    }
    body
}

fn filters(question: &Question) -> Vec<Value> {
    let mut filters = Vec::new();
    if let Some(people) = &question.people {
        let ids: Vec<i64> = people.iter().map(|person| person.0).collect();
        let is = |field: &str| json!({ "terms": { field: ids } });
        filters.push(json!({ "bool": { "should": [is("assignee"), is("creator")] } }));
    }
    if let Some(statuses) = &question.statuses {
        let codes: Vec<&str> = statuses.iter().map(|status| status.code()).collect();
        filters.push(json!({ "terms": { "status": codes } }));
    }
    if question.deadline_from.is_some() || question.deadline_to.is_some() {
        let mut range = json!({ "lt": question.deadline_to.unwrap_or(Timestamp::NEVER).0 });
        if let (Some(from), Some(range)) = (question.deadline_from, range.as_object_mut()) {
            range.insert("gte".to_owned(), from.0.into());
        }
        filters.push(json!({ "range": { "deadline": range } }));
    }
    filters
}

fn of_group(group: &Group) -> Value {
    best(group.ways.iter().map(|way| of_way(group.required, way)).collect())
}

fn of_way(required: bool, way: &Way) -> Value {
    let words: Vec<Value> = way.words.iter().map(|word| of_word(required, way.converted, word)).collect();
    json!({ "bool": { "must": words } })
}

fn of_word(required: bool, converted: bool, word: &Word) -> Value {
    let mut ways = Vec::new();
    for field in Field::ALL {
        let (words, stems) = match field {
            Field::Title => ("title_words", "title_stems"),
            Field::Description => ("description_words", "description_stems"),
        };
        for likeness in Likeness::ALL {
            let weight = weight(field, likeness, required, converted);
            let mut put = |query: Value| ways.push(worth(&query, weight));
            match likeness {
                Likeness::Exact => put(json!({ "term": { words: word.text } })),
                Likeness::Form => put(json!({ "term": { stems: word.stem } })),
                Likeness::Beginning if word.unfinished => {
                    put(json!({ "prefix": { words: { "value": word.text } } }));
                }
                Likeness::Near => {
                    if word.edits > 0 {
                        put(near(words, &word.text, word.edits));
                    }
                    if word.stem_edits > 0 {
                        put(near(stems, &word.stem, word.stem_edits));
                    }
                }
                Likeness::Beginning => {}
            }
        }
    }
    if let Some(number) = word.number {
        ways.push(worth(&json!({ "term": { "id": number.0 } }), NUMBER));
    }
    best(ways)
}

/// Every word that is near enough, not only the fifty nearest.
fn near(field: &str, text: &str, edits: u8) -> Value {
    json!({ "fuzzy": { field: {
        "value": text, "fuzziness": edits, "prefix_length": 0, "transpositions": true, "rewrite": "constant_score",
    } } })
}

fn best(ways: Vec<Value>) -> Value {
    json!({ "dis_max": { "queries": ways, "tie_breaker": 0 } })
}

fn worth(query: &Value, weight: u32) -> Value {
    json!({ "constant_score": { "filter": query, "boost": weight } })
}
