use proptest::prelude::*;

use super::*;
use crate::sample::library;

const SECTIONS: [SectionKey; 1] = [SectionKey::Risks];

fn choose_with(files: &[(&str, &str)], view: &MaterialView, focus: Option<&str>, room: usize) -> Chosen {
    choose(&library(files), Wanted { sections: &SECTIONS, view, focus }, room)
}

fn sources(chosen: &Chosen) -> Vec<&str> {
    chosen.included.iter().map(|excerpt| excerpt.source.as_str()).collect()
}

fn reasons(chosen: &Chosen) -> Vec<(&str, &WhyLeftOut)> {
    chosen.left_out.iter().map(|left| (left.source.as_str(), &left.why)).collect()
}

const OLD: (&str, &str) =
    ("materials/meetings/2026-01-05.md", "The risk of a delay of the data feed is high.\n");
const NEW: (&str, &str) =
    ("materials/meetings/2026-06-05.md", "The risk of a delay of the data feed is gone.\n");
const USAGE: (&str, &str) = ("materials/usage/2026-05.csv", "date,active\n2026-05-31,40\n");

#[test]
fn all_is_shown_while_it_fits() {
    let chosen = choose_with(&[OLD, NEW, USAGE], &MaterialView::default(), None, 4_000);
    assert_eq!(sources(&chosen), [OLD.0, NEW.0, USAGE.0]);
    assert!(chosen.left_out.is_empty(), "{:?}", chosen.left_out);
}

#[test]
fn of_two_passages_that_fit_alike_the_newer_one_is_shown() {
    let chosen = choose_with(&[OLD, NEW], &MaterialView::default(), None, 110);
    assert_eq!(sources(&chosen), [NEW.0]);
    assert_eq!(reasons(&chosen), [(OLD.0, &WhyLeftOut::NoRoom)]);
}

#[test]
fn what_fits_far_better_is_shown_although_it_is_older() {
    let newer = (
        "materials/meetings/2026-06-05.md",
        "We spoke about the weather and about lunch in the new place.\n",
    );
    let chosen = choose_with(&[OLD, newer], &MaterialView::default(), None, 110);
    assert_eq!(sources(&chosen), [OLD.0]);
}

#[test]
fn a_task_sees_what_its_charter_declares() {
    let only = |from: &[&str], newest| MaterialView {
        from: from.iter().map(ToString::to_string).collect(),
        newest,
        about: Vec::new(),
    };
    let chosen = choose_with(&[OLD, NEW, USAGE], &only(&["meetings"], Some(1)), None, 4_000);
    assert_eq!(sources(&chosen), [NEW.0]);
    assert_eq!(reasons(&chosen), [(OLD.0, &WhyLeftOut::Older), (USAGE.0, &WhyLeftOut::Undeclared)]);
    let chosen = choose_with(&[OLD, NEW, USAGE], &only(&["usage"], None), Some(OLD.0), 4_000);
    assert_eq!(sources(&chosen), [OLD.0, USAGE.0], "what it was started for is seen in any case");
    let chosen = choose_with(&[OLD], &only(&["meet"], None), None, 4_000);
    assert!(sources(&chosen).is_empty(), "a folder is a whole name");
}

#[test]
fn the_tasks_own_words_find_passages() {
    let lunch = ("materials/notes/2026-01-05.md", "Lunch was in the new canteen.\n");
    let view = MaterialView { about: vec!["canteen".into()], ..MaterialView::default() };
    let chosen = choose_with(&[lunch, USAGE], &view, None, 80);
    assert_eq!(sources(&chosen), [lunch.0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn room_is_kept_each_line_is_counted_once_and_the_choice_repeats(
        texts in prop::collection::vec("[a-z ]{0,40}(\n[a-z ,.]{1,60}){0,12}", 1..8),
        room in 0_usize..1_500,
        newest in prop::option::of(1_usize..4),
    ) {
        let names: Vec<String> = (1..=texts.len()).map(|day| format!("materials/meetings/2026-03-{day:02}.md")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        let view = MaterialView { newest, ..MaterialView::default() };
        let chosen = choose_with(&files, &view, Some(names[0].as_str()), room);
        prop_assert!(chosen.text.len() <= room, "{} of {room}", chosen.text.len());
        let library = library(&files);
        for material in library.materials() {
            let shown: usize = chosen.included.iter().filter(|excerpt| excerpt.source == material.path)
                .flat_map(|excerpt| &excerpt.lines)
                .map(|range| library.lines(&material.path, range.first, range.last).len()).sum();
            let left: usize = chosen.left_out.iter().filter(|left| left.source == material.path).map(|left| left.lines).sum();
            prop_assert_eq!(shown + left, material.lines.len(), "{}", material.path);
        }
        for line in chosen.text.lines().filter(|line| !line.starts_with("## ")) {
            prop_assert!(library.materials().any(|material| material.lines.iter().any(|known| shown(known) == line)));
        }
        let again = choose_with(&files, &view, Some(names[0].as_str()), room);
        prop_assert_eq!(chosen.text, again.text);
    }
}
