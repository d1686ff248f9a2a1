#!/usr/bin/env python3
"""Every real file, damaged: windows of up to 256 KiB cut anywhere and with flipped bytes, and damaged
compressed copies, through `inspect` and `replay`: no crash, no hang, and what is wrong is counted.

    DIMOUT_ASAN=build/asan/dimout tests/e2e_damage.py [SEED]

Without DIMOUT_ASAN the ordinary binary is taken, which finds less. DIMOUT_DAMAGE=all: 100 cuts, 1,000 flips and
20 damaged compressed copies of each file (tests/soak/damage.sh); otherwise 50 of each kind over all files.
DIMOUT_DAMAGE_SHARE=1/2 takes every second file only.
Files that broke it are kept in build/damage. Exit: 0 all hold, 1 one does not, 77 no data.
"""

import bz2
import gzip
import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import mrt
import support
from support import SHARED, Checks, need_binary

WINDOW = 256 * 1024
ALL = os.environ.get("DIMOUT_DAMAGE") == "all"
# Seconds that one process may take before we call it a hang: at least these, and so many for each file.
TIMEOUT, TIMEOUT_A_FILE = 60, 30
FOUND = support.ROOT / "build/damage"
# Done, done with errors counted, or refused with a sentence. The sanitizers end with 99.
WELL = (0, 1, 2)
SANITIZED = {"ASAN_OPTIONS": "exitcode=99:max_allocation_size_mb=4096:detect_leaks=1",
             "UBSAN_OPTIONS": "exitcode=99:halt_on_error=1:print_stacktrace=1"}
REPORT = re.compile(r"Sanitizer|runtime error:|terminate called|Assertion|DIMOUT_CHECK")


def binary():
    found = Path(os.environ.get("DIMOUT_ASAN") or support.DIMOUT)
    return found if os.access(found, os.X_OK) else support.DIMOUT


class Source:
    """A real file: its records' places, and its peer index, which every window of a table needs."""

    def __init__(self, path):
        self.path, self.name = path, path.name
        self.data = mrt.decompress(path)
        self.starts, at = [], 0
        for record in mrt.records(self.data):
            self.starts.append(at)
            at += len(record)
        first = next(mrt.records(self.data), b"")
        is_index = len(first) >= mrt.HEADER.size and mrt.HEADER.unpack_from(first)[1:3] == (13, 1)
        self.index = first if is_index and len(first) < WINDOW // 2 else b""

    def window(self, rng):
        """Whole records of at most 256 KiB with the peer index before them, as [record]."""
        first = rng.randrange(len(self.starts))
        size, records = rng.randrange(256, WINDOW), [self.index] if self.index and first > 0 else []
        taken = sum(map(len, records))
        for record in mrt.records(self.data[self.starts[first]:self.starts[first] + WINDOW - taken]):
            if taken + len(record) > size and len(records) > bool(self.index):
                break
            records.append(record)
            taken += len(record)
        return records


def cut(rng, source):
    """A window that ends within a record: always an error."""
    records = source.window(rng)
    last = max(1, len(records[-1]))
    return b"".join(records[:-1]) + records[-1][:rng.randrange(1, last) if last > 1 else 1]


def flipped(rng, source):
    """A window in which some bytes are others: mostly one, now and then a burst."""
    data = bytearray(b"".join(source.window(rng)))
    for _ in range(1 if rng.random() < 0.7 else rng.randrange(2, 60)):
        data[rng.randrange(len(data))] ^= rng.randrange(1, 256)
    return bytes(data)


def compressed(rng, source):
    """The file as it was packed, or a window packed by us; damaged at one or several places."""
    packed = source.path.read_bytes()
    if rng.random() < 0.4 or packed[:2] not in (b"BZ", b"\x1f\x8b"):
        packed = pack(rng, b"".join(source.window(rng)))
    if not ALL:
        packed = packed[:2 * WINDOW]
    data = bytearray(packed)
    kind = rng.randrange(5)
    place, length = rng.randrange(len(data)), rng.randrange(1, 4096)
    if kind == 0:
        return bytes(data[:max(1, place)])
    if kind == 1:
        data[place:place + length] = b""
    elif kind == 2:
        data[place:place + length] = bytes(len(data[place:place + length]))
    elif kind == 3:
        data[place:place] = rng.randbytes(length)
    else:
        for _ in range(rng.randrange(1, 20)):
            data[rng.randrange(len(data))] ^= rng.randrange(1, 256)
    return bytes(data) or b"\0"


def pack(rng, data):
    kind = rng.randrange(3)
    if kind == 2 and shutil.which("zstd"):
        return subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return bz2.compress(data) if kind == 1 else gzip.compress(data, 6)


KINDS = {"cuts": (cut, 100), "flips": (flipped, 1000), "compressed": (compressed, 20)}


