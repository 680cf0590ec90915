//! An account's library: what it skips, finds and keeps.

use std::cell::RefCell;
use std::io::{Cursor, Write};

use jiff::Timestamp;
use tools::material::{Libraries, Library, Readers, Shelf, ShelfError, ShelfFile};

/// A shelf in memory that counts what is read from it.
#[derive(Default)]
struct Folder {
    files: Vec<(ShelfFile, Vec<u8>)>,
    reads: RefCell<Vec<String>>,
}

impl Folder {
    fn with(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.put(path, bytes, 1);
        self
    }

    fn put(&mut self, path: &str, bytes: impl Into<Vec<u8>>, second: i64) {
        let bytes = bytes.into();
        let modified = Timestamp::from_second(second).ok();
        self.files.retain(|(file, _)| file.path != path);
        self.files.push((ShelfFile { path: path.to_owned(), len: bytes.len() as u64, modified }, bytes));
    }

    fn reads(&self) -> Vec<String> {
        self.reads.take()
    }
}

impl Shelf for Folder {
    fn files(&self) -> Result<Vec<ShelfFile>, ShelfError> {
        Ok(self.files.iter().map(|(file, _)| file.clone()).collect())
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ShelfError> {
        self.reads.borrow_mut().push(path.to_owned());
        let (file, bytes) = self.files.iter().find(|(file, _)| file.path == path).ok_or(ShelfError::Gone)?;
        if file.len > limit { Err(ShelfError::TooLarge { limit }) } else { Ok(bytes.clone()) }
    }
}

/// A document of one paragraph.
pub(super) fn docx(text: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).expect("start");
    write!(writer, "<w:document xmlns:w='w'><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:document>")
        .expect("write");
    writer.finish().expect("finish").into_inner()
}

fn account() -> Folder {
    Folder::default()
        .with("materials/meetings/2026-01-20.vtt", "WEBVTT\n\n00:01 --> 00:02\n<v Mara Holt>The release process takes us three weeks</v>\n")
        .with("materials/discovery/2026-01-12.md", "# Discovery\n\n## Challenge\n\nReleases are slow and deployments fail every month.\n\n## Goals\n\n- Deploy daily by June\n")
        .with("materials/picture.png", vec![0x89, b'P', b'N', b'G', 0])
        .with("materials/old.txt", b"caf\xe9 \xff\xfe broken".to_vec())
        .with("materials/brief.docx", docx("The budget is approved by their CFO"))
        .with("materials/usage.csv", "month,active\n2026-01,120\n")
}

#[test]
fn what_can_be_read_is_read_and_the_rest_is_told() {
    let library = Library::load(&account(), &Readers::default()).expect("a listing");
    let paths: Vec<&str> = library.materials().map(|material| material.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "materials/brief.docx",
            "materials/discovery/2026-01-12.md",
            "materials/meetings/2026-01-20.vtt",
            "materials/usage.csv"
        ]
    );
    let skipped: Vec<String> =
        library.skipped().map(|skipped| format!("{}: {}", skipped.path, skipped.reason)).collect();
    assert_eq!(
        skipped,
        [
            "materials/old.txt: its encoding is unclear at byte 3 (line 1); save it as UTF-8",
            "materials/picture.png: there is no reader for this kind of file",
        ]
    );
    let notes = library.get("materials/discovery/2026-01-12.md").expect("read");
    assert_eq!(
        (notes.title.as_str(), notes.date.map(|date| date.to_string()).as_deref()),
        ("Discovery", Some("2026-01-12"))
    );
    let lines: Vec<&str> = library.lines(&notes.path, 4, 8).iter().map(|line| line.text.as_str()).collect();
    assert_eq!(lines, ["Releases are slow and deployments fail every month.", "## Goals"]);
    assert!(library.lines("materials/none.md", 1, 9).is_empty());
}

fn found(query: &str) -> Vec<(String, u32, u32)> {
    let library = Library::load(&account(), &Readers::default()).expect("a listing");
    library.search(query, 3).into_iter().map(|hit| (hit.path, hit.line, hit.last_line)).collect()
}

#[test]
fn search_finds_forms_headings_and_speech() {
    let notes = || "materials/discovery/2026-01-12.md".to_owned();
    assert_eq!(found("failing deployment").first(), Some(&(notes(), 3, 5)));
    assert_eq!(found("challenges").first(), Some(&(notes(), 3, 5)));
    assert_eq!(found("what are their goals?").first(), Some(&(notes(), 7, 9)));
    assert_eq!(found("three weeks").first(), Some(&("materials/meetings/2026-01-20.vtt".to_owned(), 4, 4)));
    assert_eq!(found("the of and"), []);
    assert_eq!(found("zebra"), []);
    assert_eq!(found("release").len(), 2);
}

#[test]
fn search_gives_the_lines_and_the_same_order_each_time() {
    let library = Library::load(&account(), &Readers::default()).expect("a listing");
    let first = library.search("release deploy budget month", 10);
    assert!(
        first
            .iter()
            .any(|hit| hit.text == "## Challenge\nReleases are slow and deployments fail every month.")
    );
    assert!(first.windows(2).all(|two| two[0].score >= two[1].score));
    for _ in 0..5 {
        let again = Library::load(&account(), &Readers::default()).expect("a listing");
        assert_eq!(again.search("release deploy budget month", 10), first);
    }
}

#[test]
fn what_nobody_changed_is_not_read_again() {
    let libraries = Libraries::new(1 << 20);
    let mut folder = account();
    let readers = Readers::default();
    let first = libraries.load("acme", &folder, &readers).expect("a listing");
    assert_eq!(folder.reads().len(), 5);
    let second = libraries.load("acme", &folder, &readers).expect("a listing");
    assert_eq!(folder.reads(), [""; 0]);
    assert!(std::sync::Arc::ptr_eq(&first, &second));

    folder.put("materials/usage.csv", "month,active\n2026-02,130\n", 2);
    folder.put("materials/new.md", "a new note", 2);
    let third = libraries.load("acme", &folder, &readers).expect("a listing");
    assert_eq!(folder.reads(), ["materials/new.md", "materials/usage.csv"]);
    assert_eq!(third.lines("materials/usage.csv", 2, 2)[0].text, "2026-02,130");

    libraries.load("globex", &folder, &readers).expect("a listing");
    assert_eq!(folder.reads().len(), 6, "another account shares nothing");
}

#[test]
fn the_bound_on_what_is_kept_holds() {
    let libraries = Libraries::new(20);
    let folder = Folder::default().with("a.md", "twelve bytes");
    for account in ["one", "two", "one"] {
        libraries.load(account, &folder, &Readers::default()).expect("a listing");
    }
    // Both do not fit, so the first had made room by the time it was asked for again.
    assert_eq!(folder.reads().len(), 3);
}

#[test]
fn an_account_has_limits_of_its_own() {
    let mut readers = Readers::default();
    (readers.limits.files, readers.limits.account_text_bytes) = (3, 8);
    let folder =
        Folder::default().with("a.md", "four").with("b.md", "more").with("c.md", "over").with("d.md", "last");
    let library = Library::load(&folder, &readers).expect("a listing");
    let skipped: Vec<String> =
        library.skipped().map(|skipped| format!("{}: {}", skipped.path, skipped.reason)).collect();
    assert_eq!(
        skipped,
        [
            "c.md: the account holds more than 8 bytes of text; move old files away",
            "d.md: the account has more than 3 files; move old ones away",
        ]
    );
}
