"""DigitalOcean's firewalls as doctl and the API list them, judged packet by packet.

From the API reference, Firewalls: sources are a union; a deny wins over every allow; "0" and "all" are all ports.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ..strategies import pick
from . import BLOCKS, MAYBE, NAMED, NO, YES, Packet, also, besides, either, fate, is_strange, within

FIREWALL = {"id", "name", "status", "created_at", "droplet_ids", "tags", "pending_changes", "inbound_rules"}
FIREWALL |= {"outbound_rules"}
KINDS = {"tags", "droplet_ids", "load_balancer_uids", "kubernetes_ids"}


@st.composite
def sources(draw: st.DrawFn) -> dict[str, Any]:
    more: list[dict[str, Any]] = [{}, {}, {}, {"tags": ["web"]}, {"droplet_ids": [7]}, {"load_balancer_uids": ["lb"]}]
    more += [{"vpc_uuids": ["v"]}, {"kubernetes_ids": None}]
    return {"addresses": draw(st.lists(st.sampled_from(BLOCKS), max_size=2)), **pick(draw, more)}


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    ports = pick(draw, [{"ports": text} for text in ("443", "442-500", "0", "all", "", "7880")] + [{}])
    actions = [{}, {}, {}, {"action": "allow"}, {"action": "deny"}, {"action": "deny"}, {"action": "log"}]
    who = pick(draw, [{"sources": draw(sources())}] * 8 + [{}, {"sources": {}}])
    protocol = pick(draw, ["tcp", "tcp", "udp", "icmp", "sctp", "quic"])
    return {"protocol": protocol, **ports, **who, **pick(draw, actions), **draw(besides())}


@st.composite
def listings(draw: st.DrawFn) -> Any:
    state = pick(draw, [{}] * 5 + [{"status": "failed"}, {"pending_changes": [{"droplet_id": 1}]}])
    one = {"id": "1", "name": "media", "inbound_rules": draw(st.lists(rules(), max_size=4)), **state, **draw(besides())}
    return pick(draw, [[one], one, {"firewalls": [one], "links": {}, "meta": {"total": 1}}, {"firewall": one}])  # fmt: skip  # noqa: E501


def judge(listing: Any, packet: Packet) -> str:
    one = listing[0] if isinstance(listing, list) else listing.get("firewall") or listing.get("firewalls") or listing
    one = one[0] if isinstance(one, list) else one
    is_odd = is_strange(one, FIREWALL) or one.get("status") == "failed" or bool(one.get("pending_changes"))
    doubt = MAYBE if is_odd else NO
    walk = [(doubt, False), (doubt, True)]
    for rule in one["inbound_rules"]:
        action = rule.get("action", "allow")
        match = _rule(rule, packet)
        if action not in ("allow", "deny"):
            match = NO if match == NO else MAYBE
        walk += [(match, act) for act in ([True] if action == "allow" else [False] if action == "deny" else [False, True])]  # fmt: skip  # noqa: E501
    return fate(sorted(walk, key=lambda step: (step[1], step[0] == YES)))


def _rule(rule: dict[str, Any], packet: Packet) -> str:
    source, protocol, port = packet
    word, text = rule["protocol"], rule.get("ports")
    if word in ("icmp", "sctp") or (word in ("tcp", "udp") and word != protocol):
        return NO
    first, _, last = (text or "").partition("-")
    is_all = text in ("0", "all", "", None)
    ports = MAYBE if word == "quic" else YES if is_all or int(first) <= port <= int(last or first) else NO
    if ports == NO:
        return NO
    given = rule.get("sources") or {}
    who = given.get("addresses", [])
    named = any(given.get(kind) for kind in KINDS)
    is_odd = is_strange(rule, {"protocol", "ports", "sources", "action"}) or is_strange(given, {"addresses", *KINDS})
    if is_odd or text is None or not (who or named):
        return MAYBE
    return also(ports, either([YES if within(source, who) else NO, NAMED if named else NO]))
