//! Bad input: a clear error that names the place, an exit code that is not 0, and nothing lost.

use crate::stage::{ACCOUNT, STARTS, Stage};

/// Writes the text to the file and gives what the command says; it must refuse and change nothing.
fn check(
    stage: &Stage,
    file: &str,
    text: impl AsRef<[u8]>,
    arguments: &[&str],
    code: i32,
    expected: &[&str],
) {
    let path = stage.root().join(file);
    let original = std::fs::read(&path).ok();
    stage.write(file, text);
    let before = stage.tree();
    let refused = stage.csp(arguments).ends(code);
    let told = format!("{}{}", refused.out, refused.err);
    for words in expected {
        assert!(told.contains(words), "{file}: {words:?} is not in\n{told}");
    }
    assert_eq!(stage.tree(), before, "{file}: something was changed");
    match original {
        Some(bytes) => std::fs::write(path, bytes).unwrap(),
        None => std::fs::remove_file(path).unwrap(),
    }
}

/// A mapping whose aliases stand for a thousand million entries.
fn alias_bomb() -> String {
    let mut text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..9 {
        let before = format!("*a{},", level - 1).repeat(10);
        text.push_str(&format!("a{level}: &a{level} [{}]\n", before.trim_end_matches(',')));
    }
    text
}

fn deep() -> String {
    format!("background: {}{}", "[".repeat(5_000), "]".repeat(5_000))
}

#[test]
fn the_workspaces_own_files_are_read_strictly() {
    let stage = Stage::sample();
    let emit = ["emit", STARTS];
    check(
        &stage,
        "csp.toml",
        "[work]\nconcurency = 2\n",
        &emit,
        3,
        &["error: csp.toml:2:1: unknown field `concurency`", "2 | concurency = 2", "^"],
    );
    check(&stage, "csp.toml", "[work\n", &emit, 3, &["csp.toml:1:6:"]);
    check(&stage, "csp.toml", b"[work]\nx = \"\xff\"", &emit, 3, &["csp.toml:2:6: this byte is not UTF-8"]);
    check(
        &stage,
        "team.yaml",
        "people:\n  - id: a\n    nam: A\n",
        &emit,
        3,
        &["team.yaml:3:5: unknown field \"nam\""],
    );
    check(&stage, "team.yaml", "people: []\npeople: []\n", &emit, 3, &["team.yaml:2:1:", "duplicate"]);
    check(&stage, "team.yaml", alias_bomb(), &emit, 3, &["team.yaml:"]);
    check(&stage, "team.yaml", deep(), &emit, 3, &["team.yaml:1:"]);
    check(
        &stage,
        "team.yaml",
        "people:\n  - id: a\n    name: A\n    time_zone: Mars/Base\n",
        &emit,
        3,
        &["Mars/Base"],
    );
    check(
        &stage,
        "automation.yaml",
        "automation:\n  r:\n    trigger: \"Oportunity.arr > 1\"\n",
        &emit,
        3,
        &["automation.yaml:3:15:", "Opportunity.arr"],
    );
    check(&stage, "automation.yaml", "automation: [", &emit, 3, &["automation.yaml:1:"]);
    check(
        &stage,
        "playbooks/templates/csp.yaml",
        "required: []\n",
        &emit,
        3,
        &["playbooks/templates/csp.yaml: has one document"],
    );
}

#[test]
fn a_check_tells_all_faults_at_once() {
    let stage = Stage::drafted();
    stage.write("csp.toml", "[work]\nconcurrency = 0\n");
    stage.write("team.yaml", "people:\n  - id: a\n    nam: A\n");
    stage.write("automation.yaml", "automation:\n  r:\n    trigger: \"Oportunity.arr > 1\"\n    acton: x\n");
    stage.write(&format!("infohub/{ACCOUNT}/success_plan/csp.yaml"), "plan: {}\n");
    let before = stage.tree();
    let told = stage.csp(&["check"]).ends(1).out;
    for place in [
        "csp.toml:1:1",
        "team.yaml:3:5",
        "automation.yaml:3:15",
        "automation.yaml:4:5",
        "success_plan/csp.yaml:1:",
    ] {
        assert!(told.contains(place), "{place}: {told}");
    }
    assert_eq!(stage.tree(), before);
}

