use infohub::evidence::{Evidence, LineRange};
use proptest::prelude::*;

use super::*;
use crate::sample::{CALL, NOTES, USAGE, facts, library, tallowmere};

fn quoted(source: &str, quote: &str) -> Evidence {
    Evidence::Quote { source: source.into(), lines: None, quote: quote.into() }
}

/// The verdict as `name`, and what a person would look at next: the lines or the material.
fn judged(source: &str, quote: &str) -> String {
    let (library, facts, folds) = (tallowmere(), facts(), Folds::default());
    let sources = Sources { library: &library, facts: &facts, folds: &folds };
    let verdict = sources.judge(&quoted(source, quote));
    match &verdict {
        Verdict::Verified { lines, .. } | Verdict::Repaired { lines, .. } => {
            format!("{} {lines}", verdict.name())
        }
        Verdict::Misattributed { source, lines } => format!("misattributed {source} {lines}"),
        Verdict::TooWeak { words } => format!("too_weak {words}"),
        _ => verdict.name().to_owned(),
    }
}

fn check(source: &str, quote: &str, expected: &str) {
    assert_eq!(judged(source, quote), expected, "{quote:?}");
}

#[test]
fn words_that_stand_there_are_verified() {
    check(NOTES, "which takes 11 minutes per booking", "too_weak 6");
    check(NOTES, "Dispatchers re-key every booking from e-mail into **FreightDesk**", "verified 12");
    check(NOTES, "JANA: \"we do not  want another pilot that ends in a drawer.\"", "verified 14");
    check(NOTES, "an EDI gateway that nobody dares to touch since the person", "verified 18-19");
    check(CALL, "live before the autumn peak, because last year we turned away", "verified 6-9");
}

#[test]
fn short_quotes_count_only_as_whole_fields() {
    check(NOTES, "Current tools", "verified 16");
    check(NOTES, "Minutes per booking", "verified 28");
    check(NOTES, "Wrong customs codes | 4%", "verified 29");
    check(NOTES, "customs codes", "too_weak 2");
    check(NOTES, "costs two days", "too_weak 3");
    check(USAGE, "active dispatchers", "verified 1");
    check(USAGE, "dispatchers", "too_weak 1");
    check(USAGE, "\"5,105\"", "verified 3");
    check(NOTES, "Discovery with Tallowmere Freight (fiction)", "verified 2");
}

#[test]
fn small_slips_are_repaired_with_the_sources_words() {
    check(NOTES, "Dispatchers re-key every booking from e-mail into FreightDesk", "repaired 12");
    check(NOTES, "nobody dares to touch it since the person who built it has left", "repaired 18-19");
    let (library, facts, folds) = (tallowmere(), facts(), Folds::default());
    let sources = Sources { library: &library, facts: &facts, folds: &folds };
    let cited =
        quoted(NOTES, "dispatchers rekey every booking from e-mail into FreightDesk, which takes 11 minutes");
    let corrected = sources.judge(&cited).corrected(&cited).unwrap();
    assert_eq!(
        corrected.to_string(),
        format!(
            "{NOTES}:12 \"Dispatchers re-key every booking from e-mail into **FreightDesk**, which takes 11 minutes\""
        )
    );
}

#[test]
fn what_was_made_up_or_bent_is_refused() {
    // Invented.
    check(NOTES, "The new platform cut the time per booking by half in one quarter", "not_found");
    // A number changed.
    check(NOTES, "Bring the time per booking from 11 minutes to 5 minutes by 30 June 2026", "not_found");
    check(NOTES, "About 40% of the bookings carry a wrong customs code, and each one costs", "not_found");
    // A date changed.
    check(NOTES, "Bring the time per booking from 11 minutes to 3 minutes by 30 July 2026", "not_found");
    // A negation taken out, and one put in.
    check(NOTES, "We do want another pilot that ends in a drawer, Jana", "not_found");
    check(CALL, "The board does not want the Rotterdam depot live before the autumn peak", "not_found");
    // A negation cut off: the quote is made to begin with it.
    check(NOTES, "want another pilot that ends in a drawer", "repaired 14");
    // A negation left behind by a slip next to it.
    check(NOTES, "We truly want another pilot that ends in a drawer", "not_found");
    // The first half of one sentence with the second half of another.
    check(
        NOTES,
        "Dispatchers re-key every booking from e-mail and each one costs two days at the border",
        "not_found",
    );
    // Two statements joined by dots.
    check(
        NOTES,
        "Dispatchers re-key every booking from e-mail ... halve the share of wrong customs codes",
        "not_found",
    );
    // No words at all.
    check(NOTES, "", "not_found");
    check(NOTES, "*** — “”", "not_found");
    check("materials/none.md", "we never wrote this down anywhere at all, did we", "not_found");
}

