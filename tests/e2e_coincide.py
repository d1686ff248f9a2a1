#!/usr/bin/env python3
"""`coincide` on the reconstruction of December 2014: exact and vague times, what began before the event, calendars.

    DIMOUT=build/release/dimout tests/e2e_coincide.py
"""

import json
from pathlib import Path

import support
from support import ROOT, Checks, dimout, need_binary, replay

KP = "country-KP-20141222T1615Z"
CALENDAR = "time,label\n2014-12-17,an exam\n2014-12-21,an exam\nsomeday,a feast\n2014-12-22,an exam\n"


def main():
    need_binary()
    checks = Checks("coincidence")
    with support.workdir() as folder:
        work = Path(folder)
        store = work / "store"
        dimout("simulate", ROOT / "scenarios/kp-2014.scenario", work / "archive")
        replay([work / "archive"], store, "--registry", work / "archive/registry")

        def ask(*options, allowed=(0,)):
            return json.loads(dimout("coincide", "--store", store, "--entity", "country/KP", "--format", "json", *options,
                                     allowed=allowed).stdout)

        exact = ask("--event", "2014-12-19T18:53Z,a press conference")
        delay = exact["chance"]["delay_hours"]
        checks.equal("the outage", exact["outage"], KP)
        checks.check("69.4 h later", abs(delay["lo"] - 69.4) < 0.1 and abs(delay["hi"] - 69.4) < 0.1, str(delay))
        checks.check("the correction raises the chance", exact["chance"]["corrected"]["hi"] > 4 * exact["chance"]["base_rate"]["hi"])
        checks.check("it never says cause", exact["sentence"].endswith("Timing alone does not tell cause from coincidence."))
        checks.equal("a week is not learned from one outage", (exact["chance"]["week"], exact["chance"]["spell"]), (None, 0))
        told = dimout("coincide", "--store", store, "--entity", "country/KP", "--event", "2014-12-19T18:53Z").stdout
        checks.check("and the text says so", "all hours alike: fewer than 20 days" in told, told)
        checks.check("a longer list of events corrects more",
                     ask("--event", "2014-12-19T18:53Z", "--events", "30")["chance"]["corrected"]["hi"] > exact["chance"]["corrected"]["hi"])
        friday = ask("--event", "Friday evening,a speech", "--zone", "Asia/Pyongyang")
        checks.equal("Friday evening there", (friday["from"], friday["until"]), ("2014-12-19T09:00:00Z", "2014-12-19T15:00:00Z"))
        checks.check("a vague time has a range", friday["chance"]["base_rate"]["lo"] < friday["chance"]["base_rate"]["hi"])
        vague = ask("--event", "2014-12-19..2014-12-20,some day")
        checks.equal("a range in which the trouble began", vague["trouble_began"], "unclear")
        late = ask("--event", "2014-12-22T10:00Z,a speech")
        checks.equal("what began before has no causal reading", (late["trouble_began"], late["chance"]), ("before", None))
        calendar = work / "calendar.csv"
        calendar.write_text(CALENDAR)
        found = ask("--calendar", calendar, allowed=(2,))
        checks.equal("the calendar", (found["events"], found["followed"]), (3, 1))
        checks.check("three dates prove nothing", found["p"] > 0.05, f"{found['p']:.3f}")
        told = dimout("coincide", "--store", store, "--entity", "country/KP", "--calendar", calendar, allowed=(2,)).stderr
        checks.check("the bad line is named", "line 4: 'someday'" in told, told.strip())
        wrong = support.run(support.DIMOUT, "coincide", "--store", store, "--entity", "country/KP", "--event", "yesterday")
        checks.check("words that are no time say what is", wrong.returncode == 64 and "Friday" in wrong.stderr, wrong.stderr.strip())
        none = support.run(support.DIMOUT, "coincide", "--store", store, "--entity", "country/BT", "--event", "2014-12-19")
        checks.check("no outage after it", none.returncode == 1 and "no outage" in none.stderr, none.stderr.strip())
    checks.finish()


if __name__ == "__main__":
    main()
