"""DigitalOcean's cloud firewalls as doctl or the API prints them -> what they admit.

Reads `doctl compute firewall list -o json`, `get ID -o json` and the bodies of the API (`firewalls`,
`firewall`). Shape: DigitalOcean API, Firewalls; a field that it does not name makes its rule, or its firewall, one that
is not understood.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from ...effective.evaluate import EffectiveRules, ImportEntry, ParsedRule, Selection, in_doubt
from ...effective.listed_firewalls import ListedFirewall, Listing, objects_of, together
from ...effective.native_rule import NativeRule, RuleSource, block_source
from ...effective.syntax import shaped_whole
from ...model.text import printable
from .native import ACTIONS, WHOLE, native_rule
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
    sources: dict[str, object] | None = None
    action: str | None = None


class _ListedFirewall(ListedFirewall, kw_only=True):
    inbound_rules: list[object] | None
    tags: list[str] | None = None
    droplet_ids: list[int | str] | None = None
    status: str = ""
    pending_changes: list[object] | None = None

    def unsettled(self) -> str:
        """Why its rules may not be in force; "" if they are: that is so once no change is pending (API, Firewalls)."""
        if self.status == "failed" or self.pending_changes:
            return "has changes that are pending or have failed, so that its rules may not be in force"
        return ""

    def parsed(self, why: str) -> Iterator[ParsedRule]:
        if why := why or self.unsettled():
            yield from in_doubt(self.name or "firewall", why)
        for given in self.inbound_rules or ():
            entry, doubt = shaped_whole(given, _ListedRule, f"{self.name}: inbound_rules")
            rule = _native(f"{self.name}: inbound {entry.protocol} {entry.ports or 'all'}", entry, doubt)
            yield from rule.parts if entry.action in ACTIONS else rule.either_way

    def members(self) -> Iterator[str]:
        yield from (f"tag {tag}" for tag in self.tags or ())
        yield from (f"droplet {one}" for one in self.droplet_ids or ())

    def adopted(self) -> ImportEntry:
        entries = [shaped_whole(one, _ListedRule, "inbound_rules")[0] for one in self.inbound_rules or ()]
        flows = (one.protocol if (one.ports or "") in WHOLE else f"{one.protocol}/{one.ports}" for one in entries)
        return self.entry(FIREWALL, flows, "no Droplet", "doctl compute firewall delete")


(FIREWALL,) = DIGITALOCEAN.made
LISTING = Listing(
    _ListedFirewall, DIGITALOCEAN.listing, ("links.pages",), ("created_at", "outbound_rules"), total="meta.total"
)

NAMED = {
    "tags": "tag",
    "droplet_ids": "droplet",
    "load_balancer_uids": "load-balancer",
    "kubernetes_ids": "kubernetes",
}
"""Sources that are not addresses, and what they are called here."""


def recognises(value: object) -> bool:
    return any("inbound_rules" in one for one in objects_of(value))


def read(value: object, selection: Selection) -> EffectiveRules:
    """What the firewall admits, or all that are asked for together: a Droplet adds them up.

    Raises:
        NotAFirewall: another shape; several firewalls and none chosen; one chosen that is not there.
    """
    firewalls = LISTING.firewalls(value)
    if not firewalls and not selection.groups:
        return DIGITALOCEAN.without_firewall()
    return together(firewalls, selection, _notes)


listed = LISTING.entries


def _notes(firewalls: list[_ListedFirewall]) -> Iterator[str]:
    """That no Droplet has them, or not all of them: which Droplets have a tag is not in the listing."""
    for one in firewalls:
        is_told = one.tags is not None or one.droplet_ids is not None
        if is_told and not (one.tags or one.droplet_ids):
            yield f"{printable(one.shown)} is attached to no Droplet and no tag, so that it protects nothing"
    named = [frozenset(map(str, one.droplet_ids or ())) for one in firewalls if not one.tags]
    if all(named) and len(named) > 1 and not frozenset.intersection(*named):
        yield "no Droplet has all of these firewalls, so that no Droplet admits what they admit together"


def _native(name: str, entry: _ListedRule, doubt: str) -> NativeRule:
    """Ports of TCP and UDP are always there, "0" for all; and so are sources."""
    given, strange = shaped_whole(entry.sources or {}, _ListedSources, name)
    blocks = [block_source(text, name) for text in given.addresses or ()]
    named = [f"{what} {one}" for kind, what in NAMED.items() for one in getattr(given, kind) or ()]
    sources = (*blocks, *(RuleSource(one, name=one) for one in named))
    lacking = ("" if sources else "has no source") or ("" if entry.ports is not None else "names no ports")
    why = doubt or (f"is from a source that {strange}" if strange else lacking)
    return native_rule(name, entry.protocol, entry.ports, () if why else sources, action=entry.action, unread=why)
