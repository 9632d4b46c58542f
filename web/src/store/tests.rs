//! What the store promises: nothing old wins, lists follow from tasks, a change under way comes off without a trace.

use chrono::{TimeDelta, TimeZone, Utc};

use super::*;
use crate::api::comments::CommentConnection;
use crate::api::enums::{Direction, TaskOrderField};
use crate::api::history::Happening;
use crate::api::live::Notified;
use crate::api::notifications::NotificationFields;
use crate::api::task::TaskPermissions;
use crate::api::tasks::{TaskConnection, TaskEventConnection, TaskOrder};
use crate::api::{NotificationId, NotificationKind, PageInfo, Role, TaskAction, TaskPriority, TaskStatus};

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

/// A task of that number, for tests of what shows tasks.
pub fn test_task(number: i32) -> Rc<Task> {
    Rc::new(Task::from_row(row(number, None, 1)))
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
    TaskQuery { assignees: vec![petr()], statuses: TaskStatus::OPEN.to_vec(), ..TaskQuery::default() }
}

fn done() -> TaskQuery {
    TaskQuery { statuses: vec![TaskStatus::Done], order: TaskOrder::RECENTLY_UPDATED, ..mine() }
}

fn page(rows: Vec<TaskRow>, more: bool) -> TaskConnection {
    let page_info = PageInfo { has_next_page: more, end_cursor: Some("end".to_owned()) };
    TaskConnection { nodes: rows, page_info, live_cursor: Cursor("1".to_owned()) }
}

fn notification(number: usize) -> NotificationFields {
    NotificationFields {
        id: NotificationId::from(format!("notification{number}").as_str()),
        kind: NotificationKind::TaskCreated,
        created_at: hour(1),
        read_at: None,
        actor: None,
        task: None,
        event: None,
        role: None,
        text: String::new(),
    }
}

fn no_comments() -> CommentConnection {
    let page_info = PageInfo { has_next_page: false, end_cursor: None };
    CommentConnection { nodes: vec![], page_info, total_count: 0 }
}

fn no_history() -> TaskEventConnection {
    TaskEventConnection { nodes: vec![], page_info: PageInfo { has_next_page: false, end_cursor: None } }
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
    assert_eq!(store.may_reread(hour(1)), Some(0));
    store.begin_reread(hour(1));
    assert_eq!(numbers(&store, &mine()), [1, 2], "shown until read");
    assert!(store.list(&mine()).unwrap().needs_reading());

    assert_eq!(store.start_page(&mine()), Some(None), "from the beginning");
    store.take_page(&mine(), 0, page(vec![row(7, Some(1), 1)], false));
    assert_eq!(numbers(&store, &mine()), [1, 2], "an answer asked for before is dropped");
    store.take_page(&mine(), 1, page(vec![row(2, Some(9), 2), row(3, Some(10), 1)], false));
    assert_eq!(numbers(&store, &mine()), [2, 3]);
    assert_eq!(store.task_cursor, Some(Cursor("9".to_owned())));
}

#[test]
fn what_only_a_later_version_understands_is_read_afresh_at_most_once_in_ten_seconds() {
    let mut store = Store::default();
    let (mut read, mut awaited) = (Vec::new(), None);
    for second in 0..25 {
        let now = hour(1) + chrono::TimeDelta::seconds(second);
        if awaited == Some(second) {
            store.begin_reread(now);
            read.push(second);
            awaited = None;
        }
        let event = Happening { cursor: None, ..happening("TaskEscalated", "") };
        assert_eq!(store.take_task_event(event), Followed::Reread);
        match store.may_reread(now) {
            Some(0) => {
                store.begin_reread(now);
                read.push(second);
            }
            Some(wait) => awaited = Some(second + i64::from(wait) / 1_000),
            None => assert!(awaited.is_some(), "it is on its way"),
        }
    }
    assert_eq!((read, awaited), (vec![0, 10, 20], Some(30)), "what came last is read, too");

    // A clock that was set back keeps nobody waiting.
    let mut store = Store::default();
    store.begin_reread(hour(5));
    assert_eq!(store.may_reread(hour(1)), Some(0));
}

fn titled(number: i32, title: &str, deadline: Option<i64>, priority: TaskPriority) -> TaskRow {
    TaskRow { title: title.to_owned(), priority, ..row(number, deadline, 1) }
}

