"""A platform's own rules: what each is called, what it admits, and which of our rules are behind it.

The fields are those of the providers' resources, as the state of a stack holds them; a rendered rule has the
same ones in snake case, so that one reader serves both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import product
from typing import Any

from msgspec import Struct

from ..model.addresses import MAX_PORT, Cidr, Identity, Peer, PortRange, Protocol
from ..model.rules import Rule
from ..model.services import Service
from ..platforms.aws.native import SELF
from ..platforms.gcp import GOOGLE_LOAD_BALANCERS
from .resources import SECRET, camel, is_hidden, is_secret


class Flow(Struct, frozen=True):
    """A protocol and its ports: `ports` where it is TCP or UDP, `shown` for people."""

    shown: str
    ports: PortRange | None = None


class Source(Struct, frozen=True):
    """The other end, as the platform names it; `peer` where that is a block or stands for an identity."""

    shown: str
    peer: Peer | None = None


class NativeRule(Struct, frozen=True):
    """One rule as a platform shows it.

    Attributes:
        name: its key, name, entry or comment; unique in its platform's rendering but for comments.
        flows, sources: every source reaches every flow.
        description: the platform's own text on it; "" if there is none.
        service: set where the rule is of one service alone, whose blocks may be merged in it.
        line: on a host, the line of the ruleset.
    """

    name: str
    flows: tuple[Flow, ...]
    sources: tuple[Source, ...]
    description: str = ""
    service: Service | None = None
    line: str = ""

    @property
    def admitted(self) -> frozenset[tuple[str, str]]:
        """To tell whether two say the same: flows and blocks; an identity has another name on each side."""
        sources = (str(one.peer) if one.peer else one.shown for one in self.sources)
        return frozenset(product((flow.shown for flow in self.flows), sources))

    def is_for(self, rule: Rule) -> bool:
        """Whether it was rendered from the rule, perhaps among others."""
        if self.service not in (None, rule.service):
            return False
        return self._has_ports(rule) and any(self._has_peer(rule, one.peer) for one in self.sources if one.peer)

    def _has_ports(self, rule: Rule) -> bool:
        return any(
            flow.ports.protocol is rule.ports.protocol
            and flow.ports.first <= rule.ports.first
            and rule.ports.last <= flow.ports.last
            for flow in self.flows
            if flow.ports
        )

    def _has_peer(self, rule: Rule, peer: Peer) -> bool:
        if rule.peer == peer or any(Peer.of(block) == peer for block in rule.peer.blocks):
            return True
        return self.service is not None and peer.block is not None and _meet(rule.peer, peer)

    def touches(self, asked: Rule) -> bool:
        """Whether it admits a part of what is asked."""
        return any(flow.ports.overlaps(asked.ports) for flow in self.flows if flow.ports) and any(
            _meet(asked.peer, one.peer) for one in self.sources if one.peer
        )


def _meet(one: Peer, other: Peer) -> bool:
    if one.identity or other.identity:
        return one.identity is other.identity
    return any(
        a.family is b.family and a.bounds[0] <= b.bounds[1] and b.bounds[0] <= a.bounds[1]
        for a, b in product(one.blocks, other.blocks)
    )


def rendered(platform: str, native: Any) -> tuple[NativeRule, ...]:
    """What `render` of a platform made."""
    if platform == "nftables":
        return tuple(ruleset_rules(native))
    parts = {"aws": "rules", "gcp": "firewalls", "digitalocean": "inbound", "azure": "security_rules"}
    return tuple(_rendered(platform, one) for one in getattr(native, parts[platform]))


def _rendered(platform: str, native: Any) -> NativeRule:
    # not asdict, which would copy outputs of other resources
    fields = {camel(name): getattr(native, name) for name in native.__dataclass_fields__}
    if platform == "gcp":
        fields["allows"] = [asdict(one) for one in native.allows]
    read: Callable[..., NativeRule] = ONE[platform]
    return read(fields, name=fields["key"]) if "key" in fields else read(fields)


# One reader per platform


def aws_rule(fields: Mapping[str, Any], name: str = "") -> NativeRule:
    """A `vpc.SecurityGroupIngressRule` or its egress twin."""
    protocol, first, last = (_text(fields.get(key)) for key in ("ipProtocol", "fromPort", "toPort"))
    ports = f"{first}-{last}" if protocol in _TRANSPORT else f"{first}/{last}"
    peers = [_block(fields[key]) for key in ("cidrIpv4", "cidrIpv6") if fields.get(key)]
    group = fields.get("referencedSecurityGroupId")
    if group is not None:
        own = group == SELF or group == fields.get("securityGroupId")
        peers.append(_identity(Identity.SAME_GROUP if own else Identity.LOAD_BALANCER, group))
    if fields.get("prefixListId"):
        peers.append(Source(_text(fields["prefixListId"])))
    return NativeRule(name, (_flow(protocol, ports if first else ""),), tuple(peers), _text(fields.get("description")))


def gcp_rule(fields: Mapping[str, Any], name: str = "") -> NativeRule:
    """A `compute.Firewall`."""
    flows = [
        _flow(_text(one.get("protocol")), _text(ports))
        for one in _objects(fields.get("allows"))
        for ports in _list(one.get("ports")) or [""]
    ]
    sources = [_block(one) for one in _list(fields.get("sourceRanges"))]
    if sources and {one.shown for one in sources} <= _GOOGLE:
        sources = [_identity(Identity.LOAD_BALANCER, one.shown) for one in sources]
    for key in ("sourceTags", "sourceServiceAccounts"):
        sources += [_identity(Identity.SAME_GROUP, one) for one in _list(fields.get(key))]
    return NativeRule(name, tuple(flows), tuple(sources), _text(fields.get("description")))


_GOOGLE = frozenset(block for blocks in GOOGLE_LOAD_BALANCERS.values() for block in blocks)


def digitalocean_rule(fields: Mapping[str, Any]) -> NativeRule:
    """An entry of `inboundRules`, which has no name: `inbound udp 50000-60000` is what it is called here."""
    protocol, ports = _text(fields.get("protocol")), _text(fields.get("portRange"))
    sources = [_block(one) for one in _list(fields.get("sourceAddresses"))]
    for key, identity in (
        ("sourceDropletIds", Identity.SAME_GROUP),
        ("sourceTags", Identity.SAME_GROUP),
        ("sourceLoadBalancerUids", Identity.LOAD_BALANCER),
    ):
        sources += [_identity(identity, one) for one in _list(fields.get(key))]
    return NativeRule(f"inbound {protocol} {ports}".strip(), (_flow(protocol, ports),), tuple(sources))


def azure_rule(fields: Mapping[str, Any]) -> NativeRule:
    """An entry of `securityRules`."""
    name, protocol = _text(fields.get("name")), _text(fields.get("protocol"))
    ports = _either(fields, "destinationPortRange")
    sources = tuple(_block(one) for one in _either(fields, "sourceAddressPrefix"))
    service = next((service for service in Service if re.match(_azure_name(service), name)), None)
    denied = "" if fields.get("access") == "Allow" else "deny "
    flows = tuple(_flow(protocol, _text(one), denied) for one in ports)
    return NativeRule(name, flows, sources, _text(fields.get("description")), service)


def _azure_name(service: Service) -> str:
    """What a service's rules are called: `ice-udp-ipv4`, `sip-tcp-ipv6-5060`."""
    own = re.search("-(tcp|udp)$", str(service))
    return f"{service}{'' if own else '-(tcp|udp)'}-ipv[46](-|$)"


