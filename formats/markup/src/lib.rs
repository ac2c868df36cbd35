//! Block grammar, WordPress text functions, sanitiser, plain text: bytes in, values out.
