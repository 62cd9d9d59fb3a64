"""One change of a program, and what its review must find: plain data, written by hand.

What is gained and lost stands in lines, as `admitted.py` writes them:

    in udp 50000-60000 anywhere
    in tcp 22 anywhere but 203.0.113.0/24
    out all 0-65535 0.0.0.0/0
    in tcp 7880 sg-0123456789abcdef0

`all` is every protocol; ICMP is left out. A source is a block, `anywhere` (both families) or the platform's own id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

FAILED = "failed"
"""In place of a verdict: the preview itself fails, so that there is none."""

VERDICTS = ("no change", "narrower", "wider", "moved", FAILED)

Program = list[list[Any]]
"""What programs/previewed makes: a kind, a name and arguments each."""


class Reach(NamedTuple):
    """Who may open flows to which ports; `but` lies within `source` and is left out."""

    direction: str
    protocol: str
    first: int
    last: int
    source: str
    but: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expected:
    """What the review must say.

    Attributes:
        verdict: one of VERDICTS.
        gained, lost: None where the machines change and not the rules, or where nobody can tell.
    """

    verdict: str
    gained: tuple[Reach, ...] | None = ()
    lost: tuple[Reach, ...] | None = ()


@dataclass(frozen=True)
class Change:
    """A row of the tables.

    Attributes:
        before: the program that is deployed; empty for nothing.
        after: the program that is previewed.
        files: what else lies in the folder.
        secrets: keys of the stack's configuration that are set as secrets, only for the preview.
        changed_only: also made without what stays the same.
    """

    platform: str
    name: str
    before: Program
    after: Program
    expected: Expected
    files: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    changed_only: bool = False

    @property
    def fails(self) -> bool:
        return self.expected.verdict == FAILED


def reach(line: str) -> Reach:
    """A line as data."""
    direction, protocol, ports, source, *rest = line.split()
    first, _, last = ports.partition("-")
    assert direction in ("in", "out"), line
    assert rest[:1] in ([], ["but"]), line
    return Reach(direction, protocol, int(first), int(last or first), source, tuple(rest[1:]))


def expect(verdict: str, gained: str | None = "", lost: str | None = "") -> Expected:
    """Lines separated by `; `; None where they are not known."""
    return Expected(verdict, _lines(gained), _lines(lost))


def _lines(text: str | None) -> tuple[Reach, ...] | None:
    return None if text is None else tuple(reach(line) for line in text.split("; ") if line)


def narrower(lost: str | None) -> Expected:
    return expect("narrower", lost=lost)


def wider(gained: str | None) -> Expected:
    return expect("wider", gained=gained)


def moved(gained: str | None, lost: str | None) -> Expected:
    return expect("moved", gained, lost)


NOTHING = expect("no change")
"""No change in reach."""

BROKEN = expect(FAILED, None, None)
