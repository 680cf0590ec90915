//! PDF files, read in a child process that may crash, hang or grow without harm to this one.
//! Must not know which program the child is: the caller says, and that program calls [`child_main`].
//!
//! ```text
//! PdfReader ──bytes──► child: limits set on itself, text taken out ──frame──► PdfReader
//!     └── kills it at the deadline                    (MARK, length in decimal, line end, that many bytes)
//! ```
//!
//! The frame tells a whole answer from a cut one, and lets the child's program print before it.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::{Draft, Limits, Line, decode, plain};

const MARK: &[u8] = b"\x02csp-pdf-text ";
const REFUSAL: &[u8] = b"\x02csp-pdf-none ";
/// Bytes of address space that the child may have; big files need some ten times their own size.
const MEMORY: u64 = 1 << 30;
/// Seconds of processor time after which the system ends the child by itself.
const CPU_SECONDS: u64 = 30;
/// Bytes that the child reads at most, whatever the caller's own limit is.
const INPUT: u64 = 64 << 20;
/// What the child's program may print before the frame.
const PREAMBLE: usize = 64 << 10;
const PAGE_BREAK: char = '\u{c}';

/// How to start the child, and how long to wait for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfReader {
    /// The program, usually the one that is running.
    pub program: PathBuf,
    /// The arguments that make it call [`child_main`] on its standard input and output.
    pub arguments: Vec<String>,
    /// The longest it may take for one file.
    pub deadline: Duration,
}

/// Why the child gave no text.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The program did not start.
    #[error("start {program}")]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It was killed at the deadline.
    #[error("it took longer than {0:?}")]
    TimedOut(Duration),
    /// It ended without an answer, as it does on a file that its parser cannot bear.
    #[error("it broke on this file ({0})")]
    Crashed(String),
    /// It said why it cannot read the file.
    #[error("{0}")]
    Unreadable(String),
}

impl PdfError {
    /// Whether the same file may be read on another try.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Start { .. } | Self::TimedOut(_))
    }
}

impl PdfReader {
    /// Reads one file's text in a child; blocks until it is there or the deadline is over.
    pub(super) fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Draft, PdfError> {
        let text = self.text(bytes, limits)?;
        let mut lines = Vec::new();
        for (page, number) in text.split(PAGE_BREAK).zip(1u32..) {
            // A page that cannot be decoded is not text; the child wrote UTF-8, so it always can.
            let Ok(decoded) = decode::decode(page.as_bytes()) else {
                continue;
            };
            lines.extend(page_lines(&decoded.text, number));
        }
        for (line, number) in lines.iter_mut().zip(1u32..) {
            line.number = number;
        }
        Ok(plain::finish(Draft { lines, ..Draft::default() }))
    }

    fn text(&self, bytes: &[u8], limits: &Limits) -> Result<String, PdfError> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| PdfError::Start { program: self.program.display().to_string(), source })?;
        // Text that is too long is cut here and refused by the check on all materials' text.
        let most = limits.text_bytes.saturating_mul(2).saturating_add(PREAMBLE);
        let answer = exchange(&mut child, bytes, most as u64, self.deadline);
        let text = answer.as_deref().and_then(unframe);
        // A child that gave no whole answer is left a moment to end by itself, so that it can be told how.
        let ended = if answer.is_some() && text.is_none() { wait_a_moment(&mut child) } else { None };
        if ended.is_none() {
            // Killing a child that has just ended fails, which is as well.
            let _ = child.kill();
            let _ = child.wait();
        }
        match (answer, text) {
            (None, _) => Err(PdfError::TimedOut(self.deadline)),
            (Some(_), Some(text)) => text,
            (Some(_), None) => {
                Err(PdfError::Crashed(ended.map_or("no answer".to_owned(), |s| s.to_string())))
            }
        }
    }
}

