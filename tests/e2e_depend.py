#!/usr/bin/env python3
"""`depend`: hegemony of real tables against the paper's formula, worked out here from `inspect`'s text; North Korea's
only provider, in the reconstruction and in a real table of 2014; what is lost without it.

    DIMOUT=build/release/dimout tests/e2e_depend.py
"""

import ipaddress
import json
import statistics
from collections import defaultdict
from pathlib import Path

import support
from support import ROOT, Checks, dimout, need_binary, replay, shared

RIR = "data/rir"
JINX = "data/mrt/route-views.jinx.rib.20140530.2200.bz2"
VIEWS6 = "data/mrt/route-views6.rib.20150922.1200.bz2"
MANY_PEERS = "data/mrt/rib.20140523.0600_firstMB.bz2"


def depend(archive, entity, *options):
    return json.loads(dimout("depend", "--archive", archive, "--entity", entity, "--format", "json", *options).stdout)


def table_of(path):
    """{(peer address, peer AS): {prefix: path as a list of sets}} of a table dump."""
    table = defaultdict(dict)
    for line in dimout("inspect", "--format", "bgpdump", path).stdout.splitlines():
        fields = line.split("|")
        if not fields[0].startswith("TABLE_DUMP") or not fields[6]:
            continue
        prefix = ipaddress.ip_network(fields[5], strict=False)
        shortest, longest = (8, 24) if prefix.version == 4 else (16, 48)
        if not shortest <= prefix.prefixlen <= longest or not prefix.is_global:
            continue
        hops = [frozenset(int(a) for a in hop.strip("{}").split(",")) for hop in fields[6].split()
                if not hop.startswith("(")]
        table[fields[3], int(fields[4])][prefix] = hops
    return table


def full_feeds(table, version):
    """Sessions with at least 0.8 of the median of those that have half of the largest table."""
    sizes = {session: sum(prefix.version == version for prefix in routes) for session, routes in table.items()}
    large = [size for size in sizes.values() if 2 * size >= max(sizes.values())]
    return {session for session, size in sizes.items() if size >= 0.8 * statistics.median(large)}


def weights_of(prefixes):
    """Addresses of each IPv4 prefix less those of its own more-specifics; 1 for IPv6."""
    weight, stack = {}, []
    for prefix in sorted(prefixes, key=lambda one: (one.version, int(one.network_address), one.prefixlen)):
        if prefix.version == 6:
            weight[prefix] = 1
            continue
        while stack and not prefix.subnet_of(stack[-1]):
            stack.pop()
        weight[prefix] = prefix.num_addresses
        if stack:
            weight[stack[-1]] -= prefix.num_addresses
        stack.append(prefix)
    return weight


def hegemony(table, weights, origin):
    """{AS: H(AS, origin)} by the formula: betweenness of each session, mean by peer AS, trimmed mean over peers."""
    by_peer = defaultdict(list)
    for session, weight in weights.items():
        through, total = defaultdict(float), 0.0
        for prefix, one in weight.items():
            hops = table[session][prefix]
            ends = hops[-1]
            if origin not in ends:
                continue
            share = one / len(ends)
            total += share
            atom = set()
            for hop in hops:
                if hop & ends:
                    break
                atom |= hop
            for asn in atom:
                through[asn] += share
        by_peer[session[1]].append({asn: one / total for asn, one in through.items()} if total else {})
    ases = {asn for sessions in by_peer.values() for one in sessions for asn in one}
    found = {}
    for asn in ases:
        values = sorted(sum(one.get(asn, 0) for one in sessions) / len(sessions) for sessions in by_peer.values())
        cut = int(0.1 * len(values))
        found[asn] = sum(values[cut:len(values) - cut]) / (len(values) - 2 * cut)
    return found


def check_formula(checks, path, version):
    table = table_of(path)
    weights = {session: weights_of(prefix for prefix in table[session] if prefix.version == version)
               for session in full_feeds(table, version)}
    for origin in origins_of(table, version):
        wanted = hegemony(table, weights, origin)
        families = depend(path, f"asn/{origin}")["families"]
        family = next(one for one in families if one["family"] == f"IPv{version}")
        found = {one["asn"]: one["hegemony"] for one in family["networks"]}
        worst = max((abs(found.get(asn, 0) - value) for asn, value in wanted.items()), default=0)
        checks.check(f"{path.name}: AS{origin}, {len(wanted)} networks", wanted and worst < 1e-9 and found.keys() <= wanted.keys(),
                     f"worst difference {worst:.1e}")


