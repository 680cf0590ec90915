//! The store's promises, on a disk and in memory: whole files, one creator, nothing outside the root.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::Barrier;

use infohub::store::{Created, EntryKind, LocalStore, Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::stores::{MemoryStore, path};

const LIMIT: u64 = 1 << 20;

fn local() -> (TempDir, LocalStore) {
    let root = tempfile::tempdir().unwrap();
    let store = LocalStore::open(root.path()).unwrap();
    (root, store)
}

fn names(store: &dyn Store, folder: &str) -> Vec<(String, EntryKind, u64)> {
    let entries = store.list(&path(folder)).unwrap();
    let names: Vec<_> = entries.iter().map(|entry| entry.name.clone()).collect();
    assert_eq!(store.names(&path(folder)).unwrap(), names);
    entries.into_iter().map(|entry| (entry.name, entry.kind, entry.len)).collect()
}

/// What every store has to do, whatever it is made of.
fn keeps_its_promises(store: &dyn Store) {
    let file = path("a/b/c.txt");
    assert_eq!(store.read(&file, LIMIT).unwrap(), None);
    assert_eq!(names(store, "a"), []);
    assert_eq!(store.create(&file, b"one").unwrap(), Created::New);
    assert_eq!(store.create(&file, b"two").unwrap(), Created::Exists);
    assert_eq!(store.read(&file, LIMIT).unwrap().unwrap(), b"one");
    store.replace(&file, b"three").unwrap();
    store.sync(&file).unwrap();
    assert_eq!(store.read(&file, 5).unwrap().unwrap(), b"three");
    assert!(matches!(store.read(&file, 4), Err(StoreError::TooLarge { limit: 4, .. })));
    store.replace(&path("a/b/b.txt"), b"").unwrap();
    assert_eq!(store.read(&path("a/b/b.txt"), 0).unwrap().unwrap(), b"");
    assert_eq!(names(store, "a"), [("b".to_owned(), EntryKind::Folder, 0)]);
    let expected = [("b.txt".to_owned(), EntryKind::File, 0), ("c.txt".to_owned(), EntryKind::File, 5)];
    assert_eq!(names(store, "a/b"), expected);
}

#[test]
fn a_disk_keeps_the_promises() {
    keeps_its_promises(&local().1);
}

#[test]
fn memory_keeps_the_promises() {
    keeps_its_promises(&MemoryStore::default());
}

#[test]
fn of_many_creators_exactly_one_is_told_new() {
    let (_root, store) = local();
    for round in 0..20 {
        let file = path(&format!("new/{round}/file"));
        let barrier = Barrier::new(8);
        let told: Vec<(u8, Created)> = std::thread::scope(|scope| {
            let (store, file, barrier) = (&store, &file, &barrier);
            let create = move |byte: u8| {
                barrier.wait();
                (byte, store.create(file, &[byte; 5000]).unwrap())
            };
            let threads: Vec<_> = (0..8).map(|byte| scope.spawn(move || create(byte))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let winners: Vec<u8> =
            told.iter().filter(|(_, created)| *created == Created::New).map(|(byte, _)| *byte).collect();
        assert_eq!(winners.len(), 1, "{told:?}");
        assert_eq!(store.read(&file, LIMIT).unwrap().unwrap(), [winners[0]; 5000]);
    }
}

#[test]
fn readers_see_the_old_file_or_the_new_one() {
    let (_root, store) = local();
    let file = path("file");
    store.replace(&file, &[0; 4000]).unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (0..50_u8).for_each(|byte| store.replace(&file, &[byte; 4000]).unwrap()));
        while !writer.is_finished() {
            let bytes = store.read(&file, LIMIT).unwrap().unwrap();
            assert_eq!(bytes, [bytes[0]; 4000]);
        }
    });
}

#[test]
fn what_a_killed_writer_left_is_no_file_and_is_swept_when_old() {
    let (root, store) = local();
    store.create(&path("a/b/file"), b"whole").unwrap();
    let leftover = root.path().join("a/b/.csp-tmp-0123456789abcdef");
    fs::write(&leftover, b"who").unwrap();
    assert_eq!(names(&store, "a/b"), [("file".to_owned(), EntryKind::File, 5)]);

    let written = Timestamp::try_from(fs::metadata(&leftover).unwrap().modified().unwrap()).unwrap();
    let second = SignedDuration::from_secs(1);
    assert_eq!(store.sweep(&path("a"), written - second).unwrap(), 0);
    assert!(leftover.exists());
    assert_eq!(store.sweep(&path("a"), written + second).unwrap(), 1);
    assert!(!leftover.exists());
    assert_eq!(store.read(&path("a/b/file"), LIMIT).unwrap().unwrap(), b"whole");
    assert_eq!(store.sweep(&path("nowhere"), written).unwrap(), 0);
}

#[test]
fn no_temp_file_stays_behind() {
    let (root, store) = local();
    store.create(&path("file"), b"1").unwrap();
    store.create(&path("file"), b"2").unwrap();
    store.replace(&path("file"), b"3").unwrap();
    store.create(&path("folder/file"), b"1").unwrap();
    store.replace(&path("folder"), b"over a folder").unwrap_err();
    let mut left: Vec<_> =
        fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["file", "folder"]);
}

