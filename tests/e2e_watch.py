#!/usr/bin/env python3
"""`dimout watch` listens to routers, and to RIS Live, played from a small archive, many times faster than life.

It must find what a replay of the archive finds; a replay of its journal must give the very same store; and when it is
killed in between, the time without it is a gap and the outage stays one.
"""

import json
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bmp
import ris_live
from support import DIMOUT, ROOT, Checks, dimout, export, free_port, need_binary, outages, replay, tables, told, workdir

SPEED = 400
FROM, UNTIL = 1425945600, 1425970800  # 2015-03-10T00:00Z to 07:00Z, as in watch.scenario.
DARK = 1425958860                     # 03:41Z.
SEEDED = 1425952800                   # 02:00Z: until then RIS Live's listener reads an archive.
LATENESS = 300                        # Event seconds: 0.75 s of ours.
BEHIND = 100




class Clock:
    """The daemon's: it shows `start` when it is made."""

    def __init__(self, start):
        self.start, self.began = start, time.monotonic()

    def __call__(self):
        return self.start + (time.monotonic() - self.began) * SPEED


class Daemon:
    """`dimout watch` on a store and journal of its own."""

    def __init__(self, folder, start, *sources):
        self.folder, self.port = folder, free_port()
        sources = sources or ["--bmp", f"127.0.0.1:{self.port}"]
        self.clock = Clock(start)
        self.process = subprocess.Popen(
            [str(DIMOUT), "-q", "watch", "--store", folder / "store", *sources, "--laboratory", "--lateness", str(LATENESS), "--clock", f"{start},{SPEED}", "--format", "json"],
            stdout=(folder / "told").open("a"), stderr=(folder / "errors").open("a"), stdin=subprocess.DEVNULL)

    def listens(self):
        for _ in range(200):
            rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
            if any(row[1].endswith(f":{self.port:04X}") and row[3] == "0A" for row in rows[1:]):
                return True
            time.sleep(0.05)
        return False

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(timeout=60)


def core(found):
    """What must be the same however it was heard."""
    return [(o["entity"], o["state"], [(p["phase"], p["from"], p["until"]) for p in o["phases"]], o["severity"]["lost"],
             o["severity"]["of"]) for o in found]


def lines(store):
    return export(store).splitlines()


def is_part_of(part, whole):
    """Whether `part` is `whole` with lines left out."""
    rest = iter(whole)
    return all(line in rest for line in part)


def wait_until(clock, second):
    while clock() < second:
        time.sleep(0.02)


def listen(folder, routers):
    """From beginning to end. The player is a little behind the daemon's clock, as a network is."""
    folder.mkdir()
    daemon, player = Daemon(folder, FROM), bmp.Player(routers)
    assert daemon.listens(), (folder / "errors").read_text()
    player.connect(daemon.port)
    player.play(lambda: daemon.clock() - BEHIND, UNTIL)
    wait_until(daemon.clock, UNTIL + LATENESS + 600)
    code = daemon.end()
    player.close()
    return code


def listen_killed(folder, routers):
    """The same, but within the outage the daemon is killed, and is away for a quarter of an hour."""
    folder.mkdir()
    daemon, player = Daemon(folder, FROM), bmp.Player(routers)
    assert daemon.listens(), (folder / "errors").read_text()
    player.connect(daemon.port)
    player.play(lambda: daemon.clock() - BEHIND, DARK + 1500)
    daemon.end(signal.SIGKILL)
    player.close()
    clock = daemon.clock
    player.play(lambda: clock() - BEHIND, DARK + 2400, deaf=True)
    wait_until(clock, DARK + 2400)
    daemon = Daemon(folder, int(clock()))
    assert daemon.listens(), (folder / "errors").read_text()
    player.connect(daemon.port)
    player.play(lambda: daemon.clock() - BEHIND, UNTIL)
    wait_until(daemon.clock, UNTIL + LATENESS + 600)
    daemon.end()
    player.close()


