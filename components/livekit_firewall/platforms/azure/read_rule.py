"""One rule of a listing of Azure's -> the packets that it matches.

Source of the tags' meaning: "Virtual network service tags". `VirtualNetwork` is the address space of the network, of
its peers and of what is connected, and the prefixes of user-defined routes: a route of 0.0.0.0/0 makes it everybody,
so nothing bounds it. `Internet` is what is outside of it and public. `AzureLoadBalancer` is 168.63.129.16, which sends
nothing but health probes. What another tag holds changes weekly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from msgspec.structs import replace

from ...effective.evaluate import ParsedRule
from ...effective.native_rule import NativeRule, RuleSource, block_source
from ...model.addresses import Peer
from .listing import Rule, either
from .native import INTERNET, PROBES, PROBES_FROM, PUBLIC, VNET, native_rule, source_of


def listed_name(tag: str) -> str:
    """What a source that is a service tag is called here; "" for load balancer probes, which are no client's."""
    return {VNET.lower(): VNET, PROBES.lower(): ""}.get(tag.lower(), f"service tag {tag}")


def group_name(group: object) -> str:
    """What an application security group is called here, by its id."""
    return f"application security group {str(group).rpartition('/')[2]}"


def native(rule: Rule, known: Collection[str]) -> NativeRule:
    """As it is written; `Internet` is its public addresses.

    Args:
        known: names of sources whose addresses nobody needs to know (`Selection.lists`).
    """
    one, sources = rule.listed, tuple(_sources(rule, {name.lower(): name for name in known}))
    ports = either(one.destination_port_range, one.destination_port_ranges)
    source_ports = either(one.source_port_range, one.source_port_ranges)
    lacking = next((word for word, given in (("source", sources), ("port", ports)) if not given), "")
    unread = rule.doubt or (f"names no {lacking}" if lacking else "" if source_ports else "names no source port")
    unread = unread or ("" if one.direction.lower() == "inbound" else f"is of the direction {one.direction}")
    made = native_rule(
        one.name,
        one.access,
        one.protocol,
        ports or ["*"],
        sources,
        source_ports=source_ports,
        destinations=either(one.destination_address_prefix, one.destination_address_prefixes),
        groups=one.destination_application_security_groups or (),
    )
    return replace(made, unread=unread, sources=(), families=None) if unread else made


def parsed(rule: Rule, made: NativeRule, is_joined: bool) -> tuple[ParsedRule, ...]:
    """Its packets.

    Args:
        is_joined: whether those that `Internet` leaves out are let in anyway.
    """
    if rule.listed.access.lower() not in ("allow", "deny"):
        return made.either_way
    sources = (EVERYBODY if one.name == INTERNET and is_joined else one for one in made.sources)
    return replace(made, sources=tuple(sources)).parts


EVERYBODY = RuleSource(INTERNET, Peer.anywhere(), INTERNET)


def _sources(rule: Rule, known: Mapping[str, str]) -> Iterator[RuleSource]:
    """Which public addresses a deny of `Internet` leaves out is not known: a network may use some."""
    denies = rule.listed.access.lower() == "deny"
    for group in rule.listed.source_application_security_groups or ():
        yield RuleSource(group_name(group.id), name=group_name(group.id))
    for text in rule.sources:
        word, source = text.lower(), source_of(text, rule.listed.name)
        if word == INTERNET.lower():
            yield RuleSource(INTERNET, name=INTERNET, known=() if denies else PUBLIC, within=PUBLIC)
        elif source is not None:
            yield source
        elif word == VNET.lower():
            yield RuleSource(VNET, name=VNET)
        elif word == PROBES.lower():
            # no client's: an allow is part of the baseline
            yield block_source(PROBES_FROM, "") if denies else RuleSource(PROBES)
        elif listed_name(word) in known:
            yield RuleSource(text, name=known[listed_name(word)])
        else:
            yield RuleSource(text, unread=f"is from the service tag {text}, whose addresses are not in this JSON")
