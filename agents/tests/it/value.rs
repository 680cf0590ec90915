//! Value tracking from outside: arithmetic against a reference in whole cents that shares nothing with the crate, and
//! wrong numbers that are planted in right drafts.

use std::collections::BTreeMap;

use agents::draft::Draft;
use agents::drafter::{DraftTask, Errand, draft};
use agents::evidence::{Folds, Sources, Verdict, judge};
use agents::value::disagreements;
use infohub::calculation::{Calculation, Input, Operation};
use infohub::evidence::{Evidence, LineRange};
use infohub::facts::AccountFile;
use infohub::ids::AccountSlug;
use infohub::number::Number;
use infohub::occasion::Occasion;
use infohub::plan::{Measured, Patch, Plan, SectionKey, apply};
use infohub::team::Team;
use proptest::prelude::*;
use serde_json::json;
use tools::material::{Library, Readers, Shelf, ShelfError, ShelfFile};

const USAGE: &str = "materials/usage/2026.csv";
const SECTIONS: &[SectionKey] = &[SectionKey::ValueTracking];

/// One file in memory.
struct Sheet(String);

impl Shelf for Sheet {
    fn files(&self) -> Result<Vec<ShelfFile>, ShelfError> {
        Ok(vec![ShelfFile { path: USAGE.into(), len: self.0.len() as u64, modified: None }])
    }
    fn read(&self, _: &str, _: u64) -> Result<Vec<u8>, ShelfError> {
        Ok(self.0.clone().into_bytes())
    }
}

/// An account with one table.
struct Account {
    library: Library,
    facts: AccountFile,
    folds: Folds,
    plan: Plan,
}

impl Account {
    fn of(table: &str) -> Self {
        Self {
            library: Library::load(&Sheet(table.to_owned()), &Readers::default()).unwrap(),
            facts: AccountFile::new(AccountSlug::new("somewhere").unwrap()),
            folds: Folds::default(),
            plan: super::drafter::empty_plan("somewhere"),
        }
    }

    /// With an outcome that the column `users` measures.
    fn wanting(table: &str, baseline: &str, target: &str) -> Self {
        let mut account = Self::of(table);
        let outcome = json!({"id": "bo-0001", "outcome": "More people use it", "metric": "Active users",
            "baseline": baseline, "target": target});
        account.plan.background.outcomes.push(serde_json::from_value(outcome).unwrap());
        account
    }

    fn sources(&self) -> Sources<'_> {
        Sources { library: &self.library, facts: &self.facts, folds: &self.folds }
    }

    fn judge(&self, evidence: &Evidence) -> Verdict {
        judge(evidence, (SectionKey::ValueTracking, "utilization"), &self.sources(), &self.plan)
    }

    fn drafted(&self) -> Patch {
        let team = Team::default();
        let occasion = Occasion::default();
        let task = DraftTask {
            errand: Errand::TrackValue,
            sections: SECTIONS,
            occasion: &occasion,
            today: None,
            seed: "t",
        };
        draft(&task, &self.library, &self.facts, &team, &self.plan).patch
    }

    /// What is kept of a patch.
    fn kept(&self, patch: &Patch) -> Draft {
        Draft::of(patch.clone(), &self.plan, &self.sources())
    }
}

/// How a table writes its figures.
#[derive(Debug, Clone, Copy)]
enum Locale {
    Plain,
    English,
    German,
    Swiss,
    Money,
    MoneyBehind,
}

const LOCALES: [Locale; 6] =
    [Locale::Plain, Locale::English, Locale::German, Locale::Swiss, Locale::Money, Locale::MoneyBehind];

fn written(cents: i64, locale: Locale) -> String {
    let (group, point) = match locale {
        Locale::Plain => ("", "."),
        Locale::English | Locale::Money => (",", "."),
        Locale::German | Locale::MoneyBehind => (".", ","),
        Locale::Swiss => ("'", "."),
    };
    let digits = (cents.abs() / 100).to_string();
    let mut whole = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            whole.push_str(group);
        }
        whole.push(digit);
    }
    let figure = format!("{}{whole}{point}{:02}", if cents < 0 { "-" } else { "" }, cents.abs() % 100);
    match locale {
        Locale::Money => format!("EUR {figure}"),
        Locale::MoneyBehind => format!("{figure} €"),
        _ => figure,
    }
}

