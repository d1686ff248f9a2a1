"""Outages of every kind that a report has to tell, for the scripts that read and look at reports: December 2014, and those of
report.scenario."""

from dataclasses import dataclass
from pathlib import Path

from support import ROOT, dimout, replay


@dataclass
class Case:
    name: str
    outage: str
    store: Path
    options: tuple = ()


def cases(work):
    """Makes the stores under a folder; the first case is December 2014, as `dimout demo` makes it."""
    dimout("demo", "--keep", work / "demo")
    dimout("simulate", ROOT / "tests/report.scenario", work / "archive", allowed=(0,))
    replay([work / "archive"], work / "store", registry=[work / "archive/registry"])
    december, week = work / "demo" / "store", work / "store"
    return [
        Case("december-2014", "country-KP-20141222T1615Z", december),
        Case("before-its-end", "country-KP-20141222T1615Z", december, ("--as-of", "2014-12-22T20:00Z")),
        Case("named-cause", "country-TG-20160503T0100Z", week),
        Case("with-a-hole", "country-BT-20160504T0910Z", week),
        Case("of-a-network", "asn-520021-20160505T0620Z", week),
        Case("of-a-part", "country-IR-20160506T1415Z", week),
        Case("ongoing", "country-KP-20160507T1740Z", week),
    ]
