//! Sending operations as whoever is signed in.

use std::rc::Rc;

use cynic::{QueryFragment, QueryVariables};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Map};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Client;
use crate::api::session::Refresh;
use crate::api::{UserError, UserErrorCode, documents, schema};
use crate::browser;
use crate::browser::early::{self, Early};
use crate::text;
use crate::transport::{ErrorCode, RequestError, http};

/// Why a command did not do what was asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// Something that the person can mend.
    Mend(Vec<UserError>),
    Request(RequestError),
}

impl From<RequestError> for Trouble {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl Trouble {
    pub fn has(&self, code: UserErrorCode) -> bool {
        match self {
            Self::Mend(errors) => errors.iter().any(|error| error.code == code),
            Self::Request(_) => false,
        }
    }
}

/// An answer is good only if nothing has to be mended.
pub(super) fn mended(errors: Vec<UserError>) -> Result<(), Trouble> {
    if errors.is_empty() { Ok(()) } else { Err(Trouble::Mend(errors)) }
}

/// What an operation answers. Waits for a boxed future, so that what is compiled for each operation is only how it is
/// written and how it is read.
type Answering<Data> = Map<LocalBoxFuture<'static, Sent>, fn(Sent) -> Result<Data, RequestError>>;

/// The text of an answer.
type Sent = Result<String, RequestError>;

impl Client {
    pub(super) fn query<Query, Variables>(&self, variables: Variables) -> Answering<Query>
    where
        Query:
            QueryFragment<SchemaType = schema::Query, VariablesFields = Variables::Fields> + DeserializeOwned,
        Variables: QueryVariables + Serialize,
    {
        self.signed(write::<Query, _>(&variables)).map(read)
    }

    pub(super) fn mutate<Mutation, Variables>(&self, variables: Variables) -> Answering<Mutation>
    where
        Mutation: QueryFragment<SchemaType = schema::Mutation, VariablesFields = Variables::Fields>
            + DeserializeOwned,
        Variables: QueryVariables + Serialize,
    {
        self.signed(write::<Mutation, _>(&variables)).map(read)
    }

    /// Sends without a token: for those who have none yet.
    pub(super) fn public<Data, Variables>(&self, variables: Variables) -> Answering<Data>
    where
        Data: QueryFragment<VariablesFields = Variables::Fields> + DeserializeOwned,
        Variables: QueryVariables + Serialize,
    {
        self.unsigned(write::<Data, _>(&variables)).map(read)
    }

    fn language(&self) -> &'static str {
        text::tag(self.state().preferences.locale)
    }

    fn unsigned(&self, body: Result<String, RequestError>) -> LocalBoxFuture<'static, Sent> {
        let language = self.language();
        async move { http::post(body?, None, language).await }.boxed_local()
    }

    /// Sends with the token; one that the server refuses is renewed once.
    fn signed(&self, body: Result<String, RequestError>) -> LocalBoxFuture<'static, Sent> {
        let client = self.clone();
        async move {
            let body = body?;
            let token = client.token().await?;
            let answer = http::post(body.clone(), Some(&token), client.language()).await?;
            if !http::is_unauthenticated(&answer) {
                return Ok(answer);
            }
            let token = match client.0.tokens.differs_from(&token) {
                Some(newer) => newer,
                None => client.renew_token().await?,
            };
            let answer = http::post(body, Some(&token), client.language()).await?;
            if http::is_unauthenticated(&answer) {
                client.end_session(true);
                return Err(RequestError::SignedOut);
            }
            Ok(answer)
        }
        .boxed_local()
    }

    /// A token that is good for a while.
    pub(super) async fn token(&self) -> Result<Rc<str>, RequestError> {
        match self.0.tokens.current(browser::now()) {
            Some(token) => Ok(token),
            None => self.renew_token().await,
        }
    }

    /// Renews the token by the cookie. Where that is refused the session is over.
    pub(super) async fn renew_token(&self) -> Result<Rc<str>, RequestError> {
        let client = self.clone();
        let outcome = self.0.tokens.renew(move || async move { client.refresh().await }).await;
        if outcome == Err(RequestError::SignedOut) {
            self.end_session(true);
        }
        outcome
    }

    async fn refresh(&self) -> Result<Rc<str>, RequestError> {
        let asked = self.0.tokens.entry();
        let answer: Result<Refresh, _> = match early::take(Early::Refreshed).await {
            Some(answer) => http::read(&answer),
            None => self.public(()).await,
        };
        if let Some(outcome) = self.0.tokens.overtaken(asked, browser::now()) {
            return outcome;
        }
        let payload = match answer {
            Ok(answer) => answer.refresh,
            Err(RequestError::Refused(ErrorCode::Unauthenticated)) => return Err(RequestError::SignedOut),
            Err(error) => return Err(error),
        };
        let (Some(token), Some(expires_at)) = (payload.access_token, payload.access_token_expires_at) else {
            return Err(RequestError::SignedOut);
        };
        self.0.tokens.set(&token, expires_at, browser::now());
        if let Some(viewer) = payload.viewer {
            self.set_viewer(viewer);
        }
        Ok(token.into())
    }
}

/// An operation as the body of a request. Never inlined, nor is [`read`]: there are dozens of operations, and these are alike.
#[inline(never)]
pub(super) fn write<Fragment, Variables>(variables: &Variables) -> Result<String, RequestError>
where
    Fragment: QueryFragment<VariablesFields = Variables::Fields>,
    Variables: QueryVariables + Serialize,
{
    let document = Fragment::name().and_then(|name| documents::document(&name));
    http::body(document.ok_or(RequestError::Unexpected)?, serde_json::to_string(variables))
}

#[inline(never)]
fn read<Data: DeserializeOwned>(sent: Sent) -> Result<Data, RequestError> {
    http::read(&sent?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::session::Start;

    fn document<Fragment: QueryFragment>() -> String {
        on_one_line(documents::document(&Fragment::name().unwrap()).unwrap())
    }

    fn on_one_line(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_boot_asks_for_is_what_the_client_reads() {
        let boot = on_one_line(include_str!("../../boot.js"));
        for document in [document::<Refresh>(), document::<Start>()] {
            assert!(boot.contains(&format!("` {document} `")), "{document}");
        }
    }
}
