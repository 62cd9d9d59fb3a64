"""A STUN server for a network namespace: tells everybody the address that they come from; prints `ready`.

python stun.py 203.0.113.2 3478
"""

from __future__ import annotations

import socket
import struct
import sys

COOKIE = 0x2112A442
BINDING, SUCCESS, XOR_MAPPED_ADDRESS = 0x0001, 0x0101, 0x0020


def answer(request: bytes, source: tuple[str, int]) -> bytes | None:
    """The answer to a binding request over IPv4 (RFC 8489, 6.3.1 and 14.2), None to anything else."""
    if len(request) < 20 or struct.unpack("!H", request[:2])[0] != BINDING:
        return None
    (address,) = struct.unpack("!I", socket.inet_aton(source[0]))
    mapped = struct.pack("!BBHI", 0, 1, source[1] ^ (COOKIE >> 16), address ^ COOKIE)
    attribute = struct.pack("!HH", XOR_MAPPED_ADDRESS, len(mapped)) + mapped
    return struct.pack("!HH", SUCCESS, len(attribute)) + request[4:20] + attribute


def serve(address: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((address, port))
        print("ready", flush=True)
        while True:
            request, source = one.recvfrom(2000)
            told = answer(request, source)
            if told:
                one.sendto(told, source)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
