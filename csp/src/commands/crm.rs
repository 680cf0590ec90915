//! `csp crm convert`: exports of a CRM as events on the standard output, for `csp emit -`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use tools::crm::{CrmBatch, Slugs, events, salesforce};

use super::emit::unreadable;
use crate::cli::Moment;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::scene::{Ended, Scene};
use crate::show::words::count;

/// The largest export that is read.
const MAX_BYTES: u64 = 64 << 20;
/// How many records without an event are told one by one.
const MOST_TOLD: usize = 20;

/// Records of a CRM as events
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  csp crm convert account.csv opportunity.csv | csp emit -")]
pub enum Crm {
    /// Reads Salesforce exports (CSV, JSON, recorded answers) and writes CloudEvents, one a line
    #[command(
        after_help = "Examples:\n  csp crm convert account.csv opportunity.csv | csp emit -\n  csp crm convert records.json --as-of 2026-01-15 > events.ndjson\n\nFiles of one export belong into one command: an opportunity finds its account among them."
    )]
    Convert {
        /// The exports
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// When the export was taken, for records that do not say when they changed [default: now]
        #[arg(long, value_name = "TIME")]
        as_of: Option<Moment>,
    },
}

impl Crm {
    pub fn run(self, scene: &Scene) -> Ended {
        let Self::Convert { files, as_of } = self;
        let as_of = as_of.map_or_else(|| scene.now(), |moment| moment.0);
        let mut batch = CrmBatch::default();
        for file in &files {
            let name = file.display().to_string();
            let read = salesforce::read(&name, &bytes(file)?, as_of);
            batch.append(read.map_err(|error| Fault::of(Exit::Refused, &error))?);
        }
        let made = events(&batch, &Slugs::default());
        for event in &made.events {
            let line = serde_json::to_string(event).map_err(|error| Fault::of(Exit::Failed, &error))?;
            scene.screen.out(&line);
        }
        let left_out = made.left_out.iter().map(|(place, why)| format!("{place}: {why}"));
        let skipped = batch.skipped.iter().map(|skipped| {
            let records = count(skipped.times, "record");
            format!("{}: {} ({records})", skipped.place, skipped.reason)
        });
        let silent: Vec<_> = left_out.chain(skipped).collect();
        for line in silent.iter().take(MOST_TOLD) {
            scene.screen.note(&format!("left out {line}"));
        }
        if silent.len() > MOST_TOLD {
            scene.screen.note(&format!("left out {} more", silent.len() - MOST_TOLD));
        }
        scene.screen.note(&format!(
            "{} from {}",
            count(made.events.len(), "event"),
            count(batch.records.len(), "record")
        ));
        Ok(Exit::Done)
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, Fault> {
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(&name, &error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(
            Fault::refused(format!("{name}: larger than {} MiB", MAX_BYTES >> 20)).help("split the export")
        );
    }
    Ok(bytes)
}
