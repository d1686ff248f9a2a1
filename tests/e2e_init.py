#!/usr/bin/env python3
"""From an empty folder, without an editor: `init` writes a dimout.toml, `check` says what it will take, `watch` shows whether
one's own prefixes are there and who sees them. As an ordinary user; the routers are played from a small archive.
"""

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import bmp
import ris_live
from e2e_fetch import Archive, lay_out
from support import DIMOUT, ROOT, Checks, dimout, free_port, need_binary, ordinary_user, run, workdir

SPEED = 400
FROM = 1425945600  # 2015-03-10T00:00Z, as in watch.scenario.
SEEDED = 1425952800  # 02:00Z: until then RIS has archived.
BEHIND = 100
OURS = 520001      # AS of the country BT there.
HEARD = r"^2015-03-10T00:\d\d:00Z,4,"  # A bin in which all four /24s were seen, as `series` prints it.
PREFIXES = [f"119.2.{octet}.0/24" for octet in range(96, 100)]


def as_user(folder, *command):
    return run("env", "-C", folder, *ordinary_user(), DIMOUT, *command)


def open_folder(path):
    """That anybody may write in."""
    path.mkdir(parents=True)
    path.chmod(0o777)
    return path


def value(amount):
    number, unit = re.match(r"([\d.]+) (MB|GB|%)", amount).groups()
    return float(number) * {"MB": 1e6, "GB": 1e9, "%": 1}[unit]


