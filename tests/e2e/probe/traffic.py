"""What the laboratory does inside a namespace besides the probe itself; only the standard library.

python traffic.py send TARGET PORT COUNT SIZE [PER_SECOND]  # datagrams of SIZE bytes; prints how many were sent
python traffic.py trips TARGET PORT COUNT                   # echoes, one after another; prints their round trips in s
"""

from __future__ import annotations

import json
import socket
import sys
import time

PATIENCE = 5.0
COARSE = 0.0005
"""Seconds: sleeping for less costs more than it is worth."""


def to(target: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in target else socket.AF_INET, socket.SOCK_DGRAM)


def send(target: str, port: int, count: int, size: int, per_second: int = 0) -> int:
    """As fast as it goes, or paced; a datagram that the local queue refuses is not counted."""
    sent, payload = 0, bytes(size)
    with to(target) as one:
        began = time.monotonic()
        for number in range(count):
            early = began + number / per_second - time.monotonic() if per_second else 0.0
            if early > COARSE:
                time.sleep(early)
            try:
                one.sendto(payload, (target, port))
                sent += 1
            except OSError:
                continue
    return sent


def trips(target: str, port: int, count: int) -> list[float]:
    found = []
    with to(target) as one:
        one.settimeout(PATIENCE)
        one.connect((target, port))
        for number in range(count):
            began = time.monotonic()
            one.send(str(number).encode())
            while one.recv(100) != str(number).encode():
                pass
            found.append(time.monotonic() - began)
    return found


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "send":
        print(send(rest[0], *(int(number) for number in rest[1:])))
    elif command == "trips":
        print(json.dumps(trips(rest[0], int(rest[1]), int(rest[2]))))
