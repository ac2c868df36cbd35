//! Resources, pages, files: what a reader comes for.
