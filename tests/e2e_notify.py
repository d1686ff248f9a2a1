#!/usr/bin/env python3
"""Whom `dimout watch` tells of outages: once when they begin, once when they end, whatever the receivers and the daemon suffer.

An outage of an hour ago is played to it as BMP routers, many times faster than life. The receivers are a web server that breaks, is
slow and lies, and the real Alertmanager and SMTP server of Debian. A daemon that is killed while a receiver holds the message, and
at other moments drawn from a seed, sends it again with the same id; nothing else twice, and nothing never.
"""

import hashlib
import hmac
import os
import random
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.request
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import bmp
from receivers import SLOW, Alertmanager, MailServer, Web
from support import DIMOUT, ROOT, Checks, dimout, free_port, need_binary, outages, replay, run, workdir

SECRET, TOKEN, TOPIC = "hook-key-3141", "bot-token-2718", "secret-topic-1618"
SPEED = 600
LATENESS, BEHIND = 450, 150  # Event seconds.
LASTS = 30 * 60
CLOSED = 6 * 3600 + 2400    # So long after it is back an outage is over.
SEED = 20141222

GROUPS = '[group.mine]\nprefixes = ["119.2.96.0/22"]\nzone = "Asia/Thimphu"\n'

# The times of the scenario: Alertmanager takes what ended before its own clock's now for over.
UNTIL = int(time.time()) // 300 * 300
FROM, DARK = UNTIL - 3 * 3600, UNTIL - 50 * 60 + 60


def rfc(second):
    return datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def scenario_text():
    text = (ROOT / "tests/watch.scenario").read_text()
    text = re.sub(r"^from .*$", f"from {rfc(FROM)}", text, flags=re.M)
    text = re.sub(r"^until .*$", f"until {rfc(UNTIL)}", text, flags=re.M)
    text = re.sub(r"^(at|expect) .*\n", "", text, flags=re.M)
    return text + (f"at {rfc(DARK)} dark country/BT for {LASTS // 60}m\n"
                   f"expect outage country/BT dark {rfc(DARK)} until {rfc(DARK + LASTS)}\n")


class Clock:
    """The daemon's: it shows `start` when it is made."""

    def __init__(self, start):
        self.start, self.began = start, time.monotonic()

    def __call__(self):
        return self.start + (time.monotonic() - self.began) * SPEED


def wait_until(clock, second):
    while clock() < second:
        time.sleep(0.02)


class Daemon:
    def __init__(self, folder, start, *options, port=None):
        self.folder, self.port, self.clock = folder, port or free_port(), Clock(start)
        groups = folder / "groups.toml"
        groups.write_text(GROUPS)
        self.process = subprocess.Popen(
            [str(DIMOUT), "-q", "watch", "--store", folder / "store", "--bmp", f"127.0.0.1:{self.port}", "--laboratory",
             "--lateness", str(LATENESS), "--clock", f"{start},{SPEED}", "--groups", groups, *options],
            stdout=(folder / "told").open("a"), stderr=(folder / "errors").open("a"), stdin=subprocess.DEVNULL,
            env={**os.environ, "DIMOUT_TEST_SECRET": SECRET, "DIMOUT_TEST_TOKEN": TOKEN})

    def listens(self):
        for _ in range(400):
            rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
            if any(row[1].endswith(f":{self.port:04X}") and row[3] == "0A" for row in rows[1:]):
                return True
            time.sleep(0.02)
        return False

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(timeout=60)


def to(*addresses):
    return [word for address in addresses for word in ("--notify", address)]


def channels(web, alertmanager, mails, folder):
    at = f"127.0.0.1:{web.port}"
    return to(f"webhook+http://{at}/good#secret=env:DIMOUT_TEST_SECRET", f"webhook+http://{at}/breaks", f"webhook+http://{at}/slow",
              f"webhook+http://{at}/lies", f"webhook+http://{at}/never", f"webhook+http://{at}/elsewhere", f"ntfy+http://{at}/ntfy/{TOPIC}",
              f"slack+http://{at}/services/{TOPIC}", f"telegram+http://{at}/-100#token=env:DIMOUT_TEST_TOKEN",
              f"alertmanager+http://127.0.0.1:{alertmanager.port}",
              f"smtp://127.0.0.1:{mails.port}?from=dimout@example.org&to=noc@example.org", f"atom:{folder / 'feed.atom'}")


