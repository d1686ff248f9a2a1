#!/usr/bin/env python3
"""The evidence bundle: what is in it, that any changed byte is noticed, and that the outage follows from it alone."""

import gzip
import hashlib
import json
import os
import shutil
import stat
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

import support
from support import Checks, dimout, need_binary, outages, replay

KP = "country-KP-20141222T1615Z"

SMALL = """scenario small "Two networks of one country, one of them somebody's group"
seed 5
from  2016-05-01T00:00Z
until 2016-05-04T00:00Z
collector rv-a routeviews gz rib every 1d updates every 15m
collector rrc-a ris gz state-messages rib every 1d updates every 5m
peers rv-a full 502001 502002 502003 502004 502005
peers rrc-a full 502010 502011 502012 502013 502014
background prefixes 300
churn path-changes 20/h local-losses 4/h
country BT block 119.2.96.0/22 as 4x24 origin 520001 upstream 521001
country NP block 119.5.0.0/22 as 4x24 origin 520002 upstream 521001
traffic country/BT 600/h
at 2016-05-02T09:17:00Z dark country/BT until 2016-05-02T12:54:00Z steps 1
expect outage country/BT dark 2016-05-02T09:17Z until 2016-05-02T12:54Z
"""
GROUPS = """followed = ["119.2.96.0/24"]
[group.mine]
asns = [520001]
[group.somebody-elses-secret]
prefixes = ["119.5.0.0/22"]
"""


def canonical_zip(members):
    """The one form that a bundle has, written here a second time."""
    body, directory = b"", b""
    for name, content in members:
        common = struct.pack("<HHHHHIIIHH", 10, 0, 0, 0, 0x21, zlib.crc32(content), len(content), len(content), len(name), 0)
        directory += b"PK\1\2" + struct.pack("<H", 10) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name.encode()
        body += b"PK\3\4" + common + name.encode() + content
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    return body + directory + b"PK\5\6" + end


