"""A sweep against a pretended network (`network.py`): seeds and clock are fixed, so that all of it is exact."""

from __future__ import annotations

import errno
from collections.abc import Collection
from typing import Any

import pytest

from livekit_firewall.probe.checker.sweep import BLIND_TRIES, MAX_TRIES, MIN_TRIES, SweepResult
from livekit_firewall.probe.checker.transport import CannotSend
from livekit_firewall.probe.wire.messages import sign

from .network import FRAME, Network, Path

MEDIA = range(50000, 60001)
SOME = range(50000, 50400)
ODD = set(range(50001, 50400, 2))
TWO = {51234, 58888}
HALF = set(range(50001, 60001, 2))
MBIT20 = 20e6 / 8
"""Bytes a second."""

Patch = pytest.MonkeyPatch


def found(swept: SweepResult) -> set[int]:
    assert all(port == arrived for port, arrived in swept.answered.items())
    return set(swept.answered)


def swept_exactly(patch: Patch, path: Path, ports: Collection[int], seed: int = 0) -> tuple[Network, SweepResult]:
    """A sweep that found every open port and no other, and is sure of it."""
    network = Network(patch, path, seed)
    swept = network.sweep(list(ports))
    assert (found(swept), swept.doubt) == (set(path.open) & set(ports), "")
    assert len(set(network.counters)) == network.sent == network.run.budget.sent
    return network, swept


@pytest.mark.matrix
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("loss", [0.01, 0.05])
def test_independent_loss_each_way_makes_no_wrong_verdict(monkeypatch: Patch, loss: float, seed: int) -> None:
    _, swept = swept_exactly(monkeypatch, Path(open=ODD, loss=loss, delay=0.02), SOME, seed)

    assert MIN_TRIES <= swept.tries <= MAX_TRIES


@pytest.mark.matrix
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "harm",
    [
        pytest.param({"jitter": 0.05}, id="reordering"),
        pytest.param({"twice": 0.3}, id="duplicates"),
        pytest.param({"spoiled": 0.04}, id="wrong bits"),
        pytest.param({"loss": 0.03, "jitter": 0.03, "twice": 0.1, "spoiled": 0.02}, id="all of it"),
        pytest.param({"delay": 0.35, "loss": 0.01}, id="satellite"),
        pytest.param({"delay": 0.00001}, id="next to it"),
        pytest.param({"rate": MBIT20 / 20, "queue": 50}, id="1 Mbit/s"),
        pytest.param({"policer": 3000.0}, id="a policer without a queue"),
    ],
)
def test_a_bad_path_makes_no_wrong_verdict(monkeypatch: Patch, harm: dict[str, Any], seed: int) -> None:
    swept_exactly(monkeypatch, Path(**{"open": ODD, "delay": 0.01, **harm}), SOME, seed)


@pytest.mark.parametrize("round_trip", [None, 0.0005])
def test_two_open_ports_of_a_whole_range_are_exactly_those_two(monkeypatch: Patch, round_trip: float | None) -> None:
    network = Network(monkeypatch, Path(open=TWO))
    swept = network.sweep(MEDIA, round_trip=round_trip)

    assert (found(swept), swept.doubt) == (TWO, "")
    assert network.seconds < 1.0


@pytest.mark.parametrize("shut", [0, 1])
def test_the_first_and_the_last_port_are_tried_like_the_others(monkeypatch: Patch, shut: int) -> None:
    path = Path(open=set(SOME) - {SOME[0], SOME[-1]} if shut else {SOME[0], SOME[-1]}, loss=0.02, delay=0.01)

    swept_exactly(monkeypatch, path, SOME)


def test_everything_open_and_no_loss_costs_one_packet_a_port_and_the_beacons(monkeypatch: Patch) -> None:
    network, swept = swept_exactly(monkeypatch, Path(open=MEDIA), MEDIA)

    assert swept.tries <= 1
    assert network.sent <= len(MEDIA) * 1.07 + 16
    assert network.seconds < 0.15


def test_a_lone_silent_port_is_tried_more_than_once_however_little_is_lost(monkeypatch: Patch) -> None:
    _, swept = swept_exactly(monkeypatch, Path(open=range(1, 65535)), range(1, 65536))

    assert swept.tries == MIN_TRIES


def test_every_port_that_there_is(monkeypatch: Patch) -> None:
    swept_exactly(monkeypatch, Path(open=range(1, 65536), loss=0.01), range(1, 65536))


