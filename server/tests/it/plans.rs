//! How the databases run the lists that the contract offers: by the index made for each, without sorting, and reading no more
//! rows than are shown plus one.

use domain::StatusKind;
use sea_orm::{ConnectionTrait, DatabaseBackend, EntityTrait, QueryTrait, Select, Statement};
use server::db::columns::{CommentId, EventId, NotificationId, TaskId, Timestamp, UserId};
use server::db::page::PageRequest;
use server::entity::{event, task as row, user as user_row};
use server::log::{Position, Replay};
use server::schedule::Job;
use server::statistics::{Scope, export, figures};
use server::task::query::{Filter, OrderField, TaskOrder};
use server::{comment, log, notification, task, user};

use crate::world::{Person, World, both_databases};

/// Tasks, of eighty assignees and as many creators. PostgreSQL does walk a list of few people by number through everyone's,
/// since the rows lie in that order: with many it does not.
const TASKS: i64 = 16_000;
/// Rows of the other tables, of two hundred tasks or people.
const OTHERS: i64 = 40_000;
const PAGE: u64 = 20;

struct Company {
    world: World,
    supervisor: Person,
    manager: Person,
}

impl Company {
    async fn of(world: World) -> Company {
        // Who reads the log while PostgreSQL vacuums, and another test writes, keeps it from marking pages as visible to all.
        let world = world.telling_nobody().await;
        let supervisor = world.supervisor().await;
        let manager = world.manager().await;
        let (anna, petr) = (supervisor.user, manager.user);
        let postgres = world.app.db.backend() == DatabaseBackend::Postgres;
        let (yes, no) = if postgres { ("TRUE", "FALSE") } else { ("1", "0") };
        let fill = |table: &str, columns: &str, values: &str, rows: i64| {
            let (with, numbers) = if postgres {
                (String::new(), format!("generate_series(1, {rows}) AS numbers(n)"))
            } else {
                let numbers = "SELECT 1 UNION ALL SELECT n + 1 FROM numbers";
                (format!("WITH RECURSIVE numbers(n) AS ({numbers} LIMIT {rows})"), "numbers".to_owned())
            };
            format!("INSERT INTO {table} ({columns}) {with} SELECT {values} FROM {numbers}")
        };
        let people = format!(
            "'Имя', 'имя ' || (n * 7 % 3000), 'u' || n, '', 'MANAGER', {yes}, 'SYSTEM', 'UTC', {yes}, 1"
        );
        // Multiples of eighty are set by the one person above for the other; the factors scatter each order differently.
        let tasks = format!(
            "'Задача', 'задача ' || (100000 + n * 11 % {TASKS}), '', CASE n % 3 WHEN 0 THEN 'NEW' ELSE 'DONE' END, n % 3, {yes},
             n * 17 % {TASKS}, n * 17 % {TASKS}, {no}, 0, 0, CASE n % 80 WHEN 0 THEN {anna} ELSE 10 + n % 80 END,
             CASE n % 80 WHEN 0 THEN {petr} ELSE 100 + n % 80 END, n * 13 % {TASKS}, n * 7 % {TASKS},
             CASE n % 50 WHEN 0 THEN n END, 1"
        );
        let statements = [
            fill(
                "users",
                "name, name_key, email, password_hash, role, active, theme, time_zone, shortcuts, created_at",
                &people,
                3_000,
            ),
            fill(
                "tasks",
                "title, title_key, description, status, priority, requires_review, deadline, deadline_key,
                 deadline_missed, deadline_moves, returns, creator_id, assignee_id, created_at, updated_at,
                 deleted_at, version",
                &tasks,
                TASKS,
            ),
            fill(
                "comments",
                "task_id, author_id, body, created_at, deleted_at",
                "1 + n % 200, 1, 'Готовлю', n, CASE n / 200 % 4 WHEN 0 THEN n END",
                OTHERS,
            ),
            fill(
                "events",
                "task_id, at, kind, payload",
                "1 + n % 200, n, CASE n / 200 % 2 WHEN 0 THEN 'TASK_UPDATED' ELSE 'COMMENT_EDITED' END, '{}'",
                OTHERS,
            ),
            fill(
                "notifications",
                "recipient_id, kind, event_id, created_at, read_at",
                "1 + n % 200, 'TASK_CREATED', n, n, CASE n / 200 % 2 WHEN 0 THEN n END",
                OTHERS,
            ),
        ];
        let write = world.app.db.write().await.unwrap();
        for statement in &statements {
            write.execute_unprepared(statement).await.unwrap();
        }
        // PostgreSQL does this by itself from time to time; SQLite knows nothing but its indexes.
        if postgres {
            write.execute_unprepared("ANALYZE").await.unwrap();
        }
        write.commit().await.unwrap();
        Company { world, supervisor, manager }
    }

