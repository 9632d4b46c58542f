//! The schema: there and back again, and two processes that bring it up to date at once.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::Code;
use futures_util::future::join_all;
use migration::{MigrationName, MigrationTrait, Migrator, MigratorTrait, SchemaManager};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr, Statement};
use server::db::{Database, Location, Patience};
use tempfile::TempDir;

use crate::world::{both_databases, empty_postgres, task};

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

/// The schema with one more change, which PostgreSQL makes outside a transaction.
struct WithIndex;

struct Indexed;

impl MigrationName for Indexed {
    fn name(&self) -> &str {
        "m_with_index"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Indexed {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let script = "DROP INDEX {concurrently} IF EXISTS tasks_by_version;
            CREATE INDEX {concurrently} tasks_by_version ON tasks (version)";
        migration::run(manager, script).await
    }
}

impl MigratorTrait for WithIndex {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut all = Migrator::migrations();
        all.push(Box::new(Indexed));
        all
    }
}

/// Waits as little as a test can.
const SHORT: Patience = Patience {
    first: Duration::from_millis(50),
    again: Duration::from_millis(50),
    most: Duration::from_millis(400),
};

/// Somebody who has what is needed to change the schema, as one who migrates has it.
async fn migrating(db: &Database) -> server::db::Write {
    let right = db.write().await.unwrap();
    if db.backend() == DatabaseBackend::Postgres {
        right.execute_unprepared("SELECT pg_advisory_xact_lock(hashtext('vekha.migrate'))").await.unwrap();
    }
    right
}

both_databases! {
    async fn who_waits_for_another_that_migrates_comes_up_after_it(world: World) {
        let db = Database::connect(&world.location).await.unwrap();
        let first = migrating(&world.app.db).await;
        let mut second = tokio::spawn(async move {
            let patient = Patience { most: Duration::from_secs(20), ..SHORT };
            db.migrate_by::<Migrator>(patient).await
        });
        // Longer than it waits at a time: it is refused, and comes again.
        tokio::time::timeout(SHORT.most, &mut second).await.expect_err("it waits");
        first.commit().await.unwrap();
        second.await.unwrap().unwrap();
        assert_eq!(applied(world.app.db.reads()).await, Migrator::migrations().len());
    }

    async fn an_index_of_a_large_table_is_made_while_others_write(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        anna.creates(task().for_(&petr)).await;
        world.app.db.migrate_by::<WithIndex>(SHORT).await.unwrap();
        let made = described(world.app.db.reads()).await;
        assert!(made.contains_key("index tasks_by_version"), "{made:?}");
        // The present schema's own does not know it.
        let refused = world.app.db.migrate().await.unwrap_err().to_string();
        assert!(refused.contains("m_with_index"), "{refused}");
    }

    async fn who_waited_long_enough_says_what_for(world: World) {
        let db = Database::connect(&world.location).await.unwrap();
        let first = migrating(&world.app.db).await;
        let refused = db.migrate_by::<Migrator>(SHORT).await.unwrap_err().to_string();
        assert!(refused.contains("another process has the database"), "{refused}");
        first.commit().await.unwrap();
        db.migrate_by::<Migrator>(SHORT).await.unwrap();
        // The connection that writes is as it was.
        db.write().await.unwrap().commit().await.unwrap();
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

/// What a file of a migration says is wrong with it, by the rules of `migration/README.md` that a text can be held to.
fn faults(text: &str) -> Vec<String> {
    let up =
        text.split("const UP").nth(1).and_then(|rest| rest.split("const DOWN").next()).unwrap_or_default();
    let mut faults = Vec::new();
    for statement in up.split(';') {
        let marked = statement.contains("-- contract: ");
        let words = statement
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"))
            .collect::<Vec<_>>()
            .join(" ");
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
        let adds = words.contains("ADD COLUMN") && words.contains("NOT NULL");
        if adds && !words.contains(" DEFAULT ") {
            faults.push(format!("the version before cannot fill it: {words}"));
        }
        if ["DROP TABLE", "DROP COLUMN", "RENAME "].iter().any(|takes| words.contains(takes)) && !marked {
            faults.push(format!("the version before may use it: {words}"));
        }
        let checks =
            words.contains("ALTER TABLE") && words.contains("ADD CONSTRAINT") && words.contains("CHECK");
        if checks && !words.contains("NOT VALID") {
            faults.push(format!("it reads the whole table while nobody may: {words}"));
        }
    }
    faults
}

#[test]
fn migrations_keep_to_what_the_version_before_can_live_with() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../migration/src");
    let mut held = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        // Those before it made the schema that the first company got.
        if name.starts_with('m') && name.as_str() > "m20261128_000005" {
            assert_eq!(faults(&std::fs::read_to_string(&file).unwrap()), Vec::<String>::new(), "{name}");
        }
        held += usize::from(name.starts_with("m2"));
    }
    assert_eq!(held, Migrator::migrations().len(), "every file is one that runs");
}

#[test]
fn what_the_version_before_cannot_live_with_is_found() {
    let wrong = |up: &str| {
        faults(&format!("const UP: &str = r\"{up}\"; const DOWN: &str = r\"DROP TABLE tasks\";")).len()
    };
    assert_eq!(wrong("ALTER TABLE tasks ADD COLUMN colour TEXT NOT NULL"), 1);
    assert_eq!(wrong("ALTER TABLE tasks ADD COLUMN colour TEXT NOT NULL DEFAULT 'NONE'"), 0);
    assert_eq!(wrong("ALTER TABLE tasks ADD COLUMN colour TEXT"), 0);
    assert_eq!(wrong("ALTER TABLE tasks DROP COLUMN returns"), 1);
    assert_eq!(wrong("-- contract: unused since 1.4\nALTER TABLE tasks DROP COLUMN returns"), 0);
    assert_eq!(wrong("ALTER TABLE tasks RENAME COLUMN returns TO sent_back"), 1);
    assert_eq!(wrong("ALTER TABLE tasks ADD CONSTRAINT a CHECK (returns >= 0)"), 1);
    assert_eq!(wrong("ALTER TABLE tasks ADD CONSTRAINT a CHECK (returns >= 0) NOT VALID"), 0);
}

/// The names between quotes, in order.
fn quoted(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
    names.sort();
    names
}

fn names<T: domain::Code>(members: impl Iterator<Item = T>) -> Vec<String> {
    let mut names: Vec<String> = members.map(|member| member.code().to_owned()).collect();
    names.sort();
    names
}

both_databases! {
    async fn names_in_the_schema_are_those_of_the_domain(world: World) {
        let described = described(world.app.db.reads()).await;
        // SQLite describes a constraint within its table.
        let of = |table: &str, constraint: &str| {
            let own = described.get(&format!("constraint {table}.{constraint}"));
            own.cloned().unwrap_or_else(|| {
                let table = &described[&format!("table {table}")];
                let rest = table.split(&format!("CONSTRAINT {constraint} ")).nth(1).unwrap();
                rest.split("CONSTRAINT").next().unwrap().to_owned()
            })
        };
        assert_eq!(quoted(&of("tasks", "tasks_status_known")), names(domain::StatusKind::ALL.iter().copied()));
        assert_eq!(quoted(&of("users", "users_role_known")), names(domain::Role::ALL.iter().copied()));
        let history = &described["index events_in_history"];
        assert_eq!(quoted(history), names(domain::EventKind::shown_in_history()));
    }
}
