//! What a task is about, as a person names it on the command line in the place of an event.

use infohub::ids::ItemId;
use infohub::occasion::{Occasion, material};
use jiff::civil::Date;

/// What the task is about.
#[derive(Debug, Clone, clap::Args)]
pub struct About {
    /// The material that it is about, as materials/meetings/2026-01-20.md
    #[arg(long, value_name = "PATH", value_parser = path)]
    material: Option<String>,
    /// The item of the plan that it is about, as ms-3f9a
    #[arg(long, value_name = "ID")]
    item: Option<ItemId>,
    /// The day that it is about, such as the meeting's
    #[arg(long, value_name = "DAY")]
    day: Option<Date>,
    /// The first day of the period that it is about
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// The last day of that period
    #[arg(long, value_name = "DAY")]
    until: Option<Date>,
}

fn path(text: &str) -> Result<String, String> {
    material::checked(text.to_owned())
}

impl About {
    /// The same as a task keeps it.
    pub fn occasion(self) -> Occasion {
        let Self { material, item, day, from, until } = self;
        Occasion { material, item, day, from, until, ..Occasion::default() }
    }
}
