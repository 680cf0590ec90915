//! Figures that the draft is to state, each as near as its tolerance says. A comma between digits sets off thousands.
//! It must not know units.

use super::Measure;
use super::look::Look;
use super::words::words;
use crate::suite::Figure;

pub(super) fn measure(look: &Look<'_>) -> Measure {
    Measure::share_of_right(&look.case.expect.numbers, |wanted| {
        let Figure { value, within, section } = wanted;
        let texts = look.within(*section).flat_map(|entry| entry.texts());
        let mut figures = texts.flat_map(|text| figures(&text));
        let near =
            figures.any(|figure| (figure.abs() - value.abs()).abs() <= within + f64::EPSILON * value.abs());
        (!near).then(|| format!("no entry states {value} (within {within})"))
    })
}

fn figures(text: &str) -> Vec<f64> {
    words(text)
        .into_iter()
        .filter_map(|word| word.replace(',', "").parse().ok().filter(|f: &f64| f.is_finite()))
        .collect()
}