def _either(fields: Mapping[str, Any], singular: str) -> list[Any]:
    plural = f"{singular}s" if singular.endswith("Range") else f"{singular}es"
    return [fields[singular]] if fields.get(singular) else _list(fields.get(plural))


_SET = re.compile(r"\tset (\w+) \{\n\t\ttype (\w+)\n\t\tflags interval\n\t\telements = \{(.*?)\}\n\t\}", re.DOTALL)
_ELEMENT = re.compile(r'([0-9a-f.:/-]+)(?: comment "([^"\n]*)")?\s*(?:,|$)')
_ACCEPT = re.compile(
    r"(?:ip6? saddr @(\w+) )?(?:meta nfproto ipv[46] )?meta l4proto (tcp|udp) ct original proto-dst (@?[\w-]+) "
    r'accept comment "([^"\n]*)"'
)
_SCOPE = {
    "from_anywhere": Source("anywhere", Peer.anywhere()),
    "from_any_ipv4": Source("0.0.0.0/0", Peer.any_ipv4()),
    "from_any_ipv6": Source("::/0", Peer.any_ipv6()),
}


def ruleset_rules(text: str) -> Iterator[NativeRule]:
    """The elements and rules of a ruleset that `nftables.render` wrote; each is called by its comment."""
    sets: dict[str, list[tuple[str, str]]] = {}
    for name, kind, elements in _SET.findall(text):
        sets[name] = _ELEMENT.findall(elements)
        protocol, _, scope = name.partition("_")
        if kind == "inet_service" and scope in _SCOPE:
            for ports, about in sets[name]:
                line = f'{ports} comment "{about}"'
                yield NativeRule(about, (_flow(protocol, ports),), (_SCOPE[scope],), about, line=line)
    chain = text.partition("\tchain input {")[2]
    for line in (one.strip() for one in chain.splitlines() if ' comment "' in one):
        yield _ruleset_line(line, sets)


