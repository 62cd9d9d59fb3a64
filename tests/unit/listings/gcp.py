"""Google's firewall rules as gcloud lists them, judged packet by packet, for an instance with the tag `web`.

From the Compute Engine API (`firewalls`) and "VPC firewall rules": the lowest priority decides, a deny first among
equal ones; ranges, tags and accounts are a union; a rule without targets is for every instance.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ..strategies import pick
from . import MAYBE, NAMED, NO, YES, Packet, also, besides, fate, is_strange, within

TAG = "web"
KNOWN = {"name", "network", "direction", "priority", "disabled", "allowed", "denied", "sourceRanges", "sourceTags"}
KNOWN |= {"sourceServiceAccounts", "destinationRanges", "targetTags", "targetServiceAccounts", "logConfig", "kind"}
KNOWN |= {"description", "id", "selfLink", "creationTimestamp", "params"}

FLOWS = [
    {"IPProtocol": "tcp", "ports": ["443"]}, {"IPProtocol": "tcp", "ports": ["22", "442-500"]}, {"IPProtocol": "udp"},
    {"IPProtocol": "all"}, {"IPProtocol": "icmp"}, {"IPProtocol": "58"}, {"IPProtocol": "6", "ports": ["1-65535"]},
    {"IPProtocol": "TCP"}, {"IPProtocol": "kraken"}, {"IPProtocol": "tcp", "ports": ["443"], "flags": ["syn"]},
    {"IPProtocol": "udp", "ports": ["50000"]},
]  # fmt: skip
SOURCES = [
    {"sourceRanges": ["0.0.0.0/0"]}, {"sourceRanges": ["::/0"]}, {"sourceRanges": ["10.0.0.0/8", "203.0.113.0/24"]},
    {"sourceTags": ["bastion"]}, {"sourceServiceAccounts": ["a@b.c"]}, {},
    {"sourceRanges": ["10.0.0.0/24"], "sourceTags": ["bastion"]}, {"sourceSecureTags": ["tagValues/1"]},
    {"sourceAddressGroups": ["x"], "sourceRanges": ["10.0.0.0/8"]}, {"sourceFqdns": ["a.example"]},
]  # fmt: skip
TARGETS = [{}, {}, {"targetTags": [TAG]}, {"targetTags": ["db"]}, {"targetTags": ["db", TAG]}]
TARGETS += [{"targetServiceAccounts": ["x@y.z"]}, {"targetSecureTags": ["tagValues/2"]}]
PLACES = [{}, {}, {}, {"destinationRanges": ["0.0.0.0/0"]}, {"destinationRanges": ["::/0"]}]
PLACES += [{"destinationRanges": ["10.0.0.4/32"]}, {"destinationRanges": []}]


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    flows = draw(st.lists(st.sampled_from(FLOWS), min_size=1, max_size=2))
    action = pick(draw, [{"allowed": flows}] * 5 + [{"denied": flows}] * 3 + [{}, {"allowed": flows, "denied": flows}])  # fmt: skip  # noqa: E501
    way = pick(draw, [{"direction": "INGRESS"}] * 8 + [{}, {"direction": "EGRESS"}, {"direction": "BOTH"}])
    off = pick(draw, [{}] * 5 + [{"disabled": True}, {"disabled": False}])
    return {
        "name": pick(draw, "abcdef"), "network": "x/networks/default", **way, **off, **action,
        "priority": pick(draw, [1000, 1000, 999, 65534]), "logConfig": {"enable": True},
        **pick(draw, SOURCES), **pick(draw, TARGETS), **pick(draw, PLACES),
        **draw(besides()),
    }  # fmt: skip


def listings() -> st.SearchStrategy[Any]:
    some = st.lists(rules(), min_size=1, max_size=5)
    return some | some.map(lambda listed: {"kind": "compute#firewallList", "items": listed})


def judge(listing: Any, packet: Packet) -> str:
    walk = []
    for rule in listing if isinstance(listing, list) else listing["items"]:
        targets = [*rule.get("targetTags", []), *rule.get("targetServiceAccounts", [])]
        doubt = _doubt(rule)
        if rule.get("disabled") or rule.get("direction") == "EGRESS" or not (doubt or not targets or TAG in targets):
            continue
        allowed, denied = rule.get("allowed") or [], rule.get("denied") or []
        acts = [False, True] if bool(allowed) == bool(denied) else [bool(allowed)]
        # flows and sources add up: each is for all of the others
        matches = [_flow(one, packet) for one in (*allowed, *denied)] or [MAYBE]
        sources = [MAYBE] if doubt else _sources(rule, packet)
        every = [also(match, source) for match in matches for source in sources]
        walk += [((rule.get("priority", 1000), act), (match, act)) for act in acts for match in every]
    walk.sort(key=lambda one: one[0])  # a deny first
    return fate(one for _, one in walk)


def _doubt(rule: dict[str, Any]) -> bool:
    flows = [*(rule.get("allowed") or []), *(rule.get("denied") or [])]
    is_odd = is_strange(rule, KNOWN) or any(is_strange(one, {"IPProtocol", "ports"}) for one in flows)
    # a listing always says it; destinations alone are rather of egress
    has_sources = any(rule.get(name) for name in ("sourceRanges", "sourceTags", "sourceServiceAccounts"))
    is_odd = is_odd or ("direction" not in rule and bool(rule.get("destinationRanges")) and not has_sources)
    return is_odd or rule.get("direction") == "BOTH" or bool(rule.get("allowed")) == bool(rule.get("denied"))


def _flow(one: dict[str, Any], packet: Packet) -> str:
    word, (_, protocol, port) = one["IPProtocol"].lower(), packet
    names = {"6": "tcp", "17": "udp"}
    if word in ("icmp", "58"):
        return NO
    if word not in ("tcp", "udp", "6", "17", "all"):
        return MAYBE
    if word != "all" and names.get(word, word) != protocol:
        return NO
    ranges = [text.partition("-") for text in one.get("ports", [])]
    return YES if not ranges or any(int(a) <= port <= int(b or a) for a, _, b in ranges) else NO


def _sources(rule: dict[str, Any], packet: Packet) -> list[str]:
    source = packet[0]
    ranges = rule.get("sourceRanges", [])
    names = [*rule.get("sourceTags", []), *rule.get("sourceServiceAccounts", [])]
    is_in = within(source, ranges or ([] if names else ["0.0.0.0/0"]))
    return [also(one, _place(rule, source)) for one in (YES if is_in else NO, NAMED if names else NO)]


def _place(rule: dict[str, Any], source: str) -> str:
    places = rule.get("destinationRanges", [])
    if not set(places) <= {"0.0.0.0/0", "::/0"}:
        return MAYBE
    return YES if not places or within(source, places) else NO
