//! What runs on the machine.
fn main() {}
