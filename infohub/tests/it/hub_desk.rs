//! An account in a store of its own, and short words for what happens to it.

use std::sync::Arc;

use infohub::hub::{Account, Committed, Edit, HandEdit, InfoHub, News};
use infohub::ids::AccountSlug;
use infohub::plan::{Patch, Plan, apply};
use infohub::store::{Store, StorePath};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::stores::{MemoryStore, path};

/// A first draft: into the plan and into two registers.
pub const FIRST: &str = r#"{"sections":{
    "background":{"company":{"upsert":[{"text":"Makes pumps (fiction)"}]}},
    "risk_register":{"risks":{"upsert":[{"risk":"The interface is late"}]}},
    "action_tracker":{"actions":{"upsert":[{"action":"Send the list of fields","due":"2026-02-01"},{"action":"Book the room"}]}}}}"#;

/// The account.
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
        numbers(&self.hub.commit(&account, now(), json!("draft"), news).unwrap())
    }

    /// Takes in what people edited, as the runtime does.
    pub fn take_in(&self) -> (u64, u64) {
        let account = self.load();
        let news = News { plan: Some(adopted(&account).plan.clone()), ..News::default() };
        numbers(&self.hub.commit(&account, now(), json!("edit"), news).unwrap())
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
    pub fn broken(&self) -> String {
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

pub fn hub(store: &Arc<MemoryStore>) -> InfoHub {
    InfoHub::new(Arc::clone(store) as Arc<dyn Store>)
}

pub fn now() -> Timestamp {
    "2026-01-16T09:00:00Z".parse().unwrap()
}

pub fn first() -> Plan {
    serde_json::from_value(json!({ "plan": {
        "schema": 1, "version": 0, "account": "acme", "lifecycle": "initiate", "status": "draft",
        "last_updated": "2026-01-16T09:00:00Z",
    } }))
    .unwrap()
}

pub fn numbers(committed: &Committed) -> (u64, u64) {
    match committed {
        Committed::New { record, version } => (*record, *version),
        Committed::Lost => panic!("another writer was faster"),
    }
}

pub fn adopted(account: &Account<Value>) -> &HandEdit {
    match &account.edit {
        Edit::Adopt(edit) => edit,
        other => panic!("{other:?}"),
    }
}

pub fn actions(plan: &Plan) -> Vec<&str> {
    plan.registers.action_tracker.actions.iter().map(|action| action.action.as_str()).collect()
}
