//! JUnit XML for CI: a test case for each case, with a failure for each scorer below its threshold and an error for each
//! run that broke. A comparison adds a suite of its own, with a failure for each regression.
//! The form is the one that Jenkins reads: several failures may stand in a test case.
//! It must not know files.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::figures;
use crate::compare::{Comparison, Run, ScorerComparison};
use crate::log::{CaseResult, Line};
use crate::score::Score;
use crate::stats::Latest;

/// Characters of a message; the log has the rest.
const LONGEST: usize = 4_000;

/// Something that is wrong with a test case.
struct Fault {
    element: &'static str,
    kind: String,
    message: String,
    text: String,
}

struct TestCase {
    name: String,
    class: String,
    seconds: f64,
    faults: Vec<Fault>,
}

struct TestSuite {
    name: String,
    timestamp: Option<String>,
    cases: Vec<TestCase>,
}

/// Writes the report.
pub fn write(to: impl Write, run: Run<'_>, comparison: Option<&Comparison>) -> io::Result<()> {
    let mut suites = vec![suite_of(run)];
    suites.extend(comparison.map(|found| suite_of_comparison(&run.header.suite, found)));
    let mut writer = Writer::new_with_indent(to, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = writer.create_element("testsuites").with_attribute(("name", "csp eval"));
    let all = suites.iter().fold(Totals::default(), |sum, suite| sum.plus(&suite.cases)).on(all);
    all.write_inner_content(|writer| suites.iter().try_for_each(|suite| write_suite(writer, suite)))?;
    writer.into_inner().write_all(b"\n")
}

fn suite_of(run: Run<'_>) -> TestSuite {
    let suite = &run.header.suite;
    let latest = Latest::of(run.lines);
    let cases = latest.cases().into_iter().map(|(case, lines)| TestCase {
        name: plain(case),
        class: plain(suite),
        seconds: lines.iter().map(|line| seconds(line)).sum(),
        faults: lines.iter().flat_map(|line| faults(line, run.header.repeats)).collect(),
    });
    TestSuite { name: plain(suite), timestamp: Some(run.header.began.to_string()), cases: cases.collect() }
}

fn suite_of_comparison(suite: &str, found: &Comparison) -> TestSuite {
    let class = plain(&format!("{suite}.comparison"));
    let case = |scorer: &ScorerComparison| TestCase {
        name: plain(&scorer.scorer),
        class: class.clone(),
        seconds: 0.0,
        faults: scorer.regression.then(|| regression(scorer)).into_iter().collect(),
    };
    TestSuite { name: class.clone(), timestamp: None, cases: found.scorers.iter().map(case).collect() }
}

fn regression(scorer: &ScorerComparison) -> Fault {
    let change = figures::signed(scorer.difference.value);
    let text = format!(
        "before {}, after {}, difference {change}, 95% interval {}, corrected p {}, margin {}",
        figures::figure(scorer.before.value),
        figures::figure(scorer.after.value),
        figures::interval(scorer.difference.interval),
        figures::probability(scorer.corrected_p),
        figures::figure(scorer.margin),
    );
    Fault { element: "failure", kind: "regression".into(), message: format!("worse by {change}"), text }
}

fn seconds(line: &Line) -> f64 {
    let CaseResult::Ran { spent, judged, .. } = &line.result else { return 0.0 };
    std::time::Duration::from_millis(spent.elapsed_ms.saturating_add(judged.elapsed_ms)).as_secs_f64()
}

fn faults(line: &Line, repeats: u32) -> Vec<Fault> {
    let which = if repeats > 1 { format!("repeat {}: ", line.repeat) } else { String::new() };
    match &line.result {
        CaseResult::Errored { why } => {
            let message = plain(&format!("{which}{why}"));
            vec![Fault { element: "error", kind: "errored".into(), text: message.clone(), message }]
        }
        CaseResult::Ran { scores, .. } => scores
            .iter()
            .filter(|score| score.passed == Some(false))
            .map(|score| below(&which, score))
            .collect(),
    }
}

fn below(which: &str, score: &Score) -> Fault {
    let value = score.value.map_or_else(|| "nothing measured".into(), figures::figure);
    Fault {
        element: "failure",
        kind: plain(&score.scorer),
        message: plain(&format!("{which}{} is {value}", score.scorer)),
        text: plain(&score.why.join("\n")),
    }
}

/// XML has no way to write most control characters, so they are replaced; overlong text is cut.
fn plain(text: &str) -> String {
    let is_allowed =
        |c: char| matches!(c, '\t' | '\n' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..) && c != '\u{7F}';
    text.chars().take(LONGEST).map(|c| if is_allowed(c) { c } else { '\u{FFFD}' }).collect()
}

/// What a suite's head counts.
#[derive(Default)]
struct Totals {
    tests: usize,
    failures: usize,
    errors: usize,
    seconds: f64,
}

impl Totals {
    fn plus(mut self, cases: &[TestCase]) -> Self {
        let has = |case: &&TestCase, element| case.faults.iter().any(|fault| fault.element == element);
        self.tests += cases.len();
        self.errors += cases.iter().filter(|case| has(case, "error")).count();
        // A test case that broke in one repeat and failed in another counts once.
        self.failures += cases.iter().filter(|case| has(case, "failure") && !has(case, "error")).count();
        self.seconds += cases.iter().map(|case| case.seconds).sum::<f64>();
        self
    }

    fn on<'a, W: Write>(
        &self,
        element: quick_xml::writer::ElementWriter<'a, W>,
    ) -> quick_xml::writer::ElementWriter<'a, W> {
        element
            .with_attribute(("tests", self.tests.to_string().as_str()))
            .with_attribute(("failures", self.failures.to_string().as_str()))
            .with_attribute(("errors", self.errors.to_string().as_str()))
            .with_attribute(("time", format!("{:.3}", self.seconds).as_str()))
    }
}

fn write_suite<W: Write>(writer: &mut Writer<W>, suite: &TestSuite) -> io::Result<()> {
    let element = writer.create_element("testsuite").with_attribute(("name", suite.name.as_str()));
    let mut element = Totals::default().plus(&suite.cases).on(element);
    if let Some(timestamp) = &suite.timestamp {
        element = element.with_attribute(("timestamp", timestamp.as_str()));
    }
    element.write_inner_content(|writer| suite.cases.iter().try_for_each(|case| write_case(writer, case)))?;
    Ok(())
}

fn write_case<W: Write>(writer: &mut Writer<W>, case: &TestCase) -> io::Result<()> {
    let element = writer
        .create_element("testcase")
        .with_attribute(("name", case.name.as_str()))
        .with_attribute(("classname", case.class.as_str()))
        .with_attribute(("time", format!("{:.3}", case.seconds).as_str()));
    if case.faults.is_empty() {
        element.write_empty()?;
        return Ok(());
    }
    element
        .write_inner_content(|writer| case.faults.iter().try_for_each(|fault| write_fault(writer, fault)))?;
    Ok(())
}

fn write_fault<W: Write>(writer: &mut Writer<W>, fault: &Fault) -> io::Result<()> {
    let element = writer
        .create_element(fault.element)
        .with_attribute(("type", fault.kind.as_str()))
        .with_attribute(("message", fault.message.as_str()));
    element.write_text_content(BytesText::new(&fault.text))?;
    Ok(())
}
