#!/usr/bin/env python3
"""A replay that is killed at any moment loses nothing that a reader had seen, leaves no half bin, and is
completed by a rerun; readers work all the while a writer writes; Ctrl-C leaves a store that goes on, and so
does the end of an archive that grows later.

    DIMOUT=build/release/dimout tests/e2e_kill.py [SEED]

DIMOUT_KILLS=200 for many kills (tests/soak/kills.sh); 5 otherwise. Exit: 0 all hold, 1 one does not.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import support
from support import DIMOUT, Checks, digest, dimout, export, need_binary, replay, run

KILLS = int(os.environ.get("DIMOUT_KILLS", "5"))
SCENARIO = Path(__file__).resolve().parent / "kill.scenario"
# In these a store that is not complete is the beginning of the complete one.
GROWING = ("bins", "levels", "health", "samples")


def parts(exported):
    """The canonical export as {table: [line]}."""
    found, name = {}, None
    for line in exported.splitlines():
        if line.startswith("# "):
            name = line[2:]
            found[name] = []
        else:
            found[name].append(line)
    return found


def bins_of(store):
    """How many sealed bins a reader sees; None before there is a store."""
    if not (store / "manifest.json").exists():
        return None
    done = run(DIMOUT, "check", "--store", store)
    found = re.search(r"(\d+) bins", done.stdout)
    return int(found[1]) if done.returncode == 0 and found else None


class Archive:
    """The simulated input, and what an undisturbed replay makes of it."""

    def __init__(self, work):
        self.path = work / "archive"
        dimout("simulate", SCENARIO, self.path)
        store = work / "whole"
        started = time.monotonic()
        replay([self.path], store, registry=[self.path / "registry"])
        self.seconds = time.monotonic() - started
        self.export = export(store)
        self.parts = parts(self.export)

    def start(self, store, *options):
        return subprocess.Popen([str(DIMOUT), "replay", "--archive", str(self.path), "--registry", str(self.path / "registry"),
                                 "--store", str(store), *options],
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)

    def complete(self, store):
        """What keeps a rerun from ending with the export of the undisturbed one; empty when nothing does."""
        try:
            replay([self.path], store, registry=[self.path / "registry"])
            found = export(store)
        except RuntimeError as error:
            return str(error)
        return "" if found == self.export else f"export {digest(found)} instead of {digest(self.export)}"

    def half(self, exported, *, ahead=False):
        """A sentence on what is no beginning of the whole; empty when all is.

        `ahead`: the writer went on while we read, so that a later table may know more whole bins than `bins` does.
        """
        found = parts(exported)
        for table in GROWING:
            wanted = self.parts[table][:len(found[table])]
            if found[table] != wanted:
                where = next((i for i, (a, b) in enumerate(zip(found[table], wanted)) if a != b), len(wanted))
                return f"{table} differs in line {where}: {found[table][where]!r}"
        bins = {line.split(",")[0] for line in found["levels" if ahead else "bins"][1:]}
        wanted = [line for line in self.parts["levels"][1:] if line.split(",")[0] in bins]
        return "" if found["levels"][1:] == wanted else f"levels: {len(found['levels']) - 1} lines of {len(wanted)} of the sealed bins"


def one_kill(archive, store, delay):
    """Kills a replay after `delay` seconds; sentences on what is wrong then."""
    writer = archive.start(store)
    until, seen = time.monotonic() + delay, None
    while writer.poll() is None and (left := until - time.monotonic()) > 0:
        if left > 0.3:
            seen = bins_of(store) or seen
        time.sleep(min(0.05, max(0.0, until - time.monotonic())))
    running = writer.poll() is None
    writer.kill()
    writer.communicate()
    faults = []
    if (store / "manifest.json").exists():
        check = run(DIMOUT, "check", "--store", store)
        if check.returncode != 0:
            faults.append(f"check: exit {check.returncode}: {(check.stdout + check.stderr).strip()}")
        exported = run(DIMOUT, "export", "--store", store)
        if exported.returncode != 0:
            faults.append(f"export: exit {exported.returncode}: {exported.stderr.strip()}")
        elif half := archive.half(exported.stdout):
            faults.append(half)
        if (now := bins_of(store)) is not None and seen is not None and now < seen:
            faults.append(f"{now} bins are left of {seen} that a reader had seen")
    elif seen is not None:
        faults.append("the store is gone")
    return running, bins_of(store), faults


def kills(checks, archive, work, rng):
    """With many kills only those are shown after which something did not hold."""
    checks.section(f"{KILLS} kills at random moments")
    store, hits, completed = work / "killed", 0, 0
    for number in range(1, KILLS + 1):
        running, bins, faults = one_kill(archive, store, rng.uniform(0, 1.05) * archive.seconds)
        hits += running
        what = f"kill {number} ({'while it wrote' if running else 'it had ended'}, {bins or 0} bins)"
        if faults or KILLS <= 20:
            checks.check(what, not faults, "; ".join(faults))
        if faults or number == KILLS or rng.random() < 0.35:  # The others go on where the kill left it.
            fault = archive.complete(store)
            completed += not fault
            if fault or KILLS <= 20:
                checks.check(f"after kill {number} a rerun completes the store", not fault, fault)
            shutil.rmtree(store)
    checks.check("most kills hit a writer", hits * 2 > KILLS, f"{hits} of {KILLS}")
    checks.check("stores completed afterwards", completed > 0, str(completed))


def readers(checks, archive, work):
    checks.section("Readers beside a writer")
    store = work / "read"
    writer = archive.start(store)
    questions = {"series": ["series", "--entity", "country/BT", "--signal", "bgp.visible_slash24"],
                 "outages": ["outages", "--format", "json"], "export": ["export"], "check": ["check"]}
    answers, refused, halves, beside = dict.fromkeys(questions, 0), [], [], set()
    while writer.poll() is None:
        if not (store / "manifest.json").exists():
            time.sleep(0.01)
            continue
        for name, question in questions.items():
            done = run(DIMOUT, *question, "--store", store)
            answers[name] += 1
            if done.returncode != 0:
                refused.append(f"{name}: exit {done.returncode}: {(done.stderr + done.stdout).strip()[-300:]}")
            elif name == "export":
                if half := archive.half(done.stdout, ahead=True):
                    halves.append(half)
                beside.add(len(parts(done.stdout)["bins"]))
    error = writer.communicate()[1]
    checks.check("the writer ended well", writer.returncode in support.DONE, error[-300:] if writer.returncode not in support.DONE else "")
    checks.check("every reader got an answer", not refused, "; ".join(refused[:3]) or ", ".join(f"{n} {a}" for a, n in answers.items()))
    checks.check("no reader saw half a bin", not halves, "; ".join(halves[:3]))
    checks.check("readers saw the store grow", len(beside) > 1, f"{len(beside)} different lengths")
    checks.check("the end is as without readers", export(store) == archive.export, digest(archive.export))
    second_writer(checks, archive, work)


def second_writer(checks, archive, work):
    """One writer a store: a second one is told so and does no harm."""
    store = work / "twice"
    writer = archive.start(store)
    while writer.poll() is None and not (store / "manifest.json").exists():
        time.sleep(0.01)
    done = run(DIMOUT, "replay", "--archive", archive.path, "--store", store)
    beside = writer.poll() is None
    writer.communicate()
    if not beside:
        checks.skip("a second writer", "the first one had ended")
        return
    checks.check("a second writer is refused with a sentence", done.returncode == 1 and "dimout:" in done.stderr,
                 f"exit {done.returncode}: {done.stderr.strip()[-200:]}")
    checks.check("and does no harm", export(store) == archive.export)


def interrupted(archive, store, number, share):
    """Exit code and stderr of a replay that was asked to stop; None when it had ended before."""
    writer = archive.start(store)
    time.sleep(share * archive.seconds)
    if writer.poll() is not None:
        writer.communicate()
        return None
    writer.send_signal(number)
    started = time.monotonic()
    try:
        error = writer.communicate(timeout=60)[1]
    except subprocess.TimeoutExpired:
        writer.kill()
        writer.communicate()
        return None, "it went on for a minute", 60
    return writer.returncode, error, time.monotonic() - started


def signals(checks, archive, work):
    checks.section("Asked to stop")
    for number, wanted in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        name = number.name
        for attempt in range(5):
            store = work / f"{name}-{attempt}"
            ended = interrupted(archive, store, number, 0.5 / (attempt + 1))
            if ended is not None and ended[0] not in support.DONE:
                break
        if ended is None:
            checks.check(f"{name} came in time", False, "five replays had ended before")
            continue
        code, error, seconds = ended
        checks.check(f"{name} ends with exit {wanted}", code == wanted, f"exit {code} after {seconds:.1f} s")
        checks.check(f"{name} leaves a store that is whole", run(DIMOUT, "check", "--store", store).returncode == 0)
        half = archive.half(export(store))
        checks.check(f"{name} leaves no half bin", not half, half)
        fault = archive.complete(store)
        checks.check(f"{name}: a rerun completes the store", not fault, fault)


def grown(checks, archive, work):
    """An archive that ended yesterday, and goes on today: the second replay continues the first one's store."""
    checks.section("An archive that grew")
    for until, where in (("2015-03-11T03:00Z", "in quiet times"), ("2015-03-11T04:50Z", "within an outage"),
                         ("2015-03-11T04:52:30Z", "within a bin")):
        store = work / f"grown-{until}"
        replay([archive.path], store, "--until", until, registry=[archive.path / "registry"])
        fault = archive.complete(store)
        checks.check(f"a first half that ends {where} is continued", not fault, fault)


def main():
    need_binary()
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    checks = Checks(f"Kills, seed {seed}")
    with support.workdir() as folder:
        work = Path(folder)
        archive = Archive(work)
        bins = len(archive.parts["bins"]) - 1
        print(f"      the undisturbed replay: {archive.seconds:.1f} s, {bins} bins, {digest(archive.export)}")
        readers(checks, archive, work)
        signals(checks, archive, work)
        grown(checks, archive, work)
        kills(checks, archive, work, random.Random(seed))
    checks.finish()


if __name__ == "__main__":
    main()
