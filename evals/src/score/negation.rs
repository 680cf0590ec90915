//! Whether a text says that something is not so. English words only, and no grammar: "not only" counts as a no.
//! It must not know items or quotes.

use super::words::words;

const NEGATIONS: [&str; 36] = [
    "not", "no", "never", "none", "nobody", "nothing", "nowhere", "without", "cannot", "neither", "nor",
    "dont", "doesnt", "didnt", "wont", "cant", "isnt", "arent", "wasnt", "werent", "shouldnt", "wouldnt",
    "couldnt", "hasnt", "havent", "hadnt", "mustnt", "neednt", "aint", "refuse", "refuses", "refused",
    "declined", "unable", "stop", "against",
];

/// Whether the text holds a word that says no.
pub(super) fn negates(text: &str) -> bool {
    words(text).iter().any(|word| NEGATIONS.contains(&word.as_str()))
}
