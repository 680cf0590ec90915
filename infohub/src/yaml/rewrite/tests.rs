//! Texts, what changes in their value, and the texts that come out.

use serde_json::json;

use super::super::read::read_value;
use super::*;

fn rewritten(text: &str, change: impl FnOnce(&mut Value)) -> Result<Rewritten, RewriteError> {
    let old = read_value("test", text).unwrap();
    let old = if old.is_null() { json!({}) } else { old };
    let mut new = old.clone();
    change(&mut new);
    rewrite(text, &old, &new)
}

#[track_caller]
fn check(text: &str, change: impl FnOnce(&mut Value), way: Way, expected: &str) {
    let result = rewritten(text, change).unwrap();
    assert_eq!(result.text, expected, "--- got\n{}\n--- expected\n{expected}", result.text);
    assert_eq!(result.way, way);
}

fn remove(value: &mut Value, key: &str) {
    value.as_object_mut().unwrap().shift_remove(key);
}

const PLAN: &str = "\
# The plan of a fictional account.
schema: 1   # do not change

background:  # who they are
  company: 'Acme'\t# a tab before this
  # company_size: how many people
  outcomes:
    # the first one counts most
    - id: oc-1
      metric: churn   # per year
      # asked twice
      target: \"5%\"
    # between
    - id: oc-2
      metric: adoption
    # after the last

# Who decides.
stakeholders: {}
risks:  # none yet
  # - id: r-1
  #   risk: what could go wrong
notes: free text
";

#[test]
fn a_leaf_changes_in_its_own_quotes() {
    check(
        PLAN,
        |v| v["background"]["company"] = json!("Acme, Inc."),
        Way::Edited,
        &PLAN.replace("'Acme'", "'Acme, Inc.'"),
    );
    check(
        PLAN,
        |v| v["background"]["outcomes"][0]["target"] = json!("4%"),
        Way::Edited,
        &PLAN.replace("5%", "4%"),
    );
    check(
        PLAN,
        |v| v["background"]["outcomes"][0]["metric"] = json!("2026-01-15"),
        Way::Edited,
        &PLAN.replace("churn   #", "\"2026-01-15\"   #"),
    );
    check(PLAN, |v| v["schema"] = json!(2), Way::Edited, &PLAN.replace("schema: 1", "schema: 2"));
    check(PLAN, |_| (), Way::Untouched, PLAN);
}

#[test]
fn items_come_and_go_between_comments() {
    check(
        PLAN,
        |v| {
            v["background"]["outcomes"].as_array_mut().unwrap().push(json!({"id": "oc-3", "metric": "x"}));
        },
        Way::Edited,
        &PLAN.replace("metric: adoption\n", "metric: adoption\n    - id: oc-3\n      metric: x\n"),
    );
    check(
        PLAN,
        |v| drop(v["background"]["outcomes"].as_array_mut().unwrap().remove(0)),
        Way::Edited,
        &PLAN.replace(
            "    - id: oc-1\n      metric: churn   # per year\n      # asked twice\n      target: \"5%\"\n",
            "",
        ),
    );
    check(
        PLAN,
        |v| {
            v["background"]["outcomes"].as_array_mut().unwrap().insert(1, json!({"id": "oc-3"}));
        },
        Way::Edited,
        &PLAN.replace("    # between\n", "    - id: oc-3\n    # between\n"),
    );
    check(
        PLAN,
        |v| {
            v["background"]["outcomes"].as_array_mut().unwrap().insert(0, json!({"id": "oc-3"}));
        },
        Way::Edited,
        &PLAN.replace("    - id: oc-1\n", "    - id: oc-3\n    - id: oc-1\n"),
    );
    check(
        PLAN,
        |v| v["background"]["outcomes"] = json!([]),
        Way::Edited,
        &PLAN.replace("outcomes:\n", "outcomes: []\n")
            .replace("    - id: oc-1\n      metric: churn   # per year\n      # asked twice\n      target: \"5%\"\n", "")
            .replace("    - id: oc-2\n      metric: adoption\n", ""),
    );
}

