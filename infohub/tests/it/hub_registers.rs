//! The registers in their files: written with the plan, edited by hand, merged, broken, lost, and killed on the way.

use std::collections::BTreeMap;
use std::sync::Arc;

use infohub::hub::{Account, BookFile, Committed, Edit, HandEdit, InfoHub, News, Register};
use infohub::ids::AccountSlug;
use infohub::plan::{Patch, Plan, apply};
use infohub::store::{Store, StorePath};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::stores::{Death, MemoryStore, Mortal, path};

const FIRST: &str = r#"{"sections":{
    "background":{"company":{"upsert":[{"text":"Makes pumps (fiction)"}]}},
    "risk_register":{"risks":{"upsert":[{"risk":"The interface is late"}]}},
    "action_tracker":{"actions":{"upsert":[{"action":"Send the list of fields","due":"2026-02-01"},{"action":"Book the room"}]}}}}"#;

/// An account in a store of its own, and short words for what happens to it.
pub struct Desk {
    pub store: Arc<MemoryStore>,
    pub hub: InfoHub,
    pub slug: AccountSlug,
}

impl Desk {
    pub fn new() -> Self {
        let store = Arc::new(MemoryStore::default());
        Self { hub: hub(&store), store, slug: AccountSlug::new("acme").unwrap() }
    }

    /// With a first plan, two registers in it.
    pub fn with_plan() -> Self {
        let desk = Self::new();
        desk.draft(FIRST);
        desk
    }

    pub fn load(&self) -> Account<Value> {
        // As a process that was just started, so that nothing is at hand.
        hub(&self.store).load(&self.slug, None).unwrap()
    }

    pub fn plan(&self) -> Plan {
        self.load().plan().unwrap().clone()
    }

    /// Drafts a patch on the newest plan and commits it.
    pub fn draft(&self, patch: &str) -> (u64, u64) {
        let account = self.hub.load::<Value>(&self.slug, None).unwrap();
        let plan = account.plan().cloned().unwrap_or_else(first);
        let mut patch: Patch = serde_json::from_str(patch).unwrap();
        assert!(patch.tie_to(&plan, &format!("draft {}", account.record_number())).is_empty());
        let (plan, _) = apply(&plan, &patch).unwrap();
        let news =
            News { plan: Some(plan), skeleton: "background:\n  # two lines\n".into(), ..News::default() };
        committed(self.hub.commit(&account, now(), json!("draft"), news).unwrap())
    }

    /// Takes in what people edited, as the runtime does.
    pub fn take_in(&self) -> (u64, u64) {
        let account = self.load();
        let news = News { plan: Some(adopted(&account).plan.clone()), ..News::default() };
        committed(self.hub.commit(&account, now(), json!("edit"), news).unwrap())
    }

    pub fn file(&self, file: &str) -> StorePath {
        path("infohub/acme").join(file).unwrap()
    }

    pub fn text(&self, file: &str) -> String {
        let bytes = self.store.read(&self.file(file), 2 << 20).unwrap();
        String::from_utf8(bytes.unwrap_or_else(|| panic!("{file} is not there"))).unwrap()
    }

    pub fn write(&self, file: &str, text: &str) {
        self.store.replace(&self.file(file), text.as_bytes()).unwrap();
    }

    /// Replaces words in a file; they must be there.
    pub fn edit(&self, file: &str, old: &str, new: &str) {
        let text = self.text(file);
        assert!(text.contains(old), "{old} is not in\n{text}");
        self.write(file, &text.replacen(old, new, 1));
    }

    pub fn assert_sound(&self) {
        assert_eq!(self.hub.verify(&self.slug).unwrap(), []);
        assert!(!self.hub.glance::<Value>(&self.slug, None).unwrap().plan_touched);
        assert!(matches!(self.load().edit, Edit::None));
    }

