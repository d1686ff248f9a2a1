#!/usr/bin/env python3
"""What a store holds of paths, against an independent count from the printed records; and what becomes of a session that ends.

    DIMOUT=build/release/dimout tests/e2e_paths.py
"""

import ipaddress
from collections import Counter, defaultdict
from datetime import datetime, timezone
from itertools import groupby
from pathlib import Path

import support
from support import Checks, dimout, export, need_binary, replay, shared, tables

JINX = ["data/mrt/route-views.jinx.rib.20140530.2200.bz2", "data/mrt/route-views.jinx.updates.20140530.2345.bz2"]
VIEWS6 = ["data/mrt/route-views6.rib.20150922.1200.bz2"]
BIN = 300


def seconds(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc).timestamp())


def plain(path):
    """The path without prepending; "" for none, and for one that goes on behind a set of several."""
    words = []
    for word in path.split():
        members = sorted({int(number) for number in word.strip("{}").split(",")})
        words.append("{" + " ".join(map(str, members)) + "}" if len(members) > 1 else str(members[0]))
    hops = [word for word, _ in groupby(words)]
    return "" if any(word.startswith("{") for word in hops[:-1]) else " ".join(hops)


def is_counted(prefix):
    return int(prefix.split("/")[1]) >= (16 if ":" in prefix else 8)


def records(paths):
    """(second, kind, peer, prefix, plain path) of each printed record."""
    for path in paths:
        for line in dimout("inspect", "--format", "bgpdump", path).stdout.splitlines():
            fields = line.split("|")
            if fields[2] in "BAW" and is_counted(fields[5]):
                yield int(fields[1]), fields[2], str(ipaddress.ip_address(fields[3])), fields[5], plain(fields[6]) if fields[2] != "W" else ""


def units(net):
    bits = 32 if net.version == 4 else 48
    return 0 if net.prefixlen > bits else 1 << (bits - net.prefixlen)


def weights(table):
    """{path: [addresses less those of longer prefixes, prefixes]} of one session and family."""
    sums, stack = defaultdict(lambda: [0, 0]), []

    def close():
        net, path, left = stack.pop()
        sums[path][0] += left
        sums[path][1] += 1

    rows = sorted((int(net.network_address), net.prefixlen, net, path) for net, path in table)
    for _, _, net, path in rows:
        while stack and not net.subnet_of(stack[-1][0]):
            close()
        if stack:
            stack[-1][2] -= units(net)
        stack.append([net, path, units(net)])
    while stack:
        close()
    sums.pop("", None)
    return sums


def expected_rows(state):
    rows = {}
    for peer in {peer for peer, _ in state}:
        for v6 in "01":
            table = [(ipaddress.ip_network(prefix), path) for (other, prefix), path in state.items()
                     if other == peer and (":" in prefix) == (v6 == "1")]
            rows.update({(peer, v6, path): tuple(sums) for path, sums in weights(table).items()})
    return rows


def against_records(checks, name, paths, work):
    checks.section(f"Real: {name}")
    replay(paths, work / name, "--threads", 3)
    found = tables(export(work / name))
    state, look, sealed = {}, None, seconds(found["bins"][-1]["time"]) + BIN
    changes = Counter()
    for second, kind, peer, prefix, path in records(paths):
        if kind != "B":
            look = dict(state) if look is None else look
            before = state.get((peer, prefix), "")
            if second < sealed and before != path:
                changes[(second, peer, prefix, before, path)] += 1
        state[(peer, prefix)] = path
    look = state if look is None else look
    ours = {(row["peer"], row["v6"], row["path"]): (int(row["addresses"]), int(row["prefixes"])) for row in found["paths"]}
    wanted = expected_rows(look)
    wrong = [key for key in ours.keys() | wanted.keys() if ours.get(key) != wanted.get(key)]
    checks.check(f"{name}: what lies behind each path of each session", not wrong and ours,
                 f"{wrong[0]}: {ours.get(wrong[0])}, not {wanted.get(wrong[0])}" if wrong else f"{len(ours)} paths")
    told = Counter((seconds(row["time"]), row["peer"], row["prefix"], row["before"], row["after"])
                   for row in found["path_changes"] if row["prefix"])
    other = [key for key in told.keys() | changes.keys() if told[key] != changes[key]]
    checks.check(f"{name}: every change of a path, and no other", not other,
                 f"{other[0]}: {told[other[0]]}, not {changes[other[0]]}" if other else f"{sum(told.values())} changes")
    links = {(row["left_asn"], row["right_asn"]) for row in found["links"]}
    checks.check(f"{name}: every link of every path is known", links >= {
        (left, right) for row in found["paths"] if "{" not in row["path"]
        for left, right in zip(row["path"].split(), row["path"].split()[1:])}, f"{len(links)} links")


def session_that_ends(checks, work):
    checks.section("Simulated: a session that ends and comes back")
    dimout("simulate", "not-an-outage-session-reset-with-state", work / "reset")
    replay([work / "reset"], work / "reset-store", "--registry", work / "reset/registry")
    found = tables(export(work / "reset-store"))
    ended = [row for row in found["path_changes"] if not row["prefix"]]
    looks = defaultdict(set)
    for row in found["paths"]:
        looks[row["peer"]].add(row["time"])
    for row in ended:
        later = [time for time in looks[row["peer"]] if time > row["time"]]
        during = [one for one in found["path_changes"] if one["prefix"] and one["peer"] == row["peer"]
                  and row["time"] < one["time"] < min(later, default="9")]
        checks.check(f"{row['peer']}: ended at {row['time']}, is looked at again, and no change stands between",
                     later and not during, f"{min(later, default='never')}, {len(during)} changes")
    if not ended:
        losses = [row for row in found["path_changes"] if not row["after"]]
        checks.check("a session that was held all the time lost nothing for good", found["paths"],
                     f"{len(found['paths'])} paths, {len(losses)} losses")


def nothing_kept(checks, work):
    checks.section("Not wanted")
    replay([work / "reset"], work / "none", "--registry", work / "reset/registry", "--path-days", 0)
    found = tables(export(work / "none"))
    checks.check("--path-days 0 keeps no paths", not (found["paths"] or found["path_changes"] or found["links"]) and found["bins"])


def main():
    need_binary()
    checks = Checks("paths in a store")
    with support.workdir() as folder:
        work = Path(folder)
        session_that_ends(checks, work)
        nothing_kept(checks, work)
        for name, files in (("jinx", JINX), ("route-views6", VIEWS6)):
            if paths := shared(checks, name, *files):
                against_records(checks, name, paths, work)
    checks.finish()


if __name__ == "__main__":
    main()