    /// Asserts that a page is read as promised.
    async fn runs_by<E: EntityTrait>(&self, index: &str, select: Select<E>) {
        self.runs_reading(PAGE + 1, index, select).await;
    }

    /// The same, of a statement that is for so many rows.
    async fn runs_reading<E: EntityTrait>(&self, most: u64, index: &str, select: Select<E>) {
        self.runs(most, index, select.build(self.world.app.db.backend())).await;
    }

    /// The same, of a statement as the database is given it.
    async fn runs(&self, most: u64, index: &str, statement: Statement) {
        let plan = self.plan(&statement).await;
        let what = format!("{index}: {}\n{}", statement.sql, plan.join("\n"));
        assert!(!plan.iter().any(|line| sorts(line)), "sorts: {what}");
        assert!(!plan.iter().any(|line| line.contains("Removed by")), "reads what it does not show: {what}");
        let named = |line: &str| {
            line.split([' ', '(']).any(|word| word == index)
                && (line.contains("INDEX") || line.contains("Index"))
        };
        assert!(plan.iter().any(|line| named(line)), "another way: {what}");
        // SQLite reads what is equal to the place in the first column, and then the rest.
        let parts = 1 + statement.sql.matches(" UNION ALL ").count();
        assert_eq!(
            plan.iter().filter(|line| reads(line)).count(),
            parts,
            "more than one table is read: {what}"
        );
        let of_equal = |line: &&String| line.contains("=? AND rowid") || line.contains("=? AND id");
        assert!(
            parts == 1 || plan.iter().filter(of_equal).count() == 1,
            "all that are equal are read: {what}"
        );
        for rows in plan.iter().filter_map(|line| line.split("actual time=").nth(1)?.split(" rows=").nth(1)) {
            let rows: u64 = rows.split(' ').next().unwrap().parse().unwrap();
            assert!((1..=most).contains(&rows), "{rows} rows read: {what}");
        }
    }

    async fn plan(&self, statement: &Statement) -> Vec<String> {
        self.explained("EXPLAIN (ANALYZE, COSTS OFF, SUMMARY OFF)", statement).await
    }

    async fn plan_without_running(&self, statement: &Statement) -> Vec<String> {
        self.explained("EXPLAIN (COSTS OFF)", statement).await
    }

    async fn explained(&self, on_postgres: &str, statement: &Statement) -> Vec<String> {
        let backend = self.world.app.db.backend();
        let (explain, column) = match backend {
            DatabaseBackend::Postgres => (on_postgres, "QUERY PLAN"),
            DatabaseBackend::Sqlite | DatabaseBackend::MySql | _ => ("EXPLAIN QUERY PLAN", "detail"),
        };
        let mut asked = statement.clone();
        asked.sql = format!("{explain} {}", statement.sql);
        let rows = self.world.app.db.reads().query_all_raw(asked).await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", column).unwrap()).collect()
    }
}

/// Whether a line of a plan says that rows are read from a table.
fn reads(line: &str) -> bool {
    let step = line.trim_start();
    step.starts_with("SEARCH") || step.starts_with("SCAN") || line.contains(" Scan ")
}

/// Whether it says that rows are put in order after they were read.
fn sorts(line: &str) -> bool {
    line.contains("Sort") || line.contains("TEMP B-TREE")
}

/// The four parts of a list: from its start, after a place, from its end, before a place.
fn parts<K: Clone>(place: &K) -> [PageRequest<K>; 4] {
    let start = PageRequest { size: PAGE, after: None, before: None, backward: false };
    let end = PageRequest { backward: true, ..start.clone() };
    [
        PageRequest { after: Some(place.clone()), ..start.clone() },
        start,
        PageRequest { before: Some(place.clone()), ..end.clone() },
        end,
    ]
}