fn month(at: usize) -> String {
    format!("{}-{:02}", 2020 + at / 12, at % 12 + 1)
}

/// A table with a column of figures and gaps; some cells hold nothing or say so.
fn table(cells: &[Option<i64>], locale: Locale) -> String {
    let mut text = String::from("month;amount;note\n");
    for (at, cell) in cells.iter().enumerate() {
        let gap = if at % 2 == 0 { "" } else { "n/a" };
        let cell = cell.map_or(gap.to_owned(), |cents| written(cents, locale));
        text.push_str(&format!("{};{cell};row {at}\n", month(at)));
    }
    text
}

/// Half to even, in whole numbers.
fn divided(part: i128, whole: i128) -> i128 {
    let (part, whole) = if whole < 0 { (-part, -whole) } else { (part, whole) };
    let (quotient, rest) = (part.div_euclid(whole), part.rem_euclid(whole));
    match (2 * rest).cmp(&whole) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + quotient.rem_euclid(2),
    }
}

/// The reference: hundredths of the result, from figures in cents.
fn reference(operation: Operation, cents: &[i128]) -> Option<i128> {
    let total: i128 = cents.iter().sum();
    let nonzero = |whole: i128| (whole != 0).then_some(whole);
    match (operation, cents) {
        (Operation::Count, _) => Some(cents.len() as i128 * 100),
        (Operation::Sum, _) => Some(total),
        (Operation::Mean, _) => Some(divided(total, cents.len() as i128)),
        (Operation::Smallest, _) => cents.iter().min().copied(),
        (Operation::Largest, _) => cents.iter().max().copied(),
        (Operation::First, _) => cents.first().copied(),
        (Operation::Last, _) => cents.last().copied(),
        (Operation::LastLessFirst, [first, .., last]) => Some(last - first),
        (Operation::Difference, [one, two]) => Some(one - two),
        (Operation::Product, [one, two]) => Some(divided(one * two, 100)),
        (Operation::Quotient, [one, two]) => Some(divided(one * 100, nonzero(*two)?)),
        (Operation::Percent, [one, two]) => Some(divided(one * 10_000, nonzero(*two)?)),
        (Operation::ChangePercent, [one, two]) => Some(divided((two - one) * 10_000, nonzero(one.abs())?)),
        (Operation::ProgressPercent, [base, target, now]) => {
            Some(divided((now - base) * 10_000, nonzero(target - base)?))
        }
        (Operation::Saving, [before, after, factor]) => Some(divided((before - after) * factor, 100)),
        _ => None,
    }
}

fn number(hundredths: i128) -> Number {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100).parse().unwrap()
}

fn column(first: usize, last: usize) -> Input {
    // The header is line 1.
    let rows = Some(LineRange { first: first as u32 + 2, last: last as u32 + 2 });
    Input::Cells { source: USAGE.into(), column: "Amount".into(), rows, value: None }
}

fn calculation(operation: Operation, inputs: Vec<Input>, result: Number) -> Evidence {
    Evidence::Calculation(Calculation { operation, inputs, result, places: None, unit: None })
}

/// The inputs of an operation over the rows that have a figure, and those figures.
fn inputs(operation: Operation, cells: &[Option<i64>]) -> (Vec<Input>, Vec<i128>) {
    let filled: Vec<(usize, i128)> =
        cells.iter().enumerate().filter_map(|(at, cell)| Some((at, i128::from((*cell)?)))).collect();
    let takes = match operation {
        Operation::Difference
        | Operation::Product
        | Operation::Quotient
        | Operation::Percent
        | Operation::ChangePercent => 2,
        Operation::ProgressPercent | Operation::Saving => 3,
        _ => return (vec![column(0, cells.len())], filled.iter().map(|(_, cents)| *cents).collect()),
    };
    let chosen: Vec<_> = filled.into_iter().take(takes).collect();
    (
        chosen.iter().map(|(at, _)| column(*at, *at)).collect(),
        chosen.iter().map(|(_, cents)| *cents).collect(),
    )
}

fn any_locale() -> impl Strategy<Value = Locale> {
    (0..LOCALES.len()).prop_map(|at| LOCALES[at])
}

