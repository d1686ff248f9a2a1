"""What the archive path promises, each line measured against the tool that is its floor, and whether it is kept."""

import bz2
import gzip
import shutil
import statistics
import struct
import time
from pathlib import Path

from measure import measure, peak_of_nothing, ratios

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
        made = " (synthetic)" if name.startswith("bench/rib_slice") else ""
        self.report.row("targets", f"{work}: {name}{made}", [f"≤ {bound}", shown, kept], bound=bound,
                        ratio=[round(part, 4) for part in ratio], met=ratio[0] <= bound)

    def measure_all(self):
        self.report.line("\n### Targets\n")
        self.report.line("| work, file | must be | measured | |")
        self.report.line("|---|---|---|---|")
        self.rib_against_igzip()
        self.bzip2_wall()
        self.text_against_bgpdump()
        self.bytes_a_route()

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


def tool(name):
    if not shutil.which(name):
        print(f"SKIPPED  targets against {name}: it is not installed")
    return shutil.which(name) is not None
