"""An MRT archive played as routers that speak BMP (RFC 7854): each collector is a router, each of its peers a session.

Written apart from the program, like mrt.py.
"""

import ipaddress
import socket
import struct
import time
from pathlib import Path

import mrt

ROUTE_MONITORING, PEER_DOWN, PEER_UP, INITIATION = 0, 2, 3, 4
TABLE_DUMP_V2, PEER_INDEX, RIB_V4, RIB_V6 = 13, 1, 2, 4
BGP4MP, BGP4MP_ET, STATE_AS4, MESSAGE_AS4, ESTABLISHED = 16, 17, 5, 4, 6
LOCAL = ipaddress.ip_address("192.0.2.254")
LOCAL_ASN = 64500


def message(kind, body):
    return struct.pack("!BIB", 3, len(body) + 6, kind) + body


def sixteen(address):
    return address.packed if address.version == 6 else b"\0" * 12 + address.packed


def peer_header(peer, second):
    """`peer` is (address, ASN)."""
    flags = 0x80 if peer[0].version == 6 else 0
    return struct.pack("!BBQ", 0, flags, 0) + sixteen(peer[0]) + struct.pack("!IIII", peer[1], 1, second, 0)


def bgp(kind, body):
    return mrt.MARKER + struct.pack("!HB", 19 + len(body), kind) + body


def open_message(asn):
    capability = struct.pack("!BBI", 65, 4, asn)
    parameter = struct.pack("!BB", 2, len(capability)) + capability
    return bgp(1, struct.pack("!BHHIB", 4, 23456, 180, 1, len(parameter)) + parameter)


def initiation(name):
    return message(INITIATION, struct.pack("!HH", 2, len(name)) + name.encode())


def peer_up(peer, second):
    local = sixteen(LOCAL) + struct.pack("!HH", 179, 40000)
    return message(PEER_UP, peer_header(peer, second) + local + open_message(LOCAL_ASN) + open_message(peer[1]))


def peer_down(peer, second):
    return message(PEER_DOWN, peer_header(peer, second) + b"\x04")


def route(peer, second, update):
    return message(ROUTE_MONITORING, peer_header(peer, second) + update)


def update(withdrawn=b"", attributes=b"", announced=b""):
    return bgp(2, struct.pack("!H", len(withdrawn)) + withdrawn + struct.pack("!H", len(attributes)) + attributes + announced)


END_OF_RIB = [update(), update(attributes=struct.pack("!BBBHB", 0x80, 15, 3, 2, 1))]


def split_attributes(data):
    """[(flags, type, value)]"""
    found, at = [], 0
    while at < len(data):
        flags, kind = data[at], data[at + 1]
        size, head = (struct.unpack_from("!H", data, at + 2)[0], 4) if flags & 0x10 else (data[at + 2], 3)
        found.append((flags, kind, data[at + head:at + head + size]))
        at += head + size
    return found


def joined(attributes):
    return b"".join(struct.pack("!BBH", flags | 0x10, kind, len(value)) + value for flags, kind, value in attributes)


def announcement(attributes, nlri, v6):
    """A table's row as the UPDATE that it came from: RIBs abbreviate MP_REACH_NLRI (RFC 6396 §4.3.4)."""
    if not v6:
        return update(attributes=attributes, announced=nlri)
    parts = [(flags, kind, struct.pack("!HB", 2, 1) + value + b"\0" + nlri if kind == 14 else value)
             for flags, kind, value in split_attributes(attributes)]
    return update(attributes=joined(parts))


def nlri_of(data):
    """The prefixes of a run of NLRI, packed."""
    at = 0
    while at < len(data):
        octets = (data[at] + 7) // 8
        yield data[at:at + 1 + octets]
        at += 1 + octets


def changes_of(told):
    """[((prefix, v6), announcement or None)] of an UPDATE."""
    body = told[19:]
    (size,) = struct.unpack_from("!H", body)
    withdrawn, rest = body[2:2 + size], body[2 + size:]
    (size,) = struct.unpack_from("!H", rest)
    attributes, announced = split_attributes(rest[2:2 + size]), rest[2 + size:]
    found = [((nlri, False), None) for nlri in nlri_of(withdrawn)]
    found += [((nlri, False), update(attributes=joined(attributes), announced=nlri)) for nlri in nlri_of(announced)]
    for flags, kind, value in attributes:
        if kind == 15:
            found += [((nlri, True), None) for nlri in nlri_of(value[3:])]
        if kind == 14:
            head = value[:5 + value[3]]
            for nlri in nlri_of(value[len(head):]):
                one = [(f, k, head + nlri if k == 14 else v) for f, k, v in attributes if k != 15]
                found.append(((nlri, True), update(attributes=joined(one))))
    return found


