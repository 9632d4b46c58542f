//! What a period brought, and the same as a file.

use chrono::NaiveDate;

use super::people::link;
use super::{Client, Trouble};
use crate::api::UserId;
use crate::api::statistics::{
    Date, Statistics, StatisticsExport, StatisticsExportInput, StatisticsExportVariables, StatisticsOfPeriod,
    StatisticsVariables,
};
use crate::browser::document;
use crate::text::date::input_day;

/// Days from the first to the last, and whose tasks: empty is everyone's.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub people: Vec<UserId>,
}

impl Period {
    fn days(&self) -> (Date, Date) {
        (Date(input_day(self.first)), Date(input_day(self.last)))
    }

    fn asked_people(&self) -> Option<Vec<UserId>> {
        Some(self.people.clone()).filter(|people| !people.is_empty())
    }
}

impl Client {
    pub async fn load_statistics(&self, period: &Period) -> Result<Statistics, Trouble> {
        let (from, to) = period.days();
        let variables =
            StatisticsVariables { from, to, time_zone: self.zone_name(), people: period.asked_people() };
        let answer: StatisticsOfPeriod = self.query(variables).await?;
        let people = answer.statistics.by_assignee.iter().filter_map(|row| row.assignee.as_ref());
        self.update(|state| people.for_each(|person| state.store.take_person(person)));
        Ok(answer.statistics)
    }

    /// Has the browser save the tasks behind the figures as a file.
    pub async fn download_statistics(&self, period: &Period) -> Result<(), Trouble> {
        let (from, to) = period.days();
        let input = StatisticsExportInput {
            from,
            to,
            time_zone: self.zone_name(),
            assignee_ids: period.asked_people(),
            locale: Some(self.state().preferences.locale),
        };
        let answer: StatisticsExport = self.mutate(StatisticsExportVariables { input }).await?;
        let (url, _) = link(answer.statistics_export)?;
        document::download(&url);
        Ok(())
    }

    /// The zone in which this person sees days and deadlines.
    pub fn zone_name(&self) -> String {
        self.state().preferences.zone.name.to_string()
    }
}
