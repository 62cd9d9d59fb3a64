"""Hetzner Cloud's firewalls as hcloud or the API prints them -> what they admit.

Reads `hcloud firewall list -o json`, `describe NAME -o json` and the bodies of the API (`firewalls`, `firewall`).
Shape: Hetzner Cloud API, Firewalls; a field that it does not name makes its rule, or its firewall, one that is not
understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from ...effective.evaluate import EffectiveRules, ImportEntry, ParsedRule, Selection, in_doubt
from ...effective.listed_firewalls import ListedFirewall, Listing, objects_of, together
from ...effective.native_rule import NativeRule, block_source
from ...effective.syntax import shaped, shaped_whole
from ...model.addresses import Direction
from ...model.text import printable
from .native import DIRECTIONS, name_of, native_rule
from .record import FIREWALL, HETZNER


class _ListedRule(Struct):
    direction: str
    protocol: str
    port: str | None = None
    source_ips: list[str] | None = None
    destination_ips: list[str] | None = None
    description: str | None = None


class _Server(Struct):
    id: int


class _Selector(Struct):
    selector: str


class _Applied(Struct):
    type: str
    server: _Server | None = None
    label_selector: _Selector | None = None
    applied_to_resources: list[_Applied] | None = None


class _ListedFirewall(ListedFirewall, kw_only=True):
    rules: list[object] | None
    applied_to: list[_Applied] | None = None

    def parsed(self, why: str) -> Iterator[ParsedRule]:
        if why:
            yield from in_doubt(self.name or "firewall", why)
        for given in self.rules or ():
            entry, doubt = shaped_whole(given, _ListedRule, f"{self.name}: rules")
            if entry.direction == "out" and not doubt:
                continue
            name = f"{self.name}: {name_of(entry.direction, entry.protocol, entry.port)}"
            yield from _native(name, entry, doubt).parts

    def members(self) -> Iterator[str]:
        for one in self.applied_to or ():
            if one.server:
                yield f"server {one.server.id}"
            if one.label_selector:
                yield f"label {one.label_selector.selector}"

    def adopted(self) -> ImportEntry:
        entries = [shaped(one, _ListedRule, "rules") for one in self.rules or ()]
        flows = (f"{one.protocol}/{one.port}" if one.port else one.protocol for one in entries if one.direction == "in")
        return self.entry(FIREWALL, flows, "no server", "hcloud firewall delete")


PAGES = ("meta.pagination.next_page", "meta.pagination.previous_page")
"""A body of the API holds 25 firewalls unless it is asked for more."""
LISTING = Listing(_ListedFirewall, HETZNER.listing, PAGES, ("labels", "created"))


def recognises(value: object) -> bool:
    """By the rules' direction, or by what the firewall is applied to: others have neither."""
    return any(map(_is_firewall, objects_of(value)))


def _is_firewall(one: Mapping[str, object]) -> bool:
    rules = one.get("rules")
    directions = (
        [rule.get("direction") for rule in rules if isinstance(rule, Mapping)] if isinstance(rules, list) else []
    )
    return "rules" in one and ("applied_to" in one or any(way in DIRECTIONS for way in directions))


def read(value: object, selection: Selection) -> EffectiveRules:
    """What the firewall admits, or all that are asked for together: a server adds them up.

    Raises:
        NotAFirewall: another shape; several firewalls and none chosen; one chosen that is not there.
    """
    firewalls = LISTING.firewalls(value)
    if not firewalls and not selection.groups:
        return HETZNER.without_firewall()
    return together(firewalls, selection, _notes)


listed = LISTING.entries


def _servers(firewall: _ListedFirewall) -> frozenset[int]:
    """Those that it protects now, also by a label."""
    direct = firewall.applied_to or []
    every = (*direct, *(one for by in direct for one in by.applied_to_resources or ()))
    return frozenset(one.server.id for one in every if one.server)


def _is_known(applied: _Applied) -> bool:
    return applied.server is not None or applied.label_selector is not None


def _notes(firewalls: list[_ListedFirewall]) -> Iterator[str]:
    """That no server has them, or not all of them. A listing tells which servers a label selects, if any."""
    told = [one for one in firewalls if one.applied_to is not None and all(map(_is_known, one.applied_to))]
    for one in told:
        if not _servers(one):
            by = ", though it has label selectors" if one.applied_to else ""
            yield f"{printable(one.shown)} is applied to no server{by}, so that it protects nothing"
    servers = [_servers(one) for one in told]
    if len(servers) > 1 and all(servers) and not frozenset.intersection(*servers):
        yield "no server has all of these firewalls, so that no server admits what they admit together"


def _native(name: str, entry: _ListedRule, doubt: str) -> NativeRule:
    """An inbound rule has sources and no destinations (API, `source_ips`)."""
    sources = tuple(block_source(text, name) for text in entry.source_ips or ())
    why = doubt or ("" if entry.direction in DIRECTIONS else f"the direction {printable(entry.direction)} is not known")
    why = why or ("" if sources else "has no source") or ("has destinations" if entry.destination_ips else "")
    unclear = () if why else sources
    return native_rule(name, Direction.INGRESS, entry.protocol, entry.port, unclear, unread=why)
