//! What rules are asked of: the facts of an account's files and of an event, subject by subject.
//!
//! Must not know where the files lie, nor what rules make of them.

use super::facts::Facts;
use super::field::{Field, Topic};
use super::firing::{Sighting, Subject};
use super::known_plan::items;
use super::value::{Amount, Value};
use crate::calendar::Moment;
use infohub::event::Event;
use infohub::facts::{AccountFile, Fact, Opportunity};
use infohub::number::Number;
use infohub::plan::Plan;
use infohub::template::Template;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

/// An account as its files say.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What the CRM says.
    pub account: &'a AccountFile,
    /// The plan, if there is one.
    pub plan: Option<&'a Plan>,
    /// Which sections a plan needs; without it completeness is not known.
    pub template: Option<&'a Template>,
    /// The stage of a deal that is won.
    pub won: &'a str,
    /// What is worked out elsewhere, such as the plan's health; it stands for the account and all that
    /// belongs to it.
    pub more: Option<&'a Facts>,
}

/// The event that is being taken in.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The event.
    pub event: &'a Event,
    /// Whether it changed the facts.
    pub is_news: bool,
}

/// The account and each of its opportunities, milestones, actions and risks as they are at this moment,
/// with what has changed since `before`. Of what was not there before everything is new, also that a
/// value is not set. An event belongs to the account, and to the opportunity that it names; if it names
/// none, to each.
#[must_use]
pub fn sightings(before: Option<Known>, now: Known, told: Option<Told>, moment: &Moment) -> Vec<Sighting> {
    let mut earlier = before.map(|before| before.subjects(moment)).unwrap_or_default();
    let mut seen = Vec::new();
    for (subject, facts) in now.subjects(moment) {
        let before = earlier.remove(&subject);
        let (mut changed, replaced) = match &before {
            Some(before) => {
                let changed = facts.changed_since(before);
                let replaced = before.known_of(&changed);
                (changed, replaced)
            }
            None => (Field::of_states().collect(), BTreeSet::new()),
        };
        let mut facts = facts;
        if let Some(Told { event, is_news }) = told.filter(|told| concerns(told.event, &subject)) {
            facts.know(Field::EventType, word(Some(event.body.kind())));
            facts.know(Field::EventSource, word(Some(&event.source)));
            facts.know(Field::EventIsNews, Some(Value::Flag(is_news)));
            // Every event is news, also one of the same type as the last.
            changed.extend(Field::ALL.iter().filter(|field| field.topic() == Topic::Event));
        }
        seen.push(Sighting { subject, facts, changed, replaced, before });
    }
    seen
}

fn concerns(event: &Event, subject: &Subject) -> bool {
    match (subject, event.opportunity()) {
        (Subject::Account(_), _) => true,
        (Subject::Opportunity(id), Some(named)) => id == named,
        (Subject::Opportunity(_), None) => true,
        // Milestones and the like are the plan's, and an event is not about them.
        _ => false,
    }
}

impl Known<'_> {
    fn subjects(self, moment: &Moment) -> BTreeMap<Subject, Facts> {
        let mut facts = Facts::default().at(moment.clone());
        facts.know_account(self.account);
        facts.know(Field::AccountAnniversary, self.anniversary(moment).map(Value::Date));
        let tier = self.account.facts.tier.as_ref().and_then(|fact| fact.value);
        facts.know_plan(self.plan, self.template.map(|template| (template, tier)), moment);
        if let Some(more) = self.more {
            facts.extend(more);
        }
        let mut subjects = BTreeMap::new();
        for opportunity in &self.account.opportunities {
            let mut facts = facts.clone();
            facts.know_opportunity(opportunity);
            subjects.insert(Subject::Opportunity(opportunity.id.clone()), facts);
        }
        if let Some(plan) = self.plan {
            subjects.extend(items(plan, &facts));
        }
        subjects.insert(Subject::Account(self.account.account.to_string()), facts);
        subjects
    }

    /// The day since which the account is a customer: of the deal that was won first. The CRM may not say
    /// when a deal closed; then it is the day since which it says that it is won.
    fn anniversary(&self, moment: &Moment) -> Option<Date> {
        let won = self.account.opportunities.iter().filter_map(|opportunity| {
            let stage = opportunity.stage.as_ref()?;
            (stage.value.as_deref() == Some(self.won)).then_some(())?;
            known(&opportunity.close_date).copied().or_else(|| Some(moment.day_of(stage.as_of)))
        });
        won.min()
    }
}

impl Facts {
    /// Sets a field that is known. The values below are of their fields' types, as a test shows.
    pub(super) fn know(&mut self, field: Field, value: Option<Value>) {
        if let Some(value) = value {
            let fits = self.set(field, value);
            debug_assert!(fits.is_ok(), "{fits:?}");
        }
    }