#[test]
fn an_item_that_moves_takes_its_comments_along() {
    check(
        PLAN,
        |v| {
            let items = v["background"]["outcomes"].as_array_mut().unwrap();
            items.reverse();
            items[1]["target"] = json!("3%");
        },
        Way::Edited,
        &PLAN.replace(
            "    - id: oc-1\n      metric: churn   # per year\n      # asked twice\n      target: \"5%\"\n    # between\n    - id: oc-2\n      metric: adoption\n",
            "    - id: oc-2\n      metric: adoption\n    - id: oc-1\n      metric: churn   # per year\n      # asked twice\n      target: \"3%\"\n    # between\n",
        ),
    );
}

#[test]
fn fields_come_and_go() {
    check(
        PLAN,
        |v| v["background"]["outcomes"][1]["target"] = json!("a\nb"),
        Way::Edited,
        &PLAN.replace("metric: adoption\n", "metric: adoption\n      target: |-\n        a\n        b\n"),
    );
    check(
        PLAN,
        |v| remove(&mut v["background"]["outcomes"][0], "metric"),
        Way::Edited,
        &PLAN.replace("      metric: churn   # per year\n", "      # per year\n"),
    );
    check(
        "a:\n  - k: 1  # c\n    m: 2\n",
        |v| remove(&mut v["a"][0], "k"),
        Way::Edited,
        "a:\n  -   # c\n    m: 2\n",
    );
    check(
        PLAN,
        |v| v["background"]["company"] = json!(null),
        Way::Edited,
        &PLAN.replace("  company: 'Acme'\t# a tab", "  # a tab"),
    );
}

#[test]
fn empty_sections_are_filled_below_what_explains_them() {
    check(
        PLAN,
        |v| v["risks"] = json!([{"id": "r-1", "risk": "x"}]),
        Way::Edited,
        &PLAN.replace("what could go wrong\n", "what could go wrong\n  - id: r-1\n    risk: x\n"),
    );
    check(
        PLAN,
        |v| v["stakeholders"] = json!({"people": ["a"]}),
        Way::Spliced,
        &PLAN.replace("stakeholders: {}\n", "stakeholders:\n  people:\n    - a\n"),
    );
    check("a:   # c\n  # d\n", |v| v["a"] = json!("x"), Way::Edited, "a: x   # c\n  # d\n");
    check(
        "a: {}  # c\n  # d\nb: 1\n",
        |v| v["a"] = json!({"k": 1}),
        Way::Edited,
        "a:  # c\n  # d\n  k: 1\nb: 1\n",
    );
    check("a: {\n  # c\n}\n", |v| v["a"] = json!({"k": 1}), Way::Whole, "a:\n  k: 1\n# c\n");
    check("a: ~\n", |v| v["a"] = json!({"k": 1}), Way::Edited, "a:\n  k: 1\n");
    check("a: ''\n", |v| v["a"] = json!("x"), Way::Edited, "a: 'x'\n");
}

#[test]
fn sections_come_and_go() {
    check(PLAN, |v| v["extra"] = json!({"k": 1}), Way::Spliced, &format!("{PLAN}extra:\n  k: 1\n"));
    check(
        PLAN,
        |v| *v = json!({"schema": 1, "version": 2, "background": v["background"], "stakeholders": {}, "notes": "free text"}),
        Way::Spliced,
        &PLAN.replace("# do not change\n", "# do not change\nversion: 2\n"),
    );
    check(PLAN, |v| remove(v, "notes"), Way::Edited, &PLAN.replace("notes: free text\n", ""));
    check("# only a comment\n", |v| v["a"] = json!(1), Way::Spliced, "# only a comment\na: 1\n");
    check("", |v| v["a"] = json!(1), Way::Spliced, "a: 1\n");
    check("---\na: 1\n...\n", |v| v["b"] = json!(1), Way::Spliced, "---\na: 1\nb: 1\n...\n");
    check("--- # c\na: 1\n...\n", |v| v["b"] = json!(1), Way::Whole, "--- # c\na: 1\nb: 1\n...\n");
    check("# c\n--- \n...\n", |v| v["b"] = json!(1), Way::Spliced, "# c\n--- \nb: 1\n...\n");
}