/// Lists that the server would give for a filter or an order.
#[test]
fn a_filter_lets_through_what_the_server_would() {
    let anna = PersonFields { id: UserId::from("anna"), name: "Анна".to_owned(), role: Role::Supervisor };
    let rows = vec![
        titled(1, "Отчёт за неделю", Some(5), TaskPriority::High),
        TaskRow {
            creator: Some(anna.clone()), ..titled(2, "Собрать  ОТЧЕТ", Some(9), TaskPriority::Low)
        },
        TaskRow { status: TaskStatus::Done, ..titled(3, "Договор 100%", None, TaskPriority::Normal) },
        TaskRow { assignee: Some(anna.clone()), ..titled(4, "Письмо", Some(24), TaskPriority::Normal) },
        TaskRow { assignee: None, ..titled(5, "Смета_2", Some(30), TaskPriority::High) },
    ];
    let all = TaskQuery::default;
    let cases = [
        (all(), vec![1, 2, 4, 5, 3]),
        (TaskQuery { statuses: vec![TaskStatus::Done, TaskStatus::Overdue], ..all() }, vec![3]),
        (TaskQuery { priorities: vec![TaskPriority::High, TaskPriority::Low], ..all() }, vec![1, 2, 5]),
        (TaskQuery { assignees: vec![petr(), anna.id.clone()], ..all() }, vec![1, 2, 4, 3]),
        (TaskQuery { creators: vec![anna.id.clone()], ..all() }, vec![2]),
        (TaskQuery { deadline_from: Some(hour(9)), ..all() }, vec![2, 4, 5]),
        (TaskQuery { deadline_to: Some(hour(9)), ..all() }, vec![1]),
        (TaskQuery { deadline_from: Some(hour(9)), deadline_to: Some(hour(24)), ..all() }, vec![2]),
        (TaskQuery { has_deadline: Some(true), ..all() }, vec![1, 2, 4, 5]),
        (TaskQuery { has_deadline: Some(false), ..all() }, vec![3]),
        (TaskQuery { text: "отчет".to_owned(), ..all() }, vec![1, 2]),
        (TaskQuery { text: " СОБРАТЬ   отчёт ".to_owned(), ..all() }, vec![2]),
        (TaskQuery { text: "%".to_owned(), ..all() }, vec![3]),
        (TaskQuery { text: "а_".to_owned(), ..all() }, vec![5]),
        (TaskQuery { text: "  ".to_owned(), ..all() }, vec![1, 2, 4, 5, 3]),
        (TaskQuery { deleted: true, ..all() }, vec![]),
    ];
    for (query, expected) in cases {
        let mut store = with_page(&query, vec![], false);
        for row in rows.clone() {
            store.take_row(row);
        }
        assert_eq!(numbers(&store, &query), expected, "{query:?}");
    }
}

/// The keys of the server: `deadline_key` is greatest without a deadline, priorities rank from low to high, titles are folded and
/// compared by their bytes, and the number decides between equals in the direction of the order.
#[test]
fn every_order_is_the_one_of_the_server() {
    let rows = [
        TaskRow { updated_at: hour(9), ..titled(1, "б", Some(5), TaskPriority::Normal) },
        TaskRow { created_at: hour(3), ..titled(2, "Ёлка", None, TaskPriority::High) },
        TaskRow { updated_at: hour(7), ..titled(3, "А", Some(5), TaskPriority::Low) },
        TaskRow { created_at: hour(2), ..titled(4, "zebra", Some(2), TaskPriority::Normal) },
    ];
    let cases = [
        (TaskOrderField::Deadline, [4, 1, 3, 2]),
        (TaskOrderField::CreatedAt, [1, 3, 4, 2]),
        (TaskOrderField::UpdatedAt, [2, 4, 3, 1]),
        (TaskOrderField::Priority, [3, 1, 4, 2]),
        (TaskOrderField::Title, [4, 3, 1, 2]),
        (TaskOrderField::Number, [1, 2, 3, 4]),
    ];
    for (field, ascending) in cases {
        for direction in [Direction::Asc, Direction::Desc] {
            let query = TaskQuery { order: TaskOrder { field, direction }, ..TaskQuery::default() };
            let mut store = with_page(&query, rows.to_vec(), false);
            let mut expected = ascending.to_vec();
            if direction == Direction::Desc {
                expected.reverse();
            }
            assert_eq!(numbers(&store, &query), expected, "{field:?} {direction:?}");
            for row in rows.clone() {
                store.take_row(TaskRow { version: 2, ..row });
                assert_eq!(numbers(&store, &query), expected, "placed one by one: {field:?} {direction:?}");
            }
        }
    }
}

#[test]
fn an_overdue_task_gets_back_what_it_was_with_its_deadline_moved_and_not_by_being_begun() {
    let mut store = Store::default();
    let mut overdue = row(1, Some(1), 1);
    overdue.status = TaskStatus::Overdue;
    overdue.status_before_overdue = Some(TaskStatus::InProgress);
    store.take_row(overdue);
    let id = TaskId::from("task1");
    let status = |store: &Store| store.task(&id).unwrap().status;

    let begun = store.patch(&id, Patch::Action(TaskAction::Pause));
    assert_eq!(status(&store), TaskStatus::Overdue);
    store.unpatch(begun);
    let moved = store.patch(&id, Patch::Deadline(Some(hour(50))));
    assert_eq!(status(&store), TaskStatus::InProgress);
    store.unpatch(moved);
    assert_eq!(status(&store), TaskStatus::Overdue, "refused");
}

