"""The tap: the kernel's own filter judges packets beside an independent reading of RFC 791, 8200 and 768."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livekit_firewall.probe.listener.tap import CapturedPacket, Tap, _parse, _program, attach_filter
from livekit_firewall.probe.wire.messages import CONTROL_SIZE, PROBE_SIZE, Kind

from ..strategies import LENGTH

COMPONENTS = Path(__file__).resolve().parents[3] / "components"
SELECTOR = bytes.fromhex("80c0ffee7f000001")
UDP, TCP = 17, 6
HERE, THERE = "198.51.100.2", "203.0.113.1"
HERE6, THERE6 = "2001:db8:51::2", "2001:db8:113::1"

linux = pytest.mark.needs("linux")


def datagram(payload: bytes, source_port: int = 40000, port: int = 50001) -> bytes:
    return struct.pack("!HHHH", source_port, port, 8 + len(payload), 0) + payload


def ipv4(inner: bytes, protocol: int = UDP, options: bytes = b"", fragment: int = 0) -> bytes:
    words = 5 + len(options) // 4
    length = min(65535, words * 4 + len(inner))
    start = struct.pack("!BBHHHBBH", 0x40 | words, 0, length, 7, fragment, 64, protocol, 0)
    return start + socket.inet_aton(HERE) + socket.inet_aton(THERE) + options + inner


def ipv6(inner: bytes, protocol: int = UDP) -> bytes:
    start = struct.pack("!IHBB", 6 << 28, min(65535, len(inner)), protocol, 64)
    return start + socket.inet_pton(socket.AF_INET6, HERE6) + socket.inet_pton(socket.AF_INET6, THERE6) + inner


def ours(kind: int, selector: bytes = SELECTOR, size: int = CONTROL_SIZE) -> bytes:
    return (selector + bytes(15) + bytes([kind])).ljust(size, b"\xaa")[:size]


def matches(packet: bytes, lowest: int) -> bool:
    """Whether it is UDP, no later fragment, and its payload begins as ours does, with a kind from `lowest` up."""
    if not packet:
        return False
    version = packet[0] // 16
    if version == 4:
        at = packet[0] % 16 * 4
        if len(packet) < 10 or packet[9] != UDP or int.from_bytes(packet[6:8], "big") % 8192:
            return False
    elif version == 6:
        at = 40
        if len(packet) < 7 or packet[6] != UDP:
            return False
    else:
        return False
    payload = packet[at + 8 :]
    return payload[:8] == SELECTOR and len(payload) > 23 and payload[23] >= lowest


@contextmanager
def filtering(every: bool) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Datagrams within the process, whose filter sees them from their first byte, as a packet socket's sees IP."""
    sender, receiver = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with sender, receiver:
        attach_filter(receiver, _program(SELECTOR, every))
        receiver.setblocking(False)
        yield sender, receiver


@pytest.fixture(scope="module", params=[True, False], ids=["every packet", "control messages"])
def kernel(request):
    """The verdict of the kernel, and the lowest kind that passes."""
    with filtering(request.param) as (sender, receiver):

        def passes(packet: bytes) -> bool:
            sender.send(packet)
            try:
                return receiver.recv(70000) == packet[:2048]
            except BlockingIOError:
                return False

        yield passes, Kind.PROBE if request.param else Kind.HELLO


