//! A process that dies or is overtaken while it writes plan and registers leaves a state between two steps.

use std::collections::BTreeMap;
use std::sync::Arc;

use infohub::hub::{Account, Committed, Edit, InfoHub, News};
use infohub::ids::AccountSlug;
use infohub::plan::{Patch, apply};
use infohub::store::Store;
use serde_json::{Value, json};

use crate::hub_desk::{Desk, FIRST, adopted, hub, now, numbers};
use crate::stores::{Death, Mortal};

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
    numbers(&desk.hub.commit(&one, now(), json!("one"), news(&one)).unwrap());
    let before = desk.store.snapshot();
    assert_eq!(other.commit(&two, now(), json!("two"), news(&two)).unwrap(), Committed::Lost);
    assert_eq!(desk.store.snapshot(), before);
    assert!(matches!(other.load::<Value>(&desk.slug, None).unwrap().edit, Edit::None), "the edit is in");
    desk.assert_sound();
}
