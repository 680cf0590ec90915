//! `csp`: agents draft, rules govern, people approve Customer Success Plans. The only reader of arguments,
//! environment, clock and `csp.toml`; it wires the other crates together and holds no logic of theirs.

mod bench;
mod cli;
mod commands;
mod config;
mod events;
mod exit;
mod fault;
mod fresh;
mod judged;
mod logging;
mod outside;
mod scene;
mod show;
mod suites;
mod wire;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    logging::start(cli.global.verbose);
    let scene = scene::Scene::new(&cli.global);
    let ended = cli.command.run(&scene);
    scene.close(ended).into()
}
