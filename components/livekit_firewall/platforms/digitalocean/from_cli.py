"""DigitalOcean's cloud firewalls as doctl or the API prints them -> what they admit.

Reads `doctl compute firewall list -o json`, `get ID -o json` and the bodies of the API (`firewalls`,
`firewall`). Shape: DigitalOcean API, Firewalls.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from ...effective.evaluate import EffectiveRules, ImportEntry, Selection, evaluate
from ...effective.native_rule import NativeRule, RuleSource, block_source
from ...effective.syntax import refuse, shaped
from .native import native_rule
from .record import DIGITALOCEAN


class _ListedSources(Struct):
    addresses: list[str] | None = None
    tags: list[str] | None = None
    droplet_ids: list[int | str] | None = None
    load_balancer_uids: list[str] | None = None
    kubernetes_ids: list[str] | None = None


class _ListedRule(Struct):
    protocol: str
    ports: str | None = None
    sources: _ListedSources | None = None
    action: str | None = None


class _ListedFirewall(Struct):
    name: str = ""
    id: str = ""
    inbound_rules: list[_ListedRule] | None = None
    tags: list[str] | None = None
    droplet_ids: list[int | str] | None = None


(FIREWALL,) = DIGITALOCEAN.made

NAMED = {
    "tags": "tag",
    "droplet_ids": "droplet",
    "load_balancer_uids": "load-balancer",
    "kubernetes_ids": "kubernetes",
}
"""Sources that are not addresses, and what they are called here."""


def recognises(value: object) -> bool:
    listed = _list(value)
    return isinstance(listed, list) and any(isinstance(one, dict) and "inbound_rules" in one for one in listed)


def _list(value: object) -> object:
    if isinstance(value, dict):
        return value.get("firewalls") or [value.get("firewall") or value]
    return value


def read(value: object, asked: Selection) -> EffectiveRules:
    """What the firewall admits, or all that are asked for together: a Droplet adds them up.

    Raises:
        NotAFirewall: another shape; several firewalls and none chosen; one chosen that is not there.
    """
    firewalls = _chosen(shaped(_list(value), list[_ListedFirewall], "firewalls"), asked)
    parsed = [
        _native(f"{one.name}: inbound {place}", entry).parsed for one in firewalls for place, entry in _numbered(one)
    ]
    parsed.sort(key=lambda one: one.allows)  # a deny wins
    members = tuple(name for one in firewalls for name in _members(one))
    adopted = tuple(ImportEntry(type=FIREWALL, name=one.name or one.id, id=one.id) for one in firewalls)
    return evaluate(", ".join(one.name for one in firewalls) or "no firewall", parsed, members=members, adopted=adopted)


def _chosen(firewalls: list[_ListedFirewall], asked: Selection) -> list[_ListedFirewall]:
    names = ", ".join(one.name or one.id for one in firewalls)
    if not asked.groups and len(firewalls) > 1:
        raise refuse("", names, "must be one firewall", "say which are meant: --group NAME")
    for group in asked.groups:
        if not any(group in (one.name, one.id) for one in firewalls):
            raise refuse("--group", group, "must be a firewall of the file", f"it has {names}")
    return [one for one in firewalls if not asked.groups or {one.name, one.id} & set(asked.groups)]


def _numbered(firewall: _ListedFirewall) -> Iterator[tuple[str, _ListedRule]]:
    for entry in firewall.inbound_rules or ():
        yield f"{entry.protocol} {entry.ports or 'all'}", entry


def _members(firewall: _ListedFirewall) -> Iterator[str]:
    yield from (f"tag {tag}" for tag in firewall.tags or ())
    yield from (f"droplet {one}" for one in firewall.droplet_ids or ())


def _native(name: str, entry: _ListedRule) -> NativeRule:
    given = entry.sources or _ListedSources()
    blocks = [block_source(text, name) for text in given.addresses or ()]
    named = [f"{what} {one}" for kind, what in NAMED.items() for one in getattr(given, kind) or ()]
    sources = (*blocks, *(RuleSource(one, name=one) for one in named))
    return native_rule(name, entry.protocol, entry.ports, sources, action=entry.action)
