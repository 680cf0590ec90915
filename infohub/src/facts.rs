//! `account.yaml`: what the CRM says of an account, each fact with the time it was said, so that an event
//! that comes late does not undo a newer fact.

use std::fmt::Display;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::{EvaluationFinished, EvaluationStarted, OpportunityChanged};
use crate::ids::{AccountSlug, PersonId};
use crate::number::{Currency, Number};
use crate::plan::Role;

/// One fact; `null` says that the CRM cleared the field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(bound = "T: JsonSchema")]
pub struct Fact<T> {
    /// What the CRM says.
    pub value: Option<T>,
    /// Since when it says so.
    pub as_of: Timestamp,
    /// When it said the same again last; what comes late and is older than this is no news.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Timestamp>,
}

impl<T> Fact<T> {
    /// When the CRM said so last.
    fn said(&self) -> Timestamp {
        self.confirmed.map_or(self.as_of, |confirmed| confirmed.max(self.as_of))
    }
}

/// How important an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Gets a plan at any size.
    Strategic,
    /// Large.
    Enterprise,
    /// Others.
    Commercial,
}

impl Display for Tier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Strategic => "strategic",
            Self::Enterprise => "enterprise",
            Self::Commercial => "commercial",
        })
    }
}

/// How a technical evaluation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvaluationResult {
    /// The criteria were met.
    Passed,
    /// They were not.
    Failed,
    /// It cannot be said.
    Inconclusive,
}

impl Display for EvaluationResult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Inconclusive => "inconclusive",
        })
    }
}

macro_rules! facts {
    ($(#[$meta:meta])* $name:ident ( $( $(#[$own_meta:meta])* $own:ident : $own_type:ty )? ) { $( $(#[$field_meta:meta])* $field:ident : $type:ty, )* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $( $(#[$own_meta])* pub $own: $own_type, )?
            $(
                $(#[$field_meta])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<Fact<$type>>,
            )*
        }

        impl $name {
            /// Every fact that has a value: name, value as text, as-of time.
            pub fn known(&self) -> Vec<(&'static str, String, Timestamp)> {
                let mut known = Vec::new();
                $(
                    if let Some(Fact { value: Some(value), as_of, .. }) = &self.$field {
                        known.push((stringify!($field), value.to_string(), *as_of));
                    }
                )*
                known
            }
        }
    };
}

facts! {
    /// Facts about the account itself.
    CompanyFacts () {
        /// Name.
        name: String,
        /// Tier.
        tier: Tier,
        /// Industry.
        industry: String,
        /// Region of the sales organisation.
        region: String,
        /// Country, as the CRM writes it.
        country: String,
        /// IANA name of the account's time zone.
        time_zone: String,
        /// Web site.
        website: String,
        /// Number of employees.
        employees: u32,
    }
}

facts! {
    /// Facts about one opportunity.
    Opportunity (
        /// The CRM's id.
        id: String
    ) {
        /// Name.
        name: String,
        /// Sales stage.
        stage: String,
        /// Annual recurring revenue, in `currency`.
        arr: Number,
        /// Currency of `arr`.
        currency: Currency,
        /// The day the deal is expected to close.
        close_date: Date,
        /// Kind of deal, as the CRM names it.
        kind: String,
        /// The owner's id in the CRM.
        owner: String,
    }
}

facts! {
    /// Facts about the technical evaluation.
    Evaluation () {
        /// The day it began.
        started_on: Date,
        /// The day it ended.
        finished_on: Date,
        /// The SA who validated that it is worth doing.
        validated_by: PersonId,
        /// How it ended.
        result: EvaluationResult,
    }
}

/// One person's part in an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The part.
    pub role: Role,
    /// The person, as named in team.yaml.
    pub person: PersonId,
}

/// All of `account.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountFile {
    /// The account's folder.
    pub account: AccountSlug,
    /// Who works for it; people keep this list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub team: Vec<Assignment>,
    /// What the CRM says of the company.
    #[serde(default)]
    pub facts: CompanyFacts,
    /// What is known of the technical evaluation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub evaluation: Evaluation,
    /// The opportunities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opportunities: Vec<Opportunity>,
}

fn is_default(evaluation: &Evaluation) -> bool {
    *evaluation == Evaluation::default()
}

/// A fact that an event changed, for the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactChange {
    /// `account.NAME`, `evaluation.NAME` or `opportunity.ID.NAME`.
    pub field: String,
    /// What was known before.
    pub old: Option<String>,
    /// What is known now.
    pub new: Option<String>,
}

