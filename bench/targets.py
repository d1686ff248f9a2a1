"""What the archive path promises, each line measured against the tool that is its floor, and whether it is kept."""

import bz2
import gzip
import os
import shutil
import statistics
import struct
import subprocess
import time
from pathlib import Path

import archive_day
import depend
import full_table
from growth import Growth
from measure import Failed, cache_folder, measure, peak_of_nothing, ratios

DUMP_INTERVAL = 7200  # Seconds between two dumps of RouteViews.


def opened(path):
    return (bz2 if path.name.endswith(".bz2") else gzip).open(path)


def records(path):
    """(stamp, the rest) of each whole MRT record (RFC 6396 §2). One at a time: what this process holds is counted as memory of
    the processes that it starts."""
    with opened(path) as file:
        while True:
            try:
                head = file.read(12)
                body = file.read(struct.unpack_from(">I", head, 8)[0]) if len(head) == 12 else b""
            except EOFError:  # A file cut short on purpose.
                return
            if len(head) < 12 or len(body) < struct.unpack_from(">I", head, 8)[0]:
                return
            yield struct.unpack_from(">I", head)[0], head[4:] + body


def written_as_gzip(path, target, later=0):
    with gzip.open(target, "wb", compresslevel=6) as file:
        for stamp, rest in records(path):
            file.write(struct.pack(">I", stamp + later) + rest)
    return target


def repacked_as_gzip(path, folder):
    return written_as_gzip(path, Path(folder) / (path.name.removesuffix(".bz2") + ".gz"))


def two_dumps(path, folder):
    """A folder with the dump and, two hours later, the same dump."""
    target = Path(folder) / (path.name + ".twice")
    target.mkdir()
    first = next(stamp for stamp, _ in records(path))
    for later in (0, DUMP_INTERVAL):
        moment = time.strftime("%Y%m%d.%H%M", time.gmtime(first + later))
        written_as_gzip(path, target / f"rib.{moment}.gz", later)
    return target


