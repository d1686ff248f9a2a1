"""How time and memory grow: one curve for each thing there can be more of, and the exponent of each.

An exponent is the slope of a straight line through the logarithms (least squares): 1 is linear. What a process that reads one
record takes is taken off first. Each point is measured once in each round, by turns, and the middle of the rounds counts."""

import math
import statistics
import struct
import time

import archive_day
import full_table
from measure import measure

PREFIXES = (50_000, 100_000, 200_000, 400_000, 800_000, 1_200_000)
STRIDES = (48, 24, 12, 6, 3, 2, 1)  # Of 48 sessions every so many-th.
COLLECTORS = (1, 2, 5, 10, 20)
HOURS = (3, 6, 12, 24)
ROUNDS = 3
FLAT = 8e6  # Bytes: a curve that rises by less has no exponent, and is said to be 0.


def exponent(points):
    """The slope of log cost over log size."""
    xs = [math.log(size) for size, _ in points]
    ys = [math.log(cost) for _, cost in points]
    x, y = statistics.mean(xs), statistics.mean(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys)) / sum((a - x) ** 2 for a in xs)


def of_prefixes(table, folder):
    """{size: path}: the first so many rows of every so many-th, so that each file has the whole address space."""
    total = sum(1 for _ in full_table.records(table)) - 1
    files = {}
    for size in PREFIXES:
        files[size] = full_table.Packed(folder / f"prefixes.{size}.gz")
    for number, (stamp, rest) in enumerate(full_table.records(table)):
        for size, file in files.items():
            if number == 0 or number * size // total > (number - 1) * size // total:
                file.write(stamp, rest)
    for file in files.values():
        file.close()
    return {size: file.path for size, file in files.items()}


def of_peers(table, folder):
    """{peers: path}: the same table as fewer sessions have it."""
    files = {stride: full_table.Packed(folder / f"peers.{48 // stride}.gz") for stride in STRIDES}
    for stamp, rest in full_table.records(table):
        kind, subtype, _ = struct.unpack_from(">HHI", rest)
        if subtype == archive_day.PEER_INDEX_TABLE:
            for file in files.values():
                file.write(stamp, rest)
            continue
        prefix, found = archive_day.entries(rest[8:])
        packed = [(peer, struct.pack(">HIH", peer, stamp, len(attributes)) + attributes) for peer, attributes in found]
        for stride, file in files.items():
            kept = [entry for peer, entry in packed if peer % stride == 0]
            if kept:
                body = prefix + struct.pack(">H", len(kept)) + b"".join(kept)
                file.write(stamp, archive_day.record(kind, subtype, body))
    for file in files.values():
        file.close()
    return {48 // stride: file.path for stride, file in files.items()}


def of_collectors(packed, folder):
    """{collectors: folder}: the same dump under many names; hard links, for of a soft one the file itself is read, once."""
    folders = {}
    for count in COLLECTORS:
        for number in range(count):
            place = folder / f"collectors.{count}" / f"rrc{number:02}" / "2015.09"
            place.mkdir(parents=True)
            (place / "bview.20150922.1200.gz").hardlink_to(packed)
        folders[count] = folder / f"collectors.{count}"
    return folders


class Growth:
    """Curves as rows of one table; `report` keeps them."""

    def __init__(self, report, dimout, folder):
        self.report, self.dimout, self.folder = report, dimout, folder

    def replay(self, path, *options):
        return [self.dimout, "replay", "--archive", path, "--store", "none", *(options or ("--threads", "1"))]

    def curve(self, what, commands, nothing):
        """`commands` by size; `nothing` is the command whose cost is in all of them."""
        taken = [{size: measure(command) for size, command in ({0: nothing} | commands).items()} for _ in range(ROUNDS)]
        middle = {size: (statistics.median(one[size].cpu for one in taken), statistics.median(one[size].peak for one in taken))
                  for size in taken[0]}
        cpu, peak = ([(size, max(middle[size][i] - middle[0][i], 1e-3)) for size in commands] for i in (0, 1))
        rise = exponent(cpu)
        memory = exponent(peak) if peak[-1][1] - peak[0][1] > FLAT else 0.0
        shown = ", ".join(f"{size:,}: {one:.2f} s {two / 1e6:,.0f} MB" for (size, one), (_, two) in zip(cpu, peak))
        self.report.row("growth", what, [shown, f"{rise:.2f}", f"{memory:.2f}", "≤ 1.1", "met" if rise <= 1.1 else "**missed**"],
                        cpu=cpu, peak=peak, exponent=round(rise, 3), memory_exponent=round(memory, 3), bound=1.1, met=rise <= 1.1)

    def measure_all(self, nothing, slice_, full, packed_v6, day):
        """Files as paths; those that are None are left out."""
        self.report.line("\n### Growth\n")
        self.report.line("CPU seconds and largest memory, less what a process that reads one record takes (of bins: the first bin).\n")
        self.report.line("| of what | points | exponent of time | of memory | time must be | |")
        self.report.line("|---|---|---|---|---|---|")
        one = ("--threads", "1", "--collector", "bench")
        empty = self.replay(nothing, *one)
        if full:
            files = of_prefixes(full, self.folder)
            self.curve("prefixes, 48 sessions (synthetic)", {n: self.replay(path, *one) for n, path in files.items()}, empty)
        if slice_:
            files = of_peers(slice_, self.folder)
            self.curve("sessions, 150,000 prefixes (synthetic)", {n: self.replay(path, *one) for n, path in files.items()}, empty)
            self.threads(slice_, one)
        if packed_v6:
            folders = of_collectors(packed_v6, self.folder)
            self.curve("collectors of 27 IPv6 sessions", {n: self.replay(path) for n, path in folders.items()}, empty)
        if day:
            self.bins(day, one)

    def bins(self, day, one):
        def until(seconds):
            moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(archive_day.MIDNIGHT + seconds))
            return self.replay(day, *one, "--until", moment)
        self.curve("bins of real churn, 33 sessions", {hours * 12: until(hours * 3600) for hours in HOURS}, until(301))

    def threads(self, table, one):
        """No curve of two points: how much sooner two shards are done, and what they cost more."""
        costs = {n: [measure(self.replay(table, "--threads", str(n), *one[2:])) for _ in range(ROUNDS)] for n in (1, 2)}
        def middle(figure, n):
            return statistics.median(getattr(cost, figure) for cost in costs[n])
        wall, cpu, peak = (middle(figure, 2) / middle(figure, 1) for figure in ("wall", "cpu", "peak"))
        self.report.row("growth", "two threads against one, rib_slice (synthetic)",
                        [f"wall {wall:.2f}, CPU {cpu:.2f}, memory {peak:.2f}", "", "", "", ""], wall=round(wall, 3), cpu=round(cpu, 3),
                        peak=round(peak, 3))
