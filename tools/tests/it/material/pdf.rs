//! PDF files through a real child process: this test binary, started again for one ignored test.

use std::io::Write;
use std::time::Duration;

use tools::material::pdf::{PdfReader, child_main};
use tools::material::{Material, Readers, Reason, read};

/// The child's body; does nothing useful when it is run by hand.
#[test]
#[ignore = "run by the other tests of this file, with a PDF on its standard input"]
fn child() {
    child_main(std::io::stdin(), std::io::stdout()).expect("a pipe on both sides");
}

#[test]
#[ignore = "run by the other tests of this file, never ends by itself"]
fn child_that_hangs() {
    std::thread::sleep(Duration::from_secs(3_600));
}

#[test]
#[ignore = "run by the other tests of this file, ends at once"]
fn child_that_crashes() {
    std::process::abort();
}

fn through(child: &str, bytes: &[u8], deadline: Duration) -> Result<Material, Reason> {
    let program = std::env::current_exe().expect("the test binary");
    let name = format!("material::pdf::{child}");
    let arguments = [name.as_str(), "--exact", "--ignored", "--nocapture"].map(str::to_owned).to_vec();
    read(
        "materials/2026-01-12-plan.pdf",
        bytes,
        &Readers { pdf: Some(PdfReader { program, arguments, deadline }), ..Readers::default() },
    )
}

/// A file with one page for each list of lines.
fn document(pages: &[&[&str]]) -> Vec<u8> {
    let mut objects: Vec<String> = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Count {} /Kids [{}] >>",
            pages.len(),
            (0..pages.len()).map(|page| format!("{} 0 R ", 4 + 2 * page)).collect::<String>()
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    for (nth, lines) in pages.iter().enumerate() {
        let body: String = lines.iter().map(|line| format!("({line}) Tj 0 -20 Td ")).collect();
        let content = format!("BT /F1 12 Tf 72 720 Td {body}ET");
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
            5 + 2 * nth
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (nth, object) in (1..).zip(&objects) {
        offsets.push(file.len());
        write!(file, "{nth} 0 obj\n{object}\nendobj\n").expect("write");
    }
    let start = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).expect("write");
    for offset in offsets {
        writeln!(file, "{offset:010} 00000 n ").expect("write");
    }
    write!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)
        .expect("write");
    file
}

const LONG: Duration = Duration::from_secs(60);

#[test]
fn text_comes_with_its_page() {
    let file = document(&[&["Challenge:", "Releases take them three weeks"], &["Next: a trial in March"]]);
    let read = through("child", &file, LONG).expect("readable");
    let lines: Vec<(u32, Option<u32>, &str)> =
        read.lines.iter().map(|line| (line.number, line.page, line.text.as_str())).collect();
    assert_eq!(
        lines,
        [
            (1, Some(1), "Challenge:"),
            (2, Some(1), "Releases take them three weeks"),
            (3, Some(2), "Next: a trial in March")
        ]
    );
    assert_eq!(read.date.map(|date| date.to_string()).as_deref(), Some("2026-01-12"));
}

#[test]
fn a_child_that_hangs_is_killed() {
    let started = std::time::Instant::now();
    let reason = through("child_that_hangs", b"%PDF", Duration::from_millis(300)).expect_err("no answer");
    assert_eq!(reason.to_string(), "the PDF reader failed: it took longer than 300ms");
    assert!(reason.is_transient());
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_child_that_crashes_is_a_reason() {
    let reason = through("child_that_crashes", &vec![b'x'; 1 << 20], LONG).expect_err("no answer");
    assert!(
        reason.to_string().starts_with("the PDF reader failed: it broke on this file (signal: 6"),
        "{reason}"
    );
}

#[test]
fn broken_files_are_reasons() {
    for cut in [0, 9, 60, 300, 500] {
        let file = document(&[&["Releases take them three weeks"]]);
        let outcome = through("child", &file[..cut], LONG);
        assert!(matches!(outcome, Err(Reason::Pdf(_) | Reason::NoText)), "{cut}: {outcome:?}");
    }
}

#[test]
fn a_program_that_is_not_there_is_a_reason() {
    let pdf = Some(PdfReader { program: "/nowhere/at/all".into(), arguments: Vec::new(), deadline: LONG });
    let reason = read("a.pdf", b"%PDF", &Readers { pdf, ..Readers::default() }).expect_err("no program");
    assert_eq!(reason.to_string(), "the PDF reader failed: start /nowhere/at/all");
}