kinds = st.integers(0, 255) | st.sampled_from(Kind)
payloads = st.one_of(
    st.builds(ours, kinds, size=st.integers(0, 60)),
    st.builds(
        ours, kinds, st.sampled_from([SELECTOR, SELECTOR[::-1], bytes(8), SELECTOR[:7] + b"\0", b"\0" + SELECTOR[1:]])
    ),
    st.binary(max_size=60),
)
protocols = st.sampled_from([UDP, UDP, UDP, TCP, 0, 44, 255])
options = st.integers(0, 10).map(lambda words: b"\1" * 4 * words)
fragments = st.sampled_from([0, 0, 0, 0x4000, 0x2000, 0x8000, 1, 0x1FFF, 0x2001, 0x1000])
packets = st.one_of(
    st.builds(ipv4, payloads.map(datagram), protocols, options, fragments),
    st.builds(ipv6, payloads.map(datagram), protocols),
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Cut, or with a byte changed."""
    packet = bytearray(draw(packets))
    if draw(st.booleans()):
        packet[draw(st.integers(0, min(len(packet), 70) - 1))] = draw(st.integers(0, 255))
    return bytes(packet[: draw(st.integers(1, len(packet)))])


@linux
@given(packets | damaged() | st.binary(min_size=1, max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100 * LENGTH)
def test_the_kernels_verdict_is_that_of_the_rfcs(kernel, packet):
    passes, lowest = kernel
    assert passes(packet) is matches(packet, lowest)


@linux
@pytest.mark.parametrize("ip", [ipv4, ipv6])
def test_packets_of_ours_pass_by_their_kind_and_those_of_others_do_not(kernel, ip):
    passes, lowest = kernel
    assert [kind for kind in range(10) if passes(ip(datagram(ours(kind))))] == list(range(lowest, 10))
    assert passes(ip(datagram(ours(Kind.HELLO, size=24)))), "the kind is the last that is looked at"
    assert not passes(ip(datagram(ours(Kind.HELLO, size=23))))
    assert not passes(ip(datagram(ours(Kind.HELLO)), TCP))
    for bit in range(64):
        other = (int.from_bytes(SELECTOR, "big") ^ 1 << bit).to_bytes(8, "big")
        assert not passes(ip(datagram(ours(Kind.HELLO, other)))), bit


@linux
def test_options_are_skipped_and_later_fragments_are_left_out(kernel):
    passes, _ = kernel
    inner = datagram(ours(Kind.HELLO))
    assert all(passes(ipv4(inner, options=b"\1" * 4 * words)) for words in range(11))
    assert passes(ipv4(inner, fragment=0x4000)), "must not be fragmented, and is not"
    assert not passes(ipv4(inner, fragment=1))
    assert not passes(ipv4(inner, fragment=0x2000 | 185))
    assert not passes(ipv6(inner, 44)), "a fragment of IPv6 has a header of its own"


@pytest.mark.parametrize("size", [0, 1, PROBE_SIZE, CONTROL_SIZE])
def test_a_packet_is_recognised_by_its_addresses_its_ports_and_its_payload(size):
    payload = ours(Kind.HELLO, size=size)
    for words in range(11):
        packet = ipv4(datagram(payload), options=b"\1" * 4 * words)
        assert _parse(packet + b"padding") == CapturedPacket(4, HERE, 40000, THERE, 50001, payload)
    assert _parse(ipv6(datagram(payload)) + b"padding") == CapturedPacket(6, HERE6, 40000, THERE6, 50001, payload)


def test_a_packet_that_is_cut_is_none_or_has_less_payload():
    for packet, start in ((ipv4(datagram(b"12345678")), 28), (ipv6(datagram(b"12345678")), 48)):
        whole = _parse(packet)
        assert whole
        for length in range(len(packet)):
            cut = _parse(packet[:length])
            assert (cut and cut.data) == (packet[start:length] if length >= start else None)


@given(damaged() | st.binary(max_size=100))
def test_any_bytes_are_a_packet_or_none_and_no_exception(packet):
    told = _parse(packet)
    if told is not None:
        assert told.family in (4, 6)
        assert told.data in packet
        assert 0 <= told.port <= 65535


def test_a_system_without_packet_sockets_is_an_error_that_says_so(monkeypatch):
    monkeypatch.delattr(socket, "AF_PACKET", raising=False)
    with pytest.raises(OSError, match=r"^this system has no packet sockets$"):
        Tap(SELECTOR, every=True)


# Opens a tap, sends over loopback, of which every packet is seen on its way out and on its way in; prints what it told.
PROGRAM = """
import json, select, socket, subprocess, sys
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
from livekit_firewall.probe.listener.tap import Tap
selector, every, payloads = bytes.fromhex(sys.argv[1]), sys.argv[2] == "True", map(bytes.fromhex, sys.argv[3:])
tap = Tap(selector, every=every)
senders = {}
for here, kind in (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)):
    senders[here] = socket.socket(kind, socket.SOCK_DGRAM)
    senders[here].bind((here, 40000))
for payload in payloads:
    for here, sender in senders.items():
        try:
            sender.sendto(payload, (here, 50001))
        except ConnectionRefusedError:
            sender.sendto(payload, (here, 50001))
found = []
while select.select([tap.socket], [], [], 0.5)[0]:
    while (one := tap.read()) is not None:
        found.append([one.family, one.source, one.source_port, one.destination, one.port, one.data.hex()])
assert tap.read() is None
tap.close()
print(json.dumps(found))
"""


@pytest.mark.needs("linux", "ip", "unshare")
@pytest.mark.parametrize("every", [True, False])
def test_a_tap_reports_each_packet_once_although_nobody_listens_there(every):
    probe, hello, other = ours(Kind.PROBE, size=PROBE_SIZE), ours(Kind.HELLO), ours(Kind.HELLO, bytes(8))
    ran = subprocess.run(
        ["unshare", "--map-root-user", "--net", sys.executable, "-c", PROGRAM, SELECTOR.hex(), str(every)]
        + [one.hex() for one in (probe, hello, other)],
        capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "PYTHONPATH": str(COMPONENTS)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [
        [family, here, 40000, here, 50001, payload.hex()]
        for payload in ([probe, hello] if every else [hello])
        for family, here in ((4, "127.0.0.1"), (6, "::1"))
    ]
