#!/usr/bin/env python3
"""Every scenario, end to end: simulate, replay, and what was found against what took place.

    DIMOUT=build/release/dimout tests/e2e_scenarios.py [NAME…]

Without names: all of scenarios/. DIMOUT_SEEDS=10 runs kp-2014 with ten seeds, DIMOUT_KEEP=DIR keeps the
archives and stores there. Exit: 0 when all hold, 1 when one does not, 77 when there is no binary.

Held to: onset and end of each dark or degraded phase within 2 minutes, the start of an unstable one
within 2 hours, and nothing invented. A scenario that expects nothing gives no public outage at all.
"""

import ipaddress
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EDGE = timedelta(minutes=2)         # Onset and end.
UNSTABLE_EDGE = timedelta(hours=2)  # Where instability began is a matter of definition.
NEARBY = timedelta(minutes=10)      # Two bins: how far a report may lie from the loss that explains it.
NOT_PUBLIC = {"suspected", "artifact", "level_shift", "merged"}


def moment(text):
    """A time of the JSON forms: text, or an interval with its best guess."""
    if isinstance(text, dict):
        text = text.get("t")
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def run(*command):
    """Standard output of a command that must succeed (2: the input was incomplete, as it was meant to be)."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if done.returncode not in (0, 2):
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def read_outages(text):
    """The newest revision of each outage out of an array, an object that holds one, or NDJSON."""
    text = text.strip()
    if not text:
        return []
    try:
        rows = json.loads(text)
        if isinstance(rows, dict):
            rows = rows.get("outages", [rows])
    except json.JSONDecodeError:
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    newest = {}
    for row in rows:
        if row.get("revision", 0) >= newest.get(row["id"], {}).get("revision", 0):
            newest[row["id"]] = row
    return [row for row in newest.values() if row.get("state") not in NOT_PUBLIC]


def spans(outage, *names):
    """[(phase, from, until)] of an outage; until is None while it lasts."""
    return [(p["phase"], moment(p["from"]), moment(p.get("until")))
            for p in outage.get("phases") or [] if not names or p["phase"] in names]


def overlaps(start, end, other_start, other_end, slack=NEARBY):
    return start - slack <= other_end and (end is None or end + slack >= other_start)


def same_subject(found, real):
    """Whether a report on `found` can be explained by a loss of `real`."""
    if found == real:
        return True
    if not (found.startswith("prefix/") and real.startswith("prefix/")):
        return False
    one, other = (ipaddress.ip_network("/".join(e[7:].rsplit("-", 1))) for e in (found, real))
    return one.version == other.version and one.overlaps(other)


def explained(outage, truth):
    """Whether every phase of the outage lies at a real loss of the same entity."""
    losses = [(moment(loss["from"]), moment(loss["until"])) for loss in truth["losses"]
              if any(same_subject(outage["entity"], e) for e in loss["entities"])]
    times = spans(outage, "dark", "degraded", "unstable") or [("", moment(outage["start"]), moment(outage.get("end")))]
    return all(any(overlaps(a, b, *loss) for loss in losses) for _, a, b in times)


def nearest(wanted, candidates):
    """The error of the best candidate; None without candidates."""
    errors = [abs(c - wanted) for c in candidates if c is not None]
    return min(errors, default=None)


def compare_phase(phase, outages):
    """Errors (onset, end) of one expected phase; `end` is None for unstable ones."""
    name, start, end = phase["phase"], moment(phase["from"]), moment(phase["until"])
    near = [o for o in outages if overlaps(moment(o["start"]), moment(o.get("end")), start, end)]
    own = [s for o in near for s in spans(o, name)]
    if name == "unstable":
        return nearest(start, [a for _, a, _ in own]), None
    if not own:
        return None, None
    # The bounds of an outage are found from the updates, those of a phase may be those of bins.
    onset = nearest(start, [a for _, a, _ in own] + [moment(o["start"]) for o in near])
    over = nearest(end, [b for _, _, b in own] + [moment(o.get("end")) for o in near])
    return onset, over


def judge(truth, outages):
    """Sentences on what does not hold, and the largest errors by kind."""
    faults, worst = [], {}

    def note(kind, error, limit, what):
        if error is None:
            faults.append(f"{what}: not found")
            return
        worst[kind] = max(worst.get(kind, timedelta()), error)
        if error > limit:
            faults.append(f"{what}: {kind} is {error} off")

    for expected in truth["outages"]:
        same = [o for o in outages if o["entity"] == expected["entity"]]
        for phase in expected["phases"]:
            what = f"{expected['entity']} {phase['phase']} {phase['from']}"
            onset, over = compare_phase(phase, same)
            if phase["phase"] == "unstable":
                note("unstable", onset, UNSTABLE_EDGE, what)
            else:
                note("onset", onset, EDGE, what)
                if onset is not None:
                    note("end", over, EDGE, what)
    for outage in outages:
        if not truth["outages"] or not explained(outage, truth):
            phases = ",".join(p for p, _, _ in spans(outage))
            faults.append(f"invented: {outage['id']} ({phases}, {outage.get('state')})")
    if truth["scenario"] == "kp-2014":
        faults += judge_north_korea(outages)
    return faults, worst


def judge_north_korea(outages):
    for outage in outages:
        if outage["entity"] == "country/KP" and any(a.day == 22 for _, a, _ in spans(outage, "dark")):
            severity = outage.get("severity") or {}
            if (severity.get("lost"), severity.get("of")) == (1024, 1024):
                return []
            return [f"country/KP: lost {severity.get('lost')} of {severity.get('of')}, not 1024 of 1024"]
    return ["country/KP: no outage with a dark phase from 22 December"]


def try_scenario(dimout, path, seed, folder):
    archive, store = folder / "archive", folder / "store"
    run(dimout, "simulate", path, archive, *(["--seed", seed] if seed else []))
    truth = json.loads((archive / "truth.json").read_text())
    begun = time.monotonic()
    run(dimout, "replay", "--archive", archive, "--registry", archive / "registry", "--store", store)
    seconds = time.monotonic() - begun
    outages = read_outages(run(dimout, "outages", "--store", store, "--format", "json"))
    return (truth, outages, seconds, *judge(truth, outages))


def row_of(name, seed, truth, outages, seconds, faults, worst):
    def error(kind):
        return f"{worst[kind].total_seconds():.0f} s" if kind in worst else "-"
    verdict = "ok" if not faults else f"{len(faults)} FAULTS"
    return (f"{name:42} {seed or '-':>5} {len(truth['outages']):>8} {len(outages):>6} {error('onset'):>8} "
            f"{error('end'):>8} {error('unstable'):>9} {seconds:>7.1f} s  {verdict}")


def work_list(names):
    """(path, seed) of each run; seed None: the scenario's own."""
    paths = sorted((ROOT / "scenarios").glob("*.scenario"))
    for path in paths:
        if names and path.stem not in names:
            continue
        yield path, None
        if path.stem == "kp-2014":
            yield from ((path, seed) for seed in range(1, int(os.environ.get("DIMOUT_SEEDS", "1"))))


