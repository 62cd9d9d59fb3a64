"""A listener on loopback whose answers a test decides, with the real responder behind it."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable
from typing import final

from msgspec import Struct

from livekit_firewall.model.addresses import Family
from livekit_firewall.probe.checker.transport import Budget, ProbeRun, Transport
from livekit_firewall.probe.listener.responder import Control, Responder
from livekit_firewall.probe.wire.messages import Keys
from livekit_firewall.probe.wire.token import Token

TOKEN = Token(bytes(range(24)), 0)

Say = Callable[[Control], Struct | bytes | list[bytes] | None]


@final
class Peer:
    """Attributes:
    ports: those that it is bound to.
    got: every control message that was let in, in order.
    say: what it answers to one: a message is sealed, bytes go out as they are, None is silence.
    """

    def __init__(self, say: Say, ports: int = 2) -> None:
        self.say, self.got = say, list[Control]()
        self.keys = Keys(TOKEN)
        self.responder = Responder(self.keys, time.monotonic() + 600)
        self._sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(ports)]
        for one in self._sockets:
            one.bind(("127.0.0.1", 0))
        self.ports = [one.getsockname()[1] for one in self._sockets]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Peer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        for one in self._sockets:
            one.close()

    def line(self) -> Transport:
        return Transport(ProbeRun(Keys(TOKEN), Budget(100_000, 1_000_000)), Family.IPV4, "127.0.0.1")

    def _run(self) -> None:
        while not self._stop.is_set():
            for one in select.select(self._sockets, [], [], 0.02)[0]:
                data, source = one.recvfrom(2048)
                control = self.responder.control(data, source[0], 4, time.monotonic())
                if control is None:
                    continue
                self.got.append(control)
                said = self.say(control)
                if isinstance(said, Struct):
                    said = self.responder.reply(control, said)
                for packet in said if isinstance(said, list) else [said] if said is not None else []:
                    one.sendto(packet, source)