#[test]
fn links_out_of_the_root_lead_nowhere() {
    let (root, store) = local();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "secret").unwrap();
    symlink(outside.path(), root.path().join("folder")).unwrap();
    symlink(outside.path().join("secret"), root.path().join("absolute")).unwrap();
    symlink(Path::new("..").join("..").join("etc"), root.path().join("steps")).unwrap();
    for name in ["folder/secret", "absolute", "steps/passwd"] {
        let error = store.read(&path(name), LIMIT).unwrap_err();
        assert!(matches!(error, StoreError::Escape { .. }), "{error}");
    }
    assert!(matches!(store.create(&path("folder/new"), b"x"), Err(StoreError::Escape { .. })));
    assert!(matches!(store.create(&path("folder/deep/new"), b"x"), Err(StoreError::Escape { .. })));
    assert!(matches!(store.replace(&path("folder/secret"), b"x"), Err(StoreError::Escape { .. })));
    assert!(matches!(store.list(&path("folder")), Err(StoreError::Escape { .. })));
    assert!(store.sweep(&path("folder"), Timestamp::MAX).is_err());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert_eq!(fs::read(outside.path().join("secret")).unwrap(), b"secret");

    // Replacing a name that is a link replaces the link; what it pointed to stays as it was.
    store.replace(&path("absolute"), b"mine").unwrap();
    assert_eq!(fs::read(outside.path().join("secret")).unwrap(), b"secret");
    assert_eq!(store.read(&path("absolute"), LIMIT).unwrap().unwrap(), b"mine");
}

#[test]
fn links_inside_the_root_are_followed() {
    let (root, store) = local();
    store.create(&path("team/materials/note.md"), b"note").unwrap();
    symlink("team", root.path().join("alias")).unwrap();
    assert_eq!(store.read(&path("alias/materials/note.md"), LIMIT).unwrap().unwrap(), b"note");
    assert_eq!(store.create(&path("alias/more/deep.md"), b"deep").unwrap(), Created::New);
    assert_eq!(store.read(&path("team/more/deep.md"), LIMIT).unwrap().unwrap(), b"deep");
}

#[test]
fn a_listing_tells_what_cannot_be_read() {
    let (root, store) = local();
    let folder = root.path().join("m");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a\nb"), "x").unwrap();
    fs::write(folder.join(OsStr::from_bytes(b"b\xff")), "x").unwrap();
    symlink("/etc/passwd", folder.join("out")).unwrap();
    symlink("nothing", folder.join("dangling")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        folder.join("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    let kinds: Vec<_> = names(&store, "m").into_iter().map(|(name, kind, _)| (name, kind)).collect();
    let expected =
        ["a\nb", "b\u{1a}", "dangling", "out", "pipe"].map(|name| (name.to_owned(), EntryKind::Other));
    assert_eq!(kinds, expected);
    // A pipe that nobody writes to must not keep the reader waiting.
    assert!(matches!(store.read(&path("m/pipe"), LIMIT), Err(StoreError::NotAFile { .. })));
    assert!(matches!(store.read(&path("m"), LIMIT), Err(StoreError::NotAFile { .. })));
    assert_eq!(store.read(&path("m/pipe/below"), LIMIT).unwrap(), None);
}

#[test]
fn permissions_that_people_gave_stay() {
    let (root, store) = local();
    store.create(&path("file"), b"1").unwrap();
    fs::set_permissions(root.path().join("file"), fs::Permissions::from_mode(0o664)).unwrap();
    store.replace(&path("file"), b"2").unwrap();
    assert_eq!(fs::metadata(root.path().join("file")).unwrap().permissions().mode() & 0o777, 0o664);
}

#[test]
fn errors_name_the_place() {
    let (_root, store) = local();
    store.create(&path("a/file"), b"12345").unwrap();
    let error = store.read(&path("a/file"), 3).unwrap_err();
    assert_eq!(error.to_string(), "a/file: larger than the 3 bytes that are read of such a file");
    let error = store.create(&path("a/file/below"), b"").unwrap_err();
    assert_eq!(error.to_string(), "a/file/below: opening its folder failed");
    let error = LocalStore::open(Path::new("/nowhere/at/all")).unwrap_err();
    assert_eq!(error.to_string(), "the folder /nowhere/at/all cannot be opened");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A disk and a map answer alike, whatever is asked of them.
    #[test]
    fn a_disk_behaves_as_a_map(steps in prop::collection::vec((0..4_u8, "[ab]/[cd]", "[a-z]{0,3}"), 1..12)) {
        let (_root, disk) = local();
        let map = MemoryStore::default();
        for (step, file, text) in steps {
            let (file, bytes) = (path(&file), text.as_bytes());
            match step {
                0 => prop_assert_eq!(disk.create(&file, bytes).unwrap(), map.create(&file, bytes).unwrap()),
                1 => {
                    disk.replace(&file, bytes).unwrap();
                    map.replace(&file, bytes).unwrap();
                }
                2 => prop_assert_eq!(disk.read(&file, 2).ok(), map.read(&file, 2).ok()),
                _ => prop_assert_eq!(names(&disk, "a"), names(&map, "a")),
            }
        }
    }
}
