"""The packets: what one end packs the other reads, and a packet with one bit changed is nobody's."""

from __future__ import annotations

import itertools
import os

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.model.ports import MAX_PORT
from livekit_firewall.probe.listener.responder import Responder
from livekit_firewall.probe.wire.messages import (
    CONTROL_SIZE,
    HEAD,
    MAX_REPORTED,
    PROBE_SIZE,
    EmptyReply,
    Fate,
    Hello,
    Keys,
    Kind,
    Ports,
    ReportReply,
    ReportRequest,
    RulesReply,
    RuleText,
    TraceRequest,
    Welcome,
    decode,
    pack_fates,
    ranges,
    sign,
    unpack_fates,
    within,
)
from livekit_firewall.probe.wire.token import SECRET_SIZE, Token

KEYS = Keys(Token(bytes(SECRET_SIZE), 0))
OTHER = Keys(Token(b"\1" * SECRET_SIZE, 0))
SOURCE = "198.51.100.2"
ROOM = CONTROL_SIZE - HEAD.size - 16 - 2
"""Bytes that the body of a control message may have."""

numbers = st.integers(0, MAX_PORT)
some_ranges = st.lists(st.builds(Ports, numbers, numbers), max_size=20)
messages = st.one_of(
    st.builds(Hello, st.binary(max_size=32), some_ranges, some_ranges, some_ranges, some_ranges),
    st.builds(Welcome, st.text(max_size=39), st.booleans(), some_ranges, some_ranges, st.booleans(), st.booleans()),
    st.builds(ReportRequest, st.booleans(), some_ranges),
    st.builds(ReportReply, st.binary(max_size=1000)),
    st.builds(TraceRequest, st.lists(numbers, max_size=32), st.booleans()),
    st.builds(RulesReply, st.lists(st.builds(RuleText, st.booleans(), numbers, st.text(max_size=20)), max_size=5)),
    st.just(EmptyReply()),
)


def head(counter: int = 0, kind: Kind = Kind.PROBE, port: int = 50000, family: int = 4, session: bytes = b"s" * 8):
    return HEAD.pack(KEYS.selector, session, counter, port, family, kind)


def probe(counter: int = 0, **rest) -> bytes:
    return head(counter, **rest) + sign(head(counter, **rest), KEYS.request)


def responder() -> Responder:
    return Responder(KEYS, expires=100)


def flipped(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data, "big") ^ 1 << bit).to_bytes(len(data), "big")


def test_a_packet_has_the_layout_that_nft_and_the_filter_of_the_tap_rely_on():
    data = probe(0x01020304, port=50001, family=6, session=b"12345678")
    assert len(data) == PROBE_SIZE == 40
    assert data[:8] == KEYS.selector
    assert data[8:24] == b"12345678" + b"\1\2\3\4" + (50001).to_bytes(2, "big") + bytes([6, Kind.PROBE])


def test_the_two_directions_share_neither_selector_nor_key():
    assert KEYS.selector != KEYS.reply_selector
    assert sign(head(), KEYS.request) != sign(head(), KEYS.reply)
    assert KEYS.open(KEYS.seal(head(), EmptyReply(), reply=False), reply=True) is None
    assert KEYS.open(KEYS.seal(head(), EmptyReply(), reply=True), reply=False) is None


def test_a_probe_with_any_one_bit_changed_is_not_answered_and_the_right_one_is():
    answering, data = responder(), probe()
    for bit in range(8 * PROBE_SIZE):
        assert answering.probe(flipped(data, bit), SOURCE, 50000, 4, 0) is None, bit
    assert answering.probe(data, SOURCE, 50000, 4, 0) is not None
    assert answering.answers == 1


def test_a_control_message_with_any_one_bit_changed_is_not_read_and_the_right_one_is():
    data = KEYS.seal(head(kind=Kind.HELLO), ReportRequest(udp=True, ports=[Ports(1, 2)]), reply=False)
    for bit in range(8 * CONTROL_SIZE):
        assert KEYS.open(flipped(data, bit), reply=False) is None, bit
    body = KEYS.open(data, reply=False)
    assert body is not None
    assert decode(body, ReportRequest) == ReportRequest(udp=True, ports=[Ports(1, 2)])


@given(st.integers(0, 2**32 - 1), numbers, st.sampled_from([4, 6]), st.binary(min_size=8, max_size=8))
def test_a_reply_is_never_longer_than_what_asked_for_it_and_bears_its_session_and_counter(
    counter, port, family, session
):
    counter %= 1 << 22
    data = probe(counter, port=port, family=family, session=session)
    reply = responder().probe(data, SOURCE, 50000, family, 0)
    assert reply is not None
    assert len(reply) <= len(data)
    assert reply[:24] == HEAD.pack(KEYS.reply_selector, session, counter, 50000, family, Kind.PROBE)
    assert reply[24:] == sign(reply[:24], KEYS.reply)


