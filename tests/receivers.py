"""Those whom `dimout` tells: a web server that breaks, is slow and lies, a real Alertmanager and a real SMTP server."""

import email
import email.policy
import json
import os
import socket
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from support import free_port

SLOW = 25  # Seconds; the program waits for 20.


class Web:
    """Paths: /good, /breaks, /lies and /held (the first time that they see an id: busy, a torn answer, `on_held` is called before the
    answer), /slow (its first message), /never, /elsewhere (a redirection)."""

    def __init__(self, on_held=None):
        self.asked, self.taken, self.on_held = [], [], on_held  # (path, headers, body) each
        self._lock = threading.Lock()
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                web._answer(self)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def to(self, path, asked=False):
        return [one for one in list(self.asked if asked else self.taken) if one[0].startswith(path)]

    def bodies(self, path):
        return [json.loads(body) for _, _, body in self.to(path)]

    def _answer(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        one = (request.path, dict(request.headers), body)
        with self._lock:
            first = all(o[0] != one[0] or o[1].get("Idempotency-Key") != one[1].get("Idempotency-Key") for o in self.asked)
            if one[0].startswith("/slow"):
                first = all(o[0] != one[0] for o in self.asked)
            self.asked.append(one)
        try:
            self._behave(request, one, first)
        except OSError:
            pass  # Nobody waits for the answer any more.

    def _behave(self, request, one, first):
        kind = one[0].split("/")[1].split("?")[0]
        if kind == "breaks" and first:
            return self._say(request, 503, b"come back", {"Retry-After": "60"})
        if kind == "never":
            return self._say(request, 400, b"no: " + one[2][:50])
        if kind == "elsewhere":
            return self._say(request, 307, b"", {"Location": f"http://127.0.0.1:{self.port}/good/stolen"})
        if kind == "slow" and first:
            time.sleep(SLOW)
        if kind == "lies" and first:
            request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\ntorn")
            return request.connection.shutdown(socket.SHUT_RDWR)
        if kind == "held" and first and self.on_held:
            self.on_held(one)
        if kind != "slow" or not first:
            with self._lock:
                self.taken.append(one)
        return self._say(request, 200, b"ok")

    @staticmethod
    def _say(request, status, body, headers=None):
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)


def wait_for_port(port, process):
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        if process.poll() is not None:
            return False
        time.sleep(0.05)
    return False


class Alertmanager:
    """Of Debian; a thread looks every half second which alerts are active."""

    def __init__(self, folder):
        folder.mkdir()
        config = folder / "config.yml"
        config.write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
        self.port, self.seen, self.over = free_port(), [], False
        self.process = subprocess.Popen(
            ["prometheus-alertmanager", f"--config.file={config}", f"--storage.path={folder / 'data'}",
             f"--web.listen-address=127.0.0.1:{self.port}", "--cluster.listen-address="],
            stdout=(folder / "log").open("w"), stderr=subprocess.STDOUT)
        self.is_up = wait_for_port(self.port, self.process)
        threading.Thread(target=self._look, daemon=True).start()

    def active(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v2/alerts?active=true", timeout=5) as answer:
            return json.load(answer)

    def _look(self):
        while not self.over:
            try:
                self.seen += [alert for alert in self.active() if alert not in self.seen]
            except OSError:
                pass
            time.sleep(0.5)

    def close(self):
        self.over = True
        self.process.terminate()
        self.process.wait(timeout=20)


class MailServer:
    """aiosmtpd, which keeps what it takes in a Maildir."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.process = subprocess.Popen(
            ["/usr/bin/aiosmtpd", "-n", "-l", f"127.0.0.1:{self.port}", "-c", "aiosmtpd.handlers.Mailbox", str(folder)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONWARNINGS": "ignore"})
        self.is_up = wait_for_port(self.port, self.process)

    def mails(self):
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                for path in sorted(Path(self.folder).glob("new/*"))]

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)
