"""Starting: how soon the first page is there, and what an idle server keeps in memory."""

import time

import load
import machine
import servers


def measure(work):
    site = work.large(work.sizes[-1])
    times, rest = [], {}
    for _ in range(2 if work.quick else 7):
        with servers.guidepost(site.data) as server:
            times.append(server.first_page(f"/guidance-{site.items // 2}/"))
            settle(server)
            rest = {
                "idle_mb": round(machine.memory_mb(server.pid), 1),
                "idle_without_files_mb": round(machine.memory_mb(server.pid, "RssAnon"), 1),
            }
    found = {"items": site.items, "first_page_ms": round(load.median(times), 1), "slowest_ms": round(max(times), 1)}
    found |= rest
    if "index" in site.made:
        found |= {"index": site.made["index"], "first_start_ms": site.made["first_start_ms"]}
    tell(found)
    return found


def settle(server):
    """Until the server has used no processor time for half a second: an idle one."""
    used, since = -1.0, time.monotonic()
    while time.monotonic() - since < 0.5:
        now = machine.cpu_seconds(server.pid)
        if now != used:
            used, since = now, time.monotonic()
        time.sleep(0.05)


def tell(found):
    print(f"  first page with {found['items']:,} items: {found['first_page_ms']} ms, slowest {found['slowest_ms']} ms")
    print(f"  idle memory: {found['idle_mb']} MB, {found['idle_without_files_mb']} MB of it not mapped files")
    if "index" in found:
        index = found["index"]
        print(f"  first start after the move, no index yet: {found['first_start_ms']} ms")
        print(f"  search index: {index['seconds']} s, {index['cpu_seconds']} s of CPU, peak {index['peak_mb']} MB")