def call(arguments, files):
    """(exit code or 'hang', stderr, seconds) of one process; what it prints is thrown away."""
    started = time.monotonic()
    try:
        done = subprocess.run([str(binary()), *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=max(TIMEOUT, TIMEOUT_A_FILE * len(files)), check=False, env=os.environ | SANITIZED)
    except subprocess.TimeoutExpired as error:
        return "hang", (error.stderr or b"").decode(errors="replace"), time.monotonic() - started
    return done.returncode, done.stderr.decode(errors="replace"), time.monotonic() - started


def inspect(files):
    return call(["inspect", "--format", "text", *files], files)


def replay(files):
    """All variants of one file as one collector."""
    command = ["replay", "--store", "none", "--threads", "1", "--collector", "damaged"]
    for path in files:
        command += ["--archive", path]
    return call(command, files)


COMMANDS = {"inspect": inspect, "replay": replay}


def is_well(result):
    code, error, _ = result
    return code in WELL and not REPORT.search(error) and (code != 1 or "dimout:" in error)


class Tally:
    def __init__(self):
        self.files, self.bad, self.slowest = 0, [], 0.0

    def broke(self, command, path, result):
        FOUND.mkdir(parents=True, exist_ok=True)
        kept = FOUND / f"{command}-{path.name}"
        shutil.copy(path, kept)
        error = result[1].strip()
        sentence = next((line for line in error.splitlines() if REPORT.search(line)), error[-200:])
        self.bad.append(f"dimout {command} {kept}: exit {result[0]}: {sentence[:300]}")


def try_files(command, files, tally):
    """One process for all of them; one each when that did not go well."""
    result = COMMANDS[command](files)
    tally.files += len(files)
    tally.slowest = max(tally.slowest, result[2])
    if len(files) > 1 and not is_well(result):
        alone = [(path, COMMANDS[command]([path])) for path in files]
        broken = [(path, one) for path, one in alone if not is_well(one)]
        for path, one in broken:
            tally.broke(command, path, one)
        if not broken and not is_well(result):
            tally.broke(command, files[0], result)
            tally.bad[-1] += f" (only together with the {len(files) - 1} after it)"
    elif not is_well(result):
        tally.broke(command, files[0], result)
    return result


def uncounted(command, files, result):
    """Sentences when torn files gave fewer errors than there are files."""
    code, error, _ = result
    if code == "hang":
        return []
    if command == "inspect":
        missing = [path.name for path in files if str(path) not in error]
    else:
        errors = re.search(r"(\d+) errors", error)
        missing = [] if errors and int(errors[1]) >= len(files) else [f"{errors[1] if errors else 'no'} errors in {len(files)} torn files"]
    return [f"{command} (exit {code}): {m}" for m in missing]


def one_source(rng, source, kind, count, folder, tallies, silent):
    make = KINDS[kind][0]
    batch_size = 25 if ALL else 10
    for first in range(0, count, batch_size):
        files = []
        for number in range(first, min(count, first + batch_size)):
            path = folder / f"{source.name}.{kind}.{number}"
            path.write_bytes(make(rng, source))
            files.append(path)
        for command in COMMANDS:
            result = try_files(command, files, tallies[command, kind])
            if kind == "cuts":
                silent += uncounted(command, files, result)
        for path in files:
            path.unlink()


def shares(rng, sources, kind):
    """How many of a kind each file gets."""
    if ALL:
        return {source: KINDS[kind][1] for source in sources}
    counts = dict.fromkeys(sources, 0)
    for source in rng.choices(sources, k=50) if len(sources) > 50 else [*sources, *rng.choices(sources, k=50 - len(sources))]:
        counts[source] += 1
    return counts


def main():
    need_binary()
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    rng = random.Random(seed)
    checks = Checks(f"Damage, seed {seed}, {binary()}")
    if not os.environ.get("DIMOUT_ASAN"):
        print("      WARNING: DIMOUT_ASAN is not set: a binary without sanitizers finds less.")
    folder = SHARED / "data/mrt"
    if not folder.is_dir():
        checks.skip("damage to every real file", f"{folder} is missing")
        checks.finish()
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.stat().st_size > 0)
    part, parts = map(int, os.environ.get("DIMOUT_DAMAGE_SHARE", "1/1").split("/"))
    paths = paths[part - 1::parts]
    counts = {kind: shares(rng, paths, kind) for kind in KINDS}
    tallies = {(command, kind): Tally() for command in COMMANDS for kind in KINDS}
    silent = []
    with support.workdir() as work:
        for path in paths:
            started = time.monotonic()
            source = Source(path)
            for kind in KINDS:
                one_source(rng, source, kind, counts[kind][path], Path(work), tallies, silent)
            if ALL:
                print(f"      {path.name}: {time.monotonic() - started:.0f} s", flush=True)
    print(f"      {len(paths)} real files; each line: files tried, those that broke it, the slowest process")
    for (command, kind), tally in tallies.items():
        checks.check(f"{command:8} {kind:10} {tally.files:6} {len(tally.bad):3} {tally.slowest:5.1f} s", not tally.bad,
                     "".join("\n      " + bad for bad in tally.bad[:10]))
    checks.check("every torn file is an error that is counted", not silent, f"{len(silent)}: " + "; ".join(silent[:5]) if silent else "")
    checks.finish()


if __name__ == "__main__":
    main()
