//! Every command explains itself, with an example that its own parser takes.

use crate::stage::Stage;

/// All commands as their help names them, found by walking down from the top.
fn commands(stage: &Stage, above: &[String]) -> Vec<Vec<String>> {
    let mut arguments: Vec<&str> = above.iter().map(String::as_str).collect();
    arguments.push("--help");
    let help = stage.outside(&arguments).ok();
    let Some((_, list)) = help.split_once("Commands:\n") else { return vec![above.to_vec()] };
    let names = list.lines().take_while(|line| !line.is_empty());
    // A line that begins deeper goes on with the words of the one above.
    let names = names.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names
        .filter_map(|line| line.split_whitespace().next())
        .flat_map(|name| {
            let path: Vec<String> = above.iter().cloned().chain([name.to_owned()]).collect();
            commands(stage, &path)
        })
        .collect()
}

#[test]
fn every_command_has_an_example_of_itself() {
    let stage = Stage::empty();
    let all = commands(&stage, &[]);
    assert!(all.len() >= 25, "only {} commands were found: {all:?}", all.len());
    for command in all {
        let mut arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        arguments.push("--help");
        let help = stage.outside(&arguments).ok();
        let (_, examples) =
            help.split_once("Example").unwrap_or_else(|| panic!("{command:?} has no example"));
        assert!(examples.contains(&format!("csp {}", command.join(" "))), "{command:?}: {examples}");
    }
}

#[test]
fn the_top_lists_all_exit_codes() {
    let help = Stage::empty().outside(&["--help"]).ok();
    for row in [
        "0  done",
        "1  something failed",
        "2  wrong use",
        "3  what was given is refused",
        "4  what was named",
        "5  blocked",
        "130  interrupted",
    ] {
        assert!(help.contains(row), "{row}: {help}");
    }
}

#[test]
fn wrong_use_ends_with_2() {
    let stage = Stage::empty();
    for arguments in
        [&["nonsense"][..], &["emit"], &["plan", "show", "a", "--section", "14"], &["--now", "soon", "check"]]
    {
        stage.outside(arguments).ends(2);
    }
}
