"""The listener's TCP side over loopback: one signed probe is answered, and everything else is closed without a word."""

from __future__ import annotations

import errno
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from livekit_firewall.probe.listener.responder import Responder
from livekit_firewall.probe.listener.tcp import MAX_CONNECTIONS, SILENCE, TcpAnswers, ports_in_use
from livekit_firewall.probe.wire.messages import HEAD, PROBE_SIZE, Keys, Kind, sign
from livekit_firewall.probe.wire.token import SECRET_SIZE, Token

KEYS = Keys(Token(bytes(SECRET_SIZE), 0))
SESSION = b"12345678"
PATIENCE = 20.0


def probe(counter: int = 1, family: int = 4) -> bytes:
    head = HEAD.pack(KEYS.selector, SESSION, counter, 7881, family, Kind.PROBE)
    return head + sign(head, KEYS.request)


class Side:
    """The listener's side, turned by hand."""

    def __init__(self, *listening: socket.socket) -> None:
        self.responder = Responder(KEYS, time.monotonic() + 1000)
        for one in listening:
            one.setblocking(False)
        self.answers = TcpAnswers(self.responder, list(listening))
        self.port = listening[0].getsockname()[1] if listening else 0

    def turn(self, seconds: float = 0.02) -> bool:
        """Does all that there is to do within that time; whether there was anything."""
        calls = self.answers.sockets()
        ready = select.select(list(calls), [], [], seconds)[0]
        for one in ready:
            calls[one]()
        return bool(ready)

    def until(self, seen: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not seen():
            assert time.monotonic() < deadline
            self.turn()

    @property
    def open(self) -> int:
        """Connections that it holds."""
        return len(self.answers.sockets()) - len(self.answers.listening)

    def ended(self, client: socket.socket) -> bytes:
        """All that a client is told until the connection is closed."""
        client.setblocking(False)
        said = b""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.turn()
            try:
                chunk = client.recv(1000)
            except BlockingIOError:
                continue
            except ConnectionResetError:  # it was closed with something unread
                return said
            if not chunk:
                return said
            said += chunk
        raise AssertionError(f"still open after {said!r}")


@pytest.fixture
def steps() -> Iterator[ExitStack]:
    with ExitStack() as held:
        yield held


@pytest.fixture
def side(steps: ExitStack) -> Side:
    made = Side(socket.create_server(("127.0.0.1", 0), backlog=256))
    steps.callback(made.answers.close)
    return made


@pytest.fixture
def client(steps: ExitStack, side: Side) -> Callable[[], socket.socket]:
    return lambda: steps.enter_context(socket.create_connection(("127.0.0.1", side.port), timeout=PATIENCE))


def test_a_signed_probe_is_answered_once_and_the_connection_closed(side, client):
    one = client()
    one.sendall(probe())
    reply = side.ended(one)
    head = HEAD.pack(KEYS.reply_selector, SESSION, 1, side.port, 4, Kind.PROBE)
    assert reply == head + sign(head, KEYS.reply)
    assert side.open == 0
    again = client()
    again.sendall(probe())
    assert side.ended(again) == b"", "a replay"
    assert not any(side.responder.sessions[SESSION].received[4]), "UDP alone is noted"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_socket_for_both_families_answers_each_as_what_it_is(address, steps):
    if not socket.has_dualstack_ipv6():
        pytest.fail("this machine has no socket for both families")
    both = Side(socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True))
    steps.callback(both.answers.close)
    family = 6 if ":" in address else 4
    for claimed in (10 - family, family):
        with socket.create_connection((address, both.port), timeout=PATIENCE) as one:
            one.sendall(probe(claimed, claimed))
            assert len(both.ended(one)) == (PROBE_SIZE if claimed == family else 0)
    assert [list(one.sources.items()) for one in both.responder.sessions.values()] == [[(family, address)]]


def test_a_probe_that_comes_in_pieces_is_answered(side, client):
    one = client()
    data = probe()
    side.until(lambda: side.open)
    for at in range(PROBE_SIZE):
        one.sendall(data[at : at + 1])
        if at < PROBE_SIZE - 1:
            side.until(lambda at=at: len(next(iter(side.answers._open.values()))[1]) == at + 1)
    assert len(side.ended(one)) == PROBE_SIZE


