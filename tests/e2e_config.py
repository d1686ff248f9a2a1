#!/usr/bin/env python3
"""dimout.toml: what `watch` takes from it, where it is looked for, and how its faults are told.

Everything that listens runs as an ordinary user.
"""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from support import DIMOUT, Checks, free_port, need_binary, ordinary_user, run, workdir

USAGE = 64

FAULTY = """\
sotre = "live.store"
country = "North Korea"
notify = ["https"]

[sources]
bmp = ["127.0.0.1", 11019]
ris_live = ["rrc0"]

[keep]
path_days = -1

[group.mine]
asns = ["AS64500"]
zone = "Asia/Pyongjang"
"""


def watch(*options, folder, env=None):
    """A whole run that ends by itself."""
    return run("env", "-C", folder, *(f"{k}={v}" for k, v in (env or {}).items()), DIMOUT, "watch", *options)


class Daemon:
    """`dimout watch` in a folder that belongs to an ordinary user."""

    def __init__(self, folder, *options, env=None):
        self.folder = folder
        self.process = subprocess.Popen([*ordinary_user(), str(DIMOUT), "watch", *options], cwd=folder, stdin=subprocess.DEVNULL,
                                        env={**os.environ, **(env or {})},
                                        stdout=(folder / "told").open("a"), stderr=(folder / "errors").open("a"))

    def listens(self, port):
        for _ in range(200):
            rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
            if any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows[1:]):
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.05)
        return False

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(timeout=60)

    def errors(self):
        return (self.folder / "errors").read_text()


def open_folder(path):
    """That anybody may write in."""
    path.mkdir(parents=True)
    path.chmod(0o777)
    return path


def check_faults(checks, work):
    checks.section("faults")
    folder = open_folder(work / "faults")
    (folder / "dimout.toml").write_text(FAULTY)
    done = watch(folder=folder)
    checks.equal("a faulty file is a matter of usage", done.returncode, USAGE)
    told = done.stderr.removeprefix("dimout: ").splitlines()
    for line, words in [(1, "sotre: there is no such key; did you mean `store`?"), (2, "did you mean KP?"), (3, "notify: expected"),
                        (6, "sources.bmp: '127.0.0.1' is no address"), (6, "sources.bmp: expected a text in quotes"),
                        (7, "'rrc0' is no collector"), (10, "keep.path_days: expected a number from 0"),
                        (13, "group.mine.asns: expected a list of AS numbers")]:
        checks.check(f"line {line}: {words}", any(f"dimout.toml:{line}: " in one and words in one for one in told))
    checks.equal("and nothing else", len(told), 8)
    checks.equal("nothing was made", [p.name for p in folder.iterdir()], ["dimout.toml"])
    (folder / "dimout.toml").write_text("store = \n")
    checks.check("no TOML at all is told with its line", "dimout.toml:1: " in watch(folder=folder).stderr)
    (folder / "dimout.toml").write_text('store = "s"\n')
    done = watch(folder=folder)
    checks.check("nothing to listen to is told, with where to say it",
                 done.returncode == USAGE and "under [sources] in dimout.toml" in done.stderr, done.stderr.strip())
    done = watch("--config", "absent.toml", folder=folder)
    checks.check("a file that is not there is told", done.returncode == USAGE and "absent.toml" in done.stderr, done.stderr.strip())
    done = watch(folder=open_folder(work / "nothing"), env={"HOME": work / "nothing", "XDG_CONFIG_HOME": work / "nothing"})
    checks.check("without any file it says what is needed", done.returncode == USAGE and "dimout init" in done.stderr,
                 done.stderr.strip())


def check_places(checks, work):
    checks.section("where it is looked for, and what goes first")
    home = open_folder(work / "home")
    ports = {name: free_port() for name in ("here", "named", "config", "flag")}

    def write(path, name):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'store = "{name}.store"\n[sources]\nbmp = ["127.0.0.1:{ports[name]}"]\n')

    write(home / "here/dimout.toml", "here")
    write(home / "named/other.toml", "named")
    write(home / "config/dimout/dimout.toml", "config")
    for path in home.rglob("*"):
        path.chmod(0o777)
    env = {"XDG_CONFIG_HOME": str(home / "config")}
    empty = open_folder(work / "empty")
    for what, name, folder, options, more, store in [
            ("./dimout.toml", "here", home / "here", [], {}, home / "here/here.store"),
            ("the user's", "config", empty, [], {}, home / "config/dimout/config.store"),
            ("$DIMOUT_CONFIG before both", "named", home / "here", [], {"DIMOUT_CONFIG": str(home / "named/other.toml")},
             home / "named/named.store"),
            ("--config before all", "named", home / "here", ["--config", home / "named/other.toml"], {"DIMOUT_CONFIG": "none"},
             home / "named/named.store"),
            ("an option before the file", "flag", home / "here", ["--bmp", f"127.0.0.1:{ports['flag']}"], {}, home / "here/here.store")]:
        for old in home.rglob("*.store*"):
            shutil.rmtree(old, ignore_errors=True)
        daemon = Daemon(folder, *options, env={**env, **more})
        checks.check(f"{what}: listens there", daemon.listens(ports[name]), daemon.errors()[-300:])
        checks.equal(f"{what}: ends when it is asked to", daemon.end(), 143)
        checks.check(f"{what}: stores there, and keeps the journal beside it", store.is_dir() and Path(f"{store}.journal").is_dir())
    done = watch("--store", work / "s", folder=home / "here", env=env)
    checks.equal("no file is looked for when the command line says where to store", done.returncode, USAGE)


def main():
    need_binary()
    checks = Checks("config: dimout.toml")
    with workdir() as work:
        work = Path(work)
        work.chmod(0o755)
        check_faults(checks, work)
        check_places(checks, work)
    checks.finish()


if __name__ == "__main__":
    main()
