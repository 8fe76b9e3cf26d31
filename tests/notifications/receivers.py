"""Real receivers on loopback: a mail server, and an HTTP server for gateways, webhooks and robots.

Each can be told to misbehave: refuse, hang, answer late, hang up after taking a message.
"""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

WAITING = 60
"""Seconds of patience on a slow machine."""


@dataclass
class Mailbox:
    """What the mail server took, and what it answers. taken: called when a mail has come whole."""

    mails: list[Message] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    answer_rcpt: str = "250 OK"
    answer_data: str = "250 OK"
    wait_seconds: float = 0
    taken: Callable[[], None] | None = None
    port: int = 0

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_rcpt

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope
    ) -> str:
        if self.answer_data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(message_from_bytes(envelope.content, policy=default))
            self.to += envelope.rcpt_tos
        if self.taken is not None:
            self.taken()
        if self.wait_seconds:
            await asyncio.sleep(self.wait_seconds)
        return self.answer_data

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]


@contextmanager
def mail_server(**options: Any) -> Iterator[Mailbox]:
    """A mail server; options are aiosmtpd's (tls_context, authenticator …)."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Held:
    """As `taken` of a server: who called hears nothing until it may end. begun: released at every call."""

    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    may_end: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> None:
        self.begun.release()
        self.may_end.wait()


@dataclass
class Call:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Gateway:
    """What the HTTP server was called with, and what it answers. hang_up: take and say nothing."""

    calls: list[Call] = field(default_factory=list)
    status: int = 200
    answer: str = '{"errcode": 0, "code": 0}'
    wait_seconds: float = 0
    drip_seconds: float = 0
    hang_up: bool = False
    taken: Callable[[], None] | None = None
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=hush"

    def keys(self) -> list[str]:
        return [call.headers.get("Idempotency-Key", "") for call in self.calls]


@contextmanager
def gateway(certificate: Path | None = None) -> Iterator[Gateway]:
    """An HTTP server; with a certificate it speaks HTTPS."""
    seen = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.calls.append(Call(self.command, self.path, dict(self.headers), body))
            if seen.taken is not None:
                seen.taken()
            if seen.hang_up:
                self.close_connection = True
                return
            time.sleep(seen.wait_seconds)
            self.send_response(seen.status)
            said = seen.answer.encode()
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # hung up on
                for byte in said:
                    self.wfile.write(bytes((byte,)))
                    time.sleep(seen.drip_seconds)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate is not None:
        server.socket = tls(certificate).wrap_socket(server.socket, server_side=True)
    seen.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def silent_server() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield listening.getsockname()[1]


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def tls(certificate: Path) -> ssl.SSLContext:
    """What a server with this certificate speaks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