class Router:
    """What one collector's archive says, as BMP: the first table, and then (second, message,
    peer, what it makes of the table) in order."""

    def __init__(self, name, folder):
        self.name, self.table, self.changes, self.began = name, {}, [], None
        self.peers = []
        for path in sorted(p for p in Path(folder).rglob("*") if p.is_file()):
            for record in mrt.records(mrt.decompress(path)):
                self._take(record)
        self.changes.sort(key=lambda change: change[0])

    def _take(self, record):
        second, kind, subtype, _ = mrt.HEADER.unpack_from(record)
        body = record[mrt.HEADER.size:]
        if kind == TABLE_DUMP_V2 and self.began in (None, second):
            self.began = second
            self._peer_index(body) if subtype == PEER_INDEX else self._row(body, subtype == RIB_V6)
        elif kind in (BGP4MP, BGP4MP_ET):
            self._message(second, subtype, body[4:] if kind == BGP4MP_ET else body)

    def _peer_index(self, body):
        at = 6 + struct.unpack_from("!H", body, 4)[0]
        (count,), at = struct.unpack_from("!H", body, at), at + 2
        for _ in range(count):
            kind = body[at]
            size = 16 if kind & 1 else 4
            address = ipaddress.ip_address(body[at + 5:at + 5 + size])
            asn = struct.unpack_from("!I" if kind & 2 else "!H", body, at + 5 + size)[0]
            self.peers.append((address, asn))
            at += 5 + size + (4 if kind & 2 else 2)
        self.table = {peer: {} for peer in self.peers}

    def _row(self, body, v6):
        octets = (body[4] + 7) // 8
        nlri, at = body[4:5 + octets], 5 + octets
        (count,), at = struct.unpack_from("!H", body, at), at + 2
        for _ in range(count):
            index, _, size = struct.unpack_from("!HIH", body, at)
            self.table[self.peers[index]][nlri, v6] = announcement(body[at + 8:at + 8 + size], nlri, v6)
            at += 8 + size

    def _message(self, second, subtype, body):
        asn, family = struct.unpack_from("!I4xxxH", body)
        size = 4 if family == 1 else 16
        peer = ipaddress.ip_address(body[12:12 + size]), asn
        rest = body[12 + 2 * size:]
        if subtype == MESSAGE_AS4:
            routes = changes_of(rest) if rest[18] == 2 else []
            self.changes.append((second, route(peer, second, rest), peer, routes))
        elif subtype == STATE_AS4:
            old, new = struct.unpack("!HH", rest)
            if new == ESTABLISHED:
                self.changes.append((second, peer_up(peer, second), peer, []))
            elif old == ESTABLISHED:
                self.changes.append((second, peer_down(peer, second), peer, None))

    def tell_table(self):
        """What the router says when it connects: its name, and what each session holds now."""
        yield initiation(self.name)
        for peer, routes in self.table.items():
            if routes is None:
                continue
            yield peer_up(peer, self.began)
            for told in routes.values():
                yield route(peer, self.began, told)
            for end in END_OF_RIB:
                yield route(peer, self.began, end)

    def apply(self, peer, routes):
        """What a change makes of the table; None is the session's end."""
        if routes is None:
            self.table[peer] = None
            return
        held = self.table.get(peer) or {}
        for prefix, told in routes:
            held.pop(prefix, None)
            if told:
                held[prefix] = told
        self.table[peer] = held


class Player:
    """Tells what routers say when its clock comes to it; goes on where it was when it connects again."""

    def __init__(self, routers):
        self.routers = {router.name: router for router in routers}
        self.sockets = {}
        self.changes = sorted(((change[0], router.name, number, *change[1:]) for router in routers
                               for number, change in enumerate(router.changes)), key=lambda change: change[:3])
        self.next = 0

    def connect(self, port):
        for name, router in self.routers.items():
            self.sockets[name] = socket.create_connection(("127.0.0.1", port))
            self.sockets[name].sendall(b"".join(router.tell_table()))

    def play(self, clock, until, deaf=False):
        """Up to the second `until`; `deaf`: nobody is there to be told."""
        while self.next < len(self.changes) and self.changes[self.next][0] < until:
            second, name, _, told, peer, routes = self.changes[self.next]
            while clock() < second:
                time.sleep(0.005)
            self.next += 1
            self.routers[name].apply(peer, routes)
            if not deaf:
                self.sockets[name].sendall(told)

    def close(self):
        for one in self.sockets.values():
            one.close()
