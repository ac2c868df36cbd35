"""What a page weighs on the wire: a browser opens it through a door that counts."""

import http.server
import os
import shutil
import subprocess
import tempfile
import threading

import load
import pages
import servers

COLUMNS = [
    ("page", "name", 24),
    ("requests", "requests", 8),
    ("wire B", "wire", 9),
    ("page B", "page", 9),
    ("page br B", "page_br", 9),
    ("all br B", "all_br", 9),
]


def measure(work):
    browser = os.environ.get("GUIDEPOST_CHROMIUM") or shutil.which("chromium")
    site = work.demo()
    asked = {name: paths[0] for name, paths, _ in pages.kinds(site)}
    rows = []
    with servers.guidepost(site.data) as server:
        server.first_page()
        for name in ["home", "resource", "archive", "search, frequent word"]:
            rows.append({"name": name, "path": asked[name], **weigh(server.port, asked[name], browser)})
    load.table(rows, COLUMNS)
    if not browser:
        print("  requests: only the page itself is counted, no browser was found (scripts/setup bench)", flush=True)
    return {"rows": rows}


def weigh(port, path, browser):
    """Requests and bytes of a page with all that a browser fetches for it."""
    with Door(port) as door:
        if browser:
            with tempfile.TemporaryDirectory(prefix="guidepost-bench.") as profile:
                call = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}"]
                call += ["--window-size=1280,4000", "--dump-dom", f"http://127.0.0.1:{door.port}{path}"]
                subprocess.run(call, capture_output=True, timeout=120, check=True)
        else:
            servers.get(door.port, path)
    sizes = [plain_and_small(port, *asked) for asked in door.seen]
    return {
        "requests": len(door.seen),
        "wire": sum(wire for _, wire, _ in door.seen),
        "page": sizes[0][0],
        "page_br": sizes[0][1],
        "all_br": sum(small for _, small in sizes),
        "asked": [[asked, wire] for asked, wire, _ in door.seen],
    }


def plain_and_small(port, path, _, mime):
    """Bytes of an answer as they are, and after brotli where that is of use."""
    body = servers.get(port, path)[2]
    text = mime.startswith("text/") or any(kind in mime for kind in ("svg", "json", "xml"))
    return len(body), brotli(body) if text else len(body)


def brotli(body):
    """Bytes after brotli as a server would do it while answering (quality 5)."""
    program = shutil.which("brotli")
    if not program:
        raise SystemExit("bench: brotli is missing: scripts/setup bench")
    return len(subprocess.run([program, "-c", "-q", "5"], input=body, capture_output=True, check=True).stdout)


class Door:
    """Hands requests on to the server and notes path, bytes as sent, and media type."""

    def __init__(self, port):
        self.behind, self.seen = port, []
        door = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                status, headers, body = servers.get(door.behind, self.path, {"Accept-Encoding": "br, gzip"})
                door.seen.append((self.path, len(body), headers.get("Content-Type", "")))
                self.send_response(status)
                for name in ("Content-Type", "Content-Encoding", "Cache-Control", "Access-Control-Allow-Origin"):
                    if headers.get(name):
                        self.send_header(name, headers[name])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