/// Merges one event's news, all of one time, into facts.
struct News<'a> {
    as_of: Timestamp,
    changes: &'a mut Vec<FactChange>,
}

impl News<'_> {
    /// Absent leaves the fact alone, null clears it, and a fact that is newer than the news stays.
    fn take<T: Clone + PartialEq + Display>(
        &mut self,
        field: String,
        known: &mut Option<Fact<T>>,
        news: Option<Option<T>>,
    ) {
        let Some(value) = news else { return };
        if known.as_ref().is_some_and(|fact| fact.said() > self.as_of) {
            return;
        }
        let old = known.as_ref().and_then(|fact| fact.value.clone());
        if old != value {
            let text = |value: &Option<T>| value.as_ref().map(ToString::to_string);
            self.changes.push(FactChange { field, old: text(&old), new: text(&value) });
        } else if let Some(fact) = known {
            // The CRM repeats itself: the fact keeps the time since which it is so.
            fact.confirmed = Some(self.as_of).filter(|again| *again > fact.as_of);
            return;
        }
        *known = Some(Fact { value, as_of: self.as_of, confirmed: None });
    }
}

macro_rules! take_all {
    ($news:ident, $prefix:expr, $known:expr, $data:expr, [$($field:ident),*]) => {
        $( $news.take(format!("{}.{}", $prefix, stringify!($field)), &mut $known.$field, $data.$field.clone()); )*
    };
}

impl AccountFile {
    /// An account of which nothing is known yet.
    pub fn new(account: AccountSlug) -> Self {
        Self {
            account,
            team: Vec::new(),
            facts: CompanyFacts::default(),
            evaluation: Evaluation::default(),
            opportunities: Vec::new(),
        }
    }

    /// The opportunity with this id.
    pub fn opportunity(&self, id: &str) -> Option<&Opportunity> {
        self.opportunities.iter().find(|opportunity| opportunity.id == id)
    }

    /// The person who has this part in the account.
    pub fn person(&self, role: Role) -> Option<&PersonId> {
        self.team.iter().find(|assignment| assignment.role == role).map(|assignment| &assignment.person)
    }

    /// Every fact with a value: full name as evidence cites it, value as text, as-of time.
    pub fn known(&self) -> Vec<(String, String, Timestamp)> {
        let full = |prefix: String, facts: Vec<(&'static str, String, Timestamp)>| {
            facts.into_iter().map(move |(name, value, as_of)| (format!("{prefix}.{name}"), value, as_of))
        };
        let mut known: Vec<_> = full("account".into(), self.facts.known()).collect();
        known.extend(full("evaluation".into(), self.evaluation.known()));
        for opportunity in &self.opportunities {
            known.extend(full(format!("opportunity.{}", opportunity.id), opportunity.known()));
        }
        known
    }

    /// Takes in what `opportunity.changed` says.
    pub fn opportunity_changed(&mut self, data: &OpportunityChanged, as_of: Timestamp) -> Vec<FactChange> {
        let mut changes = Vec::new();
        let mut news = News { as_of, changes: &mut changes };
        if let Some(account) = &data.account {
            take_all!(
                news,
                "account",
                self.facts,
                account,
                [name, tier, industry, region, country, time_zone, website, employees]
            );
        }
        if let Some(data) = &data.opportunity {
            let at = self.opportunities.iter().position(|known| known.id == data.id).unwrap_or_else(|| {
                self.opportunities.push(Opportunity::new(data.id.clone()));
                self.opportunities.len() - 1
            });
            let prefix = format!("opportunity.{}", data.id);
            let known = &mut self.opportunities[at];
            take_all!(news, prefix, known, data, [name, stage, arr, currency, close_date, kind, owner]);
        }
        changes
    }

    /// Takes in what `evaluation.started` says.
    pub fn evaluation_started(&mut self, data: &EvaluationStarted, as_of: Timestamp) -> Vec<FactChange> {
        let mut changes = Vec::new();
        let mut news = News { as_of, changes: &mut changes };
        news.take("evaluation.started_on".into(), &mut self.evaluation.started_on, data.started_on.map(Some));
        news.take(
            "evaluation.validated_by".into(),
            &mut self.evaluation.validated_by,
            data.validated_by.clone().map(Some),
        );
        changes
    }

