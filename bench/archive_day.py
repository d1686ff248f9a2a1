"""A day of a real collector, put together: what a store of it weighs, and how time grows with the bins.

The prefixes and origins are those of a real table (jinx, 497,000 prefixes, 2014), which each of the 33 sessions of route-views2
gets, with itself as the first hop; the updates are a real quarter of an hour of those sessions (2013), 96 times one after the
other. So the churn is real, its rate that of 2013, and no longer than a quarter of an hour without repeating itself."""

import io
import struct

from full_table import Packed
from measure import cache_folder

TABLE = "data/mrt/route-views.jinx.rib.20140530.2200.bz2"
UPDATES = "data/mrt/routeviews2.updates.20131201.0000.bz2"
MIDNIGHT, QUARTER = 1385856000, 900
TABLE_DUMP_V2, PEER_INDEX_TABLE, RIB_IPV4_UNICAST, BGP4MP = 13, 1, 2, 16
FULL_PEER = 30844  # The session of the table that has all of it.


def record(kind, subtype, body):
    return struct.pack(">HHI", kind, subtype, len(body)) + body


def sessions_of(updates):
    """(AS number, address) of each IPv4 session, in order of appearance (RFC 6396 §4.4)."""
    found = {}
    for _, rest in updates:
        subtype = struct.unpack_from(">H", rest, 2)[0]
        width = 4 if subtype == 4 else 2
        body = rest[8:]
        if subtype in (1, 4) and struct.unpack_from(">H", body, 2 * width + 2)[0] == 1:
            asn = int.from_bytes(body[:width], "big")
            found[(asn, body[2 * width + 4:2 * width + 8])] = None
    return list(found)


def index_table(sessions):
    peers = b"".join(struct.pack(">B4s4sI", 2, address, address, asn) for asn, address in sessions)
    return record(TABLE_DUMP_V2, PEER_INDEX_TABLE, struct.pack(">IHH", 0x7F000001, 0, len(sessions)) + peers)


def place_of_first_hop(attributes):
    """Where the first AS number of AS_PATH stands; None without one (RFC 4271 §4.3)."""
    at = 0
    while at < len(attributes):
        extended = attributes[at] & 0x10
        size = struct.unpack_from(">H", attributes, at + 2)[0] if extended else attributes[at + 2]
        value = at + (4 if extended else 3)
        if attributes[at + 1] == 2:
            return value + 2 if size >= 6 and attributes[value] == 2 else None
        at = value + size
    return None


def entries(body):
    """(peer, head, attributes) of a RIB row, after its prefix; and the prefix with the row's number."""
    at = 5 + (body[4] + 7) // 8
    count = struct.unpack_from(">H", body, at)[0]
    prefix, at, found = body[:at], at + 2, []
    for _ in range(count):
        peer, _, size = struct.unpack_from(">HIH", body, at)
        found.append((peer, body[at + 8:at + 8 + size]))
        at += 8 + size
    return prefix, found


def full_peer_of(index_body):
    """The number of the session of FULL_PEER in an index of peers."""
    file = io.BytesIO(index_body)
    file.seek(4)
    file.read(struct.unpack(">H", file.read(2))[0])
    for number in range(struct.unpack(">H", file.read(2))[0]):
        kind = file.read(1)[0]
        file.read(4 + (16 if kind & 1 else 4))
        if int.from_bytes(file.read(4 if kind & 2 else 2), "big") == FULL_PEER:
            return number
    return None


def write_table(rows, sessions, target):
    full = None
    target.write(MIDNIGHT, index_table(sessions))
    heads = [struct.pack(">HI", number, MIDNIGHT) for number in range(len(sessions))]
    for _, rest in rows:
        subtype, body = struct.unpack_from(">H", rest, 2)[0], rest[8:]
        if subtype == PEER_INDEX_TABLE:
            full = full_peer_of(body)
        if subtype != RIB_IPV4_UNICAST:
            continue
        prefix, found = entries(body)
        attributes = next((attributes for peer, attributes in found if peer == full), None)
        hop = place_of_first_hop(attributes) if attributes else None
        if hop is None:
            continue
        begin = struct.pack(">H", len(attributes)) + attributes[:hop]
        end = attributes[hop + 4:]
        row = b"".join(head + begin + struct.pack(">I", asn) + end for head, (asn, _) in zip(heads, sessions))
        target.write(MIDNIGHT, record(TABLE_DUMP_V2, RIB_IPV4_UNICAST, prefix + struct.pack(">H", len(sessions)) + row))
    target.close()


def made(shared, unpacked):
    """A folder with the table and the day's updates, made if it is not in the cache; None without the data. `unpacked` reads the
    records of a file."""
    if not all((shared / name).exists() for name in (TABLE, UPDATES)):
        print(f"SKIPPED  a day's store: {TABLE} or {UPDATES} is missing")
        return None
    folder = cache_folder() / "day"
    if (folder / "updates.20131201.0000.gz").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    quarter = list(unpacked(shared / UPDATES))
    write_table(unpacked(shared / TABLE), sessions_of(quarter), Packed(folder / "rib.20131201.0000.gz"))
    day = Packed(folder / "updates.20131201.0000.gz")
    for i in range(97):  # One more: a day is closed by what comes after it.
        for stamp, rest in quarter:
            day.write(stamp + i * QUARTER, rest)
    day.close()
    return folder
