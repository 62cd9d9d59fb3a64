"""What bench_probe.py runs inside a namespace of the laboratory; each prints seconds, one run a line.

python wires.py serve                                   # the floor's responder: says everything back, checks nothing
python wires.py floor HOST FIRST LAST RUNS              # a datagram to each port and one back: what Python can do
python wires.py sweep HOST FIRST LAST RUNS TOKEN        # the probe's sweep alone, in a process that is warm

The floor is what the probe would be without a secret: no MAC, no counter, no loss, no judgement. An nft `redirect`
leads all ports to its responder.
"""

from __future__ import annotations

import select
import socket
import sys
import time
from contextlib import suppress
from ipaddress import ip_address

PORT = 40404
SIZE = 40
"""Bytes of a probe."""
WINDOW = 256
"""Datagrams under way: more than fits into the socket's buffer would be lost."""
BUFFER = 4 << 20


def udp(host: str) -> socket.socket:
    one = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    return one


def serve() -> None:
    with udp("0.0.0.0") as one:
        one.bind(("0.0.0.0", PORT))
        print("ready", flush=True)
        while True:
            data, source = one.recvfrom(SIZE)
            one.sendto(data, source)


def floor(host: str, ports: range) -> float:
    with udp(host) as one:
        one.setblocking(False)
        began, todo, place, missing, pad = time.perf_counter(), list(ports), 0, set(ports), bytes(SIZE - 2)
        while missing:
            until = len(todo) - len(missing) + WINDOW
            for port in todo[place:until]:
                one.sendto(port.to_bytes(2, "big") + pad, (host, port))
            place = max(place, min(until, len(todo)))
            assert select.select([one], [], [], 5)[0], f"lost: {len(missing)}"
            with suppress(BlockingIOError):
                while True:
                    missing.discard(int.from_bytes(one.recv(SIZE)[:2], "big"))
        return time.perf_counter() - began


def sweep(host: str, ports: range, token: str) -> float:
    from livekit_firewall.model.addresses import Family
    from livekit_firewall.model.ports import PortRange
    from livekit_firewall.probe.checker.listener_client import ListenerClient
    from livekit_firewall.probe.checker.plan import plan_of_ports
    from livekit_firewall.probe.checker.sweep import sweep
    from livekit_firewall.probe.checker.transport import MAX_RATE, Budget, ProbeRun, Transport
    from livekit_firewall.probe.wire.messages import Keys
    from livekit_firewall.probe.wire.token import Token

    family = Family.IPV4 if ip_address(host).version == 4 else Family.IPV6
    run = ProbeRun(Keys(Token.parse(token)), Budget(MAX_RATE, 10 * len(ports) + 1000))
    with Transport(run, family, host) as line:
        plan = plan_of_ports([PortRange.udp(ports.start, ports.stop - 1)], [family])
        assert ListenerClient(line, b"").hello(plan), "no listener"
        began = time.perf_counter()
        swept = sweep(line, ports)
        took = time.perf_counter() - began
        assert swept.answered == {port: port for port in ports}, f"{len(swept.answered)} of {len(ports)}"
        return took


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "serve":
        serve()
    host, first, last, runs, *token = rest
    for _ in range(int(runs)):
        print(floor(host, range(int(first), int(last) + 1)) if what == "floor"
              else sweep(host, range(int(first), int(last) + 1), token[0]), flush=True)  # fmt: skip
        time.sleep(0.05)
