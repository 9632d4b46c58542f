//! Who hears what: by the policy of the moment of delivery, and for as long as they may.

use domain::Role;
use serde_json::Value;
use server::log::hub::Closing;

use crate::world::{Live, Person, Scribe, both_databases, task, written};

/// The next thing heard, as `Kind of title`.
async fn hears(live: &mut Live) -> String {
    let heard = live.next().await;
    let title = heard["task"]["title"].as_str().unwrap_or("no task");
    format!("{} of {title}", heard["__typename"].as_str().unwrap())
}

async fn assigns(by: &Person, task: &Value, version: i64, to: &Person) {
    let arguments = format!("id: {}, version: {version}, assigneeId: {:?}", task["id"], to.id());
    by.changes("taskAssign", &arguments).await.done();
}

both_databases! {
    async fn a_manager_hears_of_their_own_tasks_alone_now_and_in_replay(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let ivan = world.person("Иван Чужой", Role::Manager).await;
        let before = anna.live_cursor().await;
        let mut now = petr.hears_tasks(Some(&before)).await;

        for number in 1..=3 {
            let title = format!("{number}");
            let foreign = anna.creates(task().for_(&ivan).titled(&format!("чужая {title}"))).await;
            anna.creates(task().for_(&petr).titled(&title)).await;
            ivan.moves(&foreign, "START").await.done();
        }

        let mut replay = petr.hears_tasks(Some(&before)).await;
        for live in [&mut now, &mut replay] {
            for number in 1..=3 {
                assert_eq!(hears(live).await, format!("TaskCreated of {number}"));
            }
        }
        let mut all = anna.hears_tasks(Some(&before)).await;
        let mut heard = Vec::new();
        for _ in 0..9 {
            heard.push(hears(&mut all).await);
        }
        assert_eq!(heard.iter().filter(|event| event.contains("чужая")).count(), 6, "{heard:?}");
    }

    async fn who_loses_a_task_hears_that_and_nothing_of_it_after(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let ivan = world.person("Иван Новый", Role::Manager).await;
        let set = anna.creates(task().for_(&petr)).await;
        let before = petr.live_cursor().await;
        let mut live = petr.hears_tasks(Some(&before)).await;
        let mut taker = ivan.hears_tasks(Some(&before)).await;

        assigns(&anna, &set, 1, &ivan).await;
        ivan.moves(&set, "START").await.done();
        anna.creates(task().for_(&petr).titled("следующая")).await;

        let mut replay = petr.hears_tasks(Some(&before)).await;
        for live in [&mut live, &mut replay] {
            let gone = live.next().await;
            assert_eq!((&gone["__typename"], &gone["taskId"]), (&"TaskDeleted".into(), &set["id"]));
            assert_eq!(hears(live).await, "TaskCreated of следующая");
        }
        assert_eq!(hears(&mut taker).await, "TaskAssigned of Отчёт за ноябрь");
        assert_eq!(hears(&mut taker).await, "TaskStatusChanged of Отчёт за ноябрь");
    }

    async fn who_lost_a_task_hears_that_even_if_it_was_deleted_since(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let ivan = world.person("Иван Новый", Role::Manager).await;
        let set = anna.creates(task().for_(&petr)).await;
        let before = petr.live_cursor().await;

        assigns(&anna, &set, 1, &ivan).await;
        let delete = format!("mutation {{ taskDelete(id: {}, version: 2) {{ deletedId userErrors {{ code field message }} }} }}", set["id"]);
        anna.asks(&delete, Value::Null).await.done();
        anna.creates(task().for_(&petr).titled("следующая")).await;

        let mut replay = petr.hears_tasks(Some(&before)).await;
        let gone = replay.next().await;
        assert_eq!((&gone["__typename"], &gone["taskId"]), (&"TaskDeleted".into(), &set["id"]));
        assert_eq!(hears(&mut replay).await, "TaskCreated of следующая");
    }

    async fn a_slow_listener_is_dropped_and_the_others_are_not(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        let scribe = Scribe::new(&world, &anna, &set).await;
        let before = petr.live_cursor().await;
        let slow = petr.hears_tasks(None).await;
        let mut quick = petr.hears_tasks(None).await;

        let total = server::log::hub::BUFFER + 100;
        let writing = tokio::spawn(async move {
            for batch in (0..total).collect::<Vec<_>>().chunks(50) {
                let write = scribe.begins().await;
                for number in batch {
                    scribe.puts(&write, &number.to_string()).await;
                }
                write.commit().await.unwrap();
            }
        });
        for number in 0..total {
            assert_eq!(written(&quick.next().await), number.to_string());
        }
        writing.await.unwrap();
        assert_eq!(slow.closed().await, Closing::TooSlow);
        assert_eq!(quick.closing(), None);

        // Nothing is lost: the log has it.
        let mut resumed = petr.hears_tasks(Some(&before)).await;
        for number in 0..total {
            assert_eq!(written(&resumed.next().await), number.to_string());
        }
    }

    async fn a_burst_drops_nobody_who_keeps_up(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        let scribe = Scribe::new(&world, &anna, &set).await;
        petr.live_cursor().await;
        let mut live = petr.hears_tasks(None).await;

        let write = scribe.begins().await;
        for number in 0..800 {
            scribe.puts(&write, &number.to_string()).await;
        }
        write.commit().await.unwrap();

        for number in 0..800 {
            assert_eq!(written(&live.next().await), number.to_string());
        }
    }

    async fn a_changed_role_closes_and_a_resume_reads_afresh(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let boss = world.person("Борис Бывший", Role::Supervisor).await;
        let before = boss.live_cursor().await;
        let live = boss.hears_tasks(None).await;
        let bystander = anna.hears_tasks(None).await;

        world.gives_role(&boss, Role::Manager).await;
        anna.creates(task().for_(&petr).titled("не для него")).await;
        anna.creates(task().for_(&boss).titled("для него")).await;

        assert_eq!(live.closed().await, Closing::RoleChanged);
        assert_eq!(bystander.closing(), None);
        let mut resumed = boss.hears_tasks(Some(&before)).await;
        assert_eq!(resumed.next().await["__typename"], "Resync");
        assert_eq!(hears(&mut resumed).await, "TaskCreated of для него");
    }

    async fn a_disabled_person_and_an_ended_session_are_closed(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let phone = petr.signs_in_again(&world).await;
        let (tab, phone) = (petr.hears_tasks(None).await, phone.hears_tasks(None).await);
        let bystander = anna.hears_tasks(None).await;

        world.ends_session(&petr).await;
        assert_eq!(tab.closed().await, Closing::SessionEnded);
        assert_eq!(phone.closing(), None, "another session of the same person goes on");

        world.disables(&petr).await;
        assert_eq!(phone.closed().await, Closing::SessionEnded);
        assert_eq!(bystander.closing(), None);
    }
}
