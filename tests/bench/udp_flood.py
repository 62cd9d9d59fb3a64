"""UDP at saturation, from a network namespace: `sendmmsg` in batches, so that Python is not what is measured.

python udp_flood.py ADDRESS PORT SECONDS [FLOWS]  # prints datagrams sent, and the seconds of processor time it took
python udp_flood.py sink ADDRESS PORT             # answers greetings, and reads little else; the kernel counts
python udp_flood.py echo ADDRESS PORT             # answers
python udp_flood.py trips ADDRESS PORT COUNT      # prints the median round trip in microseconds
"""

from __future__ import annotations

import ctypes
import socket
import statistics
import sys
import time
from contextlib import suppress

SIZE = 200
"""Bytes of a datagram: an Opus packet of 20 ms with its RTP header is about as long."""
BATCH = 256
GREETING = b"?"
"""Answered, so that the flow is established to connection tracking, as a call's are."""


class Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class Header(ctypes.Structure):
    """struct msghdr of Linux on 64 bits."""

    _fields_ = (
        ("name", ctypes.c_void_p), ("name_length", ctypes.c_uint32), ("vectors", ctypes.POINTER(Vector)),
        ("vector_count", ctypes.c_size_t), ("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )  # fmt: skip


class Message(ctypes.Structure):
    _fields_ = (("header", Header), ("length", ctypes.c_uint32))


def flood(address: str, port: int, seconds: float, flows: int = 1) -> None:
    """From so many sockets in turn; each is one flow to connection tracking."""
    send = ctypes.CDLL(None, use_errno=True).sendmmsg
    payload = ctypes.create_string_buffer(bytes(SIZE))
    vector = Vector(ctypes.addressof(payload), SIZE)
    batch = (Message * BATCH)()
    for message in batch:
        message.header.vectors = ctypes.pointer(vector)
        message.header.vector_count = 1
    sockets = []
    for _ in range(flows):
        one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        one.connect((address, port))
        one.settimeout(0.5)
        while True:  # the last flood may still be in the sink's queue
            one.send(GREETING)
            with suppress(TimeoutError):
                one.recv(len(GREETING))
                break
        sockets.append(one)
    sent, began, used = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds:
        for one in sockets:
            sent += max(0, send(one.fileno(), batch, BATCH, 0))
    print(sent, time.process_time() - used)


def sink(address: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((address, port))
        print("ready", flush=True)
        while True:
            data, source = one.recvfrom(2048)
            if data == GREETING:
                one.sendto(data, source)
            else:
                time.sleep(0.001)  # what a flood left is soon gone, and little is read meanwhile


def echo(address: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((address, port))
        print("ready", flush=True)
        while True:
            data, source = one.recvfrom(2048)
            one.sendto(data, source)


def trips(address: str, port: int, count: int) -> None:
    took = []
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(2)
        one.connect((address, port))
        for _ in range(count):
            began = time.perf_counter()
            one.send(bytes(SIZE))
            one.recv(2048)
            took.append(time.perf_counter() - began)
    print(statistics.median(took) * 1e6)


if __name__ == "__main__":
    if sys.argv[1] in ("sink", "echo"):
        {"sink": sink, "echo": echo}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1] == "trips":
        trips(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        flood(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int((*sys.argv[4:], "1")[0]))
