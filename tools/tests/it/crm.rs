//! Salesforce exports, real ones and invented ones, and the events that they become.

use jiff::Timestamp;
use proptest::prelude::*;
use tools::crm::salesforce::{describe, read, stages};
use tools::crm::{CrmBatch, CrmRecord, Slugs, events};

use crate::real;

fn as_of() -> Timestamp {
    "2026-01-15T10:00:00Z".parse().expect("a time")
}

fn batch(name: &str, text: &str) -> CrmBatch {
    read(name, text.as_bytes(), as_of()).unwrap_or_else(|error| panic!("{error}"))
}

fn real_batch(folder: &str, file: &str) -> Option<CrmBatch> {
    let path = real::folder(folder)?.join(file);
    Some(
        read(file, &std::fs::read(path).expect("readable"), as_of())
            .unwrap_or_else(|error| panic!("{error}")),
    )
}

#[test]
fn real_tables_load() {
    let Some(accounts) = real_batch("crm-salesforce-tables", "sf_account_data.csv") else {
        return;
    };
    assert_eq!((accounts.accounts().count(), accounts.skipped.len()), (10, 0));
    let seinfeld =
        accounts.accounts().find(|account| account.name.as_deref() == Some("Seinfeld")).expect("there");
    assert!(seinfeld.seen.deleted);
    assert_eq!(seinfeld.seen.as_of.to_string(), "2019-10-17T21:33:00Z");

    let deals = real_batch("crm-salesforce-tables", "sf_opportunity_data.csv").expect("there");
    assert_eq!(deals.opportunities().count(), 10);
    let million = deals.opportunities().find(|deal| deal.name.as_deref() == Some("$1m deal")).expect("there");
    assert_eq!(million.amount.map(|amount| amount.to_string()).as_deref(), Some("24120000"));
    assert_eq!(million.close_date.map(|date| date.to_string()).as_deref(), Some("2018-12-19"));
    assert_eq!((million.closed, million.won), (Some(true), Some(true)));
    assert!(deals.opportunities().all(|deal| deal.seen.deleted));
    assert!(events(&deals, &Slugs::default()).events.is_empty());

    let contacts = real_batch("crm-salesforce-tables", "sf_contact_data.csv").expect("there");
    assert!(contacts.records.iter().all(|record| matches!(record, CrmRecord::Contact(_))));
    assert_eq!(contacts.records.len(), 4);
    let history = real_batch("crm-salesforce-tables", "sf_opportunity_history_data.csv").expect("there");
    assert_eq!(history.opportunities().count(), 10);
}

#[test]
fn real_tables_of_other_objects_are_told() {
    let Some(folder) = real::folder("crm-salesforce-tables") else {
        return;
    };
    for path in real::files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "csv")) {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let batch = real_batch("crm-salesforce-tables", name).expect("there");
        let ours = ["account", "opportunity", "contact"].iter().any(|object| {
            name.strip_prefix("sf_").is_some_and(|rest| {
                rest == format!("{object}_data.csv") || rest == format!("{object}_history_data.csv")
            })
        });
        assert_eq!(!batch.records.is_empty(), ours, "{name}: {:?}", batch.skipped);
        assert_eq!(batch.skipped.is_empty(), ours, "{name}: {:?}", batch.skipped);
    }
}

#[test]
fn real_trees_load() {
    let Some(folder) = real::folder("crm-salesforce-trees") else {
        return;
    };
    for path in real::files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "json"))
    {
        let name = path.display().to_string();
        let batch = read(&name, &std::fs::read(&path).expect("readable"), as_of())
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(!batch.records.is_empty() || !batch.skipped.is_empty(), "{name}");
    }
    let nested = real_batch("crm-salesforce-trees", "data/accounts-contacts-tree.json").expect("there");
    let people: Vec<(Option<&str>, Option<&str>)> = nested
        .records
        .iter()
        .filter_map(|record| match record {
            CrmRecord::Contact(contact) => Some((contact.name.as_deref(), contact.account.as_deref())),
            _ => None,
        })
        .collect();
    assert_eq!(
        people,
        [(Some("Smith"), Some("SampleAccountRef")), (Some("Evans"), Some("SampleAccountRef"))]
    );
    let many = real_batch("crm-salesforce-trees", "data/moreThan200/Account.json").expect("there");
    assert!(many.records.len() > 200);
}