#[test]
fn words_from_another_material_are_told_so() {
    let elsewhere = format!("misattributed {CALL} 9");
    check(NOTES, "because last year we turned away nine hundred bookings in October", &elsewhere);
    check(
        "materials/none.md",
        "because last year we turned away nine hundred bookings in October",
        &elsewhere,
    );
}

#[test]
fn among_several_places_the_one_named_is_taken() {
    let text = "# Log\n\nWe have to re-key each booking by hand every day.\n\nfoo\n\nWe have to re-key each booking by hand every day.\n";
    let (library, facts, folds) = (library(&[("materials/a.md", text)]), facts(), Folds::default());
    let sources = Sources { library: &library, facts: &facts, folds: &folds };
    for (hint, expected) in [(None, 3), (Some(3), 3), (Some(7), 7), (Some(90), 7)] {
        let lines = hint.map(|line| LineRange { first: line, last: line });
        let quote = "we have to re-key each booking by hand".to_owned();
        let cited = Evidence::Quote { source: "materials/a.md".into(), lines, quote };
        let Verdict::Verified { lines, .. } = sources.judge(&cited) else { panic!("not verified") };
        assert_eq!(lines.first, expected);
    }
}

#[test]
fn transcripts_are_read_over_the_names_between_the_lines() {
    let text = "[00:01] Ann Bell: we lose two days each week\n[00:04] Ann Bell: at the depot in the harbour\n[00:09] Bo Dahl: yes\n";
    let (library, facts, folds) = (library(&[("materials/m.txt", text)]), facts(), Folds::default());
    let sources = Sources { library: &library, facts: &facts, folds: &folds };
    for quote in [
        "we lose two days each week at the depot in the harbour",
        "Ann Bell: we lose two days each week",
        "we lose two days each week",
        "yes",
    ] {
        let verdict = sources.judge(&quoted("materials/m.txt", quote));
        assert_eq!(verdict.name(), "verified", "{quote}: {verdict}");
    }
}

#[test]
fn crm_values_are_compared_with_the_facts() {
    let (library, facts, folds) = (tallowmere(), facts(), Folds::default());
    let sources = Sources { library: &library, facts: &facts, folds: &folds };
    let judge = |field: &str, value: &str| {
        let cited = Evidence::Crm { field: field.into(), value: value.into(), as_of: None };
        let verdict = sources.judge(&cited);
        (verdict.to_string(), verdict.corrected(&cited).map(|evidence| evidence.to_string()))
    };
    assert_eq!(
        judge("opportunity.006A1.arr", "$250,000"),
        (
            "is what the CRM says as of 2026-01-15T10:00:00Z".into(),
            Some("CRM opportunity.006A1.arr = 250000 as of 2026-01-15T10:00:00Z".into())
        )
    );
    assert_eq!(judge("opportunity.006A1.stage", "Stage 3").1, None);
    assert_eq!(
        judge("opportunity.arr", "250000").0,
        "names a CRM field that is not known; did you mean opportunity.006A1.arr"
    );
}

