"""Which of the 65,535 ports of each protocol are reachable: every port of one address, by the probe's own parts.

python scan.py TOKEN 203.0.113.1         # {"udp": [[443, 443], [50000, 60000]], "tcp": [[7881, 7881]]}

`probe listen` must be running there, with this token; what it was told of ports does not matter. A TCP port that does
anything but keep silent must be answered by the listener as well.
"""

from __future__ import annotations

import asyncio
import json
import resource
import select
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice

from livekit_firewall.model.addresses import Family
from livekit_firewall.model.ports import PortRange
from livekit_firewall.probe.checker.connect import Exchange, Pace, connect
from livekit_firewall.probe.checker.listener_client import ListenerClient
from livekit_firewall.probe.checker.plan import plan_of_ports
from livekit_firewall.probe.checker.sweep import sweep
from livekit_firewall.probe.checker.transport import MAX_RATE, Budget, ProbeRun, Transport
from livekit_firewall.probe.results.socket_results import TcpResult
from livekit_firewall.probe.wire.messages import PROBE_SIZE, Keys, ranges
from livekit_firewall.probe.wire.token import Token

EVERY = range(1, 65536)
PACKETS = 20 * len(EVERY)
"""More than enough for each port three times, and beacons."""
PORTS, BATCHES, PATIENCE = 4_000, 4, 0.5
"""TCP ports that are tried together, how many such batches wait at once, and the seconds that each is given at least:
an answer comes within a millisecond."""
FILES = 20_000
HELLOS = 8
"""At most: a plan of all ports takes a listener as long as a busy machine lets it."""


def scan(token: str, address: str) -> dict[str, list[list[int]]]:
    """Raises ConnectionError if the listener does not answer, or if anybody else does."""
    family = Family.IPV6 if ":" in address else Family.IPV4
    run = ProbeRun(Keys(Token.parse(token)), Budget(MAX_RATE, PACKETS))
    with Transport(run, family, address) as line:
        plan = plan_of_ports([PortRange.udp(EVERY[0], EVERY[-1]), PortRange.tcp(EVERY[0], EVERY[-1])], [family])
        talk = ListenerClient(line, b"")
        answered = filter(None, (talk.hello(plan) for _ in range(HELLOS)))
        if len(list(islice(answered, 2))) < 2:  # when the second is answered, the TCP ports are diverted
            raise ConnectionError("no listener answers")
        swept = sweep(line, EVERY)
        if swept.doubt:
            raise ConnectionError(swept.doubt)

        def exchange(port: int, _attempt: int) -> Exchange:
            counter, packet = line.probe(port)
            return Exchange(packet, PROBE_SIZE, lambda data: line.is_reply(data, counter))

        heard = sorted(not_silent(address))
        tcp = asyncio.run(connect(address, heard, exchanges=exchange, pace=Pace()))
    if set(tcp.values()) - {TcpResult.ANSWERED}:
        raise ConnectionError(f"not all of it is the listener's: {tcp}")
    return {
        "udp": [[one.first, one.last] for one in ranges(swept.answered)],
        "tcp": [[one.first, one.last] for one in ranges(tcp)],
    }


class Batch:
    """TCP ports that somebody connects to."""

    def __init__(self, address: str, ports: Sequence[int]) -> None:
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.waiting, self.told = select.epoll(), {}
        for port in ports:
            one = socket.socket(kind, socket.SOCK_STREAM)
            one.setblocking(False)
            one.connect_ex((address, port))
            self.told[one.fileno()] = (one, port)
            self.waiting.register(one, select.EPOLLOUT | select.EPOLLONESHOT)
        self.until = time.monotonic() + PATIENCE

    def heard(self) -> Iterator[int]:
        """Those that are not silent, until all have had their time."""
        while True:
            left = self.until - time.monotonic()
            found = self.waiting.poll(max(0.0, left))
            yield from (self.told[file][1] for file, _ in found)
            if left <= 0 and not found:
                break
        self.waiting.close()
        for one, _ in self.told.values():
            one.close()


def not_silent(address: str) -> Iterator[int]:
    """The TCP ports that accept, refuse, or make somebody send an ICMP error."""
    batches: deque[Batch] = deque()
    for first in range(0, len(EVERY), PORTS):
        if len(batches) == BATCHES:
            yield from batches.popleft().heard()
        batches.append(Batch(address, EVERY[first : first + PORTS]))
    for batch in batches:
        yield from batch.heard()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    print(json.dumps(scan(*sys.argv[1:])))
