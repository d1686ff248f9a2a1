#!/usr/bin/env python3
"""Real routing tables: countries against an independent count, peers, a forged path, and an outage written
into a real table.

    DIMOUT=build/release/dimout tests/e2e_real_tables.py

The real data lies in ../shared, or where DIMOUT_SHARED says. Exit: 0 all hold, 1 one does not, 77 no data.
"""

import bisect
import gzip
import ipaddress
import re
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

import mrt
import support
from support import Checks, dimout, need_binary, outages, replay, series, shared, tables, values

JINX = "data/mrt/route-views.jinx.rib.20140530.2200.bz2"
DELEGATED = ["data/rir/delegated-apnic-20140701.gz", "data/rir/delegated-ripencc-20140630.gz",
             "data/rir/delegated-lacnic-20140629.gz", "data/rir/delegated-afrinic-20140630.gz"]
ORIGINS = "data/asn/ipasn_20140513.dat.gz"
COUNTRIES = ["CN", "JP", "KR", "DE", "GB", "BR", "FR", "IT", "RU", "AU"]

# A whole table's 30844 is the one full feed of this collector; the other side is the collector itself.
PEER, LOCAL = ("196.223.14.55", 30844), ("196.223.14.80", 6447)
NORTH_KOREA = [f"175.45.{third}.0/24" for third in (176, 177, 178, 179)]
WITHDRAWN = datetime(2014, 5, 30, 23, 15, 20, tzinfo=timezone.utc)
ANNOUNCED = datetime(2014, 5, 31, 0, 40, 10, tzinfo=timezone.utc)

# file: peers in the index, with routes, full-feed sessions, full-feed ASNs.
PEERS = [("data/mrt/rib.20140523.0600_firstMB.bz2", "IPv4", 47, 35, 31, 29),
         ("data/mrt/route-views6.rib.20150922.1200.bz2", "IPv6", 29, 27, 25, 21),
         ("data/mrt/rib6.20151101.0600_firstMB.bz2", "IPv6", 29, 27, 25, 21)]


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


# ---------------------------------------------------------------- the count that knows nothing of dimout


def merge(spans):
    """Disjoint sorted [first, end) intervals with the same union."""
    merged = []
    for first, end in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([first, end])
    return merged


def routed_space(path):
    spans = []
    for line in gzip.open(path, "rt"):
        if line[0] == ";":
            continue
        network = ipaddress.ip_network(line.split()[0])
        if 8 <= network.prefixlen <= 24:  # As methods §1.2: shorter is no network's, longer is not seen everywhere.
            first = int(network.network_address)
            spans.append((first, first + network.num_addresses))
    return merge(spans)


def delegated_space(paths):
    """Country → disjoint intervals of what the registries gave it."""
    spans = {}
    for path in paths:
        for line in gzip.open(path, "rt", errors="replace"):
            row = line.strip().split("|")
            if len(row) >= 7 and row[2] == "ipv4" and row[6] in ("allocated", "assigned"):
                first = int(ipaddress.ip_address(row[3]))
                spans.setdefault(row[1], []).append((first, first + int(row[4])))
    return {country: merge(found) for country, found in spans.items()}


def overlap(owned, routed):
    starts = [first for first, _ in routed]
    total = 0
    for first, end in owned:
        i = max(bisect.bisect_right(starts, first) - 1, 0)
        while i < len(routed) and routed[i][0] < end:
            total += max(0, min(end, routed[i][1]) - max(first, routed[i][0]))
            i += 1
    return total


# ------------------------------------------------------------------------------------ the real table


def level(store, entity, signal):
    found = values(series(store, entity, signal))
    return found[-1] if found else None


def check_north_korea(checks, store):
    for entity in ("country/KP", "asn/131279", "asn-country/131279.KP"):
        for signal, wanted in (("bgp.visible_slash24", 4), ("bgp.visible_slash24_strict", 4), ("bgp.visible_addresses", 1024)):
            checks.equal(f"{entity} {signal}", level(store, entity, signal), wanted)
    note = series(store, "country/KP", "bgp.visible_slash24")["note"]
    checks.check("the series says that one full-feed ASN speaks", "1 of 1" in note, note)
    plot = dimout("series", "--store", store, "--entity", "country/KP", "--signal", "bgp.visible_slash24", "--format", "plot").stdout
    checks.check("so does the chart", "1 of 1" in plot)


