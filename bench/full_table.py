"""A full table of 48 sessions and three million updates, made: the same bytes each time, fit for speed and memory and for no
claim about routing.

`../shared/bench/gen` makes paths and attributes from real ones; here are the address ranges that it lays them on: 1.0 M
prefixes of IPv4 and 220 k of IPv6 in all. It takes some minutes once and half a GB in the cache."""

import ipaddress
import random
import shutil
import struct
import subprocess
from pathlib import Path

from measure import Failed, cache_folder

MIDNIGHT = 1_735_689_600  # 2025-01-01, when the table is of.
PREFIXES_V4, PREFIXES_V6, MESSAGES = 1_000_000, 220_000, 3_000_000
NETWORKS = 75_000
# Of 1000 ranges of IPv4, how many have 2^k /24s.
SIZES = {0: 450, 1: 120, 2: 140, 3: 80, 4: 70, 5: 40, 6: 40, 7: 25, 8: 20, 9: 8, 10: 5, 12: 2}
NOT_PUBLIC = {10, 127}


def asn_of(draw):
    """Few networks have many ranges."""
    place = int(NETWORKS * draw.random() ** 3)
    return 1 + place if place < 50_000 else 200_000 + place


def write_ranges(path, ranges, address, leaf_bits, seed):
    """Each (first, size) of `ranges`, counted in units of 2^leaf_bits addresses, and some single units within it, of which a
    third belong to another network."""
    draw = random.Random(seed)
    with path.open("w") as file:
        def write(first, size, asn):
            file.write(f"{address(first << leaf_bits)},{address((first + size << leaf_bits) - 1)},{asn}\n")
        for first, size in ranges:
            asn = asn_of(draw)
            write(first, size, asn)
            for _ in range(draw.randint(1, 11) if size > 1 else 0):
                write(first + draw.randrange(size), 1, asn if draw.randrange(3) else asn_of(draw))


def ranges_v4():
    draw = random.Random(4)
    sizes, weights = list(SIZES), list(SIZES.values())
    at = 1 << 16  # In /24s.
    while at < 224 << 16:
        size = 1 << draw.choices(sizes, weights)[0]
        at = (at + size - 1) // size * size
        if at >> 16 not in NOT_PUBLIC and at + size <= 224 << 16:
            yield at, size
        at += size


def ranges_v6():
    return ((0x2001_1000_0000 + (i << 20), 1 << 16) for i in range(60_000))


def run(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{command[0]}: exit {done.returncode}: {done.stderr[-500:]}")


def made(shared):
    """(table, updates) as gz files, made if they are not in the cache; None when a tool is missing."""
    sources = shared / "bench/gen"
    cache = cache_folder()
    table, updates = cache / "rib_full.mrt.gz", cache / "updates_full.mrt.gz"
    if table.exists() and updates.exists():
        return table, updates
    if not (sources / "gen.cc").exists() or not shutil.which("g++") or not shutil.which("igzip"):
        print(f"SKIPPED  the full table: it needs {sources}, g++ and igzip")
        return None
    work = cache / "work"
    work.mkdir(parents=True, exist_ok=True)
    print("Making the full table, once; this takes some minutes.", flush=True)
    write_ranges(work / "v4.csv", ranges_v4(), ipaddress.IPv4Address, 8, 4)
    write_ranges(work / "v6.csv", ranges_v6(), ipaddress.IPv6Address, 80, 6)
    run("g++", "-std=c++20", "-O2", "-w", "-o", work / "gen", sources / "gen.cc")
    run(work / "gen", sources / "templates.txt", work / "v4.csv", work / "v6.csv", work, PREFIXES_V4, PREFIXES_V6, 8, MESSAGES,
        sources / "tails.txt")
    for made_file, target in ((work / "rib_full.mrt", table), (work / "updates.mrt", updates)):
        run("igzip", "-1", made_file, "-o", work / target.name)
        (work / target.name).rename(target)
    shutil.rmtree(work)
    return table, updates


def records(path):
    """(stamp, the rest) of each record of a gz file, through igzip; faster than Python's own."""
    with subprocess.Popen(["igzip", "-dc", path], stdout=subprocess.PIPE, bufsize=1 << 20) as unpacking:
        while len(head := unpacking.stdout.read(12)) == 12:
            yield struct.unpack_from(">I", head)[0], head[4:] + unpacking.stdout.read(struct.unpack_from(">I", head, 8)[0])


class Packed:
    """A gz file that igzip writes."""

    def __init__(self, path):
        self.path, self.part = path, path.with_suffix(".part")
        self.target = self.part.open("wb")
        self.packing = subprocess.Popen(["igzip", "-1", "-c", "-"], stdin=subprocess.PIPE, stdout=self.target, bufsize=1 << 20)

    def write(self, stamp, rest):
        self.packing.stdin.write(struct.pack(">I", stamp) + rest)

    def close(self):
        self.packing.stdin.close()
        if self.packing.wait() != 0:
            raise Failed(f"igzip could not write {self.part}")
        self.target.close()
        self.part.rename(self.path)


def made_later(table, seconds):
    """The same table, so much later; made if it is not in the cache."""
    path = table.with_name("rib_full_later.mrt.gz")
    if not path.exists():
        later = Packed(path)
        for stamp, rest in records(table):
            later.write(stamp + seconds, rest)
        later.close()
    return path
