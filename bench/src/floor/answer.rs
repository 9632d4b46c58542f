//! What it answers, in the shape of the contract: compared with what Vekha answers before anything is timed.

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};

use super::statement::Listed;

/// Rows of a page.
const PAGE: usize = 50;
/// By rank, as the server stores them.
const PRIORITIES: [&str; 3] = ["LOW", "NORMAL", "HIGH"];

#[derive(Serialize)]
pub(super) struct Answer<T> {
    pub(super) data: T,
}

#[derive(Serialize)]
pub(super) struct Lists {
    tasks: Page,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    nodes: Vec<Task>,
    page_info: PageInfo,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Serialize)]
struct Task {
    id: String,
    number: i64,
    title: String,
    status: String,
    priority: &'static str,
    deadline: Option<String>,
    creator: Person,
    assignee: Person,
}

#[derive(Serialize)]
struct Person {
    id: String,
    name: String,
}

/// A task to be set.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewTask {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) deadline: DateTime<chrono::Utc>,
    pub(super) assignee: i64,
    /// Who sets it, where nobody is looked up.
    pub(super) creator: i64,
}

#[derive(Serialize)]
pub(super) struct Created {
    pub(super) id: String,
    pub(super) number: i64,
}

/// An id as the contract has it.
pub(crate) fn id(kind: &str, number: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("{kind}:{number}"))
}

impl Lists {
    /// Of a page's rows and one more, where there is one.
    pub(super) fn of(mut rows: Vec<Listed>) -> Result<Self> {
        let has_next_page = rows.len() > PAGE;
        rows.truncate(PAGE);
        let end_cursor =
            rows.last().map(|row| URL_SAFE_NO_PAD.encode(format!("{}:{}", row.4.unwrap_or(i64::MAX), row.0)));
        let nodes = rows.into_iter().map(task).collect::<Result<_>>()?;
        Ok(Lists { tasks: Page { nodes, page_info: PageInfo { has_next_page, end_cursor } } })
    }
}

fn task(
    (number, title, status, priority, deadline, creator, named, assignee, called): Listed,
) -> Result<Task> {
    let priority = usize::try_from(priority).ok().and_then(|rank| PRIORITIES.get(rank));
    let moment = |milliseconds| -> Result<String> {
        let moment = DateTime::from_timestamp_millis(milliseconds).context("a moment")?;
        Ok(moment.to_rfc3339_opts(SecondsFormat::Millis, true))
    };
    Ok(Task {
        id: id("Task", number),
        number,
        title,
        status,
        priority: priority.context("a rank")?,
        deadline: deadline.map(moment).transpose()?,
        creator: Person { id: id("User", creator), name: named },
        assignee: Person { id: id("User", assignee), name: called },
    })
}
