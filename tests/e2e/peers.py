"""Both ends of the flows that the e2e tests try, as programs for a network namespace; only the standard library.

python peers.py serve 'tcp/7881 udp/50000'     # accepts and echoes on all addresses; prints `ready`
python peers.py try < ATTEMPTS                  # JSON [[source, target, protocol, port], ...] -> JSON [bool, ...]
python peers.py ping SOURCE TARGET              # an ICMP echo; prints true or false
python peers.py hold TARGET tcp/7881 udp/50000  # opens flows, prints `open`; for each line read: `alive` or `dead`
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

PATIENCE = 0.7
"""Seconds to wait for an answer: over a virtual wire it comes within a millisecond."""


def split(ports: str) -> Iterator[tuple[str, int]]:
    for port in ports.split():
        protocol, _, number = port.partition("/")
        yield protocol, int(number)


def serve(ports: str) -> None:
    with selectors.DefaultSelector() as waiting:
        for protocol, port in split(ports):
            # One socket for both families, as a wildcard bind of a Go server is.
            one = socket.socket(socket.AF_INET6, socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM)
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            one.bind(("::", port))
            one.setblocking(False)
            if protocol == "tcp":
                one.listen(100)
            waiting.register(one, selectors.EVENT_READ, accept if protocol == "tcp" else echo)
        print("ready", flush=True)
        while True:
            for key, _ in waiting.select():
                with suppress(OSError):  # whoever asked is gone
                    key.data(waiting, key.fileobj)


def accept(waiting: selectors.BaseSelector, listening: socket.socket) -> None:
    one, _ = listening.accept()
    waiting.register(one, selectors.EVENT_READ, echo)


def echo(waiting: selectors.BaseSelector, one: socket.socket) -> None:
    """Of a datagram, or of what a connection brings, until it ends."""
    if one.type == socket.SOCK_DGRAM:
        one.sendto(*one.recvfrom(2000))
        return
    data = b""
    with suppress(ConnectionError):
        data = one.recv(100)
    if data:
        one.send(data)
    else:
        waiting.unregister(one)
        one.close()


def attempts(wanted: list[tuple[str, str, str, int]]) -> list[bool]:
    """Whether an answer comes, all tried at once: a datagram's echo, or a connection's."""
    found = [False] * len(wanted)
    with selectors.DefaultSelector() as waiting:
        for place, (source, target, protocol, port) in enumerate(wanted):
            kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
            one = socket.socket(socket.AF_INET6 if ":" in source else socket.AF_INET, kind)
            one.setblocking(False)
            one.bind((source, 0))
            one.connect_ex((target, port))  # what goes wrong there shows when something is sent
            waiting.register(one, selectors.EVENT_WRITE, place)
        until = time.monotonic() + PATIENCE
        while waiting.get_map() and (left := until - time.monotonic()) > 0:
            for key, events in waiting.select(left):
                exchange(waiting, key, events, found)
    return found


def exchange(waiting: selectors.BaseSelector, key: selectors.SelectorKey, events: int, found: list[bool]) -> None:
    """The next step of an attempt."""
    one: socket.socket = key.fileobj  # type: ignore[assignment]
    try:
        if events & selectors.EVENT_WRITE:
            one.send(b"?")
            waiting.modify(one, selectors.EVENT_READ, key.data)
            return
        found[key.data] = one.recv(1) == b"?"
    except OSError:
        pass
    waiting.unregister(one)
    one.close()


def ping(source: str, target: str) -> bool:
    six = ":" in source
    family, protocol = (socket.AF_INET6, socket.IPPROTO_ICMPV6) if six else (socket.AF_INET, socket.IPPROTO_ICMP)
    body = struct.pack("!HH", os.getpid() & 0xFFFF, 1)
    kind = 128 if six else 8
    # Of a type and two words; IPv6's checksum is the kernel's business.
    words = struct.unpack("!3H", struct.pack("!BB", kind, 0) + body)
    total = sum(words)
    checksum = 0 if six else ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    with socket.socket(family, socket.SOCK_RAW, protocol) as one:
        one.settimeout(PATIENCE)
        one.bind((source, 0))
        one.sendto(struct.pack("!BBH", kind, 0, checksum) + body, (target, 0))
        try:
            while True:
                answer, _ = one.recvfrom(1000)
                answer = answer if six else answer[20:]
                if answer[0] == (129 if six else 0) and answer[4:8] == body:
                    return True
        except TimeoutError:
            return False


def hold(target: str, ports: list[str]) -> None:
    flows = []
    for protocol, port in split(" ".join(ports)):
        one = socket.socket(
            socket.AF_INET6 if ":" in target else socket.AF_INET,
            socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM,
        )
        one.settimeout(PATIENCE)
        one.connect((target, port))
        flows.append(one)

    def alive() -> bool:
        for one in flows:
            one.send(b"?")
            one.recv(1)
        return True

    print("open" if alive() else "", flush=True)
    for _ in sys.stdin:
        try:
            print("alive" if alive() else "", flush=True)
        except OSError:
            print("dead", flush=True)


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "serve":
        serve(*rest)
    elif command == "try":
        print(json.dumps(attempts(json.load(sys.stdin))))
    elif command == "ping":
        print(json.dumps(ping(*rest)))
    elif command == "hold":
        hold(rest[0], rest[1:])
