"""One process measured, and several against the last of them by turns."""

import gzip
import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path


class Failed(Exception):
    pass


@dataclass
class Cost:
    cpu: float  # User and system seconds of the whole process.
    wall: float  # Seconds.
    peak: int  # Largest RSS in bytes; not less than that of this process when it was started.
    text: str  # What it said on stderr.


def cache_folder():
    """What takes minutes to make and is the same each time."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "dimout/bench"


def measure(command):
    with tempfile.TemporaryFile() as errors:
        begin = time.monotonic()
        child = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        text = errors.read().decode(errors="replace")
    if child.returncode not in (0, 2):  # 2: done, and the input is known to be torn.
        raise Failed(f"{' '.join(map(str, command))}: exit {child.returncode}: {text[-500:]}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024, text)


def ratios(commands, runs, figure="cpu", before=lambda: None):
    """For each command but the last: its figure against the last one's, as (of medians, least, most). `before` goes before
    each command: what it leaves behind must not help the next run."""
    taken = []
    for _ in range(runs):
        row = []
        for command in commands:
            before()
            row.append(getattr(measure(command), figure))
        taken.append(row)
    columns = list(zip(*taken))
    found = []
    for column in columns[:-1]:
        single = [ours / theirs for ours, theirs in zip(column, columns[-1])]
        found.append((statistics.median(column) / statistics.median(columns[-1]), min(single), max(single)))
    return found


def peak_of_nothing(command_for, folder):
    """The largest RSS of a process that reads one record worth nothing; `command_for` makes its command from a path."""
    path = Path(folder) / "empty.mrt.gz"
    keepalive = bytes.fromhex("53890000" "0010" "0004" "00000027" "0000fde8" "0000fde9" "0000" "0001" "c0000201" "c0000202") + \
        b"\xff" * 16 + bytes.fromhex("001304")
    path.write_bytes(gzip.compress(keepalive))
    return statistics.median(measure(command_for(path)).peak for _ in range(3))
