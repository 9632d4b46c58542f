//! What processes have taken of the processor, as Linux counts it.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// A tick of `/proc/PID/stat`: `USER_HZ`, which is 100 on every machine that Linux runs on today (time(7)).
const TICK: Duration = Duration::from_millis(10);

/// The fields of `/proc/PID/stat` after the name, which may have spaces in it: proc_pid_stat(5).
struct Stat {
    parent: u32,
    own: u32,
    of_those_that_ended: u32,
}

fn stat(process: u32) -> Result<Stat> {
    let text = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = text.rsplit_once(')').context("a name in brackets")?;
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    let number = |place: usize| -> Result<u32> {
        Ok(fields.get(place - 3).context("as many fields as the manual says")?.parse()?)
    };
    Ok(Stat {
        parent: number(4)?,
        own: number(14)? + number(15)?,
        of_those_that_ended: number(16)? + number(17)?,
    })
}

/// What a process has taken.
pub(crate) fn of(process: u32) -> Result<Duration> {
    Ok(TICK * stat(process)?.own)
}

/// What a process and those that it began have taken.
pub(crate) fn of_family(process: u32) -> Result<Duration> {
    let eldest = stat(process)?;
    let mut ticks = eldest.own + eldest.of_those_that_ended;
    for entry in fs::read_dir("/proc")? {
        let Ok(child) = entry?.file_name().to_string_lossy().parse::<u32>() else { continue };
        // One that ended meanwhile is counted with those that ended, next time.
        let Ok(child) = stat(child) else { continue };
        if child.parent == process {
            ticks += child.own;
        }
    }
    Ok(TICK * ticks)
}

/// The process that began this one.
pub(crate) fn parent(process: u32) -> Result<u32> {
    Ok(stat(process)?.parent)
}
