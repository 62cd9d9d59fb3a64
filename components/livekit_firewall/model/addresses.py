"""The values that a firewall is made of: protocol and ports, blocks of addresses, peers, packets.

    PortRange.udp(50000, 60000)        # udp/50000-60000
    Cidr.parse("198.51.100.0/24")      # canonical; host bits or a bare address are errors
    Peer.anywhere()                    # both families
    Peer.of(Cidr.parse("::/0"))        # one family

Every constructor checks its values, so that nothing that uses them has to.
"""

from __future__ import annotations

import ipaddress
import re
from functools import cached_property, lru_cache

from msgspec import Struct

from .ports import Protocol
from .text import quoted
from .text_enum import TextEnum

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Family(TextEnum):
    """IP address families."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"

    @property
    def label(self) -> str:
        """For people: IPv4 or IPv6."""
        return "IPv4" if self is Family.IPV4 else "IPv6"


BOTH_FAMILIES = frozenset(Family)


class Direction(TextEnum):
    """`ingress` opens flows to the node, `egress` from it."""

    INGRESS = "ingress"
    EGRESS = "egress"


class Cidr(Struct, frozen=True, dict=True):
    """A canonical block of addresses. Make one with `Cidr.parse`; `str()` round-trips.

    Attributes:
        network: the block, of either family, without host bits.

    `order` sorts by family, then address, then prefix length.
    """

    network: Network

    @classmethod
    def parse(cls, text: object) -> Cidr:
        """Read `ADDRESS/PREFIX`, or a network of `ipaddress`. Raises `ValueError` whose text says what is expected and
        what to do: for host bits (proposes the block), a bare address (proposes /32 or /128), a net mask, a zone
        or an IPv4-mapped IPv6 block (packets never carry such an address).
        """
        given = str(text) if isinstance(text, Network) else text
        return _parse_cidr(given) if isinstance(given, str) else _not_a_block(given)

    @cached_property
    def family(self) -> Family:
        """That of its addresses. An IPv6 block that stands for IPv4 ones (64:ff9b::/96) is of IPv6."""
        return Family.IPV4 if self.network.version == 4 else Family.IPV6

    @property
    def is_any(self) -> bool:
        """Whether it is the whole family: 0.0.0.0/0 or ::/0."""
        return self.network.prefixlen == 0

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """First and last address as integers, inclusive."""
        return int(self.network.network_address), int(self.network.broadcast_address)

    def is_within(self, other: Cidr) -> bool:
        """Whether the other has all its addresses."""
        (low, high), (first, last) = self.bounds, other.bounds
        return self.family is other.family and first <= low and high <= last

    def __contains__(self, address: object) -> bool:
        if not isinstance(address, ipaddress.IPv4Address | ipaddress.IPv6Address):
            return False
        return address.version == self.network.version and address in self.network

    @cached_property
    def order(self) -> tuple[int, int, int]:
        """For sorting."""
        return self.network.version, self.bounds[0], self.network.prefixlen

    @cached_property
    def _text(self) -> str:
        return str(self.network)

    def __str__(self) -> str:
        return self._text


_MAX_DIGITS = 3


def _not_a_block(value: object) -> Cidr:
    """Shows a text or a number as given, nothing else: a mapping, or an address with a user, may hold a secret."""
    is_plain = isinstance(value, float) or (isinstance(value, str) and "@" not in value)
    is_plain = is_plain or value is None or (isinstance(value, int) and abs(value) < 2**64)
    got = f" (got {quoted(value)})" if is_plain else ""
    raise ValueError(f"must be a text such as 203.0.113.0/24 or 2001:db8::/32{got}")


@lru_cache(maxsize=4096)
def _parse_cidr(text: str) -> Cidr:
    got = quoted(text)
    address, slash, prefix = text.partition("/")
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        _not_a_block(text)
    if getattr(parsed, "scope_id", None):
        raise ValueError(f"must have no zone (got {got}); leave out what follows %")
    if not slash:
        every, one = f"{parsed}/0 for every address", f"{parsed}/{parsed.max_prefixlen} for that one address"
        raise ValueError(f"must have a prefix length (got {got}); write {every if parsed.is_unspecified else one}")
    is_number = prefix.isascii() and prefix.isdigit() and len(prefix) <= _MAX_DIGITS
    if not is_number or int(prefix) > parsed.max_prefixlen:
        raise ValueError(f"must end in a prefix length from 0 to {parsed.max_prefixlen} (got {got})")
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped and int(prefix) >= 96:
        four = ipaddress.ip_network(f"{parsed.ipv4_mapped}/{int(prefix) - 96}", strict=False)
        raise ValueError(f"must not be an IPv4-mapped IPv6 block (got {got}); write {four}")
    network = ipaddress.ip_network(f"{parsed}/{int(prefix)}", strict=False)
    if network.network_address != parsed:
        one = f"{parsed}/{parsed.max_prefixlen} for that one address"
        raise ValueError(f"must have no host bits set (got {got}); write {network} for the block or {one}")
    return Cidr(network)


ANY_IPV4 = Cidr(ipaddress.IPv4Network("0.0.0.0/0"))
ANY_IPV6 = Cidr(ipaddress.IPv6Network("::/0"))
ANY = {Family.IPV4: ANY_IPV4, Family.IPV6: ANY_IPV6}


class Identity(TextEnum):
    """Peers that are known by what they are, such as the members of a group; each platform binds them to its own ids,
    or refuses.
    """

    LOAD_BALANCER = "load-balancer"
    SAME_GROUP = "same-group"
    CLIENTS = "clients"
    TRUNKS = "trunks"
    OPERATORS = "operators"
    CLUSTER = "cluster"


class NamedBlock(Struct, frozen=True, eq=False):
    """A block of addresses that is not known yet: an output of another resource, under a name of the user's own.

    Two of one name are equal, since a deployment has each name once.

    Attributes:
        name: letters, digits, `_` and `-`.
        value: the output; None where it does not matter.
    """

    name: str
    value: object = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NamedBlock) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __str__(self) -> str:
        return f"{NAMED}{self.name}"


NAMED = "cidrs."
"""Before the name of a block, in texts and in the names of rules."""
BLOCK_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
"""Of a block. It becomes a part of its rules' names, where a dot ends the name of what it is in."""


