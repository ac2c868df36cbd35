"""The API that WordPress's clients know: what reading and writing cost, and fifty writers at once on both databases."""

import base64
import http.client
import json
import os
import subprocess
import threading
import time
import urllib.parse

import load
import machine
import servers
import sites

POSTS = "/wp-json/wp/v2/posts"
WRITERS = 50
COLUMNS = [
    ("request", "name", 34),
    ("status", "status", 6),
    ("bytes", "bytes", 8),
    ("CPU ms", "cpu_ms", 7),
    ("req/s", "per_second", 8),
    ("p50 ms", "p50_ms", 7),
    ("p99 ms", "p99_ms", 7),
]
READS = [
    ("10 posts", f"{POSTS}?per_page=10"),
    ("10 posts, _embed", f"{POSTS}?per_page=10&_embed=1"),
    ("search", "/wp-json/wp/v2/search?search=children"),
]


def measure(work):
    found = {"rows": costs(work), "peer": peer(work)}
    seconds = 5 if work.quick else 60
    found["writers"] = [written(work, "SQLite", seconds, None), *on_postgres(work, seconds)]
    return found


class Person:
    """Somebody with an application password, on a connection of their own."""

    def __init__(self, port, login, password):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        secret = base64.b64encode(f"{login}:{password}".encode()).decode()
        self.headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}

    def ask(self, method, path, body=None, **headers):
        text = None if body is None else json.dumps(body)
        self.connection.request(method, path, text, {**self.headers, **headers})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()


def person(data, port, login, database=None):
    """A new editor."""
    call = [str(sites.PROGRAM), "--data", str(data)]
    if database:
        call += ["--database", database]
    mail = f"{login}@library.example"
    add = [*call, "users", "add", login, "--email", mail, "--role", "editor", "--password-stdin"]
    subprocess.run(add, input="a long enough password\n", text=True, check=True, capture_output=True)
    made = subprocess.run([*call, "users", "app-password", login, "bench"], text=True, check=True, capture_output=True)
    return Person(port, login, json.loads(made.stdout)["password"])


def costs(work):
    """Reading as a visitor, with pages kept and without, then asking, making and changing as an editor."""
    site = work.large(work.sizes[1])
    print(f"\n  {site.name} resources", flush=True)
    rows = []
    for kept in (False, True):
        with servers.guidepost(site.data, env={} if kept else {"GUIDEPOST_PAGE_CACHE": "off"}) as server:
            server.first_page()
            for name, path in READS:
                status, _, body = servers.get(server.port, path)
                if status != 200:
                    raise SystemExit(f"bench: {path} answered {status}: {body[:200]}")
                row = {"name": f"{name}, kept" if kept else name, "path": path, "status": status, "bytes": len(body)}
                rows.append({**row, **load.cost(server, [path], work.seconds, work.rounds)})
            if not kept:
                rows += by_an_editor(work, server, person(site.data, server.port, f"bench{os.getpid()}"))
    load.table(rows, COLUMNS)
    return rows


def by_an_editor(work, server, editor):
    times = 30 if work.quick else 300
    ids = []

    def make(number):
        body = {"title": f"Written {number}", "content": "<p>Words of a new resource</p>", "status": "publish"}
        status, _, answer = editor.ask("POST", POSTS, body)
        ids.append(json.loads(answer)["id"])
        return status, len(answer)

    def change(number):
        status, _, answer = editor.ask("POST", f"{POSTS}/{ids[number]}", {"content": f"<p>Other words {number}</p>"})
        return status, len(answer)

    def options(_):
        status, _, answer = editor.ask("OPTIONS", POSTS)
        return status, len(answer)

    rows = [in_turn("OPTIONS", server, times, options)]
    rows.append(in_turn("10 posts, by an editor", server, times, lambda _: read(editor)))
    rows.append(in_turn("one create", server, times, make))
    rows.append(in_turn("one update", server, times, change))
    return rows


def read(editor):
    status, _, answer = editor.ask("GET", f"{POSTS}?per_page=10&context=edit")
    return status, len(answer)


