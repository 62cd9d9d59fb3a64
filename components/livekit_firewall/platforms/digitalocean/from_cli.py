"""DigitalOcean's cloud firewalls as doctl or the API prints them -> what they admit.

Reads `doctl compute firewall list -o json`, `get ID -o json` and the bodies of the API (`firewalls`,
`firewall`). Shape: DigitalOcean API, Firewalls; a field that it does not name makes its rule, or its firewall, one that
is not understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import quote

from msgspec import Struct
from msgspec.structs import replace

from ...effective.evaluate import EffectiveRules, ImportEntry, ParsedRule, Selection, evaluate, in_doubt
from ...effective.native_rule import NativeRule, RuleSource, block_source
from ...effective.syntax import is_empty, objects_in, refuse, shaped_whole, unwrapped
from ...model.text import few, printable
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


class _ListedFirewall(Struct):
    inbound_rules: list[object] | None
    name: str = ""
    id: str = ""
    tags: list[str] | None = None
    droplet_ids: list[int | str] | None = None
    status: str = ""
    pending_changes: list[object] | None = None


(FIREWALL,) = DIGITALOCEAN.made
HARMLESS = ("created_at", "outbound_rules")
EXPECTED = f"must be firewalls, as {DIGITALOCEAN.listing} prints them"

NAMED = {
    "tags": "tag",
    "droplet_ids": "droplet",
    "load_balancer_uids": "load-balancer",
    "kubernetes_ids": "kubernetes",
}
"""Sources that are not addresses, and what they are called here."""


def recognises(value: object) -> bool:
    if isinstance(value, Mapping):
        value = value.get("firewalls") or [value.get("firewall") or value]
    return isinstance(value, list) and any(isinstance(one, Mapping) and "inbound_rules" in one for one in value)


def read(value: object, asked: Selection) -> EffectiveRules:
    """What the firewall admits, or all that are asked for together: a Droplet adds them up.

    Raises:
        NotAFirewall: another shape; several firewalls and none chosen; one chosen that is not there.
    """
    firewalls = _listed(value)
    if not firewalls and not asked.groups:
        return DIGITALOCEAN.without_firewall()
    chosen = _chosen([firewall for firewall, _ in firewalls], asked)
    mine = [(firewall, why or _unsettled(firewall)) for firewall, why in firewalls if firewall in chosen]
    parsed = [parsed for firewall, why in mine for parsed in _parsed(firewall, why)]
    parsed.sort(key=lambda one: one.allows)  # a deny wins
    members = tuple(name for one in chosen for name in _members(one))
    adopted = tuple(map(_adopted, chosen))
    found = evaluate(", ".join(one.name for one in chosen), parsed, members=members, adopted=adopted)
    return replace(found, notes=tuple(_notes(chosen)))


def listed(value: object) -> tuple[ImportEntry, ...]:
    """Every firewall of the listing."""
    return tuple(_adopted(one) for one, _ in _listed(value))


def _listed(value: object) -> list[tuple[_ListedFirewall, str]]:
    """The firewalls, each with why it is not understood; "" if it is."""
    _refuse_a_page(value)
    content = unwrapped(value, DIGITALOCEAN.listing, ("firewalls", "firewall"), (), ("links", "meta"))
    return [shaped_whole(one, _ListedFirewall, "firewalls", HARMLESS) for one in objects_in(content, EXPECTED, "")]


def _adopted(firewall: _ListedFirewall) -> ImportEntry:
    entries = [shaped_whole(one, _ListedRule, "inbound_rules")[0] for one in firewall.inbound_rules or ()]
    flows = (one.protocol if (one.ports or "") in WHOLE else f"{one.protocol}/{one.ports}" for one in entries)
    members = tuple(_members(firewall))
    return ImportEntry(
        type=FIREWALL,
        name=firewall.name or firewall.id,
        id=firewall.id,
        members=members,
        shown=f"{few(flows, MOST_SHOWN) or 'nothing'} to {few(members, MOST_SHOWN) or 'no Droplet'}",
        removal=f"doctl compute firewall delete {quote(firewall.id)}",
    )


MOST_SHOWN = 6


def _notes(firewalls: list[_ListedFirewall]) -> Iterator[str]:
    """That no Droplet has them, or not all of them: which Droplets have a tag is not in the listing."""
    for one in firewalls:
        is_told = one.tags is not None or one.droplet_ids is not None
        if is_told and not (one.tags or one.droplet_ids):
            yield f"{printable(one.name or one.id)} is attached to no Droplet and no tag, so that it protects nothing"
    named = [frozenset(map(str, one.droplet_ids or ())) for one in firewalls if not one.tags]
    if all(named) and len(named) > 1 and not frozenset.intersection(*named):
        yield "no Droplet has all of these firewalls, so that no Droplet admits what they admit together"


def _refuse_a_page(value: object) -> None:
    """A body of the API holds 20 firewalls unless it is asked for more."""
    if not isinstance(value, Mapping) or "firewalls" not in value:
        return
    links, meta, listed = (value.get(key) for key in ("links", "meta", "firewalls"))
    pages = links.get("pages") if isinstance(links, Mapping) else None
    total = meta.get("total") if isinstance(meta, Mapping) else None
    is_cut = isinstance(total, int) and isinstance(listed, list) and total > len(listed)
    if is_cut or not is_empty(pages):
        hint = f"give what {DIGITALOCEAN.listing} prints"
        raise refuse("", "", "is one page of several, so that firewalls may lack", hint)


def _unsettled(firewall: _ListedFirewall) -> str:
    """Why its rules may not be in force; "" if they are: that is so once no change is pending (API, Firewalls)."""
    if firewall.status == "failed" or firewall.pending_changes:
        return "has changes that are pending or have failed, so that its rules may not be in force"
    return ""


def _chosen(firewalls: list[_ListedFirewall], asked: Selection) -> list[_ListedFirewall]:
    names = ", ".join(one.name or one.id for one in firewalls)
    if not asked.groups and len(firewalls) > 1:
        raise refuse("", names, "must be one firewall", "say which are meant: --group NAME")
    for group in asked.groups:
        if not any(group in (one.name, one.id) for one in firewalls):
            raise refuse("--group", group, "must be a firewall of the file", f"it has {names or 'none'}")
    return [one for one in firewalls if not asked.groups or {one.name, one.id} & set(asked.groups)]


def _members(firewall: _ListedFirewall) -> Iterator[str]:
    yield from (f"tag {tag}" for tag in firewall.tags or ())
    yield from (f"droplet {one}" for one in firewall.droplet_ids or ())


def _parsed(firewall: _ListedFirewall, why: str) -> Iterator[ParsedRule]:
    if why:
        yield from in_doubt(firewall.name or "firewall", why)
    for given in firewall.inbound_rules or ():
        entry, doubt = shaped_whole(given, _ListedRule, f"{firewall.name}: inbound_rules")
        rule = _native(f"{firewall.name}: inbound {entry.protocol} {entry.ports or 'all'}", entry, doubt)
        yield from rule.parts if entry.action in ACTIONS else rule.either_way


def _native(name: str, entry: _ListedRule, doubt: str) -> NativeRule:
    """Ports of TCP and UDP are always there, "0" for all; and so are sources."""
    given, strange = shaped_whole(entry.sources or {}, _ListedSources, name)
    blocks = [block_source(text, name) for text in given.addresses or ()]
    named = [f"{what} {one}" for kind, what in NAMED.items() for one in getattr(given, kind) or ()]
    sources = (*blocks, *(RuleSource(one, name=one) for one in named))
    lacking = ("" if sources else "has no source") or ("" if entry.ports is not None else "names no ports")
    why = doubt or (f"is from a source that {strange}" if strange else lacking)
    return native_rule(name, entry.protocol, entry.ports, () if why else sources, action=entry.action, unread=why)
