//! The engine for large companies: an index in Elasticsearch, which several processes ask and one, by lease, writes. What is in a
//! document and what is found is [`super::engine`]'s and [`super::relevance`]'s: words arrive analysed, and the server only
//! compares them.
//!
//! The name of the installation is an alias of the index that answers; its name and `-next` is one of the index that is being
//! built. Both are written through their alias alone, so that a write never makes an index that nobody asked for.

mod bulk;
mod query;

use std::time::Duration;

use elasticsearch::auth::Credentials;
use elasticsearch::http::response::Response;
use elasticsearch::http::transport::{SingleNodeConnectionPool, TransportBuilder};
use elasticsearch::indices::{
    IndicesCreateParts, IndicesDeleteParts, IndicesGetAliasParts, IndicesGetMappingParts, IndicesRefreshParts,
};
use elasticsearch::{BulkParts, Elasticsearch, SearchParts};
use serde_json::{Value, json};
use url::Url;

use super::engine::{Answered, Change, Engine, EngineError, FORM, Found, Question, Standing};
use crate::clock::Random;
use crate::db::columns::TaskId;
use crate::log::Position;
use crate::search::engine::{Order, Place};

/// A request that takes longer is given up, before the lease of who writes runs out; searches are given up much earlier by who asks.
const PATIENCE: Duration = Duration::from_secs(10);

/// The index of one installation in a cluster.
#[derive(Clone, Debug)]
pub struct Elastic {
    client: Elasticsearch,
    alias: String,
    next: String,
}

impl Elastic {
    /// The engine at an address, which may name a user and a password. Asks nothing yet.
    pub fn new(address: &Url, alias: &str) -> anyhow::Result<Self> {
        let mut url = address.clone();
        let user = decoded(url.username());
        let password = decoded(url.password().unwrap_or_default());
        let anonymous = url.set_username("").and_then(|()| url.set_password(None));
        anonymous.map_err(|()| anyhow::anyhow!("the address of Elasticsearch has no host"))?;
        let mut transport =
            TransportBuilder::new(SingleNodeConnectionPool::new(url)).timeout(PATIENCE).disable_proxy();
        if !user.is_empty() {
            transport = transport.auth(Credentials::Basic(user, password));
        }
        let client = Elasticsearch::new(transport.build()?);
        Ok(Elastic { client, alias: alias.to_owned(), next: format!("{alias}-next") })
    }

