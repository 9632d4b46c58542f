//! Two transactions at once on PostgreSQL: what is read of a parent still holds when its child is written. The second is begun while the
//! first has its rows in hand, and has to wait for it. On SQLite nobody writes beside anybody.

use domain::Role;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Unchanged, ConnectionTrait, EntityTrait, PaginatorTrait, Set, Statement,
};
use serde_json::{Value, json};
use server::db::columns::{Stored, TaskId};
use server::entity::{comment, invitation, password_reset, task as row, user};
use server::graphql::ids;
use tokio::task::JoinHandle;

use crate::world::{Answer, Person, World, task};

fn id(task: &Value) -> TaskId {
    ids::decode(&async_graphql::ID(task["id"].as_str().unwrap().into())).unwrap()
}

/// Returns once somebody waits for a row that another has, or has answered without waiting.
async fn waits<T>(world: &World, asked: &JoinHandle<T>) {
    let waiting = "SELECT COUNT(*) AS count FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let waiting = Statement::from_string(world.app.db.backend(), waiting);
    let one = async {
        while !asked.is_finished() {
            let row = world.app.db.reads().query_one_raw(waiting.clone()).await.unwrap().unwrap();
            if row.try_get::<i64>("", "count").unwrap() > 0 {
                return;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), one).await.expect("it waits or answers");
}

/// What the second is answered, asked while the first has changed these rows and committed after that.
async fn meanwhile(
    world: &World,
    people: &[user::ActiveModel],
    tasks: &[row::ActiveModel],
    second: impl Future<Output = Answer> + Send + 'static,
) -> Answer {
    let first = world.app.db.write().await.unwrap();
    for person in people {
        person.clone().update(&*first).await.unwrap();
    }
    for task in tasks {
        task.clone().update(&*first).await.unwrap();
    }
    let asked = tokio::spawn(second);
    waits(world, &asked).await;
    first.commit().await.unwrap();
    asked.await.unwrap()
}

fn disabled(person: &Person) -> user::ActiveModel {
    user::ActiveModel { id: Unchanged(person.user), active: Set(false), ..Default::default() }
}

fn demoted(person: &Person) -> user::ActiveModel {
    user::ActiveModel { id: Unchanged(person.user), role: Set(Stored(Role::Manager)), ..Default::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_comments_on_a_task_that_is_being_deleted() {
    let world = World::postgres().await;
    let (anna, petr) = world.supervisor_and_manager().await;
    let set = anna.creates(task().for_(&petr)).await;
    let deleted = row::ActiveModel {
        id: Unchanged(id(&set)),
        deleted_at: Set(Some(world.now())),
        ..Default::default()
    };
    let (says, on) = (petr.clone(), set.clone());
    let answer = meanwhile(&world, &[], &[deleted], async move { says.says(&on, "Ещё одно").await }).await;
    assert_eq!(answer.mend(), ["NOT_FOUND at taskId"]);
    assert_eq!(comment::Entity::find().count(world.app.db.reads()).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comment_on_a_task_that_is_being_given_away_is_told_to_whom_it_is_given() {
    let world = World::postgres().await;
    let (anna, petr) = world.supervisor_and_manager().await;
    let ivan = world.person("Иван Новов", Role::Manager).await;
    let set = anna.creates(task().for_(&petr)).await;
    let given =
        row::ActiveModel { id: Unchanged(id(&set)), assignee_id: Set(ivan.user), ..Default::default() };
    let (says, on) = (anna.clone(), set.clone());
    meanwhile(&world, &[], &[given], async move { says.says(&on, "К среде").await }).await.done();
    assert_eq!(ivan.told().await, ["TASK_COMMENTED"]);
    assert_eq!(petr.told().await, ["TASK_CREATED"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_changes_a_comment_on_a_task_that_is_being_deleted() {
    let world = World::postgres().await;
    let (anna, petr) = world.supervisor_and_manager().await;
    let set = anna.creates(task().for_(&petr)).await;
    let said = petr.says(&set, "Раз").await.done()["comment"]["id"].clone();
    let deleted = row::ActiveModel {
        id: Unchanged(id(&set)),
        deleted_at: Set(Some(world.now())),
        ..Default::default()
    };
    let changes = petr.clone();
    let asked = async move {
        let document = "mutation ($id: ID!) { commentUpdate(id: $id, body: \"Два\") { comment { id } userErrors { code field } } }";
        changes.asks(document, json!({ "id": said })).await
    };
    assert_eq!(meanwhile(&world, &[], &[deleted], asked).await.mend(), ["NOT_FOUND at id"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_task_is_set_for_or_given_to_somebody_who_is_being_disabled() {
    let world = World::postgres().await;
    let (anna, petr) = world.supervisor_and_manager().await;
    let (ivan, olga) =
        (world.person("Иван Новов", Role::Manager).await, world.person("Ольга Ветрова", Role::Manager).await);
    let set = anna.creates(task().for_(&petr)).await;
    let (sets, for_whom) = (anna.clone(), task().for_(&ivan));
    let answer =
        meanwhile(&world, &[disabled(&ivan)], &[], async move { sets.tries_to_create(for_whom).await }).await;
    assert_eq!(answer.mend(), ["NOT_FOUND at input.assigneeId"]);
    let (gives, whom) = (anna.clone(), olga.clone());
    let answer =
        meanwhile(&world, &[disabled(&olga)], &[], async move { gives.assigns(&set, &whom).await }).await;
    assert_eq!(answer.mend(), ["NOT_FOUND at assigneeId"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_link_is_given_out_by_somebody_who_is_being_demoted() {
    let world = World::postgres().await;
    let (olga, petr) = (world.admin().await, world.manager().await);
    let invites = olga.clone();
    let asked = async move {
        let document = "mutation { userInvite(input: { role: ADMIN }) { url userErrors { code field } } }";
        invites.asks(document, Value::Null).await
    };
    let answer = meanwhile(&world, &[demoted(&olga)], &[], asked).await;
    assert_eq!(answer.codes(), ["FORBIDDEN"]);
    assert_eq!(invitation::Entity::find().count(world.app.db.reads()).await.unwrap(), 0);

    let anna = world.admin().await;
    let (resets, whom) = (anna.clone(), petr.id());
    let asked = async move {
        let document =
            "mutation ($id: ID!) { userPasswordResetLink(id: $id) { url userErrors { code field } } }";
        resets.asks(document, json!({ "id": whom })).await
    };
    let answer = meanwhile(&world, &[demoted(&anna)], &[], asked).await;
    assert_eq!(answer.codes(), ["FORBIDDEN"]);
    assert_eq!(password_reset::Entity::find().count(world.app.db.reads()).await.unwrap(), 0);
}
