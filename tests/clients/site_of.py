"""The demo library on a free port, with so many resources more that harvests come in parts; it ends with this program."""

import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MORE = 130

ITEM = """<item><title>Added resource {n}</title><wp:post_id>{id}</wp:post_id><wp:post_name>added-{n}</wp:post_name>
<guid isPermaLink="false">https://elsewhere.example/?p={id}</guid><wp:post_type>post</wp:post_type><wp:status>publish</wp:status><wp:post_date>2026-03-04 05:06:07</wp:post_date>
<wp:post_date_gmt>2026-03-04 05:06:07</wp:post_date_gmt><content:encoded><![CDATA[<p>Text {n}</p>]]></content:encoded></item>
"""
EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>More</title><wp:wxr_version>1.2</wp:wxr_version>
{items}</channel></rss>
"""


class Site:
    """Runs the program in a folder of its own."""

    def __init__(self, program):
        self.program = program
        self.folder = tempfile.TemporaryDirectory(prefix="guidepost-clients-")
        self.data = Path(self.folder.name) / "data"
        self.child = None
        self.start("demo")
        self.stop()
        export = Path(self.folder.name) / "more.xml"
        items = "".join(ITEM.format(n=n, id=20_000 + n) for n in range(MORE))
        export.write_text(EXPORT.format(items=items))
        self.run("import", "wxr", str(export))
        self.url = self.start("serve")

    def environment(self):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GUIDEPOST_")}
        return clean | {"GUIDEPOST_DATA": str(self.data)}

    def run(self, *arguments, given=""):
        """Runs a command with something to read; what it prints."""
        call = [self.program, *arguments]
        return subprocess.run(call, env=self.environment(), check=True, capture_output=True, text=True, input=given).stdout

    def start(self, command):
        self.child = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", self.program, command, "--listen", "127.0.0.1:0"],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for line in self.child.stdout:
            found = re.search(r"Guidepost answers at (http://[^\s/]+)", line)
            if found:
                return found.group(1)
        raise SystemExit(f"{self.program} {command} does not start")

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        self.child.wait(timeout=30)
        self.child.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.folder.cleanup()
