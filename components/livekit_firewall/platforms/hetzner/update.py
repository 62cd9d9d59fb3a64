"""What becomes of an update of Hetzner Cloud's firewalls, though the provider's preview lets it pass.

The API refuses names that another firewall has, ports that are none, rules without the source of their direction, and
more than it holds. The provider loses rules with blocks that are not canonical when something else of the firewall
changes (terraform-provider-hcloud#931); `record.py` has what it leaves. What a firewall is applied to is one list,
`applyTos`; an attachment beside it, or a second one, undoes it (`firewallattachment/resource.go`).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from ...effective.property_values import is_hidden, listed, whole
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.update import Claim, Operation, Outcome, Told, clashes, some
from ...model.ports import MAX_PORT
from ...model.text import printable
from .attachments import selectors_of, selects
from .from_pulumi import SERVERS, firewalls_of, members_of, side_of
from .limits import LIMITS
from .names import MOST
from .native import ANY_PORT
from .record import ATTACHMENT, FIREWALL, SERVER

PEERS = {"in": "sourceIps", "out": "destinationIps"}


def outcome(operations: Sequence[Operation], names: ResourceNames) -> Outcome:
    fights = (*_fights(operations, names), *_taken_off(operations, names))
    found = Outcome(refused=(*_named_twice(operations), *_not_public(operations, names)), fights=fights)
    for one in operations:
        if one.type == FIREWALL and one.writes and one.after:
            found = found.joined(
                Outcome(refused=tuple(Told(one.name, text) for text in _problems(one.after, one.name)))
            )
        if one.type == FIREWALL and one.updates and one.after:
            found = found.joined(_lost(one, one.after))
    return found


def _lost(one: Operation, after: Resource) -> Outcome:
    """The rules that an update in place takes away though the program has them."""
    given = listed(after.declared.get("rules"))
    loose = [rule for rule in given if _is_loose(rule)]
    if not loose:
        return Outcome()
    blocks = some(block for rule in loose for block in _loose_blocks(rule))
    if "rules" in after.changed or not after.changed:
        return Outcome(unknown=(f"{one.name}: the provider may lose its rules for {blocks}, which are not canonical",))
    left = replace(after, inputs={**after.inputs, "rules": [rule for rule in given if rule not in loose]})
    text = f"{one.name} loses its rules for {blocks}, since the provider does not send blocks that are not canonical"
    return Outcome({one.urn: left}, notes=(f"{text}.",))


def _is_loose(rule: object) -> bool:
    return any(True for _ in _loose_blocks(rule))


def _loose_blocks(rule: object) -> Iterator[str]:
    for field in PEERS.values() if isinstance(rule, Mapping) else ():
        for block in listed(rule.get(field)) if isinstance(rule, Mapping) else ():
            if isinstance(block, str) and not is_hidden(block) and _canonical(block) not in (None, block):
                yield printable(block, 60)


def _canonical(text: str) -> str | None:
    """None for what is no block, and so refused."""
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        return None


def _named_twice(operations: Sequence[Operation]) -> Iterator[Told]:
    claims = []
    for one in operations:
        if one.type == FIREWALL:
            old, new = (frozenset(_name(side)) for side in (one.before, one.after))
            claims.append(Claim(one, old, new, new - old if one.writes else frozenset()))
    for clash in clashes(claims):
        other = clash.holding.by.name
        text = f"{clash.asking.by.name} has the name of {other}, and a project holds one firewall of a name"
        text += "" if clash.is_sure else f": refused if it comes before {other} is changed"
        yield Told(clash.asking.by.name, text)


def _name(one: Resource | None) -> Iterator[str]:
    name = one.inputs.get("name") if one else None
    if isinstance(name, str) and not is_hidden(name):
        yield name


def _fights(operations: Sequence[Operation], names: ResourceNames) -> Iterator[Told]:
    """Attachments of one firewall beside each other or beside its own list, servers that name it beside its list."""
    before, after = (
        dict(_beside(side_of([one for one in side if one], names), names))
        for side in ([one.before for one in operations], [one.after for one in operations])
    )
    for firewall, others in after.items():
        end = "each update takes off what the others apply, and those servers are open"
        text = f"{some([*others, firewall])} apply one firewall: {end}"
        yield Told(firewall, text, before.get(firewall) != others)


def _beside(resources: Sequence[Resource], names: ResourceNames) -> Iterator[tuple[str, list[str]]]:
    for firewall in resources:
        if firewall.type == FIREWALL:
            mine = [one for one in resources if firewall.urn in firewalls_of(one, names)]
            has_list = bool(firewall.declared.get("applyTos"))
            others = [one.name for one in mine if has_list or one.type == ATTACHMENT]
            if len(others) > (0 if has_list else 1):
                yield firewall.name, others


def _taken_off(operations: Sequence[Operation], names: ResourceNames) -> Iterator[Told]:
    """Servers that name their firewalls and have another by a label: the provider compares with all that they have
    (terraform-provider-hcloud#911).
    """
    before, after = (
        set(_by_label_besides(side_of([one for one in side if one], names), names))
        for side in ([one.before for one in operations], [one.after for one in operations])
    )
    for server, wall in sorted(after):
        text = f"{server} names its firewalls, and {wall} is applied to it by its label: "
        text += f"an update of {server} tries to take {wall} off, and is refused"
        yield Told(server, text, (server, wall) not in before)


def _by_label_besides(resources: Sequence[Resource], names: ResourceNames) -> Iterator[tuple[str, str]]:
    for server in resources:
        given = server.declared
        if server.type != SERVER or not given.get("firewallIds") or given.get("ignoreRemoteFirewallIds"):
            continue
        named = frozenset(firewalls_of(server, names))
        for wall in resources:
            if wall.type == FIREWALL and wall.urn not in named:
                found = selectors_of([wall], names)
                if any(selects(one, server.inputs.get("labels")) for one in found):
                    yield server.name, wall.name


def _not_public(operations: Sequence[Operation], names: ResourceNames) -> Iterator[Told]:
    """The API's `private_net_only_server`. A server that has the label is passed over."""
    private = {one.urn: one.name for one in names.at_the_end if one.type == SERVER and _is_private(one)}
    for one in operations:
        if one.type == FIREWALL and one.writes and one.after:
            for member in members_of(one.after, names):
                if name := private.get(member.removeprefix(f"{SERVERS} ")):
                    text = f"{one.name} is applied to {name}, which has no public interface: it can have no firewall"
                    yield Told(one.name, text)


def _is_private(server: Resource) -> bool:
    nets = listed(server.inputs.get("publicNets"))
    return bool(nets) and all(
        isinstance(one, Mapping) and one.get("ipv4Enabled") is False and one.get("ipv6Enabled") is False for one in nets
    )


def _problems(one: Resource, shown: str) -> Iterator[str]:
    for name in _name(one):
        if not 1 <= len(name) <= MOST:
            yield f"{shown} has a name of {len(name)} characters, and a name has 1 to {MOST}"
    rules = [rule for rule in listed(one.inputs.get("rules")) if isinstance(rule, Mapping) and not is_hidden(rule)]
    for rule in rules:
        yield from _rule_problems(rule, shown)


def _rule_problems(rule: Mapping[str, object], shown: str) -> Iterator[str]:
    direction, protocol, port = (rule.get(key) for key in ("direction", "protocol", "port"))
    if is_hidden(direction) or is_hidden(protocol) or is_hidden(port):
        return
    text = "" if port is None else str(whole(port))
    if protocol in ("tcp", "udp"):
        if not text:
            yield f"{shown} has a rule of {protocol} without a port"
        elif text != ANY_PORT and not _are_ports(text):
            yield f"{shown} has a rule for ports {printable(text, 40)}, which are none"
    elif text:
        yield f"{shown} has a rule of {printable(str(protocol), 20)} with a port, which has none"
    if direction in PEERS:
        own = PEERS[str(direction)]
        (other,) = {*PEERS.values()} - {own}
        if rule.get(own) in (None, []) or rule.get(other) not in (None, []):
            yield f"{shown} has a rule that is {direction}, which needs {own} and no {other}"
    description = rule.get("description")
    most = LIMITS["characters of a description"]
    if isinstance(description, str) and not is_hidden(description) and len(description) > most:
        yield f"{shown} has a description of {len(description)} characters, and a rule holds {most}"


def _are_ports(text: str) -> bool:
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", text)
    return found is not None and 1 <= int(found[1]) <= int(found[2] or found[1]) <= MAX_PORT
