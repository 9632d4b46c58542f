//! The edge of the contract: merges the roots of the features and holds what they share. No rule is decided here.

pub mod coercion;
pub mod context;
pub mod enums;
pub mod gate;
pub mod guard;
pub mod ids;
mod node;
pub mod nodes;
pub mod pages;
pub mod payload;
pub mod present;
pub mod scalars;

use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::runtime::{TokioSpawner, TokioTimer};
use async_graphql::{MergedObject, MergedSubscription};
use domain::validate::limit;

use crate::app::App;
use crate::auth::graphql::SessionMutation;
use crate::comment::graphql::CommentMutation;
use crate::company::graphql::{CompanyMutation, CompanyQuery};
use crate::config::Mode;
use crate::notification::graphql::{NotificationMutation, NotificationQuery, NotificationSubscription};
use crate::search::graphql::SearchQuery;
use crate::statistics::graphql::{StatisticsMutation, StatisticsQuery};
use crate::task::graphql::{Happened, TaskMutation, TaskQuery, TaskSubscription};
use crate::user::graphql::{UserMutation, UserQuery};
use crate::user::query::UserLoader;

/// Questions. A document asks for at most 20,000 nodes: values of its answer, pages and lists multiplied, a value without selections
/// being a tenth; what is counted or looked for in texts weighs more. One that asks for more is refused as TOO_COMPLEX. A person's
/// documents run four at once and the others wait, too many are told RATE_LIMITED; after ten seconds the answer is UNAVAILABLE.
#[derive(Debug, Default, MergedObject)]
pub struct Query(
    node::NodeQuery,
    UserQuery,
    CompanyQuery,
    TaskQuery,
    NotificationQuery,
    StatisticsQuery,
    SearchQuery,
);

/// Changes.
#[derive(Debug, Default, MergedObject)]
pub struct Mutation(
    SessionMutation,
    UserMutation,
    CompanyMutation,
    TaskMutation,
    CommentMutation,
    NotificationMutation,
    StatisticsMutation,
);

/// What happens. One event may ask for at most 2,000 nodes, counted as in `Query`.
#[derive(Debug, Default, MergedSubscription)]
pub struct Subscription(TaskSubscription, NotificationSubscription);

/// The contract, executable.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// The contract over this process.
pub fn schema(app: Arc<App>) -> Schema {
    let people = DataLoader::new(UserLoader(app.db.clone()), TokioSpawner::current(), TokioTimer::default())
        .max_batch_size(limit::PAGE);
    let builder = match app.config.mode {
        Mode::Development => builder(),
        Mode::Production => builder().disable_introspection().disable_suggestions(),
    };
    builder.data(people).data(app).finish()
}

/// The contract as it is printed to `schema.graphql`.
pub fn sdl() -> String {
    builder().finish().sdl()
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, Subscription> {
    async_graphql::Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .register_output_type::<Happened>()
        .register_output_type::<node::Node>()
        .extension(present::Presenter)
        .extension(coercion::Coercion)
}
