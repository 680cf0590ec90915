//! Signals end the run loop cleanly: the first lets the present step finish.

use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::stage::Stage;

fn stops_by(signal: Signal) {
    let stage = Stage::sample();
    let mut child =
        stage.command(&["work", "--json"]).current_dir(stage.root()).stdout(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(600));
    assert!(child.try_wait().unwrap().is_none(), "it goes on while nothing stops it");
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    let asked = Instant::now();
    kill_process(pid, signal).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert!(String::from_utf8_lossy(&output.stdout).contains("\"stopped\":true"));
}

#[test]
fn an_interrupt_ends_with_130() {
    stops_by(Signal::INT);
}

#[test]
fn a_termination_ends_with_130() {
    stops_by(Signal::TERM);
}
