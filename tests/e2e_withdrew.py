#!/usr/bin/env python3
"""`withdrew`: North Korea cannot be separated from its only upstream; another customer that went, one that stayed, a
link that all left; a real withdrawal by its origin; and what it says when asked wrongly.

    DIMOUT=build/release/dimout tests/e2e_withdrew.py
"""

import json
from pathlib import Path

import mrt
import support
from support import DIMOUT, ROOT, Checks, dimout, need_binary, outages, replay, run, shared

START = 1_400_000_000
WINDOW = ("--from", str(START + 300), "--until", str(START + 900))
LOCAL = ("192.0.2.254", 64999)
PEERS = [("192.0.2.1", 64501), ("192.0.2.2", 64502), ("192.0.2.3", 64503), ("192.0.2.4", 64504)]
OURS, SISTERS = "198.51.100.0/24", "203.0.113.0/24"
NETWORK, SISTER, UPSTREAM, ABOVE, OTHER_WAY = 65010, 65011, 65020, 65030, 65040


def say(second, peer, prefix, tail=None):
    if tail is None:
        return mrt.update(START + second, peer, LOCAL, withdraw=[prefix])
    return mrt.update(START + second, peer, LOCAL, [prefix], path=[peer[1], *tail])


def archive(folder, sister_goes, moves=False):
    """All see two customers of one upstream; ours goes, or moves."""
    folder.mkdir()
    spoken = []
    for number, peer in enumerate(PEERS):
        spoken.append((number, say(number, peer, OURS, [ABOVE, UPSTREAM, NETWORK])))
        spoken.append((number + 10, say(number + 10, peer, SISTERS, [ABOVE, UPSTREAM, SISTER])))
        gone = 400 + number
        spoken.append((gone, say(gone, peer, OURS, [OTHER_WAY, NETWORK] if moves else None)))
        if sister_goes:
            spoken.append((gone + 1, say(gone + 1, peer, SISTERS)))
    data = b"".join(record for _, record in sorted(spoken, key=lambda one: one[0]))
    mrt.compress(data, folder / "updates.20140513.1653.gz")
    return folder


def asked(folder, entity, *options):
    return json.loads(dimout("withdrew", "--archive", folder, "--entity", entity, "--collector", "rv-made",
                             "--format", "json", *(options or WINDOW)).stdout)["withdrawal"]


def first(answer):
    return [(one["kind"], one.get("asn"), one.get("near"), one.get("far")) for one in answer["rows"][0]["suspects"]]


def made(checks, work):
    checks.section("made archives")
    answer = asked(archive(work / "alone", sister_goes=False), f"asn/{NETWORK}")
    checks.equal("the sister stayed: origin or only upstream", first(answer),
                 [("origin", NETWORK, None, None), ("link", None, UPSTREAM, NETWORK)])
    checks.equal("said so", answer["headline"], f"Cannot separate AS{NETWORK} itself from its only upstream, AS{UPSTREAM}.")
    checks.equal("none of its neighbours went", answer["upstream"]["others_behind"], {"dark": [], "of": 1})
    answer = asked(archive(work / "both", sister_goes=True), f"asn/{NETWORK}")
    checks.equal("the sister went too: a link above", first(answer), [("link", None, ABOVE, UPSTREAM)])
    checks.equal("and is named", answer["upstream"]["others_behind"], {"dark": [SISTER], "of": 1})
    answer = asked(archive(work / "moved", sister_goes=False, moves=True), f"asn/{NETWORK}")
    checks.equal("all left a link, still reachable", first(answer), [("link", None, UPSTREAM, NETWORK)])
    checks.equal("by moving", answer["changed"], {"lost": 0, "moved": len(PEERS)})
    answer = asked(work / "alone", f"asn/{SISTER}")
    checks.equal("nothing happened to the sister", answer["headline"], "No route was lost or moved in the window.")


def reconstructed(checks, work):
    checks.section("an outage of a store")
    dimout("simulate", ROOT / "tests/ribs.scenario", work / "bt")
    replay([work / "bt"], work / "store", "--registry", work / "bt/registry")
    outage = next(one["id"] for one in outages(work / "store") if one["id"].startswith("country-BT-20160503"))
    question = ["withdrew", outage, "--store", work / "store", "--registry", work / "bt/registry"]
    text = dimout(*question).stdout
    checks.check("one upstream cannot be told from its customer",
                 "Cannot separate AS520001 itself from its only upstream, AS521001." in text, text.splitlines()[1])
    checks.check("a second run says the same", dimout(*question).stdout == text)

    def told(*more):
        answer = json.loads(dimout(*question, "--format", "json", *more).stdout)["withdrawal"]
        return answer["changed"], answer["headline"], answer["smallest"], answer["rows"][0], answer["upstream"]

    checks.check("the archive says what the store's paths say", told("--archive", work / "bt") == told(),
                 str(told("--archive", work / "bt")[0]))
    dimout("replay", "--archive", work / "bt", "--store", work / "pathless", "--path-days", "0", "--registry",
           work / "bt/registry")
    question[3] = work / "pathless"
    done = run(DIMOUT, *question)
    checks.check("a store without paths says so", done.returncode == 1, done.stderr.strip()[-200:])


def real(checks):
    checks.section("a RIS beacon, taken back by its origin on 2013-12-01 at 00:00 (real)")
    files = shared(checks, "the beacon", "data/mrt/routeviews2.updates.20131201.0000.bz2")
    if files:
        answer = asked(files[0], "prefix/84.205.66.0-24", "--from", "2013-12-01T00:00Z", "--until", "2013-12-01T00:05Z")
        checks.equal("its origin alone is first", first(answer), [("origin", 12654, None, None)])
        checks.equal("it explains all", answer["unexplained"], {"lost": 0, "moved": 0})


def refused(checks, work):
    checks.section("asked wrongly")

    def says(name, code, words, *arguments):
        done = run(DIMOUT, "withdrew", *arguments)
        checks.check(name, done.returncode == code and words in done.stderr, done.stderr.strip()[-160:])

    says("neither store nor archive", 1, "say where the paths are", "--entity", f"asn/{NETWORK}", *WINDOW)
    alone = ("--archive", work / "alone", "--collector", "rv-made")
    says("no question", 1, "say which outage", *alone)
    says("an outage without a store", 1, "--store", "country-BT-20160503T0441Z", *alone)
    says("an outage that is not there", 1, "no outage", "country-XX-20160503T0441Z", *alone, "--store", work / "store")
    says("a window the wrong way round", 1, "ends before", *alone, "--entity", f"asn/{NETWORK}", "--from", str(START + 9),
         "--until", str(START))
    says("a network nobody heard of", 1, "no route", *alone, "--entity", "asn/65099", *WINDOW)


def main():
    need_binary()
    checks = Checks("who withdrew")
    with support.workdir() as folder:
        work = Path(folder)
        made(checks, work)
        reconstructed(checks, work)
        real(checks)
        refused(checks, work)
    checks.finish()


if __name__ == "__main__":
    main()