class Peer(Struct, frozen=True):
    """Who: anywhere (both families), one block, an identity, or a named block. Exactly one of these.

    Attributes:
        block: 203.0.113.0/24, or a whole family.
        identity: who the platform knows by its own means.
        named: a block that is not known yet.

    `str()` is `anywhere`, the block, the identity's name, or `cidrs.` and the name.
    """

    block: Cidr | None = None
    identity: Identity | None = None
    named: NamedBlock | None = None

    def __post_init__(self) -> None:
        given = [str(one) for one in (self.block, self.identity, self.named) if one is not None]
        if len(given) > 1:
            raise ValueError(f"a peer is a block, an identity or a named block (got {' and '.join(given)})")

    @classmethod
    def parse(cls, text: str) -> Peer:
        """`anywhere`, an address, a block, the name of an identity or of a named block. Raises `ValueError`."""
        if text == "anywhere":
            return cls.anywhere()
        if text in [identity.value for identity in Identity]:
            return cls.of(Identity(text))
        name = text.removeprefix(NAMED)
        if name != text and BLOCK_NAME.fullmatch(name):
            return cls.of(NamedBlock(name))
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return cls.of(Cidr.parse(text))
        return cls.of(Cidr.parse(f"{address}/{address.max_prefixlen}"))

    @classmethod
    def anywhere(cls) -> Peer:
        """Everybody, over IPv4 and IPv6."""
        return _ANYWHERE

    @classmethod
    def any_ipv4(cls) -> Peer:
        """Everybody over IPv4: 0.0.0.0/0."""
        return _ANY_IPV4

    @classmethod
    def any_ipv6(cls) -> Peer:
        """Everybody over IPv6: ::/0."""
        return _ANY_IPV6

    @classmethod
    def of(cls, who: Cidr | Identity | NamedBlock) -> Peer:
        """The peer that is this and nothing else."""
        if isinstance(who, Cidr):
            return cls(block=who)
        return cls(named=who) if isinstance(who, NamedBlock) else cls(identity=who)

    @property
    def is_anywhere(self) -> bool:
        """Both families. `0.0.0.0/0` alone is not anywhere."""
        return self.block is None and self.identity is None and self.named is None

    @property
    def blocks(self) -> tuple[Cidr, ...]:
        """The address blocks that it surely stands for; none for an identity or a named block."""
        if self.block is not None:
            return (self.block,)
        return (ANY_IPV4, ANY_IPV6) if self.is_anywhere else ()

    @property
    def order(self) -> tuple[int, int, int, int, str]:
        """For sorting: anywhere, then blocks, then identities, then named blocks."""
        if self.block is not None:
            return 1, *self.block.order, ""
        if self.named is not None:
            return 3, 0, 0, 0, self.named.name
        return (2, 0, 0, 0, self.identity.value) if self.identity else (0, 0, 0, 0, "")

    @property
    def label(self) -> str:
        """For people: `load balancer`, `cidrs.nlb-a (not known yet)`, otherwise as `str()`."""
        if self.named is not None:
            return f"{self.named} (not known yet)"
        return self.identity.value.replace("-", " ") if self.identity else str(self)

    def __str__(self) -> str:
        return "anywhere" if self.is_anywhere else str(self.block or self.identity or self.named)


_ANYWHERE = Peer()
_ANY_IPV4 = Peer(block=ANY_IPV4)
_ANY_IPV6 = Peer(block=ANY_IPV6)


class Packet(Struct, frozen=True):
    """The first packet of a flow, as a firewall judges it.

    Attributes:
        source: the address at the other end, or the identity or the named block that it is known by.
        protocol, port: the port at the listening end.
        direction: `ingress` unless said otherwise.
    """

    source: Address | Identity | NamedBlock
    protocol: Protocol
    port: int
    direction: Direction = Direction.INGRESS
