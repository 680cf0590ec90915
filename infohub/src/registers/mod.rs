//! The account's registers: decisions, risks, actions, and what to say, each a YAML file beside the plan. They are made of
//! items like the plan's sections, so patches, evidence and diffs are the same. Never shown to customers.
//! Must not know files, models or rules.
//!
//! ```text
//! decision_log.yaml    a decision serves outcomes of section 1
//! risk_register.yaml   a risk has its counterpart in section 10, and names it
//! action_tracker.yaml  a milestone of section 6 has its action, which names it
//! briefing.yaml        talking points and reminders name the items that they are about
//! ```

pub mod action_tracker;
pub mod briefing;
pub mod check;
pub mod decision_log;
pub mod links;
pub mod risk_register;
pub mod stakeholder_map;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::AccountSlug;
use crate::plan::Section;
use action_tracker::{Action, ActionTracker};
use briefing::{Briefing, Reminder, TalkingPoint};
use decision_log::{Decision, DecisionLog};
use risk_register::{RegisteredRisk, RiskRegister};

/// The registers of one account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Registers {
    /// What was decided.
    #[serde(default)]
    pub decision_log: DecisionLog,
    /// What may go wrong.
    #[serde(default)]
    pub risk_register: RiskRegister,
    /// Who does what by when.
    #[serde(default)]
    pub action_tracker: ActionTracker,
    /// What agents wrote for people to say.
    #[serde(default)]
    pub briefing: Briefing,
}

impl Registers {
    /// The registers as sections, in the order of their keys.
    pub fn parts(&self) -> [&dyn Section; 4] {
        [&self.decision_log, &self.risk_register, &self.action_tracker, &self.briefing]
    }

    /// The same, to mark or complete items.
    pub fn parts_mut(&mut self) -> [&mut dyn Section; 4] {
        [&mut self.decision_log, &mut self.risk_register, &mut self.action_tracker, &mut self.briefing]
    }
}

macro_rules! register_file {
    ($(#[$meta:meta])* $file:ident of $register:ident: $($list:ident $item:ty),*) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $file {
            /// The account, as its folder is named.
            pub account: AccountSlug,
            /// Number of the journal record that wrote this text; kept by the runtime.
            #[serde(default)]
            pub revision: u64,
            $(
                /// The entries.
                #[serde(default, deserialize_with = "crate::plan::empty_is_default")]
                pub $list: Vec<$item>,
            )*
        }

        impl $file {
            /// The file that holds the register.
            pub fn of(account: AccountSlug, revision: u64, register: &$register) -> Self {
                Self { account, revision, $( $list: register.$list.clone() ),* }
            }

            /// The register that the file holds.
            pub fn register(self) -> $register {
                $register { $( $list: self.$list ),* }
            }
        }
    };
}

register_file! {
    /// `decision_log.yaml`.
    DecisionLogFile of DecisionLog: decisions Decision
}
register_file! {
    /// `risk_register.yaml`.
    RiskRegisterFile of RiskRegister: risks RegisteredRisk
}
register_file! {
    /// `action_tracker.yaml`.
    ActionTrackerFile of ActionTracker: actions Action
}
register_file! {
    /// `briefing.yaml`.
    BriefingFile of Briefing: talking_points TalkingPoint, reminders Reminder
}
