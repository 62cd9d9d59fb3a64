"""Both ends of the flows that the e2e tests try, as programs for a network namespace; only the standard library.

python peers.py serve 'tcp/7881 udp/50000'     # accepts and echoes on all addresses; prints `ready`
python peers.py try < ATTEMPTS                  # JSON [[source, target, protocol, port], ...] -> JSON [bool, ...]
python peers.py ping SOURCE TARGET              # an ICMP echo; prints true or false
python peers.py hold TARGET tcp/7881 udp/50000  # opens flows, prints `open`; for each line read: `alive` or `dead`
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
import sys
from collections.abc import Iterator

PATIENCE = 0.7
"""Seconds to wait for an answer: over a virtual wire it comes within a millisecond."""


def split(ports: str) -> Iterator[tuple[str, int]]:
    for port in ports.split():
        protocol, _, number = port.partition("/")
        yield protocol, int(number)


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.transport.sendto(data, addr)  # type: ignore[attr-defined]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(100):
        writer.write(data)
    writer.close()


async def serve(ports: str) -> None:
    loop = asyncio.get_running_loop()
    for protocol, port in split(ports):
        # One socket for both families, as a wildcard bind of a Go server is.
        one = socket.socket(socket.AF_INET6, socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM)
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        one.bind(("::", port))
        if protocol == "tcp":
            await asyncio.start_server(echo, sock=one)
        else:
            await loop.create_datagram_endpoint(Echo, sock=one)
    print("ready", flush=True)
    await asyncio.Event().wait()


async def attempt(source: str, target: str, protocol: str, port: int) -> bool:
    """Whether an answer comes: a datagram's echo, or a connection's."""
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET6 if ":" in source else socket.AF_INET, kind) as one:
        one.setblocking(False)
        one.bind((source, 0))
        try:
            return await asyncio.wait_for(exchange(one, target, port), PATIENCE)
        except (asyncio.TimeoutError, OSError):  # two classes until Python 3.11
            return False


async def exchange(one: socket.socket, target: str, port: int) -> bool:
    loop = asyncio.get_running_loop()
    await loop.sock_connect(one, (target, port))
    await loop.sock_sendall(one, b"?")
    return await loop.sock_recv(one, 1) == b"?"


async def attempts(wanted: list[list[object]]) -> list[bool]:
    return list(await asyncio.gather(*(attempt(*one) for one in wanted)))  # type: ignore[arg-type]


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
        asyncio.run(serve(*rest))
    elif command == "try":
        print(json.dumps(asyncio.run(attempts(json.load(sys.stdin)))))
    elif command == "ping":
        print(json.dumps(ping(*rest)))
    elif command == "hold":
        hold(rest[0], rest[1:])
