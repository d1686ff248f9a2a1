#!/usr/bin/env python3
"""The same input gives the same result: for any number of threads, any cuts between files, any order of
arguments, and for a second replay into the same store.

    DIMOUT=build/release/dimout tests/e2e_identity.py [SEED]

On simulated archives and on real ones. Exit: 0 all hold, 1 one does not.
"""

import json
import random
import sys
from datetime import datetime
from pathlib import Path

import mrt
import support
from support import Checks, digest, dimout, export, file_list, need_binary, replay, shared

# A loss, gaps of two kinds, and sessions that come and go: what could depend on timing or on files.
SCENARIOS = ["outage-short", "not-an-outage-missing-files", "not-an-outage-collector-silent",
             "not-an-outage-session-reset-without-state"]
REAL = [("jinx", ["data/mrt/route-views.jinx.rib.20140530.2200.bz2", "data/mrt/route-views.jinx.updates.20140530.2345.bz2"]),
        ("csu", [f"data/mrt/csu-arch{n}.20130101.mrt.gz" for n in range(4)])]
THREADS = (1, 2, 7)


def cut_again(rng, files, folder):
    """The records of some update files, in their order, in files cut at other places and packed otherwise."""
    rows = [record for path in files for record in mrt.records(mrt.decompress(path))]
    places = sorted(rng.sample(range(1, len(rows)), min(len(rows) - 1, len(files) + 3))) if len(rows) > 1 else []
    for number, (first, end) in enumerate(zip([0, *places], [*places, len(rows)])):
        mrt.compress(b"".join(rows[first:end]), folder / f"updates.{number:04}{rng.choice(['.gz', '.bz2', ''])}")


def is_dump(path):
    return any(word in path.name for word in ("rib", "bview"))


def recut_archive(rng, archive, folder):
    """An archive of many collectors: its tables as they are, its updates cut at other places."""
    for collector in sorted(p for p in archive.iterdir() if p.is_dir() and p.name != "registry"):
        found = sorted((p for p in collector.rglob("*") if p.is_file()), key=lambda p: (p.name.split(".")[1:3], p.name))
        for dump in filter(is_dump, found):
            mrt.compress(mrt.decompress(dump), folder / collector.name / "RIBS" / dump.name)
        cut_again(rng, [p for p in found if not is_dump(p)], folder / collector.name / "UPDATES")
    for name in ("archive.toml", "series.csv"):
        if (archive / name).exists():
            (folder / name).write_bytes((archive / name).read_bytes())


def write_series(rng, path, first, parts):
    """Two series beside the routes, a day before them and with them, with holes; and the same rows in other files."""
    rows = []
    for entity, signal, width in (("country/BT", "traffic.requests", 300), ("asn/520001", "probe.replies", 1800)):
        for start in range(first - 86400, first + 86400, width):
            if rng.random() < 0.97:
                rows.append(f"{start},{entity},{signal},{rng.choice(['', 0, 1, 2.5, 7])}")
    head = "time,entity,signal,value"
    path.write_text("\n".join([head, *rows]) + "\n")
    rng.shuffle(rows)
    for number, part in enumerate(parts):
        mrt.compress(("\n".join([head, *rows[number::len(parts)]]) + "\n").encode(), part)


def first_second(archive):
    """When the scenario begins, to the second."""
    begin = json.loads((archive / "truth.json").read_text())["from"]
    return int(datetime.fromisoformat(begin.replace("Z", "+00:00")).timestamp())


class Same:
    """Replays of one input, each of which must export what the first did."""

    def __init__(self, checks, name, work, options):
        self.checks, self.name, self.work, self.options = checks, name, work, options
        self.first = None

    def replay(self, how, archives, *options):
        store = self.work / how.replace(" ", "-").replace(",", "")
        replay(archives, store, *self.options, *options)
        text = export(store)
        if self.first is None:
            self.first = text
            lines = text.count("\n")
            self.checks.check(f"{self.name}: {how} exports something", lines > 20, f"{lines} lines, {digest(text)}")
        else:
            self.checks.check(f"{self.name}: {how} exports the same", text == self.first, self.difference(text))
        return store

    def difference(self, text):
        if text == self.first:
            return digest(text)
        ours, theirs = self.first.splitlines(), text.splitlines()
        table = ""
        for number, (one, other) in enumerate(zip(ours + [""] * len(theirs), theirs)):
            table = one if one.startswith("# ") else table
            if one != other:
                return f"{table} line {number}:\n      {one}\n      {other}"
        return f"{len(ours)} lines against {len(theirs)}"

    def again(self, store, how, archives, *options, files=True):
        """A second replay into a store that has it all."""
        before = file_list(store)
        replay(archives, store, *self.options, *options)
        text = export(store)
        self.checks.check(f"{self.name}: {how} exports the same", text == self.first, self.difference(text))
        if files:
            now = file_list(store)
            changed = sorted(p for p in before.keys() | now.keys() if before.get(p) != now.get(p))
            self.checks.check(f"{self.name}: {how} changes no file", not changed, ", ".join(changed) or f"{len(now)} files")


