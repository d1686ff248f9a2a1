#!/usr/bin/env python3
"""`import`: every row of somebody else's list is matched, or says why not; a second import changes nothing; the
real lists of IODA and KeepItOn are read whole.

    DIMOUT=build/release/dimout tests/e2e_import.py
"""

import json
from pathlib import Path

import support
from support import ROOT, Checks, digest, dimout, export, need_binary, outages, replay, shared

LIST = """entity,start,end,cause,title
Bhutan,2016-05-03 04:45,2016-05-03 11:41,unknown,the one that we saw too
BT,2016-05-04,2016-05-04,,a day
country/BT,2016-05-05T10:00Z,2016-05-05T11:00Z,,nothing then
"Nepal (Federal Democratic Republic of)",2016-05-03 04:45,2016-05-03 11:41,,not out
Bhutan,2017-05-03 04:45,2017-05-03 11:41,,long after
Atlantis,2016-05-03,,,
Bhutan,2016-05-04,2016-05-03,,
"""
VERDICTS = {2: "matched", 3: "matched", 4: "elsewhen", 5: "quiet", 6: "not_watched"}
REFUSED = {7: "'Atlantis' is no country that we know", 8: "it ends before it begins; one of the two is mistyped"}
# Rows in the real files, without their heads.
REAL = [("IODA", "data/truth/ioda_investigated_outages_2018-2020.csv", 1253),
        ("KeepItOn", "data/truth/accessnow-keepiton-20260520.csv.gz", 2102)]


def lines_of(report):
    return {row["line"] for row in report["rows"]} | {row["line"] for row in report["refused"]}


def main():
    need_binary()
    checks = Checks("other people's lists of outages")
    with support.workdir() as folder:
        work = Path(folder)
        store = work / "store"
        dimout("simulate", ROOT / "tests/ribs.scenario", work / "archive")
        replay([work / "archive"], store, "--registry", work / "archive/registry")
        (work / "list.csv").write_text(LIST)

        def imported(path):
            return json.loads(dimout("import", path, "--store", store, "--source", "press", "--format", "json").stdout)

        report = imported(work / "list.csv")
        checks.equal("verdicts", {row["line"]: row["verdict"] for row in report["rows"]}, VERDICTS)
        checks.equal("refused", {row["line"]: row["reason"] for row in report["refused"]}, REFUSED)
        first = report["rows"][0]
        checks.check("ours began some minutes before theirs", -300 <= first["onset_error_seconds"] < -60, str(first))
        kept = [o for o in outages(store, "--all") if o["source"] == "imported:press"]
        checks.equal("kept beside ours", len(kept), len(VERDICTS))
        checks.equal("but not among ours", [o for o in outages(store) if o["source"] != "measured"], [])
        once = digest(export(store))
        imported(work / "list.csv")
        checks.equal("a second import changes nothing", digest(export(store)), once)
        checks.equal("the store is whole", dimout("check", "--store", store).returncode, 0)
        for name, path, rows in REAL:
            files = shared(checks, f"{name}'s list", path)
            if files:
                checks.equal(f"{name}: every row is used or refused", len(lines_of(imported(files[0]))), rows)
    checks.finish()


if __name__ == "__main__":
    main()
