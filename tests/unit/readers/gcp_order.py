"""What Google's rules admit on the way from some to others, in the worst order that the engine may take.

Resources that keep their name are updated in place, others are created, both in any order; deletions come last. Knows
rules as bodies of the API only, and what they admit by the reader `gcp`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from livekit_firewall.model.addresses import Identity

from . import gcp

Bodies = Mapping[str, Mapping[str, Any]]
"""Rules as Google has them, by the names of their resources."""


class Admitted(dict[tuple[str, int], int]):
    """The sources that reach each port: bits of those of a `Sample`."""

    def common(self, other: Admitted) -> Admitted:
        return Admitted({port: both for port in self.keys() & other if (both := self[port] & other[port])})

    def joined(self, other: Admitted) -> Admitted:
        return Admitted({port: self.get(port, 0) | other.get(port, 0) for port in self.keys() | other})

    def without(self, other: Admitted) -> Admitted:
        return Admitted({port: more for port, mask in self.items() if (more := mask & ~other.get(port, 0))})


class Sample:
    """Packets enough to tell any of these rules apart: at both sides of each end of their ports and blocks."""

    def __init__(self, bodies: Iterable[Mapping[str, Any]]) -> None:
        ports, sources = set(), {Identity.LOAD_BALANCER, Identity.SAME_GROUP}
        for body in bodies:
            for one in body["allowed"]:
                for text in one.get("ports", []):
                    ends = [int(end) for end in text.split("-")]
                    ports |= {(one["IPProtocol"], port) for end in ends for port in (end - 1, end, end + 1)}
            for text in body.get("sourceRanges", []):
                sources |= _around(text)
        self.ports = sorted(ports)
        self.sources = sorted(sources, key=str)
        self._reached: dict[str, list[tuple[str, int]]] = {}
        self._senders: dict[str, int] = {}

    def admitted(self, bodies: Iterable[Mapping[str, Any]]) -> Admitted:
        found = Admitted()
        for body in bodies:
            mask = self._mask(body)
            found = found.joined(Admitted(dict.fromkeys(self._ports(body), mask) if mask else {}))
        return found

    def _ports(self, body: Mapping[str, Any]) -> list[tuple[str, int]]:
        asked = repr(body["allowed"])
        if asked not in self._reached:
            self._reached[asked] = [port for port in self.ports if gcp.reaches(body, *port)]
        return self._reached[asked]

    def _mask(self, body: Mapping[str, Any]) -> int:
        ends = (f"{end}{kind}" for end in ("source", "target") for kind in ("Ranges", "Tags", "ServiceAccounts"))
        asked = repr([body.get(end) for end in ends])
        if asked not in self._senders:
            some = (place for place, one in enumerate(self.sources) if gcp.comes_from(body, one))
            self._senders[asked] = sum(1 << place for place in some)
        return self._senders[asked]


@cache
def _around(text: str) -> set[Any]:
    block = ipaddress.ip_network(text)
    low, high, most = int(block[0]), int(block[-1]), 2**block.max_prefixlen - 1
    kind = type(block[0])
    return {kind(one) for one in (low - 1, low, high, high + 1) if 0 <= one <= most}


def judge(old: Bodies, new: Bodies, sample: Sample, was: Mapping[str, str] | None = None) -> None:
    """That no order of the update from the old rules to the new ones closes what both admit, opens what neither does,
    or ends elsewhere than at the new ones.

    Args:
        was: the name in `old` of each resource that an alias finds there, by its name in `new`.
    """
    found = {name: name for name in new if name in old} | dict(was or {})
    assert len(set(found.values())) == len(found), "one resource is two others' alias"
    updated = {old_name: gcp.patched(old[old_name], new[name]) for name, old_name in found.items()}
    before, after = sample.admitted(old.values()), sample.admitted(new.values())
    # The least: nothing is created yet, and of each rule that is updated what both its states admit.
    least = Admitted()
    for name, body in old.items():
        here = sample.admitted([body])
        least = least.joined(here.common(sample.admitted([updated[name]])) if name in updated else here)
    assert before.common(after).without(least) == {}, "closed on the way"
    end = sample.admitted([*updated.values(), *(body for name, body in new.items() if name not in found)])
    assert end.without(before.joined(after)) == {}, "open on the way"
    assert end.without(after) == after.without(end) == {}, "not what is wanted at the end"
