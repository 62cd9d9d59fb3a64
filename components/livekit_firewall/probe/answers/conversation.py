"""One conversation with one port of an untrusted peer: bounded input, printable output.

The whole conversation runs under one deadline, which is the caller's (`ask`); `Conversation.awaiting` is what it waits
for, so that silence can be told by its name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol as Shape
from typing import TypeVar

from ...model.text import escaped, received, shortened

LONGEST = 80
_CHUNK = 4096

# How a peer that speaks something else is recognised: the start of what it sent, and the protocol's name.
_SPOKEN = (
    (b"HTTP/", "HTTP"),
    (b"SIP/2.0", "SIP"),
    (b"SSH-", "SSH"),
    (b"\x15\x03", "TLS"),
    (b"\x16\x03", "TLS"),
    (b"-ERR", "Redis"),
    (b"INFO {", "NATS"),
    (b"220", "SMTP or FTP"),
)
_STUN_COOKIE = b"\x21\x12\xa4\x42"

T = TypeVar("T")


class WrongAnswer(Exception):
    """The service does not answer as it should. Its text says what was expected and what was got."""


@dataclass
class Conversation:
    """The peer, and what is known of it so far.

    Attributes:
        address, port: where, the address as a literal.
        name: the DNS name that the user knows the peer by, or None if there is none.
        awaiting: what is waited for, as in "no STUN answer within 3 s".
        instead: what came in its place, if that does not end the waiting.
        found: what is known, in phrases.
        ok: False as soon as something is not as a client needs it.
    """

    address: str
    port: int
    name: str | None
    awaiting: str = "connection"
    instead: str = ""
    found: list[str] = field(default_factory=list)
    ok: bool = True
    opened: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def host(self) -> str:
        """As it stands in a URI: the name, or the address, that of IPv6 in brackets and without its zone."""
        return self.name or bracketed(self.address)

    def say(self, phrase: str, ok: bool = True) -> None:
        self.found.append(phrase)
        self.ok = self.ok and ok

    async def connect(self) -> Stream:
        """A TCP connection, closed by `close`. Raises `OSError`."""
        self.awaiting = "connection"
        reader, writer = await asyncio.open_connection(self.address, self.port, limit=_CHUNK)
        self.opened.append(writer)
        return PlainStream(reader, writer)

    def close(self) -> None:
        """Closes every connection at once, without waiting for the peer to close it too."""
        for writer in self.opened:
            writer.transport.abort()

    async def hear(self, stream: Stream, awaiting: str, read: Callable[[bytes], T | None], most: int = 4096) -> T:
        """Receives until `read` returns a result made from all that came.

        `read` returns None to hear more, and raises `WrongAnswer` for what can no longer become right, which is also
        raised
        when the peer closes before that, or has sent more than `most` bytes.
        """
        self.awaiting, got = awaiting, b""
        while len(got) <= most:
            chunk = await stream.receive()
            if not chunk:
                raise WrongAnswer(f"closed the connection {_after(got)}before the {awaiting}")
            got += chunk
            result = read(got[:most])
            if result is not None:
                return result
        raise WrongAnswer(f'no {awaiting} in {most} bytes, but "{printable(got)}"')


class Stream(Shape):
    """Bytes in order, whether under TLS or not."""

    @property
    def here(self) -> tuple[str, int]:
        """Our own address and port."""

    def send(self, data: bytes) -> None: ...

    async def receive(self) -> bytes:
        """At least one byte and at most some thousands; none when the peer has closed."""


class PlainStream:
    """A TCP connection as a `Stream`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @property
    def here(self) -> tuple[str, int]:
        address, port = self.writer.get_extra_info("sockname")[:2]
        return address, port

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def receive(self) -> bytes:
        return await self.reader.read(_CHUNK)


def _after(got: bytes) -> str:
    return f"after {len(got)} bytes, " if got else ""


def wrong_protocol(expected: str, got: bytes) -> WrongAnswer:
    """The failure of a peer that sent something else than `expected`, the name of a protocol."""
    if got[4:8] == _STUN_COOKIE and expected != "STUN":
        return WrongAnswer(f"speaks STUN, not {expected}")
    for start, name in _SPOKEN:
        if got.startswith(start) and name != expected:
            return WrongAnswer(f"speaks {name}, not {expected}")
    return WrongAnswer(f'does not answer as {expected}: sent "{printable(got)}"')


def printable(text: str | bytes) -> str:
    """A peer's text, safe for a terminal and a log: at most 80 characters, no control characters."""
    shown = received(text[: LONGEST + 1]) if isinstance(text, bytes) else escaped(text[: LONGEST + 1])
    return shortened(shown, LONGEST, "…")


def bracketed(address: str) -> str:
    """An address as it stands before a port: `203.0.113.1` or `[2001:db8::1]`, without a zone."""
    bare = address.partition("%")[0]
    return f"[{bare}]" if ":" in bare else bare
