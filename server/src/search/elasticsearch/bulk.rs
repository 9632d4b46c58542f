//! Changes as one request, and what came of each of them.

use elasticsearch::params::VersionType;
use elasticsearch::{BulkOperation, BulkOperations};
use serde_json::{Value, json};

use super::query;
use crate::search::engine::{Answered, Change, EngineError};

/// Changes in one request.
pub(super) const ROWS: usize = 1_000;

/// The changes, each with its version: an index that knows a later one keeps that. What is deleted leaves an empty document
/// behind, since Elasticsearch forgets the version of a deleted one after a minute.
pub(super) fn operations(changes: &[Change]) -> Answered<BulkOperations> {
    let mut operations = BulkOperations::new();
    for change in changes {
        let id = change.id.to_string();
        if change.document.is_none() && change.version == Change::GONE {
            let delete = BulkOperation::<()>::delete(id);
            operations.push(delete.version(change.version).version_type(VersionType::ExternalGte))?;
            continue;
        }
        let document = match &change.document {
            Some(document) => query::document(change.id, document),
            None => json!({ "id": change.id.0, "deleted": true }),
        };
        let index = BulkOperation::index(document).id(id);
        operations.push(index.version(change.version).version_type(VersionType::ExternalGte))?;
    }
    Ok(operations)
}

/// Reads what came of every change: the answer as a whole is a success whatever became of them. One that came too late is done;
/// one that can never be taken is told and passed over, so that it holds up no other.
pub(super) fn check(answer: &Value) -> Answered<()> {
    let items = answer.get("items").and_then(Value::as_array);
    let items = items.ok_or_else(|| anyhow::anyhow!("Elasticsearch answered a bulk with something else"))?;
    let outcomes = items.iter().filter_map(|item| item.as_object().and_then(|item| item.values().next()));
    for outcome in outcomes {
        let status = outcome.get("status").and_then(Value::as_u64).unwrap_or_default();
        let Some(error) = outcome.get("error") else { continue };
        let kind = error.get("type").and_then(Value::as_str).unwrap_or("?");
        match (status, kind) {
            (409, "version_conflict_engine_exception") => {}
            (_, "index_not_found_exception") => return Err(EngineError::Missing),
            (400, _) => {
                metrics::counter!("vekha_search_refused_total").increment(1);
                tracing::error!(%error, id = ?outcome.get("_id"), "a task cannot be put into the index");
            }
            _ => return Err(anyhow::anyhow!("a change was not taken: {status} {error}").into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, kind: &str) -> Value {
        json!({ "errors": true, "items": [
            { "index": { "_id": "1", "status": 201 } },
            { "index": { "_id": "2", "status": status, "error": { "type": kind, "reason": "?" } } },
        ] })
    }

    #[test]
    fn every_row_of_the_answer_is_read() {
        assert!(check(&json!({ "errors": false, "items": [] })).is_ok());
        assert!(check(&answer(409, "version_conflict_engine_exception")).is_ok(), "it came too late");
        assert!(check(&answer(400, "document_parsing_exception")).is_ok(), "it holds up no other");
        assert!(matches!(
            check(&answer(429, "es_rejected_execution_exception")),
            Err(EngineError::Failed(_))
        ));
        assert!(matches!(check(&answer(503, "unavailable_shards_exception")), Err(EngineError::Failed(_))));
        assert!(matches!(check(&answer(404, "index_not_found_exception")), Err(EngineError::Missing)));
        assert!(check(&json!({})).is_err());
    }
}