    fn know_account(&mut self, file: &AccountFile) {
        let (company, evaluation) = (&file.facts, &file.evaluation);
        self.know(Field::AccountSlug, word(Some(&file.account)));
        self.know(Field::AccountName, word(known(&company.name)));
        self.know(Field::AccountTier, word(known(&company.tier)));
        self.know(Field::AccountIndustry, word(known(&company.industry)));
        self.know(Field::AccountRegion, word(known(&company.region)));
        self.know(Field::AccountCountry, word(known(&company.country)));
        self.know(
            Field::AccountEmployees,
            known(&company.employees).map(|count| Value::Number((*count).into())),
        );
        self.know(Field::EvaluationStartedOn, date(known(&evaluation.started_on)));
        self.know(Field::EvaluationFinishedOn, date(known(&evaluation.finished_on)));
        self.know(Field::EvaluationValidatedBy, word(known(&evaluation.validated_by)));
        self.know(Field::EvaluationResult, word(known(&evaluation.result)));
    }

    fn know_opportunity(&mut self, opportunity: &Opportunity) {
        let currency = known(&opportunity.currency);
        let amount = |value: &Number| Value::Money(Amount { value: *value, currency: currency.cloned() });
        self.know(Field::OpportunityId, word(Some(&opportunity.id)));
        self.know(Field::OpportunityName, word(known(&opportunity.name)));
        self.know(Field::OpportunityStage, word(known(&opportunity.stage)));
        self.know(Field::OpportunityArr, known(&opportunity.arr).map(amount));
        self.know(Field::OpportunityCloseDate, date(known(&opportunity.close_date)));
        self.know(Field::OpportunityKind, word(known(&opportunity.kind)));
        self.know(Field::OpportunityOwner, word(known(&opportunity.owner)));
    }
}

fn known<T>(fact: &Option<Fact<T>>) -> Option<&T> {
    fact.as_ref().and_then(|fact| fact.value.as_ref())
}

pub(super) fn word(value: Option<impl Display>) -> Option<Value> {
    value.map(|value| Value::Text(value.to_string()))
}