def settle(seconds, done):
    until = time.monotonic() + seconds
    while time.monotonic() < until and not done():
        time.sleep(0.1)


def listen(folder, routers, web, alertmanager, mails):
    """From beginning to end, with every kind of receiver."""
    folder.mkdir()
    daemon, player = Daemon(folder, FROM, *channels(web, alertmanager, mails, folder)), bmp.Player(routers)
    assert daemon.listens(), (folder / "errors").read_text()
    player.connect(daemon.port)
    player.play(lambda: daemon.clock() - BEHIND, UNTIL)
    wait_until(daemon.clock, DARK + LASTS + CLOSED + LATENESS)
    settle(SLOW, lambda: all(len(web.to(path)) >= len(web.to("/good")) for path in ("/breaks", "/slow", "/lies")))
    left = alertmanager.active()
    code = daemon.end()
    player.close()
    return code, left


def listen_killed(folder, routers):
    """Killed at every message while its receiver holds it, and thrice besides."""
    folder.mkdir()
    held = threading.Event()
    web = Web(on_held=lambda one: (held.set(), time.sleep(3)))
    options = to(f"webhook+http://127.0.0.1:{web.port}/held")
    chance = random.Random(SEED)
    moments = sorted(chance.randrange(DARK, UNTIL + LATENESS) for _ in range(3))
    daemon, player, kills = Daemon(folder, FROM, *options), bmp.Player(routers), 0
    clock = daemon.clock
    assert daemon.listens(), (folder / "errors").read_text()
    player.connect(daemon.port)
    while clock() < DARK + LASTS + CLOSED + 3600 and len({o["id"] for o in web.bodies("/held") if o["kind"] == "close"}) < 2:
        target = min(UNTIL, int(clock()) + 60)
        try:
            player.play(lambda: clock() - BEHIND, target)
        except OSError:
            pass  # It was killed; what it did not hear it learns when the router connects again.
        wait_until(clock, int(clock()) + 40)
        if held.is_set() or (moments and clock() >= moments[0]):
            if not held.is_set():
                moments.pop(0)
            kills += 1
            daemon.end(signal.SIGKILL)
            held.clear()
            player.close()
            daemon = Daemon(folder, int(clock()), *options)
            assert daemon.listens(), (folder / "errors").read_text()
            player.connect(daemon.port)
    settle(20, lambda: len({one[1]["Idempotency-Key"] for one in web.to("/held")}) == len({o[1]["Idempotency-Key"] for o in web.to("/held", asked=True)}))
    daemon.end()
    player.close()
    web.close()
    return web, kills


def blind(folder, routers):
    """Nobody speaks for ten minutes; it is killed and stays blind; then a router comes."""
    folder.mkdir()
    web = Web()
    options = [*to(f"webhook+http://127.0.0.1:{web.port}/good"), "--heartbeat", f"http://127.0.0.1:{web.port}/beat/secret-beat"]
    daemon = Daemon(folder, FROM, *options)
    assert daemon.listens()
    settle(20, lambda: web.to("/good"))
    beats = len(web.to("/beat"))
    time.sleep(2)
    daemon.end(signal.SIGKILL)
    daemon = Daemon(folder, int(daemon.clock()), *options)
    assert daemon.listens()
    time.sleep(4)
    silent = len(web.to("/good")), len(web.to("/beat"))
    player = bmp.Player(routers)
    player.connect(daemon.port)
    settle(20, lambda: len(web.to("/good")) > 1)
    time.sleep(1)
    code = daemon.end()
    player.close()
    web.close()
    return web, beats, silent, code


def threads_of(told):
    found = {}
    for one in told:
        found.setdefault(one["thread"], []).append(one["kind"])
    return found


