//! Time has passed and nothing else: worth a record only if something follows, if only that the account is to be
//! looked at again at another instant.

use super::{Outcome, View};
use crate::step::Effect;

/// Tells what else came of looking at the time, once rules have been asked.
pub(super) fn conclude(view: View<'_>, outcome: &mut Outcome) {
    if !outcome.effects.is_empty() {
        return;
    }
    let (before, after) = (view.state, &outcome.state);
    let same = before.fired.is_same_but_time(&after.fired)
        && (before.wake, &before.ruled_by) == (after.wake, &after.ruled_by);
    if same {
        outcome.ignore("nothing is due");
    } else {
        let next = after.wake;
        outcome.tell(Effect::Looked { next });
    }
}
