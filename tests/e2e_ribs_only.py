#!/usr/bin/env python3
"""`replay --ribs-only`: years of table dumps give a coarse history. Its times are intervals that hold the truth
and are as wide as the dumps' spacing; what no dump saw is not there.

    DIMOUT=build/release/dimout tests/e2e_ribs_only.py
"""

from datetime import datetime
from pathlib import Path

import support
from support import ROOT, Checks, dimout, digest, export, need_binary, outages, replay

SPACING = 8 * 3600  # rrc-a dumps every eight hours, rv-a every two.
BIN = 300


def seconds(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def main():
    need_binary()
    checks = Checks("a coarse history from table dumps alone")
    with support.workdir() as folder:
        work = Path(folder)
        dimout("simulate", ROOT / "tests/ribs.scenario", work / "archive")
        registry = ("--registry", work / "archive/registry")
        replay([work / "archive"], work / "coarse", "--ribs-only", *registry)
        found = [o for o in outages(work / "coarse") if o["entity"] == "country/BT"]
        checks.equal("one outage of country/BT", len(found), 1)
        for name, truth in (("start", "2016-05-03T04:41:00Z"), ("end", "2016-05-03T11:41:00Z")):
            lo, hi = seconds(found[0][name]["lo"]), seconds(found[0][name]["hi"])
            checks.check(f"its {name} lies in the interval", lo <= seconds(truth) <= hi, f"{found[0][name]}")
            checks.check(f"the interval of its {name} is no wider than the slowest collector's spacing",
                         2 * 3600 <= hi - lo <= SPACING + BIN, f"{hi - lo} s")
        hours = found[0]["severity"]["address_hours"]
        checks.check("address-hours of six to eight hours", 6 * 1024 <= hours <= 8 * 1024, f"{hours}")
        others = [o["entity"] for o in outages(work / "coarse") if o["entity"] not in ("country/BT", "asn/520001")]
        checks.equal("nobody else", others, [])
        replay([work / "archive"], work / "again", "--ribs-only", "--threads", 7, *registry)
        checks.equal("the same with seven threads", digest(export(work / "again")), digest(export(work / "coarse")))
    checks.finish()


if __name__ == "__main__":
    main()