@pytest.mark.parametrize(
    "said",
    [
        b"x" * PROBE_SIZE,
        probe() + b"x",
        b"GET / HTTP/1.1\r\nHost: turn.example.org\r\n\r\n",
        b"\x16\x03\x01" + bytes(500),
        probe()[:-1] + b"\0",
        b"y" * 100_000,
    ],
    ids=["garbage", "one byte more", "HTTP", "TLS", "one byte changed", "a lot"],
)
def test_anything_else_is_closed_without_a_word(side, client, said):
    one = client()
    one.setblocking(False)
    one.send(said)
    assert side.ended(one) == b""
    assert side.open == 0
    assert side.responder.answers == 0


@pytest.mark.parametrize("said", [b"", b"x", probe()[:20], probe()[:-1]])
def test_who_ends_before_a_whole_probe_gets_nothing(side, client, said):
    one = client()
    one.sendall(said)
    one.shutdown(socket.SHUT_WR)
    assert side.ended(one) == b""
    assert side.open == 0


def test_who_says_nothing_is_closed_when_the_silence_is_over_and_not_before(side, client):
    one = client()
    side.until(lambda: side.open)
    ((since, _),) = side.answers._open.values()
    side.answers.close_silent(since + SILENCE)
    assert side.open == 1
    side.answers.close_silent(since + SILENCE + 0.001)
    assert side.open == 0
    assert side.ended(one) == b""


def test_who_speaks_a_byte_at_a_time_gets_no_more_time_than_others(side, client):
    one = client()
    side.until(lambda: side.open)
    ((since, said),) = side.answers._open.values()
    for count in range(1, 10):
        one.sendall(b"x")
        side.until(lambda count=count: len(said) == count)
        assert [begun for begun, _ in side.answers._open.values()] == [since]
    side.answers.close_silent(since + SILENCE + 0.001)
    assert side.open == 0


def test_one_connection_more_than_there_may_be_closes_the_oldest_and_is_answered(side, client):
    held = []
    for number in range(MAX_CONNECTIONS + 3):
        held.append(client())
        side.until(lambda number=number: side.open == min(number + 1, MAX_CONNECTIONS) and not side.turn(0))
    assert side.open == MAX_CONNECTIONS
    assert [side.ended(one) for one in held[:3]] == [b""] * 3
    held[3].sendall(probe(1))
    held[-1].sendall(probe(2))
    assert [len(side.ended(one)) for one in (held[3], held[-1])] == [PROBE_SIZE] * 2
    assert side.open == MAX_CONNECTIONS - 2


def test_who_resets_the_connection_disturbs_nobody(side, client):
    one, other = client(), client()
    side.until(lambda: side.open == 2)
    one.sendall(b"x")
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    one.close()
    side.until(lambda: side.open == 1)
    other.sendall(probe())
    assert len(side.ended(other)) == PROBE_SIZE


def test_a_connection_that_cannot_be_accepted_disturbs_nobody(side, client, monkeypatch):
    """As when no file descriptor is left; the connection waits in the kernel's queue."""
    with monkeypatch.context() as patched:

        def accept(_: socket.socket) -> None:
            raise OSError(errno.EMFILE, "Too many open files")

        patched.setattr(socket.socket, "accept", accept)
        one = client()
        while not side.turn():
            pass
        assert side.open == 0
    one.sendall(probe())
    assert len(side.ended(one)) == PROBE_SIZE


def test_out_of_descriptors_a_connection_is_refused_and_not_offered_for_ever(side, client, monkeypatch):
    """Else the listener would do nothing but fail to accept it."""
    real = socket.socket.accept
    failures = [OSError(errno.EMFILE, "Too many open files")]

    def accept(listening: socket.socket) -> object:
        if failures:
            raise failures.pop()
        return real(listening)

    monkeypatch.setattr(socket.socket, "accept", accept)
    one = client()
    while not side.turn():
        pass
    assert side.ended(one) == b""
    assert side.open == 0
    other = client()
    other.sendall(probe())
    assert len(side.ended(other)) == PROBE_SIZE


def test_whoever_waits_on_the_sockets_is_notified_of_each_change_and_nothing_is_open_at_the_end(side, client):
    changes: list[int] = []
    side.answers.changed = lambda: changes.append(side.open)
    one, other = client(), client()
    side.until(lambda: side.open == 2)
    one.sendall(probe())
    side.ended(one)
    side.answers.close()
    assert other.recv(1) == b""
    assert side.answers._open == {}
    assert [one.fileno() for one in side.answers.listening] == [-1]
    assert changes[:2] == [1, 2]
    assert len(changes) == 4