def check_forecast(checks, text, sessions):
    """Each amount is what its own arithmetic gives."""
    rows = {row[0]: row for row in (re.split(r"\s{2,}", line.strip(), maxsplit=2) for line in text.splitlines() if line.startswith("  "))}
    numbers = {name: [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*\.?\d*", row[2])] for name, row in rows.items()}
    checks.equal("forecast: sessions", rows["sessions"][1], str(sessions))
    base, count, routes, width = numbers["memory"]
    wanted = {"memory": base * 1e6 + count * routes * width, "store": numbers["store"][0] * numbers["store"][1] * 1e6}
    count, messages, width, days = numbers["journal"]
    wanted["journal"] = count * messages * width * days
    count, days, width = numbers["paths"][:3]
    wanted["paths"] = count * days * width * 1e6
    for name, amount in wanted.items():
        found = value(rows[name][1].removeprefix("+ "))
        checks.check(f"forecast: {name} is what it says", abs(found - amount) <= max(0.06 * amount, 5e5), f"{rows[name][1]} of {rows[name][2]}")
    count, messages, micro, seconds, day = numbers["processor"]
    share = 100 * count * (messages * micro * 1e-6 + seconds) / day
    checks.check("forecast: processor is what it says", abs(value(rows["processor"][1]) - share) <= 0.06 * share, rows["processor"][1])


def check_files(checks, work, archive):
    checks.section("what init writes")
    folder = open_folder(work / "plain")
    done = as_user(folder, "init", "--asn", "64500")
    text = (folder / "dimout.toml").read_text()
    checks.check("one number is enough", done.returncode == 0 and "asns = [64500]" in text and "\n# prefixes" in text, done.stderr)
    checks.check("it says how to go on", "dimout init --force --fetch" in done.stdout and "next: dimout watch\n" in done.stdout)
    again = as_user(folder, "init", "--asn", "64501")
    checks.check("it does not overwrite", again.returncode == 1 and "--force" in again.stderr and (folder / "dimout.toml").read_text() == text)
    nobody = f"127.0.0.1:{free_port()}"
    done = as_user(folder, "init", "--asn", "AS64501", "--asn", "64502", "--notify", f'ntfy+http://{nobody}/to"pic', "--force")
    text = (folder / "dimout.toml").read_text()
    checks.check("--force does", "asns = [64501, 64502]" in text and f'"ntfy+http://{nobody}/to\\"pic"' in text)
    checks.check("a receiver that is not there is told", done.returncode == 2 and "Failed to connect" in done.stdout, done.stdout)
    checks.equal("who may read a secret address", oct((folder / "dimout.toml").stat().st_mode & 0o777), "0o600")
    checks.check("which is not printed", 'to"pic' not in done.stdout + done.stderr)
    wrong = as_user(folder, "init", "--asn", "64500", "--country", "Bhutan", "--dir", "else")
    checks.check("a country that is none is told, and nothing kept", wrong.returncode == 64 and "did you mean BT?" in wrong.stderr
                 and not (folder / "else").exists(), wrong.stderr.strip())
    done = as_user(folder, "check", "--sessions", "10")
    checks.check("check takes it", done.returncode == 0 and "0 faults" in done.stdout, done.stderr)
    check_forecast(checks, done.stdout, 10)

    checks.section("with an archive at hand")
    folder = open_folder(work / "archived")
    shutil.copytree(archive, folder / "archive")
    done = as_user(folder, "init", "--asn", OURS)
    text = (folder / "dimout.toml").read_text()
    checks.equal("its prefixes are learnt, and who has them", re.findall(r'^    "(.*)", +# seen by (\d+) of (\d+) sessions$', text, re.M),
                 [(prefix, "11", "11") for prefix in PREFIXES])
    checks.check("archive and registry are named", '\narchive = ["archive"]' in text and '\nregistry = ["archive/registry"]' in text)
    done = as_user(folder, "check")
    checks.equal("check takes it", done.returncode, 0)
    shutil.rmtree(folder / "archive")
    done = as_user(folder, "check")
    checks.check("check misses what is gone", done.returncode == 1 and "registry: archive/registry is not there" in done.stderr
                 and "dimout fetch --registry --into archive" in done.stderr, done.stderr.strip())
    done = as_user(folder, "watch")
    checks.check("watch names it, the command, and where to copy it by hand",
                 done.returncode == 1 and "sources.archive: archive is not there" in done.stderr
                 and "dimout fetch --collector rrc00 --registry --from" in done.stderr
                 and "copy delegated-*-extended-latest of each into archive/registry" in done.stderr, done.stderr.strip())


def watch_a_while(folder, archive, rib):
    """`init`, then `watch`, and routers that speak to it for some bins. What `watch` said."""
    port = free_port()
    done = as_user(folder, "init", "--asn", OURS, "--country", "BT", "--bmp", f"127.0.0.1:{port}", "--rib", rib, "--laboratory")
    if done.returncode != 0:
        return done.stderr, "", ""
    listen = free_port()
    began = time.monotonic()

    def clock():
        return FROM + (time.monotonic() - began) * SPEED

    daemon = subprocess.Popen([*ordinary_user(), str(DIMOUT), "watch", "--clock", f"{FROM},{SPEED}", "--listen", f"127.0.0.1:{listen}"], cwd=folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=(folder / "errors").open("w"))
    said = folder / "errors"
    while "listening for BMP" not in said.read_text() and time.monotonic() - began < 20:
        time.sleep(0.02)
    player = bmp.Player([bmp.Router(name, archive / name) for name in ("rrc-a", "rrc-b")])
    player.connect(port)
    player.play(lambda: clock() - BEHIND, FROM + 1800)
    while "group/mine" not in said.read_text() and time.monotonic() - began < 30:
        time.sleep(0.05)
    pages = {page: urllib.request.urlopen(f"http://127.0.0.1:{listen}/{page}", timeout=20).read().decode()
             for page in ("readyz", "metrics") if "group/mine" in said.read_text()}
    daemon.send_signal(signal.SIGTERM)
    code = daemon.wait(timeout=60)
    player.close()
    return said.read_text(), code, pages


def check_watch(checks, work, archive):
    checks.section("from an empty folder: init, then watch")
    folder = open_folder(work / "empty")
    rib = sorted((archive / "rrc-a").rglob("*"))
    rib = next(path for path in rib if path.is_file() and ("rib" in path.name or "bview" in path.name))
    said, code, pages = watch_a_while(folder, archive, rib)
    checks.equal("it ends when it is asked to", code, 143)
    checks.check("the group is seen", "group/mine: all 1,024 IPv4 addresses seen" in said)
    checks.check("so is the country", "country/BT: all 1,024 IPv4 addresses seen" in said)
    for prefix in PREFIXES:
        checks.check(f"{prefix} and how many see it", re.search(rf"{prefix}: seen by 11 of 11\b", said))
    checks.check("by whom", re.search(r"11 of the usual 11 networks .* at 2 collectors: AS502001, .* and 5 more", said))
    checks.equal("it is ready", pages.get("readyz"), "ready\n")
    found = dict(line.rsplit(" ", 1) for line in pages.get("metrics", "").splitlines() if not line.startswith("#"))
    checks.equal("its metrics count the observers", found.get('dimout_observers_live{family="v4"}'), "11")
    checks.check("and the bins, and say which was the newest", int(found["dimout_bins_sealed_total"]) >= 2
                 and int(float(found["dimout_last_sealed_bin_timestamp_seconds"])) % 300 == 0
                 and float(found["dimout_last_sealed_bin_timestamp_seconds"]) >= FROM + 600)
    checks.check("and the records", int(found["dimout_records_total"]) > 4000, found["dimout_records_total"])
    checks.check("what is missing of the registries is named, and how to bring it",
                 "No statistics of AFRINIC, APNIC, ARIN, LACNIC, RIPE NCC" in said and "dimout fetch --registry --into" in said
                 and "copy delegated-*-extended-latest" in said)


def typed(page):
    """What a page of docs/howto has typed, for our country and network."""
    text = (ROOT / "docs/howto" / page).read_text().replace("country/KP", "country/BT").replace("64500", str(OURS))
    return [shlex.split(line)[1:] for line in text.splitlines() if line.startswith("       dimout ")]


def check_howto(checks, folder):
    checks.section("what docs/howto/watch-your-routers.md has typed")
    commands = typed("watch-your-routers.md")
    checks.equal("as many commands as a reader types", [command[0] for command in commands], ["init", "watch", "outages", "series"])
    for command in commands[2:]:
        done = as_user(folder, *command)
        checks.check(f"dimout {' '.join(command)}", done.returncode == 0 and (command[0] != "series" or "4 │" in done.stdout), done.stdout + done.stderr)


def served(work, archive):
    """What RIS and the registries would have had at SEEDED, and what RIS Live said from then on, as a file of lines."""
    made, said = work / "served", []
    for path in sorted((archive / "rrc-a").rglob("*.gz")):
        if path.name < "updates.20150310.0200.gz":
            (made / path.relative_to(archive)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, made / path.relative_to(archive))
        else:
            said += ris_live.lines(path, "rrc00")
    shutil.copytree(archive / "registry", made / "registry")
    lay_out(made, work / "root")
    (work / "lines").write_text("\n".join(sorted(said, key=lambda line: json.loads(line)["data"]["timestamp"])) + "\n")
    return Archive(work / "root"), work / "lines"


def check_ris(checks, work, archive):
    checks.section("what docs/howto/watch-ris-live.md has typed, with servers of our own")
    server, lines = served(work, archive)
    folder, (init, watch, *questions) = open_folder(work / "ris"), typed("watch-ris-live.md")
    done = as_user(folder, *init, "--ris", server.url + "/ris", "--registries", server.url + "/rir", "--laboratory", "--clock", f"{SEEDED},1")
    checks.check("init brings what it needs", done.returncode == 0 and "names 4 prefixes" in done.stdout and "0 failed" in done.stdout,
                 done.stdout[:200] + done.stderr)
    wall = time.time() + 2
    player = subprocess.Popen([sys.executable, ROOT / "tests/ris_live_server.py", lines, "--hold", "--paced", str(SEEDED - BEHIND), str(wall), str(SPEED)],
                              stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
    port = player.stdout.readline().strip()
    time.sleep(max(0.0, wall - time.time()))
    daemon = subprocess.Popen([*ordinary_user(), str(DIMOUT), *watch, "--clock", f"{SEEDED},{SPEED}", "--ris-live-url", f"ws://127.0.0.1:{port}/"],
                              cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(folder / "errors").open("w"))
    said = folder / "errors"
    end = time.monotonic() + 30
    while "group/mine" not in said.read_text() and time.monotonic() < end:
        time.sleep(0.05)
    daemon.send_signal(signal.SIGTERM)
    checks.equal("watch ends when it is asked to", daemon.wait(timeout=60), 143)
    player.kill()
    player.wait()
    text = said.read_text()
    checks.check("it shows one's prefixes, and who sees them", "group/mine: all 1,024 IPv4 addresses seen" in text
                 and re.search(r"119\.2\.99\.0/24: seen by 6 of 6\b", text), text)
    checks.check("nothing is missing", "No statistics" not in text and "is not there" not in text)
    for command in questions:
        done = as_user(folder, *command)
        checks.check(f"dimout {' '.join(command)}", done.returncode == 0 and (command[0] != "series" or "4 │" in done.stdout), done.stdout + done.stderr)


def check_other_group(checks, folder):
    checks.section("another group: another store, filled from the same journal")
    config = folder / "dimout.toml"
    old = config.read_text()
    config.write_text(old.replace("group.mine", "group.ours"))
    start = FROM + 7200

    def watch(until):
        daemon = subprocess.Popen([*ordinary_user(), str(DIMOUT), "watch", "--clock", f"{start},{SPEED}"], cwd=folder, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=(folder / "again").open("w"))
        end = time.monotonic() + 20
        while not until((folder / "again").read_text()) and time.monotonic() < end:
            time.sleep(0.05)
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(timeout=60)
        return (folder / "again").read_text()

    said = watch(lambda text: "Use another store" in text)
    checks.check("the old store refuses them", "Use another store" in said, said[-300:])
    config.write_text(config.read_text().replace('store = "live.store"', 'store = "new.store"\njournal = "live.store.journal"'))

    def series():
        return as_user(folder, "series", "--store", "new.store", "--entity", "group/ours", "--signal", "bgp.visible_slash24")

    watch(lambda _: re.search(HEARD, series().stdout, re.M))
    done = series()
    checks.check("the new one knows what was heard before", re.search(HEARD, done.stdout, re.M), done.stdout[:300] + done.stderr)


def main():
    need_binary()
    checks = Checks("init: from an empty folder to one's own prefixes")
    with workdir() as work:
        work = Path(work)
        work.chmod(0o755)
        archive = work / "archive"
        dimout("simulate", ROOT / "tests/watch.scenario", archive)
        check_files(checks, work, archive)
        check_watch(checks, work, archive)
        check_howto(checks, work / "empty")
        check_other_group(checks, work / "empty")
        check_ris(checks, work, archive)
    checks.finish()


if __name__ == "__main__":
    main()
