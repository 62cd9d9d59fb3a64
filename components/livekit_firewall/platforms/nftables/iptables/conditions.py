"""What one condition of a line matches, of the first packets of TCP and UDP flows to an address of the node.

Facts: iptables-extensions(8) of iptables 1.8.9, net/netfilter/xt_*.c of Linux 6.1.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from msgspec import Struct

from ....model.addresses import ANY, Cidr, Family
from ....model.packets import ALL_PORTS, EVERYBODY, PacketSet
from ....model.ports import MAX_PORT, PortRange, Protocol
from ..nft_values import INTERFACE, for_destinations
from ..reach import ALWAYS, NEVER, SOURCE_PORT, Reach, either, exactly, perhaps
from .states import Connections, in_state, in_status

OF_PROTOCOL = {one.protocol: exactly(PacketSet.box([one], EVERYBODY)) for one in ALL_PORTS}
PROTOCOLS = {
    "tcp": OF_PROTOCOL[Protocol.TCP],
    "6": OF_PROTOCOL[Protocol.TCP],
    "udp": OF_PROTOCOL[Protocol.UDP],
    "17": OF_PROTOCOL[Protocol.UDP],
    **dict.fromkeys(("all", "0", "ip"), ALWAYS),
    **dict.fromkeys(
        """ah ax.25 dccp ddp egp eigrp encap esp etherip fc ggp gre hip hmp icmp icmpv6 idpr-cmtp idrp igmp igp ipcomp
        ipencap ipip ipv6 ipv6-frag ipv6-icmp ipv6-nonxt ipv6-opts ipv6-route isis iso-tp4 l2tp manet mh
        mobility-header mpls-in-ip mptcp ospf pim pup rdp rohc rspf rsvp sctp shim6 skip st udplite vmtp vrrp wesp
        xns-idp xtp""".split(),
        NEVER,
    ),
}
"""The names of Debian's /etc/protocols, which iptables-save prints."""

MOST = 1_000
"""Values of one condition: far more than iptables takes."""

FLAGS = frozenset("FIN SYN RST PSH ACK URG".split())
TYPES = frozenset({"LOCAL", "UNICAST", "MULTICAST", "BROADCAST"})


class NotUnderstood(Exception):
    """A value that is not as iptables-save writes it, or that no packet set can say."""