#[test]
fn real_trees_become_events() {
    let Some(mut batch) = real_batch("crm-salesforce-trees", "data/commonChild/Account.json") else {
        return;
    };
    batch.append(real_batch("crm-salesforce-trees", "data/commonChild/Opportunity.json").expect("there"));
    let made = events(&batch, &Slugs::default());
    let subjects: Vec<&str> = made.events.iter().map(|event| event.subject.as_str()).collect();
    assert_eq!(subjects, ["other-test-account", "test"]);

    // The reference leads nowhere, so the reference itself names the account.
    let lost = real_batch("crm-salesforce-trees", "data/missingRef/Opportunity.json").expect("there");
    assert_eq!(events(&lost, &Slugs::default()).events[0].subject.as_str(), "accountref2000");

    let twins = real_batch("crm-salesforce-trees", "data/missingSelfRef/Account.json").expect("there");
    let made = events(&twins, &Slugs::default());
    let mut subjects: Vec<&str> = made.events.iter().map(|event| event.subject.as_str()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    assert_eq!(subjects.len(), 12);
}

#[test]
fn real_descriptions_give_the_stages() {
    let Some(folder) = real::folder("crm-salesforce-describe") else {
        return;
    };
    let bytes = std::fs::read(folder.join("GET_sobjects_Opportunity_describe.yaml")).expect("readable");
    let description = describe("opportunity.yaml", &bytes).unwrap_or_else(|error| panic!("{error}"));
    let stages = stages(&description);
    assert_eq!((stages.len(), stages[0].as_str(), stages[8].as_str()), (10, "Prospecting", "Closed Won"));
    let amount = description.fields.iter().find(|field| field.name == "Amount").expect("there");
    assert_eq!((amount.kind.as_str(), amount.label.as_str()), ("currency", "Amount"));
    for path in
        real::files(&folder).into_iter().filter(|path| path.to_string_lossy().ends_with("_describe.yaml"))
    {
        let bytes = std::fs::read(&path).expect("readable");
        let description =
            describe("a.yaml", &bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(description.fields.len() > 5, "{}", path.display());
        let batch = read("a.yaml", &bytes, as_of()).expect("an answer");
        assert_eq!(batch.skipped[0].reason, "it describes an object's fields and holds no record");
    }
}

#[test]
fn a_real_organization_loads() {
    let Some(batch) = real_batch("crm-salesforce-describe", "GET_sobjects_Organization.yaml") else {
        return;
    };
    let [CrmRecord::Organization(organization)] = batch.records.as_slice() else { panic!("{batch:?}") };
    assert_eq!(organization.time_zone.as_deref(), Some("America/Los_Angeles"));
    assert_eq!(organization.country.as_deref(), Some("US"));
    assert_eq!(
        organization.seen.modified.map(|time| time.to_string()).as_deref(),
        Some("2022-03-17T16:21:24Z")
    );
}

/// An invented query answer with a deal, its account above it, and a deal that is gone.
const ANSWER: &str = r#"{"totalSize": 2, "done": true, "records": [
  {"attributes": {"type": "Opportunity", "url": "/services/data/v60.0/sobjects/Opportunity/006A100000AbCdEIAV"},
   "Name": "Brightwave platform", "StageName": "Stage 2", "Amount": 250000.0, "CurrencyIsoCode": "EUR",
   "CloseDate": "2026-06-30", "AccountId": "001A100000AbCdEIAV", "LastModifiedDate": "2026-01-15T10:00:00.000+0000",
   "Account": {"attributes": {"type": "Account", "url": "/services/data/v60.0/sobjects/Account/001A100000AbCdEIAV"},
     "Name": "Brightwave Energy", "Industry": "Energy", "Tier__c": "Enterprise", "BillingAddress": {"country": "Germany"}}},
  {"attributes": {"type": "Opportunity"}, "Id": "006A100000AbCdFIAV", "Name": "Gone", "IsDeleted": true, "AccountId": "001A100000AbCdEIAV"}]}"#;

#[test]
fn an_answer_becomes_an_event_of_the_agreed_shape() {
    let made = events(&batch("answer.json", ANSWER), &Slugs::default());
    let mut shown = serde_json::to_value(&made.events).expect("JSON");
    let id = shown[0]["id"].take();
    assert!(id.as_str().is_some_and(|id| id.starts_with("sf-006A100000AbCdEIAV-")), "{id}");
    assert_eq!(
        shown,
        serde_json::json!([{
            "specversion": "1.0", "id": null, "source": "crm", "type": "opportunity.changed", "subject": "brightwave-energy",
            "time": "2026-01-15T10:00:00Z",
            "data": {
                "account": {"name": "Brightwave Energy", "tier": "enterprise", "industry": "Energy", "country": "Germany"},
                "opportunity": {"id": "006A100000AbCdEIAV", "name": "Brightwave platform", "stage": "Stage 2", "arr": 250000,
                                "currency": "EUR", "close_date": "2026-06-30"}
            }
        }])
    );
    assert_eq!(made.left_out, [("answer.json, record 2".to_owned(), "it is deleted in the CRM")]);
}