    /// The indices behind an alias.
    async fn behind(&self, alias: &str) -> Answered<Vec<String>> {
        let parts = IndicesGetAliasParts::Name(&[alias]);
        match read(self.client.indices().get_alias(parts).send().await?).await {
            Ok(indices) => {
                Ok(indices.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect())
            }
            Err(EngineError::Missing) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    async fn write(&self, alias: &str, changes: &[Change]) -> Answered<()> {
        for changes in changes.chunks(bulk::ROWS) {
            let operations = bulk::operations(changes)?;
            let request =
                self.client.bulk(BulkParts::Index(alias)).require_alias(true).body(vec![operations]);
            bulk::check(&read(request.send().await?).await?)?;
        }
        Ok(())
    }

    async fn refresh(&self, alias: &str) -> Answered<()> {
        let parts = IndicesRefreshParts::Index(&[alias]);
        read(self.client.indices().refresh(parts).send().await?).await.map(|_| ())
    }
}

/// As a person wrote it, before it was made part of an address.
fn decoded(part: &str) -> String {
    let pairs = format!("part={}", part.replace('+', "%2B"));
    url::form_urlencoded::parse(pairs.as_bytes())
        .next()
        .map(|(_, part)| part.into_owned())
        .unwrap_or_default()
}

/// The body of an answer that is not a refusal.
async fn read(response: Response) -> Answered<Value> {
    let status = response.status_code();
    let body: Value = response.json().await?;
    if status.is_success() {
        return Ok(body);
    }
    if status.as_u16() == 404 {
        return Err(EngineError::Missing);
    }
    Err(anyhow::anyhow!("Elasticsearch answered {status}: {}", reason(&body)).into())
}

fn reason(body: &Value) -> String {
    let said = |field: &str| body.pointer(&format!("/error/{field}")).and_then(Value::as_str).unwrap_or("?");
    format!("{}: {}", said("type"), said("reason"))
}

#[async_trait::async_trait]
impl Engine for Elastic {
    async fn consumer(&self) -> Answered<String> {
        Ok(format!("search:elasticsearch:{}", self.alias))
    }

    async fn standing(&self) -> Answered<Option<Standing>> {
        let parts = IndicesGetMappingParts::Index(&[&self.alias]);
        let mappings = match read(self.client.indices().get_mapping(parts).send().await?).await {
            Ok(mappings) => mappings,
            Err(EngineError::Missing) => return Ok(None),
            Err(error) => return Err(error),
        };
        if mappings.get(&self.alias).is_some() {
            let alias = &self.alias;
            return Err(anyhow::anyhow!(
                "{alias} is an index of something else; choose another VEKHA_ELASTICSEARCH_INDEX"
            )
            .into());
        }
        let meta = mappings
            .as_object()
            .and_then(|it| it.values().next())
            .and_then(|it| it.pointer("/mappings/_meta"));
        Ok(meta.and_then(|meta| serde_json::from_value(meta.clone()).ok()))
    }

    async fn begin(&self, epoch: &str) -> Answered<()> {
        for left in self.behind(&self.next).await? {
            let parts = IndicesDeleteParts::Index(&[&left]);
            read(self.client.indices().delete(parts).send().await?).await?;
        }
        let token = Random.token().map_err(|error| anyhow::anyhow!("{error}"))?.to_lowercase();
        let suffix: String = token.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        let name = format!("{}-{suffix}", self.alias);
        let standing = Standing { form: FORM, epoch: epoch.to_owned(), position: None };
        let body = query::index(&self.next, &standing)?;
        let parts = IndicesCreateParts::Index(&name);
        read(self.client.indices().create(parts).body(body).send().await?).await.map(|_| ())
    }

    async fn fill(&self, changes: Vec<Change>) -> Answered<()> {
        let present: Vec<Change> = changes.into_iter().filter(|change| change.document.is_some()).collect();
        self.write(&self.next, &present).await
    }

    async fn switch(&self, _epoch: &str, _position: Position) -> Answered<()> {
        self.refresh(&self.next).await?;
        let (next, before) = (self.behind(&self.next).await?, self.behind(&self.alias).await?);
        let mut actions = Vec::new();
        for name in &next {
            actions.push(json!({ "remove": { "index": name, "alias": self.next } }));
            actions.push(json!({ "add": { "index": name, "alias": self.alias } }));
        }
        for name in &before {
            actions.push(json!({ "remove_index": { "index": name } }));
        }
        let body = json!({ "actions": actions });
        read(self.client.indices().update_aliases().body(body).send().await?).await.map(|_| ())
    }

    async fn apply(&self, changes: Vec<Change>, _epoch: &str, _position: Position) -> Answered<()> {
        if changes.is_empty() {
            return Ok(());
        }
        self.write(&self.alias, &changes).await?;
        self.refresh(&self.alias).await
    }

    async fn release(&self) {}

    async fn search(&self, question: &Question) -> Answered<Found> {
        let parts = SearchParts::Index(&[&self.alias]);
        let body = read(self.client.search(parts).body(query::of(question)).send().await?).await?;
        found(question, &body)
            .ok_or_else(|| anyhow::anyhow!("Elasticsearch answered a search with something else").into())
    }
}

fn found(question: &Question, body: &Value) -> Option<Found> {
    let total = body.pointer("/hits/total/value")?.as_u64()?;
    let hits = body.pointer("/hits/hits")?.as_array()?;
    let place = |hit: &Value| {
        let sort = hit.get("sort")?.as_array()?;
        let id = TaskId(sort.last()?.as_i64()?);
        let rank = match (question.order, sort.len()) {
            (_, 1) => 0,
            (Order::Relevance, _) => whole(sort.first()?.as_f64()?),
            (Order::Deadline, _) => sort.first()?.as_i64()?,
        };
        Some(Place { rank, id })
    };
    Some(Found { places: hits.iter().map(place).collect::<Option<_>>()?, total })
}

/// Scores are sums of small whole numbers.
#[expect(clippy::as_conversions, reason = "a float of a small whole number; there is no other way")]
fn whole(score: f64) -> i64 {
    score.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_may_have_any_sign() {
        assert_eq!(decoded("p%40ss+w%2Ford"), "p@ss+w/ord");
    }
}
