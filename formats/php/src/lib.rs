//! PHP-serialised values: read and written byte for byte, never turned into objects.
