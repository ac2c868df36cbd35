"""The sites that are measured: the demo library, and libraries of a given size made by importing a generated dump."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import machine
import servers

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PROGRAM = TARGET / "release" / "guidepost"
GENERATOR = TARGET / "release" / "examples" / "gendump"
UPLOAD = "/wp-content/uploads/2026/11/checklist-legislators-ar.pdf"


class Work:
    """The folder of this run, and how large everything is to be."""

    def __init__(self, quick, keep):
        for program in (PROGRAM, GENERATOR):
            if not program.exists():
                raise SystemExit(f"bench: {program} is missing: `make bench` builds it")
        self.quick = quick
        places = TARGET / "bench"
        places.mkdir(parents=True, exist_ok=True)
        # A run that keeps nothing has a folder of its own, so that two of them do not meet.
        self.folder = places / ("quick" if quick else "full") if keep else pathlib.Path(tempfile.mkdtemp(dir=places))
        self.folder.mkdir(exist_ok=True)
        self.sizes = [600, 1000, 2000] if quick else [1000, 20_000, 100_000]
        self.seconds, self.rounds = (1, 1) if quick else (2, 3)

    def demo(self):
        """Data folder of the demo library."""
        data = self.folder / "demo"
        if not (data / "ready").exists():
            with servers.guidepost(data, "demo") as server:
                server.first_page()
            (data / "ready").touch()
        return Site("demo", data, None, {})

    def large(self, items):
        """A site of so many resources, indexed."""
        data = self.folder / str(items)
        made = {}
        if not (data / "ready").exists():
            shutil.rmtree(data, ignore_errors=True)
            dump = self.dump(items)
            made["import"] = bring(dump, data, uploads=self.uploads())
            dump.unlink()
            if items >= self.sizes[-1]:
                # As after every move: the first start finds no index yet.
                with servers.guidepost(data) as server:
                    made["first_start_ms"] = round(server.first_page(), 1)
            made["index"] = run([PROGRAM, "--data", data, "reindex"])
            (data / "ready").write_text(json.dumps(made))
        return Site(f"{items:,}", data, items, json.loads((data / "ready").read_text()))

    def uploads(self):
        """An uploads folder with one file of the demo."""
        folder = self.folder / "uploads"
        copy = folder / "2026" / "11" / UPLOAD.rpartition("/")[2]
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "demo" / "uploads" / "2026" / "11" / copy.name, copy)
        return folder

    def dump(self, items):
        """A generated dump; the same size gives the same bytes."""
        path = self.folder / f"{items}.sql"
        with open(path, "wb") as out:
            subprocess.run([GENERATOR, "--items", str(items)], stdout=out, check=True)
        return path


class Site:
    """A data folder that is ready to be served."""

    def __init__(self, name, data, items, made):
        self.name, self.data, self.items, self.made = name, data, items, made


def run(command):
    """Runs a program to its end: seconds, processor seconds, and the most memory that it ever had."""
    begun = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode != 0:
        raise SystemExit(f"bench: {command[0]} ended with {process.returncode}: {said.decode(errors='replace')[-2000:]}")
    return {
        "seconds": round(time.monotonic() - begun, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_mb": round(used.ru_maxrss / 1024, 1),
        "load": machine.load(),
    }


def bring(dump, data, uploads=None, database=None, report=None):
    """Imports a dump; see `run` for what comes back."""
    command = [PROGRAM, "--data", data, "import", "site", dump]
    for option, value in [("--uploads", uploads), ("--database", database), ("--report", report)]:
        if value:
            command += [option, value]
    return run(command)