#[test]
fn a_title_being_changed_moves_the_task_as_the_new_title_sorts() {
    let order = TaskOrder { field: TaskOrderField::Title, direction: Direction::Asc };
    let query = TaskQuery { order, text: "а".to_owned(), ..TaskQuery::default() };
    let rows = [1, 2].map(|number| titled(number, "а", None, TaskPriority::Normal));
    let mut store = with_page(&query, rows.to_vec(), false);
    let patch = store.patch(&TaskId::from("task1"), Patch::Title("ва".to_owned()));
    assert_eq!(numbers(&store, &query), [2, 1]);
    store.unpatch(patch);
    store.patch(&TaskId::from("task1"), Patch::Title("в".to_owned()));
    assert_eq!(numbers(&store, &query), [2]);
}

#[test]
fn what_was_deleted_is_in_no_list_but_its_own() {
    let bin = TaskQuery { deleted: true, ..TaskQuery::default() };
    let mut store = with_page(&mine(), vec![row(1, Some(5), 1), row(2, Some(6), 1)], false);
    store.start_page(&bin);
    store.take_page(&bin, 0, page(vec![row(3, Some(7), 4)], false));
    assert_eq!((numbers(&store, &mine()), numbers(&store, &bin)), (vec![1, 2], vec![3]));
    assert!(store.task_by_number(3).is_none());

    store.remove_task(&TaskId::from("task1"));
    assert!(store.list(&bin).unwrap().needs_reading(), "what goes elsewhere comes here");
    let back = Some(card(row(3, Some(7), 5)));
    store.take_task_event(Happening { task: back, ..happening("TaskRestored", "3") });
    assert_eq!((numbers(&store, &mine()), numbers(&store, &bin)), (vec![2, 3], vec![]));
}

/// Eight hours of a company in which something happens twice a second, on a page that is never loaded anew.
#[test]
fn a_page_that_stays_open_holds_a_bounded_amount() {
    let mut store = with_page(&mine(), (1..=50).map(|number| row(number, Some(5), 1)).collect(), false);
    store.take_card(card(row(7, Some(5), 1)));
    let open = TaskId::from("task7");
    store.take_talk(&open, no_comments(), no_history());
    let others = TaskQuery { assignees: vec![UserId::from("anna")], ..TaskQuery::default() };
    for number in 100..20_000 {
        let theirs =
            PersonFields { id: UserId::from("anna"), name: "Анна".to_owned(), role: Role::Manager };
        let task = TaskRow { assignee: Some(theirs), ..row(number, Some(i64::from(number)), 1) };
        store.take_task_event(created("2", task));
        if number % 7 == 0 {
            let id = Some(TaskId::from(format!("task{number}").as_str()));
            store.take_task_event(Happening { task_id: id, ..happening("TaskDeleted", "3") });
        }
        if number % 100 == 0 {
            let typed = TaskQuery { text: number.to_string(), ..others.clone() };
            store.start_page(&typed);
            store.take_page(&typed, 0, page(vec![], false));
            let read = TaskId::from(format!("task{number}").as_str());
            store.take_talk(&read, no_comments(), no_history());
            // Whoever looks at the list of their own asks for it now and then, and has that task open.
            store.start_page(&mine());
            store.take_talk(&open, no_comments(), no_history());
        }
    }
    assert_eq!(numbers(&store, &mine()).len(), 50);
    assert_eq!(store.task(&open).unwrap().description.as_deref(), Some("text"));
    let held = (store.tasks.len(), store.lists.len(), store.talks.len());
    assert!(held.0 <= 3_000 && held.1 <= 201 && held.2 <= 101, "{held:?}");
    let described = store.tasks.values().filter(|entry| entry.server.description.is_some()).count();
    assert!(described <= 2_600, "{described} descriptions");
    // The task created last is known, and so is that the one deleted last is gone.
    assert!(store.task(&TaskId::from("task19998")).is_some());
    assert!(store.is_missing(19_999));
}

#[test]
fn a_change_under_way_keeps_its_task() {
    let mut store = Store::default();
    store.take_card(card(row(1, None, 1)));
    let id = TaskId::from("task1");
    let patch = store.patch(&id, Patch::Title("new".to_owned()));
    for number in 100..10_000 {
        store.take_task_event(created("2", row(number, None, 1)));
    }
    store.unpatch(patch);
    assert_eq!(store.task(&id).unwrap().title, "Task 1");
}

#[test]
fn more_notifications_than_are_kept_are_read_afresh() {
    let mut store = Store::default();
    let told = |number: usize| Notified {
        kind: "Notified".to_owned(),
        cursor: Some(Cursor(number.to_string())),
        notification: Some(notification(number)),
        ..Notified::default()
    };
    let reread = |followed: &Followed| *followed == Followed::RereadInbox;
    let followed: Vec<Followed> =
        (0..1_001).map(|number| store.take_notification_event(told(number))).collect();
    assert_eq!(followed.iter().position(reread), Some(1_000));
}