@pytest.mark.parametrize("path", [Path(), Path(delay=0.05, loss=0.05)])
def test_without_any_answer_each_port_is_tried_a_fixed_number_of_times(monkeypatch: Patch, path: Path) -> None:
    network, swept = swept_exactly(monkeypatch, path, SOME)

    assert (swept.tries, swept.loss, swept.round_trip) == (BLIND_TRIES, None, None)
    assert network.sent == BLIND_TRIES * len(SOME)


def test_with_a_number_of_rounds_it_tries_so_often_and_no_more(monkeypatch: Patch) -> None:
    network = Network(monkeypatch, Path())

    assert network.sweep([50000, 50001], rounds=3).tries == 3
    assert sorted(network.ports) == [50000] * 3 + [50001] * 3


@pytest.mark.matrix
@pytest.mark.parametrize("loss", [0.01, 0.05])
@pytest.mark.parametrize("queue", [20, 100, 1000])
@pytest.mark.parametrize("which", [MEDIA, HALF, TWO], ids=["all open", "half open", "two open"])
def test_a_narrow_path_far_away_is_right_in_time(
    monkeypatch: Patch, which: Collection[int], queue: int, loss: float
) -> None:
    path = Path(open=which, loss=loss, delay=0.05, rate=MBIT20, queue=queue)
    network, swept = swept_exactly(monkeypatch, path, MEDIA)

    assert network.seconds < (5 if loss < 0.05 else 15)  # of the pretended clock
    assert swept.round_trip is not None
    # the round trip, and what waits in the queues of both ways
    assert 0.1 <= swept.round_trip <= 0.12 + 2 * queue * FRAME / MBIT20


@pytest.mark.parametrize("narrow", [{"rate": MBIT20, "queue": 100}, {"policer": 30000.0}])
def test_it_does_not_go_on_sending_much_more_than_gets_through(monkeypatch: Patch, narrow: dict[str, Any]) -> None:
    network, swept = swept_exactly(monkeypatch, Path(open=TWO, delay=0.02, **narrow), MEDIA)

    last = [at for at in network.sent_at if at > network.sent_at[-1] - 0.5]
    assert len(last) / 0.5 < 32_000  # both let 30,000 packets a second through
    assert swept.loss is not None
    assert swept.loss < 0.25


# --- dead for a while, or for good


@pytest.mark.matrix
@pytest.mark.parametrize("start", [0.0, 0.003, 0.02, 0.05, 0.1, 0.3])
@pytest.mark.parametrize("ports", [MEDIA, SOME, range(50000, 50004)], ids=len)
@pytest.mark.parametrize("round_trip", [None, 0.0005])
def test_a_path_that_fails_for_a_while_makes_no_open_port_blocked(
    monkeypatch: Patch, ports: range, start: float, round_trip: float | None
) -> None:
    network = Network(monkeypatch, Path(open=HALF, delay=0.003, loss=0.01, dead=((start, start + 0.3),)))
    swept = network.sweep(ports, round_trip=round_trip)

    assert (found(swept), swept.doubt) == (HALF & set(ports), "")


def test_a_path_that_fails_repeatedly_is_endured(monkeypatch: Patch) -> None:
    dead = tuple((at + 0.02, at + 0.05) for at in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5))

    swept_exactly(monkeypatch, Path(open=HALF, delay=0.005, dead=dead), MEDIA)


def test_a_path_that_stays_down_leaves_a_doubt_and_sends_next_to_nothing(monkeypatch: Patch) -> None:
    network = Network(monkeypatch, Path(open=HALF, delay=0.005, dead=((0.1, 99.0),)))
    swept = network.sweep(MEDIA)

    assert swept.doubt == "answers stopped coming while its ports were tried"
    assert found(swept) < HALF
    assert 5 < network.seconds < 7
    assert sum(at > network.began + 0.5 for at in network.sent_at) < 100


def test_more_loss_than_tries_can_explain_leaves_a_doubt(monkeypatch: Patch) -> None:
    network = Network(monkeypatch, Path(open=ODD, loss=0.4, delay=0.005))
    swept = network.sweep(SOME)

    assert swept.doubt.startswith("too many packets are lost (6")
    assert swept.tries == MAX_TRIES
    assert found(swept) <= ODD


# --- limits


