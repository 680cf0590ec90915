//! How much a draft says: the words of its entries, and whether there are more entries than are wanted.
//! It must not know which entries are right.

use super::look::Look;
use super::words::words;
use super::{Counts, Measure};

#[allow(clippy::cast_precision_loss, reason = "words of a plan")]
pub(super) fn measure(look: &Look<'_>) -> Measure {
    if look.entries.is_empty() {
        return Measure::nothing();
    }
    Measure::amount(look.entries.iter().map(|entry| words(entry.item.text()).len()).sum::<usize>() as f64)
}

pub(super) fn most_items(look: &Look<'_>) -> Measure {
    let Some(most) = look.case.expect.most_items else { return Measure::nothing() };
    let found = look.entries.len();
    let fits = u32::try_from(found).is_ok_and(|found| found <= most);
    let why = if fits {
        Vec::new()
    } else {
        vec![format!("{found} entries, and {most} are the most that are wanted")]
    };
    let counts = Counts { hits: f64::from(u8::from(fits)), of: 1.0 };
    Measure { value: Some(counts.hits), counts: Some(counts), why }
}