#[test]
fn a_statement_that_goes_beyond_its_evidence_is_told() {
    use infohub::plan::sections::background::Outcome;
    let (library, facts, folds) = (tallowmere(), facts(), Folds::default());
    let sources = Sources { library: &library, facts: &facts, folds: &folds };
    let outcome: Outcome = serde_json::from_str(
        r#"{"outcome":"Bookings at Tallowmere and Northwind take 3 minutes","baseline":"11 minutes","target":"2 minutes",
            "by":"2026-06-30","method":"measured by Jana"}"#,
    )
    .unwrap();
    let cited = quoted(NOTES, "Bring the time per booking from 11 minutes to 3 minutes by 30 June 2026");
    let evidence: Vec<_> = sources.judge(&cited).corrected(&cited).into_iter().collect();
    let told: Vec<_> = orphans(&outcome, &evidence, &sources)
        .into_iter()
        .map(|orphan| (orphan.field, orphan.text))
        .collect();
    let expected = [("outcome", "Northwind"), ("target", "2"), ("method", "Jana")];
    assert_eq!(told, expected.map(|(field, text)| (field.to_owned(), text.to_owned())));
}

/// Lines of invented words: few enough different ones that they repeat, as they do in speech.
fn page() -> impl Strategy<Value = Vec<Vec<String>>> {
    let word = prop_oneof![
        // No letter n, so that no word is a negation by chance.
        8 => "[a-mq-z]{1,6}",
        1 => "[A-Z][a-zäöé]{2,8}",
        1 => "[0-9]{1,3}(,[0-9]{3})?%?",
    ];
    prop::collection::vec(prop::collection::vec(word, 1..14), 6..30)
}

fn as_text(page: &[Vec<String>]) -> String {
    page.iter().map(|line| line.join(" ") + "\n").collect()
}

/// Spelling noise that must not matter: 0 leaves a word alone.
fn noisy(word: &str, noise: u8) -> String {
    match noise % 6 {
        1 => word.to_uppercase(),
        2 => format!("“{word}”"),
        3 => format!("{word}\u{200b}"),
        4 => word.chars().flat_map(|c| [c, '\u{ad}']).collect(),
        5 => format!("\u{a0} {word}"),
        _ => word.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_slice_is_verified_whatever_its_spelling(
        page in page(), start in 0usize..1000, length in 8usize..40, noise in prop::collection::vec(0u8..6, 40),
    ) {
        let words: Vec<(u32, &String)> =
            page.iter().zip(1u32..).flat_map(|(line, number)| line.iter().map(move |word| (number, word))).collect();
        prop_assume!(words.len() > length);
        let slice = &words[start % (words.len() - length)..][..length];
        // Quote marks go around the whole, since inside they are part of what is said.
        let inner: Vec<String> = slice.iter().zip(&noise).map(|((_, word), noise)| noisy(word, if noise % 6 == 2 { 0 } else { *noise })).collect();
        let quote = noisy(&inner.join(" "), if noise[0] == 2 { 2 } else { 0 });
        let text = as_text(&page);
        let (library, facts, folds) = (library(&[("materials/a.txt", &text)]), facts(), Folds::default());
        let sources = Sources { library: &library, facts: &facts, folds: &folds };
        let hint = LineRange { first: slice[0].0, last: slice[length - 1].0 };
        let cited = Evidence::Quote { source: "materials/a.txt".into(), lines: Some(hint), quote };
        let Verdict::Verified { lines, quote } = sources.judge(&cited) else {
            return Err(TestCaseError::fail(format!("{:?}", sources.judge(&cited))));
        };
        prop_assert_eq!(lines, hint);
        prop_assert_eq!(quote, slice.iter().map(|(_, word)| word.as_str()).collect::<Vec<_>>().join(" "));
    }

    #[test]
    fn a_changed_word_is_never_verified_and_a_repair_is_verbatim(
        page in page(), start in 0usize..1000, at in 1usize..19, change in 0u8..3,
    ) {
        let words: Vec<&String> = page.iter().flatten().collect();
        prop_assume!(words.len() > 20);
        let mut slice: Vec<&str> = words[start % (words.len() - 20)..][..20].iter().map(|word| word.as_str()).collect();
        match change {
            0 => { slice.remove(at); }
            1 => slice[at] = "zzqqx",
            _ => slice.insert(at, "zzqqx"),
        }
        let text = as_text(&page);
        prop_assume!(!text.split_whitespace().collect::<Vec<_>>().join(" ").contains(&slice.join(" ")));
        let (library, facts, folds) = (library(&[("materials/a.txt", &text)]), facts(), Folds::default());
        let sources = Sources { library: &library, facts: &facts, folds: &folds };
        let cited = quoted("materials/a.txt", &slice.join(" "));
        let verdict = sources.judge(&cited);
        prop_assert!(!matches!(verdict, Verdict::Verified { .. }), "{verdict}");
        if let Some(corrected) = verdict.corrected(&cited) {
            let Evidence::Quote { quote, .. } = &corrected else { unreachable!() };
            prop_assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(quote.as_str()));
            prop_assert_eq!(sources.judge(&corrected).name(), "verified");
        }
    }

    #[test]
    fn words_that_carry_weight_are_never_repaired(
        seed in prop::collection::btree_set("[b-df-hj-np-tv-z]{3,7}", 24..40), at in 1usize..19, which in 0usize..4,
        deleted in any::<bool>(),
    ) {
        let mut words: Vec<String> = seed.into_iter().collect();
        let (weighty, other) = [("417", "471"), ("not", "now"), ("march", "april"), ("$2.5", "€2.5")][which];
        words.insert(at, weighty.to_owned());
        let (library, facts, folds) = (library(&[("materials/a.txt", &words.join(" "))]), facts(), Folds::default());
        let sources = Sources { library: &library, facts: &facts, folds: &folds };
        let whole = words[..20].join(" ");
        prop_assert!(sources.judge(&quoted("materials/a.txt", &whole)).holds());
        words[at] = if deleted { String::new() } else { other.to_owned() };
        let verdict = sources.judge(&quoted("materials/a.txt", &words[..20].join(" ")));
        prop_assert_eq!(verdict.name(), "not_found");
    }

    #[test]
    fn no_text_panics_or_hangs(text in "\\PC{0,300}", quote in "\\PC{0,200}") {
        let (library, facts, folds) = (library(&[("materials/a.txt", &text)]), facts(), Folds::default());
        let sources = Sources { library: &library, facts: &facts, folds: &folds };
        let cited = quoted("materials/a.txt", &quote);
        let verdict = sources.judge(&cited);
        prop_assert_eq!(verdict.holds(), verdict.corrected(&cited).is_some());
    }
}