#[test]
fn what_emit_wrote_is_exchanged_as_text() {
    let old = json!({"a": {"items": [{"id": "x", "p": 1}]}, "b": "2"});
    let text = format!("# head\n{}# tail\n", super::super::emit(&old).unwrap());
    check(
        &text,
        |v| v["a"]["items"][0]["p"] = json!("long text\nin lines"),
        Way::Spliced,
        "# head\na:\n  items:\n    - id: x\n      p: |-\n        long text\n        in lines\nb: \"2\"\n# tail\n",
    );
    check(
        "a:\n  k: 1\n  # below\n",
        |v| v["a"]["k"] = json!("x\ny"),
        Way::Edited,
        "a:\n  k: |-\n    x\n    y\n  # below\n",
    );
}

#[test]
fn comments_are_not_drawn_into_texts() {
    check(
        "a:\n  k: 1\n      # deep\n",
        |v| v["a"]["k"] = json!("x\ny"),
        Way::Edited,
        "a:\n  k: \"x\\ny\"\n      # deep\n",
    );
}

#[test]
fn block_scalars_are_exchanged() {
    let text = "a:\n  k: |  # why\n    one\n    two\n\n  # next\n  m: >-\n    three\n    four\n";
    check(
        text,
        |v| v["a"]["k"] = json!("x"),
        Way::Edited,
        "a:\n  k: x  # why\n\n  # next\n  m: >-\n    three\n    four\n",
    );
    check(
        text,
        |v| v["a"]["k"] = json!("x\n# y\n"),
        Way::Edited,
        "a:\n  k: |  # why\n    x\n    # y\n\n  # next\n  m: >-\n    three\n    four\n",
    );
    check(
        text,
        |v| v["a"]["m"] = json!(["x"]),
        Way::Edited,
        "a:\n  k: |  # why\n    one\n    two\n\n  # next\n  m:\n    - x\n",
    );
    check(
        "a:\n  k: |+\n    x\n\n\nb: 1\n",
        |v| v["a"]["m"] = json!(1),
        Way::Edited,
        "a:\n  k: |+\n    x\n\n\n  m: 1\nb: 1\n",
    );
    check(
        "a: |+\n  x\n\n\nc: 1\n",
        |v| *v = json!({"a": "x\n\n\n", "b": 1, "c": 1}),
        Way::Whole,
        "a: |+\n  x\n\n\nb: 1\nc: 1\n",
    );
    check("a:\n  k: |\n  m: 1\n", |v| v["a"]["k"] = json!("x\n"), Way::Edited, "a:\n  k: |\n    x\n  m: 1\n");
}

#[test]
fn kinds_may_change() {
    check(
        "a:\n  k: x  # c\n  m: 1\n",
        |v| v["a"]["k"] = json!({"p": [1]}),
        Way::Edited,
        "a:\n  k:  # c\n    p:\n      - 1\n  m: 1\n",
    );
    check(
        "a:\n  k:  # c\n    p: 1  # d\n  m: 1\n",
        |v| v["a"]["k"] = json!("x"),
        Way::Edited,
        "a:\n  k: x  # c\n    # d\n  m: 1\n",
    );
    check(
        "a:\n  - x\n  - w  # c\n",
        |v| v["a"][1] = json!({"k": 1, "m": 2}),
        Way::Edited,
        "a:\n  - x\n  -  # c\n    k: 1\n    m: 2\n",
    );
    check(
        "a:\n  - x\n  - w\n",
        |v| v["a"][1] = json!({"k": 1, "m": 2}),
        Way::Spliced,
        "a:\n  - x\n  - k: 1\n    m: 2\n",
    );
    check(
        "a:\n  - k: 1  # c\n    m: 2\n",
        |v| v["a"][0] = json!([7, 8]),
        Way::Edited,
        "a:\n  -   # c\n    - 7\n    - 8\n",
    );
    check(
        "a:  # c\n  # d\n  - 1\n  # e\n",
        |v| v["a"] = json!({"k": 1}),
        Way::Edited,
        "a:  # c\n  # d\n  k: 1\n  # e\n",
    );
    check("a:\n  k: 1 # c\n", |v| v["a"] = json!({}), Way::Edited, "a: {}\n  # c\n");
}

