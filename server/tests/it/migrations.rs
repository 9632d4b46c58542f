//! The schema: there and back again, and two processes that bring it up to date at once.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, Statement};
use server::db::{Database, Location};
use tempfile::TempDir;

use crate::world::{both_databases, empty_postgres};

/// Every table, column, index and constraint, by kind and name, as the database describes them.
async fn described(db: &DatabaseConnection) -> BTreeMap<String, String> {
    let statement = match db.get_database_backend() {
        DatabaseBackend::Postgres => {
            "SELECT 'column ' || table_name || '.' || column_name AS name,
                    data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '') || ' '
                        || COALESCE(collation_name, '') AS text
                FROM information_schema.columns WHERE table_schema = 'public'
             UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
             UNION ALL SELECT 'constraint ' || conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid)
                FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        }
        DatabaseBackend::Sqlite | DatabaseBackend::MySql | _ => {
            "SELECT type || ' ' || name AS name, COALESCE(sql, '') AS text FROM sqlite_schema
                WHERE name NOT LIKE 'sqlite_sequence'"
        }
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), statement)).await.unwrap();
    rows.iter().map(|row| (row.try_get("", "name").unwrap(), row.try_get("", "text").unwrap())).collect()
}

/// A connection that may change the schema.
async fn connection(location: &Location) -> DatabaseConnection {
    let url = match location {
        Location::Sqlite(file) => format!("sqlite://{}", file.display()),
        Location::Postgres { url, .. } => url.clone(),
    };
    sea_orm::Database::connect(url).await.unwrap()
}

async fn applied(db: &DatabaseConnection) -> usize {
    Migrator::get_applied_migrations(db).await.unwrap().len()
}

both_databases! {
    async fn up_down_and_up_again_gives_the_same_schema(world: World) {
        let db = world.app.db.reads();
        let before = described(db).await;
        assert!(before.keys().any(|name| name == "index tasks_by_deadline"), "{before:?}");
        let connection = connection(&world.location).await;
        Migrator::down(&connection, None).await.unwrap();
        let bare = described(&connection).await;
        assert!(bare.keys().all(|name| name.contains("seaql_migrations")), "{bare:?}");
        Migrator::up(&connection, None).await.unwrap();
        assert_eq!(described(&connection).await, before);
    }

    async fn a_schema_that_is_up_to_date_is_left_alone(world: World) {
        let before = described(world.app.db.reads()).await;
        world.app.db.migrate().await.unwrap();
        assert_eq!(described(world.app.db.reads()).await, before);
    }
}

/// Several processes start over a database that nobody has prepared.
async fn at_once(location: Location) {
    let processes = join_all((0..4).map(async |_| Database::connect(&location).await.unwrap())).await;
    let results = join_all(processes.iter().map(Database::migrate)).await;
    for result in results {
        result.unwrap();
    }
    assert_eq!(applied(processes[0].reads()).await, Migrator::migrations().len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_migrate_at_once_do_it_once_sqlite() {
    for _ in 0..5 {
        let folder = TempDir::new().unwrap();
        at_once(Location::Sqlite(folder.path().join("vekha.sqlite"))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_migrate_at_once_do_it_once_postgres() {
    at_once(Location::Postgres { url: empty_postgres().await, connections: 3 }).await;
}