#[test]
fn one_bad_event_keeps_all_of_them_out() {
    let stage = Stage::sample();
    let good = stage.read(STARTS).replace('\n', " ");
    let emit = ["emit", "e.ndjson"];
    check(
        &stage,
        "e.ndjson",
        format!("{good}\n{{\"id\": }}\n"),
        &emit,
        3,
        &["e.ndjson:2:8: expected value", "2 | {\"id\": }"],
    );
    check(
        &stage,
        "e.ndjson",
        format!("{good}\n{}", good.replace("Stage 2\"", "Stage 2\",\"stge\":\"x\"")),
        &emit,
        3,
        &["e.ndjson:2:", "unknown field `stge`"],
    );
    check(
        &stage,
        "e.ndjson",
        good.replace("\"subject\": \"", "\"subject\": \"../"),
        &emit,
        3,
        &["e.ndjson:1:", "account name '../veldhaven-logistics' is not usable"],
    );
    check(
        &stage,
        "e.ndjson",
        good.replacen("\"id\":", "\"id\": \"1\", \"id\":", 1),
        &emit,
        3,
        &["e.ndjson:1:", "the key \"id\" stands here twice"],
    );
    check(
        &stage,
        "e.ndjson",
        [good.as_bytes(), b"\n\xff"].concat(),
        &emit,
        3,
        &["e.ndjson:2:1: this byte is not UTF-8"],
    );
    check(&stage, "e.ndjson", "[".repeat(100_000), &emit, 3, &["e.ndjson:1:"]);
    check(&stage, "e.ndjson", "", &emit, 3, &["there is no event in it"]);
    stage.csp(&["emit", "nowhere.json"]).ends(4);
}

#[test]
fn a_broken_plan_is_left_alone_and_the_account_waits() {
    let stage = Stage::drafted();
    let plan = format!("infohub/{ACCOUNT}/success_plan/csp.yaml");
    let good = stage.read(&plan);
    // At a later time the time itself would bring something, which is taken in all the same.
    let work = ["work", "--until-idle", "--now", "2026-02-04"];
    let show = ["plan", "show", ACCOUNT];
    check(
        &stage,
        &plan,
        format!("{good}\nbackgrund: {{}}\n"),
        &work,
        5,
        &["csp.yaml:", "unknown field \"backgrund\"", "blocked"],
    );
    check(
        &stage,
        &plan,
        format!("{good}\nbackgrund: {{}}\n"),
        &show,
        5,
        &["14 cross-dock warehouses", "unknown field \"backgrund\"", "help:"],
    );
    check(
        &stage,
        &plan,
        good.replacen("      text: ", "      txt: ", 1),
        &show,
        5,
        &["unknown field \"txt\""],
    );
    check(&stage, &plan, format!("{good}\nbackground: {{}}\n"), &show, 5, &["duplicate"]);
    check(&stage, &plan, format!("{good}{}", alias_bomb()), &show, 5, &["csp.yaml:"]);
    check(
        &stage,
        &plan,
        format!("{good}\n{}", deep().replace("background", "deep")),
        &show,
        5,
        &["csp.yaml:"],
    );
    check(&stage, &plan, [good.as_bytes(), b"# \xff\n"].concat(), &show, 5, &["csp.yaml:", "UTF-8"]);
    check(&stage, &plan, good.replace("version: 1\n", "version: 7\n"), &show, 5, &["plan.version says 7"]);
    check(&stage, &plan, "", &work, 5, &["csp.yaml"]);
}

