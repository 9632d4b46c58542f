//! A device through which somebody signs in: keeps its tokens as a browser does and asks as `http` lets it.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Request, Variables};
use serde_json::{Value, json};
use server::app::App;
use server::auth::{Bounds, Cost, Hashing, Viewer};
use server::config::Config;
use server::db::columns::Locale;
use server::graphql::context::Asker;
use server::graphql::{Schema, schema};

use crate::world::{Answer, World};

/// A password that nobody refuses.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// What a session mutation is asked to answer with.
pub(crate) const SIGNED_IN: &str =
    "{ viewer { id name role email } accessToken accessTokenExpiresAt refreshToken
    userErrors { code field message } }";

#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) app: Arc<App>,
    pub(crate) schema: Schema,
    pub(crate) address: String,
    pub(crate) access: Option<String>,
    pub(crate) refresh: Option<String>,
    pub(crate) cookie: Option<String>,
}

/// What came back, with the cookies that were set.
pub(crate) struct Reply {
    pub(crate) answer: Answer,
    pub(crate) cookies: Vec<String>,
}

impl Device {
    pub(crate) fn of(world: &World) -> Self {
        Self::over(&world.app)
    }

    pub(crate) fn over(app: &Arc<App>) -> Self {
        Device {
            app: Arc::clone(app),
            schema: schema(Arc::clone(app)),
            address: "192.0.2.1".to_owned(),
            access: None,
            refresh: None,
            cookie: None,
        }
    }

    /// Another device at the same process.
    pub(crate) fn from(&self, address: &str) -> Self {
        Device { address: address.to_owned(), access: None, refresh: None, cookie: None, ..self.clone() }
    }

    /// The same device, tokens and all, asking another process.
    pub(crate) fn at(&self, world: &World) -> Self {
        Device { app: Arc::clone(&world.app), schema: world.schema.clone(), ..self.clone() }
    }

    pub(crate) async fn viewer(&self) -> server::error::Result<Viewer> {
        Viewer::by_access_token(&self.app, self.access.as_deref().unwrap(), Locale::En).await
    }

    pub(crate) async fn asks(&self, document: &str, variables: Value) -> Reply {
        let viewer = match &self.access {
            None => None,
            Some(_) => match self.viewer().await {
                Ok(viewer) => Some(viewer),
                Err(error) => return refused(&error),
            },
        };
        let asker = Asker {
            viewer,
            locale: Locale::En,
            address: self.address.clone(),
            device: "Firefox on Linux".to_owned(),
            refresh_cookie: self.cookie.clone(),
        };
        let request = Request::new(document).variables(Variables::from_json(variables)).data(asker);
        let response = self.schema.execute(request).await;
        let cookies = response.http_headers.get_all("set-cookie").iter();
        let cookies = cookies.map(|cookie| cookie.to_str().unwrap().to_owned()).collect();
        let errors = response.errors.iter().map(|error| serde_json::to_value(error).unwrap()).collect();
        Reply { answer: Answer { data: response.data.into_json().unwrap(), errors }, cookies }
    }

    /// Asks a session mutation with an input and keeps the tokens that come back.
    async fn signs(&mut self, mutation: &str, kind: &str, input: Value) -> Answer {
        let document = format!("mutation ($input: {kind}) {{ {mutation}(input: $input) {SIGNED_IN} }}");
        let reply = self.asks(&document, json!({ "input": input })).await;
        let payload = &reply.answer.data[mutation];
        if let Some(access) = payload["accessToken"].as_str() {
            self.access = Some(access.to_owned());
            self.refresh = payload["refreshToken"].as_str().map(str::to_owned);
            if let Some(cookie) = reply.cookies.first() {
                let value = cookie.split(';').next().unwrap().split_once('=').unwrap().1;
                self.cookie = Some(value.to_owned());
            }
        }
        reply.answer
    }

    pub(crate) async fn registers(&mut self, input: Value) -> Answer {
        self.access = None;
        self.signs("register", "RegisterInput!", input).await
    }

    pub(crate) async fn logs_in(&mut self, email: &str, password: &str) -> Answer {
        self.access = None;
        let input = json!({ "email": email, "password": password, "delivery": "BODY" });
        self.signs("login", "LoginInput!", input).await
    }

    /// Refreshes by the token that the device keeps itself.
    pub(crate) async fn refreshes(&mut self) -> Answer {
        self.access = None;
        let token = self.refresh.clone().unwrap();
        self.refreshes_by(&token).await
    }

    pub(crate) async fn refreshes_by(&mut self, token: &str) -> Answer {
        self.access = None;
        self.signs("refresh", "RefreshInput", json!({ "refreshToken": token })).await
    }

    pub(crate) async fn resets_password(&mut self, token: &str, new: &str) -> Answer {
        self.access = None;
        let input = json!({ "token": token, "new": new, "delivery": "BODY" });
        self.signs("passwordReset", "PasswordResetInput!", input).await
    }

    /// Whether the device is signed in still.
    pub(crate) async fn is_signed_in(&self) -> bool {
        self.viewer().await.is_ok()
    }
}

/// A registration under that name, at `name@example.ru`.
pub(crate) fn registration(name: &str) -> Value {
    json!({ "name": name, "email": format!("{name}@example.ru"), "password": PASSWORD, "delivery": "BODY" })
}

/// A device on which somebody has just registered.
pub(crate) async fn registered(world: &World, name: &str) -> Device {
    let mut device = Device::of(world);
    device.registers(registration(name)).await.done();
    device
}

/// The process of the world again, under another configuration.
pub(crate) async fn configured(world: &World, configure: impl FnOnce(&mut Config)) -> Arc<App> {
    let mut config = world.app.config.clone();
    configure(&mut config);
    process(world, config, Hashing::new(Cost::FOR_TESTS, Bounds { at_once: 8, waiting: 1_000 })).await
}

/// The process of the world again, hashing otherwise.
pub(crate) async fn hashing(world: &World, hashing: Hashing) -> Arc<App> {
    process(world, world.app.config.clone(), hashing).await
}

async fn process(world: &World, config: Config, hashing: Hashing) -> Arc<App> {
    let (clock, secrets, db) = (world.app.clock.clone(), world.app.secrets.clone(), world.app.db.clone());
    App::with_database(config, clock, secrets, hashing, db).await.unwrap()
}

/// Opens every connection that the process may hold, so that what is asked at once is done at once.
pub(crate) async fn warm_up(world: &World) {
    if world.app.db.postgres_pool().is_some() {
        let connections = (0..12).map(|_| world.app.db.write());
        drop(futures_util::future::join_all(connections).await);
    }
}

pub(crate) const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

pub(crate) const fn days(days: u64) -> Duration {
    Duration::from_secs(24 * 60 * 60 * days)
}

fn refused(error: &server::error::Error) -> Reply {
    let code = server::error::ErrorCode::of(error).name();
    let errors = vec![json!({ "message": "refused", "extensions": { "code": code } })];
    Reply { answer: Answer { data: Value::Null, errors }, cookies: Vec::new() }
}