def in_turn(name, server, times, ask):
    """One request after the other on one connection."""
    spent, cpu = [], machine.cpu_seconds(server.pid)
    for number in range(times):
        begun = time.monotonic()
        status, size = ask(number)
        spent.append((time.monotonic() - begun) * 1000)
        if status not in (200, 201):
            raise SystemExit(f"bench: {name} answered {status}")
    cpu = (machine.cpu_seconds(server.pid) - cpu) * 1000 / times
    spent.sort()
    return {
        "name": name,
        "status": status,
        "bytes": size,
        "cpu_ms": round(cpu, 3),
        "per_second": round(1000 * times / sum(spent), 1),
        "p50_ms": round(spent[times // 2], 3),
        "p99_ms": round(spent[times * 99 // 100], 3),
    }


def peer(work):
    """The same reads of a WordPress that runs already."""
    address = os.environ.get("GUIDEPOST_PEER_URL", "")
    if not address:
        print("\n  WordPress: skipped, GUIDEPOST_PEER_URL names none", flush=True)
        return None
    port = urllib.parse.urlparse(address).port
    rows = []
    for name, path in READS:
        route, _, query = path.removeprefix("/wp-json").partition("?")
        path = f"/?rest_route={urllib.parse.quote(route)}&{query}"
        run = load.wrk(port, [path], work.seconds * 3)
        alone = load.wrk(port, [path], work.seconds * 3, connections=1)
        rows.append({"name": name, "path": path, **run, "p50_ms": alone["p50_ms"], "p99_ms": alone["p99_ms"]})
    print(f"\n  WordPress at {address}", flush=True)
    load.table(rows, [column for column in COLUMNS if column[1] in ("name", "per_second", "p50_ms", "p99_ms")])
    return rows


def on_postgres(work, seconds):
    with servers.postgres("writers") as database:
        return [written(work, "PostgreSQL", seconds, database)] if database else []


def written(work, name, seconds, database):
    """Fifty writers: each makes resources of their own, and all count on in one and the same by its version (`If-Match`)."""
    data = work.folder / f"writers-{name}"
    with servers.guidepost(data, env={"GUIDEPOST_DATABASE": database} if database else {}) as server:
        server.first_page()
        first = person(data, server.port, "writer0", database)
        shared = json.loads(first.ask("POST", POSTS, {"title": "Counted", "content": "0", "status": "publish"})[2])["id"]
        writers = [first] + [person(data, server.port, f"writer{n}", database) for n in range(1, WRITERS)]
        tally = [writing(shared) for _ in writers]
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=count_on, args=(writer, own, until)) for writer, own in zip(writers, tally)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        counted = json.loads(first.ask("GET", f"{POSTS}/{shared}?context=edit")[2])["content"]["raw"]
    spent = sorted(time for own in tally for time in own["spent"])
    row = {
        "name": name,
        "writers": WRITERS,
        "seconds": seconds,
        "counted": sum(own["counted"] for own in tally),
        "refused": sum(own["refused"] for own in tally),
        "made": sum(own["made"] for own in tally),
        "errors": [error for own in tally for error in own["errors"]],
        "lost": sum(own["counted"] for own in tally) - int(counted),
        "writes_per_second": round(len(spent) / seconds, 1),
        "p50_ms": round(spent[len(spent) // 2], 1),
        "p99_ms": round(spent[len(spent) * 99 // 100], 1),
    }
    print(
        f"  {name}, {WRITERS} writers for {seconds} s: {row['writes_per_second']} writes/s, {row['p50_ms']} ms (p99 {row['p99_ms']}), "
        f"{row['counted']} counted on, {row['refused']} told to read again, {row['made']} made, {len(row['errors'])} errors, {row['lost']} lost",
        flush=True,
    )
    if row["errors"] or row["lost"]:
        raise SystemExit(f"bench: {row}")
    return row


def writing(shared):
    """What a writer did so far."""
    return {"shared": f"{POSTS}/{shared}", "counted": 0, "refused": 0, "made": 0, "errors": [], "spent": []}


def count_on(writer, own, until):
    def timed(method, path, body, **headers):
        begun = time.monotonic()
        status, _, answer = writer.ask(method, path, body, **headers)
        own["spent"].append((time.monotonic() - begun) * 1000)
        return status, answer

    try:
        while time.monotonic() < until:
            status, headers, answer = writer.ask("GET", f"{own['shared']}?context=edit")
            value = int(json.loads(answer)["content"]["raw"])
            status, answer = timed("POST", own["shared"], {"content": str(value + 1)}, **{"If-Match": headers["ETag"]})
            if status not in (200, 412):
                own["errors"].append((status, answer[:200].decode(errors="replace")))
            own["counted"] += status == 200
            own["refused"] += status == 412
            status, answer = timed("POST", POSTS, {"title": "One more", "content": "<p>Words</p>", "status": "publish"})
            if status != 201:
                own["errors"].append((status, answer[:200].decode(errors="replace")))
            own["made"] += status == 201
    except (OSError, ValueError, KeyError, http.client.HTTPException) as error:
        own["errors"].append((0, repr(error)))
