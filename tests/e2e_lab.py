#!/usr/bin/env python3
"""A laboratory of real routers: BIRD tells GoBGP and FRR, and those tell `dimout watch` by BMP.

Five networks speak to two routers. One session is reset, one router dies and comes back, and then a country's prefixes
are withdrawn by all and come back. The last is one outage, told when it begins and when it ends; the others are none.
The daemon's clock runs faster than life, so that a bin is some seconds long.
"""

import shutil
import signal
import subprocess
import time
from pathlib import Path

from support import DIMOUT, Checks, export, free_port, need_binary, ordinary_user, outages, tables, told, workdir

SPEED = 100
LATENESS = 100          # Event seconds: one of ours.
GOBGP, FRR = ("127.0.0.1", 64512), ("127.0.0.9", 64513)
NETWORKS = [("127.0.0.2", 64501, GOBGP), ("127.0.0.3", 64502, GOBGP), ("127.0.0.4", 64503, GOBGP),
            ("127.0.0.5", 64504, FRR), ("127.0.0.6", 64505, FRR)]
COUNTRY = [f"119.2.{96 + i}.0/24" for i in range(4)]  # Bhutan, as the registries have it.
WORLD = [f"20.{i}.0.0/16" for i in range(60)]
PROGRAMS = ["bird", "birdc", "gobgpd", "/usr/lib/frr/bgpd"]


BIRD = """
router id {address};
log "{folder}/bird.log" all;
protocol device {{}}
protocol static world {{ ipv4; {world} }}
protocol static country {{ ipv4; {country} }}
filter told {{
    if proto = "country" then {{ bgp_path.prepend(520001); bgp_path.prepend(521001); }}
    else bgp_path.prepend(521002);
    accept;
}}
protocol bgp upstream {{
    local {address} port {port} as {asn};
    neighbor {router} port {router_port} as {router_asn};
    multihop; connect delay time 1; connect retry time 1; error wait time 1, 2; hold time 9;
    ipv4 {{ import none; export filter told; }};
}}
"""

GOBGPD = """
[global.config]
as = {asn}
router-id = "10.0.0.1"
port = {port}
local-address-list = ["{address}"]
[[bmp-servers]]
[bmp-servers.config]
address = "127.0.0.1"
port = {bmp}
route-monitoring-policy = "pre-policy"
"""

GOBGP_NEIGHBOR = """
[[neighbors]]
[neighbors.config]
neighbor-address = "{address}"
peer-as = {asn}
[neighbors.transport.config]
passive-mode = true
local-address = "{router}"
[neighbors.ebgp-multihop.config]
enabled = true
multihop-ttl = 10
"""

BGPD = """
router bgp {asn}
 bgp router-id 10.0.0.9
 no bgp ebgp-requires-policy
 no bgp network import-check
{neighbors}
 bmp targets dimout
  bmp connect 127.0.0.1 port {bmp} min-retry 100 max-retry 500
  bmp monitor ipv4 unicast pre-policy
"""