def main(names):
    dimout = Path(os.environ.get("DIMOUT", ROOT / "build/release/dimout"))
    if not os.access(dimout, os.X_OK):
        print(f"SKIPPED: no binary at {dimout}; build it, or say DIMOUT=PATH.", file=sys.stderr)
        return 77
    keep = os.environ.get("DIMOUT_KEEP")
    broken = 0
    print(f"{'scenario':42} {'seed':>5} {'expected':>8} {'public':>6} {'onset':>8} {'end':>8} {'unstable':>9} "
          f"{'replay':>9}  verdict", flush=True)
    for path, seed in work_list(names):
        label = path.stem + (f"-{seed}" if seed else "")
        folder = Path(keep) / label if keep else Path(tempfile.mkdtemp(prefix="dimout-e2e-"))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            truth, outages, seconds, faults, worst = try_scenario(dimout, path, seed, folder)
            print(row_of(path.stem, seed, truth, outages, seconds, faults, worst), flush=True)
        except (RuntimeError, OSError, KeyError, ValueError) as error:
            faults = [f"{type(error).__name__}: {error}"]
            print(f"{path.stem:42} {seed or '-':>5} FAILED", flush=True)
        for fault in faults:
            print(f"    {fault}", flush=True)
        broken += bool(faults)
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    print("all hold" if not broken else f"{broken} do not hold", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