#[test]
fn lists_in_lists_keep_their_dashes() {
    check(
        "a: # c\n- - 1\n  - 2\n- - 3\n",
        |v| v["a"][0] = json!([2]),
        Way::Edited,
        "a: # c\n- \n  - 2\n- - 3\n",
    );
    check(
        "a: # c\n- - 1\n  - 2\n- - 3\n",
        |v| v["a"][0] = json!([0, 1, 2]),
        Way::Edited,
        "a: # c\n- - 0\n  - 1\n  - 2\n- - 3\n",
    );
    check(
        "a: # c\n- - 1\n  - 2\n- - 3\n",
        |v| v["a"][1] = json!([3, [4]]),
        Way::Edited,
        "a: # c\n- - 1\n  - 2\n- - 3\n  - - 4\n",
    );
    check("a: # c\n- - 1\n", |v| v["a"][0] = json!([]), Way::Edited, "a: # c\n- [] \n");
    check("a: # c\n- 1\n", |v| v["a"] = json!([1, {"k": [2]}]), Way::Edited, "a: # c\n- 1\n- k:\n  - 2\n");
}

#[test]
fn flow_notation_stays_flow_notation() {
    let text = "a: [x, 'y', \"z\"]  # c\nb: {k: 1, m: [2, 3,], n}\n";
    check(text, |v| v["a"][1] = json!("w"), Way::Edited, &text.replace("'y'", "'w'"));
    check(text, |v| drop(v["a"].as_array_mut().unwrap().remove(1)), Way::Edited, &text.replace("'y', ", ""));
    check(text, |v| drop(v["a"].as_array_mut().unwrap().pop()), Way::Edited, &text.replace(", \"z\"", ""));
    check(
        text,
        |v| v["a"] = json!(["x", "y", "z", "a, b", {"k": "v"}]),
        Way::Edited,
        &text.replace("x, 'y', \"z\"", "x, 'y', \"z\", \"a, b\", {k: v}"),
    );
    check(text, |v| v["a"] = json!(["q", "r"]), Way::Edited, &text.replace("x, 'y', \"z\"", "q, 'r'"));
    check(text, |v| v["b"]["m"] = json!([2, 3, 4]), Way::Edited, &text.replace("3,]", "3, 4,]"));
    check(text, |v| v["b"]["m"] = json!([]), Way::Edited, &text.replace("[2, 3,]", "[]"));
    check(text, |v| remove(&mut v["b"], "k"), Way::Edited, &text.replace("k: 1, ", ""));
    check(
        text,
        |v| v["b"]["o"] = json!({"p": null, "q": "no"}),
        Way::Edited,
        &text.replace("3,], n", "3,], o: {q: \"no\"}, n"),
    );
    check("{a: 1, # c\n b: 2}\n", |v| v["b"] = json!("x"), Way::Whole, "{a: 1, # c\n b: x}\n");
    check(
        "a: [\n  x, # c\n  y # d\n]\n",
        |v| drop(v["a"].as_array_mut().unwrap().pop()),
        Way::Whole,
        "a: [\n  x # c\n   # d\n]\n",
    );
}

