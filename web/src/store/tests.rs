//! What the store promises: nothing old wins, lists follow from tasks, a change under way comes off without a trace.

use chrono::{TimeDelta, TimeZone, Utc};

use super::list::Order;
use super::*;
use crate::api::history::Happening;
use crate::api::task::TaskPermissions;
use crate::api::tasks::TaskConnection;
use crate::api::{PageInfo, Role, TaskAction, TaskPriority, TaskStatus};

fn hour(hours: i64) -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 24, 0, 0, 0).unwrap() + TimeDelta::hours(hours)
}

fn petr() -> UserId {
    UserId::from("petr")
}

fn row(number: i32, deadline: Option<i64>, version: i32) -> TaskRow {
    TaskRow {
        id: TaskId::from(format!("task{number}").as_str()),
        number,
        title: format!("Task {number}"),
        status: TaskStatus::New,
        status_before_overdue: None,
        priority: TaskPriority::Normal,
        requires_review: true,
        deadline: deadline.map(hour),
        original_deadline: None,
        deadline_moves: 0,
        returns: 0,
        creator: None,
        assignee: Some(PersonFields { id: petr(), name: "Пётр".to_owned(), role: Role::Manager }),
        created_at: hour(0),
        updated_at: hour(i64::from(version)),
        completed_at: None,
        version,
        available_actions: vec![TaskAction::Start],
        viewer_can: TaskPermissions::default(),
    }
}

fn card(row: TaskRow) -> TaskCard {
    TaskCard {
        description: "text".to_owned(),
        id: row.id,
        number: row.number,
        title: row.title,
        status: row.status,
        status_before_overdue: row.status_before_overdue,
        priority: row.priority,
        requires_review: row.requires_review,
        deadline: row.deadline,
        original_deadline: row.original_deadline,
        deadline_moves: row.deadline_moves,
        returns: row.returns,
        creator: row.creator,
        assignee: row.assignee,
        created_at: row.created_at,
        updated_at: row.updated_at,
        completed_at: row.completed_at,
        version: row.version,
        available_actions: row.available_actions,
        viewer_can: row.viewer_can,
    }
}

fn mine() -> TaskQuery {
    TaskQuery {
        assignee: Some(petr()),
        creator: None,
        statuses: TaskStatus::OPEN.to_vec(),
        order: Order::Deadline,
    }
}

fn done() -> TaskQuery {
    TaskQuery { statuses: vec![TaskStatus::Done], order: Order::RecentlyUpdated, ..mine() }
}

fn page(rows: Vec<TaskRow>, more: bool) -> TaskConnection {
    let page_info = PageInfo { has_next_page: more, end_cursor: Some("end".to_owned()) };
    TaskConnection { nodes: rows, page_info, live_cursor: Cursor("1".to_owned()) }
}

fn numbers(store: &Store, query: &TaskQuery) -> Vec<i32> {
    store.list(query).unwrap().ids().iter().map(|id| store.task(id).unwrap().number).collect()
}

fn happening(kind: &str, cursor: &str) -> Happening {
    let cursor = Some(Cursor(cursor.to_owned()));
    Happening { kind: kind.to_owned(), cursor, at: Some(hour(1)), ..Happening::default() }
}

fn created(cursor: &str, row: TaskRow) -> Happening {
    Happening { task: Some(card(row)), ..happening("TaskCreated", cursor) }
}

fn moved(cursor: &str, to: TaskStatus, row: TaskRow) -> Happening {
    Happening {
        status_from: Some(TaskStatus::New),
        status_to: Some(to),
        task: Some(card(TaskRow { status: to, ..row })),
        ..happening("TaskStatusChanged", cursor)
    }
}

fn with_page(query: &TaskQuery, rows: Vec<TaskRow>, more: bool) -> Store {
    let mut store = Store::default();
    assert_eq!(store.start_page(query), Some(None));
    store.take_page(query, 0, page(rows, more));
    store
}

