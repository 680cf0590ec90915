//! Changes in sections that their task may write, removals included. A task that no charter has may write nothing.
//! It must not know who checks rights while drafting.

use super::Measure;
use super::look::Look;

pub(super) fn measure(look: &Look<'_>) -> Measure {
    let changes = look.produced.tasks.iter().flat_map(|task| {
        let upserts = task.patch.upserts().map(|(section, list, item)| (section, list, item.id()));
        let removals = task.patch.removals();
        upserts.chain(removals).map(move |(section, list, id)| (&task.run, section, list, id))
    });
    Measure::share_of_right(changes, |(run, section, list, id)| {
        let may = look.ground.rights.get(run).is_some_and(|sections| sections.contains(&section));
        (!may).then(|| format!("{run} may not write {section}.{list} {id}"))
    })
}
