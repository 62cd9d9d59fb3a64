"""Datagrams as no plain socket sends or sees them: overheard on a device, or with any source. Standard library only.

python packets.py sniff DEVICE        # prints `ready`, then each datagram as JSON: [source, port, target, port, hex]
python packets.py send < LINES        # sends such lines as they are, whoever the source is; prints how many
python packets.py log PORT            # a service: prints `ready`, then each datagram in hex, and echoes it
python packets.py stream TARGET PORT  # numbers from 0, each when the last is back, until its input is closed;
                                      # prints `ready` after the first, and at the end how many
"""

from __future__ import annotations

import itertools
import json
import select
import socket
import struct
import sys
from typing import NamedTuple

ETH_P_ALL, SO_RCVBUFFORCE, IPV6_HDRINCL = 0x0003, 33, 36  # linux/if_ether.h, asm-generic/socket.h, linux/in6.h
BUFFER = 64 << 20
UDP = struct.Struct("!HHHH")


class Datagram(NamedTuple):
    source: str
    source_port: int
    target: str
    port: int
    data: bytes

    def as_line(self) -> str:
        return json.dumps([*self[:4], self.data.hex()])

    @classmethod
    def of_line(cls, line: str) -> Datagram:
        source, source_port, target, port, data = json.loads(line)
        return cls(source, source_port, target, port, bytes.fromhex(data))


def parse(packet: bytes) -> Datagram | None:
    """An unfragmented datagram of IPv4, or of IPv6 without extension headers."""
    if packet[0] >> 4 == 4 and packet[9] == socket.IPPROTO_UDP:
        family, start, addresses = socket.AF_INET, (packet[0] & 15) * 4, (packet[12:16], packet[16:20])
    elif packet[0] >> 4 == 6 and packet[6] == socket.IPPROTO_UDP:
        family, start, addresses = socket.AF_INET6, 40, (packet[8:24], packet[24:40])
    else:
        return None
    source, target = (socket.inet_ntop(family, one) for one in addresses)
    source_port, port, length, _ = UDP.unpack_from(packet, start)
    return Datagram(source, source_port, target, port, packet[start + UDP.size : start + length])


def build(one: Datagram) -> bytes:
    """The whole packet, with its checksums (RFC 768, RFC 8200)."""
    family = socket.AF_INET6 if ":" in one.source else socket.AF_INET
    source, target = (socket.inet_pton(family, address) for address in (one.source, one.target))
    length = UDP.size + len(one.data)
    body = UDP.pack(one.source_port, one.port, length, 0) + one.data
    pseudo = source + target + struct.pack("!II", length, socket.IPPROTO_UDP) + body
    # the ones' complement sum of 16-bit words is the number itself modulo 65,535 (RFC 1071)
    total = int.from_bytes(pseudo + b"\0" * (len(pseudo) & 1), "big") % 0xFFFF
    body = UDP.pack(one.source_port, one.port, length, 0xFFFF - total) + one.data
    if family == socket.AF_INET6:
        return struct.pack("!IHBB", 6 << 28, length, socket.IPPROTO_UDP, 64) + source + target + body
    # the kernel fills in the length and the checksum of this header
    return struct.pack("!BBHHHBBH", 0x45, 0, 0, 0, 0, 64, socket.IPPROTO_UDP, 0) + source + target + body


def sniff(device: str) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL)) as one:
        one.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
        one.bind((device, ETH_P_ALL))
        print("ready", flush=True)
        while True:
            found = parse(one.recv(1 << 16))
            if found:
                print(found.as_line(), flush=True)


def send(lines: list[str]) -> int:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as four,
        socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW) as six,
    ):
        six.setsockopt(socket.IPPROTO_IPV6, IPV6_HDRINCL, 1)
        for line in lines:
            one = Datagram.of_line(line)
            (six if ":" in one.target else four).sendto(build(one), (one.target, 0))
    return len(lines)


def log(port: int) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as one:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        one.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
        one.bind(("::", port))
        print("ready", flush=True)
        while True:
            data, source = one.recvfrom(1 << 16)
            print(data.hex(), flush=True)
            one.sendto(data, source)


def stream(target: str, port: int) -> int:
    """Raises TimeoutError if one does not come back within five seconds, and ValueError if it comes back altered."""
    with socket.socket(socket.AF_INET6 if ":" in target else socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(5.0)
        one.connect((target, port))
        for number in itertools.count():
            if select.select([sys.stdin], [], [], 0.001)[0]:
                return number
            one.send(str(number).encode())
            back = one.recv(1 << 16)
            if back != str(number).encode():
                raise ValueError(f"{number} came back as {back!r}")
            if number == 0:
                print("ready", flush=True)
    raise AssertionError("there is always another number")


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "sniff":
        sniff(*rest)
    elif command == "send":
        print(send(sys.stdin.read().splitlines()))
    elif command == "log":
        log(int(rest[0]))
    elif command == "stream":
        print(stream(rest[0], int(rest[1])))
