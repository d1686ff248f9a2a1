#!/usr/bin/env python3
"""A RIS Live server on loopback that plays a file of messages, well or badly: WebSocket (RFC 6455) and HTTP stream.

    tests/ris_live_server.py LINES [--tls CERTIFICATE KEY] [--rate N] [--cut N] [--twice N] [--late N SECONDS]
                             [--garbage N] [--deflate] [--error N] [--once] [--hold]

LINES holds one message a line, such as ris_live.py prints. The port that was given stands in the first line of
the output; then one line for each thing a client said or got. Each connection is played the file from where the last
one was cut. --rate: messages a second, else as fast as they are taken; --cut N: the connection is cut after each N;
--twice N: each Nth is said twice; --garbage N: after each Nth something else is said; --error N: after N a
ris_error, then cut; --late N S: after N, silence of S seconds; --paced EVENT WALL SPEED: each when a clock that shows EVENT at
WALL, and runs SPEED times as fast, comes to its timestamp; --deflate: compressed if the client takes it (RFC 7692);
--once: ends with its first whole play; --hold: keeps the connection when all is told, answering pings.
"""

import argparse
import base64
import hashlib
import json
import select
import socket
import ssl
import struct
import time
import zlib

ACCEPT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 §1.3.
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
GARBAGE = [b"{", b"", b'{"type":"ris_message","data":{"host":"rrc00"}}', b"[" * 5000, b'{"type":7}']


class Gone(Exception):
    pass


def say(*words):
    print(*words, flush=True)


def frame(kind, body, compressed=False):
    """One unmasked frame (RFC 6455 §5.2)."""
    head = bytes([0x80 | (0x40 if compressed else 0) | kind])
    if len(body) < 126:
        return head + bytes([len(body)]) + body
    if len(body) < 1 << 16:
        return head + b"\x7e" + struct.pack("!H", len(body)) + body
    return head + b"\x7f" + struct.pack("!Q", len(body)) + body


class Client:
    """One connection after its handshake."""

    def __init__(self, connection, request):
        self.connection, self.pending = connection, b""
        self.headers = {name.strip().lower(): content.strip()
                        for name, _, content in (line.partition(":") for line in request.split("\r\n")[1:])}
        self.target = request.split(" ")[1]
        self.is_socket = self.headers.get("upgrade", "").lower() == "websocket"
        self.deflater = None

    def greet(self, deflate):
        if not self.is_socket:
            say("stream", self.target, self.headers.get("x-ris-subscribe", ""))
            self.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
            return
        say("socket", self.target)
        key = hashlib.sha1((self.headers["sec-websocket-key"] + ACCEPT).encode()).digest()
        lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Accept: " + base64.b64encode(key).decode()]
        if deflate and "permessage-deflate" in self.headers.get("sec-websocket-extensions", ""):
            self.deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
            lines.append("Sec-WebSocket-Extensions: permessage-deflate")
            say("deflate")
        self.connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def packed(self, text):
        if not self.is_socket:
            line = text.replace(b"\n", b" ") + b"\n"
            return b"%x\r\n%s\r\n" % (len(line), line)
        if self.deflater is None:
            return frame(TEXT, text)
        body = self.deflater.compress(text) + self.deflater.flush(zlib.Z_SYNC_FLUSH)
        return frame(TEXT, body[:-4], True)  # RFC 7692 §7.2.1.

    def send(self, data):
        try:
            self.connection.sendall(data)
        except OSError as error:
            raise Gone from error

    def listen(self, seconds):
        """Takes what the client says for so long, and answers it."""
        ready = getattr(self.connection, "pending", lambda: 0)() > 0
        if not ready and not select.select([self.connection], [], [], seconds)[0]:
            return
        try:
            data = self.connection.recv(65536)
        except (ssl.SSLWantReadError, BlockingIOError):
            return
        except OSError as error:
            raise Gone from error
        if not data:
            raise Gone
        self.pending += data
        while self.is_socket and self.take():
            pass

    def take(self):
        """The first whole frame, answered; False when there is none. What a client sends is masked."""
        data = self.pending
        if len(data) < 6:
            return False
        length, at = data[1] & 0x7F, 2
        if length == 126 and len(data) >= 8:
            length, at = struct.unpack_from("!H", data, 2)[0], 4
        if len(data) < at + 4 + length:
            return False
        mask, body = data[at:at + 4], data[at + 4:at + 4 + length]
        body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(body))
        self.pending = data[at + 4 + length:]
        compressed, kind = data[0] & 0x40, data[0] & 0x0F
        if compressed:
            body = zlib.decompressobj(-15).decompress(body + b"\0\0\xff\xff")
        if kind == CLOSE:
            raise Gone
        if kind == PING:
            self.send(frame(PONG, body))
        if kind == TEXT:
            self.answer(json.loads(body))
        return True

    def answer(self, message):
        say("said", json.dumps(message))
        if message["type"] == "ris_subscribe":
            self.send(self.packed(json.dumps({"type": "ris_subscribe_ok", "data": {"subscription": message["data"]}}).encode()))
        elif message["type"] == "ping":
            self.send(self.packed(b'{"type":"pong","data":null}'))