async fn lists_of_tasks(company: &Company) {
    let backend = company.world.app.db.backend();
    let (anna, petr) = (company.supervisor.viewer().await, company.manager.viewer().await);
    let of = |people: [Option<UserId>; 2]| Filter {
        assignees: people[0].map(|person| vec![person]),
        creators: people[1].map(|person| vec![person]),
        ..Filter::default()
    };
    let scopes = [
        ("tasks_", &anna, of([None, None])),
        ("tasks_of_assignee_", &anna, of([Some(petr.id), None])),
        ("tasks_of_assignee_", &petr, of([None, None])),
        ("tasks_of_creator_", &anna, of([None, Some(anna.id)])),
    ];
    let orders = [
        ("by_deadline", OrderField::Deadline),
        ("by_created", OrderField::CreatedAt),
        ("by_updated", OrderField::UpdatedAt),
        ("by_priority", OrderField::Priority),
        ("by_title", OrderField::Title),
        ("by_number", OrderField::Number),
    ];
    // Set by the one for the other, as every eightieth is, and somewhere in the middle of every list.
    let some =
        row::Entity::find_by_id(TaskId(8_080)).one(company.world.app.db.reads()).await.unwrap().unwrap();
    for (scope, viewer, filter) in &scopes {
        for (by, field) in orders {
            for descending in [false, true] {
                for request in parts(&field.key(&some)) {
                    let order = TaskOrder { field, descending };
                    let statement = task::query::page_statement(backend, viewer, filter, order, &request);
                    company.runs(PAGE + 1, &format!("{scope}{by}"), statement).await;
                }
            }
        }
    }
    let overdue = Filter { statuses: Some(vec![StatusKind::Done]), ..Filter::default() };
    let order = TaskOrder { field: OrderField::Deadline, descending: false };
    for request in parts(&OrderField::Deadline.key(&some)) {
        let statement = task::query::page_statement(backend, &anna, &overdue, order, &request);
        company.runs(PAGE + 1, "tasks_of_status_by_deadline", statement).await;
    }
}

async fn other_lists(company: &Company) {
    let (anna, petr) = (company.supervisor.viewer().await, company.manager.viewer().await);
    let sqlite = company.world.app.db.backend() == DatabaseBackend::Sqlite;
    for place in [None, Some(OTHERS / 2)] {
        let request =
            PageRequest { size: PAGE, after: place.map(NotificationId), before: None, backward: false };
        for (unread_only, index) in [(false, "notifications_of_recipient"), (true, "notifications_unread")] {
            company.runs_by(index, notification::query::page_statement(petr.id, unread_only, &request)).await;
        }
        let request = PageRequest { size: PAGE, after: place.map(CommentId), before: None, backward: false };
        // SQLite finds rows of equal keys in the order of their numbers, and so does without the partial index.
        let index = if sqlite { "comments_by_task" } else { "comments_of_task" };
        company.runs_by(index, comment::query::page_statement(TaskId(1), &request)).await;
        let before = place.map(|id| Position { xid: i64::MAX, id });
        let history = log::history_statement(company.world.app.db.backend(), TaskId(1), before, PAGE + 1);
        company.runs_by("events_in_history", history).await;
    }
    let someone =
        user_row::Entity::find_by_id(UserId(1_500)).one(company.world.app.db.reads()).await.unwrap();
    let someone = user::query::Key::from(&someone.unwrap());
    for request in parts(&someone) {
        let backend = company.world.app.db.backend();
        let statement =
            user::query::page_statement(backend, &anna, &user::query::Filter::default(), &request);
        company.runs(PAGE + 1, "users_by_name", statement).await;
    }
    let backend = company.world.app.db.backend();
    company
        .runs_reading(1, "tasks_to_expire", task::overdue::is_due_statement(backend, Timestamp(TASKS / 2)))
        .await;
    let due = task::overdue::due_statement(backend, Timestamp(TASKS / 2));
    company.runs_reading(100, "tasks_to_expire", due).await;
    // By a clock that was wrong: it is before all deadlines.
    let write = company.world.app.db.write().await.unwrap();
    let overdue = "UPDATE tasks SET status = 'OVERDUE', status_before_overdue = 'NEW' WHERE status = 'NEW' AND id % 90 = 0";
    write.execute_unprepared(overdue).await.unwrap();
    write.commit().await.unwrap();
    let ahead = task::overdue::ahead_statement(Timestamp(-60_000));
    company.runs_reading(100, "tasks_of_status_by_deadline", ahead).await;
}

