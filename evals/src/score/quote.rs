//! Whether a quote stands in a material, looked up in a way of its own: all of its words in a row, as the material has
//! them, letters' case and marks aside. Nothing is repaired, nothing is nearly right. This is what the checks that are
//! under test are measured by, so it must not call them.

use tools::material::{Format, Material};

use super::ground::Ground;
use super::words::spaced;

/// A material as a row of words: all of its lines, and apart from that what is said on them.
#[derive(Debug)]
pub(super) struct Text {
    path: String,
    is_table: bool,
    whole: String,
    said: String,
}

impl Text {
    pub(super) fn of(material: &Material) -> Self {
        let is_table = material.format == Format::Csv;
        let row = |part: &dyn Fn(&tools::material::Line) -> &str| {
            let lines = material.lines.iter().map(|line| cells(part(line), is_table));
            spaced(&lines.collect::<Vec<_>>().join("\n"))
        };
        let whole = row(&|line| &line.text);
        let speaks = material.lines.iter().any(|line| line.speaker.is_some());
        let said = if speaks { row(&|line| line.said()) } else { String::new() };
        Self { path: material.path.clone(), is_table, whole, said }
    }

    fn has(&self, quote: &str) -> bool {
        let quote = spaced(&cells(quote, self.is_table));
        quote.len() > 1 && (self.whole.contains(&quote) || self.said.contains(&quote))
    }
}

/// In a table what parts the cells is no part of their figures.
fn cells(text: &str, is_table: bool) -> String {
    if is_table { text.replace([',', ';', '\t', '|'], " ") } else { text.to_owned() }
}

/// Where a quote stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stands<'a> {
    /// Where it says.
    There,
    /// In another material of the case.
    Elsewhere(&'a str),
    /// Nowhere.
    Nowhere,
}

/// Looks a quote up, in the material that is cited first.
pub(super) fn look_up<'g>(ground: &'g Ground, source: &str, quote: &str) -> Stands<'g> {
    let cited = ground.texts.iter().find(|text| text.path == source);
    if cited.is_some_and(|text| text.has(quote)) {
        return Stands::There;
    }
    let other = ground.texts.iter().find(|text| text.path != source && text.has(quote));
    other.map_or(Stands::Nowhere, |text| Stands::Elsewhere(&text.path))
}