def check_rule(checks, told, wanted):
    checks.section("what is told")
    threads = threads_of(told)
    checks.equal("a country's darkness and one's own, nothing else", sorted(threads), sorted(o["id"] for o in wanted
                 if o["entity"] in ("country/BT", "group/mine")))
    for thread, kinds in threads.items():
        checks.check(f"{thread}: one beginning, one end", kinds.count("open") == 1 == kinds.count("close") and kinds[0] == "open"
                     and kinds[-1] == "close", " ".join(kinds))
    checks.check("every first line fits a lock screen", all(0 < len(one["subject"]) <= 120 for one in told), max((o["subject"] for o in told), key=len))
    checks.check("with the local clock beside UTC", all(re.search(r"UTC \(\w{3} \d\d:\d\d \+06\)", o["subject"]) for o in told if o["kind"] == "open"),
                 next(o["subject"] for o in told if o["kind"] == "open"))
    checks.check("an end says how long it was", all(re.search(r"over after \d+ min", o["subject"]) for o in told if o["kind"] == "close"),
                 next(o["subject"] for o in told if o["kind"] == "close"))
    checks.check("the outage comes with it", all(o["outage"]["id"] == o["thread"] for o in told))
    checks.equal("every id once", len({o["id"] for o in told}), len(told))


def check_signatures(checks, web):
    fine = [headers["X-Dimout-Signature"] == "sha256=" + hmac.new(SECRET.encode(), f"{headers['X-Dimout-Timestamp']}.".encode() + body, hashlib.sha256).hexdigest()
            for _, headers, body in web.to("/good")]
    checks.check("all is signed", all(fine) and fine, f"{len(fine)} messages")


def check_receivers(checks, web, told, folder, mails):
    checks.section("receivers that break, are slow, lie")
    ids = [(o["thread"], o["kind"]) for o in told]
    for path, what in [("/breaks", "busy at first"), ("/slow", "slower than anybody waits"), ("/lies", "torn answers")]:
        taken = [(o["thread"], o["kind"]) for o in web.bodies(path)]
        keys = [headers["Idempotency-Key"] for _, headers, _ in web.to(path)]
        checks.equal(f"{what}: all came, in order", taken, ids)
        checks.equal(f"{what}: taken once each", len(set(keys)), len(keys))
        checks.check(f"{what}: and was asked more than once", len(web.to(path, asked=True)) > len(keys))
    checks.check("nobody is followed elsewhere", not web.to("/good/stolen", asked=True) and web.to("/elsewhere", asked=True))
    for kind, path in [("ntfy", "/ntfy/"), ("Slack", f"/services/{TOPIC}"), ("Telegram", f"/bot{TOKEN}/sendMessage")]:
        checks.check(f"{kind} got all of it", len(web.to(path)) == len(told), f"{len(web.to(path))}")
    listed = run(DIMOUT, "notify", "list", "--outbox", folder / "store.outbox").stdout
    dead = [line for line in listed.splitlines() if "  dead  " in line]
    checks.equal("what is refused is given up, and listed", len(dead), len(told))
    checks.check("with the reason", "answers 400" in listed)
    again = run(DIMOUT, "notify", "retry", "--outbox", folder / "store.outbox")
    checks.check("and waits again when it is asked to", again.stdout.startswith(f"{len(told)} wait again"), again.stdout.strip() or again.stderr.strip())


def check_mails(checks, mails, told):
    checks.section("a real mail server")
    got = mails.mails()
    checks.equal("a mail for each message", len(got), len(told))
    checks.equal("with its first line", sorted(m["Subject"] for m in got), sorted(o["subject"] for o in told))
    checks.check("each with an id of its own, in a thread", len({m["Message-ID"] for m in got}) == len(got)
                 and len({m["References"] for m in got}) == len(threads_of(told)))
    checks.check("and a body that can be read", all("full-feed networks" in m.get_content() for m in got))


def check_alertmanager(checks, alertmanager, left, told):
    checks.section("a real Alertmanager")
    seen = {alert["labels"]["outage"]: alert for alert in alertmanager.seen}
    checks.equal("an alert for each outage", sorted(seen), sorted(threads_of(told)))
    checks.equal("none is left when they are over", left, [])
    checks.equal("labels never change", len({tuple(sorted(a["labels"].items())) for a in alertmanager.seen}), len(seen))
    checks.equal("one's own is critical", {a["labels"]["entity"]: a["labels"]["severity"] for a in seen.values()},
                 {"country/BT": "warning", "group/mine": "critical"})


def check_feed(checks, folder, told):
    checks.section("a feed")
    name = "{http://www.w3.org/2005/Atom}"
    entries = xml.parse(folder / "feed.atom").getroot().findall(f"{name}entry")
    checks.equal("the newest first", [e.find(f"{name}title").text for e in entries], [o["subject"] for o in reversed(told)])


