//! What a task is sent for. Sections alone do not say it: the handoff is filled in by one agent and checked by
//! another. Tasks that operators invent are filled from the material. It must not know how an errand is done.

use std::convert::Infallible;
use std::str::FromStr;

/// What a task is sent for, from the agent's and the task's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Errand {
    /// Fill the task's sections from the material.
    #[default]
    Fill,
    /// Outcomes, people and the deal, from the CRM and the material.
    CommercialContext,
    /// What passes on to the CA, with the checklist as it stands.
    PrepareHandoff,
    /// The same checklist seen from the other side, and what the CA has to answer.
    AcceptHandoff,
    /// Outcomes with what they are measured by.
    QuantifyOutcomes,
    /// Usage, outcomes' progress and health.
    TrackValue,
    /// All of the task's sections again, and what to say in the business review.
    Refresh,
    /// What is undertaken next, from the material and the open milestones.
    PlanNextPhase,
    /// What one meeting decided, left to do and promised.
    ExtractMeeting,
    /// The words of reminders.
    WriteReminder,
}

impl Errand {
    /// Whether gaps of the task's sections are asked about. Those who bring news of one thing do not ask for the rest.
    pub(super) fn asks_for_gaps(self) -> bool {
        !matches!(self, Self::CommercialContext | Self::ExtractMeeting | Self::WriteReminder)
    }
}

impl FromStr for Errand {
    type Err = Infallible;
    /// Takes a task as rules name it, such as `sa.initiate_csp`.
    fn from_str(run: &str) -> Result<Self, Infallible> {
        Ok(match run {
            "ae.update_commercial_context" => Self::CommercialContext,
            "sa.prepare_handoff" => Self::PrepareHandoff,
            "ca.accept_handoff" => Self::AcceptHandoff,
            "ve.quantify_outcomes" => Self::QuantifyOutcomes,
            "ca.track_value" | "ve.track_value_evidence" => Self::TrackValue,
            "ca.refresh_csp" => Self::Refresh,
            "ca.plan_next_phase" => Self::PlanNextPhase,
            "meeting_notes.extract_meeting" => Self::ExtractMeeting,
            "nudger.write_reminder" => Self::WriteReminder,
            _ => Self::Fill,
        })
    }
}
