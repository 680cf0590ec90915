//! A draft by rule. It passes the same checks as a model's.

use agents::draft::Draft;
use agents::drafter::{self, DraftTask, Errand};
use infohub::occasion::day_of;

use super::{Checked, DraftError, Draftsman, Order};
use crate::runs::Run;

/// Who writes without a model.
pub const EXTRACTIVE: &str = "extractive drafter";

impl Draftsman {
    pub(super) fn extract(&self, order: &Order) -> Result<Checked, DraftError> {
        let desk = self.desk(order)?;
        let mut run = Run::new(&order.task, EXTRACTIVE, (order.clock)());
        run.plan_version = desk.plan.plan.version;
        let wanted = DraftTask {
            errand: order.task.run.parse().unwrap_or(Errand::Fill),
            sections: &desk.rights.sections,
            occasion: &order.task.occasion,
            today: Some(day_of(order.task.opened)),
            seed: order.task.id.as_str(),
        };
        let team = &order.orchestrator.policy().team;
        let drafted = drafter::draft(&wanted, &desk.library, &desk.account.facts, team, &desk.plan);
        run.left_out = drafted.left_out;
        let draft = Draft::of(drafted.patch, &desk.plan, &self.sources(&desk));
        order.finish(run, draft)
    }
}
