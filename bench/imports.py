"""Moving a site in: speed, memory, and the same again when nothing changed."""

import json
import shutil

import load
import servers
import sites

COLUMNS = [
    ("import", "name", 28),
    ("items", "items", 9),
    ("MB", "mb", 7),
    ("seconds", "seconds", 8),
    ("items/s", "items_per_second", 8),
    ("MB/s", "mb_per_second", 7),
    ("CPU s", "cpu_seconds", 7),
    ("peak MB", "peak_mb", 8),
]


def measure(work):
    small, large = (6_000, 12_000) if work.quick else (69_000, 230_000)
    rows = []
    for items in (small, large):
        dump = work.dump(items)
        data = work.folder / "imported"
        rows.append(one(work, "SQLite", dump, items, data))
        if items == large:
            rows.append(one(work, "SQLite, again", dump, items, data))
            rows += on_postgres(work, dump, items)
        shutil.rmtree(data)
        dump.unlink()
    load.table(rows, COLUMNS)
    return {"rows": rows}


def one(work, name, dump, items, data, database=None):
    report = work.folder / "report.json"
    row = sites.bring(dump, data, database=database, report=report)
    posts = json.loads(report.read_text())["tables"]["wp_posts"]
    if posts["rows"] != items or posts["refused"]:
        raise SystemExit(f"bench: the import of {items} items brought {posts}")
    size = dump.stat().st_size / 1e6
    name = f"{name}, {size / 1000:.1f} GB" if size >= 1000 else f"{name}, {size:.0f} MB"
    speed = {"items_per_second": round(items / row["seconds"]), "mb_per_second": round(size / row["seconds"], 1)}
    return {"name": name, "items": items, "mb": round(size), **row, **speed, "posts": posts}


def on_postgres(work, dump, items):
    data = work.folder / "imported-postgres"
    with servers.postgres("bench") as database:
        if not database:
            return []
        rows = [one(work, "PostgreSQL", dump, items, data, database), one(work, "PostgreSQL, again", dump, items, data, database)]
    shutil.rmtree(data, ignore_errors=True)
    return rows
