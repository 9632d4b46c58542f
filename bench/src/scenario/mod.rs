//! What is compared: one file a scenario.

mod create;
mod list;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::Options;
use crate::account;
use crate::company::{Company, FIRST, SUPERVISORS};
use crate::entrant::Entrant;
use crate::load::Request;
use crate::report::{Goal, Report};

/// By the names of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// Fifty tasks of a status, in the order of their deadlines, with their two people
    List,
    /// A task with its event and its notification
    Create,
}

/// Measures each scenario on each database.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let chosen = if options.scenarios.is_empty() { Scenario::value_variants() } else { &options.scenarios };
    let folder = tempfile::tempdir()?;
    let Options { tasks, rounds, seconds, connections, .. } = options;
    println!("{tasks} tasks; {rounds} rounds of {seconds} s an entrant, {connections} connections");
    for server in std::iter::once(None).chain(options.postgres.as_deref().map(Some)) {
        let database = if server.is_some() { "postgresql" } else { "sqlite" };
        let folder = folder.path().join(database);
        std::fs::create_dir(&folder)?;
        let company = Company::new(&folder, "company", server).await?;
        company.fill(&options.vekha, options.tasks).await?;
        for scenario in chosen {
            let place = Place { options, folder: &folder, company: &company };
            match scenario {
                Scenario::List => list::measure(&place).await?,
                Scenario::Create => create::measure(&place).await?,
            }
        }
    }
    Ok(())
}

/// Where a scenario is measured.
struct Place<'a> {
    options: &'a Options,
    folder: &'a Path,
    /// Nothing is connected to it: entrants have copies.
    company: &'a Company,
}

impl Place<'_> {
    /// The company once more, for somebody who writes.
    async fn copy(&self, name: &str) -> Result<Company> {
        self.company.copy(self.folder, name).await
    }

    /// Gives every entrant its turn in each round, another one first each time; prints what came of it.
    async fn compare(&self, title: &str, entrants: &[Entrant], goal: Goal) -> Result<()> {
        let mut turns: Vec<Vec<_>> = vec![Vec::new(); entrants.len()];
        let duration = Duration::from_secs(self.options.seconds);
        // What is done once, for the first to ask, is not measured.
        for entrant in entrants {
            entrant.turn(self.options.connections, Duration::from_secs(1)).await?;
        }
        for round in 0..self.options.rounds as usize {
            for place in 0..entrants.len() {
                let place = (place + round) % entrants.len();
                let entrant = entrants.get(place).context("within the entrants")?;
                let turn = entrant.turn(self.options.connections, duration).await?;
                turns.get_mut(place).context("within the entrants")?.push(turn);
            }
        }
        let mut rows = Vec::new();
        for (entrant, turns) in entrants.iter().zip(turns) {
            rows.push((entrant.name, entrant.answer().await?.len(), turns));
        }
        Report { title: format!("{title}, {}", self.company.database.name()), entrants: rows, goal }.print();
        Ok(())
    }
}

/// A request of each of those who ask.
fn of_each(request: impl Fn(i64, String) -> Request) -> Result<Vec<Request>> {
    (0..SUPERVISORS)
        .map(|place| {
            let user = FIRST + place;
            Ok(request(user, account::token(user, place + 1)?))
        })
        .collect()
}