#[test]
fn the_same_export_again_is_the_same_events() {
    let ids = |text: &str, as_of: &str| -> Vec<String> {
        let batch = read("a.json", text.as_bytes(), as_of.parse().expect("a time")).expect("readable");
        events(&batch, &Slugs::default()).events.into_iter().map(|event| event.id).collect()
    };
    let without_time = ANSWER.replace("\"LastModifiedDate\": \"2026-01-15T10:00:00.000+0000\",", "");
    for text in [ANSWER, &without_time] {
        assert_eq!(ids(text, "2026-01-15T10:00:00Z"), ids(text, "2026-02-01T00:00:00Z"));
    }
    assert_ne!(
        ids(ANSWER, "2026-01-15T10:00:00Z"),
        ids(&ANSWER.replace("Stage 2", "Stage 3"), "2026-01-15T10:00:00Z")
    );
}

#[test]
fn known_accounts_keep_their_folders() {
    let known = Slugs::known([(
        "001A100000AbCdEIAV".to_owned(),
        infohub::ids::AccountSlug::new("brightwave").expect("a slug"),
    )]);
    assert_eq!(events(&batch("answer.json", ANSWER), &known).events[0].subject.as_str(), "brightwave");
}

#[test]
fn unusable_values_are_told_and_the_record_stays() {
    let batch = batch(
        "deals.csv",
        "Id,AccountId,StageName,Amount,CloseDate,Foo__c\n006A100000AbCdEIAV,001A100000AbCdEIAV,Won,a lot,soon,x\n",
    );
    let deal = batch.opportunities().next().expect("a deal");
    assert_eq!((deal.amount, deal.close_date, deal.stage.as_deref()), (None, None, Some("Won")));
    let skipped: Vec<String> =
        batch.skipped.iter().map(|skipped| format!("{}: {}", skipped.place, skipped.reason)).collect();
    assert_eq!(
        skipped,
        [
            "deals.csv, line 2, Amount: the value of Amount is left out: it is not an amount",
            "deals.csv, line 2, CloseDate: the value of CloseDate is left out: it is not a date",
        ]
    );
    assert_eq!(batch.unmapped, 1);
}

#[test]
fn errors_say_where() {
    fn check(name: &str, bytes: &[u8], expected: &str) {
        let error = read(name, bytes, as_of()).expect_err("unreadable").to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    check("a.json", b"{\n \"a\": tru }", "failed to read a.json as JSON at line 2, column 10: ");
    check("a.json", "[".repeat(100_000).as_bytes(), "failed to read a.json as JSON at line 1, column 128: ");
    check("a.yaml", b"response: [", "failed to read a.yaml as a recorded answer: ");
    check("a.csv", b"id,name\n\xff,x\n", "failed to read a.csv: it is not UTF-8 at byte 8");
    check("a.csv", b"what,ever\n1,2\n", "failed to read a.csv: nothing tells which object it holds");
    check("a.bin", b"\x01\x02", "failed to read a.bin: it is none of CSV, JSON");
}

proptest! {
    #[test]
    fn any_bytes_are_a_batch_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for name in ["a.json", "a.csv", "a.yaml", "account.csv"] {
            if let Ok(batch) = read(name, &bytes, as_of()) {
                events(&batch, &Slugs::default());
            }
            let _ = describe(name, &bytes);
        }
    }

    #[test]
    fn every_event_names_a_folder(names in proptest::collection::vec("[a-zA-Z0-9 é_/.]{0,20}", 1..20)) {
        let rows: String = names.iter().enumerate().map(|(n, name)| format!("{n},\"{name}\",Energy\n")).collect();
        let batch = batch("account.csv", &format!("id,name,industry\n{rows}"));
        let made = events(&batch, &Slugs::default());
        prop_assert_eq!(made.events.len(), names.len());
        for event in made.events {
            prop_assert!(event.subject.as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            prop_assert!((1..=63).contains(&event.subject.as_str().len()));
        }
    }
}
