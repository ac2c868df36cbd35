//! The binary: arguments, composition, the list of types, the router.

fn main() {}