def resealed(path, changes):
    """The bundle with other contents and a manifest that fits them: what a forger without a key can make."""
    with zipfile.ZipFile(path) as file:
        members = [(name, changes.get(name, file.read(name))) for name in file.namelist()
                   if name not in ("manifest.json", "signature.json")]
        manifest = json.loads(file.read("manifest.json"))
    manifest["members"] = [{"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                           for name, content in members]
    text = json.dumps(manifest, separators=(",", ":")).encode() + b"\n"
    return canonical_zip(members + [("manifest.json", text)])


def member(path, name):
    with zipfile.ZipFile(path) as file:
        return file.read(name)


def verify(path, *options):
    return support.run(support.DIMOUT, "verify", path, *options)


def refused(checks, name, path, *options, why=""):
    """Exit 1 and a sentence; never a crash."""
    run = verify(path, *options)
    return checks.check(name, run.returncode == 1 and why in run.stderr and run.stderr.count("\n") == 1, run.stderr.strip()[-160:])


def check_december(checks, work):
    checks.section("December 2014")
    dimout("demo", "--keep", work / "demo")
    store, archive = work / "demo/store", work / "demo/archive"
    given = ["--store", store, "--format", "bundle", "--archive", archive, "--registry", archive / "registry"]
    bundle, key = work / "kp.zip", work / "key"
    made = dimout("report", KP, *given, "--new-key", key, "--output", bundle)
    checks.equal("the key is its owner's", stat.S_IMODE(key.stat().st_mode), 0o600)
    secret = key.read_text().splitlines()[1]
    checks.check("and nowhere else", secret not in made.stdout + made.stderr and secret.encode() not in bundle.read_bytes())
    size, whole = bundle.stat().st_size, sum(file.stat().st_size for file in archive.rglob("*.gz"))
    checks.check("it is small beside the archive", size < whole / 10, f"{size:,} of {whole:,} bytes")
    with zipfile.ZipFile(bundle) as file:
        checks.equal("Python's zipfile reads it", file.testzip(), None)
        names = file.namelist()
    if shutil.which("unzip"):
        checks.equal("unzip -t, too", subprocess.run(["unzip", "-tq", bundle], capture_output=True).returncode, 0)
    checks.check("no path of this machine is in it", str(work).encode() not in b"".join(member(bundle, name) for name in names))
    listed = next(outage for outage in json.loads(dimout("outages", "--store", store, "--format", "json").stdout) if outage["id"] == KP)
    checks.check("its outage is what `outages` prints",
                 member(bundle, "outage.json").decode() == json.dumps(listed, separators=(",", ":"), ensure_ascii=False) + "\n")
    explained = dimout("explain", KP, "--store", store, "--registry", archive / "registry", "--format", "json").stdout
    checks.check("its explanation what `explain` prints", member(bundle, "explanation.json").decode() == explained)
    inputs = json.loads(member(bundle, "inputs.json"))
    first = inputs["archive"][0]
    checks.equal("a file that it names has that SHA-256", hashlib.sha256((archive.parent / first["path"]).read_bytes()).hexdigest(), first["sha256"])
    raw = b"".join(gzip.decompress(member(bundle, name)) for name in names if name.startswith("raw/"))
    read = work / "raw.mrt"
    read.write_bytes(raw)
    checks.check("its records are MRT", "175.45.17" in dimout("inspect", read).stdout)

    dimout("report", KP, *given, "--key", key, "--output", work / "again.zip")
    checks.check("the same input gives the same bytes", bundle.read_bytes() == (work / "again.zip").read_bytes())
    checks.equal("verify", verify(bundle).returncode, 0)
    found = json.loads(verify(bundle, "--public-key", f"{key}.pub", "--format", "json").stdout)
    checks.check("whose it is", found["whole"] and found["signed_as_expected"] and found["signed_by"].startswith("SHA256:"))
    return store, archive, bundle


def check_clean_machine(checks, work, bundle):
    checks.section("a machine with the binary and the bundle alone")
    away = work / "away"
    away.mkdir()
    shutil.copy(bundle, away / "b.zip")
    (work / "demo").rename(work / "demo-hidden")
    try:
        run = subprocess.run([support.DIMOUT, "verify", "b.zip", "--recompute"], cwd=away, env={"TMPDIR": str(away)}, capture_output=True, text=True)
    finally:
        (work / "demo-hidden").rename(work / "demo")
    checks.check("the identical outage follows", run.returncode == 0 and "identical" in run.stdout, run.stderr.strip())
    checks.equal("nothing is left behind", os.listdir(away), ["b.zip"])


def check_changed_bytes(checks, work, bundle):
    checks.section("a changed byte")
    whole = bundle.read_bytes()
    with zipfile.ZipFile(bundle) as file:
        infos, directory = file.infolist(), file.start_dir
    places = set(range(directory, len(whole), 7))
    for info in infos:
        start = info.header_offset
        content = start + 30 + len(info.filename)
        places |= {start, start + 7, start + 14, start + 22, start + 29, start + 30, content, content + info.file_size // 2, content + info.file_size - 1}
    other, unnoticed = work / "changed.zip", []
    for place in sorted(places):
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 8)
        other.write_bytes(changed)
        if verify(other).returncode != 1:
            unnoticed.append(place)
    checks.check(f"{len(places)} places over every member, header and the directory", not unnoticed, str(unnoticed[:5]))
    for name, content in (("cut", whole[:-1]), ("longer", whole + b"\0"), ("with something before it", b"#!" + whole), ("empty", b"")):
        other.write_bytes(content)
        refused(checks, f"a bundle that is {name}", other)


def check_hostile(checks, work, bundle):
    checks.section("bundles of strangers")
    other = work / "hostile.zip"
    for name, names in (("a path that leads out", ["../evil"]), ("an absolute path", ["/etc/passwd"]), ("doubles", ["a", "a"])):
        with zipfile.ZipFile(other, "w") as file:
            for one in names:
                file.writestr(one, "x")
        refused(checks, name, other)
        other.write_bytes(canonical_zip([(one, b"x") for one in names]))
        refused(checks, f"{name}, in our own form", other)
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("bomb", b"\0" * 10_000_000)
    refused(checks, "a bomb", other)

    other.write_bytes(resealed(bundle, {}))
    checks.equal("sealed again without a key it is whole", verify(other).returncode, 0)
    refused(checks, "and not who it should be of", other, "--public-key", work / "key.pub", why="nobody signed")
    dimout("report", KP, "--store", work / "demo/store", "--format", "bundle", "--archive", work / "demo/archive", "--registry",
           work / "demo/archive/registry", "--new-key", work / "key2", "--output", work / "kp2.zip")
    refused(checks, "nor is another's", work / "kp2.zip", "--public-key", work / "key.pub", why="signed it, not")

    told = member(bundle, "outage.json")
    other.write_bytes(resealed(bundle, {"outage.json": told.replace(b'"lost":1024', b'"lost":2048')}))
    checks.equal("a forged outage is whole", verify(other).returncode, 0)
    refused(checks, "but does not follow from its records", other, "--recompute", why="another outage follows")
    recording = gzip.decompress(member(bundle, "recording.txt.gz")).decode()
    for name, old, new in (("an unknown word", "\nseal ", "\nsael "), ("a session that is not there", "\ntally 0 ", "\ntally 9999 "),
                           ("a bin twice", "\nseal ", "\nseal 1 1 - 0 0\nseal 1 1 - 0 0\nseal "), ("a huge number", "\ntally 0 4 ", "\ntally 0 4 9" + 30 * "9"),
                           ("more records than there are", "\nrecords 0 1", "\nrecords 0 99999991"), ("another form", "recording 1", "recording 2"),
                           ("a peer twice", "\npeer 0 ", "\npeer 0 1 192.0.2.1\npeer 0 1 192.0.2.1\npeer 0 "), ("no end of the head", "\nbegin\n", "\n")):
        changed = recording.replace(old, new, 1)
        checks.check(f"{name} is a change", changed != recording)
        other.write_bytes(resealed(bundle, {"recording.txt.gz": gzip.compress(changed.encode())}))
        refused(checks, name, other, "--recompute", why="recording.txt")
    other.write_bytes(resealed(bundle, {"recording.txt.gz": gzip.compress(bytes(2_000_000_000 // 1000) * 600)}))
    refused(checks, "1.2 GB in 1 MB", other, "--recompute", why="unpacks to more")
    for name, content in (("no map", b""), ("no list", b"\0\1\2"), ("torn records", b"\0" * 7)):
        target = "raw/000.rrc-mid.updates.mrt.gz" if name == "torn records" else "registry.csv"
        packed = gzip.compress(content) if name == "torn records" else content
        other.write_bytes(resealed(bundle, {target: packed}))
        refused(checks, name, other, "--recompute")


def check_wrong_archive(checks, work, store, archive):
    checks.section("an archive that is not the store's")
    part = work / "part"
    shutil.copytree(archive, part)
    shutil.rmtree(next(part.glob("rv-west*")))
    run = support.run(support.DIMOUT, "report", KP, "--store", store, "--format", "bundle", "--archive", part, "--registry", part / "registry",
                      "--output", work / "wrong.zip")
    checks.check("is refused, with where they part", run.returncode == 1 and "is not what the store has" in run.stderr, run.stderr.strip()[-200:])
    checks.check("and nothing is written", not (work / "wrong.zip").exists())


def check_kinds(checks, work):
    checks.section("networks, groups, prefixes, and other signals")
    (work / "small.scenario").write_text(SMALL)
    (work / "groups.toml").write_text(GROUPS)
    dimout("simulate", work / "small.scenario", work / "small")
    given = ["--registry", work / "small/registry", "--groups", work / "groups.toml"]
    replay([work / "small"], work / "small.store", *given)
    found = {outage["entity"]: outage for outage in outages(work / "small.store")}
    checks.check("all kinds went dark", {"country/BT", "asn/520001", "group/mine", "prefix/119.2.96.0-24"} <= found.keys(), ", ".join(sorted(found)))
    for entity, outage in sorted(found.items()):
        path = work / f"{outage['id']}.zip"
        run = support.run(support.DIMOUT, "report", outage["id"], "--store", work / "small.store", "--format", "bundle", "--archive", work / "small",
                          *given, "--output", path)
        if not checks.equal(f"{entity} is bundled", (run.returncode, run.stderr if run.returncode else ""), (0, "")):
            continue
        checks.equal(f"{entity} follows from it", verify(path, "--recompute").returncode, 0)
        with zipfile.ZipFile(path) as file:
            everything = b"".join(gzip.decompress(file.read(name)) if name.endswith(".gz") else file.read(name) for name in file.namelist())
        checks.check(f"{entity}: nobody else's group is in it", b"secret" not in everything)
        if entity != "group/mine":
            checks.check(f"{entity}: no group at all is in it", b"group.mine" not in everything and b"group/mine" not in everything)


def main():
    need_binary()
    checks = Checks("evidence bundles")
    with support.workdir() as folder:
        work = Path(folder)
        store, archive, bundle = check_december(checks, work)
        check_clean_machine(checks, work, bundle)
        check_changed_bytes(checks, work, bundle)
        check_hostile(checks, work, bundle)
        check_wrong_archive(checks, work, store, archive)
        check_kinds(checks, work)
    checks.finish()


if __name__ == "__main__":
    main()
