//! How a notice reads: one line that says what is due when, the words of whoever wanted it known, and where it
//! comes from. The line is made when it is sent, so a notice that was held back is still true.
//!
//! It must not know channels' addresses, nor what was sent before.

use jiff::civil::Date;

use super::notice::{Kind, Notice};

/// How far something is from the day that it is due: the rungs of the ladder that reminders climb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rung {
    /// Due in this many days, two or more.
    Ahead(i64),
    /// Due tomorrow.
    Tomorrow,
    /// Due today.
    Today,
    /// Overdue by this many days, up to six.
    Late(i64),
    /// Overdue by a week or more: it needs a new date.
    VeryLate(i64),
    /// Overdue by three weeks or more: it needs a decision.
    Stuck(i64),
}

impl Rung {
    /// The rung on a day.
    pub fn of(due: Date, today: Date) -> Self {
        match due.duration_since(today).as_hours() / 24 {
            1 => Self::Tomorrow,
            0 => Self::Today,
            days @ 2.. => Self::Ahead(days),
            days @ -6..=-1 => Self::Late(-days),
            days @ -20..=-7 => Self::VeryLate(-days),
            days => Self::Stuck(-days),
        }
    }

    /// For the subject: `due in 7 days`, `overdue by 3 days`.
    pub fn short(self) -> String {
        match self {
            Self::Ahead(days) => format!("due in {days} days"),
            Self::Tomorrow => "due tomorrow".to_owned(),
            Self::Today => "due today".to_owned(),
            Self::Late(days) | Self::VeryLate(days) | Self::Stuck(days) => {
                format!("overdue by {}", if days == 1 { "a day".to_owned() } else { format!("{days} days") })
            }
        }
    }

    /// What is asked of the reader.
    pub fn asks(self) -> &'static str {
        match self {
            Self::Ahead(_) => "Is it on track? If not, say now what stands in the way.",
            Self::Tomorrow => "If it will not be done by then, agree on a new date today.",
            Self::Today => "Mark it done, or agree on a new date.",
            Self::Late(_) => "Mark it done if it is, or say when it will be.",
            Self::VeryLate(_) => "It needs a new date that its owner stands by, or somebody who unblocks it.",
            Self::Stuck(_) => "Decide: give it a new owner and date, or take it out of the plan.",
        }
    }
}

/// Subject and text of a notice that is sent on its own.
pub fn message(notice: &Notice, stands_in_for: Option<&str>, today: Date) -> (String, String) {
    (subject(notice, today), text(notice, stands_in_for, today))
}

/// Subject and text of a digest, in the order of pressing.
pub fn digest_message(notices: &[(&Notice, Option<&str>)], today: Date) -> (String, String) {
    let mut sorted = notices.to_vec();
    sorted.sort_by(|(a, _), (b, _)| a.order().cmp(&b.order()));
    let count = sorted.len();
    let subject = match sorted.first() {
        Some((first, _)) if count == 1 => self::subject(first, today),
        _ => format!("{count} things that waited"),
    };
    let parts = sorted.iter().enumerate().map(|(at, (notice, stands_in_for))| {
        format!("{}. {}\n{}", at + 1, self::subject(notice, today), text(notice, *stands_in_for, today))
    });
    (subject, parts.collect::<Vec<_>>().join("\n\n"))
}

fn subject(notice: &Notice, today: Date) -> String {
    let kind = match notice.kind {
        Kind::Nudge => String::new(),
        kind => format!("{}: ", kind.word()),
    };
    let due = notice.due.map(|due| format!(", {}", Rung::of(due, today).short())).unwrap_or_default();
    format!("[{}] {kind}{}{due}", notice.about.account, notice.title)
}

fn text(notice: &Notice, stands_in_for: Option<&str>, today: Date) -> String {
    let mut lines = vec![notice.words.clone()];
    if let Some(due) = notice.due {
        let rung = Rung::of(due, today);
        lines.push(format!("Due {due} ({}). {}", rung.short(), rung.asks()));
    }
    if let Some(name) = stands_in_for {
        lines.push(format!("You stand in for {name}, who is away."));
    }
    let item = notice.about.item.as_ref().map(|item| format!(", item {item}")).unwrap_or_default();
    lines.push(format!("Account {}{item}. From {}. {}", notice.about.account, notice.source, notice.id));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn check(due: Date, expected: Rung, short: &str) {
        let rung = Rung::of(due, date(2026, 6, 10));
        assert_eq!((rung, rung.short().as_str()), (expected, short), "{due}");
    }

    #[test]
    fn the_ladder_has_its_rungs() {
        check(date(2026, 6, 17), Rung::Ahead(7), "due in 7 days");
        check(date(2026, 6, 11), Rung::Tomorrow, "due tomorrow");
        check(date(2026, 6, 10), Rung::Today, "due today");
        check(date(2026, 6, 9), Rung::Late(1), "overdue by a day");
        check(date(2026, 6, 4), Rung::Late(6), "overdue by 6 days");
        check(date(2026, 6, 3), Rung::VeryLate(7), "overdue by 7 days");
        check(date(2026, 5, 20), Rung::Stuck(21), "overdue by 21 days");
    }
}