def check_countries(checks, store, origins, registry):
    routed, owned = routed_space(origins), delegated_space(registry)
    close = 0
    print(f"      {'country':8} {'dimout':>12} {'independent':>12} {'apart':>8}")
    for country in COUNTRIES:
        found, wanted = level(store, f"country/{country}", "bgp.visible_addresses"), overlap(owned[country], routed)
        apart = abs((found or 0) - wanted) / wanted
        close += apart <= 0.01
        print(f"      {country:8} {found or 'null':>12} {wanted:>12} {apart:>8.3%}")
        checks.check(f"addresses of {country} within 2 % of the independent count", apart <= 0.02, f"{apart:.3%}")
    checks.check("nine of them within 1 %", close >= 9, f"{close} of {len(COUNTRIES)}")


def check_no_registry(checks, store, summary):
    for country in ("US", "CA"):
        found = series(store, f"country/{country}", "bgp.visible_addresses")
        checks.equal(f"country/{country} has no value", values(found), [])
        checks.check(f"country/{country} says why", "no registry" in found["note"], found["note"])
        checks.check(f"the summary of replay names {country}", re.search(rf"\b{country}\b", summary) is not None)


def real_table(checks, work):
    checks.section("The whole table of jinx, 2014-05-30, with the registries of mid-2014")
    found = shared(checks, "countries of the real table", JINX, ORIGINS, *DELEGATED)
    if not found:
        return
    rib, origins, *registry = found
    store = work / "jinx"
    summary = replay([rib], store, registry=registry).stderr
    check_north_korea(checks, store)
    check_countries(checks, store, origins, registry)
    check_no_registry(checks, store, summary)
    checks.check("North Korea was not reported out", not outages(store))
    check_peers_line(checks, summary, "IPv4", (None, None, 1, 1))


# ----------------------------------------------------------------------------- an outage written into it


def sample_of_table(rib):
    """What the peer says: [(prefix, path)] of North Korea, and of every 300th other network."""
    text = support.run("bgpdump", "-m", rib, timeout=120).stdout
    chosen, others = [], 0
    korea = []
    for line in text.splitlines():
        row = line.split("|")
        if row[3] != PEER[0] or "{" in row[6] or row[5] == "0.0.0.0/0":
            continue
        route = (row[5], [int(asn) for asn in row[6].split()])
        if row[5] in NORTH_KOREA:
            korea.append(route)
        else:
            others += 1
            if others % 300 == 0:
                chosen.append(route)
    return korea, chosen


def stretch(path):
    """The same way with the peer's own AS once more: a change of path that nobody loses anything by."""
    return [path[0], *path]


