//! Whole-site import and export: nothing lost, every row accounted for.
