//! What rules are asked of: the facts of an account's files and of an event, subject by subject.
//!
//! Must not know where the files lie, nor what rules make of them.

use super::facts::Facts;
use super::field::{Field, Topic};
use super::firing::{Sighting, Subject};
use super::value::{Amount, Value};
use infohub::event::Event;
use infohub::facts::{AccountFile, Fact, Opportunity};
use infohub::number::Number;
use infohub::plan::Meta;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fmt::Display;

/// An account as its files say.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What the CRM says.
    pub account: &'a AccountFile,
    /// What is said about the plan, if there is one.
    pub plan: Option<&'a Meta>,
}

/// The account and each of its opportunities as they are now, with what has changed since `before`
/// (all that is known, if there was no account before). An event belongs to the account, and to the
/// opportunity that it names; if it names none, to each.
#[must_use]
pub fn sightings(before: Option<Known>, now: Known, event: Option<&Event>) -> Vec<Sighting> {
    let mut earlier = before.map(Known::subjects).unwrap_or_default();
    let mut seen = Vec::new();
    for (subject, facts) in now.subjects() {
        let mut changed = facts.changed_since(&earlier.remove(&subject).unwrap_or_default());
        let mut facts = facts;
        if let Some(event) = event.filter(|event| concerns(event, &subject)) {
            facts.know(Field::EventType, word(Some(event.body.kind())));
            facts.know(Field::EventSource, word(Some(&event.source)));
            // Every event is news, also one of the same type as the last.
            changed.extend(Field::ALL.iter().filter(|field| field.topic() == Topic::Event));
        }
        seen.push(Sighting { subject, facts, changed });
    }
    seen
}

fn concerns(event: &Event, subject: &Subject) -> bool {
    match (subject, event.opportunity()) {
        (Subject::Opportunity(id), Some(named)) => id == named,
        _ => true,
    }
}

impl Known<'_> {
    fn subjects(self) -> BTreeMap<Subject, Facts> {
        let mut facts = Facts::default();
        facts.know_account(self.account);
        facts.know_plan(self.plan);
        let slug = Subject::Account(self.account.account.to_string());
        let opportunities = self.account.opportunities.iter().map(|opportunity| {
            let mut facts = facts.clone();
            facts.know_opportunity(opportunity);
            (Subject::Opportunity(opportunity.id.clone()), facts)
        });
        let mut subjects: BTreeMap<_, _> = opportunities.collect();
        subjects.insert(slug, facts);
        subjects
    }
}

impl Facts {
    /// Sets a field that is known. The values below are of their fields' types, as a test shows.
    fn know(&mut self, field: Field, value: Option<Value>) {
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

    fn know_plan(&mut self, plan: Option<&Meta>) {
        self.know(Field::CspExists, Some(Value::Flag(plan.is_some())));
        let Some(plan) = plan else {
            return;
        };
        let updated = plan.last_updated.to_zoned(TimeZone::UTC).date();
        self.know(Field::CspLifecycle, word(Some(plan.lifecycle)));
        self.know(Field::CspStatus, word(Some(plan.status)));
        self.know(Field::CspVersion, plan.version.to_string().parse::<Number>().ok().map(Value::Number));
        self.know(Field::CspLastUpdated, date(Some(&updated)));
        self.know(Field::CspLastCustomerReview, date(plan.last_customer_review.as_ref()));
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

fn word(value: Option<impl Display>) -> Option<Value> {
    value.map(|value| Value::Text(value.to_string()))
}

fn date(value: Option<&Date>) -> Option<Value> {
    value.map(|date| Value::Date(*date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use infohub::event::EventBody;
    use std::collections::BTreeSet;

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

    fn meta() -> Meta {
        serde_json::from_str(
            r#"{"schema":1,"version":3,"account":"acme","lifecycle":"develop","status":"in_review",
                "last_updated":"2026-01-01T23:30:00Z","last_customer_review":"2025-12-24"}"#,
        )
        .unwrap()
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

    #[test]
    fn every_field_is_filled_from_the_files() {
        let (file, plan) = (full(), meta());
        let now = Known { account: &file, plan: Some(&plan) };
        let news = event("evaluation.started", r#"{"opportunity":"1"}"#);
        let seen = sightings(None, now, Some(&news));
        let opportunity = seen.iter().find(|seen| seen.subject == Subject::Opportunity("1".into())).unwrap();
        let missing: Vec<_> =
            Field::ALL.iter().filter(|field| opportunity.facts.get(**field).is_none()).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert_eq!(opportunity.changed.len(), Field::ALL.len());
        let shown = |field| opportunity.facts.get(field).unwrap().to_string();
        assert_eq!(shown(Field::OpportunityArr), "250000.5 EUR");
        assert_eq!(shown(Field::CspLastUpdated), "2026-01-01");
        assert_eq!(shown(Field::EvaluationResult), "'passed'");
    }

    #[test]
    fn changes_and_events_belong_to_their_subjects() {
        let before = full();
        let more = r#"{"opportunity":{"id":"2","stage":"Stage 1","arr":5}}"#;
        let both = after(&before, &event("opportunity.changed", more));
        let moved = event("opportunity.changed", r#"{"opportunity":{"id":"2","stage":"Stage 3"}}"#);
        let now = after(&both, &moved);
        let known = |file| Known { account: file, plan: None };
        let seen = sightings(Some(known(&both)), known(&now), Some(&moved));
        let event_fields = [Field::EventType, Field::EventSource];
        let changed: Vec<_> = seen.into_iter().map(|seen| (seen.subject.to_string(), seen.changed)).collect();
        let with_stage = [Field::OpportunityStage, Field::EventType, Field::EventSource];
        assert_eq!(
            changed,
            [
                ("account acme".to_owned(), BTreeSet::from(event_fields)),
                ("opportunity 1".to_owned(), BTreeSet::new()),
                ("opportunity 2".to_owned(), BTreeSet::from(with_stage)),
            ]
        );
    }
}
