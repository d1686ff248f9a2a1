"""RIS Live messages out of MRT records, as RIS' server writes them (https://ris-live.ripe.net/manual/).

Written apart from the program, which goes the other way.

    tests/ris_live.py ARCHIVE [COLLECTOR] [--no-raw] > LINES
"""

import ipaddress
import json
import struct
import sys

import mrt

KINDS = {1: "OPEN", 2: "UPDATE", 3: "NOTIFICATION", 4: "KEEPALIVE"}
ORIGINS = ["igp", "egp", "incomplete"]
AS4_SUBTYPES = {4, 5, 7}  # RFC 6396 §4.4: four octets an AS number.
STATE_SUBTYPES = {0, 5}
ESTABLISHED = 6


class _Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise ValueError("cut short")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, octets):
        return int.from_bytes(self.take(octets), "big")

    def more(self):
        return self.at < len(self.data)


def _address(data):
    return str(ipaddress.ip_address(bytes(data)))


def _prefixes(data, octets):
    reader, found = _Reader(data), []
    while reader.more():
        length = reader.number(1)
        packed = reader.take((length + 7) // 8).ljust(octets, b"\0")
        found.append(str(ipaddress.ip_network((packed, length), strict=False)))
    return found


def _path(data, octets):
    """Numbers; a list where the segment is a set (RFC 4271 §4.3). None when it has other segments."""
    reader, path = _Reader(data), []
    while reader.more():
        kind, count = reader.number(1), reader.number(1)
        asns = [reader.number(octets) for _ in range(count)]
        if kind not in (1, 2):
            return None
        path += [asns] if kind == 1 else asns
    return path


def _next_hop(data):
    """A global and a link-local address share the field (RFC 2545 §3)."""
    if len(data) == 32:
        return f"{_address(data[:16])},{_address(data[16:])}"
    return _address(data)


def _attributes(data):
    reader = _Reader(data)
    while reader.more():
        flags, kind = reader.number(1), reader.number(1)
        yield kind, reader.take(reader.number(2 if flags & 0x10 else 1))


def told_of_update(body, asn_octets):
    """What RIS Live says of an UPDATE beside its octets."""
    reader = _Reader(body)
    withdrawn = _prefixes(reader.take(reader.number(2)), 4)
    attributes = reader.take(reader.number(2))
    announced, told, next_hop, announcements = _prefixes(body[reader.at:], 4), {}, None, []
    as4_path = None
    for kind, value in _attributes(attributes):
        if kind == 1:
            told["origin"] = ORIGINS[value[0]] if value[0] < 3 else "incomplete"
        elif kind == 2:
            path = _path(value, asn_octets)
            if path is None:
                raise ValueError("a confederation's path")
            told["path"] = path
        elif kind == 17 and asn_octets == 2:
            as4_path = _path(value, 4)
        elif kind == 3:
            next_hop = _address(value)
        elif kind == 4:
            told["med"] = int.from_bytes(value, "big")
        elif kind == 8:
            told["community"] = [list(struct.unpack_from("!HH", value, at)) for at in range(0, len(value) - 3, 4)]
        elif kind == 14 and value[:3] in (b"\0\1\1", b"\0\2\1"):
            hop, octets = _next_hop(value[4:4 + value[3]]), 4 if value[1] == 1 else 16
            announcements.append({"next_hop": hop, "prefixes": _prefixes(value[5 + value[3]:], octets)})
        elif kind == 15 and value[:3] in (b"\0\1\1", b"\0\2\1"):
            withdrawn += _prefixes(value[3:], 4 if value[1] == 1 else 16)
    if as4_path and len(as4_path) <= len(told["path"]):  # RFC 6793 §4.2.3.
        told["path"] = told["path"][:len(told["path"]) - len(as4_path)] + as4_path
    if announced:
        announcements.insert(0, {"next_hop": next_hop, "prefixes": announced})
    if announcements:
        told["announcements"] = announcements
    if withdrawn:
        told["withdrawals"] = withdrawn
    return told


def message_of(record, collector, number, with_raw=True):
    """The message for one BGP4MP record; None for records that RIS Live has no message for."""
    second, kind, subtype, _ = mrt.HEADER.unpack_from(record)
    reader, micros = _Reader(record[mrt.HEADER.size:]), 0
    if kind == 17:
        micros = reader.number(4)
    if kind not in (16, 17) or subtype not in {0, 1, 4, 5}:
        return None
    octets = 4 if subtype in AS4_SUBTYPES else 2
    peer_asn, _, _, family = reader.number(octets), reader.number(octets), reader.number(2), reader.number(2)
    peer = _address(reader.take(4 if family == 1 else 16))
    reader.take(4 if family == 1 else 16)
    data = {"timestamp": round(second + micros / 1e6, 6), "peer": peer, "peer_asn": str(peer_asn),
            "id": f"{collector}-{peer}-{number}", "host": collector}
    if subtype in STATE_SUBTYPES:
        old, new = reader.number(2), reader.number(2)
        if ESTABLISHED not in (old, new):
            return None
        data |= {"type": "RIS_PEER_STATE", "state": "connected" if new == ESTABLISHED else "down"}
        return {"type": "ris_message", "data": data}
    message = record[mrt.HEADER.size + reader.at:]
    if len(message) < 19 or message[18] not in KINDS or struct.unpack_from("!H", message, 16)[0] != len(message):
        return None
    data["type"] = KINDS[message[18]]
    if with_raw:
        data["raw"] = message.hex().upper()
    if data["type"] == "UPDATE":
        try:
            data |= told_of_update(message[19:], octets)
        except (ValueError, IndexError):
            if not with_raw:
                return None
    return {"type": "ris_message", "data": data}


def lines(path, collector, with_raw=True):
    """All messages of an archive file, in its order."""
    for number, record in enumerate(mrt.records(mrt.decompress(path))):
        if len(record) < mrt.HEADER.size:
            continue
        try:
            message = message_of(record, collector, number, with_raw)
        except (ValueError, IndexError):
            continue
        if message:
            yield json.dumps(message, separators=(",", ":"))


def main():
    words = [word for word in sys.argv[1:] if word != "--no-raw"]
    for line in lines(words[0], words[1] if len(words) > 1 else "rrc00", "--no-raw" not in sys.argv):
        print(line)


if __name__ == "__main__":
    main()
