//! Integration tests of the tools crate: real files, hostile files, and a model server's faults at the
//! wire. One binary, because each binary is linked anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests show their failures by panicking, and so does what they share"
)]

mod channels;
mod crm;
mod material;
mod model_real;
mod model_wire;
mod real;
