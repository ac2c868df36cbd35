//! Database handle, migrations, blobs, jobs, settings: the only place that opens them.
