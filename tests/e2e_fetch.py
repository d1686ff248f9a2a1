#!/usr/bin/env python3
"""`dimout fetch` against a server in the archives' layout that breaks, stalls and lies; then a replay of what came."""

import gzip
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from support import DIMOUT, ROOT, Checks, dimout, export, need_binary, outages, replay, workdir

FROM, UNTIL = "2015-03-10T01:00:00Z", "2015-03-10T07:00:00Z"


class Archive(ThreadingHTTPServer):
    """Serves a folder with listings; `faults` maps the name of a file to what goes wrong the first times."""

    daemon_threads = True

    def __init__(self, root):
        super().__init__(("127.0.0.1", 0), Handler)
        self.root, self.faults, self.asked = root, {}, []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A client that goes away in the middle is what this test is about."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.server.root / self.path.strip("/")
        if path.is_dir():
            rows = [f'<tr><td><a href="{p.name}">{p.name}</a></td><td>2015-03-10 01:00</td><td>{p.stat().st_size}</td></tr>'
                    for p in sorted(path.iterdir())]
            return self.answer(200, "\n".join(["<html><table>", *rows]).encode())
        if not path.is_file():
            return self.answer(404, b"no such file")
        return self.send_file(path)

    def send_file(self, path):
        content, first, status = path.read_bytes(), 0, 200
        self.server.asked.append((path.name, self.headers.get("Range", "")))
        if wanted := self.headers.get("Range"):
            first, status = int(wanted.removeprefix("bytes=").rstrip("-")), 206
        faults = self.server.faults.get(path.name, [])
        fault = faults.pop(0) if faults else ""
        if fault == "busy":
            return self.answer(503, b"busy", [("Retry-After", "1")])
        body = content[first:]
        if fault == "break":
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:len(body) // 2])
            self.wfile.flush()
            self.connection.shutdown(2)
            self.close_connection = True
            return None
        if fault == "gone":
            return self.answer(404, b"gone")
        return self.answer(status, body)


def lay_out(made, root):
    """A simulated archive, as RIS keeps it for one collector and RouteViews for the other."""
    for path in sorted(made.rglob("*.gz")):
        collector = path.relative_to(made).parts[0]
        name = path.name
        if collector == "rrc-a":
            name = name.replace("rib.", "bview.")
            target = root / "ris/rrc00/2015.03" / name
        else:
            kind = "UPDATES" if name.startswith("updates") else "RIBS"
            target = root / "rv/route-views.b/bgpdata/2015.03" / kind / name.replace("bview.", "rib.")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    for path in sorted((made / "registry").iterdir()):
        registry = path.name.split("-")[1]
        year = root / "rir" / registry / ("archive/2015" if registry == "arin" else "2015")
        year.mkdir(parents=True)
        (year / (path.name + ".gz")).write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def fetch(server, into, *more):
    return subprocess.run(
        [str(DIMOUT), "-q", "fetch", "--collector", "rrc00", "--collector", "route-views.b", "--from", FROM, "--until", UNTIL,
         "--into", str(into), "--ris", server.url + "/ris", "--route-views", server.url + "/rv/", "--registries",
         server.url + "/rir", *map(str, more)], capture_output=True, text=True)


def names(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def main():
    need_binary()
    checks = Checks("fetch: slices of the public archives")
    with workdir() as work:
        work = Path(work)
        dimout("simulate", ROOT / "tests/watch.scenario", work / "made")
        lay_out(work / "made", work / "root")
        server = Archive(work / "root")
        updates = sorted(p.name for p in (work / "root/ris/rrc00/2015.03").glob("updates*"))
        server.faults = {updates[-2]: ["busy"], updates[-3]: ["break", "break"]}

        checks.section("a server that breaks and is busy")
        planned = fetch(server, work / "dry", "--dry-run")
        checks.equal("a dry run brings nothing", (planned.returncode, (work / "dry").exists()), (0, False))
        got = fetch(server, work / "got", "--registry")
        checks.equal("all of it came", (got.returncode, got.stderr), (0, ""))
        checks.check("what it says", "0 missing or damaged, 0 failed\nnext: dimout replay " in got.stdout, got.stdout.splitlines()[0])
        checks.equal("a dry run names as many", len(planned.stdout.splitlines()) - 1,
                     len([n for n in names(work / "got") if not n.startswith("registry/")]))
        same = all((work / "got" / n).read_bytes() == next((work / "root").rglob(Path(n).name)).read_bytes()
                   for n in names(work / "got") if not n.startswith("route-views.b"))
        checks.check("byte for byte, and nothing else", same and not [n for n in names(work / "got") if ".part" in n])
        checks.equal("a broken one went on where it broke", [r for n, r in server.asked if n == updates[-3]][0], "")
        checks.check("by ranges", all(r.startswith("bytes=") for n, r in server.asked if n == updates[-3] and r), str(
            [r for n, r in server.asked if n == updates[-3]]))
        asked = len(server.asked)
        again = fetch(server, work / "got", "--registry")
        checks.equal("again: nothing is fetched twice", (again.returncode, len(server.asked)), (0, asked))

        checks.section("what came is an archive")
        command = got.stdout.splitlines()[-1].removeprefix("next: dimout ").split()
        command[command.index("./store")] = str(work / "store")
        shutil.copy(work / "made/archive.toml", work / "got")  # Says that all of this is synthetic.
        done = subprocess.run([str(DIMOUT), "-q", *command], capture_output=True, text=True)
        checks.check("the command it names runs", done.returncode in (0, 2), done.stderr)
        replay([work / "made"], work / "whole", "--from", FROM, "--until", UNTIL, registry=[work / "made/registry"])
        found = [(o["id"], o["start"]["t"], o["end"] and o["end"]["t"]) for o in outages(work / "store")]
        checks.equal("and finds what the whole archive has", found,
                     [(o["id"], o["start"]["t"], o["end"] and o["end"]["t"]) for o in outages(work / "whole")])
        checks.check("which is something", len(found) > 0)

        checks.section("what cannot be had")
        server.faults = {updates[-2]: ["gone"]}
        lost = fetch(server, work / "lost")
        checks.equal("a listed file that is not there: exit 2", lost.returncode, 2)
        checks.check("and is named", updates[-2] in lost.stderr and "listed, but not there" in lost.stderr, lost.stderr.strip())
        cut = work / "root/ris/rrc00/2015.03" / updates[-1]
        cut.write_bytes(cut.read_bytes()[:-9])
        damaged = fetch(server, work / "damaged")
        checks.equal("one that is cut there: exit 2", damaged.returncode, 2)
        checks.check("and is named too", "damaged in the archive" in damaged.stderr, damaged.stderr.strip())
        nothing = subprocess.run([str(DIMOUT), "fetch", "--collector", "rrc99", "--from", FROM, "--until", UNTIL, "--into",
                                  work / "none", "--ris", server.url + "/ris"], capture_output=True, text=True)
        checks.equal("an unknown collector: exit 2", (nothing.returncode, "has nothing of that time" in nothing.stderr), (2, True))
        server.shutdown()
        server.server_close()
        away = fetch(server, work / "away")
        checks.equal("no server: exit 1, and it says so", (away.returncode, server.url in away.stderr), (1, True))
    checks.finish()


if __name__ == "__main__":
    main()
