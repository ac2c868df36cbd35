"""What finding costs and how well it works: the index alone, on documents with passages in five languages; and known items."""

import re
import subprocess

import sites

MEASURE = sites.TARGET / "release" / "examples" / "measure"
PASSAGES = 10
LINE = re.compile(r"^(.+?)\s+median\s+([\d.]+) ms\s+95 %\s+([\d.]+) ms\s+99 %\s+([\d.]+) ms\s+(\d+) found")


def measure(work):
    """Median and 99th percentile of each kind of query at two sizes; how fast the index is filled; how soon one more is found."""
    if not MEASURE.exists():
        raise SystemExit(f"bench: {MEASURE} is missing: `make bench` builds it")
    found = {}
    for size in [work.sizes[0], work.sizes[-1]]:
        call = [str(MEASURE), str(size), str(PASSAGES)]
        done = subprocess.run(call, capture_output=True, text=True, check=True)
        print(f"\n  {size:,} documents, {size * PASSAGES:,} passages", flush=True)
        print("".join(f"  {line}\n" for line in done.stdout.splitlines()), end="", flush=True)
        rows = [LINE.match(line) for line in done.stdout.splitlines()]
        rate = re.search(r"\((\d+) passages/s\)", done.stdout)
        seen = re.search(r"found after (\d+) ms", done.stdout)
        found[f"{size:,}"] = {
            "passages_per_second": int(rate[1]) if rate else None,
            "found_after_ms": int(seen[1]) if seen else None,
            "queries": [
                {"name": row[1], "median_ms": float(row[2]), "p95_ms": float(row[3]), "p99_ms": float(row[4])}
                for row in rows
                if row
            ],
        }
    found["known_items"] = known_items()
    return found


def known_items():
    """Phrases from real documents, through the whole program: only where these documents are."""
    call = ["cargo", "test", "--quiet", "-p", "guidepost", "--test", "conformance_finding", "--", "--nocapture"]
    done = subprocess.run(call, capture_output=True, text=True, check=False, cwd=sites.ROOT)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("finding ", "documents: skipped"))]
    print("".join(f"  {line}\n" for line in lines), end="", flush=True)
    return lines
