//! What evals promise: intervals that cover, verdicts that hold, scorers that catch what is planted.

mod coverage;
mod planted;
mod reference;
mod sampling;
mod suites;
