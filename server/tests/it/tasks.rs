//! Tasks from being set to being done: who may, what is told, what is counted.

use serde_json::json;

use crate::world::{both_databases, task};

both_databases! {
    async fn a_task_that_is_set_is_told_and_seen(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let mut live = petr.hears_tasks(None).await;
        let mut bell = petr.hears_notifications(None).await;

        let set = anna.creates(task().for_(&petr).due("2026-11-27T12:00:00Z")).await;

        let heard = live.next().await;
        assert_eq!(heard["__typename"], "TaskCreated");
        assert_eq!(heard["task"]["id"], set["id"]);
        assert_eq!(heard["actor"]["name"], "Анна Руководова");
        let rung = bell.next().await;
        assert_eq!(rung["unreadCount"], 1);
        assert_eq!(rung["notification"]["text"], "Вам поручена задача „Отчёт за ноябрь“, срок 27 ноя, 15:00");
        assert_eq!(petr.sees(&set).await["availableActions"], json!(["START", "SUBMIT"]));
        assert_eq!(anna.told().await, Vec::<String>::new());
    }

    async fn moving_a_deadline_tells_the_assignee_and_keeps_the_first_one(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr).due("2026-12-01T15:00:00Z")).await;
        let mut live = petr.hears_tasks(Some(&petr.live_cursor().await)).await;

        anna.moves_deadline(&set, Some("2026-12-03T15:00:00Z")).await.done();

        let heard = live.next().await;
        assert_eq!(heard["__typename"], "TaskDeadlineChanged");
        assert_eq!(heard["before"], "2026-12-01T15:00:00.000Z");
        assert_eq!(heard["after"], "2026-12-03T15:00:00.000Z");
        assert_eq!(petr.unread().await[0], "Срок: 1 дек, 18:00 → 3 дек, 18:00 · „Отчёт за ноябрь“");
        let seen = petr.sees(&set).await;
        assert_eq!(seen["originalDeadline"], "2026-12-01T15:00:00.000Z");
        assert_eq!(seen["deadlineMoves"], 1);
    }
}
