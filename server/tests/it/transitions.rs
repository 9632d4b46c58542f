//! Statuses and the actions that lead from one to the next: each by everyone who can be there.

use std::time::Duration;

use domain::Role;
use serde_json::{Value, json};
use server::task::overdue;

use crate::world::{Person, World, both_databases, task};

const ACTIONS: [&str; 8] = ["START", "PAUSE", "SUBMIT", "ACCEPT", "RETURN", "DEFER", "RESUME", "REOPEN"];

/// How a new task comes to be in each status: actions of the assignee or the creator, in turn.
const STATUSES: [(&str, &[&str]); 7] = [
    ("NEW", &[]),
    ("IN_PROGRESS", &["START"]),
    ("IN_REVIEW", &["SUBMIT"]),
    ("DONE", &["SUBMIT", "ACCEPT"]),
    ("DEFERRED", &["DEFER"]),
    ("OVERDUE was NEW", &["expire"]),
    ("OVERDUE was IN_PROGRESS", &["START", "expire"]),
];

/// Actions, each with the status that it leads to.
type Moves = &'static [(&'static str, &'static str)];

/// The rule, as the product was promised: what the assignee and what the creator may do in a status.
fn allowed(status: &str) -> (Moves, Moves) {
    match status {
        "NEW" => (&[("START", "IN_PROGRESS"), ("SUBMIT", "IN_REVIEW")], &[("DEFER", "DEFERRED")]),
        "IN_PROGRESS" => (&[("PAUSE", "NEW"), ("SUBMIT", "IN_REVIEW")], &[("DEFER", "DEFERRED")]),
        "IN_REVIEW" => (&[], &[("ACCEPT", "DONE"), ("RETURN", "IN_PROGRESS")]),
        "DONE" => (&[], &[("REOPEN", "IN_PROGRESS")]),
        "DEFERRED" => (&[], &[("RESUME", "NEW")]),
        "OVERDUE was NEW" => {
            (&[("START", "OVERDUE was IN_PROGRESS"), ("SUBMIT", "IN_REVIEW")], &[("DEFER", "DEFERRED")])
        }
        "OVERDUE was IN_PROGRESS" => {
            (&[("PAUSE", "OVERDUE was NEW"), ("SUBMIT", "IN_REVIEW")], &[("DEFER", "DEFERRED")])
        }
        other => panic!("{other} is no status"),
    }
}

struct Company {
    world: World,
    creator: Person,
    assignee: Person,
    administrator: Person,
    other_supervisor: Person,
    other_manager: Person,
}

impl Company {
    async fn of(world: World) -> Company {
        let (creator, assignee) = world.supervisor_and_manager().await;
        let administrator = world.admin().await;
        let other_supervisor = world.person("Борис Другов", Role::Supervisor).await;
        let other_manager = world.person("Иван Чужов", Role::Manager).await;
        Company { world, creator, assignee, administrator, other_supervisor, other_manager }
    }

    /// A task in that status.
    async fn task_in(&self, path: &[&str]) -> Value {
        let mut new = task().for_(&self.assignee);
        if path.contains(&"expire") {
            let soon = self.world.now().plus(Duration::from_secs(60));
            new = new.due(&soon.to_utc().to_rfc3339());
        }
        let set = self.creator.creates(new).await;
        for action in path {
            match *action {
                "expire" => {
                    self.world.pass(Duration::from_secs(60));
                    overdue::expire_due(&self.world.app).await.unwrap();
                }
                "START" | "SUBMIT" => drop(self.assignee.moves(&set, action).await.done()),
                _ => drop(self.creator.moves(&set, action).await.done()),
            }
        }
        set
    }
}

fn status(task: &Value) -> String {
    match task["statusBeforeOverdue"].as_str() {
        Some(was) => format!("OVERDUE was {was}"),
        None => task["status"].as_str().unwrap().to_owned(),
    }
}

/// The reason that RETURN asks for; the others do without.
fn reason(action: &str) -> Option<&'static str> {
    (action == "RETURN").then_some("Нет подписи")
}

