"""How fast documents are read, each in a process of its own, as a running site reads them: the demo's, and real ones where they are."""

import json
import os
import pathlib
import statistics
import subprocess
import time

import load
import sites

ENDINGS = {".pdf", ".docx", ".odt", ".pptx", ".odp", ".xlsx", ".epub", ".html", ".rtf"}
COLUMNS = [
    ("documents", "name", 12),
    ("files", "files", 6),
    ("pages", "pages", 6),
    ("seconds", "seconds", 8),
    ("pages/s", "pages_per_second", 8),
    ("ms/file, median", "median_ms", 15),
    ("slowest file", "slowest", 40),
]


def measure(work):
    """Pages a second over all files of a folder, one after another; starting the process and its limits count."""
    fixtures = pathlib.Path(os.environ.get("GUIDEPOST_FIXTURES", sites.ROOT.parent / "shared" / "fixtures"))
    folders = {"demo": sites.ROOT / "demo" / "uploads", "real": fixtures / "documents"}
    rows = [read(name, folder) for name, folder in folders.items() if folder.is_dir()]
    load.table(rows, COLUMNS)
    return {"rows": rows}


def read(name, folder):
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    pages, times = 0, []
    for file in files:
        call = [str(sites.PROGRAM), "documents", "extract", "--format", "json", str(file)]
        begun = time.perf_counter()
        done = subprocess.run(call, capture_output=True, check=False, timeout=120)
        times.append((time.perf_counter() - begun, file.name))
        told = json.loads(done.stdout) if done.stdout.startswith(b"{") else {}
        pages += len(told.get("pages") or [])
    seconds = sum(seconds for seconds, _ in times)
    slowest = max(times)
    return {
        "name": name,
        "files": len(files),
        "pages": pages,
        "seconds": round(seconds, 2),
        "pages_per_second": round(pages / seconds),
        "median_ms": round(statistics.median(seconds for seconds, _ in times) * 1000, 1),
        "slowest": f"{slowest[1]}: {slowest[0] * 1000:.0f} ms",
    }
