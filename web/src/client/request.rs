//! Sending operations as whoever is signed in.

use std::rc::Rc;

use cynic::{MutationBuilder, QueryBuilder, QueryFragment, QueryVariables};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Client;
use crate::api::session::Refresh;
use crate::api::{UserError, UserErrorCode, schema};
use crate::browser;
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

impl Client {
    pub(super) async fn query<Query, Variables>(&self, variables: Variables) -> Result<Query, RequestError>
    where
        Query: QueryFragment<SchemaType = schema::Query> + QueryBuilder<Variables> + DeserializeOwned + 'static,
        Query: QueryFragment<VariablesFields = Variables::Fields>,
        Variables: QueryVariables + Serialize,
    {
        self.signed(encode(&Query::build(variables))?).await
    }

    pub(super) async fn mutate<Mutation, Variables>(&self, variables: Variables) -> Result<Mutation, RequestError>
    where
        Mutation: QueryFragment<SchemaType = schema::Mutation, VariablesFields = Variables::Fields>
            + MutationBuilder<Variables>
            + DeserializeOwned
            + 'static,
        Variables: QueryVariables + Serialize,
    {
        self.signed(encode(&Mutation::build(variables))?).await
    }

    /// Sends without a token: for those who have none yet.
    pub(super) async fn public<Data: DeserializeOwned>(&self, operation: &impl Serialize) -> Result<Data, RequestError> {
        http::send(encode(operation)?, None, self.language()).await
    }

    fn language(&self) -> &'static str {
        text::tag(self.state().preferences.locale)
    }

    /// Sends with the token; one that the server refuses is renewed once.
    async fn signed<Data: DeserializeOwned>(&self, body: String) -> Result<Data, RequestError> {
        const REFUSED: RequestError = RequestError::Refused(ErrorCode::Unauthenticated);
        let token = self.token().await?;
        let answer = http::send(body.clone(), Some(&token), self.language()).await;
        if !matches!(&answer, Err(error) if *error == REFUSED) {
            return answer;
        }
        let token = match self.0.tokens.differs_from(&token) {
            Some(newer) => newer,
            None => self.renew_token().await?,
        };
        let answer = http::send(body, Some(&token), self.language()).await;
        if matches!(&answer, Err(error) if *error == REFUSED) {
            self.end_session(true);
            return Err(RequestError::SignedOut);
        }
        answer
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
        let answer: Result<Refresh, _> = self.public(&Refresh::build(())).await;
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

fn encode(operation: &impl Serialize) -> Result<String, RequestError> {
    serde_json::to_string(operation).map_err(|_| RequestError::Unexpected)
}