    /// The first error of what is broken; the files must be left alone.
    fn broken(&self) -> String {
        let before = self.store.snapshot();
        let account = self.load();
        let Edit::Broken(files) = &account.edit else { panic!("{:?}", account.edit) };
        assert!(self.hub.glance::<Value>(&self.slug, None).unwrap().plan_touched);
        let news = News { plan: account.plan().cloned(), ..News::default() };
        self.hub.commit(&account, now(), json!("no"), news).unwrap_err();
        assert_eq!(self.store.snapshot(), before);
        let told: Vec<_> = files.iter().map(|file| file.error.to_string()).collect();
        told.join("\n")
    }
}

fn hub(store: &Arc<MemoryStore>) -> InfoHub {
    InfoHub::new(Arc::clone(store) as Arc<dyn Store>)
}

fn now() -> Timestamp {
    "2026-01-16T09:00:00Z".parse().unwrap()
}

fn first() -> Plan {
    serde_json::from_value(json!({ "plan": {
        "schema": 1, "version": 0, "account": "acme", "lifecycle": "initiate", "status": "draft",
        "last_updated": "2026-01-16T09:00:00Z",
    } }))
    .unwrap()
}

fn committed(committed: Committed) -> (u64, u64) {
    match committed {
        Committed::New { record, version } => (record, version),
        Committed::Lost => panic!("another writer was faster"),
    }
}

fn adopted(account: &Account<Value>) -> &HandEdit {
    match &account.edit {
        Edit::Adopt(edit) => edit,
        other => panic!("{other:?}"),
    }
}

fn actions(plan: &Plan) -> Vec<&str> {
    plan.registers.action_tracker.actions.iter().map(|action| action.action.as_str()).collect()
}

#[test]
fn a_first_plan_brings_its_registers_and_empty_ones_get_no_file() {
    let desk = Desk::with_plan();
    insta::assert_snapshot!(desk.text("action_tracker.yaml"));
    assert!(desk.text("risk_register.yaml").contains("revision: 1\n"));
    assert!(!desk.store.snapshot().contains_key("infohub/acme/decision_log.yaml"));
    assert!(!desk.text("success_plan/csp.yaml").contains("The interface is late"));
    let account = desk.load();
    assert_eq!(actions(account.plan().unwrap()), ["Send the list of fields", "Book the room"]);
    desk.assert_sound();
}

#[test]
fn a_step_that_touches_only_registers_makes_no_version() {
    let desk = Desk::with_plan();
    let plan = desk.text("success_plan/csp.yaml");
    let risks = desk.text("risk_register.yaml");
    let id = desk.plan().registers.action_tracker.actions[0].id.clone();
    let patch = json!({ "sections": { "action_tracker": { "actions": { "upsert": [{ "id": id, "action": "Send the list of fields", "status": "done" }] } } } });
    assert_eq!(desk.draft(&patch.to_string()), (2, 1));
    assert_eq!(desk.text("success_plan/csp.yaml"), plan);
    assert_eq!(desk.text("risk_register.yaml"), risks);
    assert!(desk.text("action_tracker.yaml").contains("revision: 2\n"));
    desk.assert_sound();
    let other = r#"{"sections":{"background":{"context":{"upsert":[{"text":"Wants to grow"}]}}}}"#;
    assert_eq!(desk.draft(other), (3, 2));
    assert!(desk.text("action_tracker.yaml").contains("revision: 2\n"), "it was not touched");
    desk.assert_sound();
}

#[test]
fn comments_and_quotes_survive_edits_and_patches() {
    let desk = Desk::with_plan();
    desk.edit("action_tracker.yaml", "actions:\n", "# sorted by hand\nactions:\n");
    desk.edit("action_tracker.yaml", "action: Book the room", "action: 'Book the room'   # the large one");
    assert_eq!(desk.take_in(), (2, 1), "a comment is no version of the plan");
    let patch = r#"{"sections":{"action_tracker":{"actions":{"upsert":[{"action":"Write the minutes"}]}}}}"#;
    let before = desk.text("action_tracker.yaml");
    desk.draft(patch);
    let after = desk.text("action_tracker.yaml");
    let rest = after.replace("revision: 3", "revision: 2");
    assert!(rest.starts_with(&before), "{after}");
    assert!(rest[before.len()..].contains("action: Write the minutes"), "{after}");
    desk.assert_sound();
}

