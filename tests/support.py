"""What the end-to-end scripts share: the binary, the real data, counting, and a table of what was checked."""

import csv
import hashlib
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("DIMOUT_SHARED", ROOT.parent / "shared"))
DIMOUT = Path(os.environ.get("DIMOUT", ROOT / "build/release/dimout"))
SKIPPED = 77  # ./dev test counts this exit code as a skipped script.

# `dimout replay`: 2 is "done, but the input was incomplete".
DONE = (0, 2)


class Checks:
    """Counts what held. Every check prints one line, so that the log reads as a table."""

    def __init__(self, title):
        self.passed, self.failed, self.skipped = 0, 0, []
        print(f"{title}\n{'-' * len(title)}", flush=True)

    def check(self, name, holds, detail=""):
        self.passed, self.failed = self.passed + bool(holds), self.failed + (not holds)
        print(f"{'ok  ' if holds else 'FAIL'}  {name}{': ' if detail else ''}{detail}", flush=True)
        return bool(holds)

    def equal(self, name, found, wanted):
        return self.check(name, found == wanted, f"{found!r}" if found == wanted else f"found {found!r}, wanted {wanted!r}")

    def skip(self, name, why):
        self.skipped.append(name)
        print(f"SKIPPED  {name}: {why}", flush=True)

    def section(self, title):
        print(f"\n{title}", flush=True)

    def finish(self):
        if self.skipped:
            print(f"\nWARNING: {len(self.skipped)} not run: {', '.join(self.skipped)}")
        nothing = self.skipped and not self.passed and not self.failed
        note = f" (skipped, so not known to hold: {', '.join(self.skipped)})" if nothing else ""
        print(f"\n{self.passed} passed, {self.failed} failed{note}")
        sys.exit(SKIPPED if nothing else 1 if self.failed else 0)


def need_binary():
    if not os.access(DIMOUT, os.X_OK):
        print(f"no binary at {DIMOUT}: build it, or set DIMOUT.\n0 passed, 1 failed")
        sys.exit(1)


def shared(checks, what, *names):
    """The paths of real files, or None after a loud word when one is missing."""
    paths = [SHARED / name for name in names]
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        checks.skip(what, f"real data is missing: {', '.join(missing)}")
        return None
    return paths


def free_port(host="127.0.0.1"):
    with socket.create_server((host, 0)) as server:
        return server.getsockname()[1]


def told(path):
    """What `watch --format json` printed into a file: an outage a line."""
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def ordinary_user():
    """What to put before a command that must not be root's."""
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []


def workdir():
    """A folder that vanishes with the script; DIMOUT_KEEP=DIR keeps it there."""
    keep = os.environ.get("DIMOUT_KEEP")
    if not keep:
        return tempfile.TemporaryDirectory(prefix="dimout-e2e-")
    Path(keep).mkdir(parents=True, exist_ok=True)

    class Kept:
        def __enter__(self):
            return tempfile.mkdtemp(prefix=Path(sys.argv[0]).stem + "-", dir=keep)

        def __exit__(self, *_):
            pass

    return Kept()


def run(*command, timeout=600, env=None):
    """Runs a command; the caller judges its exit code. Output is text; bytes that are none are replaced."""
    return subprocess.run([str(c) for c in command], capture_output=True, timeout=timeout, stdin=subprocess.DEVNULL,
                          env=env, text=True, errors="replace", check=False)


def dimout(*arguments, timeout=600, allowed=DONE):
    """Runs dimout and insists on its exit code."""
    done = run(DIMOUT, *arguments, timeout=timeout)
    if done.returncode not in allowed:
        words = " ".join(str(a) for a in arguments)
        raise RuntimeError(f"dimout {words}: exit {done.returncode}: {done.stderr.strip()[-2000:]}")
    return done


def replay(archives, store, *options, registry=(), timeout=600, allowed=DONE):
    """`dimout replay`; the result's stderr is the summary."""
    command = ["replay", "--store", store]
    for path in archives:
        command += ["--archive", path]
    for path in registry:
        command += ["--registry", path]
    return dimout(*command, *options, timeout=timeout, allowed=allowed)


def export(store):
    return dimout("export", "--store", store, allowed=(0,)).stdout


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def tables(exported):
    """The canonical export as {table: [row]}: CSV rows as dicts, outages as objects."""
    found, name = {}, None
    for line in exported.splitlines():
        if line.startswith("# "):
            name = line[2:]
            found[name] = []
        else:
            found[name].append(line)
    return {name: [json.loads(line) for line in lines] if name == "outages" else list(csv.DictReader(io.StringIO("\n".join(lines))))
            for name, lines in found.items()}


def series(store, entity, signal, *options):
    """`dimout series --format json`: {"note": …, "points": [{"time", "value", "coverage"}]}."""
    return json.loads(dimout("series", "--store", store, "--entity", entity, "--signal", signal, "--format", "json",
                             *options).stdout)


def values(found):
    """The measured values of a series, in order."""
    return [point["value"] for point in found["points"] if point["value"] is not None]


def outages(store, *options):
    return json.loads(dimout("outages", "--store", store, "--format", "json", *options).stdout)


def file_list(folder):
    """{relative path: (size, hash of the content)} of everything under a folder."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            found[str(path.relative_to(folder))] = (len(data), hashlib.sha256(data).hexdigest())
    return found