# /proc/net/tcp and the others, as Linux writes them on a little-endian machine

TITLE = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
ANY6, ONE6, MAPPED = "0" * 32, "0" * 24 + "01000000", "0000000000000000FFFF0000"
PUBLIC6 = "B80D0120130100000000000001000000"
FILES = {
    "tcp": [
        ("00000000", 7880, "0A"),  # 0.0.0.0
        ("0100007F", 6379, "0A"),  # 127.0.0.1
        ("3500007F", 53, "0A"),  # 127.0.0.53
        ("017100CB", 1935, "0A"),  # 203.0.113.1
        ("7F7100CB", 1936, "0A"),  # 203.0.113.127
        ("017100CB", 22, "01"),  # established
        ("017100CB", 5060, "06"),  # TIME_WAIT
    ],
    "tcp6": [
        (ANY6, 443, "0A"),
        (ONE6, 631, "0A"),
        (PUBLIC6, 5349, "0A"),
        (MAPPED + "0100007F", 8005, "0A"),  # ::ffff:127.0.0.1, as Java binds
        (MAPPED + "017100CB", 8080, "0A"),  # ::ffff:203.0.113.1
        (MAPPED + "00000000", 9090, "0A"),  # ::ffff:0.0.0.0
        (PUBLIC6, 8443, "01"),
    ],
    "udp": [("00000000", 3478, "07"), ("0100007F", 323, "07"), ("017100CB", 51820, "07"), ("017100CB", 40001, "01")],
    "udp6": [(ANY6, 50000, "07"), (ONE6, 324, "07"), (PUBLIC6, 546, "07"), (ANY6, 40002, "01")],
}


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    for name, sockets in FILES.items():
        lines = [
            f"   {number}: {address}:{port:04X} {'0' * len(address)}:0000 {state} 00000000:00000000 00:00000000"
            f" 00000000     0        0 {20000 + number} 1 0000000000000000 100 0 0 10 0\n"
            for number, (address, port, state) in enumerate(sockets)
        ]
        (tmp_path / name).write_text(TITLE + "".join(lines), encoding="ascii")
    return tmp_path


@pytest.mark.parametrize(
    ("protocol", "family", "ports"),
    [
        ("tcp", 4, {7880, 1935, 1936, 443, 8080, 9090}),
        ("tcp", 6, {443, 5349}),
        ("udp", 4, {3478, 51820, 50000}),
        ("udp", 6, {50000, 546}),
    ],
)
def test_ports_in_use_are_those_that_a_service_has_bound_for_others(proc, protocol, family, ports):
    """Loopback is nobody's outside; a socket of both families is in use in both, a mapped address in IPv4 alone."""
    assert ports_in_use(protocol, family, proc) == ports


def test_ports_in_use_are_none_where_the_system_does_not_list_them(proc):
    (proc / "tcp6").unlink()
    assert ports_in_use("tcp", 4, proc) == {7880, 1935, 1936}
    assert ports_in_use("tcp", 6, proc) == set()
    (proc / "tcp").write_text(TITLE, encoding="ascii")
    assert ports_in_use("tcp", 4, proc) == set()


@pytest.mark.needs("linux")
def test_ports_in_use_are_what_this_kernel_says():
    with ExitStack() as held:
        wide, own, wide6, own6 = (
            held.enter_context(socket.create_server((address, 0), family=family))
            for address, family in (
                ("0.0.0.0", socket.AF_INET), ("127.0.0.1", socket.AF_INET),
                ("::", socket.AF_INET6), ("::1", socket.AF_INET6),
            )
        )  # fmt: skip
        udp = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("0.0.0.0", 0))
        number = {one: one.getsockname()[1] for one in (wide, own, wide6, own6, udp)}
        four, six = ports_in_use("tcp", 4), ports_in_use("tcp", 6)
        assert {number[wide], number[wide6]} <= four
        assert number[wide6] in six
        # another socket may have the same number on another address, so only our own pairs are judged
        assert number[udp] in ports_in_use("udp", 4)
        assert number[own] not in four - {number[wide], number[wide6]}
        assert number[own6] not in six - {number[wide6]}