#[test]
fn an_older_event_or_answer_never_overwrites_a_newer_one() {
    let mut store = with_page(&mine(), vec![row(1, Some(5), 3)], false);
    store.take_row(TaskRow { title: "old".to_owned(), ..row(1, Some(9), 2) });
    store.take_task_event(moved("2", TaskStatus::Done, row(1, Some(5), 1)));
    let task = store.task(&TaskId::from("task1")).unwrap();
    assert_eq!((task.title.as_str(), task.version, task.status), ("Task 1", 3, TaskStatus::New));
    assert_eq!(numbers(&store, &mine()), [1]);
}

#[test]
fn the_same_version_brings_what_depends_on_the_viewer_and_keeps_the_description() {
    let mut store = Store::default();
    store.take_card(card(row(1, None, 2)));
    store.take_row(TaskRow { available_actions: vec![TaskAction::Submit], ..row(1, None, 2) });
    let task = store.task(&TaskId::from("task1")).unwrap();
    assert_eq!(task.available_actions, [TaskAction::Submit]);
    assert_eq!(task.description.as_deref(), Some("text"));
}

#[test]
fn an_event_inserts_a_task_in_the_order_of_the_list() {
    let mut store = with_page(&mine(), vec![row(1, Some(5), 1), row(2, Some(9), 1), row(3, None, 1)], false);
    store.take_task_event(created("2", row(4, Some(7), 1)));
    store.take_task_event(created("3", row(5, Some(9), 1)));
    store.take_task_event(created("4", row(6, None, 1)));
    assert_eq!(numbers(&store, &mine()), [1, 4, 2, 5, 3, 6]);
    assert_eq!(store.task_cursor, Some(Cursor("4".to_owned())));
}

#[test]
fn a_task_beyond_what_was_read_is_left_to_the_page_that_brings_it() {
    let mut store = with_page(&mine(), vec![row(1, Some(5), 1), row(2, Some(9), 1)], true);
    store.take_task_event(created("2", row(3, Some(20), 1)));
    assert_eq!(numbers(&store, &mine()), [1, 2]);

    assert_eq!(store.start_page(&mine()), Some(Some("end".to_owned())));
    store.take_page(&mine(), 0, page(vec![row(4, Some(12), 1), row(3, Some(20), 1)], false));
    assert_eq!(numbers(&store, &mine()), [1, 2, 4, 3]);
    assert_eq!(store.start_page(&mine()), None, "read to the end");
}

#[test]
fn when_the_last_row_leaves_the_edge_stays_where_it_was_read() {
    let mut store = with_page(&mine(), vec![row(1, Some(5), 1), row(2, Some(9), 1)], true);
    store.take_task_event(moved("2", TaskStatus::Done, row(2, Some(9), 2)));
    store.take_task_event(created("3", row(3, Some(8), 1)));
    assert_eq!(numbers(&store, &mine()), [1, 3]);
}

#[test]
fn a_change_of_status_moves_a_task_from_list_to_list() {
    let mut store = with_page(&mine(), vec![row(1, Some(5), 1), row(2, Some(9), 1)], false);
    store.start_page(&done());
    store.take_page(&done(), 0, page(vec![TaskRow { status: TaskStatus::Done, ..row(3, None, 4) }], false));
    store.take_task_event(moved("2", TaskStatus::Done, row(1, Some(5), 9)));
    assert_eq!(numbers(&store, &mine()), [2]);
    assert_eq!(numbers(&store, &done()), [1, 3]);

    store.take_task_event(moved("3", TaskStatus::InProgress, row(1, Some(5), 10)));
    assert_eq!(numbers(&store, &mine()), [1, 2]);
    assert_eq!(numbers(&store, &done()), [3]);
}

#[test]
fn a_task_given_to_another_leaves_the_list() {
    let mut store = with_page(&mine(), vec![row(1, Some(5), 1)], false);
    let other = PersonFields { id: UserId::from("anna"), name: "Анна".to_owned(), role: Role::Manager };
    store.take_row(TaskRow { assignee: Some(other), ..row(1, Some(5), 2) });
    assert_eq!(numbers(&store, &mine()), [0; 0]);
}