#[test]
fn files_without_end_are_refused_by_their_size() {
    let stage = Stage::drafted();
    let huge = 200 << 20;
    stage.sparse("huge.json", huge);
    let refused = stage.csp(&["emit", "huge.json"]).ends(3);
    assert!(refused.err.contains("huge.json: larger than"), "{}", refused.err);
    let refused = stage.csp(&["crm", "convert", "huge.json"]).ends(3);
    assert!(refused.err.contains("huge.json: larger than"), "{}", refused.err);
    stage.sparse(&format!("infohub/{ACCOUNT}/materials/huge.md"), huge);
    assert!(stage.csp(&["material", "list", ACCOUNT]).ok().contains("huge.md: it has 209715200 bytes"));
    stage.sparse(&format!("infohub/{ACCOUNT}/success_plan/csp.yaml"), huge);
    let refused = stage.csp(&["check"]).ends(1);
    assert!(refused.out.contains("success_plan/csp.yaml: larger than"), "{}", refused.out);
    stage.csp(&["work", "--until-idle"]).ends(5);
    stage.sparse("csp.toml", huge);
    let refused = stage.csp(&["account", "list"]).ends(3);
    assert!(refused.err.contains("csp.toml: larger than"), "{}", refused.err);
}

#[test]
fn no_name_leads_out_of_the_workspace() {
    let stage = Stage::sample();
    let before = stage.tree();
    for name in ["../w", "..", "/etc", "a/b", "A", "", ".", "a\\b"] {
        stage.csp(&["account", "add", name]).ends(2);
        stage.csp(&["plan", "show", name]).ends(2);
    }
    let refused = stage.csp(&["material", "show", ACCOUNT, "../../../../etc/passwd"]).ends(4);
    assert!(refused.err.contains("there is no material"), "{}", refused.err);
    assert_eq!(stage.tree(), before);
    let outside = stage.folder().join("secret.md");
    std::fs::write(&outside, "secret").unwrap();
    std::os::unix::fs::symlink(&outside, stage.root().join(format!("infohub/{ACCOUNT}/materials/link.md")))
        .unwrap();
    assert!(!stage.csp(&["material", "show", ACCOUNT]).ok().contains("secret"));
}

#[test]
fn a_folder_that_no_account_can_have_is_told_and_hides_no_other() {
    let stage = Stage::drafted();
    std::fs::create_dir(stage.root().join("infohub/Bad Name")).unwrap();
    let told = stage.csp(&["account", "list"]).ends(5);
    assert!(told.out.contains(ACCOUNT), "{}", told.out);
    assert!(told.err.contains("infohub/Bad Name"), "{}", told.err);
    stage.csp(&["check"]).ends(1);
}

#[test]
fn outside_a_workspace_the_way_in_is_told() {
    let stage = Stage::empty();
    let lost = stage.outside(&["account", "list"]).ends(4);
    assert!(
        lost.err.contains("there is no csp.toml") && lost.err.contains("help: `csp init DIR`"),
        "{}",
        lost.err
    );
    stage.outside(&["--workspace", "nowhere", "check"]).ends(4);
}

#[test]
fn text_of_others_cannot_steer_a_terminal() {
    let stage = Stage::bare();
    stage.write(
        "e.json",
        r#"{"specversion":"1.0","id":"1\u001b[2J","source":"crm","type":"opportunity.changed","subject":"acme","time":"2026-01-15T10:00:00Z","data":{"account":{"name":"Acme\u001b]0;owned\u0007\r"}}}"#,
    );
    let shown = [stage.csp(&["emit", "e.json"]), stage.csp(&["account", "show", "acme"])];
    for ran in shown {
        let told = format!("{}{}", ran.out, ran.err);
        assert!(told.contains("Acme"), "{told}");
        assert!(told.chars().all(|letter| letter == '\n' || !letter.is_control()), "{told:?}");
    }
}
