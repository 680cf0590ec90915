//! Ctrl-C in the middle of a run: it ends soon, its log reads, and the rest can be run later.

use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::{Model, depots, eval, slowly};
use crate::stage::Stage;

/// The lines of the only log, as long as it is written.
fn written(stage: &Stage) -> usize {
    let logs = std::fs::read_dir(stage.root().join("evals/logs")).into_iter().flatten().flatten();
    logs.map(|log| std::fs::read_to_string(log.path()).unwrap().lines().count()).sum()
}

#[test]
fn an_interrupted_run_keeps_what_ended_and_goes_on_later() {
    let model = Model::new(slowly);
    let stage = depots(12);
    model.serve(&stage);
    let mut child = stage
        .command(&["eval", "run", "depots", "--concurrency", "2"])
        .current_dir(stage.root())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // A header and two lines; a run that never writes them would end the test by itself.
    while written(&stage) < 3 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stdout));
    let kept = written(&stage);
    assert!((3..13).contains(&kept), "{kept} lines");
    let resumed = eval(&stage, &["run", "depots", "--resume"]).ends(0).json();
    assert_eq!((written(&stage), resumed["errored"].as_array().unwrap().len()), (13, 0));
    assert_eq!(resumed["summary"]["origin"]["cases"], 12);
}