#[test]
fn each_register_may_be_begun_by_hand() {
    let entries = [
        ("decision_log.yaml", "decisions:\n  - decision: Two regions   # not three\n", "dc-"),
        ("risk_register.yaml", "risks:\n  - risk: Nobody is trained   # not three\n", "rr-"),
        ("action_tracker.yaml", "actions:\n  - action: Train the planners   # not three\n", "ac-"),
        ("briefing.yaml", "talking_points:\n  - point: Half an hour saved   # not three\n", "tp-"),
    ];
    for (file, list, prefix) in entries {
        let desk = Desk::new();
        desk.draft(r#"{"sections":{"background":{"company":{"upsert":[{"text":"Makes pumps"}]}}}}"#);
        desk.write(file, &format!("# mine\naccount: acme\n{list}"));
        let account = desk.load();
        assert_eq!(adopted(&account).files().map(BookFile::name).collect::<Vec<_>>(), [file]);
        assert_eq!(desk.take_in(), (2, 1));
        let text = desk.text(file);
        for kept in ["# mine\naccount: acme\n", "# not three", "revision: 2", &format!("id: {prefix}")] {
            assert!(text.contains(kept), "{kept} is missing in:\n{text}");
        }
        desk.assert_sound();
    }
}

#[test]
fn edits_of_several_files_are_one_step() {
    let desk = Desk::with_plan();
    desk.edit("success_plan/csp.yaml", "Makes pumps", "Makes valves");
    desk.edit("risk_register.yaml", "The interface is late", "The interface is very late");
    desk.write("briefing.yaml", "account: acme\nreminders:\n  - words: The list is due\n");
    assert_eq!(adopted(&desk.load()).diff.changes.len(), 3);
    assert_eq!(desk.take_in(), (2, 2));
    let plan = desk.plan();
    assert_eq!(plan.registers.risk_register.risks[0].risk, "The interface is very late");
    assert!(!plan.registers.briefing.reminders[0].id.is_unassigned());
    assert!(desk.text("action_tracker.yaml").contains("revision: 1\n"));
    desk.assert_sound();
}

#[test]
fn an_edit_made_on_an_older_revision_is_merged() {
    let desk = Desk::with_plan();
    let old = desk.text("action_tracker.yaml");
    desk.draft(r#"{"sections":{"action_tracker":{"actions":{"upsert":[{"action":"Write the minutes"}]}}}}"#);
    // An editor that had revision 1 open saves over revision 2.
    let edited = old.replace("Book the room", "Book the hall") + "  - action: Order lunch\n";
    desk.write("action_tracker.yaml", &edited);
    desk.take_in();
    let plan = desk.plan();
    let mut said = actions(&plan);
    said.sort_unstable();
    assert_eq!(said, ["Book the hall", "Order lunch", "Send the list of fields", "Write the minutes"]);
    desk.assert_sound();
}

#[test]
fn both_sides_changing_one_entry_is_a_clash_at_its_line() {
    let desk = Desk::with_plan();
    let old = desk.text("action_tracker.yaml");
    let id = desk.plan().registers.action_tracker.actions[1].id.clone();
    let patch = json!({ "sections": { "action_tracker": { "actions": { "upsert": [{ "id": id, "action": "Book a room" }] } } } });
    desk.draft(&patch.to_string());
    desk.write("action_tracker.yaml", &old.replace("Book the room", "Book the hall"));
    let row = old.lines().position(|line| line.contains(id.as_str())).unwrap() + 1;
    let told = desk.broken();
    let expected = format!(
        "infohub/acme/action_tracker.yaml:{row}:5: the edit was made on revision 1, and revision 2 changed the same: actions.{id}"
    );
    assert_eq!(told, expected);
}

#[test]
fn a_file_without_revision_takes_nothing_away() {
    let desk = Desk::with_plan();
    desk.write("action_tracker.yaml", "account: acme\nactions:\n  - action: Order lunch\n");
    desk.take_in();
    assert_eq!(actions(&desk.plan()), ["Send the list of fields", "Book the room", "Order lunch"]);
    // With its revision the same is a wish to take them out.
    let revision = desk.load().record_number();
    desk.write(
        "action_tracker.yaml",
        &format!("account: acme\nrevision: {revision}\nactions:\n  - action: Order tea\n"),
    );
    desk.take_in();
    assert_eq!(actions(&desk.plan()), ["Order tea"]);
    desk.assert_sound();
}

fn check_broken(file: &str, text: &str, expected: &str) {
    let desk = Desk::with_plan();
    desk.write(file, text);
    let told = desk.broken();
    assert!(told.contains(expected), "{told}");
    assert_eq!(desk.text(file), text);
}

#[test]
fn what_does_not_fit_is_told_with_its_place_and_left_alone() {
    let check = check_broken;
    check(
        "action_tracker.yaml",
        "account: acme\nactons: []\n",
        "acme/action_tracker.yaml:2:1: unknown field \"actons\"",
    );
    check(
        "risk_register.yaml",
        "account: acme\nrisks:\n  - risk: a\n    rating: pink\n",
        "risk_register.yaml:4:13:",
    );
    check("briefing.yaml", "account: acme\nreminders: [\n", "briefing.yaml:");
    check(
        "decision_log.yaml",
        "account: other\n",
        "decision_log.yaml: account says 'other', the folder says 'acme'",
    );
    check(
        "decision_log.yaml",
        "account: acme\nrevision: 1\n",
        "revision says 1, it has none yet: put it back to 0",
    );
    check(
        "risk_register.yaml",
        "account: acme\nrevision: 9\n",
        "revision says 9, the last is 1: put it back to 1",
    );
    check("briefing.yaml", &" ".repeat((1 << 20) + 1), "briefing.yaml: larger than");
}

#[test]
fn a_revision_that_wrote_another_file_is_no_base() {
    let desk = Desk::with_plan();
    desk.draft(r#"{"sections":{"background":{"context":{"upsert":[{"text":"Wants to grow"}]}}}}"#);
    desk.draft(r#"{"sections":{"risk_register":{"risks":{"upsert":[{"risk":"Nobody is trained"}]}}}}"#);
    desk.edit("risk_register.yaml", "revision: 3", "revision: 2");
    assert!(desk.broken().contains("revision says 2, and no such text is in the journal; the last is 3"));
}

#[test]
fn ids_are_unique_over_all_files() {
    let desk = Desk::with_plan();
    let id = desk.plan().background.company[0].id.clone();
    desk.write(
        "briefing.yaml",
        &format!("account: acme\nreminders:\n  - words: a\n  - id: {id}\n    words: b\n"),
    );
    let told = desk.broken();
    assert!(told.starts_with("infohub/acme/briefing.yaml:4:5: two items have the same id"), "{told}");
}

#[test]
fn all_broken_files_are_told_and_good_ones_wait_with_them() {
    let desk = Desk::with_plan();
    desk.write("briefing.yaml", "account: acme\nx: 1\n");
    desk.write("risk_register.yaml", "account: [\n");
    desk.edit("success_plan/csp.yaml", "Makes pumps", "Makes valves");
    assert_eq!(desk.broken().lines().count(), 2);
    let account = desk.load();
    let last = account.plan.as_ref().unwrap().text_of(BookFile::Register(Register::RiskRegister)).cloned();
    desk.write("risk_register.yaml", &last.unwrap());
    desk.store.remove(&desk.file("briefing.yaml"));
    assert_eq!(desk.take_in(), (2, 2));
    desk.assert_sound();
}

#[test]
fn a_lost_register_is_told_and_its_text_is_not_lost() {
    let desk = Desk::with_plan();
    let text = desk.text("risk_register.yaml");
    desk.store.remove(&desk.file("risk_register.yaml"));
    desk.load();
    assert_eq!(desk.text("risk_register.yaml"), text, "the last record wrote it, so loading brings it back");
    desk.draft(r#"{"sections":{"action_tracker":{"actions":{"upsert":[{"action":"Write the minutes"}]}}}}"#);
    desk.store.remove(&desk.file("risk_register.yaml"));
    assert!(desk.broken().contains("risk_register.yaml: the file is gone; `csp plan restore`"));
    let account = desk.load();
    let kept = account.plan.as_ref().unwrap();
    assert_eq!(kept.text_of(BookFile::Register(Register::RiskRegister)).map(|text| &**text), Some(&*text));
    assert_eq!(kept.plan.registers.risk_register.risks.len(), 1);
}

#[test]
fn registers_written_before_there_is_a_plan_wait_for_it() {
    let desk = Desk::new();
    desk.write("action_tracker.yaml", "# mine\naccount: acme\nactions:\n  - action: Call them\n");
    desk.write("decision_log.yaml", "account: acme\ndecisions:\n  - decision: Two regions\n");
    let account = desk.load();
    assert!(matches!(account.edit, Edit::None) && account.plan.is_none());
    assert_eq!(account.waiting, [Register::DecisionLog, Register::ActionTracker]);
    assert!(!desk.hub.glance::<Value>(&desk.slug, None).unwrap().plan_touched);
    assert_eq!(desk.hub.check_waiting(&desk.slug, Register::ActionTracker).unwrap(), 1);
    desk.draft(FIRST);
    assert!(desk.text("action_tracker.yaml").starts_with("# mine\n"), "nothing is written over it");
    desk.take_in();
    let plan = desk.plan();
    assert_eq!(actions(&plan), ["Send the list of fields", "Book the room", "Call them"]);
    assert_eq!(plan.registers.decision_log.decisions.len(), 1);
    assert!(desk.text("action_tracker.yaml").starts_with("# mine\n"));
    desk.assert_sound();
}

#[test]
fn records_from_before_there_were_registers_still_load() {
    let desk = Desk::new();
    desk.draft(r#"{"sections":{"background":{"company":{"upsert":[{"text":"Makes pumps"}]}}}}"#);
    let record = desk.text("success_plan/csp_journal/00000001.json");
    // A record without registers is byte for byte what it was before there were any.
    assert!(record.contains(r#""payload":{"files":{"plan":{"version":1,"hash":""#), "{record}");
    assert!(!record.contains("registers"), "{record}");
    let patch = r#"{"sections":{"briefing":{"reminders":{"upsert":[{"words":"The list is due"}]}}}}"#;
    assert_eq!(desk.draft(patch), (2, 1));
    assert!(
        desk.text("success_plan/csp_journal/00000002.json")
            .contains(r#""registers":{"briefing":{"record":2,"#)
    );
    desk.assert_sound();
}

#[test]
fn a_version_knows_the_registers_of_its_time() {
    let desk = Desk::with_plan();
    let action = |words: &str| {
        desk.draft(
            &json!({ "sections": { "action_tracker": { "actions": { "upsert": [{ "action": words }] } } } })
                .to_string(),
        )
    };
    let context = |words: &str| {
        desk.draft(
            &json!({ "sections": { "background": { "context": { "upsert": [{ "text": words }] } } } })
                .to_string(),
        )
    };
    action("three");
    context("version 2");
    action("four");
    action("five");
    context("version 3");
    action("six");
    let count = |version: u64| {
        let found = desk.hub.plan_version(&desk.slug, version).unwrap();
        found.map(|(plan, _)| plan.registers.action_tracker.actions.len())
    };
    assert_eq!([count(0), count(1), count(2), count(3), count(4)], [None, Some(3), Some(5), Some(6), None]);
}

/// One process: takes in an edit of three files, then drafts into two.
fn work(store: Arc<dyn Store>) -> Option<()> {
    let hub = InfoHub::new(store);
    let slug = AccountSlug::new("acme").ok()?;
    let account = hub.load::<Value>(&slug, None).ok()?;
    if let Edit::Adopt(edit) = &account.edit {
        let news = News { plan: Some(edit.plan.clone()), ..News::default() };
        hub.commit(&account, now(), json!("edit"), news).ok()?;
    }
    let account = hub.load::<Value>(&slug, None).ok()?;
    let mut patch: Patch = serde_json::from_str(FIRST).ok()?;
    patch.tie_to(account.plan()?, "second");
    let (plan, _) = apply(account.plan()?, &patch).ok()?;
    let news = News { plan: Some(plan), ..News::default() };
    hub.commit(&account, now(), json!("draft"), news).ok().map(drop)
}

fn edited_desk() -> Desk {
    let desk = Desk::with_plan();
    desk.edit("success_plan/csp.yaml", "Makes pumps", "Makes valves");
    desk.edit("risk_register.yaml", "risks:", "risks: # mine");
    desk.write("briefing.yaml", "account: acme\nreminders:\n  - words: The list is due\n");
    desk
}

#[test]
fn a_death_at_any_operation_leaves_a_state_between_two_steps() {
    let finished = edited_desk();
    work(Arc::clone(&finished.store) as Arc<dyn Store>).unwrap();
    let mut ends: BTreeMap<u64, usize> = BTreeMap::new();
    for death in [Death::Before, Death::After] {
        for operations in 0.. {
            let desk = edited_desk();
            let process = Arc::new(Mortal::new(&desk.store, operations, death));
            let done = work(Arc::clone(&process) as Arc<dyn Store>).is_some();
            assert_eq!(done, !process.is_dead(), "{death:?} in operation {operations}");
            let head = desk.load().record_number();
            *ends.entry(head).or_default() += 1;
            if head == 1 {
                // Nothing happened yet: the person's texts are as they were.
                assert_eq!(desk.store.snapshot(), edited_desk().store.snapshot());
            } else {
                desk.assert_sound();
            }
            // The next process ends where an undisturbed one does, but for steps that were already taken.
            if head < 3 {
                work(Arc::clone(&desk.store) as Arc<dyn Store>).unwrap();
            }
            assert_eq!(
                desk.store.snapshot(),
                finished.store.snapshot(),
                "{death:?} in operation {operations}"
            );
            if done {
                assert!(operations >= 20, "the work was cut at only {operations} places");
                break;
            }
        }
    }
    assert_eq!(ends.keys().copied().collect::<Vec<_>>(), [1, 2, 3], "{ends:?}");
}

#[test]
fn of_two_processes_one_wins_and_the_other_starts_again() {
    let desk = edited_desk();
    let (one, two) = (desk.load(), desk.load());
    let other = hub(&desk.store);
    let news =
        |account: &Account<Value>| News { plan: Some(adopted(account).plan.clone()), ..News::default() };
    committed(desk.hub.commit(&one, now(), json!("one"), news(&one)).unwrap());
    let before = desk.store.snapshot();
    assert_eq!(other.commit(&two, now(), json!("two"), news(&two)).unwrap(), Committed::Lost);
    assert_eq!(desk.store.snapshot(), before);
    assert!(matches!(other.load::<Value>(&desk.slug, None).unwrap().edit, Edit::None), "the edit is in");
    desk.assert_sound();
}