@given(messages, st.booleans())
def test_every_control_message_is_sealed_and_of_one_size_and_says_the_same_again(message, reply):
    data = KEYS.seal(head(kind=Kind.HELLO), message, reply=reply)
    assert len(data) == CONTROL_SIZE == 548
    body = KEYS.open(data, reply=reply)
    assert body is not None
    assert decode(body, type(message)) == message
    assert OTHER.open(data, reply=reply) is None


def test_nothing_that_a_control_message_says_travels_in_the_clear():
    said = os.urandom(64)
    data = KEYS.seal(head(kind=Kind.REPORT), ReportReply(said), reply=True)
    assert not any(said[at : at + 8] in data for at in range(len(said) - 8))
    assert KEYS.seal(head(kind=Kind.REPORT), EmptyReply(), reply=True)[24:64] != bytes(40), "the padding is sealed too"


def test_two_messages_of_one_run_never_look_alike():
    heads = [
        head(counter, kind=Kind.HELLO, session=session) for counter in range(5) for session in (b"a" * 8, b"b" * 8)
    ]
    sealed = [KEYS.seal(one, EmptyReply(), reply=reply)[24:] for one in heads for reply in (True, False)]
    assert len(set(sealed)) == len(sealed)


def test_a_message_that_is_too_long_is_an_error_that_says_how_long_it_may_be():
    fits = ROOM - len(msgspec.msgpack.encode(ReportReply(bytes(1000)))) + 1000
    assert len(KEYS.seal(head(), ReportReply(bytes(fits)), reply=True)) == CONTROL_SIZE
    with pytest.raises(ValueError, match=rf"^a control message holds {ROOM} bytes \(got {ROOM + 1}\)$"):
        KEYS.seal(head(), ReportReply(bytes(fits + 1)), reply=True)


def test_the_longest_report_and_its_question_fit():
    assert len(KEYS.seal(head(), ReportReply(pack_fates([Fate.UNTESTABLE] * MAX_REPORTED)), reply=True)) == CONTROL_SIZE


@pytest.mark.parametrize("size", [0, 1, 23, 24, 39, 40, 41, CONTROL_SIZE - 1, CONTROL_SIZE + 1, 65507])
def test_a_control_message_of_any_other_size_is_not_read(size):
    data = KEYS.seal(head(kind=Kind.HELLO), EmptyReply(), reply=False)
    assert KEYS.open((data * 60)[:size], reply=False) is None


@given(
    st.binary(max_size=200),
    st.sampled_from([Hello, Welcome, ReportRequest, ReportReply, TraceRequest, RulesReply, EmptyReply]),
)
def test_a_message_of_another_version_is_none_and_no_exception(body, kind):
    assert decode(body, kind) is None or isinstance(decode(body, kind), kind)


def test_a_sealed_length_beyond_the_message_gives_what_is_there():
    """Only who has the key can seal it."""
    cipher = KEYS._sealer(False)
    plain = (65535).to_bytes(2, "big") + b"\xff" * (CONTROL_SIZE - HEAD.size - 18)
    body = KEYS.open(head() + cipher.encrypt(head()[8:20], plain, head()), reply=False)
    assert body is not None
    assert len(body) == ROOM
    assert decode(body, Hello) is None


@given(st.lists(st.sampled_from(Fate), max_size=200), st.integers(0, 20))
def test_fates_are_what_they_were_and_four_make_a_byte(fates, more):
    packed = pack_fates(fates)
    assert len(packed) == (len(fates) + 3) // 4
    assert unpack_fates(packed, len(fates)) == fates
    assert unpack_fates(packed, len(fates) + more) == [*fates, *[Fate.NOTHING] * more]


@given(st.binary(max_size=300), st.integers(0, 1300))
def test_any_bytes_are_as_many_fates_as_were_asked_for(packed, count):
    fates = unpack_fates(packed, count)
    assert len(fates) == count
    assert all(fate == int.from_bytes(packed, "little") >> 2 * at & 3 for at, fate in enumerate(fates))


@given(st.sets(st.integers(1, MAX_PORT) | st.integers(50000, 50030)))
def test_ranges_hold_the_ports_and_no_other_and_are_the_fewest(ports):
    found = ranges(ports)
    assert within(found) == sorted(ports)
    assert all(one.last + 1 < following.first for one, following in itertools.pairwise(found))


@given(st.lists(st.builds(Ports, st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1)), max_size=5))
def test_ranges_of_a_peer_hold_ports_and_nothing_else(held):
    found = within(held)
    assert found == sorted(set(found))
    assert set(found) <= set(range(1, MAX_PORT + 1))
    assert all(any(one.first <= port <= one.last for one in held) for port in found[:50] + found[-50:])
    assert {max(1, one.first) for one in held if max(1, one.first) <= min(one.last, MAX_PORT)} <= set(found)
