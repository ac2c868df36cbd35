//! Notes on the site's own statistics.
