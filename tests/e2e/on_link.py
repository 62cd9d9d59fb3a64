"""Packets of a neighbour and of routers on the way, as programs for a network namespace; only the standard library.

python on_link.py mld inside                   # asks who listens to multicast; prints whether a report comes
python on_link.py router inside                # tells of itself as a router for a minute
python on_link.py dhcp wire                    # a DHCPv6 client, on udp/546; prints `ready`, then the sender's port
python on_link.py answer inside FE80::1        # sends as a DHCPv6 server, from udp/547
python on_link.py sends 203.0.113.254 40000    # a datagram for each line read; prints the error that it met, or `none`
python on_link.py nonsense 203.0.113.1 22      # a TCP segment that belongs to no flow and can begin none
python on_link.py error TARGET 3 4             # an ICMP error of this type and code to TARGET, about its datagram

`error` quotes a datagram of TARGET's from and to udp/40000, the port that `sends` is bound to.
"""

from __future__ import annotations

import ipaddress
import os
import select
import socket
import struct
import sys

PORT = 40000
PATIENCE = 1.0
"""Seconds to wait: over a virtual wire all this takes a millisecond; a host delays MLD reports as it is told."""
MAX_DELAY = 50
"""Milliseconds: in an MLD query."""
IPV6_HOPOPTS, IPV6_RECVERR, IP_RECVERR = 54, 25, 11  # linux/in6.h, in.h
ROUTER_ALERT = bytes([0, 0, 5, 2, 0, 0, 1, 0])
ETH_P_IPV6 = 0x86DD
QUERY, ROUTER_ADVERT = 130, 134
REPORTS = (131, 143)
ALL_NODES = "ff02::1"


def icmpv6(link: str) -> socket.socket:
    one = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex(link))
    return one


def mld(link: str) -> bool:
    """RFC 2710: from a link-local address, with one hop and the router alert."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IPV6)) as ear, icmpv6(link) as one:
        ear.bind((link, ETH_P_IPV6))
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
        one.setsockopt(socket.IPPROTO_IPV6, IPV6_HOPOPTS, ROUTER_ALERT)
        one.sendto(struct.pack("!BBHHH16s", QUERY, 0, 0, MAX_DELAY, 0, bytes(16)), (ALL_NODES, 0))
        while select.select([ear], [], [], PATIENCE)[0]:
            packet, (_, _, kind, _, _) = ear.recvfrom(2000)
            # Behind the header a hop-by-hop one of 8 bytes, as a report has it.
            if kind != socket.PACKET_OUTGOING and packet[6] == 0 and packet[48] in REPORTS:
                return True
    return False


def router(link: str) -> None:
    with icmpv6(link) as one:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
        one.sendto(struct.pack("!BBHBBHII", ROUTER_ADVERT, 0, 0, 64, 0, 60, 0, 0), (ALL_NODES, 0))


def dhcp(link: str) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, link.encode())
        one.bind(("::", 546))
        print("ready", flush=True)
        print(one.recvfrom(100)[1][1], flush=True)


def answer(link: str, client: str) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as one:
        one.bind(("::", 547))
        one.sendto(b"?", (client, 546, 0, socket.if_nametoindex(link)))


def sends(target: str, port: int) -> None:
    six = ":" in target
    with socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM) as one:
        level, option = (socket.IPPROTO_IPV6, IPV6_RECVERR) if six else (socket.IPPROTO_IP, IP_RECVERR)
        one.setsockopt(level, option, 1)
        one.bind(("", PORT))
        one.connect((target, port))
        for _ in sys.stdin:
            one.send(b"?")
            print("sent", flush=True)
            select.select([], [], [one], PATIENCE)
            error = one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            print(os.strerror(error) if error else "none", flush=True)


def error(target: str, kind: int, code: int) -> None:
    """What it quotes is the head of a packet from `target` to the address that this is sent from."""
    six = ":" in target
    family = socket.AF_INET6 if six else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        asking.connect((target, 9))
        here = asking.getsockname()[0]
    ends = [ipaddress.ip_address(one).packed for one in (target, here)]
    udp = struct.pack("!HHHH", PORT, PORT, 9, 0)
    if six:
        quoted = struct.pack("!IHBB", 6 << 28, len(udp) + 1, socket.IPPROTO_UDP, 64) + b"".join(ends) + udp + b"?"
    else:
        head = [0x45, 0, 29, 0, 0, 64, socket.IPPROTO_UDP]
        checked = struct.pack("!BBHHHBBH4s4s", *head, 0, *ends)
        quoted = struct.pack("!BBHHHBBH4s4s", *head, checksum(checked), *ends) + udp + b"?"
    # Too big, or fragmentation needed: for a link of 1,400 bytes.
    rest = 1400 if (kind, code) in ((3, 4), (2, 0)) else 0
    message = struct.pack("!BBHI", kind, code, 0, rest) + quoted
    protocol = socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP
    if not six:
        message = message[:2] + struct.pack("!H", checksum(message)) + message[4:]
    with socket.socket(family, socket.SOCK_RAW, protocol) as one:
        one.sendto(message, (target, 0))


def nonsense(target: str, port: int) -> None:
    """SYN, FIN and RST at once, over IPv4."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP) as one:
        one.connect((target, 0))
        ends = b"".join(socket.inet_aton(end) for end in (one.getsockname()[0], target))
        head = struct.pack("!HHIIHH", PORT, port, 1, 0, 5 << 12 | 0b000111, 1024)
        total = checksum(ends + struct.pack("!HH", socket.IPPROTO_TCP, 20) + head + bytes(4))
        one.send(head + struct.pack("!HH", total, 0))


def checksum(data: bytes) -> int:
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "mld":
        print(str(mld(*rest)).lower())
    elif command == "sends":
        sends(rest[0], int(rest[1]))
    elif command == "nonsense":
        nonsense(rest[0], int(rest[1]))
    elif command == "error":
        error(rest[0], int(rest[1]), int(rest[2]))
    else:
        {"router": router, "dhcp": dhcp, "answer": answer}[command](*rest)