class Laboratory:
    """The routers, each in a folder of its own; all of them end with it."""

    def __init__(self, work, bmp):
        self.work, self.bmp, self.running = work, bmp, {}
        self.ports = {GOBGP: free_port(GOBGP[0]), FRR: free_port(FRR[0])}
        self.start_gobgp()
        self.start_frr()
        for network in NETWORKS:
            self.start_bird(*network)

    def _start(self, name, *command):
        folder = self.work / name
        self.running[name] = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, cwd=folder,
                                              stdout=(folder / "out").open("w"), stderr=subprocess.STDOUT)

    def _folder(self, name):
        (self.work / name).mkdir(exist_ok=True)
        return self.work / name

    def start_gobgp(self):
        folder, (address, asn) = self._folder("gobgp"), GOBGP
        text = GOBGPD.format(asn=asn, port=self.ports[GOBGP], address=address, bmp=self.bmp)
        text += "".join(GOBGP_NEIGHBOR.format(address=a, asn=n, router=address) for a, n, r in NETWORKS if r == GOBGP)
        (folder / "gobgpd.toml").write_text(text)
        self._start("gobgp", "gobgpd", "-f", folder / "gobgpd.toml", "--api-hosts", f"127.0.0.1:{free_port()}")

    def start_frr(self):
        folder, (address, asn) = self._folder("frr"), FRR
        neighbors = "".join(f" neighbor {a} remote-as {n}\n neighbor {a} ebgp-multihop\n neighbor {a} passive\n"
                            for a, n, r in NETWORKS if r == FRR)
        (folder / "bgpd.conf").write_text(BGPD.format(asn=asn, neighbors=neighbors, bmp=self.bmp))
        self._start("frr", "/usr/lib/frr/bgpd", "-Z", "-S", "-n", "-M", "bmp", "-p", self.ports[FRR], "-l", address, "-P", 0,
                    "-f", folder / "bgpd.conf", "-i", folder / "pid", "--vty_socket", folder)

    def start_bird(self, address, asn, router):
        folder = self._folder(f"bird-{asn}")
        text = BIRD.format(folder=folder, address=address, port=free_port(address), asn=asn, router=router[0],
                           router_port=self.ports[router], router_asn=router[1],
                           world=" ".join(f"route {p} blackhole;" for p in WORLD),
                           country=" ".join(f"route {p} blackhole;" for p in COUNTRY))
        (folder / "bird.conf").write_text(text)
        self._start(f"bird-{asn}", "bird", "-f", "-c", folder / "bird.conf", "-s", folder / "ctl", "-P", folder / "pid")

    def tell_bird(self, asn, *words):
        subprocess.run(["birdc", "-s", str(self.work / f"bird-{asn}/ctl"), *words], capture_output=True, check=True, timeout=20)

    def tell_all(self, *words):
        for _, asn, _ in NETWORKS:
            self.tell_bird(asn, *words)

    def kill(self, name):
        self.running.pop(name).send_signal(signal.SIGKILL)

    def end(self):
        for one in self.running.values():
            one.terminate()
        for one in self.running.values():
            try:
                one.wait(timeout=10)
            except subprocess.TimeoutExpired:
                one.kill()


def run_laboratory(work):
    """Gives the daemon's exit code and what it said on stderr."""
    home, bmp = work / "daemon", free_port()
    home.mkdir()
    home.chmod(0o777)
    began = time.monotonic()
    daemon = subprocess.Popen(
        [*ordinary_user(), str(DIMOUT), "-q", "watch", "--store", home / "store", "--bmp", f"127.0.0.1:{bmp}", "--laboratory",
         "--lateness", str(LATENESS), "--clock", f"now,{SPEED}", "--format", "json"],
        stdout=(work / "told").open("w"), stderr=(work / "errors").open("w"), stdin=subprocess.DEVNULL)

    def until(minutes):
        """Of the daemon's clock."""
        time.sleep(max(0.0, began + minutes * 60 / SPEED - time.monotonic()))

    laboratory = Laboratory(work, bmp)
    try:
        until(40)
        laboratory.tell_bird(64502, "restart", "upstream")
        until(60)
        laboratory.kill("frr")
        until(66)
        laboratory.start_frr()
        until(90)
        laboratory.tell_all("disable", "country")
        until(125)
        laboratory.tell_all("enable", "country")
        until(150)
    finally:
        laboratory.end()
        daemon.terminate()
    return daemon.wait(timeout=60), (work / "errors").read_text()


def main():
    need_binary()
    checks = Checks("laboratory: BIRD, GoBGP and FRR, heard by BMP")
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        checks.skip("laboratory", f"not installed: {', '.join(missing)}")
        checks.finish()
    with workdir() as work:
        work = Path(work)
        work.chmod(0o755)
        code, errors = run_laboratory(work)
        checks.equal("SIGTERM ends the daemon", code, 143)
        checks.equal("nobody complained", errors, "")
        country = [(one["revision"], one["state"]) for one in told(work / "told") if one["entity"] == "country/BT"]
        checks.check("the country's outage is told when it begins and when it ends", len(country) >= 2 and
                     country[0] == (1, "ongoing") and country[-1][1] == "recovering", f"{country}")
        found = outages(work / "daemon/store")
        checks.equal("nothing else is an outage", sorted({one["entity"] for one in found}), ["asn/520001", "country/BT"])
        checks.equal("it is one", len([one for one in found if one["entity"] == "country/BT"]), 1)
        length = next(one["duration"]["seconds"] for one in found if one["entity"] == "country/BT")
        checks.check("as long as it was", 30 * 60 <= length <= 40 * 60, f"{length / 60:.1f} of 35 minutes")
        stored = tables(export(work / "daemon/store"))
        checks.equal("the router that died is a gap", len([gap for gap in stored["gaps"] if "closed" in gap["reason"]]), 1)
        checks.equal("five networks were heard", len({row["asn"] for row in stored["peers"]}), 5)
    checks.finish()


if __name__ == "__main__":
    main()
