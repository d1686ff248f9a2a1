"""Seconds for an answer about a country of 1,000 networks from a store with the full table, asked two hours after the day's look."""

import statistics
import time

import full_table
from measure import measure

COUNTRY, NETWORKS = "country/HU", "1,002 networks"  # By the registries' files of ../shared/data/rir.
UPSTREAM = "AS3356"
WITHIN = {"": 1.0, " --without": 2.0}  # Seconds.


def make_store(dimout, archive, registry, store):
    measure([dimout, "replay", "--archive", archive, "--collector", "bench", "--registry", registry, "--store", store, "--quiet"])


def answers(dimout, store, runs, row):
    """One row each for wall and CPU; the store's files are in the page cache."""
    for what, options in (("", []), (" --without", ["--without", UPSTREAM])):
        taken = [measure([dimout, "depend", "--store", store, "--entity", COUNTRY, "--format", "json", *options])
                 for _ in range(runs + 1)][1:]
        for figure in ("wall", "cpu"):
            single = sorted(getattr(cost, figure) for cost in taken)
            row(f"seconds of {figure} for `depend{what}` of {NETWORKS}", "full table, 6.0 M paths of 48 sessions", WITHIN[what],
                (statistics.median(single), single[0], single[-1]))


def two_dumps(full, folder, interval):
    """The full table, and the same again `interval` seconds later."""
    archive = folder / "full.twice"
    if archive.exists():
        return archive
    archive.mkdir()
    for path, seconds in ((full, 0), (full_table.made_later(full, interval), interval)):
        moment = time.strftime("%Y%m%d.%H%M", time.gmtime(full_table.MIDNIGHT + seconds))
        (archive / f"rib.{moment}.gz").symlink_to(path)
    return archive