def _ruleset_line(line: str, sets: Mapping[str, list[tuple[str, str]]]) -> NativeRule:
    about = line.partition(' comment "')[2].removesuffix('"')
    accept = _ACCEPT.fullmatch(line)
    if accept is None:
        return NativeRule(about, (Flow(line.partition(" comment ")[0]),), (), about, line=line)  # of the baseline
    if accept[1] is None and not accept[3].startswith("@"):
        scope = "from_any_ipv4" if "nfproto ipv4" in line else "from_anywhere"
        return NativeRule(about, (_flow(accept[2], accept[3]),), (_SCOPE[scope],), about, Service.SSH, line=line)
    if accept[1] is None:
        used = accept[3][1:]
        flows = tuple(_flow(accept[2], ports) for ports, _ in sets.get(used, ()))
        return NativeRule(about, flows, (_SCOPE.get(used.partition("_")[2], Source(used)),), about, line=line)
    sources = tuple(_block(block) for block, _ in sets.get(accept[1], ()))
    label = about.partition(":")[0]
    service = next((one for one in Service if one.label == label), None)
    return NativeRule(about, (_flow(accept[2], accept[3]),), sources, about, service, line=line)


ONE: Mapping[str, Callable[..., NativeRule]] = {
    "aws": aws_rule,
    "gcp": gcp_rule,
    "digitalocean": digitalocean_rule,
    "azure": azure_rule,
}

# Values


_TRANSPORT = tuple(str(one) for one in Protocol)


def _flow(protocol: str, ports: str, denied: str = "") -> Flow:
    """`ports` is a port, `first-last`, or "" or `*` for all of them. A deny has no ports that it admits."""
    name = protocol.lower()
    first, _, last = ("1", "-", str(MAX_PORT)) if ports in ("", "*") else ports.partition("-")
    known = None
    if name in _TRANSPORT and first.isdecimal() and (last or first).isdecimal():
        try:
            known = PortRange(Protocol(name), int(first), int(last or first))
        except ValueError:
            known = None
    if known is not None:
        return Flow(f"{denied}{known}", None if denied else known)
    shown = "every protocol" if name in ("-1", "*") else f"{name} {'' if ports == '*' else ports}".strip()
    return Flow(denied + shown)


def _block(value: object) -> Source:
    text = _text(value)
    try:
        return Source(text, Peer.of(Cidr.parse(text)))
    except ValueError:
        return Source("anywhere" if text == "*" else text)


def _identity(identity: Identity, value: object) -> Source:
    shown = _text(value)
    return Source(f"{identity} {shown}" if shown else str(identity), Peer.of(identity))


def _text(value: object) -> str:
    """A value for people; what Pulumi does not tell is not told here either."""
    if is_secret(value):
        return "(a secret)"
    if isinstance(value, str | int) and not is_hidden(value):
        return str(value)
    return "" if value is None else "(unknown)"


def _list(value: object) -> list[Any]:
    if value is None or value == ():
        return []
    if isinstance(value, list | tuple):
        return list(value)
    return [SECRET] if is_secret(value) else []


def _objects(value: object) -> Iterable[Mapping[str, Any]]:
    return (one for one in _list(value) if isinstance(one, Mapping))


def inline(fields: Mapping[str, Any], key: str, read: Callable[[Mapping[str, Any]], NativeRule]) -> list[NativeRule]:
    """The rules in one property of a resource."""
    return [read(one) for one in _objects(fields.get(key)) if not is_secret(one)]