class Play:
    """The file of messages, and how far it has been told."""

    def __init__(self, options):
        self.options, self.at = options, 0
        with open(options.lines, "rb") as file:
            self.lines = [line.rstrip(b"\n") for line in file]

    def wait_for(self, line, client, batch):
        """Until it is time for a message; what was said before goes out meanwhile."""
        event, wall, speed = self.options.paced
        when = wall + (json.loads(line)["data"]["timestamp"] - event) / speed
        if when > time.time() and batch:
            client.send(b"".join(batch))
            batch.clear()
        while when > time.time():
            client.listen(0)
            time.sleep(min(0.02, max(0.0, when - time.time())))

    def tell(self, client):
        """From where the last connection ended; False when it is to be cut."""
        options, begin, first, batch = self.options, time.monotonic(), self.at, []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if options.paced:
                self.wait_for(line, client, batch)
            self.at += 1
            batch.append(client.packed(line))
            if options.twice and self.at % options.twice == 0:
                batch.append(client.packed(line))
            if options.garbage and self.at % options.garbage == 0:
                batch.append(client.packed(GARBAGE[self.at // options.garbage % len(GARBAGE)]))
            stop = options.cut and self.at % options.cut == 0
            error = options.error and self.at == options.error
            late = options.late and self.at == options.late[0]
            if error:
                batch.append(client.packed(b'{"type":"ris_error","data":{"message":"reading too slowly"}}'))
            if stop or error or late or len(batch) >= 256 or options.rate:
                client.send(b"".join(batch))
                batch.clear()
                client.listen(0)
            if late:
                say("silent", self.at)
                time.sleep(options.late[1])
            if stop or error:
                say("cut", self.at)
                return False
            if options.rate:
                ahead = begin + (self.at - first) / options.rate - time.monotonic()
                if ahead > 0:
                    time.sleep(ahead)
        client.send(b"".join(batch))
        say("told", self.at)
        return True


def request_of(connection):
    data = b""
    while b"\r\n\r\n" not in data and len(data) < 65536:
        piece = connection.recv(4096)
        if not piece:
            raise Gone
        data += piece
    return data.decode("latin-1")


def serve(connection, play, options):
    """One connection to its end; whether the whole file has been told."""
    client = Client(connection, request_of(connection))
    client.greet(options.deflate)
    if client.is_socket:
        client.listen(10)  # A subscription comes first.
    whole = play.tell(client)
    while whole and options.hold:
        client.listen(3600)
    end(connection)
    return whole


def end(connection):
    """Closes so that what was said arrives: the rest of what the other side said is taken first."""
    try:
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(10)
        while connection.recv(65536):
            pass
    except OSError:
        pass


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("lines")
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--port", type=int, default=0)
    for name in ("rate", "cut", "twice", "garbage", "error"):
        parser.add_argument("--" + name, type=int, default=0)
    parser.add_argument("--late", nargs=2, type=int)
    parser.add_argument("--paced", nargs=3, type=float)
    for name in ("deflate", "once", "hold"):
        parser.add_argument("--" + name, action="store_true")
    return parser.parse_args()


def main():
    options = arguments()
    play = Play(options)
    tls = None
    if options.tls:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*options.tls)
    with socket.create_server(("127.0.0.1", options.port)) as server:
        say(server.getsockname()[1])
        whole = False
        while not (whole and options.once):
            connection, _ = server.accept()
            with connection:
                try:
                    connection.settimeout(60)
                    whole = serve(tls.wrap_socket(connection, server_side=True) if tls else connection, play, options)
                except (Gone, OSError) as error:
                    say("gone", error)


if __name__ == "__main__":
    main()