class Targets:
    """Rows of one table; `report` keeps them."""

    def __init__(self, report, dimout, shared, folder, here):
        self.report, self.dimout, self.shared, self.folder, self.here = report, dimout, shared, Path(folder), here

    def replay(self, path, *options):
        return [self.dimout, "replay", "--archive", path, "--collector", "bench", *options]

    def row(self, work, name, bound, ratio):
        kept = "met" if ratio[0] <= bound else "**missed**"
        shown = f"{ratio[0]:.2f} ({ratio[1]:.2f}–{ratio[2]:.2f})"
        made = " (synthetic)" if name.startswith(("bench/rib_slice", "full table")) else ""
        self.report.row("targets", f"{work}: {name}{made}", [f"≤ {bound}", shown, kept], bound=bound,
                        ratio=[round(part, 4) for part in ratio], met=ratio[0] <= bound)

    def measure_all(self):
        self.report.line("\n### Targets\n")
        self.report.line("| work, file | must be | measured | |")
        self.report.line("|---|---|---|---|")
        self.full = full_table.made(self.shared)
        self.rib_against_igzip()
        self.updates_against_bgpkit()
        self.bzip2_wall()
        self.text_against_bgpdump()
        self.bytes_a_route()
        self.bytes_a_route_of_full_table()
        self.answers_of_full_table()
        self.day = archive_day.made(self.shared, records)
        self.bytes_a_day()
        self.growth()

    def rib_against_igzip(self):
        if not tool("igzip"):
            return
        for name, path in self.here(["bench/rib_slice.mrt.gz"]):
            store = self.folder / "store"
            commands = [self.replay(path, "--store", "none", "--threads", "1"),
                        self.replay(path, "--store", store, "--threads", "1"), ["igzip", "-dc", path]]
            found = ratios(commands, self.report.runs, before=lambda: shutil.rmtree(store, ignore_errors=True))
            self.row("CPU to tables against `igzip -dc`", name, 3.0, found[0])
            self.row("CPU to a store against `igzip -dc`", name, 4.0, found[1])

    def updates_against_bgpkit(self):
        """Both go through all elements of one file, so CPU against CPU is CPU an element against CPU an element."""
        counter = count_elements()
        if counter is None:
            return
        real = self.here(["data/mrt/updates.et-header.2015.gz", "data/mrt/ris.updates.20190101.0000.gz"])
        for name, path in real + ([("full table: updates", self.full[1])] if self.full else []):
            ours = self.replay(path, "--store", "none", "--threads", "1")
            self.row("CPU an element to tables and sealed bins against bgpkit-parser counting", name, 0.25,
                     ratios([ours, [counter, path]], self.report.runs)[0])

    def bzip2_wall(self):
        for name, path in self.here(["data/mrt/route-views.jinx.rib.20140530.2200.bz2",
                                     "data/mrt/route-views6.rib.20150922.1200.bz2"]):
            for threads, other in ((1, ["bzip2", "-dc", path]), (2, ["lbzip2", "-n2", "-dc", path])):
                if not tool(other[0]):
                    continue
                ours = self.replay(path, "--store", "none", "--threads", str(threads))
                found = ratios([ours, other], self.report.runs, figure="wall")[0]
                self.row(f"wall to tables, {threads} thread{'s'[:threads - 1]}, against `{' '.join(other[:-1])}`", name, 1.15, found)

    def text_against_bgpdump(self):
        if not tool("bgpdump"):
            return
        for name, bound in (("data/mrt/route-views.jinx.rib.20140530.2200.bz2", 0.08),
                            ("data/mrt/rib.20140523.0600_firstMB.bz2", 0.12)):
            for shown, path in self.here([name]):
                packed = repacked_as_gzip(path, self.folder)
                commands = [[self.dimout, "inspect", "--format", "bgpdump", packed], ["bgpdump", "-m", packed]]
                self.row("CPU of `inspect --format bgpdump` against `bgpdump -m`, as gz", shown, bound,
                         ratios(commands, self.report.runs)[0])

    def bytes_a_route(self):
        """At the peak of the second dump of a collector, less a process that reads one record."""
        floor = peak_of_nothing(lambda path: self.replay(path, "--store", "none", "--threads", "1"), self.folder)
        for name, path in self.here(["data/mrt/rib.20140523.0600_firstMB.bz2", "data/mrt/route-views6.rib.20150922.1200.bz2"]):
            archive = two_dumps(path, self.folder)
            taken = [measure(self.replay(archive, "--store", "none", "--threads", "1")) for _ in range(3)]
            routes = self.report.routes_of(taken[0].text)
            single = sorted((cost.peak - floor) / routes for cost in taken)
            self.row("bytes a route at the second dump, process less an empty one", name, 18,
                     (statistics.median(single), single[0], single[-1]))

    def bytes_a_route_of_full_table(self):
        """The same of the made table, with whole paths and with origins alone; once, for it takes a while."""
        if not self.full:
            return
        archive = depend.two_dumps(self.full[0], self.folder, DUMP_INTERVAL)
        floor = peak_of_nothing(lambda path: self.replay(path, "--store", "none", "--threads", "1"), self.folder)
        for what, bound, options in (("", 10, []), (", origins only", 4, ["--origins-only"])):
            cost = measure(self.replay(archive, "--store", "none", "--threads", "1", *options))
            bytes_a_route = (cost.peak - floor) / self.report.routes_of(cost.text)
            self.row("bytes a route at the second dump, process less an empty one", "full table" + what, bound, (bytes_a_route,) * 3)

    def answers_of_full_table(self):
        registry = self.here(["data/rir"])
        if not self.full or not registry:
            return
        store = self.folder / "full.store"
        depend.make_store(self.dimout, depend.two_dumps(self.full[0], self.folder, DUMP_INTERVAL), registry[0][1], store)
        depend.answers(self.dimout, store, self.report.runs, self.row)
        shutil.rmtree(store)

    def bytes_a_day(self):
        """Of a store, after the day was closed: its segments and the outages."""
        if not self.day:
            return
        for what, options in (("all", []), ("without paths", ["--path-days", "0"])):
            store = self.folder / f"day.{len(options)}"
            measure([self.dimout, "replay", "--archive", self.day, "--collector", "bench", "--store", store, "--threads", "1", *options])
            day = time.strftime("%Y%m%d", time.gmtime(archive_day.MIDNIGHT))
            files = [*(store / "segments").glob(f"{day}.*"), store / "outages.ndjson"]
            size = sum(path.stat().st_size for path in files) / 1e6
            self.row("MB of a store for a day, 106,000 entities, real churn", f"jinx table, route-views2 updates, {what}", 30, (size,) * 3)
            shutil.rmtree(store)

    def growth(self):
        def first(name):
            found = self.here([name])
            return found[0][1] if found else None
        nothing = self.folder / "empty.mrt.gz"
        peak_of_nothing(lambda path: self.replay(path, "--store", "none"), self.folder)
        v6 = first("data/mrt/route-views6.rib.20150922.1200.bz2")
        Growth(self.report, self.dimout, self.folder).measure_all(
            nothing, first("bench/rib_slice.mrt.gz"), self.full and self.full[0], v6 and repacked_as_gzip(v6, self.folder), self.day)


def count_elements():
    """The path of peers/bgpkit, built into the cache; None where there is no cargo. Never in CI: it downloads."""
    source = Path(__file__).resolve().parent / "peers/bgpkit"
    work = cache_folder() / "bgpkit"
    program = work / "target/release/count-elements"
    newest = max(path.stat().st_mtime for path in source.rglob("*") if path.is_file())
    if program.exists() and program.stat().st_mtime >= newest:
        return program
    if os.environ.get("CI") or not tool("cargo"):
        return None
    shutil.copytree(source, work, dirs_exist_ok=True)
    if subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=work, check=False).returncode != 0:
        raise Failed(f"cargo could not build {work}")
    program.touch()
    return program


def tool(name):
    if not shutil.which(name):
        print(f"SKIPPED  targets against {name}: it is not installed")
    return shutil.which(name) is not None