    /// Takes in what `evaluation.finished` says.
    pub fn evaluation_finished(&mut self, data: &EvaluationFinished, as_of: Timestamp) -> Vec<FactChange> {
        let mut changes = Vec::new();
        let mut news = News { as_of, changes: &mut changes };
        news.take(
            "evaluation.finished_on".into(),
            &mut self.evaluation.finished_on,
            data.finished_on.map(Some),
        );
        news.take(
            "evaluation.validated_by".into(),
            &mut self.evaluation.validated_by,
            data.validated_by.clone().map(Some),
        );
        news.take("evaluation.result".into(), &mut self.evaluation.result, data.result.map(Some));
        changes
    }
}

impl Opportunity {
    /// An opportunity of which only the id is known.
    pub fn new(id: String) -> Self {
        Self {
            id,
            name: None,
            stage: None,
            arr: None,
            currency: None,
            close_date: None,
            kind: None,
            owner: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Event, EventBody};

    fn changed(facts: &mut AccountFile, time: &str, data: &str) -> Vec<String> {
        let json = format!(
            r#"{{"specversion":"1.0","id":"e","source":"crm","type":"opportunity.changed","subject":"acme","time":"{time}","data":{data}}}"#
        );
        let event = Event::parse(&json).unwrap();
        let EventBody::OpportunityChanged(data) = &event.body else { unreachable!() };
        let changes = facts.opportunity_changed(data, event.time);
        changes
            .iter()
            .map(|change| format!("{} {:?} -> {:?}", change.field, change.old, change.new))
            .collect()
    }

    #[test]
    fn late_events_do_not_undo_newer_facts() {
        let mut facts = AccountFile::new(AccountSlug::new("acme").unwrap());
        changed(&mut facts, "2026-01-02T00:00:00Z", r#"{"opportunity":{"id":"1","stage":"Stage 3"}}"#);
        let late = changed(
            &mut facts,
            "2026-01-01T00:00:00Z",
            r#"{"opportunity":{"id":"1","stage":"Stage 2","arr":5},"account":{"tier":"strategic"}}"#,
        );
        assert_eq!(
            late,
            [r#"account.tier None -> Some("strategic")"#, r#"opportunity.1.arr None -> Some("5")"#]
        );
        assert_eq!(facts.opportunity("1").unwrap().stage.as_ref().unwrap().value.as_deref(), Some("Stage 3"));
    }

    #[test]
    fn what_was_said_again_is_not_undone_by_what_was_said_between() {
        let mut facts = AccountFile::new(AccountSlug::new("acme").unwrap());
        for (time, stage, told) in [
            ("2026-01-01T00:00:00Z", "Closed Won", 1),
            ("2026-01-03T00:00:00Z", "Closed Won", 0),
            ("2026-01-02T00:00:00Z", "Stage 4", 0),
            ("2026-01-04T00:00:00Z", "Stage 4", 1),
        ] {
            let data = format!(r#"{{"opportunity":{{"id":"1","stage":"{stage}"}}}}"#);
            assert_eq!(changed(&mut facts, time, &data).len(), told, "{time}");
        }
        let mut again = facts.clone();
        changed(&mut again, "2026-01-05T00:00:00Z", r#"{"opportunity":{"id":"1","stage":"Stage 4"}}"#);
        let stage = again.opportunity("1").unwrap().stage.as_ref().unwrap();
        assert_eq!(stage.as_of.to_string(), "2026-01-04T00:00:00Z");
        assert_eq!(stage.confirmed.unwrap().to_string(), "2026-01-05T00:00:00Z");
    }

    #[test]
    fn null_clears_and_absent_leaves() {
        let mut facts = AccountFile::new(AccountSlug::new("acme").unwrap());
        changed(
            &mut facts,
            "2026-01-01T00:00:00Z",
            r#"{"opportunity":{"id":"1","arr":5,"stage":"Stage 2"}}"#,
        );
        let cleared = changed(&mut facts, "2026-01-02T00:00:00Z", r#"{"opportunity":{"id":"1","arr":null}}"#);
        assert_eq!(cleared, [r#"opportunity.1.arr Some("5") -> None"#]);
        let again = changed(&mut facts, "2026-01-01T12:00:00Z", r#"{"opportunity":{"id":"1","arr":5}}"#);
        assert!(again.is_empty(), "{again:?}");
        assert_eq!(facts.opportunity("1").unwrap().arr.as_ref().unwrap().value, None);
    }
}
