//! The database schema, one file a change. A change that has been released is frozen; it never imports entities, so that
//! it means tomorrow what it means today.

mod dialect;
mod m20261124_000001_people;
mod m20261124_000002_tasks;
mod m20261124_000003_log;
mod m20261125_000004_statistics;
mod m20261128_000005_counted;
mod m20261201_000008_write_trial;
mod m20261201_000009_folded;
mod m20261201_000010_invitations_revoked;
mod m20261201_000011_company;

pub use dialect::run;
use sea_orm_migration::async_trait;
pub use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager};

/// Every change, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_people::Migration),
            Box::new(m20261124_000002_tasks::Migration),
            Box::new(m20261124_000003_log::Migration),
            Box::new(m20261125_000004_statistics::Migration),
            Box::new(m20261128_000005_counted::Migration),
            Box::new(m20261201_000008_write_trial::Migration),
            Box::new(m20261201_000009_folded::Migration),
            Box::new(m20261201_000010_invitations_revoked::Migration),
            Box::new(m20261201_000011_company::Migration),
        ]
    }
}