def with_series(checks, work, name, archive, recut, rng):
    """Samples of other signals beside the routes: their order and their files change nothing."""
    whole, parts = work / "series.csv", [work / "part1.csv.gz", work / "part2.csv.bz2", work / "part3.csv"]
    write_series(rng, whole, first_second(archive), parts)
    same = Same(checks, f"{name} with series", work, ["--registry", archive / "registry"])
    store = same.replay("series 1 thread", [archive], "--threads", 1, "--series", whole)
    same.replay("series 7 threads", [archive], "--threads", 7, "--series", whole)
    same.replay("series shuffled and cut", [recut], "--threads", 2, "--series", *parts)
    same.again(store, "series, a second replay", [archive], "--series", whole)
    samples = support.tables(same.first)["samples"]
    checks.check(f"{name}: samples are kept", len(samples) > 400, f"{len(samples)} samples")
    alone = Same(checks, f"{name}, series alone", work, ["--registry", archive / "registry"])
    alone.replay("alone", [], "--series", whole)
    alone.replay("alone cut", [], "--series", *parts)
    red = [row for row in support.tables(alone.first)["bins"] if row["v4_live"] != "0"]
    checks.check(f"{name}: without routes no bin knows any", not red, f"{len(red)} bins do")


def all_ways(checks, name, work, archives, recut, options):
    same = Same(checks, name, work, options)
    stores = [same.replay(f"{threads} threads", archives, "--threads", threads) for threads in THREADS]
    if len(archives) > 1:
        same.replay("files in reverse", archives[::-1])
    for number, cut in enumerate(recut):
        same.replay(f"other cuts {number + 1}", [cut], "--threads", 2)
    same.again(stores[0], "a second replay", archives)
    same.again(stores[1], "a second replay with other threads", archives, "--threads", 7)
    if recut:
        same.again(stores[2], "a second replay with other cuts", [recut[0]], files=False)
    for store in stores:
        checks.check(f"{name}: {store.name} is whole", dimout("check", "--store", store).returncode == 0)


def scenario(checks, work, name, rng):
    checks.section(f"Simulated: {name}")
    archive = work / "archive"
    dimout("simulate", support.ROOT / f"scenarios/{name}.scenario", archive)
    recut = [work / f"cut{n}" for n in range(2)]
    for folder in recut:
        recut_archive(rng, archive, folder)
    all_ways(checks, name, work, [archive], recut, ["--registry", archive / "registry"])
    if name == SCENARIOS[0]:
        with_series(checks, work, name, archive, recut[0], rng)


def real(checks, work, name, files, rng):
    checks.section(f"Real: {name}")
    found = shared(checks, f"identity on {name}", *files)
    if not found:
        return
    cut = work / "cut" / name
    for dump in filter(is_dump, found):
        mrt.compress(mrt.decompress(dump), cut / "RIBS" / dump.name)
    cut_again(rng, [p for p in found if not is_dump(p)], cut / "UPDATES")
    all_ways(checks, name, work, found, [cut], ["--collector", name])


def main():
    need_binary()
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    rng = random.Random(seed)
    checks = Checks(f"Identity, seed {seed}")
    with support.workdir() as folder:
        parts = [(scenario, name, (name,)) for name in SCENARIOS] + [(real, name, (name, files)) for name, files in REAL]
        for part, name, arguments in parts:
            work = Path(folder) / name
            work.mkdir()
            try:
                part(checks, work, *arguments, rng)
            except (RuntimeError, ValueError, OSError) as error:
                checks.check(name, False, f"broke off: {error!r}")
    checks.finish()


if __name__ == "__main__":
    main()
