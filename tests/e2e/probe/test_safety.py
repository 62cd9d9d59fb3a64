"""Only a checker with the token is answered, not strangers, replays or forged sources; and no answer amplifies.

Packets are overheard on the wire before the server, as a router on the way could, and sent again from the client.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from livekit_firewall.probe.wire.messages import HEAD, Hello, Keys, Kind, sign
from livekit_firewall.probe.wire.token import Token

from .found import FAMILIES, expected, foreign, rows, verdicts
from .lab import CLIENT, CLIENT6, HERE, SERVER, SERVER6, Lab
from .packets import Datagram
from .program import checked

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

PACKETS = str(HERE / "packets.py")
PORTS = ("udp/443", "udp/50000-50031", "tcp/7881")
OPTIONS = tuple(itertools.chain.from_iterable(("--port", port) for port in PORTS))
STRANGER, STRANGER6 = "198.51.100.77", "2001:db8:51::77"
ENDS = {4: (CLIENT, STRANGER, SERVER), 6: (CLIENT6, STRANGER6, SERVER6)}
PATIENCE = 30.0


@contextmanager
def overheard(lab: Lab) -> Iterator[Callable[[], list[Datagram]]]:
    """All datagrams between the middle and the server, up to now."""
    program = lab.start(lab.middle, sys.executable, "-I", "-S", PACKETS, "sniff", "inside")
    program.until(lambda: "ready" in program.stdout)
    try:
        # the last line may be half written
        yield lambda: [Datagram.of_line(line) for line in program.stdout.split("\n")[1:-1]]
    finally:
        program.kill()


def send(lab: Lab, *datagrams: Datagram) -> None:
    lines = "\n".join(one.as_line() for one in datagrams)
    sent = lab.run(lab.client, sys.executable, "-I", "-S", PACKETS, "send", stdin=lines)
    assert int(sent) == len(datagrams)


def replies(heard: list[Datagram]) -> list[Datagram]:
    return [one for one in heard if one.source in (SERVER, SERVER6)]


class Signer:
    """Makes packets of a run, as only a checker with its token can."""

    def __init__(self, token: str) -> None:
        self.keys = Keys(Token.parse(token))
        self._counters = itertools.count()

    def head(self, session: bytes, family: int, kind: Kind) -> bytes:
        return HEAD.pack(self.keys.selector, session, next(self._counters), 443, family, kind)

    def probe(self, session: bytes, family: int = 4) -> bytes:
        head = self.head(session, family, Kind.PROBE)
        return head + sign(head, self.keys.request)

    def hello(self, session: bytes, family: int = 4) -> bytes:
        return self.keys.seal(self.head(session, family, Kind.HELLO), Hello(b"", [], [], [], []), reply=False)

    def settle(self, lab: Lab, heard: Callable[[], list[Datagram]]) -> set[bytes]:
        """Waits until all that was sent before is answered: later packets are. Their session and counters."""
        asked = [
            Datagram(ENDS[family][0], 40_000, ENDS[family][2], 443, data)
            for family in ENDS
            for data in (self.probe(b"settling", family), self.hello(b"settling", family))
        ]
        send(lab, *asked)
        names, until = {one.data[8:20] for one in asked}, time.monotonic() + PATIENCE
        while not names <= {one.data[8:20] for one in replies(heard())}:
            assert time.monotonic() < until, "a right packet got no answer"
            time.sleep(0.01)
        return names


def answered(lab: Lab, signer: Signer, heard: Callable[[], list[Datagram]], *sent: Datagram) -> list[Datagram]:
    """The answers to these datagrams, to whomever they went."""
    before = len(replies(heard()))
    send(lab, *sent)
    own = signer.settle(lab, heard)
    return [one for one in replies(heard())[before:] if one.data[8:20] not in own]


def test_a_token_of_another_run_is_not_answered_and_check_says_so(lab):
    with lab.listen(*OPTIONS) as other:
        token = other.token
    with lab.listen(*OPTIONS) as listening, overheard(lab) as heard:
        found = lab.check(SERVER, "--token", token, *OPTIONS)
        assert replies(heard()) == []
        listening.stop()
        assert "nothing arrived" in listening.stdout
    assert found.code == 1
    assert found.found["listener"] is False
    assert any("this token belongs to another run of it" in note for note in found.found["notes"])
    # the host says that nobody listens, so "blocked" would be wrong
    assert set(verdicts(found, "udp/443", "udp/50000-50031").values()) == {"nobody-listens", "not-tested"}


def test_a_mistyped_token_is_refused_and_not_repeated(lab):
    with lab.listen(*OPTIONS) as listening:
        token = listening.token[:-4] + "AAAA"
        found = lab.check(SERVER, "--token", token, *OPTIONS)
    assert found.code == 2
    assert "the token is cut or mistyped" in found.stderr
    assert token not in found.stderr


def test_an_expired_token_is_refused_before_anything_is_sent(lab):
    with lab.listen("--duration", "1", *OPTIONS) as listening:
        assert listening.wait() == 0
    was = Token.parse(listening.token)
    time.sleep(max(0.0, was.expires + 1 - time.time()))
    found = lab.check(SERVER, "--token", listening.token, *OPTIONS)
    assert found.code == 2
    assert "it expired" in found.stderr
    assert "run `probe listen` again" in found.stderr


def test_what_was_overheard_and_is_sent_again_is_not_answered_again(lab):
    lab.host(foreign("meta nfproto {0} udp dport 50003 drop", FAMILIES))
    with lab.listen(*OPTIONS) as listening, overheard(lab) as heard:
        checked_once = lab.check(SERVER, SERVER6, "--token", listening.token, *OPTIONS)
        first = heard()
        asked = [one for one in first if one.source in (CLIENT, CLIENT6)]
        assert len(replies(first)) > 60
        signer = Signer(listening.token)
        again = answered(lab, signer, heard, *asked)
        elsewhere = [one._replace(port=50031) for one in asked]
        strangers = [one._replace(source=STRANGER6 if ":" in one.source else STRANGER) for one in asked]
        again += answered(lab, signer, heard, *elsewhere, *strangers)
        # a counter that got no answer the first time may get one now, as any late packet
        each = Counter(one.data[8:20] for one in [*replies(first), *again])
        assert set(each.values()) == {1}
        assert {one.target for one in again} <= {CLIENT, CLIENT6}
    assert verdicts(checked_once, "udp/50000-50031")["ipv6", "udp/50003"] == "blocked-on-host"


@pytest.mark.parametrize("family", ENDS)
def test_a_session_belongs_to_the_address_that_began_it(lab, family):
    here, stranger, server = ENDS[family]
    with lab.listen(*OPTIONS) as listening, overheard(lab) as heard:
        signer = Signer(listening.token)
        asked = Datagram(here, 5000, server, 50000, signer.probe(b"of1block", family))
        assert [one.target for one in answered(lab, signer, heard, asked)] == [here]
        forged = [
            Datagram(stranger, 5000, server, 50000, data)
            for data in (signer.probe(b"of1block", family), signer.hello(b"of1block", family))
        ]
        assert answered(lab, signer, heard, *forged) == []
        # nor is the other family's number of any use
        foreign_number = signer.probe(b"of1block", 10 - family)
        assert answered(lab, signer, heard, Datagram(here, 5000, server, 50000, foreign_number)) == []


@pytest.mark.parametrize("family", ENDS)
def test_a_forged_source_gets_at_most_one_answer_as_long_as_what_was_sent(lab, family):
    """A checker that has the token could forge it; there is nothing to gain."""
    _, stranger, server = ENDS[family]
    with lab.listen(*OPTIONS) as listening, overheard(lab) as heard:
        signer = Signer(listening.token)
        for data in (signer.probe(b"forged 1", family), signer.hello(b"forged 2", family)):
            forged = Datagram(stranger, 5000, server, 443, data)
            found = answered(lab, signer, heard, forged, forged, forged)
            assert [(one.target, one.port, len(one.data)) for one in found] == [(stranger, 5000, len(data))]


@pytest.mark.parametrize("family", ENDS)
def test_packets_that_only_bear_the_selector_are_not_answered(lab, family):
    here, _, server = ENDS[family]
    with lab.listen(*OPTIONS) as listening, overheard(lab) as heard:
        signer, other = Signer(listening.token), Signer(Token.new(300, time.time()).text())
        probe, hello = signer.probe(b"strange1", family), signer.hello(b"strange2", family)
        cut = [one[:length] for one in (probe, hello) for length in (8, 23, 24, 39, len(one) - 1)]
        long = [one + bytes(more) for one in (probe, hello) for more in (1, 1400 - len(one))]
        flipped = [one[:-1] + bytes([one[-1] ^ 1]) for one in (probe, hello)]
        unsigned = [signer.keys.selector + other.probe(b"strange3", family)[8:], signer.keys.selector + bytes(32)]
        theirs = [signer.keys.selector + other.hello(b"strange4", family)[8:]]
        wrong = [*(one for one in cut if one not in (probe, hello)), *long, *flipped, *unsigned, *theirs]
        sent = [Datagram(here, 5000, server, port, data) for data in wrong for port in (443, 50000)]
        assert answered(lab, signer, heard, *sent) == []
        # untouched, both are right
        good = [Datagram(here, 5000, server, 443, data) for data in (probe, hello)]
        assert {len(one.data) for one in answered(lab, signer, heard, *good)} == {len(probe), len(hello)}


def test_no_answer_is_longer_than_its_question_in_a_whole_run(lab):
    lab.cloud([*PORTS, "udp/49999"])
    lab.host(foreign("meta nfproto {0} udp dport 50010-50012 drop", FAMILIES))
    with lab.listen(*OPTIONS) as listening, overheard(lab) as heard:
        found = lab.check(SERVER, SERVER6, "--token", listening.token, *OPTIONS)
        listening.stop()
        all_heard = heard()
    assert found.found["listener"]
    asked: dict[bytes, int] = {}
    count = 0
    for one in all_heard:
        name = one.data[8:20]
        if one.source in (CLIENT, CLIENT6):
            asked[name] = len(one.data)
        else:
            count += 1
            # popped: the second answer to one question has none
            assert len(one.data) <= asked.pop(name), one
    assert count > 60
    lengths = {len(one.data) for one in replies(all_heard)}
    assert lengths == {40, 548}, "probes and control messages"


def test_two_listeners_and_two_checkers_at_once_do_not_meet(lab):
    lab.cloud(["udp/443", "udp/50000-50015", "udp/40000-40031"])
    mine, other = ("--port", "udp/443", "--port", "udp/50000-50031"), ("--port", "udp/443", "--port", "udp/40000-40031")
    with lab.listen(*mine) as one, lab.listen(*other) as two:
        running = [
            lab.start_check(SERVER, "--token", listening.token, "--json", *options)
            for listening, options in ((one, mine), (two, other))
        ]
        first, second = (checked(each) for each in running)
        reports = [(listening.stop(), listening.stdout) for listening in (one, two)]
    assert verdicts(first) == {
        **expected(["udp/443", "udp/50000-50015"], ipv4="reachable"),
        **expected(["udp/50016-50031"], ipv4="blocked-before-host"),
    }
    assert verdicts(second) == expected(["udp/443", "udp/40000-40031"], ipv4="reachable")
    assert (first.code, second.code) == (1, 0)
    for (code, report), own, others in zip(reports, ("50016", "40000"), ("40000", "50016"), strict=True):
        assert code == 0
        said = report.partition("from ")[2]
        assert own in said
        assert others not in said


def test_two_checkers_of_one_listener_each_get_their_own_verdicts(lab):
    """From outside, and from the middle box, which this host's firewall treats better."""
    lab.host(foreign(f"ip saddr {CLIENT} udp dport 50003 drop\nip saddr {CLIENT} tcp dport 7881 drop", [""]))
    with lab.listen(*OPTIONS) as listening:
        arguments = (SERVER, "--token", listening.token, "--json", *OPTIONS)
        running = [lab.start_check(*arguments, space=space) for space in (lab.client, lab.middle)]
        outside, inside = (checked(each) for each in running)
        listening.stop()
        report = listening.stdout
    dropped = expected(["udp/50003", "tcp/7881"], ipv4="blocked-on-host")
    assert verdicts(inside) == expected(PORTS, ipv4="reachable")
    assert verdicts(outside) == expected(PORTS, ipv4="reachable") | dropped
    assert all("drop" in row["detail"] for row in rows(outside, "udp/50003", "tcp/7881").values())
    assert f"from {CLIENT} over IPv4" in report
    assert "from 203.0.113.254 over IPv4" in report
