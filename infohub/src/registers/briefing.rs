//! `briefing.yaml`: what agents wrote for people to say: talking points of the next business review, and the
//! words of reminders. When a reminder is sent and to whom is for rules to decide.

use jiff::civil::Date;

use crate::ids::ItemId;
use crate::plan::item::item;
use crate::plan::section::section;

item! {
    /// A point for the next quarterly business review.
    TalkingPoint "tp" {
        /// What to say.
        point: String;
        /// The items of the plan that it is about.
        about: Vec<ItemId>,
        /// The day of the review, if it is set.
        review_on: Option<Date>,
    }
}

item! {
    /// The words of a reminder.
    Reminder "rm" {
        /// What to say, short.
        words: String;
        /// The item that it is about.
        item: Option<ItemId>,
        /// The day that the item is due.
        due: Option<Date>,
    }
}

section! {
    /// The briefing.
    Briefing / BriefingPatch {
        /// Talking points.
        talking_points: TalkingPoint,
        /// Words of reminders.
        reminders: Reminder,
    }
}

impl Briefing {
    #[allow(clippy::unused_self, reason = "a register may be empty, a section may not")]
    pub(crate) fn gaps(&self) -> Vec<String> {
        Vec::new()
    }
}
