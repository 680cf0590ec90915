//! Rules, the pure decide function, the run loop and the commit.
