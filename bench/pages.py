"""What a page costs: processor time of every kind of page, on the demo and on three sizes of library; against nginx; growth."""

import json
import os
import random
import re
import urllib.parse

import load
import servers
import sites

COLUMNS = [
    ("page", "name", 24),
    ("status", "status", 6),
    ("bytes", "bytes", 8),
    ("queries", "queries", 7),
    ("CPU ms", "cpu_ms", 7),
    ("req/s", "per_second", 8),
    ("p50 ms", "p50_ms", 7),
    ("p99 ms", "p99_ms", 7),
]
DEMO = "/guidelines-implementation-optional-protocol-sale-of-children/"


def measure(work):
    found = {"sites": {}, "growth": {}}
    chosen = [work.demo] + [lambda size=size: work.large(size) for size in work.sizes]
    for make in chosen:
        site = make()
        print(f"\n  {site.name} resources" if site.items else f"\n  {site.name}", flush=True)
        rows = [{**row, "queries": queries} for row, queries in zip(costs(work, site), statements(site))]
        load.table(rows, COLUMNS)
        found["sites"][site.name] = {"rows": rows, **site.made}
        if site.items in (None, work.sizes[1]):
            found["sites"][site.name]["nginx"] = beside_nginx(work, site)
    found["growth"] = growth(found["sites"], work.sizes)
    found["peer"] = peer(work)
    return found


def kinds(site):
    """The kinds of pages, each with the paths that are asked for in turn, and the status that is right."""
    if site.items:
        some = random.Random(7).sample(range(1, site.items + 1), min(200, site.items))
        resources = [f"/guidance-{number}/" for number in some]
        archive, word, rare = "/category/topic-7/", "children", str(site.items // 2)
        deep = [f"{archive}page/{max(2, site.items // 30 // 10 // 2)}/"]
    else:
        resources, archive, word, rare, deep = [demo_resource(site)], "/category/guidance/", "children", "hotels", []
    listed = [
        ("home", ["/"], 200),
        ("resource", resources, 200),
        ("archive", [archive], 200),
        ("archive, deep page", deep, 200),
        ("search, frequent word", [f"/?s={word}"], 200),
        ("search, rare word", [f"/?s={rare}"], 200),
        ("feed", ["/feed/"], 200),
        ("not found", ["/no-such-page-here/"], 404),
        ("file, 96 kB", [sites.UPLOAD], 200),
    ]
    return [kind for kind in listed if kind[1]]


def demo_resource(site):
    """The path of the demo's first resource in its feed."""
    with servers.guidepost(site.data) as server:
        server.first_page()
        body = servers.get(server.port, "/feed/")[2].decode()
    return urllib.parse.urlparse(re.search(r"<item>.*?<link>([^<]+)</link>", body, re.DOTALL)[1]).path


def costs(work, site):
    """Processor time per request, every page made anew."""
    rows = []
    with servers.guidepost(site.data, env={"GUIDEPOST_PAGE_CACHE": "off"}) as server:
        server.first_page()
        for name, paths, right in kinds(site):
            status, _, body = servers.get(server.port, paths[0])
            if status != right:
                raise SystemExit(f"bench: {paths[0]} of the site {site.name} answered {status}, not {right}")
            row = {"name": name, "path": paths[0], "status": status, "bytes": len(body)}
            rows.append({**row, **load.cost(server, paths, work.seconds, work.rounds)})
    return rows


def statements(site):
    """How many statements each page sends to the database, from the server's own log."""
    env = {"GUIDEPOST_PAGE_CACHE": "off", "GUIDEPOST_LOG": "sqlx::query=debug", "GUIDEPOST_LOG_FORMAT": "json"}
    counts = []
    with servers.guidepost(site.data, env=env) as server:
        server.first_page()
        for _, paths, _ in kinds(site):
            servers.get(server.port, paths[0])
            begin = os.path.getsize(server.log)
            servers.get(server.port, paths[0])
            with open(server.log, "rb") as log:
                log.seek(begin)
                lines = [line for line in log.read().splitlines() if line.startswith(b"{")]
            counts.append(sum(json.loads(line).get("target") == "sqlx::query" for line in lines))
    return counts


def beside_nginx(work, site):
    """A resource page and a file as a reader gets them, against nginx with the same bytes on disk."""
    results = {}
    with servers.guidepost(site.data) as server:
        server.first_page()
        asked = {"resource": kinds(site)[1][1][0], "file": sites.UPLOAD}
        names = {"resource": "resource.html", "file": "file.pdf"}
        bodies = {names[kind]: servers.get(server.port, path)[2] for kind, path in asked.items()}
        with servers.Nginx(bodies) as nginx:
            nginx.first_page("/resource.html")
            for kind, path in asked.items():
                run = load.against((server.port, path), (nginx.port, f"/{names[kind]}"), work.seconds + 1, work.rounds)
                results[kind] = run
                print(
                    f"  {kind}, requests/s: Guidepost {run['guidepost']:,.0f}, nginx {run['other']:,.0f}, ratio {run['ratio']}",
                    flush=True,
                )
    return results


def growth(measured, sizes):
    """Cost at the largest size by cost at the smallest, for every kind of page."""
    by_name = [{row["name"]: row["cpu_ms"] for row in measured[f"{size:,}"]["rows"]} for size in sizes]
    rows = []
    for name in by_name[0]:
        values = [site[name] for site in by_name]
        ratio = round(values[-1] / values[0], 2) if values[0] else None
        rows.append({"name": name, **{f"{size:,}": value for size, value in zip(sizes, values)}, "ratio": ratio})
    print("\n  growth: CPU ms at each size, and the largest by the smallest", flush=True)
    load.table(rows, [("page", "name", 24), *[(f"{size:,}", f"{size:,}", 9) for size in sizes], ("ratio", "ratio", 7)])
    return rows


def peer(work):
    """The same kinds of pages of a WordPress that runs already; only requests/s, since its processes are not ours."""
    address = os.environ.get("GUIDEPOST_PEER_URL", "")
    if not address:
        print("\n  WordPress: skipped, GUIDEPOST_PEER_URL names none", flush=True)
        return None
    at = urllib.parse.urlparse(address)
    if at.hostname not in ("127.0.0.1", "localhost") or not at.port:
        raise SystemExit(f"bench: GUIDEPOST_PEER_URL={address}: use an address like http://127.0.0.1:8181 of this machine")
    feed = servers.get(at.port, "/?feed=rss2")[2].decode(errors="replace")
    post = urllib.parse.urlparse(re.search(r"<item>.*?<link>([^<]+)</link>", feed, re.DOTALL)[1])
    resource = post.path + (f"?{post.query}" if post.query else "")
    rows = []
    for name, path in [("home", "/"), ("resource", resource), ("search, frequent word", "/?s=children"), ("feed", "/?feed=rss2")]:
        run = load.wrk(at.port, [path], work.seconds * 3)
        alone = load.wrk(at.port, [path], work.seconds * 3, connections=1)
        rows.append({"name": name, "path": path, **run, "p50_ms": alone["p50_ms"], "p99_ms": alone["p99_ms"]})
    print(f"\n  WordPress at {address}", flush=True)
    load.table(rows, [column for column in COLUMNS if column[1] in ("name", "per_second", "p50_ms", "p99_ms")])
    return rows