both_databases! {
    async fn every_action_in_every_status_by_everyone(world: World) {
        let company = Company::of(world).await;
        for (name, path) in STATUSES {
            let (assignees, creators) = allowed(name);
            let both: Vec<_> = assignees.iter().chain(creators).copied().collect();
            let people = [
                (&company.assignee, assignees, false),
                (&company.creator, creators, true),
                (&company.administrator, &both[..], true),
                (&company.other_supervisor, &[][..], false),
            ];
            let mut set = company.task_in(path).await;
            assert_eq!(company.other_manager.sees(&set).await, Value::Null);
            for (person, may, owns) in people {
                let seen = person.sees(&set).await;
                assert_eq!(status(&seen), name);
                let mut offered: Vec<&str> = may.iter().map(|(action, _)| *action).collect();
                offered.sort_by_key(|action| ACTIONS.iter().position(|known| known == action));
                assert_eq!(seen["availableActions"], json!(offered), "{name}");
                for action in ACTIONS {
                    let answer = person.moves_because(&set, action, reason(action)).await;
                    match may.iter().find(|(allowed, _)| *allowed == action) {
                        Some((_, next)) => {
                            let moved = answer.done()["task"].clone();
                            assert_eq!(status(&moved), *next, "{action} of {name}");
                            set = company.task_in(path).await;
                        }
                        None => {
                            let assignees_own = matches!(action, "START" | "PAUSE" | "SUBMIT");
                            let is_assignee = person.user == company.assignee.user;
                            let theirs = if assignees_own { is_assignee } else { owns };
                            let administrator = person.user == company.administrator.user;
                            let (current, errors) = (answer.clone().payload()["task"].clone(), answer.mend());
                            if theirs || administrator {
                                assert_eq!(errors, ["WRONG_STATUS at id"], "{action} of {name}");
                                assert_eq!(status(&current), name, "the current task comes with the refusal");
                            } else {
                                assert_eq!(errors, ["NOT_ALLOWED at id"], "{action} of {name}");
                            }
                        }
                    }
                }
            }
            for action in ACTIONS {
                let answer = company.other_manager.moves_because(&set, action, reason(action)).await;
                assert_eq!(answer.mend(), ["NOT_FOUND at id"]);
            }
        }
    }

    async fn work_is_returned_with_a_reason_and_not_without(world: World) {
        let company = Company::of(world).await;
        let set = company.task_in(&["SUBMIT"]).await;
        let mut live = company.assignee.hears_tasks(Some(&company.assignee.live_cursor().await)).await;
        let creator = &company.creator;
        assert_eq!(creator.moves(&set, "RETURN").await.mend(), ["REQUIRED at reason"]);
        assert_eq!(creator.moves_because(&set, "RETURN", Some("  ")).await.mend(), ["REQUIRED at reason"]);
        let long = "я".repeat(1_001);
        assert_eq!(creator.moves_because(&set, "RETURN", Some(&long)).await.mend(), ["TOO_LONG at reason"]);
        assert_eq!(creator.moves_because(&set, "ACCEPT", Some(&long)).await.mend(), ["TOO_LONG at reason"]);
        assert_eq!(creator.sees(&set).await["version"], 2);

        creator.moves_because(&set, "RETURN", Some(&"я".repeat(1_000))).await.done();
        assert_eq!(live.next().await["reason"], "я".repeat(1_000));
        assert_eq!(creator.sees(&set).await["returns"], 1);
    }

    async fn an_action_may_have_a_reason_that_does_not_need_one(world: World) {
        let company = Company::of(world).await;
        let set = company.task_in(&[]).await;
        let mut live = company.assignee.hears_tasks(Some(&company.assignee.live_cursor().await)).await;
        company.creator.moves_because(&set, "DEFER", Some("Ждём поставщика")).await.done();
        assert_eq!(live.next().await["reason"], "Ждём поставщика");
        company.creator.moves_because(&set, "RESUME", Some(" ")).await.done();
        assert_eq!(live.next().await["reason"], Value::Null);
    }

    async fn a_status_change_is_on_record_for_both_and_born_read_for_who_acted(world: World) {
        let company = Company::of(world).await;
        let set = company.task_in(&[]).await;
        company.assignee.moves(&set, "SUBMIT").await.done();
        assert_eq!(company.creator.told().await, ["TASK_STATUS_CHANGED"]);
        assert_eq!(company.assignee.told().await, ["TASK_STATUS_CHANGED (read)", "TASK_CREATED"]);
        assert_eq!(company.creator.unread().await, ["Статус: Ждёт выполнения → Ждёт контроля · «Отчёт за ноябрь»"]);
        company.administrator.moves(&set, "ACCEPT").await.done();
        assert_eq!(company.administrator.told().await, [""; 0], "not a party to the task");
        assert_eq!(company.creator.told().await[1], "TASK_STATUS_CHANGED");
    }

    async fn a_deferred_task_does_not_become_overdue_until_it_is_taken_up_again(world: World) {
        let company = Company::of(world).await;
        let soon = "2026-11-24T09:01:00Z";
        let set = company.creator.creates(task().for_(&company.assignee).due(soon)).await;
        company.creator.moves(&set, "DEFER").await.done();
        company.world.pass(Duration::from_secs(60));
        assert_eq!(overdue::expire_due(&company.world.app).await.unwrap(), 0);
        company.creator.moves(&set, "RESUME").await.done();
        assert_eq!(overdue::expire_due(&company.world.app).await.unwrap(), 1);
    }
}