def check_secrets(checks, folder):
    checks.section("secrets")
    files = [p for p in folder.rglob("*") if p.is_file() and (p.parent.name.endswith(".outbox") or p.name in ("told", "errors"))]
    text = "".join(p.read_text() for p in files)
    checks.check("none in what is printed and kept", not [s for s in (SECRET, TOKEN, TOPIC, "secret-beat") if s in text], f"{len(files)} files")


def check_killed(checks, web, kills, told):
    checks.section("killed again and again")
    keys = [headers["Idempotency-Key"] for _, headers, _ in web.to("/held", asked=True)]
    times = {key: keys.count(key) for key in keys}
    checks.equal("one beginning and one end for each, as without kills",
                 {thread: (kinds.count("open"), kinds.count("close")) for thread, kinds in threads_of(
                     {o["id"]: o for o in web.bodies("/held")}.values()).items()},
                 {thread: (1, 1) for thread in threads_of(told)})
    checks.check("nothing is lost: every id was taken", {h["Idempotency-Key"] for _, h, _ in web.to("/held")} == set(keys))
    checks.check("at most one repeat a kill, with the same id", sum(times.values()) - len(times) <= kills and kills >= len(times),
                 f"{kills} kills, {len(times)} messages, {sum(times.values()) - len(times)} repeats")


def check_begins_here(checks, folder):
    """A new outbox over the old journal: all of it was over before."""
    web = Web()
    shutil.rmtree(folder / "store")
    daemon = Daemon(folder, int(time.time()) + 10 * 3600, *to(f"webhook+http://127.0.0.1:{web.port}/good"), "--outbox", folder / "new.outbox")
    settle(20, lambda: (folder / "store").exists() and len(outages(folder / "store")) >= 2)
    time.sleep(1)
    daemon.end()
    web.close()
    told = [one["thread"] for one in web.bodies("/good") if not one["thread"].startswith("blind-")]  # No router comes.
    checks.equal("years in a journal are not told by an outbox that begins today", told, [])


def check_blind(checks, web, beats, silent, code):
    checks.section("when nobody says anything")
    told = web.bodies("/good")
    checks.equal("one word that we are blind, one that we see again", [o["kind"] for o in told], ["open", "close"])
    checks.check("of one thread", len({o["thread"] for o in told}) == 1 and told[0]["thread"].startswith("blind-"))
    checks.equal("a restart says it not again", silent[0], 1)
    checks.check("the heartbeat beats while all is well", 5 <= beats <= 13, f"{beats}")
    checks.check("and not while we are blind", silent[1] <= beats + 12, f"{silent[1]}")
    checks.equal("SIGTERM ends it", code, 143)


def check_test_command(checks, work, web, mails):
    checks.section("dimout notify test, and init")
    at = f"127.0.0.1:{web.port}"
    (work / "address").write_text(f"slack+http://{at}/services/{TOPIC}\n")
    done = run(DIMOUT, "notify", "test", *to(f"webhook+http://{at}/good", f"ntfy+http://{at}/ntfy/{TOPIC}", f"file:{work / 'address'}",
               f"smtp://127.0.0.1:{mails.port}?from=a@example.org&to=b@example.org", f"atom:{work / 'test.atom'}"))
    checks.check("each says that it took it", done.returncode == 0 and done.stdout.count("took a test message") == 5, done.stdout + done.stderr)
    checks.check("and no secret is printed", TOPIC not in done.stdout + done.stderr)
    done = run(DIMOUT, "notify", "test", *to(f"webhook+http://{at}/never", f"slack+http://127.0.0.1:{free_port()}/services/{TOPIC}"))
    checks.check("one that does not says why", done.returncode == 1 and "answers 400" in done.stdout and TOPIC not in done.stdout, done.stdout.strip())
    for address, word in [("https://example.org/hook", "expected an address"), (f"telegram://{TOPIC}", "bot's token"),
                          ("env:DIMOUT_TEST_NOTHING", "has no DIMOUT_TEST_NOTHING")]:
        done = run(DIMOUT, "notify", "test", "--notify", address)
        checks.check(f"a wrong address is a matter of usage: {word}", done.returncode == 64 and word in done.stderr and TOPIC not in done.stderr, done.stderr.strip())
    before = len(web.to("/good/init"))
    done = run(DIMOUT, "init", "--asn", "64500", "--dir", work / "init", "--notify", f"webhook+http://{at}/good/init")
    checks.check("init sends a test", done.returncode == 0 and len(web.to("/good/init")) == before + 1, done.stdout + done.stderr)