/// How the child ended, if it does so within a second.
fn wait_a_moment(child: &mut Child) -> Option<ExitStatus> {
    for _ in 0..50 {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    None
}

fn page_lines(text: &str, page: u32) -> Vec<Line> {
    text.lines()
        .map(str::trim)
        .filter(|row| row.chars().any(char::is_alphanumeric))
        .map(|row| Line { page: Some(page), ..Line::new(0, plain::kind(row), row) })
        .collect()
}

/// Gives the child its input and takes its output; `None` if it is not done by the deadline.
fn exchange(child: &mut Child, input: &[u8], most: u64, deadline: Duration) -> Option<Vec<u8>> {
    let (mut stdin, stdout) = (child.stdin.take()?, child.stdout.take()?);
    let input = input.to_vec();
    // Both threads end with the child, at the latest when it is killed: its ends of the pipes close. They
    // are not joined, since a program that starts one of its own could keep the pipes open past the deadline.
    std::thread::spawn(move || {
        // A child that ends early closes the pipe; its answer tells why.
        let _ = stdin.write_all(&input);
    });
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut output = Vec::new();
        let _ = stdout.take(most).read_to_end(&mut output);
        // Nobody waits any more once the deadline is over.
        let _ = sender.send(output);
    });
    receiver.recv_timeout(deadline).ok()
}

/// The answer in the child's output, if a whole one is there.
fn unframe(output: &[u8]) -> Option<Result<String, PdfError>> {
    let find = |mark: &[u8]| output.windows(mark.len()).take(PREAMBLE).position(|window| window == mark);
    let (start, is_text) = match (find(MARK), find(REFUSAL)) {
        (Some(at), _) => (at + MARK.len(), true),
        (None, Some(at)) => (at + REFUSAL.len(), false),
        (None, None) => return None,
    };
    let frame = &output[start..];
    let end = frame.iter().take(20).position(|byte| *byte == b'\n')?;
    let length: usize = std::str::from_utf8(&frame[..end]).ok()?.parse().ok()?;
    let body = frame.get(end + 1..)?.get(..length)?;
    let text = String::from_utf8(body.to_vec()).ok()?;
    Some(if is_text { Ok(text) } else { Err(PdfError::Unreadable(text)) })
}

/// The whole of the child: limits itself, reads a PDF file from `input` and writes its text to `output`.
///
/// The limits hold for the process from here on, so nothing else should be done in it.
pub fn child_main(input: impl Read, output: impl Write) -> io::Result<()> {
    limit_self()?;
    answer(input, output)
}

fn limit_self() -> io::Result<()> {
    let limits =
        [(Resource::As, MEMORY), (Resource::Cpu, CPU_SECONDS), (Resource::Fsize, 0), (Resource::Core, 0)];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

fn answer(input: impl Read, mut output: impl Write) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.take(INPUT).read_to_end(&mut bytes)?;
    let (mark, body) = match pdf_extract::extract_text_from_mem_by_pages(&bytes) {
        Ok(pages) => (MARK, pages.join(&PAGE_BREAK.to_string())),
        Err(error) => (REFUSAL, error.to_string().chars().take(200).collect()),
    };
    let mut frame = mark.to_vec();
    frame.extend_from_slice(format!("{}\n", body.len()).as_bytes());
    frame.extend_from_slice(body.as_bytes());
    output.write_all(&frame)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(output: &[u8], expected: &str) {
        let shown = match unframe(output) {
            None => "nothing".to_owned(),
            Some(Ok(text)) => format!("text {text}"),
            Some(Err(error)) => format!("error {error}"),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn only_a_whole_frame_is_an_answer() {
        check(b"running 1 test\n\x02csp-pdf-text 5\nhello and more", "text hello");
        check(b"\x02csp-pdf-none 3\nbad", "error bad");
        check(b"\x02csp-pdf-text 5\nhel", "nothing");
        check(b"\x02csp-pdf-text 99999999999999999999999\nhel", "nothing");
        check(b"\x02csp-pdf-text x\nhel", "nothing");
        check(b"", "nothing");
    }

    #[test]
    fn what_is_no_pdf_is_told() {
        let mut output = Vec::new();
        answer(b"no PDF".as_slice(), &mut output).expect("written");
        assert!(matches!(unframe(&output), Some(Err(PdfError::Unreadable(_)))));
    }
}