def check_formula_of_prefix(checks, path):
    """The same of one prefix alone: the network that has most of them, and of these one that not everybody reaches alike."""
    table = table_of(path)
    sessions = full_feeds(table, 6)
    origin = origins_of(table, 6)[0]
    ways = {prefix: {tuple(table[session][prefix][:-1]) for session in sessions if prefix in table[session]}
            for prefix in {prefix for session in sessions for prefix, hops in table[session].items() if origin in hops[-1]}}
    longer = {wide for wide in ways for prefix in ways if prefix != wide and prefix.subnet_of(wide)}
    prefix = max(set(ways) - longer, key=lambda one: (len(ways[one]), str(one)))
    wanted = hegemony(table, {session: {prefix: 1} if prefix in table[session] else {} for session in sessions}, origin)
    family = depend(path, f"prefix/{prefix.network_address}-{prefix.prefixlen}")["families"][0]
    found = {one["asn"]: one["hegemony"] for one in family["networks"]}
    worst = max(abs(found.get(asn, 0) - value) for asn, value in wanted.items())
    checks.check(f"{path.name}: {prefix} alone, {len(wanted)} networks", worst < 1e-9 and found.keys() <= wanted.keys(), f"worst difference {worst:.1e}")


def origins_of(table, version):
    """Some of many, of a middling number and of few prefixes."""
    prefixes = defaultdict(set)
    for routes in table.values():
        for prefix, hops in routes.items():
            if prefix.version == version and len(hops[-1]) == 1:
                prefixes[next(iter(hops[-1]))].add(prefix)
    ranked = sorted(prefixes, key=lambda asn: (-len(prefixes[asn]), asn))
    return ranked[:3] + [ranked[len(ranked) // 3], ranked[-1]]


def check_parts(checks, work):
    """A prefix and a group, in the reconstruction: of an archive exactly, of a store where it can know."""
    groups = work / "groups.toml"
    groups.write_text('[group.star]\nasns = [131279]\n[group.mixed]\nasns = [131279]\nprefixes = ["175.45.178.0/24"]\n'
                      '[group.two]\nprefixes = ["175.45.176.0/23"]\n')
    options = ["--registry", work / "kp/registry", "--at", "2014-12-15T12:00Z", "--without", "AS4837", "--groups", groups]

    def told(entity):
        family = depend(work / "kp", entity, *options)["families"][0]
        first = family["networks"][0]
        return family["units"], family["full_feed_asns"], first["asn"], first["hegemony"], family["without"]["lost"]
    checks.equal("a prefix of the archive", told("prefix/175.45.178.0-24"), (256, 21, 4837, 1, 256))
    checks.equal("all parts of a prefix", told("prefix/175.45.176.0-22"), (1024, 21, 4837, 1, 1024))
    checks.equal("a group of networks", told("group/star"), (1024, 21, 4837, 1, 1024))
    checks.equal("a group of prefixes", told("group/two"), (512, 21, 4837, 1, 512))
    checks.equal("a group of both", told("group/mixed"), (1024, 21, 4837, 1, 1024))

    def of_store(entity, *more):
        return support.run(support.DIMOUT, "depend", "--store", work / "store", "--entity", entity, "--format", "json",
                           "--at", "2014-12-15T12:00Z", *more)
    star = json.loads(of_store("group/star", "--groups", groups).stdout)["families"][0]
    whole = json.loads(of_store("asn/131279").stdout)["families"][0]
    checks.equal("a store's group of one network is that network", star, whole)
    for entity in ("prefix/175.45.178.0-24", "group/mixed"):
        refused = of_store(entity, "--groups", groups)
        checks.check(f"a store says why not {entity}", refused.returncode == 1 and "each of its prefixes" in refused.stderr
                     and "--archive" in refused.stderr, refused.stderr.strip())
    unnamed = of_store("group/star")
    checks.check("a group wants its file", unnamed.returncode == 64 and "--groups" in unnamed.stderr, unnamed.stderr.strip())
    unknown = of_store("group/nobody", "--groups", groups)
    checks.check("an unknown group names the known", unknown.returncode == 1 and "mixed, star, two" in unknown.stderr, unknown.stderr.strip())
    wide = support.run(support.DIMOUT, "depend", "--archive", work / "kp", "--entity", "prefix/175.45.176.0-25", *options)
    checks.check("a longer prefix than was announced is not guessed", wide.returncode == 1 and "shorter prefix" in wide.stderr,
                 wide.stderr.strip())


def main():
    need_binary()
    checks = Checks("on whom a network depends")
    with support.workdir() as folder:
        work = Path(folder)
        dimout("simulate", ROOT / "scenarios/kp-2014.scenario", work / "kp")
        found = depend(work / "kp", "country/KP", "--registry", work / "kp/registry", "--at", "2014-12-15T12:00Z", "--without", "AS4837")
        family = found["families"][0]
        first = family["networks"][0]
        checks.equal("the reconstruction: AS4837 carries all", (first["asn"], first["hegemony"], first["behind"]), (4837, 1, 1))
        checks.equal("one failure cuts it off", (family["minimum_cut"]["size"], family["minimum_cut"]["ases"]), (1, [4837]))
        checks.equal("as in all resampled peers and collectors", family["minimum_cut"]["resampled"], [{"size": 1, "share": 1}])
        told = dimout("depend", "--archive", work / "kp", "--registry", work / "kp/registry", "--at", "2014-12-15T12:00Z",
                      "--entity", "country/KP").stdout
        checks.check("and the text says so", "1: AS4837\n    1 in 100 % of resampled peers and collectors\n" in told, told)
        lost = family["without"]
        checks.equal("without AS4837 all is lost, whoever looks on", (lost["lost"], lost["lo"], lost["hi"]), (1024, 1024, 1024))
        replay([work / "kp"], work / "store", "--registry", work / "kp/registry")
        kept = json.loads(dimout("depend", "--store", work / "store", "--entity", "country/KP", "--format", "json",
                                 "--at", "2014-12-15T12:00Z", "--without", "AS4837").stdout)
        same = kept["families"][0]
        checks.equal("a store says the same of it", (same["networks"][0], same["minimum_cut"], same["without"], same["units"]),
                     (first, family["minimum_cut"], family["without"], family["units"]))
        checks.check("and on all other networks", all(abs(one["hegemony"] - other["hegemony"]) < 1e-9 for one, other in
                                                      zip(same["networks"], family["networks"])))
        checks.equal("nothing could come back over links of other days",
                     [(one["days"], one["back"], one["minimum_cut"]["size"]) for one in same["windows"]], [(30, 0, 1), (400, 0, 1)])
        checks.equal("no other upstream was ever seen", [one["upstream"] for one in kept["upstreams"]], [4837])
        # A collector had been silent the day before: its tables were whole again with the first dump of this one.
        back = json.loads(dimout("depend", "--store", work / "store", "--entity", "country/KP", "--format", "json",
                                 "--at", "2014-12-19T12:00Z").stdout)["families"][0]["full_feed_asns"]
        checks.equal("who came back with the day's first dump looks on", back, 21)
        check_parts(checks, work)
        dark = depend(work / "kp", "country/KP", "--registry", work / "kp/registry", "--at", "2014-12-22T20:00Z")
        checks.check("in the dark only a stuck route leads there", dark["families"][0]["networks"][0]["hegemony"] < 0.3)
    if real := shared(checks, "the real table of 2014", JINX, RIR):
        found = depend(real[0], "country/KP", "--registry", real[1])["families"][0]
        checks.check("AS4837 carries North Korea in 2014", {one["asn"]: one["hegemony"] for one in found["networks"]}.get(4837) == 1)
        checks.equal("and is the network nearest to it", found["minimum_cut"]["ases"], [4837])
    if real := shared(checks, "resampled cuts of a real table", VIEWS6):
        cut = depend(real[0], "asn/174")["families"][0]["minimum_cut"]
        sizes = {one["size"]: one["share"] for one in cut["resampled"]}
        checks.check("shares add up, and no draw needs more than all", abs(sum(sizes.values()) - 1) < 1e-9 and max(sizes) <= cut["size"]
                     and cut["lo"] <= cut["hi"] <= cut["size"], str(sizes))
    if real := shared(checks, "the formula on a real IPv6 table", VIEWS6):
        check_formula(checks, real[0], 6)
        check_formula_of_prefix(checks, real[0])
    if real := shared(checks, "the formula on a real IPv4 table", MANY_PEERS):
        check_formula(checks, real[0], 4)
    refused = support.run(support.DIMOUT, "depend", "--archive", ".", "--entity", "continent/AS")
    checks.check("what cannot be asked says what can", refused.returncode == 64 and "country/KP" in refused.stderr, refused.stderr.strip())
    checks.finish()


if __name__ == "__main__":
    main()