def check_howto(checks, work):
    """What docs/howto/be-told.md has typed, in an empty folder, with a receiver and a port of our own."""
    checks.section("what docs/howto/be-told.md has typed")
    web, port, listen, folder = Web(), free_port(), free_port(), work / "howto"
    folder.mkdir()
    page = (ROOT / "docs/howto/be-told.md").read_text().replace("ntfy://ntfy.sh/", f"ntfy+http://127.0.0.1:{web.port}/")
    commands = [line.split()[1:] for line in page.splitlines() if line.startswith("       dimout ")]
    checks.equal("as many commands as a reader types", [c[:2] if c[0] == "notify" else c[:1] for c in commands],
                 [["notify", "test"], ["init"], ["watch"], ["notify", "list"]])
    test, init, watch, listed = commands
    done = run("env", "-C", folder, DIMOUT, *test)
    checks.check("a test", done.returncode == 0 and "took a test message" in done.stdout, done.stdout + done.stderr)
    done = run("env", "-C", folder, DIMOUT, *init, "--bmp", f"127.0.0.1:{port}")
    checks.check("a dimout.toml, and a test", done.returncode == 0 and len(web.asked) == 2, done.stdout + done.stderr)
    daemon = subprocess.Popen([str(DIMOUT), *watch, "--clock", "now,600", "--listen", f"127.0.0.1:{listen}"], cwd=folder,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(folder / "errors").open("w"))
    settle(20, lambda: len(web.asked) == 3)
    with urllib.request.urlopen(f"http://127.0.0.1:{listen}/metrics", timeout=5) as answer:
        page = answer.read().decode()
    checks.check("the daemon counts what waits", re.search(r'^dimout_notify_waiting\{channel="ntfy-[0-9a-f]{8}"\} 0$', page, re.M) is not None)
    daemon.terminate()
    checks.equal("it ends when it is asked to", daemon.wait(timeout=60), 143)
    done = run("env", "-C", folder, DIMOUT, *listed)
    checks.check("a list", done.returncode == 0 and "dimout is blind" in done.stdout, done.stdout + done.stderr)
    web.close()


def main():
    need_binary()
    checks = Checks("notify: who is told of outages, and how often")
    missing = [p for p in ("/usr/bin/prometheus-alertmanager", "/usr/bin/aiosmtpd") if not os.access(p, os.X_OK)]
    if missing:
        checks.skip("all", f"missing: {', '.join(missing)}")
        checks.finish()
    with workdir() as work:
        work = Path(work)
        (work / "s.scenario").write_text(scenario_text())
        archive = work / "archive"
        dimout("simulate", work / "s.scenario", archive)
        (work / "groups.toml").write_text(GROUPS)
        replay([archive], work / "replayed", "--groups", work / "groups.toml")
        wanted = outages(work / "replayed")

        def routers():
            return [bmp.Router(name, archive / name) for name in ("rrc-a", "rrc-b")]

        web, alertmanager, mails = Web(), Alertmanager(work / "alertmanager"), MailServer(work / "mails")
        assert alertmanager.is_up and mails.is_up
        with ThreadPoolExecutor() as pool:
            live = pool.submit(listen, work / "live", routers(), web, alertmanager, mails)
            killed = pool.submit(listen_killed, work / "killed", routers())
            dark = pool.submit(blind, work / "blind", routers())
        code, left = live.result()
        told = web.bodies("/good")
        check_rule(checks, told, wanted)
        checks.equal("SIGTERM ends it", code, 143)
        check_signatures(checks, web)
        check_receivers(checks, web, told, work / "live", mails)
        check_mails(checks, mails, told)
        check_alertmanager(checks, alertmanager, left, told)
        check_feed(checks, work / "live", told)
        check_killed(checks, *killed.result(), told)
        check_begins_here(checks, work / "live")
        check_blind(checks, *dark.result())
        check_test_command(checks, work, web, mails)
        check_howto(checks, work)
        check_secrets(checks, work)
        alertmanager.close()
        mails.close()
        web.close()
    checks.finish()


if __name__ == "__main__":
    main()
