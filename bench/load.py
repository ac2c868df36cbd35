"""Load by wrk, and what it costs the server."""

import math
import re
import subprocess
import tempfile
import time

import machine
import servers

UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60000.0}


def median(numbers):
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def wrk(port, paths, seconds, connections=8, host="127.0.0.1"):
    """Asks for the paths in turn on connections that stay open; requests, requests/s, latencies in ms."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        call = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
        if len(paths) > 1:
            listed = ",".join(f'"{path}"' for path in paths)
            script.write(f"local paths={{{listed}}} local at=0\n")
            script.write("request=function() at=at%#paths+1 return wrk.format(nil,paths[at]) end\n")
            script.flush()
            call += ["-s", script.name]
        done = subprocess.run([*call, f"http://{host}:{port}{paths[0]}"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"bench: wrk failed: {done.stderr.strip() or done.stdout.strip()}")
    return {
        "requests": int(re.search(r"(\d+) requests in", done.stdout)[1]),
        "per_second": float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1]),
        "p50_ms": latency(done.stdout, 50),
        "p99_ms": latency(done.stdout, 99),
        "failed": sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", done.stdout)),
    }


def latency(text, percent):
    """Nothing when no answer came in time to be counted."""
    found = re.search(rf"^\s*{percent}%\s+([\d.]+)(us|ms|s|m)$", text, re.MULTILINE)
    if not found:
        return None
    return round(float(found[1]) * UNITS[found[2]], 3)


def cost(server, paths, seconds, rounds):
    """Milliseconds of processor time per request, requests/s at 8 connections, and latency of one at a time."""
    wrk(server.port, paths, 1)
    seconds = max(seconds, longest(server.port, paths[0]))
    cpu, rate = [], []
    for _ in range(rounds):
        before = machine.cpu_seconds(server.pid)
        run = wrk(server.port, paths, seconds)
        if run["failed"] or not run["requests"]:
            raise SystemExit(f"bench: {paths[0]}: {run['failed']} requests failed of {run['requests']}")
        cpu.append((machine.cpu_seconds(server.pid) - before) * 1000 / run["requests"])
        rate.append(run["per_second"])
    alone = wrk(server.port, paths, seconds, connections=1)
    return {
        "cpu_ms": round(median(cpu), 3),
        "per_second": round(median(rate), 1),
        "p50_ms": alone["p50_ms"],
        "p99_ms": alone["p99_ms"],
    }


def longest(port, path):
    """So many seconds let a slow page be answered often enough to be measured."""
    begun = time.monotonic()
    servers.get(port, path)
    return min(10, math.ceil((time.monotonic() - begun) * 16))


def against(first, second, seconds, rounds):
    """Requests/s of two (port, path) in turns, so that whatever else the machine does meets both; medians and their ratio."""
    rates = ([], [])
    for port, path in (first, second):
        wrk(port, [path], 1)
    for _ in range(rounds):
        for (port, path), found in zip((first, second), rates):
            found.append(wrk(port, [path], seconds)["per_second"])
    mine, other = median(rates[0]), median(rates[1])
    return {"guidepost": round(mine, 1), "other": round(other, 1), "ratio": round(mine / other, 3)}


def table(rows, columns):
    """Lines of a table: columns are (heading, key, width); numbers stand right, words left."""
    cells = [[heading for heading, _, _ in columns]]
    cells += [[show(row.get(key)) for _, key, _ in columns] for row in rows]
    for line in cells:
        words = [c.ljust(w) if at == 0 else c.rjust(w) for at, (c, (_, _, w)) in enumerate(zip(line, columns))]
        print("  " + " ".join(words), flush=True)


def show(value):
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.2f}" if value < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