/// The statements that read the log from a place somewhere in it.
async fn readings_of_the_log(company: &Company) -> Vec<Statement> {
    let db = &company.world.app.db;
    let backend = db.backend();
    let (petr, anna) = (company.manager.user, company.supervisor.user);
    let middle = event::Entity::find_by_id(EventId(OTHERS / 2)).one(db.reads()).await.unwrap().unwrap();
    let (after, until) = (Position::from(&middle), Position { id: OTHERS / 2 + 1_000, xid: middle.xid });
    let replayed = |replay| log::replay_statement(backend, replay, after, until, 200).build(backend);
    vec![
        log::settled_statement(backend, after, 200).build(backend),
        log::nth_statement(backend, after, 0).build(backend),
        log::nth_statement(backend, after, log::MOST_REPLAYED).build(backend),
        log::end_statement(backend).build(backend),
        replayed(Replay::Tasks(petr, domain::Role::Manager)),
        replayed(Replay::Tasks(anna, domain::Role::Supervisor)),
        replayed(Replay::Notifications(petr)),
    ]
}

/// Whether a line of a plan says that a large table is read from its beginning to its end.
fn reads_all_of_it(line: &str) -> bool {
    let large = [
        "tasks",
        "events",
        "comments",
        "notifications",
        "idempotency_keys",
        "login_attempts",
        "refresh_tokens",
    ];
    let step = line.trim_start().trim_start_matches("-> ").trim_start();
    // PostgreSQL reads a table that has next to nothing in it so, and rightly.
    let filled = &large[..4];
    filled.iter().any(|table| step.starts_with(&format!("Seq Scan on {table}")))
        || large.iter().any(|table| step == format!("SCAN {table}"))
}

/// What is due was done long ago, what is open is not due, what is deleted can be restored: the database takes a part of all tasks for
/// due, and there is nothing to do.
async fn nothing_is_due(company: &Company) {
    let db = &company.world.app.db;
    let write = db.write().await.unwrap();
    for statement in [
        "UPDATE tasks SET deadline = 4000000000000 + id, deadline_key = 4000000000000 + id WHERE status = 'NEW'",
        "UPDATE tasks SET deleted_at = 4000000000000 + id WHERE deleted_at IS NOT NULL",
    ] {
        write.execute_unprepared(statement).await.unwrap();
    }
    write.commit().await.unwrap();
    if db.backend() == DatabaseBackend::Postgres {
        db.reads().execute_unprepared("ANALYZE").await.unwrap();
    }
}

/// Gives the company a past: what is done was handed in, and all that statistics count has happened.
async fn lives(company: &Company) {
    let db = &company.world.app.db;
    let write = db.write().await.unwrap();
    for statement in [
        "UPDATE tasks SET submitted_at = created_at + 5, completed_at = created_at + 10 WHERE status = 'DONE'",
        "UPDATE events SET measure = CASE id % 5 WHEN 0 THEN 'HANDED_IN' WHEN 1 THEN 'ACCEPTED' WHEN 2 THEN 'RETURNED'
            WHEN 3 THEN 'DEADLINE_MOVED' ELSE 'OVERDUE' END",
    ] {
        write.execute_unprepared(statement).await.unwrap();
    }
    write.commit().await.unwrap();
    if db.backend() == DatabaseBackend::Postgres {
        db.reads().execute_unprepared("VACUUM ANALYZE").await.unwrap();
    }
}

/// How the statements behind the figures of a year are run.
async fn plans_of_figures(company: &Company) -> Vec<String> {
    let anna = company.supervisor.viewer().await;
    let (from, to) = ("1970-01-01".parse().unwrap(), "1970-12-31".parse().unwrap());
    let scope = Scope::new(from, to, "UTC", None).unwrap();
    company.world.statements.lock().clear();
    figures(&company.world.app, &anna, &scope).await.unwrap();
    let ran = std::mem::take(&mut *company.world.statements.lock());
    let counts = |statement: &&Statement| statement.sql.contains("\"tasks\".\"deleted_at\"");
    let of_figures: Vec<_> = ran.iter().filter(counts).collect();
    assert_eq!(of_figures.len(), 9);
    let mut lines = Vec::new();
    for statement in of_figures {
        lines.extend(company.plan(statement).await);
    }
    lines
}

