"""Empties connection tracking in a network namespace, as `conntrack -F` does, without a program for it."""

from __future__ import annotations

import ctypes
import os
import socket
import struct
from concurrent.futures import ThreadPoolExecutor

CLONE_NEWNET = 0x40000000
NETLINK_NETFILTER = 12
CTNETLINK_DELETE = 1 << 8 | 2  # linux/netfilter/nfnetlink.h, nfnetlink_conntrack.h
REQUEST_WITH_ACK = 1 | 4
LIBC = ctypes.CDLL(None, use_errno=True)


def forget(space: str) -> None:
    """Raises OSError if that is refused."""
    with ThreadPoolExecutor(1) as thread:  # which stays in the namespace, and ends
        thread.submit(_forget, f"/run/netns/{space}").result()


def _forget(space: str) -> None:
    file = os.open(space, os.O_RDONLY)
    try:
        if LIBC.setns(file, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"setns: {space}")
    finally:
        os.close(file)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER) as one:
        one.send(struct.pack("=IHHIIBBH", 20, CTNETLINK_DELETE, REQUEST_WITH_ACK, 1, 0, socket.AF_UNSPEC, 0, 0))
        (error,) = struct.unpack_from("=i", one.recv(1000), 16)
    if error:
        raise OSError(-error, "connection tracking was not emptied")
