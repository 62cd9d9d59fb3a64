"""What has which firewalls on Hetzner Cloud: servers by their ids and labels, and by their own `firewallIds`.

The provider takes off what goes before it applies what comes, for `applyTos` and `firewallIds` (firewall/resource.go,
server/resource.go). In which order a change of labels has its effect is not documented.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...effective.property_values import is_hidden
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.urns import type_of
from ..attachments import Attachment
from .from_pulumi import SELECTORS, SERVERS, firewalls_of, members_of
from .record import ATTACHMENT, FIREWALL, SERVER


def attachments(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
    """By the keys of snapshots: those of selectors, and of servers by their own or by an id that is not known yet."""
    selectors = selectors_of(resources, names)
    for one in resources:
        if one.type == FIREWALL:
            servers = [urn for urn in one.depends.get("applyTos", ()) if type_of(urn) == SERVER]
            for member in members_of(one, names):
                if member.startswith(f"{SERVERS} unknown "):
                    yield from (Attachment(_key(member), urn) for urn in servers)
        elif one.type == SERVER:
            yield Attachment(_key(f"{SERVERS} {one.urn}"), one.urn)
            yield from [Attachment(_key(f"{SERVERS} {one.id}"), one.urn)] if one.id else []
            for selector in selectors:
                is_meant = selects(selector, one.inputs.get("labels"))
                if is_meant is not False:
                    yield Attachment(_key(f"{SELECTORS} {selector}") if is_meant else "", one.urn, one.urn, None)


def protections(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
    """From the firewalls themselves."""
    for one in resources:
        walls = [one.urn] if one.type == FIREWALL else firewalls_of(one, names)
        order = None if one.type == ATTACHMENT else False
        for wall in walls:
            yield from (Attachment(wall, _key(member), one.urn, order) for member in members_of(one, names))
    yield from attachments(resources, names)


def selectors_of(resources: Sequence[Resource], names: ResourceNames) -> list[str]:
    found = (member for one in resources if one.type == FIREWALL for member in members_of(one, names))
    return [one.removeprefix(f"{SELECTORS} ") for one in dict.fromkeys(found) if one.startswith(f"{SELECTORS} ")]


def selects(selector: str, labels: object) -> bool | None:
    """Whether a selector is for a server with these labels; None where that is not known. Reads `key=value` and `key`,
    joined by commas; sets and negations are not read.
    """
    given = labels if isinstance(labels, Mapping) else {}
    if is_hidden(labels) or any(sign in selector for sign in "!()"):
        return None
    for part in selector.split(","):
        key, is_value, value = part.replace("==", "=").partition("=")
        held = given.get(key.strip())
        if is_hidden(held):
            return None
        if held is None or (is_value and held != value.strip()):
            return False
    return True


def _key(member: str) -> str:
    return f"hetzner {member}"
