#!/usr/bin/env python3
"""dimout.toml: what `watch` takes from it, where it is looked for, and how its faults are told.

Everything that listens runs as an ordinary user.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import bmp
from support import DIMOUT, ROOT, Checks, free_port, need_binary, ordinary_user, run, workdir

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


def is_listening(port):
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows[1:])


class Receiver(ThreadingHTTPServer):
    """Takes whatever is posted, and counts it."""

    daemon_threads = True

    def __init__(self):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.server.got += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.got = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Daemon:
    """`dimout watch` in a folder that belongs to an ordinary user."""

    def __init__(self, folder, *options, env=None):
        self.folder = folder
        self.process = subprocess.Popen([*ordinary_user(), str(DIMOUT), "watch", *options], cwd=folder, stdin=subprocess.DEVNULL,
                                        env={**os.environ, **(env or {})},
                                        stdout=(folder / "told").open("a"), stderr=(folder / "errors").open("a"))

    def listens(self, port):
        for _ in range(200):
            if is_listening(port):
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


def check_reference(checks, work):
    """docs/reference/configuration.md has the keys that the program reads, and no others."""
    checks.section("the reference")
    page = (ROOT / "docs/reference/configuration.md").read_text()
    table, found = "", set()
    for key in re.findall(r"^\| (?:\*\*)?`(\[?[\w.]+\]?)`", page, re.M):
        table = key if key.startswith("[") else table
        found.add((table, key))
    keys = {key for key in found if not key[1].startswith("[") and key[0] != "[group.NAME]" and key[1] != "followed"}
    source = (ROOT / "src/app/config.cpp").read_text()
    read = {("" if table == "top" else f"[{table}]", key)
            for table, key in re.findall(r'\b(\w+)\.(?:text|texts|number|truth)\("(\w+)"', source)}
    checks.equal("every key that is read is described, and every one that is described is read", sorted(keys ^ read), [])
    example = re.search(r"```toml\n(.*?)```", page, re.S)[1]
    folder = open_folder(work / "reference")
    (folder / "dimout.toml").write_text(example)
    (folder / "archive/registry").mkdir(parents=True)
    done = run("env", "-C", folder, DIMOUT, "check")
    checks.equal("its example has no faults", (done.returncode, "0 faults" in done.stdout, done.stderr), (0, True, ""))


def check_unwritable(checks, work):
    """A store that cannot be made: what is heard is kept, the pages say so, and it heals by itself."""
    checks.section("a store that cannot be written")
    folder, locked, listen = open_folder(work / "unwritable"), work / "unwritable/locked", free_port()
    locked.mkdir(mode=0o555)
    receiver = Receiver()
    (folder / "dimout.toml").write_text(f'store = "locked/s"\njournal = "j"\noutbox = "o"\nnotify = ["webhook+http://127.0.0.1:{receiver.server_address[1]}/x"]\nlisten = "127.0.0.1:{listen}"\n[sources]\nbmp = ["127.0.0.1:{free_port()}"]\n')
    daemon = Daemon(folder, "--clock", "now,400")
    checks.check("it runs", daemon.listens(listen), daemon.errors())
    checks.check("/metrics says that the store fails", wait_for(lambda: metrics(listen)[1]["dimout_store_failing"] == 1))
    checks.check("/readyz names it", "locked/s" in get(listen, "/readyz")[2], get(listen, "/readyz")[2])
    checks.equal("/healthz is content: to start anew would not help", get(listen, "/healthz")[0], 200)
    checks.check("what is heard is kept", any((folder / "j").iterdir()) and "Listening goes on" in daemon.errors())
    sent = re.compile(r"dimout_notify_sent_total\{channel=.*\}")
    checks.check("who is told that nothing is heard is counted",
                 wait_for(lambda: any(sent.fullmatch(name) and value == 1 for name, value in metrics(listen)[1].items())) and receiver.got == 1,
                 [line for line in get(listen, "/metrics")[2].splitlines() if line.startswith("dimout_notify")])
    locked.chmod(0o777)
    checks.check("it heals by itself", wait_for(lambda: metrics(listen)[1]["dimout_store_failing"] == 0, 30), daemon.errors()[-300:])
    checks.check("and counts it", metrics(listen)[1]["dimout_store_failures_total"] >= 1 and metrics(listen)[1]["dimout_bins_sealed_total"] >= 1)
    checks.equal("SIGTERM ends it", daemon.end(), 143)


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


def get(port, path, raw=None):
    """(status, type, body) of one request on loopback; the whole answer when raw bytes were sent."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(raw or f"GET {path} HTTP/1.0\r\n\r\n".encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    head, _, body = answer.decode().partition("\r\n\r\n")
    kind = next((line.split(": ")[1] for line in head.split("\r\n") if line.lower().startswith("content-type")), "")
    return int(head.split()[1]), kind, body


