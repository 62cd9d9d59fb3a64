"""Ranges of addresses as integers, for the arithmetic of `PacketSet`."""

from __future__ import annotations

import ipaddress
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from .addresses import Cidr, Family

Spans = tuple[tuple[int, int], ...]
"""Ranges of addresses as integers: inclusive, ascending, neither overlapping nor touching."""

_FIRST, _LAST = map(itemgetter, range(2))


def joined(spans: Iterable[tuple[int, int]]) -> Spans:
    found: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], high)
        else:
            found.append((low, high))
    return tuple(found)


def both(ours: Spans, theirs: Spans) -> Spans:
    return joined((*ours, *theirs)) if ours and theirs else ours or theirs


def common(ours: Spans, theirs: Spans) -> Spans:
    if not ours or not theirs:
        return ()
    here = ours[slice(*window(ours, theirs))]
    return without(here, without(here, theirs))


def without(ours: Spans, theirs: Spans) -> Spans:
    """What lies beside theirs stays as it is, as with ports: lists of blocked addresses are long."""
    if not ours or not theirs:
        return ours
    start, end = window(ours, theirs)
    if start == end:
        return ours
    here = ours[start:end]
    return ours[:start] + _apart(here, theirs[slice(*window(theirs, here))]) + ours[end:]


def _apart(ours: Spans, theirs: Spans) -> Spans:
    left: list[tuple[int, int]] = []
    at = 0
    for low, high in ours:
        while at < len(theirs) and theirs[at][1] < low:
            at += 1
        cut = at
        while cut < len(theirs) and theirs[cut][0] <= high:
            if low < theirs[cut][0]:
                left.append((low, theirs[cut][0] - 1))
            low = max(low, theirs[cut][1] + 1)
            cut += 1
        if low <= high:
            left.append((low, high))
    return tuple(left)


def window(ours: Sequence[tuple[Any, ...]], theirs: Sequence[tuple[Any, ...]]) -> tuple[int, int]:
    """From where to where ours lie between the first and the last port, or address, of theirs."""
    return bisect_left(ours, theirs[0][0], key=_LAST), bisect_right(ours, theirs[-1][1], key=_FIRST)


def blocks_of(family: Family, spans: Spans) -> Iterator[Cidr]:
    for low, high in spans:
        yield from _summary(family, low, high)


@lru_cache(maxsize=4096)
def _summary(family: Family, low: int, high: int) -> tuple[Cidr, ...]:
    address: Any = ipaddress.IPv4Address if family is Family.IPV4 else ipaddress.IPv6Address
    return tuple(map(Cidr, ipaddress.summarize_address_range(address(low), address(high))))