#[test]
fn many_quotes_from_a_large_transcript() {
    let words: Vec<String> = (0u64..60_000)
        .map(|at| {
            let x = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            format!("w{}", (x >> 33) % (1 + (x >> 50) % 4_000))
        })
        .collect();
    let text: String = words.chunks(14).map(|line| line.join(" ") + "\n").collect();
    let (library, facts, folds) = (library(&[("materials/a.txt", &text)]), facts(), Folds::default());
    let sources = Sources { library: &library, facts: &facts, folds: &folds };
    let holds = |at: usize| {
        let mut quote = words[at * 250..at * 250 + 25].to_vec();
        match at % 3 {
            0 => {}
            1 => quote[12] = "zzz".into(),
            _ => quote.truncate(7),
        }
        sources.judge(&quoted("materials/a.txt", &quote.join(" "))).holds()
    };
    // Every word has a digit in it, so a changed one is never mended.
    let held: Vec<usize> = (0..200).filter(|at| holds(*at)).collect();
    assert_eq!(held, (0..200).step_by(3).collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// What enters the plan is verified again by whoever looks later, also around negations.
    #[test]
    fn what_holds_once_holds_word_for_word(
        page in prop::collection::vec(prop::collection::vec("[a-d]{1,2}|not|never|no", 1..9), 4..14),
        start in 0usize..100, changed in prop::option::of(0usize..12),
    ) {
        let words: Vec<&String> = page.iter().flatten().collect();
        prop_assume!(words.len() > 12);
        let mut quote: Vec<&str> = words[start % (words.len() - 12)..][..12].iter().map(|word| word.as_str()).collect();
        if let Some(at) = changed {
            quote[at] = "zz";
        }
        let (library, facts, folds) = (library(&[("materials/a.txt", &as_text(&page))]), facts(), Folds::default());
        let sources = Sources { library: &library, facts: &facts, folds: &folds };
        let cited = quoted("materials/a.txt", &quote.join(" "));
        if let Some(corrected) = sources.judge(&cited).corrected(&cited) {
            prop_assert_eq!(sources.judge(&corrected).name(), "verified");
        }
    }
}
