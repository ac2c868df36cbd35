//! What a file is, by its bytes: type sniffing and first facts.