pub(super) fn date(value: Option<&Date>) -> Option<Value> {
    value.map(|date| Value::Date(*date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Calendar;
    use infohub::event::EventBody;
    use std::sync::Arc;

    fn event(kind: &str, data: &str) -> Event {
        let json = format!(
            r#"{{"specversion":"1.0","id":"e","source":"crm","type":"{kind}","subject":"acme",
                "time":"2026-01-02T00:00:00Z","data":{data}}}"#
        );
        Event::parse(&json).unwrap()
    }

    fn after(file: &AccountFile, event: &Event) -> AccountFile {
        let mut file = file.clone();
        match &event.body {
            EventBody::OpportunityChanged(data) => file.opportunity_changed(data, event.time),
            EventBody::EvaluationStarted(data) => file.evaluation_started(data, event.time),
            EventBody::EvaluationFinished(data) => file.evaluation_finished(data, event.time),
            _ => Vec::new(),
        };
        file
    }

    fn moment() -> Moment {
        let now = "2026-01-05T10:00:00Z".parse().unwrap();
        Moment::new(now, Some("Europe/Berlin"), &Arc::new(Calendar::default()))
    }

    fn plan() -> Plan {
        serde_json::from_str(
            r#"{"plan":{"schema":1,"version":3,"account":"acme","lifecycle":"develop","status":"in_review",
                "last_updated":"2026-01-01T23:30:00Z","last_customer_review":"2025-12-24",
                "owner":{"role":"sa"},"agreed":{"version":1,"hash":"x","by":"B","on":"2025-12-25"}},
            "technical_activities":{"activities":[{"id":"ac-1","activity":"Connect","status":"planned",
                "date":"2026-02-01","owner":{"name":"ada","side":"ours"}}]},
            "technical_evaluation":{"success_criteria":[{"id":"sc-1","criterion":"Fast"},
                {"id":"sc-2","criterion":"TBD"}]},
            "adoption_journey":{"milestones":[
                {"id":"ms-1","milestone":"Live","due_date":"2026-01-04","status":"done",
                 "completed_on":"2026-01-03","owner":{"name":"ada","side":"ours"}},
                {"id":"ms-2","milestone":"Used","due_date":"2026-01-05","status":"planned"},
                {"id":"ms-3","milestone":"Loved","due_date":"2026-01-04"}]},
            "value_tracking":{"utilization":[{"id":"ut-1","metric":"Users","target":500,"readings":[
                {"on":"2026-01-01","value":9},{"on":"2026-01-02","value":"not measured"},
                {"on":"2026-01-03","value":8}]}]},
            "handoff":{"commitments":[{"id":"cm-1","commitment":"Soon"}]},
            "risks":{"risks":[{"id":"rk-1","risk":"Late","rating":"red","likelihood":"low",
                "impact":"high","mitigation":"tbd","status":"open","owner":{"name":"ada","side":"ours"}}]}}"#,
        )
        .unwrap()
    }

    fn template() -> Template {
        let text = "required:\n  - phase: initiate\n    sections: [background]\n---\nbackground: {}\n";
        Template::parse("csp.yaml", text).unwrap()
    }

    fn full() -> AccountFile {
        let empty = AccountFile::new("acme".parse().unwrap());
        let changed = event(
            "opportunity.changed",
            r#"{"account":{"name":"Acme","tier":"strategic","industry":"Steel","region":"EMEA",
                "country":"DE","employees":900},
                "opportunity":{"id":"1","name":"Core","stage":"Stage 2","arr":250000.5,"currency":"EUR",
                "close_date":"2026-06-30","kind":"New","owner":"o-1"}}"#,
        );
        let finished = event(
            "evaluation.finished",
            r#"{"finished_on":"2026-02-01","validated_by":"ada","result":"passed"}"#,
        );
        let started = event("evaluation.started", r#"{"started_on":"2026-01-05"}"#);
        after(&after(&after(&empty, &changed), &started), &finished)
    }

    /// The account of all that can be known, in the words of `csp why`.
    fn seen_whole() -> Vec<Sighting> {
        let (file, plan, template) = (full(), plan(), template());
        let day = Value::Date("2026-01-09".parse().unwrap());
        let health = [
            (Field::CspHealth, Value::Text("watch".to_owned())),
            (Field::CspReviewPhase, Value::Text("pre_sales".to_owned())),
            (Field::CspCustomerReviewDue, day.clone()),
            (Field::AccountProposalRequestedOn, day),
        ];
        let health = health
            .into_iter()
            .fold(Facts::default(), |facts, (field, value)| facts.with(field, value).unwrap());
        let now = Known {
            account: &file,
            plan: Some(&plan),
            template: Some(&template),
            won: "Stage 2",
            more: Some(&health),
        };
        let news = event("evaluation.started", r#"{"opportunity":"1"}"#);
        sightings(None, now, Some(Told { event: &news, is_news: true }), &moment())
    }

    #[test]
    fn every_field_is_filled_from_the_files() {
        let seen = seen_whole();
        let filled = |field: &Field| seen.iter().any(|seen| seen.facts.get(*field).is_some());
        let missing: Vec<_> = Field::ALL.iter().filter(|field| !filled(field)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        let subjects: Vec<String> = seen.iter().map(|seen| seen.subject.to_string()).collect();
        assert_eq!(
            subjects,
            [
                "account acme",
                "opportunity 1",
                "milestone ms-1",
                "milestone ms-2",
                "milestone ms-3",
                "action ac-1",
                "risk rk-1"
            ]
        );
    }

    #[test]
    fn what_is_counted_is_counted_right() {
        let seen = seen_whole();
        let shown = |at: usize, field| seen[at].facts.get(field).unwrap().to_string();
        for (field, expected) in [
            (Field::OpportunityArr, "250000.5 EUR"),
            // 23:30 in UTC is the next day in Berlin.
            (Field::CspLastUpdated, "2026-01-02"),
            (Field::CspLastCustomerContact, "2025-12-25"),
            (Field::AccountAnniversary, "2026-06-30"),
            (Field::EvaluationResult, "'passed'"),
            (Field::CspSuccessCriteria, "1"),
            (Field::CspSectionsMissing, "1"),
            (Field::CspComplete, "false"),
            (Field::CspMilestonesOverdue, "1"),
            (Field::CspRedRisksUnmitigated, "1"),
            (Field::CspValueDeclining, "1"),
            (Field::CspOpenCommitments, "1"),
            (Field::CspHealth, "'watch'"),
        ] {
            assert_eq!(shown(1, field), expected, "{field}");
        }
        assert_eq!(shown(2, Field::MilestoneOpen), "false");
        assert_eq!(shown(6, Field::RiskMitigated), "false");
        // Tomorrow another milestone is overdue, by time alone.
        let tomorrow = "2026-01-05T23:00:00Z".parse().unwrap();
        let later = seen[0].facts.value_at(Field::CspMilestonesOverdue, Some(tomorrow));
        assert_eq!(later.unwrap().to_string(), "2");
    }

    #[test]
    fn changes_and_events_belong_to_their_subjects() {
        let before = full();
        let more = r#"{"opportunity":{"id":"2","stage":"Stage 1","arr":5}}"#;
        let both = after(&before, &event("opportunity.changed", more));
        let moved =
            event("opportunity.changed", r#"{"opportunity":{"id":"2","stage":"Stage 3","owner":"o"}}"#);
        let now = after(&both, &moved);
        let known = |account| Known { account, plan: None, template: None, won: "Won", more: None };
        let seen = sightings(
            Some(known(&both)),
            known(&now),
            Some(Told { event: &moved, is_news: true }),
            &moment(),
        );
        let event_fields = [Field::EventType, Field::EventSource, Field::EventIsNews];
        let changed: Vec<_> =
            seen.iter().map(|seen| (seen.subject.to_string(), seen.changed.clone())).collect();
        let of_deal =
            event_fields.into_iter().chain([Field::OpportunityStage, Field::OpportunityOwner]).collect();
        assert_eq!(
            changed,
            [
                ("account acme".to_owned(), BTreeSet::from(event_fields)),
                ("opportunity 1".to_owned(), BTreeSet::new()),
                ("opportunity 2".to_owned(), of_deal),
            ]
        );
        assert_eq!(seen[2].replaced, BTreeSet::from([Field::OpportunityStage]));
    }
}