fn any_cells(most: i64) -> impl Strategy<Value = Vec<Option<i64>>> {
    prop::collection::vec(prop::option::weighted(0.85, -most..most), 3..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// Every operation on random figures with gaps, in every way of writing them: the right result holds, and a result
    /// that is a cent off does not.
    #[test]
    fn arithmetic_is_right_to_the_cent(cells in any_cells(99_999_999_999), locale in any_locale()) {
        prop_assume!(cells.iter().flatten().count() >= 3);
        let account = Account::of(&table(&cells, locale));
        for operation in Operation::ALL {
            // What multiplies money with money is refused, and has a test of its own.
            let money = matches!(locale, Locale::Money | Locale::MoneyBehind);
            let (inputs, cents) = inputs(operation, &cells);
            let expected = reference(operation, &cents);
            let Some(right) = expected.filter(|right| right.abs() < 10_i128.pow(14)) else { continue };
            let evidence = calculation(operation, inputs.clone(), number(right));
            let verdict = account.judge(&evidence);
            prop_assert_eq!(verdict.name(), "calculated", "{} {:?}: {}", operation, locale, verdict);
            if money && operation == Operation::Sum {
                let Some(Evidence::Calculation(held)) = verdict.corrected(&evidence) else { unreachable!() };
                prop_assert_eq!(held.unit.as_deref(), Some("EUR"));
            }
            for wrong in [right + 1, right - 1, -right - 1] {
                let verdict = account.judge(&calculation(operation, inputs.clone(), number(wrong)));
                if wrong != right {
                    prop_assert_eq!(verdict.name(), "miscalculated", "{} {}", operation, wrong);
                }
            }
        }
    }

    /// What the drafter makes of a random table: every reading is the row's own, and each passes the checks.
    #[test]
    fn drafted_readings_are_the_rows(cells in any_cells(9_999_999), locale in any_locale()) {
        let account = Account::of(&table(&cells, locale));
        let patch = account.drafted();
        let filled: BTreeMap<String, i64> =
            cells.iter().enumerate().filter_map(|(at, cell)| Some((month(at), (*cell)?))).collect();
        let section = patch.sections.value_tracking.clone().unwrap_or_default();
        prop_assert_eq!(section.utilization.upsert.len(), usize::from(!filled.is_empty()));
        for item in &section.utilization.upsert {
            prop_assert_eq!(item.baseline, filled.values().next().map(|cents| number(i128::from(*cents))));
            prop_assert!(item.readings.len() <= 12 && item.readings.is_sorted_by_key(|reading| reading.on));
            let newest = item.readings.last().map(|reading| reading.on.to_string()[..7].to_owned());
            prop_assert_eq!(newest.as_ref(), filled.keys().last());
            for reading in &item.readings {
                let cents = filled[&reading.on.to_string()[..7]];
                prop_assert_eq!(reading.value, Measured::Value(number(i128::from(cents))));
            }
        }
        let kept = account.kept(&patch);
        prop_assert_eq!(kept.dropped.len(), 0, "{:?} {:?}", kept.dropped, kept.checks);
        // A second run on its own result finds nothing to add.
        let (plan, _) = apply(&account.plan, &patch).unwrap();
        let again = Account { plan, ..Account::of(&table(&cells, locale)) };
        prop_assert_eq!(again.drafted().upserts().count(), 0);
        prop_assert_eq!(disagreements(&again.plan, &again.sources()), vec![]);
    }
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn upto(&mut self, most: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % most).unwrap()
    }
}

/// Six months of two columns of people, one of minutes and one of money.
fn sheet(dice: &mut Dice) -> (String, Vec<[i64; 4]>) {
    let rows: Vec<[i64; 4]> = (0..6)
        .map(|at| [150 + dice.upto(90) + at, 310 + dice.upto(90), 30 + dice.upto(60), 1000 + dice.upto(900)])
        .collect();
    let mut text = String::from("month,active_users,named_users,handling_minutes,running_eur\n");
    for (at, [active, named, minutes, cost]) in rows.iter().enumerate() {
        text.push_str(&format!("{},{active},{named},{minutes},{cost}.50\n", month(at)));
    }
    (text, rows)
}

