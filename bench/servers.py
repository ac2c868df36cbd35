"""Servers for the length of a measurement: on a free port of 127.0.0.1, ended by their process id."""

import contextlib
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

import sites

STAND = 120  # Seconds that a server may take to answer; a first start builds the demo.


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port, path, headers=None):
    """Status, headers and body of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


class Server:
    """A process that answers on a port. `with` ends it."""

    def __init__(self, command, port, env=None, log=None):
        self.port = port
        self.log = log
        self.begun = time.monotonic()
        out = open(log, "wb") if log else subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **(env or {})})
        if log:
            out.close()

    @property
    def pid(self):
        return self.process.pid

    def first_page(self, path="/"):
        """Milliseconds from the start of the program to the last byte of its first answer."""
        while True:
            try:
                status, _, _ = get(self.port, path)
                break
            except (ConnectionError, http.client.HTTPException):
                if self.process.poll() is not None or time.monotonic() - self.begun > STAND:
                    raise SystemExit(f"bench: the server did not answer: {self.last_words()}") from None
                time.sleep(0.001)
        if status != 200:
            raise SystemExit(f"bench: {path} answered {status}")
        return (time.monotonic() - self.begun) * 1000

    def last_words(self):
        return pathlib.Path(self.log).read_text(errors="replace")[-2000:] if self.log else "it left no log"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def guidepost(data, command="serve", env=None):
    port = free_port()
    log = f"{data}.log"
    call = [sites.PROGRAM, "--data", str(data), "--listen", f"127.0.0.1:{port}", command]
    return Server([str(part) for part in call], port, env, log)


@contextlib.contextmanager
def postgres(name):
    """A new database of the PostgreSQL that scripts/with-servers started, by its address; nothing where there is none."""
    server = os.environ.get("GUIDEPOST_TEST_POSTGRES", "")
    if not server:
        print("  PostgreSQL: skipped, call `scripts/with-servers bench/run`", flush=True)
        yield None
        return
    name = f"{name}_{os.getpid()}"
    ask = ["psql", "-qX", "-d", server, "-c"]
    subprocess.run([*ask, f"create database {name}"], check=True)
    try:
        yield urllib.parse.urlparse(server)._replace(path=f"/{name}").geturl()
    finally:
        subprocess.run([*ask, f"drop database {name} with (force)"], check=True)


class Nginx(Server):
    """nginx serving a folder: the limit that this machine sets."""

    def __init__(self, files):
        self.folder = tempfile.TemporaryDirectory(prefix="guidepost-bench.")
        root = pathlib.Path(self.folder.name)
        root.chmod(0o755)
        for name, body in files.items():
            (root / name).write_bytes(body)
        port = free_port()
        scratch = "".join(f"{kind}_temp_path {root}/tmp;" for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
        (root / "nginx.conf").write_text(
            f"daemon off; worker_processes auto; pid {root}/pid; error_log {root}/error.log;"
            "events { worker_connections 512; }"
            f"http {{ {scratch} access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;"
            "types { text/html html; application/pdf pdf; }"
            f"server {{ listen 127.0.0.1:{port}; root {root}; }} }}"
        )
        program = next((p for p in ["/usr/sbin/nginx", "/usr/bin/nginx"] if os.path.exists(p)), "nginx")
        super().__init__([program, "-e", f"{root}/error.log", "-c", f"{root}/nginx.conf"], port, log=f"{root}/log")

    def __exit__(self, *error):
        super().__exit__(*error)
        self.folder.cleanup()
