"""Security groups as EC2 lists them, judged packet by packet.

From the EC2 API reference: a rule has one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupInfo; -1 is every
protocol; a protocol by another number than TCP's or UDP's has no ports that are looked at.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ..strategies import pick
from . import BLOCKS, MAYBE, NAMED, NO, YES, Packet, also, besides, either, fate, is_strange, within

RULE = {"SecurityGroupRuleId", "GroupId", "GroupOwnerId", "IsEgress", "IpProtocol", "FromPort", "ToPort", "CidrIpv4"}
RULE |= {"CidrIpv6", "PrefixListId", "ReferencedGroupInfo", "Description", "Tags", "SecurityGroupRuleArn"}
GROUP = {"GroupId", "GroupName", "Description", "OwnerId", "VpcId", "Tags", "IpPermissions", "IpPermissionsEgress"}
GROUP |= {"SecurityGroupArn"}
LISTS = {"IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"}
PERMISSION = {"IpProtocol", "FromPort", "ToPort", *LISTS}
PAIR = {"GroupId", "GroupName", "VpcPeeringConnectionId", "UserId", "Description", "PeeringStatus", "VpcId"}

PROTOCOLS = st.sampled_from(["tcp", "udp", "-1", "6", "17", "icmp", "icmpv6", "58", "50", "kraken", ""])
PORTS = st.sampled_from([(443, 443), (22, 500), (0, 65535), (-1, -1), (7880, 50000), (None, None)])
PAIRS = [{"GroupId": "sg-2"}, {"GroupId": "sg-2", "PeeringStatus": "active"}, {"GroupId": "sg-2", "UserId": "1"}]
PAIRS += [{"GroupId": "sg-3", "PeeringStatus": "deleted"}, {"GroupId": "sg-3", "Cluster": "x"}]


@st.composite
def subjects(draw: st.DrawFn) -> dict[str, Any]:
    first, last = draw(PORTS)
    ports = {} if first is None else {"FromPort": first, "ToPort": last}
    return {"IpProtocol": draw(PROTOCOLS), **ports, **draw(besides())}


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    sources: list[dict[str, Any]] = [
        *({"CidrIpv6" if ":" in block else "CidrIpv4": block} for block in BLOCKS),
        *({"ReferencedGroupInfo": pair} for pair in PAIRS),
        *({"PrefixListId": "pl-1"}, {}, {"PrivateLinkId": "vpce-1"}),
    ]
    way = pick(draw, [{"IsEgress": False}] * 6 + [{"IsEgress": True}, {}])
    return {"GroupId": "sg-1", **way, **draw(subjects()), **pick(draw, sources)}


@st.composite
def groups(draw: st.DrawFn) -> dict[str, Any]:
    made = []
    for subject in draw(st.lists(subjects(), max_size=3)):
        blocks = draw(st.lists(st.sampled_from(BLOCKS), max_size=2, unique=True))
        made.append({
            **subject,
            "IpRanges": [{"CidrIp": one, **draw(besides())} for one in blocks if ":" not in one],
            "Ipv6Ranges": [{"CidrIpv6": one} for one in blocks if ":" in one],
            "PrefixListIds": pick(draw, [[], [], [{"PrefixListId": "pl-1"}]]),
            "UserIdGroupPairs": draw(st.lists(st.sampled_from(PAIRS), max_size=1)),
        })  # fmt: skip
    return {
        "GroupId": "sg-1",
        "GroupName": "media",
        "IpPermissions": made,
        "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
        **draw(besides()),
    }


def listings() -> st.SearchStrategy[Any]:
    of_rules = st.lists(rules(), min_size=1, max_size=5).map(lambda some: {"SecurityGroupRules": some})
    return of_rules | groups().map(lambda one: {"SecurityGroups": [one]})


def judge(listing: Any, packet: Packet) -> str:
    if "SecurityGroupRules" in listing:
        return fate((_rule(one, packet), True) for one in listing["SecurityGroupRules"])
    (group,) = listing["SecurityGroups"]
    doubt = MAYBE if is_strange(group, GROUP) else NO
    own = [(match, True) for one in group["IpPermissions"] for match in _permission(one, packet)]
    return fate([(doubt, False), (doubt, True), *own])


def _ports(rule: dict[str, Any], packet: Packet) -> str:
    _, protocol, port = packet
    word, first, last = rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort")
    if word == "-1":
        return YES
    if word in ("icmp", "icmpv6", "58", "50"):
        return NO
    if word not in ("tcp", "6", "udp", "17"):
        return MAYBE
    if (word in ("tcp", "6")) != (protocol == "tcp"):
        return NO
    if first is None:
        return MAYBE
    return YES if first == -1 or first <= port <= last else NO


def _pair(pair: dict[str, Any]) -> str:
    is_known = not is_strange(pair, PAIR) and pair.get("PeeringStatus", "active") == "active"
    return NAMED if is_known else MAYBE


def _rule(rule: dict[str, Any], packet: Packet) -> str:
    if rule.get("IsEgress"):
        return NO
    ports = _ports(rule, packet)
    block = rule.get("CidrIpv4") or rule.get("CidrIpv6")
    pair = rule.get("ReferencedGroupInfo")
    if "IsEgress" not in rule or is_strange(rule, RULE):
        source = MAYBE
    elif block:
        source = YES if within(packet[0], [block]) else NO
    else:
        source = _pair(pair) if pair else MAYBE
    # nothing is known of who a rule without ports is for
    return MAYBE if ports == MAYBE and rule["IpProtocol"] in ("tcp", "6", "udp", "17") else also(ports, source)


def _permission(one: dict[str, Any], packet: Packet) -> list[str]:
    ports = _ports(one, packet)
    if ports == NO:
        return []
    if ports == MAYBE and one["IpProtocol"] in ("tcp", "6", "udp", "17"):
        return [MAYBE]
    if is_strange(one, PERMISSION) or not any(one[name] for name in LISTS):
        return [MAYBE]
    found = [MAYBE for _ in one["PrefixListIds"]] + [_pair(pair) for pair in one["UserIdGroupPairs"]]
    for given in (*one["IpRanges"], *one["Ipv6Ranges"]):
        block = given.get("CidrIp") or given.get("CidrIpv6")
        strange = is_strange(given, {"CidrIp", "CidrIpv6", "Description"})
        found.append(MAYBE if strange else YES if within(packet[0], [block]) else NO)
    return [also(ports, either([one])) for one in found]
