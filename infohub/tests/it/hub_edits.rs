//! What people do to the files of the book: taken in, merged, or left alone and told.

use infohub::hub::{BookFile, Edit, Register};
use infohub::plan::Plan;
use infohub::store::Store;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::hub_desk::{Desk, actions, adopted};

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

/// What a person may do to a line of a file, sensible or not.
#[derive(Debug, Clone)]
enum Slip {
    TakeOut,
    Double,
    Say(&'static str),
    Comment,
    Older,
}

fn any_slip() -> impl Strategy<Value = (BookFile, usize, Slip)> {
    let file = prop::sample::select(vec![
        BookFile::Plan,
        BookFile::Register(Register::ActionTracker),
        BookFile::Register(Register::RiskRegister),
        BookFile::Register(Register::Briefing),
    ]);
    let said = prop::sample::select(vec![
        "account: acme",
        "actions:",
        "  - action: Order lunch",
        "    status: done",
        "    evidence: []",
        "revision: 0",
        "x: [",
        "",
    ]);
    let slip = prop_oneof![
        Just(Slip::TakeOut),
        Just(Slip::Double),
        said.prop_map(Slip::Say),
        Just(Slip::Comment),
        Just(Slip::Older),
    ];
    (file, 0_usize..12, slip)
}

fn slip(desk: &Desk, (file, row, slip): &(BookFile, usize, Slip)) {
    let text = desk.store.read(&desk.file(file.path()), 1 << 20).unwrap().unwrap_or_default();
    let text = String::from_utf8(text).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let row = row % (lines.len() + 1);
    match slip {
        Slip::TakeOut if row < lines.len() => drop(lines.remove(row)),
        Slip::Double if row < lines.len() => lines.insert(row, lines[row].clone()),
        Slip::TakeOut | Slip::Double => {}
        Slip::Say(line) => lines.insert(row, (*line).to_owned()),
        Slip::Comment => lines.insert(row, "  # a remark".to_owned()),
        Slip::Older => lines.iter_mut().for_each(|line| {
            *line = line.replace("revision: 2", "revision: 1").replace("version: 2", "version: 1");
        }),
    }
    desk.write(file.path(), &(lines.join("\n") + "\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The run loop looks only at the glance, so the two must never differ; and whatever is taken in settles.
    #[test]
    fn whatever_people_do_the_files_settle_or_are_left_alone(slips in prop::collection::vec(any_slip(), 1..4)) {
        let desk = Desk::with_plan();
        desk.draft(r#"{"sections":{
            "background":{"context":{"upsert":[{"text":"Wants to grow"}]}},
            "action_tracker":{"actions":{"upsert":[{"action":"Write the minutes"}]}}}}"#);
        slips.iter().for_each(|one| slip(&desk, one));
        let before = desk.store.snapshot();
        let account = desk.load();
        let touched = desk.hub.glance::<Value>(&desk.slug, None).unwrap().plan_touched;
        prop_assert_eq!(touched, !matches!(account.edit, Edit::None));
        match &account.edit {
            Edit::None => {}
            Edit::Broken(files) => {
                prop_assert!(!files.is_empty());
                prop_assert_eq!(desk.store.snapshot(), before);
            }
            Edit::Adopt(edit) => {
                desk.take_in();
                desk.assert_sound();
                let plan = desk.plan();
                let settled = Plan { plan: edit.plan.plan.clone(), ..plan };
                prop_assert!(settled == edit.plan);
            }
        }
    }
}
