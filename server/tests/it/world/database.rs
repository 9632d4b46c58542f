//! A database for each test: on PostgreSQL a copy of one that was migrated once.

use sea_orm::sqlx::{self, Connection, Executor};
use server::clock::Random;
use server::db::{Database, Location};
use tokio::sync::OnceCell;
use url::Url;

/// Declares tests that run on SQLite and on PostgreSQL.
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block)+) => { $(
        $(#[$meta])*
        async fn $name($world: $crate::world::World) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::world::World::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name($crate::world::World::postgres().await).await;
            }
        }
    )+ };
}
pub(crate) use both_databases;

fn server() -> Url {
    let url = std::env::var("VEKHA_TEST_POSTGRES_URL")
        .expect("VEKHA_TEST_POSTGRES_URL names a PostgreSQL for tests; `cargo xtask test` starts one");
    Url::parse(&url).unwrap()
}

fn database(name: &str) -> String {
    let mut url = server();
    url.set_path(name);
    url.to_string()
}

fn name() -> String {
    let letters: String = Random.token().unwrap().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("t{}", letters.to_lowercase())
}

async fn run(statement: String) {
    let mut connection = sqlx::PgConnection::connect(server().as_str()).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
    connection.close().await.unwrap();
}

static TEMPLATE: OnceCell<String> = OnceCell::const_new();

async fn template() -> &'static str {
    TEMPLATE
        .get_or_init(|| async {
            let name = name();
            run(format!("CREATE DATABASE {name}")).await;
            let db = Database::connect(&Location::Postgres { url: database(&name), connections: 3 })
                .await
                .unwrap();
            db.migrate().await.unwrap();
            db.close().await.unwrap();
            name
        })
        .await
}

/// The address of a database without a schema.
pub(crate) async fn empty_postgres() -> String {
    let name = name();
    run(format!("CREATE DATABASE {name}")).await;
    database(&name)
}

/// The address of a database that is up to date and empty.
pub(crate) async fn fresh() -> String {
    let (template, name) = (template().await, name());
    run(format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    database(&name)
}
