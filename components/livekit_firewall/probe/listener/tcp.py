"""The listener's TCP side: answers a signed probe on a connection, and says which ports are in use.

A connection that says nothing for two seconds, or anything but a signed probe, is closed without a word.
"""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from ...inputs.files import UnreadableError, read_bytes
from ..wire.messages import PROBE_SIZE
from .responder import Responder

SILENCE = 2.0
"""Seconds for a connection to say what it wants."""
MAX_CONNECTIONS = 128
"""At once; the oldest is closed for one more."""
MAX_NOTED = 131_072
"""Ports at which connections were accepted, of all addresses."""


class TcpAnswers:
    """Connections to `listening` sockets, which it owns. `changed` is called when `sockets()` has changed."""

    def __init__(self, responder: Responder, listening: list[socket.socket]) -> None:
        self.responder, self.listening = responder, listening
        self.changed: Callable[[], None] = lambda: None
        self._spare: IO[bytes] | None = None
        self._keep_spare()
        self._open: dict[socket.socket, tuple[float, bytearray]] = {}
        self._reached: dict[tuple[int, str, int], float] = {}
        self._accepted: dict[tuple[int, str, int], float] = {}

    def sockets(self) -> dict[socket.socket, Callable[[], None]]:
        """What to wait on, and what to call then."""
        accepting = {one: (lambda one=one: self._accept(one)) for one in self.listening}
        return {**accepting, **{one: (lambda one=one: self._read(one)) for one in self._open}}  # type: ignore[misc]

    def reached(self, family: int, source: str, since: float) -> set[int]:
        """The ports at which a checker's signed probes were answered since then (monotonic)."""
        return _since(self._reached, family, source, since)

    def accepted(self, family: int, source: str, since: float) -> set[int]:
        """The ports at which somebody connected from that address since then, whatever was said there."""
        return _since(self._accepted, family, source, since)

    def close_silent(self, now: float) -> None:
        for one in [one for one, (since, _) in self._open.items() if now - since > SILENCE]:
            self._drop(one)

    def close(self) -> None:
        for one in list(self._open):
            self._drop(one)
        for one in self.listening:
            one.close()
        if self._spare is not None:
            self._spare.close()

    def _accept(self, listening: socket.socket) -> None:
        try:
            one, peer = listening.accept()
        except OSError as error:
            # it waits on, and would be offered again at once: refused by the descriptor kept for that, or gone already
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._refuse(listening)
            return
        one.setblocking(False)
        if len(self._open) >= MAX_CONNECTIONS:
            self._drop(next(iter(self._open)))
        self._open[one] = (time.monotonic(), bytearray())
        if len(self._accepted) < MAX_NOTED:
            family = _family(peer[0], 4 if one.family == socket.AF_INET else 6)
            self._accepted[family, _plain(peer[0]), one.getsockname()[1]] = time.monotonic()
        self.changed()

    def _refuse(self, listening: socket.socket) -> None:
        if self._spare is not None:
            self._spare.close()
        with suppress(OSError):
            listening.accept()[0].close()
        self._keep_spare()

    def _keep_spare(self) -> None:
        with suppress(OSError):
            self._spare = Path(os.devnull).open("rb")  # noqa: SIM115 (for as long as this lives)

    def _read(self, one: socket.socket) -> None:
        if one not in self._open:
            return
        said = self._open[one][1]
        try:
            chunk = one.recv(PROBE_SIZE + 1 - len(said))
            said += chunk
            if chunk and len(said) < PROBE_SIZE:
                return
            reply = self._reply(one, bytes(said)) if chunk else None
            if reply is not None:
                one.send(reply)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            pass
        self._drop(one)

    def _reply(self, one: socket.socket, said: bytes) -> bytes | None:
        family = 4 if one.family == socket.AF_INET else 6
        peer, port = one.getpeername()[0], one.getsockname()[1]
        source, family = _plain(peer), _family(peer, family)
        reply = self.responder.probe(said, source, port, family, time.monotonic(), udp=False)
        if reply is not None:
            self._reached[family, source, port] = time.monotonic()
        return reply

    def _drop(self, one: socket.socket) -> None:
        self._open.pop(one, None)
        with suppress(OSError):
            one.shutdown(socket.SHUT_WR)
        one.close()
        self.changed()


def _since(noted: dict[tuple[int, str, int], float], family: int, source: str, since: float) -> set[int]:
    return {port for (*checker, port), last in noted.items() if checker == [family, source] and last >= since}


def _plain(source: str) -> str:
    """An IPv4 peer of a socket for both families, as IPv4."""
    return source.removeprefix("::ffff:") if "." in source else source


def _family(source: str, family: int) -> int:
    return 4 if "." in source else family


_BOUND = {"tcp": "0A", "udp": "07"}
"""The states of a listening TCP socket and of an unconnected UDP socket."""
_ANY = "0" * 32
_LOOPBACK = "00000000000000000000000001000000"
_MAPPED = "0000000000000000FFFF0000"
"""What an IPv4 address of an IPv6 socket begins with; Java binds so."""


MOST_SOCKETS = 256_000_000
"""Bytes of the kernel's list: more than a million sockets."""


def ports_in_use(protocol: str, family: int, proc: Path = Path("/proc/net")) -> set[int]:
    """Ports of `tcp` or `udp` that a service of this host has bound for others (proc(5), /proc/net/tcp).

    Empty where there is no /proc.
    """
    found: set[int] = set()
    for name in (f"{protocol}6",) if family == 6 else (protocol, f"{protocol}6"):
        try:
            lines = read_bytes(proc / name, MOST_SOCKETS).decode("ascii").splitlines()[1:]
        except UnreadableError:
            continue
        for line in lines:
            local, state = line.split()[1], line.split()[3]
            address, _, port = local.partition(":")
            is_ipv4 = len(address) == 8 or address.startswith(_MAPPED)
            address = address.removeprefix(_MAPPED)
            # addresses are hexadecimal in the order of the machine: 127.0.0.1 is 0100007F
            own = address.endswith("7F") if is_ipv4 else address == _LOOPBACK
            # an IPv6 socket takes IPv4 too, if it is bound to all addresses
            serves = is_ipv4 is (family == 4) or address == _ANY
            if state == _BOUND[protocol] and serves and not own:
                found.add(int(port, 16))
    return found
