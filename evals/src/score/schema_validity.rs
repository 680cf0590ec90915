//! Tasks that ended with a draft which fits: it was taken in, applies to the plan as it then was, names no item twice,
//! and each entry says something. Shapes of answers are checked before a draft comes to be, so an answer that breaks
//! them shows as a task that failed. Where the right outcome is no draft, there is nothing to measure.

use std::collections::BTreeSet;

use super::Measure;
use super::look::Look;
use crate::produced::{End, TaskOutcome};

pub(super) fn measure(look: &Look<'_>) -> Measure {
    if look.case.expect.fails {
        return Measure::nothing();
    }
    if look.produced.tasks.is_empty() {
        return Measure::share(0, 1, vec!["no task was started".to_owned()]);
    }
    let tasks = look.produced.tasks.iter().zip(&look.fitted);
    Measure::share_of_right(tasks, |(task, fitted)| {
        let fault = fault(task, *fitted)?;
        Some(format!("{} {fault}", task.run))
    })
}

fn fault(task: &TaskOutcome, fitted: bool) -> Option<String> {
    if let End::Failed { why } = &task.end {
        return Some(format!("failed: {why}"));
    }
    if !fitted {
        return Some("does not apply to the plan".to_owned());
    }
    let mut ids = BTreeSet::new();
    task.patch.upserts().find_map(|(section, list, item)| {
        if item.text().trim().is_empty() {
            Some(format!("has an entry without words in {section}.{list}"))
        } else if !item.id().is_unassigned() && !ids.insert(item.id().clone()) {
            Some(format!("names {} twice", item.id()))
        } else {
            None
        }
    })
}
