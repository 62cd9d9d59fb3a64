"""The packets of a run, and how both sides tell them from other traffic.

A probe and its reply, 40 bytes each:

    selector 8 | session 8 | counter 4 | port 2 | family 1 | kind 1 | MAC 16

The selector is what nft matches, and no more than that: it travels in the clear. The MAC (keyed BLAKE2b)
covers all before it, under a key that requests and replies do not share. A control message has the same first 24
bytes and then sealed ones (ChaCha20-Poly1305, those 24 bytes as associated data), padded to a size that the checker
chooses. A reply has the size of what asked for it: no longer, and if the request got through, likely to get through.
548 bytes make a packet of 576 over IPv4, which every host takes in one piece (RFC 791), and of 596 over IPv6, whose
least MTU is 1,280. Listeners of older releases know 1,200 bytes only.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from enum import IntEnum
from typing import TypeVar

import msgspec
from msgspec import Struct

from ...model.addresses import Family
from .token import Token

HEAD = struct.Struct("!8s8sIHBB")
MAC_SIZE = 16
Hash = hashlib.blake2b
PROBE_SIZE = HEAD.size + MAC_SIZE
CONTROL_SIZE = 548
LEAST_CONTROL, MOST_CONTROL = 64, 1200
"""An ECHO may have any size between these, to find out what the way takes; the most is that of older releases."""
HEADERS = {Family.IPV4: 28, Family.IPV6: 48}
"""Bytes of IP and UDP before a message."""
_LENGTH = struct.Struct("!H")
_SEALING = HEAD.size + 16 + _LENGTH.size

MAX_COUNTER = 1 << 22
"""Packets that one session may send: 65,535 ports, two families, 20 tries, and room to spare."""

FAMILY_NUMBER = {Family.IPV4: 4, Family.IPV6: 6}


class Kind(IntEnum):
    """What a packet asks for. All but the probe are control messages."""

    PROBE = 1
    HELLO = 2
    REPORT = 3
    TRACE = 4
    RULES = 5
    BYE = 6
    ECHO = 7


class Keys:
    """What both ends derive from the token."""

    def __init__(self, token: Token) -> None:
        self.selector = token.derive("selector", 8)
        self.reply_selector = token.derive("reply selector", 8)
        self.request = keyed(token.derive("request mac", 32))
        self.reply = keyed(token.derive("reply mac", 32))
        self._token = token
        self._sealers: dict[str, object] = {}

    def seal(self, head: bytes, message: Struct, *, reply: bool, size: int = CONTROL_SIZE) -> bytes:
        """A control message of that many bytes. Raises `ValueError` if it does not fit."""
        body, room = msgspec.msgpack.encode(message), size - _SEALING
        if len(body) > room:
            raise ValueError(f"a control message holds {room} bytes (got {len(body)})")
        plain = (_LENGTH.pack(len(body)) + body).ljust(_LENGTH.size + room, b"\0")
        sealed: bytes = self._sealer(reply).encrypt(_nonce(head), plain, head)  # type: ignore[attr-defined]
        return head + sealed

    def open(self, data: bytes, *, reply: bool) -> bytes | None:
        """The content of a control message, or None if it was not sealed with this key."""
        from cryptography.exceptions import InvalidTag

        if not LEAST_CONTROL <= len(data) <= MOST_CONTROL:
            return None
        head = data[: HEAD.size]
        try:
            plain: bytes = self._sealer(reply).decrypt(_nonce(head), data[HEAD.size :], head)  # type: ignore[attr-defined]
        except InvalidTag:
            return None
        (length,) = _LENGTH.unpack_from(plain)
        return plain[_LENGTH.size : _LENGTH.size + length]

    def load(self) -> None:
        """Import now what the first control message would import."""
        for reply in (False, True):
            self._sealer(reply)
        self.open(bytes(CONTROL_SIZE), reply=False)

    def _sealer(self, reply: bool) -> object:
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        purpose = "reply seal" if reply else "request seal"
        if purpose not in self._sealers:
            self._sealers[purpose] = ChaCha20Poly1305(self._token.derive(purpose, 32))
        return self._sealers[purpose]


def _nonce(head: bytes) -> bytes:
    """Session and counter: never twice under a key, since a counter is used once and answered once."""
    return head[8:20]


def keyed(key: bytes) -> Hash:
    """A hash to be copied for each packet, which is faster than to begin with the key each time."""
    return hashlib.blake2b(digest_size=MAC_SIZE, key=key)


def sign(head: bytes, start: Hash) -> bytes:
    """The MAC of a head. `start` is of `keyed`."""
    one = start.copy()
    one.update(head)
    return one.digest()


class Ports(Struct, frozen=True, array_like=True):
    """A range in a message."""

    first: int
    last: int


def ranges(ports: Iterable[int]) -> list[Ports]:
    """The fewest ranges that hold the ports."""
    found: list[Ports] = []
    for port in sorted(set(ports)):
        if found and found[-1].last == port - 1:
            found[-1] = Ports(found[-1].first, port)
        else:
            found.append(Ports(port, port))
    return found


def within(held: Iterable[Ports]) -> list[int]:
    """The ports of ranges that a peer sent; numbers that are no ports are left out."""
    return sorted({port for one in held for port in range(max(one.first, 1), min(one.last, 65535) + 1)})


class Hello(Struct, frozen=True):
    """The first message of a checker.

    Attributes:
        digest: of the configuration that it was given.
        tcp: ports that it is going to connect to.
        wanted_udp, wanted_tcp: those that should be reachable, for the listener's own report.
        asked_udp: those whose service is going to be spoken to, if there is one.
    """

    digest: bytes
    tcp: list[Ports]
    wanted_udp: list[Ports]
    wanted_tcp: list[Ports]
    asked_udp: list[Ports]


class Welcome(Struct, frozen=True):
    """The listener's answer to `Hello`.

    Attributes:
        address: the checker's, as seen here.
        same_configuration: whether `digest` is what the listener was given.
        in_use, in_use_udp: those of `tcp` and of `asked_udp` that a service of this host listens on.
        diverts: whether unbound TCP ports and all UDP ports are answered by the listener (root and nft).
        sees_arrivals: whether packets are seen before the host's own firewall judges them.
    """

    address: str
    same_configuration: bool
    in_use: list[Ports]
    in_use_udp: list[Ports]
    diverts: bool
    sees_arrivals: bool


class ReportRequest(Struct, frozen=True):
    """Which ports a REPORT is about: at most `MAX_REPORTED`."""

    udp: bool
    ports: list[Ports]


_REPORTED_BESIDES = 28


def most_reported(size: int) -> int:
    """Ports in one report of a control message of that size: two bits each."""
    return 4 * (size - _SEALING - _REPORTED_BESIDES)


MAX_REPORTED = most_reported(CONTROL_SIZE)


class Fate(IntEnum):
    """What the host saw of a port, in two bits."""

    NOTHING = 0
    ARRIVED = 1
    RECEIVED = 2
    UNTESTABLE = 3


class ReportReply(Struct, frozen=True):
    """Attributes:
    fates: four ports a byte, the first in the lowest bits.
    strays: whether signed packets also came from another address than the session's, and were left out.
    """

    fates: bytes
    strays: bool = False


class TraceRequest(Struct, frozen=True):
    ports: list[int]
    udp: bool


class RuleText(Struct, frozen=True, array_like=True):
    udp: bool
    port: int
    text: str


class RulesReply(Struct, frozen=True):
    """What dropped the packets to the ports that were traced."""

    rules: list[RuleText]


class EmptyReply(Struct, frozen=True):
    """A message without content: its kind says everything."""


Message = TypeVar("Message")


def decode(body: bytes, kind: type[Message]) -> Message | None:
    """The message, or None for anything else: a peer of another version, not an attacker, who has no key."""
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except msgspec.MsgspecError:
        return None


def pack_fates(fates: list[Fate]) -> bytes:
    padded = [*fates, *[Fate.NOTHING] * (-len(fates) % 4)]
    return bytes(
        padded[i] | padded[i + 1] << 2 | padded[i + 2] << 4 | padded[i + 3] << 6 for i in range(0, len(padded), 4)
    )


def unpack_fates(packed: bytes, count: int) -> list[Fate]:
    """`count` of them; what is missing is NOTHING."""
    fates = [Fate(byte >> shift & 3) for byte in packed for shift in (0, 2, 4, 6)]
    return [*fates, *[Fate.NOTHING] * count][:count]