def listen_ris(folder, archive):
    """The first hours out of the archive, and the rest as RIS Live, repeated and cut now and then."""
    folder.mkdir()
    seed, heard = folder / "seed", []
    for path in sorted(p for p in archive.rglob("*.gz")):
        collector = path.relative_to(archive).parts[0]
        if path.name < "updates.20150310.0200.gz":
            (seed / path.relative_to(archive)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, seed / path.relative_to(archive))
        else:
            heard += ris_live.lines(path, collector)
    heard.sort(key=lambda line: json.loads(line)["data"]["timestamp"])
    (folder / "lines").write_text("\n".join(heard) + "\n")
    wall = time.time() + 2
    server = subprocess.Popen(
        [sys.executable, ROOT / "tests/ris_live_server.py", folder / "lines", "--hold", "--twice", "7", "--paced",
         str(SEEDED - BEHIND), str(wall), str(SPEED)], stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
    port = server.stdout.readline().strip()
    time.sleep(max(0.0, wall - time.time()))
    daemon = Daemon(folder, SEEDED, "--ris-live", "all", "--ris-live-url", f"ws://127.0.0.1:{port}/v1/ws/", "--archive", seed)
    wait_until(daemon.clock, UNTIL + LATENESS + 600)
    daemon.end()
    server.kill()
    server.wait()


def check_live(checks, folder, wanted):
    found = outages(folder / "store")
    checks.equal("the outages of a replay of the archive", core(found), core(wanted))
    first = [one["state"] for one in told(folder / "told") if one["revision"] == 1]
    checks.equal("told once when they begin", first, ["ongoing"] * len(found))
    checks.equal("told nothing twice", len({(one["id"], one["revision"]) for one in told(folder / "told")}), len(told(folder / "told")))
    checks.equal("nobody complained", (folder / "errors").read_text(), "")


def check_again(checks, folder, name):
    """The last bin or two may be in the journal only: the daemon was asked to stop, not to finish."""
    dimout("replay", "--journal", folder / "store.journal", "--store", folder / "again", "--laboratory", "--lateness", LATENESS)
    live, again = lines(folder / "store"), lines(folder / "again")
    checks.check(f"{name}: a replay of the journal stores the same", is_part_of(live, again), f"{len(live)} of {len(again)} lines")
    bins = [len(tables("\n".join(text))["bins"]) for text in (live, again)]
    checks.check(f"{name}: and goes on by a bin or two at most", 0 <= bins[1] - bins[0] <= 2, f"{bins}")


def main():
    need_binary()
    checks = Checks("watch: routers over BMP, a journal, and what is found")
    with workdir() as work:
        work = Path(work)
        archive = work / "archive"
        dimout("simulate", ROOT / "tests/watch.scenario", archive)
        replay([archive], work / "replayed")
        wanted = outages(work / "replayed")

        def routers():
            return [bmp.Router(name, archive / name) for name in ("rrc-a", "rrc-b")]

        # Nearly all of it is waiting for the clock, so the two listen side by side.
        with ThreadPoolExecutor() as pool:
            live = pool.submit(listen, work / "live", routers())
            killed = pool.submit(listen_killed, work / "killed", routers())
            ris = pool.submit(listen_ris, work / "ris", archive)
        killed.result(), ris.result()

        checks.section("an outage, heard live")
        checks.equal("SIGTERM ends it", live.result(), 143)
        check_live(checks, work / "live", wanted)
        check_again(checks, work / "live", "live")

        checks.section("killed within the outage")
        found = outages(work / "killed/store")
        checks.equal("the same outages", [(o["id"], o["start"]["t"], o["end"]["t"]) for o in found],
                     [(o["id"], o["start"]["t"], o["end"]["t"]) for o in wanted])
        gaps = tables(export(work / "killed/store"))["gaps"]
        checks.equal("the time without it is a gap", sorted({gap["reason"] for gap in gaps}), ["dimout was not running"])
        check_again(checks, work / "killed", "killed")

        checks.section("RIS Live, after an archive")
        check_live(checks, work / "ris", wanted)
        check_again(checks, work / "ris", "RIS Live")
        checks.equal("nobody was lost", tables(export(work / "ris/store"))["gaps"], [])
    checks.finish()


if __name__ == "__main__":
    main()