#[test]
fn shared_parts_are_refused_and_the_rest_is_edited() {
    let text = "a: &x\n  k: 1  # c\nb: *x\nc:\n  d: &y 1\n";
    assert_eq!(rewritten(text, |v| v["a"]["k"] = json!(2)), Err(RewriteError::Aliased { line: 2 }));
    assert_eq!(rewritten(text, |v| v["b"]["k"] = json!(2)), Err(RewriteError::Aliased { line: 3 }));
    assert_eq!(rewritten(text, |v| remove(v, "a")), Err(RewriteError::Aliased { line: 2 }));
    check(text, |v| remove(v, "b"), Way::Whole, &text.replace("b: *x\n", ""));
    check(text, |v| v["c"]["d"] = json!(2), Way::Whole, &text.replace("&y 1", "&y 2"));
    check(text, |v| v["c"]["e"] = json!(2), Way::Whole, &format!("{text}  e: 2\n"));
}

#[test]
fn odd_notations_are_refused_with_their_line() {
    for (text, line) in [("a:\n  ? k\n  : 1\n", 2), ("a:\n  - [k: 1]\n", 2), ("# c\n\na: {[1]: 2}\n", 3)] {
        let old = json!({"a": {"k": 1}});
        let error = rewrite(text, &old, &json!({"a": {"k": 2}})).unwrap_err();
        assert!(matches!(error, RewriteError::Unsupported { line: found, .. } if found == line), "{error:?}");
    }
}

#[test]
fn files_keep_their_line_ends() {
    let text = "# c\r\na:\r\n  k: 1 # d\r\nb: x\r\n";
    check(
        text,
        |v| v["a"]["m"] = json!("x\ny"),
        Way::Edited,
        "# c\r\na:\r\n  k: 1 # d\r\n  m: |-\r\n    x\r\n    y\r\nb: x\r\n",
    );
    check(
        text,
        |v| v["c"] = json!({"k": 1}),
        Way::Spliced,
        "# c\r\na:\r\n  k: 1 # d\r\nb: x\r\nc:\r\n  k: 1\r\n",
    );
    check(text, |v| v["b"] = json!("w"), Way::Edited, "# c\r\na:\r\n  k: 1 # d\r\nb: w\r\n");
    check("a:\n  - x # c", |v| v["a"] = json!(["x", "w"]), Way::Edited, "a:\n  - x # c\n  - w");
    check("a: 1", |v| v["a"] = json!({"k": 1}), Way::Edited, "a:\n  k: 1");
    check("a: 1", |v| v["b"] = json!(2), Way::Spliced, "a: 1\nb: 2\n");
}

#[test]
fn keys_may_be_quoted_and_texts_foreign() {
    let text = "\"a\": {'k': ü}\n'b é': # ñ\n  größe: \"日本\"\n";
    check(text, |v| v["a"]["k"] = json!("ö"), Way::Whole, &text.replace('ü', "ö"));
    check(text, |v| v["b é"]["größe"] = json!("中国"), Way::Whole, &text.replace("日本", "中国"));
    check(text, |v| v["b é"]["neu"] = json!("x: y"), Way::Whole, &format!("{text}  neu: \"x: y\"\n"));
}

/// What a type would make of a text: defaults filled in, empty parts left out, numbers normalized.
#[test]
fn only_the_change_of_a_typed_value_is_brought_in() {
    let text = "a:  # c\n  - text: x  # d\n    share: 1.50\n    tags: []\nb: {}\nc: [] # e\n";
    let old = json!({"a": [{"text": "x", "share": "1.5", "status": "open"}]});
    let mut new = old.clone();
    new["a"][0]["id"] = json!("it-1");
    new["a"].as_array_mut().unwrap().push(json!({"id": "it-2"}));
    let expected = text.replace("    tags: []\n", "    id: it-1\n    tags: []\n  - id: it-2\n");
    assert_eq!(rewrite(text, &old, &new), Ok(Rewritten { text: expected.clone(), way: Way::Edited }));
    new["b"] = json!({"k": 1});
    let expected = expected.replace("b: {}", "b:\n  k: 1");
    assert_eq!(rewrite(text, &old, &new), Ok(Rewritten { text: expected, way: Way::Edited }));
}