/// How a page of the table of a year is read, in the middle of the tasks.
async fn plan_of_export(company: &Company, year: &str) -> Vec<String> {
    let anna = company.supervisor.viewer().await;
    let day = |month_and_day: &str| format!("{year}-{month_and_day}").parse().unwrap();
    let scope = Scope::new(day("01-01"), day("12-31"), "UTC", None).unwrap();
    let page = export::page_statement(&anna, &scope, TaskId(TASKS / 2));
    company.plan(&page.build(company.world.app.db.backend())).await
}

both_databases! {
    async fn figures_are_counted_from_indexes(world: World) {
        let company = Company::of(world).await;
        lives(&company).await;
        let sqlite = company.world.app.db.backend() == DatabaseBackend::Sqlite;
        for line in plans_of_figures(&company).await {
            if sqlite && (line.contains(" tasks") || line.contains(" events") || line.contains(" earlier")) {
                // Of the task of an event the row says whose it is.
                let counts = line.contains("USING COVERING INDEX") || line.ends_with("tasks USING INTEGER PRIMARY KEY (rowid=?)");
                assert!(counts, "{line}");
            } else if !sqlite && line.contains(" Scan ") {
                let counts = ["Index Only Scan", "Values Scan", "Index Scan using tasks_by_number"];
                assert!(counts.iter().any(|way| line.contains(way)), "{line}");
            }
        }
    }

    async fn a_page_of_the_export_asks_each_task_what_happened_to_it(world: World) {
        let company = Company::of(world).await;
        lives(&company).await;
        for year in ["1970", "1971"] {
            let plan = plan_of_export(&company, year).await;
            let what = plan.join("\n");
            // PostgreSQL would gather what happened to everyone's, for each page.
            assert!(!plan.iter().any(|line| sorts(line) || line.contains("hashed")), "{what}");
            let of_events: Vec<_> = plan.iter().filter(|line| reads(line) && line.contains(" events")).collect();
            assert_eq!(of_events.len(), 3, "moves, returns, whether anything happened: {what}");
            let ways = ["USING COVERING INDEX events_measured_of_task (task_id=?", "Index Only Scan using events_measured_of_task"];
            for line in of_events {
                assert!(ways.iter().any(|way| line.contains(way)), "{line} in {what}");
            }
        }
    }

    async fn the_log_is_read_from_its_place(world: World) {
        let company = Company::of(world).await;
        let sqlite = company.world.app.db.backend() == DatabaseBackend::Sqlite;
        for statement in readings_of_the_log(&company).await {
            let plan = company.plan(&statement).await;
            let what = format!("{}\n{}", statement.sql, plan.join("\n"));
            let of_events: Vec<_> = plan
                .iter()
                .filter(|line| line.contains("events_in_commit_order") || (line.contains(" events") && reads(line)))
                .collect();
            assert!(!of_events.is_empty(), "{what}");
            assert!(!plan.iter().any(|line| sorts(line)), "sorts: {what}");
            for line in of_events {
                let from_its_place = if sqlite {
                    // The end of the log is one step from the end of the index.
                    !statement.sql.contains("\"id\" >") && line.contains("SCAN events USING COVERING INDEX events_in_commit_order")
                        || line.contains("events_in_commit_order (xid=? AND id>?")
                } else {
                    line.contains("events_in_commit_order")
                };
                assert!(from_its_place, "{line} in {what}");
            }
            if !sqlite {
                let places = plan.iter().filter(|line| line.contains("Index Cond: ") && line.contains("xid")).count();
                assert!(places == 1, "{what}");
            }
        }
    }

    async fn what_a_clock_rings_reads_no_table_from_end_to_end(world: World) {
        let company = Company::of(world).await;
        nothing_is_due(&company).await;
        for job in Job::ALL {
            company.world.statements.lock().clear();
            job.run(&company.world.app).await.unwrap();
            let ran = std::mem::take(&mut *company.world.statements.lock());
            let asked = |statement: &&Statement| ["SELECT", "DELETE", "UPDATE"].iter().any(|word| statement.sql.starts_with(word));
            let asked: Vec<_> = ran.iter().filter(asked).collect();
            assert!(!asked.is_empty(), "{job:?} asks for nothing");
            for statement in asked {
                let plan = company.plan_without_running(statement).await;
                assert!(!plan.iter().any(|line| reads_all_of_it(line)), "{job:?}: {}\n{}", statement.sql, plan.join("\n"));
            }
        }
    }

    async fn every_list_runs_by_its_index(world: World) {
        let company = Company::of(world).await;
        lists_of_tasks(&company).await;
        other_lists(&company).await;
    }
}
