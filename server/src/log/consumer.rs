//! Readers of the log that remember their place. Of several processes one works for a reader, by a lease; when it dies
//! another takes over once the lease has run out. What a reader does with an entry must be idempotent: a place is stored
//! after the work, so the last page may come again.

use std::time::Duration;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Set};

use super::cursor::Position;
use super::read::{Entry, settled_after};
use crate::db::Database;
use crate::db::columns::Timestamp;
use crate::entity::consumer;
use crate::error::Result;

/// A lease that runs out later than so many terms from now was not given by a clock that is right.
const LONGER: u32 = 4;

/// The right to work for a reader until it runs out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Which reader.
    pub name: String,
    /// Who works for it.
    pub holder: String,
    /// The last place done with.
    pub position: Position,
}

/// Takes or prolongs the lease; `None` while somebody else holds it. A reader of another life of the log begins anew.
pub async fn acquire(
    db: &Database,
    name: &str,
    holder: &str,
    epoch: &str,
    now: Timestamp,
    term: Duration,
) -> Result<Option<Lease>> {
    let write = db.write().await?;
    let fresh = consumer::ActiveModel {
        name: Set(name.to_owned()),
        epoch: Set(epoch.to_owned()),
        position_xid: Set(0),
        position_id: Set(0),
        lease_holder: Set(None),
        lease_until: Set(now),
    };
    let known = OnConflict::column(consumer::Column::Name).do_nothing().to_owned();
    consumer::Entity::insert(fresh).on_conflict(known).exec_without_returning(&*write).await?;
    let free = Condition::any()
        .add(consumer::Column::LeaseHolder.is_null())
        .add(consumer::Column::LeaseHolder.eq(holder))
        .add(consumer::Column::LeaseUntil.lte(now))
        // By a clock that was ahead: nobody holds it for so long, whatever clocks of processes differ by.
        .add(consumer::Column::LeaseUntil.gt(now.plus(term.saturating_mul(LONGER))));
    let taken = consumer::Entity::update_many()
        .col_expr(consumer::Column::LeaseHolder, Expr::val(holder))
        .col_expr(consumer::Column::LeaseUntil, Expr::val(now.plus(term)))
        .filter(consumer::Column::Name.eq(name))
        .filter(free)
        .exec(&*write)
        .await?;
    if taken.rows_affected == 0 {
        return Ok(None);
    }
    let row = consumer::Entity::find_by_id(name.to_owned()).one(&*write).await?;
    write.commit().await?;
    Ok(row.map(|row| {
        let known = row.epoch == epoch;
        let position = Position { xid: row.position_xid, id: row.position_id };
        Lease {
            name: name.to_owned(),
            holder: holder.to_owned(),
            position: if known { position } else { Position::default() },
        }
    }))
}

/// The entries after the lease's place.
pub async fn pending(db: &Database, lease: &Lease, limit: u64) -> Result<Vec<Entry>> {
    settled_after(db, lease.position, limit).await
}

/// Stores the place and prolongs the lease; `false` if the lease was lost meanwhile, and nothing is stored.
pub async fn advance(
    db: &Database,
    lease: &mut Lease,
    position: Position,
    epoch: &str,
    now: Timestamp,
    term: Duration,
) -> Result<bool> {
    let write = db.write().await?;
    let stored = consumer::Entity::update_many()
        .col_expr(consumer::Column::PositionXid, Expr::val(position.xid))
        .col_expr(consumer::Column::PositionId, Expr::val(position.id))
        .col_expr(consumer::Column::Epoch, Expr::val(epoch))
        .col_expr(consumer::Column::LeaseUntil, Expr::val(now.plus(term)))
        .filter(consumer::Column::Name.eq(&lease.name))
        .filter(consumer::Column::LeaseHolder.eq(&lease.holder))
        .exec(&*write)
        .await?;
    write.commit().await?;
    if stored.rows_affected == 1 {
        lease.position = position;
    }
    Ok(stored.rows_affected == 1)
}

/// Takes the place away from a reader and the lease from whoever works for it: the next one begins anew.
pub async fn restart(db: &Database, name: &str, now: Timestamp) -> Result<()> {
    let write = db.write().await?;
    consumer::Entity::update_many()
        .col_expr(consumer::Column::PositionXid, Expr::val(0))
        .col_expr(consumer::Column::PositionId, Expr::val(0))
        .col_expr(consumer::Column::LeaseUntil, Expr::val(now))
        .col_expr(consumer::Column::LeaseHolder, Expr::val(Option::<String>::None))
        .filter(consumer::Column::Name.eq(name))
        .exec(&*write)
        .await?;
    write.commit().await?;
    Ok(())
}

/// The place of a reader in this life of the log, without a lease; `None` before it has one.
pub async fn place(db: &Database, name: &str, epoch: &str) -> Result<Option<Position>> {
    let row = consumer::Entity::find_by_id(name.to_owned()).one(db.reads()).await?;
    let place = row
        .filter(|row| row.epoch == epoch)
        .map(|row| Position { xid: row.position_xid, id: row.position_id });
    Ok(place.filter(|place| *place != Position::default()))
}

/// Gives the lease up, so that another process need not wait for it to run out.
pub async fn release(db: &Database, lease: Lease, now: Timestamp) -> Result<()> {
    let write = db.write().await?;
    consumer::Entity::update_many()
        .col_expr(consumer::Column::LeaseUntil, Expr::val(now))
        .col_expr(consumer::Column::LeaseHolder, Expr::val(Option::<String>::None))
        .filter(consumer::Column::Name.eq(&lease.name))
        .filter(consumer::Column::LeaseHolder.eq(&lease.holder))
        .exec(&*write)
        .await?;
    write.commit().await?;
    Ok(())
}
