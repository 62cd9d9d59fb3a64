"""`review` over real previews: what the engine printed for each change in `tests/engine/previews/`.

What is expected is written by hand there. The judge below knows nothing of how the review works: it asks of
single packets whether they are in what is said to be gained or lost, one from each corner of the areas that either
side draws.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from livekit_firewall.model.addresses import Direction
from livekit_firewall.model.errors import ConfigurationError
from livekit_firewall.reports.review import Change as Line
from livekit_firewall.reports.review import Review, review_texts
from tests.engine.previews.change import FAILED, Change, Reach, reach
from tests.engine.previews.normal import normal
from tests.engine.previews.tables import CHANGES, PLATFORMS
from tests.sampling import sample

FIXTURES = Path(__file__).parents[2] / "previews"
CHANGED_ONLY = ".changed-only"
ALL = list(CHANGES.values())
SOME = sample(ALL, lambda one: (one.platform, one.name, (one.platform, one.expected.verdict)))
"""Each change on some platform, and on each platform each verdict."""


def called(change: Change) -> str:
    return f"{change.platform}-{change.name}"


def text_of(change: Change, ending: str = "") -> str:
    return (FIXTURES / change.platform / f"{change.name}{ending}.json").read_text(encoding="utf-8")


def reviewed(change: Change, ending: str = "") -> Review:
    return review_texts([(change.name, text_of(change, ending))])


def _secrets(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.keys() == {"secret"}:
            yield value["secret"]
        for one in value.values():
            yield from _secrets(one)
    elif isinstance(value, list):
        for one in value:
            yield from _secrets(one)


# ------------------------------------------------------------------------------------------ the judge


class Area(NamedTuple):
    """Ports, and addresses as numbers or, for who has no address, a name."""

    plane: tuple[str, str, str]  # direction, protocol, family or name
    low: int
    high: int
    first: int
    last: int
    without: tuple[Area, ...] = ()  # type: ignore[misc] - areas hold areas

    def holds(self, address: int, port: int) -> bool:
        within = self.low <= address <= self.high and self.first <= port <= self.last
        return within and not any(one.holds(address, port) for one in self.without)


BOTH = ("0.0.0.0/0", "::/0")


def written(rows: Iterable[Reach]) -> Iterator[Area]:
    """What a table says."""
    for row in rows:
        protocols = ("tcp", "udp") if row.protocol == "all" else (row.protocol,)
        for protocol in protocols:
            for source in BOTH if row.source == "anywhere" else (row.source,):
                whole = _area(row.direction, protocol, source, row.first, row.last)
                cuts = (_area(row.direction, protocol, one, row.first, row.last) for one in row.but)
                yield whole._replace(without=tuple(cut for cut in cuts if cut.plane == whole.plane))


def reported(lines: Iterable[Line], side: str) -> Iterator[Area]:
    """What a review says; `side` is `gained` or `lost`. Ports of TCP and UDP only, as in the tables."""
    for line in lines:
        given = getattr(line, side)
        if given is None:
            continue
        way = "in" if line.direction is Direction.INGRESS else "out"
        for ports in given.ports:
            for source in (*map(str, given.blocks), *given.names):
                yield _area(way, str(ports.protocol), source, ports.first, ports.last)


def _area(way: str, protocol: str, source: str, first: int, last: int) -> Area:
    # No flow is to port 0.
    ports = max(first, 1), last
    try:
        network = ip_network(source)
    except ValueError:
        return Area((way, protocol, source.rsplit(maxsplit=1)[-1]), 0, 0, *ports)
    ends = int(network.network_address), int(network.broadcast_address)
    return Area((way, protocol, f"IPv{network.version}"), *ends, *ports)


def differences(expected: list[Area], got: list[Area]) -> list[str]:
    """Packets on which the two disagree."""
    found = []
    for plane in sorted({area.plane for area in (*expected, *got)}):
        ours = [area for area in expected if area.plane == plane]
        theirs = [area for area in got if area.plane == plane]
        drawn = [*ours, *theirs, *(cut for area in (*ours, *theirs) for cut in area.without)]
        addresses = sorted({end for area in drawn for end in (area.low, area.high, area.high + 1)})
        ports = sorted({end for area in drawn for end in (area.first, area.last, area.last + 1)})
        for address in addresses:
            for port in ports:
                wanted = any(area.holds(address, port) for area in ours)
                if wanted != any(area.holds(address, port) for area in theirs):
                    found.append(
                        f"{'missing' if wanted else 'too much'}: {' '.join(plane)} {_shown(plane, address)} {port}"
                    )
    return found


def _shown(plane: tuple[str, str, str], address: int) -> str:
    return str(ip_address(address)) if plane[2].startswith("IPv") else ""


# ------------------------------------------------------------------------------------------ the tests


@pytest.mark.parametrize("change", [one for one in SOME if one.expected.verdict != FAILED], ids=called)
def test_the_review_gives_the_verdict_and_exactly_what_is_gained_and_lost(change: Change) -> None:
    review = reviewed(change)
    assert review.verdict == change.expected.verdict
    for side in ("gained", "lost"):
        rows = getattr(change.expected, side)
        if rows is not None:
            assert differences([*written(rows)], [*reported(review.changes, side)]) == [], side


@pytest.mark.parametrize("change", [one for one in ALL if one.changed_only], ids=called)
def test_without_the_resources_that_stay_the_review_says_the_same(change: Change) -> None:
    review = reviewed(change, CHANGED_ONLY)
    assert review.verdict == change.expected.verdict
    for side in ("gained", "lost"):
        rows = getattr(change.expected, side) or ()
        assert differences([*written(rows)], [*reported(review.changes, side)]) == [], side


@pytest.mark.parametrize("change", [one for one in ALL if one.expected.verdict == FAILED], ids=called)
def test_a_preview_that_failed_has_no_verdict(change: Change) -> None:
    with pytest.raises(ConfigurationError, match="must be of a preview that succeeded"):
        reviewed(change)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_all_changes_of_a_platform_are_reviewed_together(platform: str) -> None:
    texts = [(one.name, text_of(one)) for one in ALL if one.platform == platform and one.expected.verdict != FAILED]
    assert len(review_texts(texts).parts) == len(texts)


class TestTheJudge:
    """It finds what differs, and nothing else."""

    @pytest.mark.parametrize(
        ("one", "other", "differs"),
        [
            (["in tcp 22 10.0.0.0/8"], ["in tcp 22 10.0.0.0/9", "in tcp 22 10.128.0.0/9"], False),
            (["in tcp 22 anywhere"], ["in tcp 22 0.0.0.0/0", "in tcp 22 ::/0"], False),
            (["in tcp 22-23 10.0.0.0/8"], ["in tcp 22 10.0.0.0/8"], True),
            (["in tcp 22 10.0.0.0/8"], ["in udp 22 10.0.0.0/8"], True),
            (["in tcp 22 10.0.0.0/8"], ["out tcp 22 10.0.0.0/8"], True),
            (["in tcp 22 10.0.0.0/8"], ["in tcp 22 10.0.0.0/8", "in tcp 22 10.9.9.9/32"], False),
            (["in tcp 22 10.0.0.0/8"], ["in tcp 22 10.0.0.0/8", "in tcp 22 11.0.0.0/32"], True),
            (["in tcp 22 0.0.0.0/0 but 10.0.0.0/8"], ["in tcp 22 0.0.0.0/0"], True),
            (["in tcp 22 0.0.0.0/1 but 0.0.0.0/2"], ["in tcp 22 64.0.0.0/2"], False),
            (["in tcp 22 web"], ["in tcp 22 db"], True),
            (["in all 0-65535 ::/0"], ["in tcp 1-65535 ::/0", "in udp 1-65535 ::/0"], False),
        ],
    )
    def test_two_lists_of_lines(self, one: list[str], other: list[str], differs: bool) -> None:
        areas = [[*written(map(reach, lines))] for lines in (one, other)]
        assert bool(differences(*areas)) is differs
        assert bool(differences(*reversed(areas))) is differs


class TestTheFiles:
    """They are those of the tables, small, and show nothing of the machine that made them."""

    def test_each_change_has_its_file_and_each_file_its_change(self) -> None:
        wanted = {f"{one.platform}/{one.name}" for one in ALL}
        wanted |= {f"{one.platform}/{one.name}{CHANGED_ONLY}" for one in ALL if one.changed_only}
        assert {str(path.relative_to(FIXTURES))[: -len(".json")] for path in FIXTURES.rglob("*.json")} == wanted

    def test_there_are_enough_of_them(self) -> None:
        ours = {one.name for one in ALL if not one.name.startswith("foreign-")}
        assert len(ours) >= 30
        assert len(ALL) >= 100

    def test_nothing_of_the_machine_is_in_them(self) -> None:
        for path in FIXTURES.rglob("*.json"):
            text = path.read_text(encoding="utf-8")
            assert re.findall(r"/(?:root|home|tmp|usr|Users|work)\b[^\"]*", text) == [], path
            assert re.findall(r"20\d\d-\d\d-\d\dT[\d:]+", text) == [], path
            assert len(text) < 150_000, path

    def test_they_are_normal(self) -> None:
        texts = {called(change): text_of(change) for change in SOME}
        assert [name for name, text in texts.items() if normal(text, text, ()) != text] == []

    @pytest.mark.parametrize("change", [one for one in ALL if [*_secrets(one.after)]], ids=called)
    def test_a_secret_is_neither_in_them_nor_in_the_review(self, change: Change) -> None:
        for hidden in _secrets(change.after):
            if hidden not in str(change.before):  # the engine shows what was no secret before
                assert hidden not in text_of(change)
                assert hidden not in json.dumps(reviewed(change).as_json())