/// Changes one digit of a number.
fn other_digit(value: Number, dice: &mut Dice) -> Number {
    let text = value.to_string();
    let digits: Vec<usize> =
        text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = digits[usize::try_from(dice.upto(digits.len() as u64)).unwrap()];
    let digit = text.as_bytes()[at] - b'0';
    let other = (digit + 1 + u8::try_from(dice.upto(9)).unwrap()) % 10;
    let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
    changed.parse().unwrap()
}

/// A right draft with one thing wrong in it, and whether anything wrong was kept.
fn is_caught(account: &Account, right: &Patch, plant: &mut dyn FnMut(&mut Patch)) -> bool {
    let mut wrong = right.clone();
    plant(&mut wrong);
    assert_ne!(&wrong, right, "nothing was planted");
    let kept = account.kept(&wrong).patch;
    let says = |patch: &Patch| -> Vec<serde_json::Value> {
        let fields = |item: &dyn infohub::plan::Item| {
            let mut value = item.to_value();
            value.as_object_mut().unwrap().remove("review");
            // The unit that the runtime fills in is no claim of the draft.
            value.as_object_mut().unwrap().remove("evidence");
            value
        };
        patch.upserts().map(|(_, _, item)| fields(item)).collect()
    };
    let right = says(right);
    let only_evidence_differs = says(&wrong) == right;
    let gone = says(&kept).len() < says(&wrong).len();
    if only_evidence_differs { gone } else { says(&kept).iter().all(|item| right.contains(item)) }
}

#[test]
fn planted_wrong_numbers_are_caught() {
    let mut tally: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for seed in 0..12 {
        let mut dice = Dice(seed * 7919 + 1);
        let (text, rows) = sheet(&mut dice);
        let account = Account::wanting(&text, "120 users", "400 users");
        let right = account.drafted();
        let whole = account.kept(&right);
        // Nothing that is right may be taken for wrong.
        assert!(whole.dropped.is_empty(), "{:?} {:?}", whole.dropped, whole.checks);
        let mut plant = |name: &'static str, change: &mut dyn FnMut(&mut Patch, &mut Dice)| {
            let mut dice = Dice(seed + 17);
            let caught = is_caught(&account, &right, &mut |patch| change(patch, &mut dice));
            let (found, all) = tally.entry(name).or_default();
            *found += u32::from(caught);
            *all += 1;
        };
        plant("changed digit in a reading", &mut |patch, dice| {
            let reading = &mut utilization(patch, "active users").readings[3];
            if let Measured::Value(value) = &mut reading.value {
                *value = other_digit(*value, dice);
            }
        });
        plant("changed digit in the value", &mut |patch, dice| {
            let item = progress(patch);
            if let Some(Measured::Value(value)) = &mut item.measured {
                *value = other_digit(*value, dice);
            }
        });
        plant("changed digit in the words", &mut |patch, _| {
            let item = progress(patch);
            item.progress = item.progress.replacen("% of the way", "9% of the way", 1);
        });
        plant("changed digit in a result", &mut |patch, dice| {
            result(patch, &mut |calculation| calculation.result = other_digit(calculation.result, dice));
        });
        plant("swapped columns in a reading", &mut |patch, _| {
            let value = number(i128::from(rows[3][1]) * 100);
            utilization(patch, "active users").readings[3].value = Measured::Value(value);
        });
        plant("swapped columns in the value", &mut |patch, _| {
            progress(patch).measured = Some(Measured::Value(number(i128::from(rows[5][1]) * 100)));
        });
        plant("swapped columns in a calculation", &mut |patch, _| {
            result(patch, &mut |calculation| {
                for input in &mut calculation.inputs {
                    if let Input::Cells { column, .. } = input {
                        *column = "named_users".into();
                    }
                }
            });
        });
        if rows[2][0] != rows[3][0] {
            plant("swapped rows in readings", &mut |patch, _| {
                let readings = &mut utilization(patch, "active users").readings;
                (readings[2].value, readings[3].value) = (readings[3].value, readings[2].value);
            });
        }
        if rows[4][0] != rows[5][0] {
            plant("swapped rows in the value", &mut |patch, _| {
                progress(patch).measured = Some(Measured::Value(number(i128::from(rows[4][0]) * 100)));
            });
            plant("swapped rows in a calculation", &mut |patch, _| {
                result(patch, &mut |calculation| {
                    if let Some(Input::Cells { rows: Some(rows), value, .. }) = calculation.inputs.last_mut()
                    {
                        *rows = LineRange { first: 6, last: 6 };
                        *value = None;
                    }
                });
            });
        }
        plant("wrong unit", &mut |patch, _| {
            utilization(patch, "handling minutes").unit = Some("hours".into());
        });
        plant("wrong currency", &mut |patch, _| {
            utilization(patch, "running eur").unit = Some("USD".into());
        });
        let exact = cents(share(&right).result);
        if exact % 100 != 0 {
            plant("rounding to the whole, not declared", &mut |patch, _| {
                restate(patch, None, divided(exact, 100));
            });
            // The neighbour on the other side of the exact share, which is so many 280ths.
            let (part, whole) = (i128::from(rows[5][0] - 120) * 100, 280);
            let nearest = divided(part, whole);
            let other = if nearest * whole <= part { nearest + 1 } else { nearest - 1 };
            plant("rounding away from the nearest", &mut |patch, _| restate(patch, Some(0), other));
        }
        plant("a share that fits in words and result", &mut |patch, _| {
            restate(patch, Some(0), exact / 100 + 7);
        });
        plant("another column under a free name", &mut |patch, _| {
            let item = utilization(patch, "active users");
            item.metric = "People at work".into();
            item.readings[3].value = Measured::Value(number(i128::from(rows[3][1]) * 100));
        });
        plant("baseline from nowhere", &mut |patch, _| {
            utilization(patch, "active users").baseline = Some(number(1_00));
        });
    }
    let (mut found, mut all) = (0, 0);
    for (name, (caught, planted)) in &tally {
        println!("planted {name:<34} caught {caught:>3} of {planted:>3}");
        (found, all) = (found + caught, all + planted);
    }
    println!("planted in all {:<27} caught {found:>3} of {all:>3}", "");
    for (name, (caught, planted)) in &tally {
        assert_eq!(caught, planted, "{name}");
    }
}