#[test]
fn a_wrong_old_value_is_found_out() {
    assert_eq!(rewrite("a: [1]\n", &json!({"a": [1, 2]}), &json!({"a": [1, 3]})), Err(RewriteError::Stale));
    assert_eq!(rewrite("- 1\n", &json!([1]), &json!([2])), Err(RewriteError::NotMapping));
    assert!(matches!(
        rewrite("a: [\n", &json!({"a": 1}), &json!({"a": 2})),
        Err(RewriteError::Unreadable(_))
    ));
    assert!(matches!(
        rewrite("a: 1\na: 1\n", &json!({"a": 1}), &json!({"a": 2})),
        Err(RewriteError::Unreadable(_))
    ));
}

#[test]
fn a_key_inside_of_a_text_is_not_taken_for_a_section() {
    let text = "a: \"x\nb: y\nc: z\"\n";
    check(text, |v| v["d"] = json!(1), Way::Whole, &format!("{text}d: 1\n"));
    check(text, |v| v["a"] = json!("q"), Way::Whole, "a: \"q\"\n");
}

#[test]
fn large_files_are_rewritten_in_time() {
    let within = |what: &str, text: &str, change: &dyn Fn(&mut Value)| {
        let start = std::time::Instant::now();
        let result = rewritten(text, change).unwrap();
        assert!(
            result.way > Way::Untouched && start.elapsed().as_secs() < 10,
            "{what}: {:?}",
            start.elapsed()
        );
    };
    let list: String = (0..10_000).map(|n| format!("  - id: i-{n} # c\n    n: {n}\n")).collect();
    within("every item", &format!("a: # c\n{list}"), &|v| {
        let items = v["a"].as_array_mut().unwrap();
        items.reverse();
        items.iter_mut().for_each(|item| item["m"] = json!("x"));
    });
    let numbers = "1, ".repeat(50_000);
    within("a line of numbers", &format!("a: [{numbers}] # c\n"), &|v| {
        v["a"].as_array_mut().unwrap().iter_mut().for_each(|number| *number = json!(2));
    });
    let keys: String = (0..10_000).map(|n| format!("k{n}: 'x'\n")).collect();
    within("every section", &keys, &|v| {
        let fields = v.as_object_mut().unwrap();
        fields.values_mut().for_each(|value| *value = json!("z"));
        fields.extend((0..5_000).map(|n| (format!("n{n}"), json!(n))));
    });
    within("a mapping of many", &format!("m: # c\n{}", keys.replace('k', "  k")), &|v| {
        let fields = v["m"].as_object_mut().unwrap();
        fields.retain(|key, _| !key.ends_with('7'));
        fields.extend((0..5_000).map(|n| (format!("n{n}"), json!(n))));
    });
}

#[test]
fn hostile_texts_are_refused_or_read_back() {
    let half = MAX_BYTES / 2;
    let (old, new) = (json!({"a": {"k": 1}}), json!({"a": {"k": 2}}));
    for text in [
        "[".repeat(half),
        "a: {k: ".repeat(half / 7),
        format!("a: {}k: 1", "- ".repeat(half / 2)),
        format!("a: &a 1\nb: [{}]", "*a,".repeat(half / 3)),
        format!("a: {}", "&a ".repeat(half / 3)),
        "a: {k: 1} #".repeat(half / 11),
        "&".repeat(half),
        format!("a:\n  k: 1\n{}", "  # c\n".repeat(half / 6)),
        format!("{}: 1", "k".repeat(half)),
    ] {
        let opening: String = text.chars().take(20).collect();
        if let Ok(written) = rewrite(&text, &old, &new) {
            let read: Value = read_value("hostile.yaml", &written.text).unwrap();
            assert_eq!(read, new, "{opening}");
        }
    }
}
