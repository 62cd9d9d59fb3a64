"""A wire with a delay, as a program: two TUN devices, and what enters one leaves the other that much later.

python relay.py NAME OTHER_NAME MILLISECONDS    # prints `ready` when both devices exist; ends with its input

For kernels without netem. It makes both devices in its own network namespace; whoever starts it moves one of them
to another and sets them up. Nothing is lost or reordered in it, and no packet is early; on a busy machine they are
later than asked for. Only the standard library.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import struct
import sys
import time
from collections import deque
from collections.abc import Callable

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000  # linux/if_tun.h
LARGEST = 65535
"""Bytes of a packet; the devices' MTU bounds it."""
AT_ONCE = 64
"""Packets to read before looking whether others are due: about 0.2 ms."""

Clock = Callable[[], float]


class Direction:
    """What is on its way from one descriptor to the other.

    Attributes:
        source, sink: descriptors; one read is one packet. The source does not block.
        delay: seconds.
    """

    def __init__(self, source: int, sink: int, delay: float, clock: Clock = time.monotonic) -> None:
        self.source, self.sink, self.delay, self.clock = source, sink, delay, clock
        self.under_way: deque[tuple[float, bytes]] = deque()

    def take(self) -> None:
        """Reads what has arrived, up to AT_ONCE packets."""
        append, read, clock, source, delay = self.under_way.append, os.read, self.clock, self.source, self.delay
        try:
            for _ in range(AT_ONCE):
                packet = read(source, LARGEST)
                append((clock() + delay, packet))
        except BlockingIOError:
            return

    def give(self) -> float | None:
        """Hands on what is due; returns the seconds until something is again, None when nothing is on its way."""
        under_way, write, sink = self.under_way, os.write, self.sink
        now = self.clock()
        while under_way and under_way[0][0] <= now:
            try:
                write(sink, under_way.popleft()[1])
            except OSError as error:
                if error.errno != errno.EIO:  # the device is down: a wire without its other end
                    raise
        return max(0.0, under_way[0][0] - self.clock()) if under_way else None


def open_tun(name: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


def relay(one: int, other: int, delay: float, until: int) -> None:
    """Carries packets both ways until `until`, a descriptor, has something to read or its end."""
    directions = {one: Direction(one, other, delay), other: Direction(other, one, delay)}
    while True:
        waits = [wait for direction in directions.values() if (wait := direction.give()) is not None]
        ready, _, _ = select.select([one, other, until], [], [], min(waits, default=None))
        if until in ready:
            return
        for descriptor in ready:
            directions[descriptor].take()


def main(name: str, other: str, milliseconds: str) -> None:
    devices = open_tun(name), open_tun(other)
    print("ready", flush=True)
    relay(*devices, float(milliseconds) / 1000, sys.stdin.fileno())


if __name__ == "__main__":
    main(*sys.argv[1:])
