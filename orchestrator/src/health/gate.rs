//! What is known of a gate: which rules close it, and who lets through for a while. Rules say when it is closed;
//! a person's decision ends by itself. It must not know what a gate holds back.

use infohub::ids::PersonId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A person's decision to let something through a closed gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Who decided it.
    pub by: PersonId,
    /// Why.
    pub reason: String,
    /// When it ends.
    pub until: Timestamp,
}

/// How a gate stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GateLog {
    /// The rules that close it; none if it is open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub closed_by: Vec<String>,
    /// The last decision to let through, whether it has ended or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened: Option<Override>,
    /// When it was last asked for what the gate holds back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Timestamp>,
    /// Whether it was told to be closed last, so that each change is told once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub told_closed: bool,
}

impl GateLog {
    /// The decision by which it lets through now, although rules close it.
    pub fn lets_through_by(&self, now: Timestamp) -> Option<&Override> {
        self.opened.as_ref().filter(|opened| now < opened.until)
    }

    /// Whether it lets nothing through.
    pub fn is_closed(&self, now: Timestamp) -> bool {
        !self.closed_by.is_empty() && self.lets_through_by(now).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_lets_through_until_its_end_and_no_longer() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let opened = Override {
            by: PersonId::new("mara").unwrap(),
            reason: "the board meets tomorrow".into(),
            until: at("2026-07-01T00:00:00Z"),
        };
        let shut = GateLog { closed_by: vec!["stage_4".into()], ..GateLog::default() };
        let let_through = GateLog { opened: Some(opened), ..shut.clone() };
        let check = |gate: &GateLog, now: &str, expected: bool| {
            assert_eq!(gate.is_closed(at(now)), expected, "{gate:?} at {now}");
        };
        check(&GateLog::default(), "2026-06-30T00:00:00Z", false);
        check(&shut, "2026-06-30T00:00:00Z", true);
        check(&let_through, "2026-06-30T23:59:59Z", false);
        check(&let_through, "2026-07-01T00:00:00Z", true);
    }
}
