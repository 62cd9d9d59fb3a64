"""Hetzner Cloud's firewalls as hcloud and the API list them, judged packet by packet.

From the API reference, Firewalls: sources are a union, every rule allows, "any" is all ports; what no inbound rule
allows is denied.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ..strategies import pick
from . import BLOCKS, MAYBE, NO, YES, Packet, also, besides, fate, is_strange, within

FIREWALL = {"id", "name", "labels", "created", "rules", "applied_to"}
RULE = {"direction", "protocol", "port", "source_ips", "destination_ips", "description"}


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    port = pick(draw, [{"port": text} for text in ("443", "442-500", "any", None, "7880")] + [{}])
    protocol = pick(draw, ["tcp", "tcp", "udp", "icmp", "gre", "esp", "quic"])
    sources = pick(draw, [{}, {"source_ips": None}] + [None] * 8)
    if sources is None:
        sources = {"source_ips": draw(st.lists(st.sampled_from(BLOCKS), max_size=2))}
    others = pick(draw, [{"destination_ips": []}] * 6 + [{}, {"destination_ips": ["10.0.0.0/8"]}])
    described = pick(draw, [{}, {"description": None}, {"description": "media"}])
    way = pick(draw, ["in"] * 6 + ["out", "both"])
    return {"direction": way, "protocol": protocol, **port, **sources, **others, **described, **draw(besides())}


@st.composite
def listings(draw: st.DrawFn) -> Any:
    server = {"type": "server", "server": {"id": 7}}
    label = {"type": "label_selector", "label_selector": {"selector": "app=lk"}, "applied_to_resources": [server]}
    to = pick(draw, [{"applied_to": []}, {"applied_to": [server]}, {"applied_to": [label, server]}, {}])
    given = draw(st.lists(rules(), max_size=4))
    one = {"id": 1, "name": "media", "labels": {"a": "b"}, "rules": given, **to, **draw(besides())}
    page = {"pagination": {"page": 1, "next_page": None, "previous_page": None}}
    return pick(draw, [[one], one, {"firewalls": [one], "meta": page}, {"firewall": one}])


def judge(listing: Any, packet: Packet) -> str:
    one = listing[0] if isinstance(listing, list) else listing.get("firewall") or listing.get("firewalls") or listing
    one = one[0] if isinstance(one, list) else one
    doubt = MAYBE if is_strange(one, FIREWALL) else NO
    return fate([(doubt, False), (doubt, True), *((_rule(rule, packet), True) for rule in one["rules"])])


def _rule(rule: dict[str, Any], packet: Packet) -> str:
    source, protocol, port = packet
    is_odd = is_strange(rule, RULE)
    if rule["direction"] == "out" and not is_odd:
        return NO
    word, text = rule["protocol"], rule.get("port")
    if word in ("icmp", "gre", "esp") or (word in ("tcp", "udp") and word != protocol):
        return NO
    first, _, last = (text or "").partition("-")
    ports = YES if text in ("any", None) or int(first) <= port <= int(last or first) else NO
    if word == "quic" or text is None:
        ports = MAYBE
    if ports == NO:
        return NO
    who = rule.get("source_ips") or []
    if is_odd or not who or rule["direction"] != "in" or rule.get("destination_ips"):
        return MAYBE
    return also(ports, YES if within(source, who) else NO)
