"""Packets that nobody of the run sent: not one is answered, none raises, none costs memory.

A hundred thousand of them here, ten million in `make soak`.
What is random is drawn anew each time; a failure shows the packet.
"""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Iterable, Iterator

from livekit_firewall.probe.listener.responder import Responder
from livekit_firewall.probe.wire.messages import CONTROL_SIZE, HEAD, PROBE_SIZE, EmptyReply, Keys, Kind, sign
from livekit_firewall.probe.wire.token import Token
from tests.sampling import is_soak

SOURCE, ELSEWHERE = "198.51.100.2", "198.51.100.3"
LENGTHS = [*range(130), 1199, 1200, 1201, 1472, 2048]


def windows(count: int, size: int = PROBE_SIZE) -> Iterator[bytes]:
    """Random packets: each begins a byte after the one before, which makes them cheap, and all different."""
    block = os.urandom(count + size)
    return (block[at : at + size] for at in range(count))


def mutated(data: bytes, count: int) -> Iterator[bytes]:
    """With one to three bytes changed, at every place in turn."""
    noise = os.urandom(3 * count)
    number, size = int.from_bytes(data, "big"), len(data)
    for at in range(count):
        change = int.from_bytes(noise[3 * at : 3 * at + 3], "big") or 1
        yield (number ^ change << 8 * (at % (size - 2))).to_bytes(size, "big")


class Target:
    """A responder in the middle of a run: one session, some of whose counters were answered."""

    def __init__(self) -> None:
        self.keys = Keys(Token.new(seconds=300, now=0))
        self.responder = Responder(self.keys, expires=100)
        self.session = os.urandom(8)
        self.probes = [self.probe(counter) for counter in range(1000)]
        self.hellos = [self.hello(counter) for counter in range(1000, 1100)]
        assert all(self.responder.probe(one, SOURCE, 50000, 4, 0) for one in self.probes)
        assert all(self.responder.control(one, SOURCE, 4, 0) for one in self.hellos)
        self.state = self.look()

    def head(self, counter: int, kind: Kind = Kind.PROBE) -> bytes:
        return HEAD.pack(self.keys.selector, self.session, counter, 50000, 4, kind)

    def probe(self, counter: int) -> bytes:
        return self.head(counter) + sign(self.head(counter), self.keys.request)

    def hello(self, counter: int) -> bytes:
        return self.keys.seal(self.head(counter, Kind.HELLO), EmptyReply(), reply=False)

    def look(self) -> tuple[object, ...]:
        """All that a packet could change."""
        of = self.responder
        return of.answers, [
            (name, bytes(one.answered), dict(one.sources), {family: bytes(got) for family, got in one.received.items()})
            for name, one in of.sessions.items()
        ]

    def try_probes(self, packets: Iterable[bytes], source: str = SOURCE) -> int:
        """How many were tried; none of them was answered."""
        judge, count = self.responder.probe, 0
        for data in packets:
            assert judge(data, source, 50000, 4, 1.0) is None, data.hex()
            count += 1
        return count

    def try_controls(self, packets: Iterable[bytes], source: str = SOURCE) -> int:
        judge, count = self.responder.control, 0
        for data in packets:
            assert judge(data, source, 4, 1.0) is None, data.hex()
            count += 1
        return count

    def is_alive(self) -> bool:
        """Whether it goes on answering what is right, after all that."""
        assert self.look() == self.state
        probe, hello = self.probe(2000), self.hello(2001)
        answers = self.responder.probe(probe, SOURCE, 50000, 4, 1.0), self.responder.control(hello, SOURCE, 4, 1.0)
        return None not in answers


def crafted(target: Target, count: int, kind: int = Kind.PROBE, size: int = PROBE_SIZE) -> Iterator[bytes]:
    """The right selector and kind, in the right length, and nothing else that is right."""
    start, last = target.keys.selector, bytes([kind])
    return (start + one[:15] + last + one[15:] for one in windows(count, size - 9))


def test_random_packets_are_not_answered():
    many = 100 if is_soak() else 1
    target = Target()
    tried = target.try_probes(windows(30_000 * many))
    tried += target.try_probes(crafted(target, 32_000 * many))
    fresh, hello = target.probe(1500), target.hello(1500)
    tried += target.try_probes(mutated(fresh, 20_000 * many))
    tried += target.try_probes(mutated(target.probes[0], 2_000 * many))
    tried += target.try_probes(target.probes[at % 1000] for at in range(10_000 * many))
    tried += target.try_probes((target.probes[at % 1000] for at in range(2_000 * many)), ELSEWHERE)
    tried += target.try_controls(windows(4_000 * many, CONTROL_SIZE))
    tried += target.try_controls(crafted(target, 3_000 * many, Kind.HELLO, CONTROL_SIZE))
    tried += target.try_controls(mutated(hello, 1_000 * many))
    tried += target.try_controls(target.hellos[at % 100] for at in range(1_000 * many))
    tried += target.try_controls((target.hellos[at % 100] for at in range(500 * many)), ELSEWHERE)
    assert tried >= 100_000 * many
    assert target.is_alive()


def test_packets_of_every_length_and_kind_are_not_answered_by_either_way_in():
    target = Target()
    for size in LENGTHS:
        for start in (b"", target.keys.selector, target.probes[0][:23], target.hellos[0][:23], target.probes[0]):
            packets = [(start + one)[:size] for one in windows(20, size)]
            packets += [one[:23] + bytes([kind]) + one[24:] for one in packets[:1] if size > 23 for kind in range(256)]
            target.try_probes(packets)
            target.try_controls(packets)
    assert target.is_alive()


def test_what_is_refused_costs_no_memory():
    target = Target()
    warm = [*crafted(target, 100), *crafted(target, 100, Kind.HELLO, CONTROL_SIZE), *mutated(target.probe(1500), 100)]
    target.try_probes(warm)
    target.try_controls(warm)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        target.try_probes(crafted(target, 10_000))
        target.try_probes(mutated(target.probe(1500), 10_000))
        target.try_controls(crafted(target, 1_000, Kind.HELLO, CONTROL_SIZE))
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    # 21,000 packets: not even one byte of each is kept
    assert kept < 10_000
    assert target.is_alive()
