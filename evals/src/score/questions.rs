//! Questions that the draft is to ask: of the section, and with the wanted words in any order.
//! It must not know who answers.

use super::Measure;
use super::look::Look;

pub(super) fn measure(look: &Look<'_>) -> Measure {
    let asked: Vec<_> = look.produced.tasks.iter().flat_map(|task| &task.patch.questions).collect();
    Measure::share_of_right(&look.case.expect.questions, |wanted| {
        let about = look.stems.content(&wanted.about);
        let is_asked = asked.iter().any(|question| {
            question.section == wanted.section && about.is_subset(&look.stems.content(&question.question))
        });
        (!is_asked)
            .then(|| format!("nobody is asked about {}: \"{}\"", wanted.section.spoken(), wanted.about))
    })
}