fn cents(value: Number) -> i128 {
    let hundredths = value.decimal() * rust_decimal::Decimal::ONE_HUNDRED;
    hundredths.to_string().split('.').next().unwrap().parse().unwrap()
}

/// The calculation under the outcome's progress.
fn share(patch: &Patch) -> Calculation {
    let section = patch.sections.value_tracking.as_ref().unwrap();
    let evidence = section.outcome_progress.upsert[0].evidence.iter();
    let mut found = evidence.filter_map(|evidence| match evidence {
        Evidence::Calculation(calculation) => Some(calculation.clone()),
        _ => None,
    });
    found.next_back().unwrap()
}

/// Says another share in the result and in the words alike.
fn restate(patch: &mut Patch, places: Option<u8>, percent: i128) {
    let old = share(patch).result;
    let new = number(percent * 100);
    let item = progress(patch);
    item.progress = item.progress.replacen(&format!("{old}%"), &format!("{new}%"), 1);
    result(patch, &mut |calculation| (calculation.result, calculation.places) = (new, places));
}

fn utilization<'a>(
    patch: &'a mut Patch,
    metric: &str,
) -> &'a mut infohub::plan::sections::value_tracking::Utilization {
    let section = patch.sections.value_tracking.as_mut().unwrap();
    section.utilization.upsert.iter_mut().find(|item| item.metric == metric).unwrap()
}

fn progress(patch: &mut Patch) -> &mut infohub::plan::sections::value_tracking::OutcomeProgress {
    patch.sections.value_tracking.as_mut().unwrap().outcome_progress.upsert.first_mut().unwrap()
}

fn result(patch: &mut Patch, change: &mut dyn FnMut(&mut Calculation)) {
    for evidence in &mut progress(patch).evidence {
        if let Evidence::Calculation(calculation) = evidence {
            change(calculation);
        }
    }
}

