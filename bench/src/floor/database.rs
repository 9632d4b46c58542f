//! The same few lines for each database: sqlx has no type for either that costs nothing.

macro_rules! floor {
    ($module:ident, $database:ty) => {
        pub(super) mod $module {
            //! Over this database.

            use std::sync::Arc;

            use anyhow::{Context, Result};
            use axum::extract::State;
            use axum::http::{HeaderMap, header};
            use axum::routing::{get, post};
            use axum::{Json, Router};
            use chrono::Utc;
            use sqlx::Pool;

            use super::super::Failure;
            use super::super::answer::{Answer, Created, Lists, NewTask, id};
            use super::super::statement::{self, Listed, Session};
            use crate::account::{self, Identity};

            /// Connections for those who read and those who write, and the key of tokens.
            pub(crate) struct Floor {
                reads: Pool<$database>,
                writes: Pool<$database>,
                begin: &'static str,
                key: [u8; 32],
            }

            type Handled<T> = Result<Json<Answer<T>>, Failure>;

            impl Floor {
                pub(crate) fn new(
                    reads: Pool<$database>,
                    writes: Pool<$database>,
                    begin: &'static str,
                ) -> Result<Self> {
                    Ok(Floor { reads, writes, begin, key: account::key()? })
                }

                async fn who(&self, headers: &HeaderMap) -> Result<Identity> {
                    let token = headers.get(header::AUTHORIZATION).context("a token")?.to_str()?;
                    let token = token.strip_prefix("Bearer ").context("a token")?;
                    let identity = account::identity(token, &self.key)?;
                    let _session: Session = sqlx::query_as(statement::SESSION)
                        .bind(identity.session)
                        .bind(identity.user)
                        .bind(Utc::now().timestamp_millis())
                        .fetch_one(&self.reads)
                        .await?;
                    Ok(identity)
                }

                async fn list(&self) -> Handled<Lists> {
                    let rows: Vec<Listed> = sqlx::query_as(statement::LIST).fetch_all(&self.reads).await?;
                    Ok(Json(Answer { data: Lists::of(rows)? }))
                }

                async fn create(&self, new: NewTask) -> Handled<Created> {
                    let now = Utc::now().timestamp_millis();
                    let mut transaction = self.writes.begin_with(self.begin).await?;
                    let task: i64 = sqlx::query_scalar(statement::TASK)
                        .bind(&new.title)
                        .bind(new.title.to_lowercase())
                        .bind(&new.description)
                        .bind(new.deadline.timestamp_millis())
                        .bind(new.creator)
                        .bind(new.assignee)
                        .bind(now)
                        .fetch_one(&mut *transaction)
                        .await?;
                    let event: i64 = sqlx::query_scalar(statement::EVENT)
                        .bind(now)
                        .bind(task)
                        .bind(new.creator)
                        .bind(new.assignee)
                        .fetch_one(&mut *transaction)
                        .await?;
                    sqlx::query(statement::NOTIFICATION)
                        .bind(now)
                        .bind(new.assignee)
                        .bind(event)
                        .bind(task)
                        .execute(&mut *transaction)
                        .await?;
                    transaction.commit().await?;
                    Ok(Json(Answer { data: Created { id: id("Task", task), number: task } }))
                }
            }

            async fn list(State(floor): State<Arc<Floor>>) -> Handled<Lists> {
                floor.list().await
            }

            async fn list_of_who_asks(State(floor): State<Arc<Floor>>, headers: HeaderMap) -> Handled<Lists> {
                floor.who(&headers).await?;
                floor.list().await
            }

            async fn create(State(floor): State<Arc<Floor>>, Json(new): Json<NewTask>) -> Handled<Created> {
                floor.create(new).await
            }

            async fn create_of_who_asks(
                State(floor): State<Arc<Floor>>,
                headers: HeaderMap,
                Json(new): Json<NewTask>,
            ) -> Handled<Created> {
                let creator = floor.who(&headers).await?.user;
                floor.create(NewTask { creator, ..new }).await
            }

            /// With a look-up of who asks and without.
            pub(crate) fn router(floor: Floor) -> Router {
                Router::new()
                    .route("/list", get(list))
                    .route("/list/session", get(list_of_who_asks))
                    .route("/create", post(create))
                    .route("/create/session", post(create_of_who_asks))
                    .with_state(Arc::new(floor))
            }
        }
    };
}

floor!(postgres, sqlx::Postgres);
floor!(sqlite, sqlx::Sqlite);
