"""MRT (RFC 6396) for tests: any compression to bytes, bytes to records, and UPDATE records from nothing.

Written apart from the program, so that a mistake in the one is not hidden by the same mistake in the other.
"""

import bz2
import gzip
import ipaddress
import struct
import zlib
from pathlib import Path

HEADER = struct.Struct("!IHHI")  # RFC 6396 §2: timestamp, type, subtype, length.
BGP4MP, MESSAGE_AS4 = 16, 4      # RFC 6396 §4.4.3.
MARKER = b"\xff" * 16
ORIGIN, AS_PATH, NEXT_HOP = 1, 2, 3


def _bunzip(data):
    """All streams; what comes before a cut or damage is kept."""
    text = b""
    while data:
        stream = bz2.BZ2Decompressor()
        try:
            text += stream.decompress(data)
        except OSError:
            break
        if not stream.eof:
            break
        data = stream.unused_data
    return text


def _gunzip(data):
    text = b""
    while data:
        stream = zlib.decompressobj(31)
        try:
            text += stream.decompress(data)
        except zlib.error:
            break
        if not stream.eof:
            break
        data = stream.unused_data
    return text


def decompress(path):
    """The bytes of a file, told by content."""
    data = Path(path).read_bytes()
    if data[:3] == b"BZh":
        return _bunzip(data)
    return _gunzip(data) if data[:2] == b"\x1f\x8b" else data


def compress(data, path):
    """Writes as the name's ending says."""
    name = str(path)
    packed = bz2.compress(data) if name.endswith(".bz2") else gzip.compress(data, 6, mtime=0) if name.endswith(".gz") else data
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(packed)


def records(data):
    """The records one after the other; a torn last one as it is."""
    at = 0
    while at < len(data):
        length = HEADER.unpack_from(data, at)[3] if at + HEADER.size <= len(data) else 0
        yield data[at:at + HEADER.size + length]
        at += HEADER.size + length


def _nlri(prefixes):
    packed = b""
    for prefix in prefixes:
        network = ipaddress.ip_network(prefix)
        packed += bytes([network.prefixlen]) + network.network_address.packed[:(network.prefixlen + 7) // 8]
    return packed


def _attribute(kind, value):
    return struct.pack("!BBB", 0x40, kind, len(value)) + value  # Well-known, transitive.


def update(second, peer, local, announce=(), withdraw=(), path=(), next_hop=None):
    """One BGP4MP_MESSAGE_AS4 with an IPv4 UPDATE; `peer` and `local` are (address, ASN)."""
    attributes = b""
    if announce:
        hops = struct.pack(f"!BB{len(path)}I", 2, len(path), *path)  # One AS_SEQUENCE.
        attributes = (_attribute(ORIGIN, b"\0") + _attribute(AS_PATH, hops) +
                      _attribute(NEXT_HOP, ipaddress.ip_address(next_hop or peer[0]).packed))
    gone = _nlri(withdraw)
    body = struct.pack("!H", len(gone)) + gone + struct.pack("!H", len(attributes)) + attributes + _nlri(announce)
    message = MARKER + struct.pack("!HB", 19 + len(body), 2) + body
    session = (struct.pack("!IIHH", peer[1], local[1], 0, 1) + ipaddress.ip_address(peer[0]).packed +
               ipaddress.ip_address(local[0]).packed)
    return HEADER.pack(second, BGP4MP, MESSAGE_AS4, len(session) + len(message)) + session + message