def write_updates(folder, events, background, start, end):
    """15-minute files as RouteViews cuts them: `events` {second: record}, and every 20 seconds a change elsewhere."""
    lines, second, i = {}, start + 7, 0
    while second < end:
        prefix, path = background[i % len(background)]
        way = stretch(path) if (i // len(background)) % 2 == 0 else path
        lines.setdefault(second, []).append(mrt.update(second, PEER, LOCAL, [prefix], path=way))
        second, i = second + 20, i + 1
    for second, record in events.items():
        lines.setdefault(second, []).append(record)
    for begin in range(start, end, 900):
        data = b"".join(record for second in sorted(lines) if begin <= second < begin + 900 for record in lines[second])
        name = datetime.fromtimestamp(begin, timezone.utc).strftime("updates.%Y%m%d.%H%M.bz2")
        mrt.compress(data, folder / name)


def archive_of(work, name, rib, events):
    """A folder in RouteViews' layout: the real table, and updates that we wrote."""
    month = work / name / "route-views.jinx/bgpdata/2014.05"
    (month / "RIBS").mkdir(parents=True)
    shutil.copy(rib, month / "RIBS/rib.20140530.2200.bz2")
    start = int(datetime(2014, 5, 30, 22, 0, tzinfo=timezone.utc).timestamp())
    write_updates(month / "UPDATES", events, sample_of_table(rib)[1], start, start + 4 * 3600)
    return work / name


def written_outage(checks, work):
    checks.section("The same table, with the routes of North Korea withdrawn and announced again by written updates")
    found = shared(checks, "the written outage", JINX, *DELEGATED)
    if not found or not has_bgpdump(checks, "the written outage"):
        return
    rib, *registry = found
    korea = sample_of_table(rib)[0]
    checks.equal("North Korea in the real table", [prefix for prefix, _ in korea], NORTH_KOREA)
    gone, back = int(WITHDRAWN.timestamp()), int(ANNOUNCED.timestamp())
    archive = archive_of(work, "written", rib, {
        gone: mrt.update(gone, PEER, LOCAL, withdraw=NORTH_KOREA),
        back: mrt.update(back, PEER, LOCAL, NORTH_KOREA, path=korea[0][1])})
    check_with_bgpdump(checks, archive)
    store = work / "written-store"
    summary = replay([archive], store, registry=registry, allowed=(0,)).stderr
    checks.check("replay ended without an error in the input", " 0 errors" in summary, summary.splitlines()[0] if summary else "")
    check_outage(checks, store)


def check_with_bgpdump(checks, archive):
    text = "".join(support.run("bgpdump", "-m", path).stdout for path in sorted(archive.rglob("updates.*")))
    lines = [line for line in text.splitlines() if line.split("|")[5] in NORTH_KOREA]
    checks.equal("bgpdump reads the written updates: withdrawn, announced",
                 ([line.split("|")[2] for line in lines], sorted({line.split("|")[1] for line in lines})),
                 (["W"] * 4 + ["A"] * 4, [str(int(t.timestamp())) for t in (WITHDRAWN, ANNOUNCED)]))


def check_outage(checks, store):
    everything = outages(store)
    mine = [o for o in everything if o["entity"] == "country/KP"]
    checks.equal("outages of country/KP", len(mine), 1)
    strangers = [o["id"] for o in everything if not is_north_korean(o["entity"])]
    checks.check("nothing else was reported out", not strangers, ", ".join(strangers[:5]))
    if len(mine) != 1:
        return
    [outage] = mine
    for name, wanted in (("start", WITHDRAWN), ("end", ANNOUNCED)):
        told = outage[name] and moment(outage[name]["t"])
        near = told is not None and abs(told - wanted) < timedelta(minutes=1)
        checks.check(f"its {name} is right to the minute", near, f"{told} (truth {wanted})")
        if told:
            checks.check(f"its {name} lies between its bounds, and so does the truth",
                         moment(outage[name]["lo"]) <= min(told, wanted) and max(told, wanted) <= moment(outage[name]["hi"]),
                         f"{outage[name]['lo']} … {outage[name]['hi']}")
    checks.check("it was dark", any(p["phase"] == "dark" for p in outage["phases"]), str(outage["phases"]))
    checks.equal("all of it", (outage["severity"]["lost"], outage["severity"]["of"]), (1024, 1024))
    checks.equal("observers", (outage["observers"]["live_full_feed_asns"], outage["observers"]["usual"]), (1, 1))
    checks.check("one observer is no confirmation", outage["label"] not in ("", "confirmed"), repr(outage["label"]))
    # It closes when six quiet hours have passed, and our updates end before.
    checks.check("it is over", outage["state"] in ("recovering", "closed"), outage["state"])


def is_north_korean(entity):
    if entity.startswith("prefix/"):
        return ipaddress.ip_network("/".join(entity[7:].rsplit("-", 1))).subnet_of(ipaddress.ip_network("175.45.176.0/22"))
    return entity in ("country/KP", "asn/131279", "asn-country/131279.KP")


# --------------------------------------------------------------------------------------- who spoke


def peers_line(summary, family):
    """`peers: 47 sessions of 40 ASNs known, 35 with routes; full feeds: 31 sessions of 29 ASNs (IPv4), …` as numbers."""
    known = re.search(r"peers: (\d+) sessions? of \d+ ASNs? known, (\d+) with routes", summary)
    full = re.search(rf"(\d+) sessions? of (\d+) ASNs? \({family}\)", summary)
    return tuple(int(n) for n in known.groups() + full.groups()) if known and full else None


def check_peers_line(checks, summary, family, wanted):
    found = peers_line(summary, family)
    name = f"index, with routes, full-feed sessions, full-feed ASNs ({family})"
    if found is None:
        checks.check(name, False, f"no peers line for {family} in the summary of replay:\n{summary}")
    else:
        checks.equal(name, tuple(None if w is None else f for f, w in zip(found, wanted)), wanted)


def peers_of_files(checks, work):
    checks.section("Peers of real tables")
    for number, (name, family, *wanted) in enumerate(PEERS):
        found = shared(checks, f"peers of {Path(name).name}", name)
        if not found:
            continue
        print(f"      {Path(name).name}")
        store = work / f"peers{number}"
        summary = replay(found, store).stderr
        check_peers_line(checks, summary, family, tuple(wanted))
        rows = tables(support.export(store))["peers"]
        full = [row for row in rows if row["full_feed"] == "1"]
        checks.equal("the store knows as many: peers, full-feed sessions, full-feed ASNs",
                     (len(rows), len(full), len({row["asn"] for row in full})), (wanted[0], wanted[2], wanted[3]))


def updates_without_table(checks, work):
    checks.section("Updates without a table before them")
    found = shared(checks, "peers of csu-arch0", "data/mrt/csu-arch0.20130101.mrt.gz")
    if not found:
        return
    store = work / "csu"
    summary = replay(found, store).stderr
    content = tables(support.export(store))
    sessions = content["peers"]
    checks.equal("sessions and ASNs of csu-arch0", (len(sessions), len({row["asn"] for row in sessions})), (35, 32))
    checks.equal("full feeds", sum(row["full_feed"] == "1" for row in sessions), 0)
    checks.check("the summary says so, and why", "no peer is a full feed" in summary and "table" in summary)
    silent = series(store, "asn/3356", "bgp.visible_addresses")
    checks.equal("levels are null", values(silent), [])
    checks.check("the series says why", "no full-feed ASN" in silent["note"], silent["note"])
    checks.equal("outages", outages(store), [])


# ------------------------------------------------------------------------------------- a forged path


FORGED = "data/mrt/routeviews2.updates.20131201.0000.bz2"
FORGED_PREFIX = "194.71.107.0/24"
FORGED_TAIL = [6939, 39138, 22351, 131279, 51040]


def forged_path(checks, work):
    checks.section("The forged path through North Korea's AS, 2013-12-01")
    found = shared(checks, "the forged path", FORGED, JINX, *DELEGATED)
    if not found or not has_bgpdump(checks, "the forged path"):
        return
    updates, rib, *registry = found
    shown = dimout("inspect", "--format", "bgpdump", updates).stdout
    tail = " ".join(str(asn) for asn in FORGED_TAIL)
    checks.check("it is in the file", any(f"|{FORGED_PREFIX}|" in line and tail in line for line in shown.splitlines()))
    store = work / "forged"
    replay([updates], store, "--follow", FORGED_PREFIX, registry=registry)
    rows = [row for row in tables(support.export(store))["levels"] if row["entity"] in ("country/KP", "asn-country/131279.KP")]
    seen = [row["time"] for row in rows if any(row[column] != "0" for column in row if column.startswith("v4_"))]
    checks.check("the real file makes nothing North Korean", not seen, ", ".join(seen[:3]))

    # The same announcement into a table with a full feed, where it has a vote.
    start = int(datetime(2014, 5, 30, 22, 30, 5, tzinfo=timezone.utc).timestamp())
    archive = archive_of(work, "forged-archive", rib, {
        start: mrt.update(start, PEER, LOCAL, [FORGED_PREFIX], path=[PEER[1], *FORGED_TAIL])})
    store = work / "forged-in-table"
    replay([archive], store, "--follow", FORGED_PREFIX, registry=registry)
    for entity in ("country/KP", "asn/131279"):
        checks.equal(f"{entity} with the forged path in a whole table", set(values(series(store, entity, "bgp.visible_addresses"))), {1024})
    checks.equal("the forged prefix itself", level(store, f"prefix/{FORGED_PREFIX.replace('/', '-')}", "bgp.visible_addresses"), 256)
    checks.check("no outage of it", not [o["id"] for o in outages(store)])


def has_bgpdump(checks, what):
    if shutil.which("bgpdump"):
        return True
    checks.skip(what, "bgpdump is not installed")
    return False


def main():
    need_binary()
    checks = Checks("Real tables")
    with support.workdir() as folder:
        for part in (real_table, written_outage, peers_of_files, updates_without_table, forged_path):
            try:
                part(checks, Path(folder))
            except (RuntimeError, KeyError, ValueError, OSError) as error:
                checks.check(part.__name__, False, f"broke off: {error!r}")
    checks.finish()


if __name__ == "__main__":
    main()
