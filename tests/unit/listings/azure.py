"""Network security groups as az lists them, judged packet by packet.

From the REST reference (SecurityRulePropertiesFormat), the overview of network security groups (the lowest priority
decides; the default rules) and "Virtual network service tags".
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ..strategies import pick
from . import MAYBE, NAMED, NO, YES, Packet, also, besides, either, fate, is_strange, within

RULE = {"name", "priority", "access", "direction", "protocol", "description", "id", "etag", "type", "resourceGroup"}
RULE |= {"provisioningState", "sourceAddressPrefix", "sourceAddressPrefixes", "sourcePortRange", "sourcePortRanges"}
RULE |= {"destinationAddressPrefix", "destinationAddressPrefixes", "destinationPortRange", "destinationPortRanges"}
RULE |= {"sourceApplicationSecurityGroups", "destinationApplicationSecurityGroups"}
GROUP = {"name", "id", "location", "securityRules", "defaultSecurityRules", "provisioningState", "subnets", "tags"}
INSIDE = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "168.63.129.16/32"]

SOURCES = [
    {"sourceAddressPrefix": text}
    for text in (
        *("*", "Any", "0.0.0.0/0", "::/0", "10.0.0.0/24", "203.0.113.7", "2001:db8::/32", "VirtualNetwork", "Internet"),
        *("internet", "AzureLoadBalancer", "Storage.WestEurope", "AzureCloud"),
    )
]
SOURCES += [
    {"sourceAddressPrefix": "", "sourceAddressPrefixes": ["10.0.0.0/8", "203.0.113.0/24"]},
    {"sourceAddressPrefixes": ["10.0.0.0/24", "Storage"], "sourceAddressPrefix": None},
    {"sourceApplicationSecurityGroups": [{"id": "/x/web"}]}, {}, {"sourceIpGroups": ["g"]},
]  # fmt: skip
PORTS = [{"destinationPortRange": text} for text in ("443", "442-500", "*", "*", "7880", "0-65535")]
PORTS += [{"destinationPortRanges": ["22", "443"], "destinationPortRange": ""}, {"destinationPortRange": None}]
PLACES = [
    {"destinationAddressPrefix": text} for text in ("*",) * 8 + ("VirtualNetwork", "0.0.0.0/0", "::/0", "10.0.0.4")
]
PLACES += [
    {"destinationApplicationSecurityGroups": [{"id": "/x/web"}]},
    {"destinationAddressPrefixes": ["10.0.0.0/24"]},
]
FROM = [{"sourcePortRange": text} for text in ("*",) * 12 + ("0-65535", "5060", "1024-65535")] + [{}]


@st.composite
def rules(draw: st.DrawFn, priority: int) -> dict[str, Any]:
    one = {
        "name": f"r{priority}", "priority": priority,
        "access": pick(draw, ["Allow", "Allow", "Allow", "Deny", "deny", "Audit"]),
        "direction": pick(draw, ["Inbound"] * 6 + ["inbound", "Outbound", "Both"]),
        "protocol": pick(draw, ["Tcp", "Udp", "*", "TCP", "Icmp", "Esp", "Ah", "Quic"]),
        **pick(draw, FROM), **pick(draw, SOURCES), **pick(draw, PORTS),
        **pick(draw, PLACES), **draw(besides()),
        **pick(draw, [{}] * 9 + [{"provisioningState": "Failed"}, {"provisioningState": "Succeeded"}]),
    }  # fmt: skip
    if draw(st.integers(0, 3)):
        return one
    return {"name": one.pop("name"), "id": "/x/networkSecurityGroups/media/securityRules/r", "properties": one}


@st.composite
def listings(draw: st.DrawFn) -> Any:
    numbers = draw(st.lists(st.sampled_from([100, 110, 120, 4096]), max_size=4))
    own = [draw(rules(number)) for number in numbers]
    if own and draw(st.booleans()):
        return own
    group = {"securityRules": own, **draw(besides())}
    if draw(st.booleans()):
        return {"name": "media", "properties": group}
    return pick(draw, [[{"name": "media", **group}], {"name": "media", **group}, {"value": [group]}])


DEFAULT = {
    "access": "Allow",
    "direction": "Inbound",
    "protocol": "*",
    "sourcePortRange": "*",
    "destinationPortRange": "*",
}


def judge(listing: Any, packet: Packet) -> str:
    """Addresses of `INSIDE` are surely not `Internet` as a public address is. Where it makes no difference whether
    they are of `VirtualNetwork` or outside of it, which is what `Internet` is defined by, their packets are open.
    """
    if within(packet[0], INSIDE) and all(_judged(listing, packet, side) == "open" for side in (True, False)):
        return "open"
    return _judged(listing, packet, None)


def _judged(listing: Any, packet: Packet, is_inside: bool | None) -> str:
    found = listing.get("value", listing) if isinstance(listing, dict) else listing
    listed = found if isinstance(found, list) else [found]
    flat = [{**one, **one.get("properties", {})} for one in listed]
    own = flat[0].get("securityRules", flat)
    doubt = MAYBE if own is not flat and is_strange(flat[0], {*GROUP, "properties"}) else NO
    every = [{**one, **one.get("properties", {})} for one in own]
    every.append({**DEFAULT, "name": "vnet", "priority": 65000, "sourceAddressPrefix": "VirtualNetwork"})
    every = sorted((one for one in every if one["direction"].lower() != "outbound"), key=lambda one: one["priority"])
    walk = [(doubt, False), (doubt, True)]
    for one in every:
        equal = {other["access"].lower() for other in every if other["priority"] == one["priority"]}
        match, word = _rule(one, packet, is_inside), one["access"].lower()
        if (len(equal) > 1 and match != NO) or (word not in ("allow", "deny") and match != NO):
            match = MAYBE
        if len(equal) > 1 and _ports(one, packet) != NO:
            match = MAYBE
        walk += [(match, act) for act in ([True] if word == "allow" else [False] if word == "deny" else [False, True])]
    return fate(walk)


def _ports(rule: dict[str, Any], packet: Packet) -> str:
    word, (_, protocol, port) = rule["protocol"].lower(), packet
    if word in ("icmp", "esp", "ah") or (word in ("tcp", "udp") and word != protocol):
        return NO
    texts = [rule.get("destinationPortRange"), *rule.get("destinationPortRanges", [])]
    ranges = [text.partition("-") for text in texts if text]
    if not ranges or word == "quic":
        return MAYBE
    return YES if any(a == "*" or int(a) <= port <= int(b or a) for a, _, b in ranges) else NO


def _rule(rule: dict[str, Any], packet: Packet, is_inside: bool | None) -> str:
    ports = _ports(rule, packet)
    if ports == NO:
        return NO
    sources = [text for text in (rule.get("sourceAddressPrefix"), *(rule.get("sourceAddressPrefixes") or [])) if text]
    groups = rule.get("sourceApplicationSecurityGroups", [])
    has_ports = any(rule.get(name) for name in ("destinationPortRange", "destinationPortRanges"))
    is_odd = is_strange(rule, {*RULE, "properties"}) or rule.get("provisioningState", "Succeeded") != "Succeeded"
    if is_odd or not (sources or groups) or not has_ports or rule["direction"] == "Both" or not rule.get("sourcePortRange"):  # fmt: skip  # noqa: E501
        return MAYBE
    denies = rule["access"].lower() == "deny"
    each = [*(_source(text, packet[0], denies, is_inside) for text in sources), *(NAMED for _ in groups)]
    if rule["sourcePortRange"] in ("*", "0-65535"):
        return also(also(ports, either(each)), _place(rule, packet[0]))
    # Whoever may choose a port is let in: not surely, and no rule of this kind closes it. So it is for each source, as
    # if each had a rule of its own: that one surely is no match says nothing of another.
    matches = [also(also(ports, who), _place(rule, packet[0])) for who in each]
    return either([NO if one == YES and not denies else one if one in (NO, NAMED) else MAYBE for one in matches])


def _source(text: str, source: str, denies: bool, is_inside: bool | None) -> str:
    word = text.lower()
    if word in ("*", "any"):
        return YES
    if word == "internet":
        if within(source, INSIDE):
            return YES if is_inside is False else NO
        return MAYBE if denies else YES
    if word == "virtualnetwork":
        return NAMED if is_inside is None else YES if is_inside else NO
    if word == "azureloadbalancer":
        return NO
    if word.startswith(("storage", "azurecloud")):
        return MAYBE
    return YES if within(source, [text]) else NO


def _place(rule: dict[str, Any], source: str) -> str:
    if rule.get("destinationApplicationSecurityGroups"):
        return MAYBE
    places = [
        text for text in (rule.get("destinationAddressPrefix"), *rule.get("destinationAddressPrefixes", [])) if text
    ]
    if not places or {"*", "VirtualNetwork"} & set(places):
        return YES
    if not set(places) <= {"0.0.0.0/0", "::/0"}:
        return MAYBE
    return YES if within(source, places) else NO