#[test]
fn events_that_ran_ahead_of_a_page_are_not_lost_by_it() {
    let mut store = Store::default();
    store.start_page(&mine());
    store.take_task_event(created("5", row(2, Some(7), 1)));
    store.take_task_event(moved("6", TaskStatus::Done, row(1, Some(5), 2)));
    store.take_page(&mine(), 0, page(vec![row(1, Some(5), 1), row(3, Some(9), 1)], false));
    assert_eq!(numbers(&store, &mine()), [2, 3]);
    assert_eq!(store.task_cursor, Some(Cursor("6".to_owned())), "the stream is further than the page");
}

#[test]
fn a_deleted_task_is_not_brought_back_by_an_answer_asked_for_before() {
    let mut store = with_page(&mine(), vec![row(1, Some(5), 3)], false);
    store
        .take_task_event(Happening { task_id: Some(TaskId::from("task1")), ..happening("TaskDeleted", "2") });
    store.take_row(row(1, Some(5), 3));
    assert!(store.task(&TaskId::from("task1")).is_none());
    assert!(store.is_missing(1), "whoever looks at it sees that it is gone");
    assert!(numbers(&store, &mine()).is_empty());

    let back = Some(card(row(1, Some(5), 3)));
    store.take_task_event(Happening { task: back, ..happening("TaskRestored", "3") });
    assert_eq!(numbers(&store, &mine()), [1]);
}

#[test]
fn a_change_under_way_is_shown_and_comes_off_when_refused() {
    let mut store = with_page(&mine(), vec![row(1, Some(5), 1), row(2, Some(9), 1)], false);
    let id = TaskId::from("task1");
    let later = store.patch(&id, Patch::Deadline(Some(hour(20))));
    assert_eq!(numbers(&store, &mine()), [2, 1]);
    assert!(store.task(&id).unwrap().under_way);

    let title = store.patch(&id, Patch::Title("typed".to_owned()));
    store.unpatch(later);
    assert_eq!(numbers(&store, &mine()), [1, 2]);
    assert_eq!(store.task(&id).unwrap().title, "typed");

    store.take_card(card(TaskRow { title: "typed".to_owned(), ..row(1, Some(5), 2) }));
    store.unpatch(title);
    let task = store.task(&id).unwrap();
    assert_eq!((task.title.as_str(), task.under_way, task.version), ("typed", false, 2));
}

#[test]
fn a_task_being_deleted_is_hidden_and_returns_when_refused() {
    let mut store = with_page(&mine(), vec![row(1, Some(5), 1)], false);
    let patch = store.patch(&TaskId::from("task1"), Patch::Delete);
    assert!(numbers(&store, &mine()).is_empty());
    store.unpatch(patch);
    assert_eq!(numbers(&store, &mine()), [1]);
}

#[test]
fn resync_reads_afresh_and_what_is_not_there_any_more_goes() {
    let mut store = with_page(&mine(), vec![row(1, Some(5), 1), row(2, Some(9), 1)], false);
    let followed = store.take_task_event(happening("Resync", "9"));
    assert_eq!(followed, Followed::Reread);
    assert_eq!(numbers(&store, &mine()), [1, 2], "shown until read");
    assert!(store.list(&mine()).unwrap().needs_reading());

    assert_eq!(store.start_page(&mine()), Some(None), "from the beginning");
    store.take_page(&mine(), 0, page(vec![row(7, Some(1), 1)], false));
    assert_eq!(numbers(&store, &mine()), [1, 2], "an answer asked for before is dropped");
    store.take_page(&mine(), 1, page(vec![row(2, Some(9), 2), row(3, Some(10), 1)], false));
    assert_eq!(numbers(&store, &mine()), [2, 3]);
    assert_eq!(store.task_cursor, Some(Cursor("9".to_owned())));
}
