//! When time alone will next make a rule fire, so that nothing needs to be asked before.
//!
//! Must not know what wakes whom at that instant.

use super::asked::Asked;
use super::condition::{NodeKind, Test};
use super::explain::Outcome;
use super::firing::{Sighting, Subject, dealt_with};
use super::memory::FiringMemory;
use super::rule::Rule;
use super::ruleset::RuleSet;
use super::timer::Timer;
use crate::calendar::{Calendar, Length, Moment};
use jiff::civil::Date;
use jiff::{Span, Timestamp};

/// How many instants of a schedule are tried for one at which the rest of the condition holds.
const MOST_TRIED: usize = 400;

/// Something that time alone will bring.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ahead {
    /// When; not after now if it is waiting already.
    pub at: Timestamp,
    /// The name of the rule.
    pub rule: String,
    /// For whom.
    pub subject: Subject,
    /// What will happen then.
    pub turn: Turn,
}

/// What time does to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// It fires.
    Fires,
    /// It becomes false and is ready to fire again; nobody is told, but it must be noted.
    Rearms,
}

impl RuleSet {
    /// The next thing that time alone will bring to an account, if nothing else happens to it. The
    /// sightings are all of its subjects as they are now. Nothing needs to be asked before that instant.
    #[must_use]
    pub fn next_instant(&self, memory: &FiringMemory, sightings: &[Sighting]) -> Option<Ahead> {
        let of_sighting = |sighting: &Sighting| {
            let ahead = self.waiting(memory, sighting).into_iter().filter_map(|rule| {
                let (at, turn) = rule.next_turn(memory, sighting)?;
                Some((at, rule, turn))
            });
            let (at, rule, turn) = ahead.min_by_key(|(at, ..)| *at)?;
            Some(Ahead { at, rule: rule.name.clone(), subject: sighting.subject.clone(), turn })
        };
        sightings.iter().filter_map(of_sighting).min_by_key(|ahead| ahead.at)
    }
}

impl Rule {
    /// When time alone will next make the rule fire for a subject, or ready to fire again.
    pub(super) fn next_turn(&self, memory: &FiringMemory, sighting: &Sighting) -> Option<(Timestamp, Turn)> {
        let moment = sighting.facts.moment()?;
        let asked = Asked::of(&sighting.facts);
        match &self.timer {
            Some(timer) => {
                let past = dealt_with(self, timer, memory, sighting, moment);
                let at = self.next_occasion(timer, past, &asked, moment)?;
                Some((at, Turn::Fires))
            }
            None if self.awaits_moment() => None,
            None => {
                let held = memory.has_fired(&self.name, &sighting.subject);
                let (wanted, turn) = match held {
                    true => (Outcome::False, Turn::Rearms),
                    false => (Outcome::True, Turn::Fires),
                };
                let mut instants = self.instants(&asked, moment);
                instants.sort_unstable();
                let ahead = instants.into_iter().filter(|at| *at > moment.now);
                let mut instants = std::iter::once(moment.now).chain(ahead);
                let at = instants.find(|at| self.answer(&asked.as_of(*at)) == wanted)?;
                Some((at, turn))
            }
        }
    }

    /// The first occasion at which the rest of the condition holds as well.
    fn next_occasion(
        &self,
        timer: &Timer,
        past: Timestamp,
        asked: &Asked,
        moment: &Moment,
    ) -> Option<Timestamp> {
        if past < moment.now {
            // Something has come that no step has dealt with.
            let waiting = timer.due(past, moment.now, asked, moment);
            if let Some(waiting) = waiting.last() {
                return Some(waiting.occasion.at);
            }
        }
        let first = timer.next(past.max(moment.now), asked, moment);
        let occasions = std::iter::successors(first, |at| timer.next(*at, asked, moment));
        let holds = |at: &Timestamp| self.answer(&asked.as_of(*at).due()).is_true();
        occasions.take(MOST_TRIED).find(holds)
    }

    /// The instants at which time may change an answer of the rule's tests.
    fn instants(&self, asked: &Asked, moment: &Moment) -> Vec<Timestamp> {
        let mut instants = Vec::new();
        for (_, condition) in self.conditions() {
            condition.root.visit(&mut |node| {
                if let NodeKind::Test(field, test) = &node.kind {
                    instants.extend(asked.facts().turns(*field));
                    let days = asked.date(*field).map(|date| test.days(date, &moment.calendar));
                    instants.extend(days.into_iter().flatten().filter_map(|day| moment.start_of(day)));
                }
            });
        }
        instants
    }
}

impl Test {
    /// The days on which the answer for a date may change.
    fn days(&self, date: Date, calendar: &Calendar) -> Vec<Date> {
        let from = |day: Date, count: i64| day.saturating_add(Span::new().days(count));
        match self {
            Self::Age(_, length) => {
                let day = length.after(date, calendar);
                vec![day, from(day, 1)]
            }
            Self::Overdue => vec![from(date, 1)],
            Self::Within(length) => {
                let mut days = around(*length, date, calendar);
                days.push(from(date, 1));
                days
            }
            _ => Vec::new(),
        }
    }
}

/// The days of which one is the first that has the date within the length. A month back and a month on
/// do not meet where months differ in length, and neither do business days around a weekend.
fn around(length: Length, date: Date, calendar: &Calendar) -> Vec<Date> {
    const SLACK: i64 = 5;
    let back = length.before(date, calendar);
    (-SLACK..=SLACK).map(|count| back.saturating_add(Span::new().days(count))).collect()
}
