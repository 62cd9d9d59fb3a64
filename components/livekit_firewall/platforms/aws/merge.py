"""Tuples of one source whose ports touch, as one: fewer rules, and exactly the same packets.

Only where `aws.merge_rules` asks for it. Rules from anywhere, and from a block that is not known yet, stay as they are:
there are few of them, and a rule that is made anew may cut flows that AWS does not track.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from ...model.ports import PortRange, joined

T = TypeVar("T")
Tuples = Mapping[tuple[PortRange, str], list[T]]
"""What makes each rule, by its ports and the name of its source."""


def merged(tuples: Tuples[T], stays: Callable[[str], bool]) -> Tuples[T]:
    """The same with as few ranges as possible for each source.

    Args:
        stays: whether the rules of a source, by its name, stay as they are.
    """
    ranges: dict[str, list[PortRange]] = {}
    for ports, source in tuples:
        ranges.setdefault(source, []).append(ports)
    whole = {source: joined(given) for source, given in ranges.items() if not stays(source)}
    found: dict[tuple[PortRange, str], list[T]] = {}
    for (ports, source), sharing in tuples.items():
        covering = next(one for one in whole.get(source, (ports,)) if one.overlaps(ports))
        found.setdefault((covering, source), []).extend(sharing)
    return found