class FirstPackets(Struct, frozen=True):
    """The packets that come to a line. Each method is a condition, not negated: its value -> what matches it."""

    family: Family
    connections: Connections = Connections()

    def source(self, value: str) -> Reach:
        return exactly(PacketSet.box(ALL_PORTS, self._blocks(value)))

    def destination(self, value: str) -> Reach:
        return for_destinations(self._blocks(value), self.family)

    def _blocks(self, value: str) -> list[Cidr]:
        return [_block(one, self.family) for one in _several(value)]

    def source_range(self, value: str) -> Reach:
        first, _, last = value.partition("-")
        try:
            ends = ipaddress.ip_address(first), ipaddress.ip_address(last)
            blocks = [Cidr(one) for one in ipaddress.summarize_address_range(*ends)]
        except (ValueError, TypeError):
            raise NotUnderstood from None
        if any(block.family is not self.family for block in blocks):
            raise NotUnderstood
        return exactly(PacketSet.box(ALL_PORTS, blocks))

    def interface(self, value: str) -> Reach:
        """Packets from the network do not come by `lo`; by which other interface is not known."""
        known = {"lo": NEVER, "+": ALWAYS}
        return known.get(value) or perhaps(INTERFACE)

    def leaving(self, value: str) -> Reach:
        """A packet to the node leaves by no interface."""
        return ALWAYS if value == "+" else NEVER

    def protocol(self, value: str) -> Reach:
        found = PROTOCOLS.get(value.lower())
        if found is None and not (value.isascii() and value.isdigit() and len(value) <= 3):
            raise NotUnderstood
        return found or NEVER

    def never(self, _value: str) -> Reach:
        """Also the further fragments of a packet (`-f`), since the kernel joins them before."""
        return NEVER

    def always(self, _value: str) -> Reach:
        return ALWAYS

    def to_port(self, value: str) -> Reach:
        return exactly(PacketSet.union(_to(*_range(one)) for one in _several(value)))

    def from_port(self, value: str) -> Reach:
        ranges = list(map(_range, _several(value)))
        return ALWAYS if any(low <= 1 and high == MAX_PORT for low, high in ranges) else perhaps(SOURCE_PORT)

    def either_port(self, value: str) -> Reach:
        return either([self.to_port(value), self.from_port(value)])

    def flags(self, value: str) -> Reach:
        """`FIN,SYN,RST,ACK SYN`, a mask and what is set of it: of the first packet of a flow that is SYN."""
        mask, _, wanted = value.partition(" ")
        return ALWAYS if _flags(wanted) == _flags(mask) & {"SYN"} else NEVER

    def frame(self, value: str) -> Reach:
        """By the address of the frame, which is the node's own."""
        known = {"unicast": ALWAYS, "broadcast": NEVER, "multicast": NEVER}
        return _known(known.get(value.lower()))

    def destination_type(self, value: str) -> Reach:
        return self._type(_names(value), is_local=True)

    def source_type(self, value: str) -> Reach:
        """The kernel drops what says that it comes from the node itself, from a multicast group or a broadcast
        address.
        """
        return self._type(_names(value), is_local=False)

    def _type(self, names: frozenset[str], *, is_local: bool) -> Reach:
        """By net/netfilter/xt_addrtype.c. IPv4 looks an address up in the table of local routes, where what is not
        found is UNICAST. IPv6 looks at its scope first, by which an address of the node is UNICAST too.
        """
        if names - TYPES or (self.family is Family.IPV6 and "BROADCAST" in names):
            raise NotUnderstood
        if self.family is Family.IPV4:
            return ALWAYS if ("LOCAL" if is_local else "UNICAST") in names else NEVER
        return NEVER if "MULTICAST" in names or ("LOCAL" in names and not is_local) else ALWAYS

    def state(self, value: str) -> Reach:
        return _known(in_state(_names(value), self.connections))

    def status(self, value: str) -> Reach:
        self._check_tracked()
        return _known(in_status(_names(value)))

    def connection_direction(self, value: str) -> Reach:
        self._check_tracked()
        return _known({"ORIGINAL": ALWAYS, "REPLY": NEVER}.get(value.upper()))

    def connection_protocol(self, value: str) -> Reach:
        self._check_tracked()
        return self.protocol(value)

    def original_source(self, value: str) -> Reach:
        self._check_tracked()
        return self.source(value)

    def original_port(self, value: str) -> Reach:
        self._check_tracked()
        return self.to_port(value)

    def _check_tracked(self) -> None:
        """A packet without a connection matches none of this, negated or not."""
        if not self.connections.are_tracked or self.connections.untracked:
            raise NotUnderstood


def _known(found: Reach | None) -> Reach:
    if found is None:
        raise NotUnderstood
    return found


def _several(value: str) -> list[str]:
    """At most 15 ports are taken at once, and each address has a line of its own."""
    found = value.split(",", MOST)
    if len(found) > MOST:
        raise NotUnderstood
    return found


def _names(value: str) -> frozenset[str]:
    return frozenset(_several(value.upper()))


@lru_cache(maxsize=4096)
def _block(text: str, family: Family) -> Cidr:
    address, slash, mask = text.partition("/")
    try:
        network = ipaddress.ip_network(f"{address}/{_prefix(mask)}" if slash else address, strict=False)
    except ValueError:  # a name, or a mask with gaps
        raise NotUnderstood from None
    if network.version != ANY[family].network.version:
        raise NotUnderstood
    return Cidr(network)


def _prefix(mask: str) -> int:
    """A mask with gaps matches what no block can say; Python would take some for the inverse of a mask."""
    if mask.isascii() and mask.isdigit():
        return int(mask)
    address = ipaddress.ip_address(mask)
    bits = f"{int(address):0{address.max_prefixlen}b}"
    if "01" in bits:
        raise NotUnderstood
    return bits.count("1")


def _range(text: str) -> tuple[int, int]:
    first, colon, last = text.partition(":")
    ends = (first or "0", (last or str(MAX_PORT)) if colon else first)
    if not all(end.isascii() and end.isdigit() and len(end) <= 5 for end in ends):
        raise NotUnderstood
    low, high = map(int, ends)
    if not 0 <= low <= high <= MAX_PORT:
        raise NotUnderstood
    return low, high


@lru_cache(maxsize=4096)
def _to(first: int, last: int) -> PacketSet:
    return PacketSet.box([PortRange(one, max(first, 1), last) for one in Protocol] if last else (), EVERYBODY)


def _flags(text: str) -> frozenset[str]:
    names = {"NONE": frozenset[str](), "ALL": FLAGS}.get(text.upper(), _names(text))
    if names - FLAGS:
        raise NotUnderstood
    return names
