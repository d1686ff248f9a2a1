#!/usr/bin/env python3
"""`replay --origins-only`: the table keeps of each path its end, and the result is the same but for path_changes and
for the moment at which a reset that nobody announced is taken to have begun.

    DIMOUT=build/release/dimout tests/e2e_origins_only.py
"""

import re
from pathlib import Path

import support
from support import Checks, dimout, export, need_binary, replay, shared, tables

# A loss, sessions that come and go, and prefixes of several origins.
SCENARIOS = ["outage-short", "not-an-outage-session-reset-with-state", "not-an-outage-session-reset-without-state",
             "not-an-outage-origin-change", "not-an-outage-upstream-change"]
REAL = [("jinx", ["data/mrt/route-views.jinx.rib.20140530.2200.bz2", "data/mrt/route-views.jinx.updates.20140530.2345.bz2"]),
        ("csu", [f"data/mrt/csu-arch{n}.20130101.mrt.gz" for n in range(4)]),
        ("route-views2", ["data/mrt/rib.20140523.0600_firstMB.bz2"]),
        ("route-views6", ["data/mrt/route-views6.rib.20150922.1200.bz2"]),
        ("ripe", ["data/mrt/bview.20020722.2337.gz", "data/mrt/updates.20020722.2238.gz"])]


def bins(store):
    """All tables of the export without what needs paths."""
    found = tables(export(store))
    for name in ("paths", "path_changes", "links"):
        found.pop(name)
    changes = 0
    for rows in found.values():
        for row in rows:
            if row.get("kind") == "peer_reset":
                row.pop("event_time")
            changes += int(row.pop("path_changes", 0) or 0)
    return found, changes


def bytes_a_route(summary):
    return float(re.search(r"([\d.]+) bytes a route", summary).group(1))


def compare(checks, name, archives, work, *options):
    whole = replay(archives, work / f"{name}-whole", *options)
    ends = replay(archives, work / f"{name}-ends", "--origins-only", *options)
    (wanted, all_changes), (found, changes) = bins(work / f"{name}-whole"), bins(work / f"{name}-ends")
    checks.check(f"{name}: the same tables", found == wanted and wanted, f"{sum(map(len, wanted.values()))} rows")
    checks.check(f"{name}: no more changes of origin than of path", changes <= all_changes, f"{changes} of {all_changes}")
    before, after = bytes_a_route(whole.stderr), bytes_a_route(ends.stderr)
    checks.check(f"{name}: tables of fewer bytes a route", after < before, f"{after}, with paths {before}")


def main():
    need_binary()
    checks = Checks("tables that keep of each path its end")
    with support.workdir() as folder:
        work = Path(folder)
        for name in SCENARIOS:
            dimout("simulate", name, work / name)
            compare(checks, name, [work / name], work, "--registry", work / name / "registry")
        for name, files in REAL:
            if paths := shared(checks, name, *files):
                compare(checks, name, paths, work)
    checks.finish()


if __name__ == "__main__":
    main()