def metrics(port):
    """{name with labels: value}; every line is one of Prometheus' text form."""
    status, kind, body = get(port, "/metrics")
    lines = [line for line in body.splitlines() if not line.startswith("# ")]
    found = {name: float(value) for name, value in (re.fullmatch(r'([a-z0-9_]+(?:\{.*\})?) (\S+)', line).groups() for line in lines)}
    typed = set(re.findall(r"^# TYPE (\S+) (?:counter|gauge)$", body, re.M))
    return status == 200 and kind.startswith("text/plain; version=0.0.4"), found, {re.sub(r"\{.*", "", name) for name in found} - typed


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def check_operation(checks, work):
    """Health and metrics, systemd, SIGHUP and logs of one daemon."""
    folder = open_folder(work / "operated")
    first, second, third, listen = free_port(), free_port(), free_port(), free_port()
    config = folder / "dimout.toml"

    def write(text):
        config.write_text(f'store = "s"\nlisten = "127.0.0.1:{listen}"\nlog = "json"\n' + text)

    mine = '[group.mine]\nasns = [64500]\n'
    write(f'[sources]\nbmp = ["127.0.0.1:{first}"]\n' + mine)
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(folder / "notify"))
    (folder / "notify").chmod(0o777)
    manager.settimeout(20)
    daemon = Daemon(folder, env={"NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "1000000"})

    checks.section("health and metrics")
    checks.check("the pages are there", daemon.listens(listen), daemon.errors())
    checks.equal("/healthz", get(listen, "/healthz"), (200, "text/plain; charset=utf-8", "ok\n"))
    status, _, body = get(listen, "/readyz")
    checks.check("/readyz says why not", status == 503 and "No source is connected.\nNo bin is sealed yet.\n" in body, body)
    fine, found, untyped = metrics(listen)
    checks.check("/metrics is Prometheus' text", fine and not untyped, untyped)
    label = f'{{source="BMP on 127.0.0.1:{first}"}}'
    checks.equal("nobody is connected", found.get(f"dimout_source_connected{label}"), 0.0)
    with socket.create_connection(("127.0.0.1", first)) as router:
        router.sendall(bmp.initiation("r1"))
        checks.check("a router is counted", wait_for(lambda: metrics(listen)[1][f"dimout_source_messages_total{label}"] == 1
                                                     and metrics(listen)[1][f"dimout_source_connected{label}"] == 1))
        checks.check("and is no reason any more", "No source" not in get(listen, "/readyz")[2])
    documented = set(re.findall(r"^\| `(\w+)", (ROOT / "docs/reference/metrics.md").read_text(), re.M))
    named = {re.sub(r"\{.*", "", name) for name in metrics(listen)[1]}
    checks.equal("docs/reference/metrics.md names what there is", sorted(named - documented), [])
    checks.equal("a stranger's page", get(listen, "/etc/passwd")[0], 404)
    checks.equal("a stranger's verb", get(listen, "", b"POST /metrics HTTP/1.0\r\n\r\n")[0], 405)
    checks.equal("a stranger's body", get(listen, "", b"POST / HTTP/1.0\r\nContent-Length: 9\r\n\r\n123456789")[0], 413)
    checks.equal("a stranger's head", get(listen, "", b"GET / HTTP/1.0\r\nX: " + b"x" * 100_000)[0], 431)
    idle = [socket.create_connection(("127.0.0.1", listen)) for _ in range(64)]
    checks.equal("too many strangers", get(listen, "/healthz")[0], 503)
    for one in idle:
        one.close()
    checks.check("and again room for others", wait_for(lambda: get(listen, "/healthz")[0] == 200))

    checks.section("systemd")
    words = [manager.recv(4096).decode() for _ in range(4)]
    checks.check("READY comes first", words[0].startswith("READY=1\n"), words[0])
    checks.check("then signs of life", all(word.startswith("WATCHDOG=1\nSTATUS=") for word in words[1:]), words[1])

    checks.section("SIGHUP")
    write(f'[sources]\nbmp = ["127.0.0.1:{first}", "127.0.0.1:{second}"]\n' + mine)
    with socket.create_connection(("127.0.0.1", first)) as router:
        router.sendall(bmp.initiation("r1"))
        daemon.process.send_signal(signal.SIGHUP)
        checks.check("a new source is heard", daemon.listens(second))
        router.sendall(bmp.initiation("r1"))
        checks.check("the old one was not cut", wait_for(lambda: metrics(listen)[1][f"dimout_source_messages_total{label}"] == 3),
                     metrics(listen)[1][f"dimout_source_messages_total{label}"])
    checks.check("it says so", wait_for(lambda: "read again" in daemon.errors()))
    write(f'[sources]\nbmp = ["127.0.0.1:{second}"]\nlatenes = 3\n' + mine)
    daemon.process.send_signal(signal.SIGHUP)
    checks.check("a faulty file changes nothing", wait_for(lambda: "stays as it was" in daemon.errors())
                 and "did you mean `lateness`?" in daemon.errors() and daemon.listens(first))
    write(f'journal = "j"\n[sources]\nbmp = ["127.0.0.1:{second}", "127.0.0.1:{third}"]\n' + mine.replace("500", "501"))
    daemon.process.send_signal(signal.SIGHUP)
    checks.check("what is gone is not heard", daemon.listens(third) and wait_for(lambda: not is_listening(first)))
    checks.check("what needs a restart is named", wait_for(lambda: "needs a restart: journal." in daemon.errors()))
    checks.check("what needs another store is named", "another store (docs/reference/configuration.md): groups and followed." in daemon.errors())

    checks.section("the end")
    checks.equal("SIGTERM ends it", daemon.end(), 143)
    while not (last := manager.recv(4096).decode()).startswith("STOPPING=1"):
        pass
    checks.equal("systemd hears of it", last, "STOPPING=1")
    lines = [json.loads(line) for line in daemon.errors().splitlines()]
    checks.check("every line of the log is JSON with a time", all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]+Z", line["time"]) and line["message"]
                                                                for line in lines), len(lines))
    manager.close()

    checks.section("pages that cannot be")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = watch("--listen", f"127.0.0.1:{taken.getsockname()[1]}", folder=folder)
        checks.check("a taken address is told", done.returncode == 1 and "cannot serve on 127.0.0.1" in done.stderr, done.stderr.strip())


def main():
    need_binary()
    checks = Checks("config: dimout.toml")
    with workdir() as work:
        work = Path(work)
        work.chmod(0o755)
        check_faults(checks, work)
        check_places(checks, work)
        check_reference(checks, work)
        check_operation(checks, work)
        check_unwritable(checks, work)
    checks.finish()


if __name__ == "__main__":
    main()
