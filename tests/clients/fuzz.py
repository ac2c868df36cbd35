"""Tries every route of the API with what its own description allows and forbids, as a visitor and as an administrator: no answer may be
one of a server that failed, and the site has to be whole afterwards. Ends with 1 when something is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

from site_of import ROOT, Site

HERE = Path(__file__).resolve().parent
TRIES = os.environ.get("GUIDEPOST_FUZZ_TRIES", "3")
# `coverage` tries every parameter at its limits and beyond them: seven minutes more.
PHASES = os.environ.get("GUIDEPOST_FUZZ_PHASES", "fuzzing")


def tried(site, *who):
    """The same values in every run."""
    call = [
        str(Path(sys.executable).with_name("st")),
        "--config-file",
        str(HERE / "schemathesis.toml"),
        "run",
        f"{site.url}/api/openapi.json",
        *["--checks", "not_a_server_error", "--phases", PHASES, "--max-examples", TRIES, "--seed", "1"],
        *["--generation-deterministic", "--request-timeout", "30", "--suppress-health-check", "all", "--warnings", "off", "--no-color"],
        *who,
    ]
    # It leaves notes where it runs.
    return subprocess.run(call, capture_output=True, text=True, check=False, cwd=site.folder.name)


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "target/debug/guidepost")
    wrong = 0
    with Site(program) as site:
        login = "fuzz"
        given = ["--email", "fuzz@library.example", "--role", "administrator", "--password-stdin"]
        site.run("users", "add", login, *given, given="a long enough password\n")
        password = json.loads(site.run("users", "app-password", login, "fuzz"))["password"]
        for name, who in [("a visitor", []), ("an administrator", ["--auth", f"{login}:{password}"])]:
            done = tried(site, *who)
            last = [line for line in done.stdout.splitlines() if line.strip()][-1:]
            print(f"{name}: {' '.join(last).strip('= ')}", flush=True)
            if done.returncode != 0:
                wrong = 1
                print(done.stdout[-6000:], done.stderr[-2000:], flush=True)
        site.run("check")
    sys.exit(wrong)


if __name__ == "__main__":
    main()
