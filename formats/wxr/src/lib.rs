//! WordPress export (WXR) reader and writer.