@pytest.mark.parametrize("rate", [100_000, 10_000, 1_000])
def test_the_rate_and_the_burst_of_the_budget_are_kept(monkeypatch: Patch, rate: int) -> None:
    network = Network(monkeypatch, Path(open=HALF), rate=rate)
    network.sweep(range(50000, 52000))

    at = network.sent_at
    for first in range(0, len(at), 97):
        for many in (500, 2500):
            if first + many < len(at):
                assert many <= min(rate, 2000) + 64 + rate * (at[first + many] - at[first])


def test_a_budget_that_is_used_up_ends_it_with_a_doubt(monkeypatch: Patch) -> None:
    network = Network(monkeypatch, Path(open=HALF))
    network.run.budget.total = 500
    swept = network.sweep(MEDIA)

    assert swept.doubt == "the run has reached its limit of packets"
    assert network.sent == 500
    assert found(swept) < HALF


def test_progress_is_a_share_that_never_falls(monkeypatch: Patch) -> None:
    told: list[float] = []
    Network(monkeypatch, Path(open=HALF, delay=0.02, loss=0.02)).sweep(MEDIA, on_progress=told.append)

    assert len(told) > 5
    assert told == sorted(told)
    assert 0 <= told[0] < told[-1] == pytest.approx(len(HALF) / len(MEDIA))


# --- what others send, and what this machine does


def test_a_port_that_arrives_at_another_is_reported(monkeypatch: Patch) -> None:
    network = Network(monkeypatch, Path(open={50000, 50001}, moved={50001: 3478}))

    assert network.sweep([50000, 50001]).answered == {50000: 50000, 50001: 3478}


def test_answers_to_another_session_of_the_same_run_open_no_port(monkeypatch: Patch) -> None:
    network = Network(monkeypatch, Path(open=ODD, delay=0.005))
    keys = network.run.keys

    def replayed(data: bytes) -> list[bytes]:
        head = keys.reply_selector + bytes(8) + data[16:24]
        return [head + sign(head, keys.reply)]

    network.forge = replayed
    swept = network.sweep(SOME)

    assert (found(swept), swept.doubt) == (ODD, "")


def test_forged_and_foreign_answers_open_no_port(monkeypatch: Patch) -> None:
    network = Network(monkeypatch, Path(open=ODD, delay=0.005))
    reply = network.run.keys.reply_selector

    def forged(data: bytes) -> list[bytes]:
        # the request itself, one without a MAC, one of another session, one cut and one too long
        head = reply + data[8:24]
        return [data, head + bytes(16), reply + bytes(8) + data[16:], head, head + bytes(2000), b""]

    network.forge = forged
    swept = network.sweep(SOME)

    assert (found(swept), swept.doubt) == (ODD, "")


def test_an_answer_that_comes_again_later_counts_once(monkeypatch: Patch) -> None:
    network, swept = swept_exactly(monkeypatch, Path(open=ODD, twice=1.0, delay=0.01, jitter=0.2), SOME)

    assert swept.loss is not None
    assert swept.loss < 0.2
    assert network.responder.answers <= network.sent


@pytest.mark.parametrize("code", [errno.EAGAIN, errno.ENOBUFS, errno.ECONNREFUSED])
def test_a_full_send_buffer_now_and_then_loses_nothing(monkeypatch: Patch, code: int) -> None:
    network = Network(monkeypatch, Path(open=ODD))
    tries = 0

    def full(_sent: int) -> OSError | None:
        nonlocal tries
        tries += 1
        return OSError(code, "full") if tries % 7 == 0 else None

    network.fails = full
    swept = network.sweep(SOME)

    assert (found(swept), swept.doubt) == (ODD, "")


def test_a_send_buffer_that_stays_full_ends_it_with_a_doubt(monkeypatch: Patch) -> None:
    network = Network(monkeypatch, Path(open=ODD))
    network.fails = lambda sent: OSError(errno.ENOBUFS, "full") if sent > 100 else None

    assert network.sweep(SOME).doubt == "this machine could not send for seconds"


def test_a_machine_that_cannot_send_at_all_says_so(monkeypatch: Patch) -> None:
    network = Network(monkeypatch, Path(open=ODD))
    network.fails = lambda _sent: OSError(errno.ENETUNREACH, "unreachable")

    with pytest.raises(CannotSend, match="no route to it over IPv4"):
        network.sweep(SOME)


def test_no_port_is_no_work(monkeypatch: Patch) -> None:
    network = Network(monkeypatch, Path())

    assert network.sweep([]) == SweepResult({}, 0, None, None, "")
    assert network.sent == 0
