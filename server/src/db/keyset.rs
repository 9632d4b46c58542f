//! What follows a place in an order of two columns, read by the index of that order, however many rows are equal in the first.
//!
//! PostgreSQL finds such a place by both columns of `(a, id) > (x, y)`. SQLite finds it by the first alone and then walks all that
//! are equal in it; so it is asked for the rest of the equal ones and for what comes after them, each from its place in the
//! index, and merges the two as it reads them.

use sea_orm::sea_query::{Expr, ExprTrait, Order, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{ColumnTrait, DatabaseBackend, EntityTrait, QueryFilter, QueryTrait, Select, Statement};

use super::page::PageRequest;

/// An order by a column and then by the key; no column is the order of keys.
#[derive(Clone, Copy, Debug)]
pub struct Keyset<C> {
    /// What is compared first.
    pub column: Option<C>,
    /// What decides between equals; unique.
    pub key: C,
    /// Largest first.
    pub descending: bool,
}

/// A place in such an order: the value of the column and of the key.
#[derive(Clone, Debug)]
pub struct Place {
    /// Of the column; not looked at in the order of keys.
    pub value: SimpleExpr,
    /// Of the key.
    pub key: SimpleExpr,
}

impl<C: ColumnTrait> Keyset<C> {
    /// The statement that reads the page, in the direction of reading: from its end if it is asked for backward.
    pub fn page<E: EntityTrait, K>(
        self,
        backend: DatabaseBackend,
        select: Select<E>,
        request: &PageRequest<K>,
        place: impl Fn(&K) -> Place,
    ) -> Statement {
        let reading = Keyset { descending: self.descending != request.backward, ..self };
        let (start, end) = match request.backward {
            false => (&request.after, &request.before),
            true => (&request.before, &request.after),
        };
        let mut select = select;
        if let Some(end) = end {
            select = select.filter(reading.compared(place(end), !reading.descending));
        }
        reading.from(backend, select, start.as_ref().map(place), request.limit())
    }

    /// The statement that reads so many rows after a place, or from the beginning.
    pub fn from<E: EntityTrait>(
        self,
        backend: DatabaseBackend,
        select: Select<E>,
        after: Option<Place>,
        limit: u64,
    ) -> Statement {
        let mut statement = match (after, self.column) {
            (None, _) => select.into_query(),
            (Some(place), Some(column)) if backend == DatabaseBackend::Sqlite => {
                let first = || Expr::col((E::default(), column));
                let equal = select.clone().filter(first().eq(place.value.clone()));
                let equal =
                    equal.filter(beyond(Expr::col((E::default(), self.key)), place.key, self.descending));
                let rest = select.filter(beyond(first(), place.value, self.descending));
                let mut both: SelectStatement = equal.into_query();
                both.union(UnionType::All, rest.into_query());
                both
            }
            (Some(place), _) => select.filter(self.compared(place, self.descending)).into_query(),
        };
        let direction = if self.descending { Order::Desc } else { Order::Asc };
        for column in self.column.into_iter().chain([self.key]) {
            statement.order_by_expr(Expr::col((E::default(), column)), direction.clone());
        }
        statement.limit(limit);
        backend.build(&statement)
    }

    /// What lies on one side of a place.
    fn compared(self, place: Place, below: bool) -> SimpleExpr {
        match self.column {
            Some(column) => {
                let columns = Expr::tuple([Expr::col(column), Expr::col(self.key)]);
                beyond(columns, Expr::tuple([place.value, place.key]), below)
            }
            None => beyond(Expr::col(self.key), place.key, below),
        }
    }
}

fn beyond(what: SimpleExpr, value: SimpleExpr, below: bool) -> SimpleExpr {
    if below { what.lt(value) } else { what.gt(value) }
}
