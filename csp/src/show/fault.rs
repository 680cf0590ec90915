//! Faults for people: what happened, the lines of the file, what to do next.

use super::paint::Paint;
use crate::fault::Fault;

/// The fault as lines.
pub fn fault(fault: &Fault, paint: Paint) -> String {
    let mut told = format!("{} {}", paint.bad("error:"), fault.message);
    for line in fault.snippet.iter().flat_map(|snippet| snippet.lines()) {
        told.push_str("\n  ");
        told.push_str(&paint.faint(line));
    }
    if let Some(help) = &fault.help {
        told.push_str(&format!("\n{} {help}", paint.strong("help:")));
    }
    told
}