#[test]
fn a_value_needs_a_baseline() {
    let table = "month,active_users\n2026-01,20\n2026-02,25\n";
    let measured = json!({"progress": "25 people use it", "outcome": "bo-0001", "measured": 25,
        "evidence": [{"source": USAGE, "quote": "2026-02,25"}]});
    let says = |account: &Account, item: &serde_json::Value| {
        let mut patch = Patch::default();
        let section = json!({"outcome_progress": {"upsert": [item]}});
        patch.sections.value_tracking = Some(serde_json::from_value(section).unwrap());
        patch.tie_to(&account.plan, "t");
        let kept = account.kept(&patch);
        let why = kept.dropped.first().map_or("kept", |dropped| match dropped.why {
            agents::draft::Why::NoBaseline => "no baseline",
            agents::draft::Why::UnprovenFigure | agents::draft::Why::OtherCell => "unproven",
            agents::draft::Why::CitesNothing => "cites nothing",
            _ => "other",
        });
        (why, kept.patch.questions.len())
    };
    let with = Account::wanting(table, "10 users", "30 users");
    let without = Account::wanting(table, "TBD", "30 users");
    assert_eq!(says(&with, &measured), ("kept", 0));
    assert_eq!(says(&without, &measured), ("no baseline", 1));
    let mut since = measured.clone();
    since["evidence"] = json!([{"source": USAGE, "quote": "2026-02,25"}, {"calculation": "change_percent",
        "inputs": [{"source": USAGE, "column": "active users", "rows": "2"},
            {"source": USAGE, "column": "active users", "rows": "3"}], "result": 25}]);
    assert_eq!(says(&without, &since), ("kept", 0));
    let not_measured =
        json!({"progress": "Nobody measures it yet", "outcome": "bo-0001", "measured": "not measured"});
    assert_eq!(says(&without, &not_measured), ("kept", 0));
    let mut sly = not_measured.clone();
    sly["progress"] = json!("Not measured, some 40% better");
    assert_eq!(says(&with, &sly), ("cites nothing", 1));
}

#[test]
fn what_cannot_be_worked_out_is_told_in_words() {
    let account = Account::of(
        "month,users,cost,mixed,zero\n2026-01,20,EUR 5,x,0\n2026-02,,EUR 6,$4,0\n2026-03,30,EUR 7,€5,0\n",
    );
    let check = |operation: &str, columns: &[(&str, Option<&str>)], expected: &str| {
        let inputs: Vec<_> = columns
            .iter()
            .map(|(column, rows)| match rows {
                Some(rows) => json!({"source": USAGE, "column": column, "rows": rows}),
                None => json!({"source": USAGE, "column": column}),
            })
            .collect();
        let evidence: Evidence =
            serde_json::from_value(json!({"calculation": operation, "inputs": inputs, "result": 25}))
                .unwrap();
        let told = account.judge(&evidence).to_string();
        assert!(told.contains(expected), "{operation} {columns:?}: {told:?} lacks {expected:?}");
    };
    check("mean", &[("users", None)], "comes out as stated");
    check("sum", &[("users", None)], "says 25 and the figures give 50");
    check("sum", &[("users", Some("3"))], "has no figure in these rows");
    check("sum", &[("users", Some("90-99"))], "has no figure in these rows");
    check("sum", &[("month", None)], "has words on line 2 (\"2026-01\")");
    check("sum", &[("people", None)], "it has month, users, cost, mixed, zero");
    check("sum", &[("mixed", Some("3-4"))], "mixes");
    check("quotient", &[("users", Some("2")), ("zero", Some("2"))], "would divide by zero");
    check("difference", &[("users", None), ("cost", None)], "takes two figures, and there are 5");
    check("sum", &[], "takes at least one figure, and there are 0");
}

#[test]
fn figures_that_were_changed_by_hand_are_found() {
    let account = Account::wanting(&sheet(&mut Dice(3)).0, "120 users", "400 users");
    let (plan, _) = apply(&account.plan, &account.drafted()).unwrap();
    let found = |plan: &Plan| disagreements(plan, &account.sources()).len();
    assert_eq!(found(&plan), 0);
    let mut changed = plan.clone();
    changed.value_tracking.outcome_progress[0].progress = "99% of the way".into();
    assert_eq!(found(&changed), 1);
    let mut moved = plan.clone();
    moved.background.outcomes[0].baseline = Some("150 users".into());
    assert_eq!(found(&moved), 1);
}
